"""NASNet: Zoph et al. 2017, "Learning Transferable Architectures for Scalable Image Recognition".

Each cell reads the two cells before it, so between its stem and its end there is no place to cut it: refining it
computes all cells, and changes those of the last stage.
"""

from tlstudio.modeling.backbones.backbone import Backbone, sizes_around


def _nasnet(
    size: str, input_size: int, cells: int, parameters: int, multiply_adds: float, top1: float, weights_hash: str
) -> Backbone:
    """Three stages of ``cells`` normal ones each; two reductions come first, and one before each later stage."""
    return Backbone(
        name=f"nasnet_{size}",
        title=f"NASNet {size.capitalize()}",
        constructor=f"NASNet{size.capitalize()}",
        preprocessing="tf",
        parameters=parameters,
        multiply_adds=multiply_adds,
        depthwise=True,
        top1=top1,
        features={"mobile": 1056, "large": 4032}[size],
        blocks=3 * cells + 4,
        refined_blocks=cells + 1,
        unfreeze_from=f"reduction_conv_1_reduce_{2 * cells}",
        weights_file=f"nasnet_{size}_no_top.h5",
        weights_hash=weights_hash,
        input_size=input_size,
        input_sizes=sizes_around(input_size),
        weights_sizes=(input_size,),
        border=-29,
    )


NASNET = (
    _nasnet("mobile", 224, 4, 4_269_716, 563, 0.744, "1ed92395b5b598bdda52abe5c0dbfd63"),
    _nasnet("large", 331, 6, 84_916_818, 23_779, 0.825, "d81d89dc07e6e56530c4e77faddd61b5"),
)
