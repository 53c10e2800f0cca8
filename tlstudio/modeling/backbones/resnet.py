"""ResNet and ResNet V2.

He et al. 2015, "Deep Residual Learning for Image Recognition"; He et al. 2016, "Identity Mappings in Deep Residual
Networks".
"""

from tlstudio.modeling.backbones.backbone import Backbone

_BLOCKS = {50: 16, 101: 33, 152: 50}


def _resnet(layers: int, parameters: int, multiply_adds: float, top1: float, weights_hash: str) -> Backbone:
    return Backbone(
        name=f"resnet{layers}",
        title=f"ResNet {layers}",
        constructor=f"ResNet{layers}",
        preprocessing="caffe",
        parameters=parameters,
        multiply_adds=multiply_adds,
        top1=top1,
        features=2048,
        blocks=_BLOCKS[layers],
        refined_blocks=3,
        unfreeze_from="conv5_block1_1_conv",
        weights_file=f"resnet{layers}_weights_tf_dim_ordering_tf_kernels_notop.h5",
        weights_hash=weights_hash,
    )


def _resnet_v2(layers: int, parameters: int, multiply_adds: float, top1: float, weights_hash: str) -> Backbone:
    return Backbone(
        name=f"resnet{layers}_v2",
        title=f"ResNet {layers} V2",
        constructor=f"ResNet{layers}V2",
        preprocessing="tf",
        parameters=parameters,
        multiply_adds=multiply_adds,
        top1=top1,
        features=2048,
        blocks=_BLOCKS[layers],
        refined_blocks=3,
        unfreeze_from="conv5_block1_preact_bn",
        weights_file=f"resnet{layers}v2_weights_tf_dim_ordering_tf_kernels_notop.h5",
        weights_hash=weights_hash,
    )


RESNET = (
    _resnet(50, 23_587_712, 3_856, 0.749, "4d473c1dd8becc155b73f8504c6f6626"),
    _resnet(101, 42_658_176, 7_568, 0.764, "88cf7a10940856eca736dc7b7e228a21"),
    _resnet(152, 58_370_944, 11_280, 0.766, "ee4c566cf9a93f14d82f913c2dc6dd0c"),
    _resnet_v2(50, 23_564_800, 3_480, 0.760, "fac2f116257151a9d068a22e544a4917"),
    _resnet_v2(101, 42_626_560, 7_192, 0.772, "c0ed64b8031c3730f411d2eb4eea35b5"),
    _resnet_v2(152, 58_331_648, 10_905, 0.780, "ed17cf2e0169df9d443503ef94b23b33"),
)
