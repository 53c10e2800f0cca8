"""What a list of layers says of each of them. Knows no Qt."""

from collections.abc import Sequence
from dataclasses import dataclass

from tlstudio.modeling.layer_table import Layer, Shapes, in_words
from tlstudio.ui.tabs.model.layers.layer_kinds import kind_of, summary


@dataclass(frozen=True, slots=True)
class LayerLine:
    """One line of the list.

    Attributes:
        layer: The layer.
        title: Its kind.
        settings: Its settings in a few words.
        output: Shape of what comes out; "–" where that isn't known.
        parameters: Weights and biases; "–" where they aren't known.
        problem: Why it can't be built, and what helps; empty if it can.
    """

    layer: Layer
    title: str
    settings: str
    output: str
    parameters: str
    problem: str = ""

    def spoken(self, number: int) -> str:
        """All of it for a screen reader; ``number`` counts from 1."""
        rest = self.problem or f"output {self.output}, {self.parameters} parameters"
        return ", ".join(filter(None, (f"Layer {number}: {self.title}", self.settings, rest)))


def layer_lines(rows: Sequence[Layer], found: Shapes | None) -> tuple[LayerLine, ...]:
    """A line for each layer.

    Args:
        rows: The layers.
        found: Their shapes, up to the first that can't be built; None where it isn't known what they read.
    """
    return tuple(_line(layer, index, found) for index, layer in enumerate(rows))


def _line(layer: Layer, index: int, found: Shapes | None) -> LayerLine:
    kind = kind_of(layer)
    if found is not None and index < len(found.layers):
        known = found.layers[index]
        return LayerLine(layer, kind.title, summary(layer), in_words(known.shape), f"{known.parameters:,}")
    problem = found.problem if found is not None else None
    stuck = problem is not None and problem.row == index
    words = f"{_sentence(problem.message)} {problem.hint}" if problem is not None and stuck else ""
    return LayerLine(layer, kind.title, summary(layer), "–", "–", words)


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]
