"""The answers as a table: in the form of collection 001, ``id,<dataset>``, with the truth and the scores after it."""

import csv
import io
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tlstudio.datasets.file_names import DistinctNames, shown_name
from tlstudio.evaluation.report import Report


def answers_csv(report: Report, dataset: str, scores: NDArray[np.floating[Any]] | None = None) -> bytes:
    """One line a photo: id, answer, truth, whether it is right, and the score of each class.

    The id is the name under which the photo lies in a flat folder of exam photos: its class, an underscore, its name.

    Args:
        report: The judgement.
        dataset: Name of the column of answers.
        scores: Of all classes, shape (photos, classes); if None, those of the best few, others empty.

    Returns:
        UTF-8 with a byte-order mark, which spreadsheets want; names that are no valid UTF-8 stay what they are.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(("id", dataset, "truth", "right", *(f"score {name}" for name in report.classes)))
    names = DistinctNames()
    for row, photo in enumerate(report.photos):
        truth, answer = report.classes[photo.true], report.classes[photo.predicted]
        name = names.distinct(shown_name(f"{truth}_{photo.path.rpartition('/')[2]}"))
        given = dict(photo.top) if scores is None else dict(enumerate(scores[row].tolist()))
        shares = (f"{given[index]:.6f}" if index in given else "" for index in range(len(report.classes)))
        writer.writerow((name, answer, truth, int(photo.right), *shares))
    return text.getvalue().encode("utf-8-sig", errors="surrogateescape")
