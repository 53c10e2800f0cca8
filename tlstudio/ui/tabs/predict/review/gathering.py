"""Which answers wait for a person, and which a person has given before: found beside the window. Knows no widget."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from tlstudio.events import CancelToken
from tlstudio.prediction.review.decisions import Decision
from tlstudio.prediction.review.order import Candidate
from tlstudio.ui.tabs.predict.answers.answers import UNLIKE, UNSURE, Answers

_LOOK_EVERY: Final = 500


@dataclass(frozen=True, slots=True)
class Gathered:
    """What was found in the answers.

    Attributes:
        waiting: Answers that the model is not sure of.
        decided: Answers about whose photos something stands.
    """

    waiting: tuple[Candidate, ...] = ()
    decided: tuple[Candidate, ...] = ()


Gather = Callable[[CancelToken], Gathered]


def gathering(lists: Mapping[int, Answers], threshold: float, standing: Mapping[str, Decision]) -> Gather:
    """Take note of the answers that there are; what this returns looks through them, in any thread.

    Args:
        lists: The answers of each batch by its number; they may grow meanwhile.
        threshold: Score from which on an answer is sure.
        standing: What was decided, by absolute path.
    """
    # Told here: an array that another thread looks at as a whole can't grow.
    states = {number: answers.states(threshold) for number, answers in lists.items()}
    doubtful = {
        number: np.flatnonzero((state == UNSURE) | (state == UNLIKE)).tolist() for number, state in states.items()
    }
    standing = dict(standing)

    def gather(token: CancelToken) -> Gathered:
        waiting = [
            _candidate(number, place, answers, threshold)
            for number, answers in lists.items()
            for place in _watched(doubtful[number], token)
        ]
        decided = [
            _candidate(number, place, answers, threshold)
            for number, answers in lists.items()
            for place in (_watched(range(len(states[number])), token) if standing else ())
            if _path(answers, place) in standing
        ]
        return Gathered(tuple(each for each in waiting if each.label), tuple(decided))

    return gather


def _watched(places: Sequence[int], token: CancelToken) -> Iterator[int]:
    for number, place in enumerate(places):
        if number % _LOOK_EVERY == 0:
            token.check()
        yield place


def _candidate(number: int, place: int, answers: Answers, threshold: float) -> Candidate:
    answer = answers.prediction(place, threshold)
    unlike = answer.reason == "unlike"
    return Candidate(
        answer.path, number, place, answer.label, answer.score, unlike, answer.novelty, digest=answer.digest
    )


def _path(answers: Answers, place: int) -> str:
    return os.path.join(answers.folders[answers.folder_at(place)], answers.name(place))  # noqa: PTH118 - of 100,000 files
