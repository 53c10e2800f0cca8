"""The layers of a Keras model as its config lists them: checked one by one against those that can do no harm.

Keras builds whatever classes and functions a config names. Here everything that has a class must stand in a table, by
the module and the class; whatever is not known is refused, so a gap in the table costs a model, never safety.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tlstudio.foreign.refusal import refusal

Config = dict[str, Any]

_LAYERS: Final = (
    "InputLayer Dense Conv2D DepthwiseConv2D SeparableConv2D Conv2DTranspose BatchNormalization LayerNormalization "
    "GroupNormalization UnitNormalization Normalization Rescaling Resizing CenterCrop ZeroPadding2D Cropping2D "
    "UpSampling2D MaxPooling2D AveragePooling2D GlobalMaxPooling2D GlobalAveragePooling2D Flatten Reshape Permute "
    "Dropout SpatialDropout2D GaussianNoise GaussianDropout AlphaDropout ActivityRegularization Activation ReLU "
    "LeakyReLU PReLU ELU Softmax Identity Add Subtract Multiply Average Maximum Minimum Concatenate RandomFlip "
    "RandomRotation RandomZoom RandomTranslation RandomContrast RandomBrightness RandomCrop"
)
_ARITHMETIC: Final = (
    "Add Subtract Multiply Divide TrueDivide Maximum Minimum GetItem Stack Concatenate Flip Mean Max Reshape Squeeze "
    "ExpandDims Clip Transpose"
)
_INITIALIZERS: Final = (
    "Zeros Ones Constant RandomNormal RandomUniform TruncatedNormal VarianceScaling GlorotNormal GlorotUniform "
    "HeNormal HeUniform LecunNormal LecunUniform Orthogonal OrthogonalInitializer Identity IdentityInitializer"
)
_TABLE: Final = {
    "keras": "Sequential Functional Model DTypePolicy",
    "keras.models": "Sequential Functional Model",
    "keras.src.models.functional": "Functional",
    "keras.src.engine.functional": "Functional",
    "keras.layers": _LAYERS,
    "keras.src.ops.numpy": _ARITHMETIC,
    "keras.src.ops.core": "Cast",
    "keras.src.ops.nn": "Relu Relu6 Sigmoid Softmax Silu Gelu HardSigmoid HardSwish HardSilu",
    "keras.initializers": _INITIALIZERS,
    "keras.regularizers": "L1 L2 L1L2 OrthogonalRegularizer",
    "keras.constraints": "MaxNorm MinMaxNorm NonNeg UnitNorm",
    "keras.dtype_policies": "DTypePolicy",
}
ALLOWED: Final = frozenset((module, name) for module, names in _TABLE.items() for name in names.split())
"""What a config may name: module and class."""

_PLAIN: Final = frozenset({"__keras_tensor__", "__tensor__", "__slice__", "__ellipsis__"})
_ACTIVATIONS: Final = (
    "linear relu relu6 leaky_relu elu selu celu gelu silu swish hard_silu hard_swish hard_sigmoid sigmoid softmax "
    "softplus softsign tanh mish exponential"
)
_FUNCTIONS: Final = frozenset(_ACTIVATIONS.split())
_FUNCTION_MODULES: Final = frozenset({"builtins", "keras.activations", "keras.src.activations.activations"})
_BOUNDS: Final = {
    "units": 1 << 16, "filters": 1 << 16, "depth_multiplier": 1 << 10, "kernel_size": 1 << 9, "pool_size": 1 << 12,
    "strides": 1 << 12, "dilation_rate": 1 << 9, "size": 1 << 6, "height": 1 << 12, "width": 1 << 12,
    "target_shape": 1 << 24, "cropping": 1 << 12, "padding": 1 << 10, "batch_shape": 1 << 12,
    "batch_input_shape": 1 << 12,
}  # fmt: skip
_BUILD: Final = "build_config"
_LONGEST_SIDE: Final = 1 << 24
_MOST_TOLD: Final = 1e15
_TOO_MUCH: Final = "more than any computer holds"
_MOST_LAYERS: Final = 3_000
_DEEPEST: Final = 60  # Keras itself goes six levels down for each network within a network
_MOST_CONSTANTS: Final = 10_000
_DROPPED: Final = "compile_config"  # losses and metrics: nothing that answers need, and more to mistrust
_DAMAGED: Final = "has a damaged description of its layers"
_AGAIN: Final = "Get the file again."
_CODE_HINT: Final = (
    "It can only be trusted by those who know who wrote it. Ask for the model with Keras's own layers alone."
)
_LAYER_HINT: Final = "Ask whoever made it for a model with Keras's own layers for pictures alone."


@dataclass(frozen=True, slots=True)
class CheckedConfig:
    """A config in which everything is known.

    Attributes:
        config: What Keras is given.
        layers: Layers in it, those of networks within it included.
    """

    config: Config
    layers: tuple[Config, ...]


def check_config(text: bytes, file: Path) -> CheckedConfig:
    """Read a config and see that it names nothing but harmless layers of sensible sizes.

    Args:
        text: ``config.json``.
        file: The model, for the sentence.

    Raises:
        RefusedModelError: If it names anything else, is nested too deeply, too large, or no config of Keras.
    """
    try:
        parsed = json.loads(text, parse_constant=_no_constant)
    except RecursionError as error:
        raise refusal(file, "has layers within layers without end") from error
    except ValueError as error:
        raise refusal(file, _DAMAGED, _AGAIN) from error
    if not isinstance(parsed, dict) or parsed.get("class_name") not in ("Sequential", "Functional", "Model"):
        raise refusal(file, "is no network of layers that Keras can put together by itself", _LAYER_HINT)
    _require_shallow(parsed, file)
    config = _without_training(parsed)
    for entry in _classes(config):
        _check_class(entry, file)
    layers = tuple(_layers(config))
    if len(layers) > _MOST_LAYERS:
        raise refusal(file, f"has {len(layers):,} layers, more than {_MOST_LAYERS:,}")
    for layer in layers:
        _check_sizes(layer, file)
    return CheckedConfig(config, layers)


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is no number")


def _require_shallow(config: Config, file: Path) -> None:
    """Refuse what is nested deeper than any network: everything after this may go down by calling itself."""
    level: list[Any] = [config]
    for _ in range(_DEEPEST):
        level = [below for item in level for below in _below(item)]
    if level:
        raise refusal(file, "has layers within layers without end")


def _below(item: Any) -> list[Any]:  # noqa: ANN401 - JSON
    values = item.values() if isinstance(item, dict) else item if isinstance(item, list) else ()
    return [value for value in values if isinstance(value, dict | list)]


def _without_training(item: Any) -> Any:  # noqa: ANN401
    if isinstance(item, dict):
        return {key: _without_training(value) for key, value in item.items() if key != _DROPPED}
    return [_without_training(value) for value in item] if isinstance(item, list) else item


def _classes(item: Any) -> Iterator[Config]:  # noqa: ANN401
    """Everything that Keras would look up a class or a function for."""
    if isinstance(item, dict) and "class_name" in item:
        yield item
    for below in _below(item):
        yield from _classes(below)


def _check_class(entry: Config, file: Path) -> None:
    name, module, registered = (entry.get(key) for key in ("class_name", "module", "registered_name"))
    if not isinstance(name, str) or not isinstance(module, str | None):
        raise refusal(file, _DAMAGED, _AGAIN)
    if name in _PLAIN:
        _check_constant(entry, file)
        return
    if name in {"Lambda", "__lambda__"}:
        raise refusal(file, "has a layer that runs code of its own (Lambda)", _CODE_HINT)
    if name == "function":
        function = str(entry.get("config"))
        if module not in _FUNCTION_MODULES or function not in _FUNCTIONS:
            raise refusal(file, f"names a function that isn't known here (“{function[:60]}”)", _CODE_HINT)
        return
    if registered not in (None, name):
        raise refusal(file, f"has a part that its makers wrote themselves (“{str(registered)[:60]}”)", _CODE_HINT)
    if (module, name) not in ALLOWED:
        own = module is None or module.split(".")[0] != "keras"
        what = "a part that its makers wrote themselves" if own else "a layer that isn't known here"
        raise refusal(file, f"has {what} (“{name[:60]}”)", _CODE_HINT if own else _LAYER_HINT)
    if not isinstance(entry.get("config"), dict):
        raise refusal(file, _DAMAGED, _AGAIN)


def _check_constant(entry: Config, file: Path) -> None:
    value = entry.get("config")
    if len(json.dumps(value)) > _MOST_CONSTANTS:
        raise refusal(file, "has weights hidden among its layers")


def _layers(item: Any) -> Iterator[Config]:  # noqa: ANN401
    for entry in _classes(item):
        if str(entry.get("module")).startswith(("keras.layers", "keras.src.ops")):
            yield entry


def _check_sizes(layer: Config, file: Path) -> None:
    for key, bound in _BOUNDS.items():
        for number in _numbers(layer["config"].get(key)):
            if abs(number) > bound:
                raise refusal(file, f"has a {layer['class_name']} layer of {_told(number)} ({key}), {_TOO_MUCH}")
    # Of what Keras makes the weights of a layer that nothing has been put into yet.
    for number in _numbers(layer.get(_BUILD)):
        if abs(number) > _LONGEST_SIDE:
            raise refusal(file, f"has a {layer['class_name']} layer for {_told(number)} numbers, {_TOO_MUCH}")


def _told(number: float) -> str:
    return f"{number:,.0f}" if abs(number) < _MOST_TOLD else "an endless number"


def _numbers(value: Any) -> Iterator[float]:  # noqa: ANN401
    if isinstance(value, list | dict):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _numbers(item)
    elif isinstance(value, int | float):
        yield value
