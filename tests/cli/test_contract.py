"""The command line as a contract: commands, JSON fields, CSV columns, exit codes. Real ``main``, real photos."""

import csv
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tlstudio.__main__ import main
from tlstudio.datasets.augmentation.presets import find_augmentation
from tlstudio.modeling.backbones import BACKBONES
from tlstudio.modeling.speeds import SpeedStore
from tlstudio.runs import store

Shell = Callable[..., tuple[int, Any, str]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, shared: Path) -> Path:
    """Three classes of real flowers, 20 photos each, with the messy files among the roses."""
    root = tmp_path_factory.mktemp("photos")
    for name in ("daisy", "roses", "tulips"):
        (root / name).mkdir()
        for photo in sorted((shared / "data/flowers5" / name).iterdir())[:20]:
            (root / name / photo.name).symlink_to(photo)
    for odd in sorted((shared / "data/messy").iterdir()):
        (root / "roses" / odd.name).symlink_to(odd)
    return root


@pytest.fixture(scope="module")
def run_folder(tmp_path_factory: pytest.TempPathFactory, folder: Path, shared: Path) -> tuple[Path, dict[str, Any]]:
    out = tmp_path_factory.mktemp("runs") / "run"
    result = out.with_suffix(".json")
    weights = shared / "weights/mobilenet_v1_0.25_224_notop.weights.h5"
    words = ["train", folder, "--out", out, "--backbone", "mobilenet_0.25", "--weights", weights, "--json", result]
    assert main([*map(str, words), "--input-size", "128", "--fine-tune-epochs", "1"]) == 0
    return out, json.loads(result.read_text())


def test_train_reports_every_field_of_the_contract(run_folder: tuple[Path, dict[str, Any]]) -> None:
    out, result = run_folder
    assert result["run"] == str(out)
    assert result["classes"] == ["daisy", "roses", "tulips"]
    counts = result["counts"]
    assert counts["train"] + counts["validation"] + counts["test"] == 60 + 20  # 20 of the messy files are readable
    assert counts["rejected"] == len(result["rejected"]) == 10
    assert {entry["path"] for entry in result["rejected"]} >= {"roses/empty.jpg", "roses/truncated.heic"}
    assert all(entry["reason"].endswith(".") for entry in result["rejected"])
    assert result["backbone"] == "mobilenet_0.25"
    assert result["validation"].keys() == {"accuracy", "loss"}
    assert result["test"].keys() == {"accuracy", "loss", "macro_f1"}
    assert result["seconds"].keys() == {"scan", "features", "head", "fine_tune", "evaluate", "total"}
    assert result["seconds"]["fine_tune"] > 0
    assert result["status"] == "complete"


def test_evaluate_agrees_with_train(run_folder: tuple[Path, dict[str, Any]], shell: Shell) -> None:
    out, trained = run_folder
    code, report, _ = shell("evaluate", out)
    assert code == 0
    assert report["accuracy"] == pytest.approx(trained["test"]["accuracy"])
    assert report["loss"] == pytest.approx(trained["test"]["loss"], abs=1e-4)
    assert report["macro_f1"] == pytest.approx(trained["test"]["macro_f1"])
    assert sum(map(sum, report["confusion"])) == trained["counts"]["test"]
    assert report["per_class"]["roses"].keys() >= {"precision", "recall", "f1", "support"}
    assert 0 <= report["ece"] <= 1


def test_predict_gives_the_scores_of_evaluate(
    run_folder: tuple[Path, dict[str, Any]], folder: Path, shell: Shell, tmp_path: Path
) -> None:
    out, _ = run_folder
    table = tmp_path / "answers.csv"
    code, summary, _ = shell("predict", out, folder, "--csv", table, "--top", 3)
    assert code == 0
    with table.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["path", "label", "score", "label_2", "score_2", "label_3", "score_3", "status", "error"]
    assert len(rows) == summary["found"] == 90
    assert summary["unreadable"] == 10 == sum(row["status"] == "unreadable" for row in rows)
    assert all(row["error"] for row in rows if row["status"] == "unreadable")
    parts = ("classified", "unsure", "unreadable", "skipped")
    assert summary["found"] == sum(summary[part] for part in parts)
    assert [row["path"] for row in rows] == sorted(row["path"] for row in rows)
    _, report, _ = shell("evaluate", out)
    scores = {Path(row["path"]).name: row for row in rows}
    for photo in report["predictions"]:
        row = scores[Path(photo["path"]).name]
        assert row["label"] == photo["top"][0]["label"]
        assert float(row["score"]) == pytest.approx(photo["top"][0]["score"], abs=1e-4)


