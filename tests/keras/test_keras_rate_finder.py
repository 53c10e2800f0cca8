"""A learning rate is found on a network that stays as it is."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
import pytest
from numpy.typing import NDArray

from tlstudio.errors import Cancelled, TLStudioError
from tlstudio.events import CancelToken, Event, PhaseStarted, RateTried, ignore_events
from tlstudio.modeling.spec import ModelSpec
from tlstudio.training.config import Phase, TrainConfig
from tlstudio.training.examples import Batch
from tlstudio.training.rate_curve import Ramp
from tlstudio.training.rate_finder import try_rates
from tlstudio.training.trainer import Assignment
from tlstudio.workflows.find_rate import find_rate
from tlstudio.workflows.train import TrainRequest

HEAD = Phase("head", epochs=3, learning_rate=0.01, batch_size=8)
TUNE = Phase("fine_tune", epochs=1, learning_rate=1e-3, batch_size=8, unfreeze_from="conv_dw_12")
RAMP = Ramp(1e-6, 10.0, 60)


class Points:
    """Two clouds that a line tells apart."""

    missing: dict[int, str] = {}  # noqa: RUF012 - nothing is ever put in

    def __init__(self) -> None:
        rng = np.random.default_rng(0)
        self.labels = np.arange(64) % 2
        self.points: NDArray[np.float32] = (rng.normal(0, 1, (64, 4)) + 2 * self.labels[:, None]).astype(np.float32)

    def __len__(self) -> int:
        return len(self.labels)

    def shuffled(self, batch_size: int, rng: np.random.Generator) -> "list[Batch]":
        order = rng.permutation(len(self))
        picks = [order[start : start + batch_size] for start in range(0, len(order), batch_size)]
        return [(self.points[pick], self.labels[pick]) for pick in picks]


@pytest.fixture
def model() -> keras.Model:
    keras.utils.set_random_seed(1)
    inputs = keras.Input((4,))
    hidden = keras.layers.BatchNormalization()(keras.layers.Dense(8, "relu")(inputs))
    return keras.Model(inputs, keras.layers.Dense(2, "softmax")(hidden))


def test_the_model_is_as_before_and_the_curve_tells_a_rate(model: keras.Model) -> None:
    before = model.get_weights()
    tried: list[Event] = []
    found = try_rates(model, Assignment(HEAD), Points(), RAMP, emit=tried.append, token=CancelToken())  # type: ignore[arg-type]
    for one, other in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)
    assert [event.rate for event in tried if isinstance(event, RateTried)] == list(found.rates)
    assert 1e-4 < found.suggestion < 1


def test_the_same_seed_finds_the_same(model: keras.Model) -> None:
    curves = [
        try_rates(model, Assignment(HEAD, seed=3), Points(), RAMP, emit=ignore_events, token=CancelToken())  # type: ignore[arg-type]
        for _ in range(2)
    ]
    np.testing.assert_allclose(curves[0].losses, curves[1].losses, rtol=1e-4)


def test_a_stop_keeps_what_was_found_and_the_weights(model: keras.Model) -> None:
    before, token = model.get_weights(), CancelToken()

    def stop(event: Event) -> None:
        if isinstance(event, RateTried) and event.step == 5:
            token.cancel()

    found = try_rates(model, Assignment(HEAD), Points(), RAMP, emit=stop, token=token)  # type: ignore[arg-type]
    assert len(found.rates) == 5
    np.testing.assert_array_equal(before[0], model.get_weights()[0])


@pytest.fixture
def request_of(spec: ModelSpec, class_folders: Callable[..., Path], tmp_path: Path, warm_home: Path) -> TrainRequest:  # noqa: ARG001
    photos = class_folders({"daisy": 12, "rose": 8, "tulip": 4}, size=(40, 32))
    return TrainRequest(photos, tmp_path / "run", spec, TrainConfig((HEAD, TUNE)))


def test_a_later_phase_begins_where_the_earlier_ones_end(request_of: TrainRequest) -> None:
    told: list[Event] = []
    found = find_rate(request_of, 1, Ramp(1e-6, 1.0, 8), emit=told.append, token=CancelToken())
    assert 0 < len(found.rates) <= 8
    assert [event.name for event in told if isinstance(event, PhaseStarted)] == ["head"]
    assert not request_of.out.exists()


def test_what_cannot_be_is_said_and_a_stop_before_it_began_is_one(request_of: TrainRequest) -> None:
    with pytest.raises(TLStudioError, match="no phase 3"):
        find_rate(request_of, 2, emit=ignore_events, token=CancelToken())
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        find_rate(replace(request_of), 0, emit=ignore_events, token=token)
