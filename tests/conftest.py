"""What every test stands on: a machine without a display, a home of its own, and guards against noise and leaks."""

import colorsys
import importlib.util
import logging
import os
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from tlstudio.events import Emit, ignore_events

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot

# Before any test module is imported: Qt, TensorFlow and Keras read these once.
_SESSION_HOME = Path(tempfile.mkdtemp(prefix="tlstudio-tests-"))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["TLSTUDIO_HOME"] = str(_SESSION_HOME / "tlstudio")
os.environ["KERAS_HOME"] = str(_SESSION_HOME / "keras")

# Without Qt, all tests of what lies below the window still run.
collect_ignore_glob = [] if importlib.util.find_spec("PySide6") else ["qt", "e2e"]

_THREAD_SECONDS = 5.0

ClassFolders = Callable[..., Path]
PhotosFactory = Callable[..., list[Path]]


def pytest_addoption(parser: pytest.Parser, pluginmanager: pytest.PytestPluginManager) -> None:
    """Makes pytest-qt's settings in pyproject.toml known (and unused) where that plugin isn't loaded."""
    if not pluginmanager.has_plugin("pytest-qt"):
        for name in ("qt_api", "qt_log_level_fail", "qt_log_ignore"):
            parser.addini(name, "of pytest-qt, which is not loaded")


def pytest_configure(config: pytest.Config) -> None:
    """Leaves the slow tests to ``-m slow``; any other ``-m`` says itself what it wants."""
    if importlib.util.find_spec("PySide6"):
        _keep_settings_apart()
    if not config.option.markexpr:
        config.option.markexpr = "not slow"


def _keep_settings_apart() -> None:
    """What the window remembers goes to a folder of the tests, not to the user's own settings."""
    from PySide6.QtCore import QSettings

    QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, str(_SESSION_HOME / "settings"))


@pytest.fixture
def qtbot(qapp: "QApplication", request: pytest.FixtureRequest) -> "QtBot":  # noqa: ARG001 - it must be there
    """In the place of pytest-qt's own."""
    from patience import PatientBot  # only where Qt is

    return PatientBot(request)


def pytest_unconfigure() -> None:
    shutil.rmtree(_SESSION_HOME, ignore_errors=True)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real photos and weights beside the checkout."""
    folder = Path(__file__).resolve().parents[2] / "shared"
    if not folder.is_dir():
        pytest.skip(f"needs real photos and weights in {folder.name}/ beside the checkout")
    return folder


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of this test's own, not created yet; Keras's cache lies in it too."""
    folder = tmp_path / "home"
    monkeypatch.setenv("TLSTUDIO_HOME", str(folder))
    monkeypatch.setenv("KERAS_HOME", str(folder / "keras"))
    return folder


@pytest.fixture
def silent() -> Emit:
    """An ``emit`` that drops everything."""
    return ignore_events


def _draw(path: Path, kind: int, number: int, size: tuple[int, int]) -> None:
    """One photo: hue and direction of its stripes tell the kind; phase, light and grain vary."""
    rng = np.random.default_rng([kind, number])
    width, height = size
    y, x = np.mgrid[0:height, 0:width]
    angle = kind * 2.4
    stripes = 0.75 + 0.25 * np.sin((x * np.cos(angle) + y * np.sin(angle)) * 0.7 + rng.uniform(0, 6))
    colour = np.array(colorsys.hsv_to_rgb(kind * 0.381966 % 1, 0.75, rng.uniform(0.7, 0.95)))
    grain = rng.normal(0, 0.03, (height, width, 3))
    pixels = np.clip(stripes[..., None] * colour + grain, 0, 1) * 255
    Image.fromarray(pixels.astype(np.uint8)).save(path)


@pytest.fixture
def photos_factory() -> PhotosFactory:
    """``photos_factory(folder, count, kind=0, size=(48, 36), suffix=".jpg")`` writes photos and returns their paths.

    Photos of one kind look alike, those of two kinds don't; no two are equal; the same call writes the same files.
    """

    def make(
        folder: Path, count: int, kind: int = 0, size: tuple[int, int] = (48, 36), suffix: str = ".jpg"
    ) -> list[Path]:
        folder.mkdir(parents=True, exist_ok=True)
        photos = [folder / f"photo_{number:03}{suffix}" for number in range(count)]
        for number, path in enumerate(photos):
            _draw(path, kind, number, size)
        return photos

    return make


@pytest.fixture
def class_folders(tmp_path: Path, photos_factory: PhotosFactory) -> ClassFolders:
    """``class_folders({"daisy": 8, "rose": 6}, name="photos", size=(48, 36))`` makes a folder of class folders."""

    def make(counts: Mapping[str, int], name: str = "photos", size: tuple[int, int] = (48, 36)) -> Path:
        root = tmp_path / name
        for kind, (class_name, count) in enumerate(counts.items()):
            photos_factory(root / class_name, count, kind=kind, size=size)
        return root

    return make


@pytest.fixture(autouse=True)
def no_leaked_threads() -> Iterator[None]:
    """Fails a test that leaves a thread running which would keep the process alive."""
    before = set(threading.enumerate())
    yield
    deadline = time.monotonic() + _THREAD_SECONDS
    started = [thread for thread in threading.enumerate() if thread not in before and not thread.daemon]
    for thread in started:
        thread.join(max(0.0, deadline - time.monotonic()))
    left = [thread.name for thread in started if thread.is_alive()]
    assert not left, f"threads still running after the test: {left}"


class _Collector(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


@pytest.fixture(autouse=True)
def logged() -> Iterator[list[logging.LogRecord]]:
    """Warnings and errors that the program logged; a test that expects one pops it, any that is left fails the test."""
    collector = _Collector()
    logger = logging.getLogger("tlstudio")
    logger.addHandler(collector)
    yield collector.records
    logger.removeHandler(collector)
    left = [f"{record.levelname} {record.name}: {record.getMessage()}" for record in collector.records]
    assert not left, f"unexpected log records: {left}"
