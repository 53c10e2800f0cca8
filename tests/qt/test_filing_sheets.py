"""Using the answers, through the sheets: sorting, keywords, tables, what was filed, and what a crash has cut off."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from person import Person
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog, QFileDialog, QLabel, QMainWindow
from pytestqt.qtbot import QtBot
from stored_runs import make_run

from tlstudio import paths
from tlstudio.events import CancelToken, ignore_events
from tlstudio.filing import journal as journal_files
from tlstudio.filing.execute import execute
from tlstudio.filing.journals import FOLDER, journals
from tlstudio.filing.plan import FilingEntry, FilingOptions
from tlstudio.filing.planning import plan_filing
from tlstudio.filing.xmp import keywords_of
from tlstudio.prediction.prediction import Prediction
from tlstudio.prediction.predictor import Predictor
from tlstudio.runs.store import StoredRun
from tlstudio.ui.session import Session
from tlstudio.ui.tabs.predict.answers.answers import Answers
from tlstudio.ui.tabs.predict.uses.answer_desk import AnswerDesk
from tlstudio.ui.tabs.predict.uses.answer_set import AnswerPart, AnswerSet
from tlstudio.ui.tabs.predict.uses.counts_table import CountsTable
from tlstudio.ui.tabs.predict.uses.filed_sheet import FiledSheet
from tlstudio.ui.tabs.predict.uses.filing_sheet import FilingSheet
from tlstudio.ui.tabs.predict.uses.keyword_sheet import KeywordSheet
from tlstudio.ui.unfinished_filings import UnfinishedFilings
from tlstudio.ui.widgets.fields import ComboBox
from tlstudio.ui.widgets.labels import ElidedLabel
from tlstudio.ui.widgets.left_out_sheet import LeftOutSheet
from tlstudio.ui.widgets.message_bar import Message, MessageBar
from tlstudio.ui.widgets.table import Table
from tlstudio.workers.runner import JobRunner

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

CLASSES = ("daisy", "roses")


class Somebody:
    """Uses the sheets, and hears what is said."""

    def __init__(self, qtbot: QtBot, session: Session, owner: QMainWindow) -> None:
        self.qtbot, self.owner = qtbot, owner
        self.desk = AnswerDesk(session, owner)
        self.messages: list[Message] = []
        session.posted.connect(self.messages.append)

    @property
    def sheet(self) -> QDialog:
        return next(dialog for dialog in self.owner.findChildren(QDialog) if dialog.isVisible())

    def button(self, words: str) -> QAbstractButton:
        found = [each for each in self.sheet.findChildren(QAbstractButton) if each.text() == words]
        assert found, f"no button “{words}” in {[each.text() for each in self.sheet.findChildren(QAbstractButton)]}"
        return found[0]

    def press(self, words: str) -> None:
        self.qtbot.mouseClick(self.button(words), Qt.MouseButton.LeftButton)

    def can(self, words: str) -> bool:
        """Whether the deed is offered, under these words."""
        return any(each.text() == words and each.isEnabled() for each in self.sheet.findChildren(QAbstractButton))

    def await_deed(self, words: str) -> None:
        self.qtbot.waitUntil(lambda: self.can(words), timeout=10_000)

    def await_message(self, beginning: str) -> Message:
        self.qtbot.waitUntil(
            lambda: bool(self.messages) and self.messages[-1].title.startswith(beginning), timeout=10_000
        )
        return self.messages[-1]

    def words(self) -> str:
        shown = (label for label in self.sheet.findChildren(QLabel) if label.isVisible())
        return "\n".join(each.full_text() if isinstance(each, ElidedLabel) else each.text() for each in shown)


@pytest.fixture
def meadow(tmp_path: Path) -> Path:
    folder = tmp_path / "Meadow"
    for name in ("plot/1.jpg", "plot/2.jpg", "3.png", "4.jpg"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        Image.linear_gradient("L").resize((16, 12)).save(folder / name)
    return folder


@pytest.fixture
def answers(meadow: Path) -> AnswerSet:
    answers = Answers(CLASSES)
    said = (
        ("plot/1.jpg", "daisy", 0.9),
        ("plot/2.jpg", "roses", 0.8),
        ("3.png", "daisy", 0.95),
        ("4.jpg", "roses", 0.55),
    )
    others = {"daisy": "roses", "roses": "daisy"}
    answers.append(
        Prediction(str(meadow / path), "ok", ((name, score), (others[name], 1 - score))) for path, name, score in said
    )
    answers.append([Prediction(str(meadow / "5.jpg"), "unreadable", error="Cut short.")])
    return AnswerSet("Meadow", meadow.parent, (AnswerPart(answers, len(answers), meadow),), 0.6)


@pytest.fixture
def somebody(session: Session, qtbot: QtBot, class_folders: Callable[..., Path]) -> Iterator[Somebody]:
    learnt = class_folders({"daisy": 4, "roses": 4}, name="learnt")
    session.stored = make_run(paths.home_dir() / "runs" / "run", learnt)
    owner = QMainWindow()
    qtbot.addWidget(owner)
    owner.show()
    yield Somebody(qtbot, session, owner)
    assert session.runner.shutdown(10)


def files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_the_sheet_says_what_would_happen_to_whom(somebody: Somebody, answers: AnswerSet, tmp_path: Path) -> None:
    somebody.desk.sort(answers)
    assert somebody.sheet.isVisible(), "at once"
    somebody.await_deed("Copy 3 photos")
    words = somebody.words()
    assert "1.jpg → daisy/plot/" in words
    assert "1 photo with an answer that is not sure" in words
    assert "1 photo that can't be read" in words
    assert "free on that disk" in words
    table = somebody.sheet.findChild(CountsTable)
    assert [table.model().index(row, 0).data() for row in range(2)] == ["daisy", "roses"]
    assert [table.model().index(row, 2).data() for row in range(2)] == ["2", "1"]
    somebody.press("Cancel")
    assert not (tmp_path / "Meadow sorted").exists()


def test_sidecars_go_along_and_are_not_counted_as_photos(somebody: Somebody, answers: AnswerSet, meadow: Path) -> None:
    for name in ("plot/1.jpg.xmp", "3.xmp"):
        (meadow / name).write_text("notes", encoding="utf-8")
    somebody.desk.sort(answers)
    somebody.await_deed("Copy 3 photos")
    assert "2 sidecar files (.xmp) go along." in somebody.words()
    assert ".xmp →" not in somebody.words()
    somebody.press("Copy 3 photos")
    message = somebody.await_message("3 photos are copied into 2 folders")
    assert "2 sidecar files (.xmp) went along." in message.line
    assert (meadow.parent / "Meadow sorted" / "daisy" / "plot" / "1.jpg.xmp").is_file()


def test_photos_are_copied_and_that_is_undone_from_the_message(
    somebody: Somebody, answers: AnswerSet, meadow: Path
) -> None:
    before, target = files(meadow), meadow.parent / "Meadow sorted"
    somebody.desk.sort(answers)
    somebody.await_deed("Copy 3 photos")
    somebody.press("Copy 3 photos")
    message = somebody.await_message("3 photos are copied into 2 folders")
    assert (message.kind, message.choice) == ("done", "Undo")
    assert files(target) == {"daisy/plot/1.jpg", "daisy/3.png", "roses/plot/2.jpg"}
    assert message.on_choice is not None
    message.on_choice()
    somebody.await_message("Undone: everything is as it was before")
    assert not target.exists()
    assert files(meadow) == before


def test_choices_change_the_plan(somebody: Somebody, answers: AnswerSet, meadow: Path) -> None:
    somebody.desk.sort(answers)
    somebody.await_deed("Copy 3 photos")
    somebody.press("Sure and unsure")
    somebody.await_deed("Copy 4 photos")
    somebody.press("Move")
    somebody.await_deed("Move 4 photos")
    somebody.press("Keep the folders that they lie in, inside those of the classes")
    assert not somebody.can("Move 4 photos"), "until the plan follows"
    somebody.await_deed("Move 4 photos")
    assert "1.jpg → daisy/\n" in somebody.words()
    somebody.press("Move 4 photos")
    somebody.await_message("4 photos are moved into 2 folders")
    assert files(meadow) == set()


def test_another_folder_and_one_that_can_not_be(
    somebody: Somebody, answers: AnswerSet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    places = iter([str(tmp_path / "file"), str(tmp_path / "else")])
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: next(places))
    somebody.desk.sort(answers)
    somebody.await_deed("Copy 3 photos")
    somebody.press("Choose another folder")
    somebody.qtbot.waitUntil(lambda: "is a file" in somebody.words())
    assert not somebody.can("Copy 3 photos")
    somebody.press("Choose another folder")
    somebody.await_deed("Copy 3 photos")
    somebody.press("Copy 3 photos")
    somebody.await_message("3 photos are copied")
    assert len(files(tmp_path / "else")) == 3


def test_keywords_beside_photos_and_in_copies(somebody: Somebody, answers: AnswerSet, meadow: Path) -> None:
    somebody.desk.tag(answers)
    somebody.await_deed("Write keywords for 3 photos")
    assert "1.jpg.xmp: daisy" in somebody.words()
    somebody.press("photo.xmp")
    somebody.qtbot.waitUntil(lambda: "1.xmp: daisy" in somebody.words())
    somebody.press("photo.jpg.xmp")
    somebody.await_deed("Write keywords for 3 photos")
    somebody.press("Write keywords for 3 photos")
    somebody.await_message("3 files are written")
    assert keywords_of((meadow / "plot" / "1.jpg.xmp").read_bytes()) == ("daisy",)
    somebody.desk.tag(answers)
    somebody.qtbot.waitUntil(lambda: "nothing to do" in somebody.words())
    assert "3 photos: Its keyword is there already." in somebody.words()
    somebody.press("In copies")
    somebody.await_deed("Write keywords for 3 photos")
    somebody.press("Write keywords for 3 photos")
    somebody.await_message("6 files are written")  # the sidecars go along
    assert "3 sidecar files (.xmp) went along." in somebody.messages[-1].line
    with Image.open(meadow.parent / "Meadow with keywords" / "daisy" / "3.png") as photo:
        assert keywords_of(photo.info["xmp"]) == ("daisy",)


def test_a_table_of_the_kind_that_is_chosen(somebody: Somebody, answers: AnswerSet, meadow: Path) -> None:
    somebody.desk.tabulate(answers)
    kinds = somebody.sheet.findChild(ComboBox)
    kinds.setCurrentIndex(kinds.findData("json"))
    somebody.press("The best one")
    somebody.press("Save 5 lines")
    somebody.await_message("5 lines saved as a table")
    rows = json.loads((meadow.parent / "Meadow.json").read_bytes())
    assert [row["label"] for row in rows] == ["daisy", "roses", "daisy", "roses", None]
    assert [row["status"] for row in rows] == ["ok", "ok", "ok", "unsure", "unreadable"]
    assert len(rows[0]["top"]) == 1


def test_a_table_that_is_there_is_not_replaced_unsaid(
    somebody: Somebody, answers: AnswerSet, meadow: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (meadow.parent / "Meadow.xlsx").touch()
    somebody.desk.tabulate(answers)
    assert "takes its place" in somebody.words()
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(meadow.parent / "v1.2"), ""))
    somebody.press("Choose another place")
    assert "takes its place" not in somebody.words()
    assert str(meadow.parent / "v1.2.xlsx") in somebody.words()


def test_what_is_left_out_is_said_for_each_file(somebody: Somebody, answers: AnswerSet, meadow: Path) -> None:
    (meadow / "3.png").unlink()
    somebody.desk.sort(answers)
    somebody.await_deed("Copy 2 photos")
    somebody.press("Show the files")
    listed = next(each for each in somebody.sheet.findChildren(LeftOutSheet) if each.isVisible())
    table = listed.findChild(Table)
    assert table.model().index(0, 0).data() == str(meadow / "3.png")
    assert "any more" in table.model().index(0, 1).data()
    listed.accept()
    (meadow / "plot" / "1.jpg").write_bytes(b"another photo")
    somebody.press("Copy 2 photos")
    message = somebody.await_message("1 photo is copied into 1 folder")
    assert (message.kind, message.fix) == ("unsure", "Show what was left out")
    assert "1.jpg: It has changed" in message.line
    assert message.on_fix is not None
    message.on_fix()
    assert "1 file left out" in somebody.words()


def test_what_was_filed_is_listed_and_undone_later(somebody: Somebody, answers: AnswerSet, meadow: Path) -> None:
    target = meadow.parent / "Meadow sorted"
    somebody.desk.show_filed()
    somebody.qtbot.waitUntil(lambda: "Nothing has been filed yet." in somebody.words())
    somebody.press("Close")
    somebody.desk.sort(answers)
    somebody.await_deed("Copy 3 photos")
    somebody.press("Copy 3 photos")
    somebody.await_message("3 photos are copied")
    somebody.desk.show_filed()
    somebody.qtbot.waitUntil(lambda: "3 photos copied" in somebody.words())
    somebody.press("Undo")
    somebody.await_message("Undone")
    assert not target.exists()
    somebody.desk.show_filed()
    somebody.qtbot.waitUntil(lambda: ": undone" in somebody.words())
    assert not somebody.can("Undo")


@pytest.mark.parametrize("answer", ["go on", "roll back"])
def test_what_a_crash_has_cut_off_is_offered_at_the_start(
    somebody: Somebody, session: Session, meadow: Path, tmp_path: Path, answer: str
) -> None:
    plan = plan_filing(
        [FilingEntry(meadow / "4.jpg", "roses", meadow)],
        FilingOptions(tmp_path / "sorted"),
        emit=ignore_events,
        token=CancelToken(),
    )
    folder = paths.home_dir() / FOLDER
    begun = journal_files.new_folder(folder)
    journal_files.create(begun, plan.target, plan.kind, plan.class_folders, plan.actions)  # and then the power fails
    starting = UnfinishedFilings(session, somebody.owner)
    starting.offer()
    message = somebody.await_message("Copying photos was cut off")
    deed = message.on_fix if answer == "go on" else message.on_choice
    assert deed is not None
    deed()
    somebody.await_message("1 photo is copied" if answer == "go on" else "Undone")
    assert (tmp_path / "sorted").exists() == (answer == "go on")
    assert not journals(folder)[0].interrupted


def test_what_was_stopped_can_be_gone_on_with(somebody: Somebody, meadow: Path, tmp_path: Path) -> None:
    entries = [FilingEntry(path, "daisy", meadow) for path in sorted(meadow.rglob("*.jpg"))]
    token, folder = CancelToken(), paths.home_dir() / FOLDER
    plan = plan_filing(entries, FilingOptions(tmp_path / "sorted"), emit=ignore_events, token=CancelToken())
    stopped = execute(plan, folder, emit=lambda _event: token.cancel(), token=token)
    assert stopped.stopped
    somebody.desk.show_filed()
    somebody.qtbot.waitUntil(lambda: f"stopped at {stopped.done} of 3" in somebody.words())
    somebody.press("Go on")
    somebody.await_message("3 photos are copied into 1 folder")
    assert len(files(tmp_path / "sorted")) == 3


def test_one_thing_at_a_time(somebody: Somebody, answers: AnswerSet, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(JobRunner, "busy", lambda _runner, lane: lane == "copy")
    somebody.desk.sort(answers)
    assert somebody.messages[-1].title == "Photos are being filed now"
    assert not [dialog for dialog in somebody.owner.findChildren(QDialog) if dialog.isVisible()]


def test_every_control_says_what_it_does(somebody: Somebody, answers: AnswerSet) -> None:
    for show in (somebody.desk.sort, somebody.desk.tag, somebody.desk.tabulate):
        show(answers)
        QApplication.processEvents()
        for button in somebody.sheet.findChildren(QAbstractButton):
            if button.isVisible():
                assert button.text() or button.accessibleName()
        ended = QSignalSpy(somebody.sheet.finished)
        somebody.qtbot.keyClick(somebody.sheet, Qt.Key.Key_Escape)
        assert ended.count() == 1


class Engine:
    """Says of every photo that it is 90 % of the first class."""

    def run(self, batch: NDArray[Any]) -> NDArray[np.float32]:
        return np.tile(np.array([0.9, 0.1], np.float32), (len(batch), 1))


def test_through_the_window(
    newcomer: Person, class_folders: Callable[..., Path], meadow: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def load(stored: StoredRun, *_: object, **__: object) -> Predictor:
        return Predictor(stored.run.classes, stored.run.spec.input_size, [Engine()])

    monkeypatch.setattr(Predictor, "load", load)
    learnt = class_folders({"daisy": 4, "roses": 4}, name="learnt")
    stored = make_run(paths.home_dir() / "runs" / "run", learnt)
    newcomer.window.session.open_run(stored.folder)
    newcomer.wait(lambda: newcomer.window.session.stored is not None)
    newcomer.window.open("predict")
    newcomer.drop(meadow)
    newcomer.wait(lambda: "4 photos. None is missing." in newcomer.words())
    before = files(meadow)
    newcomer.press("Sort into folders")
    newcomer.press("Copy 4 photos", newcomer.see(FilingSheet))
    newcomer.wait(lambda: newcomer.told == "4 photos are copied into 1 folder")
    assert len(files(meadow.parent / "Meadow sorted" / "daisy")) == 4
    newcomer.press("Write keywords")
    newcomer.press("Write keywords for 4 photos", newcomer.see(KeywordSheet))
    newcomer.wait(lambda: newcomer.told == "4 files are written")
    newcomer.press("Undo", newcomer.see(MessageBar))
    newcomer.wait(lambda: newcomer.told.startswith("Undone"))
    assert files(meadow) == before
    newcomer.press("What was filed, to undo it")
    newcomer.press("Undo", newcomer.see(FiledSheet))
    newcomer.wait(lambda: newcomer.told.startswith("Undone"))
    assert not (meadow.parent / "Meadow sorted").exists()
