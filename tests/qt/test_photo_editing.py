"""Labels changed in the grid of a data set: by mouse, by keys, in the menu, in the large photo; no file is touched."""

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPropertyAnimation, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QListView, QMenu, QWidget
from pytestqt.qtbot import QtBot

from tlstudio.datasets.dataset import Dataset, Sample
from tlstudio.datasets.looks.looks import Looks
from tlstudio.ui import theme
from tlstudio.ui.session import Session
from tlstudio.ui.tabs.dataset.photos.dataset_grid import DatasetGrid
from tlstudio.ui.tabs.dataset.photos.large_photo import LargePhoto
from tlstudio.ui.tabs.dataset.photos.photo_browser import PhotoBrowser
from tlstudio.ui.tabs.dataset.photos.photo_filter import PhotoFilter
from tlstudio.ui.tabs.dataset.photos.selection_bar import FIXED, SelectionBar
from tlstudio.ui.widgets.chips import FilterChip
from tlstudio.ui.widgets.class_picker import ClassPicker
from tlstudio.ui.widgets.thumbnails import ThumbnailCache

# The offscreen platform says so of every window.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

ClassFolders = Callable[..., Path]
LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


class Bench:
    """A browser joined to a session as the page joins them, and what a person does to it."""

    def __init__(self, session: Session, browser: PhotoBrowser, qtbot: QtBot) -> None:
        self.session, self.browser, self.qtbot = session, browser, qtbot
        self.grid = next(iter(browser.findChildren(DatasetGrid)))
        self.bar = next(iter(browser.findChildren(SelectionBar)))
        session.photos.changed.connect(self._show)
        session.photos.edited.connect(self._show_edited)
        browser.move_wanted.connect(lambda paths, name: session.photos.do(session.photos.actions.move(paths, name)))
        browser.leave_out_wanted.connect(lambda paths: session.photos.do(session.photos.actions.leave_out(paths)))
        browser.bring_back_wanted.connect(lambda paths: session.photos.do(session.photos.actions.bring_back(paths)))

    def _show(self) -> None:
        self.browser.set_editable(self.session.photos.editable)
        self.browser.set_dataset(self.dataset, self.session.photos.split, self.session.photos.looks)

    def _show_edited(self) -> None:
        self.browser.change_dataset(self.dataset, self.session.photos.split, self.session.photos.looks)
        self.browser.set_split(self.session.photos.split)

    @property
    def dataset(self) -> Dataset:
        assert self.session.photos.dataset is not None
        return self.session.photos.dataset

    def read(self, folder: Path) -> None:
        with self.qtbot.waitSignal(self.session.photos.scan_ended, timeout=20_000):
            self.session.photos.open_folder(folder)

    def edited(self):  # noqa: ANN201 - a context manager of pytest-qt
        return self.qtbot.waitSignal(self.session.photos.edited, timeout=20_000)

    def key(self, which: Qt.Key, modifier: Qt.KeyboardModifier = NONE) -> None:
        self.qtbot.keyClick(self.grid, which, modifier)

    def drag(self, start: QPoint, end: QPoint, modifier: Qt.KeyboardModifier = NONE) -> None:
        viewport = self.grid.viewport()
        self.qtbot.mousePress(viewport, LEFT, modifier, start)
        self.qtbot.mouseMove(viewport, (start + end) / 2)
        self.qtbot.mouseMove(viewport, end)
        self.qtbot.mouseRelease(viewport, LEFT, modifier, end)

    def tile(self, row: int) -> QPoint:
        return self.grid.visualRect(self.grid.model().index(row, 0)).center()

    def selected(self) -> list[str]:
        photos = self.grid.selected_photos()
        return photos.paths() if photos is not None else []

    def classes_of(self, paths: list[str]) -> set[str]:
        return {sample.class_name for sample in self.dataset.samples if sample.path in paths}

    def button(self, text: str, within: QWidget | None = None) -> QAbstractButton:
        buttons = (within or self.bar).findChildren(QAbstractButton)
        return next(found for found in buttons if found.text() == text and found.isVisible())

    def click(self, widget: QWidget) -> None:
        QApplication.processEvents()  # or the layout moves it away between press and release
        self.qtbot.mouseClick(widget, LEFT)

    def wait_for_bar(self) -> None:
        bar = self.bar
        self.qtbot.waitUntil(lambda: bar.isVisible() and not bar.findChildren(QPropertyAnimation))

    def picker(self) -> ClassPicker:
        def found() -> list[ClassPicker]:
            return [
                picker for picker in QApplication.allWidgets() if type(picker) is ClassPicker and picker.isVisible()
            ]

        self.qtbot.waitUntil(lambda: bool(found()))
        return found()[0]


