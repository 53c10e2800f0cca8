"""Use case: find out, once, how quick a backbone is on this computer."""

import tempfile
from dataclasses import replace
from pathlib import Path

from tlstudio.events import CancelToken, Emit
from tlstudio.modeling import weights
from tlstudio.modeling.backbones import BACKBONES, get_backbone
from tlstudio.modeling.engine import EngineStore
from tlstudio.modeling.part import PHOTO, POOLING, Part
from tlstudio.modeling.spec import ModelSpec
from tlstudio.modeling.speeds import SpeedStore, measure
from tlstudio.training.recipes import spec_for
from tlstudio.workflows.prepare import needs_engine


def measure_speed(spec: ModelSpec, *, emit: Emit, token: CancelToken) -> float:
    """Photos a second that the engine of a backbone computes here, up to its default cut. Downloads nothing.

    Where the weights are at hand, the engine that a training will want is made and measured. Else one with random
    weights is, which is as quick, and it is thrown away afterwards.

    Raises:
        TLStudioError: If the network is no backbone or can't be built.
        Cancelled: If a stop was asked for.
    """
    usual = replace(spec, cut_layer=get_backbone(spec.backbone).cut_layer or None)
    if needs_engine(usual):
        weights_file = weights.resolve(usual, emit=emit, token=token)
        part = Part(usual, PHOTO, POOLING, weights_file, weights.digest(weights_file))
        found = measure(EngineStore().get(part, emit=emit, token=token), spec.input_size, token=token)
    else:
        part = Part(replace(usual, weights="none"), PHOTO, POOLING, "", "")
        # Windows removes no file that an engine still reads; the system clears its folder for such in time.
        with tempfile.TemporaryDirectory(prefix="tlstudio-speed-", ignore_cleanup_errors=True) as folder:
            found = measure(EngineStore(Path(folder)).get(part, emit=emit, token=token), spec.input_size, token=token)
    SpeedStore().keep(spec.backbone, spec.input_size, found)
    return found


def unmeasured(chosen: ModelSpec) -> list[ModelSpec]:
    """What is worth measuring: the chosen backbone, then those whose weights are at hand, where nobody knows yet."""
    store = SpeedStore()
    ready = [spec_for(entry.name) for entry in BACKBONES if weights.at_hand(entry, entry.input_size)]
    wanted = [chosen, *ready] if any(entry.name == chosen.backbone for entry in BACKBONES) else ready
    return [spec for spec in wanted if not store.has(spec.backbone, spec.input_size)]
