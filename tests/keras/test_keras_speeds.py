"""Measuring speeds through real engines."""

from pathlib import Path

import pytest

from tlstudio.errors import TLStudioError
from tlstudio.events import CancelToken, Emit
from tlstudio.modeling.spec import ModelSpec
from tlstudio.modeling.speeds import SpeedStore
from tlstudio.training.recipes import spec_for
from tlstudio.workflows.measure_speed import measure_speed, unmeasured


def test_a_speed_is_measured_once_with_the_engine_that_trainings_use(
    spec: ModelSpec, warm_home: Path, silent: Emit
) -> None:
    engines = set((warm_home / "cache" / "engines").iterdir())
    assert spec in unmeasured(spec)
    found = measure_speed(spec, emit=silent, token=CancelToken())
    assert found > 0
    assert SpeedStore().has(spec.backbone, spec.input_size)
    assert spec not in unmeasured(spec)
    assert set((warm_home / "cache" / "engines").iterdir()) == engines, "the engine was there already"


def test_without_weights_a_speed_is_measured_too_and_nothing_else_is_left(home: Path, silent: Emit) -> None:
    spec = spec_for("mobilenet_0.25", None, 32)
    found = measure_speed(spec, emit=silent, token=CancelToken())
    assert found > 0
    assert [path.name for path in (home / "cache").rglob("*")] == ["speeds.json"], "no download, no engine"


def test_where_weights_are_at_hand_is_worth_measuring_and_what_is_chosen(home: Path) -> None:  # noqa: ARG001
    assert [spec.backbone for spec in unmeasured(spec_for("vgg16"))] == ["vgg16", "starter"]
    assert [spec.backbone for spec in unmeasured(spec_for("small_cnn"))] == ["starter"]


def test_only_backbones_have_speeds(home: Path, silent: Emit) -> None:  # noqa: ARG001
    with pytest.raises(TLStudioError, match="small_cnn"):
        measure_speed(spec_for("small_cnn"), emit=silent, token=CancelToken())
