"""Every backbone of the table against Keras: a spread of small ones always, all of them with ``-m slow``."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import keras
import numpy as np
import pytest

from tlstudio.modeling import network as module
from tlstudio.modeling.backbones import BACKBONES, Backbone, get_backbone
from tlstudio.modeling.convert import convert
from tlstudio.modeling.engine import LiteRTEngine
from tlstudio.modeling.graph import cut_before, cut_layers
from tlstudio.modeling.network import build_backbone, build_network, build_part, save_weights, tail_of
from tlstudio.modeling.part import PHOTO, POOLING, SCORES, Part, TrainedTail
from tlstudio.modeling.spec import ModelSpec
from tlstudio.serialization import to_json

QUICK = ("mobilenet_v3_small",)
OF_KERAS = [backbone for backbone in BACKBONES if backbone.constructor]

MEAN, SPREAD = np.array([0.485, 0.456, 0.406]), np.array([0.229, 0.224, 0.225])
"""Of red, green and blue over ImageNet, as ``keras.applications`` writes them down."""


def constant_photos(size: int) -> np.ndarray:
    """Photos of one value each, 0, 127 and 255, and one whose channels differ."""
    colours = np.array([[0] * 3, [127] * 3, [255] * 3, [10, 100, 200]], np.uint8)
    return np.broadcast_to(colours[:, np.newaxis, np.newaxis], (4, size, size, 3)).copy()


def own_preprocessing(backbone: Backbone, pixels: np.ndarray) -> np.ndarray:
    """What the family's own ``preprocess_input`` makes of pixels; nothing where the network itself does it."""
    family = sys.modules[getattr(keras.applications, backbone.constructor).__module__]
    prepared: np.ndarray = family.preprocess_input(pixels.astype("float32"))
    return prepared


def inner_preprocessing(backbone: Backbone, pixels: np.ndarray) -> np.ndarray:
    """What a network without any weights makes of pixels before its first convolution, as its Keras source says."""
    if backbone.constructor.startswith("MobileNetV3"):
        return pixels / 127.5 - 1
    if backbone.constructor in ("EfficientNetV2S", "EfficientNetV2M", "EfficientNetV2L"):
        return pixels / 128.0 - 1
    if backbone.constructor.startswith(("EfficientNetV2B", "ConvNeXt")):
        return (pixels / 255.0 - MEAN) / SPREAD
    assert backbone.constructor.startswith("EfficientNetB"), "a new family says here what it does"
    return pixels / 255.0  # means and spreads come with its weights


def scales() -> list[Any]:
    """The spread at its smallest size; with ``-m slow`` the whole table at its own size."""
    quick = [pytest.param(get_backbone(name), get_backbone(name).min_size, id=name) for name in QUICK]
    whole = [pytest.param(entry, entry.input_size, id=f"{entry.name}-{entry.input_size}") for entry in BACKBONES]
    return quick + [pytest.param(*entry.values, id=entry.id, marks=pytest.mark.slow) for entry in whole]


@pytest.mark.parametrize(("backbone", "size"), scales())
def test_a_backbone_is_as_the_table_says(backbone: Backbone, size: int) -> None:
    network = build_backbone(ModelSpec(backbone.name, "none", size))
    assert network.count_params() == backbone.parameters
    side, channels = backbone.feature_map(size)
    assert network.output.shape == (None, side, side, channels)
    if size == backbone.input_size:  # at the smallest size most of a map is its border, which the area doesn't tell
        assert multiplications(network) == pytest.approx(backbone.multiplications(size), rel=0.01)
    cuts = cut_layers(network)
    assert backbone.unfreeze_from in [layer.name for layer in network.layers]
    assert cut_before(network, backbone.unfreeze_from) in cuts[1:], "refining trains the last stage, not everything"
    assert backbone.cut_layer in ("", *cuts)
    if backbone.constructor:
        assert_first_convolution_sees_what_it_expects(backbone, network, size)
    assert_engine_agrees(backbone, size)