@pytest.fixture
def bench(session: Session, qtbot: QtBot, class_folders: ClassFolders) -> Iterator[Bench]:
    cache = ThumbnailCache()
    browser = PhotoBrowser(cache)
    qtbot.addWidget(browser)
    browser.resize(720, 640)
    made = Bench(session, browser, qtbot)
    made.read(class_folders({"daisy": 12, "rose": 12, "tulip": 6}))
    browser.show()
    yield made
    cache.shutdown()


def rows(picker: ClassPicker) -> list[str]:
    (found,) = picker.findChildren(QListView)
    return [found.model().index(row, 0).data() for row in range(found.model().rowCount())]


def field(within: QWidget, name: str) -> QLineEdit:
    return next(found for found in within.findChildren(QLineEdit) if found.accessibleName() == name)


def said(widget: QWidget) -> list[str]:
    return [label.text() for label in widget.findChildren(QLabel) if label.isVisible()]


def digests(root: Path) -> dict[str, str]:
    files = (path for path in root.rglob("*") if path.is_file())
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_a_rubber_band_selects_the_tiles_that_it_touches_and_the_bar_slides_in(bench: Bench) -> None:
    assert bench.bar.isHidden()
    first = bench.grid.visualRect(bench.grid.model().index(0, 0))
    gap = QPoint(first.right() + 4, first.center().y())
    bench.drag(gap, bench.tile(6))
    assert [bench.grid.items().numbers[row] for row in (1, 2, 5, 6)] == bench.grid.selected_photos().numbers
    bench.wait_for_bar()
    assert "4 photos selected" in said(bench.bar)


def test_shift_and_ctrl_add_to_what_is_selected(bench: Bench) -> None:
    bench.drag(bench.tile(0), bench.tile(1))
    bench.drag(bench.tile(6), bench.tile(7), CTRL)
    assert bench.grid.selected_rows() == [0, 1, 6, 7]
    bench.drag(bench.tile(4), bench.tile(4) + QPoint(30, 20), SHIFT)
    assert bench.grid.selected_rows() == [0, 1, 4, 6, 7]
    bench.drag(bench.tile(8), bench.tile(9))
    assert bench.grid.selected_rows() == [8, 9]


def test_dragging_beyond_the_edge_scrolls_and_goes_on_selecting(bench: Bench) -> None:
    viewport = bench.grid.viewport()
    bench.qtbot.mousePress(viewport, LEFT, NONE, bench.tile(0))
    bench.qtbot.mouseMove(viewport, QPoint(20, viewport.height() + 60))
    bar = bench.grid.verticalScrollBar()
    bench.qtbot.waitUntil(lambda: bar.value() == bar.maximum() > 0)
    assert bench.grid.selected_rows() == list(range(0, 30, bench.grid.columns()))
    bench.qtbot.mouseRelease(viewport, LEFT, NONE, QPoint(20, viewport.height() + 60))


def test_keys_select_all_and_none(bench: Bench) -> None:
    bench.key(Qt.Key.Key_A, CTRL)
    assert len(bench.selected()) == 30
    bench.wait_for_bar()
    bench.key(Qt.Key.Key_Escape)
    assert bench.selected() == []
    assert bench.bar.isHidden()


