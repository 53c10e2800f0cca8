"""The layers of the backbones, as they ship with the program: known at any input size without TensorFlow.

Building a network only to name its layers takes Keras seconds, and stalls a window. What a layer makes of its input
follows from a few numbers, so those are kept (``tools/list_layers.py`` writes them), and shapes are computed.
"""

import gzip
from functools import lru_cache
from pathlib import Path

import msgspec

from tlstudio.errors import TLStudioError
from tlstudio.modeling.backbones import get_backbone
from tlstudio.modeling.layer_table import Shape
from tlstudio.modeling.summary.graph_layer import GraphLayer
from tlstudio.paths import resources_dir


class StoredLayer(msgspec.Struct, frozen=True, array_like=True):
    """One layer of a backbone, whatever the size of its photos.

    Attributes:
        name: In the network.
        kind: Its class in Keras.
        reads: Indices of the layers whose outputs go in.
        window: What it does to height and width. "" nothing; "same S" and "valid K S" as Keras's padding, with a window
            of K and a stride of S; "pad N" N points more; "fit N" N more, one less where the side is even
            (``correct_pad`` of Keras); "one" a single point remains; "row" a row of numbers.
        channels: Of its output.
        parameters: All its weights.
        fixed: Those of them that are never learnt: the running means of batch normalisation.
        kernels: Those that are multiplied with every point of its output.
    """

    name: str
    kind: str
    reads: tuple[int, ...]
    window: str
    channels: int
    parameters: int
    fixed: int
    kernels: int


def layers_file(backbone: str) -> Path:
    """Where the layers of a backbone lie."""
    return resources_dir() / "layers" / f"{backbone}.json.gz"


@lru_cache(maxsize=32)
def backbone_layers(backbone: str, input_size: int) -> tuple[GraphLayer, ...]:
    """All layers of a backbone in Keras's own order, the photo first.

    Args:
        backbone: Its name in ``BACKBONES``.
        input_size: Width and height of a photo in pixels.

    Raises:
        TLStudioError: If there is no such backbone, or photos are too small for it.
    """
    entry = get_backbone(backbone)
    if input_size < entry.min_size:
        raise TLStudioError(
            f"Photos of {input_size} x {input_size} pixels are too small for {backbone}.",
            f"Choose {entry.min_size} or more.",
        )
    shapes: list[Shape] = []
    found: list[GraphLayer] = []
    for layer in _stored(backbone):
        sides = [shapes[index][0] for index in layer.reads if len(shapes[index]) == 3]
        # A gate of one point spreads over the map that it multiplies.
        shape = _shape(layer, max(sides, default=input_size))
        shapes.append(shape)
        points = shape[0] * shape[1] if len(shape) == 3 else 1
        learnable = layer.parameters - layer.fixed
        found.append(
            GraphLayer(layer.name, layer.kind, layer.reads, shape, layer.parameters, learnable, layer.kernels * points)
        )
    return tuple(found)


@lru_cache(maxsize=8)
def _stored(backbone: str) -> tuple[StoredLayer, ...]:
    return msgspec.json.decode(gzip.decompress(layers_file(backbone).read_bytes()), type=tuple[StoredLayer, ...])


def _shape(layer: StoredLayer, side: int) -> Shape:
    if layer.window == "row":
        return (layer.channels,)
    after = _side_after(layer.window, side)
    return after, after, layer.channels


def _side_after(window: str, side: int) -> int:
    match window.split():
        case ["same", stride]:
            return -(-side // int(stride))
        case ["valid", size, stride]:
            return (side - int(size)) // int(stride) + 1
        case ["pad", amount]:
            return side + int(amount)
        case ["fit", amount]:
            return side + int(amount) - (side % 2 == 0)
        case ["one"]:
            return 1
    return side
