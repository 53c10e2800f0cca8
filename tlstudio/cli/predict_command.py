"""``tlstudio predict RUN FOLDER...``: a model put to work on photos."""

import argparse
from argparse import Namespace
from pathlib import Path

from tlstudio.cli.answer_uses import AnswerUses, add_use_options
from tlstudio.cli.console import Console
from tlstudio.cli.numbers import at_least
from tlstudio.cli.sureness_options import add_sureness_options, say_promise, sureness_asked
from tlstudio.errors import TLStudioError
from tlstudio.events import CancelToken, Emit
from tlstudio.prediction.answer_store import AnswerStore
from tlstudio.prediction.batch import PredictOptions
from tlstudio.prediction.prediction import BatchSummary
from tlstudio.runs import store
from tlstudio.runs.store import StoredRun
from tlstudio.wording import counted
from tlstudio.workflows import present
from tlstudio.workflows.keep_promise import settled
from tlstudio.workflows.predict import predict, unfinished_inputs
from tlstudio.workflows.watch_photos import watch_photos


def predict_options(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument("run", type=Path)
    inputs = parser.add_argument("inputs", type=Path, nargs="+", default=[], metavar="FOLDER|FILE")
    inputs.required = False  # --resume needs none; nargs="*" would not find those that stand behind other options
    parser.add_argument("--csv", type=Path, metavar="FILE", help="write the answers as a table")
    parser.add_argument("--top", type=at_least(1), metavar="K", help="classes named per photo (default 5)")
    add_sureness_options(parser)
    add_use_options(parser)
    parser.add_argument(
        "--resume",
        action="store_true",
        help="go on with what was interrupted; without FOLDER or FILE, with the last. Photos that have not changed are "
        "never computed twice, with or without this",
    )
    parser.add_argument(
        "--watch", action="store_true", help="then wait for new photos in the folders, and classify them, until Ctrl+C"
    )


def run_predict(options: Namespace, console: Console, token: CancelToken) -> None:
    """Classify, and say how it went.

    Raises:
        TLStudioError: If nothing is named to classify, and as ``predict``.
    """
    stored = store.load(options.run)
    if options.resume and not options.inputs:
        options.inputs = list(unfinished_inputs(stored, AnswerStore.of_run(stored)))
    if not options.inputs:
        raise TLStudioError("There is nothing to classify yet.", "Name folders or photos.")
    settings, promised = settled(stored, sureness_asked(options), emit=console.emit, token=token)
    uses = AnswerUses(options, stored, settings.top)
    with uses.following(console.emit) as emit:
        summary = _answered(stored, options, settings, emit, token)
    _say(console, summary)
    say_promise(console, promised)
    acted = uses.act(console, token)
    console.finish(present.predict_json(summary) | {"promise": present.promise_json(promised)} | acted)


def _answered(
    stored: StoredRun, options: Namespace, settings: PredictOptions, emit: Emit, token: CancelToken
) -> BatchSummary:
    answers = AnswerStore.of_run(stored)
    work = watch_photos if options.watch else predict
    return work(stored, options.inputs, settings, options.csv, answers=answers, emit=emit, token=token)


def _say(console: Console, summary: BatchSummary) -> None:
    skipped = f" + {summary.skipped:,} not reached" if summary.skipped else ""
    console.say(
        f"{summary.classified:,} sure + {summary.unsure:,} unsure + {summary.unreadable:,} unreadable{skipped} "
        f"= {summary.found:,} photos, {summary.photos_per_second:,.0f} a second."
    )
    if summary.ignored:
        console.say(f"Ignored: {counted(summary.ignored, 'other file')}, hidden or of another kind than photos.")
    if summary.unlike:
        console.say(f"{summary.unlike:,} of the unsure may be none of these classes: unlike all that it learnt from.")
    if summary.known:
        console.say(f"{summary.known:,} of them were known already.")
