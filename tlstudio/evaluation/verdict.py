"""The one sentence that a judgement comes to: the same in the window, on the command line and in a report."""

import math
from typing import Final

from tlstudio.evaluation.report import Report

FEW_PHOTOS: Final = 30
"""With fewer exam photos than this, nothing is promised."""

WIDE_POINTS: Final = 30
"""Nor with an interval that is wider than this, in points of 100."""


def outward(interval: tuple[float, float]) -> tuple[int, int]:
    """Ends of an interval of shares in points of 100, rounded outward: no more is promised than was measured."""
    low, high = interval
    return math.floor(round(low * 100, 6)), math.ceil(round(high * 100, 6))


def bounds(report: Report) -> tuple[int, int]:
    """Ends of the report's interval in points of 100, rounded outward."""
    return outward(report.interval)


def too_few(report: Report) -> bool:
    """Whether there are too few exam photos to promise anything."""
    low, high = bounds(report)
    return len(report.photos) < FEW_PHOTOS or high - low > WIDE_POINTS


def verdict(report: Report) -> str:
    """How many of 100 new photos will be right."""
    low, high = bounds(report)
    if not too_few(report):
        return f"Of 100 new photos, about {low} to {high} will be right."
    count = len(report.photos)
    there = "There is only 1 exam photo." if count == 1 else f"There are only {count:,} exam photos."
    return f"{there} Of 100 new photos, {low} to {high} may be right: too few to tell."
