"""The cards of the Model tab: what is recommended, the picture, and what will be learnt."""

from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from tlstudio.modeling.architectures import Architecture
from tlstudio.ui import theme
from tlstudio.ui.choices import Choices
from tlstudio.ui.tabs.model import model_facts
from tlstudio.ui.tabs.model.network_picture import NetworkOutline, NetworkPicture, block_color
from tlstudio.ui.widgets.buttons import Button
from tlstudio.ui.widgets.card import Card, Hairline
from tlstudio.ui.widgets.chips import Badge
from tlstudio.ui.widgets.empty_state import IconLabel
from tlstudio.ui.widgets.fields import ComboBox, LabelledField
from tlstudio.ui.widgets.labels import ElidedLabel, TextLabel
from tlstudio.ui.widgets.marked_words import MarkedWord, MarkedWords
from tlstudio.ui.widgets.thumbnails import ThumbnailCache
from tlstudio.ui.widgets.tooltip import set_tooltip

OWN_FILE: Final = "file"
_USUAL: Final = {"imagenet": "ImageNet", "bundled": "comes with TL Studio"}


class RecommendationCard(Card):
    """Which network, why, and three facts.

    Attributes:
        reset: "Back to the recommended one" was pressed.
    """

    reset = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(padding=theme.SPACE_24, emphasised=True, parent=parent)
        self._badge = Badge("Recommended for your photos")
        self._back = Button("Back to the recommended one", "text", size="small")
        set_tooltip(self._back, "Take the network that suits most photos; rounds and refining stay as they are")
        self._back.clicked.connect(self.reset)
        self._title = TextLabel("", "headline")
        self._why = TextLabel("", "text", "text2", wrap=True)
        self._facts = MarkedWords("label", "text", theme.ICON_SIZE, 28)
        self._tick = IconLabel("check", "accent", 24)
        head = QHBoxLayout()
        head.addWidget(self._badge)
        head.addStretch(1)
        head.addWidget(self._back)
        head.addWidget(self._tick)
        self.body.addLayout(head)
        self.body.addWidget(self._title)
        self.body.addWidget(self._why)
        self.body.addWidget(self._facts)
        self.setAccessibleName("The network")

    def show_choices(self, choices: Choices, why: str, facts: tuple[str, str, str]) -> None:
        """Show what is chosen.

        Args:
            choices: All choices.
            why: Two sentences.
            facts: Size and place, input size, length of the training.
        """
        recommended = choices.recommended
        self._badge.set_text("Recommended for your photos" if recommended else "Your choice", "accent")
        self._back.setVisible(not recommended)
        self._tick.setVisible(recommended)
        self.set_emphasised(recommended)
        self._title.setText(model_facts.entry_of(choices.spec).title)
        self._why.setText(why)
        place = "download" if model_facts.needs_download(choices.spec) else "monitor"
        glyphs = (place, "image", "clock")
        self._facts.set_items([MarkedWord(words, glyph) for words, glyph in zip(facts, glyphs, strict=True)])


class PictureCard(Card):
    """From photo to answer, with its legend."""

    def __init__(self, thumbnails: ThumbnailCache, parent: QWidget | None = None) -> None:
        super().__init__("From photo to answer", padding=theme.SPACE_24, parent=parent)
        self._picture = NetworkPicture(thumbnails)
        self._legend = MarkedWords("caption", "text2", 12, 22)
        self.body.addWidget(self._picture)
        self.body.addWidget(self._legend)

    def show_network(self, choices: Choices, photo: Path | None, classes: tuple[str, ...]) -> None:
        """Show what is chosen, on a photo of the data set."""
        spec, entry = choices.spec, model_facts.entry_of(choices.spec)
        scratch = spec.weights == "none"
        refined = model_facts.refined_blocks(spec, choices.unfreeze_from)
        usual = 0 if isinstance(entry, Architecture) else entry.refined_blocks
        learning = entry.blocks if scratch else (usual if refined is None else refined)
        learning = learning if scratch or choices.fine_tune_epochs else 0
        self._picture.set_outline(NetworkOutline(photo, spec.input_size, entry.blocks, learning, classes))
        known = scratch or refined is not None or not learning
        staying = _staying(entry.blocks - learning) if known else "stays as it is"
        changing = _learning(learning, scratch=scratch) if known else "refined from your layer on"
        last = "the last layers are new" if spec.head.hidden else "the last layer is new"
        self._legend.set_items(
            [
                MarkedWord(staying, color=lambda: block_color(learning=False)),
                MarkedWord(changing if learning else "", color=lambda: block_color(learning=True)),
                MarkedWord(last, color=lambda: theme.color("accent")),
            ]
        )


