"""The wrong folder, or folders that are no classes."""

import os
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from itertools import islice
from pathlib import Path

from tlstudio.datasets.dataset import Dataset, Part
from tlstudio.datasets.doctor.label_sources import label_source
from tlstudio.datasets.doctor.names import canonical
from tlstudio.datasets.doctor.problem import Fix, Problem, read_instead
from tlstudio.datasets.doctor.wording import quoted
from tlstudio.datasets.formats import looks_like_image
from tlstudio.datasets.reading.nests import PartRule, beside_part, find_nest, part_of, parts_of
from tlstudio.datasets.reading.reading import FOLDER_LABELS, Reading
from tlstudio.datasets.reading.relabel import photos
from tlstudio.wording import counted

MOST_LOOSE = 0.1
"""Share of the photos that may lie beside the folders without being taken for what the folder is about."""

_NEIGHBOURS_LOOKED_AT = 50
_ENTRIES_LOOKED_AT = 50
_PART_WORDS: Mapping[Part, str] = {"train": "to learn from", "validation": "to check on", "test": "for the exam"}


def labelled_by_folder(dataset: Dataset) -> bool:
    """Whether the label of each photo is the folder at the top that it lies in."""
    return all(sample.path.startswith(f"{sample.class_name}/") for sample in dataset.samples)


def wrong_level(dataset: Dataset, reading: Reading) -> Problem | None:
    """The one problem of a folder whose classes lie elsewhere; no other matters as long as it is there."""
    if dataset.samples and (reading.labels != FOLDER_LABELS or not labelled_by_folder(dataset)):
        return None
    return (
        _one_too_high(dataset)
        or _shared_out_already(dataset, reading)
        or _mixed(dataset, reading)
        or _parts_without_classes(dataset, reading)
        or _one_class_only(dataset, reading)
        or _no_class_folders(dataset, reading)
    )


def split_honoured(dataset: Dataset, reading: Reading) -> Iterator[Problem]:
    """That the folders give the split: nothing is wrong."""
    counts = Counter(dataset.given[photo.path] for photo in photos(dataset) if photo.path in dataset.given)
    if not counts:
        return
    parts = [f"{counts[part]:,} {words}" for part, words in _PART_WORDS.items() if counts[part]]
    yield Problem(
        "split_honoured",
        f"The photos are shared out by folders already, and stay as they are: {', '.join(parts)}.",
        "What is for the exam is never learnt from.",
        "note",
        fix=Fix("Read these folders as classes", replace(reading, parts=False)),
    )


def classes_further_down(dataset: Dataset, reading: Reading) -> Iterator[Problem]:
    """Every folder at the top holds the same folders: those may be the classes."""
    if dataset.given or reading.labels != FOLDER_LABELS or reading.level > 1 or not labelled_by_folder(dataset):
        return
    below = _folders_below(dataset)
    if len(below) < 2 or not all(below.values()):
        return
    shared = set.intersection(*below.values())
    if len(shared) < 2 or 2 * len(shared) < len(set.union(*below.values())):
        return
    yield Problem(
        "classes_further_down",
        f"All {len(below)} folders hold the same folders: {quoted(sorted(shared))}.",
        f"{quoted(sorted(below))} are read as the classes. If the inner folders are the classes, read those.",
        "warning",
        fix=Fix("Read the inner folders as classes", replace(reading, level=2, merged={})),
    )


def _folders_below(dataset: Dataset) -> dict[str, set[str]]:
    """By folder at the top, names of the folders in it that hold photos."""
    below: dict[str, set[str]] = defaultdict(set)
    for sample in dataset.samples:
        below[sample.class_name].update(sample.path.split("/", 2)[1:-1])
    return below


def _one_too_high(dataset: Dataset) -> Problem | None:
    """All photos but a few loose ones lie under one folder, in two or more folders of it."""
    paths = [photo.path.split("/") for photo in photos(dataset)]
    most_loose, depth = MOST_LOOSE * len(paths), 0
    shared: tuple[str, ...] = ()
    while True:
        below = {parts[depth] for parts in paths if len(parts) > depth + 1}
        loose = len(paths) - sum(len(parts) > depth + 1 for parts in paths)
        if not below or loose > most_loose:
            return None
        if len(below) > 1:
            break
        shared, depth = (*shared, *below), depth + 1
    if depth == 0:
        return None
    folder = "/".join(shared)
    high, down = ("one folder", "one level") if depth == 1 else (f"{depth} folders", f"{depth} levels")
    absolute = str(dataset.absolute(folder))
    return Problem(
        "one_folder_too_high",
        f"This looks like {high} too high. The {len(below)} folders of photos are {down} further down, in “{folder}”.",
        f"Choose “{folder}” instead.",
        "blocking",
        absolute,
        read_instead(absolute),
    )


