"""What the Model tab says of networks and choices, in words and numbers. Knows no Qt."""

from pathlib import Path
from typing import Final, Literal

from tlstudio.modeling.architectures import Architecture, architecture_of, feature_shape, spec_warning, table_of
from tlstudio.modeling.backbones import Backbone, get_backbone
from tlstudio.modeling.head import head_parameters
from tlstudio.modeling.layer_table import shapes
from tlstudio.modeling.spec import ModelSpec
from tlstudio.modeling.speeds import SpeedStore
from tlstudio.modeling.starter import starter_figures
from tlstudio.modeling.weights import at_hand
from tlstudio.training.config import TrainConfig
from tlstudio.ui.words.wording import rounds_in_words
from tlstudio.wording import percent

LARGE: Final = "That is very much to learn: it takes long, and few photos are soon learnt by heart."
LAYER_RULE: Final = "The name of one layer, without spaces."
_TYPICAL_CLASSES: Final = 10
_ROUNDED_FROM: Final = 100_000

Entry = Backbone | Architecture
Source = Literal["imagenet", "bundled", "none", "file"]


def entry_of(spec: ModelSpec) -> Entry:
    """The entry of its table.

    Raises:
        TLStudioError: If there is none.
    """
    return architecture_of(spec) or get_backbone(spec.backbone)


def knowledge_source(entry: Entry, weights: str | None = None) -> Source:
    """Where a network's knowledge comes from; with weights as in ``ModelSpec``, or None for its usual ones."""
    usual = entry.pretrained if isinstance(entry, Backbone) else "none"
    if weights is None or weights == usual:
        return usual
    return "none" if weights == "none" else "file"


def parameters(entry: Entry) -> int:
    """Weights and biases: of a backbone alone, of a network from scratch with its last layers for ten classes.

    Of some networks from scratch the last layers are nearly all there is.
    """
    if isinstance(entry, Backbone):
        return entry.parameters
    return entry.parameters + head_parameters(entry.head, entry.shapes(entry.input_size).output_shape, _TYPICAL_CLASSES)


def megabytes(entry: Entry) -> float:
    """Size of the weights."""
    return (entry.weights_bytes if isinstance(entry, Backbone) else 4 * parameters(entry)) / 1e6


def written_megabytes(amount: float) -> str:
    """A size for people."""
    if amount >= 999.5:
        return f"{amount / 1000:.1f} GB"
    if amount < 0.05:
        return f"{amount * 1000:.0f} kB"
    return f"{amount:.0f} MB" if amount >= 10 else f"{amount:.1f} MB"


def needs_download(spec: ModelSpec) -> bool:
    """Whether training has to fetch weights first."""
    entry = entry_of(spec)
    return (
        isinstance(entry, Backbone)
        and knowledge_source(entry, spec.weights) not in ("none", "file")
        and not at_hand(entry, spec.input_size)
    )


def place_words(spec: ModelSpec) -> str:
    """Size of the network, and where its weights are."""
    entry = entry_of(spec)
    amount = written_megabytes(megabytes(entry))
    if needs_download(spec):
        return f"Download {amount}, once"
    return (
        f"{amount}, from your file"
        if knowledge_source(entry, spec.weights) == "file"
        else f"{amount}, on this computer"
    )


def speed_words(spec: ModelSpec) -> str:
    """How quick a network is on this computer; "" for one from scratch, which nobody has measured."""
    entry = entry_of(spec)
    if isinstance(entry, Architecture):
        return ""
    return f"{SpeedStore().speed(entry, spec.input_size).in_words()} photos a second"


def knowledge_words(spec: ModelSpec) -> str:
    """Where the network starts, as one sentence or two."""
    entry = entry_of(spec)
    source = knowledge_source(entry, spec.weights)
    if source == "none":
        return f"{entry.title} starts without any knowledge and learns from your photos alone."
    if source == "file":
        return f"{entry.title} starts with what your file {Path(spec.weights).name} knows."
    if source == "bundled":
        return starter_words()
    known = f"{entry.title} has already learnt from a million photos."
    amount = written_megabytes(megabytes(entry))
    return f"{known} Its {amount} are downloaded when training starts." if needs_download(spec) else known


def starter_words() -> str:
    """What the starter network is, and how much better a download is."""
    return f"A small network that comes with TL Studio and needs no network connection. {better_words()}"


def better_words() -> str:
    """How much better than the starter network a download is: measured, so the figures come with it."""
    measured = starter_figures()
    better = get_backbone(measured.compared_with)
    return (
        f"{better.title} with ImageNet weights, one download of {written_megabytes(megabytes(better))}, is more "
        f"accurate: on our four test sets it gets {percent(measured.compared)} of the photos right, this one "
        f"{percent(measured.mean)}."
    )


def rounds_words(config: TrainConfig) -> str:
    """How long it learns at most, refining included."""
    return rounds_in_words(sum(phase.epochs for phase in config.phases))


def head_numbers(spec: ModelSpec, n_classes: int) -> int | None:
    """Weights and biases of the last layers; None where only the built network knows what they read."""
    shape = feature_shape(spec)
    return None if shape is None else head_parameters(spec.head, shape, n_classes)


def learnt_numbers(spec: ModelSpec, n_classes: int) -> str:
    """What the first part of the training learns, in words: large networks rounded, all else exact.

    Of layers that can't be built nothing is known.
    """
    table = table_of(spec)
    if table is not None and shapes(table).problem is not None:
        return "not known"
    head = head_numbers(spec, n_classes)
    if head is None:
        return "depends on the cut"
    if spec.weights != "none":
        return f"{head:,}"
    entry = entry_of(spec)
    before = entry.shapes(spec.input_size).parameters if isinstance(entry, Architecture) else entry.parameters
    return _about(head + before)


def warning_line(spec: ModelSpec, n_classes: int) -> str:
    """What to know before a network that is absurdly large is trained, in one short sentence; "" for others."""
    return LARGE if n_classes and spec_warning(spec, n_classes) else ""


def _about(count: int) -> str:
    million = 1_000_000
    if count < _ROUNDED_FROM:
        return f"{count:,}"
    return f"about {count / million:.1f} million" if count >= million else f"about {round(count, -4):,}"


def parse_layer(text: str) -> str | None:
    """A layer's name from what was typed, empty for the network's own; None if it breaks ``LAYER_RULE``."""
    name = text.strip()
    return None if any(character.isspace() for character in name) else name
