"""Pure parts of the confusion matrix."""

import numpy as np
import pytest

from tlstudio.ui.widgets.matrix_layout import (
    CELL_MAX_WIDTH,
    Hit,
    Pair,
    Selection,
    cell_sentence,
    confused_classes,
    confused_pairs,
    grid_geometry,
    right_step,
    row_shares,
    seriate,
    wrong_step,
)

CLASSES = ("daisy", "roses", "tulips")
COUNTS = ((26, 1, 0), (0, 21, 4), (0, 3, 14))


def test_pairs_come_largest_first_and_read_as_sentences() -> None:
    pairs = confused_pairs(CLASSES, COUNTS)
    assert pairs == [Pair("roses", "tulips", 4), Pair("tulips", "roses", 3), Pair("daisy", "roses", 1)]
    assert pairs[0].sentence() == "4 roses taken for tulips"
    assert pairs[2].sentence() == "1 photo of daisy taken for roses"


def test_both_directions_count_together() -> None:
    assert confused_classes(CLASSES, COUNTS) == [Pair("roses", "tulips", 7), Pair("daisy", "roses", 1)]


@pytest.mark.parametrize(
    ("true", "predicted", "count", "words"),
    [
        ("roses", "tulips", 4, "4 photos of roses taken for tulips"),
        ("roses", "roses", 1, "1 photo of roses, right"),
        ("roses", "daisy", 0, "No roses taken for daisy"),
    ],
)
def test_every_cell_can_be_spoken(true: str, predicted: str, count: int, words: str) -> None:
    assert cell_sentence(true, predicted, count) == words


@pytest.mark.parametrize(("share", "step"), [(0.0, 0), (0.49, 0), (0.5, 1), (0.7, 2), (0.85, 3), (0.95, 4), (1.0, 4)])
def test_steps_of_right_cells(share: float, step: int) -> None:
    assert right_step(share) == step


@pytest.mark.parametrize(
    ("share", "step"), [(0.01, 0), (0.04, 0), (0.05, 1), (0.12, 2), (0.16, 3), (0.26, 4), (1.0, 4)]
)
def test_steps_of_wrong_cells(share: float, step: int) -> None:
    assert wrong_step(share) == step


def test_a_row_without_photos_has_no_shares() -> None:
    assert row_shares(((0, 0), (1, 3))).tolist() == [[0, 0], [0.25, 0.75]]


def test_classes_that_are_confused_lie_side_by_side() -> None:
    counts = np.diag(np.full(30, 20))
    for a, b in ((0, 17), (17, 29), (4, 22)):
        counts[a, b] = 5
    order = seriate(counts)
    place = {index: position for position, index in enumerate(order)}
    assert sorted(order) == list(range(30))
    assert all(abs(place[a] - place[b]) == 1 for a, b in ((0, 17), (17, 29), (4, 22)))


def test_without_confusion_the_order_stays() -> None:
    assert seriate(np.diag([3, 4, 5])) == [0, 1, 2]


@pytest.mark.parametrize("n", [1, 2, 25, 151])
def test_every_class_stands_once_whatever_the_confusion(n: int) -> None:
    counts = np.random.default_rng(n).integers(0, 9, (n, n))
    assert sorted(seriate(counts)) == list(range(n))


def test_two_classes_are_compact_and_left_aligned() -> None:
    geometry = grid_geometry((0, 0, 900, 600), (2, 2), (60, 60), (40, 40))
    assert geometry.cell_width == CELL_MAX_WIDTH
    assert geometry.cell_height == 48
    assert geometry.right < 400


@pytest.mark.parametrize("n", [2, 3, 5, 12, 24])
@pytest.mark.parametrize("width", [476, 632])
def test_cells_lie_inside_the_box_and_are_hit_where_they_lie(n: int, width: int) -> None:
    geometry = grid_geometry((10, 20, width, 700), (n, n), [90.0] * n, [70.0] * n)
    assert geometry.right <= 10 + width
    for row in range(n):
        for column in range(n):
            x, y, w, h = geometry.cell(row, column)
            assert geometry.hit(x + w / 2, y + h / 2) == Hit(row, column)
    _, y, _, h = geometry.cell(n - 1, 0)
    assert geometry.hit(15, y + h / 2) == Hit(n - 1, None)
    assert geometry.hit(geometry.left + 1, geometry.top - 5) == Hit(None, 0)
    assert geometry.hit(5, 5) is None


def test_names_that_do_not_fit_are_turned() -> None:
    assert not grid_geometry((0, 0, 600, 400), (5, 5), [60.0] * 5, [60.0] * 5).turned
    assert grid_geometry((0, 0, 600, 400), (12, 12), [60.0] * 12, [60.0] * 12).turned


def test_arrows_walk_from_cells_to_names_and_back() -> None:
    assert Selection(1, 1).moved(0, 1, 3) == Selection(1, 2)
    assert Selection(1, 2).moved(0, 1, 3) == Selection(1, 2)
    assert Selection(1, 0).moved(0, -1, 3) == Selection(1, None)
    assert Selection(1, None).moved(0, 1, 3) == Selection(1, 0)
    assert Selection(0, 2).moved(-1, 0, 3) == Selection(None, 2)
    assert Selection(None, 2).moved(1, 0, 3) == Selection(0, 2)
    assert Selection(0, None).moved(-1, 0, 3) == Selection(0, None)
