"""The window as a program: the application object, its look, and what starts and ends with it."""

import builtins
import importlib
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Final

from PySide6.QtCore import QSettings, QThread, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from tlstudio.datasets.garbage import no_collection
from tlstudio.events import CancelToken, Emit
from tlstudio.modeling import backend
from tlstudio.ui import computing_settings, theme, theme_settings
from tlstudio.ui.main_window import MainWindow
from tlstudio.ui.session import REPRODUCIBLE

_IMPORTED_AHEAD: Final = ("scipy.sparse.csgraph", "scipy.stats", "sklearn.metrics")
"""What reading photos and opening runs needs of large libraries."""

_SWITCH_SECONDS: Final = 0.0005
"""How long another thread may keep the interpreter while the window waits for it; Python's own 5 ms are too long.

A window is painted by hundreds of calls, each of which gives the interpreter away and waits for it again.
"""


def create_application() -> QApplication:
    """The application object with the program's name and look; the one that exists if there is one."""
    _import_as_python_does()
    sys.setswitchinterval(_SWITCH_SECONDS)
    app = QApplication.instance() or QApplication([sys.argv[0]])
    assert isinstance(app, QApplication)  # noqa: S101 - nobody makes a console application here
    app.setOrganizationName("TL Studio")
    app.setApplicationName("tlstudio")
    QGuiApplication.setApplicationDisplayName("TL Studio")
    theme_settings.restore()
    theme.apply(app)
    return app


def open_window(place: Path | None = None) -> int:
    """Show the window, on a folder of photos or a run if one is given, until it is closed."""
    app = create_application()
    window = MainWindow()
    window.ready.connect(lambda: start_backend(window))
    window.show()
    if place is not None:
        QTimer.singleShot(0, lambda: window.open_place(place.resolve()))
    with bugs_shown(window):
        code = app.exec()
    if not window.session.runner.shutdown(0):
        os._exit(code)  # a thread still runs; Qt would abort when it is destroyed
    return code


def _import_as_python_does() -> None:
    """Undo what PySide does to imports: it reads the source of every module, and keeps it, to look for its own name.

    That is for ``from __feature__ import snake_case``, which nothing here uses. For SciPy, scikit-learn and TensorFlow
    it takes a sixth more time, in which the window waits for the interpreter, and 130 MB.
    """
    usual = getattr(builtins, "__orig_import__", None)  # where PySide puts Python's own
    if usual is not None:
        builtins.__import__ = usual


@contextmanager
def bugs_shown(window: MainWindow) -> Iterator[None]:
    """Show what goes wrong in the window itself, too; by itself, Qt only writes it to where nobody looks."""
    usual = sys.excepthook

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        usual(kind, error, trace)
        if isinstance(error, Exception) and QThread.currentThread() is window.thread():
            window.session.report_failure("window", error)

    sys.excepthook = hook
    try:
        yield
    finally:
        sys.excepthook = usual


def start_backend(window: MainWindow) -> None:
    """Import what takes long once the window is up, so that neither photos nor the first training wait for it.

    One after the other: several threads that import at once keep the window waiting for the interpreter.
    """
    # TensorFlow takes the number of threads once; whoever wants repeatable runs gets one from the start.
    backend.prefer(computing_settings.preference())
    threads = 1 if QSettings().value(REPRODUCIBLE, False, type=bool) else 0

    def task(_emit: Emit, _token: CancelToken) -> None:
        with no_collection():
            for name in _IMPORTED_AHEAD:
                importlib.import_module(name)
            backend.start(threads)

    window.session.runner.start("prepare", task)
