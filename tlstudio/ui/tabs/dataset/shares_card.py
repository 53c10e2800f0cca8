"""The card "How the photos are shared out", with its settings."""

from dataclasses import replace
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from tlstudio.datasets.split import Split, SplitConfig
from tlstudio.ui import theme
from tlstudio.ui.widgets.buttons import Button
from tlstudio.ui.widgets.card import Card, Hairline
from tlstudio.ui.widgets.fields import LabelledField, NumberField
from tlstudio.ui.widgets.labels import TextLabel
from tlstudio.ui.widgets.share_bar import Share, ShareBar
from tlstudio.ui.widgets.tooltip import set_tooltip

_PARTS: Final = (
    ("To learn from", "training", "accent"),
    ("To check while learning", "validation", "learn"),
    ("For the final exam", "test", "unsure"),
)
_WHOLE: Final = 100.0
_TOLERANCE: Final = 0.15  # three shares of 33.3 are a whole
_LARGEST_SEED: Final = 2**31 - 1
_FIELD_WIDTH: Final = 96


class SharesCard(Card):
    """How many photos are for what; "Change" opens the settings.

    Attributes:
        config_chosen: Carries the ``SplitConfig`` that was typed in.
    """

    config_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("How the photos are shared out", parent=parent)
        self._bar = ShareBar()
        self._change = Button("Change", "text", size="small")
        set_tooltip(self._change, "Share the photos out differently", term="Training, validation and test split")
        self._settings = _Settings()
        self._settings.hide()
        self.body.addWidget(self._bar)
        self.body.addWidget(self._settings)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self._change)
        # Not beside the title: both together are wider than the card in a narrow window.
        self.body.addLayout(foot)
        self._change.clicked.connect(self._toggle)
        self._settings.config_chosen.connect(self.config_chosen)

    def set_split(self, split: Split | None, config: SplitConfig) -> None:
        """Show how the photos are shared out, and with which settings."""
        counts = (len(split.train), len(split.validation), len(split.test)) if split is not None else (0, 0, 0)
        self._bar.set_shares(
            [Share(words, count, token) for (words, _, token), count in zip(_PARTS, counts, strict=True)]
        )
        self._settings.set_config(config)

    def _toggle(self) -> None:
        opening = self._settings.isHidden()
        self._settings.setVisible(opening)
        self._change.setText("Close" if opening else "Change")
        self._change.updateGeometry()


class _Settings(QWidget):
    """Three shares in percent and a seed; told on as soon as the shares make a whole."""

    config_chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._config = SplitConfig()
        self._shares = [
            NumberField(0, minimum, _WHOLE, decimals=1, unit="%", name=f"{words}, in percent")
            for (words, _, _), minimum in zip(_PARTS, (1.0, 0.0, 0.0), strict=True)
        ]
        self._seed = NumberField(0, 0, _LARGEST_SEED, name="Seed")
        self._note = TextLabel("", "secondary", "text2", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.SPACE_8, 0, 0)
        column.setSpacing(theme.SPACE_8)
        column.addWidget(Hairline())
        column.addWidget(TextLabel("Percent of the photos", "secondary_strong", "text2"))
        for (words, term, _), field in zip(_PARTS, self._shares, strict=True):
            column.addWidget(_labelled(words, field, f"How many percent of the photos are {words.lower()}", term))
        column.addWidget(self._note)
        column.addWidget(_labelled("Seed", self._seed, "Another number deals the photos out anew", "Random seed"))
        for field in (*self._shares, self._seed):
            field.value_changed.connect(self._read)
        self.set_config(self._config)

    def set_config(self, config: SplitConfig) -> None:
        """Show ``config``, unless what stands there says the same or is being changed."""
        self._config = config
        if not self._typing():
            for field, share in zip(self._shares, config.shares, strict=True):
                field.set_value(round(share * _WHOLE, 1))
            self._seed.set_value(config.seed)
        self._say()

    def _typing(self) -> bool:
        focused = self.focusWidget()
        return focused is not None and focused.hasFocus()

    def _total(self) -> float:
        return round(sum(field.value for field in self._shares), 1)

    def _whole(self) -> bool:
        return abs(self._total() - _WHOLE) <= _TOLERANCE

    def _say(self) -> None:
        written = f"{self._total():.1f}".removesuffix(".0")
        if self._whole():
            self._note.setText("The photos of each class are shared out alike; copies of a photo stay together.")
        else:
            self._note.setText(f"Together these are {written} %. They need to add up to 100 %.")
        self._note.set_tone("text2" if self._whole() else "wrong")

    def _read(self) -> None:
        self._say()
        if not self._whole():
            return
        train, validation, test = (field.value / _WHOLE for field in self._shares)
        seed = int(self._seed.value)
        config = replace(self._config, train=train, validation=validation, test=test, seed=seed)
        if config != self._config:
            self._config = config
            self.config_chosen.emit(config)


def _labelled(words: str, field: NumberField, tip: str, term: str) -> QWidget:
    target = field.focusProxy()
    if target is not None:
        set_tooltip(target, tip, term=term)
    return LabelledField(words, field, width=_FIELD_WIDTH)
