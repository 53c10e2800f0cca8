"""A promise instead of a threshold: of what is filed without being looked at, at most so many of 100 are wrong.

From answers for photos that were not learnt from, the least score is found from which on answers may be filed. Not the
share of wrong ones among them is held against the promise, but what it may be in truth: a score is let through if so
few wrong ones among so many would come by chance in 1 of 20 cases at most, were more wrong than promised (an exact
binomial test). Scores are tried from the surest on down to the first one that fails, so that trying many costs no
certainty (fixed-sequence testing: A. Angelopoulos et al., "Learn then Test", 2021; the aim is the selective risk of
Y. Geifman and R. El-Yaniv, NeurIPS 2017). The trying begins with the surest quarter: a single wrong label among the
very surest would end it otherwise.
"""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tlstudio.errors import TLStudioError
from tlstudio.evaluation.intervals import wilson_interval
from tlstudio.evaluation.verdict import outward
from tlstudio.wording import counted

CERTAINTY: Final = 0.95
"""In how many of all cases a promise is kept; it depends on which photos happened to be checked."""

USUAL: Final = 0.02
"""What is promised unless something else is asked for."""

_FIRST_SHARE: Final = 0.25
_WORST: Final = 50


@dataclass(frozen=True, slots=True)
class Promise:
    """What can be filed by itself, and what to expect of it.

    Attributes:
        most_wrong: Share of the filed photos that is wrong at most, 0 to 1.
        threshold: Least score of a filed answer, 0 to 1.
        checked: Photos that it was found on.
        filed: How many of them would be filed.
        wrong: How many of these are wrong.
        interval: 95 % interval of the share that is filed, 0 to 1.
    """

    most_wrong: float
    threshold: float
    checked: int
    filed: int
    wrong: int
    interval: tuple[float, float]

    @property
    def share(self) -> float:
        """Share of all photos that is filed, 0 to 1."""
        return self.filed / self.checked


@dataclass(frozen=True, slots=True, eq=False)
class Ladder:
    """How many answers would be filed from each score on, the surest first.

    Attributes:
        scores: (k,) Different scores, falling.
        filed: (k,) Answers with at least this score.
        wrong: (k,) How many of them are wrong.
        checked: Photos in all, those included that are never filed.
    """

    scores: NDArray[np.float64]
    filed: NDArray[np.int64]
    wrong: NDArray[np.int64]
    checked: int


def ladder(scores: NDArray[np.floating], right: NDArray[np.bool_]) -> Ladder:
    """Sort answers for photos that were not learnt from by how sure they are.

    Args:
        scores: (n,) Of the answers; ``inf`` for what is filed at any score, ``-inf`` for what never is.
        right: (n,) Whether they are right.
    """
    order = np.argsort(-scores, kind="stable")[: int((scores > -np.inf).sum())]
    falling = scores[order].astype(np.float64)
    last = np.append(falling[1:] < falling[:-1], True)[: len(falling)]
    filed = np.arange(1, len(falling) + 1, dtype=np.int64)
    wrong = np.cumsum(~right[order], dtype=np.int64)
    return Ladder(falling[last], filed[last], wrong[last], len(scores))


def fewest_photos(most_wrong: float) -> int:
    """Photos that have to be right, all of them, before so few wrong ones can be promised."""
    return math.ceil(math.log(1 - CERTAINTY) / math.log1p(-most_wrong))


def promise(steps: Ladder, most_wrong: float) -> Promise | None:
    """The lowest score from which on at most this share is wrong.

    A promise of more wrong ones never files less.

    Args:
        steps: Answers that were checked.
        most_wrong: Promised share, from 0 to below 1.

    Returns:
        None if no such score can be vouched for.
    """
    if most_wrong <= 0 or not len(steps.filed):
        return None
    from scipy.special import bdtr

    begin = max(fewest_photos(most_wrong), math.ceil(_FIRST_SHARE * steps.filed[-1]))
    tried = (steps.filed >= begin) & np.isfinite(steps.scores)
    chance = bdtr(steps.wrong[tried].astype(np.float64), steps.filed[tried], most_wrong)
    failed = np.append(chance > 1 - CERTAINTY, True)
    passed = int(np.argmax(failed))
    if not passed:
        return None
    place = int(np.argmax(tried)) + passed - 1
    filed, wrong = int(steps.filed[place]), int(steps.wrong[place])
    interval = wilson_interval(filed, steps.checked)
    return Promise(most_wrong, float(steps.scores[place]), steps.checked, filed, wrong, interval)


def best_promise(steps: Ladder) -> Promise | None:
    """The one of the fewest wrong, in whole numbers of 100; None if not even 50 can be promised."""
    found = (promise(steps, of_100 / 100) for of_100 in range(1, _WORST + 1))
    return next((given for given in found if given is not None), None)


def of_100(share: float) -> str:
    """A share as people say it: "2 of 100"."""
    return f"{share * 100:.3g} of 100"


def promise_sentence(given: Promise) -> str:
    """What is promised, and what it means for the person."""
    filed = round(given.share * 100)
    low, high = outward(given.interval)
    return (
        f"At most {of_100(given.most_wrong)} wrong: about {filed} of 100 ({low} to {high}) are filed by themselves, "
        f"{100 - filed} are for you."
    )


def basis_sentence(given: Promise) -> str:
    """What a promise stands on."""
    return f"Checked on {counted(given.checked, 'photo')} that it did not learn from; kept in 19 of 20 such cases."


def refusal(steps: Ladder, most_wrong: float) -> TLStudioError:
    """Why a promise can't be given, what can, and what helps."""
    if not steps.checked:
        hint = "Train again with a share of the photos for the final exam."
        return TLStudioError("No photos were kept to check it on, so nothing can be promised.", hint)
    best = best_promise(steps)
    checked = counted(steps.checked, "photo")
    if best is None:
        message = f"With {checked} checked, nothing can be promised."
    else:
        message = f"With {checked} checked, the best promise is {of_100(best.most_wrong)}."
    if most_wrong > 0 and (needed := fewest_photos(most_wrong)) > steps.checked:
        takes = f"A promise of {of_100(most_wrong)} takes at least {needed:,} that were not learnt from."
        return TLStudioError(message, takes)
    return TLStudioError(message, "Its surest answers hold too many mistakes for less. More photos help.")
