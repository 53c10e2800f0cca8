"""The strip of five tabs: the steps of the work, each with its state."""

from dataclasses import dataclass
from html import escape
from typing import Final, Literal

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QTabBar, QWidget

from tlstudio.ui import theme
from tlstudio.ui.widgets import painting

StateKind = Literal["number", "done", "running", "attention"]
Density = Literal["wide", "compact", "minimal"]

_SPOKEN: Final[dict[StateKind, str]] = {
    "number": "not yet",
    "done": "done",
    "running": "running",
    "attention": "needs a look",
}


@dataclass(frozen=True, slots=True)
class TabState:
    """What a tab tells about its step.

    Attributes:
        kind: "number" while not yet begun, "done", "running", or "attention".
        text: Two to four words.
        progress: 0 to 1 while running; None while unknown.
    """

    kind: StateKind = "number"
    text: str = ""
    progress: float | None = None


@dataclass(frozen=True, slots=True)
class _Measures:
    """Sizes of one density, in logical pixels.

    Attributes:
        tab: Width and height of a tab.
        margin: Left and right of the pill.
        lead: From the pill to the circle.
        circle: Diameter of the circle.
        gap: From the circle to the words.
    """

    tab: tuple[int, int]
    margin: int
    lead: int
    circle: int
    gap: int


_MEASURES: Final[dict[Density, _Measures]] = {
    "wide": _Measures((176, theme.HEIGHT_HEADER), 4, 12, 26, 10),
    "compact": _Measures((136, theme.HEIGHT_HEADER), 2, 8, 26, 8),
    "minimal": _Measures((120, 56), 1, 5, 20, 5),
}


