"""Use case: let networks that learnt ImageNet's 1000 classes name photos, and say what their sureness lets expect.

How alike a person's photos and ImageNet's are is judged by how sure the networks are of them: the mean, over photos and
networks, of the score of the best of the 1000 answers. Right or wrong doesn't matter for that: a network that takes a
tulip for an artichoke with 0.9 has seen something it knows.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from tlstudio.datasets.images import UnreadableImageError
from tlstudio.errors import TLStudioError
from tlstudio.events import CancelToken, Emit, Progress
from tlstudio.modeling import weights
from tlstudio.modeling.backbones import BACKBONES, Backbone, get_backbone
from tlstudio.modeling.engine import EngineStore
from tlstudio.modeling.imagenet import imagenet_classes, imagenet_part
from tlstudio.modeling.weights_cache import fetch, place_of
from tlstudio.modeling.weights_files import file_with_top, require_imagenet
from tlstudio.prediction.batch import find_files
from tlstudio.prediction.predictor import Predictor

Likeness = Literal["like", "unlike"]

TOP: Final = 5
LIKE_FROM: Final = 0.4
"""Measured with MobileNet V2 1.0 and MobileNet 0.25: photos of flowers, birds, cats and dogs 0.36 to 0.48, leaves
on white paper 0.23 to 0.33, drawn leaves 0.34; ImageNet's own photos 0.48 and 0.67."""

MANY_FROM: Final = 2_000
"""Photos from which on there are many: a rule of thumb, between the data sets of hundreds and of tens of thousands."""

_CHECK_PHOTOS: Final = 8
_SURE_FROM: Final = 20  # photos; the mean of six strays by up to 0.3


@dataclass(frozen=True, slots=True)
class Candidate:
    """A network that is to name photos.

    Attributes:
        backbone: Its name.
        weights: Path of its weights with the 1000 classes; "" for those that Keras publishes.
    """

    backbone: str
    weights: str = ""


@dataclass(frozen=True, slots=True)
class Guess:
    """One answer.

    Attributes:
        wordnet: Id of the class in WordNet.
        name: Its English name.
        score: Softmax value, 0 to 1.
    """

    wordnet: str
    name: str
    score: float


@dataclass(frozen=True, slots=True)
class Opinion:
    """What one network says.

    Attributes:
        network: Name of the backbone.
        title: What people call it.
        guesses: For each photo the best answers, the surest first.
    """

    network: str
    title: str
    guesses: tuple[tuple[Guess, ...], ...]

    @property
    def sureness(self) -> float:
        """Mean score of its best answers, 0 to 1."""
        return sum(answers[0].score for answers in self.guesses) / len(self.guesses)


@dataclass(frozen=True, slots=True)
class CheckUp:
    """What networks say of photos.

    Attributes:
        photos: Those that could be read, in the order given.
        unreadable: The others, each with the reason.
        opinions: One for each network, about the same photos.
        training_photos: How many photos there are to learn from; None where nobody said.
    """

    photos: tuple[str, ...]
    unreadable: tuple[tuple[str, str], ...]
    opinions: tuple[Opinion, ...]
    training_photos: int | None

    @property
    def sureness(self) -> float:
        """Mean score of the best answers of all networks, 0 to 1."""
        return sum(opinion.sureness for opinion in self.opinions) / len(self.opinions)

    @property
    def likeness(self) -> Likeness:
        """Whether the photos are like those that the networks have learnt from."""
        return "like" if self.sureness >= LIKE_FROM else "unlike"

    @property
    def advice(self) -> tuple[str, ...]:
        """The hint in sentences: how alike, why, and what to train."""
        return _judgement(self), *_advice(self.likeness, self.training_photos)


def check_up(
    inputs: Sequence[Path],
    candidates: Sequence[Candidate],
    training_photos: int | None = None,
    *,
    emit: Emit,
    token: CancelToken,
) -> CheckUp:
    """Ask every network about every photo. Downloads weights that aren't here.

    Args:
        inputs: Photos, and folders of them.
        candidates: Which networks.
        training_photos: How many photos there are to learn from, for the hint.
        emit: Told how far downloads, engines and photos are.
        token: Stops it.

    Raises:
        TLStudioError: If no photo can be read, or a network has no weights or doesn't fit them.
        Cancelled: If a stop was asked for.
    """
    photos = find_files(inputs)
    if not photos or not candidates:
        raise TLStudioError("There is nothing to check.", "Choose at least one photo and one network.")
    unreadable: dict[Path, str] = {}
    opinions = [_opinion(candidate, photos, unreadable, emit, token) for candidate in candidates]
    readable = tuple(str(photo) for photo in photos if photo not in unreadable)
    reasons = tuple((str(photo), reason) for photo, reason in unreadable.items())
    if not readable:
        raise TLStudioError("None of the files can be read as a photo.", f"{reasons[0][1]}.")
    return CheckUp(readable, reasons, tuple(opinions), training_photos)


