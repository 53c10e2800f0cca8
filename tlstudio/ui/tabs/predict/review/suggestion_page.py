"""Many photos of one suggestion, accepted together: "40 photos: tulips?"."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QItemSelectionModel, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QMouseEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QWidget

from tlstudio.prediction.review.decisions import Decision
from tlstudio.prediction.review.order import Suggestion
from tlstudio.ui import theme
from tlstudio.ui.tabs.predict.review.review_desk import ReviewDesk
from tlstudio.ui.widgets.buttons import Button, IconButton
from tlstudio.ui.widgets.card import Card
from tlstudio.ui.widgets.empty_state import EmptyState
from tlstudio.ui.widgets.fields import ComboBox
from tlstudio.ui.widgets.labels import TextLabel
from tlstudio.ui.widgets.photo_grid import PhotoGrid
from tlstudio.ui.widgets.photo_tile import PhotoItem
from tlstudio.ui.widgets.thumbnails import ThumbnailCache
from tlstudio.ui.widgets.tooltip import set_tooltip
from tlstudio.wording import counted

_LEAST = QSize(320, 200)
_Select = QItemSelectionModel.SelectionFlag


class SuggestionPage(Card):
    """A grid in which all photos are selected; those that are taken out are asked about later, one by one.

    Attributes:
        closed: The table is wanted back.
    """

    closed = Signal()

    def __init__(self, desk: ReviewDesk, thumbnails: ThumbnailCache, parent: QWidget | None = None) -> None:
        super().__init__("", parent=parent)
        self._desk = desk
        self._classes: Sequence[str] = ()
        self._suggestion: Suggestion | None = None
        self._choice = ComboBox()
        self._grid = _ToggledGrid(thumbnails)
        self._line = TextLabel(
            "Press a photo to take it out. It is asked about later, by itself.", "secondary", "text2", wrap=True
        )
        self._nothing = EmptyState("check", "Nothing waits", "Every photo that the model was unsure of is answered.")
        self._accept = Button("Accept", "soft", key="Enter")
        self._next = Button("Next suggestion", "quiet", size="small", key="L")
        self._undo = Button("Undo", "quiet", size="small", key="U")
        self._close = IconButton("close", "Back to the table", key="Esc")
        self._lay_out()
        self._connect()
        self.setMinimumSize(_LEAST)  # the page that isn't shown must not hold the window open

    def set_classes(self, classes: Sequence[str]) -> None:
        """Tell the names of all classes of the run."""
        self._classes = classes
        self._grid.set_classes(len(classes))

    def begin(self) -> None:
        """Show the suggestion with the most photos, and take the keyboard."""
        self._suggestion = None
        self._follow()
        self._grid.setFocus(Qt.FocusReason.OtherFocusReason)

    # Building.

    def _lay_out(self) -> None:
        self._choice.setAccessibleName("Suggestion")
        set_tooltip(self._choice, "Which suggestion is looked at")
        set_tooltip(self._accept, "Say that the model is right about all that are selected", key="Enter")
        set_tooltip(self._next, "Look at the photos of another suggestion", key="L")
        set_tooltip(self._undo, "Take the last answer back", key="U")
        self.add_action(self._choice)
        self.add_action(self._close)
        self.body.addWidget(self._line)
        self.body.addWidget(self._grid, 1)
        self.body.addWidget(self._nothing, 1)
        foot = QWidget()
        row = QHBoxLayout(foot)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.SPACE_16)
        for part in (self._accept, self._next):
            row.addWidget(part)
        row.addStretch(1)
        row.addWidget(self._undo)
        self.add_footer(foot)

    def _connect(self) -> None:
        for key, button in (("L", self._next), ("U", self._undo), ("Esc", self._close)):
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(button.click)
        self._accept.clicked.connect(self._take_accepted)
        self._next.clicked.connect(self._show_next)
        self._undo.clicked.connect(self._desk.undo)
        self._close.clicked.connect(self.closed)
        self._choice.activated.connect(self._choose)
        self._grid.accepted.connect(self._take_accepted)
        self._grid.photos_selected.connect(self._count)
        self._desk.changed.connect(self._follow)

    # What is shown.

    def _follow(self) -> None:
        """Stay with the suggestion that is looked at, as long as photos of it wait."""
        if not self.isVisible():
            return
        found = self._desk.suggestions()
        label = self._suggestion.label if self._suggestion is not None else ""
        self._choice.clear()
        for suggestion in found:
            self._choice.addItem(f"{suggestion.label} ({suggestion.total:,})", suggestion)
        self._show(next((each for each in found if each.label == label), found[0] if found else None))
        self._undo.setEnabled(self._desk.undoable)

    def _show(self, suggestion: Suggestion | None) -> None:
        there = suggestion is not None
        for part in (self._grid, self._line, self._choice, self._accept, self._next):
            part.setVisible(there)
        self._nothing.setVisible(not there)
        self._next.setEnabled(self._choice.count() > 1)
        if suggestion is None:
            self.set_title("")
            self._suggestion = None
            return
        before = self._suggestion
        self._choice.setCurrentText(f"{suggestion.label} ({suggestion.total:,})")
        self.set_title(f"{counted(len(suggestion.photos), 'photo')}: {suggestion.label}?")
        self._suggestion = suggestion
        if before is None or before.photos != suggestion.photos:
            index = self._classes.index(suggestion.label) if suggestion.label in self._classes else 0
            self._grid.set_items([PhotoItem(Path(each.path), suggestion.label, index) for each in suggestion.photos])
            self._grid.select_every()

    def _choose(self, row: int) -> None:
        self._show(self._choice.itemData(row))
        self._grid.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_next(self) -> None:
        self._choose((self._choice.currentIndex() + 1) % self._choice.count())

    def _count(self, count: int) -> None:
        label = self._suggestion.label if self._suggestion is not None else ""
        self._accept.setText(f"Accept {count:,} as {label}")
        self._accept.setEnabled(count > 0)
        self._accept.updateGeometry()

    def _take_accepted(self) -> None:
        """Those selected are what the model says; those taken out are asked about at the end."""
        suggestion, chosen = self._suggestion, {str(item.path) for item in self._grid.selected_items()}
        if suggestion is None or not chosen:
            return
        self._desk.record(
            [
                Decision(each.path, "accepted", suggestion.label, each.digest)
                if each.path in chosen
                else Decision(each.path, "later", digest=each.digest)
                for each in suggestion.photos
            ]
        )


class _ToggledGrid(PhotoGrid):
    """A grid in which a click or the space bar takes a photo out, or back in.

    Attributes:
        accepted: Enter was pressed.
    """

    accepted = Signal()

    def __init__(self, thumbnails: ThumbnailCache) -> None:
        super().__init__(thumbnails)
        self.setSelectionMode(PhotoGrid.SelectionMode.MultiSelection)

    def select_every(self) -> None:
        """Select all photos; the keyboard is on the first one."""
        self.selectionModel().setCurrentIndex(self.model().index(0, 0), _Select.NoUpdate)
        self.selectAll()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter accepts, the space bar takes out; the rest walks."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.accepted.emit()
        elif event.key() == Qt.Key.Key_Space:
            self.selectionModel().select(self.currentIndex(), _Select.Toggle)
        elif event.key() in (Qt.Key.Key_L, Qt.Key.Key_U, Qt.Key.Key_Escape):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Two quick clicks are two clicks."""
        self.mousePressEvent(event)
