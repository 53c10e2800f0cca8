"""The Predict tab, through clicks, drops and keys, with a model that answers from the names of the files."""

import csv
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QColor, QDragEnterEvent, QDropEvent, QGuiApplication, QImage, QKeySequence
from PySide6.QtWidgets import QAbstractButton, QApplication, QFileDialog, QLineEdit, QListView, QMenu, QSlider
from pytestqt.qtbot import QtBot

from tlstudio.datasets.dataset import Dataset
from tlstudio.datasets.splits.split import Split, SplitConfig
from tlstudio.errors import Cancelled, TLStudioError
from tlstudio.events import Batch, CancelToken, Emit, Progress
from tlstudio.prediction.answer_store import AnswerStore
from tlstudio.prediction.answering_model import AnsweringModel
from tlstudio.prediction.batch import PredictOptions
from tlstudio.prediction.prediction import BatchSummary, Prediction, Reason
from tlstudio.runs.run import SCHEMA, Run
from tlstudio.runs.store import StoredRun
from tlstudio.runs.thresholds import save_thresholds
from tlstudio.training.history import History
from tlstudio.training.recipes import config_for, spec_for
from tlstudio.ui import theme
from tlstudio.ui.session import Session
from tlstudio.ui.tabs.predict import one_photo
from tlstudio.ui.tabs.predict.answers.answer_filters import AnswerFilters
from tlstudio.ui.tabs.predict.answers.large_answer import LargeAnswer
from tlstudio.ui.tabs.predict.folders import batch as batch_module
from tlstudio.ui.tabs.predict.folders import stored_batches
from tlstudio.ui.tabs.predict.folders.folders_card import FolderRow
from tlstudio.ui.tabs.predict.predict_cards import OnePhotoArea
from tlstudio.ui.tabs.predict.predict_tab import PredictTab
from tlstudio.ui.tabs.predict.uses.table_sheet import TableSheet
from tlstudio.ui.widgets.buttons import IconButton
from tlstudio.ui.widgets.chips import FilterChip
from tlstudio.ui.widgets.choice_chip import ChoiceChip
from tlstudio.ui.widgets.fields import ComboBox
from tlstudio.ui.widgets.labels import ElidedLabel, TextLabel
from tlstudio.ui.widgets.message_bar import Message
from tlstudio.ui.widgets.photo_table import PhotoTable
from tlstudio.ui.widgets.photo_view import PhotoView
from tlstudio.ui.widgets.score_bars import ScoreBars
from tlstudio.ui.widgets.thumbnails import ThumbnailCache
from tlstudio.ui.widgets.toggles import Switch
from tlstudio.ui.words.pace import Pace

# The offscreen platform says so of every window.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

CLASSES = ("daisy", "roses", "tulips")


class FakeModel:
    """Stands for ``predict``: a file "roses_61.jpg" is 61 % roses, "broken.jpg" is unreadable, others are no photos.

    Attributes:
        gate: While it is closed, a batch waits after its first photo.
        asked: Inputs of every call.
    """

    def __init__(self) -> None:
        self.gate = threading.Event()
        self.gate.set()
        self.asked: list[tuple[Path, ...]] = []

    def __call__(
        self,
        _stored: StoredRun,
        inputs: Sequence[Path],
        _options: PredictOptions,
        *,
        answers: AnswerStore | None = None,  # noqa: ARG002 - as the workflow
        emit: Emit,
        token: CancelToken,
    ) -> BatchSummary:
        self.asked.append(tuple(inputs))
        files = [path for given in inputs for path in ([given] if given.is_file() else sorted(given.rglob("*.*")))]
        if not files:
            raise TLStudioError(f"There are no files in {inputs[0]}.", "Choose another folder.")
        emit(Progress("engine", 1, 0, "Preparing, once"))
        told = [answer for path in files if (answer := self.answer(path)) is not None]
        done = 0
        for done, answer in enumerate(told, start=1):
            emit(Batch((answer,)))
            emit(Progress("predict", done, len(files)))
            while not self.gate.wait(0.01) and not token.cancelled:
                token.wait()
            token.wait()
            if token.cancelled:
                break
        unreadable = sum(answer.status == "unreadable" for answer in told[:done])
        ignored = len(files) - len(told)
        return BatchSummary(len(told), done - unreadable, 0, unreadable, len(told) - done, 1.0, 1.0, ignored)

    @staticmethod
    def answer(path: Path) -> Prediction | None:
        name, _, percent = path.stem.partition("_")
        if name == "broken":
            return Prediction(str(path), "unreadable", error="Cut short: the file ends before the picture does.")
        if name == "Pasted photo 1":
            return Prediction(str(path), "ok", (("tulips", 0.9), ("roses", 0.1), ("daisy", 0.0)))
        if name not in CLASSES:
            return None
        reason: Reason = "unlike" if path.parent.name == "odd" else ""
        score = int(percent) / 100
        others = tuple((other, (1 - score) / 2) for other in CLASSES if other != name)
        return Prediction(str(path), "unsure" if reason else "ok", ((name, score), *others), reason=reason)


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeModel]:
    fake = FakeModel()
    monkeypatch.setattr(batch_module, "predict", fake)
    monkeypatch.setattr(one_photo, "predict", fake)
    monkeypatch.setattr(stored_batches, "model_of", lambda stored: AnsweringModel("fake", str(stored.folder), CLASSES))
    yield fake
    fake.gate.set()


