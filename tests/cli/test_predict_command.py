"""``predict`` with a network that takes no time: what is computed, what is recalled, what the table says."""

import csv
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from stored_runs import make_run

from tlstudio.events import Batch, CancelToken, Event, Notice
from tlstudio.prediction.answer_store import AnswerStore
from tlstudio.prediction.batch import PredictOptions
from tlstudio.prediction.novelty import load_novelty
from tlstudio.prediction.prediction import Prediction
from tlstudio.prediction.predictor import Predictor
from tlstudio.runs import store
from tlstudio.runs.store import StoredRun
from tlstudio.workflows.watch_photos import watch_photos

Shell = Callable[..., tuple[int, Any, str]]


class Engine:
    def __init__(self) -> None:
        self.asked = 0
        self.fails_after = 1000

    def run(self, batch: NDArray[Any]) -> NDArray[np.float32]:
        self.asked += len(batch)
        if self.asked > self.fails_after:
            raise RuntimeError
        colours = batch.mean(axis=(1, 2))
        return (colours / colours.sum(axis=1, keepdims=True)).astype(np.float32)


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Engine:
    engine = Engine()

    def load(stored: StoredRun, *_: object, **__: object) -> Predictor:
        novelty = load_novelty(stored.folder)
        return Predictor(stored.run.classes, stored.run.spec.input_size, [engine], novelty=novelty)

    monkeypatch.setattr(Predictor, "load", load)
    return engine


@pytest.fixture
def run(home: Path, class_folders: Callable[..., Path]) -> Path:
    return make_run(home / "runs" / "run", class_folders({"a": 4, "b": 4, "c": 4}, name="learnt")).folder


@pytest.fixture
def photos(class_folders: Callable[..., Path]) -> Path:
    folder = class_folders({"x": 20, "y": 20}, name="photos", size=(12, 10))
    (folder / "x" / "photo_007.jpg").write_bytes(b"")
    return folder


def test_a_second_run_computes_nothing_and_writes_the_same_table(
    shell: Shell, engine: Engine, run: Path, photos: Path, tmp_path: Path
) -> None:
    _, first, _ = shell("predict", run, photos, "--csv", tmp_path / "first.csv")
    code, second, _ = shell("predict", run, photos, "--csv", tmp_path / "second.csv", "--resume")
    assert (code, engine.asked, first["known"], second["known"]) == (0, 39, 0, 39)
    keys = ("found", "classified", "unsure", "unreadable", "skipped")
    assert [first[key] for key in keys] == [second[key] for key in keys]
    assert (tmp_path / "first.csv").read_bytes() == (tmp_path / "second.csv").read_bytes()


def test_files_of_other_kinds_are_accounted_for(shell: Shell, engine: Engine, run: Path, tmp_path: Path) -> None:
    films = tmp_path / "films"
    films.mkdir()
    for name in ("first.mp4", "second.mp4"):
        (films / name).write_bytes(b"no photo")
    code, summary, err = shell("predict", run, films)
    assert (code, summary["found"], engine.asked) == (0, 0, 0)
    assert "Ignored: 2 other files" in err


def test_resume_alone_goes_on_with_the_last_that_was_interrupted(
    shell: Shell, engine: Engine, run: Path, photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(photos.parent)
    engine.fails_after = 20
    code, _, _ = shell("predict", run, "photos", "--csv", tmp_path / "cut.csv")
    assert code == 1, "a bug in the middle"
    engine.fails_after = 1000
    monkeypatch.chdir(photos)
    code, _, err = shell("predict", run, "--resume")
    assert (code, f"Go to {photos.parent}" in err) == (2, True)
    monkeypatch.chdir(photos.parent)
    code, summary, _ = shell("predict", run, "--resume", "--csv", tmp_path / "whole.csv")
    assert (code, summary["found"], summary["skipped"]) == (0, 40, 0)
    with (tmp_path / "whole.csv").open(newline="") as file:
        paths = [row["path"] for row in csv.DictReader(file)]
    assert (len(paths), paths[0]) == (40, str(Path("photos", "x", "photo_000.jpg"))), "as they were named then"
    code, _, err = shell("predict", run, "--resume")
    assert (code, "is unfinished" in err) == (2, True)


def test_nothing_to_classify_is_said(shell: Shell, run: Path, tmp_path: Path) -> None:
    for words in ((), ("--watch",)):
        code, _, err = shell("predict", run, *words)
        assert (code, "Name folders or photos" in err) == (2, True)
    (tmp_path / "empty").mkdir()
    for folder in (tmp_path / "empty", tmp_path / "nowhere"):
        code, _, err = shell("predict", run, folder)
        assert (code, folder.name in err) == (2, True)
    assert AnswerStore.of_run(store.load(run)).batches() == (), "what never began leaves nothing"


def test_a_table_that_can_not_be_written_is_said_before_anything_is_computed(
    shell: Shell, engine: Engine, run: Path, photos: Path, tmp_path: Path
) -> None:
    code, _, err = shell("predict", run, photos, "--csv", tmp_path)
    assert (code, "can't be written" in err, engine.asked) == (2, True, 0)


def test_watching_classifies_what_comes_and_keeps_one_row_a_file(
    engine: Engine, run: Path, photos: Path, tmp_path: Path
) -> None:
    token, table = CancelToken(), tmp_path / "answers.csv"
    told: list[str] = []
    notices: list[str] = []
    moved = photos.with_name("unplugged")

    def hear(event: Event) -> None:
        if isinstance(event, Notice):
            notices.append(event.message)
            moved.rename(photos)
            shutil.copyfile(photos / "y" / "photo_001.jpg", photos / "x" / "photo_007.jpg")
            shutil.copy(photos / "y" / "photo_002.jpg", photos / "x" / "photo_999.jpg")
        if isinstance(event, Batch):
            portion = [item.path for item in event.items if isinstance(item, Prediction)]
            told.extend(portion)
            if len(told) == 40 and portion:
                photos.rename(moved)
            if len(told) == 42:
                token.cancel()

    stored = store.load(run)
    summary = watch_photos(
        stored,
        [photos],
        PredictOptions(top=3),
        table,
        answers=AnswerStore.of_run(stored),
        seconds=0.01,
        emit=hear,
        token=token,
    )
    assert len(notices) == 1
    assert "classified when it is back" in notices[0]
    assert [Path(path).name for path in told[40:]] == ["photo_007.jpg", "photo_999.jpg"]
    assert (summary.found, summary.unreadable, summary.skipped, engine.asked) == (41, 0, 0, 39)
    with table.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [Path(row["path"]).name for row in rows if row["status"] == "unreadable"] == []
    assert (len(rows), len({row["path"] for row in rows})) == (41, 41)
