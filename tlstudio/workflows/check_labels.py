"""Use case: find the photos of a run whose labels are likely wrong."""

from dataclasses import dataclass

from tlstudio.datasets.dataset import Dataset, Sample
from tlstudio.evaluation.label_errors import LabelDoubt, find_label_errors
from tlstudio.events import CancelToken, Emit
from tlstudio.runs.store import StoredRun
from tlstudio.workflows.frozen_features import frozen_features, groups_of, readable


@dataclass(frozen=True, slots=True)
class LabelCheck:
    """What was found.

    Attributes:
        root: Folder that the photos' paths are relative to.
        classes: Class names.
        samples: Photos that were looked at; ``LabelDoubt.row`` counts them.
        doubts: Photos whose label suits them less than another class, the most doubtful first.
    """

    root: str
    classes: tuple[str, ...]
    samples: tuple[Sample, ...]
    doubts: tuple[LabelDoubt, ...]

    @property
    def likely(self) -> int:
        """How many labels are likely wrong."""
        return sum(doubt.likely for doubt in self.doubts)


def check_labels(dataset: Dataset, stored: StoredRun, *, emit: Emit, token: CancelToken) -> LabelCheck:
    """Look for wrong labels with heads that never saw the photo they judge.

    Args:
        dataset: The photos with their labels of now.
        stored: The run whose network looks at them.
        emit: Told ``Progress("features", ...)``, ``Progress("folds", ...)`` and ``Progress("neighbours", ...)``.
        token: Stops it.

    Raises:
        TLStudioError: If the network can't be used or no photo can be read.
        Cancelled: If a stop was asked for.
    """
    features = frozen_features(dataset, stored, emit=emit, token=token)
    groups = groups_of(readable(dataset, features), stored)
    doubts = find_label_errors(features.vectors, features.labels, groups, len(features.classes), emit=emit, token=token)
    return LabelCheck(dataset.root, features.classes, features.samples, doubts)
