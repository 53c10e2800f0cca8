"""What lies beside an exported model: its labels, what goes in and comes out, and an example of use."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from tlstudio import __version__
from tlstudio.datasets.images import MAX_PIXELS
from tlstudio.export.agreement import Agreement
from tlstudio.export.exporters import Exporter, Runtime
from tlstudio.export.place import Place
from tlstudio.modeling.part import PHOTO, SCORES
from tlstudio.serialization import to_json


@dataclass(frozen=True, slots=True)
class Card:
    """What there is to know of a model, whatever its format.

    Attributes:
        name: Of the run.
        created: When its training began, ISO 8601.
        classes: In the order of its scores.
        input_size: Width and height of its input in pixels.
        temperature: What its scores are calibrated with; 1 for nothing.
    """

    name: str
    created: str
    classes: tuple[str, ...]
    input_size: int
    temperature: float


def labels_text(classes: Sequence[str]) -> str:
    """Class names, one a line, in the order of the scores; what UTF-8 can't write is a question mark."""
    lines = (" ".join(name.splitlines()) for name in classes)
    return "".join(f"{line}\n" for line in lines).encode("utf-8", "replace").decode("utf-8")


def facts_text(card: Card, exporter: Exporter, place: Place, agreed: Agreement | None = None) -> str:
    """What goes in and what comes out, as JSON; with what the comparison has shown, once that is known."""
    size = card.input_size
    facts: dict[str, object] = {
        "model": place.model or ".",
        "format": exporter.name,
        "labels": place.labels,
        "classes": card.classes,
        "input": {"name": PHOTO, "shape": [None, size, size, 3], "type": "uint8", "colours": "RGB, 0 to 255"},
        "output": {"name": SCORES, "shape": [None, len(card.classes)], "type": "float32", "sum": 1},
        "decoding": _decoding(size),
        "preprocessing": "inside the model",
        "calibration": {"method": "temperature scaling", "temperature": card.temperature, "where": "inside the model"},
        "run": {"name": card.name, "created": card.created},
        "made_by": f"TL Studio {__version__}",
    }
    if agreed is not None:
        facts["compared"] = {
            "pictures": agreed.photos,
            "same_answer": agreed.same,
            "largest_difference": agreed.largest_difference,
            "made_up": agreed.made_up,
        }
    return to_json(facts, indent=1).decode("ascii") + "\n"


def _decoding(size: int) -> dict[str, object]:
    return {
        "size": f"stretched to {size} x {size} pixels, whatever the photo's proportions",
        "interpolation": "bilinear with antialiasing (Pillow: Image.Resampling.BILINEAR, reducing_gap=2.0)",
        "jpeg": "decoded at the next larger of 1/1, 1/2, 1/4, 1/8 of its size (Pillow: draft)",
        "orientation": "turned upright as its EXIF data say",
        "transparency": "on white",
        "grey": "the same number for red, green and blue; 16 bits divided by 257",
        "most_pixels": MAX_PIXELS,
    }


_EXAMPLE: Final = '''"""What is on a photo: python {name} PHOTO. Needs {packages} and pillow."""

import sys
from pathlib import Path

{imports}
from PIL import Image, ImageOps

here, size = Path(__file__).parent, ({size}, {size})
photo = Image.open(sys.argv[1])
photo.draft(None, size)
if photo.mode not in ("L", "RGB", "CMYK") or "transparency" in photo.info:
    photo = photo.convert("RGBA")
photo = ImageOps.exif_transpose(photo.resize(size, Image.Resampling.BILINEAR, reducing_gap=2.0)).convert("RGBA")
photo = Image.alpha_composite(Image.new("RGBA", size, "white"), photo).convert("RGB")
pixels = np.asarray(photo)[None]  # one photo, {size} x {size} pixels, red, green and blue of 0 to 255
{answer}
labels = (here / "{labels}").read_text(encoding="utf-8").split("\\n")
print(labels[scores.argmax()], f"{{scores.max():.6f}}")
'''

_LOAD_KERAS: Final = 'scores = keras.saving.load_model(here / "{model}").predict_on_batch(pixels)[0]'
_LOAD_TENSORFLOW: Final = """model = tf.saved_model.load(str(here))
scores = model.serve(tf.constant(pixels))["scores"].numpy()[0]"""
_LOAD_LITERT: Final = """model = Interpreter(str(here / "{model}"))
model.allocate_tensors()
model.set_tensor(model.get_input_details()[0]["index"], pixels)
model.invoke()
scores = model.get_tensor(model.get_output_details()[0]["index"])[0]"""
_LOAD_ONNX: Final = """model = onnxruntime.InferenceSession(here / "{model}", providers=["CPUExecutionProvider"])
scores = model.run(["scores"], {{"photo": pixels}})[0][0]"""

# Packages, imports and lines of each runtime.
_WITH: Final[dict[Runtime, tuple[str, str, str]]] = {
    "keras": ("keras, tensorflow", "import keras\nimport numpy as np", _LOAD_KERAS),
    "tensorflow": ("tensorflow", "import numpy as np\nimport tensorflow as tf", _LOAD_TENSORFLOW),
    "litert": (
        "ai-edge-litert",
        "import numpy as np\nfrom ai_edge_litert.interpreter import Interpreter",
        _LOAD_LITERT,
    ),
    "onnxruntime": ("onnxruntime", "import numpy as np\nimport onnxruntime", _LOAD_ONNX),
}


def example_text(card: Card, exporter: Exporter, place: Place) -> str:
    """Ten lines of Python that name what is on a photo, decoding it as the program does."""
    packages, imports, answer = _WITH[exporter.runtime]
    return _EXAMPLE.format(
        name=place.example,
        packages=packages,
        imports=imports,
        size=card.input_size,
        answer=answer.format(model=place.model),
        labels=place.labels,
    )