def _staying(count: int) -> str:
    return "" if not count else "1 block stays as it is" if count == 1 else f"{count} blocks stay as they are"


def _learning(count: int, *, scratch: bool) -> str:
    if scratch:
        return f"all {count} blocks learn"
    return "1 block is refined" if count == 1 else f"{count} blocks are refined"


class _NumberRow(QWidget):
    """A plain fact: words at the left, number at the right."""

    def __init__(self, words: str, tip: str) -> None:
        super().__init__()
        self._number = ElidedLabel("", "label")
        self._number.setAlignment(Qt.AlignmentFlag.AlignRight)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 4, 0, 4)
        row.addWidget(TextLabel(words, "text", "text2"))
        row.addWidget(self._number, 1)
        set_tooltip(self, tip)

    def set_number(self, words: str) -> None:
        """Change the number."""
        self._number.setText(words)


class LearntCard(Card):
    """What will be learnt: size of the photos, knowledge, and what the first part has to find.

    Attributes:
        size_chosen: Carries the input size in pixels.
        weights_chosen: Carries "bundled", "imagenet", "none" or ``OWN_FILE``.
    """

    size_chosen = Signal(int)
    weights_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("What will be learnt", padding=theme.SPACE_24, parent=parent)
        self._size = ComboBox()
        self._weights = ComboBox()
        set_tooltip(self._size, "Larger shows more detail and takes longer", term="Input size in pixels")
        set_tooltip(self._weights, "What the network knows before it sees your photos", term="Pre-trained weights")
        self._size.activated.connect(lambda: self.size_chosen.emit(self._size.currentData()))
        self._weights.activated.connect(lambda: self.weights_chosen.emit(self._weights.currentData()))
        self._last = _NumberRow("New last layer", "What turns the finds of the network into an answer (head)")
        self._refine = _NumberRow("Then refine", "Blocks that go on learning after the last layers (fine-tuning)")
        self._numbers = _NumberRow("Numbers to learn, first part", "Trainable parameters of the first part")
        self.body.addWidget(LabelledField("Size of the photos", self._size))
        self.body.addWidget(LabelledField("Knowledge it starts with", self._weights))
        self.body.addWidget(self._last)
        self.body.addWidget(self._refine)
        self.body.addWidget(Hairline())
        self.body.addWidget(self._numbers)

    def show_choices(self, choices: Choices, n_classes: int) -> None:
        """Show what is chosen; ``n_classes`` is 0 without a data set."""
        spec, entry = choices.spec, model_facts.entry_of(choices.spec)
        sizes = sorted({*entry.input_sizes, spec.input_size})
        _fill(self._size, [(f"{size} × {size}", size) for size in sizes if size >= entry.min_size], spec.input_size)
        usual, source = model_facts.knowledge_source(entry), model_facts.knowledge_source(entry, spec.weights)
        items: list[tuple[str, object]] = [("none", "none")]
        if usual != "none":
            file = Path(spec.weights).name if source == "file" else "my file …"
            items = [(_USUAL[usual], usual), *items, (file, OWN_FILE)]
        _fill(self._weights, items, OWN_FILE if source == "file" else spec.weights)
        layers = "one" if not spec.head.hidden else f"{1 + len(spec.head.hidden)} layers"
        self._last.set_number(f"{layers}, for {n_classes} classes" if n_classes else layers)
        self._refine.set_number(_refining(choices))
        self._numbers.set_number(model_facts.learnt_numbers(spec, n_classes) if n_classes else "known with your photos")


def _fill(box: ComboBox, items: list[tuple[str, object]], value: object) -> None:
    box.clear()
    for words, data in items:
        box.addItem(words, data)
    box.setCurrentIndex(box.findData(value))


def _refining(choices: Choices) -> str:
    if not choices.fine_tune_epochs:
        return "nothing"
    if choices.unfreeze_from:
        return f"from {choices.unfreeze_from} on"
    blocks = model_facts.refined_blocks(choices.spec, "") or 0
    return "the last block" if blocks == 1 else f"the last {blocks} blocks"
