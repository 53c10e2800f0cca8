"""Keeping photos in the parts of the split that they were trained on in, so that results stay comparable."""

from collections import defaultdict

from tlstudio.datasets.dataset import Dataset, Part, SplitLock
from tlstudio.datasets.splits.split import PARTS, Split

# A further copy of a photo whose copies were let part goes where it does the least harm to the exam.
_STRICTEST: tuple[Part, ...] = ("test", "validation", "train")


def locked(dataset: Dataset, split: Split) -> SplitLock:
    """The lock that keeps every photo of a split where it is, besides those that the data set's own lock knows.

    Photos are known by their contents. Only copies of one photo that lie in different parts are known by their paths,
    too; renamed, such a copy goes to the exam if one of them is there.
    """
    held: dict[str, dict[str, Part]] = defaultdict(dict)
    for part, members in zip(PARTS, (split.train, split.validation, split.test), strict=True):
        for index in members:
            sample = dataset.samples[index]
            held[sample.digest][sample.path] = part
    before = dataset.lock or SplitLock({})
    apart = {digest: parts for digest, parts in held.items() if len(set(parts.values())) > 1}
    parts = {digest: min(parts.values(), key=_STRICTEST.index) for digest, parts in held.items()}
    return SplitLock({**parts, **before.parts}, {**apart, **before.apart})
