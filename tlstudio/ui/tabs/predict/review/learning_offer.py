"""What becomes of reviewed photos: they join those to learn from, and the model is trained again."""

from collections.abc import Mapping, Sequence
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

from tlstudio.prediction.review.decisions import Decision
from tlstudio.ui.session import Session
from tlstudio.ui.tabs.predict.review.review_desk import ReviewDesk
from tlstudio.ui.tabs.quiet_job import QuietJob
from tlstudio.ui.widgets.message_bar import Message
from tlstudio.wording import counted
from tlstudio.workflows.join_reviewed import Joining, joining_of, labels_of

_KEY: Final = "join"
_SETTLE_MS: Final = 200


class LearningOffer(QObject):
    """Knows which reviewed photos are learnt from already, and offers the next step.

    Attributes:
        offered: Carries the words, the deed and what it does; all empty where there is nothing to offer.
    """

    offered = Signal(str, str, str)

    def __init__(self, session: Session, desk: ReviewDesk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._desk = session, desk
        self._joined: Mapping[str, str] = {}
        self._learnt: Mapping[str, str] = {}
        self._looking = QuietJob(session, self)
        self._looking.succeeded.connect(self._take_known)
        self._settling = QTimer(self, interval=_SETTLE_MS, singleShot=True)
        self._settling.timeout.connect(self._look)
        desk.changed.connect(self.offer)
        for signal in (desk.changed, session.photos.changed, session.photos.edited, session.run_changed):
            signal.connect(self._settling.start)
        session.training_started.connect(lambda _request: self.offer())
        session.training_ended.connect(lambda _trained: self.offer())

    def take(self) -> None:
        """Do what is offered: add the photos, or train."""
        if self._waiting():
            self._join()
        elif self._untrained():
            self._session.train()

    def offer(self) -> None:
        """Say how things stand."""
        waiting, untrained = self._waiting(), self._untrained()
        if waiting and self._session.photos.actions is None:
            self.offered.emit(f"{len(waiting):,} answered. Open the training photos to add them.", "", "")
        elif waiting:
            tip = "The photos stay where they are; the project lists them beside those of its folder"
            self.offered.emit(f"{len(waiting):,} answered. Add them to the training photos?", "Add", tip)
        elif untrained and not self._session.training:
            words = f"{counted(untrained, 'reviewed photo')} added. Train again to learn from them."
            self.offered.emit(words, "Train again", "Train on all photos with the present choices")
        else:
            self.offered.emit("", "", "")

    def _waiting(self) -> list[Decision]:
        """Decisions that name a class that the project doesn't know of the photo yet."""
        named = (each for each in self._desk.standing().values() if each.names_class)
        return [each for each in named if self._joined.get(each.path) != each.class_name]

    def _untrained(self) -> int:
        """Photos that joined those to learn from, and that the open run has not learnt from."""
        return sum(self._learnt.get(path) != label for path, label in self._joined.items())

    # Joining.

    def _join(self) -> None:
        dataset, decisions = self._session.photos.dataset, self._waiting()
        if dataset is None or self._session.photos.actions is None:
            return
        job = self._session.runner.start(
            "ask", lambda emit, token: joining_of(dataset, decisions, emit=emit, token=token)
        )
        job.succeeded.connect(self._take_joining)
        job.failed.connect(lambda error: self._session.report_failure(_KEY, error))

    def _take_joining(self, joining: Joining) -> None:
        if joining.action is not None:
            self._session.photos.do(joining.action)
        left = joining.left_out
        if left:
            title = f"{counted(len(left), 'photo')} could not be added."
            self._session.posted.emit(Message(_KEY, title, "unsure", f"{left[0].path}: {left[0].reason}"))
        else:
            self._session.withdrawn.emit(_KEY)
        self._settling.start()

    # What is known of the project and the run.

    def _look(self) -> None:
        photos, stored = self._session.photos, self._session.stored
        dataset = photos.dataset if photos.project is not None else None
        decided = [path for path, each in self._desk.standing().items() if each.names_class]
        places = [(dataset.root, dataset.samples) if dataset is not None else ("", ())]
        places.append((stored.run.root, stored.run.samples) if stored is not None else ("", ()))
        self._looking.start(lambda _emit, _token: [labels_of(root, samples, decided) for root, samples in places])

    def _take_known(self, known: Sequence[Mapping[str, str]]) -> None:
        self._joined, self._learnt = known
        self.offer()