class TabStrip(QTabBar):
    """A tab bar that paints itself; keyboard and accessibility are Qt's own."""

    focus_radius = theme.RADIUS_BUTTON

    def __init__(self, names: tuple[str, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._states = [TabState() for _ in names]
        self._density: Density = "wide"
        self._hovered = -1
        self.setDrawBase(False)
        self.setExpanding(False)
        self.setUsesScrollButtons(False)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName("Steps")
        for name in names:
            self.addTab(name)
        for index in range(len(names)):
            self._describe(index)

    def state(self, index: int) -> TabState:
        """What tab ``index`` tells."""
        return self._states[index]

    def set_state(self, index: int, state: TabState) -> None:
        """Let tab ``index`` tell ``state``."""
        if state == self._states[index]:
            return
        self._states[index] = state
        self._describe(index)
        self.update(self.tabRect(index))

    def set_density(self, density: Density) -> None:
        """Choose the width of the tabs; "minimal" also drops the state lines."""
        if density != self._density:
            self._density = density
            # Qt keeps the sizes of tabs until one of them changes.
            self.setTabText(0, self.tabText(0))
            self.updateGeometry()
            self.update()

    def tabSizeHint(self, _index: int) -> QSize:
        """All tabs are of one size."""
        return QSize(*_MEASURES[self._density].tab)

    def minimumTabSizeHint(self, index: int) -> QSize:  # noqa: N802 - Qt's name
        """Tabs never shrink by themselves."""
        return self.tabSizeHint(index)

    def minimumSizeHint(self) -> QSize:
        """As narrow as the narrowest tabs, so that the window can become that narrow."""
        width, height = _MEASURES["minimal"].tab
        return QSize(width * self.count(), height)

    def focus_rect(self) -> QRect:
        """The pill of the current tab, slightly inside so that the ring isn't cut off by the header."""
        return self._pill(self.currentIndex()).toRect().adjusted(3, 2, -3, -2)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Mark the tab under the mouse."""
        self._hovered = self.tabAt(event.position().toPoint())
        super().mouseMoveEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Unmark the tab under the mouse."""
        self._hovered = -1
        super().leaveEvent(event)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw every tab."""
        painter = QPainter(self)
        painting.prepare(painter)
        for index in range(self.count()):
            self._paint_tab(painter, index)

    def _pill(self, index: int) -> QRectF:
        measures = _MEASURES[self._density]
        rect = QRectF(self.tabRect(index))
        return rect.adjusted(measures.margin, 6, -measures.margin, -8)

    def _paint_tab(self, painter: QPainter, index: int) -> None:
        measures = _MEASURES[self._density]
        selected = index == self.currentIndex()
        pill = self._pill(index)
        if selected:
            painting.box(painter, pill, theme.RADIUS_BUTTON, theme.color("accent_soft"))
            line = QRectF(pill.x(), self.height() - 3, pill.width(), 3)
            painting.box(painter, line, 1.5, theme.color("accent"))
        elif index == self._hovered:
            painting.box(painter, pill, theme.RADIUS_BUTTON, theme.color("sunken"))
        center = QPointF(pill.x() + measures.lead + measures.circle / 2, pill.center().y())
        self._paint_circle(painter, index, center, selected)
        left = center.x() + measures.circle / 2 + measures.gap
        self._paint_words(painter, index, QRectF(left, pill.y(), pill.right() - left, pill.height()), selected)

    def _paint_words(self, painter: QPainter, index: int, rect: QRectF, selected: bool) -> None:
        state = self._states[index]
        ink = theme.color("text" if selected or state.kind != "number" else "text2")
        name_font = theme.font(14, QFont.Weight.DemiBold)
        if self._density == "minimal" or not state.text:
            painting.text(painter, rect, self.tabText(index), name_font, ink)
            return
        half = rect.height() / 2
        name = QRectF(rect.x(), rect.y() + 6, rect.width(), half - 6)
        painting.text(painter, name, self.tabText(index), name_font, ink)
        line = QRectF(rect.x(), rect.y() + half, rect.width(), half - 5)
        ink = theme.color("wrong" if state.kind == "attention" else "text2")
        painting.text(painter, line, state.text, theme.font(12), ink)

    def _paint_circle(self, painter: QPainter, index: int, center: QPointF, selected: bool) -> None:
        state = self._states[index]
        size = _MEASURES[self._density].circle
        match state.kind:
            case "done":
                painting.state_circle(painter, center, size, "check")
            case "attention":
                painting.state_circle(painter, center, size, "exclamation", "wrong_mark")
            case "running":
                _paint_progress(painter, center, size, state.progress)
                self._paint_number(painter, index, center, theme.color("text"))
            case "number":
                token = "accent" if selected else "line2"
                painting.ring(painter, center, size, theme.color(token), 1.5)
                self._paint_number(painter, index, center, theme.color("accent" if selected else "text2"))

    def _paint_number(self, painter: QPainter, index: int, center: QPointF, ink: QColor) -> None:
        font = theme.font(12, QFont.Weight.DemiBold)
        box = QRectF(center.x() - 10, center.y() - 10, 20, 20)
        painting.text(painter, box, str(index + 1), font, ink, Qt.AlignmentFlag.AlignHCenter)

    def _describe(self, index: int) -> None:
        state = self._states[index]
        words = [self.tabText(index), f"step {index + 1} of {self.count()}", _SPOKEN[state.kind]]
        if state.kind == "running" and state.progress is not None:
            words.append(f"{round(state.progress * 100)} percent")
        elif state.text:
            words.append(state.text)
        self.setAccessibleTabName(index, ", ".join(words))
        about = f"{self.tabText(index)}: {state.text}" if state.text else self.tabText(index)
        self.setTabToolTip(index, f"<qt>{escape(about)}<br>Ctrl+{index + 1}</qt>")


def _paint_progress(painter: QPainter, center: QPointF, size: float, progress: float | None) -> None:
    painting.dot(painter, center, size, theme.color("surface"))
    painting.ring(painter, center, size, theme.color("line"), 3)
    box = QRectF(center.x() - size / 2, center.y() - size / 2, size, size).adjusted(1.5, 1.5, -1.5, -1.5)
    share = 0.25 if progress is None else max(0.02, min(progress, 1.0))
    painter.setPen(QPen(theme.color("accent"), 3, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    painter.drawArc(box, 90 * 16, -round(share * 360 * 16))
