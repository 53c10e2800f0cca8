"""What a confusion matrix shows and where: steps of colour, order of classes, pairs, places of cells. Knows no Qt."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tlstudio.wording import percent

MOST_NAMED = 24
"""With more classes than this, the matrix is shown as an overview and a lens."""

RIGHT_STEPS = (0.50, 0.70, 0.85, 0.95)
WRONG_STEPS = (0.04, 0.08, 0.12, 0.25)

CELL_MAX_WIDTH, CELL_MAX_HEIGHT, CELL_COMPACT_HEIGHT = 112.0, 64.0, 48.0
CELL_GAP, CELL_MIN_WIDTH, CELL_MIN_HEIGHT = 4.0, 6.0, 14.0
FOUND_WIDTH = 64.0
TURNED_NAME = 92.0
"""Longest that a turned name of a column may be, in logical pixels."""
_NAMES_MIN = 96.0
_SLOPE = 0.7072


@dataclass(frozen=True, slots=True)
class Pair:
    """Photos of one class that were taken for another.

    Attributes:
        true: What they are.
        predicted: What the model says.
        count: How many.
    """

    true: str
    predicted: str
    count: int

    def sentence(self) -> str:
        """For a person: "4 roses taken for tulips"."""
        return confusion_sentence(self.true, self.predicted, self.count)


def confusion_sentence(true: str, predicted: str, count: int) -> str:
    """What a wrong cell says: "4 roses taken for tulips"."""
    subject = f"1 photo of {true}" if count == 1 else f"{count:,} {true}"
    return f"{subject} taken for {predicted}"


def cell_sentence(true: str, predicted: str, count: int) -> str:
    """What any cell says, the same grammar for each: "4 photos of roses taken for tulips"."""
    subject = f"{count:,} {'photo' if count == 1 else 'photos'} of {true}"
    if true == predicted:
        return f"{subject}, right"
    return f"{subject} taken for {predicted}" if count else f"No {true} taken for {predicted}"


def confused_pairs(classes: Sequence[str], counts: ArrayLike) -> list[Pair]:
    """All confusions in one direction, the most frequent first; equal ones in the order of the classes.

    Args:
        classes: n class names.
        counts: (n, n) photos; rows what they are, columns what the model says.
    """
    return [Pair(classes[true], classes[predicted], count) for true, predicted, count in wrong_cells(counts)]


def confused_classes(classes: Sequence[str], counts: ArrayLike) -> list[Pair]:
    """Pairs of classes that are confused, both directions counted together, the most frequent first."""
    matrix = np.asarray(counts)
    both = np.triu(matrix + matrix.T, k=1)
    return [Pair(classes[first], classes[second], count) for first, second, count in wrong_cells(both)]


def wrong_cells(counts: ArrayLike) -> list[tuple[int, int, int]]:
    """Cells off the diagonal that are not empty, as (true, predicted, count), the largest first."""
    matrix = np.asarray(counts)
    rows, columns = np.nonzero(matrix * ~np.eye(len(matrix), dtype=bool))
    cells = zip(rows.tolist(), columns.tolist(), matrix[rows, columns].tolist(), strict=True)
    return sorted(cells, key=lambda cell: (-cell[2], cell[0], cell[1]))


def row_shares(counts: ArrayLike) -> NDArray[np.float64]:
    """Each cell's share of its row, 0 to 1; (n, n). A row without photos is all 0."""
    matrix = np.asarray(counts, dtype=np.float64)
    shares: NDArray[np.float64] = matrix / np.maximum(matrix.sum(axis=1, keepdims=True), 1)
    return shares


def column_shares(counts: ArrayLike) -> NDArray[np.float64]:
    """Each cell's share of its column, 0 to 1; (n, n). A column without photos is all 0."""
    return np.ascontiguousarray(row_shares(np.asarray(counts).T).T)


def right_step(share: float) -> int:
    """Step of colour, 0 to 4, of a right cell that holds this share of its row."""
    return sum(share >= bound for bound in RIGHT_STEPS)


def wrong_step(share: float) -> int:
    """Step of colour, 0 to 4, of a wrong cell that holds this share of its row."""
    return sum(share > bound for bound in WRONG_STEPS)


def seriate(counts: ArrayLike) -> list[int]:
    """An order of the classes in which those that are confused with each other lie side by side.

    Greedy edge matching, as for short tours: the pair of classes that is confused most is joined first, and every
    further pair as long as both are still ends of different chains. Chains follow each other by their first class.

    Args:
        counts: (n, n) photos; rows what they are, columns what the model says.

    Returns:
        The n indices, each once.
    """
    shares = row_shares(counts)
    alike = np.triu(shares + shares.T, k=1)
    first, second = np.nonzero(alike)
    chains = {index: [index] for index in range(len(alike))}
    for edge in np.argsort(-alike[first, second], kind="stable"):
        _join(chains, int(first[edge]), int(second[edge]))
    unique = {id(chain): chain for chain in chains.values()}
    return [index for chain in sorted(unique.values(), key=min) for index in chain]


def _join(chains: dict[int, list[int]], a: int, b: int) -> None:
    """Join two chains at ``a`` and ``b`` if these are ends of different ones. Maps each class to its chain."""
    left, right = chains[a], chains[b]
    if left is right or a not in (left[0], left[-1]) or b not in (right[0], right[-1]):
        return
    head = left if left[-1] == a else left[::-1]
    tail = right if right[0] == b else right[::-1]
    joined = head + tail
    for index in joined:
        chains[index] = joined


