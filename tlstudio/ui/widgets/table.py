"""The table that all tables of the window are: no grid, hairlines between rows, a quiet header."""

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from tlstudio.ui import icons, theme
from tlstudio.ui.focus_ring import focused_by_key
from tlstudio.ui.widgets import painting
from tlstudio.ui.widgets.photo_tile import Index

PAD = 8.0
TERM_ROLE = Qt.ItemDataRole.UserRole + 1
"""Header data: the field's own word for what stands in a column, written smaller under the plain one."""

_ALIGNED = {True: Qt.AlignmentFlag.AlignLeft, False: Qt.AlignmentFlag.AlignRight}


class Header(QHeaderView):
    """Names of the columns: the plain word, the term under it, and which column sorts."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setHighlightSections(False)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.left_columns: frozenset[int] = frozenset((0,))
        self.first_indent = 0.0

    def sizeHint(self) -> QSize:
        """One line, or two where there are terms."""
        return QSize(super().sizeHint().width(), 48 if self._lines() == 2 else 36)

    def _lines(self) -> int:
        return 2 if any(self._header(column, TERM_ROLE) for column in range(self.count())) else 1

    def paintSection(self, painter: QPainter, rect: QRect, column: int) -> None:  # noqa: N802 - Qt's name
        """Paint one name and the hairline under it."""
        box = QRectF(rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(QRectF(box.left(), box.bottom() - 1, box.width(), 1), theme.color("line"))
        inner = box.adjusted(PAD + (0.0 if column else self.first_indent), 4, -PAD, -4)
        if self.isSortIndicatorShown() and self.sortIndicatorSection() == column:
            inner = self._paint_arrow(painter, inner, column)
        align = _ALIGNED[column in self.left_columns]
        words, term = self._header(column, Qt.ItemDataRole.DisplayRole), self._header(column, TERM_ROLE)
        upper = QRectF(inner.left(), inner.top(), inner.width(), inner.height() / self._lines())
        painting.text(painter, upper, words, theme.font(12, 500), theme.color("text2"), align)
        painting.text(painter, upper.translated(0, upper.height()), term, theme.font(12), theme.color("text3"), align)
        painter.restore()

    def _paint_arrow(self, painter: QPainter, box: QRectF, column: int) -> QRectF:
        """Paint the arrow beside the name; give back what is left for the name."""
        words = self._header(column, Qt.ItemDataRole.DisplayRole)
        left = column in self.left_columns
        width = min(painting.text_width(words, theme.font(12, 500)), box.width() - 16.0)
        x = box.left() + width + 4.0 if left else box.right() - 12.0
        arrow = QRectF(x, box.top() + box.height() / (2 * self._lines()) - 6.0, 12.0, 12.0)
        painter.save()
        if self.sortIndicatorOrder() == Qt.SortOrder.AscendingOrder:
            painter.translate(arrow.center())
            painter.rotate(180)
            painter.translate(-arrow.center())
        icons.paint(painter, "chevron_down", arrow, theme.color("text2"))
        painter.restore()
        return box.adjusted(0, 0, -16.0, 0)

    def _header(self, column: int, role: int) -> str:
        model = self.model()
        return str(model.headerData(column, Qt.Orientation.Horizontal, role) or "") if model is not None else ""


class Table(QTableView):
    """A table of whole rows, walked with the keyboard."""

    def __init__(self, row_height: int, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row_height = row_height
        self._header = Header(self)
        self.setHorizontalHeader(self._header)
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        # Rows paint their grounds themselves; that of the style would lie under those that have none.
        self.setStyleSheet(
            "QTableView { background: transparent; selection-background-color: transparent; }"
            " QHeaderView { background: transparent; }"
        )
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        rows = self.verticalHeader()
        rows.hide()
        rows.setMinimumSectionSize(row_height)
        rows.setDefaultSectionSize(row_height)
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        theme.notifier().changed.connect(self._repaint)

    def use(self, model: QAbstractTableModel, delegate: QStyledItemDelegate, left_columns: tuple[int, ...]) -> None:
        """Show ``model``; the columns given are left-aligned, the others right."""
        self._header.left_columns = frozenset(left_columns)
        self.setItemDelegate(delegate)
        self.setModel(model)

    def set_widths(self, widths: dict[int, float]) -> None:
        """Give columns fixed widths; those not named share what is left."""
        columns = range(self.model().columnCount())
        free = [column for column in columns if column not in widths]
        left = self.viewport().width() - sum(widths.values())
        for column in columns:
            share = widths.get(column, left / max(len(free), 1))
            self._header.resizeSection(column, max(int(share), 24))

    def content_height(self) -> int:
        """Height at which all rows are seen without scrolling."""
        rows = self.model().rowCount() if self.model() is not None else 0
        return self._header.sizeHint().height() + rows * self._row_height

    def _repaint(self) -> None:
        self.viewport().update()
        self._header.viewport().update()


class ChoosingTable(Table):
    """A table of which one row is the chosen one: a click, Enter or the space bar chooses; arrows only walk."""

    def choose(self, row: int) -> None:
        """Choose a row, which may be the chosen one already."""
        raise NotImplementedError

    def go_to(self, row: int) -> None:
        """Put the keyboard on a row, and show it amid its neighbours."""
        place = self.model().index(row, 0)
        self.setCurrentIndex(place)
        self.scrollTo(place, QAbstractItemView.ScrollHint.PositionAtCenter)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter and the space bar choose the row that the keyboard is on."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._choose(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click anywhere on a row chooses it."""
        super().mouseReleaseEvent(event)
        if event.button() == Qt.MouseButton.LeftButton:
            self._choose(self.indexAt(event.position().toPoint()))

    def _choose(self, index: Index) -> None:
        if index.isValid():
            self.choose(index.row())


