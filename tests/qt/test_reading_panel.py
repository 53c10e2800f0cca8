"""The panel "How the photos are read": every source of classes, seen before it is taken, undone, no file changed."""

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QFileDialog, QLabel, QLineEdit, QMenu, QWidget
from pytestqt.qtbot import QtBot

from tlstudio.ui.main_window import MainWindow
from tlstudio.ui.session import Session
from tlstudio.ui.tabs.dataset.reading.marked_paths import MarkedPathLabel, PathsDialog
from tlstudio.ui.tabs.dataset.reading.panel import ReadingPanel
from tlstudio.ui.widgets.class_list import ClassList
from tlstudio.ui.widgets.message_bar import MessageBar

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

PhotosFactory = Callable[..., list[Path]]
Opener = Callable[[Path], ReadingPanel]

CHANGE = "Change how the photos are read"
APPLY = "Read them like this"


@pytest.fixture
def window(session: Session, qtbot: QtBot) -> Iterator[MainWindow]:
    made = MainWindow(session)
    qtbot.addWidget(made)
    made.resize(1100, 700)
    made.show()
    qtbot.waitUntil(lambda: made.findChild(QLabel) is not None)
    yield made
    made.close()


@pytest.fixture
def opener(window: MainWindow, session: Session, qtbot: QtBot) -> Opener:
    """Reads a folder and opens the panel from the card "Health of this folder"."""

    def open_(folder: Path) -> ReadingPanel:
        with qtbot.waitSignal(session.photos.opened, timeout=20_000):
            session.photos.open_folder(folder)
        press(qtbot, window, CHANGE)
        return shown_panel(window, qtbot)

    return open_


@pytest.fixture
def flat(tmp_path: Path, photos_factory: PhotosFactory) -> Path:
    """Twelve photos in one folder: three kinds, four each, called ``cat_red.0.jpg`` and so on."""
    folder = tmp_path / "flat"
    for kind, name in enumerate(("cat_red", "dog_red", "owl_blue")):
        for number, photo in enumerate(photos_factory(tmp_path / "made" / name, 4, kind=kind)):
            folder.mkdir(exist_ok=True)
            photo.rename(folder / f"{name}.{number}.jpg")
    return folder


def shown_panel(window: QWidget, qtbot: QtBot) -> ReadingPanel:
    (panel,) = [panel for panel in window.findChildren(ReadingPanel) if panel.isVisible()]
    qtbot.waitUntil(lambda: "Looking at the folder…" not in words(panel), timeout=20_000)
    return panel


def words(widget: QWidget) -> str:
    return "\n".join(label.text() for label in widget.findChildren(QLabel) if label.isVisibleTo(widget))


def button(widget: QWidget, name: str) -> QAbstractButton:
    names = [entry for entry in widget.findChildren(QAbstractButton) if entry.isVisibleTo(widget)]
    return next(entry for entry in names if name in (entry.text(), entry.accessibleName()))


def press(qtbot: QtBot, widget: QWidget, name: str) -> None:
    QApplication.processEvents()
    qtbot.mouseClick(button(widget, name), Qt.MouseButton.LeftButton)


def field(widget: QWidget, name: str) -> QLineEdit:
    return next(entry for entry in widget.findChildren(QLineEdit) if entry.accessibleName() == name)


def choose(widget: QWidget, name: str, entry: str) -> None:
    (box,) = [box for box in widget.findChildren(QComboBox) if box.accessibleName() == name]
    box.setCurrentIndex(next(index for index in range(box.count()) if box.itemText(index).startswith(entry)))


def retype(qtbot: QtBot, edit: QLineEdit, text: str) -> None:
    edit.setFocus()
    edit.selectAll()
    qtbot.keyClicks(edit, text)


def wait_for(qtbot: QtBot, panel: QWidget, sentence: str) -> None:
    qtbot.waitUntil(lambda: sentence in words(panel), timeout=20_000)


def classes(panel: QWidget) -> list[str]:
    (shown,) = panel.findChildren(ClassList)
    return shown.found()


def marked(panel: QWidget) -> list[str]:
    labels = panel.findChildren(MarkedPathLabel)
    return [label.accessibleName().split(", in ")[0] for label in labels if label.isVisibleTo(panel)]


def take(qtbot: QtBot, session: Session, panel: ReadingPanel) -> dict[str, int]:
    qtbot.waitUntil(lambda: button(panel, APPLY).isEnabled(), timeout=20_000)
    with qtbot.waitSignal(session.photos.edited, timeout=20_000):
        press(qtbot, panel, APPLY)
    return counts(session)


