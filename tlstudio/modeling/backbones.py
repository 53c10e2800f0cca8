"""The table of pre-trained backbones. A new one is one entry here; combo boxes, commands and tests follow the table."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from tlstudio.errors import TLStudioError
from tlstudio.modeling.starter import FEATURES, starter_layers

# How ``keras.applications`` prepares photos for a family: "tf" scales to -1..1, "caffe" subtracts the BGR means,
# "torch" standardises; "inside" means that the family's own first layers do it.
Preprocessing = Literal["tf", "caffe", "torch", "inside"]

# Where ready-made weights come from: Google's and others' ImageNet weights, through Keras, or this program itself.
Pretrained = Literal["imagenet", "bundled"]

STARTER = "starter"
"""The one whose weights ship with the program."""

_ANY_SIZE = (96, 128, 160, 192, 224, 256, 299)


@dataclass(frozen=True, slots=True)
class Backbone:
    """A pre-trained feature extractor: of ``keras.applications``, or of this program.

    Attributes:
        name: As on the command line.
        title: As in the window.
        constructor: Its function in ``keras.applications``; "" for a network of this program.
        layers: For a network of this program: maps preprocessed photos, a float32 KerasTensor (N, S, S, 3), to its
            last feature map.
        pretrained: Where its ready-made weights come from, as for ``ModelSpec.weights``.
        width: Width multiplier ("alpha"), or None where the family has none.
        preprocessing: What its weights expect.
        input_size: Input in pixels that its weights were trained at.
        input_sizes: Sizes worth offering.
        min_size: Smallest input in pixels that it accepts.
        parameters: Weights without the ImageNet classifier.
        top1: Published top-1 accuracy on the ImageNet validation photos, 0 to 1; None where it never learnt them.
        features: Channels of its last feature map.
        blocks: Blocks that it consists of, in the words of its authors, without the first convolutions.
        refined_blocks: How many of them, the last ones, lie behind ``unfreeze_from``.
        unfreeze_from: First layer that fine-tuning trains unless told otherwise: the last stage of the network.
        weights_file: Name of the file of ready-made weights without classifier: Keras's own, in which "{size}" stands
            for a size, or below the program's ``models`` folder.
        weights_sizes: Sizes that files exist for; the file of ``input_size`` serves all others.
        cut_layer: Layer whose output the head reads unless told otherwise; "" is the last.
        border: Pixels of the photo's side that padding costs (or, below 0, adds) before its last feature map, which is
            one thirty-second of the rest wide.
    """

    name: str
    title: str
    constructor: str
    preprocessing: Preprocessing
    parameters: int
    top1: float | None
    features: int
    blocks: int
    refined_blocks: int
    unfreeze_from: str
    weights_file: str
    width: float | None = None
    input_size: int = 224
    input_sizes: tuple[int, ...] = _ANY_SIZE
    min_size: int = 32
    weights_sizes: tuple[int, ...] = (224,)
    cut_layer: str = ""
    border: int = -31
    layers: Callable[[Any], Any] | None = None
    pretrained: Pretrained = "imagenet"

    @property
    def weights_bytes(self) -> int:
        """Size of the file of ready-made weights (the header is below 2 %): four bytes a parameter, two if bundled."""
        return (2 if self.pretrained == "bundled" else 4) * self.parameters

    def feature_map(self, input_size: int) -> tuple[int, int]:
        """Width (the height is the same) and channels of the last feature map for an input size in pixels."""
        return (input_size - self.border) // 32, self.features

    def imagenet_file(self, input_size: int) -> str:
        """Name of the file of ImageNet weights that Keras loads for this input size."""
        return self.weights_file.format(size=self.imagenet_size(input_size))

    def imagenet_size(self, input_size: int) -> int:
        """Size in pixels whose ImageNet weights serve this input size."""
        return input_size if input_size in self.weights_sizes else self.input_size


def _mobilenet(width: float, parameters: int, top1: float) -> Backbone:
    label = {0.25: "2_5", 0.5: "5_0", 0.75: "7_5", 1.0: "1_0"}[width]
    return Backbone(
        name=f"mobilenet_{width}",
        title=f"MobileNet {width}",
        constructor="MobileNet",
        width=width,
        preprocessing="tf",
        parameters=parameters,
        top1=top1,
        features=round(1024 * width),
        blocks=13,
        refined_blocks=2,
        unfreeze_from="conv_dw_12",
        weights_file=f"mobilenet_{label}_{{size}}_tf_no_top.h5",
        weights_sizes=(128, 160, 192, 224),
        border=0,
    )


def _mobilenet_v2(width: float, parameters: int, top1: float) -> Backbone:
    return Backbone(
        name=f"mobilenet_v2_{width}",
        title=f"MobileNet V2 {width}",
        constructor="MobileNetV2",
        width=width,
        preprocessing="tf",
        parameters=parameters,
        top1=top1,
        features=round(1280 * max(width, 1.0)),
        blocks=17,
        refined_blocks=4,
        unfreeze_from="block_13_expand",
        weights_file=f"mobilenet_v2_weights_tf_dim_ordering_tf_kernels_{width}_{{size}}_no_top.h5",
        weights_sizes=(96, 128, 160, 192, 224) if width <= 1 else (224,),
    )


# Accuracies: the table of keras.io/api/applications; those of the widths of MobileNet and MobileNetV2: the tables in
# the authors' model repository (tensorflow/models, research/slim/nets/mobilenet_v1.md and mobilenet/README.md).
BACKBONES: tuple[Backbone, ...] = (
    Backbone(
        name="vgg16",
        title="VGG 16",
        constructor="VGG16",
        preprocessing="caffe",
        parameters=14_714_688,
        top1=0.713,
        features=512,
        blocks=5,
        refined_blocks=1,
        unfreeze_from="block5_conv1",
        weights_file="vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5",
        border=0,
    ),
    Backbone(
        name="vgg19",
        title="VGG 19",
        constructor="VGG19",
        preprocessing="caffe",
        parameters=20_024_384,
        top1=0.713,
        features=512,
        blocks=5,
        refined_blocks=1,
        unfreeze_from="block5_conv1",
        weights_file="vgg19_weights_tf_dim_ordering_tf_kernels_notop.h5",
        border=0,
    ),
    Backbone(
        name="inception_v3",
        title="Inception V3",
        constructor="InceptionV3",
        preprocessing="tf",
        parameters=21_802_784,
        top1=0.779,
        features=2048,
        blocks=11,
        refined_blocks=3,
        unfreeze_from="mixed8",
        weights_file="inception_v3_weights_tf_dim_ordering_tf_kernels_notop.h5",
        border=43,
        input_size=299,
        weights_sizes=(299,),
        min_size=75,
    ),
    Backbone(
        name="xception",
        title="Xception",
        constructor="Xception",
        preprocessing="tf",
        parameters=20_861_480,
        top1=0.790,
        features=2048,
        blocks=14,
        refined_blocks=1,
        unfreeze_from="block14_sepconv1",
        weights_file="xception_weights_tf_dim_ordering_tf_kernels_notop.h5",
        input_size=299,
        weights_sizes=(299,),
        min_size=71,
    ),
    Backbone(
        name="resnet50_v2",
        title="ResNet 50 V2",
        constructor="ResNet50V2",
        preprocessing="tf",
        parameters=23_564_800,
        top1=0.760,
        features=2048,
        blocks=16,
        refined_blocks=3,
        unfreeze_from="conv5_block1_preact_bn",
        weights_file="resnet50v2_weights_tf_dim_ordering_tf_kernels_notop.h5",
    ),
    _mobilenet(0.25, 218_544, 0.506),
    _mobilenet(0.5, 829_536, 0.637),
    _mobilenet(0.75, 1_832_976, 0.684),
    _mobilenet(1.0, 3_228_864, 0.706),
    _mobilenet_v2(0.35, 410_208, 0.603),
    _mobilenet_v2(0.5, 706_224, 0.654),
    _mobilenet_v2(0.75, 1_382_064, 0.698),
    _mobilenet_v2(1.0, 2_257_984, 0.718),
    _mobilenet_v2(1.3, 3_766_048, 0.744),
    _mobilenet_v2(1.4, 4_363_712, 0.750),
    Backbone(
        name="mobilenet_v3_small",
        title="MobileNet V3 Small",
        constructor="MobileNetV3Small",
        preprocessing="inside",
        parameters=939_120,
        top1=0.681,
        features=576,
        blocks=11,
        refined_blocks=3,
        unfreeze_from="expanded_conv_8_expand",
        weights_file="weights_mobilenet_v3_small_224_1.0_float_no_top_v2.h5",
    ),
    Backbone(
        name="mobilenet_v3_large",
        title="MobileNet V3 Large",
        constructor="MobileNetV3Large",
        preprocessing="inside",
        parameters=2_996_352,
        top1=0.756,
        features=960,
        blocks=15,
        refined_blocks=3,
        unfreeze_from="expanded_conv_12_expand",
        weights_file="weights_mobilenet_v3_large_224_1.0_float_no_top_v2.h5",
    ),
    Backbone(
        name="efficientnet_v2_b0",
        title="EfficientNet V2 B0",
        constructor="EfficientNetV2B0",
        preprocessing="inside",
        parameters=5_919_312,
        top1=0.787,
        features=1280,
        blocks=21,
        refined_blocks=8,
        unfreeze_from="block6a_expand_conv",
        weights_file="efficientnetv2-b0_notop.h5",
    ),
    Backbone(
        name=STARTER,
        title="Starter",
        constructor="",
        layers=starter_layers,
        pretrained="bundled",
        preprocessing="tf",
        parameters=2_643_260,
        top1=None,
        features=FEATURES,
        blocks=13,
        refined_blocks=2,
        unfreeze_from="stage4_merge_conv",
        weights_file="starter/starter.weights.h5",
        input_size=96,
        input_sizes=(96, 112, 128, 160, 192, 224),
        border=-3,
    ),
)


def find_backbone(name: str) -> Backbone | None:
    """The entry of this name, or None."""
    return next((entry for entry in BACKBONES if entry.name == name), None)


def get_backbone(name: str) -> Backbone:
    """The entry of this name.

    Raises:
        TLStudioError: If there is none.
    """
    entry = find_backbone(name)
    if entry is None:
        raise TLStudioError(f"There is no network called “{name}”.", "“tlstudio list backbones” names them all.")
    return entry
