"""Use case: find out on labelled photos which pixels a model from elsewhere wants."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, zip_longest
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tlstudio.datasets.dataset import Dataset
from tlstudio.datasets.images import UnreadableImageError, decode_many
from tlstudio.errors import TLStudioError
from tlstudio.events import CancelToken, Emit, Progress
from tlstudio.foreign.opening import OpenedModel
from tlstudio.foreign.pixels import PIXELS_IN_WORDS, Pixels
from tlstudio.modeling.engine import BATCH, LiteRTEngine
from tlstudio.wording import counted

TRIED_PHOTOS: Final = 120
"""Photos that are enough to tell which pixels a model wants."""

_STANDARD_ERRORS: Final = 2.0
_LEAST_SCORE: Final = 1e-6  # a surely wrong answer counts no more than this
_FEWEST_PHOTOS: Final = 8

Scores = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class PixelTrial:
    """What a model says of labelled photos if it is given the pixels in one way.

    Attributes:
        pixels: The way.
        right: Photos that it names rightly; where it doesn't know their classes by name, those that fall together
            with most of their class.
        photos: Photos that it was tried on.
        loss: Log loss of its scores for what the photos are.
    """

    pixels: Pixels
    right: int
    photos: int
    loss: float


@dataclass(frozen=True, slots=True)
class PixelFinding:
    """All ways in which a model was tried.

    Attributes:
        trials: The best first.
        winner: The way that is better than all others beyond chance, or better than all others and what the names of
            the layers speak for; None where nobody can tell.
    """

    trials: tuple[PixelTrial, ...]
    winner: Pixels | None


def photos_to_try(dataset: Dataset, count: int = TRIED_PHOTOS) -> list[tuple[Path, str]]:
    """Some labelled photos and their classes, the classes taking turns."""
    groups: defaultdict[str, list[tuple[Path, str]]] = defaultdict(list)
    for sample in dataset.samples:
        groups[sample.class_name].append((dataset.absolute(sample.path), sample.class_name))
    turns = chain.from_iterable(zip_longest(*groups.values()))
    return [photo for photo in turns if photo is not None][:count]


def try_pixels(
    opened: OpenedModel, names: Sequence[str], photos: Sequence[tuple[Path, str]], *, emit: Emit, token: CancelToken
) -> PixelFinding:
    """Give a model labelled photos in each way in which it may want the pixels.

    One way wins if it lowers the log loss of each other one by more than two standard errors, photo by photo: the
    photos that are right often don't tell, since a network may bear pixels of half their range (MobileNetV2 with
    ImageNet's weights names 53 of 69 birds with 0 to 1 as with −1 to 1, at a loss of 1.63 and 1.41). What the names of
    its layers speak for needs to be best only.

    Args:
        opened: The model.
        names: Of its classes.
        photos: Photos and their classes.
        emit: Told the progress.
        token: Stops it.

    Raises:
        TLStudioError: If none of the photos can be read.
        Cancelled: If a stop was asked for.
    """
    candidates = opened.contents.evidence.candidates
    engines = {pixels: LiteRTEngine(opened.engine(pixels)) for pixels in candidates}
    rows: dict[Pixels, list[Scores]] = {pixels: [] for pixels in candidates}
    truth: list[str] = []
    for pictures, classes in _decoded(photos, opened.contents.side, token):
        for pixels, engine in engines.items():
            rows[pixels].append(engine.run(pictures))
        truth += classes
        emit(Progress("evaluate", len(truth), len(photos), "Trying the model on your photos"))
    if not truth:
        raise TLStudioError("None of these photos can be read.", "Choose a folder with photos of each class.")
    scores = {pixels: np.concatenate(parts) for pixels, parts in rows.items()}
    return _judged(scores, names, truth, opened.contents.evidence.likely)


def trial_in_words(trial: PixelTrial) -> str:
    """One way and how it fared: "0 to 1 (divided by 255): 88 of 120 photos right, error (loss) 0.52"."""
    fared = f"{trial.right:,} of {counted(trial.photos, 'photo')} right, error (loss) {trial.loss:.2f}"
    return f"{PIXELS_IN_WORDS[trial.pixels]}: {fared}"


def _decoded(photos: Sequence[tuple[Path, str]], size: int, token: CancelToken) -> Iterator[tuple[Any, list[str]]]:
    waiting: list[NDArray[np.uint8]] = []
    classes: list[str] = []
    decoded = decode_many([path for path, _ in photos], size, token=token)
    for (_, name), picture in zip(photos, decoded, strict=True):
        if isinstance(picture, UnreadableImageError):
            continue
        waiting.append(picture)
        classes.append(name)
        if len(waiting) == BATCH:
            yield np.stack(waiting), classes
            waiting, classes = [], []
    if waiting:
        yield np.stack(waiting), classes


def _judged(
    scores: dict[Pixels, Scores], names: Sequence[str], truth: Sequence[str], likely: Pixels | None
) -> PixelFinding:
    losses: dict[Pixels, NDArray[np.float64]] = {}
    trials = []
    for pixels, rows in scores.items():
        meant = _meanings(rows, names, truth)
        hits = np.array([[meaning == name for meaning in meant] for name in truth])
        losses[pixels] = -np.log(np.maximum((rows * hits).sum(axis=1), _LEAST_SCORE)).astype(np.float64)
        right = int(hits[np.arange(len(truth)), rows.argmax(axis=1)].sum())
        trials.append(PixelTrial(pixels, right, len(truth), float(losses[pixels].mean())))
    trials.sort(key=lambda trial: trial.loss)
    best = trials[0].pixels
    clear = all(_beyond_chance(losses[trial.pixels] - losses[best]) for trial in trials[1:])
    agreed = best == likely and len(truth) >= _FEWEST_PHOTOS
    return PixelFinding(tuple(trials), best if clear or agreed else None)


def _meanings(rows: Scores, names: Sequence[str], truth: Sequence[str]) -> list[str]:
    """What each class of the model stands for: its name, or where none is known, what most photos named so are."""
    if set(names) & set(truth):
        return list(names)
    together: defaultdict[int, Counter[str]] = defaultdict(Counter)
    for answer, name in zip(rows.argmax(axis=1).tolist(), truth, strict=True):
        together[answer][name] += 1
    return [together[index].most_common(1)[0][0] if index in together else "" for index in range(rows.shape[1])]


def _beyond_chance(gains: NDArray[np.float64]) -> bool:
    """Whether a mean gain is above zero by so many standard errors."""
    if len(gains) < _FEWEST_PHOTOS:
        return False
    return bool(gains.mean() > _STANDARD_ERRORS * gains.std(ddof=1) / len(gains) ** 0.5 and gains.mean() > 0)
