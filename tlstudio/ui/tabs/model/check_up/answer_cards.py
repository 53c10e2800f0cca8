"""One card a photo: the photo, and the five best answers of every network."""

from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from tlstudio.ui import theme
from tlstudio.ui.widgets.labels import ElidedLabel
from tlstudio.ui.widgets.photo_view import PhotoView
from tlstudio.ui.widgets.score_bars import Score, ScoreBars
from tlstudio.ui.widgets.thumbnails import ThumbnailCache
from tlstudio.workflows.check_up import CheckUp

MOST_CARDS: Final = 12
"""Photos that get a card; the table has all of them."""

_LEAST_WIDTH: Final = 260
_PHOTO_HEIGHT: Final = 168
_CLASSES: Final = 1000


class AnswerCards(QWidget):
    """Cards side by side, as many as fit."""

    def __init__(self, thumbnails: ThumbnailCache, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._thumbnails = thumbnails
        self._cards: list[QWidget] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(theme.SPACE_24)

    def show_answers(self, result: CheckUp | None) -> None:
        """Show the first photos of a result; None for nothing."""
        for card in self._cards:
            self._grid.removeWidget(card)
            card.hide()
            card.deleteLater()
        count = min(len(result.photos), MOST_CARDS) if result else 0
        self._cards = [_card(result, number, self._thumbnails) for number in range(count)] if result else []
        self._place()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """More or fewer beside each other."""
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self._place()

    def _place(self) -> None:
        columns = max((self.width() + theme.SPACE_24) // (_LEAST_WIDTH + theme.SPACE_24), 1)
        for column in range(self._grid.columnCount()):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)
        for number, card in enumerate(self._cards):
            self._grid.removeWidget(card)
            self._grid.addWidget(card, number // columns, number % columns, Qt.AlignmentFlag.AlignTop)


def _card(result: CheckUp, number: int, thumbnails: ThumbnailCache) -> QWidget:
    path = Path(result.photos[number])
    best = result.opinions[0].guesses[number][0]
    card = QWidget()
    card.setAccessibleName(f"{path.name}: {best.name}")
    column = QVBoxLayout(card)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(theme.SPACE_4)
    photo = PhotoView(thumbnails, alignment=Qt.AlignmentFlag.AlignLeft)
    photo.setFixedHeight(_PHOTO_HEIGHT)
    photo.set_photo(path, best.name)
    column.addWidget(photo)
    column.addWidget(ElidedLabel(path.name, "secondary", "text2", mode=Qt.TextElideMode.ElideMiddle))
    for opinion in result.opinions:
        column.addSpacing(theme.SPACE_4)
        column.addWidget(ElidedLabel(opinion.title, "secondary_strong"))
        bars = ScoreBars()
        guesses = opinion.guesses[number]
        bars.set_scores([Score(guess.name, place, guess.score) for place, guess in enumerate(guesses)], _CLASSES)
        column.addWidget(bars)
    return card
