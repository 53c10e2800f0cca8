"""Use case: say before a training how much memory and time it will take, and whether that is there."""

import statistics
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from tlstudio.datasets.dataset import Dataset
from tlstudio.datasets.splits.split import Split
from tlstudio.errors import TLStudioError
from tlstudio.events import CancelToken, ignore_events
from tlstudio.modeling import backend, memory, weights
from tlstudio.modeling.backbones import find_backbone
from tlstudio.modeling.engine import EngineStore
from tlstudio.modeling.part import PHOTO, Part
from tlstudio.modeling.spec import ModelSpec
from tlstudio.modeling.speeds import SpeedStore
from tlstudio.training.config import TrainConfig
from tlstudio.training.duration import Amount, PhaseTime, times_of
from tlstudio.training.forecast import PhaseMemory, fitting_batches, memory_of
from tlstudio.training.paces import PaceStore
from tlstudio.training.workload import Workload, workloads
from tlstudio.workflows.prepare import needs_engine

_USUAL_MEGAPIXELS: Final = 0.5
_EXAM_SECONDS: Final = 1.0
_START_SECONDS: Final = 5.0  # of TensorFlow
_ENGINE_SECONDS: Final = 9.0  # 4 to 15, by the size of the network
_DOUBTFUL: Final = 1.25  # how far a forecast may be off


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a training will take.

    Attributes:
        peak: Most resident memory of the program, in bytes.
        held: What of that the system can't take back.
        free: Main memory that the program can still take; None where nobody knows.
        seconds: How long it is likely to take, and no longer than that if it can't stop early.
        open_ended: Whether a phase may stop early, so that nobody knows how long exactly.
        smaller: The same training with smaller batches, where memory demands them; None where it fits as it is.
        impossible: Whether not even single photos fit.
    """

    peak: int
    held: int
    free: int | None
    seconds: float
    open_ended: bool
    smaller: TrainConfig | None
    impossible: bool


def forecast(spec: ModelSpec, config: TrainConfig, dataset: Dataset, parts: Split) -> Forecast:
    """What training on these photos will take, judged by the memory that is free now.

    Raises:
        TLStudioError: If there is no such network or layer, or photos are too small for it.
    """
    held, free = memory.held_bytes() or 0, memory.free_bytes()
    needs = _needs(spec, config, dataset, parts, held)
    fitting = config if free is None else fitting_batches(config, needs, free + held)
    times = _times(spec, config, dataset, parts)
    return Forecast(
        peak=max(need.peak for need in needs),
        held=max(need.held for need in needs),
        free=free,
        seconds=_preparing(spec, config, len(dataset.classes)) + sum(time.likely for time in times) + _EXAM_SECONDS,
        open_ended=any(
            time.epochs < time.most or work.patience for time, work in zip(times, config.phases, strict=True)
        ),
        smaller=None if fitting == config else fitting,
        impossible=fitting is None,
    )


def _preparing(spec: ModelSpec, config: TrainConfig, n_classes: int) -> float:
    """Seconds until TensorFlow has started and the engines are there, one after the other, that have to be made."""
    seconds = 0.0 if backend.is_started() else _START_SECONDS
    store, made = EngineStore(), set()
    for work in workloads(spec, config, n_classes):
        sized = spec.with_input_size(work.phase.input_size) if work.phase.input_size else spec
        if not work.reading or not needs_engine(sized):
            continue
        weights_file = weights.resolve(sized, emit=ignore_events, token=CancelToken())
        part = Part(sized, PHOTO, work.start, weights_file, weights.digest(weights_file))
        if part.key() not in made and not store.has(part):
            seconds += _ENGINE_SECONDS
            made.add(part.key())
    return seconds


def fit_memory(spec: ModelSpec, config: TrainConfig, dataset: Dataset, parts: Split) -> tuple[TrainConfig, str]:
    """The training with batches as small as the free memory demands, and a sentence on what was changed; "" if nothing.

    Raises:
        TLStudioError: If even single photos take far more memory than is free, or as ``forecast``.
    """
    held, free = memory.held_bytes() or 0, memory.free_bytes()
    needs = _needs(spec, config, dataset, parts, held)
    fitting = config if free is None else fitting_batches(config, needs, free + held)
    if fitting == config or free is None:
        return config, ""
    needed, there = max(need.held for need in needs) - held, f"{max(free, 0) / 1e9:.1f} GB"
    if fitting is None:
        least = max(
            need.held - need.batch * (phase.batch_size - 1) for need, phase in zip(needs, config.phases, strict=True)
        )
        if least > _DOUBTFUL * (free + held):
            raise TLStudioError(
                f"This training needs about {(least - held) / 1e9:.1f} GB of memory even with one photo at a time, "
                f"and {there} are free.",
                "Close other programs, or choose a smaller network or smaller photos.",
            )
        fitting = replace(config, phases=tuple(replace(phase, batch_size=1) for phase in config.phases))
    return (
        fitting,
        f"Memory is short: {needed / 1e9:.1f} GB are needed, {there} are free. {batch_words(config, fitting)}",
    )


def batch_words(config: TrainConfig, smaller: TrainConfig) -> str:
    """What is smaller, in a sentence."""
    pairs = [
        (one.batch_size, other.batch_size)
        for one, other in zip(config.phases, smaller.phases, strict=True)
        if one.batch_size != other.batch_size
    ]
    was, now = pairs[-1]
    return f"It learns from {now} {'photo' if now == 1 else 'photos'} at a time instead of {was}."


def _needs(spec: ModelSpec, config: TrainConfig, dataset: Dataset, parts: Split, held: int) -> list[PhaseMemory]:
    copies = len(parts.train) * (1 + config.augmentation.views) + len(parts.validation) + len(parts.test)
    return memory_of(spec, config, len(dataset.classes), copies, held)


def _times(spec: ModelSpec, config: TrainConfig, dataset: Dataset, parts: Split) -> list[PhaseTime]:
    works = workloads(spec, config, len(dataset.classes))
    return times_of(spec, works, amount_of(config, dataset, parts), _engine_speed(spec), PaceStore())


def amount_of(config: TrainConfig, dataset: Dataset, parts: Split) -> Amount:
    """How many photos a training has, none of them read yet."""
    learnt, checked = len(parts.train), len(parts.validation)
    copies = learnt * (1 + config.augmentation.views) + checked + len(parts.test)
    sizes = [sample.width * sample.height / 1e6 for sample in dataset.samples if sample.width]
    return Amount(
        learnt,
        checked,
        tuple(copies if phase.data == "stored" else checked + len(parts.test) for phase in config.phases),
        statistics.median(sizes) if sizes else _USUAL_MEGAPIXELS,
    )


def _engine_speed(spec: ModelSpec) -> Callable[[Workload], float]:
    """How many photos a second the engine puts through the frozen part of a phase."""
    backbone, speeds = find_backbone(spec.backbone), SpeedStore()

    def photos_a_second(work: Workload) -> float:
        assert backbone is not None  # noqa: S101 - only a backbone has a frozen part
        size = work.phase.input_size or spec.input_size
        whole = speeds.speed(backbone, size).photos_per_second
        return whole * backbone.multiplications(size) / work.reading

    return photos_a_second
