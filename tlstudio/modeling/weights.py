"""Finding the weights of a backbone: shipped with the program, in Keras's cache or by download, or a user's file."""

from functools import lru_cache
from pathlib import Path
from typing import get_args

from tlstudio.digests import digest_of
from tlstudio.errors import TLStudioError
from tlstudio.events import CancelToken, Emit
from tlstudio.modeling.architectures import architecture_of, title_of
from tlstudio.modeling.backbones import STARTER, Backbone, Pretrained, get_backbone
from tlstudio.modeling.spec import ModelSpec
from tlstudio.modeling.weights_cache import fetch, place_of
from tlstudio.modeling.weights_files import file_without_top
from tlstudio.paths import models_dir


def at_hand(backbone: Backbone, input_size: int) -> bool:
    """Whether its ready-made weights are on this computer, so that nothing needs downloading."""
    return ready_made(backbone, input_size).is_file()


def ready_made(backbone: Backbone, input_size: int) -> Path:
    """Where its ready-made weights are, or will be once they are downloaded."""
    if backbone.pretrained == "bundled":
        return models_dir() / backbone.weights_file
    return place_of(file_without_top(backbone, input_size))


def resolve(spec: ModelSpec, *, emit: Emit, token: CancelToken) -> str:
    """Path of the weights file that a spec asks for; "" for random weights. Downloads where it has to.

    Raises:
        TLStudioError: If a file is missing, or can't be downloaded.
        Cancelled: If the download was stopped.
    """
    if spec.weights == "none":
        return ""
    if architecture_of(spec):
        raise TLStudioError(
            f"{title_of(spec.backbone)} has no pre-trained weights.", "Choose weights “none”, or a pre-trained network."
        )
    backbone = get_backbone(spec.backbone)
    if spec.weights not in get_args(Pretrained):
        return str(local_file(spec.weights))
    if spec.weights != backbone.pretrained:
        raise TLStudioError(*_no_such_weights(backbone))
    path = ready_made(backbone, spec.input_size)
    if path.is_file():
        return str(path)
    if spec.weights == "bundled":
        raise TLStudioError(
            f"The weights that ship with the program are not where they belong, in {path}.", "Install it again."
        )
    return str(fetch(file_without_top(backbone, spec.input_size), emit=emit, token=token))


def _no_such_weights(backbone: Backbone) -> tuple[str, str]:
    """What is wrong, and what to do, where a backbone is asked for weights that it doesn't come with."""
    if backbone.pretrained == "bundled":
        return (
            f"There are no ImageNet weights of the {backbone.name} network: it learnt from other photos.",
            f"Leave out the weights, or choose “{backbone.pretrained}”.",
        )
    return (
        f"The weights of {backbone.title} don't ship with the program; only those of “{STARTER}” do.",
        f"Choose the network “{STARTER}”, or “{backbone.pretrained}” weights.",
    )


def local_file(text: str) -> Path:
    """The file that somebody named, whole.

    Raises:
        TLStudioError: If it isn't there, or is none of weights by its name.
    """
    path = Path(text).expanduser().resolve()
    if not path.is_file():
        raise TLStudioError(
            f"There is no weights file {text}.", "Give “bundled”, “imagenet”, “none” or the path of a file."
        )
    if path.suffix not in {".h5", ".hdf5"}:
        raise TLStudioError(
            f"{path.name} is no weights file in Keras's layout.", "Its name ends in .weights.h5 or .h5."
        )
    return path


def digest(path: str) -> str:
    """SHA-256 of a weights file, in hex; "" for no file.

    Raises:
        TLStudioError: If it can't be read.
    """
    if not path:
        return ""
    try:
        status = Path(path).stat()
        return _digest(path, status.st_size, status.st_mtime_ns)
    except OSError as error:
        raise TLStudioError(
            f"The weights in {path} can't be read: {error.strerror}.", "Restore them from a copy, or train again."
        ) from error


@lru_cache(maxsize=64)
def _digest(path: str, size: int, changed: int) -> str:  # noqa: ARG001 - part of the key: a changed file is read again
    return digest_of(Path(path))