def _shared_out_already(dataset: Dataset, reading: Reading) -> Problem | None:
    """The folders at the top are called train, test and the like, hold the same class folders, and are not honoured."""
    counts = {name: count for name, count in dataset.counts().items() if count}
    if parts_of(counts) is None or find_nest(photo.path for photo in photos(dataset)) is None:
        return None
    largest = max(counts, key=lambda name: counts[name])
    return Problem(
        "shared_out_already",
        f"These photos are already shared out, into {quoted(list(counts))}. Their classes are one level further down.",
        f"Read them as they are shared out, or choose “{largest}” alone to have its photos shared out here.",
        "blocking",
        str(dataset.absolute(largest)),
        Fix("Read them as shared out", replace(reading, parts=True, level=1, merged={})),
    )


def _mixed(dataset: Dataset, reading: Reading) -> Problem | None:
    """Folders of a split beside class folders."""
    below = _folders_below(dataset)
    parts = {name for name in below if part_of(name) is not None}
    classes = set(below) - parts
    if not parts or not classes:
        return None
    keys = {canonical(name) for name in classes}
    structured = {name for name in parts if len(below[name]) > 1 or keys & {canonical(one) for one in below[name]}}
    if structured:
        nest = find_nest(sample.path for sample in dataset.samples if sample.class_name in structured)
        return _mixed_problem(reading, structured, classes, nest)
    flat = {name for name in parts if part_of(name) != "train" and not beside_part(name) and not below[name]}
    if flat and len(classes) > 1:
        return replace(_mixed_problem(reading, flat, classes, None), severity="warning")
    return None


def _mixed_problem(
    reading: Reading, parts: Collection[str], classes: Collection[str], nest: PartRule | None
) -> Problem:
    left_out = classes if nest is not None else parts
    named = quoted(sorted(left_out))
    taken = "is taken for a class" if len(parts) == 1 else "are taken for classes"
    kept = "the photos that are shared out" if nest is not None else quoted(sorted(classes))
    return Problem(
        "mixed_split_and_classes",
        f"Folders of a split ({quoted(sorted(parts))}) lie beside class folders ({quoted(sorted(classes))}).",
        f"Read only {kept}. Otherwise {quoted(sorted(parts))} {taken}.",
        "blocking",
        fix=Fix(
            f"Leave {named} out" if len(left_out) < 3 else f"Leave {len(left_out)} folders out",
            replace(reading, left_out=reading.left_out.union(left_out)),
        ),
    )


def _parts_without_classes(dataset: Dataset, reading: Reading) -> Problem | None:
    """Folders called train, test and the like with nothing but photos in them."""
    below = _folders_below(dataset)
    if parts_of(below) is None or any(below.values()) or len(set(map(beside_part, below))) > 1:
        return None
    return label_source(dataset, reading) or Problem(
        "parts_without_classes",
        f"The photos are shared out into {quoted(sorted(below))}, but no folders in these say what is on them.",
        "Put the photos of each class into a folder of its own, or take the labels from a table.",
        "blocking",
    )


def _one_class_only(dataset: Dataset, reading: Reading) -> Problem | None:
    """All photos lie in one folder: its names may tell more, or the folder above."""
    if not dataset.samples or sum(count > 0 for count in dataset.counts().values()) > 1:
        return None
    return label_source(dataset, reading) or _one_too_low(dataset)


def _no_class_folders(dataset: Dataset, reading: Reading) -> Problem | None:
    """Photos lie in the folder itself and none has a label."""
    if dataset.samples or not dataset.unlabelled:
        return None
    root = Path(dataset.root)
    return (
        label_source(dataset, reading)
        or _one_too_low(dataset)
        or Problem(
            "no_class_folders",
            f"“{root.name or root}” holds {counted(len(dataset.unlabelled), 'photo')}, "
            "but no folders of photos that could be classes.",
            "Put the photos of each class into a folder of its own, or take the labels from the file names.",
            "blocking",
        )
    )


def _one_too_low(dataset: Dataset) -> Problem | None:
    root = Path(dataset.root)
    if not _has_neighbours_with_photos(root):
        return None
    count = counted(len(dataset.unlabelled) + len(dataset.samples), "photo")
    return Problem(
        "one_folder_too_low",
        f"This looks like one folder too low. “{root.name}” holds {count}, and folders beside it hold photos too.",
        f"Choose “{root.parent.name or root.parent}” instead, so that each folder in it is a class, "
        "or take the labels from the file names.",
        "blocking",
        str(root.parent),
        read_instead(str(root.parent)),
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
