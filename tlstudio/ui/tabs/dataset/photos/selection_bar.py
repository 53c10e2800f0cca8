"""What can be done to photos: the buttons for it, and the bar under the grid that carries them."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QWidget

from tlstudio.ui import motion, theme
from tlstudio.ui.tabs.dataset.photos.photo_filter import Photos, Use
from tlstudio.ui.widgets import painting
from tlstudio.ui.widgets.buttons import Button
from tlstudio.ui.widgets.class_picker import ClassPicker
from tlstudio.ui.widgets.labels import TextLabel
from tlstudio.ui.widgets.tooltip import set_tooltip
from tlstudio.wording import counted

FIXED: Final = "These are the photos of a run, with the labels it learnt from. Open their folder to change labels."
"""Why nothing can be changed about the photos of a run."""

_PAUSE_MS: Final = 250


class LabelButtons(QWidget):
    """Move photos to another class, leave them out, bring them back; or the reason why that can't be done.

    Attributes:
        moved: Photos are to have another class; carries the ``Photos`` and its name, which may be a new one.
        left_out: Photos are not to be used any more; carries the ``Photos``.
        brought_back: Photos are to be used again; carries the ``Photos``.
    """

    moved = Signal(object, str)
    left_out = Signal(object)
    brought_back = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._photos: Photos | None = None
        self._uses: frozenset[Use] = frozenset()
        self._editable = False
        self._why = TextLabel(FIXED, "secondary", "text2", wrap=True)
        self._move = Button("Move to …", "outline", size="small")
        self._leave = Button("Leave out", "outline", size="small")
        self._bring = Button("Bring back", "outline", size="small")
        self._picker = ClassPicker(self)
        set_tooltip(self._move, "Give them another class. The files stay where they are", term="Relabel", key="M")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.SPACE_8)
        row.addWidget(self._why, 1)
        for button in (self._move, self._leave, self._bring):
            # A click leaves the keyboard with the photos.
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            row.addWidget(button)
        row.addStretch()
        self._move.clicked.connect(self.pick_class)
        self._leave.clicked.connect(self.leave_out)
        self._bring.clicked.connect(self.bring_back)
        self._picker.picked.connect(self._move_to)
        self._refresh()

    def set_photos(self, photos: Photos, *, editable: bool) -> None:
        """Act on these photos.

        Args:
            photos: What is to be changed.
            editable: Whether it can be; if not, the reason stands in the place of the buttons.
        """
        self._photos, self._uses, self._editable = photos, photos.uses(), editable
        self._refresh()

    @property
    def can_move(self) -> bool:
        """Whether the photos can have another class."""
        return self._editable and bool(self._photos)

    @property
    def can_leave_out(self) -> bool:
        """Whether one of the photos is used."""
        return self._editable and "used" in self._uses

    @property
    def can_bring_back(self) -> bool:
        """Whether one of the photos was left out by itself, not with its class."""
        return self._editable and "left_out" in self._uses

    def pick_class(self) -> None:
        """Ask beside the button which class the photos go to."""
        self._pick_beside(QRect(self._move.mapToGlobal(QPoint()), self._move.size()))

    def leave_out(self) -> None:
        """Use those of the photos no longer that are used."""
        if self._photos is not None and self.can_leave_out:
            self.left_out.emit(self._photos.that_are("used"))

    def bring_back(self) -> None:
        """Use those of the photos again that were left out."""
        if self._photos is not None and self.can_bring_back:
            self.brought_back.emit(self._photos.that_are("left_out"))

    def leave_out_or_bring_back(self) -> None:
        """Leave the photos out; if none of them is used, bring them back."""
        if self.can_leave_out:
            self.leave_out()
        else:
            self.bring_back()

    def fill_menu(self, menu: QMenu, at: QPoint) -> None:
        """Offer the same in a menu that opens at a point of the screen."""
        if not self._editable:
            add_action(menu, "Labels of a run can't be changed", "", lambda: None).setEnabled(False)
            return
        add_action(menu, "Move to …", "M", lambda: self._pick_beside(QRect(at, at))).setEnabled(self.can_move)
        if self.can_leave_out or not self.can_bring_back:
            add_action(menu, "Leave out", "X", self.leave_out).setEnabled(self.can_leave_out)
        if self.can_bring_back:
            add_action(menu, "Bring back", "" if self.can_leave_out else "X", self.bring_back)

    def _pick_beside(self, place: QRect) -> None:
        if self._photos is not None and self.can_move:
            self._picker.set_classes(self._photos.classes(), self._photos.common_class())
            self._picker.open_beside(place)

    def _move_to(self, name: str) -> None:
        if self._photos is not None and name != self._photos.common_class():
            self.moved.emit(self._photos, name)

    def _refresh(self) -> None:
        self._why.setVisible(not self._editable)
        self._move.setVisible(self._editable)
        off = not self._uses.isdisjoint(("class_off", "wrong_size"))
        self._leave.setVisible(self._editable and (self.can_leave_out or not (self.can_bring_back or off)))
        self._bring.setVisible(self._editable and (self.can_bring_back or (off and not self.can_leave_out)))
        self._leave.setEnabled(self.can_leave_out)
        self._bring.setEnabled(self.can_bring_back)
        unused = "Photos without a class are not used anyway. Move them to one"
        use_not = "Don't learn from them, don't test with them. The files stay where they are"
        set_tooltip(self._leave, use_not if self.can_leave_out else unused, key="X or Delete")
        off_words = "Their class is switched off. Switch it on in the list of classes"
        if "class_off" not in self._uses:
            off_words = "Your size rule leaves them out. Change it behind the sliders button over the photos"
        set_tooltip(self._bring, "Use them again" if self.can_bring_back else off_words, key="X")


class SelectionBar(QFrame):
    """How many photos are selected, and what can be done to them; slides in when there are any.

    Attributes:
        labels: The buttons.
        cleared: The selection is to be taken back.
    """

    cleared = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._count = TextLabel("", "strong")
        self.labels = LabelButtons()
        self._clear = Button("Clear", "quiet", size="small")
        set_tooltip(self._clear, "Select none", key="Esc")
        self._clear.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PAUSE_MS)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.SPACE_16, theme.SPACE_8, theme.SPACE_16, theme.SPACE_8)
        row.setSpacing(theme.SPACE_16)
        row.addWidget(self._count)
        row.addWidget(self.labels, 1)
        row.addWidget(self._clear)
        self.setAccessibleName("Photos selected")
        self._clear.clicked.connect(self.cleared)
        self._timer.timeout.connect(self._slide_in)
        self.hide()

    def show_photos(self, photos: Photos, *, editable: bool) -> None:
        """Show what is selected; nothing selected hides the bar."""
        self.labels.set_photos(photos, editable=editable)
        self._count.setText(f"{counted(len(photos), 'photo')} selected")
        if not photos:
            self._timer.stop()
            self.hide()
        elif self.isHidden():
            # Not at once: it would slide under the second click of a double click.
            self._timer.start()

    def reveal(self) -> None:
        """Stand there at once, for what opens beside it."""
        self._timer.stop()
        self.show()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw surface and border."""
        painter = QPainter(self)
        painting.prepare(painter)
        painting.box(painter, self.rect(), theme.RADIUS_CARD, theme.color("surface"), theme.color("line"))

    def _slide_in(self) -> None:
        if QGuiApplication.mouseButtons() != Qt.MouseButton.NoButton:
            self._timer.start()  # a rubber band is being drawn: the grid keeps its size
        else:
            motion.slide_open(self)


def add_action(menu: QMenu, words: str, key: str, act: Callable[[], object]) -> QAction:
    """Add an entry with its key beside it. The key itself is the grid's: it acts only while that has the focus."""
    action = menu.addAction(words)
    action.setShortcut(QKeySequence(key))
    action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
    action.setShortcutVisibleInContextMenu(True)
    action.triggered.connect(act)
    return action
