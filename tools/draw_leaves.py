"""Draws the sample data set of leaves: ``python tools/draw_leaves.py [--out data/leaves]``.

Four species, 60 photos each. What tells them apart is the shape of the blade, its margin and its veins; colour,
backdrop, light, size, pose, damage and blur are drawn alike for all four. Every photo has its own seed, so any of them
can be drawn again alone.
"""

import argparse
import io
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from leaf_backdrops import BACKDROPS, blend, blur, noise, shifted
from leaf_shapes import SPECIES, Array, Leaf, Pose, Rng, Size, Vein, line
from PIL import Image, ImageDraw

SEED = 20
PHOTOS_PER_SPECIES = 60
SIZES: tuple[Size, ...] = ((320, 240), (320, 240), (240, 320), (320, 256), (320, 320))
OVERSAMPLING = 2
LARGEST_FILE = 19_000  # bytes; most are far smaller, so that all of them stay below 4 MB
SEASONS = np.array(  # sRGB, 0 to 1: how a leaf turns, from summer to the ground
    [
        (0.13, 0.30, 0.10),
        (0.22, 0.42, 0.13),
        (0.38, 0.53, 0.17),
        (0.66, 0.62, 0.17),
        (0.82, 0.62, 0.14),
        (0.80, 0.42, 0.12),
        (0.66, 0.20, 0.12),
        (0.48, 0.26, 0.13),
        (0.36, 0.23, 0.14),
    ]
)


def filled(size: Size, polygons: list[Array]) -> Array:
    """A mask of shape (height, width): 1 inside any of the polygons."""
    canvas = Image.new("L", size)
    for polygon in polygons:
        ImageDraw.Draw(canvas).polygon([tuple(point) for point in polygon.tolist()], fill=255)
    return np.asarray(canvas, dtype=float) / 255


def stroked(size: Size, veins: tuple[Vein, ...], pose: Pose) -> Array:
    """The veins as (height, width): 1 on the widest of them, less on finer ones."""
    canvas = Image.new("L", size)
    draw = ImageDraw.Draw(canvas)
    thickest = max(vein.width for vein in veins)
    for vein in sorted(veins, key=lambda vein: vein.width):
        points = pose.place(vein.points)
        for index, (a, b) in enumerate(pairwise(points)):
            width = vein.width * pose.scale * (1 - 0.67 * index / len(points))
            ends = (*a.tolist(), *b.tolist())
            draw.line(ends, fill=round(90 + 165 * vein.width / thickest), width=max(1, round(width)))
    return np.asarray(canvas, dtype=float) / 255


@dataclass(frozen=True, slots=True)
class Light:
    """Where the light comes from.

    Attributes:
        towards: (2,) unit vector in the picture that points at the light.
        hardness: 0 for an overcast sky to 1 for the sun.
    """

    towards: Array
    hardness: float

    @classmethod
    def draw(cls, rng: Rng) -> "Light":
        """From any side."""
        angle = rng.uniform(0, 2 * np.pi)
        return cls(np.array([np.cos(angle), np.sin(angle)]), float(rng.random()))

    def on(self, height: Array) -> Array:
        """How much brighter each point of a height field, in pixels, faces this light than flat ground does."""
        down, right = np.gradient(height)
        return np.asarray(np.clip(-right * self.towards[0] - down * self.towards[1], -1, 1))


def blade_mask(rng: Rng, size: Size, margin: Array, scale: float) -> Array:
    """The blade less what insects took: bites out of the margin, holes inside."""
    mask = filled(size, [margin])
    angles = np.linspace(0, 2 * np.pi, 12, endpoint=False)
    circle = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    middle = margin.mean(axis=0)
    gone = []
    for _ in range(rng.poisson(1.3)):
        place = middle + (margin[rng.integers(len(margin))] - middle) * rng.choice([rng.uniform(0.3, 0.8), 1.0])
        radius = scale * rng.uniform(0.01, 0.035) * rng.uniform(0.7, 1.3, 12)
        gone.append(circle * radius[:, None] + place)
    return mask * (1 - filled(size, gone))


