"""A list of entries with all that changes it: add, remove, move, duplicate, undo, redo."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from tlstudio.ui.tabs.model.layers.list_row import ListRow
from tlstudio.ui.tabs.model.layers.list_tools import ListTools
from tlstudio.ui.tabs.model.layers.row_list import RowList

Entries = tuple[Any, ...]


class ListEditor(QWidget):
    """Buttons and a list of rows, arranged by who derives from it.

    It holds the entries that it was shown, and tells what they should be.

    Attributes:
        edited: Carries all entries as they should be, and what was edited as one step with what follows ("" for a step
            of its own).
        undone: A step back is wanted.
        redone: A step on is wanted.
        seen: Carries the row that should be in sight.
    """

    edited = Signal(object, str)
    undone = Signal()
    redone = Signal()
    seen = Signal(QWidget)

    def __init__(
        self,
        noun: str,
        name: str,
        make_row: Callable[[int, Any, QWidget], ListRow],
        parent: QWidget | None = None,
    ) -> None:
        """Make the parts.

        Args:
            noun: What the entries are: "layer".
            name: Of the list, for screen readers.
            make_row: As for ``RowList``.
            parent: Owner.
        """
        super().__init__(parent)
        self._entries: Entries = ()
        self._list = RowList(name, make_row)
        self._tools = ListTools(noun, self)
        self._list.current_changed.connect(self._enable)
        self._list.edited.connect(self._change)
        self._list.removed.connect(self._take_out)
        self._list.wanted.connect(self._tools.offer)
        self._list.seen.connect(self._bring_into_sight)
        self._tools.duplicating.connect(self._double)
        self._tools.moving.connect(self._move)
        self._tools.removing.connect(self._take_out)
        self._tools.undoing.connect(self.undone)
        self._tools.redoing.connect(self.redone)
        self._enable()

    def show_entries(self, entries: Entries, lines: Sequence[object], *, can_undo: bool, can_redo: bool) -> None:
        """Show entries, each by its line; the current place stays."""
        self._entries = entries
        self._list.show_lines(lines)
        self._tools.set_steps(can_undo=can_undo, can_redo=can_redo)
        self._enable()

    def go_to(self, place: int) -> None:
        """Open the entry at a place, counted from 0, and bring it into sight."""
        self._list.set_current(place, focus=True)

    def insert(self, entry: Any) -> None:  # noqa: ANN401 - whatever the list is of
        """Put an entry behind the current one, or where the next ones may stand, and open it."""
        entries = self._entries
        first = self._list.current + 1 if self._list.current >= 0 else len(entries)
        for place in (*range(first, len(entries) + 1), *range(first)):
            wanted = (*entries[:place], entry, *entries[place:])
            if self._allows(wanted):
                self._rebuild(wanted, place, edit=True)
                return

    def _allows(self, entries: Entries) -> bool:  # noqa: ARG002 - for those who have a rule
        """Whether there may be these entries in this order."""
        return True

    def _bring_into_sight(self, row: QWidget) -> None:
        self.seen.emit(row)

    def _enable(self) -> None:
        place, last = self._list.current, len(self._entries) - 1
        there = 0 <= place <= last
        self._tools.enable(
            there=there,
            up=there and place > 0 and self._allows(self._moved(-1)),
            down=there and place < last and self._allows(self._moved(1)),
            removable=there and self._allows(self._without()),
        )

    def _moved(self, by: int) -> Entries:
        place, entries = self._list.current, list(self._entries)
        entries.insert(place + by, entries.pop(place))
        return tuple(entries)

    def _without(self) -> Entries:
        place = self._list.current
        return (*self._entries[:place], *self._entries[place + 1 :])

    def _double(self) -> None:
        place = self._list.current
        if 0 <= place < len(self._entries):
            self._rebuild((*self._entries[: place + 1], *self._entries[place:]), place + 1)

    def _move(self, by: int) -> None:
        place = self._list.current
        if 0 <= place < len(self._entries) and 0 <= place + by < len(self._entries):
            self._rebuild(self._moved(by), place + by)

    def _take_out(self) -> None:
        place = self._list.current
        if 0 <= place < len(self._entries) and self._allows(self._without()):
            self._rebuild(self._without(), min(place, len(self._entries) - 2))

    def _rebuild(self, entries: Entries, place: int, *, edit: bool = False) -> None:
        """Have other entries, and go to one of them; its fields are made once, for the entry that stands there then."""
        self._list.set_current(-1)
        self.edited.emit(entries, "")
        if self._entries:
            self._list.set_current(place, focus=True, edit=edit)
        else:
            self._tools.setFocus(Qt.FocusReason.OtherFocusReason)

    def _change(self, index: int, entry: Any, setting: str) -> None:  # noqa: ANN401
        entries = (*self._entries[:index], entry, *self._entries[index + 1 :])
        self.edited.emit(entries, f"{index} {setting}")
