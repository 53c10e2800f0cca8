"""``predict --table`` and ``--tag-xmp``, with a network that takes no time."""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from stored_runs import make_run

from tlstudio.events import CancelToken, ignore_events
from tlstudio.filing.undo import undo
from tlstudio.filing.xmp import keywords_of
from tlstudio.prediction.answers_file import answers_folder
from tlstudio.prediction.predictor import Predictor
from tlstudio.prediction.review.decisions import Decision, DecisionLog
from tlstudio.runs.store import StoredRun

Shell = Callable[..., tuple[int, Any, str]]


class Engine:
    """Says the same of every photo: 60 % the second class."""

    def run(self, batch: NDArray[Any]) -> NDArray[np.float32]:
        return np.tile(np.array([0.3, 0.6, 0.1], np.float32), (len(batch), 1))


@pytest.fixture
def run(home: Path, class_folders: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> Path:
    def load(stored: StoredRun, *_: object, **__: object) -> Predictor:
        return Predictor(stored.run.classes, stored.run.spec.input_size, [Engine()])

    monkeypatch.setattr(Predictor, "load", load)
    learnt = class_folders({"daisy": 4, "roses": 4, "tulips": 4}, name="learnt")
    return make_run(home / "runs" / "run", learnt).folder


@pytest.fixture
def photos(class_folders: Callable[..., Path]) -> Path:
    folder = class_folders({"x": 3}, name="photos", size=(12, 10))
    (folder / "x" / "photo_001.jpg").write_bytes(b"")
    return folder


@pytest.mark.parametrize("ending", ["xlsx", "csv", "tsv", "json"])
def test_a_table_of_the_kind_that_its_name_says(
    shell: Shell, run: Path, photos: Path, tmp_path: Path, ending: str
) -> None:
    table = tmp_path / f"answers.{ending}"
    code, summary, _ = shell("predict", run, photos, "--table", table)
    assert (code, summary["found"]) == (0, 3)
    if ending == "json":
        rows = json.loads(table.read_bytes())
        assert [(row["label"], row["status"]) for row in rows] == [
            ("roses", "ok"),
            (None, "unreadable"),
            ("roses", "ok"),
        ]
    elif ending == "xlsx":
        assert zipfile.is_zipfile(table)
    else:
        assert len(table.read_text(encoding="utf-8-sig").splitlines()) == 4


def test_an_unknown_kind_of_table_is_said_before_anything_is_computed(shell: Shell, run: Path, photos: Path) -> None:
    code, _, err = shell("predict", run, photos, "--table", "answers.ods")
    assert code == 2
    assert ".xlsx" in err


def test_keywords_go_beside_sure_photos_and_can_be_taken_back(shell: Shell, run: Path, photos: Path) -> None:
    before = {path: path.read_bytes() for path in photos.rglob("*.*")}
    code, summary, _ = shell("predict", run, photos, "--tag-xmp")
    assert code == 0
    assert (summary["keywords"]["written"], summary["keywords"]["left_out"]) == (2, 0)
    assert keywords_of((photos / "x" / "photo_000.jpg.xmp").read_bytes()) == ("roses",)
    _, again, _ = shell("predict", run, photos, "--tag-xmp")
    assert again["keywords"] == {"written": 0, "left_out": 2, "journal": None}
    undo(Path(summary["keywords"]["journal"]), emit=ignore_events, token=CancelToken())
    assert {path: path.read_bytes() for path in photos.rglob("*.*")} == before


def test_unsure_answers_get_no_keyword_but_those_that_a_person_gave_do(shell: Shell, run: Path, photos: Path) -> None:
    photo = photos / "x" / "photo_002.jpg"
    shell("predict", run, photos)
    DecisionLog(answers_folder(run)).record([Decision(str(photo), "other", "tulips")])
    _, summary, _ = shell("predict", run, photos, "--tag-xmp", "--threshold", 0.9)
    assert summary["keywords"]["written"] == 1
    assert keywords_of(photo.with_name("photo_002.jpg.xmp").read_bytes()) == ("tulips",)
