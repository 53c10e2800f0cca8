"""The part of a large confusion matrix that is shown with names and numbers. Knows no Qt."""

from dataclasses import dataclass, replace
from typing import Final

LENS: Final = 7
"""Classes in each direction at first."""

_LEAST, _MOST = 4, 14


@dataclass(frozen=True, slots=True)
class Lens:
    """A square of cells; positions in the order in which the classes stand.

    Attributes:
        classes: How many there are in all.
        size: How many are shown in each direction.
        row: Position of the first row shown.
        column: Position of the first column shown.
    """

    classes: int = 0
    size: int = LENS
    row: int = 0
    column: int = 0

    def moved_to(self, row: int, column: int) -> "Lens":
        """The same lens elsewhere, as far as there is matrix."""
        most = max(self.classes - self.size, 0)
        return replace(self, row=min(max(row, 0), most), column=min(max(column, 0), most))

    def centred_on(self, row: float, column: float) -> "Lens":
        """The same lens with a place in its middle."""
        half = self.size / 2
        return self.moved_to(round(row - half), round(column - half))

    def holding(self, row: int | None, column: int | None) -> "Lens":
        """Moved as little as needed to hold a row and a column; None for any."""
        return self.moved_to(
            self.row if row is None else self._held(self.row, row),
            self.column if column is None else self._held(self.column, column),
        )

    def zoomed(self, steps: int) -> "Lens":
        """So many classes fewer (or more, below 0) under the lens."""
        size = min(max(self.size - steps, _LEAST), _MOST)
        return replace(self, size=size).moved_to(self.row, self.column)

    def _held(self, start: int, position: int) -> int:
        return min(max(start, position - self.size + 1), position)
