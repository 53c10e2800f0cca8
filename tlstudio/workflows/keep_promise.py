"""Use case: settle from which score on answers are filed by themselves, by a promise or by a threshold."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tlstudio.evaluation.promise import USUAL, Ladder, Promise, best_promise, ladder, promise, refusal
from tlstudio.events import CancelToken, Emit, Notice
from tlstudio.prediction.batch import DEFAULT_MOST_UNLIKE, DEFAULT_THRESHOLD, DEFAULT_TOP, PredictOptions
from tlstudio.prediction.novelty import load_novelty
from tlstudio.runs.scores import load_scores
from tlstudio.runs.store import StoredRun
from tlstudio.runs.thresholds import load_sureness, load_thresholds
from tlstudio.workflows.fit_novelty import ensure_novelty

MOST_OFFERED: Final = 10
"""Of 100; what a person would want promised at most."""


@dataclass(frozen=True, slots=True)
class Wish:
    """How sure answers are to be; nothing set is what was kept with the run, or else a plain threshold of 0.5.

    Attributes:
        threshold: Least score of a sure answer, of every class, 0 to 1; None for none.
        promise: Share of the sure answers that may be wrong, 0 to 1; None for none. It counts only without a threshold.
        hold_back: Whether photos that are unlike everything learnt are unsure at any score; they are where neither
            this nor the run says anything.
        top: Classes named for each photo.
    """

    threshold: float | None = None
    promise: float | None = None
    hold_back: bool | None = None
    top: int = DEFAULT_TOP


def settled(stored: StoredRun, wish: Wish, *, emit: Emit, token: CancelToken) -> tuple[PredictOptions, Promise | None]:
    """The options that a wish comes to, and the promise that they keep.

    Raises:
        TLStudioError: If what is asked to be promised can't be, or what was kept with the run is damaged.
        Cancelled: If a stop was asked for.
    """
    kept, own = load_sureness(stored.folder), load_thresholds(stored.folder)
    hold_back = kept.hold_back if wish.hold_back is None else wish.hold_back
    unlike = _most_unlike(hold_back=hold_back)
    if wish.threshold is not None:
        return PredictOptions(wish.top, wish.threshold, {}, unlike), None
    asked = kept.promise if wish.promise is None else wish.promise
    if asked is not None:
        if hold_back:
            ensure_novelty(stored, emit=emit, token=token)
        steps = checked_answers(stored, own, unlike)
        given = promise(steps, asked)
        if given is not None:
            return PredictOptions(wish.top, given.threshold, own, unlike), given
        reason = refusal(steps, asked)
        if wish.promise is not None:
            raise reason
        emit(Notice(f"What was promised before can't be kept any more. {reason}"))
    threshold = DEFAULT_THRESHOLD if kept.threshold is None else kept.threshold
    return PredictOptions(wish.top, threshold, own, unlike), None


def checked_answers(
    stored: StoredRun, own_thresholds: Mapping[str, float], most_unlike: float = DEFAULT_MOST_UNLIKE
) -> Ladder:
    """What a promise is found on: answers for the photos of a run that it did not learn from, the surest first.

    A class with a threshold of its own goes by that, whatever is promised; the promise is kept by the rest, for all
    that is filed together. Photos unlike everything learnt are never filed. The validation photos chose the best epoch
    and the temperature, which flatters them a little; without them half of the certainty would be gone.

    Args:
        stored: The run.
        own_thresholds: Of single classes, by name.
        most_unlike: As in ``PredictOptions``.

    Raises:
        TLStudioError: If the scores of the run are missing or damaged.
    """
    if stored.run.foreign:
        return ladder(np.zeros(0), np.zeros(0, np.bool_))
    kept = load_scores(stored)
    scores = np.concatenate((kept.validation.scores, kept.test.scores))
    labels = np.concatenate((kept.validation.labels, kept.test.labels))
    answers = scores.argmax(axis=1)
    sure = scores.max(axis=1).astype(np.float64)
    for index, name in enumerate(stored.run.classes):
        if name in own_thresholds:
            of_class = answers == index
            sure[of_class] = np.where(sure[of_class] >= own_thresholds[name], np.inf, -np.inf)
    sure[_held_back(stored, len(sure), most_unlike)] = -np.inf
    return ladder(sure, answers == labels)


def _most_unlike(*, hold_back: bool) -> float:
    return DEFAULT_MOST_UNLIKE if hold_back else 1.0


def _held_back(stored: StoredRun, count: int, most_unlike: float) -> NDArray[np.bool_]:
    novelty = load_novelty(stored.folder)
    if novelty is None or len(novelty.held_out) != count:
        return np.zeros(count, np.bool_)
    return novelty.held_out_shares() > most_unlike


@dataclass(frozen=True, slots=True)
class Offers:
    """What a run can promise, for a person to choose from.

    Attributes:
        given: The promise for 0, 1, 2 … 10 wrong of 100; None where it can't be given.
        refusals: Why not, for each; empty where it can.
        best: The best there is; None if there is none.
        checked: Photos that they are found on.
    """

    given: tuple[Promise | None, ...]
    refusals: tuple[str, ...]
    best: Promise | None
    checked: int

    @property
    def usual(self) -> int | None:
        """How many of 100 wrong to begin with; None where no promise that is offered can be given."""
        first = round(USUAL * 100)
        return next((of_100 for of_100 in range(first, len(self.given)) if self.given[of_100]), None)


def offers(stored: StoredRun, *, hold_back: bool = True) -> Offers:
    """Everything that a run can promise.

    Args:
        stored: The run.
        hold_back: Whether photos that are unlike everything learnt are never filed.

    Raises:
        TLStudioError: If the scores of the run, or thresholds that were kept with it, are missing or damaged.
    """
    steps = checked_answers(stored, load_thresholds(stored.folder), _most_unlike(hold_back=hold_back))
    given = tuple(promise(steps, of_100 / 100) for of_100 in range(MOST_OFFERED + 1))
    refusals = tuple("" if found else str(refusal(steps, of_100 / 100)) for of_100, found in enumerate(given))
    return Offers(given, refusals, best_promise(steps), steps.checked)
