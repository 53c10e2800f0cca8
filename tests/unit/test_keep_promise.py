"""From what a person wants of a stored run to the options that answers are given by."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from stored_runs import make_run

from tlstudio.cli.shell import run
from tlstudio.errors import TLStudioError
from tlstudio.events import CancelToken, Event, Notice, ignore_events
from tlstudio.prediction.batch import DEFAULT_MOST_UNLIKE
from tlstudio.prediction.novelty import Novelty, save_novelty
from tlstudio.runs.store import SCORES_FILE, StoredRun
from tlstudio.runs.thresholds import (
    THRESHOLDS_FILE,
    Sureness,
    load_sureness,
    load_thresholds,
    save_sureness,
    save_thresholds,
)
from tlstudio.workflows.keep_promise import Wish, checked_answers, offers, settled
from tlstudio.workflows.present import promise_json

EXAM = 120


@pytest.fixture
def stored(class_folders: Callable[..., Path], tmp_path: Path) -> StoredRun:
    """A run of two classes with 120 exam photos and 1 to check on, all right; the later a photo, the surer."""
    found = make_run(tmp_path / "run", class_folders({"daisy": EXAM, "rose": EXAM}, size=(8, 6)))
    sure = np.linspace(0.6, 0.99, EXAM)
    rose = np.arange(EXAM) >= EXAM // 2
    test = np.where(rose[:, None], np.stack((1 - sure, sure), 1), np.stack((sure, 1 - sure), 1))
    daisy = np.array([[0.9, 0.1]])
    np.savez(found.folder / SCORES_FILE, validation=daisy.astype("f4"), test=test.astype("f4"))
    return found


def settle(stored: StoredRun, wish: Wish) -> tuple[float, dict[str, float], float, float | None]:
    options, given = settled(stored, wish, emit=ignore_events, token=CancelToken())
    own = dict(options.class_thresholds or {})
    return options.threshold, own, options.most_unlike, given.most_wrong if given else None


def test_a_promise_becomes_a_threshold_and_nothing_asked_for_is_a_half(stored: StoredRun) -> None:
    assert settle(stored, Wish()) == (0.5, {}, DEFAULT_MOST_UNLIKE, None)
    threshold, own, _unlike, promised = settle(stored, Wish(promise=0.05, hold_back=False))
    assert (threshold, own, promised) == (pytest.approx(0.6), {}, 0.05)
    assert settle(stored, Wish(threshold=0.7, hold_back=False)) == (0.7, {}, 1.0, None)


def test_what_was_kept_with_the_run_stands_until_something_else_is_asked_for(stored: StoredRun) -> None:
    save_thresholds(stored.folder, {"rose": 0.8})
    save_sureness(stored.folder, Sureness(promise=0.05))
    assert load_thresholds(stored.folder) == {"rose": 0.8}, "one is kept beside the other"
    assert settle(stored, Wish())[3] == 0.05
    assert settle(stored, Wish(promise=0.1))[3] == 0.1
    assert settle(stored, Wish(threshold=0.2))[:2] == (0.2, {})
    save_sureness(stored.folder, Sureness(threshold=0.65))
    assert settle(stored, Wish()) == (0.65, {"rose": 0.8}, DEFAULT_MOST_UNLIKE, None)
    save_thresholds(stored.folder, {})
    assert load_sureness(stored.folder) == Sureness(threshold=0.65)
    save_sureness(stored.folder, Sureness())
    assert not (stored.folder / THRESHOLDS_FILE).exists()


def test_a_run_that_holds_nothing_back_does_so_until_it_is_asked_to(stored: StoredRun) -> None:
    save_sureness(stored.folder, Sureness(threshold=0.65, hold_back=False))
    assert load_sureness(stored.folder) == Sureness(threshold=0.65, hold_back=False)
    assert settle(stored, Wish())[2] == 1.0
    assert settle(stored, Wish(threshold=0.2))[2] == 1.0
    assert settle(stored, Wish(hold_back=True))[2] == DEFAULT_MOST_UNLIKE
    save_sureness(stored.folder, Sureness())
    assert settle(stored, Wish(hold_back=False))[2] == 1.0


def test_a_promise_that_can_not_be_given_is_refused_in_words(stored: StoredRun) -> None:
    with pytest.raises(TLStudioError, match=r"With 121 photos checked, the best promise is 3 of 100\."):
        settle(stored, Wish(promise=0.02))
    told: list[Event] = []
    save_sureness(stored.folder, Sureness(promise=0.02))
    options, given = settled(stored, Wish(), emit=told.append, token=CancelToken())
    assert (options.threshold, given) == (0.5, None)
    assert any(isinstance(event, Notice) and "can't be kept any more" in event.message for event in told)


def test_a_class_goes_by_its_own_threshold_and_the_promise_covers_all_that_is_filed(stored: StoredRun) -> None:
    steps = checked_answers(stored, {"rose": 0.9})
    assert steps.checked == EXAM + 1
    surest_roses = (np.linspace(0.6, 0.99, EXAM)[EXAM // 2 :] >= 0.9).sum()
    assert steps.filed[0] == surest_roses
    assert steps.filed[-1] == surest_roses + EXAM // 2 + 1, "the other roses never are"


def test_held_out_photos_that_are_unlike_the_rest_are_not_counted_as_filed(stored: StoredRun) -> None:
    rng = np.random.default_rng(0)
    novelty = Novelty(np.eye(4, dtype=np.float32), rng.random(EXAM + 1).astype("f4"), np.zeros(0, np.float32))
    save_novelty(stored.folder, novelty)
    held_back = int((novelty.held_out_shares() > DEFAULT_MOST_UNLIKE).sum())
    assert held_back > 0
    assert checked_answers(stored, {}).filed[-1] == EXAM + 1 - held_back
    assert checked_answers(stored, {}, most_unlike=1.0).filed[-1] == EXAM + 1
    held, all_of_them = offers(stored).given[10], offers(stored, hold_back=False).given[10]
    assert held is not None
    assert all_of_them is not None
    assert held.share < all_of_them.share


def test_everything_that_can_be_offered(stored: StoredRun) -> None:
    found = offers(stored)
    assert [bool(given) for given in found.given] == [False] * 3 + [True] * 8
    assert [bool(why) for why in found.refusals] == [True] * 3 + [False] * 8
    assert (found.usual, found.checked) == (3, EXAM + 1)
    assert found.best is not None
    assert promise_json(found.best) == {
        "most_wrong": 0.03,
        "threshold": pytest.approx(0.6),
        "share": 1.0,
        "share_low": pytest.approx(0.969, abs=0.001),
        "share_high": 1.0,
        "checked": EXAM + 1,
        "certainty": 0.95,
    }
    assert promise_json(None) is None


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["--promise", "2%"], "the best promise is 3 of 100"),
        (["--promise", "many"], "many is no share of what is filed"),
        (["--promise", "120%"], "120% is no share of what is filed"),
        (["--promise", "5%", "--threshold", "0.5"], "not allowed with"),
    ],
)
def test_on_the_command_line_a_promise_is_refused_in_words(
    stored: StoredRun, given: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["predict", str(stored.folder), stored.run.root, *given])[0] == 2
    assert said in capsys.readouterr().err
