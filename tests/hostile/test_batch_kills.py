"""A classification that is killed goes on where it was, and ends in the table of one that was not."""

import random
from collections.abc import Callable
from pathlib import Path

import busy_batch
import pytest
from kills import killed_after
from stored_runs import make_run

from tlstudio.prediction.predictor import Predictor

CHILD = Path(__file__).with_name("busy_batch.py")
PHOTOS = 600


@pytest.fixture
def photos(tmp_path: Path, photos_factory: Callable[..., list[Path]]) -> Path:
    """Copies of a few photos, each different in its last byte, some that are equal, and some that are broken."""
    few = [path.read_bytes() for path in photos_factory(tmp_path / "few", 7, size=(12, 10))]
    folder = tmp_path / "many"
    for number in range(PHOTOS):
        path = folder / f"{number % 9}" / f"{number:04}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        ending = b"" if number % 50 == 0 else number.to_bytes(2, "big")
        path.write_bytes(b"\xff\xd8\xff" if number % 40 == 1 else few[number % 7] + ending)
    return folder


@pytest.mark.parametrize("kills", [3, pytest.param(10, marks=pytest.mark.slow)])
def test_a_killed_classification_ends_in_the_same_table(
    kills: int,
    tmp_path: Path,
    photos: Path,
    class_folders: Callable[..., Path],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(Predictor, "load", Predictor.load)  # put back afterwards
    run = make_run(tmp_path / "run", class_folders({"a": 4, "b": 4, "c": 4})).folder
    whole = busy_batch.classify(run, photos, tmp_path / "undisturbed", tmp_path / "undisturbed.csv")
    assert (whole.found, whole.skipped, whole.known > 0) == (PHOTOS, 0, True)
    chance = random.Random(kills)  # noqa: S311
    table, told = tmp_path / "answers.csv", 0
    for _ in range(kills):
        wait = chance.uniform(0, 1 / kills)
        said = killed_after(CHILD, run, photos, tmp_path / "killed", table, lines=1, seconds=wait)
        assert "done" not in said, "it ended by itself: it was tried on nothing"
        told = max(told, int(said[-1]))
    summary = busy_batch.classify(run, photos, tmp_path / "killed", table)
    assert summary.known >= told - summary.unreadable, "what was told had been kept"
    assert table.read_bytes() == (tmp_path / "undisturbed.csv").read_bytes()
    assert (summary.found, summary.classified, summary.unsure) == (whole.found, whole.classified, whole.unsure)
    capsys.readouterr()