def stored_run(folder: Path) -> StoredRun:
    spec = spec_for("small_cnn", "none")
    run = Run(
        SCHEMA, "Flowers", "2026-01-01T00:00:00+00:00", "complete", str(folder), CLASSES, (), Split((), (), ()),
        SplitConfig(), (), spec, "photo", "", config_for(spec), History(), None, None, {}, {},
    )  # fmt: skip
    return StoredRun(folder / "run", run)


@pytest.fixture
def session(qapp: QApplication, home: Path, model: FakeModel) -> Iterator[Session]:  # noqa: ARG001 - they must be there
    made = Session()
    yield made
    model.gate.set()
    assert made.runner.shutdown(5)


@pytest.fixture
def bare_tab(session: Session, qtbot: QtBot) -> Iterator[PredictTab]:
    cache = ThumbnailCache()
    made = PredictTab(session, cache)
    qtbot.addWidget(made)
    made.resize(1440, 760)
    made.show()
    yield made
    cache.shutdown()


@pytest.fixture
def tab(bare_tab: PredictTab, session: Session, tmp_path: Path) -> PredictTab:
    session.stored = stored_run(tmp_path)
    session.run_changed.emit()
    return bare_tab


@pytest.fixture
def meadow(tmp_path: Path) -> Path:
    return folder_of(tmp_path / "Meadow", "roses_97", "tulips_61", "plot/daisy_45", "broken", "notes")


def folder_of(folder: Path, *names: str) -> Path:
    for name in names:
        path = folder / f"{name}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        QImage(12, 9, QImage.Format.Format_RGB32).save(str(path))
    return folder


