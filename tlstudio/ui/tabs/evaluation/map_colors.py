"""What the colours of the map mean: classes, or what the exam said; and the legend under the map."""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QHBoxLayout, QLayout, QVBoxLayout, QWidget

from tlstudio.evaluation.report import Report
from tlstudio.ui import theme
from tlstudio.ui.widgets.chips import ClassChip
from tlstudio.ui.widgets.fields import ComboBox
from tlstudio.ui.widgets.flow_layout import FlowLayout
from tlstudio.ui.widgets.labels import TextLabel
from tlstudio.ui.widgets.segmented import Segmented
from tlstudio.ui.widgets.tooltip import set_tooltip
from tlstudio.workflows.map_photos import PhotoMap

_MOST_COLORED: Final = 6
_MEANINGS: Final = (("class", "By class"), ("right", "Right or wrong"))


class MapColors(QWidget):
    """The legend; from the seventh class on one class is coloured, and chosen here.

    Attributes:
        changed: The dots have other colours now.
        what: Chooses what the colours mean; it stands wherever its owner wants it.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.what = Segmented(_MEANINGS, "What the colours mean")
        self._class = ComboBox()
        self._class.setAccessibleName("Class that is coloured")
        self._legend = FlowLayout()
        self._key = TextLabel("Green: right. Orange: wrong. Grey: not in the exam.", "secondary", "text2")
        self._one = QWidget()
        one = QHBoxLayout(self._one)
        one.setContentsMargins(0, 0, 0, 0)
        one.setSpacing(theme.SPACE_8)
        one.addWidget(TextLabel("Coloured:", "secondary", "text2"))
        one.addWidget(self._class)
        one.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(self._legend)
        column.addWidget(self._one)
        column.addWidget(self._key)
        set_tooltip(self.what, "Colour the photos by their class, or by what the exam said of them")
        set_tooltip(self._class, "With so many classes one is coloured: choose it here, or click one of its photos")
        self.what.changed.connect(lambda _key: self._show_meaning())
        self._class.currentIndexChanged.connect(lambda _index: self.changed.emit())

    def show_map(self, photos: PhotoMap, report: Report) -> None:
        """Offer the classes of a map; with many, the one recognised worst is coloured first."""
        names = [self._class.itemText(place) for place in range(self._class.count())]
        if names != list(photos.classes):
            _clear(self._legend)
            if len(photos.classes) <= _MOST_COLORED:
                for index, name in enumerate(photos.classes):
                    self._legend.addWidget(ClassChip(name, index, len(photos.classes)))
                self._legend.addWidget(QWidget())  # the last item of the layout stands at the right
            self._class.blockSignals(True)
            self._class.clear()
            self._class.addItems(list(photos.classes))
            judged = [entry for entry in report.per_class if entry.support]
            worst = min(judged, key=lambda entry: entry.f1).name if judged else photos.classes[0]
            self._class.setCurrentText(worst)
            self._class.blockSignals(False)
            self._class.updateGeometry()
        self._show_meaning()

    def choose_class(self, index: int) -> None:
        """Colour this class, where only one is coloured."""
        self._class.setCurrentIndex(index)

    def of(self, photos: PhotoMap, report: Report) -> tuple[NDArray[np.int64], list[QColor]]:
        """Number of the colour of each photo (n,), and the colours."""
        if self.what.current_key() == "class":
            n, selected = len(photos.classes), self._class.currentIndex()
            return photos.labels, [theme.class_color(index, n, index == selected) for index in range(n)]
        judged = {photo.path: 2 - photo.right for photo in report.photos}
        inks = np.array([judged.get(sample.path, 0) for sample in photos.samples], dtype=np.int64)
        return inks, [theme.color("line2"), theme.color("accent"), theme.color("wrong_mark")]

    def _show_meaning(self) -> None:
        by_class, few = self.what.current_key() == "class", self._class.count() <= _MOST_COLORED
        for place in range(self._legend.count()):
            item = self._legend.itemAt(place)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.setVisible(by_class)
        self._one.setVisible(by_class and not few)
        self._key.setVisible(not by_class)
        self.changed.emit()


def _clear(layout: QLayout) -> None:
    while layout.count():
        item = layout.takeAt(0)
        widget = item.widget() if item is not None else None
        if widget is not None:
            widget.deleteLater()
