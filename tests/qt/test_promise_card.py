"""What the model files by itself: the promise, the plain threshold behind it, and what is kept with the run."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QSlider
from pytestqt.qtbot import QtBot
from stored_runs import make_run

from tlstudio.prediction.novelty import Novelty, save_novelty
from tlstudio.runs.store import SCORES_FILE, StoredRun
from tlstudio.runs.thresholds import Sureness, load_sureness, save_sureness
from tlstudio.ui.session import Session
from tlstudio.ui.tabs.predict.sureness.promise_card import PromiseCard, PromiseKeeper
from tlstudio.ui.widgets.buttons import IconButton
from tlstudio.ui.widgets.labels import TextLabel
from tlstudio.ui.widgets.toggles import Switch

# The offscreen platform says so of every window.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

EXAM = 120


def run_with(folder: Path, root: Path, mistakes: int) -> StoredRun:
    """A run with 120 exam photos, the least sure of which are wrong."""
    stored = make_run(folder, root)
    sure = np.linspace(0.99, 0.6, EXAM)
    rose = np.arange(EXAM) >= EXAM // 2
    told = rose ^ (np.arange(EXAM) >= EXAM - mistakes)
    test = np.where(told[:, None], np.stack((1 - sure, sure), 1), np.stack((sure, 1 - sure), 1))
    np.savez(stored.folder / SCORES_FILE, validation=np.array([[0.98, 0.02]], "f4"), test=test.astype("f4"))
    return stored


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """240 files; nobody opens them."""
    folder = tmp_path_factory.mktemp("photos")
    for name in ("daisy", "rose"):
        (folder / name).mkdir()
        for number in range(EXAM):
            (folder / name / f"{number:03}.jpg").write_bytes(f"{name} {number}".encode())
    return folder


@pytest.fixture
def stored(tmp_path: Path, root: Path) -> StoredRun:
    return run_with(tmp_path / "run", root, mistakes=10)


@pytest.fixture
def card(qtbot: QtBot) -> PromiseCard:
    made = PromiseCard()
    qtbot.addWidget(made)
    made.setFixedWidth(288)
    made.show()
    return made


@pytest.fixture
def keeper(session: Session, card: PromiseCard) -> PromiseKeeper:
    return PromiseKeeper(session, card, card)


def shown(card: PromiseCard) -> str:
    return " | ".join(label.text() for label in card.findChildren(TextLabel) if label.isVisible())


def slider(card: PromiseCard) -> QSlider:
    (found,) = (each for each in card.findChildren(QSlider) if each.isVisible())
    return found


def use(qtbot: QtBot, keeper: PromiseKeeper, card: PromiseCard, stored: StoredRun, words: str) -> None:
    keeper.set_run(stored)
    qtbot.waitUntil(lambda: words in shown(card), timeout=20_000)


def turn(card: PromiseCard, words: str) -> None:
    (more,) = card.findChildren(IconButton)
    (action,) = (action for action in more.menu().actions() if action.text() == words)
    assert action.isEnabled()
    action.trigger()


def test_it_begins_with_two_of_100_or_the_fewest_that_can_be_promised(
    qtbot: QtBot, keeper: PromiseKeeper, card: PromiseCard, stored: StoredRun
) -> None:
    use(qtbot, keeper, card, stored, "At most 3 of 100 wrong")
    assert "92 of 100 filed | 8 for you" in shown(card)
    assert "Checked on 121 photos. Likely 85 to 96 of 100 are filed." in shown(card)
    assert 0.6 < card.threshold < 0.7


def test_fewer_mistakes_leave_more_to_look_at_while_it_is_moved_by_key(
    qtbot: QtBot, keeper: PromiseKeeper, card: PromiseCard, stored: StoredRun
) -> None:
    use(qtbot, keeper, card, stored, "At most 3 of 100 wrong")
    thresholds: list[float] = []
    card.threshold_changed.connect(thresholds.append)
    for _ in range(7):
        qtbot.keyClick(slider(card), Qt.Key.Key_Right)
    assert "At most 10 of 100 wrong" in shown(card)
    assert thresholds == sorted(thresholds, reverse=True)
    assert thresholds[-1] < thresholds[0]
    qtbot.keyClick(slider(card), Qt.Key.Key_Home)
    assert "Nothing is filed by itself: all photos are for you." in shown(card)
    assert card.threshold == float("inf")


def test_what_can_not_be_promised_is_refused_in_words_with_the_best_there_is(
    qtbot: QtBot, keeper: PromiseKeeper, card: PromiseCard, stored: StoredRun
) -> None:
    use(qtbot, keeper, card, stored, "At most 3 of 100 wrong")
    slider(card).setValue(2)
    assert "With 121 photos checked, the best promise is 3 of 100." in shown(card)
    assert card.threshold == float("inf"), "nothing is filed on a promise that is not given"
    (instead,) = (button for button in card.findChildren(QPushButton) if button.isVisible())
    assert instead.text() == "Promise 3 of 100"
    qtbot.mouseClick(instead, Qt.MouseButton.LeftButton)
    assert "92 of 100 filed" in shown(card)


def test_the_plain_threshold_is_one_click_away_and_all_of_it_is_kept_with_the_run(
    qtbot: QtBot, keeper: PromiseKeeper, card: PromiseCard, stored: StoredRun
) -> None:
    use(qtbot, keeper, card, stored, "At most 3 of 100 wrong")
    slider(card).setValue(5)
    qtbot.waitUntil(lambda: load_sureness(stored.folder) == Sureness(promise=0.05), timeout=5000)
    turn(card, "Set the threshold myself")
    assert "Sure from 50 %" in shown(card)
    slider(card).setValue(80)
    assert card.threshold == 0.8
    keeper.set_run(None)
    assert load_sureness(stored.folder) == Sureness(threshold=0.8), "kept at once, not only after a while"
    use(qtbot, keeper, card, stored, "Sure from 80 %")
    turn(card, "Promise how few are wrong")
    keeper.set_run(None)
    use(qtbot, keeper, card, stored, "At most 3 of 100 wrong")


def test_a_promise_that_was_kept_is_shown_again_even_where_it_can_not_be_given(
    qtbot: QtBot, keeper: PromiseKeeper, card: PromiseCard, stored: StoredRun
) -> None:
    save_sureness(stored.folder, Sureness(promise=0.01))
    use(qtbot, keeper, card, stored, "At most 1 of 100 wrong")
    assert "the best promise is 3 of 100" in shown(card)


def test_what_is_unlike_is_held_back_unless_it_is_switched_off_and_the_promise_follows(
    qtbot: QtBot, keeper: PromiseKeeper, card: PromiseCard, stored: StoredRun
) -> None:
    surest_most_unlike = np.linspace(1, 0, EXAM + 1, dtype="f4")
    save_novelty(stored.folder, Novelty(np.eye(4, dtype="f4"), surest_most_unlike, np.zeros(0, "f4")))
    use(qtbot, keeper, card, stored, "At most")
    slider(card).setValue(5)
    held_back = shown(card)
    (switch,) = card.findChildren(Switch)
    assert switch.isChecked()
    qtbot.keyClick(switch, Qt.Key.Key_Space)
    assert not card.hold_back
    assert "At most 5 of 100 wrong" in shown(card)
    assert shown(card) != held_back, "more is filed, on another threshold"
    qtbot.waitUntil(lambda: load_sureness(stored.folder) == Sureness(promise=0.05, hold_back=False), timeout=5000)
    turn(card, "Set the threshold myself")
    keeper.set_run(None)
    assert load_sureness(stored.folder) == Sureness(threshold=0.5, hold_back=False)
    keeper.set_run(stored)
    qtbot.waitUntil(lambda: not switch.isChecked())
    (stored.folder / SCORES_FILE).unlink()
    use(qtbot, keeper, card, stored, "missing or damaged")
    assert not switch.isChecked(), "what can't be promised has nothing to do with it"


def test_a_run_that_can_promise_nothing_goes_by_the_threshold_and_says_why(
    qtbot: QtBot, keeper: PromiseKeeper, card: PromiseCard, root: Path, tmp_path: Path
) -> None:
    bad = run_with(tmp_path / "bad", root, mistakes=EXAM)
    use(qtbot, keeper, card, bad, "With 121 photos checked, nothing can be promised.")
    assert card.threshold == 0.5
    (more,) = card.findChildren(IconButton)
    assert [action.isEnabled() for action in more.menu().actions()] == [False, True]
    (bad.folder / SCORES_FILE).unlink()
    keeper.set_run(bad)
    qtbot.waitUntil(lambda: "missing or damaged" in shown(card), timeout=20_000)


def test_it_says_how_the_answers_that_are_there_fall(
    qtbot: QtBot, keeper: PromiseKeeper, card: PromiseCard, stored: StoredRun
) -> None:
    use(qtbot, keeper, card, stored, "At most 3 of 100 wrong")
    card.show_counts(5402, 790)
    assert "Here: 5,402 filed, 790 for you." in shown(card)
    card.show_counts(0, 0)
    assert "Here:" not in shown(card)
