"""The paired test: it claims a difference where there is one, and hardly ever where there is none."""

import numpy as np
import pytest
from scipy.stats import binomtest

from tlstudio.evaluation.paired import LEVEL, Paired, adjusted, better, compare_answers, evidence, headline


def paired(only_first: int, only_second: int, both_right: int = 50, both_wrong: int = 10) -> Paired:
    first = [True] * both_right + [False] * both_wrong + [True] * only_first + [False] * only_second
    second = [True] * both_right + [False] * both_wrong + [False] * only_first + [True] * only_second
    return compare_answers(first, second)


def test_the_counts_add_up() -> None:
    found = paired(3, 8)
    assert (found.photos, found.both_right, found.only_first, found.only_second, found.both_wrong) == (71, 50, 3, 8, 10)
    assert found.gain == pytest.approx(5 / 71)


@pytest.mark.parametrize(("only_first", "only_second"), [(0, 1), (3, 8), (1, 9), (20, 4), (5, 5), (0, 6), (400, 380)])
def test_the_p_value_is_the_exact_binomial_one(only_first: int, only_second: int) -> None:
    expected = binomtest(only_first, only_first + only_second).pvalue
    assert paired(only_first, only_second).p_value == pytest.approx(expected)


def test_without_a_difference_nothing_is_surprising() -> None:
    assert paired(0, 0).p_value == 1.0
    assert compare_answers([], []).p_value == 1.0


def test_photos_that_both_get_right_or_wrong_say_nothing() -> None:
    assert paired(1, 9).p_value == paired(1, 9, both_right=5000, both_wrong=0).p_value


def test_answers_on_other_photos_are_refused() -> None:
    with pytest.raises(ValueError, match="not on the same photos"):
        compare_answers([True, False], [True])


@pytest.mark.parametrize(("photos", "accuracy"), [(30, 0.7), (130, 0.9), (600, 0.55)])
def test_equally_good_models_are_told_apart_in_five_of_hundred_tests_at_most(photos: int, accuracy: float) -> None:
    rng = np.random.default_rng([photos, 7])
    hard = rng.random((2000, photos)) < 0.5  # photos on which models err together
    share = np.where(hard, 2 * accuracy - 1, 1.0)
    pairs = zip(rng.random(share.shape) < share, rng.random(share.shape) < share, strict=True)
    claimed = sum(better(compare_answers(first, second)) != "unknown" for first, second in pairs)
    assert claimed / 2000 <= LEVEL


def test_among_six_equally_good_models_a_winner_is_claimed_in_five_of_hundred_tables_at_most() -> None:
    rng = np.random.default_rng(3)
    claimed = 0
    for _ in range(400):
        right = rng.random((6, 120)) < 0.8
        values = [compare_answers(right[a], right[b]).p_value for a in range(6) for b in range(a)]
        claimed += min(adjusted(values)) < LEVEL
    assert claimed / 400 <= LEVEL


def test_a_clear_difference_is_found() -> None:
    rng = np.random.default_rng(5)
    found = [better(compare_answers(rng.random(300) < 0.75, rng.random(300) < 0.9)) for _ in range(100)]
    assert found.count("second") > 90
    assert "first" not in found


def test_holm_never_lowers_a_p_value_and_keeps_their_order() -> None:
    assert adjusted([0.01, 0.04, 0.03]) == pytest.approx((0.03, 0.06, 0.06))
    assert adjusted([]) == ()
    assert adjusted([0.9, 0.8]) == (1.0, 1.0)


def test_it_is_said_in_words() -> None:
    assert headline(paired(1, 12), "A", "B") == "B is better than A."
    assert headline(paired(12, 1), "A", "B") == "A is better than B."
    assert headline(paired(3, 5), "A", "B") == "No clear winner between B and A."
    assert evidence(paired(0, 12), "A", "B") == (
        "Of 72 photos, only B gets 12 right, and only A none. "
        "Chance alone brings a difference like this less than once in 100 comparisons."
    )
    assert "Chance alone brings a difference like this in 73 of 100 comparisons" in evidence(paired(3, 5), "A", "B")
    assert "With so many pairs compared, chance alone brings" in evidence(paired(3, 5), "A", "B", 0.9)
    assert evidence(paired(0, 0), "A", "B") == "They are right and wrong on the same photos, all 60."


def test_many_pairs_ask_for_clearer_differences() -> None:
    close = paired(3, 12)
    assert better(close) == "second"
    assert better(close, adjusted([close.p_value] * 6)[0]) == "unknown"
