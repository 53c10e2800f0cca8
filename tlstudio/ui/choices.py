"""What is to be built and how it is to be trained, as a person chooses it."""

from dataclasses import dataclass, replace
from typing import Any

from tlstudio.datasets.augmentation.amounts import AugmentationConfig
from tlstudio.modeling.spec import ModelSpec
from tlstudio.runs.store import StoredRun
from tlstudio.training.config import TrainConfig
from tlstudio.training.recipes import config_for, recommended_spec


@dataclass(frozen=True, slots=True)
class Choices:
    """What is to be built and how it is to be trained.

    Attributes:
        spec: The network.
        why: A sentence for it; empty for an own choice.
        recommended: Whether it is the recommended network, untouched.
        head_epochs: The most rounds for the last layers; None for the recipe's own number.
        fine_tune_epochs: Rounds of refining; 0 for none.
        unfreeze_from: First layer that is refined; "" for the network's own default.
        augmentation: Varied copies; None for the recipe's own.
        seed: Of the split and of everything random.
        reproducible: Compute with one thread, so that the same seed gives the same run bit for bit.
    """

    spec: ModelSpec
    why: str = ""
    recommended: bool = False
    head_epochs: int | None = None
    fine_tune_epochs: int = 0
    unfreeze_from: str = ""
    augmentation: AugmentationConfig | None = None
    seed: int = 0
    reproducible: bool = False

    @classmethod
    def recommendation(cls) -> "Choices":
        """What is used when nobody chooses."""
        spec, why = recommended_spec()
        return cls(spec, why, recommended=True)

    def with_spec(self, spec: ModelSpec) -> "Choices":
        """The same training of another network; settings that mean nothing to it are dropped."""
        best, why = recommended_spec()
        return replace(
            self,
            spec=spec,
            why=why if spec == best else "",
            recommended=spec == best,
            fine_tune_epochs=0 if spec.weights == "none" else self.fine_tune_epochs,
            unfreeze_from=self.unfreeze_from if spec.backbone == self.spec.backbone else "",
        )

    def config(self) -> TrainConfig:
        """The training that these choices ask for.

        Raises:
            TLStudioError: If they contradict each other.
        """
        return config_for(
            self.spec,
            head_epochs=self.head_epochs,
            fine_tune_epochs=self.fine_tune_epochs,
            unfreeze_from=self.unfreeze_from,
            augmentation=self.augmentation,
            seed=self.seed,
            reproducible=self.reproducible,
        )


def choices_of(stored: StoredRun) -> Choices:
    """The choices that a run was made with."""
    config = stored.run.config
    tuned: Any = next((phase for phase in config.phases if phase.name == "fine_tune"), None)
    return Choices(
        spec=stored.run.spec,
        head_epochs=config.phases[0].epochs,
        fine_tune_epochs=tuned.epochs if tuned else 0,
        unfreeze_from=tuned.unfreeze_from if tuned else "",
        augmentation=config.augmentation,
        seed=config.seed,
        reproducible=config.reproducible,
    )
