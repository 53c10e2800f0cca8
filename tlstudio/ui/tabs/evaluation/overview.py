"""How good a model is, in one sentence, and where it goes wrong."""

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from tlstudio.evaluation.report import Report
from tlstudio.ui import theme
from tlstudio.ui.widgets.buttons import Button
from tlstudio.ui.widgets.card import Card
from tlstudio.ui.widgets.confusion_matrix import ConfusionMatrix
from tlstudio.ui.widgets.fields import SearchField
from tlstudio.ui.widgets.interval_bar import Interval, IntervalBar
from tlstudio.ui.widgets.labels import ElidedLabel, TextLabel
from tlstudio.ui.widgets.matrix_layout import MOST_NAMED, Pair, Selection, confused_classes
from tlstudio.ui.widgets.segmented import Segmented
from tlstudio.ui.widgets.tooltip import set_tooltip
from tlstudio.ui.words import verdict

_PAIRS = 6
_NAMES_HEIGHT, _LARGE_HEIGHT = 112, 300
_FEW_CLASSES, _HIGH_ROW, _LOW_ROW = 6, 40, 20


class VerdictCard(Card):
    """Sentence, what it stands on, the interval, and the field's own words for it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(padding=theme.SPACE_24, parent=parent)
        self._sentence = TextLabel("", "verdict", wrap=True)
        self._measured = TextLabel("", "text", "text2", wrap=True)
        self._bar = IntervalBar()
        self._terms = ElidedLabel("", "caption", "text3")
        self.body.addWidget(self._sentence)
        self.body.addWidget(self._measured)
        self.body.addSpacing(theme.SPACE_4)
        self.body.addWidget(self._bar)
        self.body.addWidget(self._terms)

    def show_report(self, report: Report) -> None:
        """Say how good it is."""
        low, high = verdict.bounds(report)
        name = verdict.largest_class(report)
        self._sentence.setText(verdict.verdict(report))
        self._measured.setText(verdict.measured(report))
        self._bar.set_interval(Interval(low, high, report.accuracy * 100, report.baseline * 100, name))
        self._terms.setText(verdict.terms(report))
        set_tooltip(self._bar, verdict.terms(report), term=verdict.TERMS_EXPLAINED)
        set_tooltip(self, verdict.terms(report), term=verdict.TERMS_EXPLAINED)
        self.setAccessibleName(verdict.verdict(report))


class ConfusedPairs(QWidget):
    """Pairs of classes that are confused most, as links; as many as fit in one line.

    Attributes:
        chosen: Carries the two names of the pair.
    """

    chosen = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._links: list[Button] = []
        self._lead = TextLabel("Most often confused", "secondary", "text2")
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(theme.SPACE_16)
        self._row.addWidget(self._lead)
        self._row.addStretch(1)

    def set_pairs(self, pairs: list[Pair]) -> None:
        """Show the first of these pairs."""
        for link in self._links:
            self._row.removeWidget(link)
            link.hide()
            link.deleteLater()
        self._links = [self._link(pair) for pair in pairs[:_PAIRS]]
        self._lead.setText("Most often confused" if pairs else "No two classes are confused.")
        for place, link in enumerate(self._links, start=1):
            self._row.insertWidget(place, link)
        self._fit()

    def links(self) -> list[Button]:
        """The links, the most frequent pair first."""
        return list(self._links)

    def minimumSizeHint(self) -> QSize:
        """May become narrow: what doesn't fit is left out."""
        return QSize(200, theme.HEIGHT_SMALL)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as many as fit."""
        super().resizeEvent(event)
        self._fit()

    def _link(self, pair: Pair) -> Button:
        link = Button(f"{pair.true} and {pair.predicted}  {pair.count:,}", "text", size="small")
        link.setAccessibleName(f"{pair.true} and {pair.predicted}, confused {pair.count:,} times")
        set_tooltip(link, f"Show the photos of {pair.true} and {pair.predicted} that were taken for each other")
        link.clicked.connect(lambda: self.chosen.emit(pair.true, pair.predicted))
        return link

    def _fit(self) -> None:
        room = self.width() - self._lead.sizeHint().width()
        for place, link in enumerate(self._links):
            room -= link.sizeHint().width() + self._row.spacing()
            link.setVisible(room >= 0 or place == 0)


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
    """The confusion matrix, what its cells say, and the pairs that are confused most.

    Attributes:
        selected: Carries the ``Selection``; an empty one where nothing is selected any more.
        pair_selected: Carries two indices of classes that are to be shown together.
        activated: Go to the photos of what is selected.
    """

    selected = Signal(object)
    pair_selected = Signal(int, int)
    activated = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Where it goes wrong", padding=theme.SPACE_24, parent=parent)
        self._report: Report | None = None
        self._mode = Segmented([("photos", "Photos"), ("percent", "Percent")], "What the cells say")
        self._matrix = ConfusionMatrix()
        self._room = _Room(self._matrix)
        self._find = SearchField("Find a class")
        self._pairs = ConfusedPairs()
        self.body.addWidget(self._room, 1)
        self.body.addWidget(self._find)
        self.add_action(TextLabel("confusion matrix", "caption", "text3"))
        self.add_action(self._mode)
        self.add_footer(self._pairs)
        set_tooltip(self._mode, "Say in each cell how many photos, or which share of its row", term="Row-normalised")
        set_tooltip(self._find, "Show the row of a class", key="Enter")
        self._connect()

    def show_report(self, report: Report) -> None:
        """Show the matrix of a report with nothing selected."""
        self._report = report
        self._matrix.set_matrix(report.classes, report.confusion)
        self._room.setMinimumHeight(_least_height(len(report.classes)))
        self._find.setVisible(self._matrix.is_large())
        self._find.clear()
        self._pairs.set_pairs(confused_classes(report.classes, report.confusion))

    def selection(self) -> Selection:
        """What is selected."""
        return self._matrix.selection()

    def clear_selection(self) -> None:
        """Select nothing."""
        self._matrix.clear_selection()

    def _connect(self) -> None:
        matrix = self._matrix
        matrix.cell_selected.connect(lambda true, predicted: self.selected.emit(Selection(true, predicted)))
        matrix.row_selected.connect(lambda true: self.selected.emit(Selection(true)))
        matrix.column_selected.connect(lambda predicted: self.selected.emit(Selection(None, predicted)))
        matrix.cleared.connect(lambda: self.selected.emit(Selection()))
        matrix.activated.connect(self.activated)
        self._mode.changed.connect(lambda key: matrix.set_mode("percent" if key == "percent" else "photos"))
        self._find.returnPressed.connect(self._find_class)
        self._pairs.chosen.connect(self._choose_pair)

    def _find_class(self) -> None:
        words = self._find.text().strip().casefold()
        if self._report is None or not words:
            return
        names = sorted(self._report.classes, key=lambda name: not name.casefold().startswith(words))
        found = next((name for name in names if words in name.casefold()), None)
        if found is not None:
            self._matrix.reveal(found)

    def _choose_pair(self, first: str, second: str) -> None:
        if self._report is None:
            return
        classes, counts = self._report.classes, self._report.confusion
        one, other = classes.index(first), classes.index(second)
        if counts[one][other] < counts[other][one]:
            one, other = other, one
        self._matrix.select_cell(one, other)
        self.pair_selected.emit(one, other)


def _least_height(n_classes: int) -> int:
    """Height below which the numbers of a matrix are hard to read; the column scrolls instead."""
    if n_classes > MOST_NAMED:
        return _LARGE_HEIGHT
    return _NAMES_HEIGHT + n_classes * (_HIGH_ROW if n_classes <= _FEW_CLASSES else _LOW_ROW)


def overview_column(*cards: QWidget) -> QWidget:
    """The cards under each other, as the content of a column that scrolls."""
    content = QWidget()
    content.setProperty("scrolled", True)
    column = QVBoxLayout(content)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(theme.SPACE_16)
    for place, card in enumerate(cards):
        column.addWidget(card, 1 if place == len(cards) - 1 else 0)
    return content
