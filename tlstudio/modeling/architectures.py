"""The table of networks that are trained from scratch. A new one is one entry here, its layers plain data."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Final

from tlstudio.errors import TLStudioError
from tlstudio.modeling.backbones import find_backbone, get_backbone
from tlstudio.modeling.head import head_layers, head_warning, size_warning
from tlstudio.modeling.layer_table import (
    Activation,
    AveragePooling,
    BatchNormalization,
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    GlobalMaxPooling,
    Layer,
    LayerTable,
    MaxPooling,
    Rescaling,
    Shape,
    Shapes,
    shapes,
)
from tlstudio.modeling.spec import BARE_HEAD, FOREIGN, OWN, HeadSpec, ModelSpec
from tlstudio.modeling.summary.backbone_layers import backbone_layers

_LARGE = (96, 128, 160, 192, 224)
_TO_ONE: Final = Rescaling(1 / 255)


@dataclass(frozen=True, slots=True)
class Architecture:
    """A network without pre-trained weights.

    Attributes:
        name: As on the command line.
        title: As in the window.
        description: One sentence for a person.
        table: Its layers, at the size that it was designed for.
        input_sizes: Sizes worth offering, in pixels.
        head: What comes after it unless told otherwise.
    """

    name: str
    title: str
    description: str
    table: LayerTable
    input_sizes: tuple[int, ...]
    head: HeadSpec = BARE_HEAD

    @property
    def input_size(self) -> int:
        """Input in pixels that it was designed for."""
        return self.table.side

    @property
    def min_size(self) -> int:
        """Smallest input in pixels that it accepts."""
        return _least_size(self.table)

    @property
    def parameters(self) -> int:
        """Weights without the head, at the size that it was designed for."""
        return self.shapes(self.input_size).parameters

    @property
    def features(self) -> int:
        """Channels of its last feature map, or numbers of its last row."""
        return self.shapes(self.input_size).output_shape[-1]

    @property
    def blocks(self) -> int:
        """Stretches of convolutions between poolings."""
        pools = (MaxPooling, AveragePooling)
        groups = [list(rows) for pool, rows in groupby(self.table.rows, lambda row: isinstance(row, pools)) if not pool]
        return max(1, sum(any(isinstance(row, Conv2D) for row in rows) for rows in groups))

    def shapes(self, input_size: int) -> Shapes:
        """Shapes and weights of its layers for an input size in pixels."""
        return _shapes(self.table.resized(input_size))

    def feature_map(self, input_size: int) -> tuple[int, int]:
        """Width and channels of what the head reads for an input size in pixels; a row of numbers is 1 wide."""
        shape = self.shapes(input_size).output_shape
        return (shape[1], shape[2]) if len(shape) == 3 else (1, shape[0])


@lru_cache(maxsize=64)
def _shapes(table: LayerTable) -> Shapes:
    return shapes(table)


@lru_cache(maxsize=64)
def _least_size(table: LayerTable) -> int:
    """Smallest longer side in pixels at which all layers fit; the table's own if none does."""
    sizes = range(1, table.side + 1)
    return next((size for size in sizes if shapes(table.resized(size)).problem is None), table.side)


def _small_cnn() -> Iterator[Layer]:
    """Four blocks of two 3 x 3 convolutions with batch norm, as in VGG but 16 to 96 filters wide.

    The first convolution halves the picture: 27 million multiplications a photo at 96 px, a ninth of what they are
    without (measured on two busy cores: 40 and 140 photos learnt per second).
    """
    yield Rescaling(1 / 127.5, offset=-1)
    for block, filters in enumerate((16, 32, 64, 96), start=1):
        if block > 1:
            yield MaxPooling()
        for conv in (1, 2):
            stride = 2 if (block, conv) == (1, 1) else 1
            yield Conv2D(filters, stride=stride, activation="linear", bias=False)
            yield BatchNormalization()
            yield Activation()


def _six_layer_cnn() -> Iterator[Layer]:
    yield _TO_ONE
    for filters in (32, 64, 128):
        yield from (Conv2D(filters), Conv2D(filters, padding="valid"), MaxPooling(), Dropout(0.2))
    yield from (Flatten(), Dense(512), Dropout(0.5))


