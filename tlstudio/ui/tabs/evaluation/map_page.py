"""The Map view: photos that the network finds alike lie beside each other."""

from pathlib import Path
from typing import Final

import numpy as np
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from tlstudio.evaluation.report import Report
from tlstudio.events import CancelToken, Emit
from tlstudio.runs.store import StoredRun
from tlstudio.ui import theme
from tlstudio.ui.tabs.evaluation.desk import Desk
from tlstudio.ui.tabs.evaluation.map_colors import MapColors
from tlstudio.ui.tabs.evaluation.page import EvaluationPage, PageContext
from tlstudio.ui.widgets.buttons import Button, IconButton
from tlstudio.ui.widgets.card import Card
from tlstudio.ui.widgets.empty_state import EmptyState
from tlstudio.ui.widgets.labels import ElidedLabel, TextLabel
from tlstudio.ui.widgets.photo_grid import PhotoGrid
from tlstudio.ui.widgets.photo_tile import PhotoItem
from tlstudio.ui.widgets.photo_view import PhotoView
from tlstudio.ui.widgets.point_map import PointMap
from tlstudio.ui.widgets.segmented import Segmented
from tlstudio.ui.widgets.tooltip import set_tooltip
from tlstudio.wording import counted
from tlstudio.workflows.map_photos import Method, PhotoMap, map_photos

_METHODS: Final[tuple[tuple[Method, str], ...]] = (("pca", "Quick"), ("tsne", "Neighbours"))
_ALIKE: Final = "Photos that the network finds alike lie beside each other."
_HOW: Final = "Draw a line around photos to choose them. Come closer to see them, with the wheel or + and −."


