"""A photo with its name, its heat map, and the photos that the model learnt its answer from."""

from dataclasses import replace
from pathlib import Path
from typing import Final

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from tlstudio.prediction.explanation.heat_map import HeatMap
from tlstudio.prediction.explanation.neighbours import Neighbour
from tlstudio.ui import theme
from tlstudio.ui.tabs.evaluation.explanations import Explanations
from tlstudio.ui.tabs.evaluation.heat_controls import HeatOptions
from tlstudio.ui.tabs.evaluation.neighbour_row import NeighbourRow
from tlstudio.ui.widgets.buttons import IconButton
from tlstudio.ui.widgets.heat_photo import HeatPhoto
from tlstudio.ui.widgets.labels import ElidedLabel
from tlstudio.ui.widgets.score_bars import Score
from tlstudio.ui.widgets.segmented import Segmented
from tlstudio.ui.widgets.thumbnails import ThumbnailCache
from tlstudio.ui.widgets.tooltip import set_tooltip

LEAST_HEIGHT: Final = 96


class PhotoPane(QWidget):
    """Shows a photo large and asks why the model says what it says of it, while somebody looks.

    Attributes:
        photo: The photo.
        neighbours: What the model learnt its answer from; to be placed by whoever owns the pane.
    """

    def __init__(self, thumbnails: ThumbnailCache, explanations: Explanations, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._explanations = explanations
        self._path: Path | None = None
        self._description = ""
        self._scores: tuple[Score, ...] = ()
        self._classes: tuple[str, ...] = ()
        self._class_index = 0
        self.photo = HeatPhoto(thumbnails)
        self.neighbours = NeighbourRow(thumbnails)
        self._name = ElidedLabel("", "strong", mode=Qt.TextElideMode.ElideMiddle)
        self._place = ElidedLabel("", "secondary", "text2", mode=Qt.TextElideMode.ElideMiddle)
        self._says = ""
        self._switch = Segmented([("photo", "Photo"), ("heat", "Heat map")], "What is shown of the photo")
        self._more = IconButton("sliders", "Strength, class and method of the heat map")
        set_tooltip(self._switch, "Show what the model looked at", term="Grad-CAM, occlusion sensitivity", key="H")
        self._lay_out()
        explanations.found.connect(self._take)
        explanations.progressed.connect(self._tell)
        explanations.view_changed.connect(self._follow)
        self._switch.changed.connect(lambda key: explanations.set_view(replace(explanations.view, shown=key == "heat")))
        self._more.clicked.connect(self._open_options)
        self.neighbours.chosen.connect(self._show_large)

    @property
    def path(self) -> Path | None:
        """The photo that is asked about, also while one like it is shown in its place."""
        return self._path

    def set_classes(self, classes: tuple[str, ...]) -> None:
        """Tell the names of all classes of the run."""
        self._classes = classes

    def show_photo(self, path: Path | None, place: str, scores: tuple[Score, ...], description: str = "") -> None:
        """Show another photo.

        Args:
            path: Its file; None for none.
            place: Where it lies, as a person would say it.
            scores: The best answers, the surest first; empty while there are none, or where nothing is explained.
            description: What a screen reader says of it.
        """
        other = path != self._path
        self._path, self._description, self._scores = path, description, scores
        if other or not any(score.index == self._class_index for score in scores):
            self._class_index = scores[0].index if scores else 0
        self._name.setText(path.name if path is not None else "")
        self._says = place
        self._say("")
        self._follow_view()
        if other:
            self.photo.set_heat(None)
            self.neighbours.hide()
        self.photo.set_photo(path, description)
        self._explain()

    def set_photo_height(self, height: int) -> None:
        """Give the photo so much room, whatever its proportions: nothing jumps from photo to photo."""
        self.photo.setFixedHeight(max(height, LEAST_HEIGHT))

    def height_around(self) -> int:
        """Height of what stands under the photo."""
        return theme.HEIGHT_SMALL + self._place.sizeHint().height() + theme.SPACE_8 + theme.SPACE_4

    def showEvent(self, event: QShowEvent) -> None:
        """Find out what was not worth finding out while nobody looked."""
        super().showEvent(event)
        self._explain()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(theme.SPACE_8)
        head.addWidget(self._name, 1)
        head.addWidget(self._switch)
        head.addWidget(self._more)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE_4)
        column.addWidget(self.photo)
        column.addSpacing(theme.SPACE_4)
        column.addLayout(head)
        column.addWidget(self._place)
        self._name.setMinimumHeight(theme.HEIGHT_SMALL)
        self.neighbours.hide()

    # How the heat map is looked at.

    def _follow(self) -> None:
        self._follow_view()
        self._explain()

    def _follow_view(self) -> None:
        shown = self._explanations.view.shown
        self._switch.set_current("heat" if shown else "photo")
        self._switch.setVisible(bool(self._scores))
        self._more.setVisible(shown and bool(self._scores))

    def _open_options(self) -> None:
        classes = [(score.name, score.index) for score in self._scores]
        card = HeatOptions(self._explanations, classes, self._class_index, self)
        card.class_chosen.connect(self._speak_for)
        card.adjustSize()
        corner = self._more.mapToGlobal(QPoint(self._more.width(), 0))
        card.show_at(corner - QPoint(card.width(), card.height() + theme.SPACE_8))

    def _say(self, words: str) -> None:
        """Say what is going on, or wrong; nothing for the place of the photo."""
        self._place.setText(words or self._says)

    # What is found out.

    def _explain(self) -> None:
        if self._path is None or not self._scores or not self.isVisible():
            return
        self._explanations.ask(self._path, self._class_index)
        self._take(self._path)

    def _speak_for(self, class_index: int) -> None:
        self._class_index = class_index
        self._explain()

    def _take(self, photo: Path) -> None:
        """Show what is known of a photo, if it is this one."""
        if photo != self._path or not self._scores:
            return
        if self.photo.photo() != photo or not self._explanations.view.shown:
            self.photo.set_heat(None)
            self._say("")
        else:
            self._lay_over(self._explanations.heat_map(photo, self._class_index))
        if self.photo.photo() == photo:
            self._show_neighbours(photo)

    def _lay_over(self, heat: HeatMap | str | None) -> None:
        known = isinstance(heat, HeatMap)
        self.photo.set_heat(heat if isinstance(heat, HeatMap) else None, self._explanations.view.strength)
        self._say(heat if isinstance(heat, str) else "" if known else "Looking at the photo")

    def _show_neighbours(self, photo: Path) -> None:
        found, root = self._explanations.neighbours(photo), self._explanations.root
        shown = isinstance(found, tuple) and bool(found) and root is not None and bool(self._classes)
        self.neighbours.setVisible(shown)
        if isinstance(found, tuple) and shown and root is not None:
            self.neighbours.show_neighbours(root, self._classes, found)

    def _show_large(self, neighbour: Neighbour | None) -> None:
        """Show a photo that was learnt from in place of the one it is like; None for back."""
        root = self._explanations.root
        if neighbour is None or root is None:
            self.photo.set_photo(self._path, self._description)
            self._name.setText(self._path.name if self._path is not None else "")
        else:
            name = self._classes[neighbour.class_index]
            self.photo.set_photo(root / neighbour.path, f"learnt from as {name}")
            self._name.setText(f"Learnt from as {name}")
        self.photo.set_heat(None)
        if neighbour is None and self._path is not None:
            self._take(self._path)

    def _tell(self, words: str) -> None:
        waits = self._path is not None and self._explanations.heat_map(self._path, self._class_index) is None
        if self.isVisible() and self._explanations.view.shown and waits:
            self._say(words)