def undo(qtbot: QtBot, session: Session) -> dict[str, int]:
    with qtbot.waitSignal(session.photos.edited, timeout=20_000):
        session.photos.undo()
    return counts(session)


def counts(session: Session) -> dict[str, int]:
    assert session.photos.dataset is not None
    return {name: count for name, count in session.photos.dataset.counts().items() if count}


def digests(folder: Path) -> dict[str, str]:
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_a_pattern_that_fits_is_ready_and_can_be_undone(
    opener: Opener, session: Session, qtbot: QtBot, flat: Path
) -> None:
    before = digests(flat)
    panel = opener(flat)
    wait_for(qtbot, panel, "No photo gets a class")
    assert "12 photos get no class" in words(panel)
    assert "cat_red.0.jpg, cat_red.1.jpg" in words(panel)
    assert not button(panel, APPLY).isEnabled()
    press(qtbot, panel, "File names")
    wait_for(qtbot, panel, "3 classes, 12 photos")
    assert classes(panel) == ["cat_red", "dog_red", "owl_blue"]
    assert set(marked(panel)) == set(classes(panel))
    assert counts(session) == {}
    assert take(qtbot, session, panel) == {"cat_red": 4, "dog_red": 4, "owl_blue": 4}
    assert session.photos.steps.undo == "Take the classes from the file names"
    assert undo(qtbot, session) == {}
    assert digests(flat) == before


def test_a_piece_between_separators(opener: Opener, session: Session, qtbot: QtBot, flat: Path) -> None:
    panel = opener(flat)
    press(qtbot, panel, "File names")
    choose(panel, "The class is", "One piece")
    choose(panel, "Piece", "First")
    wait_for(qtbot, panel, "3 classes, 12 photos")
    assert classes(panel) == ["cat", "dog", "owl"]
    retype(qtbot, field(panel, "Separator"), ".")
    choose(panel, "Piece", "Last")
    wait_for(qtbot, panel, "4 classes, 12 photos")
    assert marked(panel)[:4] == ["0", "1", "2", "3"]
    field(panel, "Separator").selectAll()
    qtbot.keyClick(field(panel, "Separator"), Qt.Key.Key_Delete)
    assert "Type what stands between the pieces" in words(panel)
    assert take(qtbot, session, panel) == {"0": 3, "1": 3, "2": 3, "3": 3}
    assert session.photos.reading is not None
    assert session.photos.reading.labels == "piece:-1:."


def test_a_wrong_regular_expression_is_said_and_the_last_right_one_stays(
    opener: Opener, session: Session, qtbot: QtBot, flat: Path, window: MainWindow
) -> None:
    panel = opener(flat)
    press(qtbot, panel, "File names")
    choose(panel, "The class is", "What a regular expression finds")
    regex = field(panel, "Regular expression")
    retype(qtbot, regex, "_(red|blue)")
    wait_for(qtbot, panel, "2 classes, 12 photos")
    retype(qtbot, regex, "_(red|blu")
    assert "Not a regular expression yet: missing )" in words(panel)
    assert regex.property("wrong")
    assert classes(panel) == ["red", "blue"]
    retype(qtbot, regex, "_(red)")
    wait_for(qtbot, panel, "4 photos get no class")
    assert "At least 2 classes are needed." in words(panel)
    retype(qtbot, regex, "^(cat|dog)")
    wait_for(qtbot, panel, "2 classes, 8 photos")
    assert take(qtbot, session, panel) == {"cat": 4, "dog": 4}
    assert "Classes come from the file names" in words(window)
    press(qtbot, window, CHANGE)
    again = shown_panel(window, qtbot)
    wait_for(qtbot, again, "2 classes, 8 photos")
    assert field(again, "Regular expression").text() == "^(cat|dog)"
    assert not button(again, APPLY).isEnabled(), "that is how they are read"


def test_a_level_of_folders(opener: Opener, session: Session, qtbot: QtBot, class_folders: Callable[..., Path]) -> None:
    folder = class_folders({"north/cat": 3, "north/dog": 3, "south/cat": 3, "south/dog": 3})
    before = digests(folder)
    panel = opener(folder)
    wait_for(qtbot, panel, "2 classes, 12 photos")
    assert classes(panel) == ["north", "south"]

    def focused() -> bool:
        panel.window().activateWindow()  # arrow keys go by the focus, which is in the active window only
        button(panel, "First folder of the path").setFocus()
        return button(panel, "First folder of the path").hasFocus()

    qtbot.waitUntil(focused)
    qtbot.keyClick(button(panel, "First folder of the path"), Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: classes(panel) == ["cat", "dog"], timeout=20_000)
    qtbot.waitUntil(lambda: set(marked(panel)) == {"cat", "dog"}, timeout=20_000)
    assert take(qtbot, session, panel) == {"cat": 6, "dog": 6}
    assert session.photos.steps.undo == "Take the classes from the second level of folders"
    assert undo(qtbot, session) == {"north": 6, "south": 6}
    assert digests(folder) == before


