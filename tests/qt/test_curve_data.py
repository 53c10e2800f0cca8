"""What the curves show, without a window."""

import numpy as np
import pytest

from tlstudio.events import EpochEnded
from tlstudio.training.history import History
from tlstudio.ui.widgets.curve_data import CurveData
from tlstudio.ui.widgets.curve_scales import log_ticks, nice_ticks, round_ticks, scale_for, spread, ticks_between
from tlstudio.ui.widgets.curve_shaping import clipped, smoothed, thinned
from tlstudio.ui.widgets.curve_words import round_in_words
from tlstudio.ui.widgets.curve_zoom import panned, zoomed


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


def test_of_hundreds_of_rounds_that_may_come_the_axis_shows_forty() -> None:
    data = CurveData(400)
    data.add_phase("head", 400)
    for number, reach in ((1, 40), (40, 40), (41, 80), (81, 160)):
        data.add_epoch(number, 0.5, 1, 0.5, 1)
        assert data.reach == reach
    data.end()
    assert data.reach == 81


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


def test_every_phase_has_its_own_part_of_each_curve() -> None:
    """Three phases of different lengths: what one learnt is drawn nowhere but over its own rounds."""
    lengths = (3, 4, 2)
    epochs = tuple(
        EpochEnded(phase, index, phase + index / 10, phase / 10, phase + 0.5, phase / 20, 1.0, 10.0**-phase, best=True)
        for phase, length in enumerate(lengths)
        for index in range(length)
    )
    data = CurveData.of(History(("head", "fine_tune", "fine_tune"), epochs))
    spans = data.phases()
    assert [(span.title, span.start, span.end) for span in spans] == [
        ("Learn the classes", 0, 3),
        ("Refine", 3, 7),
        ("Refine 2", 7, 9),
    ]
    for phase, span in enumerate(spans):
        for name, expected in (
            ("accuracy", [phase * 10.0] * lengths[phase]),
            ("val_accuracy", [phase * 5.0] * lengths[phase]),
            ("loss", [phase + index / 10 for index in range(lengths[phase])]),
            ("val_loss", [phase + 0.5] * lengths[phase]),
            ("rate", [10.0**-phase] * lengths[phase]),
        ):
            x, y = data.points(name)
            inside = (x > span.start) & (x <= span.end)
            assert y[inside].tolist() == pytest.approx(expected), (name, span.title)
    assert [data.phase_of(number) for number in (3, 4, 7, 8)] == ["Learn the classes", "Refine", "Refine", "Refine 2"]


def test_gathered_or_opened_the_curves_are_the_same() -> None:
    history = History(("head", "fine_tune"), (epoch(0, 0), epoch(0, 1, 0.9, None), epoch(1, 0)))
    opened, gathered = CurveData.of(history), CurveData(40)
    gathered.add_phase("head", 20)
    for number, row in enumerate(history.epochs, 1):
        if number == 3:
            gathered.add_phase("fine_tune", 20)
        figures = row.accuracy, row.loss, row.val_accuracy, row.val_loss
        gathered.add_epoch(number, *figures, rate=row.learning_rate)
    gathered.end_phase()
    assert gathered.phases() == opened.phases()
    assert gathered.reach == opened.reach
    for name in ("accuracy", "loss", "val_accuracy", "val_loss", "rate"):
        for mine, other in zip(gathered.points(name), opened.points(name), strict=True):
            assert mine.tolist() == other.tolist(), name


def test_all_batches_are_there_for_who_wants_them() -> None:
    data = CurveData(3)
    for number in range(3):
        for step in (1, 2):
            data.add_batch(number + step / 2, 0.5, 1.0)
        data.add_epoch(number + 1, 0.5, 1.0, None, None)
    assert data.points("loss")[0].tolist() == [0.5, 1, 2, 3]
    assert data.points("loss", within=True)[0].tolist() == [0.5, 1, 1.5, 2, 2.5, 3]
    assert data.has_batches


def test_thinning_keeps_the_extremes_of_every_column_and_both_ends() -> None:
    rng = np.random.default_rng(3)
    x, y = np.arange(1.0, 50_001.0), rng.normal(size=50_000)
    few_x, few_y = thinned((x, y), 880)
    assert len(few_x) <= 2 * 880 + 2
    assert (few_x[0], few_x[-1]) == (1, 50_000)
    assert np.all(np.diff(few_x) > 0)
    columns, few = (((places - 1) * (880 / 49_999)).astype(int).clip(0, 879) for places in (x, few_x))
    for column in range(880):
        assert few_y[few == column].min() == y[columns == column].min()
        assert few_y[few == column].max() == y[columns == column].max()


def test_few_points_stay_as_they_are() -> None:
    points = (np.arange(10.0), np.zeros(10))
    assert thinned(points, 880) is points


