"""The scales of the curves: from where to where they reach, and which numbers stand beside them. Knows no Qt."""

from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean
from typing import Final, Literal

import numpy as np

ScaleKind = Literal["percent", "error", "rate"]

_LEAST_TOP: Final = 0.2
_LEAST_PERCENT: Final = 2.0
_SMALLEST: Final = 1e-7  # what a logarithm can be taken of; Keras clips scores there
_DECADE_OF_RATES: Final = 9.99


@dataclass(frozen=True, slots=True)
class Scale:
    """The upright axis of one plot.

    Attributes:
        bottom: Value at the lower edge; its logarithm where ``log``.
        top: Value at the upper edge, likewise.
        ticks: Places, likewise, and words of the numbers beside it.
        log: Whether it holds logarithms (to base 10).
    """

    bottom: float
    top: float
    ticks: tuple[tuple[float, str], ...]
    log: bool = False


def scale_for(
    kind: ScaleKind,
    low: float,
    high: float,
    *,
    log: bool = False,
    close: bool = False,
    headroom: float = 0.12,
    most: int = 5,
) -> Scale:
    """The scale for values from ``low`` to ``high``.

    Args:
        kind: "percent", "error" or "rate" (of learning).
        low: Smallest value that is shown.
        high: Largest.
        log: Whether equal factors are to be equally far apart; percents never are, rates where they span a decade.
        close: Whether it keeps to these values instead of beginning at 0 and, for percents, ending over 100.
        headroom: Share of a percent scale over 100 %, where the names of the phases stand.
        most: So many numbers at most, and one.
    """
    if kind == "rate":
        log = low > 0 and high / low >= _DECADE_OF_RATES
    if log and kind != "percent":
        return _log_scale(max(low, _SMALLEST), max(high, _SMALLEST), most)
    if kind == "percent":
        whole = [0.0, 25.0, 50.0, 75.0, 100.0][:: 1 if most > 3 else 2 if most > 1 else 4]
        return _percents(low, high, headroom, most) if close else _scale(0.0, 100 / (1 - headroom), whole, " %")
    if close and high > low:
        room = (high - low) * 0.12
        return _scale(max(low - room, 0.0), high + room, ticks_between(max(low - room, 0.0), high + room, most))
    if kind == "rate":
        top = high * 1.2 or 1.0
        return Scale(
            0.0, top, tuple((value, f"{value:g}") for value in nice_ticks(top, min(most, 3)) if value < top * 0.95)
        )
    top = max(high, _LEAST_TOP) * 1.08
    return _scale(0.0, top, [value for value in nice_ticks(top, most) if value < top * 0.95])


def _percents(low: float, high: float, headroom: float, most: int) -> Scale:
    middle, half = (low + high) / 2, max((high - low) * 0.6, _LEAST_PERCENT)
    bottom, top = max(middle - half, 0.0), min(middle + half, 100.0)
    values = [value for value in ticks_between(bottom, top, most) if value <= top]
    return _scale(bottom, bottom + (top - bottom) / (1 - headroom), values, " %")


def _scale(bottom: float, top: float, values: list[float], unit: str = "") -> Scale:
    return Scale(bottom, top, tuple((value, words + unit) for value, words in zip(values, _words(values), strict=True)))


def _words(values: list[float]) -> list[str]:
    """As many digits as tell neighbours apart; very small ones by their power."""
    step = min((b - a for a, b in pairwise(values)), default=1.0)
    if step < 1e-4:
        return [f"{value:.3g}" for value in values]
    digits = max(-int(np.floor(np.log10(step) + 1e-9)), 0)
    digits += round(step * 10.0**digits, 6) != round(step * 10.0**digits)
    return [f"{value:.{digits}f}" for value in values]


def _log_scale(low: float, high: float, most: int) -> Scale:
    bottom, top = float(np.log10(low)), float(np.log10(high))
    if top - bottom < 0.3:
        bottom, top = (bottom + top) / 2 - 0.15, (bottom + top) / 2 + 0.15
    room = (top - bottom) * (0.08 if most > 3 else 0.3)
    bottom, top = bottom - room, top + room
    places = [
        (float(np.log10(value)), f"{value:g}")
        for value in log_ticks(10**bottom, 10**top, most if most < 3 else most + 1)
    ]
    edge = (top - bottom) * 0.05  # a number at the very edge would be cut off
    kept = tuple(place for place in places if bottom + edge / 2 < place[0] < top - edge)
    return Scale(bottom, top, kept, log=True)


def nice_ticks(top: float, most: int = 5) -> list[float]:
    """Round numbers from 0 up to ``top``, at most ``most`` above 0."""
    return ticks_between(0.0, top, most)


def ticks_between(bottom: float, top: float, most: int = 5) -> list[float]:
    """Round numbers between two, evenly spaced, at most ``most`` and one."""
    raw = (top - bottom) / most
    magnitude = 10.0 ** np.floor(np.log10(raw)) if raw > 0 else 1.0
    step = next((factor * magnitude for factor in (1, 2, 5, 10) if factor * magnitude >= raw * 0.999), magnitude)
    first, last = int(np.ceil(bottom / step - 1e-9)), int(np.floor(top / step + 1e-9))
    return [float(step * place) for place in range(first, last + 1)]


def log_ticks(low: float, high: float, most: int = 6) -> list[float]:
    """Numbers to name on a logarithmic axis: 1, 2, 5 of each decade, or the decades, or some of them."""
    first, last = int(np.floor(np.log10(low))), int(np.ceil(np.log10(high)))
    for factors in ((1, 2, 5), (1, 3), (1,)):
        found = [factor * 10.0**power for power in range(first, last + 1) for factor in factors]
        found = [value for value in found if low <= value <= high]
        if len(found) <= most:
            return found or ticks_between(low, high, 3)
    return found[:: -(-len(found) // most)]


def round_ticks(reach: float, most: int = 8, start: float = 0.0) -> list[int]:
    """Whole rounds to name on the axis, evenly spaced, from the first step on.

    Args:
        reach: Last round that is shown.
        most: So many at most.
        start: First round that is shown.
    """
    wanted = max(reach - start, 1.0) / most
    steps = (1, 2, 5, 10, 20, 25, 50, 100, 200, 500, 1000, 2000, 5000)
    step = next((step for step in steps if step >= wanted), -(-int(wanted) // 5000) * 5000)
    first = max(-int(-start // step), 1)
    return [step * place for place in range(first, int(reach) // step + 1)]


def spread(centers: list[float], height: float, top: float, bottom: float) -> list[float]:
    """Move labels apart so that none overlaps another, as little as possible, inside the plot.

    Args:
        centers: Where the middles of the labels would like to be, in pixels from above.
        height: Of each label.
        top: Upper end of the room for them.
        bottom: Lower end.

    Returns:
        The middles, in the order given.
    """
    order = sorted(range(len(centers)), key=lambda index: centers[index])
    # Less the room that the labels before them take, the middles must only not fall: those that do share their mean.
    blocks: list[list[float]] = []
    for place, index in enumerate(order):
        blocks.append([centers[index] - place * height])
        while len(blocks) > 1 and fmean(blocks[-2]) > fmean(blocks[-1]):
            last_block = blocks.pop()
            blocks[-1] += last_block
    level = [fmean(block) for block in blocks for _ in block]
    first, last = top + height / 2, bottom - height / 2 - (len(order) - 1) * height
    result = [0.0] * len(centers)
    for place, index in enumerate(order):
        result[index] = max(min(level[place], last), first) + place * height
    return result
