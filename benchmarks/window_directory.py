"""The window while it classifies many photos, with their table in view: how long its event loop stalls.

Usage: python benchmarks/window_directory.py DATA WEIGHTS [--photos 20000] [--run RUN] [--backbone mobilenet_v2_1.0]

DATA holds folders of photos, among them flowers5, which a run is trained on first, unless one is given. WEIGHTS are
those of the backbone. Afterwards the folder is looked through again, its rows are sorted, and it is read back after a
restart. Offscreen unless there is a display.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from directory import make_photos, peak_memory, train
from PySide6.QtCore import QEventLoop, QTimer
from stalls import Stalls

from tlstudio.app import create_application, start_backend
from tlstudio.ui.main_window import MainWindow
from tlstudio.ui.tabs.predict.answers.answer_order import Filter, Sort
from tlstudio.ui.tabs.predict.answers.answers_table import AnswersTable
from tlstudio.ui.tabs.predict.predict_cards import OnePhotoArea
from tlstudio.ui.tabs.predict.predict_tab import PredictTab

_LOOK_MS = 20
_ORDERS = (Sort("file"), Sort("folder"), Sort("class"), Sort("score"), Sort("state"), Sort())


class Watched:
    """The window with a run open and the Predict tab shown, and somebody who measures."""

    def __init__(self, run: Path) -> None:
        self.window = MainWindow()
        self.stalls = Stalls()
        self.window.resize(1440, 900)
        session, made = self.window.session, []
        self.window.ready.connect(lambda: made.append(True))
        self.window.show()
        self.during("opening the window", lambda: bool(made))
        start_backend(self.window)
        self.during("importing beside it", lambda: not session.runner.busy("prepare"))
        session.open_run(run)
        self.during("opening the run", lambda: session.stored is not None)
        self.window.open("predict")
        (self.tab,) = self.window.findChildren(PredictTab)
        (self.table,) = self.tab.findChildren(AnswersTable)
        (self.area,) = self.tab.findChildren(OnePhotoArea)

    @property
    def answered(self) -> int:
        """Rows of the table, shown or not."""
        return sum(self.table.answers.counts().values())

    @property
    def busy(self) -> bool:
        """Whether photos are being classified."""
        return self.tab.job_status() is not None

    @property
    def reading(self) -> bool:
        """Whether answers are being read back."""
        return not self.answered or self.window.session.runner.busy("answers")

    def during(self, name: str, done: Callable[[], bool], *, rest: float = 0.0) -> float:
        """Let the event loop run until something is done, and ``rest`` seconds longer; tells how long that took."""
        self.stalls.name, begun = name, time.monotonic()
        loop, looking = QEventLoop(), QTimer(interval=_LOOK_MS)
        looking.timeout.connect(lambda: loop.quit() if done() else None)
        looking.start()
        loop.exec()
        took = time.monotonic() - begun
        looking.stop()
        if rest:
            QTimer.singleShot(round(1000 * rest), loop.quit)
            loop.exec()
        return took

    def classify(self, photos: Path, words: str) -> None:
        """Drop a folder, and wait for all of its answers."""
        self.area.dropped.emit([photos])
        before = self.answered
        self.during(f"{words}: getting ready", lambda: self.answered > before or not self.busy)
        took = self.during(f"{words}: answers come", lambda: not self.busy, rest=3.0)
        print(f"{words}: {self.answered:,} answers, {took:.1f} s; peak memory {peak_memory():.0f} MB")

    def sort(self) -> None:
        """Show the rows in every order, one after the other."""
        for order in _ORDERS:
            self.table.arrange(order, Filter())
            self.during("sorting the rows", lambda: True, rest=0.5)


def fill(run: Path, photos: Path) -> None:
    """What a first process does: the table fills, is looked through again, and is sorted."""
    app = create_application()
    watched = Watched(run)
    watched.classify(photos, "first")
    watched.classify(photos, "again")
    watched.sort()
    watched.stalls.say()
    watched.window.close()
    app.processEvents()


def restart(run: Path) -> None:
    """What a second process does: the answers are read back."""
    app = create_application()
    watched = Watched(run)
    took = watched.during("reading the answers back", lambda: not watched.reading, rest=1.0)
    watched.stalls.say()
    print(f"{watched.answered:,} answers are there again after {took:.1f} s")
    watched.window.close()
    app.processEvents()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("weights", type=Path)
    parser.add_argument("--photos", type=int, default=20_000)
    parser.add_argument("--run", type=Path)
    parser.add_argument("--backbone", default="mobilenet_v2_1.0")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        # The home of the program and the settings of the window are the user's own.
        os.environ |= {"TLSTUDIO_HOME": str(folder / "home"), "XDG_CONFIG_HOME": str(folder / "settings")}
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        if options.run is None:
            train(options, folder / "run")
        else:
            shutil.copytree(options.run, folder / "run")
        make_photos(options.data, folder / "photos", options.photos)
        for words in ("--fill", "--restart"):
            command = [sys.executable, __file__, words, str(folder / "run"), str(folder / "photos")]
            subprocess.run(command, check=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--fill"]:
        fill(*map(Path, sys.argv[2:]))
    elif sys.argv[1:2] == ["--restart"]:
        restart(Path(sys.argv[2]))
    else:
        main()
