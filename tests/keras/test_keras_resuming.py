"""A training that ends at any moment, in any way, leaves a usable run or goes on to the weights it would have had."""

import random
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from numpy.typing import NDArray

from tlstudio.errors import TLStudioError
from tlstudio.events import (
    BatchEnded,
    CancelToken,
    ClassesChecked,
    Continued,
    Emit,
    EpochEnded,
    Event,
    Notice,
    Paused,
    PhaseStarted,
    ignore_events,
)
from tlstudio.runs import store
from tlstudio.runs.unfinished import Unfinished, interrupted
from tlstudio.training import state, trainer
from tlstudio.training.config import Optimizer, Phase, Schedule, Stop
from tlstudio.training.examples import Batch
from tlstudio.training.history import History
from tlstudio.training.state import STATE_FILE, StateKeeper, read_state
from tlstudio.training.trainer import Assignment, PhaseResult, train_phase
from tlstudio.workflows.resume import find_interrupted, resumption, throw_away
from tlstudio.workflows.train import Trained, train

TrainTiny = Callable[..., Trained]
ClassFolders = Callable[..., Path]

RNG = np.random.default_rng(0)
VECTORS, LABELS = RNG.normal(size=(14, 5)).astype(np.float32), np.arange(14) % 3
PHASE = Phase(
    "head",
    epochs=6,
    learning_rate=0.05,
    batch_size=4,
    steps_per_epoch=3,  # 4 batches a pass: epochs end within passes
    stops=(Stop("val_loss", 5),),
    schedule=Schedule("plateau", 0.5, 1, decay=0.01),
    optimizer=Optimizer("adamw", weight_decay=0.01),
)


class CrashError(Exception):
    """Stands for whatever ends a process."""


class Vectors:
    """Examples from memory."""

    def __init__(self, inputs: NDArray[Any], labels: NDArray[np.int64]) -> None:
        self._inputs, self.labels = inputs, labels
        self.missing: dict[int, str] = {}

    def __len__(self) -> int:
        return len(self.labels)

    def inputs(self, start: int, stop: int) -> NDArray[Any]:
        return self._inputs[start:stop]

    def shuffled(self, batch_size: int, rng: np.random.Generator, skip: int = 0) -> Iterator[Batch]:
        order = rng.permutation(len(self))
        for start in range(skip * batch_size, len(self), batch_size):
            chosen = order[start : start + batch_size]
            yield self._inputs[chosen], self.labels[chosen]


LEARN, CHECK = Vectors(VECTORS, LABELS), Vectors(VECTORS[:6] + 0.1, LABELS[:6])


@pytest.fixture
def model(eagerly: None) -> Callable[[], Any]:  # noqa: ARG001
    """Makes equal networks, with dropout."""

    def make() -> Any:  # noqa: ANN401 - Keras models have no typed stubs
        keras.utils.set_random_seed(1)
        layers: list[Any] = [
            keras.layers.Dense(6, activation="relu", name="hidden"),
            keras.layers.Dropout(0.4, name="dropout"),
            keras.layers.Dense(3, activation="softmax", name="scores"),
        ]
        return keras.Sequential([keras.Input((5,)), *layers])

    return make


@pytest.fixture
def keep_always(monkeypatch: pytest.MonkeyPatch) -> None:
    """A state after every batch."""
    for name in ("_BETWEEN_EPOCHS", "_WITHIN_EPOCH", "_COST_SHARE"):
        monkeypatch.setattr(state, name, 0.0)


def run(
    network: Any,  # noqa: ANN401
    phase: Phase = PHASE,
    folder: Path | None = None,
    *,
    emit: Emit = ignore_events,
    token: CancelToken | None = None,
) -> PhaseResult:
    """Train, and go on where it was if ``folder`` knows."""
    keeper = None if folder is None else StateKeeper(folder, dict, emit)
    if keeper is not None:
        keeper.begin_phase(0, "", History())
    resumed = None if folder is None else read_state(folder)
    assignment = Assignment(phase, keeper=keeper, resumed=resumed)
    return train_phase(network, assignment, LEARN, CHECK, emit=emit, token=token or CancelToken())  # type: ignore[arg-type]


