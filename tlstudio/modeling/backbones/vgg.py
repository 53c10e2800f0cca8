"""VGG: Simonyan and Zisserman 2014, "Very Deep Convolutional Networks for Large-Scale Image Recognition"."""

from tlstudio.modeling.backbones.backbone import Backbone


def _vgg(layers: int, parameters: int, multiply_adds: float, weights_hash: str) -> Backbone:
    return Backbone(
        name=f"vgg{layers}",
        title=f"VGG {layers}",
        constructor=f"VGG{layers}",
        preprocessing="caffe",
        parameters=parameters,
        multiply_adds=multiply_adds,
        top1=0.713,
        features=512,
        blocks=5,
        refined_blocks=1,
        unfreeze_from="block5_conv1",
        weights_file=f"vgg{layers}_weights_tf_dim_ordering_tf_kernels_notop.h5",
        weights_hash=weights_hash,
        border=0,
    )


VGG = (
    _vgg(16, 14_714_688, 15_347, "6d6bbae143d832006294945121d1f1fc"),
    _vgg(19, 20_024_384, 19_508, "253f8cb515780f3b799900260a226db6"),
)
