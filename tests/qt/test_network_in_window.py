"""The picture of the network, the list of its layers and the place where it is cut, by mouse and by keys."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QLineEdit, QMenu, QWidget
from pytestqt.qtbot import QtBot

from tlstudio.modeling.summary.summary import blocks, summarize
from tlstudio.training.recipes import spec_for
from tlstudio.ui.choices import Choices
from tlstudio.ui.session import Session
from tlstudio.ui.tabs.model.chosen_network import REFINING_ROUNDS, chosen_network, cut_at, refined_from
from tlstudio.ui.tabs.model.cut_card import CutCard
from tlstudio.ui.tabs.model.cut_table import CutTable
from tlstudio.ui.tabs.model.layer_list import LayerList
from tlstudio.ui.tabs.model.layers_dialog import LayersDialog
from tlstudio.ui.tabs.model.model_cards import LearntCard
from tlstudio.ui.tabs.model.model_tab import ModelTab
from tlstudio.ui.tabs.model.network_picture import NetworkPicture
from tlstudio.ui.tabs.model.picture_card import PictureCard
from tlstudio.ui.widgets.buttons import Button
from tlstudio.ui.widgets.disclosure import Disclosure
from tlstudio.ui.widgets.labels import ElidedLabel, TextLabel
from tlstudio.ui.widgets.thumbnails import ThumbnailCache

# The offscreen platform says so of every window.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

INCEPTION = spec_for("inception_v3", "imagenet", 224)


@pytest.fixture
def tab(session: Session, qtbot: QtBot) -> Iterator[ModelTab]:
    session.set_choices(session.choices.with_spec(INCEPTION))
    cache = ThumbnailCache()
    made = ModelTab(session, cache)
    qtbot.addWidget(made)
    made.resize(1440, 764)
    made.show()
    for disclosure in made.findChildren(Disclosure):
        disclosure.set_open(True)
    yield made
    for dialog in made.findChildren(LayersDialog):
        dialog.close()
    cache.shutdown()


@pytest.fixture
def picture(tab: ModelTab) -> NetworkPicture:
    found = tab.findChild(NetworkPicture)
    found.setFocus()
    return found


def said(tab: ModelTab) -> str:
    return "\n".join(label.text() for label in tab.findChild(PictureCard).findChildren(TextLabel))


def menu_of(tab: ModelTab) -> dict[str, QAction]:
    """The entries of the menu that is open; the menu is closed."""
    (menu,) = (menu for menu in tab.findChildren(QMenu) if menu.isVisible())
    menu.hide()
    return {action.text(): action for action in menu.actions()}


def open_block(tab: ModelTab, picture: NetworkPicture, qtbot: QtBot, name: str) -> dict[str, QAction]:
    """Walk to a block with the keys, and open it."""
    qtbot.keyClick(picture, Qt.Key.Key_Home)
    while picture.current_block().name != name:
        qtbot.keyClick(picture, Qt.Key.Key_Right)
    qtbot.keyClick(picture, Qt.Key.Key_Return)
    return menu_of(tab)


def press(parent: QWidget, qtbot: QtBot, words: str) -> None:
    (button,) = (button for button in parent.findChildren(Button) if button.text() == words)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def opened_layers(tab: ModelTab, qtbot: QtBot) -> LayersDialog:
    press(tab.findChild(PictureCard), qtbot, "All layers")
    return tab.window().findChild(LayersDialog)


def field(parent: QWidget) -> QLineEdit:
    return next(edit for edit in parent.findChildren(QLineEdit) if edit.accessibleName() == "Find a layer")


def test_the_card_says_where_the_network_ends_and_how_much_learns(tab: ModelTab) -> None:
    assert "Cut at mixed10: 5 × 5 × 2,048. 4,098 of 21,806,882 numbers learn." in said(tab)


def test_keys_walk_the_blocks_and_tell_about_each(tab: ModelTab, picture: NetworkPicture, qtbot: QtBot) -> None:
    qtbot.keyClick(picture, Qt.Key.Key_Left)
    assert picture.current_block().name == "mixed10"
    assert "mixed10: 5 × 5 × 2,048" in said(tab)
    qtbot.keyClick(picture, Qt.Key.Key_Left)
    assert "mixed9: 5 × 5 × 2,048" in said(tab)
    qtbot.keyClick(picture, Qt.Key.Key_End)
    qtbot.keyClick(picture, Qt.Key.Key_Right)
    assert picture.current_block().name == "mixed10"


def test_refining_from_a_block_refines_it_and_all_behind(
    session: Session, tab: ModelTab, picture: NetworkPicture, qtbot: QtBot
) -> None:
    open_block(tab, picture, qtbot, "mixed7")["Refine from here"].trigger()
    choices = session.choices
    refining = choices.config().phases[-1]
    assert refining.epochs == REFINING_ROUNDS
    found = blocks(summarize(choices.spec, 5, refining.unfreeze_from))
    assert [block.name for block in found if block.state == "refined"] == ["mixed7", "mixed8", "mixed9", "mixed10"]
    assert "4 blocks are refined" in tab.findChild(PictureCard)._legend.words()


def test_a_click_on_a_block_opens_it_too(tab: ModelTab, picture: NetworkPicture, qtbot: QtBot) -> None:
    bars = picture._bars()
    at = QPoint(round(bars[3].center().x()), round(bars[3].center().y()))
    qtbot.mouseMove(picture, at)
    qtbot.mouseClick(picture, Qt.MouseButton.LeftButton, pos=at)
    title, *rest = (words for words in menu_of(tab) if words)
    assert title == "mixed2: 25 × 25 × 288"
    assert rest == ["Refine from here", "Cut the network here", "Show its layers"]


def test_a_block_is_a_place_to_cut_at(session: Session, tab: ModelTab, picture: NetworkPicture, qtbot: QtBot) -> None:
    open_block(tab, picture, qtbot, "mixed7")["Cut the network here"].trigger()
    assert session.choices.spec.cut_layer == "mixed7"
    assert "Cut at mixed7: 12 × 12 × 768." in said(tab)
    assert not open_block(tab, picture, qtbot, "mixed7")["Cut the network here"].isEnabled()


def test_a_network_without_knowledge_is_not_refined(
    session: Session, tab: ModelTab, picture: NetworkPicture, qtbot: QtBot
) -> None:
    session.set_choices(session.choices.with_spec(spec_for("lenet")))
    actions = open_block(tab, picture, qtbot, "block2")
    assert not actions["Refine from here"].isEnabled()
    assert "all 3 blocks learn" in tab.findChild(PictureCard)._legend.words()


def test_the_cut_is_found_by_typing_and_chosen_by_keys(session: Session, tab: ModelTab, qtbot: QtBot) -> None:
    card, table = tab.findChild(CutCard), tab.findChild(CutTable)
    everything = table.names()
    assert everything[-1] == "mixed10"
    assert "mixed9_0" not in everything, "its output alone does not feed the rest"
    qtbot.keyClicks(field(card), "mixed7")
    assert table.names() == ["mixed7"]
    qtbot.keyClick(field(card), Qt.Key.Key_Down)
    qtbot.keyClick(table, Qt.Key.Key_Return)
    assert session.choices.spec.cut_layer == "mixed7"
    qtbot.keyClick(field(card), Qt.Key.Key_Escape)
    assert table.names() == everything
    press(card, qtbot, "Usual place")
    assert session.choices.spec.cut_layer is None
    assert "At mixed10, 5 × 5 × 2,048: its usual place." in "\n".join(
        label.text() for label in card.findChildren(TextLabel)
    )


def test_what_was_refined_behind_a_new_cut_is_refined_before_it() -> None:
    choices = refined_from(Choices(INCEPTION), "conv2d_80")
    cut = cut_at(choices, "mixed7")
    assert cut.spec.cut_layer == "mixed7"
    network = chosen_network(cut, 5)
    assert network.problem == ""
    assert [block.name for block in network.blocks if block.state == "refined"] == ["mixed6", "mixed7"]
    assert cut_at(choices, "mixed10").spec.cut_layer is None, "the end of the network is its usual place"


def test_a_layer_that_is_not_there_is_said_in_the_picture(session: Session, tab: ModelTab) -> None:
    session.set_choices(refined_from(session.choices, "mixed99"))
    assert "no layer called “mixed99”" in said(tab)
    assert len(chosen_network(session.choices, 5).blocks) == 12


def test_all_layers_are_listed_sorted_and_searched(tab: ModelTab, qtbot: QtBot) -> None:
    dialog = opened_layers(tab, qtbot)
    rows = dialog.findChild(LayerList)
    assert rows.shown == 314
    assert rows.model().index(228, 1).data() == "mixed7"
    assert any("314 layers, 21,806,882 numbers" in label.text() for label in dialog.findChildren(TextLabel))
    rows.sort_by(4)
    counts = [int((rows.model().index(row, 4).data() or "0").replace(",", "")) for row in range(rows.shown)]
    assert counts == sorted(counts, reverse=True)
    qtbot.keyClicks(field(dialog), "conv mixed9")
    assert 5 < rows.shown < 15
    qtbot.keyClicks(field(dialog), " nothing")
    assert rows.shown == 0


def test_layers_are_copied_as_text(tab: ModelTab, qtbot: QtBot) -> None:
    dialog = opened_layers(tab, qtbot)
    qtbot.keyClicks(field(dialog), "mixed7")
    press(dialog, qtbot, "Copy as text")
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[0].split("\t") == ["Index", "Layer", "Kind", "Makes", "Numbers", "Learn"]
    assert "228\tmixed7\tConcatenate\t12 × 12 × 768\t\t" in lines
    assert lines[-1].startswith("314 layers")


def test_refining_from_a_layer_follows_in_the_open_list(session: Session, tab: ModelTab, qtbot: QtBot) -> None:
    dialog = opened_layers(tab, qtbot)
    rows = dialog.findChild(LayerList)
    dialog.go_to_block("mixed9")
    assert rows.current_layer().block == "mixed9"
    before = rows.current_layer()
    qtbot.keyClick(rows, Qt.Key.Key_Return)
    assert session.choices.config().phases[-1].unfreeze_from == before.name
    assert rows.current_layer().state == "refined"
    dialog.go_to_block("head")
    qtbot.keyClick(rows, Qt.Key.Key_Return)
    assert session.choices.config().phases[-1].unfreeze_from == before.name, "the last layers learn in any case"


def test_a_block_shows_its_layers(tab: ModelTab, picture: NetworkPicture, qtbot: QtBot) -> None:
    open_block(tab, picture, qtbot, "mixed3")["Show its layers"].trigger()
    assert tab.window().findChild(LayerList).current_layer().block == "mixed3"


@pytest.mark.parametrize(
    ("layer", "words"),
    [("mixed8", "the last 2 blocks"), ("conv2d_89", "the last block"), ("conv2d_93", "from conv2d_93 on")],
)
def test_what_is_refined_is_told_in_blocks(session: Session, tab: ModelTab, layer: str, words: str) -> None:
    session.set_choices(refined_from(session.choices, layer))
    assert words in [label.full_text() for label in tab.findChild(LearntCard).findChildren(ElidedLabel)]
