"""The classes of a data set with their counts, and how even these are."""

from collections.abc import Mapping

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from tlstudio.datasets.problems import GREATEST_IMBALANCE
from tlstudio.ui import theme
from tlstudio.ui.widgets.card import Card
from tlstudio.ui.widgets.class_list import ROW_HEIGHT, ClassList
from tlstudio.ui.widgets.empty_state import IconLabel
from tlstudio.ui.widgets.fields import SearchField
from tlstudio.ui.widgets.labels import TextLabel
from tlstudio.ui.widgets.tooltip import set_tooltip
from tlstudio.ui.words.wording import counted

FEWEST_CLASSES = 2
_FEWEST_ROWS = 4
_EVEN = 1.2


def balance_in_words(counts: Mapping[str, int]) -> tuple[str, str]:
    """How even the classes are: a title and a line; both empty with fewer than two classes that have photos."""
    filled = {name: count for name, count in counts.items() if count}
    if len(filled) < FEWEST_CLASSES:
        return "", ""
    fewest, most = min(filled, key=lambda name: filled[name]), max(filled, key=lambda name: filled[name])
    ratio = filled[most] / filled[fewest]
    if ratio < _EVEN:
        return "The classes are even", "Each has about as many photos as the others. That is best."
    title = f"“{fewest}” has the fewest photos"
    times = f"“{most}” has {ratio:,.1f} times as many."
    if ratio < GREATEST_IMBALANCE:
        return title, f"{times} That is fine."
    return title, f"{times} Answers will lean towards “{most}”. More photos of “{fewest}” help most."


class ClassesCard(Card):
    """Search, classes with counts as bars, and the sum.

    Attributes:
        class_selected: The name of the class selected; empty when none is.
    """

    class_selected = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Classes", parent=parent)
        self._search = SearchField("Find a class")
        self._search.setAcceptDrops(False)  # a folder that is dropped here is to be read, not to be searched for
        set_tooltip(self._search, "Show only the classes whose name contains this")
        self._classes = _WholeClassList()
        set_tooltip(self._classes, "Click a class to see its photos alone; click again for all")
        self._sum = TextLabel("", "secondary", "text2")
        self._total = TextLabel("", "secondary_strong")
        self._icon = IconLabel("warning", "wrong")
        foot = QWidget()
        line = QHBoxLayout(foot)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(theme.SPACE_8)
        line.addWidget(self._icon)
        line.addWidget(self._sum, 1)
        line.addWidget(self._total)
        self.body.addWidget(self._search)
        self.body.addWidget(self._classes, 1)
        self.add_footer(foot)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._search.textChanged.connect(self._classes.set_search)
        self._classes.class_selected.connect(self.class_selected)

    def set_counts(self, counts: Mapping[str, int]) -> None:
        """Show these classes, none of them selected."""
        self._search.clear()
        self._classes.select_class("")
        self._classes.set_counts(counts)
        self._classes.updateGeometry()
        self._search.setVisible(len(counts) > 1)
        enough = sum(count > 0 for count in counts.values()) >= FEWEST_CLASSES
        self._icon.setVisible(not enough)
        self._sum.setText(
            counted(len(counts), "class", "classes") if enough else f"At least {FEWEST_CLASSES} classes needed"
        )
        self._sum.set_tone("text2" if enough else "wrong")
        self._total.setText(f"{sum(counts.values()):,}" if enough else "")

    def fit(self, height: int) -> None:
        """Become at most ``height`` high, but show a few classes at least."""
        self.refresh_hints()  # or the hints are those of the classes before
        frame = self.sizeHint().height() - self._classes.sizeHint().height()
        self._classes.set_room(height - frame)

    def clear_selection(self) -> None:
        """Select no class."""
        self._classes.select_class("")


class _WholeClassList(ClassList):
    """As high as all its rows, or as the room that it is given."""

    def __init__(self) -> None:
        super().__init__()
        self._room = 0

    def set_room(self, height: int) -> None:
        self._room = max(height, _FEWEST_ROWS * ROW_HEIGHT)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), min(self.content_height(), self._room))

    def minimumSizeHint(self) -> QSize:
        return QSize(super().minimumSizeHint().width(), self.sizeHint().height())


class BalanceCard(Card):
    """How even the classes are, in a sentence; hidden where there is nothing to say."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(padding=theme.SPACE_16, parent=parent)
        self._icon = IconLabel("info", "info")
        self._title = TextLabel("", "label", wrap=True)
        self._line = TextLabel("", "secondary", "text2", wrap=True)
        head = QHBoxLayout()
        head.setSpacing(theme.SPACE_8)
        head.addWidget(self._icon)
        head.addWidget(self._title, 1)
        self.body.setSpacing(theme.SPACE_4)
        self.body.addLayout(head)
        self.body.addWidget(self._line)

    def set_counts(self, counts: Mapping[str, int]) -> None:
        """Say how even these are."""
        title, line = balance_in_words(counts)
        filled = [count for count in counts.values() if count]
        uneven = bool(filled) and max(filled) / min(filled) >= GREATEST_IMBALANCE
        self._icon.set_icon("warning" if uneven else "info", "unsure" if uneven else "info")
        self._title.setText(title)
        self._line.setText(line)
        self.setVisible(bool(title))
