"""Which stretch of which network: the identity under which engines and features are kept."""

import hashlib
from dataclasses import dataclass

import msgspec

from tlstudio.modeling.layer_table import Dropout
from tlstudio.modeling.spec import FOREIGN, HeadSpec, ModelSpec

PHOTO = "photo"  # the input layer: uint8 RGB, shape (N, S, S, 3)
POOLING = "pooling"  # the layer that turns the feature map at the cut into a vector
SCORES = "scores"  # the answer: one score a class, shape (N, classes)
IMAGENET = "imagenet"  # the answer that a ready-made backbone came with: one score for each of 1000 classes, (N, 1000)


@dataclass(frozen=True, slots=True)
class TrainedTail:
    """Weights that a training produced for everything after one layer.

    Attributes:
        start: Layer that the trained part begins after.
        weights: Path of its weights file.
        digest: SHA-256 of that file.
        n_classes: Outputs of the softmax.
    """

    start: str
    weights: str
    digest: str
    n_classes: int


@dataclass(frozen=True, slots=True)
class Part:
    """A network from the output of one layer to the output of another.

    Attributes:
        spec: The network.
        start: Layer whose output goes in; ``PHOTO`` for photos.
        stop: Layer whose output comes out; ``SCORES`` for the answer.
        backbone_weights: Path of the weights of the backbone; "" for random ones.
        backbone_digest: SHA-256 of that file; "" for none.
        tail: Trained weights that replace the last stretch, or None.
    """

    spec: ModelSpec
    start: str
    stop: str
    backbone_weights: str
    backbone_digest: str
    tail: TrainedTail | None = None

    @property
    def ready_engine(self) -> str:
        """Path of the engine of a network that another program made; "" for those whose engine is made here."""
        whole = (self.start, self.stop) == (PHOTO, SCORES)
        return self.backbone_weights if self.spec.backbone == FOREIGN and whole else ""

    def key(self) -> str:
        """Equal for two parts exactly if they compute the same; independent of where files lie."""
        spec = self.spec
        identity: dict[str, object] = {
            "backbone": spec.backbone,
            "weights": self.backbone_digest,
            "input_size": spec.input_size,
            "start": self.start,
            "stop": self.stop,
            "cut_layer": spec.cut_layer if self.stop in (POOLING, SCORES) else None,
            "pooling": spec.head.pooling if self.stop in (POOLING, SCORES) else None,
            "activation": None,  # what features and engines of earlier versions have here
            "tail": self.tail.digest if self.tail else None,
        }
        if spec.layers is not None:
            identity["layers"] = spec.layers
        if spec.preprocessing and self.start == PHOTO:
            identity["preprocessing"] = spec.preprocessing
        if self.stop == SCORES:
            identity["head"] = _computation(spec.head)
        return hashlib.sha256(msgspec.json.encode(identity, order="deterministic")).hexdigest()[:24]


def _computation(head: HeadSpec) -> tuple[object, ...]:
    """Of a head, what its scores depend on: nothing that only matters while learning."""
    return (*(layer for layer in head.layers if not isinstance(layer, Dropout)), head.output)
