"""What stands between a folder and a good classifier, each with a way out."""

import os
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, takewhile
from pathlib import Path, PurePosixPath
from typing import Literal

from tlstudio.datasets.dataset import Dataset
from tlstudio.datasets.formats import looks_like_image
from tlstudio.errors import TLStudioError

FEWEST_PHOTOS = 3
"""One to learn from, one to check on, one for the exam."""

GREATEST_IMBALANCE = 3.0

Severity = Literal["blocking", "warning"]

_SPLIT_NAMES = frozenset(("train", "training", "val", "valid", "validation", "test", "testing"))
_NAMES_SHOWN = 5
_NEIGHBOURS_LOOKED_AT = 50
_ENTRIES_LOOKED_AT = 50


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to know before training.

    Attributes:
        code: Stable key.
        message: What is the matter.
        hint: What to do about it.
        severity: "blocking" (training makes no sense) or "warning".
        folder: Absolute path of a folder to read instead, if there is one.
    """

    code: str
    message: str
    hint: str
    severity: Severity
    folder: str | None = None


def find_problems(dataset: Dataset) -> tuple[Problem, ...]:
    """All problems of a data set, the blocking ones first, the most telling one at the top."""
    wrong_level = _nothing_there(dataset) or _one_too_high(dataset) or _shared_out_already(dataset) or _too_low(dataset)
    if wrong_level is not None:
        return (wrong_level,)
    problems = (
        *_too_few_classes(dataset),
        *_small_classes(dataset),
        *_same_photo_in_two_classes(dataset),
        *_empty_classes(dataset),
        *_unlabelled(dataset),
        *_imbalance(dataset),
    )
    return tuple(sorted(problems, key=lambda problem: problem.severity))  # stable, and "blocking" < "warning"


def require_trainable(dataset: Dataset) -> None:
    """Raise if training makes no sense.

    Raises:
        TLStudioError: With the words of the first blocking problem.
    """
    for problem in find_problems(dataset):
        if problem.severity == "blocking":
            raise TLStudioError(problem.message, problem.hint)


def _nothing_there(dataset: Dataset) -> Problem | None:
    if dataset.samples or dataset.unlabelled:
        return None
    name = Path(dataset.root).name or dataset.root
    if not dataset.rejected:
        return Problem(
            "no_photos",
            f"There are no photos in “{name}”.",
            "Choose a folder that holds one folder of photos for each class.",
            "blocking",
        )
    return Problem(
        "nothing_readable",
        f"None of the {_counted(len(dataset.rejected), 'photo')} in “{name}” can be read.",
        f"The first one: {dataset.rejected[0].path}. {dataset.rejected[0].reason}",
        "blocking",
    )


def _labelled_by_folder(dataset: Dataset) -> bool:
    return all(sample.path.startswith(f"{sample.class_name}/") for sample in dataset.samples)


def _one_too_high(dataset: Dataset) -> Problem | None:
    """All photos lie under one folder, in two or more folders of it."""
    if not dataset.samples or dataset.unlabelled or not _labelled_by_folder(dataset):
        return None
    folders = [PurePosixPath(sample.path).parent.parts for sample in dataset.samples]
    shared = PurePosixPath(*(names[0] for names in takewhile(_all_same, zip(*folders, strict=False))))
    depth = len(shared.parts)
    below = {parts[depth] for parts in folders if len(parts) > depth}
    if depth == 0 or len(below) < 2 or any(len(parts) == depth for parts in folders):
        return None
    high, down = ("one folder", "one level") if depth == 1 else (f"{depth} folders", f"{depth} levels")
    return Problem(
        "one_folder_too_high",
        f"This looks like {high} too high. The {len(below)} folders of photos are {down} further down, in “{shared}”.",
        f"Choose “{shared}” instead.",
        "blocking",
        str(dataset.absolute(str(shared))),
    )


def _all_same(names: Sequence[str]) -> bool:
    return len(set(names)) == 1


def _shared_out_already(dataset: Dataset) -> Problem | None:
    """The folders at the top are called train, test and the like, and hold the same class folders."""
    counts = {name: count for name, count in dataset.counts().items() if count}
    if len(counts) < 2 or not _labelled_by_folder(dataset) or any(name.lower() not in _SPLIT_NAMES for name in counts):
        return None
    below: dict[str, set[str]] = defaultdict(set)
    for sample in dataset.samples:
        below[sample.class_name].update(sample.path.split("/")[1:-1][:1])
    if len(set.intersection(*below.values())) < 2:
        return None
    largest = max(counts, key=lambda name: counts[name])
    return Problem(
        "shared_out_already",
        f"These photos are already shared out, into {_quoted(list(counts))}. Their classes are one level further down.",
        f"Choose “{largest}” instead. Its photos are shared out here, with an exam part that is never learnt from.",
        "blocking",
        str(dataset.absolute(largest)),
    )


def _too_low(dataset: Dataset) -> Problem | None:
    """Photos lie in the folder itself and none has a label."""
    if dataset.samples or not dataset.unlabelled:
        return None
    root = Path(dataset.root)
    count = _counted(len(dataset.unlabelled), "photo")
    if _has_neighbours_with_photos(root):
        return Problem(
            "one_folder_too_low",
            f"This looks like one folder too low. “{root.name}” holds {count}, and folders beside it hold photos too.",
            f"Choose “{root.parent.name or root.parent}” instead, so that each folder in it is a class, "
            "or take the labels from the file names.",
            "blocking",
            str(root.parent),
        )
    return Problem(
        "no_class_folders",
        f"“{root.name or root}” holds {count}, but no folders of photos that could be classes.",
        "Put the photos of each class into a folder of its own, or take the labels from the file names.",
        "blocking",
    )


def _has_neighbours_with_photos(folder: Path) -> bool:
    """Whether a folder beside this one holds photos, as far as a quick look at names tells."""
    neighbours = (path for path in _some_of(folder.parent, _NEIGHBOURS_LOOKED_AT) if not path.name.startswith("."))
    return any(
        looks_like_image(entry)
        for neighbour in neighbours
        if neighbour != folder
        for entry in _some_of(neighbour, _ENTRIES_LOOKED_AT)
    )


def _some_of(folder: Path, most: int) -> list[Path]:
    try:
        with os.scandir(folder) as entries:
            return [Path(entry.path) for entry in islice(entries, most)]
    except OSError:
        return []


def _too_few_classes(dataset: Dataset) -> Iterator[Problem]:
    count = sum(photos > 0 for photos in dataset.counts().values())
    if count < 2:
        yield Problem(
            "too_few_classes",
            f"At least 2 classes are needed. There {'is 1' if count == 1 else 'are none'}.",
            "Add a folder of photos of something else, or choose another folder.",
            "blocking",
        )


def _small_classes(dataset: Dataset) -> Iterator[Problem]:
    different: dict[str, set[str]] = defaultdict(set)
    for sample in dataset.samples:
        different[sample.class_name].add(sample.digest)
    small = [
        f"“{name}” ({len(different[name])})" for name in dataset.classes if 0 < len(different[name]) < FEWEST_PHOTOS
    ]
    if small:
        subject = "This class has" if len(small) == 1 else "These classes have"
        yield Problem(
            "too_few_photos",
            f"{subject} fewer than {FEWEST_PHOTOS} photos: {_listed(small)}.",
            "Add photos, or move the folder elsewhere. Copies of one photo count once.",
            "blocking",
        )


def _empty_classes(dataset: Dataset) -> Iterator[Problem]:
    empty = [name for name, count in dataset.counts().items() if count == 0]
    if empty:
        yield Problem(
            "empty_class",
            f"No photo that can be read: {_quoted(empty)}.",
            "Training goes on without " + ("this class." if len(empty) == 1 else "these classes."),
            "warning",
        )


def _unlabelled(dataset: Dataset) -> Iterator[Problem]:
    if dataset.samples and dataset.unlabelled:
        paths = [photo.path for photo in dataset.unlabelled]
        yield Problem(
            "unlabelled_photos",
            f"{_counted(len(paths), 'photo')} without a label: {_quoted(paths)}.",
            "Training goes on without them. Move them into the folder of their class to use them.",
            "warning",
        )


def _imbalance(dataset: Dataset) -> Iterator[Problem]:
    counts = {name: count for name, count in dataset.counts().items() if count}
    if len(counts) < 2:
        return
    fewest, most = min(counts, key=lambda name: counts[name]), max(counts, key=lambda name: counts[name])
    ratio = counts[most] / counts[fewest]
    if ratio >= GREATEST_IMBALANCE:
        yield Problem(
            "imbalance",
            f"“{fewest}” has the fewest photos: “{most}” has {ratio:.1f} times as many.",
            f"Answers will lean towards “{most}”. More photos of “{fewest}” help most.",
            "warning",
        )


def _same_photo_in_two_classes(dataset: Dataset) -> Iterator[Problem]:
    paths: dict[str, list[str]] = defaultdict(list)
    classes: dict[str, set[str]] = defaultdict(set)
    for sample in dataset.samples:
        paths[sample.digest].append(sample.path)
        classes[sample.digest].add(sample.class_name)
    clashes = [" = ".join(paths[digest]) for digest, names in classes.items() if len(names) > 1]
    if clashes:
        yield Problem(
            "same_photo_in_two_classes",
            f"The same photo lies in more than one class, {_counted(len(clashes), 'time')}: {_listed(clashes)}.",
            "Delete it where it doesn't belong. Until then the model learns two answers for it.",
            "warning",
        )


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def _quoted(names: Sequence[str]) -> str:
    return _listed([f"“{name}”" for name in names])


def _listed(parts: Sequence[str]) -> str:
    """At most five parts and how many more there are."""
    more = len(parts) - _NAMES_SHOWN
    return ", ".join(parts[:_NAMES_SHOWN]) + (f" and {more:,} more" if more > 0 else "")
