"""The Map view: photos that the network finds alike lie beside each other."""

from pathlib import Path

import numpy as np
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from tlstudio.evaluation.report import Report
from tlstudio.events import CancelToken, Emit
from tlstudio.runs.store import StoredRun
from tlstudio.ui import theme
from tlstudio.ui.tabs.evaluation.corrections import found_by
from tlstudio.ui.tabs.evaluation.desk import Desk, DeskBar
from tlstudio.ui.tabs.evaluation.page import EvaluationPage, PageContext
from tlstudio.ui.widgets.card import Card
from tlstudio.ui.widgets.chips import ClassChip
from tlstudio.ui.widgets.flow_layout import FlowLayout
from tlstudio.ui.widgets.labels import ElidedLabel, TextLabel
from tlstudio.ui.widgets.photo_grid import PhotoGrid
from tlstudio.ui.widgets.photo_tile import PhotoItem
from tlstudio.ui.widgets.photo_view import PhotoView
from tlstudio.ui.widgets.point_map import PointMap
from tlstudio.ui.widgets.segmented import Segmented
from tlstudio.ui.widgets.tooltip import set_tooltip
from tlstudio.wording import counted
from tlstudio.workflows.map_photos import Method, PhotoMap, map_photos

_METHODS: tuple[tuple[Method, str], ...] = (("pca", "Quick"), ("tsne", "Neighbours"))
_COLORS = (("class", "By class"), ("right", "Right or wrong"))
_MOST_LEGEND = 6
_HINT = "Point at a dot to see its photo"


class MapPage(EvaluationPage):
    """The map | the photo looked at, over those chosen."""

    def __init__(self, context: PageContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._of: StoredRun | None = None
        self._report: Report | None = None
        self._maps: dict[str, PhotoMap] = {}
        self._photos: PhotoMap | None = None
        self._desk = Desk(context.session, self)
        self._method = Segmented(list(_METHODS), "How the photos are laid out")
        self._color = Segmented(list(_COLORS), "What the colours mean")
        self._map = PointMap("Map of the photos")
        self._note = TextLabel("", "secondary", "text2", wrap=True)
        self._legend = FlowLayout()
        self._name = ElidedLabel(_HINT, "strong")
        self._photo = PhotoView(context.thumbnails)
        self._grid = PhotoGrid(context.thumbnails)
        self._chosen = Card("Chosen photos", padding=theme.SPACE_24)
        self._chosen.hide()
        self._lay_out()
        self._explain()
        self._desk.succeeded.connect(self._take)
        self._method.changed.connect(lambda _key: self.opened())
        self._color.changed.connect(lambda _key: self._show_colors())
        self._map.looked_at.connect(self._look_at)
        self._map.chosen.connect(self._choose)

    def show_report(self, report: Report) -> None:
        """Another run is open: its photos are laid out when this view is opened."""
        stored = self.context.session.stored
        self._report = report
        if stored is not self._of:
            self._of, self._maps, self._photos = stored, {}, None
            self._desk.stop()
            self._name.setText(_HINT)
            self._photo.set_photo(None)
            self._map.set_points(np.zeros((0, 2), np.float32), np.zeros(0, np.int64), [])
            self._show_chosen([])

    def opened(self) -> None:
        """Lay the photos out, unless that is done or under way."""
        method: Method = "tsne" if self._method.current_key() == "tsne" else "pca"
        if method in self._maps:
            self._desk.stop()
            self._show(self._maps[method])
        elif self._of is not None:
            stored, dataset = self._of, self.context.session.photos.dataset
            photos = dataset if dataset is not None and dataset.root == stored.run.root else found_by(stored)

            def task(emit: Emit, token: CancelToken) -> tuple[Method, PhotoMap]:
                return method, map_photos(photos, stored, method, emit=emit, token=token)

            self._desk.start(task)

    def _take(self, answer: tuple[str, PhotoMap]) -> None:
        method, photos = answer
        self._maps[method] = photos
        self._show(photos)

    def _show(self, photos: PhotoMap) -> None:
        self._photos = photos
        self._map.set_points(photos.points, np.zeros(len(photos.points), np.int64), [theme.color("line2")])
        self._show_colors()
        self._show_chosen([])
        aside = f" {counted(photos.left_aside, 'photo')} of the many are not shown." if photos.left_aside else ""
        self._note.setText(f"Draw a line around photos to choose them.{aside}")

    def _show_colors(self) -> None:
        photos, report = self._photos, self._report
        if photos is None or report is None:
            return
        names: list[tuple[str, int]] = []
        if self._color.current_key() == "class":
            n = len(photos.classes)
            colors = [theme.class_color(index, n) for index in range(n)]
            inks = photos.labels
            names = [(name, index) for index, name in enumerate(photos.classes)] if n <= _MOST_LEGEND else []
        else:
            judged = {photo.path: 2 - photo.right for photo in report.photos}
            inks = np.array([judged.get(sample.path, 0) for sample in photos.samples], dtype=np.int64)
            colors = [_quiet(), theme.color("accent"), theme.color("wrong_mark")]
        self._map.set_colors(inks, colors)
        self._show_legend(names, len(photos.classes))

    def _show_legend(self, names: list[tuple[str, int]], n: int) -> None:
        while self._legend.count():
            item = self._legend.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.deleteLater()
        for name, index in names:
            self._legend.addWidget(ClassChip(name, index, n))
        if names:
            self._legend.addWidget(QWidget())  # the last item of the layout stands at the right
        elif self._color.current_key() == "right":
            self._legend.addWidget(
                TextLabel("Green: right. Orange: wrong. Grey: not in the exam.", "secondary", "text2")
            )

    def _look_at(self, number: int) -> None:
        if self._photos is None or number < 0:
            return
        sample = self._photos.samples[number]
        self._name.setText(f"{Path(sample.path).name}, {sample.class_name}")
        self._photo.set_photo(Path(self._photos.root) / sample.path, sample.class_name)

    def _choose(self, numbers: list[int]) -> None:
        if self._photos is None or self._report is None:
            return
        self._show_chosen(numbers)
        if numbers:
            self._look_at(numbers[0])
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
        set_tooltip(self._color, "Colour the photos by their class, or by what the exam said of them")
        set_tooltip(
            self._map,
            "Each dot is a photo. Draw a line around some to choose them",
            key="Arrows, Enter and Esc",
        )

    def _lay_out(self) -> None:
        card = Card("Map of the photos", padding=theme.SPACE_24)
        switches = QHBoxLayout()
        switches.setSpacing(theme.SPACE_12)
        switches.addWidget(self._method)
        switches.addWidget(self._color)
        switches.addStretch(1)
        card.body.addLayout(switches)
        card.body.addWidget(DeskBar(self._desk))
        card.body.addWidget(self._map, 1)
        card.body.addLayout(self._legend)
        card.body.addWidget(self._note)
        looked = Card(padding=theme.SPACE_24)
        looked.body.addWidget(self._name)
        looked.body.addWidget(self._photo, 1)
        self._chosen.body.addWidget(self._grid, 1)
        side = QWidget()
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE_16)
        column.addWidget(looked, 1)
        column.addWidget(self._chosen, 1)
        self.lay_out_columns(card, side)


def _quiet() -> QColor:
    return theme.color("line2")
