"""Writing a Keras model in each of the formats; runs in a process of its own, since conversion takes seconds."""

import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tlstudio.modeling import backend
from tlstudio.modeling.litert import inference, input_signature, litert_converter
from tlstudio.modeling.part import PHOTO, SCORES

_ONNX_OPSET: Final = 17  # of 2022: ONNX Runtime 1.12 and everything newer reads it


@dataclass(frozen=True, slots=True)
class Material:
    """What there is to write.

    Attributes:
        model: The Keras model, from uint8 (N, S, S, 3) to scores (N, classes).
        companions: Texts that travel with it, by file name; in the file itself where the format has a place.
        photos: Pictures to learn the ranges of numbers from, uint8 (n, S, S, 3); empty unless the format needs them.
    """

    model: Any
    companions: Mapping[str, str]
    photos: NDArray[np.uint8]


Writer = Callable[[Material, Path], None]


def write_keras(material: Material, path: Path) -> None:
    """Keras's own format, or the HDF5 of its forerunners, by the ending of the path."""
    with backend.no_advice():
        material.model.save(path)


def write_saved_model(material: Material, path: Path) -> None:
    """A folder that TensorFlow serves: ``serve(photo)`` and the signature "serving_default" give {"scores": …}."""
    import keras

    model = material.model
    archive = keras.export.ExportArchive()
    archive.track(model)
    archive.add_endpoint("serve", lambda photo: {SCORES: model(photo, training=False)}, [input_signature(model, PHOTO)])
    archive.write_out(path, verbose=False)


def write_tflite(material: Material, path: Path) -> None:
    """LiteRT, every number with 32 bits."""
    _write_tflite(material, path, lambda _converter: None)


def write_tflite_float16(material: Material, path: Path) -> None:
    """LiteRT, weights with 16 bits; it computes with 32."""
    import tensorflow as tf

    def adjust(converter: Any) -> None:  # noqa: ANN401 - TensorFlow has no typed stubs
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
        converter.target_spec.supported_types = [tf.float16]

    _write_tflite(material, path, adjust)


def write_tflite_int8(material: Material, path: Path) -> None:
    """LiteRT, weights and what flows between layers with 8 bits; photos go in and scores come out as ever."""
    import tensorflow as tf

    def adjust(converter: Any) -> None:  # noqa: ANN401 - TensorFlow has no typed stubs
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
        converter.representative_dataset = lambda: ([photo[None]] for photo in material.photos)
        # The second is for the few operations that have no version for 8 bits.
        operations = tf.lite.OpsSet
        converter.target_spec.supported_ops = [operations.TFLITE_BUILTINS_INT8, operations.TFLITE_BUILTINS]

    _write_tflite(material, path, adjust)


def write_onnx(material: Material, path: Path) -> None:
    """ONNX with the input "photo" and the output "scores"; the companions are among its metadata."""
    import onnx
    import tf2onnx
    from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

    function = convert_variables_to_constants_v2(inference(material.model, PHOTO))
    with backend.no_advice("tf2onnx"):
        proto, _ = tf2onnx.convert.from_graph_def(
            _without_erfc(function.graph.as_graph_def()),
            name="photo_classifier",
            input_names=[function.inputs[0].name],
            output_names=[function.outputs[0].name],
            opset=_ONNX_OPSET,
            tensors_to_rename={function.inputs[0].name: PHOTO, function.outputs[0].name: SCORES},
        )
    onnx.helper.set_model_props(proto, dict(material.companions))
    onnx.checker.check_model(proto)
    path.write_bytes(proto.SerializeToString())


WRITERS: Final[dict[str, Writer]] = {
    "keras": write_keras,
    "h5": write_keras,
    "savedmodel": write_saved_model,
    "tflite": write_tflite,
    "tflite-float16": write_tflite_float16,
    "tflite-int8": write_tflite_int8,
    "onnx": write_onnx,
}
"""By the name of the exporter."""


def _without_erfc(graph: Any) -> Any:  # noqa: ANN401
    """Write erfc(x), which exact GELU takes and ONNX doesn't know, as 1 - erf(x); in place, all other names stay."""
    for node in [node for node in graph.node if node.op == "Erfc"]:
        kind, source = node.attr["T"].type, node.input[0]
        one = graph.node.add(name=f"{node.name}/one", op="Const")
        one.attr["dtype"].type = kind
        one.attr["value"].tensor.dtype = kind
        one.attr["value"].tensor.tensor_shape.SetInParent()
        one.attr["value"].tensor.float_val.append(1.0)
        erf = graph.node.add(name=f"{node.name}/erf", op="Erf", input=[source])
        erf.attr["T"].type = kind
        node.op = "Sub"
        node.input[:] = [one.name, erf.name]
    return graph


def _write_tflite(material: Material, path: Path, adjust: Callable[[Any], None]) -> None:
    """Write the file, with the companions as a zip archive behind it: TensorFlow Lite's own place for such files."""
    with litert_converter(material.model, PHOTO) as converter:
        adjust(converter)
        path.write_bytes(converter.convert())
    with zipfile.ZipFile(path, "a") as archive:
        for name, text in material.companions.items():
            archive.writestr(name, text)
