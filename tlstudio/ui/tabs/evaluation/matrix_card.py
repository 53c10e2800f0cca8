"""The confusion matrix with what belongs to it: what its cells say, their order, the pairs that are confused most."""

from typing import Final, Literal, cast

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QSizePolicy, QWidget

from tlstudio.evaluation.report import Report
from tlstudio.ui import theme
from tlstudio.ui.tabs.evaluation.matrix_menu import MatrixMenu
from tlstudio.ui.widgets.buttons import IconButton
from tlstudio.ui.widgets.card import Card
from tlstudio.ui.widgets.confused_pairs import ConfusedPairs
from tlstudio.ui.widgets.confusion_matrix import ConfusionMatrix
from tlstudio.ui.widgets.fields import SearchField
from tlstudio.ui.widgets.labels import ElidedLabel
from tlstudio.ui.widgets.matrix_layout import MOST_NAMED, Selection, confused_classes, confused_pairs, seriate
from tlstudio.ui.widgets.matrix_order import ClassSort, class_order
from tlstudio.ui.widgets.matrix_picture import MatrixPicture
from tlstudio.ui.widgets.matrix_table import CellMode, matrix_csv, matrix_text
from tlstudio.ui.widgets.segmented import Segmented
from tlstudio.ui.widgets.tooltip import set_tooltip

MatrixOf = Literal["run", "before", "after"]

_NAMES_HEIGHT, _LARGE_HEIGHT = 112, 300
_FEW_CLASSES, _HIGH_ROW, _LOW_ROW = 6, 40, 20
_TERM_FROM: Final = 560
_WHICH: Final[tuple[tuple[MatrixOf, str], ...]] = (
    ("run", "This run"),
    ("before", "Before corrections"),
    ("after", "After corrections"),
)
_HINT: Final = "Point at a cell to read it. A click shows its photos."


class _Room(QWidget):
    """Gives a widget all the room there is: the matrix would insist on the height that goes with its width."""

    def __init__(self, content: QWidget) -> None:
        super().__init__()
        self._content = content
        content.setParent(self)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._content.setGeometry(self.rect())


