"""A folder of 100,000 small photos: how long its two first openings take in the window, and how long that stalls.

Usage: python benchmarks/many_photos.py [--photos 100000] [--classes 151] [--folder FOLDER]   (offscreen unless there is
a display)

The photos are drawn first, into a temporary folder (some 400 MB), or taken from a folder that they were drawn into
before. Memory is that of the whole process. Of a stall, the work of the window's own thread is told apart: the rest is
waiting for the interpreter lock or, on a busy machine, for a processor.
"""

import argparse
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
_HOME = tempfile.TemporaryDirectory()
os.environ["TLSTUDIO_HOME"] = _HOME.name
os.environ["XDG_CONFIG_HOME"] = _HOME.name  # the settings of the window are the user's own

from tlstudio.app import create_application  # noqa: E402 - the environment comes first
from tlstudio.ui.main_window import MainWindow  # noqa: E402


def draw(folder: Path, photos: int, classes: int) -> None:
    """Photos of 40 to 72 pixels a side, all different, shared out evenly over class folders."""
    for number in range(classes):
        (folder / f"class {number:03}").mkdir(parents=True)

    def make(number: int) -> None:
        random = np.random.default_rng(number)
        blocks = Image.fromarray(random.integers(0, 256, (8, 8, 3), dtype=np.uint8))
        size = tuple(random.integers(40, 72, 2).tolist())
        photo = blocks.resize(size, Image.Resampling.BICUBIC)
        photo.save(folder / f"class {number % classes:03}" / f"photo {number:06}.jpg", quality=80)

    with ThreadPoolExecutor() as threads:
        for _ in threads.map(make, range(photos)):
            pass


@dataclass(slots=True)
class Stall:
    """The longest gaps between two ticks of the clock, in seconds.

    Attributes:
        gap: The longest gap.
        own: The most that the thread of the window worked in one gap.
    """

    gap: float = 0.0
    own: float = 0.0


class Clock:
    """A timer of 5 ms in the thread of the window."""

    def __init__(self) -> None:
        self.longest = Stall()
        self._last = self._now()
        self._timer = QTimer()
        self._timer.timeout.connect(self._tick)
        self._timer.start(5)

    def _tick(self) -> None:
        now = self._now()
        self.longest.gap = max(self.longest.gap, now[0] - self._last[0])
        self.longest.own = max(self.longest.own, now[1] - self._last[1])
        self._last = now

    def _now(self) -> tuple[float, float]:
        return time.monotonic(), time.thread_time()


class Opening:
    """The window with a clock."""

    def __init__(self, app: QApplication) -> None:
        self._app = app
        self.window = MainWindow()
        self.photos = self.window.session.photos
        self.window.resize(1440, 900)
        self.window.show()
        self._clock = Clock()
        made: list[bool] = []
        self.window.ready.connect(lambda: made.append(True))
        self._until(lambda: bool(made))

    def timed(self, name: str, begin: Callable[[], None], done: Callable[[], bool]) -> float:
        """Seconds from ``begin`` until ``done`` and half a second of painting later, without that half second."""
        self._clock.longest = stall = Stall()
        begun = time.monotonic()
        begin()
        self._until(done)
        seconds = time.monotonic() - begun
        settled = time.monotonic() + 0.5
        self._until(lambda: time.monotonic() > settled)
        stalls = f"longest stall {1000 * stall.gap:5.0f} ms, own work at most {1000 * stall.own:4.0f} ms"
        print(f"{name:<24} {seconds:8.2f} s   {stalls}   {_megabytes():6.0f} MB", flush=True)
        return seconds

    def open(self, name: str, folder: Path) -> float:
        """Seconds until the photos are there."""
        read: list[bool] = []
        self.photos.opened.connect(lambda: read.append(True))
        return self.timed(name, lambda: self.photos.open_folder(folder), lambda: bool(read))

    def edit(self, name: str, begin: Callable[[], None]) -> float:
        """Seconds until a change is shown."""
        edited: list[bool] = []
        self.photos.edited.connect(lambda: edited.append(True))
        return self.timed(name, begin, lambda: bool(edited))

    def _until(self, done: Callable[[], bool]) -> None:
        while not done():  # the timer of the stalls wakes it: to spin would keep the threads that read from the lock
            self._app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)


def _megabytes() -> float:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1e6 if sys.platform == "darwin" else 1e3)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=int, default=100_000)
    parser.add_argument("--classes", type=int, default=151)
    parser.add_argument("--folder", type=Path, help="photos that are there already; else they are drawn")
    options = parser.parse_args()
    app = create_application()
    with tempfile.TemporaryDirectory() as place:
        folder = options.folder or Path(place) / "photos"
        if options.folder is None:
            draw(folder, options.photos, options.classes)
        opening = Opening(app)
        first = opening.open("first opening", folder)
        again = opening.open("second opening", folder)
        print(f"the second is {first / again:.0f} times as quick")
        photos, dataset, actions = opening.photos, opening.photos.dataset, opening.photos.actions
        if dataset is None or actions is None:
            raise SystemExit("The folder could not be read.")
        paths = [sample.path for sample in dataset.samples if sample.class_name == dataset.classes[0]]
        moving = actions.move(paths, dataset.classes[1])
        opening.edit(f"moving {len(paths)} photos", lambda: photos.do(moving))
        opening.edit("undoing that", photos.undo)
        opening.window.close()


if __name__ == "__main__":
    main()
