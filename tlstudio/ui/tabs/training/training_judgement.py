"""How a phase goes, judged from its rounds: a calm diagnosis that changes only when it is sure. Knows no Qt."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final, Literal

from tlstudio.events import ClassesChecked, EpochEnded

Condition = Literal["learning", "stuck", "by_heart", "too_fast", "ignoring"]

_WINDOW: Final = 6
_STUCK_ROUNDS: Final = 3
_WORSE_ROUNDS: Final = 2  # a single one is chance
_BY_HEART_GAP: Final = 0.15
_BY_HEART_FROM: Final = 0.9
_RISEN: Final = 1.1
_FALLEN: Final = 0.9
_GROWN: Final = 2.0
_JUMP: Final = 1.3
_JUMPS: Final = 2
_TELLING: Final = 0.2
_FEWEST_OF_A_CLASS: Final = 4
_IGNORED_UP_TO: Final = 0.1
_IGNORED_ROUNDS: Final = 3
_SHARE_THAT_IS_LEARNT: Final = 0.5
_SURE_AFTER: Final = 2


@dataclass(frozen=True, slots=True)
class Signs:
    """What is known of a phase after one of its rounds.

    Attributes:
        recent: The last rounds, oldest first, this one included.
        best: The best round; None while none is better than what was there before.
        since_best: Rounds since then, or since the beginning.
        lowest: Lowest error that decides (validation loss, else training loss) before this round; None in the first.
        first: The error of the first round.
        ignored: Class that was hardly ever found in the last rounds; None if there is none.
    """

    recent: Sequence[EpochEnded]
    best: EpochEnded | None
    since_best: int
    lowest: float | None
    first: float
    ignored: int | None = None


def symptom(signs: Signs) -> Condition:
    """What the figures of this moment look like, without regard to what was said before."""
    if _too_fast(signs):
        return "too_fast"
    if signs.since_best >= _WORSE_ROUNDS and _by_heart(signs):
        return "by_heart"
    if signs.ignored is not None:
        return "ignoring"
    return "stuck" if signs.since_best >= _STUCK_ROUNDS else "learning"


def error_of(epoch: EpochEnded) -> float:
    """The error that decides: of the photos not seen, or of those learnt from where there are none."""
    return epoch.loss if epoch.val_loss is None else epoch.val_loss


def _too_fast(signs: Signs) -> bool:
    """Whether the error has grown far beyond what it was, or jumps up and down."""
    errors = [error_of(epoch) for epoch in signs.recent]
    last = errors[-_WORSE_ROUNDS - 1 :]
    rising = len(last) > _WORSE_ROUNDS and last == sorted(last)
    if rising and signs.lowest is not None and errors[-1] > _GROWN * signs.lowest and errors[-1] > signs.first:
        return True
    learnt = [epoch.loss for epoch in signs.recent]
    # Near the end, and while refining, losses are small and leap by large factors that mean nothing.
    telling = _TELLING * max(signs.first, 1.0)
    jumps = sum(after > max(_JUMP * before, before + telling) for before, after in pairwise(learnt))
    return len(learnt) == _WINDOW and jumps >= _JUMPS


def _by_heart(signs: Signs) -> bool:
    """Whether others get worse while the photos learnt from get better, or lag far behind them."""
    last = signs.recent[-1]
    if last.val_accuracy is None or last.val_loss is None:
        return False
    if last.accuracy >= _BY_HEART_FROM and last.accuracy - last.val_accuracy >= _BY_HEART_GAP:
        return True
    best, tail = signs.best, signs.recent[-_STUCK_ROUNDS:]
    if best is None or best.val_loss is None or signs.since_best < _STUCK_ROUNDS:
        return False
    risen = sum(error_of(epoch) for epoch in tail) / len(tail) > _RISEN * best.val_loss
    return risen and sum(epoch.loss for epoch in tail) / len(tail) < _FALLEN * best.loss


@dataclass(slots=True)
class Diagnosis:
    """How a phase goes, told calmly: what is seen once does not change it.

    Attributes:
        keeps_last: Whether the phase ends on its last weights: then every round is marked as the best.
        condition: How it goes.
        since: Number of the round of this phase since which it goes so.
        ignored: The class that is ignored, while it is.
        counts: Right and all validation photos of each class at the last check.
    """

    keeps_last: bool = False
    condition: Condition = "learning"
    since: int = 0
    ignored: int | None = None
    counts: ClassesChecked | None = None
    _seen: Condition = "learning"
    _times: int = 0
    _rounds: int = 0
    _recent: deque[EpochEnded] = field(default_factory=lambda: deque(maxlen=_WINDOW))
    _best: EpochEnded | None = None
    _since_best: int = 0
    _lowest: float | None = None
    _first: float = 0.0
    _missed: dict[int, int] = field(default_factory=dict)

    @property
    def since_best(self) -> int:
        """Rounds since the best one, or since the beginning."""
        return self._since_best

    def check(self, event: ClassesChecked) -> None:
        """The classes were checked after a round."""
        self.counts = event
        learnt = sum(event.right) >= _SHARE_THAT_IS_LEARNT * max(sum(event.total), 1)
        missed = {
            index
            for index, (right, total) in enumerate(zip(event.right, event.total, strict=True))
            if learnt and total >= _FEWEST_OF_A_CLASS and right <= _IGNORED_UP_TO * total
        }
        self._missed = {index: self._missed.get(index, 0) + 1 for index in missed}

    def take(self, epoch: EpochEnded) -> None:
        """A round is over."""
        self._rounds += 1
        self._recent.append(epoch)
        better = self._lowest is None or error_of(epoch) < self._lowest if self.keeps_last else epoch.best
        self._since_best = 0 if better else self._since_best + 1
        self._best = epoch if better else self._best
        self._first = error_of(epoch) if self._rounds == 1 else self._first
        ignored = min(
            (index for index, times in self._missed.items() if times >= _IGNORED_ROUNDS),
            key=lambda index: -self._missed[index],
            default=None,
        )
        signs = Signs(list(self._recent), self._best, self._since_best, self._lowest, self._first, ignored)
        self._lowest = min(error_of(epoch), error_of(epoch) if self._lowest is None else self._lowest)
        self._change(symptom(signs), ignored)

    def _change(self, seen: Condition, ignored: int | None) -> None:
        self._times = self._times + 1 if seen == self._seen else 1
        self._seen = seen
        if seen == self.condition:
            self.ignored = ignored if seen == "ignoring" else None
        elif self._times >= _SURE_AFTER or (self.condition == "stuck" and not self._since_best):
            self.condition, self.since = seen, self._rounds
            self.ignored = ignored if seen == "ignoring" else None
