"""``predict --sort-into`` and ``undo``, with a network that takes no time."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from stored_runs import make_run

from tlstudio.filing import journal_writer
from tlstudio.filing.journals import unfinished
from tlstudio.prediction.answers_file import answers_folder
from tlstudio.prediction.predictor import Predictor
from tlstudio.prediction.review.decisions import Decision, DecisionLog
from tlstudio.runs.store import StoredRun

Shell = Callable[..., tuple[int, Any, str]]


class Engine:
    """Says of every photo what it is told to say."""

    def __init__(self) -> None:
        self.scores = np.array([0.3, 0.6, 0.1], np.float32)

    def run(self, batch: NDArray[Any]) -> NDArray[np.float32]:
        return np.tile(self.scores, (len(batch), 1))


@pytest.fixture
def run(home: Path, class_folders: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> Path:
    def load(stored: StoredRun, *_: object, **__: object) -> Predictor:
        return Predictor(stored.run.classes, stored.run.spec.input_size, [Engine()])

    monkeypatch.setattr(Predictor, "load", load)
    return make_run(home / "runs" / "run", class_folders({"daisy": 4, "roses": 4, "tulips": 4}, name="learnt")).folder


@pytest.fixture
def photos(class_folders: Callable[..., Path]) -> Path:
    folder = class_folders({"x": 3}, name="photos", size=(12, 10))
    (folder / "x" / "photo_001.jpg").write_bytes(b"")
    return folder


def files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize(
    ("words", "kind"),
    [([], "copy"), (["--copy"], "copy"), (["--move"], "move"), (["--link"], "hard link"),
     (["--symlink"], "symbolic link")],
)  # fmt: skip
def test_sure_answers_are_sorted_and_taken_back(
    shell: Shell, run: Path, photos: Path, tmp_path: Path, words: list[str], kind: str
) -> None:
    out, before = tmp_path / "out", files(photos)
    code, result, err = shell("predict", run, photos, "--sort-into", out, *words)
    assert code == 0, err
    assert result["sorted"].items() >= {"kind": kind, "counts": {"roses": 2}, "left": 0, "into": str(out)}.items()
    assert files(out) == ["roses/x/photo_000.jpg", "roses/x/photo_002.jpg"]
    assert files(photos) == (["x/photo_001.jpg"] if kind == "move" else before)
    assert result["sorted"]["journal"] in err
    code, undone, _ = shell("undo", result["sorted"]["journal"])
    assert (code, undone["undone"], undone["kept"]) == (0, 2, [])
    assert (files(photos), out.exists()) == (before, False)
    code, _, err = shell("undo", Path(result["sorted"]["journal"]) / "journal.jsonl")
    assert (code, "undone already" in err) == (2, True)


def test_a_dry_run_tells_what_would_happen_and_touches_nothing(
    shell: Shell, run: Path, photos: Path, tmp_path: Path
) -> None:
    out, before = tmp_path / "out", files(photos)
    words = ("predict", run, photos, "--sort-into", out, "--tag-xmp", "--dry-run")
    code, result, said = shell(*words)
    assert code == 0
    assert "2 photos would be copied" in said
    assert "Keywords would be written beside 2 photos" in said
    assert result["sorted"].items() >= {"dry_run": True, "counts": {"roses": 2}, "journal": None}.items()
    assert (files(photos), out.exists()) == (before, False)


def test_sidecars_go_along_and_are_counted(shell: Shell, run: Path, photos: Path, tmp_path: Path) -> None:
    words = ("predict", run, photos, "--sort-into", tmp_path / "out", "--tag-xmp")
    (photos / "x" / "photo_000.jpg.xmp").write_text('<x:xmpmeta xmlns:x="adobe:ns:meta/"/>', encoding="utf-8")
    _, planned, _ = shell(*words, "--dry-run")
    _, result, said = shell(*words)
    for sorted_photos in (planned["sorted"], result["sorted"]):
        assert (sorted_photos["counts"], sorted_photos["sidecars"]) == ({"roses": 2}, 1)
    assert result["keywords"]["written"] == 2
    assert "2 photos copied into" in said
    assert "with 1 sidecar file" in said
    assert files(tmp_path / "out") == ["roses/x/photo_000.jpg", "roses/x/photo_000.jpg.xmp", "roses/x/photo_002.jpg"]


def test_only_changed_answers_are_filed_again(shell: Shell, run: Path, photos: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    shell("predict", run, photos, "--sort-into", out, "--flat")
    assert files(out) == ["roses/photo_000.jpg", "roses/photo_002.jpg"]
    DecisionLog(answers_folder(run)).record([Decision(str(photos / "x" / "photo_002.jpg"), "other", "tulips")])
    code, result, _ = shell("predict", run, photos, "--sort-into", out, "--flat")
    assert (code, result["sorted"]["counts"], result["sorted"]["already_there"]) == (0, {"tulips": 1}, 1)
    assert files(out) == ["roses/photo_000.jpg", "tulips/photo_002.jpg"]
    _, again, _ = shell("predict", run, photos, "--sort-into", out)
    assert (again["sorted"]["already_there"], again["sorted"]["journal"]) == (2, None)


def test_what_was_cut_off_is_finished_first(
    shell: Shell, run: Path, photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def die(_target: Path) -> Path:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr("tlstudio.filing.execute._free", die)
        with pytest.raises(Killed):
            shell("predict", run, photos, "--sort-into", tmp_path / "out")
    assert len(unfinished(answers_folder(run) / "journals")) == 1
    code, result, err = shell("predict", run, photos, "--sort-into", tmp_path / "out")
    assert (code, result["sorted"]["already_there"]) == (0, 2)
    assert "interrupted is finished first" in err
    assert files(tmp_path / "out") == ["roses/x/photo_000.jpg", "roses/x/photo_002.jpg"]


def test_files_that_changed_since_are_named(shell: Shell, run: Path, photos: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    _, result, _ = shell("predict", run, photos, "--sort-into", out)
    (out / "roses/x/photo_000.jpg").write_text("mine")
    code, undone, err = shell("undo", result["sorted"]["journal"])
    assert (code, undone["undone"], len(undone["kept"])) == (2, 1, 1)
    assert "It has changed since it was filed." in err
    assert files(out) == ["roses/x/photo_000.jpg"]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--move"], "Name one with --sort-into"),
        (["--flat"], "Name one with --sort-into"),
        (["--sort-into", "out", "--watch"], "second step"),
        (["--sort-into", "out", "--move", "--tag-xmp"], "one after the other"),
        (["--sort-into", "out", "--move", "--copy"], "not allowed with"),
    ],
)
def test_what_can_not_go_together_is_said_before(
    shell: Shell, run: Path, photos: Path, words: list[str], sentence: str
) -> None:
    code, result, err = shell("predict", run, photos, *words)
    assert (code, result) == (2, None)
    assert sentence in err


def test_a_filing_that_another_process_works_on(shell: Shell, run: Path, photos: Path, tmp_path: Path) -> None:
    _, result, _ = shell("predict", run, photos, "--sort-into", tmp_path / "out")
    with journal_writer.JournalWriter(Path(result["sorted"]["journal"])):
        code, _, err = shell("undo", result["sorted"]["journal"])
    assert (code, "being worked on" in err) == (2, True)