class RowDelegate(QStyledItemDelegate):
    """Paints the ground of a row (selection, hover, hairline); subclasses paint what stands on it."""

    rounded_selection = True

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one cell."""
        rect = QRectF(option.rect)
        state: QStyle.StateFlag = option.state
        last = index.model().columnCount() - 1
        painter.save()
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        selected = bool(state & QStyle.StateFlag.State_Selected)
        ground = self.ground(index, selected)
        if ground is not None:
            self._fill(painter, rect, ground, index.column() == 0, index.column() == last)
        else:
            painter.fillRect(QRectF(rect.left(), rect.bottom() - 1, rect.width(), 1), theme.color("line"))
        framed = self._has_keyboard(index)
        if selected and not framed and index.column() == 0:
            painter.fillRect(QRectF(rect.left(), rect.top(), 3.0, rect.height()), theme.color("accent"))
        self.paint_cell(painter, rect, index, selected)
        if framed:
            self._paint_frame(painter, rect, index.column())
        painter.restore()

    def ground(self, index: Index, selected: bool) -> QColor | None:  # noqa: ARG002 - for subclasses
        """Colour under a row; None for none, which leaves a hairline."""
        return theme.color("accent_soft") if selected else None

    def paint_cell(self, painter: QPainter, rect: QRectF, index: Index, selected: bool) -> None:
        """Paint the contents of one cell."""
        raise NotImplementedError

    def _has_keyboard(self, index: Index) -> bool:
        """Whether the keyboard, and not the mouse, is on the row of a cell."""
        view = self.parent()
        if not isinstance(view, QTableView) or view.currentIndex().row() != index.row():
            return False
        return view.hasFocus() and focused_by_key(view)

    def _paint_frame(self, painter: QPainter, rect: QRectF, column: int) -> None:
        """Paint the part of a frame round the row that belongs to one cell."""
        view = self.parent()
        if not isinstance(view, QTableView):
            return
        shown = [each for each in range(view.model().columnCount()) if not view.isColumnHidden(each)]
        first, last = column == shown[0], column == shown[-1]
        reach = 2.0 * theme.RADIUS_CELL  # what lies outside the cell is cut off
        painter.setClipRect(rect)
        frame = rect.adjusted(0 if first else -reach, 0, 0 if last else reach, 0)
        painting.box(painter, frame, theme.RADIUS_CELL, None, theme.color("accent"), theme.FOCUS_WIDTH)

    def _fill(self, painter: QPainter, rect: QRectF, ground: QColor, first: bool, last: bool) -> None:
        radius = float(theme.RADIUS_CELL) if self.rounded_selection else 0.0
        painter.setClipRect(rect)
        wide = rect.adjusted(0 if first else -radius, 0, 0 if last else radius, 0)
        painting.box(painter, wide, radius, ground)


class RowModel(QAbstractTableModel):
    """The part of a table's model that all have: names of the columns, with terms and tooltips.

    Attributes:
        HEADERS: (plain word, the field's term or empty, tooltip) of each column.
    """

    HEADERS: tuple[tuple[str, str, str], ...] = ()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """Number of columns."""
        return 0 if parent.isValid() else len(self.HEADERS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> str | None:
        """Name, term and tooltip of a column."""
        if orientation != Qt.Orientation.Horizontal:
            return None
        word, term, tip = self.HEADERS[section]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return word
            case Qt.ItemDataRole.ToolTipRole:
                return tip or None
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{word} ({term})" if term else word
            case _:
                return term if role == TERM_ROLE else None
