"""Which network suits a person's photos, and why: what is used when nobody chooses."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from tlstudio.errors import TLStudioError
from tlstudio.modeling.backbones import BACKBONES, STARTER, Backbone, get_backbone
from tlstudio.modeling.spec import ModelSpec
from tlstudio.modeling.speeds import SpeedStore
from tlstudio.modeling.weights import at_hand
from tlstudio.training.config import TrainConfig
from tlstudio.training.recipes import config_for, spec_for

# Good and quick on a laptop first; the rest of the table follows in its own order.
_PREFERRED: Final = (
    "mobilenet_v3_large",
    "mobilenet_v2_1.0",
    "efficientnet_v2_b0",
    "mobilenet_1.0",
    "mobilenet_v3_small",
)

_PATIENCE_SECONDS: Final = 600
"""For looking at every photo once, which is most of the work."""

_LONG_SECONDS: Final = 60
_TINY_SIDE: Final = 64
_TINY_INPUT: Final = 96
"""Input in pixels for photos that have no more to show: less costs pre-trained networks more than it saves."""

_FEW: Final = 10
"""Photos of a class below which more of them matter most."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What a recommendation goes by.

    Attributes:
        photos: How many there are; 0 while nobody knows.
        classes: How many classes.
        side: Usual length of a photo's shorter side in pixels; 0 while nobody knows.
        at_hand: Networks with ImageNet weights on this computer, by name and the size in pixels that those are for.
        speeds: Photos a second that networks compute here at their usual size, by name.
    """

    photos: int = 0
    classes: int = 0
    side: int = 0
    at_hand: frozenset[tuple[str, int]] = frozenset()
    speeds: Mapping[str, float] = field(default_factory=dict)

    def seconds(self, spec: ModelSpec) -> float:
        """How long it takes to look at all photos once; 0 where nobody knows the speed."""
        speed = self.speeds.get(spec.backbone)
        usual = get_backbone(spec.backbone).input_size
        return self.photos / speed * (spec.input_size / usual) ** 2 if speed else 0.0


@dataclass(frozen=True, slots=True)
class Recommendation:
    """What to use, and why.

    Attributes:
        spec: The network.
        config: Its training.
        why: Two sentences.
    """

    spec: ModelSpec
    config: TrainConfig
    why: str


def recommend(facts: Facts) -> Recommendation:
    """The first of the usual networks that is here and looks at the photos in reasonable time, else the quickest.

    Small photos are not blown up further than the network needs.
    """
    ready = [
        _sized(backbone, facts)
        for backbone in _by_preference()
        if (backbone.name, backbone.input_size) in facts.at_hand
    ]
    quick = [spec for spec in ready if facts.seconds(spec) <= _PATIENCE_SECONDS]
    starter = spec_for(STARTER)
    spec = quick[0] if quick else min((*ready, starter), key=facts.seconds) if ready else starter
    return Recommendation(spec, config_for(spec), f"{_first(facts, spec)} {_second(facts, spec, bool(quick))}".strip())


def facts_here(photos: int = 0, classes: int = 0, side: int = 0) -> Facts:
    """The facts of some photos, on this computer."""
    here = [entry for entry in BACKBONES if entry.pretrained == "imagenet" and at_hand(entry, entry.input_size)]
    sizes = {
        (entry.name, size)
        for entry in here
        for size in (entry.input_size, *entry.weights_sizes)
        if size == entry.input_size or at_hand(entry, size)
    }
    store = SpeedStore()
    speeds = {
        entry.name: store.speed(entry, entry.input_size).photos_per_second for entry in (get_backbone(STARTER), *here)
    }
    return Facts(photos, classes, side, frozenset(sizes), speeds)


def recommended_spec(weights: str | None = None, facts: Facts | None = None) -> tuple[ModelSpec, str]:
    """The network to use when nobody chose one, and a sentence that says why.

    Args:
        weights: Where the weights are wanted from, if that much was chosen: "bundled", "imagenet" or "none".
        facts: What is known of the photos and this computer; only of the computer if None.

    Raises:
        TLStudioError: If weights from a file are wanted: only its owner knows their network.
    """
    if weights == "none":
        return spec_for("small_cnn"), "It learns from your photos alone."
    if weights == "bundled":
        facts = Facts()
    elif weights in (None, "imagenet"):
        facts = facts or facts_here()
    else:
        raise TLStudioError(f"Nobody can tell which network {weights} belongs to.", "Name it with --backbone.")
    if weights == "imagenet" and not facts.at_hand:
        backbone = get_backbone(_PREFERRED[0])
        return spec_for(backbone.name), f"{backbone.title} has already learnt from a million photos."
    spec = recommend(facts).spec
    return spec, _first(Facts(), spec)


def _by_preference() -> list[Backbone]:
    others = (entry for entry in BACKBONES if entry.name not in _PREFERRED)
    return [*map(get_backbone, _PREFERRED), *others]


def _sized(backbone: Backbone, facts: Facts) -> ModelSpec:
    """A network at its usual size, or at a smaller one that shows all there is of tiny photos."""
    least = max(_TINY_INPUT, backbone.min_size)
    fitting = [size for size in backbone.input_sizes if least <= size < backbone.input_size]
    if not 0 < facts.side <= _TINY_SIDE or not fitting:
        return spec_for(backbone.name)
    has_weights = (backbone.name, backbone.imagenet_size(fitting[0])) in facts.at_hand
    return spec_for(backbone.name, input_size=fitting[0] if has_weights else 0)


def _first(facts: Facts, spec: ModelSpec) -> str:
    """What the network brings along."""
    if spec.backbone == STARTER:
        known = "starter network has already learnt from small photos and comes with TL Studio."
        return f"{_photos(facts)}, and the {known}" if facts.photos else f"The {known}"
    title = get_backbone(spec.backbone).title
    if facts.photos:
        return f"{_photos(facts)}, and {title} has already learnt from a million others."
    return f"{title} has already learnt from a million photos and is on this computer."


def _photos(facts: Facts) -> str:
    classes = "1 class" if facts.classes == 1 else f"{facts.classes:,} classes"
    return f"You have {facts.photos:,} photos in {classes}"


def _second(facts: Facts, spec: ModelSpec, in_time: bool) -> str:
    """What else speaks for it, or matters more; "" while nobody knows the photos."""
    if not facts.photos:
        return ""
    each = facts.photos // max(1, facts.classes)
    if each < _FEW:
        return f"With about {max(1, each)} photos a class, more photos would help more than another network."
    if spec.input_size < get_backbone(spec.backbone).input_size:
        return f"Your photos are about {facts.side} pixels wide, so {spec.input_size} are enough, and quicker."
    if not in_time and facts.at_hand:
        return "It is the quickest on this computer, where others would take more than ten minutes to look at them all."
    minutes = facts.seconds(spec) / _LONG_SECONDS
    if minutes >= 1:
        return f"It needs no download, and about {minutes:.0f} min on this computer to look at them all."
    return "It is quick on this computer and needs no download."
