"""What the list of weights says of each file, in words and numbers. Knows no Qt."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tlstudio.datasets.sizes import size_in_words
from tlstudio.modeling.backbones import BACKBONES
from tlstudio.modeling.weights import ready_made
from tlstudio.modeling.weights_cache import Kept, all_kept, place_of
from tlstudio.modeling.weights_files import WeightsFile
from tlstudio.wording import percent

Place = Literal["bundled", "here", "partly", "away"]
Purpose = Literal["training", "check-up"]

_STATES: dict[Place, str] = {
    "bundled": "Comes with TL Studio",
    "here": "Ready",
    "partly": "Partly here",
    "away": "Download",
}


@dataclass(frozen=True, slots=True)
class WeightsRow:
    """One file of weights.

    Attributes:
        title: The network, and the size of its photos where there are several files.
        purpose: What it is for.
        place: Where it is.
        size: In bytes; rounded while not all of it is here.
        arrived: Bytes of it on this computer.
        path: Where it lies, or will lie.
        file: What Keras publishes; None for what comes with the program.
    """

    title: str
    purpose: Purpose
    place: Place
    size: int
    arrived: int
    path: Path
    file: WeightsFile | None

    @property
    def key(self) -> str:
        """Tells it from all others."""
        return self.path.name

    @property
    def purpose_words(self) -> str:
        """What it is for, in a few words."""
        return "To train" if self.purpose == "training" else "For the check-up"

    @property
    def size_words(self) -> str:
        """How large it is."""
        return size_in_words(self.size)

    @property
    def share(self) -> float:
        """How much of it is here, 0 to 1."""
        return min(self.arrived / self.size, 1.0) if self.size else 0.0

    @property
    def state_words(self) -> str:
        """Where it is, in a few words."""
        return f"{percent(self.share)} here" if self.place == "partly" else _STATES[self.place]

    @property
    def deletable(self) -> bool:
        """Whether there is something that can be downloaded again."""
        return self.place in ("here", "partly")

    @property
    def line(self) -> str:
        """Where it is and what it is called, as a sentence for whoever looks closer."""
        if self.place == "bundled":
            return "These weights come with TL Studio and can't be deleted."
        if self.place == "here":
            return f"{self.size_words}, on this computer as {self.path.name}."
        if self.place == "partly":
            return f"{size_in_words(self.arrived)} of {self.size_words} are here; a download goes on from there."
        return f"{self.size_words} to download as {self.path.name}."


def weights_rows() -> list[WeightsRow]:
    """All files: what comes with the program first, then by network."""
    bundled = [
        WeightsRow(entry.title, "training", "bundled", size, size, path, None)
        for entry in BACKBONES
        if entry.pretrained == "bundled"
        for path in [ready_made(entry, entry.input_size)]
        for size in [path.stat().st_size if path.is_file() else 0]
    ]
    published = sorted(map(_row, all_kept()), key=lambda row: row.title.casefold())
    return bundled + published


def _row(kept: Kept) -> WeightsRow:
    file = kept.file
    usual = file.input_size == file.backbone.input_size
    return WeightsRow(
        title=file.backbone.title if usual else f"{file.backbone.title}, {file.input_size} px",
        purpose="check-up" if file.top else "training",
        place=kept.place,
        size=kept.bytes if kept.place == "here" else file.bytes,
        arrived=kept.bytes,
        path=place_of(file),
        file=file,
    )