def at_hand() -> tuple[Backbone, ...]:
    """The networks whose weights with the 1000 classes are on this computer."""
    known = (entry for entry in BACKBONES if entry.pretrained == "imagenet")
    return tuple(entry for entry in known if place_of(file_with_top(entry)).is_file())


def check_up_json(result: CheckUp) -> dict[str, Any]:
    """What ``check-up --json`` writes."""
    return {
        "photos": list(result.photos),
        "unreadable": [{"path": path, "reason": reason} for path, reason in result.unreadable],
        "networks": [
            {
                "network": opinion.network,
                "sureness": opinion.sureness,
                "answers": [
                    {
                        "path": path,
                        "top": [{"wordnet": g.wordnet, "class": g.name, "score": g.score} for g in guesses],
                    }
                    for path, guesses in zip(result.photos, opinion.guesses, strict=True)
                ],
            }
            for opinion in result.opinions
        ],
        "sureness": result.sureness,
        "likeness": result.likeness,
        "advice": list(result.advice),
    }


def _opinion(
    candidate: Candidate, photos: Sequence[Path], unreadable: dict[Path, str], emit: Emit, token: CancelToken
) -> Opinion:
    backbone = get_backbone(candidate.backbone)
    require_imagenet(backbone)
    if candidate.weights:
        file = weights.local_file(candidate.weights)
    else:
        file = fetch(file_with_top(backbone), emit=emit, token=token)
    part = imagenet_part(backbone, str(file))
    engine = EngineStore().get(part, photos[:_CHECK_PHOTOS], emit=emit, token=token)
    names = [entry.name for entry in imagenet_classes()]
    predictor = Predictor(names, backbone.input_size, [engine])
    guesses = []
    told = _counter(emit, backbone.title, len(photos))
    for photo, scores in zip(photos, predictor.scores(photos, token=token), strict=True):
        if isinstance(scores, UnreadableImageError):
            unreadable[photo] = str(scores)
        else:
            guesses.append(_best(scores))
        told()
    return Opinion(backbone.name, backbone.title, tuple(guesses))


def _counter(emit: Emit, title: str, total: int) -> Callable[[], None]:
    """Says after each photo how many a network has looked at."""
    done = 0

    def tell() -> None:
        nonlocal done
        done += 1
        emit(Progress("predict", done, total, f"{title} looks at the photos"))

    return tell


def _best(scores: NDArray[np.float32]) -> tuple[Guess, ...]:
    classes = imagenet_classes()
    order = np.argsort(-scores, kind="stable")[:TOP]
    return tuple(Guess(classes[index].wordnet, classes[index].name, float(scores[index])) for index in order)


def _judgement(result: CheckUp) -> str:
    of_100 = round(100 * result.sureness)
    words = "are like" if result.likeness == "like" else "are unlike"
    count = len(result.photos)
    photos = "1 photo" if count == 1 else f"{count} photos"
    rough = f" That is a rough look, by {photos} alone." if count < _SURE_FROM else ""
    return (
        f"These photos {words} those of ImageNet: the networks give their best answer a score of {of_100} of 100 on "
        f"average; {round(100 * LIKE_FROM)} or more counts as alike.{rough}"
    )


# The rule of thumb of the course CS231n, "Transfer Learning": few or many photos, like or unlike.
_RULES: Final[dict[tuple[Likeness, bool], str]] = {
    ("like", False): "train the last layers alone. What the network knows is right for them, and refining few photos "
    "makes it learn them by heart.",
    ("like", True): "train the last layers, then refine the network: there is enough to learn from without learning "
    "the photos by heart.",
    ("unlike", False): "train the last layers on an earlier layer of the network: cut it before its end, where it "
    "still sees edges and textures instead of ImageNet's things.",
    ("unlike", True): "refine the whole network, or train one from scratch. Starting with what it knows is still "
    "quicker in most cases.",
}


def _advice(likeness: Likeness, photos: int | None) -> tuple[str, ...]:
    if photos is None:
        few, many = _RULES[likeness, False], _RULES[likeness, True]
        return f"With fewer than about {MANY_FROM:,} photos, {few}", f"With more, {many}"
    amount = "many" if photos >= MANY_FROM else "few"
    return (f"{photos:,} photos are {amount}: {_RULES[likeness, photos >= MANY_FROM]}",)