def blade_colour(rng: Rng, scene: Array, mask: Array, veins: Array) -> Array:
    """Colours of shape (height, width, 3): patches of the season, turned further at the margin, spots, paler veins."""
    size = mask.shape[::-1]
    ground = scene.mean(axis=(0, 1))
    seasons = rng.uniform(0, 6.4, 3)  # of three leaves people take up the one that stands out
    season = max(seasons, key=lambda season: float(np.abs(SEASONS[round(season)] - ground).sum()))
    rim = 1 - blur(mask, min(size) * 0.045)
    turned = season + rng.uniform(0.2, 0.9) * noise(rng, size, 5, 3) + rng.uniform(-0.3, 2.0) * rim
    stops = np.arange(len(SEASONS))
    colour = np.stack([np.interp(turned, stops, SEASONS[:, channel]) for channel in range(3)], axis=2)
    colour *= rng.uniform(0.82, 1.22) * (1 + 0.05 * noise(rng, size, 120, 2)[..., None])
    spots = np.clip((noise(rng, size, 22, 2) - rng.uniform(0.75, 1.3)) * 6, 0, 1)
    colour = blend(0.8 * spots, colour, colour * np.array([0.45, 0.36, 0.36]))
    pale = colour * rng.uniform(0.7, 1.1) + rng.uniform(0.04, 0.22) * np.array([1.0, 0.95, 0.62])
    return blend(0.85 * veins, colour, pale)


def lay(rng: Rng, scene: Array, leaf: Leaf, pose: Pose, light: Light) -> Array:
    """Lays one leaf with its shadow on the scene and returns the new scene, (height, width, 3)."""
    size = (scene.shape[1], scene.shape[0])
    margin = pose.place(leaf.margin)
    mask = blade_mask(rng, size, margin, pose.scale)
    midrib = pose.place(leaf.veins[0].points)
    half = blur(filled(size, [np.concatenate([margin[: leaf.tip + 1], midrib[::-1]])]), 2.5)
    base = leaf.veins[0].points[0]
    stem = line(base + np.array([0, 0.01]), base - (rng.normal(0, 0.06), rng.uniform(0.10, 0.30)), rng.normal(0, 0.1))
    stalk = stroked(size, (Vein(stem, 0.026),), pose)
    veins = blur(stroked(size, leaf.veins, pose), 0.8)

    fold = float(light.towards @ (pose.matrix @ [-1, 0])) / pose.scale * rng.uniform(0.05, 0.24)
    puff = -rng.uniform(2, 7) * blur(veins, 3.5) + rng.uniform(3, 9) * noise(rng, size, 5, 2)
    dome = rng.uniform(4, 14) * blur(mask, min(size) * 0.04)
    shade = 1 + fold * (2 * half - 1) + (0.25 + 0.4 * light.hardness) * light.on(puff + dome)
    colour = blade_colour(rng, scene, mask, veins) * shade[..., None]
    colour = blend(stalk * (1 - mask), colour, colour.mean(axis=(0, 1)) * rng.uniform(0.7, 1.2))

    body = np.maximum(mask, stalk)
    lift = pose.scale * rng.uniform(0.006, 0.035)
    away = -light.towards * lift
    shadow = blur(shifted(body, away), lift * (1.1 - 0.7 * light.hardness) + 1)
    return blend(blur(body, 0.7), scene * (1 - (0.35 + 0.35 * light.hardness) * shadow)[..., None], colour)


def twig(rng: Rng, scene: Array, light: Light) -> Array:
    """Lays a thin bare twig across a part of the scene."""
    size = (scene.shape[1], scene.shape[0])
    pose = Pose.draw(rng, size, reach=rng.uniform(0.7, 1.2))
    start, end = rng.uniform(-0.9, -0.3, 2), rng.uniform(0.3, 1.4, 2)
    fork = start + (end - start) * 0.55
    shoots = (
        Vein(line(start, end, rng.normal(0, 0.06)), 0.022),
        Vein(line(fork, fork + rng.uniform(-0.4, 0.4, 2), 0.1), 0.013),
    )
    body = np.clip(stroked(size, shoots, pose) * 2, 0, 1)
    away = -light.towards * 6
    shadow = blur(shifted(body, away), 3)
    bark = np.array([0.34, 0.25, 0.17]) * rng.uniform(0.6, 1.3) * (1 + 0.4 * light.on(4 * blur(body, 2)))[..., None]
    return blend(blur(body, 0.7), scene * (1 - 0.45 * shadow)[..., None], bark)