def crashing(when: Callable[[Event], bool]) -> Emit:
    def emit(event: Event) -> None:
        if when(event):
            raise CrashError

    return emit


def after_batch(epoch: int, step: int) -> Callable[[Event], bool]:
    return lambda event: isinstance(event, BatchEnded) and (event.epoch, event.step) == (epoch, step)


def figures(result: PhaseResult) -> list[EpochEnded]:
    return [replace(epoch, seconds=0.0) for epoch in result.epochs]


@pytest.mark.usefixtures("keep_always")
def test_a_phase_that_crashes_after_any_batch_goes_on_to_the_same_weights(
    model: Callable[[], Any], tmp_path: Path
) -> None:
    """To the last bit: optimizer, dropout, order of the photos, schedule and the best weights so far are kept."""
    whole = model()
    wanted = run(whole)
    folder, crashes = tmp_path, 0
    moments = [(epoch, step) for epoch in range(len(wanted.epochs)) for step in (1, 2, 3)]
    for moment in moments:
        with pytest.raises(CrashError):
            run(model(), folder=folder, emit=crashing(after_batch(*moment)))
        crashes += 1
    network = model()
    result = run(network, folder=folder)
    assert crashes == len(moments) > 10
    assert figures(result) == figures(wanted)
    for one, other in zip(network.get_weights(), whole.get_weights(), strict=True):
        assert np.array_equal(one, other)


