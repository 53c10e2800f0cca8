"""How a confusion matrix is painted: a grid of cells with names, and the overview of a large one."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPen

from tlstudio.ui import theme
from tlstudio.ui.widgets import painting
from tlstudio.ui.widgets.matrix_layout import (
    FOUND_WIDTH,
    TURNED_NAME,
    GridGeometry,
    Selection,
    column_shares,
    right_step,
    row_shares,
    wrong_step,
)
from tlstudio.ui.widgets.matrix_table import CellMode
from tlstudio.wording import percent

_DOT_SPACE = 18.0
_NUMBER_MIN = 8


@dataclass(frozen=True, slots=True)
class MatrixContent:
    """What a matrix is about.

    Attributes:
        classes: n names.
        counts: (n, n) photos; rows what they are, columns what the model says.
        shares: (n, n) share of each cell of its row, 0 to 1.
        column_shares: (n, n) share of each cell of its column, 0 to 1.
    """

    classes: tuple[str, ...]
    counts: NDArray[np.int64]
    shares: NDArray[np.float64]
    column_shares: NDArray[np.float64]

    @classmethod
    def of(cls, classes: Sequence[str], counts: NDArray[np.int64]) -> "MatrixContent":
        """Compute the shares."""
        return cls(tuple(classes), counts, row_shares(counts), column_shares(counts))

    def shares_of(self, mode: CellMode) -> NDArray[np.float64]:
        """What the colours go by, (n, n): shares of the rows unless the cells say those of the columns."""
        return self.column_shares if mode == "columns" else self.shares

    def text(self, true: int, predicted: int, mode: CellMode) -> str:
        """What stands in a cell; empty for none."""
        count = int(self.counts[true, predicted])
        if not count:
            return ""
        return f"{count:,}" if mode == "photos" else _percent(float(self.shares_of(mode)[true, predicted]))

    def colors(self, true: int, predicted: int, mode: CellMode = "photos") -> tuple[QColor, QColor]:
        """Ground and ink of a cell."""
        share = float(self.shares_of(mode)[true, predicted])
        if not self.counts[true, predicted]:
            return theme.color("sunken"), theme.color("text3")
        tokens = theme.current()
        steps, step = (
            (tokens.matrix_right, right_step(share)) if true == predicted else (tokens.matrix_wrong, wrong_step(share))
        )
        ground, ink = steps[step]
        return QColor(ground), QColor(ink)


def _percent(share: float) -> str:
    return "<1" if 0 < share < 0.005 else f"{share * 100:.0f}"


@dataclass(frozen=True, slots=True)
class GridView:
    """A part of a matrix with names.

    Attributes:
        content: The whole matrix.
        rows: Indices of the classes of the rows shown.
        columns: Indices of the classes of the columns shown.
        mode: What the cells say.
        found: Whether the share found stands at the right.
        selection: What is selected.
        sparse: Whether empty cells are left out, as where there are thousands.
    """

    content: MatrixContent
    rows: Sequence[int]
    columns: Sequence[int]
    mode: CellMode
    found: bool
    selection: Selection
    sparse: bool = False

    def paint(self, painter: QPainter, geometry: GridGeometry) -> None:
        """Paint it where ``geometry`` says."""
        self._paint_captions(painter, geometry)
        for position, index in enumerate(self.columns):
            self._paint_column_name(painter, geometry, position, index)
        for position, index in enumerate(self.rows):
            self._paint_row_name(painter, geometry, position, index)
        self._paint_cells(painter, geometry)
        self._paint_selection(painter, geometry)

    def _paint_captions(self, painter: QPainter, geometry: GridGeometry) -> None:
        font, ink = theme.font(12), theme.color("text2")
        head = geometry.top - (94.0 if geometry.turned else 54.0)
        head = max(head, 0.0)
        top = QRectF(geometry.left, head, geometry.right - geometry.left, 20.0)
        missing = painting.text_width("What the model says", font) - top.width()
        if missing > 0:
            top.adjust(0, 0, missing, 0)
        painting.text(painter, top, "What the model says", font, ink, Qt.AlignmentFlag.AlignHCenter)
        side = QRectF(geometry.name_left, geometry.top - 28.0, geometry.left - geometry.name_left - 8.0, 20.0)
        painting.text(painter, side, "What it really is", font, ink)
        if self.found and not geometry.turned:
            box = QRectF(geometry.right + 4.0, geometry.top - 28.0, FOUND_WIDTH - 4.0, 20.0)
            painting.text(painter, box, "Found", font, ink, Qt.AlignmentFlag.AlignHCenter)
        elif self.found:
            _turned_text(painter, QPointF(geometry.right + FOUND_WIDTH / 2, geometry.top - 6.0), "Found", font, ink)

    def _paint_column_name(self, painter: QPainter, geometry: GridGeometry, position: int, index: int) -> None:
        x, y, width, _ = geometry.cell(0, position)
        font = theme.font(13 if len(self.columns) <= 12 else 12, 600 if index == self.selection.predicted else 500)
        name, ink = self.content.classes[index], theme.color("text")
        if not geometry.turned:
            box = QRectF(x - 2.0, y - 28.0, width + 4.0, 20.0)
            painting.text(painter, box, name, font, ink, Qt.AlignmentFlag.AlignHCenter, Qt.TextElideMode.ElideMiddle)
            return
        _turned_text(painter, QPointF(x + width / 2 + 3.0, y - 6.0), name, font, ink)

    def _paint_row_name(self, painter: QPainter, geometry: GridGeometry, position: int, index: int) -> None:
        _, y, _, height = geometry.cell(position, 0)
        selected = index == self.selection.true
        font = theme.font(13 if len(self.rows) <= 12 else 12, 600 if selected else 500)
        middle = y + height / 2
        fill = theme.class_color(index, len(self.content.classes), selected)
        painting.dot(painter, QPointF(geometry.name_left + 5.0, middle), 10.0, fill)
        box = QRectF(geometry.name_left + _DOT_SPACE, middle - 10.0, geometry.left - geometry.name_left - 26.0, 20.0)
        name = self.content.classes[index]
        painting.text(painter, box, name, font, theme.color("text"), elide=Qt.TextElideMode.ElideMiddle)
        if self.found:
            share = float(self.content.shares[index, index])
            text = percent(share) if self.content.counts[index].any() else "–"
            box = QRectF(geometry.right + 4.0, middle - 10.0, FOUND_WIDTH - 4.0, 20.0)
            painting.text(
                painter,
                box,
                text,
                theme.font(13 if len(self.rows) <= 12 else 12),
                theme.color("text2"),
                Qt.AlignmentFlag.AlignHCenter,
            )

    def _paint_cells(self, painter: QPainter, geometry: GridGeometry) -> None:
        radius = min(float(theme.RADIUS_CELL), geometry.cell_height / 4)
        texts = {
            (row, column): text
            for row, true in enumerate(self.rows)
            for column, predicted in enumerate(self.columns)
            if (text := self.content.text(true, predicted, self.mode)) or not self.sparse
        }
        size = _number_size(geometry, max(map(len, texts.values()), default=1))
        font = theme.font(16, 600)
        font.setPixelSize(max(size, 1))
        for (row, column), text in texts.items():
            rect = QRectF(*geometry.cell(row, column))
            ground, ink = self.content.colors(self.rows[row], self.columns[column], self.mode)
            if not text:
                ground.setAlphaF(0.6)
            painting.box(painter, rect, radius, ground)
            if text and size >= _NUMBER_MIN:
                painting.text(painter, rect, text, font, ink, Qt.AlignmentFlag.AlignHCenter, Qt.TextElideMode.ElideNone)
            elif not text:
                painting.dot(painter, rect.center(), 2.5, ink)

    def _paint_selection(self, painter: QPainter, geometry: GridGeometry) -> None:
        rect = self._selected_rect(geometry)
        if rect is not None:
            outside = rect.adjusted(-1.0, -1.0, 1.0, 1.0)
            painting.box(painter, outside, theme.RADIUS_CELL + 1.0, border=theme.color("text"), width=2.5)

    def _selected_rect(self, geometry: GridGeometry) -> QRectF | None:
        true, predicted = self.selection.true, self.selection.predicted
        if (true is not None and true not in self.rows) or (predicted is not None and predicted not in self.columns):
            return None
        rows = (0, geometry.rows - 1) if true is None else (list(self.rows).index(true),) * 2
        columns = (0, geometry.columns - 1) if predicted is None else (list(self.columns).index(predicted),) * 2
        if not self.selection:
            return None
        first, last = QRectF(*geometry.cell(rows[0], columns[0])), QRectF(*geometry.cell(rows[1], columns[1]))
        return first.united(last)


def _turned_text(painter: QPainter, at: QPointF, words: str, font: QFont, ink: QColor) -> None:
    """A name turned by 45 degrees, beginning at a point."""
    painter.save()
    painter.translate(at)
    painter.rotate(-45)
    painting.text(painter, QRectF(0, -9.0, TURNED_NAME, 18.0), words, font, ink, elide=Qt.TextElideMode.ElideMiddle)
    painter.restore()


def _number_size(geometry: GridGeometry, digits: int) -> int:
    """Size of the numbers in cells: 16, or what fits; cells without numbers have their tooltips."""
    across = (geometry.cell_width - 2.0) / (0.68 * max(digits, 1))
    return int(min(16.0, across, geometry.cell_height * 0.6))


def overview_image(content: MatrixContent, order: Sequence[int], mode: CellMode = "photos") -> QImage:
    """One pixel a cell, in the colours of the theme.

    Args:
        content: The matrix of n classes.
        order: In which order the classes stand.
        mode: What the cells say, and the colours go by.

    Returns:
        n x n pixels.
    """
    n = len(order)
    tokens = theme.current()
    counts, shares = content.counts[np.ix_(order, order)], content.shares_of(mode)[np.ix_(order, order)]
    pixels = np.full((n, n), QColor(tokens.surface).rgb(), dtype=np.uint32)
    for row, column in np.argwhere(counts):
        share = float(shares[row, column])
        # Single pixels need more colour than cells: the palest steps are left out.
        ground, _ = (
            tokens.matrix_right[max(right_step(share), 2)]
            if row == column
            else tokens.matrix_wrong[max(wrong_step(share), 2)]
        )
        pixels[row, column] = QColor(ground).rgb()
    return QImage(pixels.data, n, n, 4 * n, QImage.Format.Format_RGB32).copy()


def paint_overview(painter: QPainter, rect: QRectF, image: QImage, frame: QRectF) -> None:
    """Paint the overview with its border and the frame of the lens, all in logical pixels."""
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
    painter.drawImage(rect, image)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(theme.color("line2"), 1.0))
    painter.drawRect(rect.adjusted(-0.5, -0.5, 0.5, 0.5))
    painting.box(painter, frame.adjusted(-2.0, -2.0, 2.0, 2.0), 4.0, border=theme.color("text"), width=2.0)
