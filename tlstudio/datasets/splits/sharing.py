"""Sharing out photos so that those which look alike stay on one side: what every training and every view does."""

from tlstudio.datasets.dataset import Dataset
from tlstudio.datasets.looks.duplicates import Duplicates, find_duplicates, together
from tlstudio.datasets.splits.split import Split, SplitConfig, split


def share_out(dataset: Dataset, config: SplitConfig, duplicates: Duplicates | None = None) -> Split:
    """Train, validation and test for a data set.

    Args:
        dataset: Its ``samples`` are shared out.
        config: How.
        duplicates: What ``find_duplicates`` says of the data set, if that is known already.
    """
    if not config.keep_together:
        return split(dataset, config)
    return split(dataset, config, together(duplicates or find_duplicates(dataset)))
