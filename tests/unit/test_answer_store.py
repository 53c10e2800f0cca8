"""Answers that are kept: nothing computed twice, nothing mixed up, the accounting always true."""

import os
import shutil
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tlstudio.errors import TLStudioError
from tlstudio.events import Batch, CancelToken, Event, ignore_events
from tlstudio.modeling.engine import BATCH
from tlstudio.prediction.answer_store import AnswerStore, BatchRecord
from tlstudio.prediction.answering import Answerer, answer_files
from tlstudio.prediction.answering_model import AnsweringModel
from tlstudio.prediction.answers_file import FILE, answers_folder, connected, writing
from tlstudio.prediction.batch import PredictOptions
from tlstudio.prediction.prediction import BatchSummary, Prediction
from tlstudio.prediction.predictor import Predictor
from tlstudio.prediction.watch import FolderWatch
from tlstudio.projects.project import Project

MODEL = AnsweringModel("first", "run", ("dark", "light"))
OTHER = AnsweringModel("other", "other run", ("dark", "light"))
OPTIONS = PredictOptions(threshold=0.5)


@dataclass
class Brightness:
    """An engine that counts the photos that it is asked about."""

    asked: int = 0
    stop: Callable[[int], None] = field(default=lambda _: None)

    def run(self, batch: NDArray[Any]) -> NDArray[np.float32]:
        self.asked += len(batch)
        self.stop(self.asked)
        light = batch.mean(axis=(1, 2, 3), dtype=np.float64) / 255
        return np.stack([1 - light, light], axis=1).astype(np.float32)


class Desk:
    """A store, an engine, and what was told of the answers."""

    def __init__(self, folder: Path) -> None:
        self.store = AnswerStore(folder)
        self.engine = Brightness()
        self.told: list[Prediction] = []
        self.token = CancelToken()

    def ask(self, *inputs: Path, model: AnsweringModel = MODEL) -> BatchSummary:
        self.told, self.token = [], CancelToken()
        with self.store.opened(self.store.batch_of(model, inputs).id) as batch:
            batch.list_again(emit=ignore_events, token=self.token)
            return answer_files(batch, self.answerer(), OPTIONS, emit=self.collect, token=self.token)

    def ask_new(self, record: BatchRecord, watch: FolderWatch) -> BatchSummary:
        self.told = []
        with self.store.opened(record.id) as batch:
            batch.add(watch.poll())
            before = self.store.predictions(record.id, OPTIONS)
            return answer_files(batch, self.answerer(), OPTIONS, before, emit=self.collect, token=self.token)

    def answerer(self) -> Answerer:
        return Answerer(MODEL.classes, 8, lambda: Predictor(MODEL.classes, 8, [self.engine]))

    def collect(self, event: Event) -> None:
        if isinstance(event, Batch):
            self.told.extend(item for item in event.items if isinstance(item, Prediction))

    def kept(self, *inputs: Path, model: AnsweringModel = MODEL) -> list[Prediction]:
        return list(self.store.predictions(self.store.batch_of(model, inputs).id, OPTIONS))


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "store")


@pytest.fixture
def photos(tmp_path: Path, photos_factory: Callable[..., list[Path]]) -> Path:
    photos_factory(tmp_path / "photos" / "a", 40, kind=0, size=(10, 8))
    (tmp_path / "photos" / "broken.jpg").write_bytes(b"\xff\xd8\xff no photo")
    (tmp_path / "photos" / "notes").write_text("words", encoding="utf-8")
    return tmp_path / "photos"


def adds_up(summary: BatchSummary) -> bool:
    return summary.found == summary.classified + summary.unsure + summary.unreadable + summary.skipped


def test_unchanged_photos_are_neither_computed_nor_read_again(desk: Desk, photos: Path) -> None:
    first = desk.ask(photos)
    told = desk.told
    assert (first.found, first.unreadable, first.known, desk.engine.asked) == (41, 1, 0, 40)
    swapped = photos / "a" / "photo_003.jpg"  # other bytes, and nothing that says so: nobody looked
    status = swapped.stat()
    swapped.write_bytes(b"?" * status.st_size)
    os.utime(swapped, ns=(status.st_atime_ns, status.st_mtime_ns))
    second = desk.ask(photos)
    assert (desk.told, desk.engine.asked, second.known) == (told, 40, 40)
    assert (second.found, second.ignored, adds_up(second)) == (first.found, first.ignored, True)


