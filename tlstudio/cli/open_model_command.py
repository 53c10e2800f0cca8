"""``tlstudio open-model FILE --out RUN``: make a run of a model that another program made."""

import argparse
from argparse import Namespace
from pathlib import Path

from tlstudio.cli.console import Console
from tlstudio.errors import TLStudioError
from tlstudio.events import CancelToken
from tlstudio.foreign.opening import OpenedModel, open_foreign
from tlstudio.foreign.pixels import PIXELS, PIXELS_IN_WORDS, Pixels
from tlstudio.runs.store import require_free
from tlstudio.workflows.open_model import (
    Labels,
    contents_in_words,
    found_labels,
    keep_model,
    opened_json,
    remarks,
)
from tlstudio.workflows.scan import read_photos
from tlstudio.workflows.try_pixels import photos_to_try, trial_in_words, try_pixels


def open_model_options(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument("file", type=Path, metavar="FILE", help="a .keras file, or Teachable Machine's keras_model.h5")
    parser.add_argument("--out", type=Path, required=True, metavar="RUN", help="folder to make for the run")
    parser.add_argument(
        "--labels", type=Path, metavar="FILE", help="names of the classes, one a line (default: labels.txt beside it)"
    )
    parser.add_argument(
        "--pixels",
        choices=PIXELS,
        help="what it wants the pixels to be: "
        + "; ".join(f"{name}: {words}" for name, words in PIXELS_IN_WORDS.items())
        + " (default: what its layers prove)",
    )
    parser.add_argument(
        "--photos",
        type=Path,
        metavar="FOLDER",
        help="labelled photos to try which pixels it wants, if that isn't known",
    )


def run_open_model(options: Namespace, console: Console, token: CancelToken) -> None:
    """Check the file, find out what it wants, and keep it as a run.

    Raises:
        TLStudioError: If the file is refused, its pixels aren't known, or the run can't be saved.
    """
    require_free(options.out)
    with open_foreign(options.file, emit=console.emit, token=token) as opened:
        labels = found_labels(opened, options.labels)
        console.say(contents_in_words(opened))
        console.say(labels.note)
        pixels = _pixels(options, opened, labels, console, token)
        stored = keep_model(opened, labels.names, pixels, options.out)
        for remark in remarks(opened):
            console.say(remark)
        console.say(f"The run is in {stored.folder}.")
        console.finish(opened_json(stored, opened, pixels))


def _pixels(options: Namespace, opened: OpenedModel, labels: Labels, console: Console, token: CancelToken) -> Pixels:
    evidence = opened.contents.evidence
    if evidence.proven is not None:
        console.say(evidence.why)
        if options.pixels not in (None, evidence.proven):
            raise TLStudioError(
                f"Its layers want pixels of {PIXELS_IN_WORDS[evidence.proven]}.", "Leave --pixels out, or change it."
            )
        return evidence.proven
    if options.pixels is not None:
        if options.pixels not in evidence.candidates:
            raise TLStudioError("Nothing speaks for pixels of that kind.", f"Choose {_choices(opened)}.")
        chosen: Pixels = options.pixels
        return chosen
    if options.photos is not None:
        return _tried(options.photos, opened, labels, console, token)
    raise TLStudioError(
        f"Nothing in {opened.file.name} proves which pixels it wants. {evidence.why}".rstrip(),
        f"Add --photos FOLDER with labelled photos to try it, or --pixels {_choices(opened)}.",
    )


def _tried(folder: Path, opened: OpenedModel, labels: Labels, console: Console, token: CancelToken) -> Pixels:
    photos = photos_to_try(read_photos(folder, emit=console.emit, token=token))
    found = try_pixels(opened, labels.names, photos, emit=console.emit, token=token)
    for trial in found.trials:
        console.say(f"  {trial_in_words(trial)}")
    if found.winner is None:
        raise TLStudioError(
            "The photos don't tell which pixels it wants: two ways are nearly alike.",
            f"Try more photos of its classes, or choose with --pixels {_choices(opened)}.",
        )
    return found.winner


def _choices(opened: OpenedModel) -> str:
    return ", ".join(opened.contents.evidence.candidates)