def test_photos_are_moved_with_the_bar_and_show_it_at_once(bench: Bench, tmp_path: Path) -> None:
    before = digests(tmp_path / "photos")
    bench.drag(bench.tile(0), bench.tile(2))
    moved = bench.selected()
    bench.wait_for_bar()
    bench.click(bench.button("Move to …"))
    picker = bench.picker()
    assert rows(picker) == ["daisy", "rose", "tulip"]
    names = next(iter(picker.findChildren(QListView)))
    with bench.edited():
        bench.qtbot.mouseClick(names.viewport(), LEFT, pos=names.visualRect(names.model().index(2, 0)).center())
        assert {item.class_name for item in bench.grid.selected_items()} == {"tulip"}  # not saved yet
    assert bench.classes_of(moved) == {"tulip"}
    assert bench.selected() == moved
    assert bench.session.photos.steps.undo == "Move 3 photos to “tulip”"
    assert digests(tmp_path / "photos") == before


def test_m_opens_the_classes_and_a_new_one_is_named_inline(bench: Bench) -> None:
    bench.grid.select_row(3)
    (path,) = bench.selected()
    bench.key(Qt.Key.Key_M)
    picker = bench.picker()
    bench.click(bench.button("New class …", picker))
    name = field(picker, "Name of the new class")
    assert not bench.button("Move", picker).isEnabled()
    with bench.edited():
        bench.qtbot.keyClicks(name, "  wild   rose ")
        bench.qtbot.keyClick(name, Qt.Key.Key_Return)
    assert bench.dataset.classes == ("daisy", "rose", "tulip", "wild rose")
    assert bench.classes_of([path]) == {"wild rose"}
    assert not picker.isVisible()


def test_a_new_name_that_is_there_already_means_that_class(bench: Bench) -> None:
    bench.grid.select_row(0)
    (path,) = bench.selected()
    bench.key(Qt.Key.Key_M)
    picker = bench.picker()
    bench.click(bench.button("New class …", picker))
    name = field(picker, "Name of the new class")
    wanted = next(entry for entry in ("tulip", "rose") if bench.classes_of([path]) != {entry})
    bench.qtbot.keyClicks(name, wanted.upper())
    assert any(text.startswith(f"There is “{wanted}”") for text in said(picker))
    with bench.edited():
        bench.qtbot.keyClick(name, Qt.Key.Key_Return)
    assert bench.classes_of([path]) == {wanted}
    assert bench.dataset.classes == ("daisy", "rose", "tulip")


def test_many_classes_are_searched_by_typing(qtbot: QtBot) -> None:
    picker = ClassPicker()
    qtbot.addWidget(picker)
    picker.set_classes([f"bird {number:03}" for number in range(151)], "bird 007")
    picker.open_beside(picker.geometry())
    search = field(picker, "Find a class")
    assert search.isVisible()
    qtbot.keyClicks(search, "00")
    assert rows(picker)[:2] == ["bird 000", "bird 001"]
    qtbot.keyClick(search, Qt.Key.Key_Down)
    with qtbot.waitSignal(picker.picked) as picked:
        qtbot.keyClick(search, Qt.Key.Key_Return)
    assert picked.args == ["bird 001"]
    picker.open_beside(picker.geometry())
    qtbot.keyClicks(search, "wren")
    qtbot.keyClick(search, Qt.Key.Key_Return)
    assert field(picker, "Name of the new class").text() == "wren"


def test_few_classes_need_no_search(bench: Bench) -> None:
    bench.grid.select_row(0)
    bench.key(Qt.Key.Key_M)
    picker = bench.picker()
    assert not field(picker, "Find a class").isVisible()
    bench.qtbot.keyClick(next(iter(picker.findChildren(QListView))), Qt.Key.Key_Escape)
    assert not picker.isVisible()
    assert bench.session.photos.steps.undo == ""


def test_x_leaves_out_and_brings_back_where_the_photo_lies(bench: Bench) -> None:
    bench.grid.select_row(2)
    (path,) = bench.selected()
    with bench.edited():
        bench.key(Qt.Key.Key_X)
    assert [sample.path for sample in bench.dataset.left_out] == [path]
    assert bench.selected() == [path]
    assert bench.grid.selected_rows() == [2]
    assert "Left out" in bench.grid.current_item().spoken()
    bench.wait_for_bar()
    assert bench.button("Bring back").isEnabled()
    with bench.edited():
        bench.key(Qt.Key.Key_X)
    assert bench.dataset.left_out == ()


