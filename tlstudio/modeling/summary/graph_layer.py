"""A layer of a network as plain data, and what follows from which layer reads which."""

from collections.abc import Sequence
from dataclasses import dataclass

from tlstudio.modeling.layer_table import Shape


@dataclass(frozen=True, slots=True)
class GraphLayer:
    """One layer of a network for photos of a given size.

    Attributes:
        name: In the network.
        kind: Its class in Keras.
        reads: Indices of the layers whose outputs go in; all come before it.
        shape: Of its output for one photo: (height, width, channels), or (numbers,).
        parameters: All its weights, with the running means of batch normalisation.
        learnable: Those of them that can be learnt.
        multiply_adds: Multiplications of weights with inputs for one photo.
    """

    name: str
    kind: str
    reads: tuple[int, ...]
    shape: Shape
    parameters: int
    learnable: int
    multiply_adds: int


def cut_indices(layers: Sequence[GraphLayer]) -> tuple[int, ...]:
    """Indices of the layers whose output alone feeds everything after them, in order; the last layer is one."""
    last_reader = list(range(len(layers)))
    for index, layer in enumerate(layers):
        for read in layer.reads:
            last_reader[read] = index
    found: list[int] = []
    furthest = -1
    for index, reader in enumerate(last_reader):
        if furthest <= index:
            found.append(index)
        furthest = max(furthest, reader)
    return tuple(found)


def feeding(layers: Sequence[GraphLayer], index: int) -> frozenset[int]:
    """Indices of everything that the inputs of a layer are computed from."""
    waiting = list(layers[index].reads)
    found: set[int] = set()
    while waiting:
        read = waiting.pop()
        if read not in found:
            found.add(read)
            waiting.extend(layers[read].reads)
    return frozenset(found)
