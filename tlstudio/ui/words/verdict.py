"""What a report comes to, in sentences. Knows no Qt."""

import math

from tlstudio.evaluation.report import Report
from tlstudio.ui.words.wording import counted

FEW_PHOTOS = 30
"""With fewer exam photos than this, nothing is promised."""

WIDE_POINTS = 30
"""Nor with an interval that is wider than this, in points of 100."""

TERMS_EXPLAINED = (
    "Accuracy: the share of the exam photos that are right. "
    "Interval: where the share would lie for many more photos like these, 95 times of 100 (Wilson score interval). "
    "Macro-F1: the mean over the classes of the harmonic mean of precision and recall. "
    "Log loss: the error that training lowers, 0 at best. "
    "ECE: how far apart how sure and how right it is are on average (expected calibration error)."
)


def bounds(report: Report) -> tuple[int, int]:
    """Ends of the interval in points of 100, rounded outward: the sentence never promises more than was measured."""
    low, high = report.interval
    return math.floor(round(low * 100, 6)), math.ceil(round(high * 100, 6))


def too_few(report: Report) -> bool:
    """Whether there are too few exam photos to promise anything."""
    low, high = bounds(report)
    return len(report.photos) < FEW_PHOTOS or high - low > WIDE_POINTS


def verdict(report: Report) -> str:
    """The one sentence: how many of 100 new photos will be right."""
    low, high = bounds(report)
    if not too_few(report):
        return f"Of 100 new photos, about {low} to {high} will be right."
    count = len(report.photos)
    there = "There is only 1 exam photo." if count == 1 else f"There are only {count:,} exam photos."
    return f"{there} Of 100 new photos, {low} to {high} may be right: too few to tell."


def measured(report: Report) -> str:
    """What the sentence stands on."""
    count, right = len(report.photos), report.right
    photos = counted(count, "photo")
    sentence = f"Measured on {photos} that the model had never seen: {right:,} right, {count - right:,} wrong."
    lost = len(report.rejected)
    return f"{sentence} {lost:,} more could not be read." if lost else sentence


def terms(report: Report) -> str:
    """The same in the field's own words."""
    low, high = report.interval
    return (
        f"Accuracy {report.accuracy * 100:.1f} % · 95 % Wilson interval {low * 100:.1f} to {high * 100:.1f} % · "
        f"macro-F1 {report.macro_f1:.3f} · log loss {report.loss:.3f} · ECE {report.ece:.3f}"
    )


def macro_average(report: Report) -> str:
    """Means over the classes that have photos."""
    shown = [entry for entry in report.per_class if entry.support]
    recall, precision = (
        sum(getattr(entry, field) for entry in shown) / max(len(shown), 1) for field in ("recall", "precision")
    )
    return (
        f"All classes, each counting the same (macro average): found {recall:.0%}, "
        f"right when it says so {precision:.0%}, both together {report.macro_f1:.0%}."
    ).replace("%", " %")


def largest_class(report: Report) -> str:
    """The class that always naming it would be right most often."""
    return max(report.per_class, key=lambda entry: entry.support).name
