"""What the curves show, without a window."""

import numpy as np
import pytest

from tlstudio.events import EpochEnded
from tlstudio.training.history import History
from tlstudio.ui.widgets.curve_data import CurveData, decimated, nice_ticks, round_ticks, spread


def epoch(phase: int, index: int, accuracy: float = 0.8, val_accuracy: float | None = 0.7) -> EpochEnded:
    return EpochEnded(phase, index, 0.5, accuracy, 0.6, val_accuracy, 1.0, 1e-3, best=True)


def test_the_end_of_a_round_takes_the_place_of_its_batches() -> None:
    data = CurveData(2)
    data.add_phase("head", 2)
    data.add_batch(0.5, 0.3, 1.5)
    data.add_epoch(1, 0.5, 1.2, 0.6, 1.1)
    data.add_batch(1.5, 0.9, 0.4)
    assert data.points("accuracy")[0].tolist() == [0.5, 1, 1.5]
    data.add_epoch(2, 0.7, 0.9, 0.8, 0.8)
    x, y = data.points("accuracy")
    assert x.tolist() == [0.5, 1, 2]
    assert y.tolist() == pytest.approx([30, 50, 70])


def test_a_phase_that_ends_early_shortens_the_axis() -> None:
    data = CurveData(20)
    data.add_phase("head", 10)
    for number in range(1, 5):
        data.add_epoch(number, 0.5, 1, 0.5, 1)
    assert data.reach == 20
    data.add_phase("fine_tune", 10)
    assert data.reach == 14
    assert [(phase.title, phase.start, phase.end) for phase in data.phases()] == [
        ("Learn the classes", 0, 4),
        ("Refine", 4, 14),
    ]
    data.end_phase()
    assert data.reach == 4


def test_rounds_without_validation_photos_leave_that_curve_empty() -> None:
    data = CurveData(1)
    data.add_epoch(1, 0.5, 1.0, None, None)
    data.add_epoch(2, 0.5, float("nan"), None, None)
    assert len(data.points("val_accuracy")[0]) == 0
    assert len(data.points("loss")[0]) == 1
    assert data.read(2) == {"accuracy": 50}


def test_a_history_counts_rounds_through_its_phases() -> None:
    data = CurveData.of(History(("head", "fine_tune"), (epoch(0, 0), epoch(0, 1), epoch(1, 0))))
    assert data.points("val_loss")[0].tolist() == [1, 2, 3]
    assert [phase.end for phase in data.phases()] == [2, 3]


def test_many_points_are_thinned_and_keep_both_ends() -> None:
    x, y = decimated(list(range(50_000)), list(range(50_000)))
    assert len(x) == 2000
    assert (x[0], y[-1]) == (0, 49_999)
    assert np.all(np.diff(x) > 0)


@pytest.mark.parametrize(
    ("top", "ticks"), [(2.0, [0, 0.5, 1, 1.5, 2]), (0.2, [0, 0.05, 0.1, 0.15, 0.2]), (12, [0, 5, 10])]
)
def test_ticks_are_round_numbers(top: float, ticks: list[float]) -> None:
    assert nice_ticks(top) == pytest.approx(ticks)


@pytest.mark.parametrize("reach", [1, 3, 20, 147, 2000])
def test_few_rounds_are_named(reach: float) -> None:
    rounds = round_ticks(reach)
    assert 1 <= len(rounds) <= 8
    assert rounds[-1] <= reach


@pytest.mark.parametrize("centers", [[50.0, 52.0], [0.0, 0.0], [100.0, 99.0], [10.0, 90.0], [40.0], []])
def test_labels_stay_apart_and_inside(centers: list[float]) -> None:
    placed = spread(centers, 18, 0, 100)
    assert all(9 <= middle <= 91 for middle in placed)
    assert all(abs(a - b) >= 18 - 1e-9 for i, a in enumerate(placed) for b in placed[:i])
