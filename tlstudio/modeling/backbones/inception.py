"""Inception V3, Inception ResNet V2 and Xception.

Szegedy et al. 2015, "Rethinking the Inception Architecture for Computer Vision"; Szegedy et al. 2016, "Inception-v4,
Inception-ResNet and the Impact of Residual Connections on Learning"; Chollet 2016, "Xception: Deep Learning with
Depthwise Separable Convolutions".
"""

from tlstudio.modeling.backbones.backbone import Backbone

INCEPTION = (
    Backbone(
        name="inception_v3",
        title="Inception V3",
        constructor="InceptionV3",
        preprocessing="tf",
        parameters=21_802_784,
        multiply_adds=5_711,
        top1=0.779,
        features=2048,
        blocks=11,
        refined_blocks=2,
        unfreeze_from="mixed8",
        weights_file="inception_v3_weights_tf_dim_ordering_tf_kernels_notop.h5",
        weights_hash="bcbd6486424b2319ff4ef7d526e38f63",
        border=43,
        input_size=299,
        weights_sizes=(299,),
        min_size=75,
    ),
    Backbone(
        name="inception_resnet_v2",
        title="Inception ResNet V2",
        constructor="InceptionResNetV2",
        preprocessing="tf",
        parameters=54_336_736,
        multiply_adds=13_154,
        top1=0.803,
        features=1536,
        blocks=43,
        refined_blocks=10,
        unfreeze_from="mixed_7a",
        weights_file="inception_resnet_v2_weights_tf_dim_ordering_tf_kernels_notop.h5",
        weights_hash="d19885ff4a710c122648d3b5c3b684e4",
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
        multiply_adds=8_355,
        top1=0.790,
        features=2048,
        blocks=14,
        refined_blocks=1,
        unfreeze_from="block14_sepconv1",
        weights_file="xception_weights_tf_dim_ordering_tf_kernels_notop.h5",
        weights_hash="b0042744bf5b25fce3cb969f33bebb97",
        input_size=299,
        weights_sizes=(299,),
        min_size=71,
    ),
)
