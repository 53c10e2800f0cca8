"""Options of ``train`` for what computes, and what is written beside the run."""

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from pathlib import Path

from tlstudio.modeling import backend


def add_computing_options(parser: ArgumentParser) -> None:
    """Add the options."""
    group = parser.add_argument_group("what computes")
    group.add_argument("--threads", type=_threads, default=0, metavar="N", help="compute threads (default: one a core)")
    group.add_argument("--cpu", action="store_true", help="leave graphics cards alone, even where they could compute")
    group.add_argument("--tensorboard", type=Path, metavar="DIR", help="write the curves for TensorBoard there, too")


def choose_computing(options: Namespace) -> None:
    """Have TensorFlow start as the options say."""
    backend.prefer(backend.Preference(options.threads, graphics=not options.cpu))


def _threads(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ArgumentTypeError(f"{number} is less than 1")
    return number
