"""One training and all it produced, as plain data: a run is listed and shown without TensorFlow."""

from dataclasses import dataclass, field, replace
from typing import Literal

from tlstudio.datasets.dataset import Rejected, Sample
from tlstudio.datasets.splits.split import Split, SplitConfig
from tlstudio.modeling.hardware import Hardware
from tlstudio.modeling.spec import FOREIGN, ModelSpec
from tlstudio.training.config import TrainConfig
from tlstudio.training.history import History

RunStatus = Literal["complete", "stopped"]

SCHEMA = 4
"""Raise it with the layout, and give ``tlstudio.runs.migration`` the way from the one before."""


@dataclass(frozen=True, slots=True)
class Scores:
    """Two figures on one part of the photos.

    Attributes:
        accuracy: Share right, 0 to 1.
        loss: Log loss.
    """

    accuracy: float
    loss: float


@dataclass(frozen=True, slots=True)
class PhaseEnd:
    """What the network reached with the weights that a phase ended on.

    Attributes:
        phase: Its name.
        validation: Figures on the validation part; None if that part is empty.
        test: Figures on the test part, which nothing was chosen by; None if that part is empty.
    """

    phase: str
    validation: Scores | None
    test: Scores | None


@dataclass(frozen=True, slots=True)
class Run:
    """The contents of ``run.json``.

    Attributes:
        schema: Version of this layout.
        name: What the window calls it.
        created: Start of the training, ISO 8601 with time zone.
        status: "complete", or "stopped" by the user with the best weights kept.
        root: Folder of the photos.
        classes: Class names in the order of the network's outputs.
        samples: The photos of all three parts, in the order that ``split`` refers to.
        split: Which photos were learnt from, checked on and kept for the exam.
        split_config: How they were shared out.
        rejected: Files that could not be read.
        spec: The network.
        trained_from: Layer that the trained part of the network begins after; "photo" if all of it was trained.
        weights_digest: Identity of the weights that the training started from.
        config: How it was trained.
        history: Every epoch.
        validation: Figures of the kept weights on the validation part, before calibration, as the epochs were
            measured; None if that part is empty.
        test: Figures of the kept weights on the test part; None if that part is empty.
        seconds: Wall time per stage: scan, features, head, fine_tune, evaluate, total.
        versions: Versions of the program and of the libraries that computed.
        hardware: What computed; empty in runs of versions that didn't note it.
        temperature: What every score of this run is calibrated with (temperature scaling, fitted on the validation
            part); 1 for nothing.
        phase_ends: What each phase reached, before calibration; empty in runs of versions that didn't note it.
        origin: Name of the run that it goes on from, whose phases and times are told here, too; "" for none.
        origin_phases: How many of the phases are those of that run.
    """

    schema: int
    name: str
    created: str
    status: RunStatus
    root: str
    classes: tuple[str, ...]
    samples: tuple[Sample, ...]
    split: Split
    split_config: SplitConfig
    rejected: tuple[Rejected, ...]
    spec: ModelSpec
    trained_from: str
    weights_digest: str
    config: TrainConfig
    history: History
    validation: Scores | None
    test: Scores | None
    seconds: dict[str, float]
    versions: dict[str, str]
    hardware: Hardware = field(default_factory=Hardware)
    temperature: float = 1.0
    phase_ends: tuple[PhaseEnd, ...] = ()
    origin: str = ""
    origin_phases: int = 0

    @property
    def own_history(self) -> History:
        """Every epoch but those of the run that it goes on from."""
        return replace(
            self.history, epochs=tuple(epoch for epoch in self.history.epochs if epoch.phase >= self.origin_phases)
        )

    @property
    def origin_rounds(self) -> int:
        """How many of the epochs are those of the run that it goes on from."""
        return len(self.history.epochs) - len(self.own_history.epochs)

    @property
    def foreign(self) -> bool:
        """Whether another program made the network: nothing is known of its photos and its training."""
        return self.spec.backbone == FOREIGN
