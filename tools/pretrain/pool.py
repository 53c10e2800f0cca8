"""Views and what the teacher says of them, on disk: made once, learnt from several times, then replaced."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from teacher import Teacher
from torch import Tensor
from view_maker import ViewMaker

_AT_ONCE = 64
_FILES = ("views", "labels", "features")


@dataclass(frozen=True)
class Batch:
    """Views with all their targets.

    Attributes:
        views: float32 (n, 3, SIZE, SIZE), 0 to 255.
        labels: (n, classes), sums of one.
        features: The teacher's pooled features, (n, FEATURES).
    """

    views: Tensor
    labels: Tensor
    features: Tensor


class Pool:
    """Rounds of views; the oldest are removed when there are more than fit."""

    def __init__(self, folder: Path, most: int) -> None:
        """Open a folder, and keep so many rounds in it."""
        self._folder, self._most = folder, most
        folder.mkdir(parents=True, exist_ok=True)
        self._rounds: dict[int, dict[str, NDArray[np.generic]]] = {}
        for path in sorted(folder.glob("round*")):
            self._open(int(path.name.removeprefix("round")))

    def make(self, number: int, n: int, maker: ViewMaker, teacher: Teacher) -> None:
        """Make a round of ``n`` views, unless it is there, and let go of the oldest."""
        if number not in self._rounds:
            partial = self._folder / "partial"
            partial.mkdir(exist_ok=True)
            for name, array in _rows(n, maker, teacher, torch.Generator().manual_seed(number)).items():
                np.save(partial / f"{name}.npy", array, allow_pickle=False)
            partial.rename(self._path(number))
            self._open(number)
        for old in [other for other in self._rounds if other <= number - self._most]:
            del self._rounds[old]
            shutil.rmtree(self._path(old))

    def _path(self, number: int) -> Path:
        return self._folder / f"round{number:05}"

    def _open(self, number: int) -> None:
        files = {name: np.load(self._path(number) / f"{name}.npy", mmap_mode="r") for name in _FILES}
        self._rounds[number] = files

    def draw(self, n: int, random: np.random.Generator) -> Batch:
        """A batch of views from all rounds, half of them mirrored."""
        rounds = list(self._rounds.values())
        picked = [(rounds[random.integers(len(rounds))], random.random()) for _ in range(n)]

        def gather(name: str) -> Tensor:
            rows = [files[name][int(at * len(files[name]))] for files, at in picked]
            return torch.from_numpy(np.stack(rows)).float()

        mirrored = torch.from_numpy(random.random(n) < 0.5)[:, None, None, None]
        views = gather("views").permute(0, 3, 1, 2)
        return Batch(torch.where(mirrored, views.flip(3), views), gather("labels"), gather("features"))


def _rows(n: int, maker: ViewMaker, teacher: Teacher, generator: torch.Generator) -> dict[str, NDArray[np.generic]]:
    order = torch.randperm(maker.photos, generator=generator).repeat(-(-n // maker.photos))[:n]
    parts: dict[str, list[NDArray[np.generic]]] = {name: [] for name in _FILES}
    for index in order.split(_AT_ONCE):
        views, labels = maker.make(index, generator)
        parts["views"].append(views.permute(0, 2, 3, 1).contiguous().numpy())
        parts["labels"].append(labels.half().numpy())
        parts["features"].append(teacher.look(views).half().numpy())
    return {name: np.concatenate(rows) for name, rows in parts.items()}
