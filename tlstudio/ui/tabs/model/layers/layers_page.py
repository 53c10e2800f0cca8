"""The page of a network from scratch: its photos, and its layers one by one."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, Literal

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from tlstudio.modeling.architectures import find_architecture
from tlstudio.modeling.head import memory_in_words, size_warning
from tlstudio.modeling.layer_table import LayerTable, shapes
from tlstudio.ui import theme
from tlstudio.ui.tabs.model.layers.edit_history import EditHistory
from tlstudio.ui.tabs.model.layers.layer_editor import LayerEditor
from tlstudio.ui.tabs.model.layers.layer_kinds import LAYER_KINDS
from tlstudio.ui.tabs.model.layers.layer_rows import layer_lines
from tlstudio.ui.tabs.model.layers.undo_keys import UndoKeys
from tlstudio.ui.tabs.model.size_notes import LOW_PAGE, SizeNotes
from tlstudio.ui.widgets.buttons import Button
from tlstudio.ui.widgets.checked_field import CheckedField
from tlstudio.ui.widgets.labels import TextLabel
from tlstudio.ui.widgets.segmented import Segmented
from tlstudio.ui.widgets.tooltip import set_tooltip

_LARGEST: Final = 2048
_SIZE_RULE: Final = f"Width × height, such as 160 × 120; up to {_LARGEST:,} pixels."
_SIZE_WIDTH: Final = 132
_BYTES: Final = 4
_INDENT: Final = 40  # of the kinds of the layers under it


@dataclass(frozen=True, slots=True)
class Draft:
    """A network from scratch while it is edited.

    Attributes:
        table: Its layers.
        origin: Name in ``ARCHITECTURES`` of the network that it was made from; "" for none.
    """

    table: LayerTable
    origin: str = ""

    @property
    def original(self) -> LayerTable | None:
        """The layers of its origin at the same size; None if it has none."""
        architecture = find_architecture(self.origin)
        return architecture.table.resized(self.table.side) if architecture else None

    @property
    def changed(self) -> bool:
        """Whether it is another network than its origin."""
        return self.table != self.original


class LayersPage(UndoKeys):
    """Grey or colour, size, layers, totals.

    Attributes:
        edited: Carries the Draft that was made by hand, and whether more is likely to follow within moments.
        opening: A file of layers is to be opened.
        saving: The layers are to be saved to a file.
    """

    edited = Signal(object, bool)
    opening = Signal()
    saving = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._history = EditHistory(Draft(LayerTable(1, 1, 3, ())))
        self._colour = Segmented([("3", "Colour"), ("1", "Grey")], "Colour of the photos")
        self._size = CheckedField((1, 1), _parse_size, _write_size, _SIZE_RULE, name="Width and height")
        self._back = Button("", "text", size="small")
        self._culprit = Button("Show it", "text", size="small")
        self._layers = LayerEditor(
            LAYER_KINDS,
            "Layers of the network",
            "None: the answer reads the pixels themselves.",
            above=self._photos_row(),
            scrolls=True,
        )
        self._open = Button("Open", "text", size="small")
        self._save = Button("Save", "text", size="small")
        self._notes = SizeNotes(self._culprit, self._back, self._open, self._save)
        self._build()
        self._connect()

    def show_network(self, draft: Draft) -> None:
        """Show a network; another one than it was made from begins a new history."""
        history = self._history
        if draft != history.value:
            history.push(draft) if draft.origin == history.value.origin else history.reset(draft)
        self._show()

    def open_table(self, table: LayerTable) -> None:
        """Go on with layers from a file, as a step that can be undone."""
        self._edit(Draft(table))

    # Building

    def _build(self) -> None:
        set_tooltip(self._colour, "Grey suits writing and drawings, and needs fewer numbers", term="Channels: 3 or 1")
        set_tooltip(
            self._size.focusProxy() or self._size,
            "Width and height in pixels that photos are brought to",
            term="Input size",
        )
        set_tooltip(self._open, "Open a network that was saved as a file of layers (JSON)")
        set_tooltip(self._save, "Save these layers as a file (JSON), to share it or for the command line (--layers)")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE_8)
        column.addWidget(self._layers, 1)
        column.addWidget(self._notes)

    def _photos_row(self) -> QWidget:
        """What goes into the first layer; it stands where a layer before it would."""
        self._size.setFixedWidth(_SIZE_WIDTH)
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(_INDENT, theme.SPACE_4, 0, theme.SPACE_4)
        row.setSpacing(theme.SPACE_8)
        row.addWidget(TextLabel("Photos", "secondary"))
        row.addSpacing(theme.SPACE_16)
        row.addWidget(self._colour)
        row.addWidget(self._size)
        row.addWidget(TextLabel("pixels", "secondary", "text2"))
        row.addStretch(1)
        return holder

    def _connect(self) -> None:
        self._colour.changed.connect(self._choose_colour)
        self._size.value_changed.connect(self._choose_size)
        self._back.clicked.connect(self._go_back)
        self._culprit.clicked.connect(self._go_to_problem)
        self._layers.edited.connect(lambda rows, merge: self._change(merge, rows=rows))
        self._open.clicked.connect(self.opening)
        self._save.clicked.connect(self.saving)
        for undo in (self._layers.undone, self.undo_pressed):
            undo.connect(lambda: self._step(self._history.undo))
        for redo in (self._layers.redone, self.redo_pressed):
            redo.connect(lambda: self._step(self._history.redo))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fewer words where there is little room."""
        super().resizeEvent(event)
        self._notes.set_brief(event.size().height() < LOW_PAGE)

    # Choosing

    def _choose_colour(self, key: str) -> None:
        channels: Literal[1, 3] = 1 if key == "1" else 3
        self._change(channels=channels)

    def _choose_size(self, size: tuple[int, int]) -> None:
        self._change("size", width=size[0], height=size[1])

    def _go_back(self) -> None:
        original = self._history.value.original
        if original is not None:
            self._change(width=original.width, height=original.height, channels=original.channels, rows=original.rows)

    def _go_to_problem(self) -> None:
        problem = shapes(self._history.value.table).problem
        if problem is not None:
            self._layers.go_to(problem.row)

    def _change(self, merge: str = "", **changes: object) -> None:
        draft = self._history.value
        table = replace(draft.table, **changes)  # type: ignore[arg-type] # types are those of the fields
        self._edit(replace(draft, table=table), merge)

    def _edit(self, draft: Draft, merge: str = "") -> None:
        self._history.push(draft, merge)
        self._show()
        self.edited.emit(draft, bool(merge))

    def _step(self, step: Callable[[], Draft]) -> None:
        before, draft = self._history.value, step()
        if draft != before:
            self._show()
            self.edited.emit(draft, False)

    # Showing

    def _show(self) -> None:
        draft, history = self._history.value, self._history
        table, origin = draft.table, find_architecture(draft.origin)
        found = shapes(table)
        self._colour.set_current(str(table.channels))
        self._size.set_value((table.width, table.height))
        self._back.setVisible(origin is not None and draft.changed)
        if origin is not None:
            self._back.setText(f"Back to {origin.title}")
            set_tooltip(self._back, f"Take the layers of {origin.title} again; Ctrl+Z brings yours back")
        lines = layer_lines(table.rows, found)
        self._layers.show_layers(lines, can_undo=history.can_undo, can_redo=history.can_redo)
        self._culprit.setVisible(found.problem is not None)
        if found.problem is not None:
            number, line = found.problem.row + 1, lines[found.problem.row]
            set_tooltip(self._culprit, f"Go to layer {number}: {found.problem.message}")
            self._notes.show_notes(f"Layer {number}, {line.title.lower()}, can't be built", "", wrong=True)
            return
        size = memory_in_words(found.parameters * _BYTES)
        totals = f"{found.parameters:,} parameters, {size}"
        if found.trainable != found.parameters:
            totals += f"; {found.trainable:,} are learnt"
        self._notes.show_notes(totals, size_warning(found.layers, "the layers"))


def _parse_size(text: str) -> tuple[int, int] | None:
    """Width and height from "160 × 120", "160x120" or "160"."""
    parts = [part.strip() for part in text.lower().replace("×", "x").split("x")]
    if len(parts) > 2 or not all(part.isascii() and part.isdigit() for part in parts):
        return None
    width, height = int(parts[0]), int(parts[-1])
    return (width, height) if min(width, height) >= 1 and max(width, height) <= _LARGEST else None


def _write_size(size: tuple[int, int]) -> str:
    return f"{size[0]} × {size[1]}"
