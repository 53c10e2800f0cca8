"""The Model tab, through clicks, keys and the signals of the session."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QSettings, Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QFileDialog, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from tlstudio.modeling.backbones import BACKBONES
from tlstudio.training.recipes import spec_for
from tlstudio.ui.session import Session
from tlstudio.ui.tabs.model.model_tab import ModelTab
from tlstudio.ui.tabs.model.network_picture import NetworkPicture
from tlstudio.ui.tabs.model.network_table import NetworkTable
from tlstudio.ui.widgets.disclosure import Disclosure
from tlstudio.ui.widgets.labels import TextLabel
from tlstudio.ui.widgets.thumbnails import ThumbnailCache

# The offscreen platform says so of every window.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def session(qapp: QApplication, home: Path, tmp_path: Path) -> Iterator[Session]:  # noqa: ARG001 - both must be there
    QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, str(tmp_path / "settings"))
    QSettings().clear()
    made = Session()
    yield made
    assert made.runner.shutdown(10)


@pytest.fixture
def tab(session: Session, qtbot: QtBot) -> Iterator[ModelTab]:
    cache = ThumbnailCache()
    made = ModelTab(session, cache)
    qtbot.addWidget(made)
    made.resize(1440, 764)
    made.show()
    yield made
    cache.shutdown()


@pytest.fixture
def photos(session: Session, class_folders: Callable[..., Path], qtbot: QtBot) -> None:
    with qtbot.waitSignal(session.photos.changed):
        session.photos.open_folder(class_folders({"daisy": 4, "rose": 4, "tulip": 4}))


def open_part(tab: ModelTab, qtbot: QtBot, words: str = "Network") -> None:
    tab.findChild(Disclosure).set_open(True)
    press(tab, qtbot, words)


def press(tab: ModelTab, qtbot: QtBot, words: str) -> None:
    (button,) = (b for b in tab.findChildren(QAbstractButton) if words in (b.text(), b.accessibleName()))
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def field(tab: ModelTab, name: str) -> QLineEdit:
    (found,) = (edit for edit in tab.findChildren(QLineEdit) if edit.accessibleName() == name)
    return found


def type_into(tab: ModelTab, qtbot: QtBot, name: str, words: str) -> None:
    edit = field(tab, name)
    edit.setFocus()
    edit.selectAll()
    qtbot.keyClicks(edit, words) if words else qtbot.keyClick(edit, Qt.Key.Key_Backspace)


def box(tab: ModelTab, name: str) -> QComboBox:
    (found,) = (combo for combo in tab.findChildren(QComboBox) if combo.accessibleName() == name)
    return found


def pick(tab: ModelTab, name: str, value: object) -> None:
    combo = box(tab, name)
    combo.setCurrentIndex(combo.findData(value))
    combo.activated.emit(combo.currentIndex())


def choose(tab: ModelTab, qtbot: QtBot, name: str) -> None:
    table = tab.findChild(NetworkTable)
    row = next(row for row in range(table.model().rowCount()) if table.network_at(row).name == name)
    table.scrollTo(table.model().index(row, 0))
    at = table.visualRect(table.model().index(row, 0)).center()
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=at)


def texts(tab: ModelTab) -> str:
    return "\n".join(label.text() for label in tab.findChildren(TextLabel) if label.isVisibleTo(tab))


def test_closed_the_recommendation_and_the_picture_are_all_there_is(tab: ModelTab) -> None:
    assert "Starter" in texts(tab)
    assert "What will be learnt" not in texts(tab)
    assert tab.findChild(NetworkPicture).isVisible()


def test_without_photos_training_waits_and_says_why(tab: ModelTab) -> None:
    step = tab.next_step()
    assert (step.title, step.enabled) == ("Starter, recommended", False)
    assert step.line == "Open a folder of photos first."
    assert tab.state().kind == "number"


def test_with_photos_it_can_be_trained(tab: ModelTab, photos: None) -> None:  # noqa: ARG001
    step = tab.next_step()
    assert (step.line, step.action, step.enabled) == ("Learns your 3 classes.", "Train", True)
    assert "From your 12 photos it learns the 3 classes." in texts(tab)
    assert tab.state().kind == "done"


def test_a_network_is_chosen_by_click_and_given_back(tab: ModelTab, session: Session, qtbot: QtBot) -> None:
    open_part(tab, qtbot)
    choose(tab, qtbot, "mobilenet_v3_small")
    assert session.choices.spec == spec_for("mobilenet_v3_small", "imagenet")
    assert tab.state().text == "Your choice"
    assert "Its 3.8 MB are downloaded when training starts." in texts(tab)
    press(tab, qtbot, "Back to the recommended one")
    assert session.choices.recommended
    assert tab.state().text == "Recommended"


def test_the_table_walks_with_arrows_and_chooses_with_space(tab: ModelTab, session: Session, qtbot: QtBot) -> None:
    open_part(tab, qtbot)
    table = tab.findChild(NetworkTable)
    before = session.choices.spec
    table.setFocus()
    qtbot.keyClick(table, Qt.Key.Key_Home)
    table.selectRow(0)
    assert session.choices.spec == before, "walking chooses nothing"
    qtbot.keyClick(table, Qt.Key.Key_Space)
    assert session.choices.spec.backbone == "xception", "the one that knows most stands at the top"


def test_the_table_sorts_by_its_headers(tab: ModelTab, qtbot: QtBot) -> None:
    open_part(tab, qtbot)
    table = tab.findChild(NetworkTable)
    header = table.horizontalHeader()
    orders = []
    for _ in range(2):
        at = QPoint(header.sectionViewportPosition(2) + 10, 15)
        qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=at)
        orders.append([table.network_at(row).megabytes for row in range(table.model().rowCount())])
    assert sorted(orders) == sorted([sorted(orders[0]), sorted(orders[0], reverse=True)])
    assert len(orders[0]) == len(BACKBONES) + 1


def test_own_weights_are_taken_from_a_file(
    tab: ModelTab, session: Session, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_part(tab, qtbot)
    choose(tab, qtbot, "mobilenet_v2_1.0")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: ("/weights/mine.h5", ""))
    press(tab, qtbot, "Use my own weights file")
    assert session.choices.spec.weights == "/weights/mine.h5"
    assert box(tab, "Knowledge it starts with").currentText() == "mine.h5"
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: ("", ""))
    pick(tab, "Knowledge it starts with", "file")
    assert session.choices.spec.weights == "/weights/mine.h5", "a closed dialog changes nothing"


def test_without_knowledge_there_is_nothing_to_refine(tab: ModelTab, session: Session, qtbot: QtBot) -> None:
    open_part(tab, qtbot)
    choose(tab, qtbot, "mobilenet_v2_1.0")
    open_part(tab, qtbot, "Refining")
    press(tab, qtbot, "Refine afterwards")
    assert session.choices.fine_tune_epochs == 10
    pick(tab, "Knowledge it starts with", "none")
    assert session.choices.spec.weights == "none"
    assert session.choices.fine_tune_epochs == 0
    (switch,) = (b for b in tab.findChildren(QAbstractButton) if b.accessibleName() == "Refine afterwards")
    assert not switch.isEnabled()
    assert "there is nothing to refine afterwards" in texts(tab)
    assert session.choices.config().phases[0].name == "scratch"


def test_rounds_layer_and_seed_are_typed(tab: ModelTab, session: Session, qtbot: QtBot) -> None:
    open_part(tab, qtbot)
    choose(tab, qtbot, "mobilenet_v2_1.0")
    open_part(tab, qtbot, "Refining")
    press(tab, qtbot, "Refine afterwards")
    type_into(tab, qtbot, "Rounds of refining", "3")
    type_into(tab, qtbot, "Refine from", "block_15_expand")
    type_into(tab, qtbot, "Rounds for the last layers", "12")
    type_into(tab, qtbot, "Shuffle", "7")
    head, refining = session.choices.config().phases
    assert (head.epochs, refining.epochs, refining.unfreeze_from) == (12, 3, "block_15_expand")
    assert session.choices.seed == session.photos.split_config.seed == 7
    choose_other = spec_for("xception", "imagenet")
    session.set_choices(session.choices.with_spec(choose_other))
    assert session.choices.unfreeze_from == "", "another network has other layers"


def test_a_wrong_entry_is_said_and_the_last_right_one_stays(tab: ModelTab, session: Session, qtbot: QtBot) -> None:
    open_part(tab, qtbot, "Last layers")
    type_into(tab, qtbot, "Hidden layers", "256, 128")
    assert session.choices.spec.head.dense == (256, 128)
    type_into(tab, qtbot, "Hidden layers", "99999")
    assert "At most 4 numbers from 1 to 4,096" in texts(tab)
    assert session.choices.spec.head.dense == (999,), "of what was typed, the last that is allowed"
    qtbot.keyClick(field(tab, "Hidden layers"), Qt.Key.Key_Return)
    assert field(tab, "Hidden layers").text() == "999"


def test_pooling_dropout_and_size_are_chosen(tab: ModelTab, session: Session, qtbot: QtBot) -> None:
    open_part(tab, qtbot, "Last layers")
    pick(tab, "What is taken from the photo", "max")
    type_into(tab, qtbot, "Forget on purpose", "0.2")
    pick(tab, "Size of the photos", 128)
    spec = session.choices.spec
    assert (spec.head.pooling, spec.head.dropout, spec.input_size) == ("max", 0.2, 128)


def test_exactly_repeatable_survives_a_new_start(tab: ModelTab, session: Session, qtbot: QtBot) -> None:
    open_part(tab, qtbot, "Refining")
    press(tab, qtbot, "Exactly repeatable")
    assert session.choices.reproducible
    other, cache = Session(), ThumbnailCache()
    again = ModelTab(other, cache)
    qtbot.addWidget(again)
    assert other.choices.reproducible
    cache.shutdown()
    assert other.runner.shutdown(5)


@pytest.mark.parametrize("size", [(1440, 764), (1100, 564)])
def test_nothing_is_wider_than_its_place(tab: ModelTab, qtbot: QtBot, size: tuple[int, int]) -> None:
    open_part(tab, qtbot)
    tab.resize(*size)
    qtbot.waitUntil(lambda: tab.width() == size[0])
    assert tab.findChild(NetworkTable).isColumnHidden(2) == (size[0] < 1200)


@pytest.mark.parametrize("part", ["Network", "Last layers", "Refining"])
def test_every_control_says_what_it_is_and_does(tab: ModelTab, qtbot: QtBot, part: str) -> None:
    open_part(tab, qtbot, part)
    kinds: tuple[type[QWidget], ...] = (QAbstractButton, QComboBox, QLineEdit)
    controls = [found for kind in kinds for found in tab.findChildren(kind) if found.isVisible()]
    mute = [c for c in controls if not (c.accessibleName() or (isinstance(c, QAbstractButton) and c.text()))]
    unexplained = [c for c in controls if not c.toolTip() and not c.parentWidget().toolTip()]
    assert controls
    assert not mute
    assert not [(type(c).__name__, c.accessibleName() or getattr(c, "text", str)()) for c in unexplained]
