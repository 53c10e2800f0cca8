"""DenseNet: Huang et al. 2016, "Densely Connected Convolutional Networks"."""

from tlstudio.modeling.backbones.backbone import Backbone


def _densenet(
    depths: tuple[int, int, int, int],
    parameters: int,
    multiply_adds: float,
    top1: float,
    features: int,
    weights_hash: str,
) -> Backbone:
    layers = 2 * sum(depths) + 5  # two in each block; first convolution, three transitions, classifier
    return Backbone(
        name=f"densenet{layers}",
        title=f"DenseNet {layers}",
        constructor=f"DenseNet{layers}",
        preprocessing="torch",
        parameters=parameters,
        multiply_adds=multiply_adds,
        top1=top1,
        features=features,
        blocks=sum(depths),
        refined_blocks=depths[-1],
        unfreeze_from="conv5_block1_0_bn",
        weights_file=f"densenet{layers}_weights_tf_dim_ordering_tf_kernels_notop.h5",
        weights_hash=weights_hash,
        border=-3,
    )


DENSENET = (
    _densenet((6, 12, 24, 16), 7_037_504, 2_833, 0.750, 1024, "30ee3e1110167f948a6b9946edeeb738"),
    _densenet((6, 12, 32, 32), 12_642_880, 3_358, 0.762, 1664, "b8c4d4c20dd625c148057b9ff1c1176b"),
    _densenet((6, 12, 48, 32), 18_321_984, 4_289, 0.773, 1920, "c13680b51ded0fb44dff2d8f86ac8bb1"),
)
