"""Answers for every photo by heads that never learnt from it, nor from a photo like it."""

from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tlstudio.evaluation.linear_head import Labels, LinearHead, Vectors, fit_linear_head
from tlstudio.events import CancelToken, Emit, Progress

FOLDS: Final = 5

Rows = NDArray[np.int64]


def folds_of(
    labels: Labels, groups: NDArray[np.int64], folds: int = FOLDS, seed: int = 0
) -> Iterator[tuple[Rows, Rows]]:
    """Rows to learn from and rows to judge on, for each fold; classes are shared out alike as far as groups allow.

    Args:
        labels: (n,) class indices.
        groups: (n,) Photos with one number stay together.
        folds: How many; fewer where there are fewer groups, or no class has so many photos.
        seed: Of the shuffle.
    """
    import warnings

    from sklearn.model_selection import StratifiedGroupKFold

    count = min(folds, len(np.unique(groups)), int(np.bincount(labels).max(initial=0)))
    if count < 2:
        return
    with warnings.catch_warnings():
        # A class with fewer photos than folds is missing in some of them, which is what has to be.
        warnings.filterwarnings("ignore", message="The least populated class", category=UserWarning)
        made = list(StratifiedGroupKFold(count, shuffle=True, random_state=seed).split(labels, labels, groups))
    for learnt, judged in made:
        yield learnt.astype(np.int64), judged.astype(np.int64)


def out_of_fold_scores(
    vectors: Vectors,
    labels: Labels,
    groups: NDArray[np.int64],
    n_classes: int,
    *,
    emit: Emit,
    token: CancelToken,
    stage: str = "folds",
) -> NDArray[np.float32]:
    """Scores of every photo by a linear head that learnt from the other folds.

    Args:
        vectors: (n, d) features of a network that never saw the labels.
        labels: (n,) class indices.
        groups: (n,) Photos with one number stay together.
        n_classes: How many classes there are.
        emit: Told ``Progress(stage, ...)`` after each fold.
        token: Stops it.
        stage: What the progress goes by.

    Returns:
        (n, n_classes) scores; all alike where there is nothing to learn from.

    Raises:
        Cancelled: If a stop was asked for.
    """
    scores = np.full((len(labels), n_classes), 1 / n_classes, dtype=np.float32)
    head: LinearHead | None = None
    for number, (learnt, judged) in enumerate(folds_of(labels, groups)):
        token.check()
        emit(Progress(stage, number, FOLDS))
        # Four fifths of the photos are the same ones from fold to fold, so the head before is a good start.
        head = fit_linear_head(vectors[learnt], labels[learnt], n_classes, start=head)
        scores[judged] = head.scores(vectors[judged])
    emit(Progress(stage, FOLDS, FOLDS))
    return scores
