"""How long a training will take, reckoned from what its phases compute and from how quick this computer was before."""

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from tlstudio.modeling.hardware import cores
from tlstudio.modeling.spec import ModelSpec
from tlstudio.training.config import Phase
from tlstudio.training.history import History
from tlstudio.training.paces import PaceStore
from tlstudio.training.workload import Workload

# On two cores of a laptop: multiplications and bytes of layer outputs a second, and what each step and layer costs.
_RATE: Final = 50e9
_TRAFFIC: Final = 1.3e9
_STEP_SECONDS: Final = 0.003
_TRACED_SECONDS: Final = 0.1
_FIRST_SECONDS: Final = 0.5
_RATED_CORES: Final = 2

_DECODED_SECONDS: Final = 0.0095  # a photo of one megapixel on one core; larger ones are shrunk while they are decoded
_DECODED_GROWTH: Final = 0.42

LIKELY_EPOCHS: Final = 40
"""Most phases that may stop early have done so by then."""


@dataclass(frozen=True, slots=True)
class Amount:
    """How many photos there are.

    Attributes:
        learnt: Photos to learn from, without varied copies.
        checked: Photos to check on.
        read: For each phase, what of the photos and varied copies still has to be read for it.
        megapixels: Size of a photo in the middle.
    """

    learnt: int
    checked: int
    read: tuple[int, ...]
    megapixels: float


@dataclass(frozen=True, slots=True)
class PhaseTime:
    """Seconds of one phase.

    Attributes:
        reading: Until all photos are read for it.
        start: What the first epoch takes longer than the others.
        epoch: One epoch with its check.
        epochs: Epochs that are likely.
        most: Epochs that it may take.
    """

    reading: float
    start: float
    epoch: float
    epochs: int
    most: int

    @property
    def likely(self) -> float:
        """Seconds with the likely number of epochs."""
        return self.reading + self.start + self.epochs * self.epoch


def times_of(
    spec: ModelSpec, works: Sequence[Workload], amount: Amount, photos_a_second: Callable[[Workload], float],
    paces: PaceStore,
) -> list[PhaseTime]:  # fmt: skip
    """Seconds of each phase.

    Args:
        spec: The network.
        works: What the phases have to do.
        amount: How many photos.
        photos_a_second: Gives how many photos the engine puts through the frozen part of a phase.
        paces: What was measured before.
    """
    times = []
    for work, read in zip(works, amount.read, strict=True):
        factor = paces.factor(*_kind(spec, work))
        computed = 1 / photos_a_second(work) if work.reading else 0.0
        decoded = _DECODED_SECONDS * amount.megapixels**_DECODED_GROWTH / cores()
        start = (_FIRST_SECONDS + _TRACED_SECONDS * work.layers) * _share()
        epoch = factor * reckoned_epoch(work, amount.learnt, amount.checked)
        if work.phase.data == "live":
            epoch += amount.learnt * (computed + decoded)
        times.append(PhaseTime(read * (computed + decoded), start, epoch, _epochs(work.phase), work.phase.epochs))
    return times


def reckoned_epoch(work: Workload, learnt: int, checked: int) -> float:
    """Seconds of an epoch on the computer of the rates, as far as its cores are more or fewer."""
    phase = work.phase
    steps = phase.steps_per_epoch or -(-learnt // phase.batch_size)
    learnt = steps * phase.batch_size if phase.steps_per_epoch else learnt
    forward = work.forward / _RATE + work.outputs / _TRAFFIC / 3
    both = (work.forward + 2 * work.backward) / _RATE + work.outputs / _TRAFFIC
    return steps * _STEP_SECONDS + _share() * (learnt * both + checked * forward)


def learn_paces(spec: ModelSpec, works: Sequence[Workload], history: History, amount: Amount, paces: PaceStore) -> None:
    """Keep how long the epochs of a training took, beside what was reckoned."""
    for index, work in enumerate(works):
        # The first one traces the network; so the others tell.
        seconds = [epoch.seconds for epoch in history.epochs if epoch.phase == index][1:]
        reckoned = reckoned_epoch(work, amount.learnt, amount.checked)
        if seconds and reckoned > 0:
            paces.keep(_kind(spec, work), statistics.median(seconds) / reckoned)


def _kind(spec: ModelSpec, work: Workload) -> tuple[str, ...]:
    """What work has to be alike in to take as long as reckoned, or as much longer."""
    return work.phase.name, spec.backbone, work.start


def _share() -> float:
    return _RATED_CORES / cores()


def _epochs(phase: Phase) -> int:
    return min(phase.epochs, max(LIKELY_EPOCHS, phase.patience)) if phase.patience else phase.epochs
