"""Folders of photos through the real window: paused, stopped, gone on with, still there after a restart, watched."""

import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from person import Person
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMenu
from stored_runs import make_run

from tlstudio.prediction.answer_store import AnswerStore
from tlstudio.prediction.answers_file import FILE
from tlstudio.prediction.predictor import Predictor
from tlstudio.runs.store import StoredRun
from tlstudio.ui.tabs.predict.folders import watched_folders
from tlstudio.ui.widgets.photo_table import PhotoTable

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

Windows = Callable[[], AbstractContextManager[Person]]
PHOTOS = 100
F8 = Qt.Key.Key_F8


class Colours:
    """An engine that names photos by their colour, and can be held up.

    Attributes:
        free: While it is clear, nothing is answered beyond the first photos.
        answered: Photos that it was asked about.
    """

    def __init__(self) -> None:
        self.free = threading.Event()
        self.answered = 0

    def run(self, batch: NDArray[Any]) -> NDArray[np.float32]:
        if self.answered:
            assert self.free.wait(60)
        self.answered += len(batch)
        colours: NDArray[np.float64] = batch.mean(axis=(1, 2), dtype=np.float64)
        scores: NDArray[np.float32] = (colours / colours.sum(axis=1, keepdims=True)).astype(np.float32)
        return scores


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Iterator[Colours]:
    colours = Colours()
    loaded = lambda stored, *_photos, **_rest: Predictor(stored.run.classes, 8, [colours])  # noqa: E731
    monkeypatch.setattr("tlstudio.workflows.predict.Predictor.load", loaded)
    monkeypatch.setattr("tlstudio.workflows.predict.ensure_novelty", lambda *_given, **_rest: False)
    monkeypatch.setattr(watched_folders, "LOOK_SECONDS", 0.05)
    monkeypatch.setattr("tlstudio.prediction.answering._REPORT_SECONDS", 0.0)  # or the first photos wait for the next
    yield colours
    colours.free.set()


@pytest.fixture
def run(home: Path, class_folders: Callable[..., Path]) -> StoredRun:
    root = class_folders({"reddish": 3, "greenish": 3, "bluish": 3})
    return make_run(home / "runs" / "Colours", root)


@pytest.fixture
def meadow(tmp_path: Path, shared: Path) -> Path:
    return link_photos(tmp_path / "Meadow", shared, PHOTOS)


def link_photos(folder: Path, shared: Path, count: int) -> Path:
    """Two folders of real photos."""
    for name in ("daisy", "roses"):
        (folder / name).mkdir(parents=True)
        for photo in sorted((shared / "data/flowers5" / name).iterdir())[: count // 2]:
            (folder / name / photo.name).symlink_to(photo)
    return folder


def open_run(person: Person, run: StoredRun) -> None:
    session = person.window.session
    with person.qtbot.waitSignal(session.run_changed, timeout=60_000):
        session.open_run(run.folder)
    person.window.open("predict")
    QApplication.processEvents()


def shown(person: Person) -> int:
    table = person.see(PhotoTable)
    assert isinstance(table, PhotoTable)
    return table.shown()


def choose(person: Person, button: str, words: str) -> None:
    person.press(button)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    next(action for action in menu.actions() if action.text() == words).trigger()
    menu.close()


def test_paused_and_stopped_and_gone_on_with_after_a_crash(
    windows: Windows, run: StoredRun, meadow: Path, engine: Colours
) -> None:
    with windows() as person:
        open_run(person, run)
        person.drop(meadow)
        person.wait(lambda: "photos so far." in person.words())
        assert 0 < shown(person) < PHOTOS
        person.key(F8)
        engine.free.set()
        person.wait(lambda: "Paused: Meadow" in person.next_step)
        engine.free.clear()
        assert shown(person) < PHOTOS
        person.key(F8)
        person.wait(lambda: "Classifying Meadow" in person.next_step)
        person.key(F8, Qt.KeyboardModifier.ShiftModifier)
        engine.free.set()
        person.wait(lambda: "not reached" in person.words())
        assert f"= {PHOTOS} photos. None is missing." in person.words()
        person.wait(lambda: "Stopped" in person.words())
        before = person.chips()["All"]
    asked = engine.answered  # what it was busy with when it was stopped counts, too
    (file,) = run.folder.parents[1].glob(FILE)
    with closing(sqlite3.connect(file)) as database, database:
        database.execute("UPDATE batch SET state = 'running'")  # as a crash leaves it
    with windows() as person:
        open_run(person, run)
        person.wait(lambda: person.sees(PhotoTable) and shown(person) == before)
        person.wait(lambda: f"{PHOTOS - before} not reached = {PHOTOS} photos. None is missing." in person.words())
        person.wait(lambda: person.told == "Classifying Meadow was interrupted" and "Interrupted" in person.words())
        assert person.message is not None
        person.press(person.message.fix)
        person.wait(lambda: shown(person) == PHOTOS and f"{PHOTOS} photos in 2 folders" in person.words())
        assert person.chips()["All"] == PHOTOS
        assert engine.answered == asked + PHOTOS - before, "what had an answer was not computed again"
        assert f"= {PHOTOS} photos. None is missing." in person.words()
        choose(person, "What can be done with Meadow", "Take out of the list")
        person.wait(lambda: not person.sees(PhotoTable) and not person.window.session.runner.busy("answers"))
    assert AnswerStore.of_run(run).batches() == ()


def test_new_photos_in_a_watched_folder_get_answers_by_themselves(
    windows: Windows, run: StoredRun, tmp_path: Path, shared: Path, engine: Colours
) -> None:
    engine.free.set()
    meadow = link_photos(tmp_path / "Meadow", shared, 8)
    photos = iter(sorted((shared / "data/flowers5/tulips").iterdir()))
    with windows() as person:
        open_run(person, run)
        person.drop(meadow)
        person.wait(lambda: person.sees(PhotoTable) and "Done" in person.words())
        choose(person, "What can be done with Meadow", "Watch this folder")
        person.wait(lambda: "Watched: new photos get their answers by themselves" in person.words())
        shutil.copy(next(photos), meadow / "new.jpg")
        person.wait(lambda: shown(person) == 9 and "Done" in person.words())
        assert "= 9 photos. None is missing." in person.words()
    shutil.copy(next(photos), meadow / "meanwhile.jpg")
    with windows() as person:
        open_run(person, run)
        person.wait(lambda: person.sees(PhotoTable) and shown(person) == 10)
        person.wait(lambda: "= 10 photos. None is missing." in person.words())