def _base_cnn() -> Iterator[Layer]:
    """No rescaling: its notebook feeds pixels as they are."""
    for filters, kernel in ((32, 7), (64, 5), (128, 3), (256, 3), (256, 3)):
        yield Conv2D(filters, (kernel, kernel), padding="same" if filters == 32 else "valid")
        yield from (BatchNormalization(), MaxPooling(), Dropout(0.2))
    yield from (GlobalMaxPooling(), Dense(256), Dropout(0.2))


def _mini_vggnet() -> Iterator[Layer]:
    yield _TO_ONE
    for filters in (32, 64):
        yield from (Conv2D(filters), BatchNormalization()) * 2
        yield from (MaxPooling(), Dropout(0.25))
    yield from (Flatten(), Dense(512), BatchNormalization(), Dropout(0.5))


_LENET = (_TO_ONE, Conv2D(20, (5, 5)), MaxPooling(), Conv2D(50, (5, 5)), MaxPooling(), Flatten(), Dense(500))

_CIFAR10_CNN = (
    _TO_ONE,
    Conv2D(50),
    Conv2D(75),
    MaxPooling(),
    Dropout(0.25),
    Conv2D(125),
    MaxPooling(),
    Dropout(0.25),
    Flatten(),
    Dense(500),
    Dropout(0.4),
    Dense(250),
    Dropout(0.3),
)

_IMAGENETTE_CNN = (
    Conv2D(25, (5, 5)),
    MaxPooling(padding="same"),
    Conv2D(50, (5, 5), stride=2),
    MaxPooling(padding="same"),
    BatchNormalization(),
    Conv2D(70, stride=2),
    MaxPooling(),
    BatchNormalization(),
    Flatten(),
    Dense(100),
    Dense(100),
    Dropout(0.25),
)

# After the first, the networks of the notebooks that the presets come from, layer by layer.
ARCHITECTURES: tuple[Architecture, ...] = (
    Architecture(
        "small_cnn",
        "Small network",
        "Eight convolutions, learnt from your photos alone.",
        LayerTable(96, 96, 3, tuple(_small_cnn())),
        (64, 96, 128, 160),
        HeadSpec(),
    ),
    Architecture(
        "six_layer_cnn",
        "Six-layer CNN",
        "Six convolutions in three blocks, and a large hidden layer.",
        LayerTable(224, 224, 3, tuple(_six_layer_cnn())),
        _LARGE,
    ),
    Architecture(
        "one_layer_cnn",
        "One-layer CNN",
        "One convolution and a huge hidden layer: to see how little that is.",
        LayerTable(224, 224, 3, (_TO_ONE, Conv2D(32), MaxPooling(), Flatten(), Dense(1024), Dropout(0.5))),
        _LARGE,
    ),
    Architecture(
        "base_cnn",
        "Base CNN",
        "Five blocks with windows of 7, 5 and 3 pixels, for photos with their values as they are.",
        LayerTable(224, 224, 3, tuple(_base_cnn())),
        (160, 192, 224),
    ),
    Architecture(
        "shallow_net",
        "ShallowNet",
        "One convolution, and each of its places is read by the last layer.",
        LayerTable(224, 224, 3, (_TO_ONE, Conv2D(32), Flatten())),
        _LARGE,
    ),
    Architecture(
        "lenet",
        "LeNet",
        "Two convolutions with windows of 5 pixels, after the network that read cheques in the 1990s.",
        LayerTable(224, 224, 3, _LENET),
        (28, 32, 64, *_LARGE),
    ),
    Architecture(
        "mini_vggnet",
        "MiniVGGNet",
        "Four convolutions in two blocks with batch normalisation.",
        LayerTable(224, 224, 3, tuple(_mini_vggnet())),
        (32, 64, *_LARGE),
    ),
    Architecture(
        "mnist_cnn",
        "MNIST CNN",
        "One convolution and one hidden layer, for small grey pictures such as handwritten digits.",
        LayerTable(28, 28, 1, (_TO_ONE, Conv2D(25, padding="valid"), MaxPooling(1), Flatten(), Dense(100))),
        (28, 32, 64),
    ),
    Architecture(
        "cifar10_cnn",
        "CIFAR-10 CNN",
        "Three convolutions and two hidden layers, for small colour pictures.",
        LayerTable(32, 32, 3, _CIFAR10_CNN),
        (32, 64, 96),
    ),
    Architecture(
        "imagenette_cnn",
        "Imagenette CNN",
        "Three convolutions that shrink the photo quickly, for photos with their values as they are.",
        LayerTable(224, 224, 3, _IMAGENETTE_CNN),
        _LARGE,
    ),
)

