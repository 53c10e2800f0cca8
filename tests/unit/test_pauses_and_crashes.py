"""What pauses, a computer's sleep and crashes do to times, tokens and files; no training runs here."""

import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from tlstudio.awake_clock import awake_seconds
from tlstudio.errors import Cancelled
from tlstudio.events import BatchEnded, CancelToken, Continued, EpochEnded, Event, Notice, Paused, PhaseStarted
from tlstudio.runs.lock import FileLock
from tlstudio.training import state
from tlstudio.training.clock import Stopwatch
from tlstudio.training.config import Phase
from tlstudio.training.history import History
from tlstudio.training.state import (
    EpochSoFar,
    PhaseState,
    Snapshot,
    StateKeeper,
    random_state,
    read_standing,
    read_state,
    set_random_state,
)
from tlstudio.training.state import Order as Place
from tlstudio.ui.tabs.training.training_course import Course
from tlstudio.ui.tabs.training.training_story import Subject

ROW = EpochEnded(0, 0, 0.5, 0.8, 0.4, 0.9, 30.0, 1e-3, True)


class Seconds:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_token_waits_and_goes_on_or_stops() -> None:
    token, seen = CancelToken(), list[Event]()
    token.tell(seen.append)
    token.check()
    token.pause()
    thread = threading.Timer(0.05, token.go_on)
    thread.start()
    token.check()
    assert [type(event) for event in seen] == [Paused, Continued]
    assert token.waited > 0.04
    token.pause()
    token.cancel()
    with pytest.raises(Cancelled):
        token.check()
    token.pause()
    assert not token.paused, "what was stopped can't be paused"


def test_all_work_counts_however_long_a_step_takes() -> None:
    clock = Seconds()
    watch = Stopwatch(CancelToken(), clock)
    clock.now += 0.25
    watch.look()
    clock.now += 90
    assert watch.look() == 90.25, "the first batch of a large network is no sleep"
    clock.now += 0.5
    assert watch.look() == 90.75


def test_the_clock_of_work_stands_still_while_the_computer_sleeps() -> None:
    """No test can sleep for it: that the clock behind it is one of those that do stand still is looked at."""
    before = awake_seconds()
    if sys.platform == "win32":
        assert 0 < before <= time.monotonic()  # which goes on
    else:
        assert before <= time.monotonic() <= awake_seconds() + 60
        known = {"linux": "clock_gettime(CLOCK_MONOTONIC)", "darwin": "mach_absolute_time()"}
        assert time.get_clock_info("monotonic").implementation == known[sys.platform]


def course_of(phase: PhaseState) -> tuple[PhaseState, Snapshot]:
    weights = [np.arange(3.0)]
    return phase, Snapshot(weights, weights, [np.array(7)], [])


STATE = PhaseState({"val_loss": 0.9}, (ROW,), EpochSoFar(2, 16, 3.0, 9.0, 1.0), Place({"a": "1"}, 4), 8)


def test_states_are_kept_after_epochs_or_a_while_and_read_back(tmp_path: Path) -> None:
    clock, said = Seconds(), list[Event]()
    keeper = StateKeeper(tmp_path, lambda: {"head": 2.5}, said.append, clock)
    keeper.begin_phase(1, "pooling", History(("head",), (ROW,)))
    assert not keeper.is_due(within_epoch=False)
    clock.now += 5
    assert keeper.is_due(within_epoch=False)
    assert not keeper.is_due(within_epoch=True)
    clock.now += 45
    assert keeper.is_due(within_epoch=True)
    keeper.keep(*course_of(STATE))
    assert not keeper.is_due(within_epoch=True)
    saved = read_state(tmp_path)
    assert saved is not None
    assert saved.state.course == STATE
    assert (saved.state.phase, saved.state.trained_before, saved.state.seconds) == (1, "pooling", {"head": 2.5})
    assert np.array_equal(saved.snapshot.kept[0], np.arange(3.0))
    assert saved.snapshot.optimizer[0] == 7
    assert read_standing(tmp_path).epochs == (ROW, ROW)
    assert said == []


def test_a_full_disk_leaves_the_state_before_and_is_said_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[Event] = []
    keeper = StateKeeper(tmp_path, dict, said.append)
    keeper.keep(*course_of(STATE))
    before = (tmp_path / state.STATE_FILE).read_bytes()

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np, "savez", full)
    for _ in range(2):
        keeper.keep(*course_of(STATE))
    assert [type(event) for event in said] == [Notice]
    assert (tmp_path / state.STATE_FILE).read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == [state.STATE_FILE]


def test_random_numbers_go_on_from_a_state() -> None:
    rng = np.random.default_rng((3, 1))
    rng.permutation(10)
    kept = random_state(rng)
    wanted = rng.random(5)
    other = np.random.default_rng(0)
    set_random_state(other, kept)
    assert np.array_equal(other.random(5), wanted)


def test_a_lock_ends_with_its_process(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from tlstudio.runs.lock import FileLock\n"
        f"assert FileLock(Path({str(tmp_path / 'lock')!r})).acquire()\nprint('held', flush=True); sys.stdin.read()"
    )
    # A lock that nobody holds on to is given back when it is collected, so the child keeps it in a name.
    code = code.replace("assert FileLock", "lock = FileLock").replace(").acquire()", "); assert lock.acquire()")
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert child.stdout.readline().strip() == b"held"
        with FileLock(tmp_path / "lock") as lock:
            assert not lock.acquire()
        child.kill()
    with FileLock(tmp_path / "lock") as lock:
        assert lock.acquire()
        with FileLock(tmp_path / "lock") as other:
            assert not other.acquire()


def test_the_time_of_a_training_in_the_window_counts_work_only() -> None:
    clock = Seconds()
    phases = (Phase("head", epochs=5, learning_rate=0.01),)
    course = Course(phases, 10, Subject("Network", 10, 2), clock, resumed=True)
    course.take(PhaseStarted(0, "head", 5, 10))
    course.take(ROW)
    assert course.now == 30, "what was learnt before the interruption counts"
    course.take(BatchEnded(0, 1, 1, 10, 0.5, 0.8))
    course.take(Paused())
    clock.now += 500
    assert (course.now, course.state_words()) == (30, "Paused")
    course.take(Continued(500))
    clock.now += 10
    course.take(EpochEnded(0, 1, 0.5, 0.8, 0.4, 0.9, 10.0, 1e-3, True))
    assert course.now == 40


@pytest.mark.parametrize(
    ("left", "said", "brief"),
    [
        (130, "Preparing, 2 min left", "2 min left"),
        (15, "Preparing, 15 s left", "15 s left"),
        (None, "Preparing", "Preparing"),
    ],
)
def test_the_time_left_fits_into_the_tab(left: int | None, said: str, brief: str) -> None:
    course = Course((Phase("head", 4, 1e-3),), 85, Subject("Net", 120, 5), Seconds())
    course.left = left
    assert course.state_words() == said
    assert course.state_words(brief=True) == brief
