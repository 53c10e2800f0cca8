"""How much memory and time a training will take, told before it starts. Knows no TensorFlow.

What a phase keeps and computes follows from its layers (``workload``); what that costs was measured, and
``benchmarks/forecasts.py`` holds the forecast against trainings of every kind.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from tlstudio.modeling.engine import BATCH
from tlstudio.modeling.spec import ModelSpec
from tlstudio.training.config import TrainConfig
from tlstudio.training.workload import Workload, workloads

# Bytes. A process that has imported TensorFlow and read photos; of that, the libraries lie in files.
_PROGRAM: Final = 290_000_000
_LIBRARIES: Final = 430_000_000
_TRAINING: Final = 30_000_000  # what a first step sets up
_LAYER: Final = 1_600_000  # what TensorFlow notes of a layer that it traces
_KEPT: Final = 1.2  # gradients on their way, beside the outputs that they need
_CHECKED: Final = 64  # photos that are checked at a time
_SEGMENT: Final = 64 << 20  # what the feature store writes at a time
_CONVERTER: Final = 450_000_000  # a process that makes an engine, beside the weights
_CONVERTED: Final = 6.0  # copies of the weights that it holds

_USABLE: Final = 0.75


@dataclass(frozen=True, slots=True)
class PhaseMemory:
    """Main memory of one phase, in bytes.

    Attributes:
        held: Most that the program holds while the phase is prepared and runs.
        mapped: What of its files lies in memory beside that; the system takes it back when it needs room.
        beside: Most that a process beside it holds for it, which has ended before the phase begins to learn.
        batch: What each photo of a batch adds to ``held``.
    """

    held: int
    mapped: int
    beside: int
    batch: int

    @property
    def peak(self) -> int:
        """Most resident memory of the program."""
        return self.held + self.mapped


def memory_of(spec: ModelSpec, config: TrainConfig, n_classes: int, photos: int, program: int = 0) -> list[PhaseMemory]:
    """Main memory that the phases of a training take.

    Args:
        spec: The network.
        config: How it is trained.
        n_classes: Number of classes.
        photos: Photos with their varied copies.
        program: Bytes that the program holds already; what it holds without a window if that is more.

    Raises:
        TLStudioError: If there is no such network or layer, or photos are too small.
    """
    found: list[PhaseMemory] = []
    left = 0  # the memory of an engine goes back to the heap, not to the system
    for work in workloads(spec, config, n_classes):
        found.append(_memory(work, photos, max(program, _PROGRAM) + left))
        left = max(left, 2 * work.read_weights)
    return found


def _memory(work: Workload, photos: int, program: int) -> PhaseMemory:
    stored = work.entry * photos if work.phase.data == "stored" else 0
    segment = 2 * min(stored, _SEGMENT)
    reading = 2 * work.read_weights + BATCH * work.read_widest + segment
    each = round(_KEPT * work.kept) + 2 * work.entry
    checking = work.widest * _CHECKED
    fixed = _TRAINING + _LAYER * work.layers if work.phase.name != "head" or work.layers > 2 else 0
    # The network, two copies of the trained part to go back to, and of all that changes gradient and optimizer.
    weights = work.weights + 2 * work.tail + (1 + work.slots) * work.learnt
    learning = fixed + weights + max(each * work.phase.batch_size, checking)
    beside = round(_CONVERTER + _CONVERTED * work.read_weights) if work.reading else 0
    return PhaseMemory(program + max(reading, learning), _LIBRARIES + stored, beside, each)


def fitting_batches(config: TrainConfig, memory: Sequence[PhaseMemory], room: int) -> TrainConfig | None:
    """The same training with batches as small as memory demands, halved and halved again.

    Args:
        config: How it is to be trained.
        memory: What its phases take.
        room: Bytes that the program may hold in all. A quarter of them stays free: the forecast may be off, memory
            comes in pieces that don't always fit, and other programs go on.

    Returns:
        The training itself if it fits as it is; None if not even single photos would do.
    """
    phases = []
    for phase, need in zip(config.phases, memory, strict=True):
        batch = phase.batch_size
        while batch and need.held - need.batch * (phase.batch_size - batch) > _USABLE * room:
            batch //= 2
        if not batch:
            return None
        phases.append(replace(phase, batch_size=batch))
    return replace(config, phases=tuple(phases))
