"""The table of formats in which a model can be written for other programs."""

from dataclasses import dataclass
from importlib.util import find_spec
from typing import Final, Literal

from tlstudio.errors import TLStudioError

Runtime = Literal["keras", "tensorflow", "litert", "onnxruntime"]


@dataclass(frozen=True, slots=True)
class Exporter:
    """One format.

    Attributes:
        name: As on the command line.
        title: As in the window.
        purpose: What it is for, in a sentence.
        ending: Of its file; "" for a format that is a folder.
        runtime: What opens it again.
        tolerance: By how much a score may differ from the program's own; None for a format that trades exactness for
            size, and of which the difference is told and not judged.
        undecided: Whether a photo may get another answer where the program's own two best scores are closer to each
            other than the scores of other photos differ (see ``agreement``).
        learns_ranges: Whether writing it takes photos that the model has learnt from.
        packages: What has to be installed beside the program to write and check it.
    """

    name: str
    title: str
    purpose: str
    ending: str
    runtime: Runtime
    tolerance: float | None = 1e-3
    undecided: bool = False
    learns_ranges: bool = False
    packages: tuple[str, ...] = ()

    @property
    def missing(self) -> tuple[str, ...]:
        """Packages that it needs and that are not installed here."""
        return tuple(name for name in self.packages if find_spec(name) is None)

    def require_packages(self) -> None:
        """Refuse a format that can't be written here.

        Raises:
            TLStudioError: With how to get what is missing.
        """
        if self.missing:
            raise TLStudioError(
                f"{self.title} needs what is not installed here: {', '.join(self.missing)}.",
                f"Install it with: python -m pip install {' '.join(self.missing)}",
            )


EXPORTERS: Final[tuple[Exporter, ...]] = (
    Exporter("keras", "Keras", "To go on with in Keras: look inside, train further, convert.", ".keras", "keras"),
    Exporter("h5", "Keras, one HDF5 file", "For programs that take no other; Keras 3 reads it, too.", ".h5", "keras"),
    Exporter(
        "savedmodel", "TensorFlow SavedModel", "For servers that run TensorFlow, and for its tools.", "", "tensorflow"
    ),
    Exporter(
        "tflite", "TensorFlow Lite", "For phones and small computers; quick on all others, too.", ".tflite", "litert"
    ),
    Exporter(
        "tflite-float16",
        "TensorFlow Lite, half the size (float16)",
        "The same with numbers of half the length; the answers stay, but where two classes are all but equal.",
        ".tflite",
        "litert",
        # Seen: 0.02 with a refined MobileNetV2 on 200 flowers, 0.09 with a last layer drawn at random; it is told.
        tolerance=0.1,
        undecided=True,
    ),
    Exporter(
        "tflite-int8",
        "TensorFlow Lite, a quarter of the size (int8)",
        "For the smallest devices. A few answers may change; how many is measured.",
        ".tflite",
        "litert",
        tolerance=None,
        learns_ranges=True,
    ),
    Exporter(
        "onnx",
        "ONNX",
        "For programs in other languages, with ONNX Runtime and its like.",
        ".onnx",
        "onnxruntime",
        packages=("tf2onnx", "onnx", "onnxruntime"),
    ),
)


def find_exporter(name: str) -> Exporter:
    """The format that goes by this name.

    Raises:
        TLStudioError: If there is none.
    """
    for exporter in EXPORTERS:
        if exporter.name == name:
            return exporter
    raise TLStudioError(f"There is no format called “{name}”.", f"There are {', '.join(e.name for e in EXPORTERS)}.")
