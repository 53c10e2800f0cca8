"""What a report comes to, in sentences. Knows no Qt."""

from tlstudio.evaluation.report import Report
from tlstudio.evaluation.verdict import bounds, too_few, verdict
from tlstudio.wording import counted, percent

__all__ = ["TERMS_EXPLAINED", "bounds", "largest_class", "macro_average", "measured", "terms", "too_few", "verdict"]

TERMS_EXPLAINED = (
    "Accuracy: the share of the exam photos that are right. "
    "Interval: where the share would lie for many more photos like these, 95 times of 100 (Wilson score interval). "
    "Macro-F1: the mean over the classes of the harmonic mean of precision and recall. "
    "Log loss: the error that training lowers, 0 at best. "
    "ECE: how far apart how sure and how right it is are on average (expected calibration error)."
)


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
        f"Accuracy {percent(report.accuracy, 1)} · 95 % Wilson interval {low * 100:.1f} to {percent(high, 1)} · "
        f"macro-F1 {report.macro_f1:.3f} · log loss {report.loss:.3f} · ECE {report.ece:.3f}"
    )


def macro_average(report: Report) -> str:
    """Means over the classes that have photos."""
    shown = [entry for entry in report.per_class if entry.support]
    recall, precision = (
        sum(getattr(entry, field) for entry in shown) / max(len(shown), 1) for field in ("recall", "precision")
    )
    return (
        f"All classes, each counting the same (macro average): found {percent(recall)}, "
        f"right when it says so {percent(precision)}, both together {percent(report.macro_f1)}."
    )


def largest_class(report: Report) -> str:
    """The class that always naming it would be right most often."""
    return max(report.per_class, key=lambda entry: entry.support).name
