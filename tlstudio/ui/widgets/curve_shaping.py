"""What is drawn of a curve: less noise, and no more points than the screen can show. Knows no Qt."""

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]
Points = tuple[Values, Values]

_NEGLIGIBLE = 1e-9


def clipped(points: Points, left: float, right: float) -> Points:
    """The part of a curve between two places, with points of its own where the lines cross them.

    Args:
        points: Places in rising order, and values; both of shape (n,).
        left: First place that is shown.
        right: Last one.
    """
    x, y = points
    first, last = int(np.searchsorted(x, left, "left")), int(np.searchsorted(x, right, "right"))
    if first == 0 and last == len(x):
        return points
    xs, ys = [x[first:last]], [y[first:last]]
    if 0 < first < len(x) and x[first] > left:
        xs.insert(0, np.array([left]))
        ys.insert(0, np.interp([left], x[first - 1 : first + 1], y[first - 1 : first + 1]))
    if 0 < last < len(x) and x[last - 1] < right:
        xs.append(np.array([right]))
        ys.append(np.interp([right], x[last - 1 : last + 1], y[last - 1 : last + 1]))
    return np.concatenate(xs), np.concatenate(ys)


def thinned(points: Points, columns: int) -> Points:
    """At most two points for each of ``columns`` columns of equal width: its lowest and its highest.

    On a screen with as many pixels across, every peak and every dip stays where it is. The first and the last point
    stay, too. Curves with fewer points come back as they are.

    Args:
        points: Places in rising order, and values; both of shape (n,).
        columns: Columns, at least 1.
    """
    x, y = points
    if len(x) <= 2 * columns + 2:
        return points
    column = ((x - x[0]) * (columns / max(x[-1] - x[0], 1e-12))).astype(np.intp).clip(0, columns - 1)
    starts = np.concatenate(([0], np.flatnonzero(column[1:] != column[:-1]) + 1))
    lengths = np.append(starts[1:], len(x)) - starts
    kept = np.zeros(len(x), dtype=np.bool_)
    kept[[0, -1]] = True
    for extreme in (np.minimum, np.maximum):
        hits = np.flatnonzero(y == np.repeat(extreme.reduceat(y, starts), lengths))
        kept[hits[0]] = True
        kept[hits[1:][column[hits[1:]] != column[hits[:-1]]]] = True  # the first of equals is enough
    return x[kept], y[kept]


def smoothed(values: Values, weight: float, starts: tuple[int, ...] = (0,)) -> Values:
    """Exponential moving average, corrected for its beginning (Kingma and Ba 2015, section 3).

    Args:
        values: Shape (n,).
        weight: Of what came before, from 0 (nothing is changed) to below 1.
        starts: Where it begins anew, rising, the first 0: what one phase ends on says nothing of the next.

    Returns:
        Shape (n,).
    """
    if not weight or not len(values):
        return values
    ends = (*starts[1:], len(values))
    return np.concatenate([_averaged(values[start:end], weight) for start, end in zip(starts, ends, strict=True)])


def _averaged(values: Values, weight: float) -> Values:
    """The sum of weight**k times the value k places before, over the same sum of ones.

    The factors (1 + w z)(1 + w² z²)(1 + w⁴ z⁴)… multiply out to all powers of w, so a few passes over the whole array
    do what a loop over its values would.
    """
    total, factor, reach = values.copy(), weight, 1
    while reach < len(values) and factor > _NEGLIGIBLE:
        total[reach:] += factor * total[:-reach].copy()
        factor, reach = factor * factor, 2 * reach
    return total * ((1 - weight) / (1 - weight ** np.arange(1, len(values) + 1)))
