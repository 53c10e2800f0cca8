"""The grid of a data set: keys and a menu for what can be done to photos."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent

from tlstudio.ui.tabs.dataset.photos.photo_filter import Photos
from tlstudio.ui.widgets.photo_grid import PhotoGrid


class DatasetGrid(PhotoGrid):
    """Shows ``Photos``. M, X and Delete change what is selected, other letters (and Shift+M, Shift+X) find a class.

    Attributes:
        move_wanted: The photos selected are to have another class.
        leave_out_wanted: They are not to be used.
        toggle_wanted: They are not to be used; or if none of them is, they are to be used again.
        menu_wanted: The menu of the photos selected is wanted; carries the place on the screen (QPoint).
    """

    move_wanted = Signal()
    leave_out_wanted = Signal()
    toggle_wanted = Signal()
    menu_wanted = Signal(object)

    def event(self, event: QEvent) -> bool:
        """Esc belongs to the selection while there is one, then to the window."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride and self._clears(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys that act on the selection; the rest as in every grid."""
        wanted = {
            Qt.Key.Key_M: self.move_wanted,
            Qt.Key.Key_X: self.toggle_wanted,
            Qt.Key.Key_Delete: self.leave_out_wanted,
        }.get(Qt.Key(event.key()))
        if self._clears(event):
            self.clearSelection()
        elif wanted is not None and event.modifiers() == Qt.KeyboardModifier.NoModifier:
            wanted.emit()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """A right click or the Menu key."""
        place = event.pos()
        if event.reason() == QContextMenuEvent.Reason.Keyboard and self.currentIndex().isValid():
            place = self.visualRect(self.currentIndex()).center()
        self.menu_wanted.emit(self.viewport().mapToGlobal(place))

    def keyboardSearch(self, search: str) -> None:  # noqa: N802 - Qt's name
        """Letters jump to a class without making a tile of every photo on the way: for 20,000 that takes too long."""
        photos = self.items()
        found = photos.next_class(search, self.currentIndex().row()) if isinstance(photos, Photos) else None
        if found is not None:
            self.select_row(found)

    def selected_photos(self) -> Photos | None:
        """What is selected; None where there are no photos at all."""
        photos = self.items()
        return photos.at(self.selected_rows()) if isinstance(photos, Photos) else None

    def _clears(self, event: QKeyEvent) -> bool:
        return event.key() == Qt.Key.Key_Escape and self.selectionModel().hasSelection()
