"""All networks to choose from, as a table that sorts."""

from typing import Any, Final

from PySide6.QtCore import QModelIndex, QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QResizeEvent
from PySide6.QtWidgets import QWidget

from tlstudio.ui import icons, theme
from tlstudio.ui.tabs.model.model_facts import written_megabytes
from tlstudio.ui.tabs.model.network_rows import NetworkRow
from tlstudio.ui.widgets import painting
from tlstudio.ui.widgets.photo_tile import Index
from tlstudio.ui.widgets.table import PAD, ChoosingTable, RowDelegate, RowModel

_ROW_HEIGHT: Final = 48
_NAME, _KNOWLEDGE, _SPEED, _PARAMETERS, _SIZE, _INPUT, _HERE = range(7)
_COMPACT_BELOW: Final = 720
_RADIO: Final = 18.0
_BAR: Final = 32.0
_QUICK: Final = 300.0
"""Photos a second that fill a bar: from there on, reading them from disk takes as long."""

_WIDTHS: Final[dict[int, float]] = {_KNOWLEDGE: 106, _SPEED: 140, _PARAMETERS: 96, _SIZE: 74, _INPUT: 88, _HERE: 112}
_COMPACT_WIDTHS: Final[dict[int, float]] = {_KNOWLEDGE: 108, _SPEED: 116, _HERE: 162}
_SPEED_TIP: Final = (
    "How many photos it looks at in a second on this computer, reading them from disk not counted. Measured once; "
    "until then about what its multiplications let expect."
)


class _NetworksModel(RowModel):
    """Networks in the order asked for."""

    HEADERS = (
        ("Network", "", "What looks at the photos (backbone)"),
        (
            "Knowledge",
            "",
            "How well it knows everyday things before it sees your photos: the published top-1 accuracy on ImageNet",
        ),
        (
            "Photos a second",
            "",
            _SPEED_TIP,
        ),
        ("Parameters", "", "Numbers that it holds (weights and biases), in millions, without the last layers"),
        ("Size", "", "Of its weights on disk, and of their download"),
        ("Photo size", "", "Width and height in pixels of the photos that it looks at (input size)"),
        ("Weights", "", "Whether its knowledge lies on this computer already"),
    )

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.rows: list[NetworkRow] = []

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.rows)

    def text(self, row: int, column: int) -> str:
        entry = self.rows[row]
        return (
            entry.title,
            entry.known,
            entry.speed_words,
            entry.parameters_words,
            written_megabytes(entry.megabytes),
            entry.size_words,
            entry.here,
        )[column]

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401 - Qt's own signature
        if not index.isValid():
            return None
        entry, text = self.rows[index.row()], self.text(index.row(), index.column())
        if role == Qt.ItemDataRole.DisplayRole:
            return text
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._tooltip(entry, index.column())
        if role == Qt.ItemDataRole.AccessibleTextRole:
            chosen = ", chosen" if entry.chosen and index.column() == _NAME else ""
            return f"{self.HEADERS[index.column()][0]}: {text}{chosen}"
        return None

    def _tooltip(self, entry: NetworkRow, column: int) -> str | None:
        if column == _NAME:
            return f"{entry.title}: {entry.facts}"
        if column == _KNOWLEDGE:
            return entry.known_at_length
        if column == _SPEED and entry.speed is not None:
            return "Measured on this computer" if entry.speed.measured else "A rough estimate; choose it to measure it"
        if column == _HERE and not entry.ready:
            return "Its knowledge is downloaded when training starts, once"
        return None

    def show(self, rows: list[NetworkRow], column: int, order: Qt.SortOrder) -> None:
        """Show ``rows``; as long as their order stays, so do selection and place."""
        arranged = _arranged(rows, column, order)
        if [row.name for row in arranged] == [row.name for row in self.rows]:
            self.rows = arranged
            self.dataChanged.emit(self.index(0, 0), self.index(len(arranged) - 1, len(self.HEADERS) - 1))
            return
        self.beginResetModel()
        self.rows = arranged
        self.endResetModel()


def _arranged(rows: list[NetworkRow], column: int, order: Qt.SortOrder) -> list[NetworkRow]:
    def key(row: NetworkRow) -> tuple[Any, str]:
        values = (
            row.title.casefold(),
            row.knowledge or 0.0,
            row.speed.photos_per_second if row.speed else 0.0,
            row.parameters,
            row.megabytes,
            row.input_size,
            (not row.ready, row.megabytes),
        )
        return values[column], row.title

    return sorted(rows, key=key, reverse=order == Qt.SortOrder.DescendingOrder)


