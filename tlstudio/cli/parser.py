"""The commands and their options. A new command is one entry in ``COMMANDS`` and one function in ``commands``."""

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from tlstudio import __version__
from tlstudio.datasets.reading.name_patterns import FILE_NAME_PATTERNS
from tlstudio.datasets.splits.split import Method
from tlstudio.modeling.head_text import HEAD_GRAMMAR

Parser = argparse.ArgumentParser
LISTS = ("backbones", "architectures", "augmentations", "samples")


@dataclass(frozen=True, slots=True)
class Command:
    """One word of the command line.

    Attributes:
        name: The word.
        summary: One line for ``--help``.
        options: Adds its options to its parser.
    """

    name: str
    summary: str
    options: Callable[[Parser], None]


def _at_least(least: int) -> Callable[[str], int]:
    """The type of an option that is a whole number of at least so much."""

    def number(text: str) -> int:
        value = int(text)
        if value < least:
            raise argparse.ArgumentTypeError(f"{value} is less than {least}")
        return value

    return number


def _labels(parser: Parser) -> None:
    parser.add_argument(
        "--labels",
        default="folder",
        metavar="RULE",
        help="where labels come from: folder (default: the folder at the top, or in those called train, val, test); "
        "folder:N (the Nth folder of the path, nothing taken for parts); "
        f"pattern:NAME of the file name ({', '.join(entry.name for entry in FILE_NAME_PATTERNS)}); "
        "piece:N:SEPARATOR (the Nth piece of the file name, -1 the last); filename:REGEX (the group “label”, else the "
        "first group, else all that is found); csv:FILE or csv:FILE?file=COLUMN&class=COLUMN (a table)",
    )
    parser.add_argument(
        "--no-parts", dest="parts", action="store_false", help="do not take folders called train, val or test for parts"
    )
    parser.add_argument("--hidden", action="store_true", help="read hidden folders, too")


def _demo(parser: Parser) -> None:
    parser.add_argument("--headless", action="store_true", help="do not open the window")
    parser.add_argument("--out", type=Path, metavar="DIR", help="where to put the run and its results")


def _scan(parser: Parser) -> None:
    parser.add_argument("folder", type=Path, help="a folder of photos, or a zip or tar archive of one")
    parser.add_argument(
        "--closer", action="store_true", help="find copies that are cut or turned, too: a network compares the photos"
    )
    _labels(parser)


def _train(parser: Parser) -> None:
    parser.add_argument("folder", type=Path, help="a folder of photos, or a zip or tar archive of one")
    parser.add_argument("--out", type=Path, required=True, metavar="RUN", help="folder to make for the run")
    network = parser.add_mutually_exclusive_group()
    network.add_argument("--backbone", metavar="NAME", help="see “tlstudio list backbones” and “… architectures”")
    network.add_argument("--architecture", metavar="NAME", help="a network that learns from your photos alone")
    network.add_argument("--layers", type=Path, metavar="FILE", help="your own network, as a file of layers")
    parser.add_argument("--weights", metavar="bundled|imagenet|none|FILE", help="what the backbone starts from")
    parser.add_argument("--cut-layer", metavar="NAME", help="layer of the backbone that the head reads")
    parser.add_argument("--head", metavar="LAYERS", help=f"the last layers: {HEAD_GRAMMAR}")
    parser.add_argument("--input-size", type=_at_least(1), metavar="N", help="width and height of the network's input")
    parser.add_argument("--head-epochs", type=_at_least(1), metavar="N", help="the most epochs for the last layers")
    parser.add_argument("--fine-tune-epochs", type=_at_least(0), metavar="N", help="epochs of fine-tuning afterwards")
    parser.add_argument("--unfreeze-from", default="", metavar="LAYER", help="first layer that is fine-tuned")
    parser.add_argument(
        "--augment", metavar="PRESET|none", help="learn from varied copies, too: see “tlstudio list augmentations”"
    )
    parser.add_argument("--split", default="70/15/15", metavar="A/B/C", help="shares to learn, check and judge on")
    parser.add_argument(
        "--split-method",
        choices=get_args(Method),
        default="stratified",
        help="stratified: each class alike (default); plain: all photos at once; nested: first the photos to check on, "
        "then the exam from what is left",
    )
    parser.add_argument(
        "--group-by",
        default="none",
        metavar="GROUP",
        help="photos that stay in one part: none (default), folder, day, or column:NAME of the table of labels",
    )
    parser.add_argument(
        "--seed", type=_at_least(0), default=0, metavar="N", help="same seed, same split, same training"
    )
    parser.add_argument("--reproducible", action="store_true", help="one thread: same seed, same run, bit for bit")
    _labels(parser)


def _evaluate(parser: Parser) -> None:
    parser.add_argument("run", type=Path)
    parser.add_argument("folder", type=Path, nargs="?", help="another labelled folder; else the run's test part")
    _labels(parser)


def _predict(parser: Parser) -> None:
    parser.add_argument("run", type=Path)
    parser.add_argument("inputs", type=Path, nargs="+", metavar="FOLDER|FILE")
    parser.add_argument("--csv", type=Path, metavar="FILE", help="write the answers as a table")
    parser.add_argument("--top", type=_at_least(1), metavar="K", help="classes named per photo (default 5)")
    parser.add_argument("--threshold", type=float, metavar="P", help="below this score it is unsure (default 0.5)")


def _download(parser: Parser) -> None:
    parser.add_argument("sample", metavar="NAME", help="see “tlstudio list samples”")
    parser.add_argument("--delete", action="store_true", help="delete what was downloaded before")


def _list(parser: Parser) -> None:
    parser.add_argument("what", choices=LISTS)


COMMANDS: tuple[Command, ...] = (
    Command("demo", "train, judge and classify the bundled sample", _demo),
    Command("scan", "say what is in a folder of photos", _scan),
    Command("train", "train a classifier on a folder of photos", _train),
    Command("evaluate", "judge a run on photos it never learnt from", _evaluate),
    Command("predict", "classify folders and files", _predict),
    Command("download", "fetch a well-known data set to try the program with", _download),
    Command("list", "name what there is to choose from", _list),
)


def build_parser() -> Parser:
    """The parser of the whole command line."""
    parser = Parser(
        prog="tlstudio",
        description="Train image classifiers on your own photo folders, judge them honestly, put them to work. "
        "Without a command, or with a folder alone, the window opens.",
    )
    parser.add_argument("--version", action="version", version=f"TL Studio {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for command in COMMANDS:
        sub = commands.add_parser(command.name, help=command.summary, description=command.summary)
        command.options(sub)
        sub.add_argument("--json", metavar="FILE", help="write the result for other programs (- for standard output)")
    return parser
