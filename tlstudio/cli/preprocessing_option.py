"""``--preprocessing``: what the pixels become before the first layer."""

from argparse import ArgumentParser, Namespace
from dataclasses import replace
from typing import Final

from tlstudio.modeling.spec import ModelSpec, Preprocessing

_CHOICES: Final[dict[str, Preprocessing]] = {
    "usual": "",
    "raw": "raw",
    "unit": "unit",
    "symmetric": "symmetric",
    "caffe": "caffe",
}


def add_preprocessing_option(parser: ArgumentParser) -> None:
    """Add the option."""
    parser.add_argument(
        "--preprocessing",
        choices=tuple(_CHOICES),
        help="what the pixels become: usual (what the network learnt with; default), raw (0 to 255), unit (0 to 1), "
        "symmetric (-1 to 1), caffe (blue, green, red less the mean colour of ImageNet)",
    )


def preprocessed(spec: ModelSpec, options: Namespace) -> ModelSpec:
    """The network with the preprocessing that the options name."""
    return spec if options.preprocessing is None else replace(spec, preprocessing=_CHOICES[options.preprocessing])
