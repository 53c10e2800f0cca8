"""Which run is truly better: pairs as sentences, and the photos on which they differ."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QListView,
    QStackedLayout,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from tlstudio.evaluation.comparison import Changed, Pair, changed_photos
from tlstudio.ui import icons, theme
from tlstudio.ui.widgets import painting
from tlstudio.ui.widgets.empty_state import EmptyState
from tlstudio.ui.widgets.labels import TextLabel
from tlstudio.ui.widgets.photo_grid import PhotoGrid
from tlstudio.ui.widgets.photo_tile import Index, PhotoItem
from tlstudio.ui.widgets.thumbnails import ThumbnailCache
from tlstudio.ui.widgets.tooltip import as_plain, set_tooltip
from tlstudio.wording import percent
from tlstudio.workflows.compare import ComparedRun, Comparison

_LINE, _COUNTS, _MARGIN, _GAP = 22, 20, 8, 4
_LIST_WIDEST: Final = 480
_PAD: Final = 12.0
_INDENT: Final = 28.0


class _PairsModel(QAbstractListModel):
    """Pairs, the clearest difference first."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.pairs: Sequence[Pair] = ()

    def set_pairs(self, pairs: Sequence[Pair]) -> None:
        self.beginResetModel()
        self.pairs = pairs
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.pairs)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401 - Qt's own signature
        if not index.isValid():
            return None
        pair = self.pairs[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return pair.headline
            case Qt.ItemDataRole.ToolTipRole:
                return as_plain(f"{pair.headline} {pair.evidence}")
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{pair.headline} {pair.evidence}"
        return None


class _PairsDelegate(QStyledItemDelegate):
    """A mark for "better" or "no clear winner", the headline on two lines, and the counts under it."""

    def __init__(self, model: _PairsModel, view: QListView) -> None:
        super().__init__(view)
        self._model, self._view = model, view

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        """As wide as the list, with one line for the headline or two."""
        room = self._view.viewport().width() - 2 * _PAD - _INDENT
        wraps = painting.text_width(self._model.pairs[index.row()].headline, theme.font(14, 600)) > room
        return QSize(0, 2 * _MARGIN + _LINE * (2 if wraps else 1) + _COUNTS + _GAP)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one pair."""
        pair, rect = self._model.pairs[index.row()], QRectF(option.rect)
        state: QStyle.StateFlag = option.state
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if state & QStyle.StateFlag.State_Selected:
            painting.box(painter, rect.adjusted(0, 0, 0, -_GAP), theme.RADIUS_BUTTON, theme.color("accent_soft"))
        known = pair.better != "unknown"
        mark = QRectF(rect.left() + _PAD, rect.top() + _MARGIN + 2, 18, 18)
        icons.paint(painter, "check" if known else "question", mark, theme.color("accent" if known else "text2"))
        words = rect.adjusted(_PAD + _INDENT, _MARGIN, -_PAD, -_MARGIN - _GAP)
        painter.setFont(theme.font(14, 600))
        painter.setPen(theme.color("text"))
        wrapped = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft
        painter.drawText(words.adjusted(0, 0, 0, -_COUNTS), wrapped, pair.headline)
        lower = words.adjusted(0, words.height() - _COUNTS, 0, 0)
        painting.text(painter, lower, _counts(pair), theme.font(13), theme.color("text2"))
        painter.restore()


def _counts(pair: Pair) -> str:
    """The counts, and the figure that experts look for."""
    counts, value = pair.paired, pair.p_value
    ahead, behind = counts.only_second, counts.only_first
    if pair.better == "first":  # the headline names it first
        ahead, behind = behind, ahead
    chance = "p < 0.001" if value < 0.001 else f"p = {value:.3f}"
    return f"{ahead:,} against {behind:,} of {counts.photos:,} photos ({chance})"


class ComparePairs(QWidget):
    """Pairs of runs | the photos that only one of the two gets right.

    Attributes:
        pair_selected: Carries the ``Pair`` whose photos are shown.
    """

    pair_selected = Signal(object)

    def __init__(self, thumbnails: ThumbnailCache, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._comparison: Comparison | None = None
        self._model = _PairsModel(self)
        self._list = QListView()
        self._verdict = TextLabel("", "strong", wrap=True)
        self._evidence = TextLabel("", "secondary", "text2", wrap=True)
        self._flags = TextLabel("", "secondary", "unsure", wrap=True)
        self.grid = PhotoGrid(thumbnails)
        self._empty = EmptyState("image", "", "")
        self._lay_out()
        self._list.selectionModel().currentRowChanged.connect(lambda now, _before: self._show_pair(now.row()))

    def show_comparison(self, comparison: Comparison) -> None:
        """Show the pairs of a comparison, the first one's photos, and what can't be compared."""
        self._comparison = comparison
        self._model.set_pairs(comparison.pairs)
        self._flags.setText("\n".join(comparison.flags))
        self._flags.setVisible(bool(comparison.flags))
        self._left.setVisible(bool(comparison.pairs or comparison.flags))
        if comparison.pairs:
            self._list.setCurrentIndex(self._model.index(0))
        else:
            self._show_none(comparison)

    def select(self, row: int) -> None:
        """Show the photos of one of the pairs, by its place."""
        self._list.setCurrentIndex(self._model.index(row))

    def verdict(self) -> str:
        """The sentence over the photos."""
        return self._verdict.text()

    def _lay_out(self) -> None:
        self._list.setModel(self._model)
        self._list.setItemDelegate(_PairsDelegate(self._model, self._list))
        self._list.setFrameShape(QFrame.Shape.NoFrame)
        self._list.setStyleSheet("QListView { background: transparent; }")
        self._list.setMouseTracking(True)
        self._list.setResizeMode(QListView.ResizeMode.Adjust)
        self._list.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self._list.setAccessibleName("Pairs of runs")
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        theme.notifier().changed.connect(self._list.viewport().update)
        left = self._left = QWidget()
        pairs = QVBoxLayout(left)
        pairs.setContentsMargins(0, 0, 0, 0)
        pairs.addWidget(self._list, 1)
        pairs.addWidget(self._flags)
        left.setMaximumWidth(_LIST_WIDEST)
        set_tooltip(
            self._list, "Select two runs to see the photos they differ on", term="Exact McNemar test, Holm's p-values"
        )
        self.grid.set_tile_step(1)
        set_tooltip(self.grid, "Photos on which the two runs differ: those gained first, then those lost")
        photos = QWidget()
        right = QVBoxLayout(photos)
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(theme.SPACE_4)
        for label in (self._verdict, self._evidence):
            right.addWidget(label)
        right.addSpacing(theme.SPACE_8)
        right.addWidget(self.grid, 1)
        self._stack = QStackedLayout()
        self._stack.addWidget(photos)
        self._stack.addWidget(self._empty)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.SPACE_24)
        row.addWidget(left, 2)
        row.addLayout(self._stack, 3)

    def _show_none(self, comparison: Comparison) -> None:
        few = len(comparison.runs) < 2
        self._empty.set_text(
            "Tick two runs or more" if few else "Nothing to compare",
            "Then you see here whether one is truly better, and which photos changed."
            if few
            else "No two of these runs were judged on the same photos.",
        )
        self.grid.set_items(())
        self._stack.setCurrentIndex(1)

    def _show_pair(self, row: int) -> None:
        if self._comparison is None or not 0 <= row < len(self._model.pairs):
            return
        pair = self._model.pairs[row]
        first, second = self._comparison.run(pair.first), self._comparison.run(pair.second)
        self._stack.setCurrentIndex(0)
        self._verdict.setText(pair.headline)
        self._evidence.setText(pair.evidence)
        self.grid.setAccessibleName(f"Photos that {first.figures.name} and {second.figures.name} differ on")
        self.grid.set_classes(len(second.stored.run.classes))
        self.grid.set_items(_tiles(first, second))
        self.pair_selected.emit(pair)


def _tiles(first: ComparedRun, second: ComparedRun) -> list[PhotoItem]:
    classes = {name: index for index, name in enumerate(second.stored.run.classes)}
    root = Path(second.stored.run.root)
    return [
        PhotoItem(
            root / change.after.path,
            change.after.label,
            classes[change.after.label],
            "right" if change.gained else "wrong",
            flag="Gained" if change.gained else "Lost",
            note=_note(change, first.figures.name, second.figures.name),
        )
        for change in changed_photos(first.answers, second.answers)
    ]


def _note(change: Changed, first: str, second: str) -> str:
    before, after = change.before, change.after
    return (
        f"labelled {after.label}; {first} says {before.answer}, {percent(before.score)}; "
        f"{second} says {after.answer}, {percent(after.score)}"
    )
