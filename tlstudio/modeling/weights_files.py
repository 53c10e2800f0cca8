"""The files of ImageNet weights that Keras publishes: what they are called, where they are, how to tell them.

Facts of ``keras.applications``; ``tests/slow/test_weights_files.py`` compares them with what Keras itself asks for.
"""

import re
from dataclasses import dataclass
from typing import Final

from tlstudio.datasets.sources.catalogue import RemoteFile
from tlstudio.errors import TLStudioError
from tlstudio.modeling.backbones import BACKBONES, Backbone, get_backbone

_BUCKET: Final = "https://storage.googleapis.com"
_MD5_DIGITS: Final = 32
_IMAGENET_CLASSES: Final = 1000

# Beginning of a backbone's name: the folder its files are in. The longest that fits counts.
_FOLDERS: Final = {
    "convnext": "tensorflow/keras-applications/convnext",
    "densenet": "tensorflow/keras-applications/densenet",
    "efficientnet": "keras-applications",
    "efficientnet_v2": "tensorflow/keras-applications/efficientnet_v2",
    "inception_resnet_v2": "tensorflow/keras-applications/inception_resnet_v2",
    "inception_v3": "tensorflow/keras-applications/inception_v3",
    "mobilenet": "tensorflow/keras-applications/mobilenet",
    "mobilenet_v2": "tensorflow/keras-applications/mobilenet_v2",
    "mobilenet_v3": "tensorflow/keras-applications/mobilenet_v3",
    "nasnet": "tensorflow/keras-applications/nasnet",
    "resnet": "tensorflow/keras-applications/resnet",
    "vgg16": "tensorflow/keras-applications/vgg16",
    "vgg19": "tensorflow/keras-applications/vgg19",
    "xception": "tensorflow/keras-applications/xception",
}

# MD5 or SHA-256 of the files with the ImageNet answer. Keras states none for MobileNet and MobileNet V2.
_TOP_HASHES: Final = {
    "vgg16": "64373286793e3c8b2b4e3219cbf3544b",
    "vgg19": "cbe5617147190e668d6c5d5026f83318",
    "inception_v3": "9a0d58056eeedaa3f26cb7ebd46da564",
    "inception_resnet_v2": "e693bd0210a403b3192acc6073ad2e96",
    "xception": "0a58e3b7378bc2990ea3b43d5981f1f6",
    "resnet50": "2cb95161c43110f7111970584f804107",
    "resnet101": "f1aeb4b969a6efcfb50fad2f0c20cfc5",
    "resnet152": "100835be76be38e30d865e96f2aaae62",
    "resnet50_v2": "3ef43a0b657b3be2300d5770ece849e0",
    "resnet101_v2": "6343647c601c52e1368623803854d971",
    "resnet152_v2": "a49b44d1979771252814e80f8ec446f9",
    "densenet121": "9d60b8095a5708f2dcce2bca79d332c7",
    "densenet169": "d699b8f76981ab1b30698df4c175e90b",
    "densenet201": "1ceb130c1ea1b78c3bf6114dbdfd8807",
    "nasnet_mobile": "020fb642bf7360b370c678b08e0adf61",
    "nasnet_large": "11577c9a518f0070763c2b964a382f17",
    "mobilenet_v3_small": "8768d4c2e7dee89b9d02b2d03d65d862",
    "mobilenet_v3_large": "59e551e166be033d707958cf9e29a6a7",
    "efficientnet_b0": "902e53a9f72be733fc0bcb005b3ebbac",
    "efficientnet_b1": "1d254153d4ab51201f1646940f018540",
    "efficientnet_b2": "b15cce36ff4dcbd00b6dd88e7857a6ad",
    "efficientnet_b3": "ffd1fdc53d0ce67064dc6a9c7960ede0",
    "efficientnet_b4": "18c95ad55216b8f92d7e70b3a046e2fc",
    "efficientnet_b5": "ace28f2a6363774853a83a0b21b9421a",
    "efficientnet_b6": "165f6e37dce68623721b423839de8be5",
    "efficientnet_b7": "8c03f828fec3ef71311cd463b6759d99",
    "efficientnet_v2_b0": "21ecbf6da12460d5c40bb2f29ceb2188",
    "efficientnet_v2_b1": "069f0534ff22adf035c89e2d9547a9dc",
    "efficientnet_v2_b2": "424e49f28180edbde1e94797771950a7",
    "efficientnet_v2_b3": "1f1fc43bd98a6e4fd8fdfd551e02c7a0",
    "efficientnet_v2_s": "e1d88a8495beba45748fedd0cecbe016",
    "efficientnet_v2_m": "a3bf6aa3276309f4fc6a34aa114c95cd",
    "efficientnet_v2_l": "27e6d408b53c7ebc868fefa357689935",
    "convnext_tiny": "8ae6e78ce2933352b1ef4008e6dd2f17bc40771563877d156bc6426c7cf503ff",
    "convnext_small": "ce1277d8f1ee5a0ef0e171469089c18f5233860ceaf9b168049cb9263fd7483c",
    "convnext_base": "52cbb006d3dadd03f6e095a8ca1aca47aecdd75acb4bc74bce1f5c695d0086e6",
    "convnext_large": "070c5ed9ed289581e477741d3b34beffa920db8cf590899d6d2c67fba2a198a6",
    "convnext_xlarge": "c1f5ccab661354fc3a79a10fa99af82f0fbf10ec65cb894a3ae0815f17a889ee",
}

