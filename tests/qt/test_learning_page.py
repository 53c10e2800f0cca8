"""How the network learns, phase by phase, chosen in the real window."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLineEdit, QMenu, QWidget

from tests.person import Person
from tlstudio.errors import TLStudioError
from tlstudio.events import CancelToken, Emit, RateTried
from tlstudio.modeling.spec import ModelSpec
from tlstudio.training.config import Phase, Schedule, Stop, TrainConfig
from tlstudio.training.rate_curve import Ramp, RateCurve
from tlstudio.training.recipes import spec_for
from tlstudio.ui.choices import Choices
from tlstudio.ui.tabs.model.learning import rate_sheet
from tlstudio.ui.tabs.model.learning.class_weights_table import ClassWeightsTable
from tlstudio.ui.tabs.model.learning.learning_page import LearningPage
from tlstudio.ui.tabs.model.learning.phase_row import PhaseRow
from tlstudio.ui.tabs.model.learning.rate_plot import RatePlot
from tlstudio.ui.tabs.model.learning.rate_sheet import RateSheet
from tlstudio.ui.widgets.disclosure import Disclosure
from tlstudio.ui.words.phases import written_number
from tlstudio.workflows.train import TrainRequest

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

MOBILE = spec_for("mobilenet_v2_1.0", "imagenet")
ALT, CONTROL, SHIFT = (
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
)


class Planner:
    """Somebody who chooses how the network learns."""

    def __init__(self, person: Person) -> None:
        self.person, self.session = person, person.window.session

    @property
    def page(self) -> QWidget:
        return self.person.see(LearningPage)

    @property
    def phases(self) -> tuple[Phase, ...]:
        return self.session.choices.config().phases

    @property
    def names(self) -> list[str]:
        return [phase.name for phase in self.phases]

    def rows(self) -> list[PhaseRow]:
        QApplication.processEvents()  # a new row is shown when it is laid out
        return sorted((row for row in self.page.findChildren(PhaseRow) if row.isVisible()), key=lambda row: row.y())

    def open_row(self, number: int, *, more: bool = False) -> PhaseRow:
        row = self.rows()[number - 1]
        row.setFocus(Qt.FocusReason.OtherFocusReason)
        assert row.hasFocus()
        if more:
            next(found for found in row.findChildren(Disclosure) if found.isVisible()).set_open(True)
            QApplication.processEvents()
        return row

    def add(self, words: str) -> None:
        actions: list[QAction] = [action for menu in self.page.findChildren(QMenu) for action in menu.actions()]
        next(action for action in reversed(actions) if action.text() == words).trigger()

    def key(self, *arguments: object) -> None:
        focus = self.person.window.focusWidget()
        assert focus is not None
        self.person.qtbot.keyClick(focus, *arguments)

    def type_into(self, name: str, words: str) -> None:
        self.person.type_into(name, words, self.page)

    def pick(self, name: str, words: str) -> None:
        """Choose in the last list of this name: each reason to end has its own."""
        QApplication.processEvents()  # a new row is shown when it is laid out
        boxes = [b for b in self.page.findChildren(QComboBox) if b.accessibleName() == name and b.isVisible()]
        boxes[-1].setCurrentIndex(boxes[-1].findText(words))
        boxes[-1].activated.emit(boxes[-1].currentIndex())

    def words(self) -> str:
        QApplication.processEvents()
        return self.person.words(self.page)


@pytest.fixture
def open_page(person: Person, class_folders: Callable[..., Path]) -> Callable[..., Planner]:
    """``open_page(spec)`` opens photos of three classes and the page on a network."""
    for sheet in person.window.findChildren(RateSheet):
        sheet.reject()  # left open by a test that failed

    def make(spec: ModelSpec = MOBILE) -> Planner:
        session = person.window.session
        for page in person.window.findChildren(LearningPage):
            for disclosure in page.findChildren(Disclosure):
                disclosure.set_open(False)
        session.set_choices(Choices.recommendation())
        person.open(class_folders({"daisy": 6, "rose": 4, "tulip": 4}))
        session.set_choices(session.choices.with_spec(spec))
        session.show_learning()
        QApplication.processEvents()  # a sheet that goes takes the focus with it
        person.window.activateWindow()
        assert QTest.qWaitForWindowActive(person.window)
        return Planner(person)

    return make


@pytest.fixture
def planner(open_page: Callable[..., Planner]) -> Planner:
    return open_page()


def test_the_training_tab_leads_here(planner: Planner) -> None:
    planner.person.press("Network")
    planner.person.window.open("training")
    planner.person.press("Change how it trains")
    assert planner.page.isVisible()


def test_in_words_first_and_all_else_behind_more(planner: Planner) -> None:
    (row,) = planner.rows()
    assert row.accessibleName().startswith("Phase 1: Last layers only, until it stops getting better")
    planner.open_row(1)
    visible = [box.accessibleName() for box in planner.page.findChildren(QComboBox) if box.isVisible()]
    assert sorted(visible) == ["How long", "What learns"]
    planner.open_row(1, more=True)
    assert "How it steps" in planner.words()


def test_a_phase_is_added_moved_doubled_removed_and_undone(planner: Planner) -> None:
    planner.add("Refine the last blocks")
    assert planner.names == ["head", "fine_tune"]
    assert planner.phases[1].unfreeze_from == "block_13_expand"
    planner.open_row(2)
    planner.key(Qt.Key.Key_D, CONTROL)
    planner.type_into("Rounds", "3")
    assert [phase.epochs for phase in planner.phases] == [200, 10, 3]
    planner.open_row(3)
    planner.key(Qt.Key.Key_Up, ALT)
    assert [phase.epochs for phase in planner.phases] == [200, 3, 10]
    planner.key(Qt.Key.Key_Up, ALT)
    assert planner.names == ["head", "fine_tune", "fine_tune"], "the last layers learn before the network is refined"
    planner.key(Qt.Key.Key_Delete)
    assert [phase.epochs for phase in planner.phases] == [200, 10]
    planner.key(Qt.Key.Key_Z, CONTROL)
    assert [phase.epochs for phase in planner.phases] == [200, 3, 10]
    planner.key(Qt.Key.Key_Z, CONTROL | SHIFT)
    assert [phase.epochs for phase in planner.phases] == [200, 10]


def test_the_only_phase_stays(planner: Planner) -> None:
    planner.open_row(1)
    planner.key(Qt.Key.Key_Delete)
    assert planner.names == ["head"]


def test_the_way_back_is_to_the_usual_or_to_the_recipe(planner: Planner) -> None:
    usual = planner.phases
    planner.open_row(1)
    planner.type_into("Rounds", "12")
    assert planner.phases[0].epochs == 12
    planner.person.wait(lambda: planner.person.button("Back to the usual way").isVisible())
    planner.person.press("Back to the usual way")
    assert planner.phases == usual
    recipe = TrainConfig((Phase("head", 4, 0.01),))
    planner.session.set_choices(Choices.of(MOBILE, recipe))
    planner.add("Refine the whole network")
    planner.person.press("Back to the recipe")
    assert planner.phases == recipe.phases
    assert planner.session.choices.phases is None


def test_what_learns_is_chosen_by_blocks_or_by_name(planner: Planner) -> None:
    planner.open_row(1)
    planner.pick("What learns", "also the last 2 blocks")
    (phase,) = planner.phases
    assert (phase.name, phase.unfreeze_from, phase.learning_rate) == ("fine_tune", "block_15_expand", 1e-5)
    planner.pick("What learns", "from a layer by name")
    planner.type_into("From layer", "block_16_project")
    assert planner.phases[0].unfreeze_from == "block_16_project"
    planner.type_into("From layer", "block_99")
    assert "no layer called “block_99”" in planner.words()
    planner.pick("What learns", "last layers only")
    assert planner.names == ["head"]


def test_everything_behind_more_reaches_the_training(planner: Planner) -> None:
    planner.open_row(1, more=True)
    planner.type_into("Size of a step", "0.02")
    planner.pick("Way of stepping", "SGD")
    planner.type_into("Momentum", "0.9")
    planner.pick("Looks ahead", "yes")
    planner.pick("Over time", "falls in stairs")
    planner.type_into("After rounds", "4")
    planner.type_into("Soft start", "2")
    planner.pick("Photos", "anew each round")
    planner.type_into("Photos a step", "8")
    planner.type_into("Photo size", "96")
    planner.type_into("Steps a round", "5")
    planner.type_into("Doubt in labels", "0.1")
    planner.pick("Classes count", "balanced")
    planner.pick("Keeps", "the last round")
    planner.pick("Files of rounds", "every round")
    (phase,) = planner.phases
    assert (phase.learning_rate, phase.batch_size, phase.input_size, phase.steps_per_epoch) == (0.02, 8, 96, 5)
    assert (phase.optimizer.name, phase.optimizer.momentum, phase.optimizer.nesterov) == ("sgd", 0.9, True)
    assert phase.schedule == Schedule("step", 0.1, 4, warm_up=2)
    assert (phase.data, phase.label_smoothing, phase.class_weights) == ("live", 0.1, "balanced")
    assert (phase.keep, phase.checkpoint) == ("last", "every")
    assert "multiplied by 0.1 every 4 rounds" in planner.rows()[0].toolTip()


def test_what_breaks_a_rule_is_said_and_the_last_right_value_stays(planner: Planner) -> None:
    planner.open_row(1, more=True)
    planner.type_into("Photos a step", "0")
    assert "A whole number from 1" in planner.words()
    assert planner.phases[0].batch_size == 32


def test_what_cannot_work_together_is_said_at_the_field(planner: Planner) -> None:
    planner.open_row(1, more=True)
    planner.pick("Way of stepping", "SGD")
    planner.pick("Looks ahead", "yes")
    assert "Nesterov's method, which SGD with a momentum has" in planner.words()
    planner.person.wait(lambda: "Nesterov" in planner.person.next_step)
    assert not planner.person.button("Train").isEnabled()
    planner.type_into("Momentum", "0.9")
    assert "Nesterov's method" not in planner.words()
    planner.person.wait(lambda: planner.person.button("Train").isEnabled())


def test_classes_are_weighted_by_hand(planner: Planner) -> None:
    planner.open_row(1, more=True)
    planner.pick("Classes count", "as I say")
    table = planner.person.see(ClassWeightsTable)
    assert isinstance(table, ClassWeightsTable)
    assert table.model().setData(table.model().index(1, 1), "2,5")
    assert planner.phases[0].class_weights == (("daisy", 1.0), ("rose", 2.5), ("tulip", 1.0))
    assert not table.model().setData(table.model().index(1, 1), "much")
    for row in range(3):
        table.model().setData(table.model().index(row, 1), "0")
    assert "all weights are 0" in planner.words()
    assert "all weights are 0" in planner.session.obstacle, "Train is held back"
    session, (phase, *_) = planner.session, planner.phases
    weights = (("daisy", 3.0), ("orchid", 2.0))
    session.set_choices(session.choices.with_phases((replace(phase, class_weights=weights),)))
    assert "“orchid”" in planner.words()
    assert "“orchid”" in session.obstacle
    planner.pick("Classes count", "as I say")
    assert planner.phases[0].class_weights == (("daisy", 3.0), ("rose", 1.0), ("tulip", 1.0))
    assert not session.obstacle


def test_reasons_to_end_are_added_changed_and_taken_away(planner: Planner) -> None:
    planner.open_row(1, more=True)
    planner.person.press("Another reason to end")
    planner.pick("Figure that is watched", "photos right (training)")
    planner.pick("What is asked of it", "is at least")
    assert planner.phases[0].stops == (Stop(), Stop("accuracy", 0, at_least=0.98))
    planner.person.press("Take this reason away", planner.page)
    assert planner.phases[0].stops == (Stop("accuracy", 0, at_least=0.98),)
    planner.pick("How long", "until it stops getting better")
    assert planner.phases[0].patience == 5


def test_a_network_from_scratch_grows_its_photos(open_page: Callable[..., Planner]) -> None:
    planner = open_page(spec_for("mobilenet_v2_1.0", "none"))
    assert planner.names == ["scratch"]
    planner.add("The same at another size")
    assert [phase.input_size for phase in planner.phases] == [0, 320]
    planner.open_row(1)
    assert not [
        box for box in planner.page.findChildren(QComboBox) if box.accessibleName() == "What learns" and box.isVisible()
    ]


def test_typing_tells_the_other_tabs_once(planner: Planner) -> None:
    planner.open_row(1)
    told: list[int] = []
    note = lambda: told.append(planner.phases[0].epochs)  # noqa: E731
    planner.session.choices_changed.connect(note)
    planner.type_into("Rounds", "123")
    assert planner.phases[0].epochs == 123, "it is in force at once"
    planner.person.wait(lambda: bool(told))
    planner.session.choices_changed.disconnect(note)
    assert told == [123]


RATES = tuple(Ramp().rate(step) for step in range(60))
LOSSES = tuple(1.6 - 1.0 / (1 + (1e-4 / rate) ** 2) for rate in RATES)
CURVE = RateCurve(RATES, LOSSES)


@pytest.fixture
def searched(monkeypatch: pytest.MonkeyPatch) -> list[tuple[TrainRequest, int]]:
    """Searches for a rate; nothing is computed."""
    found: list[tuple[TrainRequest, int]] = []

    def search(request: TrainRequest, phase: int, _ramp: Ramp, *, emit: Emit, token: CancelToken) -> RateCurve:
        found.append((request, phase))
        for step, (rate, loss) in enumerate(zip(RATES, LOSSES, strict=True)):
            emit(RateTried(step + 1, 100, rate, loss))
        token.check()
        return CURVE

    monkeypatch.setattr(rate_sheet, "find_rate", search)
    return found


def sheet_of(planner: Planner) -> RateSheet:
    planner.open_row(1, more=True)
    planner.person.press("Find a learning rate", planner.page)
    sheet = planner.person.see(RateSheet)
    assert isinstance(sheet, RateSheet)
    return sheet


def test_a_rate_is_found_and_used(planner: Planner, searched: list[tuple[TrainRequest, int]]) -> None:
    sheet = sheet_of(planner)
    planner.person.wait(lambda: "click another place" in planner.person.words(sheet))
    assert (searched[0][0].config.phases, searched[0][1]) == (planner.phases, 0)
    planner.person.press(f"Use {written_number(CURVE.suggestion)}", sheet)
    assert planner.phases[0].learning_rate == CURVE.suggestion
    assert not planner.session.runner.busy("compute")


def test_another_place_of_the_curve_is_chosen_by_keys(
    planner: Planner, searched: list[tuple[TrainRequest, int]]
) -> None:
    sheet = sheet_of(planner)
    planner.person.wait(lambda: "click another place" in planner.person.words(sheet))
    assert searched
    planner.person.qtbot.keyClick(sheet.findChild(RatePlot), Qt.Key.Key_Left)
    next(button for button in sheet.findChildren(QAbstractButton) if button.text().startswith("Use ")).click()
    assert 0.7 < planner.phases[0].learning_rate / CURVE.suggestion < 0.9


def test_why_no_rate_is_found_is_said(planner: Planner, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> RateCurve:
        raise TLStudioError("The photos are gone.", "Open the folder again.")

    monkeypatch.setattr(rate_sheet, "find_rate", fail)
    before = planner.phases
    sheet = sheet_of(planner)
    planner.person.wait(lambda: "The photos are gone" in planner.person.words(sheet))
    assert not next(b for b in sheet.findChildren(QAbstractButton) if b.text() == "Use").isEnabled()
    planner.person.press("Cancel", sheet)
    assert planner.phases == before


@pytest.mark.parametrize("number", [1, 2])
def test_every_control_says_what_it_is_and_does(planner: Planner, number: int) -> None:
    planner.add("Refine the last blocks")
    planner.open_row(number, more=True)
    kinds: tuple[type[QWidget], ...] = (QAbstractButton, QComboBox, QLineEdit)

    def shown() -> list[QWidget]:
        return [found for kind in kinds for found in planner.page.findChildren(kind) if found.isVisible()]

    planner.person.wait(lambda: len(shown()) > 20)
    controls = shown()
    mute = [c for c in controls if not (c.accessibleName() or (isinstance(c, QAbstractButton) and c.text()))]
    unexplained = [c for c in controls if not c.toolTip() and not c.parentWidget().toolTip()]
    assert not mute
    assert not [(type(c).__name__, c.accessibleName() or getattr(c, "text", str)()) for c in unexplained]
