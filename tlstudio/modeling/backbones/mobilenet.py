"""MobileNet, MobileNet V2 and MobileNet V3.

Howard et al. 2017, "MobileNets: Efficient Convolutional Neural Networks for Mobile Vision Applications"; Sandler et al.
2018, "MobileNetV2: Inverted Residuals and Linear Bottlenecks"; Howard et al. 2019, "Searching for MobileNetV3".
"""

from tlstudio.modeling.backbones.backbone import Backbone

# The table of Keras knows only one width of each; those of the authors know all.
_V1_TABLE = "github.com/tensorflow/models, research/slim/nets/mobilenet_v1.md"
_V2_TABLE = "github.com/tensorflow/models, research/slim/nets/mobilenet/README.md"
_V3_TABLE = "keras.io/api/applications/mobilenet"


def _mobilenet(width: float, parameters: int, multiply_adds: float, top1: float) -> Backbone:
    label = {0.25: "2_5", 0.5: "5_0", 0.75: "7_5", 1.0: "1_0"}[width]
    return Backbone(
        name=f"mobilenet_{width}",
        title=f"MobileNet {width}",
        constructor="MobileNet",
        width=width,
        preprocessing="tf",
        parameters=parameters,
        multiply_adds=multiply_adds,
        depthwise=True,
        top1=top1,
        top1_source=_V1_TABLE,
        features=round(1024 * width),
        blocks=13,
        refined_blocks=2,
        unfreeze_from="conv_dw_12",
        weights_file=f"mobilenet_{label}_{{size}}_tf_no_top.h5",
        weights_sizes=(128, 160, 192, 224),
        border=0,
    )


def _mobilenet_v2(width: float, parameters: int, multiply_adds: float, top1: float) -> Backbone:
    return Backbone(
        name=f"mobilenet_v2_{width}",
        title=f"MobileNet V2 {width}",
        constructor="MobileNetV2",
        width=width,
        preprocessing="tf",
        parameters=parameters,
        multiply_adds=multiply_adds,
        depthwise=True,
        top1=top1,
        top1_source=_V2_TABLE,
        features=round(1280 * max(width, 1.0)),
        blocks=17,
        refined_blocks=4,
        unfreeze_from="block_13_expand",
        weights_file=f"mobilenet_v2_weights_tf_dim_ordering_tf_kernels_{width}_{{size}}_no_top.h5",
        weights_sizes=(96, 128, 160, 192, 224) if width <= 1 else (224,),
    )


def _mobilenet_v3(
    size: str, blocks: int, parameters: int, multiply_adds: float, top1: float, features: int, weights_hash: str
) -> Backbone:
    return Backbone(
        name=f"mobilenet_v3_{size}",
        title=f"MobileNet V3 {size.capitalize()}",
        constructor=f"MobileNetV3{size.capitalize()}",
        preprocessing="inside",
        parameters=parameters,
        multiply_adds=multiply_adds,
        depthwise=True,
        top1=top1,
        top1_source=_V3_TABLE,
        features=features,
        blocks=blocks,
        refined_blocks=3,
        unfreeze_from=f"expanded_conv_{blocks - 3}_expand",
        weights_file=f"weights_mobilenet_v3_{size}_224_1.0_float_no_top_v2.h5",
        weights_hash=weights_hash,
    )


MOBILENET = (
    _mobilenet(0.25, 218_544, 41, 0.506),
    _mobilenet(0.5, 829_536, 149, 0.637),
    _mobilenet(0.75, 1_832_976, 325, 0.684),
    _mobilenet(1.0, 3_228_864, 568, 0.706),
    _mobilenet_v2(0.35, 410_208, 58, 0.603),
    _mobilenet_v2(0.5, 706_224, 96, 0.654),
    _mobilenet_v2(0.75, 1_382_064, 208, 0.698),
    _mobilenet_v2(1.0, 2_257_984, 300, 0.718),
    _mobilenet_v2(1.3, 3_766_048, 508, 0.744),
    _mobilenet_v2(1.4, 4_363_712, 580, 0.750),
    _mobilenet_v3("small", 11, 939_120, 55, 0.681, 576, "d3e8ec802a04aa4fc771ee12a9a9b836"),
    _mobilenet_v3("large", 15, 2_996_352, 214, 0.756, 960, "07fb09a5933dd0c8eaafa16978110389"),
)
