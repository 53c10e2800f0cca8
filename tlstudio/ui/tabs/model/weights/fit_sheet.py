"""Whether a file of somebody's own fits a network, layer by layer, before anything is trained with it."""

from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QModelIndex, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QResizeEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QWidget

from tlstudio.errors import TLStudioError
from tlstudio.modeling.backbones import BACKBONES
from tlstudio.modeling.weights_fit import FitReport, LayerFit, Verdict
from tlstudio.ui import icons, theme
from tlstudio.ui.session import Session
from tlstudio.ui.widgets import painting
from tlstudio.ui.widgets.bar import Bar
from tlstudio.ui.widgets.buttons import Button
from tlstudio.ui.widgets.fields import ComboBox, LabelledField
from tlstudio.ui.widgets.labels import ElidedLabel, TextLabel
from tlstudio.ui.widgets.photo_tile import Index
from tlstudio.ui.widgets.sheet import JobSheet
from tlstudio.ui.widgets.table import PAD, RowDelegate, RowModel, Table
from tlstudio.ui.widgets.toggles import CheckBox
from tlstudio.ui.widgets.tooltip import set_tooltip
from tlstudio.workflows.manage_weights import check_weights

FILE_FILTER: Final = "Weights of Keras (*.h5 *.hdf5)"

_SIZE: Final = (820, 600)
_ROW_HEIGHT: Final = 32
_FIRST: Final = "mobilenet_v2_1.0"
_VERDICTS: Final[dict[Verdict, tuple[str, str, str]]] = {
    "fits": ("Fits", "check", "accent"),
    "missing": ("Missing", "cross", "wrong"),
    "other shape": ("Other shape", "cross", "wrong"),
    "extra": ("Too much", "cross", "wrong"),
}


class FitSheet(JobSheet):
    """A file, a network, and what of the one is in the other.

    Attributes:
        file_accepted: "Use this file" was pressed; carries the name of the network and the path of the file.
    """

    file_accepted = Signal(str, str)

    def __init__(
        self, session: Session, backbone: str = "", parent: QWidget | None = None, *, top: bool = False
    ) -> None:
        """Make a sheet.

        Args:
            session: Runs the check.
            backbone: The network that the file is to be used for; "" lets the person choose one.
            parent: Owner.
            top: Whether the file is to be used for the check-up. With neither network nor this it is only looked at.
        """
        super().__init__("Does this file fit?", parent)
        self._session = session
        self._file = ""
        self._name = ElidedLabel("No file yet", "strong", mode=Qt.TextElideMode.ElideMiddle)
        self._choose = Button("Choose a file", icon="folder")
        self._network = ComboBox([(entry.title, entry.name) for entry in BACKBONES])
        self._network.setCurrentIndex(max(self._network.findData(backbone or _FIRST), 0))
        self._top = CheckBox("With ImageNet's 1000 classes, for the check-up")
        self._bar = Bar(8)
        self._verdict = TextLabel("", "text", wrap=True)
        self._layers = _LayersTable()
        self._faults = CheckBox("Only what doesn't fit")
        self._use = Button("Use this file", "filled")
        self._top.setChecked(top)
        self._top.setVisible(not backbone and not top)
        self._network.setEnabled(not backbone)
        self._use.setVisible(bool(backbone) or top)
        self.resize(*_SIZE)
        self._arrange()
        self._connect()
        self._show_waiting(running=False)

    def check(self, file: str) -> None:
        """Compare a file with the network that is chosen."""
        self._file = file
        self._name.setText(Path(file).name)
        name, top = str(self._network.currentData()), self._top.isChecked()
        job = self._session.runner.start("ask", lambda _emit, token: check_weights(file, name, top=top, token=token))
        self.job = job
        job.succeeded.connect(self._show_report)
        job.failed.connect(self._show_error)
        self._show_waiting(running=True)

    def _arrange(self) -> None:
        file = QHBoxLayout()
        file.setSpacing(theme.SPACE_12)
        file.addWidget(self._name, 1)
        file.addWidget(self._choose)
        self.column.addLayout(file)
        for part in (LabelledField("Network", self._network), self._top, self._bar, self._verdict, self._faults):
            self.column.addWidget(part)
        self.column.addWidget(self._layers, 1)
        self.add_foot(self.cancel_button("Change nothing"), self._use)

    def _connect(self) -> None:
        set_tooltip(self._choose, "Choose a file of weights in Keras's layout")
        set_tooltip(self._network, "The network that the file is for", term="Backbone")
        set_tooltip(self._top, "Whether the file holds the layers that name ImageNet's classes", term="With top")
        set_tooltip(self._faults, "Leave out the layers that fit")
        set_tooltip(self._use, "Let the network start from this file", key="Enter")
        self._choose.setAutoDefault(False)
        self._choose.clicked.connect(self._choose_file)
        self._network.activated.connect(lambda _index: self._check_again())
        self._top.toggled.connect(lambda _on: self._check_again())
        self._faults.toggled.connect(self._layers.set_only_faults)
        self._use.clicked.connect(self._accept_file)

    def _choose_file(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self, "Choose a weights file in Keras's layout", "", FILE_FILTER)
        if path:
            self.check(path)

    def _check_again(self) -> None:
        if self._file:
            self.check(self._file)

    def _show_waiting(self, *, running: bool) -> None:
        self._bar.set_share(None)
        self._bar.setVisible(running)
        idle = "Choose a file. It is compared with the network, layer by layer; nothing is changed."
        self._verdict.setText("The network is built to compare the file with it…" if running else idle)
        self._verdict.set_tone("text2")
        self._layers.show_layers(())
        self._faults.hide()
        self._use.setEnabled(False)

    def _show_report(self, report: FitReport) -> None:
        self.job = None
        self._bar.hide()
        self._verdict.setText(f"{report.sentence} {report.hint}".strip())
        self._verdict.set_tone("text" if report.fits else "wrong")
        self._faults.setVisible(not report.fits)
        self._faults.setChecked(not report.fits)
        self._layers.show_layers(report.layers)
        self._use.setEnabled(report.fits)

    def _show_error(self, error: Exception) -> None:
        self.job = None
        self._bar.hide()
        if not isinstance(error, TLStudioError):
            self._session.report_failure("weights", error)
        self._verdict.setText(str(error) if isinstance(error, TLStudioError) else "The check ended without an answer.")
        self._verdict.set_tone("wrong")

    def _accept_file(self) -> None:
        self.file_accepted.emit(str(self._network.currentData()), self._file)
        self.accept()


