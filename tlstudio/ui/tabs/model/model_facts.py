"""What the Model tab says of networks and choices, in words and numbers. Knows no Qt."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from tlstudio.modeling.architectures import ARCHITECTURES, Architecture, find_architecture
from tlstudio.modeling.backbones import BACKBONES, Backbone, get_backbone
from tlstudio.modeling.spec import ModelSpec
from tlstudio.modeling.starter import starter_figures
from tlstudio.modeling.weights import at_hand
from tlstudio.training.config import TrainConfig

MOST_LAYERS: Final = 4
MOST_UNITS: Final = 4096
UNITS_RULE: Final = f"At most {MOST_LAYERS} numbers from 1 to {MOST_UNITS:,}, such as 256, 128."
LAYER_RULE: Final = "The name of one layer, without spaces."

Entry = Backbone | Architecture
Source = Literal["imagenet", "bundled", "none", "file"]

_KNOWN: Final[dict[Source, str]] = {
    "imagenet": "ImageNet",
    "bundled": "from small photos",
    "none": "from your photos alone",
    "file": "as in your file",
}


@dataclass(frozen=True, slots=True)
class NetworkRow:
    """One network of the table.

    Attributes:
        name: As in ``ModelSpec.backbone``.
        title: As in the window.
        knowledge: Published top-1 accuracy on ImageNet, 0 to 1; None where it starts without that.
        known: What it knows before it sees the user's photos, in a few words.
        megabytes: Size of its weights.
        here: What is on this computer: "Ready", "Download 9 MB" or "Your file".
        ready: Whether nothing has to be downloaded.
        chosen: Whether it is the one that will be trained.
    """

    name: str
    title: str
    knowledge: float | None
    known: str
    megabytes: float
    here: str
    ready: bool
    chosen: bool


def entry_of(spec: ModelSpec) -> Entry:
    """The entry of its table.

    Raises:
        TLStudioError: If there is none.
    """
    return find_architecture(spec.backbone) or get_backbone(spec.backbone)


def network_rows(spec: ModelSpec) -> list[NetworkRow]:
    """All networks, the chosen one with the weights that it will start from."""
    entries: list[Entry] = [*BACKBONES, *ARCHITECTURES]
    return [_row(entry, spec) for entry in entries]


def _row(entry: Entry, spec: ModelSpec) -> NetworkRow:
    chosen = entry.name == spec.backbone
    size = spec.input_size if chosen else entry.input_size
    source = knowledge_source(entry, spec.weights if chosen else None)
    ready = not isinstance(entry, Backbone) or source in ("none", "file") or at_hand(entry, size)
    amount = written_megabytes(megabytes(entry))
    here = "Your file" if source == "file" else "Ready" if ready else f"Download {amount}"
    top1 = entry.top1 if isinstance(entry, Backbone) and source == "imagenet" else None
    known = _KNOWN[source] if top1 is None else f"{top1 * 100:.1f} %"
    return NetworkRow(entry.name, entry.title, top1, known, megabytes(entry), here, ready, chosen)


def knowledge_source(entry: Entry, weights: str | None = None) -> Source:
    """Where a network's knowledge comes from; with weights as in ``ModelSpec``, or None for its usual ones."""
    usual = entry.pretrained if isinstance(entry, Backbone) else "none"
    if weights is None or weights == usual:
        return usual
    return "none" if weights == "none" else "file"


def megabytes(entry: Entry) -> float:
    """Size of the weights."""
    return (entry.weights_bytes if isinstance(entry, Backbone) else 4 * entry.parameters) / 1e6


def written_megabytes(amount: float) -> str:
    """A size for people."""
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
    """What the starter network is, and how much better a download is: measured, so the figures come with it."""
    measured = starter_figures()
    better = get_backbone(measured.compared_with)
    return (
        f"A small network that comes with TL Studio and needs no network connection. {better.title} with ImageNet "
        f"weights, one download of {written_megabytes(megabytes(better))}, is more accurate: on our four test sets it "
        f"gets {measured.compared:.0%} of the photos right, this one {measured.mean:.0%}."
    )


def rounds_words(config: TrainConfig) -> str:
    """How long it learns at most, refining included."""
    return f"up to {sum(phase.epochs for phase in config.phases):,} rounds"


def refined_blocks(spec: ModelSpec, unfreeze_from: str) -> int | None:
    """Blocks that refining changes; None where only the person who named the layer knows."""
    entry = entry_of(spec)
    if isinstance(entry, Architecture) or unfreeze_from not in ("", entry.unfreeze_from):
        return None
    return entry.refined_blocks


def head_numbers(spec: ModelSpec, n_classes: int) -> int | None:
    """Weights and biases of the last layers; None where the network is cut elsewhere than at its end."""
    if spec.cut_layer:
        return None
    side, width = entry_of(spec).feature_map(spec.input_size)
    if spec.head.pooling == "flatten":
        width *= side * side
    total = 0
    for units in (*spec.head.dense, n_classes):
        total += (width + 1) * units
        width = units
    return total


def learnt_numbers(spec: ModelSpec, n_classes: int) -> str:
    """What the first part of the training learns, in words: exact for last layers alone, else rounded."""
    head = head_numbers(spec, n_classes)
    if head is None:
        return "depends on the cut"
    if spec.weights != "none":
        return f"{head:,}"
    return _about(head + entry_of(spec).parameters)


def _about(count: int) -> str:
    million = 1_000_000
    return f"about {count / million:.1f} million" if count >= million else f"about {round(count, -4):,}"


def written_units(units: tuple[int, ...]) -> str:
    """Hidden layers as a person types them: "256, 128"."""
    return ", ".join(str(count) for count in units)


def parse_units(text: str) -> tuple[int, ...] | None:
    """Hidden layers from what was typed; None if it breaks ``UNITS_RULE``."""
    parts = [part.strip() for part in text.replace(";", ",").split(",")] if text.strip() else []
    if len(parts) > MOST_LAYERS or not all(part.isascii() and part.isdigit() for part in parts):
        return None
    units = tuple(int(part) for part in parts)
    return units if all(1 <= count <= MOST_UNITS for count in units) else None


def parse_layer(text: str) -> str | None:
    """A layer's name from what was typed, empty for the network's own; None if it breaks ``LAYER_RULE``."""
    name = text.strip()
    return None if any(character.isspace() for character in name) else name
