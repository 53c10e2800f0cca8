"""``compare``, and the files that ``evaluate`` writes for others, in the shell."""

import csv
import json
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path

import pytest
from stored_runs import make_run

from tlstudio.__main__ import main
from tlstudio.cli.parser import build_parser
from tlstudio.cli.report_options import write_reports
from tlstudio.events import CancelToken, Emit
from tlstudio.runs.store import StoredRun


@pytest.fixture
def runs(tmp_path: Path, class_folders: Callable[..., Path], home: Path) -> list[StoredRun]:  # noqa: ARG001
    root = class_folders({"daisy": 20, "rose": 20})
    return [
        make_run(tmp_path / "runs" / "weak", root, range(10), validation=0.5, ends=(0.6, 0.5)),
        make_run(tmp_path / "runs" / "strong", root, [19], validation=0.9),
        make_run(tmp_path / "runs" / "other", root, first_exam=0),
    ]


def test_compare_shows_a_table_and_says_which_is_better(
    runs: list[StoredRun], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table, result = tmp_path / "out" / "table.csv", tmp_path / "result.json"
    words = ["compare", *(str(run.folder) for run in runs), "--csv", str(table), "--json", str(result)]
    assert main(words) == 0
    out = capsys.readouterr().out
    lines = out.splitlines()
    assert [line.split()[:2] for line in lines[1:3]] == [["1.", "strong"], ["2.", "weak"]]
    assert "other was judged on other exam photos than weak: their figures are not compared." in lines
    assert "60.0% before refining, 50.0% after it (-10.0%); it did not help." in out
    assert "strong is better than weak. Of 20 photos, only strong gets 10 right, and only weak 1." in out
    with table.open(encoding="utf-8-sig", newline="") as file:
        assert [row["run"] for row in csv.DictReader(file)] == ["strong", "weak", "other"]
    found = json.loads(result.read_text())
    assert {"runs", "pairs", "flags", "fine_tuning"} == set(found)
    assert found["pairs"][0]["better"] == "second"


def test_compare_refuses_what_it_cant_compare(
    runs: list[StoredRun], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["compare", str(runs[0].folder)]) == 2
    assert main(["compare", str(runs[0].folder), str(tmp_path / "nothing")]) == 2
    assert main(["compare", str(runs[0].folder), str(runs[1].folder), "--csv", str(tmp_path)]) == 2
    assert "can't be written" in capsys.readouterr().err


def test_evaluate_writes_report_card_and_answers(runs: list[StoredRun], tmp_path: Path, silent: Emit) -> None:
    files = {option: tmp_path / f"for others/report.{option}" for option in ("html", "card", "csv")}
    given = [word for option, path in files.items() for word in (f"--{option}", str(path))]
    options: Namespace = build_parser().parse_args(["evaluate", str(runs[0].folder), *given])
    report = runs[0].report()
    assert report is not None
    write_reports(options, runs[0], report, emit=silent, token=CancelToken())
    assert files["html"].read_bytes().startswith(b"<!DOCTYPE html>")
    assert files["card"].read_text(encoding="utf-8").startswith("# weak")
    assert files["csv"].read_text(encoding="utf-8-sig").startswith("id,photos,truth,right,")