class _LayersModel(RowModel):
    HEADERS = (
        ("Layer", "", "Name of the layer, in the order of the network"),
        ("In the file", "", "Whether the file has its weights"),
        ("Weights", "", "Shapes of its arrays of numbers"),
    )

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.rows: list[LayerFit] = []

    def show(self, rows: list[LayerFit]) -> None:
        """Show these rows in the place of those before."""
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401 - Qt's own signature
        roles = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole)
        if not index.isValid() or role not in roles:
            return None
        row = self.rows[index.row()]
        return (row.layer, _VERDICTS[row.verdict][0], row.words)[index.column()]


class _LayersDelegate(RowDelegate):
    def __init__(self, model: _LayersModel, parent: QObject) -> None:
        super().__init__(parent)
        self._model = model

    def paint_cell(self, painter: QPainter, rect: QRectF, index: Index, selected: bool) -> None:  # noqa: ARG002
        box, row = rect.adjusted(PAD, 0, -PAD, 0), self._model.rows[index.row()]
        if index.column() == 1:
            words, glyph, token = _VERDICTS[row.verdict]
            icons.paint(painter, glyph, QRectF(box.left(), box.center().y() - 8, 16, 16), theme.color(token))
            ink = theme.color("text2" if row.verdict == "fits" else "wrong")
            painting.text(painter, box.adjusted(24, 0, 0, 0), words, theme.font(13), ink)
            return
        ink = theme.color("text" if index.column() == 0 else "text2")
        elide = Qt.TextElideMode.ElideMiddle if index.column() == 0 else Qt.TextElideMode.ElideRight
        painting.text(painter, box, str(index.data()), theme.font(13), ink, elide=elide)


class _LayersTable(Table):
    def __init__(self) -> None:
        super().__init__(_ROW_HEIGHT, "Layers")
        self._all: tuple[LayerFit, ...] = ()
        self._only_faults = False
        self._model = _LayersModel(self)
        self.use(self._model, _LayersDelegate(self._model, self), (0, 1, 2))
        set_tooltip(self, "Every layer with weights, and what the file has for it")

    def show_layers(self, layers: tuple[LayerFit, ...]) -> None:
        self._all = layers
        self._show()

    def set_only_faults(self, only: bool) -> None:
        self._only_faults = only
        self._show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.set_widths({0: max(self.viewport().width() * 0.34, 160), 1: 128})

    def _show(self) -> None:
        hides = self._only_faults and any(layer.verdict != "fits" for layer in self._all)
        self._model.show([layer for layer in self._all if not (hides and layer.verdict == "fits")])
