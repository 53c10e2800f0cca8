"""The reasons to end a phase, under each other."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from tlstudio.training.config import Stop
from tlstudio.ui import theme
from tlstudio.ui.tabs.model.layers.setting_fields import SettingBox, SettingEdit
from tlstudio.ui.tabs.model.learning.cells import mark
from tlstudio.ui.tabs.model.learning.stop_rules import RULES, StopRule, rules_of
from tlstudio.ui.widgets.buttons import Button, IconButton
from tlstudio.ui.widgets.labels import TextLabel
from tlstudio.ui.widgets.tooltip import set_tooltip
from tlstudio.ui.words.phases import METRICS

_VALUE_WIDTH: Final = 72


class _RuleRow(QWidget):
    """One reason.

    Attributes:
        edited: Carries the StopRule as it is now.
        removed: It is to go.
    """

    edited = Signal(object)
    removed = Signal()

    def __init__(self, rule: StopRule, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rule = rule
        self._metric = SettingBox([(words, key) for key, words in METRICS.items()])
        self._kind = SettingBox()
        self._value = SettingEdit()
        self._value.setFont(theme.font(13))
        self._value.setFixedHeight(theme.HEIGHT_FIELD)
        self._value.setFixedWidth(_VALUE_WIDTH)
        self._remove = IconButton("close", "Take this reason away")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.SPACE_8)
        row.addWidget(self._metric, 1)
        row.addWidget(self._kind, 1)
        row.addWidget(self._value)
        row.addWidget(self._remove)
        self._explain()
        self._metric.activated.connect(lambda: self._choose(self._rule.of(self._metric.currentData())))
        self._kind.activated.connect(lambda: self._choose(self._rule.asking(self._kind.currentData())))
        self._value.textEdited.connect(self._read)
        self._value.editingFinished.connect(lambda: self.show_rule(self._rule))
        self._remove.clicked.connect(self.removed)
        self.show_rule(rule)

    def show_rule(self, rule: StopRule) -> None:
        """Show a reason; what is being typed for that very one stays."""
        typing = rule == self._rule and self._value.hasFocus() and self._value.isModified()
        self._rule = rule
        self._metric.setCurrentIndex(self._metric.findData(rule.metric))
        self._kind.clear()
        for kind in rule.kinds:
            self._kind.addItem(RULES[kind], kind)
        self._kind.setCurrentIndex(rule.kinds.index(rule.kind))
        if not typing:
            self._value.setText(rule.written())
            mark(self._value, wrong=False)

    def _explain(self) -> None:
        for control, name, meaning in (
            (self._metric, "Figure that is watched", "Looked at after each round"),
            (self._kind, "What is asked of it", "When the phase ends"),
            (self._value, "Rounds or threshold", "Rounds from 1 on, or a figure such as 0.98"),
        ):
            control.setAccessibleName(name)
            set_tooltip(control, meaning)

    def _read(self, text: str) -> None:
        try:
            rule = replace(self._rule, value=float(text.strip().replace(",", ".")))
            _ = rule.stop
        except ValueError:
            mark(self._value, wrong=True)
            return
        mark(self._value, wrong=False)
        self._tell(rule)

    def _choose(self, rule: StopRule) -> None:
        self._tell(rule)
        self.show_rule(rule)

    def _tell(self, rule: StopRule) -> None:
        if rule != self._rule:
            self._rule = rule
            self.edited.emit(rule)


class StopList(QWidget):
    """All reasons, any of which suffices, and a button for one more.

    Attributes:
        edited: Carries the reasons as a phase takes them.
    """

    edited = Signal(object)

    def __init__(self, usual: StopRule, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._usual = usual
        self._rules: tuple[StopRule, ...] = ()
        self._rows: list[_RuleRow] = []
        self._add = Button("Another reason to end", "text", size="small", icon="plus")
        set_tooltip(self._add, "End this phase by one more figure", term="early stopping")
        self._add.clicked.connect(lambda: self._change((*self._rules, self._usual)))
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(theme.SPACE_4)
        self._column.addWidget(TextLabel("Ends early when any of these is so", "caption", "text2"))
        self._column.addWidget(self._add, 0, Qt.AlignmentFlag.AlignLeft)

    def show_stops(self, stops: Sequence[Stop]) -> None:
        """Show the reasons of a phase."""
        self._rules = rules_of(stops)
        while len(self._rows) > len(self._rules):
            row = self._rows.pop()
            row.hide()
            row.deleteLater()
        for row, rule in zip(self._rows, self._rules, strict=False):
            row.show_rule(rule)
        for index in range(len(self._rows), len(self._rules)):
            self._append(index)

    def _append(self, index: int) -> None:
        row = _RuleRow(self._rules[index], self)
        row.edited.connect(partial(self._replace, index))
        row.removed.connect(lambda: self._change((*self._rules[:index], *self._rules[index + 1 :])))
        self._rows.append(row)
        self._column.insertWidget(index + 1, row)

    def _replace(self, index: int, rule: StopRule) -> None:
        self._change((*self._rules[:index], rule, *self._rules[index + 1 :]))

    def _change(self, rules: tuple[StopRule, ...]) -> None:
        stops = tuple(rule.stop for rule in rules)
        self.show_stops(stops)
        self.edited.emit(stops)
