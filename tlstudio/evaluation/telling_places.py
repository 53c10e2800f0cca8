"""How well each place of photos tells their classes apart by itself."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from tlstudio.evaluation.linear_head import Labels
from tlstudio.evaluation.out_of_fold import folds_of
from tlstudio.evaluation.threads import threads_for

_RIDGE: Final = 0.1


def told_by_place(
    pictures: NDArray[np.uint8], labels: Labels, n_classes: int, groups: NDArray[np.int64], cells: int
) -> NDArray[np.float64]:
    """How well the pixels of each cell at the border tell each class from all others, out of fold.

    A ridge regression for each cell gives its photos scores for every class. What counts is the area under the ROC
    curve: how often a photo of the class gets a higher score than one of another class (the Mann-Whitney statistic).

    Args:
        pictures: (n, side, side, 3); ``side`` is a multiple of twice ``cells``.
        labels: (n,) class indices.
        n_classes: How many classes there are; each has photos, and so have the others.
        groups: (n,) Photos with one number are learnt from together or judged together.
        cells: Along each side.

    Returns:
        (cells, cells, n_classes) Areas, 0.5 for nothing; cells that aren't at the border are 0.5.
    """
    told = np.full((cells, cells, n_classes), 0.5)
    folds = list(folds_of(labels, groups))
    wanted = np.eye(n_classes)[labels]
    side = pictures.shape[1] // cells // 2
    with threads_for(len(pictures) * (3 * side * side) ** 2):
        for row, column in np.ndindex(cells, cells):
            if row in (0, cells - 1) or column in (0, cells - 1):
                told[row, column] = _areas(_scores(_described(pictures, row, column, cells), wanted, folds), wanted)
    return told


def _described(pictures: NDArray[np.uint8], row: int, column: int, cells: int) -> NDArray[np.float64]:
    """(n, figures) The pixels of a cell at half the size, and their spread, highest and lowest."""
    step = pictures.shape[1] // cells
    cell = pictures[:, row * step : (row + 1) * step, column * step : (column + 1) * step].astype(np.float64)
    half = cell.reshape(len(cell), step // 2, 2, step // 2, 2, 3).mean(axis=(2, 4)).reshape(len(cell), -1)
    return np.column_stack([half, half.std(axis=1), half.max(axis=1), half.min(axis=1)])


def _scores(
    figures: NDArray[np.float64],
    wanted: NDArray[np.float64],
    folds: list[tuple[NDArray[np.int64], NDArray[np.int64]]],
) -> NDArray[np.float64]:
    """(n, n_classes) What regressions say that never saw the photo."""
    scores = np.zeros_like(wanted)
    for learnt, judged in folds:
        middle, spread = figures[learnt].mean(axis=0), figures[learnt].std(axis=0) + 1e-3
        seen, usual = (figures[learnt] - middle) / spread, wanted[learnt].mean(axis=0)
        penalty = _RIDGE * len(seen) * np.eye(seen.shape[1])
        weights = np.linalg.solve(seen.T @ seen + penalty, seen.T @ (wanted[learnt] - usual))
        scores[judged] = (figures[judged] - middle) / spread @ weights + usual
    return scores


def _areas(scores: NDArray[np.float64], wanted: NDArray[np.float64]) -> NDArray[np.float64]:
    """(n_classes,) Area under the ROC curve of each column; 0.5 for a class without photos."""
    from scipy.stats import rankdata

    own = wanted.sum(axis=0)
    others = len(wanted) - own
    above = (rankdata(scores, axis=0) * wanted).sum(axis=0) - own * (own + 1) / 2
    return np.where(own * others > 0, above / np.maximum(own * others, 1), 0.5)
