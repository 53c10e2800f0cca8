"""The card with the picture of the network: what stays, what is refined, what is new, and the way to all layers."""

from pathlib import Path
from typing import Final

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QMenu, QWidget

from tlstudio.modeling.layer_table import in_words
from tlstudio.modeling.summary.block_names import STEM
from tlstudio.modeling.summary.summary import Block
from tlstudio.ui import theme
from tlstudio.ui.choices import Choices
from tlstudio.ui.tabs.model.chosen_network import ChosenNetwork, block_in_words
from tlstudio.ui.tabs.model.layers_dialog import LayersDialog
from tlstudio.ui.tabs.model.network_picture import NetworkOutline, NetworkPicture, block_color
from tlstudio.ui.widgets.buttons import Button
from tlstudio.ui.widgets.card import Card
from tlstudio.ui.widgets.labels import TextLabel
from tlstudio.ui.widgets.marked_words import MarkedWord, MarkedWords
from tlstudio.ui.widgets.thumbnails import ThumbnailCache
from tlstudio.ui.widgets.tooltip import set_tooltip

_NOTE_LINES: Final = 36
NO_REFINING: Final = "A network without any knowledge learns as a whole."


class PictureCard(Card):
    """From photo to answer, with its legend, and what the block says that somebody points at.

    Attributes:
        refine_chosen: Carries the name of the first layer that is to be refined.
        cut_chosen: Carries the name of the layer that the network is to be cut at.
    """

    refine_chosen = Signal(str)
    cut_chosen = Signal(str)

    def __init__(self, thumbnails: ThumbnailCache, parent: QWidget | None = None) -> None:
        super().__init__("From photo to answer", padding=theme.SPACE_24, parent=parent)
        self._network = ChosenNetwork(None, (), (), scratch=False)
        self._picture = NetworkPicture(thumbnails)
        self._legend = MarkedWords("caption", "text2", 12, 22)
        self._note = TextLabel("", "caption", "text2", wrap=True)
        self._note.setFixedHeight(_NOTE_LINES)
        self._note.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._dialog: LayersDialog | None = None
        self._all = Button("All layers", "text", size="small")
        set_tooltip(self._all, "Every layer with its shape and its numbers", term="Summary")
        set_tooltip(self._picture, _HOW, key="Left, Right, Enter")
        self.add_action(self._all)
        self.body.addWidget(self._picture)
        self.body.addWidget(self._legend)
        self.body.addWidget(self._note)
        self._all.clicked.connect(lambda _: self.show_layers())
        self._picture.pointed.connect(self._say)
        self._picture.opened.connect(self._open_menu)

    def show_network(
        self, choices: Choices, network: ChosenNetwork, photo: Path | None, classes: tuple[str, ...]
    ) -> None:
        """Show what is chosen, on a photo of the data set."""
        self._network = network
        self._all.setEnabled(network.summary is not None)
        self._picture.set_outline(NetworkOutline(photo, choices.spec.input_size, network.blocks, classes))
        states = [block.state for block in network.blocks if block.name != STEM]
        staying, learning = states.count("frozen"), len(states) - states.count("frozen")
        last = "the last layers are new" if choices.spec.head.hidden else "the last layer is new"
        self._legend.set_items(
            [
                MarkedWord(_staying(staying), color=lambda: block_color(learning=False)),
                MarkedWord(_learning(learning, scratch=network.scratch), color=lambda: block_color(learning=True)),
                MarkedWord(last, color=lambda: theme.color("accent")),
            ]
        )
        self._say(None)
        if self._dialog is not None and network.summary is not None:
            self._dialog.show_network(network.summary, scratch=network.scratch)

    def show_layers(self, block: str = "") -> None:
        """Open the list of all layers, at the first one of a block."""
        summary = self._network.summary
        if summary is None:
            return
        if self._dialog is None:
            self._dialog = LayersDialog(self.window())
            self._dialog.refine_chosen.connect(self.refine_chosen)
        self._dialog.show_network(summary, scratch=self._network.scratch)
        self._dialog.go_to_block(block)
        self._dialog.show()
        self._dialog.raise_()
        self._dialog.activateWindow()

    def _say(self, block: Block | None) -> None:
        network = self._network
        words = network.problem
        if block is not None:
            words = f"{block_in_words(block)}."
        elif not words and network.summary is not None and network.end is not None:
            summary, end = network.summary, network.end
            words = (
                f"Cut at {end.name}: {in_words(end.shape)}. "
                f"{summary.trained:,} of {summary.parameters:,} numbers learn."
            )
        self._note.set_tone("wrong" if words and words == network.problem else "text2")
        self._note.setText(words)

    def _open_menu(self, block: Block, place: QPoint) -> None:
        menu = QMenu(self)
        menu.setAccessibleName(block_in_words(block))
        menu.setToolTipsVisible(True)
        title = menu.addAction(f"{block.name}: {in_words(block.shape)}")
        title.setEnabled(False)
        menu.addSeparator()
        refine = menu.addAction("Refine from here", lambda: self.refine_chosen.emit(block.first_layer))
        refine.setEnabled(not self._network.scratch)
        refine.setToolTip(NO_REFINING if self._network.scratch else "This block and all behind it go on learning")
        cuts = {place.name for place in self._network.cuts}
        end = next((layer.name for layer in reversed(block.layers) if layer.name in cuts), "")
        cut = menu.addAction("Cut the network here", lambda: self.cut_chosen.emit(end))
        cut.setEnabled(bool(end) and end != self._network.cut)
        cut.setToolTip("What lies behind this block is left out" if end else "Its output alone does not feed the rest")
        menu.addAction("Show its layers", lambda: self.show_layers(block.name))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(place)


_HOW: Final = "Its blocks: point at one to read about it, press it to refine from there or to cut the network there"


def _staying(count: int) -> str:
    return "" if not count else "1 block stays as it is" if count == 1 else f"{count} blocks stay as they are"


def _learning(count: int, *, scratch: bool) -> str:
    if not count:
        return ""
    if scratch:
        return f"all {count} blocks learn" if count > 1 else "the only block learns"
    return "1 block is refined" if count == 1 else f"{count} blocks are refined"
