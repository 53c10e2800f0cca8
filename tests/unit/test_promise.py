"""Promises: what they stand on, when they are kept, and when they are refused."""

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import binom

from tlstudio.evaluation.promise import (
    Ladder,
    best_promise,
    fewest_photos,
    ladder,
    promise,
    promise_sentence,
    refusal,
)


def checked(scores: NDArray[np.float64], chance_right: NDArray[np.float64], seed: int) -> Ladder:
    """Photos with these scores, each right by chance."""
    rng = np.random.default_rng(seed)
    return ladder(scores, rng.random(len(scores)) < chance_right)


def all_right(count: int) -> Ladder:
    return ladder(np.linspace(0.2, 1, count), np.ones(count, np.bool_))


@pytest.mark.parametrize(("most_wrong", "fewest"), [(0.01, 299), (0.02, 149), (0.05, 59), (0.1, 29)])
def test_so_many_right_ones_are_needed_and_enough(most_wrong: float, fewest: int) -> None:
    assert fewest_photos(most_wrong) == fewest
    assert promise(all_right(fewest - 1), most_wrong) is None
    given = promise(all_right(fewest), most_wrong)
    assert given is not None
    assert (given.filed, given.wrong, given.checked, given.share) == (fewest, 0, fewest, 1.0)
    assert given.threshold == pytest.approx(0.2)


def test_as_few_wrong_ones_come_by_chance_in_one_of_twenty_cases() -> None:
    steps = checked(np.linspace(0, 1, 2000), np.linspace(0.5, 1.1, 2000), seed=3)
    given = promise(steps, 0.05)
    assert given is not None
    assert binom.cdf(given.wrong, given.filed, 0.05) <= 0.05
    below = int(np.argmax(steps.filed > given.filed))
    assert binom.cdf(steps.wrong[below], steps.filed[below], 0.05) > 0.05, "the next one fails"


@pytest.mark.parametrize("count", [120, 300, 1000])
def test_a_model_that_is_worse_than_promised_at_any_score_gets_no_promise_in_19_of_20_cases(count: int) -> None:
    scores, chance = np.linspace(0, 1, count), np.full(count, 0.95 - 1e-6)
    broken = sum(promise(checked(scores, chance, seed), 0.05) is not None for seed in range(600))
    assert broken / 600 <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 600)


@pytest.mark.parametrize("most_wrong", [0.02, 0.05, 0.1])
def test_what_is_filed_is_as_right_as_promised_in_19_of_20_cases(most_wrong: float) -> None:
    """The surest are nearly always right, the others less and less: what is wrong in truth is known here."""
    broken = given_at_all = 0
    for seed in range(400):
        scores = np.sort(np.random.default_rng(1000 + seed).random(1000))
        found = promise(checked(scores, 1 - 0.3 * (1 - scores) ** 2, seed), most_wrong)
        if found is not None:
            given_at_all += 1
            # Of scores spread evenly from t to 1, so many are wrong on average: the integral of the chance over them.
            broken += 0.1 * (1 - found.threshold) ** 2 > most_wrong
    assert given_at_all > 100
    assert broken / 400 <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 400)


def test_a_looser_promise_never_files_less() -> None:
    for seed in range(60):
        rng = np.random.default_rng(seed)
        scores = rng.random(int(rng.integers(40, 500))).round(2)
        steps = checked(scores, 1 - rng.random() * (1 - scores), seed)
        filed = [found.filed if found else 0 for found in (promise(steps, share / 100) for share in range(0, 60, 2))]
        assert filed == sorted(filed)


def test_answers_that_are_equally_sure_are_filed_together() -> None:
    right = np.ones(200, np.bool_)
    right[:8] = False
    steps = ladder(np.repeat([0.9, 0.99], 100), right)
    assert steps.filed.tolist() == [100, 200]
    given = promise(steps, 0.05)
    assert given is not None
    assert (given.filed, given.threshold) == (100, 0.99)


def test_what_is_never_filed_counts_and_what_is_always_filed_comes_first() -> None:
    scores = np.concatenate((np.full(20, np.inf), np.linspace(0.5, 1, 80), np.full(100, -np.inf)))
    right = np.ones(200, np.bool_)
    given = promise(ladder(scores, right), 0.05)
    assert given is not None
    assert (given.filed, given.checked, given.threshold) == (100, 200, 0.5)
    right[:20] = False
    assert promise(ladder(scores, right), 0.05) is None, "what is filed in any case breaks it"


def test_nothing_is_promised_of_nothing() -> None:
    nobody = ladder(np.zeros(0), np.zeros(0, np.bool_))
    assert promise(nobody, 0.05) is None
    assert promise(all_right(1000), 0.0) is None
    assert promise(ladder(np.full(9, -np.inf), np.ones(9, np.bool_)), 0.1) is None
    assert str(refusal(nobody, 0.02)).startswith("No photos were kept to check it on, so nothing can be promised.")


def test_the_sentence_says_what_is_filed_and_how_far_that_may_be_off() -> None:
    scores = np.linspace(0, 1, 1000)
    given = promise(ladder(scores, scores > 0.13), 0.02)
    assert given is not None
    words = promise_sentence(given)
    assert words == "At most 2 of 100 wrong: about 88 of 100 (85 to 90) are filed by themselves, 12 are for you."


def test_refusals_say_what_can_be_promised_and_what_helps() -> None:
    few = all_right(60)
    best = best_promise(few)
    assert best is not None
    assert best.most_wrong == 0.05
    reason = refusal(few, 0.02)
    assert reason.message == "With 60 photos checked, the best promise is 5 of 100."
    assert reason.hint == "A promise of 2 of 100 takes at least 149 that were not learnt from."
    assert refusal(all_right(2), 0.02).message == "With 2 photos checked, nothing can be promised."
    wrong = ladder(np.linspace(0, 1, 400), np.arange(400) % 5 > 0)
    assert "mistakes" in refusal(wrong, 0.02).hint
