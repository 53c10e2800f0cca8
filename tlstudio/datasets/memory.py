"""What is remembered of files between two readings of a folder, so that only new and changed ones are looked into."""

from typing import Protocol

from tlstudio.datasets.dataset import Dataset
from tlstudio.datasets.images import Probe, UnreadableImageError
from tlstudio.datasets.walk import Stamp

Verdict = Probe | UnreadableImageError | None
"""What ``classify_file`` says of a file."""


class Unknown(Exception):  # noqa: N818 - an answer, not an error
    """Nothing is remembered of a file as it is now."""


class Memory(Protocol):
    """Remembers verdicts on files, by path relative to the folder that is read, and what came of them all."""

    def recall_dataset(self, key: str) -> Dataset | None:
        """The data set of a folder in which no file has changed; ``key`` stands for all of its files."""

    def keep_dataset(self, key: str, dataset: Dataset) -> None:
        """Remember a data set."""

    def recall(self, path: str, stamp: Stamp) -> Verdict:
        """The verdict on a file.

        Raises:
            Unknown: If there is none, or the file has changed since.
        """

    def keep(self, path: str, stamp: Stamp, verdict: Verdict) -> None:
        """Remember a verdict."""


class Recording:
    """Remembers nothing from before; what is kept can be handed on."""

    def __init__(self) -> None:
        self.kept: list[tuple[str, Stamp, Verdict]] = []
        self.dataset: tuple[str, Dataset] | None = None

    def recall_dataset(self, key: str) -> Dataset | None:  # noqa: ARG002
        """Never knows."""
        return None

    def keep_dataset(self, key: str, dataset: Dataset) -> None:
        """Take the data set down."""
        self.dataset = key, dataset

    def recall(self, path: str, stamp: Stamp) -> Verdict:  # noqa: ARG002
        """Never knows."""
        raise Unknown

    def keep(self, path: str, stamp: Stamp, verdict: Verdict) -> None:
        """Add a verdict to what is kept."""
        self.kept.append((path, stamp, verdict))
