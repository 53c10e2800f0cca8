"""Which part of a plane of points is shown, and where its points lie in a widget. Knows no widget."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

WHOLE: Final = 1.0
CLOSEST: Final = 32.0

_MARGIN: Final = 16.0


def shares(points: NDArray[np.float32]) -> NDArray[np.float64]:
    """(n, 2) Points of any scale as shares of the plane that they span, 0 to 1, the second downwards."""
    if not len(points):
        return np.zeros((0, 2))
    low, high = points.min(axis=0), points.max(axis=0)
    share = np.asarray((points - low) / np.maximum(high - low, 1e-9), dtype=np.float64)
    share[:, 1] = 1 - share[:, 1]
    return share


@dataclass(frozen=True, slots=True)
class PlaneView:
    """A part of the plane, of the proportions of the widget.

    Attributes:
        width: Of the widget, in its pixels.
        height: Of the widget.
        zoom: How many times larger than the whole plane would be, 1 to 32.
        x: Middle of the part as a share of the plane.
        y: The same, downwards.
    """

    width: float = 1.0
    height: float = 1.0
    zoom: float = WHOLE
    x: float = 0.5
    y: float = 0.5

    def placed(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """(n, 2) Points, given as shares of the plane, in the pixels of the widget."""
        room = self._room()
        return np.asarray((points - (self.x, self.y)) * room + (self.width / 2, self.height / 2), dtype=np.float64)

    def sized(self, width: float, height: float) -> "PlaneView":
        """The same part in a widget of another size."""
        return replace(self, width=width, height=height)

    def zoomed(self, factor: float, at: tuple[float, float] | None = None) -> "PlaneView":
        """Closer (or farther, below 1).

        Args:
            factor: How many times.
            at: Pixels of what stays where it is; the middle if None.
        """
        zoom = min(max(self.zoom * factor, WHOLE), CLOSEST)
        x, y = at or (self.width / 2, self.height / 2)
        fixed = self._room()
        closer = fixed * zoom / self.zoom
        away = np.array((x - self.width / 2, y - self.height / 2))
        middle = (self.x, self.y) + away / fixed - away / closer
        return replace(self, zoom=zoom, x=float(middle[0]), y=float(middle[1]))._inside()

    def moved(self, right: float, down: float) -> "PlaneView":
        """What is shown follows the hand by so many pixels."""
        room = self._room()
        return replace(self, x=self.x - right / float(room[0]), y=self.y - down / float(room[1]))._inside()

    def holding(self, point: NDArray[np.float64]) -> "PlaneView":
        """The part that holds a point, given as shares of the plane; this one where it does."""
        x, y = self.placed(point[np.newaxis])[0]
        if 0 <= x <= self.width and 0 <= y <= self.height:
            return self
        return replace(self, x=float(point[0]), y=float(point[1]))._inside()

    def _room(self) -> NDArray[np.float64]:
        """Pixels of the whole plane."""
        inner = np.array((self.width, self.height)) - 2 * _MARGIN
        return np.asarray(np.maximum(inner, 1.0) * self.zoom)

    def _inside(self) -> "PlaneView":
        half = 0.5 / self.zoom
        return replace(self, x=min(max(self.x, half), 1 - half), y=min(max(self.y, half), 1 - half))


def spread_out(
    places: NDArray[np.float64],
    urgent: NDArray[np.bool_],
    side: float,
    width: float,
    height: float,
    *,
    all_of_them: bool,
) -> list[int]:
    """Which points in view may become squares that don't lie on one another.

    Args:
        places: (n, 2) Middles of the squares.
        urgent: (n,) Which of them go first.
        side: Of a square.
        width: Of what is in view; squares are moved to end inside of it.
        height: The same.
        all_of_them: Whether those that aren't urgent may become squares, too.

    Returns:
        Their numbers, the urgent ones first.
    """
    half = side / 2
    in_view = ((places >= 0) & (places <= (width, height))).all(axis=1)
    middles = np.clip(places, half, (max(width - half, half), max(height - half, half)))
    first, then = np.flatnonzero(in_view & urgent), np.flatnonzero(in_view & ~urgent)
    order = np.concatenate([first, then]) if all_of_them else first
    cells = np.floor(middles[order] / side).astype(np.int64)
    _, firsts = np.unique(cells, axis=0, return_index=True)  # at most one of a cell: few are left to be compared
    kept: list[int] = []
    for number in order[np.sort(firsts)].tolist():
        if not kept or (np.abs(middles[kept] - middles[number]).max(axis=1) >= side).all():
            kept.append(number)
    return kept
