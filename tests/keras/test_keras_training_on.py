"""A run that was stopped, or is done, is trained on: from its weights, with its history, judged on the same photos."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest
from numpy.typing import NDArray

from tlstudio.datasets.dataset import Dataset
from tlstudio.errors import TLStudioError
from tlstudio.events import BatchEnded, CancelToken, EpochEnded, Event, Notice, PhaseStarted, ignore_events
from tlstudio.modeling.layer_table import Conv2D, GlobalAveragePooling, LayerTable
from tlstudio.runs.continuation import continued, phases_left
from tlstudio.runs.store import StoredRun
from tlstudio.training import state
from tlstudio.training.config import Phase, TrainConfig
from tlstudio.training.recipes import own_spec
from tlstudio.workflows.resume import resumption
from tlstudio.workflows.train import Trained, TrainRequest, train
from tlstudio.workflows.train_on import continuation_in

TrainTiny = Callable[..., Trained]
ClassFolders = Callable[..., Path]

HEAD = Phase("head", epochs=5, learning_rate=0.01, batch_size=8, stops=())
TUNE = Phase("fine_tune", epochs=1, learning_rate=1e-3, batch_size=8, unfreeze_from="conv_dw_12", stops=())
SCRATCH = replace(HEAD, name="scratch")
STILL = 1e-12
"""A learning rate at which nothing changes that could be measured."""


@pytest.fixture
def photos(class_folders: ClassFolders) -> Path:
    return class_folders({"daisy": 8, "rose": 8, "tulip": 8}, size=(40, 32))


@pytest.fixture
def stopped(photos: Path, home: Path, eagerly: None) -> StoredRun:  # noqa: ARG001
    """A small network from scratch, stopped after two of five rounds."""
    spec = own_spec(LayerTable(16, 16, 3, (Conv2D(4), GlobalAveragePooling())))
    request = TrainRequest(photos, home / "first", spec, TrainConfig((SCRATCH,)))
    token = CancelToken()
    return train(request, emit=stopping(token), token=token).stored


def stopping(token: CancelToken) -> Callable[[Event], None]:
    """Stops after the second round."""

    def stop(event: Event) -> None:
        if isinstance(event, EpochEnded) and event.epoch == 1:
            token.cancel()

    return stop


def trained_on(
    stored: StoredRun,
    *phases: Phase,
    out: str = "second",
    emit: Callable[[Event], None] = ignore_events,
    photos: Path | None = None,
) -> StoredRun:
    place, folder = photos or Path(stored.run.root), stored.folder.parent / out
    request = continuation_in(stored, phases, place, folder, emit=emit, token=CancelToken())
    return train(request, emit=emit, token=CancelToken()).stored


def arrays(stored: StoredRun) -> list[NDArray[Any]]:
    found: list[NDArray[Any]] = []
    with h5py.File(stored.tail_weights) as opened:
        opened.visititems(lambda _, item: found.append(item[()]) if isinstance(item, h5py.Dataset) else None)
    return found


@pytest.mark.usefixtures("eagerly")
@pytest.mark.slow
def test_what_was_left_of_a_stopped_run_follows_it_and_is_refined_further(photos: Path, train_tiny: TrainTiny) -> None:
    token, seen = CancelToken(), list[Event]()
    stopped = train_tiny(photos, HEAD, TUNE, out="first", emit=stopping(token), token=token).stored
    phases = phases_left(stopped.run)
    assert phases == (replace(HEAD, epochs=3), TUNE)
    second = trained_on(stopped, *phases, emit=seen.append)
    run = second.run
    assert run.history.phases == ("head", "head", "fine_tune")
    assert run.config.phases == (replace(HEAD, epochs=2), replace(HEAD, epochs=3), TUNE)
    assert run.history.epochs[:2] == stopped.run.history.epochs
    assert [epoch.phase for epoch in run.history.epochs] == [0, 0, 1, 1, 1, 2]
    assert (run.origin, run.origin_phases, run.origin_rounds, run.status) == ("first", 1, 2, "complete")
    assert len(run.phase_ends) == 3
    assert run.phase_ends[0] == stopped.run.phase_ends[0]
    assert (run.split, run.samples) == (stopped.run.split, stopped.run.samples)
    assert run.seconds["head"] > stopped.run.seconds["head"]
    told = [event.index for event in seen if isinstance(event, PhaseStarted)]
    assert told == [0, 1, 2], "the whole course is told"
    assert {event.phase for event in seen if isinstance(event, BatchEnded)} == {1, 2}
    log = (second.folder / "log.txt").read_text()
    assert "Goes on from first" in log
    assert "Phase 1 epoch" not in log

    deeper = replace(TUNE, unfreeze_from="conv_dw_13", learning_rate=STILL, keep="last")
    third = trained_on(second, deeper, out="third")
    assert third.run.trained_from == run.trained_from, "what was trained before stays in the trained part"
    for one, other in zip(arrays(second), arrays(third), strict=True):
        np.testing.assert_allclose(one, other, atol=1e-5)
    with pytest.raises(TLStudioError, match="can't be trained on like this"):
        continued(run, (HEAD,))


def test_it_begins_with_the_weights_of_the_run(stopped: StoredRun) -> None:
    again = trained_on(stopped, replace(SCRATCH, epochs=1, learning_rate=STILL, keep="last"))
    for one, other in zip(arrays(stopped), arrays(again), strict=True):
        np.testing.assert_allclose(one, other, atol=1e-5)


def test_a_crash_while_it_is_trained_on_costs_nothing(stopped: StoredRun, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("_BETWEEN_EPOCHS", "_WITHIN_EPOCH", "_COST_SHARE"):
        monkeypatch.setattr(state, name, 0.0)

    def crash(event: Event) -> None:
        if isinstance(event, BatchEnded) and (event.phase, event.epoch) == (1, 1):
            raise RuntimeError

    with pytest.raises(RuntimeError):
        trained_on(stopped, *phases_left(stopped.run), emit=crash)
    request = resumption(stopped.folder.parent / "second", emit=ignore_events, token=CancelToken())
    run = train(request, emit=ignore_events, token=CancelToken()).stored.run
    whole = trained_on(stopped, *phases_left(stopped.run), out="whole").run
    assert (run.origin, run.origin_phases, run.config) == (whole.origin, whole.origin_phases, whole.config)
    losses = [[epoch.loss for epoch in one.history.epochs] for one in (run, whole)]
    assert losses[0] == pytest.approx(losses[1], rel=1e-3)
    assert len(run.phase_ends) == 2


def test_photos_that_are_gone_are_left_out_and_said(stopped: StoredRun, photos: Path) -> None:
    (photos / stopped.run.samples[0].path).unlink()
    seen: list[Event] = []
    place, out = Path(stopped.run.root), stopped.folder.parent / "second"
    request = continuation_in(stopped, (SCRATCH,), place, out, emit=seen.append, token=CancelToken())
    assert isinstance(request.source, Dataset)
    assert len(request.source.samples) == 23
    assert any(isinstance(event, Notice) and "1 of 24 photos" in event.message for event in seen)


def test_other_photos_than_its_own_are_refused(stopped: StoredRun, class_folders: ClassFolders) -> None:
    others = class_folders({"daisy": 2, "oak": 2}, name="others", size=(31, 31))
    with pytest.raises(TLStudioError, match="None of the 24 photos"):
        trained_on(stopped, SCRATCH, photos=others)


@pytest.mark.parametrize(
    ("changes", "said"),
    [("classes", "The classes are no longer"), ("split", "would judge it now")],
)
def test_photos_that_would_deceive_are_refused(stopped: StoredRun, changes: str, said: str) -> None:
    place, out = Path(stopped.run.root), stopped.folder.parent / "second"
    request = continuation_in(stopped, (SCRATCH,), place, out, emit=ignore_events, token=CancelToken())
    dataset, parts = request.source, request.parts
    assert isinstance(dataset, Dataset)
    assert parts is not None
    if changes == "classes":
        dataset = replace(dataset, classes=tuple(reversed(dataset.classes)))
    else:
        parts = replace(parts, train=parts.validation, validation=parts.train)
    with pytest.raises(TLStudioError, match=said):
        train(replace(request, source=dataset, parts=parts), emit=ignore_events, token=CancelToken())
    assert not out.exists()
