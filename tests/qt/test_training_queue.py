"""Training several things from the window, what it says before a training, and what computes."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tlstudio.datasets.dataset import Dataset
from tlstudio.datasets.splits.split import Split
from tlstudio.errors import Cancelled, TLStudioError
from tlstudio.events import CancelToken, Emit
from tlstudio.modeling import backend
from tlstudio.modeling.backend import Preference
from tlstudio.modeling.hardware import cores
from tlstudio.runs.run import SCHEMA, Run, Scores
from tlstudio.runs.store import StoredRun
from tlstudio.training.history import History
from tlstudio.training.recipes import spec_for
from tlstudio.ui import computing_settings
from tlstudio.ui.session import Session
from tlstudio.ui.tabs.training.computing_dialog import ComputingDialog
from tlstudio.ui.tabs.training.forecast_desk import ForecastDesk
from tlstudio.ui.tabs.training.queue_dialog import QueueDialog
from tlstudio.ui.tabs.training.training_queue import Candidate, TrainingQueue
from tlstudio.ui.widgets.buttons import Button
from tlstudio.ui.widgets.fields import ComboBox, NumberField
from tlstudio.ui.widgets.message_bar import Message
from tlstudio.ui.widgets.toggles import Switch
from tlstudio.workflows import forecast as forecast_module
from tlstudio.workflows.train import Trained, TrainRequest

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def run_of(request: TrainRequest, *, stopped: bool) -> Trained:
    dataset = request.source
    assert isinstance(dataset, Dataset)
    run = Run(
        SCHEMA, request.out.name, "2026-01-01T00:00:00+00:00", "stopped" if stopped else "complete", dataset.root,
        dataset.classes, dataset.samples, Split((0,), (), ()), request.split, (), request.spec, "pooling", "",
        request.config, History(), Scores(0.9, 0.3), Scores(0.8, 0.4), {"total": 3.0}, {},
    )  # fmt: skip
    return Trained(StoredRun(request.out, run), None)


@dataclass
class Play:
    """Stands in for the training: ends when the test says so, or when it is stopped."""

    requests: list[TrainRequest] = field(default_factory=list)
    go_on: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    error: Exception | None = None

    def train(self, request: TrainRequest, *, emit: Emit, token: CancelToken) -> Trained:  # noqa: ARG002
        self.requests.append(request)
        while not self.go_on.acquire(timeout=0.01):
            if token.cancelled:
                break
        error, self.error = self.error, None
        if error is not None:
            raise error
        return run_of(request, stopped=token.cancelled)


@pytest.fixture
def play(monkeypatch: pytest.MonkeyPatch) -> Play:
    made = Play()
    monkeypatch.setattr("tlstudio.ui.session.train", made.train)
    monkeypatch.setattr("tlstudio.ui.session.prepare_run", lambda *_, **__: None)
    monkeypatch.setattr("tlstudio.ui.session.prepare_training", lambda *_, **__: None)
    return made


@pytest.fixture
def session(
    qapp: QApplication,  # noqa: ARG001 - all must be there
    home: Path,  # noqa: ARG001
    play: Play,
    class_folders: Callable[..., Path],
    qtbot: QtBot,
) -> Iterator[Session]:
    made = Session()
    with qtbot.waitSignal(made.photos.changed):
        made.photos.open_folder(class_folders({"daisy": 12, "rose": 12}))
    qtbot.waitUntil(lambda: made.photos.split is not None)
    yield made
    play.go_on.release()
    assert made.runner.shutdown(10)


@pytest.fixture
def queue(session: Session) -> TrainingQueue:
    made = TrainingQueue(session)
    for name in ("small_cnn", "lenet", "base_cnn"):
        made.add(Candidate(name, session.choices.with_spec(spec_for(name))))
    return made


def states(queue: TrainingQueue) -> list[str]:
    return [row.state for row in queue.rows]


def test_each_is_a_training_of_its_own_on_the_same_shares(
    queue: TrainingQueue, session: Session, play: Play, qtbot: QtBot
) -> None:
    before = session.choices
    queue.start()
    assert states(queue) == ["running", "waiting", "waiting"]
    for number in range(1, 4):
        qtbot.waitUntil(lambda number=number: len(play.requests) == number)
        play.go_on.release()
    qtbot.waitUntil(lambda: not queue.running)
    assert states(queue) == ["done", "done", "done"]
    assert [request.spec.backbone for request in play.requests] == ["small_cnn", "lenet", "base_cnn"]
    assert len({request.parts for request in play.requests}) == 1
    row = queue.rows[0]
    assert (row.validation, row.test, row.seconds) == (0.9, 0.8, 3.0)
    assert row.parameters is not None
    assert session.choices == before


def test_a_failure_is_told_in_its_line_and_the_next_begins(queue: TrainingQueue, play: Play, qtbot: QtBot) -> None:
    play.error = TLStudioError("No room on the disk.", "Make room.")
    queue.start()
    play.go_on.release()
    qtbot.waitUntil(lambda: len(play.requests) == 2)
    assert states(queue) == ["failed", "running", "waiting"]
    assert queue.rows[0].reason == "No room on the disk. Make room."
    queue.stop_all()
    qtbot.waitUntil(lambda: not queue.running)
    assert states(queue) == ["failed", "stopped", "skipped"]


def test_stop_this_one_goes_on_with_the_next(queue: TrainingQueue, play: Play, qtbot: QtBot) -> None:
    queue.start()
    qtbot.waitUntil(lambda: len(play.requests) == 1)
    play.error = Cancelled()
    queue.stop_one()
    qtbot.waitUntil(lambda: len(play.requests) == 2)
    assert states(queue) == ["stopped", "running", "waiting"]
    queue.remove(0)
    queue.remove(0)  # what learns now can't be taken out
    assert states(queue) == ["running", "waiting"]
    queue.stop_all()
    qtbot.waitUntil(lambda: not queue.running)
    assert states(queue) == ["stopped", "skipped"]


def test_the_dialog_adds_trains_and_stops(session: Session, play: Play, qtbot: QtBot) -> None:
    queue = TrainingQueue(session)
    dialog = QueueDialog(session, queue)
    qtbot.addWidget(dialog)
    dialog.show()
    buttons = {button.text(): button for button in dialog.findChildren(Button)}
    choice = dialog.findChild(ComboBox)
    assert not buttons["Train them"].isEnabled()
    qtbot.waitUntil(lambda: choice.count() > 3)
    texts = [choice.itemText(number) for number in range(choice.count())]
    assert any(text.startswith("Preset ") for text in texts)
    buttons["Add"].click()
    choice.setCurrentIndex(texts.index("LeNet"))
    buttons["Add"].click()
    buttons["Add"].click()
    assert [row.name for row in queue.rows][1:] == ["LeNet", "LeNet (2)"]
    buttons["Train them"].click()
    qtbot.waitUntil(lambda: len(play.requests) == 1)
    assert buttons["Stop all"].isEnabled()
    buttons["Stop all"].click()
    qtbot.waitUntil(lambda: not queue.running)
    assert states(queue) == ["stopped", "skipped", "skipped"]
    assert not buttons["Stop all"].isEnabled()


def test_time_and_memory_are_said_and_smaller_batches_offered_where_memory_is_short(
    session: Session, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    session.set_choices(session.choices.with_spec(replace(spec_for("small_cnn"), input_size=224)))
    desk = ForecastDesk(session)
    with qtbot.waitSignal(desk.changed):
        desk.ask()
    time, memory = desk.words()
    assert time.startswith("About ")
    assert memory.endswith("GB of memory")
    monkeypatch.setattr(forecast_module.memory, "held_bytes", lambda: 0)
    monkeypatch.setattr(forecast_module.memory, "free_bytes", lambda: 800_000_000)
    posted: list[Message] = []
    session.posted.connect(posted.append)
    session.set_choices(session.choices.with_spec(replace(spec_for("small_cnn"), input_size=256)))
    with qtbot.waitSignal(desk.changed):
        desk.ask()
    assert posted[0].fix == "Use smaller batches"
    assert posted[0].on_fix is not None
    was = session.choices.config().phases[0].batch_size
    posted[0].on_fix()
    now = session.choices.config().phases[0].batch_size
    assert now < was
    assert f"{now} photo" in posted[0].line


def test_what_computes_can_be_chosen_and_holds_from_the_next_start(
    qapp: QApplication,  # noqa: ARG001 - it must be there
    home: Path,  # noqa: ARG001
    tmp_path: Path,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, str(tmp_path))
    monkeypatch.setattr(backend, "_state", backend._State())
    dialog = ComputingDialog()
    qtbot.addWidget(dialog)
    graphics, event_files = dialog.findChildren(Switch)
    threads = dialog.findChild(NumberField)
    assert threads.value == computing_settings.preference().threads or cores()
    graphics.click()
    event_files.click()
    threads._accept(1)
    assert computing_settings.preference() == backend.preference() == Preference(1, graphics=False)
    assert computing_settings.writes_event_files()
    backend._state.threads = 2  # as if TensorFlow had started
    graphics.click()
    assert computing_settings.preference().graphics
    assert not backend.preference().graphics
    assert "next start" in dialog._note.text()