def test_what_is_kept_is_what_was_told(desk: Desk, photos: Path) -> None:
    summary = desk.ask(photos)
    assert desk.kept(photos) == desk.told
    assert len({answer.digest for answer in desk.told}) == 41
    (record,) = desk.store.batches(MODEL.key)
    assert (record.state, record.summary, record.inputs, record.model) == ("done", summary, (photos,), MODEL)
    strict = desk.store.predictions(record.id, PredictOptions(threshold=1.0))
    assert {answer.status for answer in strict} == {"unsure", "unreadable"}, "judged as one wishes, later"


def test_photos_that_were_moved_touched_or_copied_are_not_computed_again(desk: Desk, photos: Path) -> None:
    desk.ask(photos)
    (photos / "a").rename(photos / "b")
    (photos / "b" / "photo_001.jpg").touch()
    shutil.copy(photos / "b" / "photo_002.jpg", photos / "b" / "copy.jpg")
    summary = desk.ask(photos)
    assert (desk.engine.asked, summary.found, summary.known) == (40, 42, 41)
    twins = [answer.top for answer in desk.told if Path(answer.path).name in ("copy.jpg", "photo_002.jpg")]
    assert twins[0] == twins[1]


def test_copies_in_one_batch_are_computed_once(desk: Desk, photos: Path) -> None:
    for number in range(3 * BATCH):
        shutil.copy(photos / "a" / "photo_000.jpg", photos / "a" / f"copy_{number}.jpg")
    summary = desk.ask(photos)
    assert (desk.engine.asked, summary.found, adds_up(summary)) == (40, 41 + 3 * BATCH, True)


def test_a_changed_photo_is_computed_again_and_a_vanished_one_is_gone(desk: Desk, photos: Path) -> None:
    desk.ask(photos)
    other, changed = sorted((photos / "a").glob("photo_00[01].jpg"), key=lambda path: path.stat().st_size)
    changed.write_bytes(other.read_bytes().ljust(changed.stat().st_size, b"\0"))  # as large as before
    if changed.read_bytes() == other.read_bytes():
        changed.write_bytes(changed.read_bytes() + b"\0")
    (photos / "a" / "photo_002.jpg").unlink()
    summary = desk.ask(photos)
    assert (desk.engine.asked, summary.found, summary.known) == (41, 40, 38)


def test_a_photo_that_vanishes_between_listing_and_reading_is_said(desk: Desk, photos: Path) -> None:
    with desk.store.opened(desk.store.batch_of(MODEL, [photos]).id) as batch:
        batch.list_again(emit=ignore_events, token=desk.token)
        (photos / "a" / "photo_005.jpg").unlink()
        summary = answer_files(batch, desk.answerer(), OPTIONS, emit=desk.collect, token=desk.token)
    assert [answer.error for answer in desk.told if "005" in answer.path] == ["Not there any more."]
    assert (summary.unreadable, adds_up(summary)) == (2, True)
    shutil.copy(photos / "a" / "photo_004.jpg", photos / "a" / "photo_005.jpg")
    assert desk.ask(photos).unreadable == 1, "another look, another chance"


@pytest.mark.parametrize("asked", [BATCH, 2 * BATCH])
def test_after_a_stop_only_the_rest_is_computed(desk: Desk, photos: Path, asked: int) -> None:
    desk.engine.stop = lambda so_far: desk.token.cancel() if so_far >= asked else None
    stopped = desk.ask(photos)
    (record,) = desk.store.batches()
    assert (record.state, record.unfinished, record.summary) == ("stopped", True, stopped)
    assert desk.kept(photos) == desk.told
    assert (stopped.classified + stopped.unsure, adds_up(stopped), stopped.skipped > 0) == (asked, True, True)
    desk.engine.stop = lambda _: None
    whole = desk.ask(photos)
    assert (desk.engine.asked, whole.known, whole.skipped) == (40, asked, 0)
    assert desk.store.batches()[0].state == "done"


