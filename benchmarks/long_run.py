"""The Training tab with a run of an hour: 5,000 rounds of 20 batches, shown as they come and afterwards.

Usage: python benchmarks/long_run.py [--rounds 5000] [--a-second 100]   (offscreen unless there is a display)

Times are those that the window's own thread computes, so that what else runs on the machine doesn't count.
"""

import argparse
import os
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from unittest import mock

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PySide6.QtCore import QSettings, QTimer
from PySide6.QtWidgets import QApplication

from tlstudio.errors import Cancelled
from tlstudio.events import BatchEnded, CancelToken, Emit, EpochEnded, Event, PhaseStarted
from tlstudio.training.config import Phase
from tlstudio.training.history import History
from tlstudio.ui import theme
from tlstudio.ui.session import Session
from tlstudio.ui.tabs.training.training_course import Course
from tlstudio.ui.tabs.training.training_story import Subject
from tlstudio.ui.tabs.training.training_tab import TrainingTab
from tlstudio.ui.widgets.curve_plot import CurveView
from tlstudio.ui.widgets.curves import Curves
from tlstudio.ui.widgets.rounds_table import RoundsTable
from tlstudio.ui.widgets.thumbnails import ThumbnailCache

_STEPS = 20
_SIZES = ((1440, 764), (1100, 564), (2560, 1300))


def epochs(count: int) -> list[EpochEnded]:
    """A noisy run of two phases."""
    noise = np.random.default_rng(0).normal(size=(count, 4)) * 0.03
    made = []
    for index, (a, b, c, d) in enumerate(noise.tolist()):
        learnt = np.exp(-8 * (index + 1) / count)
        phase, within = (0, index) if index < count * 0.6 else (1, index - int(count * 0.6))
        figures = (0.05 + 1.8 * learnt + abs(a), min(1 - 0.75 * learnt + b, 1), 0.3 + 1.7 * learnt + abs(c))
        made.append(
            EpochEnded(phase, within, *figures, min(0.92 - 0.7 * learnt + d, 1), 0.7, 10.0 ** -(3 + phase), True)
        )
    return made


def events(rows: list[EpochEnded]) -> Iterator[list[Event]]:
    """What comes with each round."""
    phase = -1
    for row in rows:
        told: list[Event] = []
        if row.phase != phase:
            phase = row.phase
            told.append(PhaseStarted(phase, ("head", "fine_tune")[phase], len(rows), _STEPS))
        told += [BatchEnded(phase, row.epoch, step + 1, _STEPS, row.loss, row.accuracy) for step in range(_STEPS)]
        yield [*told, row]


class Stalls:
    """What the thread of the window computes between two ticks of a 5 ms timer."""

    def __init__(self) -> None:
        self.gaps: list[float] = []
        self._last = time.thread_time()
        self._timer = QTimer()
        self._timer.timeout.connect(self._tick)
        self._timer.start(5)

    def _tick(self) -> None:
        now = time.thread_time()
        self.gaps.append(now - self._last)
        self._last = now


def told(name: str, seconds: list[float]) -> None:
    milliseconds = np.array(seconds) * 1000
    middle, worst = np.median(milliseconds), milliseconds.max()
    print(f"{name:<58} median {middle:6.1f} ms, longest {worst:6.1f} ms, of {len(seconds)}")


def times(action: Callable[[], object], count: int = 20) -> list[float]:
    found = []
    for _ in range(count):
        begun = time.thread_time()
        action()
        found.append(time.thread_time() - begun)
    return found


def follow(app: QApplication, session: Session, tab: TrainingTab, rows: list[EpochEnded], a_second: float) -> Stalls:
    """Train on the stage: events come from a thread as fast as wanted, through the job to the window."""
    over = threading.Event()

    def play(emit: Emit, _token: CancelToken) -> None:
        begun = time.perf_counter()
        for number, group in enumerate(events(rows)):
            for event in group:
                emit(event)
            time.sleep(max(begun + number / a_second - time.perf_counter(), 0))
        over.set()
        raise Cancelled

    phases = tuple(Phase(name, len(rows), 1e-3) for name in ("head", "fine_tune"))
    course = Course(phases, 600, Subject("MobileNet V2", 850, 5), time.monotonic)
    tab._course = course  # as the start of a training does, which needs photos
    tab._curves.start(len(rows))
    tab._rounds.clear()
    stalls = Stalls()
    job = session.runner.start("compute", play)
    job.reported.connect(session.training_reported)
    while not over.is_set() or job.active:
        app.processEvents()
        time.sleep(0.001)
    return stalls


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5000)
    parser.add_argument("--a-second", type=float, default=100.0, help="rounds that come in a second")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as home, mock.patch.dict(os.environ, TLSTUDIO_HOME=home):
        # The settings of the window are the user's own.
        QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, home)
        measure(options.rounds, options.a_second)


def measure(count: int, a_second: float) -> None:
    app = QApplication([])
    theme.apply(app)
    with mock.patch("tlstudio.ui.session.prepare_training", return_value=None):
        session, cache = Session(), ThumbnailCache()
    tab = TrainingTab(session, cache)
    tab.resize(*_SIZES[0])
    tab.show()
    app.processEvents()
    curves, table = tab.findChild(Curves), tab.findChild(RoundsTable)
    if curves is None or table is None:
        raise SystemExit("The tab has no curves or no table.")
    rows = epochs(count)
    stalls = follow(app, session, tab, rows, a_second)
    told(f"stalls while {count:,} rounds come, {a_second:.0f} a second", stalls.gaps)
    history = History(("head", "fine_tune"), tuple(rows))
    told("a finished run is shown: curves", times(lambda: curves.set_history(history), 5))
    told("a finished run is shown: rounds", times(lambda: table.set_history(history), 5))
    views = {"as it is": CurveView(), "smoothed, log, learning rate": CurveView(0.9, log=True, rate=True)}
    for size in _SIZES:
        tab.resize(*size)
        app.processEvents()
        for name, view in views.items():
            curves.set_view(view)
            app.processEvents()
            plots = [plot for plot in curves._plots if plot.widget.isVisible()]
            told(f"{size[0]} wide, {name}: all made ready", times(curves._draw))
            for plot, title in zip(plots, ("photos right", "error", "learning rate"), strict=False):
                told(f"    painted: {title}", times(plot.widget.viewport().repaint))
    cache.shutdown()
    session.runner.shutdown(10)


if __name__ == "__main__":
    main()
