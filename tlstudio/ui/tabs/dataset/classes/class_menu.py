"""What can be done to classes, as a menu."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QWidget

from tlstudio.ui.widgets.class_list import ClassList

_SELECT_FIRST = "Select a class first: click it in the list"


class ClassMenu(QMenu):
    """Commands for the classes selected, for those found, and for all; made anew each time it opens.

    Attributes:
        merge_wanted: Carries the classes (list of str) that are to be merged into one.
        only_wanted: Carries the classes (list of str) that alone are to be used.
        pick_wanted: Classes are to be picked at random.
        table_wanted: The numbers of the classes are to be shown.
        reading_wanted: A person wants to say where the classes come from.
    """

    merge_wanted = Signal(list)
    only_wanted = Signal(list)
    pick_wanted = Signal()
    table_wanted = Signal()
    reading_wanted = Signal()

    def __init__(self, classes: ClassList, parent: QWidget) -> None:
        super().__init__("Classes", parent)
        self._classes = classes
        self.why_not = ""
        self.setToolTipsVisible(True)
        self.aboutToShow.connect(self._fill)

    def _fill(self) -> None:
        self.clear()
        self._add_for_selected(self._classes.targets())
        self.addSeparator()
        self._add_for_found(self._classes.found())
        self.addSeparator()
        many = len(self._classes.classes()) > 1
        self._add("Pick at random…", self.pick_wanted.emit, "" if many else "There is only one class")
        table = self.addAction("Classes and their numbers…", self.table_wanted.emit)
        table.setToolTip("Which number stands for which class; it can be copied")
        self._add("How the photos are read…", self.reading_wanted.emit, "")

    def _add_for_selected(self, names: list[str]) -> None:
        classes = self._classes
        none = "" if names else _SELECT_FIRST
        one = none or ("" if len(names) == 1 else "Only one class at a time gets another name")
        alone = none or ("" if len(classes.classes()) > 1 else "There is no other class")
        on = bool(names) and not any(classes.is_on(name) for name in names)
        what = "" if len(names) == 1 else f" these {len(names)}" if names else ""
        self._add("Rename\tF2", classes.rename, one)
        self._add(f"Merge{what} into…", lambda: self.merge_wanted.emit(names), alone)
        self._add(f"Switch{what} {'on' if on else 'off'}\tSpace", lambda: classes.switch(names, on=on), none)
        self._add(f"Use only{what or ' this'}", lambda: self.only_wanted.emit(names), alone)
        where = "Clear the search first" if classes.searching else "There is no place further that way"
        for words, step in (("Move up\tAlt+Up", -1), ("Move down\tAlt+Down", 1)):
            can_move = classes.can_move(step, names)
            self._add(words, partial(classes.move_classes, names, step), none or ("" if can_move else where))

    def _add_for_found(self, found: list[str]) -> None:
        classes = self._classes
        which = f"the {len(found)} found" if classes.searching else "all"
        off = [name for name in found if not classes.is_on(name)]
        already = f"{which.capitalize()} are switched"
        self._add(f"Switch {which} on", lambda: classes.switch(found, on=True), "" if off else f"{already} on")
        in_use = "" if len(off) < len(found) else f"{already} off"
        self._add(f"Switch {which} off", lambda: classes.switch(found, on=False), in_use)
        if classes.searching and found:
            self._add(f"Use only {which}", lambda: self.only_wanted.emit(found), "")

    def _add(self, words: str, command: Callable[[], None], obstacle: str) -> None:
        """Add a command that changes classes; ``obstacle`` says what it waits for, empty if nothing."""
        obstacle = self.why_not or obstacle
        action = self.addAction(words, command)
        action.setEnabled(not obstacle)
        action.setToolTip(obstacle)