def test_delete_leaves_out_only_what_is_used(bench: Bench) -> None:
    bench.drag(bench.tile(0), bench.tile(1))
    with bench.edited():
        bench.key(Qt.Key.Key_Delete)
    bench.drag(bench.tile(1), bench.tile(2))
    with bench.edited():
        bench.key(Qt.Key.Key_Delete)
    assert bench.session.photos.steps.undo == "Leave out 1 photo"
    assert len(bench.dataset.left_out) == 3


def test_a_chip_shows_what_is_left_out_while_there_is_any(bench: Bench) -> None:
    chip = next(found for found in bench.browser.findChildren(FilterChip) if found.text() == "Left out")
    assert not chip.isVisible()
    bench.drag(bench.tile(0), bench.tile(1))
    left = bench.selected()
    with bench.edited():
        bench.key(Qt.Key.Key_X)
    bench.click(chip)
    assert sorted(left) == bench.grid.items().paths()
    with bench.edited():
        bench.session.photos.undo()
    assert len(bench.grid.items()) == 0
    assert "No photos here" in said(bench.browser)


def test_a_left_out_photo_is_painted_faded(bench: Bench) -> None:
    place = bench.tile(0) - QPoint(0, 20)

    def color() -> tuple[int, int, int]:
        return bench.grid.grab().toImage().pixelColor(place).getRgb()[:3]

    theme.set_theme("light")
    bench.grid.select_row(0)
    bench.qtbot.waitUntil(lambda: color() != theme.color("sunken").getRgb()[:3])
    plain = color()
    with bench.edited():
        bench.key(Qt.Key.Key_X)
    assert sum(color()) > sum(plain)  # nearer to the light page
    assert color() != plain


def test_filter_class_search_scroll_and_selection_stay(bench: Bench) -> None:
    bench.browser.set_class("rose")
    bench.browser.resize(720, 260)
    bench.qtbot.waitUntil(lambda: bench.grid.verticalScrollBar().maximum() > 0)
    bench.grid.select_row(11)
    bench.key(Qt.Key.Key_Left, SHIFT)
    bench.wait_for_bar()
    value = bench.grid.verticalScrollBar().value()
    assert value > 0
    selected = bench.selected()
    with bench.edited():
        bench.session.photos.do(bench.session.photos.actions.move(["daisy/photo_000.jpg"], "tulip"))
    assert {item.class_name for item in bench.grid.items()} == {"rose"}
    assert bench.selected() == selected
    assert bench.grid.current_item().path.name == "photo_010.jpg"
    assert bench.grid.verticalScrollBar().value() == value


def test_the_part_shown_stays_too(bench: Bench) -> None:
    bench.browser.set_filter("train")
    bench.grid.select_row(2)
    (path,) = bench.selected()
    with bench.edited():
        bench.session.photos.do(bench.session.photos.actions.leave_out([bench.grid.items().paths()[0]]))
    assert bench.selected() == ([path] if path in bench.grid.items().paths() else [])
    assert len(bench.grid.items()) == len(bench.session.photos.split.train)


def test_what_leaves_the_class_shown_goes_and_the_keyboard_goes_on(bench: Bench) -> None:
    bench.browser.set_class("rose")
    bench.grid.select_row(4)
    with bench.edited():
        bench.session.photos.do(bench.session.photos.actions.move(["rose/photo_004.jpg"], "daisy"))
    assert len(bench.grid.items()) == 11
    assert bench.selected() == []
    assert bench.grid.current_item().path.name == "photo_005.jpg"
    assert bench.bar.isHidden()


def test_the_menu_offers_the_same_with_its_keys(bench: Bench) -> None:
    bench.drag(bench.tile(0), bench.tile(1))
    place = bench.tile(0)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, place, bench.grid.viewport().mapToGlobal(place))
    QApplication.sendEvent(bench.grid, event)
    menu = next(found for found in bench.browser.findChildren(QMenu) if found.isVisible())
    entries = {action.text(): action for action in menu.actions() if action.text()}
    assert list(entries) == ["Move to …", "Leave out", "Show large", "Select all", "Select none"]
    assert entries["Move to …"].shortcut().toString() == "M"
    with bench.edited():
        entries["Leave out"].trigger()
    menu.close()
    assert len(bench.dataset.left_out) == 2


