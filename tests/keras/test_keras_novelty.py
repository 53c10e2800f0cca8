"""What tells photos of other things apart, from trainings to answers."""

import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tlstudio.cli.shell import run
from tlstudio.events import Batch, CancelToken, Emit, Event, Notice
from tlstudio.modeling.spec import HeadSpec
from tlstudio.prediction.batch import PredictOptions
from tlstudio.prediction.novelty import NOVELTY_FILE, Novelty, load_novelty
from tlstudio.prediction.prediction import Prediction
from tlstudio.runs.store import StoredRun
from tlstudio.training.config import Phase
from tlstudio.workflows.fit_novelty import ensure_novelty
from tlstudio.workflows.predict import predict
from tlstudio.workflows.train import Trained

HEAD = Phase("head", epochs=3, learning_rate=0.01, batch_size=8)
TUNE = Phase("fine_tune", epochs=1, learning_rate=1e-3, batch_size=8, unfreeze_from="conv_dw_12")

TrainTiny = Callable[..., Trained]
ClassFolders = Callable[..., Path]


@pytest.fixture
def photos(class_folders: ClassFolders) -> Path:
    return class_folders({"daisy": 24, "rose": 24}, size=(40, 32))


def answers(stored: StoredRun, *inputs: Path) -> tuple[list[Prediction], list[str]]:
    found: list[Prediction] = []
    said: list[str] = []

    def collect(event: Event) -> None:
        if isinstance(event, Batch):
            found.extend(item for item in event.items if isinstance(item, Prediction))
        elif isinstance(event, Notice):
            said.append(event.message)

    predict(stored, inputs, PredictOptions(threshold=0.0), emit=collect, token=CancelToken())
    return found, said


def fitted(stored: StoredRun) -> Novelty:
    found = load_novelty(stored.folder)
    assert found is not None
    return found


def equal(one: Novelty, other: Novelty) -> None:
    for name in ("learnt", "held_out", "among"):
        np.testing.assert_allclose(getattr(one, name), getattr(other, name), atol=2e-3)


@pytest.mark.usefixtures("eagerly")
@pytest.mark.parametrize(
    ("phase", "pooling"),
    [(HEAD, "avg"), (TUNE, "avg"), pytest.param(HEAD, "flatten", marks=pytest.mark.slow)],
    ids=["head", "refined", "flattened"],
)
def test_a_training_keeps_it_and_a_run_without_it_gets_the_same(
    photos: Path, train_tiny: TrainTiny, silent: Emit, phase: Phase, pooling: str
) -> None:
    head = replace(HeadSpec.plain(dropout=0.0), pooling=pooling)
    stored = train_tiny(photos, phase, head=head).stored
    trained, kept = stored.run, fitted(stored)
    assert len(kept.learnt) == len(trained.split.train)
    assert kept.learnt.shape[1] <= 256, "channels, not a whole map"
    assert len(kept.held_out) == len(trained.split.validation) + len(trained.split.test)
    (stored.folder / NOVELTY_FILE).unlink()
    ensure_novelty(stored, emit=silent, token=CancelToken())
    equal(fitted(stored), kept)


@pytest.mark.usefixtures("eagerly")
def test_a_network_trained_as_a_whole_goes_by_its_scores(photos: Path, train_tiny: TrainTiny, silent: Emit) -> None:
    stored = train_tiny(photos, replace(TUNE, unfreeze_from="")).stored
    kept = fitted(stored)
    assert kept.learnt.size == 0
    (stored.folder / NOVELTY_FILE).unlink()
    ensure_novelty(stored, emit=silent, token=CancelToken())
    equal(fitted(stored), kept)


def test_photos_of_other_things_are_held_back(
    photos: Path, train_tiny: TrainTiny, photos_factory: Callable[..., Sequence[Path]], tmp_path: Path
) -> None:
    stored = train_tiny(photos).stored
    other = tmp_path / "others"
    photos_factory(other, 6, kind=5, size=(40, 32))
    found, said = answers(stored, other, photos)
    assert said == []
    strange, own = found[:6], found[6:]
    assert {answer.reason for answer in strange} == {"unlike"}
    assert {answer.status for answer in strange} == {"unsure"}
    assert sum(answer.reason == "unlike" for answer in own) <= 5


def test_what_a_training_did_not_keep_is_computed_at_the_first_use(photos: Path, train_tiny: TrainTiny) -> None:
    stored = train_tiny(photos, replace(HEAD, data="live", epochs=1)).stored
    assert load_novelty(stored.folder) is None
    found, _ = answers(stored, photos)
    assert all(answer.novelty is not None for answer in found)
    assert len(fitted(stored).learnt) == len(stored.run.split.train)


def test_without_its_photos_a_run_answers_all_the_same_and_says_so_once(
    photos: Path, train_tiny: TrainTiny, tmp_path: Path, photos_factory: Callable[..., Sequence[Path]]
) -> None:
    stored = train_tiny(photos).stored
    (stored.folder / NOVELTY_FILE).unlink()
    shutil.rmtree(photos)
    one, two = photos_factory(tmp_path / "new", 2, kind=1)
    found, said = answers(stored, one)
    assert found[0].novelty is None
    assert len(said) == 1
    assert "are gone" in said[0]
    assert answers(stored, two)[1] == []


def test_on_the_command_line_it_promises_holds_back_and_lets_through(
    photos: Path,
    train_tiny: TrainTiny,
    photos_factory: Callable[..., Sequence[Path]],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    stored = train_tiny(photos, replace(HEAD, epochs=15)).stored
    photos_factory(tmp_path / "others", 6, kind=5, size=(40, 32))
    asked = ["predict", str(stored.folder), str(tmp_path / "others"), "--json", str(tmp_path / "summary.json")]
    counts = []
    for more in (["--promise", "30%"], ["--threshold", "0"], ["--threshold", "0", "--no-novelty"]):
        assert run([*asked, *more])[0] == 0
        summary = json.loads((tmp_path / "summary.json").read_text(encoding="utf-8"))
        counts.append((summary["classified"], summary["unlike"], bool(summary["promise"])))
    assert counts == [(0, 6, True), (0, 6, False), (6, 0, False)]
    assert "At most 30 of 100 wrong: about " in capsys.readouterr().out
