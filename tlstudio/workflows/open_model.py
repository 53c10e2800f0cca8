"""Use case: make a run of a model that another program made, so that it can be put to work on photos."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from tlstudio import __version__
from tlstudio.datasets.splits.split import Split, SplitConfig
from tlstudio.digests import digest_of
from tlstudio.errors import TLStudioError
from tlstudio.foreign.labels import labels_beside, numbered_labels, read_labels, require_fitting_labels
from tlstudio.foreign.opening import OpenedModel
from tlstudio.foreign.pixels import Pixels
from tlstudio.modeling.part import PHOTO
from tlstudio.modeling.spec import BARE_HEAD, FOREIGN, ModelSpec
from tlstudio.runs import store
from tlstudio.runs.run import SCHEMA, Run
from tlstudio.runs.store import ENGINE_FILE, StoredRun
from tlstudio.training.config import Phase, TrainConfig
from tlstudio.training.history import History


@dataclass(frozen=True, slots=True)
class Labels:
    """Names for the classes of a model.

    Attributes:
        names: One for each class.
        note: Where they come from, in a sentence.
        found: Whether they are the names that its makers gave.
    """

    names: tuple[str, ...]
    note: str
    found: bool


def found_labels(opened: OpenedModel, file: Path | None = None) -> Labels:
    """Names for the classes: of a file, of one that lies beside the model, or numbers.

    Args:
        opened: The model.
        file: Names, one a line; None to look beside the model.

    Raises:
        TLStudioError: If the file that is named can't be read, or doesn't fit.
    """
    classes = opened.contents.classes
    if file is not None:
        return Labels(require_fitting_labels(read_labels(file), classes), f"The names are those of {file.name}.", True)
    beside = labels_beside(opened.file)
    if beside is None:
        return Labels(numbered_labels(classes), "There are no names beside it, so its classes are numbered.", False)
    try:
        names = require_fitting_labels(read_labels(beside), classes)
    except TLStudioError as error:
        return Labels(numbered_labels(classes), f"{beside.name} beside it isn't used: {error.message}", False)
    return Labels(names, f"The names are those of {beside.name} beside it.", True)


def contents_in_words(opened: OpenedModel) -> str:
    """What is in a model: "A Keras model for colour photos of 224 × 224 pixels and 5 classes."."""
    inside = opened.contents
    colour = "grey" if inside.channels == 1 else "colour"
    size = f"{inside.width:,} × {inside.height:,}"
    return f"A {inside.kind} model for {colour} photos of {size} pixels and {inside.classes:,} classes."


def remarks(opened: OpenedModel) -> tuple[str, ...]:
    """What to know of its answers here."""
    found = []
    if opened.contents.output == "logits":
        found.append("It answers with plain numbers; the usual softmax makes scores of them.")
    if opened.contents.kind == "Teachable Machine":
        found.append("Teachable Machine looks at the middle of a photo; here the whole photo is brought to a square.")
    found.append("Its scores aren't calibrated, and nobody has measured here how good it is.")
    return tuple(found)


def keep_model(opened: OpenedModel, names: Sequence[str], pixels: Pixels, out: Path) -> StoredRun:
    """Make a run of a model.

    Args:
        opened: The model.
        names: Of its classes.
        pixels: What it wants the pixels to be.
        out: Folder of the new run.

    Raises:
        TLStudioError: If the names don't fit, or the run can't be saved there.
    """
    classes = require_fitting_labels(tuple(names), opened.contents.classes)
    engine = opened.engine(pixels)
    digest = digest_of(engine)
    spec = ModelSpec(FOREIGN, str(opened.file), opened.contents.side, head=BARE_HEAD, preprocessing=pixels)
    with store.new_run(out) as scratch:
        shutil.copyfile(engine, scratch / ENGINE_FILE)
        store.write(scratch, _run(out.name, classes, spec, digest), None, "")
    return store.load(out)


def _run(name: str, classes: tuple[str, ...], spec: ModelSpec, digest: str) -> Run:
    """A run of which nothing but the network is known."""
    return Run(
        schema=SCHEMA,
        name=name,
        created=datetime.now().astimezone().isoformat(timespec="seconds"),
        status="complete",
        root="",
        classes=classes,
        samples=(),
        split=Split((), (), ()),
        split_config=SplitConfig(),
        rejected=(),
        spec=spec,
        trained_from=PHOTO,
        weights_digest=digest,
        config=TrainConfig((Phase("scratch", epochs=1, learning_rate=1e-3),)),  # a run needs one; nobody reads it
        history=History(),
        validation=None,
        test=None,
        seconds={},
        versions={"tlstudio": __version__},
    )


def opened_json(stored: StoredRun, opened: OpenedModel, pixels: Pixels) -> dict[str, Any]:
    """What ``open-model --json`` writes."""
    inside = opened.contents
    return {
        "run": str(stored.folder),
        "file": str(opened.file),
        "kind": inside.kind,
        "classes": list(stored.run.classes),
        "input": [inside.height, inside.width, inside.channels],
        "output": inside.output,
        "pixels": pixels,
        "pixels_proven": inside.evidence.proven is not None,
    }
