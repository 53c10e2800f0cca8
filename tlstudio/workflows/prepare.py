"""Use case: make ahead of need what a training or a run will want first."""

from collections.abc import Sequence
from pathlib import Path

from tlstudio.events import CancelToken, Emit
from tlstudio.modeling import weights
from tlstudio.modeling.backbones import find_backbone
from tlstudio.modeling.engine import EngineStore
from tlstudio.modeling.part import PHOTO, POOLING, Part
from tlstudio.modeling.spec import ModelSpec
from tlstudio.prediction.predictor import parts_of
from tlstudio.runs.store import StoredRun


def prepare_training(spec: ModelSpec, photos: Sequence[Path], *, emit: Emit, token: CancelToken) -> None:
    """Make the engine that the head phase will read photos with. Downloads nothing.

    Raises:
        TLStudioError: If the network can't be built.
        Cancelled: If a stop was asked for.
    """
    if not needs_engine(spec):
        return
    weights_file = weights.resolve(spec, emit=emit, token=token)
    part = Part(spec, PHOTO, POOLING, weights_file, weights.digest(weights_file))
    EngineStore().get(part, photos, emit=emit, token=token)


def needs_engine(spec: ModelSpec) -> bool:
    """Whether a frozen backbone, with weights that are at hand, reads the photos."""
    backbone = find_backbone(spec.backbone)
    if backbone is None or spec.weights == "none":
        return False
    return spec.weights != backbone.pretrained or weights.at_hand(backbone, spec.input_size)


def prepare_run(stored: StoredRun, photos: Sequence[Path], *, emit: Emit, token: CancelToken) -> None:
    """Make the engines that a run answers with.

    Raises:
        TLStudioError: If the network of the run can't be built.
        Cancelled: If a stop was asked for.
    """
    store = EngineStore()
    for part in parts_of(stored):
        store.get(part, photos, emit=emit, token=token)
