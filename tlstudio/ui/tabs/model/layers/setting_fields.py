"""The settings of one layer as fields beside each other."""

from functools import partial

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from tlstudio.modeling.layer_table import Layer
from tlstudio.ui import theme
from tlstudio.ui.tabs.model.layers.layer_kinds import LayerKind, Setting, kind_of
from tlstudio.ui.widgets.fields import ComboBox
from tlstudio.ui.widgets.labels import TextLabel
from tlstudio.ui.widgets.tooltip import set_tooltip

_STEPS = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}


class SettingEdit(QLineEdit):
    """A line of text; its own undo ends where the typing began, and from there on Ctrl+Z belongs to the list."""

    def event(self, event: QEvent) -> bool:
        """Leave Ctrl+Z to others where there is nothing typed to take back."""
        if event.type() == QEvent.Type.ShortcutOverride and self._is_foreign(event):
            event.ignore()
            return False
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and Down count whole numbers."""
        if self._is_foreign(event):
            event.ignore()
        elif event.key() in _STEPS and event.modifiers() in (Qt.KeyboardModifier.NoModifier, _KEYPAD):
            self._step(_STEPS[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def _is_foreign(self, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent):
            return False
        undo = event.matches(QKeySequence.StandardKey.Undo) and not self.isUndoAvailable()
        return undo or (event.matches(QKeySequence.StandardKey.Redo) and not self.isRedoAvailable())

    def _step(self, step: int) -> None:
        if self.text().isdigit():
            self.setText(str(max(int(self.text()) + step, 0)))
            self.textEdited.emit(self.text())


_KEYPAD = Qt.KeyboardModifier.KeypadModifier


class SettingBox(ComboBox):
    """A choice that leaves keys with Ctrl to others."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Letters choose; Ctrl and a letter doesn't."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            event.ignore()
        else:
            super().keyPressEvent(event)


class SettingFields(QWidget):
    """Fields for all settings of a layer; what breaks a rule is said under them, and the last right value stays.

    Attributes:
        edited: Carries the layer as it is now, and the name of the setting that was changed.
    """

    edited = Signal(object, str)

    def __init__(self, layer: Layer, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._layer = layer
        self._kind: LayerKind = kind_of(layer)
        self._fields: dict[str, QLineEdit | ComboBox] = {}
        row = QHBoxLayout()
        row.setSpacing(theme.SPACE_8)
        for setting in self._kind.settings:
            row.addLayout(self._labelled(setting))
        row.addStretch(1)
        self._note = TextLabel(self._kind.meaning, "secondary", "text2", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE_4)
        column.addLayout(row)
        column.addWidget(self._note)

    @property
    def kind(self) -> LayerKind:
        """The kind of layer that the fields are for."""
        return self._kind

    def show_layer(self, layer: Layer) -> None:
        """Show another layer of the same kind; what is being typed for it stays."""
        if layer == self._layer:
            return
        self._layer = layer
        for setting in self._kind.settings:
            self._show(setting)

    def focus_first(self) -> None:
        """Go to the first field."""
        field = next(iter(self._fields.values()), None)
        if field is not None:
            field.setFocus(Qt.FocusReason.TabFocusReason)

    def _labelled(self, setting: Setting) -> QVBoxLayout:
        field = self._make_choice(setting) if setting.choices else self._make_edit(setting)
        field.setFixedWidth(setting.width)
        field.setAccessibleName(setting.title)
        set_tooltip(field, setting.tip)
        self._fields[setting.name] = field
        self._show(setting)
        column = QVBoxLayout()
        column.setSpacing(2)
        column.addWidget(TextLabel(setting.title, "caption", "text2"))
        column.addWidget(field)
        return column

    def _make_choice(self, setting: Setting) -> ComboBox:
        box = SettingBox([(word, word) for word in setting.choices])
        box.activated.connect(lambda: self._read(setting, box.currentText()))
        return box

    def _make_edit(self, setting: Setting) -> QLineEdit:
        edit = SettingEdit()
        edit.setFont(theme.font(13))
        edit.setFixedHeight(theme.HEIGHT_FIELD)
        edit.setPlaceholderText(setting.hint)
        edit.textEdited.connect(partial(self._read, setting))
        edit.editingFinished.connect(partial(self._settle, setting))
        return edit

    def _read(self, setting: Setting, written: str) -> None:
        layer = setting.applied(self._layer, written)
        self._mark(setting, wrong=layer is None)
        if layer is not None and layer != self._layer:
            self._layer = layer
            self.edited.emit(layer, setting.name)

    def _settle(self, setting: Setting) -> None:
        self._show(setting)
        self._mark(setting, wrong=False)

    def _show(self, setting: Setting) -> None:
        field, words = self._fields[setting.name], setting.written(self._layer)
        if isinstance(field, ComboBox):
            field.setCurrentIndex(field.findData(words))
        elif field.text() != words:
            field.setText(words)

    def _mark(self, setting: Setting, *, wrong: bool) -> None:
        field = self._fields[setting.name]
        if bool(field.property("wrong")) != wrong:
            field.setProperty("wrong", wrong)
            field.style().unpolish(field)
            field.style().polish(field)
        self._note.setText(setting.rule if wrong else self._kind.meaning)
        self._note.set_tone("wrong" if wrong else "text2")
