"""One photo, large, with its best answers: to be looked at, or to be decided."""

import time
from pathlib import Path
from typing import Final

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QStackedLayout, QVBoxLayout, QWidget

from tlstudio.paths import is_file
from tlstudio.prediction.batch import DEFAULT_TOP
from tlstudio.prediction.review.decisions import Decision
from tlstudio.ui import theme
from tlstudio.ui.tabs.evaluation.explanations import Explanations
from tlstudio.ui.tabs.evaluation.heat_controls import bind_heat_key
from tlstudio.ui.tabs.predict.answers.answers import KEPT_TOP
from tlstudio.ui.tabs.predict.review.answer_rows import AnswerRows
from tlstudio.ui.tabs.predict.review.burst_strip import BurstStrip
from tlstudio.ui.tabs.predict.review.class_typing import ClassTyping
from tlstudio.ui.tabs.predict.review.photo_pane import LEAST_HEIGHT, PhotoPane
from tlstudio.ui.tabs.predict.review.review_foot import ReviewButtons, ReviewedFoot
from tlstudio.ui.widgets.buttons import Button, IconButton
from tlstudio.ui.widgets.card import Card, Hairline
from tlstudio.ui.widgets.chips import Badge, BadgeKind
from tlstudio.ui.widgets.class_picker import ClassPicker
from tlstudio.ui.widgets.empty_state import EmptyState
from tlstudio.ui.widgets.labels import TextLabel
from tlstudio.ui.widgets.photo_table import PredictionRow, PredictionState
from tlstudio.ui.widgets.score_bars import Score, ScoreBars
from tlstudio.ui.widgets.thumbnails import ThumbnailCache
from tlstudio.ui.widgets.tooltip import set_tooltip

_STATES: Final[dict[PredictionState, tuple[str, BadgeKind]]] = {
    "sure": ("Sure", "accent"),
    "unsure": ("Unsure", "unsure"),
    "unlike": ("Unlike", "unsure"),
    "unreadable": ("Unreadable", "wrong"),
}
_LOOKS, _ASKS = "What the model says", "Which one is it?"
_UNLIKE = "This may be none of these classes."
_WHY_UNLIKE = "It is unlike all photos that the model learnt from"
_DIGITS: Final = {Qt.Key.Key_0 + number: number for number in range(10)}
_TALLEST: Final = 0.75
_ENOUGH: Final = 120

BEGIN_KEY: Final = "Ctrl+R"
"""Begins the review."""