def assert_first_convolution_sees_what_it_expects(backbone: Backbone, network: Any, size: int) -> None:  # noqa: ANN401
    kinds = (keras.layers.Conv2D, keras.Sequential)
    first = next(layer for layer in network.layers if isinstance(layer, kinds))
    photos, middle = constant_photos(size), size // 2
    seen = answers(keras.Model(network.inputs[0], first.input), photos)[:, middle // 2, middle // 2]
    pixels = photos[:, middle, middle].astype(np.float64)
    inside = backbone.preprocessing == "inside"
    expected = inner_preprocessing(backbone, pixels) if inside else own_preprocessing(backbone, pixels)
    assert np.allclose(seen, expected, atol=1e-4)


def assert_engine_agrees(backbone: Backbone, size: int) -> None:
    model = build_part(Part(ModelSpec(backbone.name, "none", size), PHOTO, POOLING, "", ""))
    photos = np.random.default_rng(0).integers(0, 256, (2, size, size, 3), dtype=np.uint8)
    expected = answers(model, photos)
    if np.abs(expected).max() > 1000:
        normalize(model, photos)
        expected = answers(model, photos)
    difference = np.abs(LiteRTEngine(convert(model)).run(photos) - expected).max()
    assert difference < 1e-4 * np.abs(expected).max()


def normalize(model: Any, photos: np.ndarray) -> None:  # noqa: ANN401
    """Give batch norms the statistics of photos, as a training does.

    Without them the random weights of a deep network let values grow from block to block: EfficientNetV2M ends near a
    million, where rounding alone decides, and Keras differs from itself by 80 % when one pixel changes by one.
    """
    norms = [layer for layer in model.layers if isinstance(layer, keras.layers.BatchNormalization)]
    for norm in norms:
        norm.momentum = 0.0
    model(photos, training=True)


def answers(model: Any, inputs: np.ndarray) -> np.ndarray:  # noqa: ANN401
    """Layer by layer: compiling a network of hundreds of layers takes longer than asking it once."""
    return np.asarray(model(inputs, training=False))


def multiplications(network: Any) -> int:  # noqa: ANN401
    """Counted layer by layer: every weight of a kernel is used once at every place of the output."""
    total, waiting = 0, list(network.layers)
    while waiting:
        layer = waiting.pop()
        if isinstance(layer, keras.Sequential):
            waiting += layer.layers
        elif hasattr(layer, "kernel") or hasattr(layer, "pointwise_kernel"):
            kernels = [weight for weight in layer.weights if len(weight.shape) > 1]
            total += int(np.prod(layer.output.shape[1:-1])) * sum(int(np.prod(kernel.shape)) for kernel in kernels)
    return total


@pytest.mark.parametrize(
    "names",
    [
        pytest.param(QUICK, id="spread"),
        pytest.param([entry.name for entry in BACKBONES], id="all", marks=pytest.mark.slow),
    ],
)
def test_trained_tails_are_the_same_in_a_fresh_process(names: Sequence[str], tmp_path: Path) -> None:
    expected = {name: saved_tail(get_backbone(name), tmp_path) for name in names}
    child = Path(__file__).with_name("fresh_process.py")
    subprocess.run([sys.executable, str(child), str(tmp_path)], check=True, timeout=1800)
    for name, scores in expected.items():
        answer = np.load(tmp_path / f"{name}.answer.npy")
        assert np.allclose(answer, scores, rtol=1e-4, atol=1e-6), name


def saved_tail(backbone: Backbone, folder: Path) -> np.ndarray:
    """Save what refining would train, and what it is to be asked; give back what it answers here."""
    spec = ModelSpec(backbone.name, "none", backbone.min_size)
    network = build_network(spec, 3)
    start = cut_before(network, backbone.unfreeze_from)
    tail, weights = tail_of(network, start), folder / f"{backbone.name}.weights.h5"
    save_weights(tail, weights)
    inputs = np.random.default_rng(1).random((2, *tail.inputs[0].shape[1:]), np.float32)
    np.save(folder / f"{backbone.name}.npy", inputs)
    part = Part(spec, start, SCORES, "", "", TrainedTail(start, str(weights), "digest", 3))
    (folder / f"{backbone.name}.json").write_bytes(to_json(part))
    return answers(tail, inputs)


@pytest.mark.parametrize("backbone", OF_KERAS, ids=lambda backbone: backbone.name)
def test_photos_are_prepared_as_keras_does(backbone: Backbone, monkeypatch: pytest.MonkeyPatch) -> None:
    """What reaches the constructor of ``keras.applications`` is what its own ``preprocess_input`` gives."""
    size, photos = backbone.min_size, constant_photos(backbone.min_size)
    expected = own_preprocessing(backbone, photos)

    def only_the_input(**arguments: object) -> SimpleNamespace:
        return SimpleNamespace(layers=[], outputs=[keras.layers.Identity()(arguments["input_tensor"])])

    monkeypatch.setattr(module.keras.applications, backbone.constructor, only_the_input)
    prepared = build_backbone(ModelSpec(backbone.name, "none", size)).predict_on_batch(photos)
    assert np.allclose(prepared, expected, atol=1e-5)


def test_weights_of_efficientnet_mean_what_they_mean_to_keras(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keras adds a layer to the network that it loads its own weights into; it must not get lost here."""
    shape, file = (32, 32, 3), tmp_path / "efficientnetb0.weights.h5"
    source = keras.applications.EfficientNetB0(include_top=False, weights=None, input_shape=shape)
    source.get_layer(index=2).set_weights([MEAN, SPREAD, np.array(1)])
    source.save_weights(file)
    monkeypatch.setattr("keras.src.utils.file_utils.get_file", lambda *_arguments, **_options: str(file))
    keras.utils.clear_session()
    theirs = keras.applications.EfficientNetB0(include_top=False, weights="imagenet", input_shape=shape)
    photos = np.random.default_rng(2).integers(0, 256, (2, *shape), dtype=np.uint8)
    expected, without = answers(theirs, photos.astype("float32")), answers(source, photos.astype("float32"))
    ours = answers(build_backbone(ModelSpec("efficientnet_b0", "imagenet", 32), str(file)), photos)
    scale = np.abs(expected).max()
    assert np.abs(ours - expected).max() < 1e-4 * scale
    assert np.abs(without - expected).max() > 1e-2 * scale, "the layer makes a difference"


def test_every_classifier_of_keras_is_in_the_table() -> None:
    theirs = {
        name for name in dir(keras.applications) if name[0].isupper() and callable(getattr(keras.applications, name))
    }
    assert {backbone.constructor for backbone in OF_KERAS} == theirs
