"""What is to be built and how it is to be trained, as a person chooses it."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from tlstudio.datasets.augmentation.amounts import AugmentationConfig
from tlstudio.errors import TLStudioError
from tlstudio.modeling.architectures import feature_shape, title_of
from tlstudio.modeling.head import require_possible
from tlstudio.modeling.spec import ModelSpec
from tlstudio.presets.preset import Setup
from tlstudio.runs.store import StoredRun
from tlstudio.training.adjustment import carried_over
from tlstudio.training.class_weights import require_weights_of
from tlstudio.training.config import Phase, TrainConfig
from tlstudio.training.fitting import require_fitting
from tlstudio.training.recipes import config_for
from tlstudio.training.recommendation import Facts, Recommendation, facts_here, recommend


def _advice() -> Recommendation:
    return recommend(facts_here())


@dataclass(frozen=True, slots=True)
class Choices:
    """What is to be built and how it is to be trained.

    Attributes:
        spec: The network.
        why: A sentence for it; empty for an own choice.
        recommended: Whether it is the recommended network, untouched.
        phases: How it learns, set by hand; None for the recipe's own way.
        augmentation: Varied copies; None for the recipe's own.
        seed: Of the split and of everything random.
        reproducible: Compute with one thread, so that the same seed gives the same run bit for bit.
        recipe: A whole training, of a preset or a run, in which the fields above change something; None for what suits
            the network.
        advice: What is recommended.
        made_from: Name in ``ARCHITECTURES`` of the network that a person's own one was made from; "" for none.
    """

    spec: ModelSpec
    why: str = ""
    recommended: bool = False
    phases: tuple[Phase, ...] | None = None
    augmentation: AugmentationConfig | None = None
    seed: int = 0
    reproducible: bool = False
    made_from: str = ""
    recipe: TrainConfig | None = None
    advice: Recommendation = field(default_factory=_advice)

    @classmethod
    def recommendation(cls, facts: Facts | None = None) -> "Choices":
        """What is used when nobody chooses, for photos of which this much is known."""
        advice = recommend(facts) if facts else _advice()
        return cls(advice.spec, advice.why, recommended=True, advice=advice)

    @classmethod
    def of(cls, spec: ModelSpec, config: TrainConfig, advice: Recommendation | None = None) -> "Choices":
        """The choices that lead to a network and its training, beside what is recommended."""
        return cls(
            spec,
            augmentation=config.augmentation,
            seed=config.seed,
            reproducible=config.reproducible,
            recipe=config,
            advice=advice or _advice(),
        )

    def with_setup(self, setup: Setup) -> "Choices":
        """All that a preset chooses, but for being repeatable bit for bit: that is decided when the program starts."""
        return replace(Choices.of(setup.spec, setup.config, self.advice), reproducible=self.reproducible)

    def advised(self, facts: Facts) -> "Choices":
        """The same choices beside what is recommended for other photos, and that itself if nothing was chosen."""
        advice = recommend(facts)
        if not self.recommended:
            return replace(self, advice=advice)
        return replace(self, spec=advice.spec, why=advice.why, advice=advice, phases=self._phases_for(advice.spec))

    def back_to_recommended(self) -> "Choices":
        """What is recommended; the settings of the training stay, unless they belong to a preset or a run."""
        if self.recipe is None:
            return self.with_spec(self.advice.spec)
        recommended = Choices(self.advice.spec, self.advice.why, recommended=True, advice=self.advice)
        return replace(recommended, seed=self.seed, reproducible=self.reproducible)

    def with_spec(self, spec: ModelSpec) -> "Choices":
        """The same training of another network; settings that mean nothing to it are dropped."""
        best = spec == self.advice.spec and self.recipe is None
        return replace(
            self,
            spec=spec,
            why=self.advice.why if best else "",
            recommended=best,
            recipe=carried_over(self.recipe, self.spec, spec) if self.recipe else None,
            phases=self._phases_for(spec),
            made_from=self.made_from if _same_rows(spec, self.spec) else "",
        )

    def with_phases(self, phases: tuple[Phase, ...]) -> "Choices":
        """The same network trained in these phases."""
        return replace(self, phases=None if phases == self.usual().phases else phases)

    def _phases_for(self, spec: ModelSpec) -> tuple[Phase, ...] | None:
        """The phases set by hand, made to suit another network; None if there are none, or they don't suit it."""
        if self.phases is None:
            return None
        carried = carried_over(TrainConfig(self.phases), self.spec, spec)
        return carried.phases if carried else None

    @property
    def refines(self) -> bool:
        """Whether the network goes on learning in a phase."""
        return any(phase.name == "fine_tune" for phase in self.config().phases)

    @property
    def title(self) -> str:
        """What a person calls the network."""
        if self.spec.layers is not None and self.made_from:
            return f"{title_of(self.made_from)}, changed"
        return title_of(self.spec.backbone)

    def refusal(self, classes: Sequence[str]) -> str:
        """Why these classes can't be trained so, and what helps; "" if they can, as far as is known."""
        try:
            config = self.config()
            require_fitting(self.spec, config)
            require_weights_of(config.phases, classes)
            # Fewer than two classes are a finding about the photos, and said with them.
            require_possible(self.spec.head, max(len(classes), 2), feature_shape(self.spec) or ())
        except TLStudioError as error:
            return f"{error.message} {error.hint}".rstrip()
        return ""

    def usual(self) -> TrainConfig:
        """The training without what was set by hand: that of the preset or the run, or what suits the network."""
        return self.recipe or config_for(self.spec)

    def config(self) -> TrainConfig:
        """The training that these choices ask for."""
        usual = self.usual()
        return TrainConfig(
            usual.phases if self.phases is None else self.phases,
            self.seed,
            usual.augmentation if self.augmentation is None else self.augmentation,
            self.reproducible,
        )


def _same_rows(one: ModelSpec, other: ModelSpec) -> bool:
    """Whether both are a person's own network with the same layers, perhaps for other photos."""
    return one.layers is not None and other.layers is not None and one.layers.rows == other.layers.rows


def choices_of(stored: StoredRun, facts: Facts) -> Choices:
    """The choices that a run was made with, beside what is recommended for photos of which this much is known."""
    return Choices.of(stored.run.spec, stored.run.config, recommend(facts))
