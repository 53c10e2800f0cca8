"""Use case: write photos with what a model looked at in them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from PIL import Image

from tlstudio.datasets.images import UnreadableImageError, decode, thumbnail
from tlstudio.errors import TLStudioError
from tlstudio.events import CancelToken, Emit, Progress
from tlstudio.prediction.batch import find_files
from tlstudio.prediction.explanation.heat_map import DEFAULT_STRENGTH, HeatMap, Wish, overlay
from tlstudio.prediction.explanation.neighbours import Neighbour
from tlstudio.runs.store import StoredRun
from tlstudio.workflows.explain import Explainer

_SIDE: Final = 1024  # pixels of the longer side of a picture that is written


@dataclass(frozen=True, slots=True)
class Explained:
    """What was found out about one photo.

    Attributes:
        photo: Its file.
        answer: Class that the model says.
        score: How sure it is, 0 to 1.
        picture: The photo under its heat map, as a file.
        heat: The heat map.
        neighbours: The most alike photos that were learnt from.
    """

    photo: Path
    answer: str
    score: float
    picture: Path
    heat: HeatMap
    neighbours: tuple[Neighbour, ...]


def explain(
    stored: StoredRun,
    inputs: Sequence[Path],
    out: Path,
    wish: Wish | None = None,
    strength: float = DEFAULT_STRENGTH,
    *,
    emit: Emit,
    token: CancelToken,
) -> tuple[list[Explained], list[tuple[str, str]]]:
    """Write each photo under the heat map of the answer, as PNG.

    Args:
        stored: The run.
        inputs: Photos, and folders of them.
        out: Folder for the pictures; made if it isn't there.
        wish: Which heat map; its class counts only if it isn't negative. None for that of each answer.
        strength: Of the overlay, 0 to 1.
        emit: Told ``Progress("explain", ...)``.
        token: Stops it.

    Returns:
        What was found out, and the files that could not be read with the reason.

    Raises:
        TLStudioError: If there is no photo, the network can't be built, or the pictures can't be written.
        Cancelled: If a stop was asked for; what was written stays.
    """
    photos = find_files(inputs)
    if not photos:
        raise TLStudioError("There is no photo to explain.", "Name photos, or folders of photos.")
    asked = wish or Wish(-1)
    explainer = Explainer(stored)
    explained: list[Explained] = []
    unreadable: list[tuple[str, str]] = []
    try:
        for number, photo in enumerate(photos):
            token.check()
            emit(Progress("explain", number, len(photos), "Looking at the photos"))
            try:
                decode(photo, stored.run.spec.input_size)
            except UnreadableImageError as error:
                unreadable.append((str(photo), error.reason))
                continue
            explained.append(_explained(explainer, photo, len(explained), out, asked, strength, emit=emit, token=token))
    finally:
        explainer.close()
    return explained, unreadable


def explain_json(
    stored: StoredRun, explained: Sequence[Explained], unreadable: Sequence[tuple[str, str]]
) -> dict[str, Any]:
    """What ``explain --json`` writes."""
    classes = stored.run.classes
    return {
        "photos": [
            {
                "path": str(entry.photo),
                "answer": entry.answer,
                "score": entry.score,
                "picture": str(entry.picture),
                "class": classes[entry.heat.class_index],
                "method": entry.heat.method,
                "layer": entry.heat.layer,
                "neighbours": [
                    {"path": near.path, "class": classes[near.class_index], "likeness": near.likeness}
                    for near in entry.neighbours
                ],
            }
            for entry in explained
        ],
        "unreadable": [{"path": path, "reason": reason} for path, reason in unreadable],
    }


def _explained(
    explainer: Explainer,
    photo: Path,
    number: int,
    out: Path,
    wish: Wish,
    strength: float,
    *,
    emit: Emit,
    token: CancelToken,
) -> Explained:
    scores = explainer.answer(photo, emit=emit, token=token)
    best = int(scores.argmax())
    asked = Wish(best if wish.class_index < 0 else wish.class_index, wish.method, wish.layer)
    heat = explainer.heat_map(photo, asked, emit=emit, token=token)
    target = out / f"{number + 1:04} {photo.stem}.png"
    try:
        out.mkdir(parents=True, exist_ok=True)
        Image.fromarray(overlay(thumbnail(photo, _SIDE), heat, strength)).save(target)
    except OSError as error:
        raise TLStudioError(
            f"{target} can't be written: {error.strerror or error}.", "Choose another folder."
        ) from error
    near = explainer.neighbours(photo, emit=emit, token=token)
    return Explained(photo, explainer.stored.run.classes[best], float(scores[best]), target, heat, near)
