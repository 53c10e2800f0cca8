"""The network as the choices describe it: what the picture and the lists show. Knows no Qt."""

from contextlib import suppress
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from tlstudio.errors import TLStudioError
from tlstudio.modeling.architectures import require_possible_layers, table_of
from tlstudio.modeling.layer_table import in_words
from tlstudio.modeling.spec import ModelSpec
from tlstudio.modeling.summary.summary import (
    Block,
    CutPlace,
    NetworkSummary,
    SummaryLayer,
    blocks,
    cut_places,
    summarize,
    usual_unfreeze,
)
from tlstudio.training.adjustment import refining_phase, unfrozen
from tlstudio.ui.choices import Choices

REFINING_ROUNDS: Final = 10
"""Rounds of refining unless told otherwise."""

_CLASSES_TO_COME: Final = 2


@dataclass(frozen=True, slots=True)
class ChosenNetwork:
    """What is chosen, as far as it can be built.

    Attributes:
        summary: Its layers; None where none can be known.
        blocks: Its blocks.
        cuts: Where it can be cut.
        scratch: Whether all of it begins with random weights.
        problem: Why it can't be trained like this; "" if it can.
    """

    summary: NetworkSummary | None
    blocks: tuple[Block, ...]
    cuts: tuple[CutPlace, ...]
    scratch: bool
    problem: str = ""

    @property
    def cut(self) -> str:
        """Name of the layer that the head reads; "" where that isn't known."""
        return self.summary.cut if self.summary else ""

    @property
    def end(self) -> CutPlace | None:
        """Where it is cut; None where that isn't known."""
        return next((place for place in self.cuts if place.name == self.cut), None)


def chosen_network(choices: Choices, n_classes: int) -> ChosenNetwork:
    """The network that is chosen; ``n_classes`` is 0 while there are no photos."""
    tuned = [phase for phase in choices.config().phases if phase.name == "fine_tune"]
    unfreeze_from = tuned[-1].unfreeze_from if tuned else None
    learn = bool(tuned) and tuned[-1].batch_norm == "learn"
    return _network(choices.spec, n_classes or _CLASSES_TO_COME, unfreeze_from, learn)


@lru_cache(maxsize=8)
def _network(spec: ModelSpec, n_classes: int, unfreeze_from: str | None, learn: bool) -> ChosenNetwork:
    scratch = spec.weights == "none"
    try:
        cuts = cut_places(spec)
    except TLStudioError as error:
        return ChosenNetwork(None, (), (), scratch, error.message)
    problem, summary = _unbuildable(spec), None
    try:
        summary = summarize(spec, n_classes, unfreeze_from, learn_batch_norm=learn)
    except TLStudioError as error:
        problem = error.message
        with suppress(TLStudioError):
            summary = summarize(spec, n_classes)
    return ChosenNetwork(summary, blocks(summary) if summary else (), cuts, scratch, problem)


def _unbuildable(spec: ModelSpec) -> str:
    """Which of a person's own layers can't be, and why; the summary ends before it."""
    table = table_of(spec)
    try:
        if table is not None:
            require_possible_layers(table)
    except TLStudioError as error:
        return error.message
    return ""


def totals(summary: NetworkSummary) -> str:
    """The whole network in numbers."""
    return (
        f"{len(summary.layers):,} layers, {summary.parameters:,} numbers (parameters), {summary.trained:,} of them "
        f"learn (trainable). {work_in_words(summary.multiply_adds)} multiplications for one photo."
    )


def work_in_words(multiply_adds: int) -> str:
    """Multiplications, rounded: "about 5.7 billion"."""
    for size, word in ((10**9, "billion"), (10**6, "million")):
        if multiply_adds >= size:
            return f"About {multiply_adds / size:.1f} {word}"
    return f"About {multiply_adds:,}"


def block_in_words(block: Block) -> str:
    """A block for people: its shape, its numbers and what becomes of them."""
    return f"{block.name}: {in_words(block.shape)}, {block.parameters:,} numbers, {_fate(block.state, block.trained)}"


def layer_fate(layer: SummaryLayer) -> str:
    """How many numbers of a layer learn: nothing where it has none, "stays" where none does."""
    if not layer.parameters:
        return ""
    return f"{layer.trained:,}" if layer.trained else "stays"


def _fate(state: str, trained: int) -> str:
    if state == "frozen":
        return "stays as it is"
    if state == "refined":
        return f"{trained:,} are refined"
    return "learns from the start"


def cut_at(choices: Choices, layer: str) -> Choices:
    """The same choices with the network cut elsewhere; what was to be refined behind the cut is left out.

    Args:
        choices: What is chosen.
        layer: Name of a layer that it can be cut at; "" for the network's usual place.
    """
    places = cut_places(choices.spec)
    usual = layer in ("", places[-1].name)
    cut = choices.with_spec(replace(choices.spec, cut_layer=None if usual else layer))
    kept = {found.name for found in summarize(cut.spec, _CLASSES_TO_COME).layers}
    phases = cut.config().phases
    named = {phase.unfreeze_from for phase in phases if phase.name == "fine_tune"}
    return cut if named <= kept | {""} else cut.with_phases(unfrozen(phases, usual_unfreeze(cut.spec)))


def refined_from(choices: Choices, layer: str) -> Choices:
    """The same choices with everything from a layer on refined, for the usual number of rounds if nothing was."""
    phases = choices.config().phases
    if not choices.refines:
        return choices.with_phases((*phases, refining_phase(choices.spec, REFINING_ROUNDS, unfreeze_from=layer)))
    return choices.with_phases(unfrozen(phases, layer))
