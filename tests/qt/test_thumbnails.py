"""The cache that every view of photos shares."""

import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tlstudio.datasets import thumbnail_files
from tlstudio.ui.widgets.thumbnails import ThumbnailCache


@pytest.fixture
def cache(qapp: QApplication) -> Iterator[ThumbnailCache]:  # noqa: ARG001 - there must be one
    made = ThumbnailCache(limit_bytes=400_000)
    yield made
    made.shutdown()


@pytest.fixture
def photos(tmp_path: Path) -> list[Path]:
    paths = []
    for number in range(6):
        path = tmp_path / f"photo {number}.png"
        Image.new("RGB", (300, 200), (40 * number, 100, 0)).save(path)
        paths.append(path)
    return paths


def test_a_photo_comes_by_signal_and_stays(cache: ThumbnailCache, photos: list[Path], qtbot: QtBot) -> None:
    owner = QObject()
    with qtbot.waitSignal(cache.loaded) as told:
        assert cache.pixmap(photos[0], 150, owner) is None
    assert told.args == [photos[0]]
    pixmap = cache.pixmap(photos[0], 150, owner)
    assert (pixmap.width(), pixmap.height()) == (192, 128)


def test_results_arrive_in_the_gui_thread(cache: ThumbnailCache, photos: list[Path], qtbot: QtBot) -> None:
    threads = []
    cache.loaded.connect(lambda _: threads.append(threading.current_thread()))
    for path in photos:
        cache.pixmap(path, 64, cache)
    qtbot.waitUntil(lambda: len(threads) == len(photos))
    assert set(threads) == {threading.main_thread()}


def test_another_size_serves_until_the_right_one_is_there(
    cache: ThumbnailCache, photos: list[Path], qtbot: QtBot
) -> None:
    with qtbot.waitSignal(cache.loaded):
        cache.pixmap(photos[0], 64, cache)
    with qtbot.waitSignal(cache.loaded):
        assert cache.pixmap(photos[0], 250, cache).width() == 64
    assert cache.pixmap(photos[0], 250, cache).width() == 256


def test_an_unreadable_photo_is_remembered_with_its_reason(cache: ThumbnailCache, tmp_path: Path, qtbot: QtBot) -> None:
    path = tmp_path / "broken.jpg"
    path.write_bytes(b"\xff\xd8\xff\xe0 not a photo")
    with qtbot.waitSignal(cache.loaded):
        cache.pixmap(path, 64, cache)
    assert cache.reason(path)
    assert cache.pixmap(path, 64, cache) is None
    assert cache.waiting() == 0


def test_memory_is_bounded(cache: ThumbnailCache, photos: list[Path], qtbot: QtBot) -> None:
    done = []
    cache.loaded.connect(done.append)
    for path in photos:
        cache.pixmap(path, 256, cache)
    qtbot.waitUntil(lambda: len(done) == len(photos))
    kept = [path for path in done if cache.pixmap(path, 256, cache) is not None]
    assert kept == done[-2:]


class _Gate:
    """A decoder that notes what it is asked for and waits to be let through."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.open = threading.Event()
        self.begun = threading.Event()
        self.asked: list[Path] = []
        monkeypatch.setattr(thumbnail_files, "thumbnail", self)

    def __call__(self, path: Path, _side: int) -> np.ndarray:
        self.asked.append(path)
        self.begun.set()
        assert self.open.wait(10)
        return np.zeros((4, 4, 3), np.uint8)


@pytest.mark.usefixtures("qapp")
def test_newest_first_and_what_is_out_of_view_not_at_all(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    gate = _Gate(monkeypatch)
    cache = ThumbnailCache(threads=1)
    loaded = []
    cache.loaded.connect(loaded.append)
    paths = [Path(str(number)) for number in range(5)]
    cache.pixmap(paths[0], 64, cache)
    assert gate.begun.wait(10)
    for path in paths[1:]:
        cache.pixmap(path, 64, cache)
    cache.keep(cache, {paths[1], paths[4]})
    assert cache.waiting() == 2
    gate.open.set()
    qtbot.waitUntil(lambda: len(loaded) == 3)
    assert gate.asked == [paths[0], paths[4], paths[1]]
    cache.shutdown()


@pytest.mark.usefixtures("qapp")
def test_shutdown_ends_the_threads_and_drops_what_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    gate = _Gate(monkeypatch)
    cache = ThumbnailCache(threads=1)
    cache.pixmap(Path("a"), 64, cache)
    assert gate.begun.wait(10)
    cache.pixmap(Path("b"), 64, cache)
    gate.open.set()
    cache.shutdown()
    assert gate.asked == [Path("a")]
    cache.pixmap(Path("c"), 64, cache)
    assert cache.waiting() == 0


@pytest.mark.usefixtures("qapp")
def test_after_clear_an_old_result_does_not_come_back(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    gate = _Gate(monkeypatch)
    cache = ThumbnailCache(threads=1)
    cache.pixmap(Path("a"), 64, cache)
    assert gate.begun.wait(10)
    cache.clear()
    loaded = []
    cache.loaded.connect(loaded.append)
    cache.pixmap(Path("b"), 64, cache)
    gate.open.set()
    qtbot.waitUntil(lambda: bool(loaded))
    assert loaded == [Path("b")]
    cache.shutdown()
