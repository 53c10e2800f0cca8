"""What else can be done with the confusion matrix: the menu behind its three dots."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from tlstudio.ui.widgets.matrix_order import ClassSort
from tlstudio.ui.widgets.matrix_table import CellMode

_SHARES: Final[tuple[tuple[CellMode, str], ...]] = (
    ("rows", "Percent of what it really is (rows, recall)"),
    ("columns", "Percent of what the model says (columns, precision)"),
)
_SORTS: Final[tuple[tuple[ClassSort, str], ...]] = (
    ("given", "Classes as in the data set"),
    ("name", "Classes by name"),
    ("size", "Classes with the most photos first"),
    ("confused", "Classes with the most mistakes first"),
    ("clustered", "Confused classes side by side (clustered)"),
)
_FILES: Final = (("png", "Save as picture (PNG)…"), ("svg", "Save as drawing (SVG)…"), ("csv", "Save as table (CSV)…"))


class MatrixMenu(QMenu):
    """Which percent, which order, zoom, copy, save.

    Attributes:
        mode_chosen: Carries "rows" or "columns".
        sort_chosen: Carries a ``ClassSort``.
        zoomed: Carries 1 for fewer classes under the lens, -1 for more.
        copy_chosen: The table is wanted on the clipboard.
        save_chosen: Carries "png", "svg" or "csv".
    """

    mode_chosen = Signal(str)
    sort_chosen = Signal(str)
    zoomed = Signal(int)
    copy_chosen = Signal()
    save_chosen = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__("Matrix", parent)
        self._shares = self._choices(_SHARES, self.mode_chosen.emit)
        self.addSeparator()
        self._sorts = self._choices(_SORTS, self.sort_chosen.emit)
        self._zoom_line = self.addSeparator()
        self._closer = self._entry("Fewer classes under the lens\t+", lambda: self.zoomed.emit(1))
        self._farther = self._entry("More classes under the lens\t-", lambda: self.zoomed.emit(-1))
        self.addSeparator()
        self._entry("Copy as text\tCtrl+C", self.copy_chosen.emit)
        for kind, words in _FILES:
            self._entry(words, partial(self.save_chosen.emit, kind))

    def show_state(self, mode: CellMode, sort: ClassSort, *, large: bool) -> None:
        """Tick what holds now; the lens is only there for many classes."""
        if mode in self._shares:
            self._shares[mode].setChecked(True)
        self._sorts[sort].setChecked(True)
        for action in (self._zoom_line, self._closer, self._farther):
            action.setVisible(large)

    def _choices(self, entries: Sequence[tuple[str, str]], chosen: Callable[[str], None]) -> dict[str, QAction]:
        group = QActionGroup(self)
        actions = {}
        for key, words in entries:
            action = self._entry(words, partial(chosen, key))
            action.setCheckable(True)
            group.addAction(action)
            actions[key] = action
        next(iter(actions.values())).setChecked(True)
        return actions

    def _entry(self, words: str, act: Callable[[], None]) -> QAction:
        action = self.addAction(words)
        action.triggered.connect(lambda _checked=False: act())
        return action
