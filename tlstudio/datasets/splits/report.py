"""What came of sharing out: photos per class and part, and how many photos stay together."""

from collections.abc import Mapping
from dataclasses import dataclass

from tlstudio.datasets.dataset import Dataset, Part
from tlstudio.datasets.looks.duplicates import Duplicates, find_duplicates, together
from tlstudio.datasets.splits.grouping import group_photos
from tlstudio.datasets.splits.split import PARTS, Split, SplitConfig, counts


@dataclass(frozen=True, slots=True)
class SplitReport:
    """A split in numbers.

    Attributes:
        counts: Photos per class and part, in the order of the classes.
        alike: Photos that show the same as another one.
        grouped: Photos that share their subfolder, day or value of the column with another one.
        groups: How many groups these are.
        given: Photos whose folder says their part.
        columns: Columns of the table of labels by which photos can be grouped.
        locked: Whether photos stay in their parts because they were trained on there.
    """

    counts: Mapping[str, Mapping[Part, int]]
    alike: int = 0
    grouped: int = 0
    groups: int = 0
    given: int = 0
    columns: tuple[str, ...] = ()
    locked: bool = False

    @property
    def totals(self) -> dict[Part, int]:
        """Photos per part."""
        return {part: sum(counted[part] for counted in self.counts.values()) for part in PARTS}

    @property
    def reached(self) -> tuple[float, float, float]:
        """Shares of train, validation and test; all 0 where there are no photos."""
        totals = self.totals
        photos = max(sum(totals.values()), 1)
        return totals["train"] / photos, totals["validation"] / photos, totals["test"] / photos


def report_on(dataset: Dataset, split: Split, config: SplitConfig, duplicates: Duplicates | None = None) -> SplitReport:
    """The numbers of a split.

    Args:
        dataset: What was shared out.
        split: Which of its samples is in which part.
        config: How it was shared out.
        duplicates: What ``find_duplicates`` says of the data set, if that is known already.
    """
    known = find_duplicates(dataset) if duplicates is None else duplicates
    groups = group_photos(dataset, config.group_by, keep_together=False, column=config.group_column)
    shared = [len(group) for group in groups if len(group) > 1]
    return SplitReport(
        counts=counts(dataset, split),
        alike=sum(map(len, together(known))),
        grouped=sum(shared),
        groups=len(shared),
        given=sum(sample.path in dataset.given for sample in dataset.samples),
        columns=tuple(dataset.columns),
        locked=dataset.lock is not None,
    )
