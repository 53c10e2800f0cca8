"""The shapes of four kinds of leaves, and how a leaf lies in a picture."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array: TypeAlias = NDArray[np.float64]
Rng: TypeAlias = np.random.Generator
Size: TypeAlias = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Vein:
    """A polyline of shape (points, 2) that narrows from ``width`` at its first point to a third of it at its last."""

    points: Array
    width: float


@dataclass(frozen=True, slots=True)
class Leaf:
    """A flat leaf about one unit long, its middle near (0, 0.5) and its tip upwards.

    Attributes:
        margin: (points, 2), from the stalk up one side to the tip and down the other side.
        tip: Index of the tip in ``margin``.
        veins: The midrib first; its first point is where the stalk joins the blade.
    """

    margin: Array
    tip: int
    veins: tuple[Vein, ...]


def line(start: ArrayLike, end: ArrayLike, sag: float = 0.0, points: int = 12) -> Array:
    """A curve of shape (points, 2) from ``start`` to ``end``, bowed sideways by ``sag`` times its length."""
    a, b = np.asarray(start, dtype=float), np.asarray(end, dtype=float)
    t = np.linspace(0, 1, points)[:, None]
    normal = np.array([a[1] - b[1], b[0] - a[0]])
    return np.asarray(a + (b - a) * t + normal * sag * 4 * t * (1 - t))


def envelope(t: Array, widest: float, base: float) -> Array:
    """Half width along the midrib, 1 at ``widest``; ``base`` is the exponent with which it opens at the stalk."""
    tip = base * (1 - widest) / widest
    return np.asarray((t / widest) ** base * ((1 - t) / (1 - widest)) ** tip)


def pinnate(rng: Rng, half_width: Callable[[Array], Array], forward: float, pairs: int, lift: float) -> Leaf:
    """A leaf with one midrib.

    Args:
        rng: Source of the differences between the two sides.
        half_width: Half width at positions 0 to 1 along the midrib.
        forward: How far the margin leans towards the tip, per unit of width.
        pairs: Pairs of side veins.
        lift: How far along the midrib a side vein climbs on its way to the margin, per unit of width.
    """
    t = np.linspace(0, 1, 500)
    sides: list[Array] = []
    veins = [Vein(line((0, 0), (0, 0.985), points=40), 0.018)]
    for sign in (-1, 1):
        warped = np.clip(t + 0.03 * rng.normal() * np.sin(np.pi * t) + 0.012 * rng.normal() * np.sin(5 * t), 0, 1)
        width = half_width(warped) * rng.uniform(0.92, 1.08)
        sides.append(np.stack([sign * width, t + forward * width * (1 - t)], axis=1))
        for root in np.linspace(0.06, 0.86, pairs) + rng.normal(0, 0.008, pairs):
            reach = float(np.interp(root + lift * 0.1, t, width)) * 0.9
            end = (sign * reach, root + (lift + forward) * reach * (1 - 0.3 * root))
            veins.append(Vein(line((0, float(root)), end, sag=-0.06 * sign), 0.008))
    margin = np.concatenate([sides[0], sides[1][::-1]])
    return Leaf(margin, len(t) - 1, tuple(veins))


def birch(rng: Rng) -> Leaf:
    """Egg-shaped with a drawn-out tip; large saw teeth that carry small ones."""
    width, widest, base = rng.uniform(0.30, 0.39), rng.uniform(0.26, 0.36), rng.uniform(0.48, 0.62)
    teeth, depth = int(rng.integers(8, 12)), rng.uniform(0.10, 0.17)

    def half_width(t: Array) -> Array:
        saw = 0.7 * (t * teeth % 1) + 0.3 * (t * teeth * 3 % 1)
        return width * envelope(t, widest, base) * (1 - depth + depth * saw * 1.6)

    return pinnate(rng, half_width, forward=0.12, pairs=int(rng.integers(6, 9)), lift=0.75)


def oak(rng: Rng) -> Leaf:
    """Widest beyond the middle; a few round lobes on each side with narrow bays between them."""
    width, widest, base = rng.uniform(0.29, 0.37), rng.uniform(0.58, 0.66), rng.uniform(0.75, 0.95)
    lobes, depth = int(rng.integers(4, 6)), rng.uniform(0.56, 0.72)

    def half_width(t: Array) -> Array:
        bays = 1 - np.abs(np.cos(np.pi * (t - 1) * lobes)) ** 0.75
        return width * envelope(t, widest, base) * (1 - depth * bays) + 0.008 * (1 - t)

    return pinnate(rng, half_width, forward=0.30, pairs=lobes, lift=0.55)


def willow(rng: Rng) -> Leaf:
    """Long and narrow with a fine margin."""
    width, widest, base = rng.uniform(0.085, 0.135), rng.uniform(0.36, 0.50), rng.uniform(0.62, 0.85)
    teeth, depth = int(rng.integers(26, 38)), rng.uniform(0.03, 0.09)

    def half_width(t: Array) -> Array:
        return width * envelope(t, widest, base) * (1 - depth + depth * 2 * (t * teeth % 1))

    return pinnate(rng, half_width, forward=0.1, pairs=int(rng.integers(11, 15)), lift=1.3)


MAPLE_SCALE, MAPLE_BASE = 0.80, np.array([0.0, 0.18])
LOBE = ((0.50, 1.0), (0.60, 0.66), (0.74, 0.74), (0.80, 0.36), (1.0, 0.0))  # of a maple: place along, reach across


def maple(rng: Rng) -> Leaf:
    """Five pointed lobes that spread like fingers, each with coarse pointed teeth on both sides."""
    spread, fat = rng.uniform(46, 56), rng.uniform(0.20, 0.26)
    angles = np.radians(np.array([-2.0, -1, 0, 1, 2.0]) * spread + rng.normal(0, 3, 5))
    lengths = np.array([0.52, 0.86, 1.0, 0.86, 0.52]) * rng.uniform(0.92, 1.06, 5)
    bay = rng.uniform(0.34, 0.46)
    veins: list[Vein] = []
    corners: list[Array] = [np.zeros(2)]
    for index in range(5):
        along = lengths[index] * np.array([np.sin(angles[index]), np.cos(angles[index])])
        across = fat * np.array([along[1], -along[0]])
        if index:
            depth = bay * min(lengths[index - 1 : index + 1]) * rng.uniform(0.92, 1.1)
            middle = angles[index - 1 : index + 1].mean()
            corners.append(depth * np.array([np.sin(middle), np.cos(middle)]))
        corners += [along * place - across * reach for place, reach in LOBE]
        corners += [along * place + across * reach for place, reach in LOBE[-2::-1]]
        veins.insert(index if index != 2 else 0, Vein(line((0, 0), along * 0.97, points=20), 0.016))
        veins += [Vein(line(along * 0.30, along * 0.5 + across * side * 0.95), 0.007) for side in (-1, 1)]
        veins += [Vein(line(along * 0.52, along * 0.73 + across * side * 0.68), 0.006) for side in (-1, 1)]
    corners.append(np.zeros(2))
    edges = [line(a, b, sag=-0.09, points=8)[:-1] for a, b in pairwise(corners)]
    tip = int(np.argmax([corner[1] for corner in corners])) * 7
    # Wide as it is, it is drawn smaller, about the same middle as the long leaves.
    shrunk = [Vein(vein.points * MAPLE_SCALE + MAPLE_BASE, vein.width * MAPLE_SCALE) for vein in veins]
    return Leaf(np.concatenate(edges) * MAPLE_SCALE + MAPLE_BASE, tip, tuple(shrunk))


SPECIES: dict[str, Callable[[Rng], Leaf]] = {"birch": birch, "maple": maple, "oak": oak, "willow": willow}


@dataclass(frozen=True, slots=True)
class Pose:
    """How a leaf lies in the picture.

    Attributes:
        bend: How much the midrib turns from stalk to tip, in radians.
        matrix: (2, 2), leaf units to pixels.
        centre: Where the middle of the leaf lies, in pixels.
        tilt: (2,), how much nearer the picture's points are per leaf unit along each axis.
    """

    bend: float
    matrix: Array
    centre: Array
    tilt: Array

    @classmethod
    def draw(cls, rng: Rng, size: Size, reach: float = 1.0) -> "Pose":
        """Any direction, most often tip upwards, some foreshortening; ``reach`` scales the leaf."""
        width, height = size
        turn, skew = rng.vonmises(np.pi, 0.9), rng.uniform(0, 2 * np.pi)
        flat = rotation(skew) @ np.diag([1.0, rng.uniform(0.84, 1.0)]) @ rotation(-skew)
        scale = reach * min(size) * rng.uniform(0.82, 1.06)
        centre = np.array([width, height]) * (0.5 + rng.uniform(-0.06, 0.06, 2))
        return cls(rng.normal(0, 0.2), scale * flat @ rotation(turn), centre, rng.normal(0, 0.10, 2))

    @property
    def scale(self) -> float:
        """Pixels per leaf unit."""
        return float(np.sqrt(abs(np.linalg.det(self.matrix))))

    def place(self, points: Array) -> Array:
        """Leaf units to pixels, both of shape (points, 2)."""
        turn = self.bend * (points[:, 1] - 0.5)
        bent = np.stack([points[:, 0] * np.cos(turn), points[:, 1] - 0.48 - points[:, 0] * np.sin(turn)], axis=1)
        bent[:, 0] += self.bend * (points[:, 1] - 0.5) ** 2
        return np.asarray(bent / (1 + bent @ self.tilt)[:, None] @ self.matrix.T + self.centre)


def rotation(angle: float) -> Array:
    return np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
