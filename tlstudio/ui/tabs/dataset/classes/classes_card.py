"""The classes of a data set: how many photos each has, and everything that can be done to them."""

from collections.abc import Callable, Collection, Mapping

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from tlstudio.datasets.problems import GREATEST_IMBALANCE
from tlstudio.projects.actions import Action, Actions
from tlstudio.ui import theme
from tlstudio.ui.session import Session
from tlstudio.ui.tabs.dataset.classes.class_menu import ClassMenu
from tlstudio.ui.tabs.dataset.classes.class_table import ClassTable
from tlstudio.ui.tabs.dataset.classes.found_classes import FoundClasses
from tlstudio.ui.tabs.dataset.classes.merge_classes import MergeClasses, MergeQuestion
from tlstudio.ui.tabs.dataset.classes.pick_classes import PickClasses
from tlstudio.ui.widgets.buttons import IconButton
from tlstudio.ui.widgets.card import Card
from tlstudio.ui.widgets.class_list import ClassList
from tlstudio.ui.widgets.class_rows import ROW_HEIGHT
from tlstudio.ui.widgets.empty_state import IconLabel
from tlstudio.ui.widgets.fields import SearchField
from tlstudio.ui.widgets.labels import TextLabel
from tlstudio.ui.widgets.tooltip import set_tooltip
from tlstudio.wording import counted, in_quotes

ClassEdit = Callable[[Actions], Action]
"""What makes an action once it is known for which data set."""

FEWEST_CLASSES = 2
MANY_CLASSES = 12
"""From so many classes on, all can be switched with one click beside the search."""

_FEWEST_ROWS = 4
_EVEN = 1.2
_LIST = "Click a class to see its photos alone; click again for all."
_LIST_EDITABLE = f"{_LIST} The check box switches it on or off; drag a class to move it."
_WHY_NOT = "These are the photos of a run, as it learnt from them. Open their folder to change classes."


def shown_counts(session: Session) -> tuple[Mapping[str, int], frozenset[str]]:
    """Number of photos of every class in their order, and which of the classes are switched off.

    A class that is switched off has as many photos as it would bring back.
    """
    photos = session.photos
    in_use = photos.dataset.classes if photos.dataset is not None else ()
    return photos.class_counts, frozenset(photos.class_counts).difference(in_use)


def balance_in_words(counts: Mapping[str, int]) -> tuple[str, str]:
    """How even the classes are: a title and a line; both empty with fewer than two classes that have photos."""
    filled = {name: count for name, count in counts.items() if count}
    if len(filled) < FEWEST_CLASSES:
        return "", ""
    fewest, most = min(filled, key=lambda name: filled[name]), max(filled, key=lambda name: filled[name])
    ratio = filled[most] / filled[fewest]
    if ratio < _EVEN:
        return "The classes are even", "Each has about as many photos as the others. That is best."
    few, many = in_quotes(fewest), in_quotes(most)
    title = f"{few} has the fewest photos"
    times = f"{many} has {ratio:,.1f} times as many."
    if ratio < GREATEST_IMBALANCE:
        return title, f"{times} That is fine."
    return title, f"{times} Answers will lean towards {many}. More photos of {few} help most."