_OWN_TITLE: Final = "Your own network"
_OTHER_TITLES: Final = {OWN: _OWN_TITLE, FOREIGN: "Model from a file"}


def find_architecture(name: str) -> Architecture | None:
    """The entry of this name, or None."""
    return next((entry for entry in ARCHITECTURES if entry.name == name), None)


def get_architecture(name: str) -> Architecture:
    """The entry of this name.

    Raises:
        TLStudioError: If there is none.
    """
    entry = find_architecture(name)
    if entry is None:
        raise TLStudioError(
            f"There is no network from scratch called “{name}”.", "“tlstudio list architectures” names them all."
        )
    return entry


def architecture_of(spec: ModelSpec) -> Architecture | None:
    """The network from scratch that a spec means, from the table or put together by a person; None for a backbone."""
    if spec.layers is None:
        return find_architecture(spec.backbone)
    return Architecture(OWN, _OWN_TITLE, "The layers that you chose.", spec.layers, (spec.layers.side,))


def table_of(spec: ModelSpec) -> LayerTable | None:
    """The layers of the network from scratch that a spec means, at its input size; None for a backbone."""
    architecture = architecture_of(spec)
    return architecture.table.resized(spec.input_size) if architecture else None


def feature_shape(spec: ModelSpec) -> Shape | None:
    """What the head reads: (height, width, channels) or (numbers,); None if there is no such layer to cut at.

    Raises:
        TLStudioError: If there is no such network, or photos are too small to find its cut.
    """
    table = table_of(spec)
    if table is not None:
        known = _shapes(table)
        named = {layer.name: layer.shape for layer in known.layers}
        return named.get(spec.cut_layer) if spec.cut_layer else known.output_shape
    if spec.cut_layer:
        found = backbone_layers(spec.backbone, spec.input_size)
        return next((layer.shape for layer in found if layer.name == spec.cut_layer), None)
    side, channels = get_backbone(spec.backbone).feature_map(spec.input_size)
    return side, side, channels


def spec_warning(spec: ModelSpec, n_classes: int) -> str:
    """What to know before a network gets absurd, with its numbers; "" for a reasonable one.

    Of a backbone only the head counts, and nothing is said of one that can't be cut as it is to be.
    """
    shape, table = feature_shape(spec), table_of(spec)
    if shape is None:
        return ""
    if table is None or spec.cut_layer:
        return head_warning(spec.head, shape, n_classes)
    return size_warning((*_shapes(table).layers, *head_layers(spec.head, shape, n_classes)), "the network")


def require_possible_layers(table: LayerTable) -> None:
    """Refuse layers that can't be built.

    Raises:
        TLStudioError: If there is one; it says which and why.
    """
    problem = shapes(table).problem
    if problem is not None:
        kind = table.rows[problem.row].__struct_config__.tag
        raise TLStudioError(f"Layer {problem.row + 1} ({kind}) can't be built: {problem.message}", problem.hint)


def title_of(name: str) -> str:
    """What a person calls the backbone or architecture of this name.

    Raises:
        TLStudioError: If there is neither.
    """
    entry = find_backbone(name) or find_architecture(name)
    if entry is not None:
        return entry.title
    if name in _OTHER_TITLES:
        return _OTHER_TITLES[name]
    raise TLStudioError(
        f"There is no network called “{name}”.",
        "“tlstudio list backbones” and “tlstudio list architectures” name them all.",
    )
