"""Classes that are too few, too small, empty or unlike, and photos that belong to none or to two."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import replace

from tlstudio.datasets.dataset import Dataset
from tlstudio.datasets.doctor.levels import labelled_by_folder
from tlstudio.datasets.doctor.problem import Fix, Problem
from tlstudio.datasets.doctor.wording import listed, quoted
from tlstudio.datasets.reading.reading import FOLDER_LABELS, Reading
from tlstudio.wording import counted, in_quotes

FEWEST_PHOTOS = 3
"""One to learn from, one to check on, one for the exam."""

GREATEST_IMBALANCE = 3.0


def too_few_classes(dataset: Dataset) -> Iterator[Problem]:
    """Fewer than two classes with photos."""
    count = sum(photos > 0 for photos in dataset.counts().values())
    if count < 2:
        yield Problem(
            "too_few_classes",
            f"At least 2 classes are needed. There {'is 1' if count == 1 else 'are none'}.",
            "Add a folder of photos of something else, or choose another folder.",
            "blocking",
        )


def small_classes(dataset: Dataset, reading: Reading) -> Iterator[Problem]:
    """Classes without a photo for each part of the split."""
    different: dict[str, set[str]] = defaultdict(set)
    for sample in dataset.samples:
        different[sample.class_name].add(sample.digest)
    small = [name for name in dataset.classes if 0 < len(different[name]) < FEWEST_PHOTOS]
    if small:
        subject = "This class has" if len(small) == 1 else "These classes have"
        shown = [f"{in_quotes(name)} ({len(different[name])})" for name in small]
        enough = sum(len(digests) >= FEWEST_PHOTOS for digests in different.values()) > 1
        fix = _leave_out(dataset, reading, small) if enough else None
        way_out = "Add photos." if fix is None else "Add photos, or train without."
        yield Problem(
            "too_few_photos",
            f"{subject} fewer than {FEWEST_PHOTOS} photos: {listed(shown)}.",
            f"{way_out} Copies of one photo count once.",
            "blocking",
            fix=fix,
        )


def empty_classes(dataset: Dataset, reading: Reading) -> Iterator[Problem]:
    """Classes without a photo that can be read."""
    empty = [name for name, count in dataset.counts().items() if count == 0]
    if empty:
        yield Problem(
            "empty_class",
            f"No photo that can be read: {quoted(empty)}.",
            "Training goes on without " + ("this class." if len(empty) == 1 else "these classes."),
            "warning",
            fix=_leave_out(dataset, reading, empty),
        )


def _leave_out(dataset: Dataset, reading: Reading, names: list[str]) -> Fix | None:
    """To leave folders out, where the folders at the top are the classes."""
    if dataset.given or reading.labels != FOLDER_LABELS or reading.level > 1 or not labelled_by_folder(dataset):
        return None
    merged = {name for pair in reading.merged.items() for name in pair}
    if merged.intersection(names):
        return None
    title = "Leave it out" if len(names) == 1 else "Leave them out"
    return Fix(title, replace(reading, left_out=reading.left_out.union(names)))


def unlabelled(dataset: Dataset) -> Iterator[Problem]:
    """Photos that belong to no class, beside others that do."""
    if dataset.samples and dataset.unlabelled:
        paths = [photo.path for photo in dataset.unlabelled]
        yield Problem(
            "unlabelled_photos",
            f"{counted(len(paths), 'photo')} without a label: {quoted(paths)}.",
            "Training goes on without them. Move them into the folder of their class to use them.",
            "warning",
        )


def imbalance(dataset: Dataset) -> Iterator[Problem]:
    """One class with far more photos than another."""
    counts = {name: count for name, count in dataset.counts().items() if count}
    if len(counts) < 2:
        return
    fewest, most = min(counts, key=lambda name: counts[name]), max(counts, key=lambda name: counts[name])
    ratio = counts[most] / counts[fewest]
    few, many = in_quotes(fewest), in_quotes(most)
    if ratio >= GREATEST_IMBALANCE:
        yield Problem(
            "imbalance",
            f"{few} has the fewest photos: {many} has {ratio:.1f} times as many.",
            f"Answers will lean towards {many}. More photos of {few} help most.",
            "warning",
        )


def same_photo_in_two_classes(dataset: Dataset) -> Iterator[Problem]:
    """Byte-identical photos with different labels."""
    repeated = {digest for digest, count in Counter(sample.digest for sample in dataset.samples).items() if count > 1}
    paths: dict[str, list[str]] = defaultdict(list)
    classes: dict[str, set[str]] = defaultdict(set)
    for sample in dataset.samples:
        if sample.digest in repeated:
            paths[sample.digest].append(sample.path)
            classes[sample.digest].add(sample.class_name)
    clashes = [" = ".join(paths[digest]) for digest, names in classes.items() if len(names) > 1]
    if clashes:
        yield Problem(
            "same_photo_in_two_classes",
            f"The same photo lies in more than one class, {counted(len(clashes), 'time')}: {listed(clashes)}.",
            "Delete it where it doesn't belong. Until then the model learns two answers for it.",
            "warning",
        )