def drop(tab: PredictTab, *paths: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    rest = (Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    # Qt hands a drop to the widget that welcomed what hovered.
    QApplication.sendEvent(tab, QDragEnterEvent(QPoint(700, 300), *rest))
    QApplication.sendEvent(tab, QDropEvent(QPointF(700, 300), *rest))


def until_done(qtbot: QtBot, tab: PredictTab, answers: int) -> None:
    qtbot.waitUntil(lambda: tab.job_status() is None and table_of(tab).model().rowCount() == answers)


def table_of(tab: PredictTab) -> PhotoTable:
    (table,) = tab.findChildren(PhotoTable)
    return table


def column(tab: PredictTab, number: int) -> list[str]:
    model = table_of(tab).model()
    return [model.index(row, number).data() for row in range(model.rowCount())]


def texts(tab: PredictTab) -> list[str]:
    labels = [label for label in tab.findChildren(TextLabel) if label.isVisibleTo(tab)]
    return [label.full_text() if isinstance(label, ElidedLabel) else label.text() for label in labels]


def press(qtbot: QtBot, tab: PredictTab, words: str) -> None:
    (button,) = (
        button
        for button in tab.findChildren(QAbstractButton)
        if words in (button.text(), button.accessibleName()) and button.isVisible()
    )
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def choose(qtbot: QtBot, tab: PredictTab, button: str, words: str) -> None:
    """Open the menu of a button, and press an entry."""
    press(qtbot, tab, button)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    action = next(action for action in menu.actions() if action.text().split("\t")[0] == words)
    assert action.isEnabled(), words
    action.trigger()
    menu.close()


def pick(qtbot: QtBot, tab: PredictTab, chip: str, words: str) -> str:
    """Open the list of a chip, and pick an entry by the keyboard; what the chip says then."""
    (choice,) = (each for each in tab.findChildren(ChoiceChip) if each.accessibleName() == chip)
    qtbot.mouseClick(choice, Qt.MouseButton.LeftButton)
    (entries,) = (view for view in choice.findChildren(QListView) if view.isVisible())
    model = entries.model()
    row = next(row for row in range(model.rowCount()) if model.index(row, 0).data() == words)
    entries.setCurrentIndex(model.index(row, 0))
    qtbot.keyClick(entries, Qt.Key.Key_Return)
    return choice.accessibleName()


def test_before_training_it_leads_to_training(bare_tab: PredictTab, session: Session, qtbot: QtBot) -> None:
    assert bare_tab.state().text == "After training"
    with qtbot.waitSignal(session.tab_requested) as told:
        press(qtbot, bare_tab, "Go to training")
    assert told.args == ["training"]


def test_a_dropped_folder_fills_the_table_and_every_file_is_accounted_for(
    tab: PredictTab, meadow: Path, qtbot: QtBot
) -> None:
    assert tab.state().text == "Ready"
    drop(tab, meadow)
    until_done(qtbot, tab, 4)
    assert column(tab, 0) == ["broken.jpg", "daisy_45.jpg", "roses_97.jpg", "tulips_61.jpg"]
    assert column(tab, 3) == ["Unreadable", "Unsure", "Sure", "Sure"]
    assert "2 sure + 1 unsure + 1 unreadable = 4 photos. None is missing. 1 other file was ignored." in texts(tab)
    assert (tab.state().kind, tab.state().text) == ("done", "4 photos")
    step = tab.next_step()
    assert (step.title, step.action, step.choice) == ("4 photos classified", "Save as a table", "Choose another folder")


def test_how_far_it_is_and_stop(tab: PredictTab, meadow: Path, model: FakeModel, qtbot: QtBot) -> None:
    model.gate.clear()
    drop(tab, meadow)
    qtbot.waitUntil(lambda: tab.state().text == "1 of 5")
    status = tab.job_status()
    assert status is not None
    assert (status.title, status.detail, status.share) == ("Classifying Meadow", "1 of 5 photos", 0.2)
    tab.stop_job()
    until_done(qtbot, tab, 1)
    assert any("+ 3 not reached = 4 photos. None is missing." in text for text in texts(tab))


def test_a_second_folder_waits_its_turn(
    tab: PredictTab, meadow: Path, tmp_path: Path, model: FakeModel, qtbot: QtBot
) -> None:
    roadside = folder_of(tmp_path / "Roadside", "roses_80", "roses_81")
    model.gate.clear()
    drop(tab, meadow)
    drop(tab, roadside)
    drop(tab, meadow)  # it runs already
    qtbot.waitUntil(lambda: "Next" in texts(tab))
    model.gate.set()
    until_done(qtbot, tab, 6)
    assert model.asked == [(meadow,), (roadside,)]
    assert any(text.startswith("4 sure + 1 unsure + 1 unreadable = 6 photos.") for text in texts(tab))


def test_after_a_stop_what_waits_goes_on_when_asked(
    tab: PredictTab, meadow: Path, tmp_path: Path, model: FakeModel, qtbot: QtBot
) -> None:
    roadside = folder_of(tmp_path / "Roadside", "roses_80")
    model.gate.clear()
    drop(tab, meadow, roadside)
    qtbot.waitUntil(lambda: table_of(tab).model().rowCount() == 1)
    tab.stop_job()
    until_done(qtbot, tab, 1)
    assert tab.next_step().choice == "Go on with Roadside"
    model.gate.set()
    tab.take_choice()
    until_done(qtbot, tab, 2)


def test_a_folder_is_taken_out_or_classified_anew(
    tab: PredictTab, meadow: Path, tmp_path: Path, model: FakeModel, qtbot: QtBot
) -> None:
    roadside = folder_of(tmp_path / "Roadside", "roses_80")
    drop(tab, meadow, roadside)
    until_done(qtbot, tab, 5)
    drop(tab, meadow)
    until_done(qtbot, tab, 5)
    assert column(tab, 0)[-1] == "roses_80.jpg"
    assert len(model.asked) == 3
    choose(qtbot, tab, "What can be done with Meadow", "Take out of the list")
    assert column(tab, 0) == ["roses_80.jpg"]
    choose(qtbot, tab, "What can be done with Roadside", "Take out of the list")
    assert tab.state().text == "Ready"
    assert meadow.is_dir()


def test_files_that_are_gone_leave_the_table_when_it_is_looked_through_again(
    tab: PredictTab, meadow: Path, qtbot: QtBot
) -> None:
    drop(tab, meadow)
    until_done(qtbot, tab, 4)
    (meadow / "roses_97.jpg").unlink()
    folder_of(meadow, "tulips_88")
    choose(qtbot, tab, "What can be done with Meadow", "Look for new photos")
    qtbot.waitUntil(lambda: sorted(column(tab, 0)) == ["broken.jpg", "daisy_45.jpg", "tulips_61.jpg", "tulips_88.jpg"])
    qtbot.waitUntil(lambda: any("= 4 photos. None is missing." in text for text in texts(tab)))


def test_what_waits_is_put_in_another_order(
    tab: PredictTab, meadow: Path, tmp_path: Path, model: FakeModel, qtbot: QtBot
) -> None:
    first, second, third = (folder_of(tmp_path / name, "roses_80") for name in ("First", "Second", "Third"))
    model.gate.clear()
    drop(tab, meadow, first, second, third)
    qtbot.waitUntil(lambda: texts(tab).count("Waiting") == 2 and texts(tab).count("Next") == 1)
    qtbot.waitUntil(lambda: texts(tab).count("1 photo") == 3)
    choose(qtbot, tab, "What can be done with Third", "Earlier")
    row = next(row for row in tab.findChildren(FolderRow) if "Third" in row.findChildren(ElidedLabel)[0].full_text())
    row.findChildren(IconButton)[0].setFocus()
    qtbot.keyClick(row.findChildren(IconButton)[0], Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    model.gate.set()
    until_done(qtbot, tab, 7)
    assert model.asked == [(meadow,), (third,), (first,), (second,)]


def test_a_pause_is_shown_and_ended(tab: PredictTab, meadow: Path, model: FakeModel, qtbot: QtBot) -> None:
    model.gate.clear()
    drop(tab, meadow)
    qtbot.waitUntil(lambda: tab.state().text == "1 of 5")
    tab.pause_job()
    qtbot.waitUntil(lambda: tab.state().text == "Paused at 1" and "Paused" in texts(tab))
    status = tab.job_status()
    assert status is not None
    assert (status.title, status.paused) == ("Paused: Meadow", True)
    tab.pause_job()
    model.gate.set()
    until_done(qtbot, tab, 4)


def test_photos_are_sorted_by_header_and_by_chip(tab: PredictTab, meadow: Path, qtbot: QtBot) -> None:
    drop(tab, meadow)
    until_done(qtbot, tab, 4)
    header = table_of(tab).horizontalHeader()
    place = QPoint(header.sectionViewportPosition(2) + 20, header.height() // 2)
    for names in ("broken daisy_45 tulips_61 roses_97", "roses_97 tulips_61 daisy_45 broken"):
        qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=place)
        assert column(tab, 0) == [f"{name}.jpg" for name in names.split()]
    assert pick(qtbot, tab, "Order: Surest first", "By folder") == "Order: By folder"
    assert column(tab, 0) == ["broken.jpg", "roses_97.jpg", "tulips_61.jpg", "daisy_45.jpg"]


def test_photos_of_one_class_or_folder_are_shown(tab: PredictTab, meadow: Path, tmp_path: Path, qtbot: QtBot) -> None:
    drop(tab, meadow, folder_of(tmp_path / "Roadside", "roses_80"))
    until_done(qtbot, tab, 5)
    assert pick(qtbot, tab, "Class: All classes", "roses") == "Class: roses"
    assert column(tab, 0) == ["roses_97.jpg", "roses_80.jpg"]
    pick(qtbot, tab, "Folder: All folders", "Meadow")
    assert column(tab, 0) == ["roses_97.jpg"]
    pick(qtbot, tab, "Class: roses", "All classes")
    pick(qtbot, tab, "Folder: Meadow", "Meadow / plot")
    assert column(tab, 0) == ["daisy_45.jpg"]


def test_a_folder_that_waits_is_begun_when_it_is_dropped_again(
    tab: PredictTab, meadow: Path, tmp_path: Path, model: FakeModel, qtbot: QtBot
) -> None:
    roadside = folder_of(tmp_path / "Roadside", "roses_80")
    model.gate.clear()
    drop(tab, meadow, roadside)
    qtbot.waitUntil(lambda: tab.state().text == "1 of 5")
    tab.stop_job()
    qtbot.waitUntil(lambda: "Stopped" in texts(tab))
    model.gate.set()
    drop(tab, roadside)
    until_done(qtbot, tab, 2)
    assert model.asked[-1] == (roadside,)


def test_paths_of_selected_photos_are_copied(tab: PredictTab, meadow: Path, qtbot: QtBot) -> None:
    drop(tab, meadow)
    until_done(qtbot, tab, 4)
    table = table_of(tab)
    table.setFocus()
    qtbot.keyClick(table, Qt.Key.Key_Home)  # selectRow would heed a modifier that a test before left behind
    qtbot.keyClick(table, Qt.Key.Key_Down)
    qtbot.keyClick(table, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == f"{meadow / 'plot/daisy_45.jpg'}\n{meadow / 'roses_97.jpg'}"


def test_a_photo_opens_large_and_leads_to_its_neighbours(tab: PredictTab, meadow: Path, qtbot: QtBot) -> None:
    drop(tab, meadow)
    until_done(qtbot, tab, 4)
    table = table_of(tab)
    table.selectRow(2)
    qtbot.keyClick(table, Qt.Key.Key_Return)
    (large,) = tab.findChildren(LargeAnswer)
    assert any("Photo 3 of 4" in label.text() for label in large.findChildren(TextLabel))
    qtbot.waitUntil(large.isActiveWindow)
    qtbot.keyClick(large, Qt.Key.Key_Right)
    assert "tulips, 61 %, sure" in [label.text() for label in large.findChildren(TextLabel)]
    assert table.selected_position() == 3
    large.accept()


def test_the_threshold_sorts_answers_anew_at_once(tab: PredictTab, meadow: Path, qtbot: QtBot) -> None:
    drop(tab, meadow)
    until_done(qtbot, tab, 4)
    (slider,) = (each for each in tab.findChildren(QSlider) if each.isVisible())
    slider.setValue(62)
    assert column(tab, 3) == ["Unreadable", "Unsure", "Sure", "Unsure"]
    assert "Sure from 62 %" in texts(tab)
    assert any(text.startswith("1 sure + 2 unsure + 1 unreadable") for text in texts(tab))
    chips = {chip.text(): chip for chip in tab.findChildren(FilterChip)}
    qtbot.mouseClick(chips["Unsure"], Qt.MouseButton.LeftButton)
    assert column(tab, 0) == ["daisy_45.jpg", "tulips_61.jpg"]
    slider.setValue(61)
    assert column(tab, 0) == ["daisy_45.jpg"]
    assert chips["Sure"].accessibleName() == "Sure, 2"


def test_photos_unlike_anything_are_held_back_until_that_is_switched_off(
    tab: PredictTab, tmp_path: Path, qtbot: QtBot
) -> None:
    drop(tab, folder_of(tmp_path / "Meadow", "odd/roses_99", "roses_97", "odd/daisy_20"))
    until_done(qtbot, tab, 3)
    assert column(tab, 3) == ["Unlike", "Unlike", "Sure"]
    (switch,) = tab.findChildren(Switch)
    switch.click()
    assert column(tab, 3) == ["Unsure", "Sure", "Sure"]
    drop(tab, folder_of(tmp_path / "Heath", "odd/tulips_98"))
    until_done(qtbot, tab, 4)
    assert column(tab, 3) == ["Unsure", "Sure", "Sure", "Sure"], "also what comes later"
    switch.click()
    assert column(tab, 3) == ["Unlike", "Unlike", "Sure", "Unlike"]


def test_a_class_goes_by_the_threshold_that_was_kept_for_it(
    tab: PredictTab, session: Session, meadow: Path, qtbot: QtBot
) -> None:
    assert session.stored is not None
    save_thresholds(session.stored.folder, {"tulips": 0.7, "daisy": 0.4})
    drop(tab, meadow)
    until_done(qtbot, tab, 4)
    (slider,) = (each for each in tab.findChildren(QSlider) if each.isVisible())
    for value in (61, 62):
        slider.setValue(value)
        states = dict(zip(column(tab, 0), column(tab, 3), strict=True))
        assert (states["tulips_61.jpg"], states["daisy_45.jpg"]) == ("Unsure", "Sure")


def test_a_click_on_the_slider_takes_it_there(tab: PredictTab, qtbot: QtBot) -> None:
    (slider,) = (each for each in tab.findChildren(QSlider) if each.isVisible())
    assert slider.value() == 50
    qtbot.mouseClick(slider, Qt.MouseButton.LeftButton, pos=QPoint(slider.width() - 2, 10))
    assert slider.value() == 100
    qtbot.keyClick(slider, Qt.Key.Key_Left)
    assert slider.value() == 99


def test_find_by_name(tab: PredictTab, meadow: Path, qtbot: QtBot) -> None:
    drop(tab, meadow)
    until_done(qtbot, tab, 4)
    field = next(field for field in tab.findChildren(QLineEdit) if field.accessibleName() == "Find by name")
    qtbot.keyClicks(field, "TULIPS")
    qtbot.waitUntil(lambda: column(tab, 0) == ["tulips_61.jpg"])


def test_the_selected_photo_is_shown_large_with_its_best_answers(tab: PredictTab, meadow: Path, qtbot: QtBot) -> None:
    drop(tab, meadow)
    until_done(qtbot, tab, 4)
    (view,), (bars,) = tab.findChildren(PhotoView), tab.findChildren(ScoreBars)
    qtbot.waitUntil(lambda: "This photo can't be read" in texts(tab))
    assert "Cut short: the file ends before the picture does." in texts(tab)
    table_of(tab).selectRow(1)
    assert view.photo() == meadow / "plot" / "daisy_45.jpg"
    assert bars.accessibleName() == "daisy 45 %, roses 28 %, tulips 28 %"
    assert "plot" in texts(tab)


def test_saving_writes_one_line_a_file_with_the_threshold_of_now(
    tab: PredictTab, session: Session, meadow: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    drop(tab, meadow)
    until_done(qtbot, tab, 4)
    (slider,) = (each for each in tab.findChildren(QSlider) if each.isVisible())
    slider.setValue(90)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "answers"), ""))
    tab.take_action()
    sheet = tab.findChild(TableSheet)
    kinds = sheet.findChild(ComboBox)
    kinds.setCurrentIndex(kinds.findData("csv"))
    buttons = {button.text(): button for button in sheet.findChildren(QAbstractButton)}
    buttons["Choose another place"].click()
    with qtbot.waitSignal(session.posted) as told:
        buttons["Save 4 lines"].click()
    message: Message = told.args[0]
    assert (message.title, message.line) == ("4 lines saved as a table", str(tmp_path / "answers.csv"))
    rows = list(csv.DictReader((tmp_path / "answers.csv").read_text().splitlines()))
    assert [row["status"] for row in rows] == ["unreadable", "unsure", "ok", "unsure"]
    assert rows[2]["path"] == str(meadow / "roses_97.jpg")
    assert rows[2]["score"] == "0.970000"
    assert rows[0]["error"] == "Cut short: the file ends before the picture does."


def test_one_dropped_photo_is_answered_at_once_beside_a_running_folder(
    tab: PredictTab, meadow: Path, tmp_path: Path, model: FakeModel, qtbot: QtBot
) -> None:
    photo = folder_of(tmp_path / "single", "roses_88") / "roses_88.jpg"
    model.gate.clear()
    drop(tab, meadow)
    qtbot.waitUntil(lambda: tab.state().text == "1 of 5")
    model.gate.set()
    drop(tab, photo)
    (view,), (bars,) = tab.findChildren(PhotoView), tab.findChildren(ScoreBars)
    qtbot.waitUntil(lambda: view.photo() == photo and "roses 88 %" in bars.accessibleName())
    until_done(qtbot, tab, 4)
    assert view.photo() == photo
    table = table_of(tab)
    table.selectRow(2)
    assert view.photo() == meadow / "roses_97.jpg"


def test_a_photo_is_pasted(tab: PredictTab, qtbot: QtBot) -> None:
    image = QImage(20, 10, QImage.Format.Format_RGB32)
    image.fill(QColor("#AA3355"))
    QGuiApplication.clipboard().setImage(image)
    qtbot.keyClick(tab, *_keys(QKeySequence.StandardKey.Paste))
    (view,), (bars,) = tab.findChildren(PhotoView), tab.findChildren(ScoreBars)
    qtbot.waitUntil(lambda: bars.accessibleName().startswith("tulips 90 %"))
    path = view.photo()
    assert path is not None
    assert QImage(str(path)).size() == image.size()
    assert "From the clipboard" in texts(tab)


def _keys(standard: QKeySequence.StandardKey) -> tuple[Qt.Key, Qt.KeyboardModifier]:
    combination = QKeySequence(standard)[0]
    return combination.key(), combination.keyboardModifiers()


def test_an_empty_clipboard_is_said(tab: PredictTab, session: Session, qtbot: QtBot) -> None:
    QGuiApplication.clipboard().setText("no photo")
    with qtbot.waitSignal(session.posted) as told:
        qtbot.keyClick(tab, *_keys(QKeySequence.StandardKey.Paste))
    assert told.args[0].title == "There is no photo on the clipboard."


def test_a_click_on_the_drop_area_chooses_a_photo(
    tab: PredictTab, session: Session, meadow: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    chosen = iter((str(meadow / "roses_97.jpg"), str(meadow / "notes.jpg")))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (next(chosen), ""))
    (area,) = tab.findChildren(OnePhotoArea)
    qtbot.mouseClick(area, Qt.MouseButton.LeftButton)
    (bars,) = tab.findChildren(ScoreBars)
    qtbot.waitUntil(lambda: bars.accessibleName().startswith("roses 97 %"))
    with qtbot.waitSignal(session.posted) as told:
        qtbot.keyClick(area, Qt.Key.Key_Return)
    assert told.args[0].title == "notes.jpg is no photo."


def test_a_displaced_question_is_asked_again(
    tab: PredictTab, session: Session, meadow: Path, model: FakeModel, qtbot: QtBot
) -> None:
    model.gate.clear()
    drop(tab, meadow / "roses_97.jpg")
    session.runner.start("prepare", lambda _emit, _token: None)
    model.gate.set()
    (bars,) = tab.findChildren(ScoreBars)
    qtbot.waitUntil(lambda: bars.accessibleName().startswith("roses 97 %"))


def test_a_folder_without_files_is_said_and_the_next_one_goes_on(
    tab: PredictTab, session: Session, meadow: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    empty = tmp_path / "Empty"
    empty.mkdir()
    with qtbot.waitSignal(session.posted) as told:
        drop(tab, empty, meadow)
    assert told.args[0].title == f"There are no files in {empty}."
    until_done(qtbot, tab, 4)


def test_a_folder_without_photos_is_said(tab: PredictTab, session: Session, tmp_path: Path, qtbot: QtBot) -> None:
    films = tmp_path / "Films"
    films.mkdir()
    (films / "first.mp4").write_bytes(b"no photo")
    with qtbot.waitSignal(session.posted) as told:
        drop(tab, films)
    assert told.args[0].title == "There are no photos in Films."
    assert told.args[0].line == "What is there is of other kinds: 1 file."


def test_another_run_clears_the_answers_and_stops_the_old_one(
    tab: PredictTab, session: Session, meadow: Path, tmp_path: Path, model: FakeModel, qtbot: QtBot
) -> None:
    model.gate.clear()
    drop(tab, meadow)
    qtbot.waitUntil(lambda: tab.state().text == "1 of 5")
    session.stored = stored_run(tmp_path)
    session.run_changed.emit()
    assert tab.state().text == "Ready"
    assert table_of(tab).model().rowCount() == 0
    qtbot.waitUntil(lambda: not session.runner.busy("compute"))
    model.gate.set()
    drop(tab, meadow)
    until_done(qtbot, tab, 4)


@pytest.fixture
def training(session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    def wait(_request: object, *, emit: Emit, token: CancelToken) -> None:  # noqa: ARG001 - as the workflow
        while not token.cancelled:
            threading.Event().wait(0.01)
        raise Cancelled

    monkeypatch.setattr("tlstudio.ui.session.train", wait)
    session.photos.dataset = Dataset(str(tmp_path), CLASSES, ())
    return session.train


def test_nothing_is_classified_while_a_training_runs(
    tab: PredictTab, session: Session, meadow: Path, training: Callable[[], None], model: FakeModel, qtbot: QtBot
) -> None:
    training()
    assert not tab.next_step().enabled
    for thing in (meadow, meadow / "roses_97.jpg"):
        with qtbot.waitSignal(session.posted) as told:
            drop(tab, thing)
        assert told.args[0].title == "A training runs now."
    assert model.asked == []
    with qtbot.waitSignal(session.training_ended):
        session.stop_training()
    assert tab.next_step().enabled


def test_no_training_begins_while_photos_are_classified(
    tab: PredictTab, session: Session, meadow: Path, training: Callable[[], None], model: FakeModel, qtbot: QtBot
) -> None:
    model.gate.clear()
    drop(tab, meadow)
    qtbot.waitUntil(lambda: tab.state().text == "1 of 5")
    with qtbot.waitSignal(session.posted) as told:
        training()
    assert told.args[0].title == "The computer is busy with something else."
    model.gate.set()
    until_done(qtbot, tab, 4)


def test_an_end_while_another_tab_is_shown_leaves_a_message(
    tab: PredictTab, session: Session, meadow: Path, qtbot: QtBot
) -> None:
    tab.hide()
    with qtbot.waitSignal(session.posted) as told:
        drop(tab, meadow)
    message: Message = told.args[0]
    assert message.title == "4 photos of Meadow classified."
    assert message.on_choice is not None
    with qtbot.waitSignal(session.tab_requested) as asked:
        message.on_choice()
    assert asked.args == ["predict"]


def test_every_control_says_what_it_is(tab: PredictTab, meadow: Path, qtbot: QtBot) -> None:
    drop(tab, meadow)
    until_done(qtbot, tab, 4)
    for kind in (QAbstractButton, QLineEdit, QSlider, OnePhotoArea):
        for control in tab.findChildren(kind):
            if control.isHidden():
                continue  # the corner of a table; what has no words yet
            name = control.accessibleName() or (control.text() if isinstance(control, QAbstractButton) else "")
            assert name, control
            around = control.parentWidget()  # of which a choice side by side is a part
            assert control.toolTip() or (around is not None and around.toolTip()), name


def test_it_fits_the_smallest_window(tab: PredictTab, meadow: Path, qtbot: QtBot) -> None:
    drop(tab, meadow)
    until_done(qtbot, tab, 4)
    tab.resize(1100, 556)
    assert tab.width() == 1100
    assert table_of(tab).compact()
    (filters,) = tab.findChildren(AnswerFilters)
    qtbot.waitUntil(lambda: filters.height() <= 2 * theme.HEIGHT_FIELD)  # the table gets the room
    assert not tab.grab().isNull()


def test_the_pace_is_told_calmly() -> None:
    now = [0.0]
    pace = Pace(lambda: now[0])
    for seconds, done in ((0, 0), (4, 400), (8, 800)):
        now[0] = seconds
        pace.look(done, 6000)
    assert pace.speed() == "100 a second"
    assert pace.left() == "50 s left"
