"""One exam photo, large: what the model says of it, what it looked at, and what it learnt this from."""

from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLayout, QScrollArea, QVBoxLayout, QWidget

from tlstudio.evaluation.report import JudgedPhoto, Report
from tlstudio.prediction.explanation.heat_map import HeatMap
from tlstudio.prediction.explanation.neighbours import Neighbour
from tlstudio.ui import theme
from tlstudio.ui.tabs.evaluation.correction_row import CorrectionRow
from tlstudio.ui.tabs.evaluation.explained_photo import ExplainedPhoto
from tlstudio.ui.tabs.evaluation.heat_controls import HeatControls
from tlstudio.ui.tabs.evaluation.judged_photos import DOUBTFUL_BELOW, classes_of, sentence_on
from tlstudio.ui.tabs.evaluation.neighbour_row import NeighbourRow
from tlstudio.ui.tabs.evaluation.page import PageContext
from tlstudio.ui.widgets.chips import Badge, ClassChip
from tlstudio.ui.widgets.labels import ElidedLabel, TextLabel
from tlstudio.ui.widgets.score_bars import Score, ScoreBars

_SAYS_WIDTH: Final = 200


class PhotoFacts(QWidget):
    """File name and label over the photo; beside it answers and neighbours, or below it where there is more height."""

    def __init__(
        self,
        context: PageContext,
        *,
        upright: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        """Make the place for a photo.

        Args:
            context: Where photos, heat maps and neighbours come from, and where labels are corrected.
            upright: Whether the answers stand under the photo.
            parent: Owner.
        """
        super().__init__(parent)
        thumbnails = context.thumbnails
        self._explanations = explanations = context.explanations
        self._shown: tuple[Report, JudgedPhoto] | None = None
        self._class_index = 0
        self._name = ElidedLabel("", "strong", mode=Qt.TextElideMode.ElideMiddle)
        self._label = ClassChip("", 0, 1)
        self._badge = Badge("")
        corner = Qt.AlignmentFlag.AlignTop if upright else Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft
        self._controls = HeatControls(explanations)
        self._picture = ExplainedPhoto(thumbnails, self._controls, corner)
        self._photo = self._picture.photo
        self._bars = ScoreBars()
        self._neighbours = NeighbourRow(thumbnails)
        self._correction = CorrectionRow(context.corrections)
        self._lay_out(upright)
        self._connect()

    def show_photo(self, report: Report, photo: JudgedPhoto) -> None:
        """Show a photo of a report."""
        self._shown, self._class_index = (report, photo), photo.predicted
        self._correction.show_photo(report, photo)
        self._show_original()
        scores = [Score(report.classes[index], index, share) for index, share in photo.top]
        self._bars.set_scores(scores, len(report.classes), unsure=photo.score < DOUBTFUL_BELOW)
        self._explain()

    def photo(self) -> Path | None:
        """File of the photo shown."""
        return self._photo.photo()

    def showEvent(self, event: QShowEvent) -> None:
        """Find out what was not worth finding out while nobody looked."""
        super().showEvent(event)
        self._explain()

    # Building.

    def _connect(self) -> None:
        self._explanations.found.connect(self._take)
        self._explanations.progressed.connect(self._tell)
        self._explanations.view_changed.connect(self._explain)
        self._controls.class_chosen.connect(self._speak_for)
        self._neighbours.chosen.connect(self._show_large)
        self._correction.corrected.connect(self._show_label)

    def _lay_out(self, upright: bool) -> None:
        head = QHBoxLayout()
        head.setSpacing(theme.SPACE_12)
        for part in (self._name, self._label, self._badge):
            head.addWidget(part, 0, Qt.AlignmentFlag.AlignVCenter)
        head.addStretch(1)
        says = _column(TextLabel("What the model says", "strong"), self._bars)
        says.setSpacing(theme.SPACE_4)
        says.addStretch(1)
        beside: QHBoxLayout | QVBoxLayout = QHBoxLayout() if upright else QVBoxLayout()
        beside.setSpacing(theme.SPACE_24 if upright else theme.SPACE_16)
        beside.addLayout(says, 1 if upright else 0)
        beside.addWidget(self._neighbours, 1 if upright else 0, Qt.AlignmentFlag.AlignTop)
        if not upright:
            beside.addStretch(1)
        body: QHBoxLayout | QVBoxLayout = QVBoxLayout() if upright else QHBoxLayout()
        body.setSpacing(theme.SPACE_16 if upright else theme.SPACE_24)
        body.addWidget(self._picture, 1)
        if upright:
            body.addLayout(beside)
        else:
            body.addWidget(_scrolled(beside), 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE_12)
        column.addLayout(head)
        column.addLayout(body, 1)
        column.addWidget(self._correction)

    # The photo and what lies over it.

    def _show_original(self) -> None:
        if self._shown is None:
            return
        report, photo = self._shown
        path = Path(report.root) / photo.path
        self._name.setText(path.name)
        self._show_label()
        self._picture.show_photo(path, sentence_on(report, photo))

    def _show_label(self) -> None:
        """Its label, and whether the model was right by it; or what the label is now."""
        if self._shown is None:
            return
        report, photo = self._shown
        now, before = self._correction.label(), report.classes[photo.true]
        if now is None:
            self._badge.set_text("Left out", "info")
        elif now != before:
            self._badge.set_text(f"Now {now}", "info")
        else:
            self._badge.set_text("Right" if photo.right else "Wrong", "accent" if photo.right else "wrong")
        self._label.set_class(f"labelled {before}", photo.true, len(report.classes))

    def _show_large(self, neighbour: Neighbour | None) -> None:
        """Show a photo that was learnt from in place of the one it is like; None for back."""
        root = self._explanations.root
        if self._shown is None or neighbour is None or root is None:
            self._show_original()
        else:
            classes = self._shown[0].classes
            self._photo.set_heat(None)
            self._name.setText(Path(neighbour.path).name)
            name = classes[neighbour.class_index]
            self._label.set_class(f"labelled {name}", neighbour.class_index, len(classes))
            self._badge.set_text("Learnt from", "info")
            self._picture.show_photo(root / neighbour.path, f"learnt from as {name}")
        self._take(self._original())

    def _original(self) -> Path | None:
        return Path(self._shown[0].root) / self._shown[1].path if self._shown is not None else None

    # What is found out.

    def _explain(self) -> None:
        original = self._original()
        if original is None or self._shown is None or not self.isVisible():
            return
        self._controls.set_classes(classes_of(*self._shown), self._class_index)
        self._explanations.ask(original, self._class_index)
        self._show_neighbours(original)
        self._take(original)

    def _speak_for(self, class_index: int) -> None:
        self._class_index = class_index
        self._explain()

    def _take(self, photo: Path | None) -> None:
        """Show what is known of a photo, if it is this one."""
        if photo is None or photo != self._original() or self._shown is None:
            return
        if self._photo.photo() != photo or not self._explanations.view.shown:
            self._photo.set_heat(None)
            self._controls.set_status("")
        else:
            self._lay_over(self._explanations.heat_map(photo, self._class_index))
        if self.sender() is self._explanations:
            self._show_neighbours(photo)

    def _lay_over(self, heat: HeatMap | str | None) -> None:
        known = isinstance(heat, HeatMap)
        self._photo.set_heat(heat if isinstance(heat, HeatMap) else None, self._explanations.view.strength)
        words = heat if isinstance(heat, str) else "" if known else "Looking at the photo"
        if isinstance(heat, HeatMap) and not heat.values.any() and self._shown is not None:
            words = f"Nothing here speaks for {self._shown[0].classes[heat.class_index]}"
        self._controls.set_status(words)

    def _show_neighbours(self, photo: Path) -> None:
        found, root = self._explanations.neighbours(photo), self._explanations.root
        if isinstance(found, str):
            self._neighbours.say(found)
        elif not found or root is None or self._shown is None:
            self._neighbours.setVisible(found is None and root is not None)
            self._neighbours.say("")
        else:
            self._neighbours.setVisible(True)
            self._neighbours.show_neighbours(root, self._shown[0].classes, found)

    def _tell(self, words: str) -> None:
        original = self._original()
        if not self.isVisible() or original is None:
            return
        if self._explanations.neighbours(original) is None:
            self._neighbours.say(words)
        elif self._explanations.view.shown and self._explanations.heat_map(original, self._class_index) is None:
            self._controls.set_status(words)


def _scrolled(layout: QLayout) -> QScrollArea:
    """A column that scrolls by itself where it is too high."""
    content = QWidget()
    content.setProperty("scrolled", True)
    content.setLayout(layout)
    layout.setContentsMargins(0, 0, 0, 0)
    scroll = QScrollArea()
    scroll.setWidgetResizable(True)
    scroll.setFrameShape(QFrame.Shape.NoFrame)
    scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    scroll.setWidget(content)
    scroll.setMinimumWidth(_SAYS_WIDTH)
    return scroll


def _column(*widgets: QWidget) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(theme.SPACE_12)
    for widget in widgets:
        column.addWidget(widget)
    return column
