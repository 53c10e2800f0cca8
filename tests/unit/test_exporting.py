"""Formats, places, comparison and what lies beside a model: all of exporting that needs no TensorFlow."""

import ast
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tlstudio.errors import Cancelled, TLStudioError
from tlstudio.events import CancelToken
from tlstudio.export.agreement import Agreement, agreement
from tlstudio.export.companions import Card, example_text, facts_text, labels_text
from tlstudio.export.exporters import EXPORTERS, Exporter, find_exporter
from tlstudio.export.place import Place, place_of
from tlstudio.modeling.child import run_child

CARD = Card("Flowers", "2026-01-01T00:00:00+00:00", ("daisy", "one\ntwo", "\udcff"), 96, 1.5)
KERAS, TFLITE, FOLDER = find_exporter("keras"), find_exporter("tflite"), find_exporter("savedmodel")
HALF, INT8 = find_exporter("tflite-float16"), find_exporter("tflite-int8")


def write(place: Place) -> None:
    """Fill a place as an export does."""
    with place.filled() as scratch:
        for name in (place.model or "saved_model.pb", place.labels, place.facts, place.example):
            (scratch / name).write_text(name, encoding="utf-8")


# The table.


def test_every_format_has_a_name_of_its_own_and_says_what_it_is_for() -> None:
    assert len({exporter.name for exporter in EXPORTERS}) == len(EXPORTERS) == 7
    assert all(exporter.purpose.endswith(".") for exporter in EXPORTERS)
    assert [find_exporter(exporter.name) for exporter in EXPORTERS] == list(EXPORTERS)
    with pytest.raises(TLStudioError, match="no format called “coreml”"):
        find_exporter("coreml")


def test_a_format_whose_package_is_missing_says_how_to_get_it() -> None:
    exporter = replace(find_exporter("onnx"), packages=("json", "no_such_package"))
    assert exporter.missing == ("no_such_package",)
    with pytest.raises(TLStudioError) as caught:
        exporter.require_packages()
    assert caught.value.hint.endswith("pip install no_such_package")


# The comparison.


def test_equal_scores_agree() -> None:
    scores = np.array([[0.9, 0.1], [0.2, 0.8]], np.float32)
    same = agreement(scores, scores.copy(), KERAS)
    assert same.holds(KERAS)
    assert same.sentence == "All 2 photos get the same answer; their scores are equal to six digits."
    near = agreement(scores, scores + np.float32(0.00021), KERAS)
    assert near.holds(KERAS)
    assert near.sentence == "All 2 photos get the same answer; scores differ by at most 0.0003."


@pytest.mark.parametrize("found", [[[0.4, 0.6]], [[0.898, 0.102]], [[np.nan, 0.1]], [[0.9, 0.05, 0.05]]])
def test_other_answers_other_scores_and_no_scores_do_not_agree(found: list[list[float]]) -> None:
    assert not agreement(np.array([[0.9, 0.1]], np.float32), np.array(found, np.float32), KERAS).holds(KERAS)


def test_shorter_numbers_may_decide_what_the_program_is_undecided_about() -> None:
    close = np.array([[0.501, 0.499], [0.9, 0.1], [0.2, 0.8]], np.float32)
    rounded = np.array([[0.499, 0.501], [0.896, 0.104], [0.2, 0.8]], np.float32)
    found = agreement(close, rounded, HALF)
    assert found == Agreement(3, 2, 1, pytest.approx(0.004, abs=1e-6))
    assert found.holds(HALF)
    assert found.sentence.endswith("Of the other one, the two best scores are so close that the rounding decides.")
    assert agreement(close, rounded, KERAS).undecided == 0
    assert not agreement(close, rounded, KERAS).holds(KERAS)


@pytest.mark.parametrize("others", [[], [[0.9, 0.1], [0.2, 0.8]]])
def test_what_the_rounding_of_the_others_does_not_explain_is_a_wrong_answer(others: list[list[float]]) -> None:
    expected = np.array([[0.53, 0.47], *others], np.float32)
    rounded = np.array([[0.49, 0.51], *others], np.float32)  # within the tolerance of 0.1
    found = agreement(expected, rounded, HALF)
    assert (found.same, found.undecided) == (len(others), 0)
    assert not found.holds(HALF)


def test_of_the_smallest_format_the_difference_is_told_and_not_judged() -> None:
    expected = np.array([[0.9, 0.1], [0.2, 0.8], [0.6, 0.4]], np.float32)
    found = np.array([[0.9, 0.1], [0.2, 0.8], [0.4, 0.6]], np.float32)
    told = agreement(expected, found, INT8)
    assert told.holds(INT8)
    assert told.sentence == "2 of 3 photos get the same answer; scores differ by at most 0.2."
    assert not agreement(expected, np.full((3, 2), np.nan), INT8).holds(INT8)


def test_made_up_pictures_are_not_called_photos() -> None:
    assert Agreement(16, 16, 0, 0.0, made_up=True).sentence == (
        "All 16 pictures get the same answer; their scores are equal to six digits. "
        "They are made up, since the photos of this run are not there any more."
    )


# The place.


def test_a_folder_is_made_for_the_model(tmp_path: Path) -> None:
    place = place_of(tmp_path / "deep" / "flowers", TFLITE)
    write(place)
    assert sorted(path.name for path in (tmp_path / "deep" / "flowers").iterdir()) == [
        "example.py", "labels.txt", "model.json", "model.tflite",
    ]  # fmt: skip
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["flowers"]
    assert all(path.is_file() for path in place.files)
    with pytest.raises(TLStudioError, match="is there already"):
        place.require_free()


