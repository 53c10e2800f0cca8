"""Several trainings on the same photos and shares, one after the other, through the session."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from tlstudio.errors import TLStudioError
from tlstudio.ui.choices import Choices
from tlstudio.ui.session import Session
from tlstudio.ui.widgets.message_bar import Message
from tlstudio.workflows.train import Trained
from tlstudio.workflows.train_queue import QueueRow, ended_row, failed_row, waiting_row


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something that can be trained.

    Attributes:
        name: What it is called in the table.
        choices: What is built, and how it learns.
    """

    name: str
    choices: Choices


class TrainingQueue(QObject):
    """Trains what it holds; each is an ordinary training of the window, with its own run.

    Attributes:
        changed: The table, or whether it runs, is another now.
    """

    changed = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._candidates: list[Candidate] = []
        self._rows: list[QueueRow] = []
        self._current: int | None = None
        self._before: Choices | None = None
        self._place: Path | None = None  # of the photos that it was started with
        session.training_ended.connect(self._ended)
        session.posted.connect(self._heard)
        session.crashed.connect(lambda text: self._fail(RuntimeError(text.strip().splitlines()[-1])))

    @property
    def rows(self) -> Sequence[QueueRow]:
        """The table."""
        return self._rows

    @property
    def running(self) -> bool:
        """Whether it trains."""
        return self._before is not None

    @property
    def waiting(self) -> bool:
        """Whether something waits to be trained."""
        return any(row.state == "waiting" for row in self._rows)

    @property
    def obstacle(self) -> str:
        """Why it can't begin now, in a sentence; "" if it can."""
        photos = self._session.photos
        if photos.dataset is None:
            return "Open a folder of photos first."
        if photos.blocking is not None:
            return photos.blocking.message
        return "A training runs. These can begin when it has ended." if self._session.training else ""

    def add(self, candidate: Candidate) -> None:
        """Put something at the end; under its name and a number where that name is there already."""
        names = {row.name for row in self._rows}
        numbered = (f"{candidate.name} ({number})" for number in range(2, len(names) + 3))
        name = candidate.name if candidate.name not in names else next(new for new in numbered if new not in names)
        self._candidates.append(candidate)
        self._rows.append(self._waiting_row(name, candidate.choices))
        self.changed.emit()

    def remove(self, place: int) -> None:
        """Take out a line that is not being trained."""
        if place == self._current:
            return
        del self._rows[place], self._candidates[place]
        if self._current is not None and place < self._current:
            self._current -= 1
        self.changed.emit()

    def start(self) -> None:
        """Train what waits."""
        if not self.running and self.waiting and not self.obstacle:
            self._before, self._place = self._session.choices, self._session.photos.place
            self._next()

    def stop_one(self) -> None:
        """Stop what is trained now, keep its best, and go on with the next."""
        self._session.stop_training()

    def stop_all(self) -> None:
        """Stop what is trained now, keep its best, and train nothing more."""
        self._rows = [replace(row, state="skipped") if row.state == "waiting" else row for row in self._rows]
        if self._current is not None:
            self._session.stop_training()
        self.changed.emit()

    def _waiting_row(self, name: str, choices: Choices) -> QueueRow:
        dataset = self._session.photos.dataset
        try:
            return waiting_row(name, choices.spec, choices.config(), len(dataset.classes) if dataset else 2)
        except TLStudioError:
            return QueueRow(name)

    def _next(self) -> None:
        place = next((place for place, row in enumerate(self._rows) if row.state == "waiting"), None)
        if place is None:
            self._finish()
            return
        self._current = place
        self._rows[place] = replace(self._rows[place], state="running")
        session = self._session
        session.set_choices(self._candidates[place].choices)
        others = session.photos.place != self._place
        obstacle = session.obstacle or ("Other photos were opened meanwhile." if others else "")
        if not obstacle:
            session.train()
        if not session.training:
            self._fail(TLStudioError(obstacle or "It could not begin."))
            self._leave()
        self.changed.emit()

    def _finish(self) -> None:
        before, self._before = self._before, None
        self._current = None
        if before is not None:
            self._session.set_choices(before)
        self.changed.emit()

    def _ended(self, trained: Trained | None) -> None:
        if self._current is None:
            return
        row = self._rows[self._current]
        self._rows[self._current] = replace(row, state="stopped") if trained is None else ended_row(row, trained)
        self._leave()
        self.changed.emit()

    def _leave(self) -> None:
        """Go on after everybody else has heard of the end, and after it was said what was in the way."""
        QTimer.singleShot(0, self, self._next)

    def _heard(self, message: Message) -> None:
        if message.key == "training" and message.kind == "wrong":
            self._fail(TLStudioError(message.title, message.line))

    def _fail(self, error: Exception) -> None:
        if self._current is not None and self._rows[self._current].state in ("running", "stopped"):
            self._rows[self._current] = failed_row(self._rows[self._current], error)
            self.changed.emit()
