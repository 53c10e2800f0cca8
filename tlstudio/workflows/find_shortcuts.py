"""Use case: find out whether photos give their class away by something else than what they show."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

import numpy as np
from numpy.typing import NDArray

from tlstudio.datasets.concurrency import concurrent_map
from tlstudio.datasets.dataset import Dataset, Sample
from tlstudio.datasets.images import UnreadableImageError, decode_many
from tlstudio.datasets.photo_header import read_header
from tlstudio.evaluation.out_of_fold import out_of_fold_scores
from tlstudio.evaluation.shortcuts import Shortcuts, find_marks, judge_clue, right_by_files
from tlstudio.events import CancelToken, Emit, Progress
from tlstudio.runs.store import StoredRun
from tlstudio.workflows.frozen_features import frozen_features, groups_of, readable

_SIDE = 96
_MOST_PICTURES = 4_000
_LETTERS, _DIGITS = re.compile(r"[^\W\d_]+"), re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class ShortcutCheck:
    """What was found, and the photos it was found on.

    Attributes:
        root: Folder that the photos' paths are relative to.
        classes: Class names.
        samples: The photos.
        labels: Their class indices.
        found: How far other things than what they show get.
    """

    root: str
    classes: tuple[str, ...]
    samples: tuple[Sample, ...]
    labels: tuple[int, ...]
    found: Shortcuts


def find_shortcuts(dataset: Dataset, stored: StoredRun, *, emit: Emit, token: CancelToken) -> ShortcutCheck:
    """See how far the border of the photos, facts of their files and marks in fixed places get, beside whole photos.

    Args:
        dataset: The photos.
        stored: The run whose network looks at them.
        emit: Told ``Progress("features", ...)``, ``Progress("folds", ...)``, ``Progress("files", ...)`` and
            ``Progress("marks", ...)``.
        token: Stops it.

    Raises:
        TLStudioError: If the network can't be used or no photo can be read.
        Cancelled: If a stop was asked for; what was computed is kept.
    """
    whole = frozen_features(dataset, stored, emit=emit, token=token)
    seen = readable(dataset, whole)
    border = frozen_features(seen, stored, border=True, emit=emit, token=token)
    groups, labels, n = groups_of(seen, stored), whole.labels, len(whole.classes)

    def right(vectors: NDArray[np.float32]) -> NDArray[np.bool_]:
        scores = out_of_fold_scores(vectors, labels, groups, n, emit=emit, token=token)
        return np.asarray(scores.argmax(axis=1) == labels, dtype=np.bool_)

    by_whole = right(whole.vectors)
    clues = [judge_clue("border", right(border.vectors), by_whole, labels)]
    emit(Progress("files", 0, 0))
    clues.append(judge_clue("files", right_by_files(_file_facts(seen, token), labels, groups), by_whole, labels))
    token.check()
    emit(Progress("marks", 0, 0))
    pictures, shown = _small_pictures(seen, token)
    marks = find_marks(pictures, labels[shown], n, groups[shown])
    return ShortcutCheck(
        dataset.root, whole.classes, whole.samples, tuple(labels.tolist()), Shortcuts(tuple(clues), marks)
    )


def _file_facts(dataset: Dataset, token: CancelToken) -> NDArray[np.float64]:
    """(n, facts): width, height, proportions, bytes, bytes a pixel, day and hour it was taken, camera, kind of name.

    Of the name only its form counts, "a_9.jpg" for "img_0041.jpg": where the name holds the label it would tell all.
    """
    forms: dict[str, int] = {}
    cameras: dict[str, int] = {}
    rows = []
    paths = [dataset.absolute(sample.path) for sample in dataset.samples]
    for sample, header in zip(dataset.samples, concurrent_map(read_header, paths, token=token), strict=True):
        form = _DIGITS.sub("9", _LETTERS.sub("a", PurePosixPath(sample.path).name))
        kinds = cameras.setdefault(header.camera, len(cameras)), forms.setdefault(form, len(forms))
        pixels = max(sample.width * sample.height, 1)
        sizes = sample.width, sample.height, sample.width / max(sample.height, 1), header.size, header.size / pixels
        rows.append((*sizes, *_taken(dataset, sample), *kinds))
    return np.array(rows, dtype=np.float64)


def _taken(dataset: Dataset, sample: Sample) -> Sequence[float]:
    """Day, as a number that grows, and hour; -1 where the photo doesn't say it."""
    facts = dataset.facts.get(sample.digest)
    if facts is None or not facts.taken:
        return -1.0, -1.0
    moment = np.datetime64(facts.taken)
    day = moment.astype("datetime64[D]")
    return float(day.astype(np.int64)), float((moment - day) / np.timedelta64(1, "h"))


def _small_pictures(dataset: Dataset, token: CancelToken) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Small copies of the photos, (m, side, side, 3), and which ones they are of; of very many, some."""
    step = -(-len(dataset.samples) // _MOST_PICTURES)
    numbers = range(0, len(dataset.samples), step)
    paths = [dataset.absolute(dataset.samples[number].path) for number in numbers]
    pictures, shown = [], []
    for number, picture in zip(numbers, decode_many(paths, _SIDE, token=token), strict=True):
        if not isinstance(picture, UnreadableImageError):
            pictures.append(picture)
            shown.append(number)
    stacked = np.stack(pictures) if pictures else np.zeros((0, _SIDE, _SIDE, 3), np.uint8)
    return stacked, np.array(shown, dtype=np.int64)
