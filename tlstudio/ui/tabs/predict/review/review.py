"""The review in the Predict tab: the queue behind the card, the table that follows it, and the grid of a suggestion."""

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtGui import QActionGroup, QKeySequence, QShortcut
from PySide6.QtWidgets import QMenu, QStackedWidget

from tlstudio.prediction.review.decisions import Decision
from tlstudio.prediction.review.order import Candidate, Order
from tlstudio.runs.store import StoredRun
from tlstudio.ui.session import Session
from tlstudio.ui.tabs.predict.answer_card import BEGIN_KEY, AnswerCard
from tlstudio.ui.tabs.predict.answers.answers import NONE_OF_THEM, Answers
from tlstudio.ui.tabs.predict.answers.answers_table import AnswersTable
from tlstudio.ui.tabs.predict.folders.photo_batch import PhotoBatch
from tlstudio.ui.tabs.predict.review.gathering import Gather, gathering
from tlstudio.ui.tabs.predict.review.learning_offer import LearningOffer
from tlstudio.ui.tabs.predict.review.review_desk import ReviewDesk
from tlstudio.ui.tabs.predict.review.suggestion_page import SuggestionPage
from tlstudio.ui.widgets.photo_table import PredictionRow
from tlstudio.ui.widgets.score_bars import Score
from tlstudio.ui.widgets.thumbnails import ThumbnailCache

_ORDERS: Final[tuple[tuple[Order, str], ...]] = (
    ("least_sure", "Least sure first"),
    ("by_class", "Class by class"),
    ("unlike_first", "Unlike anything first"),
)