def test_folders_of_a_split_as_parts_or_as_classes(
    opener: Opener, session: Session, qtbot: QtBot, class_folders: Callable[..., Path]
) -> None:
    panel = opener(class_folders({"train/cat": 3, "train/dog": 3, "test/cat": 2, "test/dog": 2}))
    wait_for(qtbot, panel, "Shared out by folders: 6 to learn from, 4 for the exam.")
    assert "The folders inside train, val and test are the classes." in words(panel)
    press(qtbot, panel, "Folders called train, val or test give the parts")
    qtbot.waitUntil(lambda: classes(panel) == ["train", "test"], timeout=20_000)
    press(qtbot, panel, "Second folder of the path, 2 classes: cat, in test/cat/photo_000.jpg")
    qtbot.waitUntil(lambda: classes(panel) == ["cat", "dog"], timeout=20_000)
    assert "Shared out by folders" not in words(panel)
    assert take(qtbot, session, panel) == {"cat": 5, "dog": 5}
    assert session.photos.dataset is not None
    assert not session.photos.dataset.given


def test_a_table_with_missing_and_extra_files(
    opener: Opener, session: Session, qtbot: QtBot, flat: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    names = sorted(path.name for path in flat.iterdir())
    lines = [f"{name};{'wild' if number % 2 else 'tame'};{number}" for number, name in enumerate(names[:-3])]
    text = "\n".join(("photo;species;number", *lines, "gone.jpg;tame;9"))
    (flat / "animals.csv").write_bytes(text.encode("utf-16"))
    before = digests(flat)
    panel = opener(flat)
    press(qtbot, panel, "A table")
    wait_for(qtbot, panel, "2 classes, 9 photos")
    assert "10 lines. UTF-16, fields separated by semicolons, the first line names the columns." in words(panel)
    assert "3 photos are not in the table" in words(panel)
    assert "1 file of the table is not there" in words(panel)
    press(qtbot, panel, "Show: 3 photos are not in the table")
    (listed,) = panel.findChildren(PathsDialog)
    press(qtbot, listed, "Copy")
    assert QGuiApplication.clipboard().text().split("\n") == names[-3:]
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "extra.csv"), ""))
    press(qtbot, listed, "Save as CSV…")
    assert (tmp_path / "extra.csv").read_text(encoding="utf-8-sig").splitlines() == ["path", *names[-3:]]
    qtbot.keyClick(listed, Qt.Key.Key_Escape)
    choose(panel, "The class is in", "number")
    wait_for(qtbot, panel, "9 classes, 9 photos")
    choose(panel, "The class is in", "species")
    wait_for(qtbot, panel, "2 classes, 9 photos")
    assert take(qtbot, session, panel) == {"tame": 5, "wild": 4}
    assert session.photos.steps.undo == "Take the classes from “animals.csv”"
    assert undo(qtbot, session) == {}
    assert digests(flat) == before


def test_a_table_from_elsewhere_and_one_that_cannot_be_used(
    opener: Opener, session: Session, qtbot: QtBot, flat: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    panel = opener(flat)
    press(qtbot, panel, "A table")
    wait_for(qtbot, panel, "No table (CSV or TSV) lies in this folder.")
    assert not button(panel, APPLY).isEnabled()
    names = sorted(path.stem for path in flat.iterdir())
    bad, good = tmp_path / "bad.csv", tmp_path / "good.tsv"
    bad.write_text("file,label\ncat_red.0.jpg,cat\ncat_red.0.jpg,dog\n")
    good.write_text("\n".join(("id\tlabel", *(f"{name}\t{name[:3]}" for name in names))))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(bad), ""))
    press(qtbot, panel, "Choose another…")
    wait_for(qtbot, panel, "bad.csv gives cat_red.0.jpg two labels: cat, dog.")
    assert not button(panel, APPLY).isEnabled()
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(good), ""))
    press(qtbot, panel, "Choose another…")
    wait_for(qtbot, panel, "Choose the column of the files and the column of the classes.")
    choose(panel, "The file is in", "id")
    choose(panel, "The class is in", "label")
    wait_for(qtbot, panel, "3 classes, 12 photos")
    assert take(qtbot, session, panel) == {"cat": 4, "dog": 4, "owl": 4}


