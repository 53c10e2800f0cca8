"""What a run keeps of its judgement, with real networks: phases, temperature, and the same heads trained over again."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tlstudio.errors import Cancelled, TLStudioError
from tlstudio.events import CancelToken, Emit, Event, Progress
from tlstudio.modeling import engine as engine_module
from tlstudio.runs import store
from tlstudio.runs.scores import load_scores
from tlstudio.runs.store import StoredRun
from tlstudio.training.config import Phase
from tlstudio.workflows.cross_validate import cross_validate
from tlstudio.workflows.evaluate import evaluate
from tlstudio.workflows.train import Trained

HEAD = Phase("head", epochs=6, learning_rate=0.01, batch_size=8)
TUNE = Phase("fine_tune", epochs=1, learning_rate=1e-3, unfreeze_from="conv_pw_13", batch_size=8)


@pytest.fixture
def photos(class_folders: Callable[..., Path]) -> Path:
    return class_folders({"daisy": 14, "rose": 10, "tulip": 8}, size=(40, 32))


@pytest.fixture
def trained(photos: Path, train_tiny: Callable[..., Trained]) -> Trained:
    return train_tiny(photos, HEAD)


def test_the_end_of_each_phase_is_kept(photos: Path, train_tiny: Callable[..., Trained]) -> None:
    stored = train_tiny(photos, HEAD, TUNE).stored
    first, last = store.load(stored.folder).run.phase_ends
    assert (first.phase, last.phase) == ("head", "fine_tune")
    assert first.test is not None
    assert last.validation == stored.run.validation
    alone = train_tiny(photos, HEAD, out="alone").stored.run
    assert alone.test is not None
    assert (first.test.accuracy, len(alone.phase_ends)) == (alone.test.accuracy, 1)
    assert first.test.loss == pytest.approx(alone.phase_ends[0].test.loss, rel=0.05)  # type: ignore[union-attr]


def test_every_later_score_is_at_the_temperature_of_the_run(trained: Trained, silent: Emit) -> None:
    stored, token = trained.stored, CancelToken()
    assert stored.run.temperature == 1.0, "five photos tell nothing"
    plain = evaluate(stored, emit=silent, token=token)
    warm = StoredRun(stored.folder, replace(stored.run, temperature=2.0))
    report = evaluate(warm, emit=silent, token=token)
    assert (report.temperature, report.accuracy) == (2.0, plain.accuracy)
    assert report.uncalibrated is not None
    assert report.uncalibrated.loss == pytest.approx(plain.loss, rel=1e-3, abs=1e-4)
    assert report.photos[0].score < plain.photos[0].score
    scores = load_scores(warm).test
    assert [photo.score for photo in report.photos] == pytest.approx(scores.scores.max(axis=1).tolist(), abs=1e-3)


def test_a_run_is_checked_over_again_on_what_was_computed_before(
    trained: Trained, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("the backbone computes nothing")

    monkeypatch.setattr(engine_module.LiteRTEngine, "run", refuse)
    monkeypatch.setattr(engine_module.KerasEngine, "run", refuse)
    seen: list[Event] = []
    checked = cross_validate(trained.stored, 3, emit=seen.append, token=CancelToken())
    assert (checked.photos, len(checked.folds), checked.head_only) == (32, 3, False)
    assert checked.accuracy > 0.6
    told = [event.done for event in seen if isinstance(event, Progress) and event.stage == "folds"]
    assert told == [0, 1, 2, 3]
    assert all(isinstance(event, Progress) for event in seen)


def test_checking_can_be_stopped(trained: Trained) -> None:
    token = CancelToken()

    def stop(event: Event) -> None:
        if isinstance(event, Progress) and (event.stage, event.done) == ("folds", 1):
            token.cancel()

    with pytest.raises(Cancelled):
        cross_validate(trained.stored, 3, emit=stop, token=token)


def test_a_network_trained_as_a_whole_is_not_checked_over_again(trained: Trained, silent: Emit) -> None:
    run = trained.stored.run
    whole = replace(run, config=replace(run.config, phases=(TUNE,)))
    with pytest.raises(TLStudioError, match="trained as a whole"):
        cross_validate(StoredRun(trained.stored.folder, whole), 3, emit=silent, token=CancelToken())