class MatrixCard(Card):
    """The confusion matrix, a line that reads out what is pointed at, and the pairs that are confused most.

    Attributes:
        selected: Carries the ``Selection``; an empty one where nothing is selected any more.
        pair_selected: Carries two indices of classes that are to be shown together.
        activated: Go to the photos of what is selected.
        clustering_wanted: ``set_clustered`` is to be called with the order for the report shown.
        save_requested: Carries "png", "svg" or "csv".
        which_chosen: Carries which matrix is wanted, a key of ``offer``.
    """

    selected = Signal(object)
    pair_selected = Signal(int, int)
    activated = Signal()
    clustering_wanted = Signal()
    save_requested = Signal(str)
    which_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Where it goes wrong", padding=theme.SPACE_24, parent=parent)
        self.report: Report | None = None
        self._sort: ClassSort = "given"
        self._shares: CellMode = "rows"
        self._mode = Segmented([("photos", "Photos"), ("percent", "Percent")], "What the cells say")
        self._more = IconButton("dots", "Sort, copy and save the matrix")
        self._menu = MatrixMenu(self._more)
        self._matrix = ConfusionMatrix()
        self._room = _Room(self._matrix)
        self._reading = ElidedLabel(_HINT, "secondary", "text2")
        self._term = ElidedLabel("confusion matrix", "caption", "text3")
        self._find = SearchField("Find a class")
        self._which = Segmented(_WHICH, "Whose answers these are")
        self._which.hide()
        self._pairs = ConfusedPairs()
        self.body.addWidget(self._which, 0, Qt.AlignmentFlag.AlignLeft)
        for widget, stretch in ((self._room, 1), (self._reading, 0), (self._find, 0)):
            self.body.addWidget(widget, stretch)
        for action in (self._term, self._mode, self._more):
            self.add_action(action)
        self.add_footer(self._pairs)
        self._more.setMenu(self._menu)
        set_tooltip(self._mode, "Say in each cell how many photos, or which share of its row", term="Row-normalised")
        set_tooltip(self._find, "Show the row of a class", key="Enter")
        set_tooltip(
            self._which,
            "The run as it was trained, or its last layer learnt anew: from the labels before your corrections, and "
            "from those of now. Both of these are judged by the labels of now",
        )
        self._connect()

    def show_report(self, report: Report) -> None:
        """Show the matrix of a report with nothing selected."""
        self.report = report
        self._matrix.set_matrix(report.classes, report.confusion)
        self._room.setMinimumHeight(_least_height(len(report.classes)))
        self._find.setVisible(self._matrix.is_large())
        self._find.clear()
        directions = confused_pairs(report.classes, report.confusion)
        self._pairs.set_pairs(confused_classes(report.classes, report.confusion), directions)
        self._reading.setText(_HINT)
        self._sort_by("clustered" if self._matrix.is_large() else "given")

    def offer(self, corrected: bool, which: MatrixOf = "run") -> None:
        """Let the person choose between matrices, where corrections were learnt from.

        Args:
            corrected: Whether there is more than that of the run.
            which: The one that ``show_report`` is given.
        """
        self._which.setVisible(corrected)
        self._which.set_current(which)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the field's word out where there is no room for it."""
        super().resizeEvent(event)
        self._term.setVisible(self.width() >= _TERM_FROM)

    def selection(self) -> Selection:
        """What is selected."""
        return self._matrix.selection()

    def clear_selection(self) -> None:
        """Select nothing."""
        self._matrix.clear_selection()

    def set_clustered(self, order: list[int]) -> None:
        """Let confused classes stand side by side, unless another order was chosen meanwhile."""
        if self._sort == "clustered":
            self._matrix.set_order(order)

    def csv(self) -> bytes:
        """The matrix as a table."""
        return matrix_csv(self._matrix.table())

    def picture(self) -> MatrixPicture:
        """The matrix as it is to be drawn."""
        return self._matrix.picture()

    def _connect(self) -> None:
        matrix, menu = self._matrix, self._menu
        matrix.cell_selected.connect(lambda true, predicted: self._tell(Selection(true, predicted)))
        matrix.row_selected.connect(lambda true: self._tell(Selection(true)))
        matrix.column_selected.connect(lambda predicted: self._tell(Selection(None, predicted)))
        matrix.cleared.connect(lambda: self._tell(Selection()))
        matrix.activated.connect(self.activated)
        matrix.pointed.connect(self._read)
        matrix.copy_requested.connect(self._copy)
        menu.mode_chosen.connect(self._choose_shares)
        menu.sort_chosen.connect(self._sort_by)
        menu.zoomed.connect(matrix.zoom)
        menu.copy_chosen.connect(self._copy)
        menu.save_chosen.connect(self.save_requested)
        self._mode.changed.connect(lambda _key: self._set_mode())
        self._which.changed.connect(self.which_chosen)
        self._find.returnPressed.connect(self._find_class)
        self._pairs.chosen.connect(self._choose_pair)
        self._pairs.direction_chosen.connect(self._choose_direction)

    def _tell(self, selection: Selection) -> None:
        self._read(selection)
        self.selected.emit(selection)

    def _read(self, pointed: Selection) -> None:
        self._reading.setText(self._matrix.read_out(pointed or self._matrix.selection()) or _HINT)

    def _choose_shares(self, mode: str) -> None:
        self._shares = cast("CellMode", mode)
        self._mode.set_current("percent")
        self._set_mode()

    def _set_mode(self) -> None:
        percent = self._mode.current_key() == "percent"
        self._matrix.set_mode(self._shares if percent else "photos")
        of = ("column", "Column-normalised") if self._shares == "columns" else ("row", "Row-normalised")
        set_tooltip(self._mode, f"Say in each cell how many photos, or which share of its {of[0]}", term=of[1])

    def _sort_by(self, sort: str) -> None:
        if self.report is None:
            return
        self._sort = cast("ClassSort", sort)
        self._menu.show_state(self._shares, self._sort, large=self._matrix.is_large())
        if self._sort == "clustered":
            self._matrix.set_order(seriate(self.report.confusion))  # nearly that, at once
            self.clustering_wanted.emit()
        else:
            self._matrix.set_order(class_order(self.report.classes, self.report.confusion, self._sort))

    def _copy(self) -> None:
        QApplication.clipboard().setText(matrix_text(self._matrix.table()))
        self._reading.setText("The matrix is on the clipboard, as a table.")

    def _find_class(self) -> None:
        words = self._find.text().strip().casefold()
        if self.report is None or not words:
            return
        names = sorted(self.report.classes, key=lambda name: not name.casefold().startswith(words))
        found = next((name for name in names if words in name.casefold()), None)
        if found is None:
            self._reading.setText(f"There is no class called “{self._find.text().strip()}”.")
        else:
            self._matrix.reveal(found)

    def _choose_pair(self, first: str, second: str) -> None:
        if self.report is None:
            return
        classes, counts = self.report.classes, self.report.confusion
        one, other = classes.index(first), classes.index(second)
        if counts[one][other] < counts[other][one]:
            one, other = other, one
        self._matrix.select_cell(one, other)
        self.pair_selected.emit(one, other)

    def _choose_direction(self, true: str, predicted: str) -> None:
        if self.report is not None:
            self._matrix.select_cell(self.report.classes.index(true), self.report.classes.index(predicted))
            self._matrix.setFocus()


def _least_height(n_classes: int) -> int:
    """Height below which the numbers of a matrix are hard to read; the column scrolls instead."""
    if n_classes > MOST_NAMED:
        return _LARGE_HEIGHT
    return _NAMES_HEIGHT + n_classes * (_HIGH_ROW if n_classes <= _FEW_CLASSES else _LOW_ROW)