class MapPage(EvaluationPage):
    """The map | the photo looked at, over those chosen."""

    def __init__(self, context: PageContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._of: StoredRun | None = None
        self._report: Report | None = None
        self._maps: dict[str, PhotoMap] = {}
        self._photos: PhotoMap | None = None
        self._under_way: Method = "pca"  # what the desk is, or was last, busy with
        self._desk = Desk(context.session, "Laying out the photos", self)
        self._method = Segmented(_METHODS, "How the photos are laid out")
        self._colors = MapColors()
        self._map = PointMap("Map of the photos", context.thumbnails)
        self._closer = IconButton("plus", "Come closer")
        self._farther = IconButton("minus", "Go farther away")
        self._note = TextLabel("", "secondary", "text2", wrap=True)
        self._empty = EmptyState("image", "", _ALIKE)
        # One where there is no map yet, and one under the map of the other method.
        self._begin, self._change = (Button("Lay them out", size="small") for _ in range(2))
        self._name = ElidedLabel("", "strong")
        self._photo = PhotoView(context.thumbnails)
        self._grid = PhotoGrid(context.thumbnails)
        self._chosen = Card("Chosen photos", padding=theme.SPACE_24)
        self._chosen.hide()
        self._lay_out()
        self._explain()
        self._connect()

    def show_report(self, report: Report) -> None:
        """Another run is open: its photos are laid out when this view is opened."""
        stored = self.context.session.stored
        self._report = report
        if stored is not self._of:
            self._of, self._maps, self._photos = stored, {}, None
            self._desk.stop()
            self._looked.setCurrentIndex(0)
            self._map.set_points(np.zeros((0, 2), np.float32), ())
            self._show_chosen([])
        self._show_colors()
        self._show_progress()

    def opened(self) -> None:
        """Lay the photos out, unless that is done or under way."""
        method = self._wanted()
        if method in self._maps:
            self._desk.stop()
            if self._photos is not self._maps[method]:
                self._show(self._maps[method])
        elif self._of is not None and not (self._desk.busy and self._under_way == method):
            self._start(method, self._of)

    def _wanted(self) -> Method:
        return "tsne" if self._method.current_key() == "tsne" else "pca"

    def _start(self, method: Method, stored: StoredRun) -> None:
        photos = self.context.photos_of(stored)

        def task(emit: Emit, token: CancelToken) -> tuple[Method, PhotoMap]:
            return method, map_photos(photos, stored, method, emit=emit, token=token)

        self._under_way = method
        self._desk.start(task)

    def _connect(self) -> None:
        self._desk.succeeded.connect(self._take)
        self._desk.changed.connect(self._show_progress)
        for button in (self._begin, self._change):
            button.clicked.connect(self.opened)
        self._method.changed.connect(lambda _key: self.opened())
        self._colors.changed.connect(self._show_colors)
        theme.notifier().changed.connect(self._show_colors)
        self._map.looked_at.connect(self._look_at)
        self._map.chosen.connect(self._choose)
        self._map.zoomed.connect(lambda _zoom: self._farther.setDisabled(self._map.whole))
        self._closer.clicked.connect(lambda: self._map.zoom(2))
        self._farther.clicked.connect(lambda: self._map.zoom(-2))

    def _take(self, answer: tuple[str, PhotoMap]) -> None:
        method, photos = answer
        self._maps[method] = photos
        self._show(photos)

    def _show(self, photos: PhotoMap) -> None:
        self._photos = photos
        root = Path(photos.root)
        self._map.set_points(photos.points, [root / sample.path for sample in photos.samples])
        if self._report is not None:
            self._colors.show_map(photos, self._report)
        self._show_colors()
        self._show_chosen([])
        self._show_progress()

    def _show_progress(self) -> None:
        """Say what the map shows, or what becomes of it; offer to begin what is neither done nor under way."""
        busy, done = self._desk.busy, self._wanted() in self._maps
        self._empty.set_text("The photos are being laid out" if busy else "The photos are not laid out", _ALIKE)
        self._drawing.setCurrentIndex(self._photos is not None)
        self._closer.setEnabled(self._photos is not None)
        for button in (self._begin, self._change):
            button.setHidden(busy or done)
        if self._photos is not None:
            self._note.setText(_about(self._photos) if done else _meanwhile(self._wanted(), busy))

    def _show_colors(self) -> None:
        if self._photos is not None and self._report is not None:
            self._map.set_colors(*self._colors.of(self._photos, self._report))

    def _look_at(self, number: int) -> None:
        if self._photos is None or number < 0:
            return
        sample = self._photos.samples[number]
        self._name.setText(f"{Path(sample.path).name}, {sample.class_name}")
        self._photo.set_photo(Path(self._photos.root) / sample.path, sample.class_name)
        self._looked.setCurrentIndex(1)

    def _choose(self, numbers: list[int]) -> None:
        if self._photos is None or self._report is None:
            return
        self._show_chosen(numbers)
        if numbers:
            self._look_at(numbers[0])
        if len(numbers) == 1:
            self._colors.choose_class(int(self._photos.labels[numbers[0]]))
        paths = {self._photos.samples[number].path for number in numbers}
        judged = [photo for photo in self._report.photos if photo.path in paths]
        if judged:
            self.context.chosen.choose(f"{counted(len(judged), 'photo')} chosen on the map", judged)
        else:
            self.context.chosen.clear()

    def _show_chosen(self, numbers: list[int]) -> None:
        photos = self._photos
        self._chosen.set_title(f"{counted(len(numbers), 'photo')} chosen")
        self._chosen.setVisible(bool(numbers))
        if photos is None:
            self._grid.set_items(())
            return
        self._grid.set_classes(len(photos.classes))
        self._grid.set_items([self._tile(photos, number) for number in numbers])

    def _tile(self, photos: PhotoMap, number: int) -> PhotoItem:
        sample = photos.samples[number]
        return PhotoItem(Path(photos.root) / sample.path, sample.class_name, int(photos.labels[number]))

    def _explain(self) -> None:
        set_tooltip(self._method, "The quick map, or one that keeps neighbours together", term="PCA or t-SNE")
        for button in (self._begin, self._change):
            set_tooltip(button, "Let the network look at the photos, and give each its place")
        set_tooltip(self._closer, "Come closer: where there is room, dots become photos", key="+")
        set_tooltip(self._farther, "Go farther away", key="−")
        set_tooltip(
            self._map,
            "Each dot is a photo. Draw a line around some to choose them; the right button moves the map",
            key="Arrows, Enter, Esc, +, − and 0",
        )

    def _lay_out(self) -> None:
        card = Card("Map of the photos", padding=theme.SPACE_24)
        for button in (self._farther, self._closer):
            card.add_action(button)
        self._farther.setDisabled(True)
        switches = QHBoxLayout()
        switches.setSpacing(theme.SPACE_12)
        switches.addWidget(self._method)
        switches.addWidget(self._colors.what)
        switches.addStretch(1)
        card.body.addLayout(switches)
        self._empty.add_way(self._begin)
        self._drawing = QStackedLayout()
        self._drawing.addWidget(self._empty)
        self._drawing.addWidget(self._drawn())
        card.body.addLayout(self._drawing, 1)
        self.lay_out_columns(card, self._side())

    def _drawn(self) -> QWidget:
        drawn = QWidget()
        column = QVBoxLayout(drawn)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE_8)
        foot = QHBoxLayout()
        foot.setSpacing(theme.SPACE_12)
        foot.addWidget(self._note, 1)
        foot.addWidget(self._change)
        column.addWidget(self._map, 1)
        column.addWidget(self._colors)
        column.addLayout(foot)
        return drawn

    def _side(self) -> QWidget:
        photo = QWidget()
        large = QVBoxLayout(photo)
        large.setContentsMargins(0, 0, 0, 0)
        large.setSpacing(theme.SPACE_12)
        large.addWidget(self._name)
        large.addWidget(self._photo, 1)
        self._looked = QStackedLayout()
        self._looked.addWidget(EmptyState("image", "No photo is looked at", "Point at a dot to see its photo."))
        self._looked.addWidget(photo)
        looked = Card(padding=theme.SPACE_24)
        looked.body.addLayout(self._looked, 1)
        self._chosen.body.addWidget(self._grid, 1)
        side = QWidget()
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE_16)
        column.addWidget(looked, 1)
        column.addWidget(self._chosen, 1)
        return side


def _about(photos: PhotoMap) -> str:
    """What can be done with a map, and what it leaves out."""
    aside = f" {counted(photos.left_aside, 'photo')} of the many are not shown." if photos.left_aside else ""
    return f"{_HOW}{aside}"


def _meanwhile(wanted: Method, busy: bool) -> str:
    """Why the map is the other one than that which is wanted."""
    titles = dict(_METHODS)
    shown = next(title for method, title in _METHODS if method != wanted)
    becomes = "is being laid out" if busy else "is not laid out"
    return f"This is still the map “{shown}”. “{titles[wanted]}” {becomes}."
