"""How to train, as plain data."""

from dataclasses import dataclass, field, replace
from typing import Final, Literal

from tlstudio.datasets.augmentation.amounts import AugmentationConfig

PhaseName = Literal["head", "fine_tune", "scratch"]
OptimizerName = Literal["adam", "adamw", "rmsprop", "sgd"]
ScheduleKind = Literal["constant", "step", "cosine", "plateau"]
Metric = Literal["loss", "accuracy", "val_loss", "val_accuracy"]
BatchNormMode = Literal["keep", "learn"]
Weighting = Literal["none", "balanced", "max_count"]
ClassWeights = Weighting | tuple[tuple[str, float], ...]
Keep = Literal["best", "last"]
Checkpoint = Literal["none", "every"]
DataMode = Literal["stored", "live"]

_MOST_SMOOTHING: Final = 1.0


@dataclass(frozen=True, slots=True)
class Optimizer:
    """How a step follows from the gradients; the learning rate is the phase's.

    Attributes:
        name: Which of Keras's optimizers.
        momentum: Of "sgd" and "rmsprop": share of the step before that is kept.
        nesterov: Of "sgd": whether the gradient is taken where the momentum leads.
        weight_decay: Share of every weight, times the learning rate, that each step takes away.
    """

    name: OptimizerName = "adam"
    momentum: float = 0.0
    nesterov: bool = False
    weight_decay: float = 0.0

    def __post_init__(self) -> None:
        if not 0 <= self.momentum < 1:
            raise ValueError(f"momentum must be from 0 to below 1, not {self.momentum}")
        if not 0 <= self.weight_decay < 1:
            raise ValueError(f"weight decay must be from 0 to below 1, not {self.weight_decay}")


@dataclass(frozen=True, slots=True)
class Schedule:
    """How the learning rate changes over a phase.

    Attributes:
        kind: "constant"; "step" (times ``factor`` every so many epochs); "cosine" (down to 0 along half a cosine over
            all epochs of the phase); "plateau" (times ``factor`` when the validation loss has not fallen for so long).
        factor: Of "step" and "plateau".
        every: Epochs between two steps of "step"; epochs without a fall that "plateau" waits for.
        warm_up: Epochs at the beginning over which the rate grows evenly from nearly 0.
        decay: The rate is divided by 1 + ``decay`` times the steps done, beside all else (what early Keras had).
    """

    kind: ScheduleKind = "constant"
    factor: float = 0.1
    every: int = 10
    warm_up: int = 0
    decay: float = 0.0

    def __post_init__(self) -> None:
        if not 0 < self.factor < 1:
            raise ValueError(f"factor must be between 0 and 1, not {self.factor}")
        if self.every < 1 or self.warm_up < 0:
            raise ValueError("every must be at least 1, and warm-up at least 0")
        if not 0 <= self.decay < float("inf"):
            raise ValueError(f"decay must be at least 0, not {self.decay}")


@dataclass(frozen=True, slots=True)
class Stop:
    """A reason to end a phase before its last epoch; without validation photos, the training figures count instead.

    Attributes:
        metric: The figure that is watched, at the end of each epoch.
        patience: End after so many epochs in which it got no better; 0 for never.
        at_least: End as soon as it is that high; None for never.
        at_most: End as soon as it is that low; None for never.
    """

    metric: Metric = "val_loss"
    patience: int = 5
    at_least: float | None = None
    at_most: float | None = None

    def __post_init__(self) -> None:
        if self.patience < 0:
            raise ValueError(f"patience must be at least 0, not {self.patience}")


@dataclass(frozen=True, slots=True)
class Phase:
    """One stretch of training with fixed settings.

    Attributes:
        name: "head" trains the new layers on a frozen backbone, "fine_tune" also the backbone from ``unfreeze_from``
            on, "scratch" everything from random weights.
        epochs: The most epochs that it may take.
        learning_rate: Where the schedule begins.
        batch_size: Photos in one step.
        unfreeze_from: First layer of the backbone that is trained; only for "fine_tune", "" trains all of it.
        optimizer: How a step follows from the gradients.
        schedule: How the learning rate changes.
        stops: Reasons to end early, any of which suffices.
        steps_per_epoch: Batches that count as an epoch; 0 for one pass over the photos. With another number, one pass
            follows the other without a break, wherever the epochs end.
        validation_steps: Check on so many batches of the validation photos, the same in each epoch; 0 for all.
        input_size: Width and height in pixels that photos are brought to in this phase; 0 for the network's own. The
            weights are carried over from size to size.
        batch_norm: Of "fine_tune": "keep" leaves the backbone's batch-norm layers as they were pre-trained, "learn"
            trains them, statistics included.
        class_weights: How much a photo counts, by its class: "none" (all alike), "balanced" (photos / classes / photos
            of the class), "max_count" (photos of the largest class / photos of the class), or the weights of
            the classes named, those not named 1.
        label_smoothing: Share of the target that is spread evenly over all classes.
        keep: Whether the phase ends on the weights of its best epoch, those it came with included, or of its last.
        keep_by: What makes an epoch the best.
        checkpoint: "every" keeps the weights after each epoch in the folder of the run.
        data: "stored" computes what never changes once per photo and copy, and keeps it; "live" reads and varies the
            photos to learn from anew in each epoch.
    """

    name: PhaseName
    epochs: int
    learning_rate: float
    batch_size: int = 32
    unfreeze_from: str = ""
    optimizer: Optimizer = Optimizer()
    schedule: Schedule = Schedule()
    stops: tuple[Stop, ...] = (Stop(),)
    steps_per_epoch: int = 0
    validation_steps: int = 0
    input_size: int = 0
    batch_norm: BatchNormMode = "keep"
    class_weights: ClassWeights = "none"
    label_smoothing: float = 0.0
    keep: Keep = "best"
    keep_by: Metric = "val_loss"
    checkpoint: Checkpoint = "none"
    data: DataMode = "stored"

    def __post_init__(self) -> None:
        if self.epochs < 1 or self.batch_size < 1:
            raise ValueError("epochs and batch size must be at least 1")
        if not 0 < self.learning_rate < float("inf"):
            raise ValueError(f"learning rate must be positive, not {self.learning_rate}")
        if min(self.steps_per_epoch, self.validation_steps, self.input_size) < 0:
            raise ValueError("steps per epoch, validation steps and input size must be at least 0")
        if not 0 <= self.label_smoothing < _MOST_SMOOTHING:
            raise ValueError(f"label smoothing must be from 0 to below 1, not {self.label_smoothing}")
        if not isinstance(self.class_weights, str) and not all(
            0 <= weight < float("inf") for _, weight in self.class_weights
        ):
            raise ValueError("class weights must be at least 0")

    @property
    def patience(self) -> int:
        """Epochs without getting better after which it ends; 0 if nothing watches for that."""
        return min((stop.patience for stop in self.stops if stop.patience), default=0)


@dataclass(frozen=True, slots=True)
class TrainConfig:
    """A whole training.

    Attributes:
        phases: Run in this order, each from the weights that the one before kept.
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

    def input_sizes(self, own: int) -> tuple[int, ...]:
        """Width and height in pixels of the photos in each phase, for a network whose own size is ``own``."""
        return tuple(phase.input_size or own for phase in self.phases)

    def with_sizes(self, own: int) -> "TrainConfig":
        """The same training with the size written into each phase, so that it no longer depends on the network's."""
        sized = zip(self.phases, self.input_sizes(own), strict=True)
        return replace(self, phases=tuple(replace(phase, input_size=size) for phase, size in sized))
