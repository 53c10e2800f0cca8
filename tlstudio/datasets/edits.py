"""What a person changed about a data set, without touching a file: classes, labels, photos left out."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from tlstudio.datasets.dataset import Dataset, Sample
from tlstudio.datasets.size_rule import SizeRule


@dataclass(frozen=True, slots=True)
class Edits:
    """Changes on top of what was found in the files.

    Classes are known by the name they were found under (or were first given); ``renamed`` says what they are called
    now. Two of them with one name are one class: that is how classes are merged.

    Attributes:
        labels: Class that a photo was moved to, by path.
        left_out: Paths of photos that are not used.
        renamed: Name of a class now, by the name that it was found under.
        switched_off: Classes that are not used, by their names now.
        order: Names of classes in the order wished; the others follow in their own.
        size_rule: Photos whose size it doesn't allow are not used, also those that come later; None for no rule.
    """

    labels: Mapping[str, str] = field(default_factory=dict)
    left_out: frozenset[str] = frozenset()
    renamed: Mapping[str, str] = field(default_factory=dict)
    switched_off: frozenset[str] = frozenset()
    order: tuple[str, ...] = ()
    size_rule: SizeRule | None = None

    def name_of(self, found: str) -> str:
        """What a class is called now, by the name that it was found under."""
        return self.renamed.get(found, found)

    def found_as(self, name: str, classes: Iterable[str]) -> tuple[str, ...]:
        """Which of some classes, by the names they were found under, are called ``name`` now."""
        return tuple(found for found in classes if self.name_of(found) == name)


def edited(dataset: Dataset, edits: Edits) -> Dataset:
    """The data set as the person wants it; photos and classes that are left out are accounted for in ``left_out``."""
    samples, unlabelled, left_out = [], [], []
    for sample in (*dataset.samples, *dataset.unlabelled):
        named = _named(sample, edits)
        if not named.class_name:
            unlabelled.append(named)
        elif _unwanted(named, edits):
            left_out.append(named)
        else:
            samples.append(named)
    return replace(
        dataset,
        classes=_classes(dataset, edits),
        samples=_by_path(samples),
        unlabelled=_by_path(unlabelled),
        left_out=_by_path(left_out),
    )


def all_classes(dataset: Dataset, edits: Edits) -> tuple[str, ...]:
    """Names of all classes now, in their order, those that are switched off included."""
    found = (*dataset.classes, *edits.labels.values())
    names = dict.fromkeys(sorted({edits.name_of(name) for name in found if name}))
    return (*(name for name in edits.order if name in names), *(name for name in names if name not in edits.order))


def class_counts(found: Dataset, dataset: Dataset, edits: Edits) -> dict[str, int]:
    """Photos of every class in their order; a class that is switched off has as many as it would bring back.

    Args:
        found: What was found.
        dataset: The same with the changes.
        edits: The changes.
    """
    kept = replace(edits, switched_off=frozenset())
    waiting = Counter(photo.class_name for photo in dataset.left_out if not _unwanted(photo, kept))
    in_use = dataset.counts()
    return {name: in_use.get(name, waiting[name]) for name in all_classes(found, edits)}


def _classes(dataset: Dataset, edits: Edits) -> tuple[str, ...]:
    return tuple(name for name in all_classes(dataset, edits) if name not in edits.switched_off)


def _named(sample: Sample, edits: Edits) -> Sample:
    name = edits.name_of(edits.labels.get(sample.path, sample.class_name))
    return sample if name == sample.class_name else replace(sample, class_name=name)


def _unwanted(sample: Sample, edits: Edits) -> bool:
    rule = edits.size_rule
    return (
        sample.path in edits.left_out
        or sample.class_name in edits.switched_off
        or (rule is not None and not rule.allows(sample.width, sample.height))
    )


def _by_path(samples: list[Sample]) -> tuple[Sample, ...]:
    return tuple(sorted(samples, key=lambda sample: sample.path))