def test_a_file_gets_its_companions_beside_it_and_leaves_others_alone(tmp_path: Path) -> None:
    (tmp_path / "labels.txt").write_text("mine", encoding="utf-8")
    place = place_of(tmp_path / "flowers.tflite", TFLITE)
    place.require_free()
    write(place)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "flowers.json", "flowers.labels.txt", "flowers.tflite", "flowers_example.py", "labels.txt",
    ]  # fmt: skip
    assert (tmp_path / "labels.txt").read_text(encoding="utf-8") == "mine"
    with pytest.raises(TLStudioError, match=r"is there already.*nothing is overwritten"):
        place_of(tmp_path / "flowers.tflite", TFLITE).require_free()


def test_a_saved_model_is_the_folder_itself(tmp_path: Path) -> None:
    write(place_of(tmp_path / "flowers.v1", FOLDER))
    assert (tmp_path / "flowers.v1" / "saved_model.pb").is_file()
    assert (tmp_path / "flowers.v1" / "labels.txt").is_file()


@pytest.mark.parametrize(("name", "exporter"), [("a.h5", KERAS), ("a.onnx", TFLITE), ("a.KERAS", FOLDER)])
def test_a_name_that_ends_like_another_format_is_refused(name: str, exporter: Exporter) -> None:
    with pytest.raises(TLStudioError, match="ends like a file of another format"):
        place_of(Path(name), exporter)


@pytest.mark.parametrize("name", ["flowers", "flowers.keras"])
def test_what_fails_leaves_nothing(name: str, tmp_path: Path) -> None:
    def fail() -> None:
        with place_of(tmp_path / name, KERAS).filled() as scratch:
            (scratch / "model.keras").write_bytes(b"half")
            raise Cancelled

    with pytest.raises(Cancelled):
        fail()
    assert list(tmp_path.iterdir()) == []


def test_what_appears_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    place = place_of(tmp_path / "flowers.keras", KERAS)

    def lose_the_race() -> None:
        with place.filled() as scratch:
            for path in place.files:
                (scratch / path.name).write_bytes(b"new")
            (tmp_path / "flowers.json").write_bytes(b"theirs")

    with pytest.raises(TLStudioError, match="is there already"):
        lose_the_race()
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("flowers.json", b"theirs")]


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="needs a folder that can't be written to")
def test_a_place_that_can_not_be_written_to_is_said(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(TLStudioError, match="can't be saved in"):
        write(place_of(tmp_path / "flowers", KERAS))


def test_a_file_in_the_place_of_a_folder_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(TLStudioError, match="can't be saved in"):
        write(place_of(tmp_path / "file" / "flowers", KERAS))


# What lies beside the model.


def test_labels_are_one_a_line_whatever_is_in_them() -> None:
    assert labels_text(CARD.classes) == "daisy\none two\n?\n"


def test_the_facts_name_classes_pixels_and_calibration() -> None:
    place = place_of(Path("flowers.keras"), KERAS)
    facts = json.loads(facts_text(CARD, KERAS, place, Agreement(9, 9, 0, 0.25)))
    assert facts["classes"] == list(CARD.classes)
    assert facts["input"]["shape"] == [None, 96, 96, 3]
    assert facts["calibration"]["temperature"] == 1.5
    assert facts["compared"]["largest_difference"] == 0.25
    assert (facts["model"], facts["labels"]) == ("flowers.keras", "flowers.labels.txt")
    assert "compared" not in json.loads(facts_text(CARD, KERAS, place))


@pytest.mark.parametrize("exporter", EXPORTERS, ids=lambda exporter: exporter.name)
def test_the_example_is_python_of_about_ten_lines(exporter: Exporter) -> None:
    text = example_text(CARD, exporter, place_of(Path("flowers"), exporter))
    ast.parse(text)
    _, _, body = text.partition("ImageOps\n\n")
    assert 10 <= len(body.splitlines()) <= 16
    assert max(map(len, text.splitlines())) <= 120


# Processes.


def test_a_stop_kills_the_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "sleeper.py").write_text(
        "import os, pathlib, sys, time\npathlib.Path(sys.argv[1]).write_text(str(os.getpid()))\ntime.sleep(60)\n",
        encoding="utf-8",
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    token, request = CancelToken(), tmp_path / "pid"

    def stop_once_it_runs() -> None:
        if request.is_file() and request.read_text(encoding="utf-8"):
            token.cancel()

    with pytest.raises(Cancelled):
        run_child("sleeper", request, tell=stop_once_it_runs, token=token)
    with pytest.raises(ProcessLookupError):
        os.kill(int(request.read_text(encoding="utf-8")), 0)


def test_what_a_killed_export_leaves_behind_goes_with_the_next_one(tmp_path: Path) -> None:
    killed = (
        "import os, sys\n"
        "from pathlib import Path\n"
        "from tlstudio.export.exporters import find_exporter\n"
        "from tlstudio.export.place import place_of\n"
        "with place_of(Path(sys.argv[1]), find_exporter('keras')).filled() as scratch:\n"
        "    (scratch / 'model.keras').write_text('half a model')\n"
        "    os._exit(9)\n"
    )
    assert subprocess.run([sys.executable, "-c", killed, tmp_path / "first"], check=False).returncode == 9
    (left,) = tmp_path.iterdir()
    assert left.name.startswith(".export-")
    (tmp_path / ".export-of-mine").mkdir()
    with place_of(tmp_path / "second", KERAS).filled() as under_way:
        write(place_of(tmp_path / "third", KERAS))
        assert under_way.is_dir(), "one that is under way stays"
        assert not left.exists()
    assert {path.name for path in tmp_path.iterdir()} == {".export-of-mine", "second", "third"}
