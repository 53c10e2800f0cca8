"""Interrupted trainings in the window, and pauses; the training itself is played."""

import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from person import Person
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from tlstudio import paths
from tlstudio.datasets.index import index_folder
from tlstudio.datasets.splits.sharing import share_out
from tlstudio.datasets.splits.split import SplitConfig
from tlstudio.errors import Cancelled
from tlstudio.events import BatchEnded, CancelToken, Emit, EpochEnded, PhaseStarted, ignore_events
from tlstudio.runs.unfinished import Begun, Unfinished
from tlstudio.training.config import Phase, TrainConfig
from tlstudio.training.history import History
from tlstudio.training.recipes import spec_for
from tlstudio.training.state import VERSION, EpochSoFar, Order, PhaseState, Saved, Snapshot, TrainingState, write_state
from tlstudio.ui.main_window import MainWindow
from tlstudio.ui.session import Session
from tlstudio.ui.widgets.message_bar import MessageBar
from tlstudio.ui.widgets.next_step_bar import NextStepBar
from tlstudio.ui.widgets.rounds_table import RoundsTable
from tlstudio.workflows.train import Trained, TrainRequest

# The offscreen platform says so of every window.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

PHASE = Phase("head", epochs=9, learning_rate=0.01)
ROWS = tuple(EpochEnded(0, n, 1 / (n + 1), 0.9, 1 / (n + 1), 0.8, 20.0, 1e-3, True) for n in range(3))


class Play:
    """Tells what was before, then a batch at each beat, until it is stopped."""

    def __init__(self) -> None:
        self.requests: list[TrainRequest] = []
        self.batches = 0
        self._beat = threading.Event()

    def train(self, request: TrainRequest, *, emit: Emit, token: CancelToken) -> Trained:
        self.requests.append(request)
        token.tell(emit)
        emit(PhaseStarted(0, "head", 9, 500))
        for row in ROWS if request.resume else ():
            emit(row)
        while not token.cancelled:
            token.wait()
            self.batches += 1
            emit(BatchEnded(0, 3, self.batches, 5000, 0.5, 0.8))
            self._beat.wait(0.01)
        raise Cancelled


@pytest.fixture
def play(monkeypatch: pytest.MonkeyPatch) -> Play:
    made = Play()
    monkeypatch.setattr("tlstudio.ui.session.train", made.train)
    return made


@pytest.fixture
def left(class_folders: Callable[..., Path], home: Path) -> Unfinished:  # noqa: ARG001
    """What a crash has left of a training after three rounds."""
    dataset = index_folder(class_folders({"daisy": 8, "rose": 8}), emit=ignore_events, token=CancelToken())
    unfinished = Unfinished(paths.runs_dir() / "photos 2026-01-01")
    shares, config = SplitConfig(), TrainConfig((PHASE,))
    begun = Begun(
        VERSION, "2026-01-01T00:00:00+00:00", dataset.root, dataset.classes, dataset.samples, (),
        share_out(dataset, shares), shares, spec_for("starter"), config, "",
    )  # fmt: skip
    unfinished.note_begin(begun)
    course = PhaseState({}, ROWS, EpochSoFar(), Order({}, 0), 32)
    standing = TrainingState(VERSION, 0, "", History(), course, {})
    write_state(unfinished.folder, Saved(standing, Snapshot([np.zeros(3)], [np.zeros(3)])))
    return unfinished


@pytest.fixture
def window(left: Unfinished, play: Play, newcomer: Person, qtbot: QtBot) -> MainWindow:  # noqa: ARG001
    bar = newcomer.window.findChild(MessageBar)
    qtbot.waitUntil(lambda: bar.current is not None)
    return newcomer.window


def pressed(widget: MainWindow, words: str) -> QAbstractButton:
    (button,) = [b for b in widget.findChildren(QAbstractButton) if b.text() == words and b.isVisible()]
    button.click()
    return button


def test_an_interrupted_training_is_offered_and_goes_on(
    window: MainWindow, left: Unfinished, play: Play, session: Session, qtbot: QtBot
) -> None:
    message = window.findChild(MessageBar).current
    assert message is not None
    assert (message.title, message.fix, message.choice) == (
        "The training “photos 2026-01-01” was interrupted", "Resume", "Throw away",
    )  # fmt: skip
    assert message.line == "3 rounds learnt. Resume goes on from there."
    pressed(window, "Resume")
    qtbot.waitUntil(lambda: play.batches > 3)
    (request,) = play.requests
    assert request.resume
    assert request.out == left.run
    assert session.photos.split == request.parts
    rounds = window.findChild(RoundsTable)
    qtbot.waitUntil(lambda: rounds.model().rowCount() >= len(ROWS))
    session.stop_training()
    qtbot.waitUntil(lambda: not session.training)


def test_a_training_is_thrown_away_only_on_request(window: MainWindow, left: Unfinished, qtbot: QtBot) -> None:
    assert left.can_be_resumed
    pressed(window, "Throw away")
    qtbot.waitUntil(lambda: not left.folder.exists())
    assert window.findChild(MessageBar).current is None


def test_a_pause_frees_the_processor_until_it_is_over(
    window: MainWindow, play: Play, session: Session, qtbot: QtBot
) -> None:
    pressed(window, "Resume")
    qtbot.waitUntil(lambda: play.batches > 3 and session.training)
    bar = window.findChild(NextStepBar)
    qtbot.keyClick(window, Qt.Key.Key_F8)
    tab = window._tabs["training"]
    qtbot.waitUntil(lambda: tab.state().text == "Paused")
    done = play.batches
    button = next(b for b in bar.findChildren(QAbstractButton) if b.text() == "Resume")
    assert button.isVisible()
    qtbot.wait(100)  # nothing may happen in it
    assert play.batches == done
    status = tab.job_status()
    assert status is not None
    assert status.title == "Paused"
    button.click()
    qtbot.waitUntil(lambda: play.batches > done + 2)
    assert button.text() == "Pause"
    qtbot.keyClick(window, Qt.Key.Key_F8)
    session.stop_training()
    qtbot.waitUntil(lambda: not session.training)
