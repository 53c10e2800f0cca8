"""Sentences on presets: what they set, in the words of the window."""

from collections.abc import Iterator
from typing import Final

from tlstudio.datasets.splits.split import SplitConfig
from tlstudio.modeling.architectures import title_of
from tlstudio.modeling.head_text import written_head
from tlstudio.modeling.spec import ModelSpec, Preprocessing
from tlstudio.presets.preset import MadeFor, Setup
from tlstudio.training.config import Metric, OptimizerName, Phase, PhaseName, Stop
from tlstudio.ui.words.shares import hundredths
from tlstudio.wording import counted

COLLECTIONS: Final[dict[str, str]] = {
    "": "Your own",
    "000": "000: animals",
    "001": "001: five small sets",
    "002": "002: cats and dogs",
    "003": "003: ten animals",
    "004": "004: digits, small photos",
}
"""What each collection of presets is called, in the order of the list."""

_PHASES: Final[dict[PhaseName, str]] = {"head": "Last layers", "fine_tune": "Refining", "scratch": "All layers"}
_OPTIMIZERS: Final[dict[OptimizerName, str]] = {
    "adam": "Adam",
    "adamw": "AdamW",
    "rmsprop": "RMSprop",
    "sgd": "SGD",
}
_PIXELS: Final[dict[Preprocessing, str]] = {
    "": "",
    "raw": "pixels as they are, 0 to 255",
    "unit": "pixels from 0 to 1",
    "symmetric": "pixels from -1 to 1",
    "caffe": "mean colour taken away",
}
_METRICS: Final[dict[Metric, str]] = {
    "loss": "the error while learning",
    "accuracy": "the accuracy while learning",
    "val_loss": "the validation error",
    "val_accuracy": "the validation accuracy",
}


def network_words(spec: ModelSpec) -> str:
    """The network, its input, cut and last layers."""
    start = {"none": "without knowledge", "imagenet": "with ImageNet weights", "bundled": "with its own weights"}
    parts = [
        title_of(spec.backbone),
        start.get(spec.weights, "with weights from a file"),
        f"{spec.input_size} × {spec.input_size} pixels",
        _PIXELS[spec.preprocessing],
        f"cut at {spec.cut_layer}" if spec.cut_layer else "",
    ]
    return f"{', '.join(part for part in parts if part)}. Last layers: {written_head(spec.head)}."


def phase_words(phase: Phase) -> str:
    """One phase, with all that is not usual."""
    return f"{_PHASES[phase.name]}: {', '.join(_phase_facts(phase))}."


def _phase_facts(phase: Phase) -> Iterator[str]:
    yield counted(phase.epochs, "round")
    if phase.steps_per_epoch:
        yield f"{phase.steps_per_epoch} steps each"
    yield f"{_optimizer(phase)} at {phase.learning_rate:g}"
    yield f"{counted(phase.batch_size, 'photo')} a step"
    if phase.name == "fine_tune":
        yield f"from {phase.unfreeze_from} on" if phase.unfreeze_from else "the whole network"
    if phase.schedule.kind == "step":
        yield f"the rate times {phase.schedule.factor:g} every {phase.schedule.every} rounds"
    elif phase.schedule.kind != "constant":
        yield f"the rate by “{phase.schedule.kind}”"
    if phase.class_weights != "none":
        yield "rare classes count more" if isinstance(phase.class_weights, str) else "classes weighted by hand"
    if phase.label_smoothing:
        yield f"labels smoothed by {phase.label_smoothing:g}"
    if phase.data == "live":
        yield "photos varied anew in each round"
    yield from map(_stop, phase.stops)
    yield "the last round is kept" if phase.keep == "last" else "the best round is kept"
    if phase.checkpoint == "every":
        yield "weights of every round kept"


def _optimizer(phase: Phase) -> str:
    optimizer = phase.optimizer
    words = _OPTIMIZERS[optimizer.name]
    if optimizer.momentum:
        words += f" with momentum {optimizer.momentum:g}"
    return f"{words}, Nesterov," if optimizer.nesterov else words


def _stop(stop: Stop) -> str:
    figure = _METRICS[stop.metric]
    if stop.at_least is not None:
        return f"ends as soon as {figure} is {stop.at_least:g}"
    if stop.at_most is not None:
        return f"ends as soon as {figure} is {stop.at_most:g}"
    return f"ends when {figure} gets no better for {counted(stop.patience, 'round')}" if stop.patience else "to the end"


def split_words(split: SplitConfig) -> str:
    """How the photos are shared out."""
    train, validation, test = map(hundredths, split.shares)
    how = {
        "stratified": "each class alike",
        "plain": "whatever their class",
        "nested": "each class, one after the other",
    }
    exam = f", {test} % for the final exam" if split.test else ", none for the final exam"
    return f"{train} % to learn from, {validation} % to check on{exam}; {how[split.method]}, seed {split.seed}."


def made_for_words(data: MadeFor) -> str:
    """The photos that a preset was made for; "" if nobody says."""
    if not data.name:
        return ""
    amounts = [counted(data.photos, "photo")] if data.photos else []
    amounts += [f"{data.classes} classes"] if data.classes else []
    words = f"{data.name}: {' in '.join(amounts)}." if amounts else f"{data.name}."
    if data.exact_size:
        width, height = data.exact_size
        words += f" Photos that are not {width} × {height} pixels are left out there."
    return words


def changes_words(setup: Setup, *, shares: bool, locked: bool) -> str:
    """What follows from using a preset.

    Args:
        setup: What it sets.
        shares: Whether there are photos that are shared out.
        locked: Whether they stay in their parts, since they were trained on there.
    """
    words = "Network and training are those of the preset."
    if shares and locked:
        words = f"{words} The shares of your photos are locked and stay."
    elif shares:
        words = f"{words} Your photos are shared out as there."
    if setup.labels.startswith("pattern:"):
        words = f"{words} Its photos have their class in the file name; yours are read as before."
    return words
