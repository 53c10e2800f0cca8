"""“tlstudio list layers”: the names that ``--cut-layer`` and ``--unfreeze-from`` take."""

import argparse
from argparse import Namespace
from pathlib import Path
from typing import Any

from tlstudio.errors import TLStudioError
from tlstudio.modeling.architectures import get_architecture, require_possible_layers, table_of
from tlstudio.modeling.layer_file import read_layers
from tlstudio.modeling.spec import ModelSpec
from tlstudio.training.recipes import own_spec, spec_for
from tlstudio.workflows.list_layers import list_layers

LAYERS = "layers"
"""What is listed with these options, and only with them."""


def layer_list_options(parser: argparse.ArgumentParser) -> None:
    """Options that say whose layers are listed."""
    group = parser.add_argument_group("of “layers”: whose, and for which photos")
    network = group.add_mutually_exclusive_group()
    network.add_argument("--backbone", metavar="NAME", help="see “tlstudio list backbones”")
    network.add_argument("--architecture", metavar="NAME", help="see “tlstudio list architectures”")
    network.add_argument("--layers", type=Path, metavar="FILE", help="your own network, as a file of layers")
    group.add_argument("--input-size", type=_size, metavar="N", help="width and height of the network's input")


def _size(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"{value} is less than 1")
    return value


def listed_layers(options: Namespace) -> list[dict[str, Any]]:
    """The layers that the options ask for.

    Raises:
        TLStudioError: If they name no network, or one that can't be built.
    """
    spec = _spec(options)
    table = table_of(spec)
    if table is not None:
        require_possible_layers(table)
    return list_layers(spec)


def refuse_layer_options(options: Namespace) -> None:
    """Refuse options that only the list of layers has.

    Raises:
        TLStudioError: If there is one.
    """
    names = ("backbone", "architecture", "layers", "input_size")
    given = [name for name in names if getattr(options, name) is not None]
    if given:
        option = given[0].replace("_", "-")
        raise TLStudioError(
            f"--{option} is for “tlstudio list layers”, not for “tlstudio list {options.what}”.", "Leave it out."
        )


def _spec(options: Namespace) -> ModelSpec:
    size = options.input_size or 0
    if options.layers is not None:
        return own_spec(read_layers(options.layers), size)
    if options.architecture is not None:
        return spec_for(get_architecture(options.architecture).name, input_size=size)
    if options.backbone is None:
        raise TLStudioError(
            "Nothing says whose layers to list.", "Name a network: “tlstudio list layers --backbone mobilenet_v2_1.0”."
        )
    return spec_for(options.backbone, input_size=size)
