"""Grabs of the real window on the sample leaves, for the README: trains, judges and classifies as a person would.

Usage: python tools/take_pictures.py [FOLDER]      (default docs/pictures; takes about a minute)
"""

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
_HOME = tempfile.TemporaryDirectory()
os.environ["TLSTUDIO_HOME"] = _HOME.name
os.environ["XDG_CONFIG_HOME"] = _HOME.name  # the settings of the window are the user's own
os.environ["KERAS_HOME"] = str(Path(_HOME.name) / "keras")

from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl  # noqa: E402
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QFont, QFontDatabase  # noqa: E402
from PySide6.QtWidgets import QApplication  # noqa: E402

from tlstudio.app import create_application  # noqa: E402
from tlstudio.datasets.sources.samples import sample_folder  # noqa: E402
from tlstudio.events import BatchEnded, CancelToken, Event, ignore_events  # noqa: E402
from tlstudio.ui import theme  # noqa: E402
from tlstudio.ui.main_window import MainWindow  # noqa: E402
from tlstudio.ui.tabs.tab import Tab  # noqa: E402
from tlstudio.ui.widgets.photo_table import PhotoTable  # noqa: E402

_PATIENCE = 600.0
_ROUND_OF_THE_PICTURE = 18


class Photographer:
    """Waits for things to happen in the window and takes its picture."""

    def __init__(self, app: QApplication, window: MainWindow, folder: Path) -> None:
        self._app, self._window, self._folder = app, window, folder
        folder.mkdir(parents=True, exist_ok=True)

    def wait(self, happened: Callable[[], bool]) -> None:
        """Let the window go on until something has happened."""
        deadline = time.monotonic() + _PATIENCE
        while not happened():
            if time.monotonic() > deadline:
                raise TimeoutError
            self._app.processEvents()
            time.sleep(0.002)

    def settle(self, seconds: float = 1.2) -> None:
        """Let the window go on for a while."""
        end = time.monotonic() + seconds
        self.wait(lambda: time.monotonic() > end)

    def take(self, name: str) -> None:
        """Take the picture in light and dark."""
        for mode in ("light", "dark"):
            theme.set_theme("light" if mode == "light" else "dark")
            self.settle(0.6)
            self._window.grab().save(str(self._folder / f"{name}-{mode}.png"))
        theme.set_theme("light")


def drop(window: MainWindow, path: Path) -> None:
    """Drop a folder on the page that is open."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    page = next(tab for tab in window.findChildren(Tab) if tab.isVisible())
    where, copy = page.rect().center(), Qt.DropAction.CopyAction
    none, left = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.LeftButton
    QApplication.sendEvent(page, QDragEnterEvent(where, copy, data, left, none))
    QApplication.sendEvent(page, QDropEvent(QPointF(where), copy, data, left, none))


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[1] / "docs/pictures"
    app = QApplication(sys.argv[:1])
    if "Inter" in QFontDatabase.families():
        font = QFont("Inter")
        font.setPixelSize(14)
        app.setFont(font)
    create_application()
    theme.set_theme("light")
    window = MainWindow()
    made: list[bool] = []
    window.ready.connect(lambda: made.append(True))
    window.resize(1440, 900)
    window.show()
    camera = Photographer(app, window, folder)
    camera.wait(lambda: bool(made))
    camera.settle()
    camera.take("welcome")
    session = window.session
    session.photos.open_sample("leaves")
    camera.wait(lambda: session.photos.dataset is not None)
    camera.settle()
    camera.take("dataset")
    window.open("model")
    camera.settle()
    camera.take("model")
    rounds: list[int] = []
    ended: list[object] = []

    def count(event: Event) -> None:
        if isinstance(event, BatchEnded):
            rounds.append(event.epoch)

    session.training_reported.connect(count)
    session.training_ended.connect(ended.append)
    session.train()
    camera.wait(lambda: bool(ended) or (bool(rounds) and rounds[-1] >= _ROUND_OF_THE_PICTURE))
    camera.take("training")
    camera.wait(lambda: bool(ended))
    camera.settle()
    camera.take("trained")
    window.open("evaluation")
    camera.settle()
    camera.take("evaluation")
    window.open("predict")
    camera.settle()
    drop(window, sample_folder("leaves", emit=ignore_events, token=CancelToken()))
    camera.settle()
    camera.wait(lambda: not session.runner.busy("compute"))
    page = next(tab for tab in window.findChildren(Tab) if tab.isVisible())
    for table in page.findChildren(PhotoTable):
        table.setCurrentIndex(table.model().index(3, 0))
    camera.settle(2)
    camera.take("predict")
    window.close()


if __name__ == "__main__":
    main()
