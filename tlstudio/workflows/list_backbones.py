"""Use case: say what is known of every backbone, as the command line lists it and other programs read it."""

from typing import Any

from tlstudio.modeling.backbones import BACKBONES, Backbone
from tlstudio.modeling.speeds import Speed, SpeedStore
from tlstudio.modeling.weights import at_hand, ready_made


def list_backbones() -> list[dict[str, Any]]:
    """What ``list backbones --json`` writes: one dictionary of facts for each."""
    speeds = SpeedStore()
    return [_facts(entry, speeds.speed(entry, entry.input_size)) for entry in BACKBONES]


def _facts(entry: Backbone, speed: Speed) -> dict[str, Any]:
    here = at_hand(entry, entry.input_size)
    return {
        "name": entry.name,
        "title": entry.title,
        "text": _in_words(entry, speed, here),
        "weights": entry.pretrained,
        "accuracy": entry.top1,
        "accuracy_source": entry.top1_source or None,
        "photos_per_second": float(f"{speed.photos_per_second:.3g}"),
        "measured": speed.measured,
        "parameters": entry.parameters,
        "multiply_adds": round(entry.multiplications(entry.input_size)),
        "bytes": entry.weights_bytes,
        "at_hand": here,
        "file": str(ready_made(entry, entry.input_size)),
        "file_hash": entry.weights_hash or None,
        "input_size": entry.input_size,
        "input_sizes": list(entry.input_sizes),
        "smallest": entry.min_size,
        "features": entry.features,
        "preprocessing": entry.preprocessing,
        "unfreeze_from": entry.unfreeze_from,
    }


def _in_words(entry: Backbone, speed: Speed, here: bool) -> str:
    known = "comes with the program" if entry.top1 is None else f"{entry.top1:.1%} on ImageNet"
    place = "on this computer" if here else "to download"
    return (
        f"{known}, {speed.in_words()} photos a second here, {entry.parameters / 1e6:.1f} million parameters, "
        f"{entry.weights_bytes / 1e6:.0f} MB {place}, {entry.input_size} px"
    )
