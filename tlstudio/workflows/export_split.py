"""Use case: write a split to disk as folders of copies, for other programs."""

from pathlib import Path

from tlstudio.datasets.dataset import Dataset
from tlstudio.datasets.splits.split import Split
from tlstudio.datasets.splits.split_layout import lay_out
from tlstudio.events import CancelToken
from tlstudio.workflows.copies import CopyPlan, plan_copies


def plan_split(dataset: Dataset, split: Split, out: Path, *, flat_test: bool = False, token: CancelToken) -> CopyPlan:
    """Copies of the photos of a split, in folders as ``lay_out`` places them; ``make_copies`` makes them.

    Args:
        dataset: What was split.
        split: Its parts.
        out: A new or empty folder, apart from the data set.
        flat_test: Whether the test photos lie in ``test/CLASS_NAME`` instead of class folders, as in collection 001.
        token: Stops it.

    Returns:
        A plan that counts by part; parts without photos are left out.

    Raises:
        TLStudioError: If the place is taken, lies in the data set or lacks room, or a photo isn't there.
        Cancelled: If a stop was asked for.
    """
    layout = lay_out(dataset, split, flat_test=flat_test)
    return plan_copies(
        dataset,
        out,
        [(dataset.samples[at].path, place) for places in layout.targets.values() for at, place in places.items()],
        folders=layout.folders,
        counts={part: len(places) for part, places in layout.targets.items()},
        class_folders=layout.class_folders,
        token=token,
    )
