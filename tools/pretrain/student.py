"""The starter backbone in PyTorch, which trains it twice as fast on a CPU as Keras does, and its way into Keras."""

from pathlib import Path

import h5py
import keras
import numpy as np
import torch
from torch import Tensor, nn

from tlstudio.modeling import starter


class Convolved(nn.Sequential):
    """Convolution, batch normalisation and, where wanted, ReLU."""

    def __init__(self, inputs: int, filters: int, kernel: int, stride: int = 1, *, relu: bool = True) -> None:
        padding = kernel // 2 if kernel > stride or stride == 1 else 0
        parts: list[nn.Module] = [
            nn.Conv2d(inputs, filters, kernel, stride, padding, bias=False),
            nn.BatchNorm2d(filters),
        ]
        super().__init__(*parts, *([nn.ReLU(inplace=True)] if relu else []))


class Block(nn.Module):
    """A partial 3 x 3 convolution and two 1 x 1 convolutions around which the input passes."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.some = width // starter.LOOKS_AROUND
        self.near = nn.Conv2d(self.some, self.some, 3, padding=1, bias=False)
        self.expand = Convolved(width, starter.EXPANSION * width, 1)
        self.project = nn.Conv2d(starter.EXPANSION * width, width, 1, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        """From (N, width, H, W) to the same shape."""
        mixed = torch.cat([self.near(x[:, : self.some]), x[:, self.some :]], 1)
        return x + self.project(self.expand(mixed))


class Student(nn.Module):
    """``tlstudio.modeling.starter.starter_layers``, layer for layer and under the same names."""

    def __init__(self) -> None:
        super().__init__()
        width = starter.WIDTHS[0]
        named: dict[str, nn.Module] = {"stem": Convolved(3, width, starter.STEM_KERNEL, starter.STEM_STRIDE)}
        for stage, (wider, depth) in enumerate(zip(starter.WIDTHS, starter.DEPTHS, strict=True), start=1):
            if stage > 1:
                named[f"stage{stage}_merge"] = Convolved(width, wider, 2, 2, relu=False)
            width = wider
            named.update({f"stage{stage}_block{block}": Block(width) for block in range(1, depth + 1)})
        named["last"] = Convolved(width, starter.FEATURES, 1)
        self.layers = nn.ModuleDict(named)
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")
            if isinstance(module, nn.BatchNorm2d):
                module.momentum = 0.02
            if isinstance(module, Block):
                module.project.weight.data.mul_(0.3)  # each block begins as a small change

    def forward(self, x: Tensor) -> Tensor:
        """From (N, 3, S, S), -1 to 1, to a feature map (N, FEATURES, S/32, S/32)."""
        for layer in self.layers.values():
            x = layer(x)
        return x

    def settle_statistics(self, batches: list[Tensor]) -> None:
        """Compute the statistics of batch normalisation anew, as means over some batches, with the weights of now."""
        norms = [module for module in self.modules() if isinstance(module, nn.BatchNorm2d)]
        momenta = [norm.momentum for norm in norms]
        for norm in norms:
            norm.reset_running_stats()
            norm.momentum = None  # a plain mean over all batches
        self.train()
        with torch.no_grad():
            for batch in batches:
                self(batch)
        for norm, momentum in zip(norms, momenta, strict=True):
            norm.momentum = momentum


def to_keras(student: Student) -> keras.Model:
    """The same network in Keras, without the preprocessing."""
    photo = keras.Input((None, None, 3))
    model = keras.Model(photo, starter.starter_layers(photo))
    for name, layer in student.layers.items():
        if isinstance(layer, Block):
            _copy_convolution(model, f"{name}_near", layer.near)
            _copy_convolved(model, f"{name}_expand", layer.expand)
            _copy_convolution(model, f"{name}_project", layer.project)
        else:
            assert isinstance(layer, Convolved)  # noqa: S101 - there are no others
            _copy_convolved(model, name, layer)
    return model


def _copy_convolved(model: keras.Model, name: str, layer: Convolved) -> None:
    convolution, norm = layer[0], layer[1]
    _copy_convolution(model, f"{name}_conv", convolution)
    tensors = (norm.weight, norm.bias, norm.running_mean, norm.running_var)
    model.get_layer(f"{name}_bn").set_weights([tensor.detach().numpy() for tensor in tensors])


def _copy_convolution(model: keras.Model, name: str, convolution: nn.Module) -> None:
    assert isinstance(convolution, nn.Conv2d)  # noqa: S101
    model.get_layer(name).set_weights([convolution.weight.detach().permute(2, 3, 1, 0).numpy()])


def save(model: keras.Model, path: Path) -> None:
    """Write weights in Keras's layout, those of convolutions with 16 bits each: half the size, the same answers."""
    model.save_weights(path)
    with h5py.File(path) as file:
        names: list[str] = []
        file.visititems(lambda name, item: names.append(name) if isinstance(item, h5py.Dataset) else None)
        arrays = {name: np.asarray(file[name]) for name in names}
    path.unlink()
    with h5py.File(path, "w") as file:
        for name, array in arrays.items():
            stored = array.astype(np.float16) if array.ndim > 1 else array
            file.create_dataset(name, data=stored)
