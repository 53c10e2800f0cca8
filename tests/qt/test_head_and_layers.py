"""Last layers and layers of networks from scratch, made by hand in the real window."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QComboBox, QFileDialog, QMenu, QWidget

from tests.person import Person
from tlstudio.modeling.architectures import get_architecture
from tlstudio.modeling.head_text import parse_head, written_head
from tlstudio.modeling.layer_file import layers_json
from tlstudio.modeling.layer_table import BatchNormalization, Conv2D, Dense, Dropout, Flatten, LayerTable
from tlstudio.modeling.spec import OWN, HeadSpec, ModelSpec
from tlstudio.training.recipes import own_spec, spec_for
from tlstudio.ui.choices import Choices
from tlstudio.ui.tabs.model.head.head_page import HeadPage
from tlstudio.ui.tabs.model.layers.layer_row import LayerRow
from tlstudio.ui.tabs.model.layers.layers_page import LayersPage
from tlstudio.ui.tabs.model.network_table import NetworkTable
from tlstudio.ui.tabs.model.picture_card import PictureCard
from tlstudio.ui.tabs.model.size_notes import WarningNote
from tlstudio.ui.widgets.disclosure import Disclosure

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

ALT, CONTROL, SHIFT = (
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
)


class Maker:
    """Somebody on a page of layers."""

    def __init__(self, person: Person, kind: type[QWidget]) -> None:
        self.person, self.kind = person, kind
        self.session = person.window.session

    @property
    def page(self) -> QWidget:
        return self.person.see(self.kind)

    @property
    def spec(self) -> ModelSpec:
        return self.session.choices.spec

    @property
    def head(self) -> str:
        return written_head(self.spec.head)

    def rows(self) -> list[LayerRow]:
        QApplication.processEvents()  # a new row is shown when it is laid out
        return sorted((row for row in self.page.findChildren(LayerRow) if row.isVisible()), key=lambda row: row.y())

    def go_to(self, number: int) -> None:
        row = self.rows()[number - 1]
        row.setFocus(Qt.FocusReason.OtherFocusReason)
        assert row.hasFocus()

    def key(self, *arguments: object) -> None:
        focus = self.person.window.focusWidget()
        assert focus is not None
        self.person.qtbot.keyClick(focus, *arguments)

    def add(self, words: str) -> None:
        menus = [menu for menu in self.page.findChildren(QMenu) if menu.actions()]
        action: QAction = next(action for menu in menus for action in menu.actions() if action.text() == words)
        action.trigger()

    def type_into(self, name: str, words: str) -> None:
        self.person.type_into(name, words, self.page)

    def pick(self, name: str, words: str) -> None:
        self.person.pick(name, words, self.page)

    def warning(self) -> str:
        return "\n".join(self.person.words(note) for note in self.page.findChildren(WarningNote) if note.isVisible())


@pytest.fixture
def open_page(person: Person, class_folders: Callable[..., Path]) -> Callable[..., Maker]:
    """``open_page(kind, "Last layers", spec)`` opens photos of ``classes`` classes, and a page on a network."""

    def make(kind: type[QWidget], words: str, spec: ModelSpec, classes: int = 3) -> Maker:
        session = person.window.session
        session.set_choices(Choices.recommendation())
        person.open(class_folders(dict.fromkeys("abcdefg"[:classes], 4), name=f"photos{classes}"))
        session.set_choices(session.choices.with_spec(spec))
        person.window.open("model")
        person.page.findChild(Disclosure).set_open(True)
        person.press(words)
        return Maker(person, kind)

    return make


@pytest.fixture
def head(open_page: Callable[..., Maker]) -> Maker:
    return open_page(HeadPage, "Last layers", spec_for("mobilenet_v2_1.0", "imagenet"))


@pytest.fixture
def lenet(open_page: Callable[..., Maker]) -> Maker:
    return open_page(LayersPage, "Layers", spec_for("lenet"))


def test_a_quick_head_is_one_click_and_counted(head: Maker) -> None:
    assert "3,843 numbers to learn, reading 7 × 7 × 1,280, for 3 classes" in head.person.words(head.page)
    head.person.press("Hidden (128)")
    assert head.head == "gap, dense 128 relu, dropout 0.2"
    assert f"{1281 * 128 + 129 * 3:,} numbers to learn" in head.person.words(head.page)
    head.person.press("Usual last layers")
    assert head.spec.head == HeadSpec()


def test_layers_are_added_typed_moved_doubled_and_removed_by_key(head: Maker) -> None:
    head.person.press("Answer alone")
    head.add("Dense")
    assert head.person.window.focusWidget().accessibleName() == "Units", "a new layer is ready to be set"
    head.type_into("Units", "64")
    head.pick("Activation", "tanh")
    head.add("Batch normalisation")
    assert head.head == "gap, dense 64 tanh, batchnorm 0.9"
    assert [row.line.parameters for row in head.rows()] == [f"{1281 * 64:,}", "256"]
    head.go_to(2)
    head.key(Qt.Key.Key_Up, ALT)
    assert head.head == "gap, batchnorm 0.9, dense 64 tanh"
    head.key(Qt.Key.Key_D, CONTROL)
    assert head.head == "gap, batchnorm 0.9, batchnorm 0.9, dense 64 tanh"
    head.key(Qt.Key.Key_Delete)
    head.go_to(1)
    head.key(Qt.Key.Key_Down, ALT)
    assert head.head == "gap, dense 64 tanh, batchnorm 0.9"
    head.go_to(1)
    head.key(Qt.Key.Key_Down)
    head.key(Qt.Key.Key_F2)
    assert head.person.window.focusWidget().accessibleName() == "Momentum"
    head.key(Qt.Key.Key_Escape)
    assert head.rows()[1].hasFocus()


def test_undo_is_the_page_s_while_the_focus_is_in_it(head: Maker) -> None:
    head.person.press("Hidden (128)")
    head.person.press("Every place")
    head.go_to(1)
    head.type_into("Units", "640")
    head.go_to(1)
    assert head.head == "flatten, dense 640 relu, dropout 0.2"
    head.key(Qt.Key.Key_Z, CONTROL)
    assert head.head == "flatten, dense 128 relu, dropout 0.2", "what was typed is one step"
    head.key(Qt.Key.Key_Z, CONTROL)
    assert head.head == "gap, dense 128 relu, dropout 0.2"
    head.key(Qt.Key.Key_Z, CONTROL | SHIFT)
    head.key(Qt.Key.Key_Y, CONTROL)
    assert head.head == "flatten, dense 640 relu, dropout 0.2"


def test_a_setting_out_of_its_range_is_said_and_changes_nothing(head: Maker) -> None:
    head.person.press("Hidden (128)")
    head.go_to(2)
    head.type_into("Share left out", "1.5")
    assert "A number from 0 to less than 1, such as 0.2." in head.person.words(head.page)
    assert head.head == "gap, dense 128 relu, dropout 0.2", "1. and 1.5 are no share"


def test_a_head_that_gets_absurd_is_warned_of_with_numbers(head: Maker) -> None:
    assert head.warning() == ""
    head.person.press("Every place (512)")
    head.go_to(1)
    head.type_into("Units", "1024")
    assert "64,229,379 numbers to learn in the last layers" in head.warning()
    assert "learnt by heart" in head.person.next_step


@pytest.mark.parametrize(("classes", "offered"), [(2, 3), (3, 0)])
def test_answers_for_two_are_offered_for_two(open_page: Callable[..., Maker], classes: int, offered: int) -> None:
    head = open_page(HeadPage, "Last layers", spec_for("starter"), classes)
    boxes = [b for b in head.page.findChildren(QComboBox) if b.accessibleName() == "Answer" and b.isVisible()]
    assert sum(box.count() for box in boxes) == offered
    if offered:
        head.pick("Answer", "one number for two")
        assert (head.spec.head.output, head.spec.head.loss) == ("sigmoid", "auto")
        head.pick("Answer", "two scores, each judged")
        assert (head.spec.head.output, head.spec.head.loss) == ("softmax", "binary")


def test_a_head_for_two_classes_stands_in_the_way_of_three(open_page: Callable[..., Maker]) -> None:
    head = open_page(HeadPage, "Last layers", spec_for("starter", head=parse_head("gap, sigmoid")))
    assert "there are 3" in head.warning()
    assert "there are 3" in head.session.obstacle
    assert not head.person.button("Train").isEnabled()
    head.pick("Answer", "one score a class")
    assert head.session.obstacle == ""


def test_weights_are_held_small_and_all_of_it_is_a_line_of_text(head: Maker) -> None:
    head.type_into("Small weights", "0.001")
    assert head.spec.head.l2 == 0.001
    text = head.page.findChild(Disclosure)
    text.set_open(True)
    head.type_into("The last layers as a line of text", "gmp, dense 32 elu, l1 0.01")
    assert head.spec.head == parse_head("gmp, dense 32 elu, l1 0.01")
    head.type_into("The last layers as a line of text", "gmp, denser")
    assert "“denser” is nothing that a head is made of" in head.person.words(head.page)


def test_a_changed_architecture_is_an_own_network_and_goes_back(lenet: Maker) -> None:
    lenet.go_to(2)
    lenet.type_into("Filters", "32")
    assert lenet.spec.backbone == OWN
    assert lenet.spec.layers is not None
    assert lenet.spec.layers.rows[1] == Conv2D(32, (5, 5))
    assert lenet.session.choices.title == "LeNet, changed"
    lenet.person.press("Network")  # at once: the rest of the window follows when typing has ended
    table = lenet.person.see(NetworkTable)
    assert isinstance(table, NetworkTable)
    titles = [table.network_at(row).title for row in range(table.model().rowCount()) if table.network_at(row).chosen]
    assert titles == ["LeNet, changed"]
    lenet.person.wait(lambda: "LeNet, changed, your choice" in lenet.person.next_step)
    table.chosen.emit("starter")
    table.chosen.emit(OWN)
    assert lenet.session.choices.title == "LeNet, changed", "it isn't lost when another is looked at"
    lenet.person.press("Layers")
    lenet.type_into("Filters", "16")
    table.chosen.emit("starter")  # before the typing has ended
    table.chosen.emit(OWN)
    assert lenet.session.choices.title == "LeNet, changed", "it isn't lost when another is looked at"
    lenet.person.press("Layers")
    assert lenet.rows()[1].line.output == "224 × 224 × 16"
    lenet.person.press("Back to LeNet")
    assert lenet.spec == spec_for("lenet")


def test_undoing_all_changes_is_the_network_itself_again(lenet: Maker) -> None:
    lenet.go_to(1)
    lenet.key(Qt.Key.Key_Delete)
    assert lenet.spec.backbone == OWN
    lenet.person.press("Undo the last change of the layers", lenet.page)
    assert lenet.spec == spec_for("lenet")
    lenet.person.press("Do again what was undone", lenet.page)
    assert lenet.spec.backbone == OWN


def test_an_impossible_network_says_which_layer_and_is_not_trained(lenet: Maker) -> None:
    place = [type(row.line.layer) for row in lenet.rows()].index(Flatten)
    lenet.go_to(place + 1)
    lenet.key(Qt.Key.Key_Delete)
    wrong = lenet.rows()[place]
    assert wrong.line.problem.startswith("A dense layer needs one row of numbers, and here is a map of 56 × 56 × 50.")
    assert "can't be built" in lenet.session.obstacle
    assert not lenet.person.button("Train").isEnabled()
    assert wrong.line.problem.partition(". ")[0][3:] in lenet.person.words(lenet.person.see(PictureCard))
    lenet.go_to(1)
    lenet.person.press("Show it", lenet.page)
    assert wrong.hasFocus()
    lenet.session.train()
    assert not lenet.session.training
    lenet.add("Global max pooling")
    lenet.go_to(place + 2)
    lenet.key(Qt.Key.Key_Up, ALT)
    assert lenet.session.obstacle == ""
    assert [row.line.problem for row in lenet.rows()] == [""] * len(lenet.rows())


def test_grey_photos_and_any_width_and_height(lenet: Maker) -> None:
    lenet.person.press("Grey")
    lenet.type_into("Width and height", "64 x 32")
    table = lenet.spec.layers
    assert table is not None
    assert (table.width, table.height, table.channels) == (64, 32, 1)
    assert lenet.spec.input_size == 64
    assert lenet.rows()[0].line.output == "32 × 64 × 1"


def test_another_size_alone_is_still_the_same_network(lenet: Maker) -> None:
    lenet.type_into("Width and height", "96")
    assert lenet.spec == spec_for("lenet", input_size=96)
    assert lenet.rows()[0].line.output == "96 × 96 × 3"


def test_layers_go_to_a_file_and_come_back(lenet: Maker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "mine.json"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    lenet.person.press("Save", lenet.page)
    lenet.person.wait(path.exists)
    assert json.loads(path.read_text()) == json.loads(json.dumps(layers_json(get_architecture("lenet").table)))
    mine = LayerTable(40, 40, 1, (Conv2D(4), Flatten(), Dense(8)))
    path.write_text(json.dumps(layers_json(mine)))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(path), ""))
    lenet.person.press("Open", lenet.page)
    assert lenet.spec.layers == mine
    assert lenet.session.choices.title == "Your own network"
    path.write_text("{}")
    lenet.person.press("Open", lenet.page)
    assert "holds no layers" in lenet.person.told
    lenet.person.press("Undo the last change of the layers", lenet.page)
    assert lenet.spec == spec_for("lenet")


def test_thirty_layers_are_shown_and_edited(open_page: Callable[..., Maker]) -> None:
    rows = (*(Conv2D(8), BatchNormalization(), Dropout(0.1)) * 10, Flatten())
    made = open_page(LayersPage, "Layers", own_spec(LayerTable(32, 32, 3, rows)))
    assert len(made.rows()) == 31
    before = made.rows()
    made.go_to(30)
    made.type_into("Share left out", "0.3")
    assert made.spec.layers is not None
    assert made.spec.layers.rows[29] == Dropout(0.3)
    assert made.rows() == before, "typing makes no row anew"


@pytest.mark.parametrize(("kind", "words"), [(HeadPage, "Last layers"), (LayersPage, "Layers")])
def test_every_control_says_what_it_is_and_does(
    open_page: Callable[..., Maker], kind: type[QWidget], words: str
) -> None:
    made = open_page(kind, words, spec_for("six_layer_cnn"))
    if kind is HeadPage:
        made.person.press("Hidden (128)")
    made.go_to(2)
    controls = [
        c for c in made.page.findChildren(QWidget) if c.isVisible() and c.focusPolicy() & Qt.FocusPolicy.TabFocus
    ]
    assert len(controls) > 5
    mute = [type(c).__name__ for c in controls if not (c.accessibleName() or getattr(c, "text", str)())]
    assert not mute
    unexplained = [c.accessibleName() for c in controls if not c.toolTip() and not c.parentWidget().toolTip()]
    assert [name for name in unexplained if not name.startswith("Layer ")] == []