class ClassesCard(Card):
    """Search, classes with counts as bars, what can be done to them, and the sum.

    What a person does to classes is told, not done here; ``change_counts`` shows what came of it.

    Attributes:
        class_selected: The name of the class selected; empty when none is, or several are.
        edit_wanted: Carries a ``ClassEdit``: what makes the action that was asked for.
        reading_wanted: A person wants to say where the classes come from.
    """

    class_selected = Signal(str)
    edit_wanted = Signal(object)
    reading_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Classes", parent=parent)
        self._counts: dict[str, int] = {}
        self._height = 0
        self._search = SearchField("Find a class")
        self._search.setAcceptDrops(False)  # a folder that is dropped here is to be read, not to be searched for
        set_tooltip(self._search, "Show only the classes whose name contains this")
        self._classes = _WholeClassList()
        self._menu = ClassMenu(self._classes, self)
        self._found, self._question = FoundClasses(), MergeQuestion()
        self._foot = _Foot()
        more = IconButton("dots", "More to do with classes")
        more.setMenu(self._menu)
        self.add_action(more)
        self.body.addWidget(self._search)
        self.body.addWidget(self._found)
        self.body.addWidget(self._classes, 1)
        self.body.addWidget(self._question)
        self.add_footer(self._foot)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._connect()
        self.set_editable(False)

    def set_counts(self, counts: Mapping[str, int], switched_off: Collection[str] = ()) -> None:
        """Show these classes from the beginning, none of them selected.

        Args:
            counts: Number of photos of every class, in the order of the classes.
            switched_off: Those of them that are not used.
        """
        self._search.clear()
        self._question.hide()
        self._classes.select_class("")
        self._classes.set_counts(counts, switched_off)
        self._show(counts, switched_off)

    def change_counts(self, counts: Mapping[str, int], switched_off: Collection[str] = ()) -> None:
        """Show the classes after a change; what is selected and searched for and the scroll place stay."""
        self._question.hide()
        self._classes.change_counts(counts, switched_off)
        self._show(counts, switched_off)

    def set_editable(self, editable: bool, why_not: str = _WHY_NOT) -> None:
        """Let classes be changed, or say in a sentence why they can't be."""
        self._classes.set_editable(editable, why_not)
        self._menu.why_not = "" if editable else why_not
        what = _LIST_EDITABLE if editable else f"{_LIST} {why_not}"
        set_tooltip(self._classes, what, key="F2, Space, Alt+Up, Alt+Down" if editable else "")
        self._show_found()

    def fit(self, height: int) -> None:
        """Become at most ``height`` high, but show a few classes at least."""
        self._height = height
        self.refresh_hints()  # or the hints are those of the classes before
        frame = self.sizeHint().height() - self._classes.sizeHint().height()
        self._classes.set_room(height - frame)

    def clear_selection(self) -> None:
        """Select no class."""
        self._classes.select_class("")

    def _connect(self) -> None:
        self._search.textChanged.connect(self._find)
        classes = self._classes
        classes.class_selected.connect(self.class_selected)
        classes.menu_wanted.connect(self._menu.popup)
        classes.rename_wanted.connect(self._rename)
        classes.switch_wanted.connect(lambda names, on: self._want(lambda actions: actions.switch(names, on=on)))
        classes.switch_wanted.connect(self._show_found)
        classes.order_wanted.connect(lambda names: self._want(lambda actions: actions.order(names)))
        for source in (self._menu, self._found):
            source.only_wanted.connect(lambda names: self._want(lambda actions: actions.use_only(names)))
        self._menu.merge_wanted.connect(self._ask_merge)
        self._menu.pick_wanted.connect(self._ask_pick)
        self._menu.table_wanted.connect(self._show_table)
        self._menu.reading_wanted.connect(self.reading_wanted)
        self._found.switch_wanted.connect(lambda on: classes.switch(classes.found(), on=on))
        self._question.answered.connect(self._answer)

    def _want(self, edit: ClassEdit) -> None:
        self.edit_wanted.emit(edit)

    # Showing

    def _show(self, counts: Mapping[str, int], switched_off: Collection[str]) -> None:
        self._counts = dict(counts)
        self._classes.updateGeometry()
        self._search.setVisible(len(counts) > 1)
        self._foot.show_counts(counts, switched_off)
        self._show_found()
        self._refit()

    def _find(self, words: str) -> None:
        self._classes.set_search(words)
        self._show_found()
        self._refit()

    def _show_found(self) -> None:
        classes = self._classes
        found = classes.found()
        self._found.setVisible(classes.editable and (len(self._counts) >= MANY_CLASSES or classes.searching))
        on = sum(classes.is_on(name) for name in found)
        self._found.show_found(found, on, searching=classes.searching)

    def _refit(self) -> None:
        if self._height:
            self.fit(self._height)

    # Asking

    def _rename(self, name: str, new: str) -> None:
        if new not in self._counts:
            self._want(lambda actions: actions.rename(name, new))
            return
        self._question.ask(name, new)
        self._refit()

    def _answer(self, name: str, into: str) -> None:
        if into:
            self._want(lambda actions: actions.merge([name], into))
        self._classes.setFocus()
        self._refit()

    def _ask_merge(self, names: list[str]) -> None:
        popover = MergeClasses(names, self._counts, self)
        popover.chosen.connect(lambda into: self._want(lambda actions: actions.merge(names, into)))
        popover.show_at(self._classes.mapToGlobal(QPoint(0, 0)))

    def _ask_pick(self) -> None:
        popover = PickClasses(len(self._counts), self)
        popover.picked.connect(lambda count, seed: self._want(lambda actions: actions.pick(count, seed)))
        popover.show_at(self._classes.mapToGlobal(QPoint(0, 0)))

    def _show_table(self) -> None:
        in_use = {name: count for name, count in self._counts.items() if self._classes.is_on(name)}
        table = ClassTable(in_use, self.window())
        table.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        table.open()


class _WholeClassList(ClassList):
    """As high as all its rows, or as the room that it is given."""

    def __init__(self) -> None:
        super().__init__()
        self._room = 0

    def set_room(self, height: int) -> None:
        self._room = max(height, _FEWEST_ROWS * ROW_HEIGHT)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        height = max(self.content_height(), ROW_HEIGHT)  # a sentence stands where nothing is found
        return QSize(super().sizeHint().width(), min(height, self._room))

    def minimumSizeHint(self) -> QSize:
        return QSize(super().minimumSizeHint().width(), self.sizeHint().height())


class _Foot(QWidget):
    """How many classes and photos are in use; a warning where these are too few classes."""

    def __init__(self) -> None:
        super().__init__()
        self._sum = TextLabel("", "secondary", "text2")
        self._total = TextLabel("", "secondary_strong")
        self._icon = IconLabel("warning", "wrong")
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(theme.SPACE_8)
        line.addWidget(self._icon)
        line.addWidget(self._sum, 1)
        line.addWidget(self._total)

    def show_counts(self, counts: Mapping[str, int], switched_off: Collection[str]) -> None:
        in_use = [count for name, count in counts.items() if name not in switched_off]
        enough = sum(count > 0 for count in in_use) >= FEWEST_CLASSES
        self._icon.setVisible(not enough)
        all_classes = counted(len(counts), "class", "classes")
        words = f"{len(in_use):,} of {all_classes} in use" if switched_off else all_classes
        self._sum.setText(words if enough else f"At least {FEWEST_CLASSES} classes needed")
        self._sum.set_tone("text2" if enough else "wrong")
        self._total.setText(f"{sum(in_use):,}" if enough else "")


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