def test_a_pause_holds_it_and_does_not_count(desk: Desk, photos: Path) -> None:
    pauses = []

    def pause(so_far: int) -> None:
        if so_far == BATCH:
            desk.token.pause()
            pauses.append(threading.Timer(0.5, desk.token.go_on))
            pauses[-1].start()

    desk.engine.stop = pause
    begun = time.monotonic()
    summary = desk.ask(photos)
    assert (summary.found, summary.skipped) == (41, 0)
    assert summary.seconds <= time.monotonic() - begun - 0.45
    pauses[0].join()


def test_groups_are_the_same_after_an_interruption(desk: Desk, photos: Path, tmp_path: Path) -> None:
    shutil.copy(photos / "a" / "photo_000.jpg", photos / "a" / "photo_010_copy.jpg")
    groups: list[list[int]] = [[], []]

    class Grouped(Brightness):
        def run(self, batch: NDArray[Any]) -> NDArray[np.float32]:
            groups[-1].append(int(batch.sum()))
            return super().run(batch)

    desk.engine = Grouped()
    desk.ask(photos)
    groups[0] = groups.pop()
    groups.append([])
    again = Desk(tmp_path / "another store")
    again.engine = Grouped(stop=lambda so_far: again.token.cancel() if so_far == BATCH else None)
    again.ask(photos)
    again.ask(photos)
    assert groups[1] == groups[0]
    assert again.told == desk.told


def test_another_model_reads_none_of_it(desk: Desk, photos: Path) -> None:
    desk.ask(photos)
    assert desk.ask(photos, model=OTHER).known == 0
    assert desk.engine.asked == 80
    assert [len(desk.store.batches(model.key)) for model in (MODEL, OTHER)] == [1, 1]


def test_a_batch_has_one_worker_at_a_time(desk: Desk, photos: Path) -> None:
    record = desk.store.batch_of(MODEL, [photos])
    with desk.store.opened(record.id):
        assert desk.store.batch(record.id).state == "running"
        with pytest.raises(TLStudioError, match="right now"):
            desk.ask(photos)
        with pytest.raises(TLStudioError, match="right now"):
            desk.store.forget(record.id)
    assert desk.store.batch(record.id).state == "stopped"
    with connected(desk.store.folder) as database, writing(database):
        database.execute("UPDATE batch SET state = 'running'")
    assert desk.store.batch(record.id).state == "interrupted", "nobody holds it"


def test_a_forgotten_batch_leaves_what_is_known_of_its_photos_and_what_was_decided(desk: Desk, photos: Path) -> None:
    desk.ask(photos)
    number = desk.store.batches()[0].id
    with connected(desk.store.folder) as database, writing(database):
        row = (number, "x", b"x", "accept", "now")
        database.execute("INSERT INTO decision (batch, path, digest, verdict, moment) VALUES (?, ?, ?, ?, ?)", row)
    desk.store.forget(number)
    assert desk.store.batches() == ()
    with connected(desk.store.folder) as database:
        assert database.execute("SELECT batch, verdict FROM decision").fetchall() == [(None, "accept")]
    with pytest.raises(TLStudioError, match="removed"):
        desk.store.batch(number)
    assert desk.ask(photos).known == 40


def test_a_folder_that_is_away_costs_no_answers(desk: Desk, photos: Path) -> None:
    desk.ask(photos)
    told = desk.told
    away = photos.rename(photos.with_name("unplugged"))
    with pytest.raises(TLStudioError, match="photos"):
        desk.ask(photos)
    assert desk.kept(photos) == told
    away.rename(photos)


