"""The way from the Training tab to what computes, and to training several things."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from tlstudio.ui import theme
from tlstudio.ui.session import Session
from tlstudio.ui.tabs.training.computing_dialog import ComputingDialog
from tlstudio.ui.tabs.training.queue_dialog import QueueDialog
from tlstudio.ui.tabs.training.training_queue import TrainingQueue
from tlstudio.ui.widgets.buttons import Button
from tlstudio.ui.widgets.tooltip import set_tooltip


class ComputingRow(QWidget):
    """Two buttons under the facts."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._queue = TrainingQueue(session, self)
        self._several = Button("Train several", "text", size="small")
        set_tooltip(self._several, "Train several networks or presets on the same shares, one after the other")
        self._several.clicked.connect(self._open_queue)
        computing = Button("What computes", "text", size="small")
        set_tooltip(computing, "Processor, threads, graphics cards, and files for TensorBoard")
        computing.clicked.connect(self._open_computing)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.SPACE_8)
        row.addWidget(self._several)
        row.addWidget(computing)
        row.addStretch(1)
        self._queue.changed.connect(self._show)

    def _show(self) -> None:
        ended = sum(row.state not in ("waiting", "running") for row in self._queue.rows)
        running = self._queue.running
        self._several.setText(f"Train several: {ended} of {len(self._queue.rows)}" if running else "Train several")
        self._several.updateGeometry()

    def _open_queue(self) -> None:
        self._show_dialog(QueueDialog(self._session, self._queue, self.window()))

    def _open_computing(self) -> None:
        self._show_dialog(ComputingDialog(self.window()))

    def _show_dialog(self, dialog: QueueDialog | ComputingDialog) -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.show()
