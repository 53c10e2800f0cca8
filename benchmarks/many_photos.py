"""A folder of 100,000 small photos: how long its two first openings take in the window, and how long that stalls.

Usage: python benchmarks/many_photos.py [--photos 100000] [--classes 151]   (offscreen unless there is a display)

The photos are drawn first, into a temporary folder (some 400 MB). Memory is that of the whole process.
"""

import argparse
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from PIL import Image
from PySide6.QtCore import QEventLoop
from PySide6.QtWidgets import QApplication
from window import Stalls

from tlstudio.app import create_application
from tlstudio.ui.main_window import MainWindow


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


class Opening:
    """The window with a clock."""

    def __init__(self, app: QApplication) -> None:
        self._app = app
        self.window = MainWindow()
        self.photos = self.window.session.photos
        self.window.resize(1440, 900)
        self.window.show()
        self.stalls = Stalls()
        made: list[bool] = []
        self.window.ready.connect(lambda: made.append(True))
        self._until(lambda: bool(made))

    def timed(self, name: str, begin: Callable[[], None], done: Callable[[], bool]) -> float:
        """Seconds from ``begin`` until ``done`` and half a second of painting later, without that half second."""
        self.stalls.name = name
        begun = time.monotonic()
        begin()
        self._until(done)
        seconds = time.monotonic() - begun
        settled = time.monotonic() + 0.5
        self._until(lambda: time.monotonic() > settled)
        stall = 1000 * self.stalls.longest.get(name, 0.0)
        print(f"{name:<42} {seconds:8.2f} s   longest stall {stall:5.0f} ms   {_megabytes():6.0f} MB", flush=True)
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
    options = parser.parse_args()
    app = create_application()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "photos"
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
