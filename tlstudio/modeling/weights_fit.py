"""Whether a file of weights is made for a network, layer by layer: plain data, found without TensorFlow.

Two layouts are read. In Keras 3's ("…weights.h5") each layer has a place named after its kind and its number among
those of that kind; in the older one ("….h5") layers have their own names, but Keras goes by their order alone.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import count, takewhile, zip_longest
from pathlib import Path
from typing import Any, Final, Literal

from tlstudio.errors import TLStudioError

Shape = tuple[int, ...]
Verdict = Literal["fits", "missing", "extra", "other shape"]

_IMAGENET_CLASSES: Final = 1000
_NEWER_ENDING: Final = ".weights.h5"
_SHOWN_SHAPES: Final = 4


@dataclass(frozen=True, slots=True)
class LayerArrays:
    """The weights of one layer, of a network or in a file.

    Attributes:
        name: As its makers call it.
        place: Kind of the layer and its number among those of this kind, from 0: ("conv2d", 3). In the older layout
            only the order of the layers counts, and the kind is "".
        shapes: Of its arrays of floating-point numbers, sorted.
    """

    name: str
    place: tuple[str, int]
    shapes: tuple[Shape, ...]


@dataclass(frozen=True, slots=True)
class LayerFit:
    """What a file has for one layer.

    Attributes:
        layer: Its name; in the file, for one that the network hasn't got.
        verdict: "fits"; "missing" in the file; "extra" in the file; or there, but of another shape.
        wanted: Shapes of the network's arrays.
        found: Shapes of the file's arrays.
    """

    layer: str
    verdict: Verdict
    wanted: tuple[Shape, ...]
    found: tuple[Shape, ...]

    @property
    def words(self) -> str:
        """What is the matter, with shapes: "3×3×32×64 wanted, 3×3×16×64 in the file"."""
        if self.verdict == "fits":
            return _written(self.wanted)
        if self.verdict == "missing":
            return f"not in the file; wanted: {_written(self.wanted)}"
        if self.verdict == "extra":
            return f"not in the network; in the file: {_written(self.found)}"
        return f"wanted: {_written(self.wanted)}; in the file: {_written(self.found)}"


@dataclass(frozen=True, slots=True)
class FitReport:
    """How a file of weights fits a network.

    Attributes:
        file: Path of the file.
        network: Title of the network.
        layers: Every layer with weights, in the order of the network; what only the file has comes where it was found.
    """

    file: str
    network: str
    layers: tuple[LayerFit, ...]

    @property
    def fits(self) -> bool:
        """Whether the file has all that the network wants, and nothing else."""
        return all(layer.verdict == "fits" for layer in self.layers)

    def count(self, verdict: Verdict) -> int:
        """Layers with this verdict."""
        return sum(layer.verdict == verdict for layer in self.layers)

    @property
    def sentence(self) -> str:
        """The result in a sentence."""
        name, wanted = Path(self.file).name, len(self.layers) - self.count("extra")
        if self.fits:
            return f"{name} fits {self.network}: all of its {wanted:,} layers with weights are in it."
        counts = ((self.count("missing"), "missing"), (self.count("other shape"), "of another shape"))
        faults = [f"{number:,} {what}" for number, what in counts if number]
        faults += [f"{self.count('extra'):,} too many"] if self.count("extra") else []
        some = f"{self.count('fits'):,} of {wanted:,} layers fit, {_listed(faults)}"
        return f"{name} doesn't fit {self.network}: {some}."

    @property
    def hint(self) -> str:
        """What to do about it; empty if it fits."""
        if self.fits:
            return ""
        if all(layer.verdict in ("fits", "extra") for layer in self.layers) and self._ends_in_imagenet("extra"):
            return "It also holds the layers that name ImageNet's classes. Choose the file without them (“no top”)."
        if all(layer.verdict in ("fits", "missing") for layer in self.layers) and self._ends_in_imagenet("missing"):
            return "It lacks the layers that name ImageNet's classes. Choose the file with them (“with top”)."
        if self.count("fits") <= self.count("missing") + self.count("other shape"):
            return "It was probably made for another network, or another width of this one."
        return "Choose a file that was saved from exactly this network."

    def _ends_in_imagenet(self, verdict: Verdict) -> bool:
        shapes = [layer.wanted or layer.found for layer in self.layers if layer.verdict == verdict]
        return any(shape[-1:] == (_IMAGENET_CLASSES,) for arrays in shapes for shape in arrays)


def fit(network: str, wanted: Sequence[LayerArrays], path: str) -> FitReport:
    """Compare a file with a network.

    Args:
        network: Title of the network.
        wanted: What it needs, as ``layer_arrays`` gives it.
        path: The file.

    Raises:
        TLStudioError: If the file is no HDF5 file, holds no weights, or has the name of another layout than it is in.
    """
    found = _arrays_in(path)
    compare = _by_order if found[0].place[0] == "" else _by_place
    return FitReport(path, network, tuple(compare(wanted, found)))


def layer_arrays(layers: Iterable[Any]) -> tuple[LayerArrays, ...]:
    """What the layers of a Keras model need of a file, in their order; those without weights are left out."""
    seen: Counter[str] = Counter()
    result = []
    for layer in layers:
        kind = type(layer).__name__.lower()
        shapes = _sorted(tuple(weight.shape) for weight in layer.weights if "float" in weight.dtype)
        if shapes:
            result.append(LayerArrays(layer.name, (kind, seen[kind]), shapes))
        seen[kind] += 1
    return tuple(result)


def _by_place(wanted: Sequence[LayerArrays], found: Sequence[LayerArrays]) -> Iterator[LayerFit]:
    in_file = {layer.place: layer for layer in found}
    for layer in wanted:
        yield _compared(layer, in_file.pop(layer.place, None))
    for extra in in_file.values():
        yield _compared(None, extra)


def _by_order(wanted: Sequence[LayerArrays], found: Sequence[LayerArrays]) -> Iterator[LayerFit]:
    # Keras takes them one by one and stops at the first fault; people see which of them go together all the same.
    pairs = SequenceMatcher(None, [a.shapes for a in wanted], [b.shapes for b in found], autojunk=False)
    for _, first, last, begin, end in pairs.get_opcodes():
        yield from map(_compared, *zip(*zip_longest(wanted[first:last], found[begin:end]), strict=True))


def _compared(wanted: LayerArrays | None, found: LayerArrays | None) -> LayerFit:
    if wanted is None:
        return LayerFit(found.name if found else "", "extra", (), found.shapes if found else ())
    if found is None:
        return LayerFit(wanted.name, "missing", wanted.shapes, ())
    verdict: Verdict = "fits" if wanted.shapes == found.shapes else "other shape"
    return LayerFit(wanted.name, verdict, wanted.shapes, found.shapes)


def _arrays_in(path: str) -> list[LayerArrays]:
    import h5py

    name = Path(path).name
    try:
        with h5py.File(path) as file:
            # A whole model in the older layout has its weights one level further down.
            root = file.get("model_weights", file)
            names = _names(root, "layer_names")
            newer = names is None
            layers = _newer(file) if names is None else _older(root, names)
            found = [layer for layer in layers if layer.shapes]
    except (OSError, KeyError, ValueError) as error:
        raise TLStudioError(
            f"{name} can't be read as weights: it is no HDF5 file, or it is damaged.",
            "Choose another file, or get it again.",
        ) from error
    if not found:
        raise TLStudioError(f"There are no weights in {name}.", "Choose a file that Keras saved weights to.")
    _require_fitting_name(name, newer=newer)
    return found


def _require_fitting_name(name: str, *, newer: bool) -> None:
    """Refuse a file that Keras would misread: it goes by the name alone."""
    if newer == name.endswith(_NEWER_ENDING):
        return
    if newer:
        layout, better = "newer", f"{name.rpartition('.')[0]}{_NEWER_ENDING}"
    else:
        layout, better = "older", f"{name.removesuffix(_NEWER_ENDING)}.h5"
    raise TLStudioError(
        f"{name} holds weights in Keras's {layout} layout, and its name is that of the other one.",
        f"Rename it to {better}, and choose it again.",
    )


def _names(group: Any, attribute: str) -> list[str] | None:  # noqa: ANN401 - h5py has no types
    """Names that an attribute lists; what is too long for one goes on in others, numbered from 0. None for no such."""
    if attribute in group.attrs:
        return [_text(name) for name in group.attrs[attribute]]
    if f"{attribute}0" not in group.attrs:
        return None
    numbered = (f"{attribute}{number}" for number in count())
    return [_text(name) for key in takewhile(group.attrs.__contains__, numbered) for name in group.attrs[key]]


def _older(root: Any, names: Sequence[str]) -> Iterator[LayerArrays]:  # noqa: ANN401
    for number, name in enumerate(names):
        group = root[name]
        arrays = [group[array] for array in _names(group, "weight_names") or ()]
        yield LayerArrays(name, ("", number), _sorted(array.shape for array in arrays if array.dtype.kind == "f"))


def _newer(file: Any) -> Iterator[LayerArrays]:  # noqa: ANN401
    shapes: dict[str, list[Shape]] = {}

    def note(path: str, item: Any) -> None:  # noqa: ANN401
        parts = path.split("/")
        if hasattr(item, "shape") and item.dtype.kind == "f" and parts[0] != "optimizer":
            shapes.setdefault("/".join(parts[:2]) if parts[0] == "layers" else parts[0], []).append(item.shape)

    file.visititems(note)
    for path in sorted(shapes, key=_place):
        variables = file[path].get("vars") if path.startswith("layers/") else None
        name = _text(variables.attrs.get("name", "")) if variables is not None else ""
        yield LayerArrays(name or path.removeprefix("layers/"), _place(path), _sorted(shapes[path]))


def _place(path: str) -> tuple[str, int]:
    """Kind and number from a place in a file: "layers/zero_padding2d_2" is the third of the "zeropadding2d"."""
    kind, number = re.fullmatch(r"(.*?)(?:_(\d+))?", path.removeprefix("layers/")).groups()  # type: ignore[union-attr]
    return kind.replace("_", ""), int(number or 0)


def _text(value: Any) -> str:  # noqa: ANN401
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def _sorted(shapes: Iterable[Shape]) -> tuple[Shape, ...]:
    return tuple(sorted(tuple(map(int, shape)) for shape in shapes))


def _written(shapes: Sequence[Shape]) -> str:
    written: list[str] = ["×".join(map(str, shape)) or "1" for shape in shapes]
    more = len(written) - _SHOWN_SHAPES
    return ", ".join(written[:_SHOWN_SHAPES]) + (f" and {more} more" if more > 0 else "")


def _listed(words: Sequence[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
