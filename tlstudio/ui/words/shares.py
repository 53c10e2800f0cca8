"""Sentences on how the photos are shared out."""

from collections.abc import Sequence
from typing import Final

from tlstudio.datasets.dataset import Part
from tlstudio.datasets.splits.grouping import GroupBy
from tlstudio.datasets.splits.report import SplitReport
from tlstudio.datasets.splits.split import PARTS, Method, SplitConfig
from tlstudio.wording import counted, in_quotes

FEWEST_EXAM_PHOTOS: Final = 5
"""With fewer photos of a class in the exam, one photo changes its mark by more than 20 points."""

METHODS: Final[dict[Method, str]] = {
    "stratified": "Every class gets the same shares.",
    "plain": "A rare class may be left without exam photos.",
    "nested": "The exam is taken from what the check leaves over. Both are rounded up in each class.",
}
"""What each way to share out means."""

_NOTABLE: Final = 0.02
_NAMED: Final = 3
_PLACES: Final[dict[Part, str]] = {
    "train": "left to learn from",
    "validation": "left to check on while learning",
    "test": "in the final exam",
}
_SAME: Final[dict[GroupBy, str]] = {"folder": "subfolder", "day": "day"}


def hundredths(share: float) -> str:
    """A share in percent without the sign, as a person types it: "70", "7.5"."""
    return f"{100 * share:.1f}".removesuffix(".0")


def percents(shares: Sequence[float]) -> str:
    """Three shares: "70, 15 and 15 %"."""
    return "{}, {} and {} %".format(*map(hundredths, shares))


def warnings(report: SplitReport, config: SplitConfig) -> list[str]:
    """What a person has to know before training on these parts; the gravest first."""
    totals = report.totals
    if not sum(totals.values()):
        return []
    said = [f"No photo is {_PLACES[part]}." for part in PARTS[1:] if not totals[part]]
    if not totals["test"]:
        said[-1] += " Nobody will know how good it is."
    wanted = [part for part, share in zip(PARTS, config.shares, strict=True) if share and totals[part]]
    without = {part: _without(report, part) for part in reversed(wanted)}
    said += [f"No photo of {_named(names)} is {_PLACES[part]}." for part, names in without.items() if names]
    few = [name for name, parts in report.counts.items() if 0 < parts["test"] < FEWEST_EXAM_PHOTOS]
    if few:
        verb = "has" if len(few) == 1 else "have"
        said.append(f"{_named(few)} {verb} fewer than {FEWEST_EXAM_PHOTOS} exam photos: too few to tell.")
    return said


def _without(report: SplitReport, part: Part) -> list[str]:
    return [name for name, counted_by in report.counts.items() if any(counted_by.values()) and not counted_by[part]]


def _named(names: Sequence[str]) -> str:
    """The first names, and how many more there are."""
    quoted = [in_quotes(name) for name in names]
    if len(quoted) > _NAMED:
        quoted = [*quoted[: _NAMED - 1], f"{len(quoted) - _NAMED + 1:,} more classes"]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} and {quoted[-1]}"


def reached(report: SplitReport, config: SplitConfig) -> str:
    """What was asked and what came of it, where they differ by more than 2 points; else empty."""
    photos = sum(report.totals.values())
    if not photos:
        return ""
    off = max(abs(asked - got) for asked, got in zip(config.shares, report.reached, strict=True))
    if off <= _NOTABLE:
        return ""
    classes = sum(any(parts.values()) for parts in report.counts.values())
    groups = report.grouped or (config.keep_together and report.alike)
    rounded = not groups or off * photos < classes  # alone, each class misses a share by less than one photo
    reason = _reason(report, config, rounded=rounded)
    return f"You asked for {percents(config.shares)}. {reason} it {percents(report.reached)}."


def _reason(report: SplitReport, config: SplitConfig, *, rounded: bool) -> str:
    if report.locked:
        return "Photos that are locked in their parts make"
    if config.use_given and report.given:
        return "The folders of the split make"
    if config.method == "nested":
        return "Rounding up in each class makes"
    return "Small classes make" if rounded else "Photos that stay together make"


def alike(report: SplitReport) -> str:
    """How many photos keeping copies together concerns."""
    if not report.alike:
        return "No photo shows the same as another one."
    return f"{counted(report.alike, 'photo')} show the same as another one. Apart, they would make the exam too easy."


def grouped(report: SplitReport, config: SplitConfig) -> str:
    """How many photos keeping groups together concerns; empty where there is no such wish."""
    if config.group_by == "none":
        return ""
    same = _SAME.get(config.group_by, f"“{config.group_column}”")
    if config.group_by == "column" and config.group_column not in report.columns:
        return f"The labels have no column {same} now, so this keeps no photos together."
    if not report.groups:
        return f"No two photos have the same {same}, so this keeps no photos together."
    return f"{counted(report.grouped, 'photo')} are in {counted(report.groups, 'group')} of the same {same}."
