"""One exam photo, large, and what the model says of it."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from tlstudio.evaluation.report import JudgedPhoto, Report
from tlstudio.ui import theme
from tlstudio.ui.tabs.evaluation.judged_photos import DOUBTFUL_BELOW, sentence_on
from tlstudio.ui.widgets.chips import Badge, ClassChip
from tlstudio.ui.widgets.labels import ElidedLabel, TextLabel
from tlstudio.ui.widgets.photo_view import PhotoView
from tlstudio.ui.widgets.score_bars import Score, ScoreBars
from tlstudio.ui.widgets.thumbnails import ThumbnailCache


class PhotoFacts(QWidget):
    """File name and label over the photo; beside it the five best answers, or below it where there is more height."""

    def __init__(self, thumbnails: ThumbnailCache, *, upright: bool = False, parent: QWidget | None = None) -> None:
        """Make the place for a photo.

        Args:
            thumbnails: Where photos come from.
            upright: Whether the answers stand under the photo.
            parent: Owner.
        """
        super().__init__(parent)
        self._name = ElidedLabel("", "strong", mode=Qt.TextElideMode.ElideMiddle)
        self._label = ClassChip("", 0, 1)
        self._badge = Badge("")
        corner = Qt.AlignmentFlag.AlignTop if upright else Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft
        self._photo = PhotoView(thumbnails, alignment=corner)
        self._bars = ScoreBars()
        self._lay_out(upright)

    def show_photo(self, report: Report, photo: JudgedPhoto) -> None:
        """Show a photo of a report."""
        classes = report.classes
        path = Path(report.root) / photo.path
        self._name.setText(path.name)
        self._label.set_class(f"labelled {classes[photo.true]}", photo.true, len(classes))
        if photo.right:
            self._badge.set_text("Right", "accent")
        else:
            self._badge.set_text("Wrong", "wrong")
        self._photo.set_photo(path, sentence_on(report, photo))
        scores = [Score(classes[index], index, share) for index, share in photo.top]
        self._bars.set_scores(scores, len(classes), unsure=photo.score < DOUBTFUL_BELOW)

    def photo(self) -> Path | None:
        """File of the photo shown."""
        return self._photo.photo()

    def _lay_out(self, upright: bool) -> None:
        head = QHBoxLayout()
        head.setSpacing(theme.SPACE_12)
        for part in (self._name, self._label, self._badge):
            head.addWidget(part, 0, Qt.AlignmentFlag.AlignVCenter)
        head.addStretch(1)
        says = QVBoxLayout()
        says.setSpacing(theme.SPACE_4)
        says.addWidget(TextLabel("What the model says", "strong"))
        says.addWidget(self._bars)
        self._photo.setMinimumSize(120, 120)
        body = QVBoxLayout() if upright else QHBoxLayout()
        body.setSpacing(theme.SPACE_16 if upright else theme.SPACE_24)
        body.addWidget(self._photo, 1)
        if not upright:
            says.addStretch(1)
        body.addLayout(says, 0 if upright else 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE_12)
        column.addLayout(head)
        column.addLayout(body, 1)
