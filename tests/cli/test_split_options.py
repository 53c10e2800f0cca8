"""How the photos are shared out, said on the command line."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tlstudio.__main__ import main
from tlstudio.datasets.splits.split import SplitConfig
from tlstudio.workflows.train import TrainRequest

ClassFolders = Callable[..., Path]


@pytest.mark.parametrize(
    ("words", "config"),
    [
        ([], SplitConfig()),
        (["--split-method", "plain", "--seed", "3"], SplitConfig(method="plain", seed=3)),
        (["--split", "72/20/8", "--split-method", "nested"], SplitConfig.nested(0.2, 0.1)),
        (["--group-by", "day"], SplitConfig(group_by="day")),
        (["--group-by", "column:patient no."], SplitConfig(group_by="column", group_column="patient no.")),
    ],
)
def test_ways_to_share_out(asked: list[TrainRequest], tmp_path: Path, words: list[str], config: SplitConfig) -> None:
    assert main(["train", str(tmp_path), "--out", str(tmp_path / "run"), *words]) == 2
    (request,) = asked
    assert request.split.shares == pytest.approx(config.shares)
    assert (request.split.method, request.split.seed) == (config.method, config.seed)
    assert (request.split.group_by, request.split.group_column) == (config.group_by, config.group_column)


def test_groups_that_make_no_sense_are_said(
    asked: list[TrainRequest], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["train", str(tmp_path), "--out", str(tmp_path / "run"), "--group-by", "month"]) == 2
    assert "column:NAME" in capsys.readouterr().err
    assert not asked


def test_a_column_that_the_labels_lack_is_said(
    home: Path, class_folders: ClassFolders, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = class_folders({"daisy": 3, "rose": 3})
    words = ["train", folder, "--out", tmp_path / "run", "--backbone", "small_cnn", "--weights", "none"]
    assert main([*map(str, words), "--group-by", "column:patient"]) == 2
    assert "no column “patient”" in capsys.readouterr().err
    assert not (tmp_path / "run").exists()
    assert home.parent == tmp_path
