"""Options of how photos are shared out, the same for every command that shares them out."""

from argparse import ArgumentParser, Namespace
from dataclasses import replace
from typing import Final, get_args

from tlstudio.cli.numbers import at_least
from tlstudio.datasets.splits.split import Method, SplitConfig

SPLIT_OPTIONS: Final = ("split", "split_method", "group_by", "seed")
"""Their names in what was parsed."""


def add_split_options(parser: ArgumentParser) -> None:
    """Let a command say how photos are shared out."""
    parser.add_argument("--split", metavar="A/B/C", help="shares to learn, check and judge on (default 70/15/15)")
    parser.add_argument(
        "--split-method",
        choices=get_args(Method),
        help="stratified: each class alike (default); plain: all photos at once; nested: first the photos to check on, "
        "then the exam from what is left",
    )
    parser.add_argument(
        "--group-by",
        metavar="GROUP",
        help="photos that stay in one part: none (default), folder, day, or column:NAME of the table of labels",
    )
    parser.add_argument(
        "--seed", type=at_least(0), metavar="N", help="same seed, same split, same training (default 0)"
    )


def split_config(options: Namespace, usual: SplitConfig | None = None) -> SplitConfig:
    """How the options share photos out.

    Args:
        options: What was parsed.
        usual: What holds where they say nothing; as a training shares photos out unless told otherwise if None.

    Raises:
        TLStudioError: If the shares or the group aren't understood.
    """
    split = usual or SplitConfig()
    if options.split is not None:
        shares = SplitConfig.parse(options.split)
        split = replace(split, train=shares.train, validation=shares.validation, test=shares.test)
    if options.split_method is not None:
        split = replace(split, method=options.split_method)
    if options.seed is not None:
        split = replace(split, seed=options.seed)
    return split if options.group_by is None else split.grouped_by(options.group_by)
