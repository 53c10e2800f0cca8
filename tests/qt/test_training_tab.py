"""The Training tab, with a training that a test plays event by event."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from tlstudio.datasets.dataset import Dataset
from tlstudio.datasets.splits.split import Split
from tlstudio.errors import Cancelled, TLStudioError
from tlstudio.evaluation.judge import build_report
from tlstudio.events import BatchEnded, CancelToken, Emit, EpochEnded, PhaseStarted, Progress
from tlstudio.runs.run import SCHEMA, Run, RunStatus
from tlstudio.runs.store import StoredRun
from tlstudio.training.config import Phase, TrainConfig
from tlstudio.training.history import History
from tlstudio.ui.session import Session
from tlstudio.ui.tabs.training.train_on_sheet import TrainOnSheet
from tlstudio.ui.tabs.training.training_tab import TrainingTab
from tlstudio.ui.widgets.curves import Curves
from tlstudio.ui.widgets.labels import TextLabel
from tlstudio.ui.widgets.next_step_bar import JobStatus
from tlstudio.ui.widgets.rounds_table import RoundsTable
from tlstudio.ui.widgets.steps import StepsRow
from tlstudio.ui.widgets.thumbnails import ThumbnailCache
from tlstudio.workflows.train import Trained, TrainRequest

# The offscreen platform says so of every window.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

SECONDS = {"scan": 0.2, "features": 6.0, "head": 9.0, "fine_tune": 0.0, "evaluate": 1.0, "total": 41.0}


def epochs(count: int) -> tuple[EpochEnded, ...]:
    return tuple(EpochEnded(0, n, 1 / (n + 1), 0.9, 1 / (n + 1), 0.8 + n / 100, 0.5, 1e-3, True) for n in range(count))


def trained(request: TrainRequest, status: RunStatus = "complete", exam: int = 100) -> Trained:
    """A run of this request; of its exam photos one in ten is wrong."""
    dataset = request.source
    assert isinstance(dataset, Dataset)
    labels = np.arange(exam) % 2
    scores = np.full((exam, 2), 0.1)
    scores[np.arange(exam), labels] = 0.9
    scores[::10] = scores[::10, ::-1]
    report = build_report(dataset.root, dataset.classes[:2], [f"{n}.jpg" for n in range(exam)], labels, scores)
    run = Run(
        SCHEMA, "Flowers", "2026-01-01T00:00:00+00:00", status, dataset.root, dataset.classes, dataset.samples,
        Split((0,), (), ()), request.split, (), request.spec, "pooling", "", request.config,
        History(("scratch",), epochs(6)), None, None, SECONDS, {},
    )  # fmt: skip
    return Trained(StoredRun(request.out, run), report)


@dataclass
class Play:
    """Stands in for the training: does what the test puts in, one by one."""

    begun: threading.Event = field(default_factory=threading.Event)
    go_on: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    emit: Emit = lambda _event: None
    outcome: Callable[[TrainRequest], Trained] = trained
    heed_stop: bool = True

    def train(self, request: TrainRequest, *, emit: Emit, token: CancelToken) -> Trained:
        self.emit = emit
        self.begun.set()
        while not self.go_on.acquire(timeout=0.01):
            if token.cancelled and self.heed_stop:
                break
        return self.outcome(request)

    def end(self) -> None:
        self.go_on.release()


@pytest.fixture
def play(monkeypatch: pytest.MonkeyPatch) -> Play:
    made = Play()
    monkeypatch.setattr("tlstudio.ui.session.train", made.train)
    monkeypatch.setattr("tlstudio.ui.session.prepare_run", lambda *_, **__: None)
    return made


@pytest.fixture
def session(qapp: QApplication, home: Path, play: Play) -> Iterator[Session]:  # noqa: ARG001 - all must be there
    made = Session()
    yield made
    play.end()
    assert made.runner.shutdown(10)


@pytest.fixture
def tab(session: Session, qtbot: QtBot) -> Iterator[TrainingTab]:
    cache = ThumbnailCache()
    made = TrainingTab(session, cache)
    qtbot.addWidget(made)
    made.resize(1440, 764)
    made.show()
    yield made
    cache.shutdown()


@pytest.fixture
def ready(session: Session, tab: TrainingTab, class_folders: Callable[..., Path], qtbot: QtBot) -> TrainingTab:
    with qtbot.waitSignal(session.photos.changed):
        session.photos.open_folder(class_folders({"daisy": 8, "rose": 8}))
    return tab


def start(tab: TrainingTab, play: Play, qtbot: QtBot) -> None:
    tab.take_action()
    qtbot.waitUntil(play.begun.is_set)


def texts(tab: QWidget) -> str:
    return "\n".join(label.text() for label in tab.findChildren(TextLabel) if label.isVisibleTo(tab) and label.text())


def steps(tab: TrainingTab) -> str:
    return tab.findChild(StepsRow).accessibleName()


def test_before_photos_it_says_what_is_missing(tab: TrainingTab) -> None:
    assert "Not ready to train yet" in texts(tab)
    assert not tab.next_step().enabled
    assert tab.state().text == "Not started"


def test_before_the_start_it_says_what_will_happen(ready: TrainingTab, session: Session, qtbot: QtBot) -> None:
    assert "Ready to train" in texts(ready)
    planned = "Read photos, to come, 16, once each; Learn the classes, to come, as long as it helps"
    assert steps(ready).startswith(planned)
    assert ready.next_step().line == "16 photos in 2 classes."
    (change,) = (button for button in ready.findChildren(QAbstractButton) if button.text() == "Change how it trains")
    with qtbot.waitSignal(session.tab_requested) as asked:
        qtbot.mouseClick(change, Qt.MouseButton.LeftButton)
    assert asked.args == ["model"]


def test_it_follows_a_training_to_its_end(ready: TrainingTab, session: Session, play: Play, qtbot: QtBot) -> None:
    start(ready, play, qtbot)
    assert ready.state().kind == "running"
    play.emit(Progress("features", 0, 16))
    play.emit(Progress("features", 8, 16))
    qtbot.waitUntil(lambda: "Reading your photos" in texts(ready))
    assert "Read photos, running, 8 of 16" in steps(ready)
    play.emit(Progress("features", 16, 16))
    play.emit(PhaseStarted(0, "scratch", 60, 4))
    play.emit(BatchEnded(0, 0, 2, 4, 0.7, 0.5))
    qtbot.waitUntil(lambda: "round 1 of 60, batch 2 of 4" in (ready.job_status() or JobStatus("")).detail)
    assert not ready.findChild(Curves).data().empty, "the curves move within a round"
    for epoch in epochs(6):
        play.emit(epoch)
    qtbot.waitUntil(lambda: ready.findChild(Curves).data().rounds == 6)
    qtbot.waitUntil(lambda: ready.findChild(RoundsTable).model().rowCount() == 6)
    play.emit(Progress("evaluate", 0, 100))
    with qtbot.waitSignal(session.training_ended):
        play.end()
    qtbot.waitUntil(lambda: "Of 100 new photos, about 82 to 95 will be right." in texts(ready))
    assert "Measured on 100 photos that the model had never seen: 90 right, 10 wrong." in texts(ready)
    assert "Final exam: 90 of 100 photos right." in texts(ready)
    assert ready.state().text == "Done in 41 s"
    assert ready.job_status() is None
    with qtbot.waitSignal(session.tab_requested) as asked:
        ready.take_action()
    assert asked.args == ["evaluation"]


def test_stop_says_so_at_once_and_keeps_what_was_learnt(
    ready: TrainingTab, session: Session, play: Play, qtbot: QtBot
) -> None:
    play.outcome = lambda request: trained(request, "stopped")
    play.heed_stop = False
    start(ready, play, qtbot)
    play.emit(PhaseStarted(0, "scratch", 60, 4))
    ready.stop_job()
    assert "Stopping" in texts(ready)
    with qtbot.waitSignal(session.training_ended):
        play.end()
    assert "It was stopped early" in texts(ready)
    assert ready.state().text == "Stopped"
    assert ready.next_step().choice == "Train again"


def test_stopped_before_anything_was_learnt(ready: TrainingTab, session: Session, play: Play, qtbot: QtBot) -> None:
    def give_up(_request: TrainRequest) -> Trained:
        raise Cancelled

    play.outcome = give_up
    start(ready, play, qtbot)
    with qtbot.waitSignal(session.training_ended):
        ready.stop_job()
    assert "Nothing was learnt yet, so nothing is kept." in texts(ready)
    assert ready.state().text == "Stopped"
    assert ready.next_step().action == "Train"


def test_a_failure_leads_back_to_the_plan(ready: TrainingTab, session: Session, play: Play, qtbot: QtBot) -> None:
    def fail(_request: TrainRequest) -> Trained:
        raise TLStudioError("The weights don't fit.", "Choose others.")

    play.outcome = fail
    start(ready, play, qtbot)
    with qtbot.waitSignal(session.posted):
        play.end()
    assert "Ready to train" in texts(ready)
    assert ready.state().text == "Not started"


def test_too_few_exam_photos_promise_nothing(ready: TrainingTab, session: Session, play: Play, qtbot: QtBot) -> None:
    play.outcome = lambda request: trained(request, exam=12)
    start(ready, play, qtbot)
    with qtbot.waitSignal(session.training_ended):
        play.end()
    qtbot.waitUntil(lambda: "too few exam photos to tell" in texts(ready))


def test_a_run_from_disk_is_told_from_its_history(ready: TrainingTab, session: Session, tmp_path: Path) -> None:
    assert session.photos.dataset is not None
    request = TrainRequest(session.photos.dataset, tmp_path / "run", session.choices.spec, session.choices.config())
    done = trained(request)
    session.stored, session.report = done.stored, done.report
    session.run_changed.emit()
    assert ready.findChild(Curves).data().rounds == 6
    assert ready.findChild(RoundsTable).model().rowCount() == 6
    assert "Trained on 16 photos in 2 classes, in 41 s." in texts(ready)
    assert "Round 6 of 6 was the best; that one is kept." in texts(ready)
    assert steps(ready) == "Read photos, done, 6 s; Learn the classes, done, 9 s; Final exam, done, 1 s"


def test_rounds_and_curves_are_saved(
    ready: TrainingTab, session: Session, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    test_a_run_from_disk_is_told_from_its_history(ready, session, tmp_path)
    for kind, begins in (
        ("csv", b"\xef\xbb\xbfround,phase,epoch,loss,accuracy"),
        ("png", b"\x89PNG"),
        ("svg", b"<?xml"),
    ):
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, kind=kind: (str(tmp_path / f"saved.{kind}"), ""))
        with qtbot.waitSignal(session.posted, timeout=20_000) as posted:
            ready.findChild(Curves).save_requested.emit(kind)
        assert posted.args[0].kind == "done"
        assert (tmp_path / f"saved.{kind}").read_bytes().startswith(begins)
    lines = (tmp_path / "saved.csv").read_text("utf-8-sig").splitlines()
    assert len(lines) == 7
    assert lines[2] == "2,scratch,2,0.5,0.9,0.5,0.81,0.500,0.001,1"


def test_what_was_seen_within_the_rounds_stays_after_the_training(
    ready: TrainingTab, session: Session, play: Play, qtbot: QtBot
) -> None:
    start(ready, play, qtbot)
    play.emit(PhaseStarted(0, "scratch", 60, 4))
    for epoch in epochs(6):
        play.emit(BatchEnded(0, epoch.epoch, 2, 4, 0.7, 0.5))
        play.emit(epoch)
    with qtbot.waitSignal(session.training_ended):
        play.end()
    data = ready.findChild(Curves).data()
    assert data.has_batches
    assert data.reach == 6


def test_all_rounds_get_more_room(ready: TrainingTab, session: Session, tmp_path: Path, qtbot: QtBot) -> None:
    test_a_run_from_disk_is_told_from_its_history(ready, session, tmp_path)
    (button,) = (button for button in ready.findChildren(QAbstractButton) if button.text() == "All 6")
    before = ready.findChild(RoundsTable).height()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: ready.findChild(RoundsTable).height() > before)
    assert button.text() == "Fewer"
    table = ready.findChild(RoundsTable)
    qtbot.waitUntil(lambda: not any(table.isColumnHidden(column) for column in range(7)))


def test_many_short_rounds_do_not_flicker(
    ready: TrainingTab, session: Session, play: Play, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [0.0]
    monkeypatch.setattr(ready, "_clock", lambda: now[0])
    start(ready, play, qtbot)
    said: list[str] = []
    shown: list[str] = []
    say, show = ready._say, ready._verdict.show_steps
    ready._beat.stop()
    monkeypatch.setattr(ready, "_say", lambda course: (said.append(""), say(course)))
    monkeypatch.setattr(ready._verdict, "show_steps", lambda steps: (shown.append(""), show(steps)))
    session.training_reported.emit(PhaseStarted(0, "scratch", 400, 1))
    for number, epoch in enumerate(epochs(40)):
        session.training_reported.emit(epoch)
        if number % 10 == 0:
            qtbot.waitUntil(lambda: not ready._frame.isActive())
    assert ready.findChild(Curves).data().rounds == 40
    assert len(shown) == 4, "many events, few frames"
    assert len(said) == 1, "a new stage is said at once, and then nothing for a second"
    now[0] = 1.0
    session.training_reported.emit(epochs(41)[-1])
    qtbot.waitUntil(lambda: len(said) == 2)


def test_every_control_says_what_it_is_and_does(ready: TrainingTab, session: Session, tmp_path: Path) -> None:
    controls = [button for button in ready.findChildren(QAbstractButton) if button.isVisible()]
    test_a_run_from_disk_is_told_from_its_history(ready, session, tmp_path)
    controls += [button for button in ready.findChildren(QAbstractButton) if button.isVisible()]
    assert {button.text() or button.accessibleName() for button in controls} == {
        "Change how it trains",
        "All 6",
        "Smoothing, scales, zoom, saving",
        "Copy the rounds, or save them as a table",
        "Train several",
        "Train on",
        "What computes",
    }
    assert all(button.toolTip() for button in controls)
    assert ready.findChild(Curves).accessibleName()
    assert ready.findChild(RoundsTable).accessibleName()


def show_run(session: Session, folder: Path, status: RunStatus) -> StoredRun:
    """Show a run of the photos that are open, of 6 of the rounds that were planned."""
    assert session.photos.dataset is not None
    config = TrainConfig((Phase("scratch", 10, 1e-3), Phase("scratch", 4, 1e-4)))
    done = trained(TrainRequest(session.photos.dataset, folder, session.choices.spec, config), status)
    session.stored, session.report = done.stored, done.report
    session.run_changed.emit()
    return done.stored


def test_a_stopped_run_is_trained_on(
    ready: TrainingTab, session: Session, play: Play, tmp_path: Path, qtbot: QtBot
) -> None:
    stored = show_run(session, tmp_path / "first", "stopped")
    asked: list[TrainRequest] = []

    def outcome(request: TrainRequest) -> Trained:
        asked.append(request)
        return trained(request)

    play.outcome = outcome
    (button,) = (button for button in ready.findChildren(QAbstractButton) if button.text() == "Train on")
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    (sheet,) = ready.window().findChildren(TrainOnSheet)
    assert "“Flowers” has learnt for 6 rounds before it was stopped." in texts(sheet)
    (begin,) = (button for button in sheet.findChildren(QAbstractButton) if button.text() == "Train on")
    qtbot.mouseClick(begin, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(play.begun.is_set)
    assert not button.isVisible()
    play.emit(PhaseStarted(0, "scratch", 6, 4))
    for epoch in epochs(6):
        play.emit(epoch)
    play.emit(PhaseStarted(1, "scratch", 4, 4))
    qtbot.waitUntil(lambda: ready.findChild(Curves).data().rounds == 6)
    with qtbot.waitSignal(session.training_ended):
        play.end()
    (request,) = asked
    assert request.origin == stored
    assert [phase.epochs for phase in request.config.phases] == [6, 4, 4], "the rounds done, those left, what followed"
    assert request.out.parent == tmp_path
    assert request.parts == session.photos.split
