"""``tlstudio explain RUN PHOTO... --out DIR``: what a model looked at, as pictures."""

import argparse
from argparse import Namespace
from pathlib import Path

from tlstudio.cli.console import Console
from tlstudio.errors import TLStudioError
from tlstudio.events import CancelToken
from tlstudio.prediction.explanation.heat_map import DEFAULT_STRENGTH, Method, Wish
from tlstudio.runs import store
from tlstudio.runs.store import StoredRun
from tlstudio.workflows.explain_files import explain, explain_json

_SHOWN_NEIGHBOURS = 3
_METHODS: dict[str, Method] = {"grad-cam": "grad_cam", "occlusion": "occlusion"}


def explain_options(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument("run", type=Path, metavar="RUN", help="folder that “train --out” wrote")
    parser.add_argument("inputs", type=Path, nargs="+", metavar="PHOTO", help="photos, or folders of photos")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder for the pictures")
    parser.add_argument(
        "--class", dest="class_name", metavar="NAME", help="what speaks for this class; else the answer"
    )
    parser.add_argument(
        "--method", choices=tuple(_METHODS), help="default: grad-cam where the network has feature maps"
    )
    parser.add_argument("--layer", default="", metavar="NAME", help="where Grad-CAM looks; else the last feature map")
    parser.add_argument(
        "--strength", type=float, default=DEFAULT_STRENGTH, metavar="0..1", help="of the colours over the photo"
    )


def run_explain(options: Namespace, console: Console, token: CancelToken) -> None:
    """Write the pictures and say what the photos are like.

    Raises:
        TLStudioError: If the class is unknown, the strength is none, and as ``explain``.
    """
    if not 0 <= options.strength <= 1:
        raise TLStudioError(f"A strength of {options.strength} is not possible.", "Give a number from 0 to 1.")
    stored = store.load(options.run)
    method = _METHODS[options.method] if options.method else "grad_cam" if options.layer else None
    wish = Wish(_class_index(stored, options.class_name), method, options.layer)
    explained, unreadable = explain(
        stored, options.inputs, options.out, wish, options.strength, emit=console.emit, token=token
    )
    for entry in explained:
        console.say(f"{entry.photo}: {entry.answer} {entry.score:.0%}. {entry.picture}")
        near = [f"{each.path} ({each.likeness:.2f})" for each in entry.neighbours[:_SHOWN_NEIGHBOURS]]
        if near:
            console.say(f"  It learnt this from {', '.join(near)}")
    for path, reason in unreadable:
        console.say(f"{path}: {reason}")
    console.finish(explain_json(stored, explained, unreadable))


def _class_index(stored: StoredRun, name: str | None) -> int:
    """Number of a class; -1 for none."""
    classes = stored.run.classes
    if name is None:
        return -1
    if name not in classes:
        raise TLStudioError(f"The run doesn't know {name}.", f"Its classes are {', '.join(classes[:12])}.")
    return classes.index(name)
