"""What stands over the table of answers: chips by state, the class, the folder, the order, and a search by name."""

from dataclasses import replace
from typing import Final

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QWidget

from tlstudio.ui.tabs.predict.answers.answer_list import AnswerList
from tlstudio.ui.tabs.predict.answers.answer_order import Filter, Sort
from tlstudio.ui.widgets.chips import FilterChip
from tlstudio.ui.widgets.choice_chip import ChoiceChip
from tlstudio.ui.widgets.fields import SearchField
from tlstudio.ui.widgets.flow_layout import FlowLayout
from tlstudio.ui.widgets.photo_table import PredictionState
from tlstudio.ui.widgets.pick_list import Choice
from tlstudio.ui.widgets.tooltip import set_tooltip

CHIPS: Final[tuple[tuple[PredictionState | None, str, str, str, str], ...]] = (
    (None, "All", "", "accent", "Every file that was looked at"),
    ("sure", "Sure", "check", "accent", "Answers that the model is sure of"),
    ("unsure", "Unsure", "question", "unsure", "Answers that the model is less sure of than you ask for"),
    ("unlike", "Unlike", "exclamation", "unsure", "Held back: unlike every photo that the model learnt from"),
    ("unreadable", "Unreadable", "cross", "wrong", "Photos that can't be read, and why"),
)
SORTS: Final[tuple[tuple[str, Sort], ...]] = (
    ("As they came", Sort()),
    ("Last first", Sort("came", descending=True)),
    ("By file", Sort("file")),
    ("By folder", Sort("folder")),
    ("By answer", Sort("class")),
    ("Least sure first", Sort("score")),
    ("Surest first", Sort("score", descending=True)),
    ("Sure ones first", Sort("state")),
    ("Sure ones last", Sort("state", descending=True)),
)
_OTHER_WAY: Final = {
    Sort("file", descending=True): "By file, Z to A",
    Sort("class", descending=True): "By answer, Z to A",
}
_FIND: Final = "Find by name"
_TYPING_MS: Final = 150
_NARROW: Final = 560
_FIND_WIDTH, _FIND_NARROW = 220, 128
_ALL_CLASSES: Final = Choice("All classes", None)
_ALL_FOLDERS: Final = Choice("All folders", None)


class AnswerFilters(QWidget):
    """Says what is to be shown, and in which order.

    Attributes:
        filter_changed: Carries the ``Filter``.
        sort_changed: Carries the ``Sort``.
    """

    filter_changed = Signal(object)
    sort_changed = Signal(object)

    def __init__(self, answers: AnswerList, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._answers = answers
        self._filter = Filter()
        self._chips: dict[PredictionState | None, FilterChip] = {}
        self._group = QButtonGroup(self)
        self._class = ChoiceChip(_ALL_CLASSES, "Class", "Show only photos that were given one class")
        self._folder = ChoiceChip(_ALL_FOLDERS, "Folder", "Show only photos of one folder, and of the folders in it")
        self._sort = ChoiceChip(
            Choice(*SORTS[0]), "Order", "Sort the photos; a click on the name of a column does it, too"
        )
        self._find = SearchField(_FIND)
        self._typing = QTimer(self, interval=_TYPING_MS, singleShot=True)
        self._lay_out()
        self._class.wanted.connect(self._offer_classes)
        self._class.chosen.connect(lambda index: self._change(replace(self._filter, class_index=index)))
        self._folder.wanted.connect(self._offer_folders)
        self._folder.chosen.connect(lambda place: self._change(replace(self._filter, place=place)))
        self._sort.wanted.connect(self._offer_sorts)
        self._sort.chosen.connect(self.sort_changed)
        self._find.textChanged.connect(self._typing.start)
        self._typing.timeout.connect(lambda: self._change(replace(self._filter, words=self._find.text())))

    def show_counts(self, counts: dict[PredictionState, int]) -> None:
        """Show how many answers there are of each state."""
        for state, chip in self._chips.items():
            chip.set_count(sum(counts.values()) if state is None else counts[state])
        self._chips["unlike"].setVisible(counts["unlike"] > 0 or self._filter.state == "unlike")

    def show_sort(self, sort: Sort) -> None:
        """Say in which order they are."""
        words = next((words for words, each in SORTS if each == sort), _OTHER_WAY.get(sort, SORTS[0][0]))
        self._sort.choose(Choice(words, sort))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little room, icons say what the words do elsewhere: two lines are enough."""
        super().resizeEvent(event)
        narrow = self.width() < _NARROW
        for chip in self._chips.values():
            chip.set_terse(narrow)
        self._find.setMaximumWidth(_FIND_NARROW if narrow else _FIND_WIDTH)
        self._find.setPlaceholderText("Find" if narrow else _FIND)

    def clear(self) -> None:
        """Show everything again."""
        self._chips[None].setChecked(True)
        self._class.choose(_ALL_CLASSES)
        self._folder.choose(_ALL_FOLDERS)
        self._find.clear()
        self._typing.stop()
        self._change(Filter())

    def forget_folder(self) -> None:
        """The folder that is shown alone may be gone."""
        if self._filter.place is not None:
            self._folder.choose(_ALL_FOLDERS)
            self._change(replace(self._filter, place=None))

    def _lay_out(self) -> None:
        flow = FlowLayout(self)
        for state, words, glyph, token, tip in CHIPS:
            chip = FilterChip(words, glyph=glyph, glyph_token=token)
            set_tooltip(chip, tip)
            chip.setChecked(state is None)
            chip.clicked.connect(lambda _checked=False, state=state: self._change(replace(self._filter, state=state)))
            self._chips[state] = chip
            self._group.addButton(chip)
            flow.addWidget(chip)
        for choice in (self._class, self._folder, self._sort):
            flow.addWidget(choice)
        set_tooltip(self._find, "Show only files whose name contains these letters", key="Ctrl+F")
        flow.addWidget(self._find)

    def _change(self, wanted: Filter) -> None:
        if wanted != self._filter:
            self._filter = wanted
            self.filter_changed.emit(wanted)

    def _offer_classes(self) -> None:
        names, counts = self._answers.classes, self._answers.class_counts()
        ordered = sorted(range(len(names)), key=lambda index: names[index].casefold())
        choices = [Choice(names[index], index, counts[index], index) for index in ordered]
        self._class.set_choices([_ALL_CLASSES, *choices], len(names))

    def _offer_folders(self) -> None:
        choices = [Choice(place.words, place, count) for place, count in self._answers.places()]
        self._folder.set_choices([_ALL_FOLDERS, *choices])

    def _offer_sorts(self) -> None:
        self._sort.set_choices([Choice(words, sort) for words, sort in SORTS])


def clicked_sort(column: int, before: Sort) -> Sort:
    """What a click on the name of a column sorts by: again by the same turns it round.

    Args:
        column: File, answer, how sure or state.
        before: What it is sorted by now.
    """
    sort = (Sort("file"), Sort("class"), Sort("score"), Sort("state"))[column]
    return replace(sort, descending=not before.descending) if before.key == sort.key else sort


def column_of(sort: Sort) -> int | None:
    """The column that shows what it is sorted by; None for none."""
    keys = ("file", "class", "score", "state")
    return keys.index(sort.key) if sort.key in keys else None
