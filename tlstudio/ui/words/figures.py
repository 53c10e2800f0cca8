"""The figures of a judgement, each with the field's own word for it. Knows no Qt."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from tlstudio.evaluation.curves import AtThreshold
from tlstudio.evaluation.report import Report
from tlstudio.runs.run import PhaseEnd
from tlstudio.wording import percent

_PHASES = {"head": "Last layers alone", "fine_tune": "After refining", "scratch": "The whole network"}


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the figures.

    Attributes:
        words: What it says.
        term: The field's own word.
        value: The figure.
        tip: What it means.
    """

    words: str
    term: str
    value: str
    tip: str


def figures(report: Report) -> tuple[Figure, ...]:
    """All figures of a report beyond the verdict."""
    low, high = report.interval
    k, before = report.top_k, report.uncalibrated
    return (
        Figure(
            "Photos right", "accuracy", f"{percent(report.accuracy, 1)}, {percent(low, 1)} to {percent(high, 1)}",
            "The share of the exam photos that are right, and where it would lie for many more photos like these, 95 "
            "times of 100 (Wilson score interval)",
        ),
        Figure(
            "Always the largest class", "baseline", percent(report.baseline, 1),
            "What is right without having learnt anything, by always naming the largest class",
        ),
        Figure(
            "Each class counting the same", "balanced accuracy", percent(report.balanced_accuracy, 1),
            "The mean over the classes of the share found; large classes count no more than small ones",
        ),
        Figure(
            "Found and right, each class alike", "macro-F1", f"{report.macro_f1:.3f}",
            "The mean over the classes of the harmonic mean of precision and recall; 1 at best",
        ),
        *(
            [
                Figure(
                    f"Label among the best {k}", f"top-{k} accuracy", percent(report.top_k_accuracy, 1),
                    f"The share of the photos whose label is among the {k} classes that it is surest of",
                )
            ]
            if k > 1
            else []
        ),
        Figure(
            "Error", "log loss", _before_after(before.loss if before else None, report.loss),
            "What training lowers: the mean negative logarithm of the score that the label was given; 0 at best",
        ),
        Figure(
            "How far off “how sure” is", "ECE",
            _before_after(before.ece if before else None, report.ece),
            "How far apart how sure and how right it is are on average; 0 at best",
        ),
    )  # fmt: skip


def _before_after(before: float | None, after: float) -> str:
    return f"{after:.3f}" if before is None else f"{after:.3f}, before adjusting {before:.3f}"


def phase_lines(ends: Sequence[PhaseEnd]) -> tuple[Figure, ...]:
    """What each phase reached, side by side; empty where there was only one."""
    if len(ends) < 2:
        return ()
    tip = "What the network got right with the weights that this phase ended on, before anything was adjusted"
    return tuple(Figure(_PHASES.get(end.phase, end.phase), "", _reached(end), tip) for end in ends)


def _reached(end: PhaseEnd) -> str:
    parts = (("exam", end.test), ("check", end.validation))
    return ", ".join(f"{name} {percent(scores.accuracy, 1)}" for name, scores in parts if scores) or "not measured"


def gain_sentence(ends: Sequence[PhaseEnd]) -> str:
    """Whether refining brought anything, on the exam; empty where that was not measured."""
    if len(ends) < 2 or (first := ends[0].test) is None or (last := ends[-1].test) is None:
        return ""
    points = round(100 * (last.accuracy - first.accuracy), 1)
    if points > 0:
        return f"Refining brought {points:g} more of 100."
    return "Refining brought nothing here." if not points else f"Refining cost {-points:g} of 100."


def class_sentence(report: Report, index: int) -> str:
    """How well a class is recognised, with the uncertainty of both shares."""
    entry = report.per_class[index]
    called = sum(row[index] for row in report.confusion)
    if not entry.support:
        return f"No exam photo is of {entry.name}."
    found = f"Of 100 photos of {entry.name}, about {_bounds(report.recall_interval(index))} are found"
    said = (
        f"of 100 called so, about {_bounds(report.precision_interval(index))} are right"
        if called
        else "none is called so"
    )
    return f"{found}; {said} (95 % Wilson intervals, {entry.support:,} and {called:,} photos)."


def _bounds(interval: tuple[float, float]) -> str:
    low, high = interval
    return f"{math.floor(round(100 * low, 6))} to {math.ceil(round(100 * high, 6))}"


def threshold_sentence(name: str, threshold: float, found: AtThreshold) -> str:
    """What a threshold of a class comes to on the exam photos."""
    if found.precision is None:
        return f"No exam photo is called {name} with {percent(threshold)} or more."
    of_called = f"Of 100 photos called {name}, {100 * found.precision:.0f} are"
    if found.recall is None:
        return f"{of_called}."
    return f"{of_called}; of 100 photos of {name}, {100 * found.recall:.0f} are found."


def calibration_sentence(report: Report) -> str:
    """Whether scores mean what they say."""
    meant = f"How sure it says it is and how right it is lie {100 * report.ece:.1f} points of 100 apart."
    before = report.uncalibrated
    if before is None:
        return f"{meant} Nothing was adjusted (temperature 1)."
    leaning = "surer" if report.temperature > 1 else "less sure"
    return (
        f"{meant} By itself the network is {leaning} than it is right; that was adjusted on the photos to check while "
        f"learning (temperature {report.temperature:.2f}). Before, it was {100 * before.ece:.1f} points."
    )
