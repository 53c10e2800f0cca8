"""After a training: the same folders are classified again, and it is said which answers are others now."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject

from tlstudio.runs.store import StoredRun
from tlstudio.ui.session import Session
from tlstudio.ui.tabs.predict.answers.answers import Answers
from tlstudio.ui.tabs.predict.folders.batch import BatchQueue
from tlstudio.ui.tabs.predict.folders.photo_batch import PhotoBatch
from tlstudio.ui.tabs.quiet_job import QuietJob
from tlstudio.ui.widgets.message_bar import Message
from tlstudio.wording import counted
from tlstudio.workflows.join_reviewed import changed_answers
from tlstudio.workflows.train import Trained

_KEY: Final = "second look"


class SecondLook(QObject):
    """Remembers what was classified before a training, and offers to do it again with what came of it."""

    def __init__(self, session: Session, queue: BatchQueue, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._queue = session, queue
        self._before: dict[tuple[Path, ...], Answers] = {}
        self._new: StoredRun | None = None
        self._comparing = QuietJob(session, self)
        self._comparing.succeeded.connect(self._tell)
        session.training_started.connect(lambda _request: self._note())
        session.training_ended.connect(self._offer)
        session.run_changed.connect(self._follow_run)
        queue.ended.connect(self._compare)

    def _note(self) -> None:
        self._before = {batch.inputs: batch.answers for batch in self._queue.batches if len(batch.answers)}
        self._new = None
        self._session.withdrawn.emit(_KEY)

    def _offer(self, trained: object) -> None:
        if not self._before or not isinstance(trained, Trained) or not self._session.is_open(trained.stored):
            self._before = {}
            return
        self._new = trained.stored
        photos = counted(sum(map(len, self._before.values())), "photo")
        line = f"You have classified {photos} with the one before. Your own answers stay."
        words = "Classify again"
        again = partial(self._classify, tuple(self._before))
        self._session.posted.emit(Message(_KEY, "There is a new model.", "info", line, choice=words, on_choice=again))

    def _follow_run(self) -> None:
        """Whoever opens another run would be asked of that one, and compared with it."""
        if self._new is not None and not self._session.is_open(self._new):
            self._before, self._new = {}, None
            self._comparing.cancel()
            self._session.withdrawn.emit(_KEY)

    def _classify(self, inputs: tuple[tuple[Path, ...], ...]) -> None:
        self._session.tab_requested.emit("predict")
        for each in inputs:
            self._queue.add(each)

    def _compare(self, batch: PhotoBatch) -> None:
        before = self._before.get(batch.inputs)
        if self._new is None or before is None or before is batch.answers or batch.state != "done":
            return
        del self._before[batch.inputs]
        now = batch.answers
        self._comparing.start(lambda _emit, _token: _differences(before, now))

    def _tell(self, found: tuple[int, int]) -> None:
        different, common = found
        if different:
            verb = "is" if different == 1 else "are"
            title = f"{different:,} of {counted(common, 'answer')} {verb} different now."
            line = "When you sort into folders again, only these are filed again."
            self._session.posted.emit(Message(_KEY, title, "done", line))
        else:
            self._session.posted.emit(Message(_KEY, f"All {counted(common, 'answer')} are as before.", "done"))


def _differences(before: Answers, now: Answers) -> tuple[int, int]:
    """Answers that are others now, and those that there are to compare."""
    old, new = _labels(before), _labels(now)
    return len(changed_answers(old, new)), len(old.keys() & new.keys())


def _labels(answers: Answers) -> Mapping[str, str]:
    """What the model itself says of each photo that can be read, by path."""
    best = ((place, answers.best(place)) for place in range(len(answers)))
    return {str(answers.path(place)): answers.classes[named[0][0]] for place, named in best if named}
