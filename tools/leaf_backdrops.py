"""What a leaf can lie on, drawn from noise."""

import numpy as np
from leaf_shapes import Array, Rng, Size, line
from PIL import Image, ImageDraw

GARDEN = np.array([(0.13, 0.30, 0.10), (0.30, 0.44, 0.15), (0.62, 0.58, 0.18), (0.52, 0.30, 0.14), (0.36, 0.25, 0.16)])


def noise(rng: Rng, size: Size, cells: float, octaves: int = 3, stretch: float = 1.0) -> Array:
    """Smooth noise of shape (height, width), about -1 to 1.

    Args:
        rng: Source of the values.
        size: Width and height.
        cells: Cells along the longer side in the first octave; each further one doubles them and halves the strength.
        octaves: Layers that are summed.
        stretch: How much longer than wide the cells are, along x.
    """
    width, height = size
    total = np.zeros((height, width))
    for octave in range(octaves):
        pitch = max(size) / (cells * 2**octave)
        shape = (max(2, round(height / pitch) + 1), max(2, round(width / pitch / stretch) + 1))
        grid = Image.fromarray(rng.uniform(-1, 1, shape).astype(np.float32))
        total += np.asarray(grid.resize(size, Image.Resampling.BICUBIC), dtype=float) / 2**octave
    return total


def blur(image: Array, radius: float) -> Array:
    """Gaussian blur, ``radius`` its standard deviation in pixels, of shape (height, width) or (height, width, 3)."""
    pad = int(3 * radius) + 1
    wide = np.pad(image, [(pad, pad), (pad, pad), (0, 0)][: image.ndim], mode="symmetric")
    rows, columns = np.fft.fftfreq(wide.shape[0]), np.fft.rfftfreq(wide.shape[1])
    response = np.exp(-2 * (np.pi * radius) ** 2 * (rows[:, None] ** 2 + columns**2))
    spectrum = np.fft.rfft2(wide, axes=(0, 1)) * response.reshape(response.shape + (1,) * (image.ndim - 2))
    return np.asarray(np.fft.irfft2(spectrum, wide.shape[:2], axes=(0, 1))[pad:-pad, pad:-pad])


def shifted(image: Array, by: Array) -> Array:
    """An image of shape (height, width), moved by (right, down) pixels; its edges are continued."""
    right, down = by.round().astype(int).tolist()
    pad = max(abs(right), abs(down))
    wide = np.pad(image, pad, mode="edge")
    return wide[pad - down :, pad - right :][: image.shape[0], : image.shape[1]]


def blend(amount: Array, low: Array, high: Array) -> Array:
    """Colours between ``low`` and ``high``, each (3,) or (height, width, 3), by an amount of (height, width)."""
    share = np.clip(amount, 0, 1)[..., None]
    return np.asarray(low * (1 - share) + high * share)


def paper(rng: Rng, size: Size) -> Array:
    """A sheet, white to cream, with faint fibres and a soft sheen."""
    sheet = rng.uniform(0.74, 0.95) * np.array([1.0, rng.uniform(0.96, 1.0), rng.uniform(0.84, 1.0)])
    grain = 0.03 * noise(rng, size, 2, 2) + 0.012 * noise(rng, size, 150, 2)
    return np.asarray(sheet * (1 + grain[..., None]))


def wood(rng: Rng, size: Size) -> Array:
    """A table top: grain along one side of the picture, sometimes with joints between planks."""
    along = size if rng.random() < 0.5 else size[::-1]
    rows = np.linspace(0, 1, along[1])[:, None]
    rings = np.sin(2 * np.pi * (rows * rng.uniform(5, 12) + 0.8 * noise(rng, along, 3, 2, stretch=4)))
    grain = 0.5 + 0.16 * rings + 0.24 * noise(rng, along, 60, 2, stretch=26) + 0.12 * noise(rng, along, 2, 2)
    dark = np.array([0.30, 0.19, 0.11]) * rng.uniform(0.8, 1.5)
    board = blend(grain, dark, dark * rng.uniform(1.5, 2.2) + 0.05)
    planks = int(rng.integers(1, 5))
    for joint in np.linspace(0, 1, planks + 1)[1:-1] + rng.uniform(-0.08, 0.08):
        board *= 1 - 0.75 * np.exp(-(((rows - joint) * along[1] / 2.5) ** 2))[..., None]
    return board if along == size else board.transpose(1, 0, 2)


