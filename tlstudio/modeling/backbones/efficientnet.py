"""EfficientNet and EfficientNet V2.

Tan and Le 2019, "EfficientNet: Rethinking Model Scaling for Convolutional Neural Networks"; Tan and Le 2021,
"EfficientNetV2: Smaller Models and Faster Training".
"""

from math import ceil, sqrt

from tlstudio.modeling.backbones.backbone import Backbone, sizes_around

_BLOCKS = (1, 2, 2, 3, 3, 4, 1)
_BLOCKS_V2 = {
    "b": (1, 2, 2, 3, 5, 8),
    "s": (2, 4, 4, 6, 9, 15),
    "m": (3, 5, 5, 7, 14, 18, 5),
    "l": (4, 7, 7, 10, 19, 25, 7),
}

_IMAGENET_SPREAD = (0.229, 0.224, 0.225)
"""Standard deviations of red, green and blue over ImageNet, which the files hold as variances by mistake."""


def _efficientnet(
    number: int,
    input_size: int,
    depth: float,
    parameters: int,
    multiply_adds: float,
    top1: float,
    features: int,
    weights_hash: str,
) -> Backbone:
    """``depth`` multiplies the blocks of each stage of B0."""
    stages = [ceil(depth * blocks) for blocks in _BLOCKS]
    return Backbone(
        name=f"efficientnet_b{number}",
        title=f"EfficientNet B{number}",
        constructor=f"EfficientNetB{number}",
        preprocessing="inside",
        channel_scale=tuple(1 / sqrt(spread) for spread in _IMAGENET_SPREAD),
        parameters=parameters,
        multiply_adds=multiply_adds,
        depthwise=True,
        top1=top1,
        features=features,
        blocks=sum(stages),
        refined_blocks=sum(stages[5:]),
        unfreeze_from="block6a_expand_conv",
        weights_file=f"efficientnetb{number}_notop.h5",
        weights_hash=weights_hash,
        input_size=input_size,
        input_sizes=sizes_around(input_size),
        weights_sizes=(input_size,),
    )


def _efficientnet_v2(
    size: str,
    input_size: int,
    depth: float,
    parameters: int,
    multiply_adds: float,
    top1: float,
    features: int,
    weights_hash: str,
) -> Backbone:
    """``depth`` multiplies the blocks of each stage of B0; S, M and L have numbers of their own."""
    stages = [ceil(depth * blocks) for blocks in _BLOCKS_V2[size[0]]]
    return Backbone(
        name=f"efficientnet_v2_{size}",
        title=f"EfficientNet V2 {size.upper()}",
        constructor=f"EfficientNetV2{size.upper()}",
        preprocessing="inside",
        parameters=parameters,
        multiply_adds=multiply_adds,
        depthwise=True,
        top1=top1,
        features=features,
        blocks=sum(stages),
        refined_blocks=sum(stages[5:]),
        unfreeze_from="block6a_expand_conv",
        weights_file=f"efficientnetv2-{size}_notop.h5",
        weights_hash=weights_hash,
        input_size=input_size,
        input_sizes=sizes_around(input_size),
        weights_sizes=(input_size,),
    )


EFFICIENTNET = (
    _efficientnet(0, 224, 1.0, 4_049_571, 385, 0.771, 1280, "50bc09e76180e00e4465e1a485ddc09d"),
    _efficientnet(1, 240, 1.1, 6_575_239, 686, 0.791, 1280, "74c4e6b3e1f6a1eea24c589628592432"),
    _efficientnet(2, 260, 1.2, 7_768_569, 992, 0.801, 1408, "111f8e2ac8aa800a7a99e3239f7bfb39"),
    _efficientnet(3, 300, 1.4, 10_783_535, 1_826, 0.816, 1536, "af6d107764bb5b1abb91932881670226"),
    _efficientnet(4, 380, 1.8, 17_673_823, 4_392, 0.829, 1792, "ebc24e6d6c33eaebbd558eafbeedf1ba"),
    _efficientnet(5, 456, 2.2, 28_513_527, 10_264, 0.836, 2048, "38879255a25d3c92d5e44e04ae6cec6f"),
    _efficientnet(6, 528, 2.6, 40_960_143, 19_065, 0.840, 2304, "9ecce42647a20130c1f39a5d4cb75743"),
    _efficientnet(7, 600, 3.1, 64_097_687, 37_743, 0.843, 2560, "cbcfe4450ddf6f3ad90b1b398090fe4a"),
    _efficientnet_v2("b0", 224, 1.0, 5_919_312, 717, 0.787, 1280, "893217f2bb855e2983157299931e43ff"),
    _efficientnet_v2("b1", 240, 1.1, 6_931_124, 1_196, 0.798, 1280, "0e80663031ca32d657f9caa404b6ec37"),
    _efficientnet_v2("b2", 260, 1.2, 8_769_374, 1_696, 0.805, 1408, "1dfe2e7a5d45b6632553a8961ea609eb"),
    _efficientnet_v2("b3", 300, 1.4, 12_930_622, 3_010, 0.820, 1536, "f6abf7b5849ac99a89b50dd3fd532856"),
    _efficientnet_v2("s", 384, 1.0, 20_331_360, 8_364, 0.839, 1280, "af0682fb74e8c54910f2d4393339c070"),
    _efficientnet_v2("m", 480, 1.0, 53_150_388, 24_581, 0.853, 1280, "1b8dc055df72dde80d614482840fe342"),
    _efficientnet_v2("l", 480, 1.0, 117_746_848, 56_078, 0.857, 1280, "b0b66b5c863aef5b46e8608fe1711615"),
)
