"""How to train, as plain data."""

from dataclasses import dataclass, field
from typing import Literal

from tlstudio.datasets.augmentation.amounts import AugmentationConfig

PhaseName = Literal["head", "fine_tune", "scratch"]


@dataclass(frozen=True, slots=True)
class Phase:
    """One stretch of training with fixed settings.

    Attributes:
        name: "head" trains the new layers on features of a frozen backbone, "fine_tune" also the backbone from
            ``unfreeze_from`` on with its batch-norm statistics kept, "scratch" everything from random weights.
        epochs: The most epochs that it may take.
        learning_rate: Of the Adam optimizer.
        batch_size: Photos in one step.
        patience: Stop after so many epochs without a lower validation loss.
        unfreeze_from: First layer of the backbone that is trained; only for "fine_tune", "" trains all of it.
    """

    name: PhaseName
    epochs: int
    learning_rate: float
    batch_size: int = 32
    patience: int = 5
    unfreeze_from: str = ""

    def __post_init__(self) -> None:
        if self.epochs < 1 or self.batch_size < 1 or self.patience < 1:
            raise ValueError("epochs, batch size and patience must be at least 1")
        if not self.learning_rate > 0:
            raise ValueError(f"learning rate must be positive, not {self.learning_rate}")


@dataclass(frozen=True, slots=True)
class TrainConfig:
    """A whole training.

    Attributes:
        phases: Run in this order, each from the best weights of the one before.
        seed: Of the split, the first weights, the order of batches, dropout and augmentation.
        augmentation: Varied copies of the training photos, and of the validation photos if it says so; no views for
            none.
        reproducible: Compute with one thread, so that the same seed gives the same run bit for bit on one machine.
    """

    phases: tuple[Phase, ...]
    seed: int = 0
    augmentation: AugmentationConfig = field(default_factory=AugmentationConfig)
    reproducible: bool = False

    def __post_init__(self) -> None:
        if not self.phases:
            raise ValueError("at least one phase is needed")
        names = [phase.name for phase in self.phases]
        if "scratch" in names and set(names) != {"scratch"}:
            raise ValueError("a network that learns from scratch has no other phases")
        if names != sorted(names, key=("head", "fine_tune", "scratch").index):
            raise ValueError("the head learns before the network is refined")
