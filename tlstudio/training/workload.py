"""What each phase of a training has to keep and to compute, counted from the layers of its network. No TensorFlow."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from tlstudio.modeling.backbones import find_backbone
from tlstudio.modeling.part import PHOTO, POOLING
from tlstudio.modeling.spec import ModelSpec
from tlstudio.modeling.summary.graph_layer import GraphLayer, cut_indices, feeding
from tlstudio.modeling.summary.summary import network_layers
from tlstudio.modeling.summary.table_layers import head_graph
from tlstudio.training.config import Phase, TrainConfig

_FLOAT: Final = 4  # bytes
_KEEPS_OUTPUT: Final = frozenset({"ReLU", "Dropout"})
_KEEPS_INPUTS: Final = frozenset({"Activation", "MaxPooling2D", "Multiply"})
_SLOTS: Final = {"adam": 2, "adamw": 2, "rmsprop": 1, "sgd": 0}


@dataclass(frozen=True, slots=True)
class Workload:
    """One phase. Bytes and multiplications are those of one photo where nothing else is said.

    Attributes:
        phase: Its settings.
        start: Layer that the trained part begins after.
        entry: Bytes of what is kept of a photo for it: what goes into the trained part.
        reading: Multiplications from the photo to there.
        read_weights: Bytes of the weights that do that.
        read_widest: Bytes of the largest input and output of a layer on that way.
        weights: Bytes of all weights of the network that is built for it.
        tail: Bytes of the weights of the trained part, with what stays frozen in it.
        learnt: Bytes of the weights that change.
        slots: Numbers that the optimizer remembers of each weight that changes.
        forward: Multiplications of the trained part.
        backward: Those of them behind the first layer that changes.
        outputs: Bytes of the outputs of all layers of the trained part.
        kept: Bytes of the outputs that backpropagation needs.
        widest: Bytes of the largest input and output of a layer of the trained part.
        layers: Layers of the trained part, which TensorFlow traces.
    """

    phase: Phase
    start: str
    entry: int
    reading: int
    read_weights: int
    read_widest: int
    weights: int
    tail: int
    learnt: int
    slots: int
    forward: int
    backward: int
    outputs: int
    kept: int
    widest: int
    layers: int


def workloads(spec: ModelSpec, config: TrainConfig, n_classes: int) -> tuple[Workload, ...]:
    """What the phases have to do, in order.

    Raises:
        TLStudioError: If there is no such network or layer, or photos are too small.
    """
    found: list[Workload] = []
    earliest = math.inf
    for phase in config.phases:
        sized = spec.with_input_size(phase.input_size) if phase.input_size else spec
        graph = _graph(sized, n_classes)
        start = min(_start(graph, phase), earliest)
        earliest = start
        found.append(_workload(graph, phase, int(start)))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Graph:
    """A whole network.

    Attributes:
        layers: With its head.
        pooling: Index of the first layer of the head.
        smooth: Whether its layers called "Activation" are no rectifiers: their gradient needs what went in.
    """

    layers: tuple[GraphLayer, ...]
    pooling: int
    smooth: bool


def _graph(spec: ModelSpec, n_classes: int) -> _Graph:
    layers = network_layers(spec)
    names = [layer.name for layer in layers]
    end = names.index(spec.cut_layer) if spec.cut_layer in names else len(layers) - 1
    head = head_graph(spec.head, layers[end].shape, n_classes)
    place = end + 1
    linked = (
        GraphLayer(
            one.name, one.kind, (place + number - 1,), one.shape, one.parameters, one.learnable, one.multiply_adds
        )
        for number, one in enumerate(head)
    )
    entry = find_backbone(spec.backbone)
    # The families that prepare photos themselves are those with swish and GELU; the older ones rectify.
    return _Graph((*layers[:place], *linked), place, entry is not None and entry.preprocessing == "inside")


def _start(graph: _Graph, phase: Phase) -> int:
    """Index of the layer that the trained part begins after."""
    if phase.name == "head":
        return graph.pooling
    names = [layer.name for layer in graph.layers]
    if phase.name == "scratch" or phase.unfreeze_from not in names:
        return 0
    first = names.index(phase.unfreeze_from)
    cuts = cut_indices(graph.layers)
    if first in cuts and not graph.layers[first].parameters:
        return first
    return max((cut for cut in cuts if cut < first), default=0)


def _workload(graph: _Graph, phase: Phase, start: int) -> Workload:
    before, behind = graph.layers[: start + 1], graph.layers[start + 1 :]
    changing = _changing(graph, phase, start)
    built = graph.layers if phase.name != "head" else behind
    return Workload(
        phase=phase,
        start=PHOTO if start == 0 else POOLING if start == graph.pooling else graph.layers[start].name,
        entry=math.prod(graph.layers[start].shape) * (_FLOAT if start else 1),
        reading=sum(layer.multiply_adds for layer in before),
        read_weights=_FLOAT * sum(layer.parameters for layer in before),
        read_widest=_widest(graph.layers, range(1, start + 1)),
        weights=_FLOAT * sum(layer.parameters for layer in built),
        tail=_FLOAT * sum(layer.parameters for layer in behind),
        learnt=_FLOAT * sum(graph.layers[index].learnable for index in changing if _learns(graph, index, phase)),
        slots=_SLOTS[phase.optimizer.name] + (1 if phase.optimizer.momentum else 0),
        forward=sum(layer.multiply_adds for layer in behind),
        backward=sum(graph.layers[index].multiply_adds for index in changing),
        outputs=_FLOAT * sum(math.prod(layer.shape) for layer in behind),
        kept=_FLOAT * sum(math.prod(graph.layers[index].shape) for index in _remembered(graph, changing, phase)),
        widest=_widest(graph.layers, range(start + 1, len(graph.layers))),
        layers=len(behind),
    )


def _changing(graph: _Graph, phase: Phase, start: int) -> list[int]:
    """Indices of the layers that gradients go through: all behind ``start`` but those that feed what changes first."""
    names = [layer.name for layer in graph.layers]
    frozen: frozenset[int] = frozenset()
    if phase.name == "fine_tune" and phase.unfreeze_from in names:
        frozen = feeding(graph.layers, names.index(phase.unfreeze_from))
    return [index for index in range(start + 1, len(graph.layers)) if index not in frozen]


def _remembered(graph: _Graph, changing: Sequence[int], phase: Phase) -> set[int]:
    """Indices of the layers whose outputs backpropagation needs again.

    The gradient of a weight needs what the weight was multiplied with, that of a maximum or of an activation where it
    came from. Sums, padding and batch norm with fixed statistics need nothing: they are linear.
    """
    found: set[int] = set()
    for index in changing:
        layer = graph.layers[index]
        if layer.kind == "BatchNormalization":
            found.update((*layer.reads, index) if _learns(graph, index, phase) else ())
        elif layer.kind in _KEEPS_OUTPUT or (layer.kind == "Activation" and not graph.smooth):
            found.add(index)
        elif layer.parameters or layer.kind in _KEEPS_INPUTS:
            found.update(layer.reads)
        if layer.kind == "MaxPooling2D":
            found.add(index)
    return found


def _learns(graph: _Graph, index: int, phase: Phase) -> bool:
    pretrained = phase.name == "fine_tune" and index < graph.pooling
    return not (pretrained and phase.batch_norm == "keep" and graph.layers[index].kind == "BatchNormalization")


def _widest(layers: Sequence[GraphLayer], indices: Sequence[int]) -> int:
    sizes = [math.prod(layer.shape) for layer in layers]
    return _FLOAT * max(
        (sizes[index] + sum(sizes[read] for read in layers[index].reads) for index in indices), default=0
    )
