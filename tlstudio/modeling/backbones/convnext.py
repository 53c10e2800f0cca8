"""ConvNeXt: Liu et al. 2022, "A ConvNet for the 2020s"."""

from tlstudio.modeling.backbones.backbone import Backbone


def _convnext(
    size: str, third_stage: int, parameters: int, multiply_adds: float, top1: float, features: int, weights_hash: str
) -> Backbone:
    """``third_stage`` is the number of blocks there; the other three stages have three each."""
    title = size.capitalize().replace("Xl", "XL")
    return Backbone(
        name=f"convnext_{size}",
        title=f"ConvNeXt {title}",
        constructor=f"ConvNeXt{title}",
        preprocessing="inside",
        parameters=parameters,
        multiply_adds=multiply_adds,
        top1=top1,
        features=features,
        blocks=third_stage + 9,
        refined_blocks=3,
        unfreeze_from=f"convnext_{size}_stage_3_block_0_depthwise_conv",
        weights_file=f"convnext_{size}_notop.h5",
        weights_hash=weights_hash,
        border=0,
    )


CONVNEXT = (
    _convnext(
        "tiny", 9, 27_820_128, 4_455, 0.813, 768, "d547c096cabd03329d7be5562c5e14798aa39ed24b474157cef5e85ab9e49ef1"
    ),
    _convnext(
        "small", 27, 49_454_688, 8_683, 0.823, 768, "6fc8009faa2f00c1c1dfce59feea9b0745eb260a7dd11bee65c8e20843da6eab"
    ),
    _convnext(
        "base", 27, 87_566_464, 15_354, 0.853, 1024, "40a20c5548a5e9202f69735ecc06c990e6b7c9d2de39f0361e27baeb24cb7c45"
    ),
    _convnext(
        "large",
        27,
        196_230_336,
        34_360,
        0.863,
        1536,
        "96f02b6f0753d4f543261bc9d09bed650f24dd6bc02ddde3066135b63d23a1cd",
    ),
    _convnext(
        "xlarge",
        27,
        348_147_968,
        60_919,
        0.867,
        2048,
        "de3f8a54174130e0cecdc71583354753d557fcf1f4487331558e2a16ba0cfe05",
    ),
)