def test_threshold_one_leaves_nothing_sure(run_folder: tuple[Path, dict[str, Any]], shared: Path, shell: Shell) -> None:
    photo = next((shared / "data/birds10").rglob("*.jpg"))
    code, summary, _ = shell("predict", run_folder[0], photo, "--threshold", 1.0)
    assert (code, summary["found"], summary["unsure"]) == (0, 1, 1)


def test_evaluate_on_another_folder_knows_strange_classes(
    run_folder: tuple[Path, dict[str, Any]], shared: Path, shell: Shell
) -> None:
    code, _, err = shell("evaluate", run_folder[0], shared / "data/leaves3")
    assert code == 2
    assert "Leaf_01" in err


def test_scan_accounts_for_every_file(shared: Path, shell: Shell) -> None:
    code, result, _ = shell("scan", shared / "data/messy")
    assert code == 0
    assert result["found"] == 31
    rejected = {entry["path"]: entry["reason"] for entry in result["rejected"]}
    assert len(rejected) == 10
    assert len(result["unlabelled"]) == 20
    assert result["ignored"] == {"hidden": 0, "system": 0, "other": 1}
    assert "65,536 x 65,536" in rejected["65536-uint32-limit.png"]


def test_labels_from_file_names(shared: Path, shell: Shell) -> None:
    code, result, _ = shell("scan", shared / "data/cats_dogs_flat", "--labels", r"filename:^(cat|dog)\.")
    assert code == 0
    assert set(result["classes"]) == {"cat", "dog"}
    assert sum(result["classes"].values()) == 300


@pytest.mark.parametrize(
    ("options", "classes"),
    [
        ([], {"cat": 4, "dog": 4}),
        (["--no-parts"], {"test": 4, "train": 4}),
        (["--labels", "folder:1"], {"test": 4, "train": 4}),
        (["--labels", "folder:2"], {"cat": 4, "dog": 4}),
        (["--labels", "pattern:number"], {"photo": 8}),
        (["--labels", "piece:2:_"], {"000": 4, "001": 4}),
        (["--labels", r"filename:photo_\d\d(?P<label>\d)"], {"0": 4, "1": 4}),
        (["--labels", "csv:TABLE?file=what&class=is+it"], {}),
        (["--labels", "csv:TABLE?class=colour"], {"blue": 1, "red": 1}),
        (["--labels", "csv:TABLE?file=copy&class=colour"], {"red": 1}),
        (["--hidden"], {"cat": 6, "dog": 4}),
    ],
)
def test_every_reading_of_the_panel_is_an_option(
    options: list[str], classes: dict[str, int], shell: Shell, class_folders: Callable[..., Path]
) -> None:
    folder = class_folders({"train/cat": 2, "train/dog": 2, "test/cat": 2, "test/dog": 2, "train/cat/.more": 2})
    table = folder.parent / "labels.csv"
    lines = ("train/cat/photo_000.jpg,x,test/cat/photo_000,red", "test/dog/photo_001.jpg,y,gone.jpg,blue")
    table.write_text("\n".join(("path,label,copy,colour", *lines)))
    code, result, err = shell("scan", folder, *(option.replace("TABLE", str(table)) for option in options))
    assert code == (0 if classes else 2), err
    if classes:
        assert {name: count for name, count in result["classes"].items() if count} == classes


def test_train_with_no_other_option_starts_from_the_bundled_weights(
    shell: Shell, folder: Path, tmp_path: Path, home: Path
) -> None:
    code, result, err = shell("train", folder, "--out", tmp_path / "run", "--head-epochs", "2")
    assert code == 0
    assert (result["backbone"], result["weights"]) == ("starter", "bundled")
    assert "comes with TL Studio" in err
    assert result["test"]["accuracy"] >= 0
    assert not (home / "keras" / "models").exists(), "nothing was downloaded"


@pytest.mark.parametrize("what", ["backbones", "architectures", "augmentations"])
def test_list_names_every_entry(what: str, shell: Shell) -> None:
    code, result, _ = shell("list", what)
    assert code == 0
    assert all(entry["name"] and entry["title"] for entry in result[what])


def test_backbones_are_listed_with_what_the_window_shows_of_them(shell: Shell, home: Path) -> None:  # noqa: ARG001
    _, before, _ = shell("list", "backbones")
    SpeedStore().keep("vgg16", 224, 7.25)
    _, result, _ = shell("list", "backbones")
    entries = {entry["name"]: entry for entry in result["backbones"]}
    assert set(entries) == {entry.name for entry in BACKBONES}
    vgg = entries["vgg16"]
    assert (vgg["accuracy"], vgg["accuracy_source"]) == (0.713, "keras.io/api/applications")
    assert (vgg["photos_per_second"], vgg["measured"]) == (7.25, True)
    assert not any(entry["measured"] for entry in before["backbones"])
    assert all(entry["photos_per_second"] > 0 for entry in before["backbones"])
    assert (vgg["parameters"], vgg["bytes"], vgg["input_size"]) == (14_714_688, 58_858_752, 224)
    assert (vgg["at_hand"], entries["starter"]["at_hand"]) == (False, True)
    assert Path(vgg["file"]).name == "vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5"
    assert len(vgg["file_hash"]) == 32
    assert "71.3% on ImageNet, 7.2 photos a second here" in vgg["text"]


