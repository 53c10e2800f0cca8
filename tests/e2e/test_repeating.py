"""Whatever is chosen in the window, ``tlstudio train --like RUN`` chooses again, and ends at the same scores.

Real window, real photos, real weights; everything is chosen by mouse, keys and the file dialog.
"""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from person import MINUTES, Person
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QMenu
from pytestqt.qtbot import QtBot

from tlstudio.cli.shell import run
from tlstudio.modeling.layer_table import Dense, Dropout
from tlstudio.modeling.spec import HeadSpec, ModelSpec
from tlstudio.runs import store
from tlstudio.runs.scores import load_scores
from tlstudio.runs.store import StoredRun
from tlstudio.training.config import Optimizer
from tlstudio.ui.main_window import MainWindow
from tlstudio.ui.tabs.dataset.shares.shares_card import SharesCard
from tlstudio.ui.tabs.dataset.varied.panel import VariedCopiesPanel
from tlstudio.ui.tabs.model.cut_table import CutTable
from tlstudio.ui.tabs.model.learning.learning_page import LearningPage
from tlstudio.ui.tabs.model.learning.phase_row import PhaseRow
from tlstudio.ui.widgets.disclosure import Disclosure

pytestmark = [pytest.mark.slow, pytest.mark.qt_log_ignore("This plugin does not support", extend=True)]

CLASSES = ("daisy", "roses", "tulips")
EACH = 12
SEED = 5
LONG = 10 * MINUTES


class Chooser(Person):
    """Somebody who leaves nothing as it is recommended."""

    def open_row(self, number: int) -> None:
        """Open a phase, counted from 1, with all its settings."""
        self.wait(self._active)  # a sheet that goes takes the focus with it
        rows = [row for row in self.window.findChildren(PhaseRow) if row.isVisible()]
        row = sorted(rows, key=lambda row: row.y())[number - 1]
        row.setFocus(Qt.FocusReason.OtherFocusReason)
        next(found for found in row.findChildren(Disclosure) if found.isVisible()).set_open(True)

    def _active(self) -> bool:
        self.window.activateWindow()
        return self.window.isActiveWindow()

    def add_phase(self, words: str) -> None:
        menus = self.see(LearningPage).findChildren(QMenu)
        actions = [action for menu in menus for action in menu.actions()]
        next(action for action in reversed(actions) if action.text() == words).trigger()

    def settle(self) -> None:
        """Wait until nothing is on its way."""
        self.wait(lambda: not any(self.window.session.runner.busy(lane) for lane in ("io", "keep", "list")))


@pytest.fixture
def person(qtbot: QtBot, window: MainWindow) -> Chooser:
    return Chooser(qtbot, window)


@pytest.fixture
def photos(tmp_path: Path, link_flowers: Callable[..., Path]) -> Path:
    """Links to real flowers."""
    return link_flowers(tmp_path / "flowers", CLASSES, EACH)


def choose_photos(person: Chooser, photos: Path) -> None:
    """Another way to share them out, and varied copies."""
    person.open(photos)
    person.settle()
    card = person.see(SharesCard)
    person.press("Change", card)
    person.press("More ways", card)
    person.during_change(lambda: person.pick("Way", "First the check, then the exam"))
    person.settle()
    person.press("Varied copies of photos")
    person.see(VariedCopiesPanel).close()


def choose_network(person: Chooser, weights: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A network with weights from a file, small photos, an earlier cut, a hidden layer."""
    person.window.open("model")
    person.press("Choose myself")
    person.choose_network("mobilenet_0.25")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_, **__: (weights, ""))
    person.press("Use my own weights file")
    person.qtbot.waitUntil(lambda: person.button("Use this file").isEnabled(), timeout=LONG)  # compared in a process
    person.press("Use this file")
    person.pick("Size of the photos", "128 × 128")
    person.press("Where the network is cut")
    person.type_into("Find a layer", "conv_pw_11_relu")
    cuts = person.see(CutTable)
    assert isinstance(cuts, CutTable)
    cuts.enter()
    person.qtbot.keyClick(cuts, Qt.Key.Key_Return)
    person.press("Last layers")
    person.press("Hidden (128)")


def choose_training(person: Chooser) -> None:
    """Two short phases, another optimizer for one of them, another seed."""
    person.press("Learning")
    person.open_row(1)
    person.pick("How long", "a number of rounds")
    person.type_into("Rounds", "4")
    person.pick("Way of stepping", "SGD")
    person.type_into("Momentum", "0.9")
    person.add_phase("Refine the last blocks")
    person.open_row(2)
    person.type_into("Rounds", "2")
    person.during_change(lambda: person.type_into("Shuffle", str(SEED)))
    person.settle()


def require_chosen(stored: StoredRun, weights: str) -> None:
    """See that what was chosen is what was trained."""
    head = HeadSpec("avg", (Dense(128), Dropout(0.2)))
    assert stored.run.spec == ModelSpec("mobilenet_0.25", weights, 128, "conv_pw_11_relu", head)
    first, second = stored.run.config.phases
    assert (first.name, first.epochs, first.optimizer) == ("head", 4, Optimizer("sgd", 0.9))
    assert (second.name, second.epochs, second.optimizer) == ("fine_tune", 2, Optimizer())
    assert stored.run.config.seed == stored.run.split_config.seed == SEED
    assert stored.run.config.augmentation.views
    assert stored.run.split_config.method == "nested"


def test_what_the_window_trains_the_command_line_trains_again(
    person: Chooser, photos: Path, shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    weights = str(shared.resolve() / "weights/mobilenet_v1_0.25_224_notop.weights.h5")
    session = person.window.session
    choose_photos(person, photos)
    choose_network(person, weights, monkeypatch)
    choose_training(person)
    with person.qtbot.waitSignal(session.training_ended, timeout=LONG):
        person.press("Train")
    assert session.stored is not None
    before = session.stored
    require_chosen(before, weights)

    out = tmp_path / "again"
    assert run(["train", str(photos), "--like", str(before.folder), "--out", str(out)])[0] == 0
    after = store.load(out)
    for name in ("spec", "config", "split_config", "split", "samples", "classes", "trained_from", "weights_digest"):
        assert getattr(after.run, name) == getattr(before.run, name), name
    # Several threads add up in another order each time: the last digits differ.
    for mine, other in zip(scores_of(before), scores_of(after), strict=True):
        np.testing.assert_allclose(mine, other, atol=1e-3)


def scores_of(stored: StoredRun) -> tuple[np.ndarray, np.ndarray]:
    scores = load_scores(stored)
    return scores.validation.raw, scores.test.raw
