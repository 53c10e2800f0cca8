"""The pairs of classes that are confused most: as links in a line, and all of them as sentences in a list."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QPoint, QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QListWidget, QListWidgetItem, QWidget

from tlstudio.ui import theme
from tlstudio.ui.widgets.buttons import Button
from tlstudio.ui.widgets.labels import TextLabel
from tlstudio.ui.widgets.matrix_layout import Pair
from tlstudio.ui.widgets.popover import Popover
from tlstudio.ui.widgets.tooltip import set_tooltip

_LINKS: Final = 6
_ROW, _ROWS = 28, 12
_WIDTH: Final = 420


class ConfusedPairs(QWidget):
    """As many links as fit in one line; the last button opens the list of all.

    Attributes:
        chosen: Carries the two names of a pair, both directions of which are meant.
        direction_chosen: Carries the name of what the photos are and the name of what they were taken for.
    """

    chosen = Signal(str, str)
    direction_chosen = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._links: list[Button] = []
        self._directions: Sequence[Pair] = ()
        self._lead = TextLabel("Most often confused", "secondary", "text2")
        self._all = Button("All pairs", "text", size="small")
        set_tooltip(self._all, "List every confusion as a sentence, the most frequent first")
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(theme.SPACE_16)
        self._row.addWidget(self._lead)
        self._row.addStretch(1)
        self._row.addWidget(self._all)
        self._all.clicked.connect(self._show_all)

    def set_pairs(self, pairs: Sequence[Pair], directions: Sequence[Pair]) -> None:
        """Show the first of these pairs.

        Args:
            pairs: Pairs of classes, both directions counted together, the most frequent first.
            directions: Confusions in one direction, the most frequent first.
        """
        for link in self._links:
            self._row.removeWidget(link)
            link.hide()
            link.deleteLater()
        self._directions = directions
        self._links = [self._link(pair) for pair in pairs[:_LINKS]]
        self._lead.setText("Most often confused" if pairs else "No two classes are confused.")
        self._all.setVisible(bool(directions))
        for place, link in enumerate(self._links, start=1):
            self._row.insertWidget(place, link)
        self._fit()

    def links(self) -> list[Button]:
        """The links, the most frequent pair first."""
        return list(self._links)

    def minimumSizeHint(self) -> QSize:
        """May become narrow: what doesn't fit is left out."""
        return QSize(200, theme.HEIGHT_SMALL)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as many as fit."""
        super().resizeEvent(event)
        self._fit()

    def _link(self, pair: Pair) -> Button:
        link = Button(f"{pair.true} and {pair.predicted}  {pair.count:,}", "text", size="small")
        link.setAccessibleName(f"{pair.true} and {pair.predicted}, confused {pair.count:,} times")
        set_tooltip(link, f"Show the photos of {pair.true} and {pair.predicted} that were taken for each other")
        link.clicked.connect(lambda: self.chosen.emit(pair.true, pair.predicted))
        return link

    def _fit(self) -> None:
        room = self.width() - self._lead.sizeHint().width() - self._all.sizeHint().width() - self._row.spacing()
        for place, link in enumerate(self._links):
            room -= link.sizeHint().width() + self._row.spacing()
            link.setVisible(room >= 0 or place == 0)

    def _show_all(self) -> None:
        listed = PairList(self._directions, self)
        listed.chosen.connect(self.direction_chosen)
        corner = self._all.mapToGlobal(QPoint(self._all.width(), 0))
        listed.adjustSize()
        listed.show_at(corner - QPoint(listed.width(), listed.height() + theme.SPACE_8))


class PairList(Popover):
    """Every confusion as a sentence; Enter or a click shows its photos.

    Attributes:
        chosen: Carries the name of what the photos are and the name of what they were taken for.
    """

    chosen = Signal(str, str)

    def __init__(self, pairs: Sequence[Pair], parent: QWidget) -> None:
        super().__init__("What was taken for what", _WIDTH, parent)
        self._pairs = pairs
        self._list = QListWidget()
        self._list.setFont(theme.font(13))
        self._list.setFrameShape(QFrame.Shape.NoFrame)
        self._list.setUniformItemSizes(True)
        self._list.setAccessibleName("Confusions, the most frequent first")
        set_tooltip(self._list, "Show the photos of one of them", key="Enter")
        for pair in pairs:
            item = QListWidgetItem(pair.sentence())
            item.setSizeHint(QSize(_WIDTH - 2 * theme.SPACE_24, _ROW))
            self._list.addItem(item)
        self._list.setCurrentRow(0)
        self._list.setFixedHeight(min(len(pairs), _ROWS) * _ROW + 4)
        self.body.addWidget(self._list)
        self.setFocusProxy(self._list)
        self._list.itemActivated.connect(self._choose)
        self._list.itemClicked.connect(self._choose)

    def _choose(self, item: QListWidgetItem) -> None:
        pair = self._pairs[self._list.row(item)]
        self.close()
        self.chosen.emit(pair.true, pair.predicted)
