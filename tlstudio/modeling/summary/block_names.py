"""Which block a layer belongs to: read from the names that Keras gives the layers of each family."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from tlstudio.modeling.backbones import Backbone
from tlstudio.modeling.summary.graph_layer import GraphLayer, cut_indices

STEM: Final = "stem"
"""The block of the first convolutions, which belong to none of the blocks that a network's authors count."""


@dataclass(frozen=True, slots=True)
class _Scheme:
    """How the layers of some families are named.

    Attributes:
        families: What their constructors' names begin with.
        pattern: Matches the names that tell a block, and captures what the block is called.
        prefix: Put before that.
        closing: Whether these layers end their block, and not begin it or stand in it.
    """

    families: tuple[str, ...]
    pattern: re.Pattern[str]
    prefix: str = ""
    closing: bool = False


_SCHEMES: Final = (
    _Scheme(("VGG", "Xception", "EfficientNet"), re.compile(r"(block\d[^_]*)_")),
    _Scheme(("InceptionV3",), re.compile(r"(mixed\d+)$"), closing=True),
    _Scheme(("InceptionResNetV2",), re.compile(r"(mixed_\d[ab]|block\d+_\d+)(?:_mixed|_ac)?$"), closing=True),
    _Scheme(("ResNet", "DenseNet"), re.compile(r"(conv\d+_block\d+)_")),
    _Scheme(("MobileNetV2",), re.compile(r"(block_\d+|expanded_conv)_")),
    _Scheme(("MobileNetV3",), re.compile(r"(expanded_conv(?:_\d+)?)_[a-z]")),
    _Scheme(("MobileNet",), re.compile(r"conv_(?:pad|dw|pw)_(\d+)"), prefix="conv_"),
    _Scheme(("NASNet",), re.compile(r"(?!activation).*?_(stem_\d|reduce_\d+|\d+)$"), prefix="cell_"),
    _Scheme(("ConvNeXt",), re.compile(r"convnext_[a-z]+_(stage_\d+_block_\d+)")),
)
_STARTER: Final = _Scheme((), re.compile(r"(stage\d)_(?:merge|block(\d+))"))
_FROM_SCRATCH: Final = _Scheme((), re.compile(r"(block\d+(?=_conv)|dense(?=\d))"))


def block_names(layers: Sequence[GraphLayer], entry: Backbone | None) -> tuple[str, ...]:
    """The block of each layer: ``STEM`` before the first; what stands behind the last belongs to it.

    Args:
        layers: Of a whole network without its head, in order.
        entry: Of the backbone that they make; None for a network from scratch.
    """
    scheme = _scheme(entry)
    if scheme is None:
        return _between_cuts(layers)
    told = [_block_told_by(scheme, layer.name) for layer in layers]
    return tuple(_closed(told, cut_indices(layers)) if scheme.closing else _opened(told))


def _scheme(entry: Backbone | None) -> _Scheme | None:
    if entry is None:
        return _FROM_SCRATCH
    if entry.layers is not None:
        return _STARTER
    return next((scheme for scheme in _SCHEMES if entry.constructor.startswith(scheme.families)), None)


def _block_told_by(scheme: _Scheme, name: str) -> str:
    """The block that the name of a layer tells; "" for none."""
    match = scheme.pattern.match(name)
    if match is None:
        return ""
    if scheme is _STARTER:
        return f"{match[1]}_block{match[2] or 1}"  # a stage begins with the layer that merges points
    return scheme.prefix + match[1]


def _opened(told: Sequence[str]) -> list[str]:
    """A layer that tells nothing belongs to the block of the one before it."""
    found: list[str] = []
    for block in told:
        found.append(block or (found[-1] if found else STEM))
    return found


def _closed(told: Sequence[str], cuts: Sequence[int]) -> list[str]:
    """A layer that tells nothing belongs to the block of the next one that does."""
    first = next(index for index, block in enumerate(told) if block)
    stem = max(cut for cut in cuts if cut < first)
    found = list(reversed(_opened([*reversed(told)])))
    last = next(block for block in reversed(told) if block)
    return [STEM if index <= stem else last if block == STEM else block for index, block in enumerate(found)]


def _between_cuts(layers: Sequence[GraphLayer]) -> tuple[str, ...]:
    """Each stretch up to a cut is a block, called after the layer that it can be cut at."""
    cuts = set(cut_indices(layers))
    told = [layer.name if index in cuts else "" for index, layer in enumerate(layers)]
    return tuple(reversed(_opened([*reversed(told)])))
