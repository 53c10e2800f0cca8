"""Accuracy and loss while a network learns."""

import math
from dataclasses import replace

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from tlstudio.training.history import History
from tlstudio.ui import theme
from tlstudio.ui.widgets.buttons import Button, IconButton
from tlstudio.ui.widgets.curve_data import CurveData
from tlstudio.ui.widgets.curve_line import LineKind
from tlstudio.ui.widgets.curve_options import WIDTH, CurveOptions
from tlstudio.ui.widgets.curve_picture import CurvePicture
from tlstudio.ui.widgets.curve_plot import CurvePlot, CurveView, both
from tlstudio.ui.widgets.curve_words import round_in_words
from tlstudio.ui.widgets.curve_zoom import STEP, CurveZoom
from tlstudio.ui.widgets.tooltip import set_tooltip

_FRAME_MS = 50
_LOW = 240
_PAN = 0.25


class Curves(QWidget):
    """Two plots: photos right over error, for the photos learnt from and those not seen; the learning rate on demand.

    What is added is only gathered; a timer draws it, at most 20 times a second.

    Attributes:
        view_changed: Another way of looking was chosen; carries the ``CurveView``.
        save_requested: The curves are to be saved; carries "png", "svg" or "csv".
    """

    view_changed = Signal(object)
    save_requested = Signal(str)

    focus_radius = theme.RADIUS_BUTTON

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._data = CurveData()
        self._finished: History | None = None
        self._view = CurveView()
        self._hovered: int | None = None
        self.setAccessibleName("Curves of the training")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._accuracy = CurvePlot("percent", both("accuracy"), self)
        self._loss = CurvePlot("error", both("loss"), self)
        self._rate = CurvePlot("rate", (LineKind("rate", "", "accent", 2.0),), self)
        self._plots = (self._accuracy, self._loss, self._rate)
        self._more = IconButton("sliders", "Smoothing, scales, zoom, saving")
        self._all = Button("All rounds", "text", size="small")
        self._titles = [
            self._title("Photos right", "(accuracy), in percent, higher is better", self._all, self._more),
            self._title("Error", "(loss), lower is better"),
            self._title("Size of the steps", "(learning rate)"),
        ]
        self._zoom = CurveZoom(self._plots, lambda: self._data.reach, self)
        self._empty = QLabel("The curves begin with the first round.", self)
        self._readout = QLabel(self)
        self._build()
        self._timer = QTimer(self, interval=_FRAME_MS, singleShot=True)
        self._timer.timeout.connect(self._draw)
        self._zoom.changed.connect(self._look_elsewhere)
        theme.notifier().changed.connect(self._restyle)
        self._restyle()

    # What happens in a training.

    def start(self, planned_rounds: int) -> None:
        """A training begins that may take so many rounds in all."""
        self.show_data(CurveData(planned_rounds))

    def clear(self) -> None:
        """Show the empty state."""
        self.show_data(CurveData())

    def set_history(self, history: History) -> None:
        """Show a finished training; where it is shown already, it stays as it is looked at."""
        if history is not self._finished:
            self.show_data(CurveData.of(history))
            self._finished = history

    def show_data(self, data: CurveData) -> None:
        """Show what was gathered elsewhere, or earlier."""
        self._data, self._finished = data, None
        self._zoom.reset()
        self.hover_round(None)
        self._draw()

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
        self,
        number: int,
        accuracy: float,
        loss: float,
        val_accuracy: float | None,
        val_loss: float | None,
        rate: float | None = None,
    ) -> None:
        """Round ``number`` (from 1) is over. Accuracies are shares, 0 to 1; None without photos to check on."""
        self._data.add_epoch(number, accuracy, loss, val_accuracy, val_loss, rate)
        self._later()

    # What is seen of it.

    def data(self) -> CurveData:
        """What is shown, or will be within 50 ms."""
        return self._data

    def view(self) -> CurveView:
        """How it is looked at."""
        return replace(self._view, span=self._zoom.span)

    def set_view(self, view: CurveView) -> None:
        """Look at it in another way; which rounds are shown stays as it is."""
        self._view = view
        self._titles[2].setVisible(view.rate)
        self._rate.widget.setVisible(view.rate)
        self._share_room()
        self._draw()

    def _share_room(self) -> None:
        """Where there is little, the lowest plot names the rounds, which are the same in all, and gaps close."""
        three, low = self._view.rate, self.height() < _LOW
        self._accuracy.name_rounds(not (three or low))
        self._loss.name_rounds(not three)
        self._column.setSpacing(0 if three and low else theme.SPACE_8)

    def picture(self, finer: int = 1) -> CurvePicture:
        """The titles and plots as they are now, with lines for a picture that is so many times finer."""
        parts = [part for pair in zip(self._titles, self._plots, strict=True) for part in (pair[0], pair[1].widget)]
        aside = [widget for widget in (self._more, self._all, self._readout) if widget.isVisible()]
        for widget in aside:
            widget.hide()
        for plot in self._plots:
            plot.set_pen_scale(finer)
        made = CurvePicture([part for part in parts if part.isVisible()], self)
        for plot in self._plots:
            plot.set_pen_scale(1)
        for widget in aside:
            widget.show()
        return made

    def hovered_round(self) -> int | None:
        """The round whose figures are read out."""
        return self._hovered

    def hover_round(self, number: int | None) -> None:
        """Read out the figures of a round, or of none."""
        figures = self._data.read(number) if number is not None else {}
        self._hovered = number if figures else None
        for plot in self._plots:
            plot.set_cursor(self._hovered)
        self._readout.setVisible(bool(figures))
        if self._hovered is None:
            return
        self.setAccessibleDescription(self._sentence(self._hovered))
        self._readout.setText(self._sentence(self._hovered, "\n"))
        self._readout.adjustSize()
        self._place_readout()

    # Building.

    def _title(self, title: str, rest: str, *buttons: QWidget) -> QWidget:
        row = QWidget(self)
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(theme.SPACE_8)
        strong, quiet = QLabel(title, row), QLabel(rest, row)
        quiet.setProperty("tone", "text2")
        line.addWidget(strong, 0, Qt.AlignmentFlag.AlignBaseline)
        line.addWidget(quiet, 1, Qt.AlignmentFlag.AlignBaseline)
        for button in buttons:
            line.addWidget(button)
        return row

    def _build(self) -> None:
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        for title, plot in zip(self._titles, self._plots, strict=True):
            column.addWidget(title)
            column.addWidget(plot.widget, 1)
            plot.hovered.connect(self._hover_at)
            plot.widget.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            plot.widget.installEventFilter(self)
        column.insertSpacing(2, theme.SPACE_8)
        set_tooltip(self._all, "Show all rounds again", key="0")
        self._all.clicked.connect(self._zoom.reset)
        self._all.hide()
        self._more.clicked.connect(self._offer)
        for label in (self._readout, self._empty):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._readout.hide()
        self.set_view(self._view)

    def _restyle(self) -> None:
        tokens = theme.current()
        for title in self._titles:
            strong, quiet = title.findChildren(QLabel)
            strong.setFont(theme.font(16, 600))
            quiet.setFont(theme.font(13))
        self._empty.setFont(theme.font(14))
        # On the ground of the card: in a low window the axis would run through the words.
        self._empty.setStyleSheet(f"color: {tokens.text3}; background: {tokens.surface}; padding: 0 8px;")
        self._readout.setFont(theme.font(13))
        self._readout.setStyleSheet(
            f"background: {tokens.text}; color: {tokens.bg}; border-radius: {theme.RADIUS_CELL}px; padding: 6px 10px;"
        )
        for plot in self._plots:
            plot.restyle()
        self._draw()

    def _offer(self) -> None:
        options = CurveOptions(self._view, has_batches=self._data.has_batches, empty=self._data.empty, parent=self)
        options.view_changed.connect(self._choose)
        options.zoom_requested.connect(lambda factor: self._zoom.zoom(factor) if factor else self._zoom.reset())
        options.save_requested.connect(self.save_requested)
        options.show_at(self._more.mapToGlobal(QPoint(self._more.width() - WIDTH, self._more.height() + 4)))

    def _choose(self, view: CurveView) -> None:
        self.set_view(view)
        self.view_changed.emit(view)

    # Drawing.

    def _later(self) -> None:
        if not self._timer.isActive():
            self._timer.start()

    def _draw(self) -> None:
        view = self.view()
        for plot in self._plots:
            if plot is not self._rate or view.rate:
                plot.draw(self._data, view)
        if self._hovered is None:
            last = int(self._data.rounds)
            self.setAccessibleDescription(self._sentence(last) if last else "")
        self._empty.setVisible(self._data.idle)
        self._place_empty()

    def _look_elsewhere(self) -> None:
        self._all.setVisible(self._zoom.span is not None)
        self._draw()
        first, last = self._shown_rounds()
        self.hover_round(self._hovered if self._hovered is not None and first <= self._hovered <= last else None)

    def _place_empty(self) -> None:
        place = QRect(QPoint(), self._empty.sizeHint())
        place.moveCenter(self._accuracy.widget.geometry().center())
        self._empty.setGeometry(place)
        self._empty.raise_()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The words of the empty state keep their place."""
        super().resizeEvent(event)
        self._share_room()
        self._place_empty()

    # Reading out.

    def _hover_at(self, position: float) -> None:
        if math.isnan(position):
            self.hover_round(None)
            return
        first, last = self._shown_rounds()
        self.hover_round(min(max(round(position), first), last) if last and position <= last + 1 else None)

    def _shown_rounds(self) -> tuple[int, int]:
        """The first and the last round whose figures can be read out."""
        left, right = self._zoom.span or (0.0, self._data.reach)
        return max(math.ceil(left), 1), min(math.floor(right), int(self._data.rounds))

    def _sentence(self, number: int, joint: str = ", ") -> str:
        return joint.join(round_in_words(self._data, number, rate=self._view.rate))

    def _place_readout(self) -> None:
        at = self._accuracy.widget.mapTo(self, QPoint(round(self._accuracy.cursor_x()), 0))
        left = at.x() + 12
        if left + self._readout.width() > self.width():
            left = at.x() - 12 - self._readout.width()
        middle = (self._accuracy.widget.height() - self._readout.height()) // 2
        self._readout.move(max(left, 0), at.y() + max(middle, 0))
        self._readout.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """No read-out once the mouse has left."""
        if event.type() == QEvent.Type.Leave:
            self.hover_round(None)
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left, Right, Home and End read rounds out; + and - zoom, with Shift the arrows pan; 0 and Esc end it."""
        key = Qt.Key(event.key())
        shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(key)
        if step is not None and shifted:
            self._zoom.pan(step * _PAN)
        elif step is not None or key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self._walk(key, step or 0)
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Minus):
            self._zoom.zoom(1 / STEP if key == Qt.Key.Key_Minus else STEP, self._hovered)
        elif key == Qt.Key.Key_0 or (key == Qt.Key.Key_Escape and self._hovered is None and self._zoom.span):
            self._zoom.reset()
        elif key == Qt.Key.Key_Escape and self._hovered is not None:
            self.hover_round(None)
        else:
            super().keyPressEvent(event)

    def _walk(self, key: Qt.Key, step: int) -> None:
        first, last = self._shown_rounds()
        if last < first:
            return
        if not step:
            self.hover_round(first if key == Qt.Key.Key_Home else last)
            return
        now = self._hovered if self._hovered is not None else last + 1 if step < 0 else first - 1
        self.hover_round(min(max(now + step, first), last))
