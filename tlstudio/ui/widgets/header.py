"""The header of the window: project, tabs, undo, theme and help."""

from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAction, QFont, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSizePolicy, QToolButton, QWidget

from tlstudio.ui import icons, theme
from tlstudio.ui.widgets import painting
from tlstudio.ui.widgets.buttons import ActionButton, IconButton
from tlstudio.ui.widgets.tab_strip import Density, TabStrip
from tlstudio.ui.widgets.theme_button import ThemeButton
from tlstudio.ui.widgets.tooltip import as_plain

WIDE_FROM: Final = 1320
COMPACT_FROM: Final = 1100
_MARK: Final = 32
_TEXT_LEFT: Final = 44
_CHEVRON: Final = 16


class ProjectButton(QToolButton):
    """Mark of the product, name of what is open and a second line; opens a menu where there is one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = ""
        self._line = ""
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def set_project(self, name: str, line: str) -> None:
        """Show a name and the line under it."""
        self._name, self._line = name, line
        self.setAccessibleName(f"{name}, {line}" if line else name)
        self.setToolTip(as_plain(name))
        self.updateGeometry()
        self.update()

    def setMenu(self, menu: QMenu) -> None:  # noqa: N802 - Qt's name
        """Let a press open ``menu``."""
        super().setMenu(menu)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """The name fits."""
        name = painting.text_width(self._name, theme.font(14, QFont.Weight.DemiBold)) + _CHEVRON + 8
        line = painting.text_width(self._line, theme.font(12))
        return QSize(_TEXT_LEFT + max(name, line), theme.HEIGHT_BUTTON)

    def minimumSizeHint(self) -> QSize:
        """The name may be shortened."""
        return QSize(_TEXT_LEFT + 64, theme.HEIGHT_BUTTON)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw mark, name, line and chevron."""
        painter = QPainter(self)
        painting.prepare(painter)
        icons.paint_mark(painter, QRectF(0, (self.height() - _MARK) / 2, _MARK, _MARK))
        font = theme.font(14, QFont.Weight.DemiBold)
        room = self.width() - _TEXT_LEFT - (_CHEVRON + 4 if self.menu() else 0)
        middle = self.height() / 2
        name = QRectF(_TEXT_LEFT, 2 if self._line else 0, room, middle if self._line else self.height())
        painting.text(painter, name, self._name, font, theme.color("text"), elide=Qt.TextElideMode.ElideMiddle)
        if self._line:
            line = QRectF(_TEXT_LEFT, middle + 1, self.width() - _TEXT_LEFT, middle)
            painting.text(painter, line, self._line, theme.font(12), theme.color("text2"))
        if self.menu():
            x = _TEXT_LEFT + min(room, painting.text_width(self._name, font)) + 4
            place = QRectF(x, name.center().y() - _CHEVRON / 2, _CHEVRON, _CHEVRON)
            icons.paint(painter, "chevron_down", place, theme.color("text2"))


class Header(QWidget):
    """Product and project at the left, the tabs in the middle, undo, redo, theme and help at the right.

    Attributes:
        help_requested: The help button was pressed.
        project: The button that names the project; give it a menu with ``project.setMenu``.
        tabs: The strip of tabs.
    """

    help_requested = Signal()

    def __init__(self, tab_names: tuple[str, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.project = ProjectButton()
        self.tabs = TabStrip(tab_names)
        help_button = IconButton("help", "Help", key="F1")
        help_button.clicked.connect(self.help_requested)
        self._right = QHBoxLayout()
        self._right.setSpacing(theme.SPACE_8)
        self._right.addStretch()
        self._right.addWidget(ThemeButton())
        self._right.addWidget(help_button)
        left = QHBoxLayout()
        left.addWidget(self.project)
        left.addStretch()
        self._row = QHBoxLayout(self)
        self._row.setSpacing(theme.SPACE_8)
        self._row.addLayout(left, 1)
        self._row.addWidget(self.tabs)
        self._row.addLayout(self._right, 1)
        self._set_margins(theme.SPACE_24)
        self.setFixedHeight(theme.HEIGHT_HEADER)

    def set_steps(self, undo: QAction, redo: QAction) -> None:
        """Offer undo and redo, left of the theme."""
        for place, button in enumerate(
            (ActionButton("undo", undo, "Ctrl+Z"), ActionButton("redo", redo, "Ctrl+Shift+Z")), start=1
        ):
            self._right.insertWidget(place, button)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Make the tabs as wide as the window allows."""
        super().resizeEvent(event)
        width = event.size().width()
        density: Density = "wide" if width >= WIDE_FROM else "compact" if width >= COMPACT_FROM else "minimal"
        self.tabs.set_density(density)
        self._set_margins(theme.SPACE_24 if density == "wide" else theme.SPACE_16)
        self.setFixedHeight(self.tabs.tabSizeHint(0).height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the ground and the hairline under it."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color("surface"))
        painter.fillRect(0, self.height() - 1, self.width(), 1, theme.color("line"))

    def _set_margins(self, side: int) -> None:
        self._row.setContentsMargins(side, 0, side, 0)
