"""Use case: name the layers of a network, where it can be cut and refined from, without building it."""

from typing import Any

from tlstudio.modeling.layer_table import in_words
from tlstudio.modeling.spec import ModelSpec
from tlstudio.modeling.summary.summary import HEAD, CutPlace, SummaryLayer, cut_places, summarize

_ANY_CLASSES = 2


def list_layers(spec: ModelSpec) -> list[dict[str, Any]]:
    """What ``list layers --json`` writes: one dictionary of facts for each layer before the head.

    Raises:
        TLStudioError: If there is no such network or cut, or photos are too small.
    """
    cuts = {place.index: place for place in cut_places(spec)}
    layers = summarize(spec, _ANY_CLASSES).layers
    return [_facts(layer, cuts.get(layer.index)) for layer in layers if layer.block != HEAD]


def _facts(layer: SummaryLayer, cut: CutPlace | None) -> dict[str, Any]:
    words = [f"{layer.index}, {layer.kind}, {in_words(layer.shape)}, {layer.parameters:,} parameters"]
    if cut is not None:
        words.append(f"can be cut at, {cut.compute:.0%} of the work")
    return {
        "name": layer.name,
        "title": layer.block,
        "text": ", ".join(words),
        "index": layer.index,
        "kind": layer.kind,
        "shape": list(layer.shape),
        "parameters": layer.parameters,
        "multiply_adds": layer.multiply_adds,
        "block": layer.block,
        "cut": cut is not None,
        "compute": None if cut is None else round(cut.compute, 4),
    }
