"""The commands and their options. A new command is one entry in ``COMMANDS`` and one function in ``commands``."""

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tlstudio import __version__
from tlstudio.cli.compare_command import compare_options
from tlstudio.cli.computing_options import add_computing_options
from tlstudio.cli.explain_command import explain_options
from tlstudio.cli.export_command import export_options
from tlstudio.cli.filing_options import undo_options
from tlstudio.cli.find_rate_command import NOWHERE
from tlstudio.cli.layer_listing import LAYERS, layer_list_options
from tlstudio.cli.numbers import at_least
from tlstudio.cli.open_model_command import open_model_options
from tlstudio.cli.predict_command import predict_options
from tlstudio.cli.preprocessing_option import add_preprocessing_option
from tlstudio.cli.preset_options import add_preset_option
from tlstudio.cli.report_options import add_report_options
from tlstudio.cli.split_options import add_split_options
from tlstudio.cli.train_on_option import add_origin_option
from tlstudio.cli.training_options import add_resume_option, add_training_options
from tlstudio.cli.weights_options import JSON_HELP, check_up_options, weights_options
from tlstudio.datasets.reading.name_patterns import FILE_NAME_PATTERNS
from tlstudio.modeling.head_text import HEAD_GRAMMAR

Parser = argparse.ArgumentParser
LISTS = ("backbones", "architectures", "presets", "augmentations", "samples", "exporters")


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
    add_split_options(parser)
    _labels(parser)


def _train(parser: Parser) -> None:
    parser.add_argument("--out", type=Path, required=True, metavar="RUN", help="folder to make for the run")
    add_resume_option(parser)
    add_origin_option(parser)
    _what_to_train(parser)


def _find_rate(parser: Parser) -> None:
    parser.add_argument(
        "--phase", type=at_least(1), default=1, metavar="N", help="phase of the training that it is for (default 1)"
    )
    parser.set_defaults(out=NOWHERE)
    _what_to_train(parser)


def _what_to_train(parser: Parser) -> None:
    parser.add_argument("folder", type=Path, help="a folder of photos, or a zip or tar archive of one")
    add_preset_option(parser)
    network = parser.add_mutually_exclusive_group()
    network.add_argument(
        "--backbone",
        metavar="NAME[,NAME]",
        help="see “tlstudio list backbones” and “… architectures”; of several, each is trained on the same shares, one "
        "after the other, into a folder of its own in RUN",
    )
    network.add_argument("--architecture", metavar="NAME", help="a network that learns from your photos alone")
    network.add_argument(
        "--like",
        "--config",
        type=Path,
        metavar="RUN|FILE",
        help="train once more as an earlier run was trained: its folder, its run.json, or a file with its “spec”, "
        "“config” and “split_config”; only what is listed under “how it learns” can be changed",
    )
    network.add_argument("--layers", type=Path, metavar="FILE", help="your own network, as a file of layers")
    parser.add_argument("--weights", metavar="bundled|imagenet|none|FILE", help="what the backbone starts from")
    parser.add_argument("--cut-layer", metavar="NAME", help="layer of the backbone that the head reads")
    parser.add_argument("--head", metavar="LAYERS", help=f"the last layers: {HEAD_GRAMMAR}")
    parser.add_argument("--input-size", type=at_least(1), metavar="N", help="width and height of the network's input")
    add_preprocessing_option(parser)
    parser.add_argument("--head-epochs", type=at_least(1), metavar="N", help="the most epochs for the last layers")
    parser.add_argument("--fine-tune-epochs", type=at_least(0), metavar="N", help="epochs of fine-tuning afterwards")
    parser.add_argument("--unfreeze-from", default="", metavar="LAYER", help="first layer that is fine-tuned")
    parser.add_argument(
        "--augment", metavar="PRESET|none", help="learn from varied copies, too: see “tlstudio list augmentations”"
    )
    add_split_options(parser)
    parser.add_argument("--reproducible", action="store_true", help="one thread: same seed, same run, bit for bit")
    add_training_options(parser)
    add_computing_options(parser)
    _labels(parser)


def _evaluate(parser: Parser) -> None:
    parser.add_argument("run", type=Path)
    parser.add_argument("folder", type=Path, nargs="?", help="another labelled folder; else the run's test part")
    parser.add_argument(
        "--folds",
        type=at_least(3),
        metavar="N",
        help="also train the last layers N times over, so that each photo of the run is judged once (cross-validation)",
    )
    add_report_options(parser)
    _labels(parser)


def _download(parser: Parser) -> None:
    parser.add_argument("sample", metavar="NAME", help="see “tlstudio list samples”")
    parser.add_argument("--delete", action="store_true", help="delete what was downloaded before")


def _list(parser: Parser) -> None:
    parser.add_argument("what", choices=(*LISTS, LAYERS))
    layer_list_options(parser)


COMMANDS: tuple[Command, ...] = (
    Command("demo", "train, judge and classify the bundled sample", _demo),
    Command("scan", "say what is in a folder of photos", _scan),
    Command("train", "train a classifier on a folder of photos", _train),
    Command("find-rate", "find a learning rate for what “train” would do; trains nothing that is kept", _find_rate),
    Command("evaluate", "judge a run on photos it never learnt from", _evaluate),
    Command("compare", "put runs side by side, and say which is truly better", compare_options),
    Command("predict", "classify folders and files", predict_options),
    Command("undo", "bring back the tree from before photos were filed", undo_options),
    Command("open-model", "make a run of a model that another program made", open_model_options),
    Command("explain", "show what a model looked at in photos, and what it learnt this from", explain_options),
    Command("export", "write a model for other programs, and check that it says the same there", export_options),
    Command("download", "fetch a well-known data set to try the program with", _download),
    Command("weights", "list, download, delete and check ready-made weights", weights_options),
    Command("check-up", "let networks that know ImageNet name your photos", check_up_options),
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
        if command.name != "weights":  # its actions have it each
            sub.add_argument("--json", metavar="FILE", help=JSON_HELP)
    return parser