# Weights and biases after the last feature map, where that is more than one layer of 1000 answers.
_CLASSIFIERS: Final = {
    "vgg16": 123_642_856,
    "vgg19": 123_642_856,
    "mobilenet_v3_small": 577 * 1024 + 1025 * _IMAGENET_CLASSES,
    "mobilenet_v3_large": 961 * 1280 + 1281 * _IMAGENET_CLASSES,
}


@dataclass(frozen=True, slots=True)
class WeightsFile:
    """A file of ImageNet weights.

    Attributes:
        backbone: Whose.
        input_size: Size of the photos in pixels that it was trained with.
        top: Whether the layers that name the 1000 classes of ImageNet are in it; training needs a file without them.
        remote: Where Keras publishes it. Its exact size isn't published.
        bytes: About how large it is: its header, below 2 %, isn't counted.
    """

    backbone: Backbone
    input_size: int
    top: bool
    remote: RemoteFile
    bytes: int

    @property
    def name(self) -> str:
        """Name of the file, here and in Keras's own cache."""
        return self.remote.name

    @property
    def title(self) -> str:
        """As people say it."""
        return f"{self.backbone.title}, with its 1000 ImageNet classes" if self.top else self.backbone.title


def file_without_top(backbone: Backbone, input_size: int = 0) -> WeightsFile:
    """The file that training starts from; for photos of ``input_size`` pixels, or of the backbone's own size if 0."""
    size = backbone.imagenet_size(input_size or backbone.input_size)
    return WeightsFile(
        backbone,
        size,
        top=False,
        remote=_remote(backbone, backbone.imagenet_file(size), backbone.weights_hash),
        bytes=backbone.weights_bytes,
    )


def file_with_top(backbone: Backbone) -> WeightsFile:
    """The file that the check-up needs.

    Raises:
        TLStudioError: If the backbone never learnt the classes of ImageNet.
    """
    require_imagenet(backbone)
    name = re.sub(r"_no_?top(_v2)?", "", backbone.imagenet_file(backbone.input_size))
    classifier = _CLASSIFIERS.get(backbone.name, (backbone.features + 1) * _IMAGENET_CLASSES)
    return WeightsFile(
        backbone,
        backbone.input_size,
        top=True,
        remote=_remote(backbone, name, _TOP_HASHES.get(backbone.name, "")),
        bytes=backbone.weights_bytes + 4 * classifier,
    )


def weights_file(name: str, *, top: bool, input_size: int = 0) -> WeightsFile:
    """The file of the backbone of this name.

    Raises:
        TLStudioError: If there is none.
    """
    backbone = get_backbone(name)
    require_imagenet(backbone)
    return file_with_top(backbone) if top else file_without_top(backbone, input_size)


def published_files() -> tuple[WeightsFile, ...]:
    """Both files of every backbone that Keras has ImageNet weights of, for photos of the usual size."""
    known = [backbone for backbone in BACKBONES if backbone.pretrained == "imagenet"]
    return tuple(file for backbone in known for file in (file_without_top(backbone), file_with_top(backbone)))


def require_imagenet(backbone: Backbone) -> None:
    """Make sure that there are ImageNet weights of a backbone.

    Raises:
        TLStudioError: If there are none.
    """
    if backbone.pretrained != "imagenet":
        raise TLStudioError(
            f"There are no ImageNet weights of the {backbone.name} network: it learnt from other photos.",
            "“tlstudio weights list” names the networks that have some.",
        )


def _remote(backbone: Backbone, name: str, digest: str) -> RemoteFile:
    folder = _FOLDERS[max((key for key in _FOLDERS if backbone.name.startswith(key)), key=len)]
    # On the server, NASNet alone has other names than on the computers of its users.
    served = name.replace("nasnet", "NASNet").replace("_", "-") if backbone.name.startswith("nasnet") else name
    kind = "md5" if len(digest) == _MD5_DIGITS else "sha256"
    return RemoteFile(name, (f"{_BUCKET}/{folder}/{served}",), 0, f"{kind}:{digest}" if digest else "")
