"""The photos that a model learnt from and that are most like the one shown: "It learnt this from"."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from tlstudio.prediction.explanation.neighbours import Neighbour
from tlstudio.ui import theme
from tlstudio.ui.widgets import painting, photo_painting
from tlstudio.ui.widgets.labels import TextLabel
from tlstudio.ui.widgets.thumbnails import ThumbnailCache
from tlstudio.ui.widgets.tooltip import set_tooltip

_SHOWN: Final = 4
_WIDTH, _HEIGHT = 84, 68


class NeighbourRow(QWidget):
    """The most alike photos as buttons, and what all of those found are.

    Attributes:
        chosen: A photo is to be shown large; carries its ``Neighbour``, or None for back to the first one.
    """

    chosen = Signal(object)

    def __init__(self, thumbnails: ThumbnailCache, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._neighbours: Sequence[Neighbour] = ()
        self._buttons = [_NeighbourButton(thumbnails) for _ in range(_SHOWN)]
        self._title = TextLabel("It learnt this from", "strong")
        self._line = TextLabel("", "secondary", "text2", wrap=True)
        set_tooltip(
            self._title,
            "The photos it learnt from that it finds most like this one",
            term="Nearest neighbours by the cosine of the features",
        )
        row = QHBoxLayout()
        row.setSpacing(theme.SPACE_8)
        for place, button in enumerate(self._buttons):
            button.clicked.connect(lambda _checked=False, place=place: self._choose(place))
            row.addWidget(button)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE_8)
        column.addWidget(self._title)
        column.addLayout(row)
        column.addWidget(self._line)

    def show_neighbours(self, root: Path, classes: Sequence[str], neighbours: Sequence[Neighbour]) -> None:
        """Show these, of the photos in ``root``."""
        self._neighbours = neighbours
        for button, neighbour in zip(self._buttons, neighbours, strict=False):
            button.show_neighbour(root / neighbour.path, classes[neighbour.class_index], neighbour.likeness)
        for place, button in enumerate(self._buttons):
            button.setVisible(place < len(neighbours))
            button.setChecked(False)
        self._line.setText(neighbour_sentence(classes, neighbours))

    def say(self, words: str) -> None:
        """Say why there are none, or none yet."""
        self.show_neighbours(Path(), (), ())
        self._line.setText(words)

    def _choose(self, place: int) -> None:
        checked = self._buttons[place].isChecked()
        for other, button in enumerate(self._buttons):
            button.setChecked(checked and other == place)
        self.chosen.emit(self._neighbours[place] if checked else None)


def neighbour_sentence(classes: Sequence[str], neighbours: Sequence[Neighbour]) -> str:
    """What the photos found are: "9 of the 10 most alike are labelled tulips."."""
    if not neighbours:
        return ""
    counts = Counter(neighbour.class_index for neighbour in neighbours).most_common(2)
    first, count = counts[0]
    if count == len(neighbours):
        return f"All {count} most alike are labelled {classes[first]}." if count > 1 else ""
    rest = f", {counts[1][1]} {classes[counts[1][0]]}" if counts[1:] else ""
    return f"{count} of the {len(neighbours)} most alike are labelled {classes[first]}{rest}."


class _NeighbourButton(QAbstractButton):
    focus_radius = theme.RADIUS_CELL

    def __init__(self, thumbnails: ThumbnailCache) -> None:
        super().__init__()
        self._thumbnails, self._path = thumbnails, Path()
        self.setCheckable(True)
        self.setAccessibleName("Photo that it learnt from")
        set_tooltip(self, "A photo that it learnt from")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        thumbnails.loaded.connect(self._show_loaded)

    def show_neighbour(self, path: Path, class_name: str, likeness: float) -> None:
        self._path = path
        self._thumbnails.keep(self, {path})
        self.setAccessibleName(f"{path.stem.replace('_', ' ')}, labelled {class_name}")
        set_tooltip(self, f"{path.name}, labelled {class_name}. Press to see it large", term=f"cosine {likeness:.2f}")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(_WIDTH, _HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(40, _HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painting.prepare(painter)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        place, reason = QRectF(self.rect()), self._thumbnails.reason(self._path)
        side = round(2 * _WIDTH * self.devicePixelRatioF())
        pixmap = None if reason else self._thumbnails.pixmap(self._path, side, self)
        if reason:
            photo_painting.unreadable(painter, place, theme.RADIUS_CELL, reason)
        elif pixmap is None:
            painting.box(painter, place, theme.RADIUS_CELL, theme.color("sunken"))
        else:
            photo_painting.photo(painter, place, pixmap, theme.RADIUS_CELL)
        if self.isChecked():
            painting.box(painter, place, theme.RADIUS_CELL, border=theme.color("accent"), width=3.0)

    def _show_loaded(self, path: Path) -> None:
        if path == self._path:
            self.update()