def scattered(rng: Rng, picture: Array, count: int, largest: float, low: Array, high: Array) -> Array:
    """Flat stones or crumbs of colours between ``low`` and ``high``, each with a lit and a shaded side."""
    height, width = picture.shape[:2]
    canvas = Image.fromarray((np.clip(picture, 0, 1) * 255).astype(np.uint8))
    draw = ImageDraw.Draw(canvas)
    angles = np.linspace(0, 2 * np.pi, 14, endpoint=False)
    for radius in np.sort(largest * rng.power(0.35, count) + 1):
        outline = radius * (1 + rng.normal(0, 0.13, 14))[:, None] * np.stack([np.cos(angles), np.sin(angles)], axis=1)
        middle = rng.uniform(0, 1, 2) * (width, height)
        colour = (low + (high - low) * rng.random()) * 255
        for shift, light in ((0.16, 0.45), (0.0, 1.0), (-0.13, 1.16)):
            shape = outline * (1 - max(0, light - 1) * 2.4) + middle + shift * radius
            draw.polygon([tuple(point) for point in shape.tolist()], fill=tuple((colour * light).astype(int).tolist()))
    return np.asarray(canvas, dtype=float) / 255


def soil(rng: Rng, size: Size) -> Array:
    """Earth with crumbs and small stones."""
    dark = np.array([0.17, 0.12, 0.08]) * rng.uniform(0.8, 1.6)
    ground = blend(0.45 + 0.28 * noise(rng, size, 14, 5), dark, dark * 2.6)
    crumbs = scattered(rng, ground, int(rng.integers(250, 700)), 9, dark, dark * 2.4)
    return scattered(rng, crumbs, int(rng.integers(0, 40)), 22, dark * 2, np.array([0.62, 0.58, 0.52]))


def stone(rng: Rng, size: Size) -> Array:
    """A slab: grey or reddish, clouded and speckled."""
    grey = rng.uniform(0.34, 0.66) * np.array([rng.uniform(0.98, 1.16), 1.0, rng.uniform(0.86, 1.02)])
    clouds = 0.16 * noise(rng, size, 3, 4) + 0.10 * noise(rng, size, 90, 2)
    slab = grey * (1 + clouds[..., None])
    return scattered(rng, slab, int(rng.integers(60, 420)), rng.uniform(2, 4), grey * 0.55, np.minimum(grey * 1.5, 1))


def grass(rng: Rng, size: Size) -> Array:
    """A lawn from above: blades over blades, the lower ones in the dark."""
    width, height = size
    green = np.array([rng.uniform(0.26, 0.46), rng.uniform(0.44, 0.54), rng.uniform(0.12, 0.22)])
    canvas = Image.new("RGB", size, tuple((green * 70).astype(int).tolist()))
    draw = ImageDraw.Draw(canvas)
    lean = rng.uniform(0, 2 * np.pi)
    count = int(rng.integers(900, 1500))
    for depth in np.linspace(0.25, 1.05, count):
        angle, length = lean + rng.normal(0, 0.9), min(size) * rng.uniform(0.12, 0.4)
        start = rng.uniform(-0.1, 1.1, 2) * (width, height)
        end = start + length * np.array([np.cos(angle), np.sin(angle)])
        dry = np.array([0.62, 0.55, 0.30]) if rng.random() < 0.08 else green
        colour = tuple(np.clip(dry * depth * rng.uniform(190, 290, 3) ** 1.0, 0, 255).astype(int).tolist())
        blade = line(start, end, sag=rng.normal(0, 0.12), points=6)
        draw.line([tuple(point) for point in blade.tolist()], fill=colour, width=int(rng.integers(2, 7)))
    return np.asarray(canvas, dtype=float) / 255


def garden(rng: Rng, size: Size) -> Array:
    """Far things out of focus: greens, earth and a few bright discs."""
    tones = GARDEN[rng.integers(len(GARDEN), size=2)] * rng.uniform(0.6, 1.1)
    far = blend(0.5 + 0.5 * noise(rng, size, 3, 3), tones[0], tones[1] * 0.6 + 0.16)
    discs = scattered(rng, far, int(rng.integers(5, 40)), 60, tones[0] * 0.7, np.minimum(tones[1] + 0.35, 1))
    return blur(discs, rng.uniform(9, 16))


BACKDROPS = (paper, paper, wood, wood, soil, stone, stone, grass, garden)
