"""The settings of a phase: what is refused, and what follows from them without Keras."""

from dataclasses import replace

import numpy as np
import pytest

from tlstudio.errors import TLStudioError
from tlstudio.events import EpochEnded
from tlstudio.modeling.layer_table import Conv2D, GlobalAveragePooling, LayerTable
from tlstudio.modeling.spec import HeadSpec, ModelSpec
from tlstudio.training.class_weights import weights_of_classes
from tlstudio.training.config import Optimizer, Phase, Schedule, Stop, TrainConfig
from tlstudio.training.fitting import require_fitting
from tlstudio.training.recipes import own_spec, spec_for
from tlstudio.training.schedules import LearningRate
from tlstudio.training.watch import StopWatch, Watch

HEAD = Phase("head", 30, 0.1)
TUNE = Phase("fine_tune", 5, 1e-4)
LABELS = np.array([0] * 6 + [1] * 3 + [2], np.int64)
CLASSES = ("cat", "dog", "hen")


def epoch(val_loss: float | None, *, number: int = 0, loss: float = 0.5, accuracy: float = 0.5) -> EpochEnded:
    return EpochEnded(0, number, loss, accuracy, val_loss, None if val_loss is None else 0.7, 1.0, 0.1, best=False)


@pytest.mark.parametrize(
    ("settings", "match"),
    [
        ({"epochs": 0}, "at least 1"),
        ({"learning_rate": 0}, "positive"),
        ({"learning_rate": float("nan")}, "positive"),
        ({"batch_size": 0}, "at least 1"),
        ({"steps_per_epoch": -1}, "at least 0"),
        ({"label_smoothing": 1.0}, "below 1"),
        ({"class_weights": (("cat", -1.0),)}, "at least 0"),
    ],
)
def test_phases_without_sense_are_refused(settings: dict[str, object], match: str) -> None:
    with pytest.raises(ValueError, match=match):
        replace(HEAD, **settings)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "settings", "match"),
    [
        (Optimizer, {"momentum": 1.0}, "below 1"),
        (Optimizer, {"weight_decay": -0.1}, "from 0"),
        (Schedule, {"factor": 1.0}, "between 0 and 1"),
        (Schedule, {"every": 0}, "at least 1"),
        (Schedule, {"decay": float("inf")}, "at least 0"),
        (Stop, {"patience": -1}, "at least 0"),
    ],
)
def test_settings_without_sense_are_refused(kind: type, settings: dict[str, object], match: str) -> None:
    with pytest.raises(ValueError, match=match):
        kind(**settings)


def rates(schedule: Schedule, epochs: int = 30, steps: int = 4) -> list[float]:
    rate = LearningRate(replace(HEAD, epochs=epochs, schedule=schedule), steps)
    return [rate.at(step) for step in range(epochs * steps)]


def test_a_constant_rate_is_exactly_that() -> None:
    assert set(rates(Schedule())) == {0.1}


def test_steps_fall_at_the_epochs_that_were_named() -> None:
    found = rates(Schedule("step", 0.1, 10))
    assert found[: 4 * 10] == [0.1] * 40
    assert found[40] == pytest.approx(0.01)
    assert found[-1] == pytest.approx(0.001)


def test_a_cosine_ends_at_nothing_and_never_rises() -> None:
    found = rates(Schedule("cosine"))
    assert found[0] == 0.1
    assert found[60] == pytest.approx(0.05)
    assert 0 < found[-1] < 1e-4
    assert found == sorted(found, reverse=True)


@pytest.mark.parametrize("kind", ["constant", "cosine"])
def test_warm_up_grows_evenly_and_comes_first(kind: str) -> None:
    found = rates(Schedule(kind, warm_up=2))  # type: ignore[arg-type]
    assert found[:8] == pytest.approx([0.1 * (step + 1) / 8 for step in range(8)])
    assert found[8] == pytest.approx(0.1)


def test_decay_is_that_of_early_keras() -> None:
    assert rates(Schedule(decay=1e-6))[100] == pytest.approx(0.1 / (1 + 1e-6 * 100), rel=1e-12)


def test_a_plateau_lowers_the_rate_when_nothing_falls() -> None:
    rate = LearningRate(replace(HEAD, schedule=Schedule("plateau", 0.5, every=2)), 4)
    seen = []
    for loss in (1.0, 0.9, 0.95, 0.91, 0.92, 0.93, 0.5):
        rate.end_epoch(epoch(loss))
        seen.append(rate.at(0))
    assert seen == pytest.approx([0.1, 0.1, 0.1, 0.05, 0.05, 0.025, 0.025])


def test_a_watch_knows_up_from_down() -> None:
    assert [Watch("val_loss", 0.8).take(epoch(loss)) for loss in (0.9, 0.7)] == [False, True]
    assert Watch("accuracy").take(epoch(None, accuracy=0.0))
    assert not Watch("val_accuracy", 0.9).take(epoch(0.1))