class _NetworkDelegate(RowDelegate):
    """Radio mark and name, bars with percent and speed, plain figures, and what lies on this computer."""

    def __init__(self, model: _NetworksModel, table: "NetworkTable") -> None:
        super().__init__(table)
        self._model, self._table = model, table

    def ground(self, index: Index, selected: bool) -> Any:  # noqa: ANN401, ARG002 - the selection is only a place
        return theme.color("accent_soft") if self._model.rows[index.row()].chosen else None

    def paint_cell(self, painter: QPainter, rect: QRectF, index: Index, selected: bool) -> None:  # noqa: ARG002
        row = self._model.rows[index.row()]
        box = rect.adjusted(PAD, 0, -PAD, 0)
        text = self._model.text(index.row(), index.column())
        column = index.column()
        if column == _NAME:
            self._paint_name(painter, box.adjusted(PAD, 0, 0, 0), row)
        elif column == _KNOWLEDGE:
            self._paint_bar(painter, box, row, row.knowledge, text)
        elif column == _SPEED:
            speed = row.speed
            share = min(1.0, speed.photos_per_second / _QUICK) if speed else None
            self._paint_bar(painter, box, row, share, text, sure=speed is not None and speed.measured)
        elif column == _HERE:
            self._paint_here(painter, box, row, text)
        else:
            painting.text(painter, box, text, theme.font(13), theme.color("text2"))

    def _paint_name(self, painter: QPainter, box: QRectF, row: NetworkRow) -> None:
        center = QPointF(box.left() + _RADIO / 2, box.center().y())
        painting.radio(painter, center, _RADIO, row.chosen)
        font = theme.font(14, 600 if row.chosen else 500)
        painting.text(painter, box.adjusted(_RADIO + 10, 0, 0, 0), row.title, font, theme.color("text"))

    def _paint_bar(
        self, painter: QPainter, box: QRectF, row: NetworkRow, share: float | None, text: str, *, sure: bool = True
    ) -> None:
        if share is not None and not self._table.compact:
            track = QRectF(box.left(), box.center().y() - 4, _BAR, 8)
            fill = theme.color("accent" if row.chosen else "line2")
            painting.bar(painter, track, share, fill, theme.color("surface" if row.chosen else "sunken"))
            box = box.adjusted(_BAR + PAD, 0, 0, 0)
        ink = "text2" if sure or row.chosen else "text3"
        painting.text(painter, box, text, theme.font(13), theme.color(ink))

    def _paint_here(self, painter: QPainter, box: QRectF, row: NetworkRow, text: str) -> None:
        ink = theme.color("accent" if row.ready else "text2")
        place = QRectF(box.left(), box.center().y() - 9, 18, 18)
        icons.paint(painter, "check" if row.ready else "download", place, ink)
        words = text if row.ready or self._table.compact else "Download"  # its size has a column of its own
        painting.text(painter, box.adjusted(26, 0, 0, 0), words, theme.font(13), ink)


class NetworkTable(ChoosingTable):
    """One row a network; a click on a header sorts.

    Attributes:
        chosen: Carries the name of the network that was chosen by hand.
    """

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_ROW_HEIGHT, "Networks", parent)
        self.compact = False
        self._networks = _NetworksModel(self)
        self._rows: list[NetworkRow] = []
        self.use(self._networks, _NetworkDelegate(self._networks, self), tuple(range(len(self._networks.HEADERS))))
        self._header.first_indent = PAD
        self._header.setSectionsClickable(True)
        self._header.setSortIndicatorShown(True)
        self._header.setSortIndicator(_KNOWLEDGE, Qt.SortOrder.DescendingOrder)
        self._header.sortIndicatorChanged.connect(self._sort)

    def set_rows(self, rows: list[NetworkRow]) -> None:
        """Show these networks; what they are sorted by stays."""
        before = next((row.name for row in self._rows if row.chosen), "")
        self._rows = rows
        self._networks.show(rows, self._header.sortIndicatorSection(), self._header.sortIndicatorOrder())
        chosen = next((row.name for row in rows if row.chosen), "")
        if chosen != before or not self.currentIndex().isValid():
            self.show_chosen()

    def show_chosen(self) -> None:
        """Go to the chosen network."""
        place = next((number for number, row in enumerate(self._networks.rows) if row.chosen), None)
        if place is not None:
            self.go_to(place)

    def network_at(self, row: int) -> NetworkRow:
        """The network in a row, counted from the top."""
        return self._networks.rows[row]

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the width; figures and bars are left out where there is little."""
        super().resizeEvent(event)
        self.compact = self.viewport().width() < _COMPACT_BELOW
        widths = _COMPACT_WIDTHS if self.compact else _WIDTHS
        for column in range(_KNOWLEDGE, _HERE + 1):
            self.setColumnHidden(column, column not in widths)
        self.set_widths({**dict.fromkeys(_WIDTHS, 0.0), **widths})
        self.scrollTo(self.currentIndex(), self.ScrollHint.PositionAtCenter)

    def choose(self, row: int) -> None:
        """Tell which one was chosen."""
        self.chosen.emit(self._networks.rows[row].name)

    def _sort(self, column: int, order: Qt.SortOrder) -> None:
        self._networks.show(self._rows, column, order)
        self.show_chosen()
