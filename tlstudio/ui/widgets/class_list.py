"""The classes of a data set with the number of photos of each, to look at one or to change them."""

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Final

from PySide6.QtCore import QEvent, QItemSelection, QItemSelectionModel, QModelIndex, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragMoveEvent,
    QDropEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QAbstractItemDelegate, QApplication, QFrame, QListView, QWidget

from tlstudio.ui import theme
from tlstudio.ui.widgets import painting
from tlstudio.ui.widgets.class_rows import CHECK_WIDTH, ROW_HEIGHT, ClassDelegate, ClassModel, moved, placed, woven
from tlstudio.ui.widgets.photo_tile import Index

_DROP_LINE: Final = 2
_SELECT = QItemSelectionModel.SelectionFlag


class ClassList(QListView):
    """Classes with check boxes and their counts as bars; those that are switched off stand at the end.

    Letters find a class; a second click or Esc selects none. Space switches, F2 renames, Alt+Up and Alt+Down or the
    mouse move. What is asked for is told and not done here: ``change_counts`` shows what came of it.

    Attributes:
        class_selected: The name of the class selected; empty when none is, or several are.
        switch_wanted: Carries classes (list of str) that are to be switched, and whether on.
        rename_wanted: Carries the name of a class and its new one.
        order_wanted: Carries all classes (list of str) in a new order.
        menu_wanted: Carries the place on the screen (QPoint) of the menu for the classes selected.
    """

    class_selected = Signal(str)
    switch_wanted = Signal(list, bool)
    rename_wanted = Signal(str, str)
    order_wanted = Signal(list)
    menu_wanted = Signal(QPoint)

    def __init__(self, *, checks: bool = True, parent: QWidget | None = None) -> None:
        """Make an empty list.

        Args:
            checks: Whether rows have check boxes; without, classes can only be chosen.
            parent: Owner.
        """
        super().__init__(parent)
        self._classes = ClassModel(self)
        self._delegate = ClassDelegate(self._classes, self, checks=checks)
        self._check_width = CHECK_WIDTH if checks else 0
        self._clicked_again: str | None = None
        self._drop_row: int | None = None
        self._typed, self._typed_at = "", 0.0
        self.setAccessibleName("Classes")
        self.setModel(self._classes)
        self.setItemDelegate(self._delegate)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setStyleSheet("ClassList { background: transparent; }")
        self.setSelectionMode(QListView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setDragDropMode(QListView.DragDropMode.InternalMove)
        self.setDropIndicatorShown(False)  # drawn here, in the colours of the window
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # The selection, not the current row: Qt makes the first row the current one when the list gets the focus.
        self.selectionModel().selectionChanged.connect(self._tell)
        self._delegate.renamed.connect(self.rename_wanted)
        theme.notifier().changed.connect(self.viewport().update)

    # Contents

    def set_counts(self, counts: Mapping[str, int], switched_off: Collection[str] = ()) -> None:
        """Show classes with their numbers of photos; selected ones stay selected.

        Args:
            counts: Number of photos of every class, in the order of the classes.
            switched_off: Those of them that are not used.
        """
        self._keep(lambda: self._classes.set_counts(counts, switched_off))

    def change_counts(self, counts: Mapping[str, int], switched_off: Collection[str] = ()) -> None:
        """Show the same classes after a change: selection, keyboard and scroll place stay, also over a new name."""
        before, scrolled = self._classes.counts, self.verticalScrollBar().value()
        current, row = self._current_name(), self.currentIndex().row()
        switched = (current in switched_off) != (current in self._classes.placed_off)
        gone, new = [name for name in before if name not in counts], [name for name in counts if name not in before]
        renamed = {gone[0]: new[0]} if len(gone) == len(new) == 1 else {}
        self._keep(lambda: self._classes.set_counts(counts, switched_off), renamed)
        names = self._classes.names
        current = renamed.get(current, current)
        if current in names and not switched:
            row = names.index(current)
        if names and row >= 0:
            index = self._classes.index(min(row, len(names) - 1))
            self.selectionModel().setCurrentIndex(index, _SELECT.NoUpdate)
        self.executeDelayedItemsLayout()
        self.verticalScrollBar().setValue(scrolled)

    def set_editable(self, editable: bool, why_not: str = "") -> None:
        """Let classes be switched, renamed and moved, or say in a sentence why they can't be."""
        self._classes.set_editable(editable, "" if editable else why_not)

    def set_search(self, words: str) -> None:
        """Show only the classes whose name contains this, whatever the case; empty shows all."""
        self._keep(lambda: self._classes.search(words))

    @property
    def searching(self) -> bool:
        """Whether something is searched for."""
        return self._classes.searching

    @property
    def editable(self) -> bool:
        """Whether classes can be changed."""
        return self._classes.editable

    def found(self) -> list[str]:
        """The classes that are shown, in the order of the rows."""
        return list(self._classes.names)

    def classes(self) -> list[str]:
        """All classes in their order, those that are switched off and those not found included."""
        return list(self._classes.counts)

    def is_on(self, name: str) -> bool:
        """Whether a class is in use."""
        return name not in self._classes.off

    # Selection

    def selected_classes(self) -> list[str]:
        """Names of the classes selected, in the order of the rows."""
        return [self._classes.names[index.row()] for index in sorted(self.selectionModel().selectedIndexes())]

    def selected_class(self) -> str:
        """Name of the class selected; empty if none is, or several are."""
        chosen = self.selected_classes()
        return chosen[0] if len(chosen) == 1 else ""

    def select_class(self, name: str) -> None:
        """Select a class and scroll to it; an empty or unknown name selects none."""
        if name in self._classes.names:
            self.setCurrentIndex(self._classes.index(self._classes.names.index(name)))
        else:
            self.setCurrentIndex(QModelIndex())
            self.clearSelection()

    def targets(self) -> list[str]:
        """The classes that a command is for: those selected, or the one that the keyboard is on."""
        chosen = self.selected_classes()
        current = self._current_name()
        return chosen or ([current] if current and self.hasFocus() else [])

    # Commands

    def rename(self) -> None:
        """Ask for another name in the row."""
        names = self.targets()
        if len(names) == 1 and self.editable:
            index = self._classes.index(self._classes.names.index(names[0]))
            self.scrollTo(index)
            self.edit(index)

    def switch(self, names: Sequence[str], *, on: bool) -> None:
        """Ask for classes to be switched on or off; those that are so already are left alone."""
        others = [name for name in names if self.is_on(name) != on]
        if others and self.editable:
            self._classes.mark(others, on=on)  # the answer to the eye; the list follows when it is done
            self.switch_wanted.emit(others, on)

    def can_move(self, step: int, names: Sequence[str]) -> bool:
        """Whether classes can go up (-1) or down (1): not while searching, nor those switched off."""
        order = self._classes.in_use()
        return self.editable and not self.searching and moved(order, names, step) != order

    def move_classes(self, names: Sequence[str], step: int) -> None:
        """Ask for classes to go one place up (-1) or down (1)."""
        if self.can_move(step, names):
            self._reorder(moved(self._classes.in_use(), names, step))

    def _reorder(self, in_use: list[str]) -> None:
        if in_use != self._classes.in_use():
            self.order_wanted.emit(woven(in_use, self.classes()))

    # Size

    def content_height(self) -> int:
        """Height at which all rows are seen without scrolling."""
        return len(self._classes.names) * ROW_HEIGHT

    def sizeHint(self) -> QSize:
        """As high as the rows, up to twelve of them."""
        return QSize(240, min(self.content_height(), 12 * ROW_HEIGHT))

    # Keys and mouse

    def event(self, event: QEvent) -> bool:
        """Take Esc before the window does, for which it closes the message, while there is a use for it here."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride and self._has_esc(event):
            event.accept()
            return True
        return super().event(event)

    def _has_esc(self, event: QKeyEvent) -> bool:
        return event.key() == Qt.Key.Key_Escape and bool(self._check_width and self.selected_classes())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc selects none, Space switches, F2 renames, Alt with an arrow moves; the rest as in every list."""
        alt = event.modifiers() == Qt.KeyboardModifier.AltModifier
        match event.key():
            case Qt.Key.Key_Escape if self._has_esc(event):
                self.select_class("")
            case Qt.Key.Key_Space if not self._continues_typing():
                self._switch_targets()
            case Qt.Key.Key_F2:
                self.rename()
            case Qt.Key.Key_Up if alt:
                self.move_classes(self.targets(), -1)
            case Qt.Key.Key_Down if alt:
                self.move_classes(self.targets(), 1)
            case _:
                super().keyPressEvent(event)
                return
        event.accept()

    def keyboardSearch(self, search: str) -> None:  # noqa: N802 - Qt's name
        """Remember what is being typed, since names may have blanks in them."""
        now = time.monotonic()
        self._typed = self._typed + search if self._typing(now) else search
        self._typed_at = now
        super().keyboardSearch(search)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click on a check box switches; one on the only class selected will take the selection back."""
        index = self.indexAt(event.position().toPoint())
        self._clicked_again = None
        if event.button() == Qt.MouseButton.LeftButton and index.isValid():
            name = self._classes.names[index.row()]
            if self._is_on_check(event.position().toPoint(), index):
                self._switch_row(name)
                event.accept()
                return
            if self.selected_class() == name and not event.modifiers():
                self._clicked_again = name
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Take the selection back, unless the class was dragged."""
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        again, self._clicked_again = self._clicked_again, None
        if again is not None and index.isValid() and self._classes.names[index.row()] == again:
            self.select_class("")

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """On a check box nothing more: its row may have moved away since the first click."""
        place = event.position().toPoint()
        if not self._is_on_check(place, self.indexAt(place)):
            super().mouseDoubleClickEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for the menu, under the row that the keyboard is on if it was asked for by key."""
        place = event.globalPos()
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            row = self.visualRect(self.currentIndex())
            place = self.viewport().mapToGlobal(QPoint(row.left() + self._check_width, row.bottom()))
        self.menu_wanted.emit(place)
        event.accept()

    def closeEditor(self, editor: QWidget, _hint: QAbstractItemDelegate.EndEditHint) -> None:  # noqa: N802 - Qt's name
        """Tab ends the renaming; it doesn't begin that of the next class."""
        super().closeEditor(editor, QAbstractItemDelegate.EndEditHint.NoHint)

    def _switch_targets(self) -> None:
        names = self.targets()
        if names:
            current = self._current_name()
            self.switch(names, on=not self.is_on(current if current in names else names[0]))

    def _switch_row(self, name: str) -> None:
        chosen = self.selected_classes()
        self.switch(chosen if name in chosen else [name], on=not self.is_on(name))

    def _is_on_check(self, place: QPoint, index: Index) -> bool:
        return index.isValid() and place.x() - self.visualRect(index).left() < self._check_width

    def _typing(self, now: float) -> bool:
        return bool(self._typed) and now - self._typed_at < QApplication.keyboardInputInterval() / 1000

    def _continues_typing(self) -> bool:
        """Whether a blank typed now belongs to the name of a class."""
        begun = f"{self._typed} ".casefold()
        return self._typing(time.monotonic()) and any(name.casefold().startswith(begun) for name in self.found())

    # Dragging

    def startDrag(self, actions: Qt.DropAction) -> None:  # noqa: N802 - Qt's name
        """A drag is no second click."""
        self._clicked_again = None
        super().startDrag(actions)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Show where the classes would go."""
        super().dragMoveEvent(event)
        if event.source() is self:
            self._show_drop(self._row_at(event.position().toPoint()))
            event.acceptProposedAction()

    def dragLeaveEvent(self, event: object) -> None:
        """Show no place any more."""
        super().dragLeaveEvent(event)  # type: ignore[arg-type] # object is what PySide's stubs leave to choose
        self._show_drop(None)

    def dropEvent(self, event: QDropEvent) -> None:
        """Ask for the order in which the classes dragged stand here."""
        self._show_drop(None)
        if event.source() is not self:
            event.ignore()
            return
        # A copy as far as Qt knows: after a move it would take the rows out of the model.
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        self._reorder(placed(self._classes.in_use(), self.selected_classes(), self._row_at(event.position().toPoint())))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the rows, a sentence where there are none, and the place of what is dragged."""
        super().paintEvent(event)
        painter = QPainter(self.viewport())
        if self.searching and not self._classes.names:
            line = QRect(0, 0, self.viewport().width(), ROW_HEIGHT)
            painting.text(painter, line, "No class is called so.", theme.font(13), theme.color("text2"))
        if self._drop_row is not None:
            top = self._drop_row * ROW_HEIGHT - self.verticalScrollBar().value()
            line = QRect(0, max(top - _DROP_LINE // 2, 0), self.viewport().width(), _DROP_LINE)
            painter.fillRect(line, theme.color("accent"))

    def _row_at(self, place: QPoint) -> int:
        """The row of a class in use, or the one behind the last of these, that a drop here goes before."""
        row = round((place.y() + self.verticalScrollBar().value()) / ROW_HEIGHT)
        return min(max(row, 0), len(self._classes.in_use()))

    def _show_drop(self, row: int | None) -> None:
        if row != self._drop_row:
            self._drop_row = row
            self.viewport().update()

    # Keeping the place

    def _current_name(self) -> str:
        index = self.currentIndex()
        return self._classes.names[index.row()] if index.isValid() else ""

    def _keep(self, change: Callable[[], None], renamed: Mapping[str, str] | None = None) -> None:
        """Change the rows; what was selected stays so where it is still there, else it is told."""
        before, names = self.selected_class(), self.selected_classes()
        selection = self.selectionModel()
        selection.blockSignals(True)
        change()
        wanted = {(renamed or {}).get(name, name) for name in names}
        chosen = QItemSelection()
        for row, name in enumerate(self._classes.names):
            if name in wanted:
                chosen.select(self._classes.index(row), self._classes.index(row))
        if not chosen.isEmpty():
            selection.setCurrentIndex(chosen.indexes()[0], _SELECT.NoUpdate)
        selection.select(chosen, _SELECT.ClearAndSelect)
        selection.blockSignals(False)
        if self.selected_class() != before:
            self._tell()
        self.updateGeometry()
        self.viewport().update()

    def _tell(self) -> None:
        self.class_selected.emit(self.selected_class())
