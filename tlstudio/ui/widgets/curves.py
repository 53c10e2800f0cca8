"""Accuracy and loss while a network learns."""

import math

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from tlstudio.training.history import History
from tlstudio.ui import theme
from tlstudio.ui.widgets.curve_data import CurveData
from tlstudio.ui.widgets.curve_plot import CurvePlot

_FRAME_MS = 50


class Curves(QWidget):
    """Two plots: photos right over error, for the photos learnt from and those not seen.

    What is added is only gathered; a timer draws it, at most 20 times a second.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._data = CurveData()
        self._hovered: int | None = None
        self.setAccessibleName("Curves of the training")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._accuracy = CurvePlot(("accuracy", "val_accuracy"), "%", self)
        self._loss = CurvePlot(("loss", "val_loss"), "", self)
        self._titles = [
            self._title("Photos right", "(accuracy), in percent, higher is better"),
            self._title("Error", "(loss), lower is better"),
        ]
        self._empty = QLabel("The curves begin with the first round.", self)
        self._readout = QLabel(self)
        self._build()
        self._timer = QTimer(self)
        self._timer.setInterval(_FRAME_MS)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._draw)
        theme.notifier().changed.connect(self._restyle)
        self._restyle()

    # What happens in a training.

    def start(self, planned_rounds: int) -> None:
        """A training begins that may take so many rounds in all."""
        self._replace(CurveData(planned_rounds))

    def clear(self) -> None:
        """Show the empty state."""
        self._replace(CurveData())

    def set_history(self, history: History) -> None:
        """Show a finished training."""
        self._replace(CurveData.of(history))

    def add_phase(self, name: str, epochs: int) -> None:
        """A phase ("head", "fine_tune", "scratch", or a title) begins that may take so many rounds."""
        self._data.add_phase(name, epochs)
        self._later()

    def end_phase(self) -> None:
        """The running phase is over; rounds that it didn't need are taken off the axis."""
        self._data.end_phase()
        self._later()

    def add_batch(self, position: float, accuracy: float, loss: float) -> None:
        """Running means within a round; ``position`` is the rounds done, with the fraction of the running one."""
        self._data.add_batch(position, accuracy, loss)
        self._later()

    def add_epoch(
        self, number: int, accuracy: float, loss: float, val_accuracy: float | None, val_loss: float | None
    ) -> None:
        """Round ``number`` (from 1) is over. Accuracies are shares, 0 to 1; None without photos to check on."""
        self._data.add_epoch(number, accuracy, loss, val_accuracy, val_loss)
        self.setAccessibleDescription(self._sentence(number))
        self._later()

    def data(self) -> CurveData:
        """What is shown, or will be within 50 ms."""
        return self._data

    def hovered_round(self) -> int | None:
        """The round whose figures are read out."""
        return self._hovered

    def hover_round(self, number: int | None) -> None:
        """Read out the figures of a round, or of none."""
        figures = self._data.read(number) if number is not None else {}
        self._hovered = number if figures else None
        for plot in (self._accuracy, self._loss):
            plot.set_cursor(self._hovered)
        self._readout.setVisible(bool(figures))
        if self._hovered is not None:
            self._readout.setText(self._sentence(self._hovered, "\n"))
            self._readout.adjustSize()
            self._place_readout()

    # Building.

    def _title(self, title: str, rest: str) -> QWidget:
        row = QWidget(self)
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(theme.SPACE_8)
        strong, quiet = QLabel(title, row), QLabel(rest, row)
        quiet.setProperty("tone", "text2")
        line.addWidget(strong, 0, Qt.AlignmentFlag.AlignBaseline)
        line.addWidget(quiet, 1, Qt.AlignmentFlag.AlignBaseline)
        return row

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE_8)
        for title, plot in zip(self._titles, (self._accuracy, self._loss), strict=True):
            column.addWidget(title)
            column.addWidget(plot.widget, 1)
            plot.hovered.connect(self._hover_at)
            plot.widget.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            plot.widget.installEventFilter(self)
        column.insertSpacing(2, theme.SPACE_8)
        for label in (self._readout, self._empty):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._readout.hide()

    def _restyle(self) -> None:
        tokens = theme.current()
        for title in self._titles:
            strong, quiet = title.findChildren(QLabel)
            strong.setFont(theme.font(16, 600))
            quiet.setFont(theme.font(13))
        self._empty.setFont(theme.font(14))
        self._empty.setStyleSheet(f"color: {tokens.text3};")
        self._readout.setFont(theme.font(13))
        self._readout.setStyleSheet(
            f"background: {tokens.text}; color: {tokens.bg}; border-radius: {theme.RADIUS_CELL}px; padding: 6px 10px;"
        )
        for plot in (self._accuracy, self._loss):
            plot.restyle()
        self._draw()

    # Drawing.

    def _replace(self, data: CurveData) -> None:
        self._data = data
        self.setAccessibleDescription("")
        self.hover_round(None)
        self._draw()

    def _later(self) -> None:
        if not self._timer.isActive():
            self._timer.start()

    def _draw(self) -> None:
        self._accuracy.draw(self._data)
        self._loss.draw(self._data)
        self._empty.setVisible(self._data.idle)
        self._place_empty()

    def _place_empty(self) -> None:
        self._empty.setGeometry(self._accuracy.widget.geometry())
        self._empty.raise_()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The words of the empty state keep their place."""
        super().resizeEvent(event)
        self._place_empty()

    # Reading out.

    def _hover_at(self, position: float) -> None:
        if math.isnan(position):
            self.hover_round(None)
            return
        last = int(self._data.rounds)
        self.hover_round(min(max(round(position), 1), last) if last and position <= last + 1 else None)

    def _sentence(self, number: int, joint: str = ", ") -> str:
        figures = self._data.read(number)
        lines = [f"Round {number}"]
        for part, prefix in (("not seen", "val_"), ("learns from", "")):
            accuracy, loss = figures.get(f"{prefix}accuracy"), figures.get(f"{prefix}loss")
            words = [f"{accuracy:.1f} % right"] if accuracy is not None else []
            words += [f"error {loss:.2f}"] if loss is not None else []
            if words:
                lines.append(f"{part.capitalize()}: {', '.join(words)}")
        return joint.join(lines)

    def _place_readout(self) -> None:
        at = self._accuracy.widget.mapTo(self, QPoint(round(self._accuracy.cursor_x()), 0))
        left = at.x() + 12
        if left + self._readout.width() > self.width():
            left = at.x() - 12 - self._readout.width()
        middle = (self._accuracy.widget.height() - self._readout.height()) // 2
        self._readout.move(max(left, 0), at.y() + middle)
        self._readout.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """No read-out once the mouse has left."""
        if event.type() == QEvent.Type.Leave:
            self.hover_round(None)
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and Right read out round by round; Esc ends it."""
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        last = int(self._data.rounds)
        if step is not None and last:
            now = self._hovered if self._hovered is not None else last + 1 if step < 0 else 0
            self.hover_round(min(max(now + step, 1), last))
        elif event.key() == Qt.Key.Key_Escape and self._hovered is not None:
            self.hover_round(None)
        else:
            super().keyPressEvent(event)
