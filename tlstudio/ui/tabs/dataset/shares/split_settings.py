"""The settings of how the photos are shared out: shares first, everything else behind "More ways"."""

from dataclasses import replace
from typing import Any, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from tlstudio.datasets.splits.report import SplitReport
from tlstudio.datasets.splits.split import SplitConfig
from tlstudio.ui import theme
from tlstudio.ui.tabs.dataset.shares.share_fields import FIELD_WIDTH, ShareFields, explain
from tlstudio.ui.widgets.buttons import Button
from tlstudio.ui.widgets.card import Hairline
from tlstudio.ui.widgets.disclosure import Disclosure
from tlstudio.ui.widgets.fields import ComboBox, LabelledField, NumberField
from tlstudio.ui.widgets.labels import TextLabel
from tlstudio.ui.widgets.toggles import CheckBox
from tlstudio.ui.widgets.tooltip import set_tooltip
from tlstudio.ui.words.shares import METHODS, alike, grouped

_METHODS: Final = (
    ("Each class alike", "stratified"),
    ("All photos at once", "plain"),
    ("First the check, then the exam", "nested"),
)
_GROUPS: Final = (
    ("Nothing else", "none"),
    ("Photos of one subfolder", "folder"),
    ("Photos of one day", "day"),
)
_COLUMN: Final = "column:"
_LARGEST_SEED: Final = 2**31 - 1


class SplitSettings(QWidget):
    """All there is to choose about sharing out.

    Attributes:
        config_chosen: Carries the ``SplitConfig`` that was chosen.
    """

    config_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._config = SplitConfig()
        self._columns: tuple[str, ...] = ()
        self._shares = ShareFields()
        self._more = Disclosure("More ways", "split/more", small=True)
        self._method, self._method_note = ComboBox(_METHODS), _note()
        self._copies, self._copies_note = CheckBox("Copies and near-copies"), _note()
        self._groups, self._groups_note = ComboBox(_GROUPS), _note()
        self._given = CheckBox("Keep to train, val and test")
        self._given_note = _note("Photos stay in the part that their folder is called after.")
        self._seed = NumberField(0, 0, _LARGEST_SEED, name="Seed")
        self._anew = Button("Deal anew", "text", size="small")
        self._explain()
        self._lay_out()
        self._connect()
        self.set_config(self._config)

    def set_config(self, config: SplitConfig) -> None:
        """Show what is in force."""
        self._config = config
        self._shares.set_config(config)
        self._method.setCurrentIndex(self._method.findData(config.method))
        self._copies.setChecked(config.keep_together)
        self._given.setChecked(config.use_given)
        self._show_group()
        if self._seed.value != config.seed:
            self._seed.set_value(config.seed)
        self._method_note.setText(METHODS[config.method])

    def set_report(self, report: SplitReport) -> None:
        """Say what the settings concern, and offer the columns that there are."""
        if report.columns != self._columns:
            self._offer(report.columns)
        for widget in (self._given, self._given_note):
            widget.setVisible(report.given > 0)
        _say(self._copies_note, alike(report))
        _say(self._groups_note, grouped(report, self._config))

    def set_locked(self, locked: bool) -> None:
        """Only show the settings, or let them be changed."""
        for widget in (self._shares, self._method, self._copies, self._groups, self._given, self._seed, self._anew):
            widget.setEnabled(not locked)

    def _offer(self, columns: tuple[str, ...]) -> None:
        self._columns = columns
        while self._groups.count() > len(_GROUPS):
            self._groups.removeItem(len(_GROUPS))
        for column in columns:
            self._add_column(column)
        self._show_group()

    def _add_column(self, column: str) -> None:
        self._groups.addItem(f"Photos with the same “{column}”", _COLUMN + column)

    def _show_group(self) -> None:
        column = self._config.group_column
        wanted = _COLUMN + column if self._config.group_by == "column" else self._config.group_by
        if self._groups.findData(wanted) < 0:  # chosen before the labels were read otherwise
            self._add_column(column)
        self._groups.setCurrentIndex(self._groups.findData(wanted))

    def _explain(self) -> None:
        set_tooltip(
            self._method, "Whether each class gets the same shares", term="Stratified, plain or nested (collection 001)"
        )
        set_tooltip(
            self._copies, "Keep photos that show the same on one side, so that the exam is fair", term="Duplicates"
        )
        set_tooltip(self._groups, "Keep photos that belong together on one side, too", term="Group split")
        set_tooltip(self._given, "Leave photos in the part that their folder is called after", term="Given split")
        explain(self._seed, "Another number deals the photos out anew", "Random seed")
        set_tooltip(self._anew, "Share out with the next seed: other photos in each part", term="Random seed")

    def _lay_out(self) -> None:
        more = self._more.body
        more.setSpacing(theme.SPACE_8)
        more.addWidget(LabelledField("Way", self._method, placement="above"))
        more.addWidget(self._method_note)
        more.addSpacing(theme.SPACE_4)
        more.addWidget(TextLabel("Keep together", "label", "text2"))
        for widget in (self._copies, self._copies_note, self._groups, self._groups_note):
            more.addWidget(widget)
        self._groups.setAccessibleName("What else stays together")
        more.addSpacing(theme.SPACE_4)
        more.addWidget(self._given)
        more.addWidget(self._given_note)
        more.addLayout(self._seed_row())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.SPACE_8, 0, 0)
        column.setSpacing(theme.SPACE_8)
        column.addWidget(Hairline())
        column.addWidget(self._shares)
        column.addWidget(self._more)

    def _seed_row(self) -> QHBoxLayout:
        words = TextLabel("Seed", "text", "text2")
        words.setBuddy(self._seed)
        self._seed.setFixedWidth(FIELD_WIDTH)
        row = QHBoxLayout()
        row.setSpacing(theme.SPACE_12)
        row.addWidget(words, 1)
        row.addWidget(self._anew)
        row.addWidget(self._seed)
        return row

    def _connect(self) -> None:
        self._shares.typed.connect(lambda: self._choose(self._shares.config() or self._config))
        self._method.activated.connect(lambda _row: self._change(method=self._method.currentData()))
        self._copies.clicked.connect(lambda checked: self._change(keep_together=checked))
        self._given.clicked.connect(lambda checked: self._change(use_given=checked))
        self._groups.activated.connect(self._choose_group)
        self._seed.value_changed.connect(lambda seed: self._change(seed=int(seed)))
        self._anew.clicked.connect(lambda: self._change(seed=(self._config.seed + 1) % _LARGEST_SEED))

    def _choose_group(self) -> None:
        chosen = str(self._groups.currentData())
        if chosen.startswith(_COLUMN):
            self._change(group_by="column", group_column=chosen.removeprefix(_COLUMN))
        else:
            self._change(group_by=chosen, group_column="")

    def _change(self, **values: Any) -> None:  # noqa: ANN401 - any fields of SplitConfig
        self._choose(replace(self._config, **values))

    def _choose(self, config: SplitConfig) -> None:
        if config != self._config:
            self.set_config(config)
            self.config_chosen.emit(config)


def _note(words: str = "") -> TextLabel:
    return TextLabel(words, "secondary", "text2", wrap=True)


def _say(label: TextLabel, words: str) -> None:
    label.setText(words)
    label.setVisible(bool(words))