def test_a_part_of_a_curve_begins_and_ends_where_its_lines_cross_the_edges() -> None:
    x, y = clipped((np.array([1.0, 2, 3, 4]), np.array([10.0, 20, 30, 40])), 1.5, 3.25)
    assert x.tolist() == [1.5, 2, 3, 3.25]
    assert y.tolist() == [15, 20, 30, 32.5]
    x, _ = clipped((np.array([1.0, 2]), np.array([1.0, 2])), 5, 6)
    assert not len(x)


@pytest.mark.parametrize("weight", [0.0, 0.6, 0.99])
def test_smoothing_is_a_moving_average_that_begins_anew_with_each_phase(weight: float) -> None:
    values = np.random.default_rng(1).normal(size=300)
    expected = []
    for part in (values[:120], values[120:]):
        average, total = 0.0, 0.0
        for value in part:
            average, total = weight * average + (1 - weight) * value, weight * total + (1 - weight)
            expected.append(average / total)
    assert smoothed(values, weight, (0, 120)).tolist() == pytest.approx(expected, abs=1e-7)


def test_a_round_in_words() -> None:
    data = CurveData.of(History(("head", "fine_tune"), (epoch(0, 0), epoch(1, 0))))
    assert round_in_words(data, 2, rate=True) == [
        "Round 2, Refine",
        "Not seen: 70.0 % right, error 0.60",
        "Learns from: 80.0 % right, error 0.50",
        "Learning rate: 0.001",
    ]


def test_zooming_keeps_the_round_under_the_mouse_and_stays_inside() -> None:
    assert zoomed(None, 100, 40, 2) == (20, 70)
    assert zoomed((20, 70), 100, 40, 0.5) is None
    assert zoomed((20, 70), 100, 20, 5) == (20, 30)
    assert zoomed(None, 100, 100, 4) == (75, 100)
    assert zoomed((10, 12), 100, 11, 10) == (10, 12), "two rounds are the fewest"
    assert panned((20, 70), 100, 50) == (50, 100)
    assert panned((20, 70), 100, -50) == (0, 50)
    assert panned(None, 100, 5) is None


@pytest.mark.parametrize(
    ("kind", "low", "high", "log", "close", "words"),
    [
        ("percent", 20, 99, False, False, ["0 %", "25 %", "50 %", "75 %", "100 %"]),
        ("percent", 96, 99, False, True, ["96 %", "97 %", "98 %", "99 %"]),
        ("error", 0.05, 1.8, False, False, ["0.0", "0.5", "1.0", "1.5"]),
        ("error", 0.05, 1.8, True, False, ["0.05", "0.1", "0.2", "0.5", "1"]),
        ("error", 0.301, 0.302, True, False, ["0.3", "0.4"]),
        ("rate", 1e-5, 1e-3, False, False, ["1e-05", "3e-05", "0.0001", "0.0003", "0.001"]),
        ("rate", 1e-3, 1e-3, False, False, ["0", "0.0005", "0.001"]),
    ],
)
def test_scales_name_round_numbers(
    kind: str, low: float, high: float, log: bool, close: bool, words: list[str]
) -> None:
    scale = scale_for(kind, low, high, log=log, close=close)
    assert [word for _, word in scale.ticks] == words
    assert all(scale.bottom <= place <= scale.top for place, _ in scale.ticks)


def test_ticks_on_a_part_of_the_axis() -> None:
    assert ticks_between(96.4, 99.7) == pytest.approx([97, 98, 99])
    assert log_ticks(1e-9, 10) == pytest.approx([1e-9, 1e-7, 1e-5, 1e-3, 0.1, 10])
    assert round_ticks(3100, 8, 2900)[0] >= 2900


@pytest.mark.parametrize(
    ("top", "ticks"), [(2.0, [0, 0.5, 1, 1.5, 2]), (0.2, [0, 0.05, 0.1, 0.15, 0.2]), (12, [0, 5, 10])]
)
def test_ticks_are_round_numbers(top: float, ticks: list[float]) -> None:
    assert nice_ticks(top) == pytest.approx(ticks)


@pytest.mark.parametrize("reach", [1, 3, 20, 147, 2000, 5000, 200_000])
def test_few_rounds_are_named(reach: float) -> None:
    rounds = round_ticks(reach)
    assert 1 <= len(rounds) <= 8
    assert rounds[-1] <= reach


@pytest.mark.parametrize(
    "centers",
    [[50.0, 52.0], [0.0, 0.0], [100.0, 99.0], [10.0, 90.0], [40.0], [50.0, 51.0, 40.0, 70.0], [99.0, 98.0, 97.0], []],
)
def test_labels_stay_apart_and_inside(centers: list[float]) -> None:
    placed = spread(centers, 18, 0, 100)
    assert all(9 <= middle <= 91 for middle in placed)
    assert all(abs(a - b) >= 18 - 1e-9 for i, a in enumerate(placed) for b in placed[:i])
