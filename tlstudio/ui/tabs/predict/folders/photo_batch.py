"""A folder that is classified, or some single photos, and what is known of it so far. Knows no Qt."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

from tlstudio.paths import is_folder
from tlstudio.prediction.prediction import BatchSummary
from tlstudio.ui.tabs.predict.answers.answers import Answers
from tlstudio.ui.words.pace import Pace

BatchState = Literal["waiting", "running", "done", "stopped", "interrupted"]


class PhotoBatch:
    """A folder, or some single photos.

    Attributes:
        inputs: Folders and files.
        answers: What was said so far.
        number: Under which it is kept; None while it isn't.
        state: Where it stands in the queue; "interrupted" by the end of the program rather than by a person.
        paused: Whether it runs but waits until it is resumed.
        watched: Whether new files in it are answered by themselves.
        done: Files looked at.
        total: Files to look at; 0 while they are being found.
        note: What happens before the first answer, or empty.
        summary: The accounting; None until it has ended.
        pace: How fast it goes.
    """

    def __init__(
        self,
        inputs: Sequence[Path],
        classes: Sequence[str],
        thresholds: Mapping[str, float] | None = None,
        *,
        hold_back: bool = True,
    ) -> None:
        self.inputs = tuple(inputs)
        self._is_folder = len(self.inputs) == 1 and is_folder(self.inputs[0])
        self.answers = Answers(classes, thresholds, hold_back=hold_back)
        self.number: int | None = None
        self.state: BatchState = "waiting"
        self.paused = False
        self.watched = False
        self.done = 0
        self.total = 0
        self.note = ""
        self.summary: BatchSummary | None = None
        self.pace = Pace()

    @property
    def folder(self) -> Path | None:
        """The folder, if it is a single one."""
        return self.inputs[0] if len(self.inputs) == 1 else None

    @property
    def is_folder(self) -> bool:
        """Whether it is a single folder: single photos are never more than they are."""
        return self._is_folder

    @property
    def title(self) -> str:
        """What a person calls it."""
        if self.folder is not None:
            return self.folder.name or str(self.folder)
        return f"{len(self.inputs):,} photos and folders"

    @property
    def share(self) -> float | None:
        """How far it is, 0 to 1; None while nobody knows."""
        if self.state == "running":
            return self.done / self.total if self.total else None
        if self.goes_on and self.found:
            return len(self.answers) / self.found
        return float(self.state == "done")

    def begin(self) -> None:
        """It runs from now on."""
        self.state, self.paused, self.pace = "running", False, Pace()
        self.done, self.total, self.note = 0, 0, ""

    def end(self, state: BatchState, summary: BatchSummary | None) -> None:
        """It doesn't run any more.

        Args:
            state: How it ended.
            summary: The accounting; None where there is no newer one.
        """
        self.state, self.paused, self.note = state, False, ""
        self.summary = summary or self.summary

    @property
    def found(self) -> int | None:
        """Photos that it has; None while nobody knows."""
        if self.state == "running" or self.summary is None:
            return None
        return self.summary.found if self.state == "done" else max(self.summary.found, len(self.answers))

    @property
    def unreached(self) -> int:
        """Photos without an answer, since it ended early."""
        found = self.found
        return 0 if found is None or self.state == "done" else found - len(self.answers)

    @property
    def goes_on(self) -> bool:
        """Whether it ended before its last photo, and can go on."""
        return self.state in ("stopped", "interrupted")
