"""The Model tab, through clicks, keys and the signals of the session."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QAbstractButton, QComboBox, QFileDialog, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from tlstudio.events import CancelToken, Emit
from tlstudio.modeling.architectures import ARCHITECTURES
from tlstudio.modeling.backbones import BACKBONES
from tlstudio.modeling.spec import ModelSpec
from tlstudio.modeling.speeds import SpeedStore
from tlstudio.modeling.weights_fit import FitReport, LayerFit
from tlstudio.training.recipes import spec_for
from tlstudio.ui import theme
from tlstudio.ui.session import Session
from tlstudio.ui.tabs.model import speed_gauge
from tlstudio.ui.tabs.model.chosen_network import refined_from
from tlstudio.ui.tabs.model.model_tab import ModelTab
from tlstudio.ui.tabs.model.network_picture import NetworkPicture
from tlstudio.ui.tabs.model.network_table import NetworkTable
from tlstudio.ui.tabs.model.weights import fit_sheet
from tlstudio.ui.tabs.model.weights.fit_sheet import FitSheet
from tlstudio.ui.widgets.disclosure import Disclosure
from tlstudio.ui.widgets.labels import TextLabel
from tlstudio.ui.widgets.table import PAD
from tlstudio.ui.widgets.thumbnails import ThumbnailCache
from tlstudio.workflows.measure_speed import unmeasured

# The offscreen platform says so of every window.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def tab(session: Session, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModelTab]:
    monkeypatch.setattr(speed_gauge, "PATIENCE_MS", 0)
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
    (found,) = (edit for edit in tab.findChildren(QLineEdit) if edit.accessibleName() == name and edit.isVisible())
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


def test_with_photos_it_can_be_trained(tab: ModelTab, photos: None, qtbot: QtBot) -> None:  # noqa: ARG001
    step = tab.next_step()
    assert (step.line, step.action, step.enabled) == ("Learns your 3 classes.", "Train", True)
    qtbot.waitUntil(lambda: "You have 12 photos in 3 classes, and" in texts(tab))
    (why,) = (words for words in texts(tab).splitlines() if words.startswith("You have 12 photos"))
    assert why.count(". ") == 1, "two sentences"
    assert "is more accurate" in why
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


def test_the_values_of_the_pixels_are_chosen_and_shown(tab: ModelTab, session: Session, qtbot: QtBot) -> None:
    open_part(tab, qtbot)
    choose(tab, qtbot, "vgg16")
    pick(tab, "Values of the pixels", "unit")
    assert session.choices.spec == replace(spec_for("vgg16"), preprocessing="unit")
    session.set_choices(session.choices.with_spec(replace(session.choices.spec, preprocessing="raw")))
    assert box(tab, "Values of the pixels").currentText() == "0 to 255"
    choose(tab, qtbot, "mobilenet_1.0")
    assert session.choices.spec.preprocessing == "", "another network has learnt with other values"


def test_no_header_of_the_table_is_cut_off(tab: ModelTab, qtbot: QtBot) -> None:
    open_part(tab, qtbot)
    header = tab.findChild(NetworkTable).horizontalHeader()
    for column in range(header.count()):
        words = header.model().headerData(column, Qt.Orientation.Horizontal)
        assert header.sectionSize(column) >= QFontMetrics(theme.font(13)).horizontalAdvance(words) + 2 * PAD


def test_the_table_walks_with_arrows_and_chooses_with_space(tab: ModelTab, session: Session, qtbot: QtBot) -> None:
    open_part(tab, qtbot)
    table = tab.findChild(NetworkTable)
    before = session.choices.spec
    table.setFocus()
    qtbot.keyClick(table, Qt.Key.Key_Home)
    table.selectRow(0)
    assert session.choices.spec == before, "walking chooses nothing"
    qtbot.keyClick(table, Qt.Key.Key_Space)
    assert session.choices.spec.backbone == "convnext_xlarge", "the one that knows most stands at the top"


def test_the_table_sorts_by_its_headers(tab: ModelTab, qtbot: QtBot) -> None:
    open_part(tab, qtbot)
    table = tab.findChild(NetworkTable)
    header = table.horizontalHeader()
    orders = []
    for _ in range(2):
        at = QPoint(header.sectionViewportPosition(4) + 10, 15)
        qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=at)
        orders.append([table.network_at(row).megabytes for row in range(table.model().rowCount())])
    assert sorted(orders) == sorted([sorted(orders[0]), sorted(orders[0], reverse=True)])
    assert len(orders[0]) == len(BACKBONES) + len(ARCHITECTURES)


def test_typing_narrows_the_table_and_down_goes_on_to_it(tab: ModelTab, session: Session, qtbot: QtBot) -> None:
    open_part(tab, qtbot)
    table = tab.findChild(NetworkTable)
    everything = table.model().rowCount()
    type_into(tab, qtbot, "Find a network", "effic v2")
    shown = [table.network_at(row).name for row in range(table.model().rowCount())]
    assert sorted(shown) == sorted(f"efficientnet_v2_{size}" for size in ("b0", "b1", "b2", "b3", "s", "m", "l"))
    assert f"7 of {everything} networks" in texts(tab)
    search = field(tab, "Find a network")
    qtbot.keyClick(search, Qt.Key.Key_Down)
    assert table.hasFocus()
    qtbot.keyClick(table, Qt.Key.Key_Space)
    assert session.choices.spec.backbone == "efficientnet_v2_l"
    press(tab, qtbot, "Show all")
    assert (search.text(), table.model().rowCount()) == ("", everything)
    search.setText("nothing of that name")
    qtbot.keyClick(search, Qt.Key.Key_Down)
    assert not table.hasFocus(), "an empty table is no place to go to"


def test_speeds_are_measured_while_somebody_looks_and_shown(
    tab: ModelTab, session: Session, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def measure(spec: ModelSpec, **_: object) -> None:
        asked.append(spec.backbone)
        SpeedStore().keep(spec.backbone, spec.input_size, 123.4)

    monkeypatch.setattr(speed_gauge, "unmeasured", unmeasured)
    monkeypatch.setattr(speed_gauge, "measure_speed", measure)
    session.set_choices(session.choices.with_spec(spec_for("vgg16")))
    assert asked == [], "nobody looks"
    open_part(tab, qtbot)
    qtbot.waitUntil(lambda: asked == ["vgg16", "starter"])
    table = tab.findChild(NetworkTable)
    shown = lambda: [table.network_at(row) for row in range(table.model().rowCount())]  # noqa: E731
    qtbot.waitUntil(lambda: {row.name for row in shown() if row.speed_words == "123"} == {"vgg16", "starter"})


def test_measuring_makes_way_for_what_computes(
    tab: ModelTab, session: Session, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    running, stopped, pause = Event(), Event(), Event()

    def measure(_spec: ModelSpec, *, emit: Emit, token: CancelToken) -> None:  # noqa: ARG001
        running.set()
        while not token.cancelled:
            pause.wait(0.01)
        stopped.set()
        token.check()

    monkeypatch.setattr(speed_gauge, "unmeasured", unmeasured)
    monkeypatch.setattr(speed_gauge, "measure_speed", measure)
    open_part(tab, qtbot)
    qtbot.waitUntil(running.is_set)
    work = Event()
    job = session.runner.start("compute", lambda *_: work.wait(20))
    qtbot.waitUntil(stopped.is_set)
    qtbot.waitUntil(lambda: not session.runner.busy("prepare"))
    running.clear()
    with qtbot.waitSignal(job.finished):
        assert not running.is_set(), "nothing is measured meanwhile"
        work.set()
    qtbot.waitUntil(running.is_set)


def test_own_weights_are_taken_from_a_file(
    tab: ModelTab, session: Session, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_part(tab, qtbot)
    choose(tab, qtbot, "mobilenet_v2_1.0")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: ("/weights/mine.h5", ""))
    layers = (LayerFit("conv", "fits", ((3, 3),), ((3, 3),)),)
    report = FitReport("/weights/mine.h5", "MobileNet V2 1.0", layers)
    monkeypatch.setattr(fit_sheet, "check_weights", lambda *_arguments, **_options: report)
    press(tab, qtbot, "Use my own weights file")
    (sheet,) = tab.findChildren(FitSheet)
    use = next(button for button in sheet.findChildren(QAbstractButton) if button.text() == "Use this file")
    qtbot.waitUntil(use.isEnabled)
    assert session.choices.spec.weights == "imagenet", "nothing is taken before it is known to fit"
    qtbot.mouseClick(use, Qt.MouseButton.LeftButton)
    assert session.choices.spec.weights == "/weights/mine.h5"
    assert box(tab, "Knowledge it starts with").currentText() == "mine.h5"
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: ("", ""))
    pick(tab, "Knowledge it starts with", "file")
    assert session.choices.spec.weights == "/weights/mine.h5", "a closed dialog changes nothing"


def test_without_knowledge_there_is_nothing_to_refine(tab: ModelTab, session: Session, qtbot: QtBot) -> None:
    open_part(tab, qtbot)
    choose(tab, qtbot, "mobilenet_v2_1.0")
    session.set_choices(refined_from(session.choices, "block_15_expand"))
    assert session.choices.refines
    pick(tab, "Knowledge it starts with", "none")
    assert session.choices.spec.weights == "none"
    assert [phase.name for phase in session.choices.config().phases] == ["scratch"]


def test_the_seed_is_typed(tab: ModelTab, session: Session, qtbot: QtBot) -> None:
    open_part(tab, qtbot, "Learning")
    type_into(tab, qtbot, "Shuffle", "7")
    assert session.choices.seed == session.photos.split_config.seed == 7


def test_size_is_chosen(tab: ModelTab, session: Session) -> None:
    pick(tab, "Size of the photos", 128)
    assert session.choices.spec.input_size == 128


def test_exactly_repeatable_survives_a_new_start(tab: ModelTab, session: Session, qtbot: QtBot) -> None:
    open_part(tab, qtbot, "Learning")
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
    tab.setMinimumSize(960, 404)  # as the window has it: it goes below what a wide tab asks for
    tab.resize(*size)
    qtbot.waitUntil(lambda: tab.width() == size[0])
    assert tab.findChild(NetworkTable).isColumnHidden(4) == (size[0] < 1200)
    header = tab.findChild(NetworkTable).horizontalHeader()
    assert header.length() <= tab.findChild(NetworkTable).viewport().width()


@pytest.mark.parametrize("part", ["Network", "Last layers", "Learning"])
def test_every_control_says_what_it_is_and_does(tab: ModelTab, qtbot: QtBot, part: str) -> None:
    open_part(tab, qtbot, part)
    kinds: tuple[type[QWidget], ...] = (QAbstractButton, QComboBox, QLineEdit)
    controls = [found for kind in kinds for found in tab.findChildren(kind) if found.isVisible()]
    mute = [c for c in controls if not (c.accessibleName() or (isinstance(c, QAbstractButton) and c.text()))]
    unexplained = [c for c in controls if not c.toolTip() and not c.parentWidget().toolTip()]
    assert controls
    assert not mute
    assert not [(type(c).__name__, c.accessibleName() or getattr(c, "text", str)()) for c in unexplained]
