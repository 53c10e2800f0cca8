"""The confusion matrix: rows what it really is, columns what the model says. Every part of it selects photos."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import ArrayLike
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QFocusEvent,
    QHelpEvent,
    QImage,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from tlstudio.ui import theme
from tlstudio.ui.widgets import painting
from tlstudio.ui.widgets.matrix_layout import (
    MOST_NAMED,
    GridGeometry,
    Pair,
    Selection,
    confused_pairs,
    grid_geometry,
    read_out,
    spoken,
    wrong_cells,
)
from tlstudio.ui.widgets.matrix_lens import Lens
from tlstudio.ui.widgets.matrix_painting import GridView, MatrixContent, overview_image, paint_overview
from tlstudio.ui.widgets.matrix_picture import MatrixPicture
from tlstudio.ui.widgets.matrix_table import CellMode, matrix_rows

_OVERVIEW_MAX, _OVERVIEW_SHARE, _OVERVIEW_GAP = 260.0, 0.38, 28.0
_ZOOM_KEYS: Final = {Qt.Key.Key_Plus: 1, Qt.Key.Key_Equal: 1, Qt.Key.Key_Minus: -1}
_ARROWS: Final = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
}


class ConfusionMatrix(QWidget):
    """A matrix with names up to 24 classes; beyond, an overview of alike classes side by side, and a lens.

    Attributes:
        cell_selected: Indices of the class that it is and of the class that the model says.
        row_selected: Index of the class that it is.
        column_selected: Index of the class that the model says.
        cleared: Nothing is selected any more.
        activated: Enter or a double click: go to the photos of what is selected.
        pointed: Carries what lies under the mouse as a ``Selection``; an empty one for nothing.
        copy_requested: Ctrl+C: the table is wanted on the clipboard.
    """

    cell_selected = Signal(int, int)
    row_selected = Signal(int)
    column_selected = Signal(int)
    cleared = Signal()
    activated = Signal()
    pointed = Signal(object)
    copy_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._content = MatrixContent.of((), np.zeros((0, 0), dtype=np.int64))
        self._order: list[int] = []
        self._selection = Selection()
        self._pointed = Selection()
        self._mode: CellMode = "photos"
        self._lens = Lens()
        self._dragging = False
        self._overview: QImage | None = None
        self._geometry: GridGeometry | None = None
        self._wrong: list[tuple[int, int, int]] = []
        self.setAccessibleName("Confusion matrix")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        theme.notifier().changed.connect(self._refresh)

    def set_matrix(self, classes: Sequence[str], counts: ArrayLike) -> None:
        """Show a matrix with nothing selected, its classes in the order given.

        Args:
            classes: n names.
            counts: (n, n) photos; rows what they are, columns what the model says.

        Raises:
            ValueError: If ``counts`` doesn't fit ``classes``.
        """
        matrix = np.asarray(counts, dtype=np.int64)
        if matrix.shape != (len(classes), len(classes)):
            raise ValueError(f"counts must be {len(classes)} x {len(classes)}, not {matrix.shape}")
        self._content = MatrixContent.of(classes, matrix)
        self._wrong = wrong_cells(matrix)
        self._selection = self._pointed = Selection()
        self._lens = Lens(len(classes))
        self.set_order(range(len(classes)))
        self._describe()
        self.updateGeometry()

    def set_order(self, order: Sequence[int]) -> None:
        """Let the classes stand in another order; what is selected, or else most confused, is under the lens.

        Args:
            order: Indices of all classes, each once.
        """
        self._order = list(order)
        if self.is_large() and self._selection:
            self._show_in_lens(self._selection)
        elif self.is_large() and self._wrong:
            row, column = (self._order.index(index) for index in self._wrong[0][:2])
            middle = min(row, column) + 1
            self._put_lens(self._lens.centred_on(middle, middle).holding(row, column))
        self._refresh()

    def order(self) -> tuple[int, ...]:
        """Indices of the classes in the order in which they stand."""
        return tuple(self._order)

    def pairs(self) -> list[Pair]:
        """Confusions in one direction, the most frequent first."""
        return confused_pairs(self._content.classes, self._content.counts)

    def set_mode(self, mode: CellMode) -> None:
        """Choose what the cells say, and what their colours go by: shares of the row unless those of the column."""
        self._mode = mode
        self._refresh()

    def mode(self) -> CellMode:
        """What the cells say."""
        return self._mode

    def is_large(self) -> bool:
        """Whether there are too many classes to name them all."""
        return len(self._content.classes) > MOST_NAMED

    def selection(self) -> Selection:
        """What is selected, as indices of classes."""
        return self._selection

    def select_cell(self, true: int, predicted: int) -> None:
        """Select a cell, as if it had been clicked."""
        self._select(Selection(true, predicted))

    def clear_selection(self) -> None:
        """Select nothing."""
        self._select(Selection())

    def reveal(self, class_name: str) -> bool:
        """Select the row of a class and bring it under the lens; tell whether there is such a class."""
        if class_name not in self._content.classes:
            return False
        index = self._content.classes.index(class_name)
        if self.is_large():
            self._show_in_lens(Selection(index, index))
        self._select(Selection(index))
        return True

    def zoom(self, steps: int) -> None:
        """Show so many classes fewer (or more, below 0) under the lens."""
        if self.is_large():
            self._put_lens(self._lens.zoomed(steps))

    def spoken(self, selection: Selection) -> str:
        """What is selected, in words: "4 photos of roses taken for tulips"."""
        return spoken(self._content.classes, self._content.counts, selection)

    def read_out(self, selection: Selection) -> str:
        """The same with the shares of row and column: "…: 16 % of roses, 22 % of what the model calls tulips"."""
        return read_out(self._content.classes, self._content.counts, selection)

    def table(self) -> list[list[str]]:
        """All of it with its heads, as it stands and as its cells are chosen."""
        return matrix_rows(self._content.classes, self._content.counts, self._order, self._mode)

    def picture(self) -> MatrixPicture:
        """All of it, to be drawn elsewhere."""
        return MatrixPicture(self._content, tuple(self._order), self._mode)

    # Places.

    def sizeHint(self) -> QSize:
        """As wide as the left half of the Evaluation tab."""
        return QSize(600, self.heightForWidth(600))

    def minimumSizeHint(self) -> QSize:
        """Small enough for the smallest window."""
        return QSize(320, min(self.heightForWidth(320), 280))

    def hasHeightForWidth(self) -> bool:  # noqa: N802 - Qt's name, as all below
        """The cells keep their proportions."""
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802
        """Height at which the cells have their full size."""
        if not self._content.classes:
            return 120
        if self.is_large():
            return round(max(min(width * _OVERVIEW_SHARE, _OVERVIEW_MAX) + 24, 320))
        return round(self._grid(QRectF(0, 0, width, 4000)).bottom + 4)

    def _window(self) -> tuple[list[int], list[int]]:
        """Classes of the rows and of the columns that have names."""
        if not self.is_large():
            return self._order, self._order
        lens = self._lens
        return self._order[lens.row : lens.row + lens.size], self._order[lens.column : lens.column + lens.size]

    def _grid(self, box: QRectF) -> GridGeometry:
        rows, columns = self._window()
        font = theme.font(13 if len(columns) <= 12 else 12, 600)
        widths = [painting.text_width(name, font) for name in self._content.classes]
        return grid_geometry(
            (box.x() + 2.0, box.y(), box.width() - 4.0, box.height() - 2.0),
            (len(rows), len(columns)),
            [widths[index] + 18.0 for index in rows],
            [widths[index] for index in columns],
            found=not self.is_large(),
        )

    def _overview_rect(self) -> QRectF:
        side = min(self.width() * _OVERVIEW_SHARE, self.height() - 24.0, _OVERVIEW_MAX)
        return QRectF(2.0, 12.0, side, side)

    def _frame_rect(self) -> QRectF:
        """Frame of the lens in the overview."""
        place, lens = self._overview_rect(), self._lens
        unit = place.width() / max(lens.classes, 1)
        side = min(lens.size, lens.classes) * unit
        return QRectF(place.x() + lens.column * unit, place.y() + lens.row * unit, side, side)

    def _place(self) -> GridGeometry | None:
        if self._geometry is None and self._content.classes:
            left = self._overview_rect().right() + _OVERVIEW_GAP if self.is_large() else 0.0
            self._geometry = self._grid(QRectF(left, 0, self.width() - left, self.height()))
        return self._geometry

    def _show_in_lens(self, selection: Selection) -> None:
        """Move the lens as little as needed to hold what is given."""
        places = {index: place for place, index in enumerate(self._order)}
        row = None if selection.true is None else places[selection.true]
        column = None if selection.predicted is None else places[selection.predicted]
        self._put_lens(self._lens.holding(row, column))

    def _put_lens(self, lens: Lens) -> None:
        self._lens = lens
        self._geometry = None
        self.update()

    def _at(self, point: QPointF) -> Selection:
        """What lies under a point."""
        if self.is_large() and self._overview_rect().contains(point):
            row, column = (min(int(share * len(self._order)), len(self._order) - 1) for share in self._shares_at(point))
            return Selection(self._order[row], self._order[column])
        geometry = self._place()
        hit = geometry.hit(point.x(), point.y()) if geometry is not None else None
        if hit is None:
            return Selection()
        rows, columns = self._window()
        return Selection(
            None if hit.row is None else rows[hit.row],
            None if hit.column is None else columns[hit.column],
        )

    # What a person does.

    def _select(self, selection: Selection) -> None:
        if selection == self._selection:
            return
        self._selection = selection
        if self.is_large() and selection:
            self._show_in_lens(selection)
        self._describe()
        self.update()
        self._tell()

    def _tell(self) -> None:
        match self._selection:
            case Selection(int(true), int(predicted)):
                self.cell_selected.emit(true, predicted)
            case Selection(int(true), None):
                self.row_selected.emit(true)
            case Selection(None, int(predicted)):
                self.column_selected.emit(predicted)
            case _:
                self.cleared.emit()

    def _describe(self) -> None:
        text = self.spoken(self._selection) or f"{len(self._content.classes)} classes; arrow keys walk the cells"
        self.setAccessibleDescription(text)
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.DescriptionChanged))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows, Home and End walk; Enter goes to the photos; Esc clears; + and - zoom; Ctrl+C copies."""
        key = event.key()
        if not self._content.classes:
            super().keyPressEvent(event)
        elif key in _ARROWS:
            self._walk(*_ARROWS[Qt.Key(key)])
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self._select(Selection(self._cursor().true, self._order[0 if key == Qt.Key.Key_Home else -1]))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._selection:
            self.activated.emit()
        elif key == Qt.Key.Key_Escape and self._selection:
            self.clear_selection()
        elif key in _ZOOM_KEYS:
            self.zoom(_ZOOM_KEYS[Qt.Key(key)])
        elif event.matches(QKeySequence.StandardKey.Copy):
            self.copy_requested.emit()
        else:
            super().keyPressEvent(event)

    def focusNextPrevChild(self, next: bool) -> bool:  # noqa: A002, N802 - Qt's own signature
        """Tab and Shift+Tab walk the wrong cells by size, and leave after the last."""
        places = [Selection(true, predicted) for true, predicted, _ in self._wrong]
        here = self._selection in places
        wanted = places.index(self._selection) + (1 if next else -1) if here else 0 if next else -1
        if not 0 <= wanted < len(places):
            return super().focusNextPrevChild(next)
        self._select(places[wanted])
        return True

    def _cursor(self) -> Selection:
        """Where the keyboard is while nothing is selected: the first cell in view."""
        rows, columns = self._window()
        return self._selection or Selection(rows[0], columns[0])

    def _walk(self, down: int, right: int) -> None:
        if not self._selection:
            self._select(self._cursor())
            return
        place = {index: position for position, index in enumerate(self._order)}
        at = Selection(
            None if self._selection.true is None else place[self._selection.true],
            None if self._selection.predicted is None else place[self._selection.predicted],
        ).moved(down, right, len(self._order))
        self._select(
            Selection(
                None if at.true is None else self._order[at.true],
                None if at.predicted is None else self._order[at.predicted],
            )
        )

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click selects; in the overview it takes hold of the frame."""
        if event.button() != Qt.MouseButton.LeftButton:
            return
        if self.is_large() and self._overview_rect().contains(event.position()):
            self._dragging = True
            self._drag(event.position())
            return
        at = self._at(event.position())
        if at and at == self._selection:
            self._tell()  # whoever listens may show something else by now
        self._select(at)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag the frame; show what can be clicked."""
        if self._dragging:
            self._drag(event.position())
            return
        self._point_at(self._at(event.position()))
        frame = self.is_large() and self._overview_rect().contains(event.position())
        hand = bool(self._pointed)
        shape = Qt.CursorShape.CrossCursor if frame else Qt.CursorShape.PointingHandCursor
        self.setCursor(shape if frame or hand else Qt.CursorShape.ArrowCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: ARG002
        """Let go of the frame."""
        self._dragging = False

    def leaveEvent(self, event: QEvent) -> None:
        """Point at nothing."""
        super().leaveEvent(event)
        self._point_at(Selection())

    def _point_at(self, at: Selection) -> None:
        if at != self._pointed:
            self._pointed = at
            self.pointed.emit(at)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Go to the photos."""
        if self._at(event.position()) and self._selection:
            self.activated.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Ctrl and the wheel: fewer or more classes under the lens."""
        turned = event.angleDelta().y()
        if not (self.is_large() and turned and event.modifiers() & Qt.KeyboardModifier.ControlModifier):
            event.ignore()
            return
        self.zoom(1 if turned > 0 else -1)

    def _drag(self, point: QPointF) -> None:
        row, column = (share * len(self._order) for share in self._shares_at(point))
        self._put_lens(self._lens.centred_on(row, column))

    def _shares_at(self, point: QPointF) -> tuple[float, float]:
        """How far down and how far right in the overview a point lies, 0 to 1 inside it."""
        place = self._overview_rect()
        return (point.y() - place.y()) / place.height(), (point.x() - place.x()) / place.width()

    def event(self, event: QEvent) -> bool:
        """Tooltips differ from cell to cell."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            text = self.spoken(self._at(QPointF(event.pos())))
            QToolTip.showText(event.globalPos(), text, self)
            return True
        return super().event(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Draw the ring of the keyboard."""
        super().focusInEvent(event)
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay out anew."""
        super().resizeEvent(event)
        self._geometry = None

    def changeEvent(self, event: QEvent) -> None:
        """Another font is of another width."""
        super().changeEvent(event)
        self._refresh()

    def _refresh(self) -> None:
        self._geometry = None
        self._overview = overview_image(self._content, self._order, self._mode) if self.is_large() else None
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """Paint the matrix."""
        geometry = self._place()
        if geometry is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rows, columns = self._window()
        GridView(self._content, rows, columns, self._mode, not self.is_large(), self._selection).paint(
            painter, geometry
        )
        if self.hasFocus() and not self._selection:
            box = QRectF(*geometry.cell(0, 0)).adjusted(-1, -1, 1, 1)
            painting.box(painter, box, theme.RADIUS_CELL + 1.0, border=theme.color("accent"), width=theme.FOCUS_WIDTH)
        if self._overview is not None:
            paint_overview(painter, self._overview_rect(), self._overview, self._frame_rect())