class Review(QObject):
    """Ties queue, card, table and grid together.

    Attributes:
        desk: The queue.
        middle: The table, or the grid of a suggestion in its place.
        shown: A photo that the table hides is to be shown; carries its ``PhotoBatch`` and its place in it.
        decided: Some answers are a person's now, or are no longer.
    """

    shown = Signal(object, int)
    decided = Signal()

    def __init__(
        self,
        session: Session,
        table: AnswersTable,
        card: AnswerCard,
        thumbnails: ThumbnailCache,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._table, self._card = table, card
        self._batches: list[PhotoBatch] = []
        self._numbered: list[PhotoBatch] = []
        self._spots: dict[str, tuple[PhotoBatch, int]] = {}
        self._classes: tuple[str, ...] = ()
        self._looks: tuple[list[tuple[Answers, int, bool]], float] = ([], 0.0)
        self.desk = ReviewDesk(session, self._collect, self)
        self._offer = LearningOffer(session, self.desk, self)
        self._page = SuggestionPage(self.desk, thumbnails)
        self.middle = QStackedWidget()
        self.middle.addWidget(table)
        self.middle.addWidget(self._page)
        self._connect()

    # What there is to review

    def set_run(self, stored: StoredRun | None) -> None:
        """Review the answers of another run."""
        self._batches, self._numbered, self._spots = [], [], {}
        self._looks = ([], 0.0)
        self._classes = stored.run.classes if stored is not None else ()
        self._card.set_classes(self._classes)
        self._page.set_classes(self._classes)
        self.show_table()
        self.desk.set_run(stored)

    def set_batches(self, batches: Sequence[PhotoBatch]) -> None:
        """Review the answers of these; to be told whenever there are more of them, or others are sure."""
        lists = [(batch.answers, len(batch.answers), batch.answers.hold_back) for batch in batches]
        looks = lists, self._table.answers.threshold
        if looks == self._looks:
            return
        self._looks = looks
        self._batches = list(batches)
        self._numbered += [batch for batch in batches if batch not in self._numbered]
        self.desk.refresh()

    def _collect(self) -> Gather:
        lists = {self._numbered.index(batch): batch.answers for batch in self._batches}
        return gathering(lists, self._table.answers.threshold, self.desk.standing())

    # What is shown

    def show_answer(self, batch: PhotoBatch, place: int, row: PredictionRow, scores: list[Score]) -> None:
        """Show an answer of the table in the card, to be decided.

        Args:
            batch: Its batch.
            place: Its place in the batch.
            row: The answer, as in the table.
            scores: The best classes; empty for an unreadable file.
        """
        path = str(row.path)
        self._spots[path] = (batch, place)
        self._card.show_answer(row, scores, len(self._classes), reviewed=True, decision=self.desk.decision(path))
        self._show_queue()
        self.desk.look_at(path if scores else "")

    def show_table(self) -> None:
        """Show the table in the middle."""
        self.middle.setCurrentIndex(0)

    def begin(self) -> None:
        """Begin with the first photo that waits, and give the card the keyboard."""
        self.desk.ask_first()
        self._card.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def show_suggestions(self) -> None:
        """Show the grid of a suggestion in the middle."""
        self.middle.setCurrentIndex(1)
        self._page.begin()

    def _connect(self) -> None:
        desk, card = self.desk, self._card
        card.answered.connect(self._answer)
        card.accepted.connect(self._accept)
        card.refused.connect(lambda: desk.decide("none", photos=card.strip.chosen()))
        card.postponed.connect(lambda: desk.decide("later", photos=card.strip.chosen()))
        card.undone.connect(desk.undo)
        card.walked.connect(desk.walk)
        card.begun.connect(self.begin)
        card.options_wanted.connect(self._open_menu)
        card.learn_requested.connect(self._offer.take)
        self._offer.offered.connect(card.show_offer)
        desk.changed.connect(self._show_queue)
        desk.asked.connect(self._ask)
        desk.decided.connect(self._take_decided)
        desk.recalled.connect(self._take_recalled)
        desk.burst_found.connect(card.show_burst)
        self._page.closed.connect(self.show_table)
        QShortcut(QKeySequence(BEGIN_KEY), card).activated.connect(self.begin)

    def _show_queue(self) -> None:
        self._card.show_queue(self.desk.to_go, undoable=self.desk.undoable)

    def _open_menu(self, place: QPoint) -> None:
        menu = QMenu("Order of the review", self._card)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        group = QActionGroup(menu)
        for order, words in _ORDERS:
            action = menu.addAction(words, partial(self.desk.set_order, order))
            action.setCheckable(True)
            action.setChecked(order == self.desk.order)
            group.addAction(action)
        menu.addSeparator()
        menu.addAction("Many of one suggestion at once", self.show_suggestions)
        menu.popup(place)

    # What is decided

    def _answer(self, name: str) -> None:
        best = self._label_of(self._card.photo_path())
        self.desk.decide("accepted" if name == best else "other", name, self._card.strip.chosen())

    def _accept(self) -> None:
        label = self._label_of(self._card.photo_path())
        if label:
            self.desk.decide("accepted", label, self._card.strip.chosen())

    def _label_of(self, path: str) -> str:
        """What the model itself says of a photo."""
        spot = self._spot(path)
        best = spot[0].answers.best(spot[1]) if spot is not None else ()
        return self._classes[best[0][0]] if best else ""

    def _ask(self, path: str) -> None:
        spot = self._spot(path)
        if spot is None:
            return
        batch, place = spot
        position = self._table.answers.position_of(batch, place)
        if position is None:
            return
        if self._table.table.selected_position() == position or not self._table.table.select_position(position):
            self.shown.emit(batch, place)

    def _spot(self, path: str) -> tuple[PhotoBatch, int] | None:
        """Where the answer for a photo is; None where there is none, or files that are gone made it move up."""
        candidate = self.desk.candidate(path)
        if candidate is not None:
            self._spots[path] = (self._numbered[candidate.batch], candidate.place)
        batch, place = self._spots.get(path, (None, 0))
        there = batch is not None and place < len(batch.answers) and str(batch.answers.path(place)) == path
        return (batch, place) if batch is not None and there else None

    def _take_recalled(self, candidates: Sequence[Candidate]) -> None:
        """What was decided before counts in the table too."""
        for each in candidates:
            self._spots[each.path] = (self._numbered[each.batch], each.place)
        self._take_decided([each.path for each in candidates])

    def _take_decided(self, paths: Iterable[str]) -> None:
        for path in paths:
            spot = self._spot(path)
            if spot is not None:
                batch, place = spot
                batch.answers.decide(place, self._index_of(self.desk.decision(path)))
                self._table.refresh(batch, place)
        self.decided.emit()

    def _index_of(self, decision: Decision | None) -> int | None:
        if decision is None or decision.verdict == "later":
            return None
        return self._classes.index(decision.class_name) if decision.class_name in self._classes else NONE_OF_THEM