def test_the_large_photo_changes_its_label_and_stays(bench: Bench) -> None:
    bench.browser.set_class("rose")
    bench.grid.select_row(1)
    bench.key(Qt.Key.Key_Return)
    large = next(iter(bench.browser.findChildren(LargePhoto)))
    with bench.edited():
        bench.click(bench.button("Leave out", large))
    assert "left out by you" in said(large)
    bench.qtbot.keyClick(large, Qt.Key.Key_M)
    names = next(iter(bench.picker().findChildren(QListView)))
    names.setCurrentIndex(names.model().index(0, 0))
    with bench.edited():
        bench.qtbot.keyClick(names, Qt.Key.Key_Return)
    assert bench.dataset.left_out[0].class_name == "daisy"
    assert {"daisy", "Photo 2 of 12"} <= set(said(large))
    large.activateWindow()  # the offscreen platform leaves that to us when a popup has closed
    bench.qtbot.waitUntil(large.isActiveWindow)
    bench.qtbot.keyClick(large, Qt.Key.Key_Right)
    assert "Photo 3 of 12" in said(large)
    assert bench.grid.current_item().path.name == "photo_002.jpg"
    with bench.edited():
        bench.qtbot.keyClick(large, Qt.Key.Key_X)
    bench.qtbot.keyClick(large, Qt.Key.Key_Escape)
    assert bench.session.photos.steps.undo == "Leave out 1 photo"


def test_where_nothing_can_be_changed_the_bar_says_why(bench: Bench) -> None:
    bench.browser.set_editable(False)
    bench.grid.select_row(0)
    bench.wait_for_bar()
    assert FIXED in said(bench.bar)
    for which in (Qt.Key.Key_X, Qt.Key.Key_Delete, Qt.Key.Key_M):
        bench.key(which)
    assert not any(found.isVisible() for found in QApplication.allWidgets() if type(found) is ClassPicker)
    assert bench.session.photos.steps.undo == ""
    bench.click(bench.button("Clear"))
    assert bench.selected() == []


def test_letters_still_find_a_class(bench: Bench) -> None:
    bench.grid.select_row(0)
    start = bench.grid.current_item().class_name
    letter = next(letter for letter in "drt" if not start.startswith(letter))
    bench.qtbot.keyClicks(bench.grid, letter)
    assert bench.grid.current_item().class_name.startswith(letter)


def test_photos_of_a_class_that_is_switched_off_cannot_be_brought_back_alone(bench: Bench) -> None:
    with bench.edited():
        bench.session.photos.do(bench.session.photos.actions.switch(["tulip"], on=False))
    assert len(bench.grid.items()) == 24
    bench.browser.set_class("tulip")
    assert len(bench.grid.items()) == 6
    bench.grid.select_row(0)
    assert "Class is off" in bench.grid.current_item().spoken()
    bench.wait_for_bar()
    button = bench.button("Bring back")
    assert not button.isEnabled()
    assert "switched off" in button.toolTip()


def test_every_control_has_a_name_and_says_what_it_does(bench: Bench) -> None:
    bench.grid.select_row(0)
    bench.key(Qt.Key.Key_M)
    picker = bench.picker()
    bench.click(bench.button("New class …", picker))
    controls = [
        found
        for within in (bench.bar, picker)
        for kind in (QAbstractButton, QLineEdit, QListView)
        for found in within.findChildren(kind)
        if found.isVisible()
    ]
    mute = [found for found in controls if not ((found.accessibleName() or found.text()) and found.toolTip())]
    assert len(controls) >= 5
    assert not mute


def test_photos_that_are_left_out_keep_their_place_among_all() -> None:
    samples = tuple(Sample(f"a/{number}.jpg", "a", 8, 8, f"{number * 7 % 10}") for number in range(10))
    whole = PhotoFilter(Dataset("/photos", ("a",), samples), None, Looks()).photos("all").paths()
    fewer = Dataset("/photos", ("a",), samples[:4] + samples[5:], left_out=samples[4:5])
    assert PhotoFilter(fewer, None, Looks()).photos("all").paths() == whole
