"""The page of the last layers: what is taken from the photo, layers in between, answer."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from tlstudio.errors import TLStudioError
from tlstudio.modeling.head import head_names, head_parameters, head_warning, pooling_layer, require_possible
from tlstudio.modeling.head_text import parse_head, written_head
from tlstudio.modeling.layer_table import Layer, Shape, Shapes, in_words, shapes_of
from tlstudio.modeling.part import POOLING
from tlstudio.modeling.spec import HeadSpec
from tlstudio.ui import theme
from tlstudio.ui.tabs.model.choice_card import scrolled
from tlstudio.ui.tabs.model.head.quick_heads import ANSWERS, POOLINGS, answer_of, answers_for
from tlstudio.ui.tabs.model.head.quick_row import QuickRow
from tlstudio.ui.tabs.model.layers.edit_history import EditHistory
from tlstudio.ui.tabs.model.layers.layer_editor import LayerEditor
from tlstudio.ui.tabs.model.layers.layer_kinds import HEAD_KINDS
from tlstudio.ui.tabs.model.layers.layer_rows import layer_lines
from tlstudio.ui.tabs.model.layers.undo_keys import UndoKeys
from tlstudio.ui.tabs.model.setting_row import SettingRow
from tlstudio.ui.tabs.model.size_notes import LOW_PAGE, SizeNotes
from tlstudio.ui.widgets.card import Hairline
from tlstudio.ui.widgets.checked_field import CheckedField
from tlstudio.ui.widgets.disclosure import Disclosure
from tlstudio.ui.widgets.fields import ComboBox, NumberField
from tlstudio.ui.widgets.labels import TextLabel
from tlstudio.ui.widgets.segmented import Segmented
from tlstudio.ui.widgets.tooltip import set_tooltip

_STRONGEST: Final = 1.0
_DECIMALS: Final = 6
_L1: Final = "Pulls the weights of the dense layers to 0; most usual is 0, then 0.0001."
_L2: Final = "Keeps the weights of the dense layers small, so that none decides alone."
_TEXT_TIP: Final = "For the command line (--head), and to copy from one network to another"


class HeadPage(UndoKeys):
    """Everything that comes after the network.

    Attributes:
        edited: Carries the HeadSpec that was chosen by hand, and whether more is likely to follow within moments.
    """

    edited = Signal(object, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._history = EditHistory(HeadSpec())
        self._usual, self._n_classes = HeadSpec(), 0
        self._shape: Shape | None = None
        self._quick = QuickRow()
        self._pooling = Segmented([(key, word) for key, word, _ in POOLINGS], "What is taken from the photo")
        self._pooling_row = SettingRow("What is taken from the photo", "pooling", POOLINGS[0][2], self._pooling)
        self._layers = LayerEditor(
            HEAD_KINDS, "Layers between network and answer", "None: what is taken from the photo goes to the answer."
        )
        self._answer = ComboBox()
        self._answer_row = SettingRow("Answer", "output", ANSWERS[0].meaning, self._answer)
        self._l1 = NumberField(0, 0, _STRONGEST, decimals=_DECIMALS, name="Few weights")
        self._l2 = NumberField(0, 0, _STRONGEST, decimals=_DECIMALS, name="Small weights")
        self._text = CheckedField(
            HeadSpec(), _parsed, written_head, _rule_broken, name="The last layers as a line of text"
        )
        self._notes = SizeNotes()
        self._build()
        self._connect()

    def show_head(self, head: HeadSpec, usual: HeadSpec, shape: Shape | None, n_classes: int) -> None:
        """Show what is chosen.

        Args:
            head: The last layers.
            usual: Those that the network comes with.
            shape: What they read; None where only the built network knows.
            n_classes: Number of classes; 0 without a data set.
        """
        self._usual, self._shape, self._n_classes = usual, shape, n_classes
        if head != self._history.value:
            self._history.reset(head)
        self._show()

    # Building

    def _build(self) -> None:
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, theme.SPACE_12, 0)
        column.setSpacing(theme.SPACE_8)
        between = TextLabel("Layers in between", "label")
        text = Disclosure("As a line of text", "model/head-text", small=True)
        text.body.addWidget(self._text)
        set_tooltip(self._text.focusProxy() or self._text, _TEXT_TIP)
        parts: tuple[QWidget, ...] = (
            self._quick,
            self._pooling_row,
            Hairline(),
            between,
            self._layers,
            Hairline(),
            self._answer_row,
            Hairline(),
            SettingRow("Few weights", "L1", _L1, self._l1),
            SettingRow("Small weights", "L2", _L2, self._l2),
            Hairline(),
            text,
        )
        for part in parts:
            column.addWidget(part)
        column.addStretch(1)
        area = scrolled(content)
        self._layers.seen.connect(lambda row: area.ensureWidgetVisible(row, 0, theme.SPACE_8))
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(theme.SPACE_8)
        page.addWidget(area, 1)
        page.addWidget(self._notes)

    def _connect(self) -> None:
        self._quick.chosen.connect(lambda quick: self._edit(quick.applied(self._history.value)))
        self._quick.usual_wanted.connect(lambda: self._edit(self._usual))
        self._pooling.changed.connect(lambda key: self._change(pooling=key))
        self._layers.edited.connect(lambda rows, merge: self._change(f"layer {merge}" if merge else "", layers=rows))
        self._answer.activated.connect(self._choose_answer)
        self._l1.value_changed.connect(lambda strength: self._change("l1", l1=strength))
        self._l2.value_changed.connect(lambda strength: self._change("l2", l2=strength))
        self._text.value_changed.connect(lambda head: self._edit(head, "text"))
        for undo in (self._layers.undone, self.undo_pressed):
            undo.connect(lambda: self._step(self._history.undo))
        for redo in (self._layers.redone, self.redo_pressed):
            redo.connect(lambda: self._step(self._history.redo))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fewer words where there is little room."""
        super().resizeEvent(event)
        self._notes.set_brief(event.size().height() < LOW_PAGE)

    # Choosing

    def _choose_answer(self) -> None:
        answer = self._answer.currentData()
        self._change(output=answer.output, loss=answer.loss)

    def _change(self, merge: str = "", **changes: object) -> None:
        self._edit(replace(self._history.value, **changes), merge)  # type: ignore[arg-type] # types are those of the fields

    def _edit(self, head: HeadSpec, merge: str = "") -> None:
        self._history.push(head, merge)
        self._show()
        self.edited.emit(head, bool(merge))

    def _step(self, step: Callable[[], HeadSpec]) -> None:
        before = self._history.value
        head = step()
        if head != before:
            self._show()
            self.edited.emit(head, False)

    # Showing

    def _show(self) -> None:
        head, history = self._history.value, self._history
        self._quick.show_head(head, self._usual)
        self._pooling.set_current(head.pooling)
        self._pooling_row.set_meaning(next(meaning for key, _, meaning in POOLINGS if key == head.pooling))
        lines = layer_lines(head.layers, self._shapes(head.layers))
        self._layers.show_layers(lines, can_undo=history.can_undo, can_redo=history.can_redo)
        self._show_answer(head)
        for field, strength in ((self._l1, head.l1), (self._l2, head.l2)):
            if field.value != strength:
                field.set_value(strength)
        self._text.set_value(head)
        self._show_notes(head)

    def _show_answer(self, head: HeadSpec) -> None:
        offered = answers_for(self._n_classes, head)
        self._answer.clear()
        for answer in offered:
            self._answer.addItem(answer.title, answer)
        chosen = answer_of(head)
        self._answer.setCurrentIndex(offered.index(chosen) if chosen in offered else 0)
        # One way alone is no choice: the sentence says it.
        self._answer.setVisible(len(offered) > 1)
        self._answer_row.set_meaning(f"{chosen.meaning} ({chosen.term})".replace(". (", " (") + ".")

    def _shapes(self, rows: tuple[Layer, ...]) -> Shapes | None:
        if self._shape is None:
            return None
        pooled = shapes_of([pooling_layer(self._history.value.pooling, self._shape)], self._shape, [POOLING])
        return shapes_of(rows, pooled.output_shape, head_names(self._history.value.layers))

    def _show_notes(self, head: HeadSpec) -> None:
        shape, n_classes = self._shape, self._n_classes
        if shape is None:
            self._notes.show_notes("How many numbers there are to learn depends on the cut.", "")
            return
        if not n_classes:
            self._notes.show_notes(f"It reads {in_words(shape)}. The count is known with your photos.", "")
            return
        reads = f"reading {in_words(shape)}, for {n_classes} classes"
        refusal = refusal_of(head, n_classes, shape)
        self._notes.show_notes(
            f"{head_parameters(head, shape, n_classes):,} numbers to learn, {reads}",
            refusal or head_warning(head, shape, n_classes),
            wrong=bool(refusal),
        )


def refusal_of(head: HeadSpec, n_classes: int, shape: Shape) -> str:
    """Why a head can't be, and what helps; "" if it can."""
    try:
        require_possible(head, n_classes, shape)
    except TLStudioError as error:
        return f"{error.message} {error.hint}"
    return ""


def _parsed(text: str) -> HeadSpec | None:
    try:
        return parse_head(text)
    except TLStudioError:
        return None


def _rule_broken(text: str) -> str:
    try:
        parse_head(text)
    except TLStudioError as error:
        return f"{error.message} {error.hint}"
    return ""
