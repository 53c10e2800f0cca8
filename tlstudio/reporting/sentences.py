"""What a report says in words, for HTML and Markdown alike."""

from collections.abc import Iterator
from typing import Final

from tlstudio.datasets.dataset import Dataset
from tlstudio.datasets.looks.duplicates import duplicates_of, find_alike, leaks
from tlstudio.evaluation.report import Report
from tlstudio.reporting.content import ReportContent
from tlstudio.runs.run import Run
from tlstudio.wording import counted, percent

MOST_PAIRS: Final = 8
_MISSED: Final = 0.5


def measured(content: ReportContent) -> str:
    """What the promise stands on."""
    report = content.report
    wrong = len(report.photos) - report.right
    never = "that the model had never seen" if content.own_exam else f"in {report.root}"
    return f"Measured on {counted(len(report.photos), 'photo')} {never}: {report.right:,} right, {wrong:,} wrong."


def baseline(report: Report) -> str:
    """What it is to be compared with."""
    largest = max(report.per_class, key=lambda entry: entry.support).name
    return f"Always saying “{largest}” would be right for {percent(report.baseline, 1)} of these photos."


def terms(report: Report) -> list[tuple[str, str]]:
    """The figures in the field's own words."""
    low, high = report.interval
    found = [
        ("Accuracy", percent(report.accuracy, 1)),
        ("95 % interval (Wilson score)", f"{percent(low, 1)} to {percent(high, 1)}"),
        ("Accuracy of naming the largest class", percent(report.baseline, 1)),
        ("Balanced accuracy (mean recall)", percent(report.balanced_accuracy, 1)),
        ("Macro-F1", f"{report.macro_f1:.3f}"),
    ]
    if report.top_k > 1:
        found.append((f"Label among the best {report.top_k} (top-{report.top_k} accuracy)",
                      percent(report.top_k_accuracy, 1)))  # fmt: skip
    return [
        *found,
        ("Log loss", f"{report.loss:.3f}"),
        ("Expected calibration error, 15 bins", f"{report.ece:.3f}"),
    ]


def confused_pairs(report: Report) -> list[str]:
    """The most frequent mistakes: "4 roses taken for tulips", most frequent first."""
    cells = [
        (count, true, predicted)
        for true, row in enumerate(report.confusion)
        for predicted, count in enumerate(row)
        if count and true != predicted
    ]
    cells.sort(key=lambda cell: -cell[0])
    names = report.classes
    return [f"{count:,} × {names[true]} taken for {names[predicted]}" for count, true, predicted in cells[:MOST_PAIRS]]


def leaks_of(run: Run) -> str:
    """Whether the exam is untouched by what was learnt, as far as the files themselves tell."""
    dataset = Dataset(run.root, run.classes, run.samples)
    found = leaks(dataset, run.split, duplicates_of(dataset, find_alike(dataset)))
    if found:
        count = len({index for group in found for index in group.indices})
        return f"{counted(count, 'file')} with the same contents lie in different parts: the exam is easier than life."
    kept = " Near-copies were kept in one part." if run.split_config.keep_together else ""
    return f"No file of the exam has the same contents as one that was learnt from.{kept}"


def limits(content: ReportContent) -> Iterator[str]:
    """What the model can't do, and what the figures don't say."""
    run, report = content.run, content.report
    yield (
        f"It knows {counted(len(run.classes), 'class', 'classes')} and names one of them for every "
        "photo, also for photos that show none."
    )
    yield (
        "The figures hold for photos like those of the exam: of the same things, cameras, light and places. Judge it "
        "again before it is used on others."
    )
    low, high = report.interval
    yield (
        f"The interval from {percent(low, 1)} to {percent(high, 1)} is what chance leaves open among "
        f"{counted(len(report.photos), 'exam photo')}; it does not cover wrong labels or photos of another kind."
    )
    weak = [entry.name for entry in report.per_class if entry.support and entry.recall < _MISSED]
    if weak:
        yield f"It misses more than half of the photos of {', '.join(weak)}."
    yield f"Photos are brought to {run.spec.input_size} × {run.spec.input_size} pixels: smaller details are lost."


def calibration(content: ReportContent) -> str:
    """Whether the scores mean what they say."""
    report = content.report
    if report.uncalibrated is None:
        return (
            f"How sure and how right it is differ by {percent(report.ece, 1)} on average; the scores are those of the "
            "network itself."
        )
    return (
        f"How sure and how right it is differ by {percent(report.ece, 1)} on average, "
        f"{percent(report.uncalibrated.ece, 1)} before temperature scaling (temperature {report.temperature:.2f}, "
        "fitted on the validation photos)."
    )
