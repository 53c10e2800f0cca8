"""Use case: write the photos, as a person corrected them, to new class folders."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from tlstudio.datasets.dataset import Dataset
from tlstudio.datasets.splits.class_layout import ClassLayout, lay_out_classes
from tlstudio.events import CancelToken
from tlstudio.workflows.copies import CopyPlan, plan_copies

LIST_NAME = "corrections.csv"
"""The file beside the class folders that names every correction."""

_COLUMNS = ("old_path", "new_path", "old_class", "new_class")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def plan_corrections(
    found: Dataset, dataset: Dataset, out: Path, *, unlabelled: bool = False, token: CancelToken
) -> CopyPlan:
    """Copies of all photos in use, in folders of the classes that they have now; ``make_copies`` makes them.

    What is left out, or belongs to a class that is switched off, is not copied. A table goes with the photos and names
    every one whose class is another than where it was found, and every one that is left out.

    Args:
        found: The photos as the folder is read, before a person's changes.
        dataset: The same photos with these changes.
        out: A new or empty folder, apart from the data set.
        unlabelled: Whether photos without a class are copied, too, into a folder of their own.
        token: Stops it.

    Returns:
        A plan that counts by class, and under the name of their folder those without one.

    Raises:
        TLStudioError: If the place is taken, lies in the data set or lacks room, or a photo isn't there.
        Cancelled: If a stop was asked for.
    """
    layout = lay_out_classes(dataset, unlabelled=unlabelled, taken=LIST_NAME)
    counts = {name: count for name, count in dataset.counts().items() if count}
    if layout.unlabelled_folder:
        counts[layout.unlabelled_folder] = len(dataset.unlabelled)
    return plan_copies(
        dataset,
        out,
        list(layout.targets.items()),
        folders=layout.folders,
        counts=counts,
        class_folders=layout.class_folders,
        texts={LIST_NAME: _table(found, dataset, layout)},
        token=token,
    )


def _table(found: Dataset, dataset: Dataset, layout: ClassLayout) -> bytes:
    """The corrections as CSV, with the mark at its beginning by which spreadsheets know UTF-8."""
    written = io.StringIO(newline="")
    rows = csv.writer(written)
    rows.writerow(_COLUMNS)
    rows.writerows([_harmless(cell) for cell in row] for row in _corrections(found, dataset, layout))
    return written.getvalue().encode("utf-8-sig", "surrogateescape")


def _corrections(found: Dataset, dataset: Dataset, layout: ClassLayout) -> Iterator[tuple[str, str, str, str]]:
    now = {sample.path: sample.class_name for sample in (*dataset.samples, *dataset.unlabelled)}
    for sample in sorted((*found.samples, *found.unlabelled), key=lambda sample: sample.path):
        name = now.get(sample.path)
        if name is None:
            yield sample.path, "", sample.class_name, ""
        elif name != sample.class_name:
            yield sample.path, layout.targets[sample.path], sample.class_name, name


def _harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula: names of files and classes may be anybody's."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
