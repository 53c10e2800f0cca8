"""Files of models from elsewhere, written by hand: honest ones without Keras, and those that do harm."""

import io
import json
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import h5py
import numpy as np

Config = dict[str, Any]
Fill = Callable[[h5py.File], None]

SIDE, CLASSES = 8, 3


def layer(kind: str, module: str = "keras.layers", **settings: object) -> Config:
    return {"module": module, "class_name": kind, "config": settings, "registered_name": None}


def sequential(*layers: Config, shape: tuple[int, ...] = (SIDE, SIDE, 3)) -> Config:
    first = layer("InputLayer", batch_shape=[None, *shape], dtype="float32", name="input")
    return layer("Sequential", "keras", name="net", trainable=True, layers=[first, *layers])


def classifier(*first: Config) -> Config:
    """A network that Keras can build: the mean colour, then one dense layer."""
    pooling = layer("GlobalAveragePooling2D", name="pooling")
    dense = layer("Dense", name="dense", units=CLASSES, activation="softmax", use_bias=True)
    return sequential(*first, pooling, dense)


def dense_weights(file: h5py.File) -> None:
    variables = file.create_group("layers/dense/vars")
    variables["0"] = np.eye(3, CLASSES, dtype=np.float32) * 4
    variables["1"] = np.zeros(CLASSES, np.float32)
    for place in ("layers/input_layer/vars", "layers/global_average_pooling2d/vars", "layers/rescaling/vars", "vars"):
        file.create_group(place)


def hdf5(fill: Fill = dense_weights) -> bytes:
    buffer = io.BytesIO()
    with h5py.File(buffer, "w") as file:
        fill(file)
    return buffer.getvalue()


def members(config: Config | bytes, weights: bytes | None = None) -> dict[str, bytes]:
    text = config if isinstance(config, bytes) else json.dumps(config).encode()
    return {
        "metadata.json": b'{"keras_version": "3.15.1"}',
        "config.json": text,
        "model.weights.h5": hdf5() if weights is None else weights,
    }


def write_archive(path: Path, contents: Mapping[str, bytes], compression: int = zipfile.ZIP_STORED) -> Path:
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, data in contents.items():
            archive.writestr(name, data)
    return path


def keras_file(path: Path, config: Config | bytes, weights: bytes | None = None) -> Path:
    return write_archive(path, members(config, weights))
