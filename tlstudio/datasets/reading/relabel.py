"""The photos of a data set under other labels, without a look at the files."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import chain
from operator import attrgetter

from tlstudio.datasets.dataset import Dataset, Part, Rejected, Sample
from tlstudio.datasets.reading.labels import LabelRule, columns_of

_MISSING = "Listed among the labels, but not there."


def photos(dataset: Dataset) -> Iterator[Sample]:
    """All readable photos, with a label or without."""
    return chain(dataset.samples, dataset.unlabelled)


def relabelled(
    dataset: Dataset,
    rule: LabelRule,
    folders: Iterable[str],
    *,
    part: Callable[[str], Part | None] | None = None,
    merged: Mapping[str, str] | None = None,
) -> Dataset:
    """The same data set with the labels that another rule gives.

    Args:
        dataset: Where the photos are.
        rule: Asked for every photo.
        folders: Names of the folders at the top, those without photos too.
        part: Part of the split that a photo belongs to by where it lies; nothing is given if None.
        merged: Classes that go by another name, or into another class: the new name by the old one.

    Returns:
        Photos that have no label any more are among the unlabelled ones. What the rule names and isn't there is
        among the rejected ones.
    """
    names = dict(merged or {})

    def named(sample: Sample) -> Sample:
        label = rule.label(sample.path) or ""
        name = names.get(label, label)
        return sample if name == sample.class_name else replace(sample, class_name=name)

    every = sorted(map(named, photos(dataset)), key=attrgetter("path"))
    samples = tuple(sample for sample in every if sample.class_name)
    standing = {names.get(name, name) for name in rule.classes(tuple(sorted(folders)))}
    lost = tuple(Rejected(path, _MISSING) for path in rule.missing(_paths(dataset)))
    parts = {sample.path: part(sample.path) for sample in every} if part is not None else {}
    return replace(
        dataset,
        classes=tuple(sorted(standing.union(sample.class_name for sample in samples))),
        samples=samples,
        unlabelled=tuple(sample for sample in every if not sample.class_name),
        rejected=tuple(sorted((*dataset.rejected, *lost), key=lambda file: file.path)),
        given={path: given for path, given in parts.items() if given is not None},
        columns=columns_of(rule, [sample.path for sample in every]),
    )


def _paths(dataset: Dataset) -> list[str]:
    groups = (dataset.samples, dataset.unlabelled, dataset.rejected, dataset.ignored)
    return [file.path for group in groups for file in group]