def test_varied_copies_are_listed_with_amounts_and_presets(shell: Shell) -> None:
    _, result, _ = shell("list", "augmentations")
    entries = {entry["name"]: entry for entry in result["augmentations"]}
    assert entries["rotation"]["range"] == [0, 180]
    assert entries["rotation"]["unit"] == "degrees"
    assert entries["001"]["kind"] == "preset"
    assert entries["001"]["config"]["validation"] is True
    assert "shear 11.46°" in entries["001"]["text"]


@pytest.mark.parametrize(("preset", "views"), [pytest.param("001", 3, marks=pytest.mark.slow), ("none", 0)])
def test_train_takes_a_preset_of_varied_copies(
    preset: str, views: int, shell: Shell, folder: Path, tmp_path: Path
) -> None:
    quick = ("--backbone", "small_cnn", "--input-size", "32", "--head-epochs", "1")
    code, _, _ = shell("train", folder, "--out", tmp_path / "run", *quick, "--augment", preset)
    assert code == 0
    augmentation = store.load(tmp_path / "run").run.config.augmentation
    assert augmentation == find_augmentation(preset)
    assert augmentation.views == views


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["scan", "no such folder"], "no such folder"),
        (["evaluate", "no such run"], "no such run"),
        (["train", ".", "--out", "x", "--backbone", "resnet_9000"], "resnet_9000"),
        (["train", ".", "--out", "x", "--split", "a/b"], "a/b"),
        (["train", ".", "--out", "x", "--augment", "wild"], "000-A/C, 000-B, 001"),
        (["train", ".", "--out", "x", "--weights", "lost.h5"], "lost.h5"),
        (["train", ".", "--out", "x", "--backbone", "vgg16", "--weights", "lost.h5"], "lost.h5"),
        (["scan", ".", "--labels", "filename:("], "("),
        (["train", ".", "--out", "x", "--head-epochs", "0"], "0 is less than 1"),
        (["train", ".", "--out", "x", "--seed", "-1"], "-1 is less than 0"),
        (["train", "gone", "--out", "x", "--backbone", "vgg16"], "gone"),
    ],
)
def test_what_the_user_can_mend_ends_with_2_and_a_sentence(
    words: list[str], said: str, shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    code, result, err = shell(*words)
    assert code == 2
    assert result is None
    assert said in err
    assert "Traceback" not in err


def test_a_bug_ends_with_1_and_its_traceback(shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tlstudio.cli.commands.scan", lambda *_, **__: 1 / 0)
    code, _, err = shell("scan", tmp_path)
    assert code == 1
    assert "ZeroDivisionError" in err


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_a_stop_ends_with_130_and_a_usable_run(folder: Path, tmp_path: Path, shell: Shell) -> None:
    """Ctrl+C in the middle of a long training, as its progress bar tells: the run is there, stopped, and predicts."""
    import pty

    out = tmp_path / "stopped"
    words = ["train", folder, "--out", out, "--backbone", "small_cnn", "--head-epochs", "5000", "--json", "-"]
    terminal, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", "tlstudio", *map(str, words)],
        stdout=subprocess.PIPE,
        stderr=theirs,
        env={**os.environ, "TLSTUDIO_HOME": str(tmp_path / "home")},
    )
    os.close(theirs)
    shown = b""
    while b"Learning: round 3" not in shown:
        shown += os.read(terminal, 4096)  # fails when the process ends
    assert b"Reading photos" in shown
    process.send_signal(signal.SIGINT)
    output, _ = process.communicate(timeout=120)
    os.close(terminal)
    assert process.returncode == 130
    assert json.loads(output)["status"] == "stopped"
    code, summary, _ = shell("predict", out, folder / "daisy")
    assert (code, summary["found"]) == (0, 20)


def test_help_and_version_end_with_0(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    assert main(["--version"]) == 0
    assert "TL Studio" in capsys.readouterr().out


def test_start_up_imports_neither_tensorflow_nor_qt() -> None:
    code = "import sys; from tlstudio.__main__ import main; main(['list', 'backbones']);"
    code += "bad = [name for name in ('tensorflow', 'keras', 'PySide6', 'sklearn') if sys.modules.get(name)];"
    code += "sys.exit(str(bad) if bad else 0)"
    assert subprocess.run([sys.executable, "-c", code], stdout=subprocess.DEVNULL).returncode == 0
