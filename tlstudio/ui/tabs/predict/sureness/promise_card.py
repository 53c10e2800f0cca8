"""What the model files by itself: by a promise of how few are wrong, or for experts by a plain threshold."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QMenu, QWidget

from tlstudio.errors import TLStudioError
from tlstudio.prediction.batch import DEFAULT_THRESHOLD
from tlstudio.runs.store import StoredRun
from tlstudio.runs.thresholds import Sureness, load_sureness, save_sureness
from tlstudio.ui.session import Session
from tlstudio.ui.tabs.predict.sureness.sureness_pages import HoldBackRow, PromisePage, ThresholdPage
from tlstudio.ui.widgets.buttons import IconButton
from tlstudio.ui.widgets.card import Card
from tlstudio.workers.job import Job
from tlstudio.workflows.keep_promise import Offers, offers

_KEY: Final = "thresholds"
_KEEP_AFTER_MS: Final = 500


@dataclass(frozen=True, slots=True)
class Found:
    """What is known of a run.

    Attributes:
        offers: What it can promise, by whether photos unlike everything learnt are held back; empty where nobody knows.
        kept: What a person chose.
        tells_unlike: Whether it can tell such photos.
        problem: Why nobody knows what it can promise; empty where that is known.
    """

    offers: Mapping[bool, Offers]
    kept: Sureness
    tells_unlike: bool
    problem: str = ""


class PromiseCard(Card):
    """A promise, and one click away the plain threshold.

    Attributes:
        threshold_changed: Carries the score from which on answers are sure; infinite where none is.
        chosen: A person has moved something; carries the ``Sureness``.
        shown: The card came into view.
    """

    threshold_changed = Signal(float)
    chosen = Signal(object)
    shown = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("What it files by itself", parent=parent)
        self._by_threshold, self._by_promise = ThresholdPage(), PromisePage()
        self._holding = HoldBackRow()
        self._found: Found | None = None
        self._promising = self._promisable = False
        self._more = IconButton("dots", "Promise how few are wrong, or set the threshold yourself")
        self._more.setMenu(self._menu())
        for page in (self._by_threshold, self._by_promise):
            self.body.addWidget(page)
            page.changed.connect(self._tell)
        self.body.addWidget(self._holding)
        self._holding.changed.connect(self._hold_back)
        self._turn(promising=False)

    @property
    def threshold(self) -> float:
        """Score from which on an answer is sure; infinite where none is."""
        return self._by_promise.threshold if self._promising else self._by_threshold.threshold

    @property
    def hold_back(self) -> bool:
        """Whether photos that are unlike everything learnt are never filed."""
        return self._holding.on

    def show_choice(self, found: Found | None, kept: Sureness) -> None:
        """Show what a run can promise, and what was chosen before.

        Args:
            found: What is known of the run; None while nothing is.
            kept: What was chosen.
        """
        self._found = found
        self._holding.show_choice(on=kept.hold_back, tells=found is None or found.tells_unlike)
        self._by_threshold.blockSignals(True)
        self._by_threshold.set_threshold(DEFAULT_THRESHOLD if kept.threshold is None else kept.threshold)
        self._by_threshold.blockSignals(False)
        self._show_offers(kept.promise)
        self._turn(promising=self._promisable and kept.threshold is None)
        self.threshold_changed.emit(self.threshold)

    def show_counts(self, sure: int, unsure: int) -> None:
        """Show how many answers are filed, and how many are left for the person."""
        self._by_threshold.show_counts(sure, unsure)
        self._by_promise.show_counts(sure, unsure)

    def showEvent(self, event: QShowEvent) -> None:
        """Say that it is looked at."""
        super().showEvent(event)
        self.shown.emit()

    def _menu(self) -> QMenu:
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        self._to_promise = menu.addAction("Promise how few are wrong")
        self._to_threshold = menu.addAction("Set the threshold myself")
        self._to_threshold.setToolTip("Answers from a score on are sure, whatever share of them is wrong")
        for action, promising in ((self._to_promise, True), (self._to_threshold, False)):
            action.setCheckable(True)
            action.triggered.connect(lambda _checked, promising=promising: self._choose(promising=promising))
        return menu

    def _show_offers(self, promise: float | None) -> None:
        """Show what can be promised as the switch stands; this or, for None, the usual."""
        found = self._found.offers[self.hold_back] if self._found is not None and self._found.offers else None
        usual = found.usual if found is not None else None
        self._promisable = found is not None and (usual is not None or promise is not None)
        if found is not None:
            self._by_promise.blockSignals(True)
            self._by_promise.show_offers(found, usual or 0 if promise is None else round(promise * 100))
            self._by_promise.blockSignals(False)
        refused = found.refusals[-1] if found is not None and usual is None else ""
        self._by_threshold.set_note(self._found.problem or refused if self._found is not None else "")

    def _hold_back(self) -> None:
        self._show_offers(self._by_promise.promised if self._promising else None)
        self._turn(promising=self._promising)
        self._tell()

    def _choose(self, *, promising: bool) -> None:
        self._turn(promising=promising)
        self._tell()

    def _turn(self, *, promising: bool) -> None:
        self._promising = promising
        (self._by_promise if promising else self._by_threshold).add_beside(self._more)
        self._by_promise.setVisible(promising)
        self._by_threshold.setVisible(not promising)
        self._to_promise.setChecked(promising)
        self._to_threshold.setChecked(not promising)
        self._to_promise.setEnabled(self._promisable)
        few = "Nothing can be promised: too few photos were kept to check it on"
        self._to_promise.setToolTip("Of what is filed, only so many of 100 are wrong" if self._promisable else few)

    def _tell(self) -> None:
        promise = self._by_promise.promised if self._promising else None
        threshold = None if self._promising else self._by_threshold.threshold
        self.chosen.emit(Sureness(promise, threshold, self.hold_back))
        self.threshold_changed.emit(self.threshold)


class PromiseKeeper(QObject):
    """Finds what the run of the window can promise, and keeps with the run what a person chooses."""

    def __init__(self, session: Session, card: PromiseCard, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._card = card
        self._stored: StoredRun | None = None
        self._unkept: Sureness | None = None
        self._job: Job | None = None
        self._later = QTimer(self, singleShot=True, interval=_KEEP_AFTER_MS)
        self._later.timeout.connect(self._keep)
        card.chosen.connect(self._note)
        card.shown.connect(self.look)

    def set_run(self, stored: StoredRun | None) -> None:
        """Use another run from now on."""
        self._keep()
        if self._job is not None:
            self._job.detach()
        self._stored = stored
        self._card.show_choice(None, Sureness())
        self.look()

    def look(self) -> None:
        """Look anew at what the run can promise, if that is seen: its own thresholds may have changed since."""
        stored = self._stored
        if stored is not None and self._card.isVisible():
            self._keep()
            self._job = self._session.runner.start("promise", lambda _emit, _token: _look(stored))
            self._job.succeeded.connect(self._show)
            self._job.failed.connect(lambda error: self._session.report_failure(_KEY, error))

    def _show(self, found: Found) -> None:
        kept = found.kept if self._unkept is None else self._unkept  # what a person chose meanwhile stays
        self._card.show_choice(found, kept)

    def _note(self, chosen: Sureness) -> None:
        self._unkept = chosen
        self._later.start()

    def _keep(self) -> None:
        """Write down what was chosen."""
        self._later.stop()
        chosen, stored = self._unkept, self._stored
        self._unkept = None
        if chosen is None or stored is None:
            return
        try:
            save_sureness(stored.folder, chosen)
        except TLStudioError as error:
            self._session.report_failure(_KEY, error)


def _look(stored: StoredRun) -> Found:
    """What a run can promise; where its own thresholds are damaged, that is said elsewhere."""
    kept, tells = Sureness(), not stored.run.foreign
    try:
        kept = load_sureness(stored.folder)
        return Found({hold_back: offers(stored, hold_back=hold_back) for hold_back in (True, False)}, kept, tells)
    except TLStudioError as error:
        return Found({}, kept, tells, error.message)
