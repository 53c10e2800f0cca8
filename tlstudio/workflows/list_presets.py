"""Use case: say what is known of every preset, and what each needs on this computer."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, get_args

from tlstudio.datasets.sizes import size_in_words
from tlstudio.errors import TLStudioError
from tlstudio.modeling.architectures import spec_warning, title_of
from tlstudio.modeling.backbones import Pretrained, find_backbone
from tlstudio.modeling.spec import ModelSpec
from tlstudio.modeling.speeds import Speed, SpeedStore
from tlstudio.modeling.weights import at_hand
from tlstudio.paths import is_file
from tlstudio.presets.preset import Preset, Setup
from tlstudio.presets.preset_file import preset_json
from tlstudio.presets.shelf import own_presets, shipped_presets

_USUAL_CLASSES: Final = 10
_READY_MADE: Final = get_args(Pretrained)


@dataclass(frozen=True, slots=True)
class Needs:
    """What a preset needs on this computer.

    Attributes:
        download: Bytes to download before it can train; 0 for none.
        missing: Path of a weights file of its own that isn't here; "" where none is missing.
        speed: How quick its network is here; None for one that learns from the photos alone.
        warning: What to know of its size; "" for a reasonable one.
    """

    download: int
    missing: str
    speed: Speed | None
    warning: str

    @property
    def in_words(self) -> str:
        """Whether it can train at once: "on this computer", "94 MB to download"."""
        if self.missing:
            return f"{Path(self.missing).name} is not here"
        return f"{size_in_words(self.download)} to download" if self.download else "all on this computer"


def needs_of(spec: ModelSpec, n_classes: int = 0) -> Needs:
    """What a network needs; for so many classes, or a usual number."""
    warning = spec_warning(spec, n_classes or _USUAL_CLASSES)
    backbone = find_backbone(spec.backbone)
    if backbone is None or spec.weights == "none":
        return Needs(0, "", None, warning)
    own_file = spec.weights not in _READY_MADE
    missing = spec.weights if own_file and not is_file(Path(spec.weights)) else ""
    download = 0 if own_file or at_hand(backbone, spec.input_size) else backbone.weights_bytes
    return Needs(download, missing, SpeedStore().speed(backbone, spec.input_size), warning)


@dataclass(frozen=True, slots=True)
class PresetEntry:
    """A preset, and what it means on this computer.

    Attributes:
        preset: The preset.
        setup: What it sets.
        needs: What it needs.
        own: Whether the person saved it.
    """

    preset: Preset
    setup: Setup
    needs: Needs
    own: bool


def preset_entries() -> tuple[list[PresetEntry], tuple[TLStudioError, ...]]:
    """All presets, the person's own ones first, and what is wrong with files of theirs that can't be read."""
    own = own_presets()
    presets = (*own.presets, *shipped_presets())
    return [entry_of(preset, own=number < len(own.presets)) for number, preset in enumerate(presets)], own.damaged


def entry_of(preset: Preset, *, own: bool = False) -> PresetEntry:
    """A preset with what it needs here."""
    setup = preset.setup()
    return PresetEntry(preset, setup, needs_of(setup.spec, preset.data.classes), own)


def list_presets() -> list[dict[str, Any]]:
    """What ``list presets --json`` writes: one dictionary of facts for each, and the preset as in a file."""
    return [_facts(entry) for entry in preset_entries()[0]]


def _facts(entry: PresetEntry) -> dict[str, Any]:
    preset, spec, needs = entry.preset, entry.setup.spec, entry.needs
    return {
        "name": preset.name,
        "title": preset.title,
        "text": f"{preset.purpose} {title_of(spec.backbone)}, {spec.input_size} px, {needs.in_words}.".strip(),
        "own": entry.own,
        "network": title_of(spec.backbone),
        "bytes_to_download": needs.download,
        "photos_per_second": None if needs.speed is None else float(f"{needs.speed.photos_per_second:.3g}"),
        "measured": needs.speed is not None and needs.speed.measured,
        "warning": needs.warning,
        "preset": preset_json(preset),
    }
