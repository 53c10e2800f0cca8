"""Drawing training views from photos: crops, mosaics, mixtures, cut-outs, and the light they are seen in."""

import math

import torch
from torch import Tensor
from torch.nn import functional

SIZE = 96
"""Width and height of a view in pixels."""

_MOSAICS, _CUTOUTS, _MIXTURES = 0.3, 0.1, 0.1


class ViewMaker:
    """Makes views of a set of photos, with soft labels.

    Most views are crops of one photo. Mosaics of four bring what enlarged photos of 64 px lack: edges as sharp as a
    camera's, and small things. Cut-outs, a photo's texture in a smooth random outline on a plain backdrop, bring
    shapes before a wall or on a sheet of paper.
    """

    def __init__(self, pixels: Tensor, labels: Tensor, n_classes: int) -> None:
        """Take uint8 photos (N, side, side, 3) and their labels (N,)."""
        self._pixels = pixels
        self._labels = functional.one_hot(labels, n_classes).float()

    @property
    def photos(self) -> int:
        """How many photos there are."""
        return len(self._pixels)

    def make(self, index: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        """Views of photos by index: uint8 (n, 3, SIZE, SIZE), and soft labels (n, classes)."""
        n = len(index)
        views, labels = self._crops(index, generator), self._labels[index].clone()
        at = 0
        for share, make in ((_MOSAICS, self._mosaic), (_CUTOUTS, self._cutout), (_MIXTURES, self._mixture)):
            some = slice(at, at + round(share * n))
            views[some], labels[some] = make(views[some], labels[some], generator)
            at = some.stop
        return _light(views, generator).round().byte(), labels

    def _others(self, n: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        index = torch.randint(len(self._pixels), (n,), generator=generator)
        return self._crops(index, generator), self._labels[index]

    def _crops(self, index: Tensor, generator: torch.Generator) -> Tensor:
        """Random parts of the area 1/5 to 1, stretched up to 4:3, half of them turned by up to 20 degrees."""
        n = len(index)
        area = torch.exp(math.log(0.2) * _uniform(generator, n))
        stretch = torch.exp(math.log(4 / 3) * _spread(generator, n))
        width, height = (area * stretch).sqrt().clamp(max=1), (area / stretch).sqrt().clamp(max=1)
        x, y = _spread(generator, n) * (1 - width), _spread(generator, n) * (1 - height)
        flip = torch.where(_uniform(generator, n) < 0.5, -1.0, 1.0)
        turn = math.radians(20) * _spread(generator, n) * (_uniform(generator, n) < 0.5)
        cos, sin = turn.cos(), turn.sin()
        rows = [
            torch.stack(row, 1)
            for row in ((width * flip * cos, -height * sin, x), (width * flip * sin, height * cos, y))
        ]
        grid = functional.affine_grid(torch.stack(rows, 1), [n, 3, SIZE, SIZE], align_corners=False)
        photos = self._pixels[index].permute(0, 3, 1, 2).float()
        return functional.grid_sample(photos, grid, mode="bicubic", padding_mode="reflection", align_corners=False)

    def _mosaic(self, views: Tensor, labels: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        """Four views in one, each made smaller; the point where they meet differs from call to call."""
        column, row = (int(SIZE * (0.25 + 0.5 * float(torch.rand((), generator=generator)))) for _ in range(2))
        tiles = [(views, labels), *(self._others(len(views), generator) for _ in range(3))]
        sizes = [(row, column), (row, SIZE - column), (SIZE - row, column), (SIZE - row, SIZE - column)]
        small = [
            functional.interpolate(tile, size=size, mode="bilinear", antialias=True, align_corners=False)
            for (tile, _), size in zip(tiles, sizes, strict=True)
        ]
        mixed = sum(label * (h * w / SIZE**2) for (_, label), (h, w) in zip(tiles, sizes, strict=True))
        assert isinstance(mixed, Tensor)  # noqa: S101 - a sum of four tensors
        return torch.cat([torch.cat(small[:2], 3), torch.cat(small[2:], 3)], 2), mixed

    def _mixture(self, views: Tensor, labels: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        """Two views blended: "mixup" (Zhang et al. 2018)."""
        others, other_labels = self._others(len(views), generator)
        share = 0.5 * torch.rand(len(views), 1, generator=generator)
        blend = share[:, :, None, None]
        return views * (1 - blend) + others * blend, labels * (1 - share) + other_labels * share

    def _cutout(self, views: Tensor, labels: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        """A view inside a smooth random outline, on a backdrop of one colour that brightens towards one side."""
        n = len(views)
        axis = torch.linspace(-1, 1, SIZE)
        y, x = axis[:, None], axis[None, :]
        angle, radius = torch.atan2(y, x), (x**2 + y**2).sqrt()
        outline = 0.65 + 0.15 * _spread(generator, n)[:, None, None]
        for lobes in range(1, 7):
            strength, phase = 0.3 / lobes * _uniform(generator, n), 2 * math.pi * _uniform(generator, n)
            outline = outline + strength[:, None, None] * torch.cos(lobes * angle + phase[:, None, None])
        mask = ((outline.clamp(min=0.15) - radius) * SIZE / 2).clamp(0, 1)[:, None]
        slope = 40 * (_spread(generator, n)[:, None, None] * x + _spread(generator, n)[:, None, None] * y)
        backdrop = 255 * _uniform(generator, n, 3)[:, :, None, None] + slope[:, None]
        return views * mask + backdrop * (1 - mask), labels


def _light(views: Tensor, generator: torch.Generator) -> Tensor:
    """Brightness, contrast, colour, tint, and blur or sharpening; 0 to 255."""
    n = len(views)

    def factor(most: float) -> Tensor:
        return (1 + most * _spread(generator, n) * (_uniform(generator, n) < 0.8))[:, None, None, None]

    views = views * factor(0.4)
    mean = views.mean((1, 2, 3), keepdim=True)
    views = mean + (views - mean) * factor(0.4)
    grey = views.mean(1, keepdim=True)
    colourful = torch.where(_uniform(generator, n)[:, None, None, None] < 0.1, 0.0, factor(0.5))
    views = grey + (views - grey) * colourful
    views = views * (1 + 0.15 * _spread(generator, n, 3)[:, :, None, None])
    blurred = functional.avg_pool2d(functional.pad(views, (1, 1, 1, 1), mode="reflect"), 3, 1)
    amount = torch.where(_uniform(generator, n) < 0.6, 3.0 * _uniform(generator, n), -_uniform(generator, n))
    amount = amount * (_uniform(generator, n) < 0.6)
    return (views + (views - blurred) * amount[:, None, None, None]).clamp(0, 255)


def _uniform(generator: torch.Generator, *shape: int) -> Tensor:
    return torch.rand(shape, generator=generator)


def _spread(generator: torch.Generator, *shape: int) -> Tensor:
    return 2 * torch.rand(shape, generator=generator) - 1
