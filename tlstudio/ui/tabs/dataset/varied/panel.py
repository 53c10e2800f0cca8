"""The panel behind the card "Varied copies of photos": every amount, and what it does to a photo."""

from dataclasses import replace
from typing import Final

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from tlstudio.datasets.augmentation.amounts import AUGMENTATIONS, FILL_MODES, AugmentationConfig, FillMode
from tlstudio.datasets.augmentation.presets import AUGMENTATION_PRESETS, matching_preset
from tlstudio.ui import theme
from tlstudio.ui.tabs.dataset.varied.amount_rows import AmountRow, FlipRow
from tlstudio.ui.tabs.dataset.varied.preview import COPIES, PreviewedPhoto, VariedPreview
from tlstudio.ui.tabs.quiet_job import QuietJob
from tlstudio.ui.widgets.buttons import Button
from tlstudio.ui.widgets.card import Hairline
from tlstudio.ui.widgets.fields import ComboBox, LabelledField, NumberField
from tlstudio.ui.widgets.labels import ElidedLabel, TextLabel
from tlstudio.ui.widgets.popover import Popover
from tlstudio.ui.widgets.scroll_column import GUTTER, ScrollColumn
from tlstudio.ui.widgets.toggles import Switch
from tlstudio.ui.widgets.tooltip import set_tooltip

MOST_VIEWS: Final = 20

_LEFT: Final = 456
_RIGHT: Final = 300
_HEIGHT: Final = 584
_LEAST_AROUND: Final = 48
_SETTLED_MS: Final = 150
_OWN: Final = "own"
_FILLS: Final[dict[FillMode, str]] = {
    "reflect": "Mirror image (reflect)",
    "nearest": "Colour of the rim (nearest)",
    "constant": "Black (constant)",
    "wrap": "Opposite side (wrap)",
}
_GROUPS: Final = {"geometry": "Place and size", "light": "Light and colour"}
_CHECKING: Final = {
    False: "Off, so that you see how it does on photos as they are. The final exam never varies either.",
    True: "On, as recipe 001 had it: one copy of each stands in for it while it learns. The final exam never varies.",
}