class AnswerCard(Card):
    """The photo that is looked at, what the model says of it, and a person's answer.

    Keys act while something in the card has the focus.

    Attributes:
        answered: Carries the class that a person names.
        accepted: The model's answer is right.
        refused: It is none of the classes.
        postponed: It is asked again later.
        undone: The last answer is taken back.
        walked: Carries +1 or -1, for the next photo or the one before.
        learn_requested: The deed under the answers is wanted.
        begun: The review is to begin with its first photo.
        options_wanted: Carries where (QPoint on the screen) the orders of the review are to be offered.
    """

    answered = Signal(str)
    accepted = Signal()
    refused = Signal()
    postponed = Signal()
    undone = Signal()
    walked = Signal(int)
    learn_requested = Signal()
    begun = Signal()
    options_wanted = Signal(object)

    focus_radius = theme.RADIUS_CARD

    def __init__(self, thumbnails: ThumbnailCache, explanations: Explanations, parent: QWidget | None = None) -> None:
        super().__init__(_LOOKS, parent=parent)
        self._typing = ClassTyping()
        self._reviewed = self._waits = False
        self._badge, self._to_go = Badge(""), Button("", "quiet", size="small")
        self._options = IconButton("dots", "Order of the review, many photos at once")
        self._other = Button("Another class …", "text", size="small")
        self._picker = ClassPicker(self)
        self._classes: tuple[str, ...] = ()
        self._pane = PhotoPane(thumbnails, explanations)
        self._broken = EmptyState("broken_image", "This photo can't be read", "")
        self._note = TextLabel("", "secondary", wrap=True)
        self.strip = BurstStrip(thumbnails)
        self._bars, self._rows = ScoreBars(), AnswerRows()
        self._typed = TextLabel("", "secondary", "accent", wrap=True)
        self._waiting = TextLabel("The model looks at this photo…", "text", "text2", wrap=True)
        self._buttons, self._foot, self._line = ReviewButtons(), ReviewedFoot(), Hairline()
        self._scroll = QScrollArea()
        self._stack = QStackedLayout()
        self._lay_out()
        self._connect()
        bind_heat_key(self, explanations)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.clear()

    # What is shown.

    def set_classes(self, classes: tuple[str, ...]) -> None:
        """Tell the names of all classes of the run."""
        self._classes = classes
        self._typing.set_classes(classes)
        self._pane.set_classes(classes)

    def clear(self) -> None:
        """Show no photo."""
        self._pane.show_photo(None, "", ())
        self._set_reviewed(reviewed=False)
        self._badge.hide()
        self._stack.setCurrentIndex(0)

    def show_waiting(self, path: Path) -> None:
        """Show that a photo is being looked at."""
        self._show(path if is_file(path) else None, "", (), readable=True)
        self._set_reviewed(reviewed=False)
        self._badge.hide()
        self._bars.hide()
        self._waiting.show()

    def show_answer(
        self,
        row: PredictionRow,
        scores: list[Score],
        n_classes: int,
        *,
        reviewed: bool = False,
        decision: Decision | None = None,
    ) -> None:
        """Show a photo with its answer.

        Args:
            row: The answer, as in the table.
            scores: The best classes, at most nine; empty for an unreadable file.
            n_classes: How many classes there are in all.
            reviewed: Whether a person can answer.
            decision: What a person said of it; None for nothing.
        """
        words, kind = _STATES[row.state]
        described = ", ".join(part for part in (row.class_name, words.lower()) if part)
        self._show(row.path, row.folder, tuple(scores), readable=not row.reason, description=described)
        self._badge.set_text(words, kind)
        self._set_reviewed(reviewed=reviewed and bool(scores))
        doubtful = row.state in ("unsure", "unlike")
        self._bars.set_scores(scores[:DEFAULT_TOP], n_classes, unsure=doubtful)
        self._bars.setVisible(bool(scores) and not self._reviewed)
        best = scores[0].name if scores else ""
        chosen = decision.class_name if decision is not None else best
        self._rows.set_scores(scores, n_classes, chosen, unsure=doubtful)
        self._note.setToolTip(_WHY_UNLIKE if row.state == "unlike" else "")
        self._note.setVisible(row.state == "unlike" or decision is not None)
        self._note.setText(_said(decision) if decision is not None else _UNLIKE)
        self._note.set_tone("accent" if decision is not None else "unsure")
        self._broken.set_text("This photo can't be read", row.reason)
        self._badge.setVisible(not self._reviewed)
        self._show_head()
        self._waiting.hide()
        self._fit()

    def show_burst(self, photos: tuple[Path, ...]) -> None:
        """Show the photos of the same moment; fewer than two for none."""
        self.strip.show_photos(photos, self._pane.path)
        self._buttons.set_count(len(self.strip.chosen()))
        self._fit()  # the answers stay where they are: the photo makes room

    def show_queue(self, to_go: int, *, undoable: bool) -> None:
        """Tell how many photos wait, and whether an answer can be taken back."""
        self._to_go.setText(f"{to_go:,} to go")
        self._to_go.updateGeometry()
        self._waits = to_go > 0
        self._show_head()
        self._buttons.set_undoable(undoable)

    def show_offer(self, words: str, deed: str, tip: str) -> None:
        """Say what can be done with the answers given; no words for nothing."""
        self._foot.show_offer(words, deed, tip)
        self._foot.setVisible(bool(words))
        self._line.setVisible(bool(words))

    def photo(self) -> Path | None:
        """The photo shown."""
        return self._pane.photo.photo()

    def photo_path(self) -> str:
        """Path of the photo that is asked about, also while one like it is shown; empty for none."""
        return str(self._pane.path) if self._pane.path is not None else ""

    def _show(
        self, path: Path | None, place: str, scores: tuple[Score, ...], *, readable: bool, description: str = ""
    ) -> None:
        self._pane.setVisible(readable)
        self._broken.setVisible(not readable)
        self._note.hide()
        self.strip.show_photos((), None)
        self._buttons.set_count(1)
        self._typing.clear()
        self._typed.hide()
        self._pane.show_photo(path, place, scores if readable else (), description)
        self._stack.setCurrentIndex(1)
        self._scroll.verticalScrollBar().setValue(0)

    def _set_reviewed(self, *, reviewed: bool) -> None:
        self._reviewed = reviewed
        self.set_title(_ASKS if reviewed else _LOOKS)
        for part in (self._rows, self._buttons):
            part.setVisible(reviewed)
        self._other.setVisible(reviewed and len(self._classes) > KEPT_TOP)  # else all of them have a key
        self._show_head()

    def _show_head(self) -> None:
        """The queue is told beside a photo of it; beside a single photo there is no room for it."""
        for part in (self._to_go, self._options):
            part.setVisible(self._waits and (self._reviewed or self._badge.isHidden()))

    # Places.

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The photo takes the room that the answers leave."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Give the photo the room that is left; where that is little, the answers take less."""
        self._rows.set_compact(False)
        self.refresh_hints()
        room = self._room_for_photo()
        if self._reviewed and room < _ENOUGH:
            self._rows.set_compact(True)
            room = self._room_for_photo()
        height = round(max(min(room, (self.width() - 2 * theme.SPACE_20) * _TALLEST), LEAST_HEIGHT))
        self._pane.set_photo_height(height)
        self._broken.setFixedHeight(height)

    def _room_for_photo(self) -> int:
        """Height that the answers leave, in pixels; below 0 where they don't fit themselves."""
        width = self.width() - 2 * theme.SPACE_20
        answers = (self._rows if self._reviewed else self._bars).sizeHint().height()
        for part in (self.strip, self._other):
            if not part.isHidden():
                answers += part.sizeHint().height() + theme.SPACE_12
        if not self._note.isHidden():
            answers += self._note.heightForWidth(width) + theme.SPACE_12
        return self._scroll.viewport().height() - self._pane.height_around() - answers - 2 * theme.SPACE_12

    def _lay_out(self) -> None:
        content = QWidget()
        content.setProperty("scrolled", True)
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE_12)
        parts = (self._pane, self._broken, self.strip, self._note, self._rows, self._typed, self._other, self._bars)
        for part in (*parts, self._waiting, self._pane.neighbours):
            column.addWidget(part)
        column.addStretch(1)
        self._scroll.setWidget(content)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        whole = QWidget()
        rows = QVBoxLayout(whole)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(theme.SPACE_12)
        rows.addWidget(self._scroll, 1)
        for foot in (self._buttons, self._line, self._foot):
            rows.addWidget(foot)
        self._stack.addWidget(EmptyState("image", "No photo selected", "Select one in the table, or drop one."))
        self._stack.addWidget(whole)
        self.add_action(self._badge)
        self.add_action(self._to_go)
        self.add_action(self._options)
        set_tooltip(self._to_go, "Begin with the first photo that waits for you", key=BEGIN_KEY)
        set_tooltip(self._other, "Choose any class from the list", key="its first letters")
        self.show_queue(0, undoable=False)
        self.body.addLayout(self._stack, 1)
        self.show_offer("", "", "")

    def _connect(self) -> None:
        self._rows.chosen.connect(self.answered)
        self._picker.picked.connect(self.answered)
        self._other.clicked.connect(self._open_picker)
        self._to_go.clicked.connect(self.begun)
        self._options.clicked.connect(self._open_options)
        self._buttons.accepted.connect(self.accepted)
        self._buttons.refused.connect(self.refused)
        self._buttons.postponed.connect(self.postponed)
        self._buttons.undone.connect(self.undone)
        self._foot.requested.connect(self.learn_requested)
        self.strip.changed.connect(lambda: self._buttons.set_count(len(self.strip.chosen())))

    def _open_picker(self) -> None:
        self._picker.set_classes(self._classes, self._rows.class_of(1))
        self._picker.open_beside(QRect(self._other.mapToGlobal(QPoint()), self._other.size()))

    def _open_options(self) -> None:
        self.options_wanted.emit(self._options.mapToGlobal(QPoint(0, self._options.height())))

    # Keys.

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A press anywhere in the card gives it the keyboard."""
        super().mousePressEvent(event)
        self.setFocus(Qt.FocusReason.MouseFocusReason)

    def event(self, event: QEvent) -> bool:
        """Ctrl+Z takes an answer back here, and letters are no shortcuts of the window."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride and self._reviewed:
            letter = event.text().isalpha() and (self._typing.begun or event.text().casefold() != "h")
            if event.matches(QKeySequence.StandardKey.Undo) or letter:
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Answer, walk, undo."""
        if not self._reviewed or not self._press(event):
            super().keyPressEvent(event)

    def _press(self, event: QKeyEvent) -> bool:
        """Do what a key says; whether it says anything."""
        key = event.key()
        if not event.text().isalpha():
            self._typing.break_off()
        bare = not event.modifiers() & ~(Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier)
        if event.matches(QKeySequence.StandardKey.Undo):
            self.undone.emit()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and bare:
            typed = self._typing.first()
            if typed:
                self.answered.emit(typed)
            else:
                self.accepted.emit()
        elif key in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Up) and bare:
            self.walked.emit(1 if key in (Qt.Key.Key_Right, Qt.Key.Key_Down) else -1)
        elif key == Qt.Key.Key_Escape and self._typing.begun:
            self._typing.clear()
            self._typed.hide()
        elif key in _DIGITS and bare:
            self._press_digit(_DIGITS[key])
        elif event.text().isalpha() and bare:
            self._press_letter(event)
        else:
            return False
        return True

    def _press_digit(self, digit: int) -> None:
        name = self._rows.class_of(digit)
        if digit == 0:
            self.refused.emit()
        elif name:
            self.answered.emit(name)

    def _press_letter(self, event: QKeyEvent) -> None:
        """A letter of a class; L and U alone are answers of their own."""
        now = time.monotonic()
        plain = not self._typing.begun and not event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        if plain and self._typing.swallows(event.text(), now):
            return
        if plain and event.key() == Qt.Key.Key_L:
            self.postponed.emit()
        elif plain and event.key() == Qt.Key.Key_U:
            self.undone.emit()
        else:
            typed = self._typing.type(event.text(), now)
            if typed.picked:
                self.answered.emit(typed.picked)
            self._typed.setText(typed.sentence)
            self._typed.setVisible(bool(typed.sentence))


def _said(decision: Decision) -> str:
    """What a person decided, in words."""
    match decision.verdict:
        case "none":
            return "You said: none of these."
        case "later":
            return "You put this photo off."
        case _:
            return f"You said: {decision.class_name}."
