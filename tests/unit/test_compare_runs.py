"""Runs side by side: places, pairs on the same photos, other splits, and what refining brought."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from stored_runs import make_run

from tlstudio.errors import TLStudioError
from tlstudio.evaluation.comparison import changed_photos
from tlstudio.runs.store import StoredRun
from tlstudio.workflows.compare import COLUMNS, compare, compare_runs, compared_run, comparison_csv, comparison_json

Make = Callable[..., StoredRun]


@pytest.fixture
def make(tmp_path: Path, class_folders: Callable[..., Path], home: Path) -> Make:  # noqa: ARG001
    root = class_folders({"daisy": 20, "rose": 20})

    def made(name: str, *options: object, **more: object) -> StoredRun:
        return make_run(tmp_path / "runs" / name, root, *options, **more)  # type: ignore[arg-type]

    return made


def test_runs_on_the_same_photos_are_ranked_by_the_photos_checked_on(make: Make) -> None:
    runs = [make("a", [0, 1, 2], validation=0.9), make("b", [0], validation=0.7), make("c", [0], validation=0.8)]
    found = compare([run.folder for run in runs])
    assert {Path(key).name: place for key, place in found.ranks.items()} == {"a": 1, "c": 2, "b": 3}
    assert found.flags == ()


def test_a_pair_tells_which_is_better_and_which_photos_changed(make: Make) -> None:
    weak, strong = make("weak", range(10), validation=0.5), make("strong", [9, 19], validation=0.9)
    found = compare([strong.folder, weak.folder])
    (pair,) = found.pairs
    assert (Path(pair.first).name, Path(pair.second).name) == ("weak", "strong")
    assert (pair.paired.only_first, pair.paired.only_second, pair.paired.both_wrong) == (1, 9, 1)
    assert pair.headline == "strong is better than weak."
    changes = changed_photos(found.run(pair.first).answers, found.run(pair.second).answers)
    assert [change.gained for change in changes] == [True] * 9 + [False]
    assert {change.after.label for change in changes} == {"daisy", "rose"}


def test_equal_runs_differ_on_nothing(make: Make) -> None:
    found = compare([make("a", [1, 2]).folder, make("b", [1, 2]).folder])
    assert found.pairs[0].better == "unknown"
    assert "right and wrong on the same photos" in found.pairs[0].evidence


def test_other_splits_are_flagged_and_not_compared(make: Make) -> None:
    runs = [make("a"), make("b", [1]), make("other", first_exam=0)]
    found = compare([run.folder for run in runs])
    assert len(found.pairs) == 1
    assert found.flags == ("other was judged on other exam photos than a: their figures are not compared.",)
    assert str(runs[2].folder) not in found.ranks


def test_the_same_photos_elsewhere_are_the_same_photos(
    make: Make, tmp_path: Path, class_folders: Callable[..., Path]
) -> None:
    elsewhere = make_run(tmp_path / "runs" / "moved", class_folders({"daisy": 20, "rose": 20}, "elsewhere"), [3])
    assert len(compare([make("a").folder, elsewhere.folder]).pairs) == 1


def test_other_labels_are_other_exams(make: Make, tmp_path: Path, class_folders: Callable[..., Path]) -> None:
    relabelled = class_folders({"daisy": 20, "tulip": 20}, "relabelled")
    found = compare([make("a").folder, make_run(tmp_path / "runs" / "b", relabelled).folder])
    assert not found.pairs
    assert found.flags


def test_refining_that_did_not_help_is_marked(make: Make, tmp_path: Path, class_folders: Callable[..., Path]) -> None:
    runs = [make("better", ends=(0.7, 0.9)), make("head", [1], ends=None)]
    other = class_folders({"cat": 6, "dog": 6}, "pets")
    runs.append(make_run(tmp_path / "runs" / "worse", other, ends=(0.8, 0.75)))
    cells = compare_runs([compared_run(run) for run in runs]).cells
    assert [(cell.dataset, cell.helped) for cell in cells] == [("pets", False), ("photos", True)]
    assert cells[0].gain == pytest.approx(-0.05)


def test_the_table_holds_every_figure(make: Make) -> None:
    first = make("a", [0], validation=0.9)
    found = compare([make("b", [1, 2]).folder, first.folder])
    rows = list(csv.DictReader(io.StringIO(comparison_csv(found).decode("utf-8-sig"))))
    assert tuple(rows[0]) == COLUMNS
    assert [row["run"] for row in rows] == ["a", "b"]
    assert float(rows[0]["test_accuracy"]) == pytest.approx(19 / 20)
    assert float(rows[0]["test_accuracy_low"]) < 0.95 < float(rows[0]["test_accuracy_high"])
    assert int(rows[0]["bytes"]) == sum(path.stat().st_size for path in first.folder.iterdir())
    assert int(rows[0]["trainable_parameters"]) > 1000
    assert rows[0]["train_loss"] == "0.7"
    assert rows[0]["same_exam"] == rows[1]["same_exam"] == "1"


def test_the_json_says_the_same(make: Make) -> None:
    found = comparison_json(compare([make("a").folder, make("b", [0]).folder]))
    assert [run["name"] for run in found["runs"]] == ["a", "b"]
    assert found["pairs"][0]["paired"]["photos"] == 20


def test_one_run_is_not_enough(make: Make) -> None:
    folder = make("a").folder
    with pytest.raises(TLStudioError, match="single run"):
        compare([folder])
    with pytest.raises(TLStudioError, match="named twice"):
        compare([folder, folder.parent / ".." / "runs" / "a"])
