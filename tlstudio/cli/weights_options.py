"""The options of the commands about ready-made weights."""

import argparse
from pathlib import Path

Parser = argparse.ArgumentParser
JSON_HELP = "write the result for other programs (- for standard output)"


def weights_options(parser: Parser) -> None:
    """``tlstudio weights list|download|delete|check|directions``."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    _action(actions, "list", "say which weights are on this computer")
    for name, summary in (
        ("download", "fetch the ImageNet weights of a network; goes on where an earlier download ended"),
        ("delete", "delete downloaded weights; they can be downloaded again"),
    ):
        action = _action(actions, name, summary)
        action.add_argument("name", metavar="NAME", help="a network, see “tlstudio list backbones”")
        _top(action)
        action.add_argument("--input-size", type=int, metavar="N", help="MobileNet and MobileNet V2 have some for each")
    check = _action(actions, "check", "look, layer by layer, whether a file of weights fits a network")
    check.add_argument("file", metavar="FILE", help="a file in Keras's layout, .weights.h5 or .h5")
    check.add_argument("--backbone", required=True, metavar="NAME", help="see “tlstudio list backbones”")
    _top(check)
    directions = _action(actions, "directions", "say how to bring weights to a machine without network")
    directions.add_argument("name", nargs="*", metavar="NAME", help="networks; all if none is named")
    directions.add_argument("--out", type=Path, metavar="FILE", help="write them into a text file")
    _top(directions)


def check_up_options(parser: Parser) -> None:
    """``tlstudio check-up IMAGE... --backbone NAME``."""
    parser.add_argument("images", type=Path, nargs="+", metavar="IMAGE", help="photos, or folders of photos")
    parser.add_argument(
        "--backbone", action="append", required=True, metavar="NAME", help="a network; may be given several times"
    )
    parser.add_argument(
        "--weights",
        action="append",
        default=[],
        metavar="FILE",
        help="its weights with the 1000 classes (“with top”), for each network in order; else Keras's are downloaded",
    )
    parser.add_argument("--photos", type=int, metavar="N", help="how many photos you have to train on, for the advice")


def _top(parser: Parser) -> None:
    parser.add_argument(
        "--top", action="store_true", help="the file with ImageNet's 1000 classes, which the check-up needs"
    )


def _action(actions: "argparse._SubParsersAction[Parser]", name: str, summary: str) -> Parser:
    action = actions.add_parser(name, help=summary, description=summary)
    # Of each action, not of the command: behind the action is where people write it.
    action.add_argument("--json", metavar="FILE", help=JSON_HELP)
    return action
