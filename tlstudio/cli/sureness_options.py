"""How sure answers have to be, on the command line: a plain threshold, or a promise."""

import argparse
from argparse import Namespace

from tlstudio.cli.console import Console
from tlstudio.evaluation.promise import Promise, basis_sentence, promise_sentence
from tlstudio.prediction.batch import DEFAULT_TOP
from tlstudio.workflows.keep_promise import Wish


def _share(text: str) -> float:
    """A share as "2%" or "0.02", from 0 to below 1."""
    number, whole = (text[:-1], 100) if text.endswith("%") else (text, 1)
    try:
        value = float(number) / whole
    except ValueError:
        value = -1
    if not 0 <= value < 1:
        raise argparse.ArgumentTypeError(f"{text} is no share of what is filed; 2% or 0.02 is one")
    return value


def add_sureness_options(parser: argparse.ArgumentParser) -> None:
    """Options for what counts as sure."""
    sure = parser.add_mutually_exclusive_group()
    sure.add_argument(
        "--threshold",
        type=float,
        metavar="P",
        help="below this score it is unsure (default: what was kept with the run, else 0.5)",
    )
    sure.add_argument(
        "--promise",
        type=_share,
        metavar="P%",
        help="of the sure answers at most so many are wrong, with a certainty of 95 percent: the score is found from "
        "photos that were not learnt from; classes with a threshold of their own go by that",
    )
    parser.add_argument(
        "--novelty",
        dest="hold_back",
        action=argparse.BooleanOptionalAction,
        help="photos that are unlike everything learnt are unsure at any score (default: what was kept with the run, "
        "else they are)",
    )


def sureness_asked(options: Namespace) -> Wish:
    """What the options ask for."""
    top = DEFAULT_TOP if options.top is None else options.top
    return Wish(options.threshold, options.promise, options.hold_back, top)


def say_promise(console: Console, given: Promise | None) -> None:
    """Say what is promised, if anything is."""
    if given is not None:
        console.say(f"{promise_sentence(given)} {basis_sentence(given)}")
