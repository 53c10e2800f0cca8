"""One photo, large, and its best answers."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QStackedLayout, QVBoxLayout, QWidget

from tlstudio.ui import theme
from tlstudio.ui.widgets.card import Card
from tlstudio.ui.widgets.chips import Badge, BadgeKind
from tlstudio.ui.widgets.empty_state import EmptyState
from tlstudio.ui.widgets.labels import ElidedLabel, TextLabel
from tlstudio.ui.widgets.photo_table import PredictionRow, PredictionState
from tlstudio.ui.widgets.photo_view import PhotoView
from tlstudio.ui.widgets.score_bars import Score, ScoreBars
from tlstudio.ui.widgets.thumbnails import ThumbnailCache

_STATES: dict[PredictionState, tuple[str, BadgeKind]] = {
    "sure": ("Sure", "accent"),
    "unsure": ("Unsure", "unsure"),
    "unreadable": ("Unreadable", "wrong"),
}


class AnswerCard(Card):
    """The photo that is looked at: its picture, name and place, and what the model says."""

    def __init__(self, thumbnails: ThumbnailCache, parent: QWidget | None = None) -> None:
        super().__init__("What the model says", parent=parent)
        self._badge = Badge("")
        self._photo = PhotoView(thumbnails)
        self._broken = EmptyState("broken_image", "This photo can't be read", "")
        self._name = ElidedLabel("", "strong", mode=Qt.TextElideMode.ElideMiddle)
        self._place = ElidedLabel("", "secondary", "text2", mode=Qt.TextElideMode.ElideMiddle)
        self._bars = ScoreBars()
        self._waiting = TextLabel("The model looks at this photo…", "text", "text2", wrap=True)
        self._stack = QStackedLayout()
        self._stack.addWidget(EmptyState("image", "No photo selected", "Select one in the table, or drop one."))
        self._stack.addWidget(self._content())
        self.add_action(self._badge)
        self.body.addLayout(self._stack, 1)
        self.clear()

    def clear(self) -> None:
        """Show no photo."""
        self._photo.set_photo(None)
        self._badge.hide()
        self._stack.setCurrentIndex(0)

    def show_waiting(self, path: Path) -> None:
        """Show that a photo is being looked at."""
        self._show(path, "", readable=True)
        self._photo.set_photo(path if path.is_file() else None)
        self._badge.hide()
        self._bars.hide()
        self._waiting.show()

    def show_answer(self, row: PredictionRow, scores: list[Score], n_classes: int) -> None:
        """Show a photo with its answer.

        Args:
            row: The answer, as in the table.
            scores: The best classes; empty for an unreadable file.
            n_classes: How many classes there are in all.
        """
        self._show(row.path, row.folder, readable=not row.reason)
        words, kind = _STATES[row.state]
        self._badge.set_text(words, kind)
        self._badge.show()
        self._photo.set_photo(row.path, ", ".join(part for part in (row.class_name, words.lower()) if part))
        self._bars.set_scores(scores, n_classes, unsure=row.state == "unsure")
        self._bars.setVisible(bool(scores))
        self._broken.set_text("This photo can't be read", row.reason)
        self._waiting.hide()

    def photo(self) -> Path | None:
        """The photo shown."""
        return self._photo.photo()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the photo's place at 4:3, so that nothing jumps from photo to photo."""
        super().resizeEvent(event)
        for part in (self._photo, self._broken):
            part.setFixedHeight(round((self.width() - 2 * theme.SPACE_20) * 0.75))

    def _show(self, path: Path, place: str, *, readable: bool) -> None:
        self._photo.setVisible(readable)
        self._broken.setVisible(not readable)
        self._name.setText(path.name)
        self._place.setText(place)
        self._place.setVisible(bool(place))
        self._stack.setCurrentIndex(1)

    def _content(self) -> QWidget:
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE_4)
        column.addWidget(self._photo)
        column.addWidget(self._broken)
        column.addSpacing(theme.SPACE_8)
        column.addWidget(self._name)
        column.addWidget(self._place)
        column.addSpacing(theme.SPACE_8)
        column.addWidget(self._bars)
        column.addWidget(self._waiting)
        column.addStretch(1)
        return content
