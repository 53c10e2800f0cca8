"""A preset: everything that makes a training, with where it comes from."""

from dataclasses import dataclass, field, replace
from typing import Final

from tlstudio.datasets.augmentation.amounts import AugmentationConfig
from tlstudio.datasets.augmentation.presets import NO_AUGMENTATION, find_augmentation
from tlstudio.datasets.reading.reading import FOLDER_LABELS
from tlstudio.datasets.size_rule import SizeRule
from tlstudio.datasets.splits.split import SplitConfig
from tlstudio.modeling.head_text import parse_head, written_head
from tlstudio.modeling.layer_table import LayerTable
from tlstudio.modeling.spec import ModelSpec, Preprocessing
from tlstudio.training.config import Phase, TrainConfig
from tlstudio.training.fitting import require_fitting
from tlstudio.training.recipes import own_spec, spec_for

OWN_COLLECTION: Final = ""
"""The collection of what people saved themselves."""


@dataclass(frozen=True, slots=True)
class MadeFor:
    """The photos that a preset was made for.

    Attributes:
        name: What they are called.
        classes: How many classes; 0 if nobody says.
        photos: How many there are; 0 if nobody says.
        labels: Where their labels come from, as ``parse_reading`` takes it.
        exact_size: (width, height) in pixels that a photo has to have to be used; None for any.
    """

    name: str = ""
    classes: int = 0
    photos: int = 0
    labels: str = FOLDER_LABELS
    exact_size: tuple[int, int] | None = None

    @property
    def size_rule(self) -> SizeRule | None:
        """Which photos are used; None for all."""
        return None if self.exact_size is None else SizeRule(exact=self.exact_size)


@dataclass(frozen=True, slots=True)
class Network:
    """A network as a person writes it down; what is left out is the network's usual.

    Attributes:
        backbone: As for ``ModelSpec``.
        weights: As for ``ModelSpec``; "" for the usual ones.
        input_size: Width and height of its input in pixels; 0 for the usual.
        cut_layer: Layer that the head reads; None for the usual.
        head: The last layers as ``parse_head`` takes them; "" for the usual.
        preprocessing: As for ``ModelSpec``.
        layers: Of an own network.
    """

    backbone: str
    weights: str = ""
    input_size: int = 0
    cut_layer: str | None = None
    head: str = ""
    preprocessing: Preprocessing = ""
    layers: LayerTable | None = None

    @classmethod
    def of(cls, spec: ModelSpec) -> "Network":
        """A network that is chosen, written down."""
        head = written_head(spec.head)
        return cls(spec.backbone, spec.weights, spec.input_size, spec.cut_layer, head, spec.preprocessing, spec.layers)

    def spec(self) -> ModelSpec:
        """The network to build.

        Raises:
            TLStudioError: If there is no such network, or the head can't be understood.
        """
        head = parse_head(self.head) if self.head else None
        if self.layers is not None:
            spec = replace(own_spec(self.layers, self.input_size, head), cut_layer=self.cut_layer)
        else:
            spec = spec_for(self.backbone, self.weights or None, self.input_size, self.cut_layer, head)
        return replace(spec, preprocessing=self.preprocessing)


@dataclass(frozen=True, slots=True)
class Setup:
    """What a preset sets: what to build, how to train it, and on which photos.

    Attributes:
        spec: The network.
        config: The training.
        split: How photos are shared out.
        labels: Where labels come from, as ``parse_reading`` takes it.
        sizes: Which photos are used; None for all.
    """

    spec: ModelSpec
    config: TrainConfig
    split: SplitConfig = field(default_factory=SplitConfig)
    labels: str = FOLDER_LABELS
    sizes: SizeRule | None = None


@dataclass(frozen=True, slots=True)
class Preset:
    """A recipe with its story.

    Attributes:
        name: By which it is asked for.
        title: What a list calls it.
        purpose: What it does, in a sentence.
        model: The network.
        phases: The training.
        collection: Number of the collection of notebooks that it comes from; ``OWN_COLLECTION`` for an own one.
        source: Which of them, or who.
        reports: What the source reports.
        note: Where the source contradicts itself, and what is not as there.
        data: The photos that it was made for.
        split: How they are shared out.
        augmentation: Name of a set of varied copies, "none", or its amounts.
        seed: Of everything random.
        reproducible: As for ``TrainConfig``.
    """

    name: str
    title: str
    purpose: str
    model: Network
    phases: tuple[Phase, ...]
    collection: str = OWN_COLLECTION
    source: str = ""
    reports: tuple[str, ...] = ()
    note: str = ""
    data: MadeFor = field(default_factory=MadeFor)
    split: SplitConfig = field(default_factory=SplitConfig)
    augmentation: str | AugmentationConfig = NO_AUGMENTATION
    seed: int = 0
    reproducible: bool = False

    def setup(self) -> Setup:
        """Everything that it sets; the same for the window and the command line.

        Raises:
            TLStudioError: If something that it names isn't there, or the training doesn't fit the network.
        """
        varied = self.augmentation
        amounts = find_augmentation(varied) if isinstance(varied, str) else varied
        spec = self.model.spec()
        config = TrainConfig(self.phases, self.seed, amounts, self.reproducible)
        require_fitting(spec, config)
        return Setup(spec, config, self.split, self.data.labels, self.data.size_rule)


def own_preset(name: str, note: str, setup: Setup) -> Preset:
    """The choices of a person as a preset.

    Args:
        name: By which it is asked for; its title, too.
        note: What the person wants to remember of it.
        setup: The choices.
    """
    return Preset(
        name=name,
        title=name,
        purpose="",
        model=Network.of(setup.spec),
        phases=setup.config.phases,
        note=note,
        data=MadeFor(labels=setup.labels, exact_size=setup.sizes.exact if setup.sizes else None),
        split=setup.split,
        augmentation=setup.config.augmentation,
        seed=setup.config.seed,
        reproducible=setup.config.reproducible,
    )
