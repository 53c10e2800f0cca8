"""Somebody at the window: sees what is visible there, and uses mouse, keys and drops only."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl, SignalInstance
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from tlstudio.ui.main_window import MainWindow
from tlstudio.ui.tabs.model.network_table import NetworkTable
from tlstudio.ui.tabs.tab import Tab
from tlstudio.ui.widgets.chips import FilterChip
from tlstudio.ui.widgets.class_list import ClassList
from tlstudio.ui.widgets.labels import ElidedLabel
from tlstudio.ui.widgets.message_bar import Message, MessageBar
from tlstudio.ui.widgets.next_step_bar import NextStepBar

MINUTES = 60_000

Control = TypeVar("Control", bound=QWidget)


class Person:
    """Somebody at the window."""

    def __init__(self, qtbot: QtBot, window: MainWindow) -> None:
        self.qtbot, self.window = qtbot, window

    # What is seen

    @property
    def page(self) -> Tab:
        """The tab that is shown."""
        return next(tab for tab in self.window.findChildren(Tab) if tab.isVisible())

    @property
    def message(self) -> Message | None:
        """The message under the header."""
        bar = self.see(MessageBar) if self.sees(MessageBar) else None
        return bar.current if isinstance(bar, MessageBar) else None

    @property
    def told(self) -> str:
        """The title of the message under the header; empty for no message."""
        return self.message.title if self.message is not None else ""

    @property
    def next_step(self) -> str:
        """The words at the bottom."""
        return self.words(self.see(NextStepBar))

    def words(self, widget: QWidget | None = None) -> str:
        """All that is written in a widget, or in the window."""
        labels = (label for label in (widget or self.window).findChildren(QLabel) if label.isVisible())
        return "\n".join(label.full_text() if isinstance(label, ElidedLabel) else label.text() for label in labels)

    def classes(self) -> dict[str, int]:
        """Photos by class, as the list of classes says it; those without photos aside."""
        model = self.see(ClassList).model()  # type: ignore[attr-defined]
        rows = (model.index(row, 0).data(Qt.ItemDataRole.AccessibleTextRole) for row in range(model.rowCount()))
        # "daisy, 8 photos"; those that are switched off end otherwise
        named = (row.rsplit(", ", 1) for row in rows if row.endswith(("photo", "photos")))
        counts = {name: int(count.split()[0].replace(",", "")) for name, count in named}
        return {name: count for name, count in counts.items() if count}

    def chips(self) -> dict[str, int]:
        """Photos by filter, as the chips over the grid say it."""
        shown = (chip for chip in self.window.findChildren(FilterChip) if chip.isVisible())
        counts = ((chip.text(), chip.accessibleName().rsplit(", ", 1)[-1]) for chip in shown)
        return {words: int(count.replace(",", "")) for words, count in counts if count.replace(",", "").isdigit()}

    def button(self, words: str, inside: QWidget | None = None) -> QAbstractButton:
        """The button with these words."""
        buttons = (inside or self.window).findChildren(QAbstractButton)
        found = [each for each in buttons if each.isVisible() and words in (each.text(), each.accessibleName())]
        assert found, f"no button “{words}”"
        return found[0]

    def sees(self, kind: type[QWidget]) -> bool:
        """Whether there is such a widget."""
        return any(widget.isVisible() for widget in self.window.findChildren(kind))

    def see(self, kind: type[QWidget], condition: Callable[..., bool] = lambda _widget: True) -> QWidget:
        """The first such widget."""
        return next(w for w in self.window.findChildren(kind) if w.isVisible() and condition(w))

    def named(self, kind: type[Control], name: str, inside: QWidget | None = None) -> Control:
        """The only control of a kind with this name, once it is there."""

        def found() -> list[Control]:
            controls = (inside or self.window).findChildren(kind)
            return [each for each in controls if each.isVisible() and each.accessibleName() == name]

        self.qtbot.waitUntil(lambda: bool(found()), timeout=MINUTES)
        (control,) = found()
        return control

    # What is done

    def press(self, words: str, inside: QWidget | None = None) -> None:
        """Click the button with these words."""
        self.qtbot.waitUntil(lambda: self.button(words, inside).isEnabled(), timeout=MINUTES)
        self.qtbot.mouseClick(self.button(words, inside), Qt.MouseButton.LeftButton)

    def type_into(self, name: str, words: str, inside: QWidget | None = None) -> None:
        """Put words into a field, in place of what stands there."""
        edit = self.named(QLineEdit, name, inside)
        edit.setFocus()
        edit.selectAll()
        if words:
            self.qtbot.keyClicks(edit, words)
        else:
            self.qtbot.keyClick(edit, Qt.Key.Key_Backspace)

    def pick(self, name: str, words: str, inside: QWidget | None = None) -> None:
        """Choose these words in a list."""
        box = self.named(QComboBox, name, inside)
        assert box.findText(words) >= 0, [box.itemText(index) for index in range(box.count())]
        box.setCurrentIndex(box.findText(words))
        box.activated.emit(box.currentIndex())

    def choose_network(self, name: str) -> None:
        """Click a row of the table of networks."""
        table = self.see(NetworkTable)
        assert isinstance(table, NetworkTable)
        row = next(row for row in range(table.model().rowCount()) if table.network_at(row).name == name)
        index = table.model().index(row, 0)
        table.scrollTo(index)
        self.qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=table.visualRect(index).center())

    def key(self, *arguments: object) -> None:
        """Press a key."""
        self.qtbot.keyClick(self.window, *arguments)

    def drop(self, *dropped: Path, on: QWidget | None = None) -> None:
        """Drop files or folders on a widget, or on the tab that is shown."""
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(path)) for path in dropped])
        target = on or self.page
        where, copy = target.rect().center(), Qt.DropAction.CopyAction
        none, left = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.LeftButton
        # Qt delivers a drop only to whom it has shown what hovers.
        QApplication.sendEvent(target, QDragEnterEvent(where, copy, data, left, none))
        QApplication.sendEvent(target, QDropEvent(QPointF(where), copy, data, left, none))

    def wait(self, happened: Callable[[], bool]) -> None:
        """Wait until something has happened."""
        self.qtbot.waitUntil(happened, timeout=3 * MINUTES)

    # Photos

    def open(self, place: Path) -> None:
        """Drop what photos are in, and wait until they are there, or it is said why not."""
        self.during_reading(lambda: self.drop(place))

    def during_reading(self, act: Callable[[], None]) -> None:
        """Do something that has photos read from disk, and wait for the end of it."""
        self._until(self.window.session.photos.scan_ended, act)

    def during_change(self, act: Callable[[], None]) -> None:
        """Do something that changes how photos are used, and wait until everything follows."""
        self._until(self.window.session.photos.edited, act)

    def _until(self, ended: SignalInstance, act: Callable[[], None]) -> None:
        with self.qtbot.waitSignal(ended, timeout=MINUTES):
            act()
        QApplication.processEvents()  # what came of it is shown and placed a turn later

    def undo(self) -> None:
        """Take back the last change, by its key."""
        self.during_change(lambda: self.key(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier))
