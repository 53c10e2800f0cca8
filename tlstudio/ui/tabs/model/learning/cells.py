"""Settings as labelled fields in a grid that has as many columns as fit."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from tlstudio.training.config import Phase
from tlstudio.ui import theme
from tlstudio.ui.tabs.model.layers.setting_fields import SettingBox, SettingEdit
from tlstudio.ui.tabs.model.learning.phase_settings import PhaseSetting
from tlstudio.ui.widgets.labels import ElidedLabel, TextLabel
from tlstudio.ui.widgets.tooltip import set_tooltip


class Cell(QWidget):
    """A plain word, the field's own beside it, a control, and under it what can't be."""

    def __init__(self, title: str, term: str, meaning: str, control: QWidget, parent: QWidget | None = None) -> None:
        """Make a cell.

        Args:
            title: The plain word.
            term: The word that the field uses; "" where it is the same.
            meaning: What it does, without a full stop.
            control: What changes it.
            parent: Owner.
        """
        super().__init__(parent)
        self._note = TextLabel("", "secondary", "wrong", wrap=True)
        self._note.hide()
        words = QHBoxLayout()
        words.setSpacing(6)
        words.addWidget(TextLabel(title, "caption", "text2"))
        words.addWidget(ElidedLabel(term, "caption", "text3"), 1)
        self._line = QHBoxLayout()
        self._line.setSpacing(theme.SPACE_8)
        self._line.addWidget(control, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(words)
        column.addLayout(self._line)
        column.addWidget(self._note)
        column.addStretch(1)
        target = control.focusProxy() or control
        target.setAccessibleName(title)
        set_tooltip(target, meaning, term=term)

    def add_beside(self, widget: QWidget) -> None:
        """Put something at the right of the control."""
        self._line.addWidget(widget)

    def show_note(self, words: str) -> None:
        """Say what can't be; "" for nothing."""
        self._note.setText(words)
        self._note.setVisible(bool(words))


class SettingCell(Cell):
    """A setting of a phase. What breaks its rule is said under it, and the last right value stays.

    Attributes:
        edited: Carries the phase as it is now.
    """

    edited = Signal(object)

    def __init__(self, setting: PhaseSetting, phase: Phase, parent: QWidget | None = None) -> None:
        self._setting, self._phase = setting, phase
        self._problem = ""
        self._control: SettingBox | QLineEdit = self._make_box() if setting.choices else self._make_edit()
        super().__init__(setting.title, setting.term, setting.meaning, self._control, parent)
        self._show()

    def show_phase(self, phase: Phase, problem: str) -> None:
        """Show another phase, and what can't be; what is being typed for it stays."""
        same = self._setting.value(phase) == self._setting.value(self._phase)
        self._phase, self._problem = phase, problem
        self.setVisible(self._setting.applies(phase))
        if not (same and self._control.hasFocus()):
            self._show()
        if not self._control.property("wrong"):
            self.show_note(problem)

    def focus_control(self) -> None:
        """Go to the control."""
        self._control.setFocus(Qt.FocusReason.TabFocusReason)

    def _make_box(self) -> SettingBox:
        box = SettingBox([(words, value) for value, words in self._setting.choices])
        box.activated.connect(lambda: self._take(self._setting.applied(self._phase, box.currentData())))
        return box

    def _make_edit(self) -> QLineEdit:
        edit = SettingEdit()
        edit.setFont(theme.font(13))
        edit.setFixedHeight(theme.HEIGHT_FIELD)
        edit.setPlaceholderText(self._setting.hint)
        edit.textEdited.connect(self._read)
        edit.editingFinished.connect(self._settle)
        return edit

    def _read(self, text: str) -> None:
        phase = self._setting.typed(self._phase, text)
        self._mark(wrong=phase is None)
        if phase is not None:
            self._take(phase)

    def _take(self, phase: Phase) -> None:
        if phase != self._phase:
            self._phase = phase
            self.edited.emit(phase)

    def _settle(self) -> None:
        self._mark(wrong=False)
        self._show()

    def _show(self) -> None:
        if isinstance(self._control, QLineEdit):
            self._control.setText(self._setting.written(self._phase))
        else:
            self._control.setCurrentIndex(self._control.findData(self._setting.value(self._phase)))

    def _mark(self, *, wrong: bool) -> None:
        mark(self._control, wrong=wrong)
        self.show_note(self._setting.rule if wrong else self._problem)


def mark(control: QWidget, *, wrong: bool) -> None:
    """Give a control the border of what breaks a rule, or take it away."""
    if bool(control.property("wrong")) != wrong:
        control.setProperty("wrong", wrong)
        control.style().unpolish(control)
        control.style().polish(control)


class CellGrid(QWidget):
    """Cells from left to right; those that are hidden take no place."""

    def __init__(self, cells: Sequence[QWidget], width: int = 168, parent: QWidget | None = None) -> None:
        """Make a grid.

        Args:
            cells: In order.
            width: Least width of a column in pixels.
            parent: Owner.
        """
        super().__init__(parent)
        self._cells, self._width = tuple(cells), width
        self._placed: tuple[int, tuple[QWidget, ...]] = (0, ())
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(theme.SPACE_12)
        self._grid.setVerticalSpacing(theme.SPACE_8)
        for cell in self._cells:
            cell.setParent(self)
            cell.show()  # as soon as this is; from here on ``isHidden`` tells what was wanted
        self.arrange()

    def arrange(self) -> None:
        """Place the cells anew: others are shown now, or there is another width."""
        columns = max(self.width() // self._width, 1)
        shown = tuple(cell for cell in self._cells if not cell.isHidden())
        if (columns, shown) == self._placed:
            return
        self._placed = columns, shown
        for cell in self._cells:
            self._grid.removeWidget(cell)
        for number, cell in enumerate(shown):
            self._grid.addWidget(cell, number // columns, number % columns)
        for column in range(max(self._grid.columnCount(), columns)):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)
            self._grid.setColumnMinimumWidth(column, 1 if column < columns else 0)
        if self.parentWidget() is not None:  # else it would be shown as a window
            self.setVisible(bool(shown))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """As many columns as fit."""
        super().resizeEvent(event)
        self.arrange()
