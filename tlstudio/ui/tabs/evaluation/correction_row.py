"""The label of the exam photo that is shown: corrected where it is seen to be wrong, with one key for each answer."""

from PySide6.QtCore import QRect, Signal
from PySide6.QtWidgets import QWidget

from tlstudio.evaluation.report import JudgedPhoto, Report
from tlstudio.ui.tabs.evaluation.corrections import Corrections
from tlstudio.ui.widgets.class_picker import ClassPicker
from tlstudio.ui.widgets.flow_layout import FlowLayout
from tlstudio.ui.widgets.key_button import key_button
from tlstudio.ui.words.names import shortened


class CorrectionRow(QWidget):
    """What can be done about a label.

    Attributes:
        corrected: Something was corrected here, or taken back.
    """

    corrected = Signal()

    def __init__(self, corrections: Corrections, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._corrections = corrections
        self._shown: tuple[Report, JudgedPhoto] | None = None
        self._picker = ClassPicker(self)
        self._change = key_button(self, "Change", "C", "The model is right: take its answer for the label", self._take)
        self._other = key_button(self, "Other class", "O", "Choose the class that is right", self._choose)
        self._exclude = key_button(self, "Leave out", "X", "Use this photo no longer", self._leave_out)
        self._undo = key_button(self, "Undo", "U", "Take back the last correction", corrections.undo)
        row = FlowLayout(self)
        for button in (self._change, self._other, self._exclude, self._undo):
            row.addWidget(button)
        row.addWidget(QWidget())  # the last item of the layout stands at the right
        self._picker.picked.connect(self._move)
        corrections.changed.connect(self._follow)

    def show_photo(self, report: Report, photo: JudgedPhoto) -> None:
        """Offer what can be done about a photo of a report."""
        self._shown = report, photo
        self._follow()

    def label(self) -> str | None:
        """Name of its class now; None where it is left out."""
        if self._shown is None:
            return None
        report, photo = self._shown
        return self._corrections.label_of(photo.path, report.classes[photo.true])

    def _follow(self) -> None:
        if self._shown is None:
            return
        report, photo = self._shown
        answer, now = report.classes[photo.predicted], self.label()
        self._change.setText(f"Change to {shortened(answer)}")
        self._change.setVisible(now not in (answer, None))
        self._exclude.setVisible(now is not None)
        self._undo.setVisible(self._corrections.done > 0)
        self._picker.set_classes(report.classes, now or "")
        self._change.updateGeometry()
        self.corrected.emit()

    def _take(self) -> None:
        if self._shown is not None:
            report, photo = self._shown
            self._move(report.classes[photo.predicted])

    def _move(self, name: str) -> None:
        if self._shown is not None:
            self._corrections.move(self._shown[1].path, name)

    def _leave_out(self) -> None:
        if self._shown is not None:
            self._corrections.leave_out(self._shown[1].path)

    def _choose(self) -> None:
        corner = self._other.mapToGlobal(self._other.rect().topLeft())
        self._picker.open_beside(QRect(corner, self._other.size()))
