"""The cards of the Model tab: what is recommended, the picture, and what will be learnt."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from tlstudio.modeling.spec import Preprocessing
from tlstudio.ui import theme
from tlstudio.ui.choices import Choices
from tlstudio.ui.tabs.model import model_facts
from tlstudio.ui.tabs.model.chosen_network import chosen_network
from tlstudio.ui.widgets.buttons import Button
from tlstudio.ui.widgets.card import Card, Hairline
from tlstudio.ui.widgets.chips import Badge
from tlstudio.ui.widgets.empty_state import IconLabel
from tlstudio.ui.widgets.fields import ComboBox, LabelledField
from tlstudio.ui.widgets.labels import ElidedLabel, TextLabel
from tlstudio.ui.widgets.marked_words import MarkedWord, MarkedWords
from tlstudio.ui.widgets.tooltip import set_tooltip
from tlstudio.ui.words.phases import refined_blocks

OWN_FILE: Final = "file"
_USUAL: Final = {"imagenet": "ImageNet", "bundled": "small photos"}
_PIXELS: Final[tuple[tuple[str, Preprocessing], ...]] = (
    ("usual", ""),
    ("0 to 255", "raw"),
    ("0 to 1", "unit"),
    ("-1 to 1", "symmetric"),
    ("less mean colour", "caffe"),
)


class RecommendedFacts(NamedTuple):
    """What stands under the reasons for a network; what is empty is left out.

    Attributes:
        place: Its size, and where it is.
        input_size: The size of its photos.
        speed: How quick it is here.
        length: How long it learns.
    """

    place: str
    input_size: str
    speed: str
    length: str


class RecommendationCard(Card):
    """Which network, why, and a few facts.

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

    def set_brief(self, brief: bool) -> None:
        """Leave reasons and facts out where what is beside it needs the room, and the network is known."""
        for part in (self._why, self._facts):
            part.setHidden(brief)

    def show_choices(self, choices: Choices, why: str, facts: RecommendedFacts) -> None:
        """Show what is chosen.

        Args:
            choices: All choices.
            why: Two sentences.
            facts: What to know of it at a glance.
        """
        recommended = choices.recommended
        self._badge.set_text("Recommended for your photos" if recommended else "Your choice", "accent")
        self._back.setVisible(not recommended)
        self._tick.setVisible(recommended)
        self.set_emphasised(recommended)
        self._title.setText(choices.title)
        self._why.setText(why)
        place = "download" if model_facts.needs_download(choices.spec) else "monitor"
        glyphs = (place, "image", "bolt", "clock")
        marked = zip(facts, glyphs, strict=True)
        self._facts.set_items([MarkedWord(words, glyph) for words, glyph in marked if words])


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
        pixels_chosen: Carries the preprocessing as for ``ModelSpec``.
        weights_chosen: Carries "bundled", "imagenet", "none" or ``OWN_FILE``.
    """

    size_chosen = Signal(int)
    pixels_chosen = Signal(str)
    weights_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("What will be learnt", padding=theme.SPACE_24, parent=parent)
        self._size = ComboBox()
        self._pixels = ComboBox()
        self._weights = ComboBox()
        set_tooltip(self._size, "Larger shows more detail and takes longer", term="Input size in pixels")
        set_tooltip(
            self._pixels,
            "What each pixel becomes before the first layer. Networks with knowledge have learnt with the usual ones; "
            "some recipes take others",
            term="Preprocessing",
        )
        set_tooltip(self._weights, "What the network knows before it sees your photos", term="Pre-trained weights")
        self._size.activated.connect(lambda: self.size_chosen.emit(self._size.currentData()))
        self._pixels.activated.connect(lambda: self.pixels_chosen.emit(self._pixels.currentData()))
        self._weights.activated.connect(lambda: self.weights_chosen.emit(self._weights.currentData()))
        self._last = _NumberRow("New last layer", "What turns the finds of the network into an answer (head)")
        self._refine = _NumberRow("Then refine", "Blocks that go on learning after the last layers (fine-tuning)")
        self._numbers = _NumberRow("Numbers to learn, first part", "Trainable parameters of the first part")
        self._refined = _NumberRow("Numbers to learn, refining", "Trainable parameters while the network is refined")
        self.body.addWidget(LabelledField("Size of the photos", self._size))
        self.body.addWidget(LabelledField("Values of the pixels", self._pixels))
        self.body.addWidget(LabelledField("Knowledge it starts with", self._weights))
        self.body.addWidget(self._last)
        self.body.addWidget(self._refine)
        self.body.addWidget(Hairline())
        self.body.addWidget(self._numbers)
        self.body.addWidget(self._refined)

    def show_choices(self, choices: Choices, n_classes: int) -> None:
        """Show what is chosen; ``n_classes`` is 0 without a data set."""
        spec, entry = choices.spec, model_facts.entry_of(choices.spec)
        sizes = sorted({*entry.input_sizes, spec.input_size})
        _fill(self._size, [(f"{size} × {size}", size) for size in sizes if size >= entry.min_size], spec.input_size)
        _fill(self._pixels, _PIXELS, spec.preprocessing)
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
        summary = chosen_network(choices, n_classes).summary
        self._refined.setVisible(bool(choices.refines and n_classes and summary))
        self._refined.set_number(f"{summary.trained:,}" if summary else "")


def _fill(box: ComboBox, items: Sequence[tuple[str, object]], value: object) -> None:
    box.clear()
    for words, data in items:
        box.addItem(words, data)
    box.setCurrentIndex(box.findData(value))


def _refining(choices: Choices) -> str:
    if not choices.refines:
        return "nothing"
    layers = [phase.unfreeze_from for phase in choices.config().phases if phase.name == "fine_tune"]
    if "" in layers:
        return "the whole network"
    count = refined_blocks(layers[-1], chosen_network(choices, 0).blocks)
    if not count:
        return f"from {layers[-1]} on"
    return "the last block" if count == 1 else f"the last {count} blocks"