def test_a_table_that_is_gone_keeps_no_folder_from_opening(
    opener: Opener, session: Session, qtbot: QtBot, flat: Path, window: MainWindow
) -> None:
    table = flat / "labels.csv"
    table.write_text("\n".join(("file,label", *(f"{path.name},{path.name[:3]}" for path in flat.glob("*.jpg")))))
    panel = opener(flat)
    press(qtbot, panel, "A table")
    assert take(qtbot, session, panel) == {"cat": 4, "dog": 4, "owl": 4}
    table.unlink()
    with qtbot.waitSignal(session.photos.opened, timeout=20_000):
        session.photos.open_folder(flat)
    assert [problem.code for problem in session.photos.problems] == ["labels_unusable"]
    (bar,) = window.findChildren(MessageBar)
    with qtbot.waitSignal(session.photos.edited, timeout=20_000):
        press(qtbot, bar, "Take the classes from the folders")
    assert session.photos.reading is not None
    assert session.photos.reading.labels == "folder"


def test_hidden_folders_are_read_and_left_again(
    opener: Opener, session: Session, qtbot: QtBot, class_folders: Callable[..., Path], window: MainWindow
) -> None:
    folder = class_folders({"cat": 4, "dog": 4, ".owl": 3})
    before = digests(folder)
    panel = opener(folder)
    press(qtbot, panel, "Read hidden folders, too")
    wait_for(qtbot, panel, "3 classes, 11 photos")
    assert "3 photos in hidden folders are opened for it." in words(panel)
    with qtbot.waitSignal(session.photos.opened, timeout=20_000):
        press(qtbot, panel, APPLY)
    assert counts(session) == {"cat": 4, "dog": 4, "owl": 3}
    press(qtbot, window, CHANGE)
    again = shown_panel(window, qtbot)
    press(qtbot, again, "Read hidden folders, too")
    wait_for(qtbot, again, "2 classes, 8 photos")
    assert take(qtbot, session, again) == {"cat": 4, "dog": 4}
    assert undo(qtbot, session) == {"cat": 4, "dog": 4, "owl": 3}
    assert undo(qtbot, session) == {"cat": 4, "dog": 4}
    for do in (lambda: session.photos.open_folder(folder), session.photos.redo):
        with qtbot.waitSignal(session.photos.opened, timeout=20_000):
            do()
    assert counts(session) == {"cat": 4, "dog": 4, "owl": 3}, "what was never opened is opened for it"
    assert digests(folder) == before


def test_it_opens_from_the_findings_the_message_and_the_menu_of_the_classes(
    window: MainWindow, session: Session, qtbot: QtBot, flat: Path
) -> None:
    with qtbot.waitSignal(session.photos.opened, timeout=20_000):
        session.photos.open_folder(flat)
    (bar,) = window.findChildren(MessageBar)
    (menu,) = [menu for menu in window.findChildren(QMenu) if menu.title() == "Classes"]
    menu.aboutToShow.emit()
    (entry,) = [action for action in menu.actions() if action.text() == "How the photos are read…"]
    page = window.centralWidget()
    assert page is not None
    others = [found for found in page.findChildren(QAbstractButton) if found.text() == "More ways to read it…"]
    in_findings = [found for found in others if found.isVisible() and not bar.isAncestorOf(found)]
    for open_ in (entry.trigger, lambda: press(qtbot, bar, "More ways to read it…"), in_findings[0].click):
        open_()
        panel = shown_panel(window, qtbot)
        qtbot.keyClick(panel, Qt.Key.Key_Escape)
        assert not panel.isVisible()
        QApplication.sendPostedEvents()
    assert counts(session) == {}


def test_every_control_has_a_name_and_a_tooltip_and_ctrl_enter_takes_the_reading(
    opener: Opener, session: Session, qtbot: QtBot, flat: Path
) -> None:
    panel = opener(flat)
    press(qtbot, panel, "File names")
    wait_for(qtbot, panel, "3 classes, 12 photos")
    segments = {"Folder names", "File names", "A table"}
    for kind in (QAbstractButton, QComboBox, QLineEdit):
        for control in panel.findChildren(kind):
            if control.isVisibleTo(panel):
                name = control.accessibleName() or (control.text() if isinstance(control, QAbstractButton) else "")
                assert name
                assert control.toolTip() or name in segments, name
    with qtbot.waitSignal(session.photos.edited, timeout=20_000):
        qtbot.keyClick(panel, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert counts(session) == {"cat_red": 4, "dog_red": 4, "owl_blue": 4}