@dataclass(frozen=True, slots=True)
class Selection:
    """A cell (both set), a row, a column, or nothing; as indices of classes or as positions in an order."""

    true: int | None = None
    predicted: int | None = None

    def __bool__(self) -> bool:
        return self.true is not None or self.predicted is not None

    def moved(self, down: int, right: int, n: int) -> "Selection":
        """One step of an arrow key in a matrix of n classes.

        To the left of the first cell lies its row's name, above it its column's; nothing lies beyond these.
        """
        wanted = Selection(_step(self.true, down, n), _step(self.predicted, right, n))
        return wanted or self


def _step(position: int | None, by: int, n: int) -> int | None:
    if position is None:
        return 0 if by > 0 else None
    return None if position + by < 0 else min(position + by, n - 1)


def spoken(classes: Sequence[str], counts: ArrayLike, selection: Selection) -> str:
    """What is selected, in words: "4 photos of roses taken for tulips"; empty for nothing."""
    matrix = np.asarray(counts)
    match selection:
        case Selection(int(true), int(predicted)):
            return cell_sentence(classes[true], classes[predicted], int(matrix[true, predicted]))
        case Selection(int(true), None):
            return f"All {int(matrix[true].sum()):,} photos of {classes[true]}"
        case Selection(None, int(predicted)):
            return f"All {int(matrix[:, predicted].sum()):,} photos that the model calls {classes[predicted]}"
    return ""


def read_out(classes: Sequence[str], counts: ArrayLike, selection: Selection) -> str:
    """What is selected, with the shares of its row and its column."""
    words, rows, columns = spoken(classes, counts, selection), row_shares(counts), column_shares(counts)
    match selection:
        case Selection(int(true), int(predicted)):
            if not rows[true, predicted]:
                return words
            row, column = _percent(rows[true, predicted]), _percent(columns[true, predicted])
            return f"{words}: {row} of {classes[true]}, {column} of what the model calls {classes[predicted]}"
        case Selection(int(true), None):
            return f"{words}: {_percent(rows[true, true])} found (recall)"
        case Selection(None, int(predicted)):
            return f"{words}: {_percent(columns[predicted, predicted])} right (precision)"
    return words


def _percent(share: float) -> str:
    return "less than 1 %" if 0 < share < 0.005 else percent(share)


@dataclass(frozen=True, slots=True)
class Hit:
    """What lies under a point: a cell (both set), the name of a row or of a column; as positions, not classes."""

    row: int | None
    column: int | None


@dataclass(frozen=True, slots=True)
class GridGeometry:
    """Where the parts of a matrix with names lie, in logical pixels.

    Attributes:
        rows: Rows shown.
        columns: Columns shown.
        left: Left edge of the first cell.
        top: Upper edge of the first cell.
        cell_width: Of one cell.
        cell_height: Of one cell.
        gap: Between cells.
        turned: Whether the names of the columns are turned by 45 degrees.
        name_left: Left edge of the names of the rows.
    """

    rows: int
    columns: int
    left: float
    top: float
    cell_width: float
    cell_height: float
    gap: float
    turned: bool
    name_left: float

    @property
    def right(self) -> float:
        """Right edge of the last cell."""
        return self.left + self.columns * (self.cell_width + self.gap) - self.gap

    @property
    def bottom(self) -> float:
        """Lower edge of the last cell."""
        return self.top + self.rows * (self.cell_height + self.gap) - self.gap

    def cell(self, row: int, column: int) -> tuple[float, float, float, float]:
        """x, y, width and height of a cell."""
        x = self.left + column * (self.cell_width + self.gap)
        y = self.top + row * (self.cell_height + self.gap)
        return x, y, self.cell_width, self.cell_height

    def hit(self, x: float, y: float) -> Hit | None:
        """What lies at a point; gaps belong to the cell before them."""
        column = int((x - self.left) // (self.cell_width + self.gap))
        row = int((y - self.top) // (self.cell_height + self.gap))
        in_columns, in_rows = 0 <= column < self.columns, 0 <= row < self.rows
        if in_columns and in_rows:
            return Hit(row, column)
        if in_rows and self.name_left <= x < self.left:
            return Hit(row, None)
        if in_columns and self.top - 120 <= y < self.top:
            return Hit(None, column)
        return None


def grid_geometry(
    box: tuple[float, float, float, float],
    shape: tuple[int, int],
    row_names: Iterable[float],
    column_names: Sequence[float],
    found: bool = True,
) -> GridGeometry:
    """Lay a matrix with names out in a box.

    Args:
        box: x, y, width and height of the place for it.
        shape: Rows and columns.
        row_names: Widths of the names of the rows, in logical pixels, what stands before them included.
        column_names: Widths of the names of the columns, at least one.
        found: Whether the column with the share found stands at the right.
    """
    x, y, width, height = box
    rows, columns = shape
    gap = CELL_GAP if columns <= 12 else 2.0
    names = min(max(*row_names, _NAMES_MIN), 148.0 if columns <= 12 else 116.0, width * 0.34) + 16.0
    beyond = FOUND_WIDTH if found else min(max(column_names), TURNED_NAME) * _SLOPE
    across = (width - names - beyond) / columns - gap
    cell_width = min(max(across, CELL_MIN_WIDTH), CELL_MAX_WIDTH)
    turned = max(column_names) > cell_width + gap - 6.0
    top = 28.0 + (min(max(column_names), TURNED_NAME) * _SLOPE + 16.0 if turned else 26.0)
    tallest = CELL_COMPACT_HEIGHT if rows == 2 else min(CELL_MAX_HEIGHT, max(cell_width, 28.0))
    cell_height = min(max((height - top + gap) / rows - gap, CELL_MIN_HEIGHT), tallest)
    return GridGeometry(rows, columns, x + names, y + top, cell_width, cell_height, gap, turned, x)
