"""A network as it will be built, layer by layer: for the picture, the list of its layers and the choice of its cut."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from typing import Final, Literal

from tlstudio.errors import TLStudioError
from tlstudio.modeling.architectures import table_of
from tlstudio.modeling.backbones import find_backbone, get_backbone
from tlstudio.modeling.layer_table import Shape
from tlstudio.modeling.spec import ModelSpec
from tlstudio.modeling.summary.backbone_layers import backbone_layers
from tlstudio.modeling.summary.block_names import block_names
from tlstudio.modeling.summary.graph_layer import GraphLayer, cut_indices, feeding
from tlstudio.modeling.summary.table_layers import head_graph, table_layers

LayerState = Literal["frozen", "refined", "new"]
"""Whether a layer stays as it was pre-trained, goes on learning from there, or begins with random weights."""

HEAD: Final = "head"
"""The block of the layers behind the cut."""


@dataclass(frozen=True, slots=True)
class SummaryLayer:
    """One layer of a network.

    Attributes:
        index: Its place, the photo being 0: for a backbone the index in the model that ``keras.applications`` builds,
            so what prepares the pixels before it isn't counted.
        name: In the network.
        kind: Its class in Keras.
        shape: Of its output for one photo: (height, width, channels), or (numbers,).
        parameters: All its weights, with the running means of batch normalisation.
        trained: Those of them that the training changes.
        multiply_adds: Multiplications of weights with inputs for one photo.
        state: Whether it learns.
        block: What it belongs to, ``HEAD`` behind the cut.
    """

    index: int
    name: str
    kind: str
    shape: Shape
    parameters: int
    trained: int
    multiply_adds: int
    state: LayerState
    block: str


@dataclass(frozen=True, slots=True)
class CutPlace:
    """A layer that a network can be cut at: its output alone feeds everything after it.

    Attributes:
        index: Its place in the network.
        name: In the network.
        shape: Of its output for one photo.
        compute: Share of all multiplications that are done up to it, 0 to 1.
        parameters: Weights up to it, which a cut there keeps.
        block: What it belongs to.
    """

    index: int
    name: str
    shape: Shape
    compute: float
    parameters: int
    block: str


@dataclass(frozen=True, slots=True)
class NetworkSummary:
    """A network from photo to answer.

    Attributes:
        layers: All its layers in order; what lies behind the cut is none of it.
        cut: Name of the layer that the head reads.
    """

    layers: tuple[SummaryLayer, ...]
    cut: str

    @property
    def parameters(self) -> int:
        """Weights of all layers."""
        return sum(layer.parameters for layer in self.layers)

    @property
    def trained(self) -> int:
        """Those of them that the training changes."""
        return sum(layer.trained for layer in self.layers)

    @property
    def multiply_adds(self) -> int:
        """Multiplications of weights with inputs for one photo."""
        return sum(layer.multiply_adds for layer in self.layers)

    def find(self, name: str) -> SummaryLayer | None:
        """The layer of this name, or None."""
        return next((layer for layer in self.layers if layer.name == name), None)


@dataclass(frozen=True, slots=True)
class Block:
    """Layers that belong together, in the words of a network's authors.

    Attributes:
        name: As the names of the layers tell it.
        layers: In order.
    """

    name: str
    layers: tuple[SummaryLayer, ...]

    @property
    def first_layer(self) -> str:
        """Its first layer with weights: training from there on trains the whole block."""
        return next((layer.name for layer in self.layers if layer.parameters), self.layers[0].name)

    @property
    def shape(self) -> Shape:
        """Of its output for one photo."""
        return self.layers[-1].shape

    @property
    def parameters(self) -> int:
        """Weights of all its layers."""
        return sum(layer.parameters for layer in self.layers)

    @property
    def trained(self) -> int:
        """Those of them that the training changes."""
        return sum(layer.trained for layer in self.layers)

    @property
    def state(self) -> LayerState:
        """What its layers do that learn; "frozen" if none does."""
        return next((layer.state for layer in self.layers if layer.trained), "frozen")


def summarize(
    spec: ModelSpec, n_classes: int, unfreeze_from: str | None = None, *, learn_batch_norm: bool = False
) -> NetworkSummary:
    """What a network will look like, and which of its layers learn.

    Args:
        spec: The network. Of one whose layers can't all be built, those before the first that can't.
        n_classes: Number of classes.
        unfreeze_from: First layer of the backbone that is refined, "" for all of it; None for the head alone.
        learn_batch_norm: Whether the backbone's batch-norm layers are refined, too.

    Raises:
        TLStudioError: If there is no such network, cut or layer, or photos are too small.
    """
    layers = network_layers(spec)
    blocks = _blocks_of(spec, layers)
    end = _cut_index(spec, layers)
    refined = frozenset[int]() if unfreeze_from is None else _refined(layers[: end + 1], unfreeze_from)
    scratch = spec.weights == "none"
    found = []
    for index, layer in enumerate(layers[: end + 1]):
        learns = index in refined and (learn_batch_norm or layer.kind != "BatchNormalization")
        state: LayerState = "new" if scratch else "refined" if learns else "frozen"
        found.append(_summary_layer(index, layer, state, blocks[index]))
    head = head_graph(spec.head, layers[end].shape, n_classes)
    found += [_summary_layer(end + 1 + place, layer, "new", HEAD) for place, layer in enumerate(head)]
    return NetworkSummary(tuple(found), layers[end].name)


def network_layers(spec: ModelSpec) -> tuple[GraphLayer, ...]:
    """All layers of a network without its head, wherever it is cut.

    Raises:
        TLStudioError: If there is no such network, or photos are too small.
    """
    table = table_of(spec)
    return backbone_layers(spec.backbone, spec.input_size) if table is None else table_layers(table)


def cut_places(spec: ModelSpec) -> tuple[CutPlace, ...]:
    """Where a network can be cut, from the photo on; the last one is its end.

    Raises:
        TLStudioError: If there is no such network, or photos are too small.
    """
    layers = network_layers(spec)
    blocks = _blocks_of(spec, layers)
    work = list(accumulate(layer.multiply_adds for layer in layers))
    kept = list(accumulate(layer.parameters for layer in layers))
    return tuple(
        CutPlace(
            index, layers[index].name, layers[index].shape, work[index] / max(work[-1], 1), kept[index], blocks[index]
        )
        for index in cut_indices(layers)
        if index  # behind the photo itself there is no network left
    )


def blocks(summary: NetworkSummary) -> tuple[Block, ...]:
    """The blocks of a network in order, without its head. What holds no weights before the first is none."""
    grouped: dict[str, list[SummaryLayer]] = {}
    for layer in summary.layers:
        if layer.block != HEAD:
            grouped.setdefault(layer.block, []).append(layer)
    found = [Block(name, tuple(layers)) for name, layers in grouped.items()]
    return tuple(block for place, block in enumerate(found) if place or block.parameters)


def first_layer_of_last_blocks(summary: NetworkSummary, count: int) -> str:
    """The layer from which on the last blocks of a network are refined; the first one where it has no more blocks.

    Args:
        summary: The network.
        count: How many blocks, at least 1.
    """
    found = blocks(summary)
    return found[-min(count, len(found))].first_layer


def usual_unfreeze(spec: ModelSpec) -> str:
    """First layer that refining trains unless told otherwise: the last stage of the network, as far as it is cut.

    Raises:
        TLStudioError: If there is no such cut.
    """
    entry = find_backbone(spec.backbone)
    if entry is None or not spec.cut_layer:
        return entry.unfreeze_from if entry else ""
    summary = summarize(spec, 2)
    usual = summary.find(entry.unfreeze_from)
    behind = summary.layers[usual.index :] if usual else ()
    learns = any(layer.parameters for layer in behind if layer.block != HEAD)
    return entry.unfreeze_from if learns else first_layer_of_last_blocks(summary, entry.refined_blocks)


def _summary_layer(index: int, layer: GraphLayer, state: LayerState, block: str) -> SummaryLayer:
    trained = 0 if state == "frozen" else layer.learnable
    return SummaryLayer(
        index, layer.name, layer.kind, layer.shape, layer.parameters, trained, layer.multiply_adds, state, block
    )


def _blocks_of(spec: ModelSpec, layers: Sequence[GraphLayer]) -> tuple[str, ...]:
    return block_names(layers, None) if find_backbone(spec.backbone) is None else _backbone_blocks(spec.backbone)


@lru_cache(maxsize=8)
def _backbone_blocks(backbone: str) -> tuple[str, ...]:
    entry = get_backbone(backbone)
    return block_names(backbone_layers(backbone, entry.input_size), entry)


def _cut_index(spec: ModelSpec, layers: Sequence[GraphLayer]) -> int:
    """Index of the layer that the head reads."""
    if not spec.cut_layer:
        return len(layers) - 1
    cuts = {layers[index].name: index for index in cut_indices(layers)}
    if spec.cut_layer not in cuts:
        last = list(cuts)[-8:]
        raise TLStudioError(
            f"{spec.backbone} can't be cut at “{spec.cut_layer}”.",
            f"It can be cut at: {', '.join(last)}, and at others before these.",
        )
    return cuts[spec.cut_layer]


def _refined(layers: Sequence[GraphLayer], unfreeze_from: str) -> frozenset[int]:
    """Indices of the layers that are refined: all but those that feed the first one."""
    if not unfreeze_from:
        return frozenset(range(len(layers)))
    index = next((index for index, layer in enumerate(layers) if layer.name == unfreeze_from), None)
    if index is None:
        raise TLStudioError(
            f"The network has no layer called “{unfreeze_from}” before its cut.",
            "“tlstudio list layers” names them all.",
        )
    return frozenset(range(len(layers))) - feeding(layers, index)
