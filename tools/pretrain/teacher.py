"""The teacher: MobileNetV2 1.0 with ImageNet weights, through the program's own engine."""

from pathlib import Path

import h5py
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from tlstudio.events import CancelToken, ignore_events
from tlstudio.modeling import weights
from tlstudio.modeling.engine import EngineStore
from tlstudio.modeling.part import PHOTO, POOLING, Part
from tlstudio.modeling.spec import ModelSpec

SIZE = 160
"""Width and height in pixels of what it sees: it knows most of 64 px photos at this size (of 96, 128, 160 and 224)."""

FEATURES = 1280
_CLASSES = 1000


class Teacher:
    """Tells what a trained network sees in views."""

    def __init__(self, folder: Path, engines: Path) -> None:
        """Load from a folder with ``mobilenet_v2_1.0_224_{notop,top}.weights.h5``; keep the engine in another."""
        file = str(folder / "mobilenet_v2_1.0_224_notop.weights.h5")
        spec = ModelSpec("mobilenet_v2_1.0", file, SIZE)
        part = Part(spec, PHOTO, POOLING, file, weights.digest(file))
        self._engine = EngineStore(engines).get(part, emit=ignore_events, token=CancelToken())
        kernel, bias = _classifier(folder / "mobilenet_v2_1.0_224_top.weights.h5")
        self._kernel, self._bias = torch.from_numpy(kernel), torch.from_numpy(bias)

    def look(self, views: Tensor) -> Tensor:
        """Pooled features (n, FEATURES) of views, uint8 (n, 3, S, S)."""
        enlarged = functional.interpolate(views.float(), size=(SIZE, SIZE), mode="bilinear", align_corners=False)
        return torch.from_numpy(self._engine.run(enlarged.round().byte().permute(0, 2, 3, 1).contiguous().numpy()))

    def scores(self, features: Tensor) -> Tensor:
        """Its scores for the 1,000 classes of ImageNet, before the softmax, from pooled features."""
        return features @ self._kernel + self._bias


def _classifier(path: Path) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    found: dict[tuple[int, ...], NDArray[np.float32]] = {}

    def note(_: str, item: object) -> None:
        if isinstance(item, h5py.Dataset):
            found[item.shape] = np.asarray(item)

    with h5py.File(path) as file:
        file.visititems(note)
    return found[FEATURES, _CLASSES], found[_CLASSES,]
