"""The card "Varied copies of photos": on or off, what is in force, and the way to its panel."""

from pathlib import Path
from typing import Final

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from tlstudio.datasets.augmentation.amounts import DEFAULT_AUGMENTATION, AugmentationConfig
from tlstudio.datasets.augmentation.presets import matching_preset
from tlstudio.datasets.dataset import Dataset, Sample
from tlstudio.ui.session import Session
from tlstudio.ui.tabs.dataset.varied.panel import VariedCopiesPanel
from tlstudio.ui.tabs.dataset.varied.preview import PreviewedPhoto
from tlstudio.ui.tabs.quiet_job import QuietJob
from tlstudio.ui.widgets.buttons import Button
from tlstudio.ui.widgets.card import Card
from tlstudio.ui.widgets.labels import TextLabel
from tlstudio.ui.widgets.toggles import Switch
from tlstudio.ui.widgets.tooltip import set_tooltip
from tlstudio.wording import counted

_OFF: Final = "Turn, shift and brighten while learning. Helps with few photos."
# Neighbours in the list are of one class; a stride that is no divisor visits all classes soon.
_STRIDE: Final = 7919


class VariedCopiesCard(Card):
    """A switch, a sentence on what it stands for, and a button that opens the amounts.

    Attributes:
        chosen: Carries the ``AugmentationConfig`` that was chosen.
    """

    chosen = Signal(object)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__("Varied copies of photos", parent=parent)
        self._dataset: Dataset | None = None
        self._selected = ""
        self._steps = 0
        self._shown = DEFAULT_AUGMENTATION
        self._seed = self._input_size = 0
        # Not the panel's own: it may answer after that has been closed.
        self._job = QuietJob(session, self)
        self._panel: VariedCopiesPanel | None = None
        self._switch = Switch("", "Varied copies of photos")
        self._words = TextLabel(_OFF, "secondary", "text2", wrap=True)
        self._change = Button("Change", "text", size="small")
        set_tooltip(self._switch, "Learn from varied copies of each photo, too", term="Augmentation")
        set_tooltip(self._change, "Choose how copies differ, and see it on a photo", term="Augmentation")
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self._change)
        self.add_action(self._switch)
        self.body.addWidget(self._words)
        self.body.addLayout(foot)
        self._switch.clicked.connect(self._choose)
        self._change.clicked.connect(self.open_panel)

    def set_dataset(self, dataset: Dataset) -> None:
        """Take the photos of the preview from here."""
        self._dataset = dataset

    def set_augmentation(self, augmentation: AugmentationConfig, seed: int, input_size: int) -> None:
        """Show what is in force.

        Args:
            augmentation: The amounts; those of before come back when it is switched off and on again.
            seed: Of the training, on which the copies depend.
            input_size: Width and height of the network's input in pixels.
        """
        on = augmentation.views > 0
        self._shown = augmentation if on else self._shown
        self._seed, self._input_size = seed, input_size
        self._switch.setChecked(on)
        self._change.setVisible(on)
        self._words.setText(in_words(augmentation) if on else _OFF)

    def show_photo(self, path: str) -> None:
        """Preview this photo of the data set, by its relative path, from the next opening on; "" for any."""
        self._selected = path
        self._steps = 0

    def open_panel(self) -> None:
        """Show the amounts over the page, their right edge at that of the card."""
        panel = VariedCopiesPanel(self._shown, self._job, self)
        panel.chosen.connect(self.chosen)
        panel.another_wanted.connect(self._show_another)
        panel.selected_wanted.connect(self._show_selected)
        panel.closed.connect(self._forget_panel)
        self._panel = panel
        self._preview(self._selected_sample() or self._any_sample())
        panel.show_at(self.mapToGlobal(QPoint(self.width() - panel.width(), 0)))

    def _choose(self, on: bool) -> None:
        self.chosen.emit(self._shown if on else AugmentationConfig())
        if on:
            self.open_panel()

    def _forget_panel(self) -> None:
        self._panel = None

    def _show_another(self) -> None:
        self._steps += 1
        self._preview(self._any_sample())

    def _show_selected(self) -> None:
        self._preview(self._selected_sample())

    def _preview(self, sample: Sample | None) -> None:
        if self._panel is None or self._dataset is None or sample is None:
            return
        path = Path(self._dataset.absolute(sample.path))
        photo = PreviewedPhoto(path, sample.digest, self._input_size, self._seed)
        self._panel.show_photo(photo, selectable=self._selected not in ("", sample.path))

    def _selected_sample(self) -> Sample | None:
        samples = self._dataset.samples if self._dataset is not None and self._selected else ()
        return next((sample for sample in samples if sample.path == self._selected), None)

    def _any_sample(self) -> Sample | None:
        samples = self._dataset.samples if self._dataset is not None else ()
        return samples[(self._steps * _STRIDE) % len(samples)] if samples else None


def in_words(augmentation: AugmentationConfig) -> str:
    """What the copies are, in a sentence or two."""
    effects = ", ".join(dict.fromkeys(entry.effect for entry in augmentation.varied))
    preset = matching_preset(augmentation)
    name = preset.title if preset else "Your own amounts"
    copies = counted(augmentation.views, "copy", "copies")
    checked = " The photos to check on vary, too." if augmentation.validation else ""
    return f"{name}: {copies} of each photo, {effects or 'but nothing varies'}.{checked}"
