"""The line over the classes that switches all of those found at once."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from tlstudio.ui import theme
from tlstudio.ui.widgets.buttons import Button
from tlstudio.ui.widgets.labels import ElidedLabel
from tlstudio.ui.widgets.tooltip import set_tooltip
from tlstudio.wording import counted


class FoundClasses(QWidget):
    """How many classes there are or were found, and buttons that switch them all on, all off, or all others off.

    Attributes:
        switch_wanted: Whether the classes shown are to be switched on.
        only_wanted: Carries the classes (list of str) that alone are to be used.
    """

    switch_wanted = Signal(bool)
    only_wanted = Signal(list)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names: list[str] = []
        self._sum = ElidedLabel("", "secondary", "text2")
        self._on, self._off, self._only = (Button(word, "text", size="small") for word in ("All on", "All off", "Only"))
        self._on.clicked.connect(lambda: self.switch_wanted.emit(True))
        self._off.clicked.connect(lambda: self.switch_wanted.emit(False))
        self._only.clicked.connect(lambda: self.only_wanted.emit(self._names))
        line = QHBoxLayout(self)
        line.setContentsMargins(theme.SPACE_4, 0, 0, 0)
        line.setSpacing(theme.SPACE_12)
        line.addWidget(self._sum, 1)
        for button in (self._only, self._on, self._off):
            line.addWidget(button)

    def show_found(self, names: list[str], on: int, *, searching: bool) -> None:
        """Show the state of the classes in the list.

        Args:
            names: The classes that are shown.
            on: How many of them are in use.
            searching: Whether these are those found, rather than all.
        """
        self._names = list(names)
        which = f"the {counted(len(names), 'class', 'classes')} found" if searching else "all classes"
        self._sum.setText(f"{len(names):,} found" if searching else "All classes")
        self._on.setEnabled(on < len(names))
        self._off.setEnabled(on > 0)
        self._only.setVisible(searching)
        self._only.setEnabled(bool(names))
        set_tooltip(self._on, f"Use {which}" if on < len(names) else f"{which.capitalize()} are in use")
        set_tooltip(self._off, f"Switch off {which}" if on else "None of them is in use")
        set_tooltip(self._only, f"Use {which} and switch off all others")