@pytest.mark.usefixtures("keep_always")
def test_smaller_batches_stay_small_after_a_crash(
    model: Callable[[], Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, asked = trainer.learn_batch, []

    def short(network: Any, inputs: Any, labels: Any, counts: Any = None) -> dict[str, float]:  # noqa: ANN401
        asked.append(len(labels))
        if len(asked) == 5:
            raise MemoryError
        return real(network, inputs, labels, counts)

    monkeypatch.setattr(trainer, "learn_batch", short)
    whole = model()
    wanted = run(whole)
    assert max(asked[5:]) == 2
    asked.clear()
    with pytest.raises(CrashError):
        run(model(), folder=tmp_path, emit=crashing(after_batch(3, 2)))
    asked.extend([0] * 5)
    network = model()
    assert figures(run(network, folder=tmp_path)) == figures(wanted)
    assert all(map(np.array_equal, network.get_weights(), whole.get_weights()))


def test_a_stop_at_any_batch_or_check_ends_on_the_best_weights(model: Callable[[], Any]) -> None:
    seen: list[Event] = []
    short = replace(PHASE, epochs=2)
    run(model(), short, emit=seen.append)
    kinds = (BatchEnded, ClassesChecked, EpochEnded)
    moments = [event for event in seen if isinstance(event, kinds)]
    for number in range(len(moments)):
        token, told = CancelToken(), 0

        def emit(event: Event, number: int = number, token: CancelToken = token) -> None:
            nonlocal told
            if isinstance(event, kinds):
                if told == number:
                    token.cancel()
                told += 1

        network = model()
        result = run(network, short, emit=emit, token=token)
        before = [event for event in moments[: number + 1] if isinstance(event, EpochEnded)]
        assert result.stopped
        assert len(result.epochs) in (len(before), len(before) + 1)
        assert told <= number + 2, "it ends at once"
        assert all(np.isfinite(weights).all() for weights in network.get_weights())


def test_a_stop_during_a_check_does_not_wait_for_its_end(
    model: Callable[[], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    token, asked = CancelToken(), []
    monkeypatch.setattr(trainer, "_CHECK_BATCH", 1)

    def answers(network: Any, inputs: Any) -> NDArray[np.float32]:  # noqa: ANN401
        asked.append(len(inputs))
        if len(asked) == len(CHECK) + 2:
            token.cancel()
        return np.asarray(network.predict_on_batch(inputs))

    monkeypatch.setattr(trainer, "answers", answers)
    result = run(model(), token=token)
    assert result == PhaseResult([], stopped=True)
    assert len(asked) == len(CHECK) + 2


def test_a_pause_holds_the_phase_and_counts_no_time(model: Callable[[], Any]) -> None:
    token, seen = CancelToken(), []

    def emit(event: Event) -> None:
        seen.append(event)
        if isinstance(event, BatchEnded) and (event.epoch, event.step) == (1, 2):
            token.pause()
        if isinstance(event, Paused):
            waiting = threading.Timer(1.0, token.go_on)
            waiting.start()

    token.tell(emit)
    result = run(model(), emit=emit, token=token)
    assert [type(event).__name__ for event in seen if isinstance(event, Paused | Continued)] == ["Paused", "Continued"]
    after = seen[seen.index(Paused()) :]
    assert isinstance(after[1], Continued), "nothing is learnt meanwhile"
    assert after[1].seconds >= 1
    assert result.epochs[1].seconds < 1
    assert figures(result) == figures(run(model()))


def test_a_stop_ends_a_pause(model: Callable[[], Any]) -> None:
    token = CancelToken()
    token.tell(lambda event: token.cancel() if isinstance(event, Paused) else None)

    def emit(event: Event) -> None:
        if isinstance(event, EpochEnded):
            token.pause()

    assert run(model(), emit=emit, token=token).stopped


# Whole trainings

HEAD = Phase("head", epochs=3, learning_rate=0.01, batch_size=8, stops=())


@pytest.fixture
def photos(class_folders: ClassFolders) -> Path:
    return class_folders({"daisy": 8, "rose": 8, "tulip": 8}, size=(40, 32))


@pytest.fixture
def broken_off(photos: Path, train_tiny: TrainTiny, warm_home: Path, keep_always: None) -> Path:  # noqa: ARG001
    """Folder of a run whose training has crashed in its third epoch; "run-whole" is one that has not."""
    train_tiny(photos, replace(HEAD, checkpoint="every"), out="run-whole")
    with pytest.raises(CrashError):
        train_tiny(
            photos,
            replace(HEAD, checkpoint="every"),
            emit=crashing(after_batch(2, 2)),
        )
    return warm_home / "run"


def test_a_crashed_training_is_found_and_goes_on_where_it_was(broken_off: Path) -> None:
    (found,) = find_interrupted(broken_off.parent)
    assert (found.run, found.rounds, found.obstacle) == (broken_off, 2, "")
    seen: list[Event] = []
    request = resumption(broken_off, emit=seen.append, token=CancelToken())
    again = train(request, emit=seen.append, token=CancelToken()).stored.run
    whole = store.load(broken_off.parent / "run-whole").run
    assert (again.config, again.split, again.spec) == (whole.config, whole.split, whole.spec)
    assert [epoch.loss for epoch in again.history.epochs] == pytest.approx([e.loss for e in whole.history.epochs], 1e-4)
    assert again.status == "complete"
    told = [event for event in seen if isinstance(event, EpochEnded | PhaseStarted)]
    assert [getattr(event, "epoch", "begins") for event in told] == ["begins", 0, 1, 2], "the whole course is told"
    assert min(e.step for e in seen if isinstance(e, BatchEnded) and e.epoch == 2) == 2, "one batch is not done again"
    assert len(list(broken_off.glob("1-head-*.h5"))) == 3
    log = (broken_off / "log.txt").read_text()
    assert log.count("epoch 2:") == 1
    assert "Interrupted; goes on in phase 1 behind epoch 2" in log
    assert sorted(path.name for path in broken_off.parent.iterdir()) == ["cache", "run", "run-whole"]


def test_photos_that_have_changed_are_left_out_and_said(broken_off: Path, photos: Path) -> None:
    changed = sorted((photos / "daisy").iterdir())[:2]
    changed[0].unlink()
    changed[1].write_bytes(sorted((photos / "rose").iterdir())[0].read_bytes())
    seen: list[Event] = []
    request = resumption(broken_off, photos, emit=seen.append, token=CancelToken())
    assert any(isinstance(event, Notice) and "2 of 24 photos" in event.message for event in seen)
    run = train(request, emit=ignore_events, token=CancelToken()).stored.run
    assert len(run.samples) == 22
    assert {entry.path for entry in run.rejected} == {f"daisy/{path.name}" for path in changed}


def test_what_is_interrupted_is_neither_overwritten_nor_lost(
    broken_off: Path, photos: Path, train_tiny: TrainTiny
) -> None:
    with pytest.raises(TLStudioError, match="was interrupted"):
        train_tiny(photos, HEAD)
    assert len(find_interrupted(broken_off.parent)) == 1
    throw_away(broken_off)
    assert find_interrupted(broken_off.parent) == []
    with pytest.raises(TLStudioError, match="Nothing is kept"):
        resumption(broken_off, emit=ignore_events, token=CancelToken())


def test_a_damaged_state_is_said_and_stays(broken_off: Path) -> None:
    file = Unfinished(broken_off).folder / STATE_FILE
    for contents in (file.read_bytes()[:200], b"", file.read_bytes()[:-300]):
        file.write_bytes(contents)
        (found,) = find_interrupted(broken_off.parent)
        assert "damaged" in found.obstacle
        with pytest.raises(TLStudioError, match="damaged"):
            train(
                resumption(broken_off, emit=ignore_events, token=CancelToken()), emit=ignore_events, token=CancelToken()
            )
        assert file.is_file()


def test_an_error_late_in_a_training_loses_nothing(
    photos: Path, train_tiny: TrainTiny, warm_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Such as a disk that is full when the run is to be saved."""

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(store, "write", fail)
        with pytest.raises(TLStudioError, match="No space left") as caught:
            train_tiny(photos, HEAD)
    assert "can be resumed" in caught.value.hint
    seen: list[Event] = []
    train(resumption(warm_home / "run", emit=ignore_events, token=CancelToken()), emit=seen.append, token=CancelToken())
    assert not any(isinstance(event, BatchEnded) for event in seen), "all of it had been learnt"
    assert store.load(warm_home / "run").run.status == "complete"


def test_a_training_under_way_is_not_offered(photos: Path, train_tiny: TrainTiny, warm_home: Path) -> None:
    during: list[list[Unfinished]] = []

    def look(event: Event) -> None:
        if isinstance(event, EpochEnded):
            during.append(interrupted([warm_home]))

    train_tiny(photos, HEAD, emit=look)
    assert during == [[], [], []]


@pytest.mark.parametrize("kills", [2, pytest.param(50, marks=pytest.mark.slow)])
def test_a_training_that_is_killed_again_and_again_ends_on_the_same_weights(
    photos: Path, warm_home: Path, weights_file: Path, kills: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reproducible one, bit for bit; each kill comes a random time after a random batch."""
    tests = Path(__file__).resolve().parents[1]
    monkeypatch.syspath_prepend(tests / "hostile")
    from kills import killed_after

    monkeypatch.setenv("PYTHONPATH", f"{tests / 'hostile'}:{tests.parent}")
    child = Path(__file__).with_name("resumed_training.py")
    chance = random.Random(kills)  # noqa: S311
    whole, run_folder = warm_home / "whole", warm_home / "killed"
    assert killed_after(child, photos, whole, weights_file, lines=sys.maxsize)[-1] == "done"
    done = 0
    while done < kills:
        lines, seconds = chance.randint(1, 60 // min(kills, 6)), chance.uniform(0, 0.3)
        said = killed_after(child, photos, run_folder, weights_file, lines=lines, seconds=seconds)
        done += 1
        if "done" in said:
            assert store.load(run_folder).run.status == "complete"
            assert same_bits(whole, run_folder)
            run_folder = warm_home / f"killed {done}"
    killed_after(child, photos, run_folder, weights_file, lines=sys.maxsize)
    assert same_bits(whole, run_folder)
    one, other = store.load(whole).run, store.load(run_folder).run
    assert [replace(e, seconds=0) for e in one.history.epochs] == [replace(e, seconds=0) for e in other.history.epochs]
    assert (one.validation, one.test, one.phase_ends) == (other.validation, other.test, other.phase_ends)


def same_bits(one: Path, other: Path) -> bool:
    import h5py

    def arrays(folder: Path) -> dict[str, bytes]:
        found: dict[str, bytes] = {}
        with h5py.File(folder / store.TAIL_FILE) as file:
            file.visititems(
                lambda name, it: found.update({name: it[()].tobytes()}) if isinstance(it, h5py.Dataset) else None
            )
        return found

    return arrays(one) == arrays(other)
