"""Following folders for new photos by looking at them every few seconds, which works on every drive."""

from collections.abc import Iterator

from tlstudio.datasets.walk import Stamp
from tlstudio.prediction.answer_store import AnswerStore, BatchRecord
from tlstudio.prediction.batch import ListedFile, list_files

LOOK_SECONDS = 3.0
"""How long to wait between two looks."""


class FolderWatch:
    """The folders of a batch.

    A file that is still being written, or copied, grows: it is taken when two looks have found it the same.
    """

    def __init__(self, store: AnswerStore, record: BatchRecord) -> None:
        """Follow what ``record`` was asked about; what came while nobody watched counts as new."""
        self._store = store
        self._record = record
        self._seen: dict[str, Stamp | None] = {}

    def poll(self) -> tuple[ListedFile, ...]:
        """Look once: files that the batch hasn't looked at, or that have changed since, and that stand still.

        It takes about as long as listing the folders; a person's thread has no time for it.

        Raises:
            TLStudioError: If a folder isn't there (any more).
        """
        before, self._seen = self._seen, {}
        settled = []
        for file in self._store.new_files(self._record.id, self._listed()):
            if before.get(file.path) == file.stamp:
                settled.append(file)
            self._seen[file.path] = file.stamp
        return tuple(settled)

    def _listed(self) -> Iterator[ListedFile]:
        for given in self._record.inputs:
            yield from list_files(self._record.base / given)