class VariedCopiesPanel(Popover):
    """Presets, amounts and number of copies at the left, a live preview at the right.

    Attributes:
        chosen: Carries the ``AugmentationConfig`` once a change has come to rest.
        another_wanted: Another photo shall be shown.
        selected_wanted: The photo that is selected in the grid shall be shown.
        closed: It is gone.
    """

    chosen = Signal(object)
    another_wanted = Signal()
    selected_wanted = Signal()
    closed = Signal()

    def __init__(self, config: AugmentationConfig, job: QuietJob, parent: QWidget) -> None:
        """Show amounts; ``show_photo`` brings the preview.

        Args:
            config: The amounts in force.
            job: Makes the copies of the preview.
            parent: Owner.
        """
        width = _LEFT + theme.SPACE_32 + _RIGHT + 2 * theme.SPACE_16
        super().__init__("Varied copies of photos", width, parent)
        self._config = config
        self._photo: PreviewedPhoto | None = None
        self._rows: dict[str, AmountRow | FlipRow] = {}
        self._presets, self._fill = ComboBox(), ComboBox([(_FILLS[mode], mode) for mode in FILL_MODES])
        self._sentence = TextLabel("", "secondary", "text2", wrap=True)
        self._views = NumberField(1, 1, MOST_VIEWS, unit="copies", name="Copies of each photo")
        self._validation = Switch("Also vary the photos to check on")
        self._checking = TextLabel("", "secondary", "text2", wrap=True)
        self._preview = VariedPreview(job)
        self._name, self._note = ElidedLabel("", "secondary", "text2"), TextLabel("", "secondary", "text2", wrap=True)
        self._selected = Button("Use the selected photo", "text", size="small")
        self._settling = QTimer(self, singleShot=True, interval=_SETTLED_MS)
        self._settling.timeout.connect(self._tell)
        self._lay_out()
        # The amounts scroll: they take what the longest sentence or the lowest screen leaves.
        self.setFixedHeight(min(_HEIGHT, self.screen().availableGeometry().height() - _LEAST_AROUND))
        self._explain()
        self._connect()
        self._show_config()
        self._presets.setFocus()

    def show_photo(self, photo: PreviewedPhoto, *, selectable: bool) -> None:
        """Preview a photo.

        Args:
            photo: The photo.
            selectable: Whether another photo is selected in the grid.
        """
        self._photo = photo
        self._name.setText(photo.path.name)
        self._selected.setVisible(selectable)
        self._refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nothing that was chosen is lost, and nothing is made any more."""
        super().hideEvent(event)
        if self._settling.isActive():
            self._tell()
        self._preview.stop()
        self.closed.emit()

    # Layout

    def _lay_out(self) -> None:
        amounts = ScrollColumn("Amounts")
        amounts.set_card_width(_LEFT)
        amounts.body.setSpacing(theme.SPACE_4)
        for group, title in _GROUPS.items():
            self._add_group(amounts.body, group, title)
        self._add_copies(amounts.body)
        amounts.body.addStretch(1)
        left = QVBoxLayout()
        left.setSpacing(theme.SPACE_8)
        for widget in (
            LabelledField("Begin with", self._presets, term="preset", width=224),
            self._sentence,
            Hairline(),
        ):
            widget.setFixedWidth(_LEFT)
            left.addWidget(widget)
        left.addWidget(amounts, 1)
        columns = QHBoxLayout()
        columns.setSpacing(theme.SPACE_32 - GUTTER)
        columns.addLayout(left)
        columns.addLayout(self._right_column())
        self.body.addLayout(columns)

    def _add_group(self, column: QVBoxLayout, group: str, title: str) -> None:
        column.addWidget(_heading(title))
        for entry in AUGMENTATIONS:
            if entry.group == group:
                row = FlipRow(entry) if entry.unit == "switch" else AmountRow(entry)
                self._rows[entry.name] = row
                column.addWidget(row)
        if group == "geometry":
            column.addWidget(LabelledField("Fill gaps with", self._fill, term="fill mode", width=224))
        column.addSpacing(theme.SPACE_12)

    def _add_copies(self, column: QVBoxLayout) -> None:
        column.addWidget(_heading("For whom"))
        column.addWidget(LabelledField("Copies of each photo to learn from", self._views, width=108))
        column.addWidget(self._validation)
        column.addWidget(self._checking)

    def _right_column(self) -> QVBoxLayout:
        another, done = Button("Another photo", "text", size="small"), Button("Done", "soft", size="small")
        set_tooltip(another, "Show the copies of another photo")
        set_tooltip(done, "Close this panel; what you chose is in force", key="Esc")
        another.clicked.connect(self.another_wanted)
        done.clicked.connect(self.close)
        choices, foot = QHBoxLayout(), QHBoxLayout()
        choices.setSpacing(theme.SPACE_16)
        choices.addWidget(another)
        choices.addWidget(self._selected)
        choices.addStretch(1)
        foot.addStretch(1)
        foot.addWidget(done)
        right = QVBoxLayout()
        right.setSpacing(theme.SPACE_8)
        right.addWidget(self._preview)
        right.addWidget(self._name)
        right.addWidget(self._note)
        right.addLayout(choices)
        right.addStretch(1)
        right.addLayout(foot)
        return right

    def _explain(self) -> None:
        for preset in AUGMENTATION_PRESETS:
            self._presets.addItem(preset.title, preset.key)
        self._presets.addItem("Your own", _OWN)
        set_tooltip(self._presets, "Set all amounts at once", term="Preset")
        set_tooltip(self._fill, "What stands where a photo that was moved leaves a gap", term="Fill mode")
        set_tooltip(self._selected, "Show the copies of the photo that is selected in the grid")
        set_tooltip(self._validation, "Check on a varied copy of each photo instead of the photo", term="Validation")
        copies = self._views.focusProxy()
        assert copies is not None  # noqa: S101 - a NumberField has one
        set_tooltip(copies, "More copies teach more and take longer: each is read once", key="Up, Down")

    # Changes

    def _connect(self) -> None:
        for name, row in self._rows.items():
            row.changed.connect(lambda value, name=name: self._set_amount(name, value))
        self._presets.activated.connect(lambda _index: self._take_preset(self._presets.currentData()))
        self._fill.activated.connect(lambda _index: self._take(replace(self._config, fill=self._fill.currentData())))
        self._views.value_changed.connect(lambda views: self._take(replace(self._config, views=round(views))))
        self._validation.clicked.connect(lambda on: self._take(replace(self._config, validation=on)))
        self._selected.clicked.connect(self.selected_wanted)
        self._preview.shown.connect(self._show_note)

    def _set_amount(self, name: str, value: float) -> None:
        changes = {name: value}
        # The ends of the zoom push each other: they can't cross.
        if name == "zoom_low":
            changes["zoom_high"] = max(value, self._config.zoom_high)
        elif name == "zoom_high":
            changes["zoom_low"] = min(value, self._config.zoom_low)
        self._take(replace(self._config, **changes))  # type: ignore[arg-type] # names of the table

    def _take_preset(self, key: str) -> None:
        chosen = next((preset.config for preset in AUGMENTATION_PRESETS if preset.key == key), self._config)
        self._take(replace(chosen, views=self._config.views))

    def _take(self, config: AugmentationConfig) -> None:
        """Show a choice at once; it is told when it has come to rest, since the whole window follows it."""
        changed = config != self._config
        self._config = config
        self._show_config()
        self._refresh()
        if changed:
            self._settling.start()

    def _tell(self) -> None:
        self._settling.stop()
        self.chosen.emit(self._config)

    def _show_config(self) -> None:
        config = self._config
        for name, row in self._rows.items():
            row.set_value(getattr(config, name))
        self._fill.setCurrentIndex(FILL_MODES.index(config.fill))
        if self._views.value != config.views:
            self._views.set_value(config.views)
        self._validation.setChecked(config.validation)
        self._checking.setText(_CHECKING[config.validation])
        preset = matching_preset(config)
        self._presets.setCurrentIndex(self._presets.findData(preset.key if preset else _OWN))
        self._sentence.setText(preset.sentence if preset else "Amounts that you have set yourself.")

    def _refresh(self) -> None:
        if self._photo is not None:
            self._preview.preview(self._photo, self._config)

    def _show_note(self, readable: bool) -> None:
        size = self._photo.input_size if self._photo is not None else 0
        if not readable:
            self._note.setText("This photo can't be read any more. Look at another one.")
        elif self._config.views < COPIES:
            self._note.setText(
                f"As the network sees them, {size} px wide. Top left is the photo itself; the faded ones are not "
                "learnt from with so few copies."
            )
        else:
            self._note.setText(f"As the network sees them, {size} px wide. Top left is the photo itself.")


def _heading(title: str) -> TextLabel:
    return TextLabel(title, "secondary_strong", "text2")