def lit(rng: Rng, scene: Array, light: Light) -> Array:
    """The light over the whole picture: falling off to one side, vignetting, sometimes the shade of a tree."""
    height, width = scene.shape[:2]
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    glow = 1 + rng.uniform(0, 0.22) * (x * light.towards[0] + y * light.towards[1])
    glow *= 1 - rng.uniform(0, 0.16) * (x**2 + y**2)
    if rng.random() < 0.2:
        shade = blur(np.clip(noise(rng, (width, height), 3, 2) * 3, 0, 1), rng.uniform(12, 30))
        glow *= 1 - rng.uniform(0.2, 0.4) * shade
    balance = 1 + rng.normal(0, 0.025, 3)
    return np.asarray(scene * glow[..., None] * balance * rng.uniform(0.82, 1.18))


def developed(rng: Rng, scene: Array, size: Size) -> bytes:
    """What the camera makes of the scene: blur, noise and a JPEG file of ``size``."""
    soft = blur(scene, rng.choice([0.4, 0.9, 1.5, 2.4], p=[0.4, 0.35, 0.18, 0.07]))
    large = Image.fromarray((np.clip(soft, 0, 1) * 255).astype(np.uint8))
    small = np.asarray(large.resize(size, Image.Resampling.LANCZOS), dtype=float)
    grain = rng.normal(0, rng.uniform(0.5, 4), small.shape[:2])[..., None] + rng.normal(0, 1, small.shape)
    photo = Image.fromarray(np.clip(small + grain, 0, 255).astype(np.uint8))
    for quality in range(int(rng.integers(74, 93)), 20, -4):
        file = io.BytesIO()
        photo.save(file, "JPEG", quality=quality, optimize=True)
        if file.tell() <= LARGEST_FILE:
            break
    return file.getvalue()


def draw_photo(species: str, number: int) -> bytes:
    """One photo of the data set as a JPEG file.

    Args:
        species: Key of ``SPECIES``.
        number: From 1.
    """
    rng = np.random.default_rng([SEED, list(SPECIES).index(species), number])
    size = SIZES[rng.integers(len(SIZES))]
    canvas = (size[0] * OVERSAMPLING, size[1] * OVERSAMPLING)
    light = Light.draw(rng)
    scene = blur(BACKDROPS[rng.integers(len(BACKDROPS))](rng, canvas), rng.uniform(0.5, 2.5))
    if rng.random() < 0.2:
        scene = twig(rng, scene, light)
    if rng.random() < 0.2:
        stray = Pose.draw(rng, canvas, reach=0.8)
        angle = rng.uniform(0, 2 * np.pi)
        edge = np.array(canvas) * (0.5 + 0.68 * np.array([np.cos(angle), np.sin(angle)]))
        other = list(SPECIES.values())[rng.integers(len(SPECIES))]
        scene = lay(rng, scene, other(rng), Pose(stray.bend, stray.matrix, edge, stray.tilt), light)
    scene = lay(rng, scene, SPECIES[species](rng), Pose.draw(rng, canvas), light)
    return developed(rng, lit(rng, scene, light), size)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    default = Path(__file__).resolve().parents[1] / "data" / "leaves"
    parser.add_argument("--out", type=Path, default=default, help="folder that takes the four class folders")
    out: Path = parser.parse_args().out
    total = 0
    for species in SPECIES:
        (out / species).mkdir(parents=True, exist_ok=True)
        for number in range(1, PHOTOS_PER_SPECIES + 1):
            total += (out / species / f"{species}_{number:02}.jpg").write_bytes(draw_photo(species, number))
        print(f"{species}: {PHOTOS_PER_SPECIES} photos")
    print(f"{total / 1e6:.2f} MB in {out}")


if __name__ == "__main__":
    main()
