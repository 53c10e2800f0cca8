"""A layout that breaks into lines where the width ends, with one field at the top right."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget

from tlstudio.ui import theme

_GAP = theme.SPACE_8


class FlowLayout(QLayout):
    """Chips from left to right, in as many lines as they need; the last item is the field."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self._known: dict[int, list[QRect]] = {}
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:  # noqa: N802 - Qt's name, as all below
        """Append an item; the last one is the field."""
        self._items.append(item)
        self._known.clear()

    def count(self) -> int:
        """Number of items."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:  # noqa: N802 - Qt's name
        """The item at a position, or None."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:  # noqa: N802
        """Take an item out."""
        self._known.clear()
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:  # noqa: N802
        """Sideways only."""
        return Qt.Orientation.Horizontal

    def hasHeightForWidth(self) -> bool:  # noqa: N802
        """The narrower, the higher."""
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802
        """Height of all lines."""
        return max((rect.bottom() + 1 for rect in self._places(width)), default=0)

    def sizeHint(self) -> QSize:
        """As high as for a middling width."""
        return QSize(480, self.heightForWidth(480))

    def minimumSize(self) -> QSize:  # noqa: N802
        """The widest item fits."""
        widest = max((item.minimumSize().width() for item in self._shown()), default=0)
        return QSize(widest, theme.HEIGHT_FIELD)

    def setGeometry(self, rect: QRect) -> None:  # noqa: N802
        """Put all items into their places."""
        super().setGeometry(rect)
        for item, place in zip(self._shown(), self._places(rect.width()), strict=True):
            item.setGeometry(place.translated(rect.topLeft()))

    def invalidate(self) -> None:
        """Forget the places: something is shown, hidden, or of another size."""
        self._known.clear()
        super().invalidate()

    def _shown(self) -> list[QLayoutItem]:
        return [item for item in self._items if not item.isEmpty()]

    def _places(self, width: int) -> list[QRect]:
        """Where the items go; kept, since Qt asks for the height at one width dozens of times in one pass."""
        if width not in self._known:
            self._known[width] = self._placed(width)
        return self._known[width]

    def _placed(self, width: int) -> list[QRect]:
        shown = self._shown()
        if not shown:
            return []
        *chips, field = shown
        line = theme.HEIGHT_FIELD
        field_width = min(field.sizeHint().width(), width)
        end = width - field_width - _GAP
        places: list[QRect] = []
        x = y = 0
        for chip in chips:
            size = chip.sizeHint()
            if x and x + size.width() > end:
                x, y, end = 0, y + line, width
            places.append(QRect(x, y + (line - size.height()) // 2, size.width(), size.height()))
            x += size.width() + _GAP
        return [*places, QRect(width - field_width, 0, field_width, line)]
