"""Shortcuts, maps and learning curves, where what is to be found was planted."""

import numpy as np
import pytest

from tlstudio.errors import Cancelled
from tlstudio.evaluation.learning_curve import measure_learning_curve, power_law
from tlstudio.evaluation.projection import neighbour_map, principal_components, some_of
from tlstudio.evaluation.shortcuts import find_marks, judge_clue, right_by_files
from tlstudio.events import CancelToken, Emit
from tlstudio.modeling.border import with_grey_middle

LABELS = np.repeat([0, 1], 100)


def some_right(share: float, seed: int = 0) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
    return np.random.default_rng(seed).random(200) < share


def test_a_border_as_good_as_the_photo_is_a_worry_and_one_that_tells_a_little_is_none() -> None:
    whole = some_right(0.97)
    assert judge_clue("border", some_right(0.97, 1), whole, LABELS).alarming
    assert not judge_clue("border", some_right(0.75, 1), whole, LABELS).alarming


def test_files_need_only_half_of_it_and_chance_is_no_worry() -> None:
    whole = some_right(0.97)
    assert judge_clue("files", some_right(0.8, 1), whole, LABELS).alarming
    assert not judge_clue("files", some_right(0.55, 1), whole, LABELS).alarming
    assert not judge_clue("files", some_right(0.5, 1), some_right(0.52), LABELS).alarming


def test_one_size_a_class_is_seen_in_the_files() -> None:
    rng = np.random.default_rng(0)
    told, groups = np.column_stack([LABELS * 100.0, rng.random(200)]), np.arange(200)
    assert right_by_files(told, LABELS, groups).mean() > 0.95
    assert right_by_files(rng.random((200, 2)), LABELS, groups).mean() < 0.65


def test_a_mark_is_found_where_it_is_and_none_where_none_is() -> None:
    pictures = np.random.default_rng(0).integers(0, 256, (200, 64, 64, 3), dtype=np.uint8)
    assert find_marks(pictures, LABELS, 2, np.arange(200)) == ()
    pictures[100:, 56:, 56:] = 200
    (mark,) = find_marks(pictures, LABELS, 2, np.arange(200))
    assert (mark.label, mark.place) == (1, (0.875, 0.875, 0.125, 0.125))


def test_a_mark_that_fills_a_tenth_of_its_place_is_found() -> None:
    rng = np.random.default_rng(0)
    pictures = rng.integers(0, 256, (200, 64, 64, 3), dtype=np.uint8)
    pictures = np.repeat(np.repeat(pictures[:, ::8, ::8], 8, axis=1), 8, axis=2)  # large patches, as in photos
    for number in range(100, 200):
        left = rng.integers(57, 60)  # photos of other sizes have it a little elsewhere
        pictures[number, 60:62, left : left + 4] = 250
    (mark,) = find_marks(pictures, LABELS, 2, np.arange(200))
    assert (mark.label, mark.place) == (1, (0.875, 0.875, 0.125, 0.125))


def test_the_middle_is_covered_and_the_border_is_not() -> None:
    picture = np.random.default_rng(0).integers(0, 100, (50, 40, 3), dtype=np.uint8)
    covered = with_grey_middle(picture)
    assert (covered[5:45, 4:36] == 127).all()
    covered[5:45, 4:36] = picture[5:45, 4:36]
    assert (covered == picture).all()


def test_maps_keep_clouds_apart(silent: Emit) -> None:
    rng = np.random.default_rng(0)
    labels = np.repeat([0, 1], 30)
    vectors = (labels[:, np.newaxis] * 8 + rng.normal(size=(60, 10))).astype(np.float32)
    for points in (principal_components(vectors), neighbour_map(vectors, emit=silent, token=CancelToken())):
        assert points.shape == (60, 2)
        between = np.linalg.norm(points[labels == 0].mean(axis=0) - points[labels == 1].mean(axis=0))
        assert between > 2 * points[labels == 0].std(axis=0).max()


@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_a_map_of_hardly_any_photos(count: int, silent: Emit) -> None:
    vectors = np.random.default_rng(0).random((count, 5)).astype(np.float32)
    assert neighbour_map(vectors, emit=silent, token=CancelToken()).shape == (count, 2)


def test_a_map_can_be_stopped_and_shows_some_of_very_many(silent: Emit) -> None:
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        neighbour_map(np.eye(20, dtype=np.float32), emit=silent, token=token)
    assert len(some_of(12_000)) == 5_000
    assert some_of(3).tolist() == [0, 1, 2]


def test_a_power_law_is_found_again() -> None:
    sizes = np.array([50, 100, 200, 400])
    errors = 0.05 + 2 * sizes**-0.6
    assert power_law(sizes, errors, np.array([800])) == pytest.approx([0.05 + 2 * 800**-0.6], abs=2e-3)
    assert power_law(sizes, np.full(4, 0.1), np.array([800])) == pytest.approx([0.1], abs=1e-6)


def test_more_points_bring_fewer_errors_and_most_to_the_class_that_is_hard(silent: Emit) -> None:
    rng = np.random.default_rng(0)
    labels = np.repeat([0, 1, 2], 80)
    centres = np.zeros((3, 60))
    centres[0, 0], centres[1, 1], centres[2, 1] = 9, 2, -2
    vectors = (centres[labels] + rng.normal(size=(240, 60))).astype(np.float32)

    curve = measure_learning_curve(vectors, labels, np.arange(240), 3, emit=silent, token=CancelToken())

    assert curve.errors.shape == (5, 5)
    assert curve.errors[0].mean() > curve.errors[-1].mean()
    expected, low, high = curve.doubled
    assert 0 <= low <= expected <= high <= 1
    assert expected <= curve.now
    assert curve.neediest in (1, 2)


def test_too_few_points_for_a_curve(silent: Emit) -> None:
    with pytest.raises(ValueError, match="5 times"):
        measure_learning_curve(
            np.eye(3, dtype=np.float32), np.arange(3), np.arange(3), 3, emit=silent, token=CancelToken()
        )
