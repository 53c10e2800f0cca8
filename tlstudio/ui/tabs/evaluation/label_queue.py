"""One photo after the other whose label is in doubt, with one key for each answer."""

from pathlib import Path

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from tlstudio.evaluation.label_errors import LabelDoubt
from tlstudio.ui import theme
from tlstudio.ui.widgets.chips import ClassChip
from tlstudio.ui.widgets.class_picker import ClassPicker
from tlstudio.ui.widgets.flow_layout import FlowLayout
from tlstudio.ui.widgets.key_button import key_button
from tlstudio.ui.widgets.labels import ElidedLabel, TextLabel
from tlstudio.ui.widgets.photo_view import PhotoView
from tlstudio.ui.widgets.thumbnails import ThumbnailCache
from tlstudio.ui.words.doubts import why_doubted
from tlstudio.ui.words.names import shortened
from tlstudio.workflows.check_labels import LabelCheck


class LabelQueue(QWidget):
    """The photo large, its label, the suggestion, why, and the answers.

    Attributes:
        kept: Its label is right.
        changed_to: Carries the name of the class that is right.
        left_out: It is not to be used.
        skipped: Ask later.
    """

    kept = Signal()
    changed_to = Signal(str)
    left_out = Signal()
    skipped = Signal()

    def __init__(self, thumbnails: ThumbnailCache, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._suggestion = ""
        self._name = ElidedLabel("", "strong", mode=Qt.TextElideMode.ElideMiddle)
        self._label, self._better = ClassChip("", 0, 1), ClassChip("", 0, 1)
        self._photo = PhotoView(thumbnails)
        self._why = TextLabel("", "secondary", "text2", wrap=True)
        self._picker = ClassPicker(self)
        self._keep = key_button(self, "Keep", "K", "The label is right: it isn't asked for again", self.kept.emit)
        self._change = key_button(self, "Change", "C", "Take the suggestion", self._take_suggestion, "soft")
        self._other = key_button(self, "Other class", "O", "Choose the class that is right", self._choose)
        self._exclude = key_button(self, "Leave out", "X", "Use this photo no longer", self.left_out.emit)
        self._skip = key_button(self, "Later", "L", "Go to the next photo; this one comes again", self.skipped.emit)
        self._picker.picked.connect(self.changed_to)
        self._lay_out()

    def show_doubt(self, check: LabelCheck, doubt: LabelDoubt) -> None:
        """Ask about a photo."""
        sample, n = check.samples[doubt.row], len(check.classes)
        label, self._suggestion = check.classes[doubt.label], check.classes[doubt.suggestion]
        self._name.setText(Path(sample.path).name)
        self._label.set_class(f"labelled {label}", doubt.label, n)
        self._better.set_class(f"rather {self._suggestion}", doubt.suggestion, n)
        self._photo.set_photo(Path(check.root) / sample.path, f"labelled {label}, rather {self._suggestion}")
        self._why.setText(why_doubted(doubt, check.classes))
        self._picker.set_classes(check.classes, label)
        self._change.setText(f"Change to {shortened(self._suggestion)}")
        self._keep.setText(f"Keep {shortened(label)}")
        for button in (self._change, self._keep):
            button.updateGeometry()

    def _take_suggestion(self) -> None:
        self.changed_to.emit(self._suggestion)

    def _choose(self) -> None:
        corner = self._other.mapToGlobal(self._other.rect().topLeft())
        self._picker.open_beside(QRect(corner, self._other.size()))

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(theme.SPACE_12)
        for part in (self._name, self._label, self._better):
            head.addWidget(part, 0, Qt.AlignmentFlag.AlignVCenter)
        head.addStretch(1)
        answers = FlowLayout()
        for button in (self._keep, self._change, self._other, self._exclude, self._skip):
            answers.addWidget(button)
        answers.addWidget(QWidget())  # the last item of the layout stands at the right
        self._photo.setMinimumSize(160, 160)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE_12)
        column.addLayout(head)
        column.addWidget(self._photo, 1)
        column.addWidget(self._why)
        column.addLayout(answers)
