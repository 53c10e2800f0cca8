"""The table of pre-trained backbones. A new one is one entry here; combo boxes, commands and tests follow the table."""

from tlstudio.errors import TLStudioError
from tlstudio.modeling.backbones.backbone import Backbone, Preprocessing, Pretrained
from tlstudio.modeling.backbones.convnext import CONVNEXT
from tlstudio.modeling.backbones.densenet import DENSENET
from tlstudio.modeling.backbones.efficientnet import EFFICIENTNET
from tlstudio.modeling.backbones.inception import INCEPTION
from tlstudio.modeling.backbones.mobilenet import MOBILENET
from tlstudio.modeling.backbones.nasnet import NASNET
from tlstudio.modeling.backbones.resnet import RESNET
from tlstudio.modeling.backbones.vgg import VGG
from tlstudio.modeling.starter import FEATURES, starter_layers

__all__ = ["BACKBONES", "STARTER", "Backbone", "Preprocessing", "Pretrained", "find_backbone", "get_backbone"]

STARTER = "starter"
"""The one whose weights ship with the program."""

_STARTER = Backbone(
    name=STARTER,
    title="Starter",
    constructor="",
    layers=starter_layers,
    pretrained="bundled",
    preprocessing="tf",
    parameters=2_643_260,
    multiply_adds=67,
    top1=None,
    top1_source="",
    features=FEATURES,
    blocks=13,
    refined_blocks=2,
    unfreeze_from="stage4_merge_conv",
    weights_file="starter/starter.weights.h5",
    input_size=96,
    input_sizes=(96, 112, 128, 160, 192, 224),
    border=-3,
)

BACKBONES: tuple[Backbone, ...] = (
    *VGG,
    *INCEPTION,
    *RESNET,
    *DENSENET,
    *MOBILENET,
    *NASNET,
    *EFFICIENTNET,
    *CONVNEXT,
    _STARTER,
)

_BY_NAME = {entry.name: entry for entry in BACKBONES}


def find_backbone(name: str) -> Backbone | None:
    """The entry of this name, or None."""
    return _BY_NAME.get(name)


def get_backbone(name: str) -> Backbone:
    """The entry of this name.

    Raises:
        TLStudioError: If there is none.
    """
    entry = find_backbone(name)
    if entry is None:
        raise TLStudioError(f"There is no network called “{name}”.", "“tlstudio list backbones” names them all.")
    return entry
