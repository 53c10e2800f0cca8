"""What a training will take, asked beside the window whenever choices or photos change, and said before Train."""

from typing import Final

from PySide6.QtCore import QObject, Signal

from tlstudio.datasets.dataset import Dataset
from tlstudio.datasets.splits.split import Split
from tlstudio.errors import TLStudioError
from tlstudio.modeling.spec import ModelSpec
from tlstudio.training.config import TrainConfig
from tlstudio.ui.session import Session
from tlstudio.ui.tabs.quiet_job import QuietJob
from tlstudio.ui.widgets.message_bar import Message
from tlstudio.ui.words.time_left import in_words, rounded
from tlstudio.workflows.forecast import Forecast, batch_words, forecast

_KEY: Final = "memory"

_Question = tuple[ModelSpec, TrainConfig, Dataset, Split]


class ForecastDesk(QObject):
    """Asks and remembers; where memory is short, it offers smaller batches.

    Attributes:
        changed: The answer has come.
    """

    changed = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._asked: _Question | None = None
        self._found: Forecast | None = None
        self._job = QuietJob(session, self)
        self._job.succeeded.connect(self._take)
        session.training_started.connect(lambda _: session.withdrawn.emit(_KEY))

    def ask(self) -> None:
        """Ask for the present choices and photos, unless that is known or under way."""
        question = self._question()
        if question is self._asked or _are_same(question, self._asked):
            return
        self._asked, self._found = question, None
        self._session.withdrawn.emit(_KEY)
        if question is None:
            self._job.cancel()
        else:
            self._job.start(lambda _emit, _token: _answer(question))

    def words(self) -> tuple[str, str]:
        """Time and memory in a few words; empty while nobody knows."""
        found = self._found
        if found is None:
            return "", ""
        return f"About {in_words(rounded(found.seconds))}", f"and {found.peak / 1e9:.1f} GB of memory"

    def _question(self) -> _Question | None:
        session = self._session
        dataset, parts = session.photos.dataset, session.photos.split
        if dataset is None or parts is None or session.obstacle:
            return None
        return session.choices.spec, session.choices.config(), dataset, parts

    def _take(self, found: Forecast | None) -> None:
        self._found = found
        if found is not None and (found.smaller is not None or found.impossible):
            self._session.posted.emit(self._message(found))
        self.changed.emit()

    def _message(self, found: Forecast) -> Message:
        there = f"{(found.free or 0) / 1e9:.1f} GB are free now"
        title = f"This training needs about {found.held / 1e9:.1f} GB of memory, and {there}."
        smaller, asked = found.smaller, self._asked
        if smaller is None or asked is None:
            line = "Close other programs, or choose a smaller network or smaller photos."
            return Message(_KEY, title, "unsure", line)
        fix = "Use smaller batches"
        return Message(_KEY, title, "unsure", batch_words(asked[1], smaller), fix, lambda: self._use(smaller))

    def _use(self, smaller: TrainConfig) -> None:
        self._session.withdrawn.emit(_KEY)
        self._session.set_choices(self._session.choices.with_phases(smaller.phases))


def _are_same(one: _Question | None, other: _Question | None) -> bool:
    """Whether two questions are one; photos are told apart as objects, since there may be 100,000 to compare."""
    if one is None or other is None:
        return False
    return one[:2] == other[:2] and all(a is b for a, b in zip(one[2:], other[2:], strict=True))


def _answer(question: _Question) -> Forecast | None:
    try:
        return forecast(*question)
    except TLStudioError:
        return None  # it will be in the way of the training, and is said there
