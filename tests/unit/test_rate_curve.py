"""What a search for a learning rate makes of the losses that it saw."""

import numpy as np
import pytest

from tlstudio.errors import TLStudioError
from tlstudio.training.rate_curve import Ramp, RateCurve, rounded_rate

RAMP = Ramp(1e-6, 1.0, 120)


def curve(fall: float = 1.0, noise: float = 0.05, steepest: float = 1e-3) -> RateCurve:
    """A loss that falls around one rate, and grows beyond 0.1."""
    rates = np.array([RAMP.rate(step) for step in range(RAMP.steps)])
    losses = 1.6 - fall / (1 + (steepest / rates) ** 1.5) + np.where(rates > 0.1, (rates / 0.1) ** 2, 0)
    losses += np.random.default_rng(0).normal(0, noise, len(rates))
    return RateCurve(tuple(rates), tuple(losses))


def test_rates_grow_by_a_factor() -> None:
    rates = [RAMP.rate(step) for step in range(RAMP.steps)]
    assert (rates[0], rates[-1]) == (pytest.approx(1e-6), pytest.approx(1.0))
    factors = np.array(rates[1:]) / rates[:-1]
    assert factors == pytest.approx(np.full(RAMP.steps - 1, factors[0]))


@pytest.mark.parametrize("steepest", [1e-4, 1e-3, 1e-2])
def test_the_steepest_place_is_suggested(steepest: float) -> None:
    assert 0.4 * steepest <= curve(steepest=steepest).suggestion <= 2.5 * steepest


def test_chance_is_no_suggestion() -> None:
    with pytest.raises(TLStudioError, match="fall clearly"):
        _ = curve(fall=0.0).suggestion
    with pytest.raises(TLStudioError, match="fall clearly"):
        _ = RateCurve((), ()).suggestion


def test_the_table_begins_and_ends_with_the_curve() -> None:
    found = curve()
    table = found.table(10)
    assert len(table) == 10
    assert (table[0][0], table[-1][0]) == (found.rates[0], found.rates[-1])
    assert table[0][1] == found.smoothed[0]
    assert RateCurve((), ()).table() == ()
    assert len(RateCurve((1.0, 2.0), (1.0, 1.0)).table()) == 2


def test_smoothing_doesnt_shift() -> None:
    step = RateCurve(tuple(range(1, 42)), tuple([1.0] * 20 + [0.5] + [0.0] * 20))
    assert step.smoothed[20] == pytest.approx(0.5)


@pytest.mark.parametrize("settings", [(0.0, 1.0, 100), (1.0, 0.1, 100), (1e-3, 1.0, 2)])
def test_an_impossible_ramp_is_refused(settings: tuple[float, float, int]) -> None:
    with pytest.raises(ValueError, match="rate"):
        Ramp(*settings)


def test_a_suggestion_has_one_digit() -> None:
    assert rounded_rate(0.00347) == 0.003
