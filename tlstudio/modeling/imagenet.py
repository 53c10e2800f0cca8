"""The 1000 classes of ImageNet, in the order in which every network that learnt them gives its scores.

Russakovsky et al. 2015, "ImageNet Large Scale Visual Recognition Challenge"; the list is written by
``tools/write_imagenet_classes.py``.
"""

from dataclasses import dataclass
from functools import lru_cache

from tlstudio.errors import TLStudioError
from tlstudio.modeling.backbones import Backbone
from tlstudio.modeling.part import IMAGENET, PHOTO, Part
from tlstudio.modeling.spec import BARE_HEAD, ModelSpec
from tlstudio.modeling.weights import digest
from tlstudio.paths import resources_dir


@dataclass(frozen=True, slots=True)
class ImageNetClass:
    """One class.

    Attributes:
        wordnet: Its id in WordNet, as "n02123045".
        name: Its name in English, as "tabby". Two classes are called crane, and two maillot.
    """

    wordnet: str
    name: str


@lru_cache(maxsize=1)
def imagenet_classes() -> tuple[ImageNetClass, ...]:
    """All of them, in order.

    Raises:
        TLStudioError: If the list that ships with the program isn't there.
    """
    path = resources_dir() / "imagenet_classes.tsv"
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise TLStudioError(
            f"The list of ImageNet's classes is not where it belongs, in {path}.", "Install the program again."
        ) from error
    return tuple(ImageNetClass(*line.split("\t")) for line in lines)


def imagenet_part(backbone: Backbone, weights_file: str) -> Part:
    """A backbone with the answer that it came with, from photos to 1000 scores.

    Args:
        backbone: Of ``keras.applications``.
        weights_file: Path of its weights, those of the answer included.
    """
    spec = ModelSpec(backbone.name, weights_file, backbone.input_size, head=BARE_HEAD)
    return Part(spec, PHOTO, IMAGENET, weights_file, digest(weights_file))