def test_relative_paths_are_told_as_they_were_named(desk: Desk, photos: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(photos.parent)
    desk.ask(Path("photos"))
    assert desk.told[0].path == os.path.join("photos", "a", "photo_000.jpg")  # noqa: PTH118
    (record,) = desk.store.batches()
    monkeypatch.chdir(photos)
    again = list(desk.store.predictions(record.id, OPTIONS))
    assert again == desk.told
    assert desk.ask(photos).known == 40, "the same files by another name"


@pytest.mark.skipif(os.name == "nt", reason="names are Unicode there")
def test_names_that_are_no_text_survive(desk: Desk, photos: Path) -> None:
    name = os.fsdecode(b"caf\xe9.jpg")
    shutil.copy(photos / "a" / "photo_000.jpg", photos / name)
    for _ in range(2):
        desk.ask(photos)
        assert [answer.path for answer in desk.told if "caf" in answer.path] == [str(photos / name)]
    assert desk.kept(photos) == desk.told


def test_answers_lie_with_the_project_of_their_run(tmp_path: Path, home: Path) -> None:
    project = Project(tmp_path / "project")
    assert answers_folder(project.folder / "runs" / "one") == project.folder
    assert answers_folder(tmp_path / "elsewhere" / "runs" / "one") == home
    assert answers_folder(home / "runs" / "one") == home


def test_a_file_that_is_no_database_is_an_error_for_people(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"no database at all" * 100)
    with pytest.raises(TLStudioError, match="can't be used"):
        AnswerStore(tmp_path).batches()


def test_a_file_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    with connected(tmp_path) as database:
        database.execute("PRAGMA user_version = 99")
    with pytest.raises(TLStudioError, match="newer"):
        AnswerStore(tmp_path).batches()


@pytest.fixture
def watched(desk: Desk, photos: Path) -> tuple[BatchRecord, FolderWatch]:
    desk.ask(photos)
    (record,) = desk.store.batches()
    return record, FolderWatch(desk.store, record)


def test_a_watch_takes_what_is_new_or_changed_once_it_stands_still(
    desk: Desk, photos: Path, watched: tuple[BatchRecord, FolderWatch]
) -> None:
    record, watch = watched
    assert watch.poll() == ()
    growing = photos / "a" / "new.jpg"
    growing.write_bytes((photos / "a" / "photo_001.jpg").read_bytes()[:50])
    assert watch.poll() == (), "seen for the first time"
    with growing.open("ab") as file:
        file.write((photos / "a" / "photo_001.jpg").read_bytes()[50:])
        file.write(b"\0")
    shutil.copyfile(growing, photos / "a" / "photo_000.jpg")
    assert watch.poll() == (), "it grew"
    summary = desk.ask_new(record, watch)
    assert [Path(answer.path).name for answer in desk.told] == ["photo_000.jpg", "new.jpg"]
    assert (summary.found, summary.unreadable, summary.ignored, adds_up(summary)) == (42, 1, 1, True)
    assert (desk.engine.asked, len(desk.kept(photos))) == (41, 42)
    assert watch.poll() == watch.poll() == ()


def test_a_watch_notices_what_came_while_nobody_watched(
    desk: Desk, photos: Path, watched: tuple[BatchRecord, FolderWatch]
) -> None:
    record, _ = watched
    desk.store.set_watched(record.id, True)
    shutil.copy(photos / "a" / "photo_001.jpg", photos / "a" / "later.jpg")
    (found,) = desk.store.batches()
    assert found.watched
    watch = FolderWatch(desk.store, found)
    watch.poll()
    assert [Path(file.path).name for file in watch.poll()] == ["later.jpg"]


def test_a_watched_folder_that_vanishes_is_an_error_for_people(
    photos: Path, watched: tuple[BatchRecord, FolderWatch]
) -> None:
    shutil.rmtree(photos)
    with pytest.raises(TLStudioError, match="photos"):
        watched[1].poll()


def test_a_batch_that_ends_by_an_error_is_not_done(desk: Desk, photos: Path) -> None:
    def fail(_: int) -> None:
        raise MemoryError

    desk.engine.stop = fail
    with pytest.raises(MemoryError):
        desk.ask(photos / "a" / "photo_000.jpg")  # computed last of all, when all files have come
    assert desk.store.batches()[0].state == "stopped"
