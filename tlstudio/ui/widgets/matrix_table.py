"""A confusion matrix as a table of words and numbers. Knows no Qt."""

import csv
import io
from collections.abc import Sequence
from typing import Final, Literal

import numpy as np
from numpy.typing import ArrayLike

from tlstudio.ui.widgets.matrix_layout import column_shares, row_shares

CellMode = Literal["photos", "rows", "columns"]
"""What cells say: photos, the share of their row, or the share of their column."""

CORNER = "true / predicted"
_SHARES: Final = {"rows": row_shares, "columns": column_shares}


def matrix_rows(
    classes: Sequence[str], counts: ArrayLike, order: Sequence[int], mode: CellMode = "photos"
) -> list[list[str]]:
    """The table with its heads, as it is shown; shares as numbers from 0 to 1.

    Args:
        classes: n names.
        counts: (n, n) photos; rows what they are, columns what the model says.
        order: In which order the classes stand.
        mode: What the cells say.
    """
    values = np.asarray(counts) if mode == "photos" else _SHARES[mode](counts)
    names = [classes[index] for index in order]
    cells = [[_text(value) for value in row] for row in values[np.ix_(order, order)].tolist()]
    return [[CORNER, *names], *([name, *row] for name, row in zip(names, cells, strict=True))]


def matrix_text(rows: Sequence[Sequence[str]]) -> str:
    """The table for the clipboard: a tab between cells, as spreadsheets take it."""
    return "\n".join("\t".join(cell.replace("\t", " ") for cell in row) for row in rows)


def matrix_csv(rows: Sequence[Sequence[str]]) -> bytes:
    """The table as CSV; names of folders may be no valid UTF-8 and stay what they are."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode("utf-8", errors="surrogateescape")


def _text(value: float) -> str:
    return f"{value:.4f}" if isinstance(value, float) else str(value)
