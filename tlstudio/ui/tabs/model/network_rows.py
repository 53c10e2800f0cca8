"""What the table of networks says of each of them, in words and numbers. Knows no Qt."""

from dataclasses import dataclass
from typing import Final

from tlstudio.modeling.architectures import ARCHITECTURES, Architecture
from tlstudio.modeling.backbones import BACKBONES, Backbone
from tlstudio.modeling.spec import ModelSpec
from tlstudio.modeling.speeds import Speed, SpeedStore
from tlstudio.modeling.weights import at_hand
from tlstudio.ui.tabs.model.model_facts import Entry, Source, knowledge_source, megabytes, parameters, written_megabytes
from tlstudio.wording import percent

_KNOWN: Final[dict[Source, tuple[str, str]]] = {
    "imagenet": ("ImageNet", "It has learnt from a million photos of ImageNet"),
    "bundled": ("small photos", "It has learnt from small photos, not from those of ImageNet"),
    "none": ("none", "It learns from your photos alone"),
    "file": ("your file", "It knows what the network in your file knew"),
}
_LEAST_IN_MILLIONS: Final = 50_000
_MOST_DECIMALS: Final = 99_950_000


@dataclass(frozen=True, slots=True)
class NetworkRow:
    """One network of the table.

    Attributes:
        name: As in ``ModelSpec.backbone``.
        title: As in the window.
        knowledge: Published top-1 accuracy on ImageNet, 0 to 1; None where it starts without that.
        known: What it knows before it sees the user's photos, in a word or two.
        known_at_length: The same as a sentence, with its source.
        speed: How quick it is on this computer; None where nobody can tell.
        parameters: Weights and biases; those of the last layers only where the network learns from scratch.
        megabytes: Size of its weights.
        input_size: Width and height in pixels of the photos that it looks at.
        here: What is on this computer: "Ready", "Download 9 MB" or "Your file".
        ready: Whether nothing has to be downloaded.
        chosen: Whether it is the one that will be trained.
    """

    name: str
    title: str
    knowledge: float | None
    known: str
    known_at_length: str
    speed: Speed | None
    parameters: int
    megabytes: float
    input_size: int
    here: str
    ready: bool
    chosen: bool

    @property
    def speed_words(self) -> str:
        """Photos a second: as measured, or an estimate that says so; "–" where nobody can tell."""
        return "–" if self.speed is None else self.speed.in_words()

    @property
    def parameters_words(self) -> str:
        """Weights and biases, rounded to millions; few of them exactly."""
        if self.parameters < _LEAST_IN_MILLIONS:
            return f"{self.parameters:,}"
        return f"{self.parameters / 1e6:.{1 if self.parameters < _MOST_DECIMALS else 0}f} M"

    @property
    def size_words(self) -> str:
        """Width and height of the photos in pixels."""
        return f"{self.input_size} px"

    @property
    def facts(self) -> str:
        """What a narrow table leaves out, in one line."""
        size = written_megabytes(self.megabytes)
        return f"{self.parameters:,} parameters, {size}, photos of {self.input_size} × {self.input_size} pixels"

    def fits(self, words: str) -> bool:
        """Whether all words are in its name, however they are spaced: "resnet 50" and "resnet50" find the same."""
        name = _compact(f"{self.title} {self.name}")
        return all(_compact(word) in name for word in words.split())


def _compact(text: str) -> str:
    return "".join(character for character in text.casefold() if character not in "_- ")


def network_rows(spec: ModelSpec, own: Architecture | None = None) -> list[NetworkRow]:
    """All networks, the chosen one with the size and the weights that it will start from.

    Args:
        spec: What is chosen.
        own: The network that a person put together, as an entry of the table; None if there is none.
    """
    speeds = SpeedStore()
    entries: list[Entry] = [*BACKBONES, *ARCHITECTURES, *((own,) if own else ())]
    return [_row(entry, spec, speeds) for entry in entries]


def _row(entry: Entry, spec: ModelSpec, speeds: SpeedStore) -> NetworkRow:
    chosen = entry.name == spec.backbone
    size = spec.input_size if chosen else entry.input_size
    source = knowledge_source(entry, spec.weights if chosen else None)
    backbone = entry if isinstance(entry, Backbone) else None
    ready = backbone is None or source in ("none", "file") or at_hand(backbone, size)
    top1 = backbone.top1 if backbone and source == "imagenet" else None
    amount = written_megabytes(megabytes(entry))
    known, known_at_length = _knowledge(source, backbone)
    return NetworkRow(
        name=entry.name,
        title=entry.title,
        knowledge=top1,
        known=known,
        known_at_length=known_at_length,
        speed=speeds.speed(backbone, size) if backbone else None,
        parameters=parameters(entry),
        megabytes=megabytes(entry),
        input_size=size,
        here="Your file" if source == "file" else "Ready" if ready else f"Download {amount}",
        ready=ready,
        chosen=chosen,
    )


def _knowledge(source: Source, backbone: Backbone | None) -> tuple[str, str]:
    """What a network knows beforehand, in a word or two and at length."""
    if backbone is None or backbone.top1 is None or source != "imagenet":
        return _KNOWN[source]
    right = percent(backbone.top1, 1)
    return right, f"{right} of the ImageNet photos right (top-1 accuracy), as published in {backbone.top1_source}"
