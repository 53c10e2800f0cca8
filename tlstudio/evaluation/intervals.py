"""How far a share measured on some photos may lie from that of many more photos like these."""

import math
from typing import Final

_Z: Final = 1.959963984540054
"""97.5 % of a normal distribution lie below it; written out, since SciPy's statistics take a second to import."""


def wilson_interval(right: int, total: int) -> tuple[float, float]:
    """95 % Wilson score interval of a share (E. B. Wilson, JASA 22, 1927).

    Args:
        right: Photos that count, from 0 to ``total``.
        total: Photos looked at; where there are none, nothing is known: 0 to 1.
    """
    if not total:
        return 0.0, 1.0
    share, weight = right / total, _Z**2 / total
    centre = (share + weight / 2) / (1 + weight)
    half = math.sqrt(weight * (share * (1 - share) + weight / 4)) / (1 + weight)
    return (centre - half if right else 0.0), (centre + half if right < total else 1.0)
