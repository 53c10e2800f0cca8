"""What a folder of photos holds, as plain data."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from operator import attrgetter
from pathlib import Path
from typing import Literal

from tlstudio.datasets.facts import PhotoFacts


@dataclass(frozen=True, slots=True)
class Sample:
    """One readable photo with its label.

    Attributes:
        path: Relative to the root of the data set, with forward slashes; absolute for a photo that a person added from
            elsewhere.
        class_name: Its label; empty where the photo has none.
        width: In pixels, after the EXIF orientation is applied.
        height: In pixels, after the EXIF orientation is applied.
        digest: SHA-256 of the file's bytes, in hex.
    """

    path: str
    class_name: str
    width: int
    height: int
    digest: str


@dataclass(frozen=True, slots=True)
class Rejected:
    """A file that should be a photo and can't be read.

    Attributes:
        path: Relative to the root of the data set, with forward slashes.
        reason: A sentence that a person understands.
    """

    path: str
    reason: str


Part = Literal["train", "validation", "test"]
IgnoredKind = Literal["hidden", "system", "other"]


@dataclass(frozen=True, slots=True)
class Ignored:
    """A file that is no photo and isn't meant to be one.

    Attributes:
        path: Relative to the root of the data set, with forward slashes.
        kind: "hidden" (in or named as a hidden file or folder), "system" (Thumbs.db and the like) or "other".
    """

    path: str
    kind: IgnoredKind


@dataclass(frozen=True, slots=True)
class SplitLock:
    """Parts that photos stay in because they were trained on there, whatever becomes of their labels and names.

    Attributes:
        parts: By digest.
        apart: By digest, then by path, for copies of one photo that lie in different parts.
    """

    parts: Mapping[str, Part]
    apart: Mapping[str, Mapping[str, Part]] = field(default_factory=dict)

    def part_of(self, sample: Sample) -> Part | None:
        """The part that a photo stays in; None for one that is new."""
        part = self.parts.get(sample.digest)
        return self.apart[sample.digest].get(sample.path, part) if sample.digest in self.apart else part


class _Counted:
    """A place for what is counted once: the fields of a data set never change."""

    __slots__ = ("_counts",)
    _counts: dict[str, int]


@dataclass(frozen=True, slots=True)
class Dataset(_Counted):
    """Everything found under one folder, and what was added to it. Every file is in exactly one of the five tuples.

    Attributes:
        root: Absolute path of the folder.
        classes: Class names in the order of their indices.
        samples: Readable photos with a label, sorted by path.
        unlabelled: Readable photos without a label, sorted by path.
        rejected: Files that should be photos and can't be read, sorted by path.
        ignored: Files that are no photos, sorted by path.
        left_out: Readable photos with a label that a person doesn't want used, sorted by path.
        given: Part of the split that photos belong to by where they lie, by path; empty where nothing says so.
        facts: What photos look like, by digest; photos that were not looked at again (those of a run) have none.
        columns: What the further columns of a table of labels say of photos, by the column's name and by path; photos
            with an empty field are absent.
        lock: Keeps photos in their parts of the split; None where nothing does.
    """

    root: str
    classes: tuple[str, ...]
    samples: tuple[Sample, ...]
    unlabelled: tuple[Sample, ...] = ()
    rejected: tuple[Rejected, ...] = ()
    ignored: tuple[Ignored, ...] = ()
    left_out: tuple[Sample, ...] = ()
    given: Mapping[str, Part] = field(default_factory=dict)
    facts: Mapping[str, PhotoFacts] = field(default_factory=dict)
    columns: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    lock: SplitLock | None = None

    @property
    def found(self) -> int:
        """Number of files found: the sum of all five parts."""
        parts = (self.samples, self.unlabelled, self.rejected, self.ignored, self.left_out)
        return sum(map(len, parts))

    def absolute(self, path: str) -> Path:
        """Where a file of this data set lies on disk."""
        return Path(self.root) / path

    def counts(self) -> dict[str, int]:
        """Photos per class, in the order of ``classes``; 0 for a class without any."""
        try:
            counts = self._counts
        except AttributeError:
            counted = Counter(map(attrgetter("class_name"), self.samples))
            counts = {name: counted[name] for name in self.classes}
            object.__setattr__(self, "_counts", counts)
        return dict(counts)
