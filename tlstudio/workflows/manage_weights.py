"""Use case: say which weights are on this computer, bring others here, take them away, and look whether a file fits."""

from pathlib import Path
from typing import Any

from tlstudio.errors import TLStudioError
from tlstudio.events import CancelToken
from tlstudio.modeling import weights
from tlstudio.modeling.backbones import BACKBONES, get_backbone
from tlstudio.modeling.fit_check import Question, check_fit
from tlstudio.modeling.spec import ModelSpec
from tlstudio.modeling.weights_cache import Kept, all_kept, place_of
from tlstudio.modeling.weights_files import require_imagenet
from tlstudio.modeling.weights_fit import FitReport


def check_weights(file: str, backbone_name: str, *, top: bool = False, token: CancelToken) -> FitReport:
    """Compare a file of somebody's own with a network, in a child process.

    Args:
        file: Path of the file, in Keras's layout.
        backbone_name: The network.
        top: Whether the file is meant for the check-up, and so holds the layers that name ImageNet's classes.
        token: Stops it.

    Raises:
        TLStudioError: If there is no such file or network, or it holds no weights.
        Cancelled: If a stop was asked for.
    """
    backbone = get_backbone(backbone_name)
    if top:
        require_imagenet(backbone)
    path = weights.local_file(file)
    spec = ModelSpec(backbone.name, str(path), backbone.input_size)
    title = f"{backbone.title} with its 1000 classes" if top else backbone.title
    return check_fit(Question(spec, title, str(path), top), token=token)


def list_weights() -> list[dict[str, Any]]:
    """What ``weights list --json`` writes: the bundled weights, and every published file."""
    bundled = [
        {
            "network": entry.name,
            "title": entry.title,
            "top": False,
            "input_size": entry.input_size,
            "state": "bundled",
            "bytes": path.stat().st_size if path.is_file() else 0,
            "arrived": path.stat().st_size if path.is_file() else 0,
            "file": str(path),
            "url": None,
            "checksum": None,
        }
        for entry in BACKBONES
        if entry.pretrained == "bundled" and (path := weights.ready_made(entry, entry.input_size))
    ]
    return [*bundled, *map(_facts, all_kept())]


def _facts(kept: Kept) -> dict[str, Any]:
    file = kept.file
    return {
        "network": file.backbone.name,
        "title": file.title,
        "top": file.top,
        "input_size": file.input_size,
        "state": kept.place,
        "bytes": kept.bytes if kept.place == "here" else file.bytes,
        "arrived": kept.bytes,
        "file": str(place_of(file)),
        "url": file.remote.urls[0],
        "checksum": file.remote.checksum or None,
    }


def fit_json(report: FitReport) -> dict[str, Any]:
    """What ``weights check --json`` writes."""
    return {
        "file": report.file,
        "network": report.network,
        "fits": report.fits,
        "sentence": report.sentence,
        "hint": report.hint,
        "layers": [
            {"layer": layer.layer, "verdict": layer.verdict, "wanted": layer.wanted, "found": layer.found}
            for layer in report.layers
        ],
    }


def write_directions(path: Path, text: str) -> None:
    """Write the directions for a machine without network into a text file.

    Raises:
        TLStudioError: If it can't be written.
    """
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise TLStudioError(f"{path} can't be written: {error.strerror or error}.", "Choose another place.") from error
