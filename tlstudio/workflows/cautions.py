"""Use case: what a judgement should be taken with, so that nobody trusts a figure more than it deserves."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from tlstudio.datasets.dataset import Dataset
from tlstudio.datasets.looks.duplicates import find_duplicates, leaks
from tlstudio.datasets.problems import GREATEST_IMBALANCE
from tlstudio.evaluation.report import Report
from tlstudio.runs.run import Run
from tlstudio.runs.store import StoredRun

FEW_OF_A_CLASS = 5
"""With fewer exam photos than this, how well a class is recognised can't be told."""

OFTEN_SEEN = 2
"""From so many other runs on, the choice among them has used the exam photos."""

_NAMED = 3

Code = Literal["unbalanced", "leaks", "seen", "few"]


@dataclass(frozen=True, slots=True)
class Caution:
    """One reason to trust a judgement less.

    Attributes:
        code: Its kind.
        sentence: What is the matter.
        advice: What follows from it.
    """

    code: Code
    sentence: str
    advice: str


def cautions(
    stored: StoredRun, report: Report, others: Sequence[StoredRun] = (), dataset: Dataset | None = None
) -> tuple[Caution, ...]:
    """What is to be said beside the judgement of a run on its test part.

    Args:
        stored: The run.
        report: Its judgement.
        others: Runs that may have been judged on the same photos; the run itself among them is of no account.
        dataset: The photos with what is known of how they look; identical files alone are found if None.
    """
    found = (
        _leaks(stored.run, dataset),
        _seen(stored, others),
        _unbalanced(report),
        _few(report),
    )
    return tuple(caution for caution in found if caution is not None)


def _leaks(run: Run, dataset: Dataset | None) -> Caution | None:
    known = replace(Dataset(run.root, run.classes, run.samples), facts=dataset.facts if dataset else {})
    exam = set(run.split.test)
    crossing = leaks(known, run.split, find_duplicates(known))
    count = len({index for group in crossing if not exam.issuperset(group.indices) for index in group.indices} & exam)
    if not count:
        return None
    photos = "1 exam photo shows" if count == 1 else f"{count:,} exam photos show"
    return Caution(
        "leaks",
        f"{photos} the same as photos it learnt from or was checked on.",
        "It will be less good on new photos. Share the photos out with look-alikes kept together, and train again.",
    )


def _seen(stored: StoredRun, others: Sequence[StoredRun]) -> Caution | None:
    exam = _exam(stored.run)
    count = sum(other.folder != stored.folder and _exam(other.run) == exam for other in others)
    if not exam or count < OFTEN_SEEN:
        return None
    return Caution(
        "seen",
        f"{count} other runs were judged on the same exam photos.",
        "If you pick the best of them by this figure, part of it is luck: expect a little less of new photos.",
    )


def _exam(run: Run) -> frozenset[str]:
    return frozenset(run.samples[index].digest for index in run.split.test)


def _unbalanced(report: Report) -> Caution | None:
    counted = [entry for entry in report.per_class if entry.support]
    most, fewest = (pick(counted, key=lambda entry: entry.support) for pick in (max, min))
    ratio = most.support / fewest.support
    if ratio < GREATEST_IMBALANCE:
        return None
    return Caution(
        "unbalanced",
        f"“{most.name}” has {ratio:.1f} times as many exam photos as “{fewest.name}”, so it counts most.",
        f"With every class counting the same, {100 * report.balanced_accuracy:.0f} of 100 are right "
        "(balanced accuracy).",
    )


def _few(report: Report) -> Caution | None:
    names = [f"“{entry.name}”" for entry in report.per_class if 0 < entry.support < FEW_OF_A_CLASS]
    if not names:
        return None
    more = f" and {len(names) - _NAMED:,} more" if len(names) > _NAMED else ""
    have = "has" if len(names) == 1 else "have"
    return Caution(
        "few",
        f"{', '.join(names[:_NAMED])}{more} {have} fewer than {FEW_OF_A_CLASS} exam photos.",
        "How well these classes are recognised can't be told from so few.",
    )
