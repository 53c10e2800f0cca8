"""Classes switched, renamed, merged, ordered and picked in the window; undo and redo; recent projects."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QModelIndex, QPoint, QPointF, Qt
from PySide6.QtGui import QAction, QContextMenuEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QMenu, QWidget
from pytestqt.qtbot import QtBot

from tlstudio.events import CancelToken
from tlstudio.ui.main_window import MainWindow
from tlstudio.ui.opening_projects import new_project, open_project
from tlstudio.ui.project_menu import ProjectMenu
from tlstudio.ui.session import Session
from tlstudio.ui.tabs.dataset.classes.class_menu import ClassMenu
from tlstudio.ui.tabs.dataset.classes.class_table import ClassTable
from tlstudio.ui.tabs.dataset.classes.classes_card import ClassEdit, ClassesCard, shown_counts
from tlstudio.ui.tabs.dataset.classes.merge_classes import MergeClasses
from tlstudio.ui.tabs.dataset.classes.pick_classes import PickClasses
from tlstudio.ui.tabs.dataset.welcome.recent_projects import look_up
from tlstudio.ui.tabs.dataset.welcome.welcome_page import WelcomePage
from tlstudio.ui.widgets.buttons import Button, IconButton
from tlstudio.ui.widgets.class_list import ClassList
from tlstudio.ui.widgets.class_rows import moved, placed, woven
from tlstudio.ui.widgets.message_bar import Message
from tlstudio.ui.widgets.thumbnails import ThumbnailCache

# The offscreen platform says so of every window.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

ClassFolders = Callable[..., Path]

BIRDS = {f"{kind} {number:03}": 1 + number % 7 for number in range(50) for kind in ("finch", "gull", "wren")}


@pytest.fixture
def card(session: Session, qtbot: QtBot) -> ClassesCard:
    """The card, connected as the page of the Dataset tab connects it."""
    made = ClassesCard()
    qtbot.addWidget(made)

    def edit(make: ClassEdit) -> None:
        assert session.photos.actions is not None
        session.photos.do(make(session.photos.actions))

    def begin() -> None:
        made.set_counts(*shown_counts(session))
        made.set_editable(session.photos.editable)

    made.edit_wanted.connect(edit)
    session.photos.scan_ended.connect(begin)
    session.photos.edited.connect(lambda: made.change_counts(*shown_counts(session)))
    made.resize(288, 520)
    with qtbot.waitExposed(made):
        made.show()
    return made


@pytest.fixture
def flowers(session: Session, card: ClassesCard, qtbot: QtBot, class_folders: ClassFolders) -> ClassList:
    """The list of a project of three classes: daisy 4, rose 3, tulip 2."""
    read(qtbot, session, class_folders({"daisy": 4, "rose": 3, "tulip": 2}))
    card.activateWindow()
    qtbot.waitUntil(card.isActiveWindow)
    return the_list(card)


@pytest.fixture
def birds(card: ClassesCard) -> ClassList:
    """The list of 150 classes, of no project: what is wanted is only told."""
    card.set_counts(BIRDS)
    card.set_editable(True)
    card.edit_wanted.disconnect()
    return the_list(card)


def the_list(card: ClassesCard) -> ClassList:
    return card.findChildren(ClassList)[0]


def read(qtbot: QtBot, session: Session, folder: Path) -> None:
    with qtbot.waitSignal(session.photos.scan_ended, timeout=20_000):
        session.photos.open_folder(folder)


def row_of(classes: ClassList, name: str) -> QModelIndex:
    return classes.model().index(classes.found().index(name), 0)


def point(classes: ClassList, name: str, *, check: bool = False) -> QPoint:
    rect = classes.visualRect(row_of(classes, name))
    return QPoint(rect.left() + 14, rect.center().y()) if check else rect.center()


def click(qtbot: QtBot, classes: ClassList, name: str, *, check: bool = False, ctrl: bool = False) -> None:
    keys = Qt.KeyboardModifier.ControlModifier if ctrl else Qt.KeyboardModifier.NoModifier
    qtbot.mouseClick(classes.viewport(), Qt.MouseButton.LeftButton, keys, point(classes, name, check=check))


def press(qtbot: QtBot, widget: QWidget, text: str) -> None:
    button = next(found for found in widget.findChildren(Button) if found.text() == text and found.isVisible())
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def entry(menu: QMenu, text: str) -> QAction:
    return next(action for action in menu.actions() if action.text().split("\t")[0] == text)


def opened(card: ClassesCard) -> ClassMenu:
    """The menu, filled as when it opens."""
    menu = card.findChildren(ClassMenu)[0]
    menu.aboutToShow.emit()
    return menu


def type_name(qtbot: QtBot, classes: ClassList, name: str, *, end: Qt.Key = Qt.Key.Key_Return) -> None:
    field = classes.viewport().findChildren(QLineEdit)[-1]
    field.selectAll()
    qtbot.keyClicks(field, name)
    qtbot.keyClick(field, end)


def words(widget: QWidget) -> list[str]:
    return [label.text() for label in widget.findChildren(QLabel) if label.isVisible()]


def told(card: ClassesCard) -> list[ClassEdit]:
    edits: list[ClassEdit] = []
    card.edit_wanted.connect(edits.append)
    return edits


# Switching


def test_a_check_box_switches_a_class_off_and_its_row_goes_to_the_end(
    flowers: ClassList, card: ClassesCard, session: Session, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(session.photos.edited), qtbot.assertNotEmitted(card.class_selected):
        click(qtbot, flowers, "daisy", check=True)
        assert row_of(flowers, "daisy").data(Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Unchecked  # at once
    assert flowers.found() == ["rose", "tulip", "daisy"]
    assert row_of(flowers, "daisy").data(Qt.ItemDataRole.AccessibleTextRole) == "daisy, 4 photos, switched off"
    assert "2 of 3 classes in use" in words(card)
    assert session.photos.dataset is not None
    assert session.photos.dataset.classes == ("rose", "tulip")
    with qtbot.waitSignal(session.photos.edited):
        click(qtbot, flowers, "daisy", check=True)
    assert flowers.found() == ["daisy", "rose", "tulip"]


def test_space_switches_all_that_are_selected_and_they_stay_so(
    flowers: ClassList, session: Session, qtbot: QtBot
) -> None:
    click(qtbot, flowers, "daisy")
    click(qtbot, flowers, "tulip", ctrl=True)
    with qtbot.waitSignal(session.photos.edited):
        qtbot.keyClick(flowers, Qt.Key.Key_Space)
    assert flowers.found() == ["rose", "daisy", "tulip"]
    assert flowers.selected_classes() == ["daisy", "tulip"]
    assert session.photos.steps.undo == "Switch 2 classes off"


def test_the_keyboard_stays_in_its_row_when_the_class_leaves_it(
    flowers: ClassList, session: Session, qtbot: QtBot
) -> None:
    flowers.setFocus()
    flowers.selectionModel().setCurrentIndex(row_of(flowers, "rose"), flowers.selectionModel().SelectionFlag.NoUpdate)
    with qtbot.waitSignal(session.photos.edited):
        qtbot.keyClick(flowers, Qt.Key.Key_Space)
    assert flowers.found() == ["daisy", "tulip", "rose"]
    assert flowers.currentIndex().data() == "tulip"


def test_a_blank_within_a_typed_name_switches_nothing(birds: ClassList, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(birds.switch_wanted):
        qtbot.keyClicks(birds, "gull 02")
    assert birds.selected_class() == "gull 020"


def test_among_150_classes_those_found_are_chosen_with_one_click(
    birds: ClassList, card: ClassesCard, qtbot: QtBot
) -> None:
    search = card.findChildren(QLineEdit)[0]
    qtbot.keyClicks(search, "wren 00")
    assert birds.found() == [f"wren {number:03}" for number in range(10)]
    assert "10 found" in words(card)
    with qtbot.waitSignal(card.edit_wanted):
        press(qtbot, card, "Only")
    with qtbot.waitSignal(birds.switch_wanted) as wanted:
        press(qtbot, card, "All off")
    assert wanted.args == [birds.found(), False]
    with qtbot.waitSignal(birds.switch_wanted) as wanted:
        press(qtbot, card, "All on")
    assert wanted.args == [birds.found(), True]


def test_a_change_keeps_search_and_scroll_place(birds: ClassList, card: ClassesCard, qtbot: QtBot) -> None:
    bar = birds.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    place = bar.value()
    assert place > 0
    card.change_counts(BIRDS, {"finch 000"})
    assert bar.value() == place
    search = card.findChildren(QLineEdit)[0]
    qtbot.keyClicks(search, "gull 01")
    card.change_counts(BIRDS, {"gull 010"})
    assert birds.found() == [*(f"gull {number:03}" for number in range(11, 20)), "gull 010"]
    qtbot.keyClicks(search, "x")
    assert birds.found() == []
    assert not card.grab().isNull()


# Names


def test_f2_renames_in_the_row_and_the_class_stays_selected(
    flowers: ClassList, session: Session, card: ClassesCard, qtbot: QtBot
) -> None:
    click(qtbot, flowers, "rose")
    qtbot.keyClick(flowers, Qt.Key.Key_F2)
    with qtbot.waitSignal(session.photos.edited), qtbot.waitSignal(card.class_selected) as selected:
        type_name(qtbot, flowers, "  wild   rose ")
    assert flowers.found() == ["daisy", "tulip", "wild rose"]
    assert flowers.selected_classes() == ["wild rose"]
    assert selected.args == ["wild rose"]


def test_esc_leaves_the_old_name(flowers: ClassList, card: ClassesCard, qtbot: QtBot) -> None:
    click(qtbot, flowers, "rose")
    qtbot.keyClick(flowers, Qt.Key.Key_F2)
    with qtbot.assertNotEmitted(card.edit_wanted, wait=50):
        type_name(qtbot, flowers, "thorn", end=Qt.Key.Key_Escape)


@pytest.mark.parametrize(("key", "merged"), [(Qt.Key.Key_Return, True), (Qt.Key.Key_Escape, False)])
def test_a_name_that_is_taken_asks_before_it_merges(
    flowers: ClassList, card: ClassesCard, qtbot: QtBot, key: Qt.Key, merged: bool
) -> None:
    click(qtbot, flowers, "rose")
    qtbot.keyClick(flowers, Qt.Key.Key_F2)
    edits, asked = told(card), []
    flowers.rename_wanted.connect(lambda *names: asked.append(names))
    type_name(qtbot, flowers, "tulip")
    question = "There is a class “tulip” already. Make “rose” and “tulip” one class?"
    qtbot.waitUntil(lambda: question in words(card))
    assert not edits
    assert asked == [("rose", "tulip")]  # once, also when the question takes the focus
    yes = QApplication.focusWidget()
    assert isinstance(yes, Button)
    assert yes.text() == "Make one class"
    qtbot.keyClick(yes, key)
    assert question not in words(card)
    assert len(edits) == merged
    if merged:
        qtbot.waitUntil(lambda: flowers.found() == ["daisy", "tulip"])
        assert row_of(flowers, "tulip").data(Qt.ItemDataRole.AccessibleTextRole) == "tulip, 5 photos"


# The menu


def test_right_click_offers_what_fits_the_class(flowers: ClassList, card: ClassesCard, qtbot: QtBot) -> None:
    menu = card.findChildren(ClassMenu)[0]
    qtbot.mouseClick(flowers.viewport(), Qt.MouseButton.RightButton, pos=point(flowers, "daisy"))
    place = point(flowers, "daisy")
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, flowers.viewport().mapToGlobal(place))
    QApplication.sendEvent(flowers.viewport(), event)
    assert menu.isVisible()
    assert entry(menu, "Rename").isEnabled()
    assert entry(menu, "Move down").isEnabled()
    assert not entry(menu, "Move up").isEnabled()
    assert entry(menu, "Move up").toolTip()
    menu.close()


def test_use_only_this_switches_off_the_others(
    flowers: ClassList, card: ClassesCard, session: Session, qtbot: QtBot
) -> None:
    click(qtbot, flowers, "rose")
    with qtbot.waitSignal(session.photos.edited):
        entry(opened(card), "Use only this").trigger()
    assert flowers.found() == ["rose", "daisy", "tulip"]
    assert "At least 2 classes needed" in words(card)


def test_several_classes_are_merged_into_one_that_is_picked(
    flowers: ClassList, card: ClassesCard, session: Session, qtbot: QtBot
) -> None:
    click(qtbot, flowers, "daisy")
    click(qtbot, flowers, "rose", ctrl=True)
    entry(opened(card), "Merge these 2 into…").trigger()
    (popover,) = card.findChildren(MergeClasses)
    (choices,) = popover.findChildren(ClassList)
    assert choices.found() == ["daisy", "rose", "tulip"]
    with qtbot.waitSignal(session.photos.edited):
        qtbot.keyClick(choices, Qt.Key.Key_Down)
        qtbot.keyClick(choices, Qt.Key.Key_Return)
    assert flowers.found() == ["rose", "tulip"]
    assert session.photos.steps.undo == "Merge “daisy” into “rose”"


def test_some_are_picked_at_random_and_the_same_seed_picks_the_same(
    flowers: ClassList, card: ClassesCard, session: Session, qtbot: QtBot
) -> None:
    picked = []
    for _ in range(2):
        entry(opened(card), "Pick at random…").trigger()
        popover = card.findChildren(PickClasses)[-1]
        count, seed = popover.findChildren(QLineEdit)
        count.selectAll()
        qtbot.keyClicks(count, "2")
        seed.selectAll()
        qtbot.keyClicks(seed, "7")
        with qtbot.waitSignal(session.photos.edited):
            qtbot.keyClick(seed, Qt.Key.Key_Return)
        picked.append([name for name in flowers.found() if flowers.is_on(name)])
        with qtbot.waitSignal(session.photos.edited):
            session.photos.undo()
    assert picked[0] == picked[1]
    assert len(picked[0]) == 2


def test_the_numbers_of_the_classes_can_be_copied(
    flowers: ClassList, card: ClassesCard, session: Session, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(session.photos.edited):
        click(qtbot, flowers, "daisy", check=True)
    entry(opened(card), "Classes and their numbers…").trigger()
    (table,) = card.window().findChildren(ClassTable)
    qtbot.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "index\tclass\tphotos\n0\trose\t3\n1\ttulip\t2\n"
    assert "Copied." in words(table)
    table.accept()


# Order


def test_alt_with_an_arrow_moves_a_class_and_the_keyboard_goes_along(
    flowers: ClassList, session: Session, qtbot: QtBot
) -> None:
    click(qtbot, flowers, "daisy")
    with qtbot.waitSignal(session.photos.edited):
        qtbot.keyClick(flowers, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert flowers.found() == ["rose", "daisy", "tulip"]
    assert flowers.currentIndex().data() == "daisy"
    assert session.photos.dataset is not None
    assert session.photos.dataset.classes == ("rose", "daisy", "tulip")
    with qtbot.assertNotEmitted(flowers.order_wanted):
        flowers.set_search("i")
        qtbot.keyClick(flowers, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)


def test_a_class_is_dragged_to_its_place(flowers: ClassList, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    click(qtbot, flowers, "tulip")
    place = flowers.visualRect(row_of(flowers, "daisy")).topLeft()
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    event = QDropEvent(QPointF(place), copy, QMimeData(), left, none)
    monkeypatch.setattr(QDropEvent, "source", lambda _event: flowers)  # a drag by mouse would block the test
    with qtbot.waitSignal(flowers.order_wanted) as wanted:
        flowers.dropEvent(event)
    assert wanted.args == [["tulip", "daisy", "rose"]]


def test_orders_are_made_as_asked_for() -> None:
    assert moved("abcd", {"a", "b"}, -1) == list("abcd")
    assert moved("abcd", {"b", "d"}, -1) == list("badc")
    assert moved("abcd", {"c", "d"}, 1) == list("abcd")
    assert moved("abcd", {"a", "b"}, 1) == list("cabd")
    assert placed("abcd", {"a", "c"}, 4) == list("bdac")
    assert placed("abcd", {"d"}, 1) == list("adbc")
    assert woven("dba", "abcd") == list("dbca")  # c was behind b
    assert woven("cb", "abc") == list("acb")


# Where nothing can be changed


def test_photos_of_a_run_say_why_their_classes_cannot_be_changed(card: ClassesCard, qtbot: QtBot) -> None:
    classes = the_list(card)
    card.set_counts({"daisy": 4, "rose": 3})
    card.set_editable(False)
    with qtbot.assertNotEmitted(card.edit_wanted):
        click(qtbot, classes, "daisy", check=True)
        classes.setFocus()
        click(qtbot, classes, "daisy")
        qtbot.keyClick(classes, Qt.Key.Key_Space)
        qtbot.keyClick(classes, Qt.Key.Key_F2)
    assert "of a run" in classes.toolTip()
    assert "of a run" in row_of(classes, "rose").data(Qt.ItemDataRole.ToolTipRole)
    menu = opened(card)
    assert not entry(menu, "Rename").isEnabled()
    assert "of a run" in entry(menu, "Rename").toolTip()
    assert entry(menu, "Classes and their numbers…").isEnabled()


def test_every_control_has_a_name_and_says_what_it_does(birds: ClassList, card: ClassesCard, qtbot: QtBot) -> None:
    qtbot.keyClicks(card.findChildren(QLineEdit)[0], "wren")
    merge, pick = MergeClasses(["wren 000"], BIRDS, card), PickClasses(150, card)
    for widget in (merge, pick):
        widget.show()
    kinds = (QAbstractButton, QLineEdit, ClassList)
    controls = [found for kind in kinds for owner in (card, merge, pick) for found in owner.findChildren(kind)]
    mute = [
        (type(found).__name__, found.accessibleName())
        for found in controls
        if found.isVisible() and not ((found.accessibleName() or found.text()) and found.toolTip())
    ]
    assert any(isinstance(found, IconButton) for found in controls)
    assert birds in controls
    assert not mute
    for widget in (merge, pick):
        widget.close()


# Undo and redo


def test_undo_and_redo_name_what_they_do_and_say_it_afterwards(
    flowers: ClassList, session: Session, qtbot: QtBot
) -> None:
    menu = ProjectMenu(session, lambda: None, lambda: None)
    qtbot.addWidget(menu)
    undo, redo = menu.steps.undo, menu.steps.redo
    posted: list[Message] = []
    session.posted.connect(posted.append)
    assert not undo.isEnabled()
    assert "Nothing to undo" in undo.toolTip()
    with qtbot.waitSignal(session.photos.edited):
        click(qtbot, flowers, "rose", check=True)
    assert undo.text() == "Undo: Switch “rose” off"
    assert not redo.isEnabled()
    with qtbot.waitSignal(session.photos.edited):
        undo.trigger()
    assert posted[-1].title == "Undone: Switch “rose” off"
    assert flowers.found() == ["daisy", "rose", "tulip"]
    assert not undo.isEnabled()
    with qtbot.waitSignal(session.photos.edited):
        assert posted[-1].on_choice is not None
        posted[-1].on_choice()
    assert posted[-1].title == "Done again: Switch “rose” off"
    with qtbot.waitSignal(session.withdrawn) as withdrawn:
        click(qtbot, flowers, "daisy", check=True)
    assert withdrawn.args == ["undo"]
    assert [keys.toString() for keys in redo.shortcuts()] == ["Ctrl+Shift+Z", "Ctrl+Y"]


def test_the_window_undoes_and_redoes_by_key(session: Session, qtbot: QtBot, class_folders: ClassFolders) -> None:
    window = MainWindow(session)
    qtbot.addWidget(window)
    with qtbot.waitSignal(window.ready, timeout=20_000):
        window.show()
    read(qtbot, session, class_folders({"daisy": 4, "rose": 3, "tulip": 2}))
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    assert session.photos.actions is not None
    with qtbot.waitSignal(session.photos.edited):
        session.photos.do(session.photos.actions.switch(["rose"], on=False))
    control = Qt.KeyboardModifier.ControlModifier
    for key, keys, classes in (
        (Qt.Key.Key_Z, control, 3),
        (Qt.Key.Key_Z, control | Qt.KeyboardModifier.ShiftModifier, 2),
        (Qt.Key.Key_Z, control, 3),
        (Qt.Key.Key_Y, control, 2),
    ):
        with qtbot.waitSignal(session.photos.edited):
            qtbot.keyClick(window, key, keys)
        assert session.photos.dataset is not None
        assert len(session.photos.dataset.classes) == classes


# Projects


def test_recent_projects_are_listed_and_open_with_their_photos(
    session: Session, qtbot: QtBot, class_folders: ClassFolders
) -> None:
    first, second = class_folders({"daisy": 2, "rose": 2}, "flowers"), class_folders({"gull": 2, "wren": 2}, "birds")
    for folder in (first, second):
        read(qtbot, session, folder)
    menu = ProjectMenu(session, lambda: None, lambda: None)
    qtbot.addWidget(menu)
    with qtbot.waitSignal(session.runs_listed):
        menu.aboutToShow.emit()
    recent = next(action for action in menu.actions() if action.text() == "Open recent").menu()
    assert isinstance(recent, QMenu)
    assert [action.text() for action in recent.actions()] == ["birds\ttoday", "flowers\ttoday"]
    with qtbot.waitSignal(session.photos.scan_ended, timeout=20_000):
        recent.actions()[1].trigger()
    assert session.photos.dataset is not None
    assert Path(session.photos.dataset.root) == first


def test_the_welcome_page_shows_projects_with_place_and_day(
    session: Session, qtbot: QtBot, class_folders: ClassFolders
) -> None:
    folder = class_folders({"daisy": 2, "rose": 2}, "flowers")
    read(qtbot, session, folder)
    cache = ThumbnailCache()
    page = WelcomePage(cache, lambda _paths: "")
    qtbot.addWidget(page)
    page.show()
    projects = look_up(session.photos.library.recent(), (), CancelToken())
    assert [photo.parent.name for photo in projects[0].photos] == ["daisy", "rose"]
    page.set_projects(projects)
    row = next(found for found in page.findChildren(QAbstractButton) if "flowers" in found.accessibleName())
    assert row.accessibleName() == f"Go on with flowers, Not trained yet, {folder}, today"
    with qtbot.waitSignal(page.project_chosen) as chosen:
        qtbot.mouseClick(row, Qt.MouseButton.LeftButton)
    assert chosen.args == [projects[0].entry]
    page.set_projects(())
    assert "Go on with" not in words(page)
    cache.shutdown()


def test_a_new_project_begins_without_the_changes_of_the_old_one_which_stays(
    flowers: ClassList, session: Session, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(session.photos.edited):
        click(qtbot, flowers, "rose", check=True)
    assert session.photos.dataset is not None
    photos, old = Path(session.photos.dataset.root), session.photos.library.recent()[0]
    with qtbot.waitSignal(session.photos.scan_ended, timeout=20_000):
        new_project(session, photos)
    assert session.photos.dataset.classes == ("daisy", "rose", "tulip")
    assert len(session.photos.library.recent()) == 2
    with qtbot.waitSignal(session.photos.scan_ended, timeout=20_000):
        open_project(session, old)
    assert session.photos.dataset.classes == ("daisy", "tulip")