def test_patience_counts_epochs_without_getting_better() -> None:
    watch = StopWatch((Stop(patience=2),), {"val_loss": 0.8})
    assert [watch.ends(epoch(loss)) for loss in (0.9, 0.7, 0.75, 0.7)] == [False, False, False, True]


def test_without_photos_to_check_on_the_training_figures_count() -> None:
    watch = StopWatch((Stop(patience=1),), {})
    assert [watch.ends(epoch(None, loss=loss)) for loss in (0.9, 0.7, 0.75)] == [False, False, True]


def test_a_threshold_ends_at_once_and_reasons_add_up() -> None:
    watch = StopWatch((Stop("accuracy", 0, at_least=0.98), Stop("loss", 0, at_most=0.01)), {})
    assert not watch.ends(epoch(5.0, accuracy=0.97))
    assert watch.ends(epoch(5.0, accuracy=0.98))
    assert watch.ends(epoch(5.0, loss=0.01))
    assert not StopWatch((), {}).ends(epoch(5.0))


def test_weights_of_classes_follow_the_rules() -> None:
    assert weights_of_classes("none", LABELS, CLASSES) is None
    assert weights_of_classes("balanced", LABELS, CLASSES) == pytest.approx([10 / 3 / 6, 10 / 3 / 3, 10 / 3])
    assert weights_of_classes("max_count", LABELS, CLASSES) == pytest.approx([1, 2, 6])
    assert weights_of_classes((("dog", 2.5),), LABELS, CLASSES) == pytest.approx([1, 2.5, 1])
    assert weights_of_classes("balanced", LABELS[:9], CLASSES) == pytest.approx([9 / 2 / 6, 9 / 2 / 3, 1])


@pytest.mark.parametrize("weights", [(("cow", 2.0),), tuple((name, 0.0) for name in CLASSES)])
def test_weights_that_make_no_sense_are_said(weights: tuple[tuple[str, float], ...]) -> None:
    with pytest.raises(TLStudioError, match=r"“cow”|all weights are 0") as caught:
        weights_of_classes(weights, LABELS, CLASSES)
    assert caught.value.hint


SMALL = spec_for("mobilenet_1.0", "imagenet", 128)
FLAT = replace(SMALL, head=HeadSpec.plain("flatten"))
GLOBAL = own_spec(LayerTable(32, 32, 3, (Conv2D(4), GlobalAveragePooling())))


@pytest.mark.parametrize(
    ("spec", "phases", "match"),
    [
        (SMALL, [replace(HEAD, optimizer=Optimizer("adam", momentum=0.9))], "gives Adam a momentum"),
        (SMALL, [replace(HEAD, optimizer=Optimizer("sgd", nesterov=True))], "Nesterov"),
        (SMALL, [replace(HEAD, optimizer=Optimizer("rmsprop", 0.9, nesterov=True))], "Nesterov"),
        (SMALL, [replace(TUNE, batch_norm="learn", batch_size=1)], "one photo at a time"),
        (SMALL, [replace(HEAD, input_size=16)], "16 x 16 pixels in phase 1 are too small for MobileNet"),
        (FLAT, [HEAD, replace(TUNE, input_size=160)], "128, then 160 pixels"),
        (spec_for("lenet"), [Phase("scratch", 1, 1e-3, input_size=side) for side in (64, 96)], "can't change its size"),
        (replace(spec_for("lenet"), preprocessing="unit"), [Phase("scratch", 1, 1e-3)], "rescales the photos itself"),
    ],
)
def test_what_does_not_go_together_is_said(spec: ModelSpec, phases: list[Phase], match: str) -> None:
    with pytest.raises(TLStudioError, match=match) as caught:
        require_fitting(spec, TrainConfig(tuple(phases)))
    assert caught.value.hint


@pytest.mark.parametrize(
    ("spec", "phases"),
    [
        (SMALL, [replace(HEAD, input_size=128), replace(TUNE, input_size=160)]),
        (FLAT, [replace(HEAD, input_size=160), replace(TUNE, input_size=160)]),
        (GLOBAL, [Phase("scratch", 1, 1e-3, input_size=side) for side in (32, 48)]),
        (SMALL, [replace(TUNE, optimizer=Optimizer("sgd", 0.9, nesterov=True), batch_norm="learn")]),
        (replace(SMALL, preprocessing="unit"), [HEAD]),
    ],
)
def test_what_goes_together_is_left_alone(spec: ModelSpec, phases: list[Phase]) -> None:
    require_fitting(spec, TrainConfig(tuple(phases)))


def test_sizes_can_be_written_out() -> None:
    config = TrainConfig((HEAD, replace(TUNE, input_size=160)))
    assert config.input_sizes(128) == (128, 160)
    assert [phase.input_size for phase in config.with_sizes(128).phases] == [128, 160]
    assert Phase("head", 1, 1e-3).patience == 5
    assert replace(HEAD, stops=()).patience == replace(HEAD, stops=(Stop("loss", 0, at_most=0.1),)).patience == 0
