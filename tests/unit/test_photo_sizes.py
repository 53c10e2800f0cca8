import time

import numpy as np
import pytest

from tlstudio.datasets.dataset import Sample
from tlstudio.datasets.drawing import draw_per_class, lots_of, nth_per_class
from tlstudio.datasets.photo_sizes import EVERY_SIZE, PhotoSizes, SizeChoice
from tlstudio.datasets.size_rule import SizeRule


def sizes_of(*photos: tuple[int, int]) -> PhotoSizes:
    return PhotoSizes.of([Sample(f"{number}.jpg", "a", *size, "") for number, size in enumerate(photos)])


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (SizeRule(), ""),
        (SizeRule(min_width=64), "at least 64 px wide"),
        (SizeRule(64, 32, 2000), "at least 64 px wide, at most 2,000 px wide, at least 32 px high"),
        (SizeRule(exact=(1024, 768)), "exactly 1,024 × 768 px"),
    ],
)
def test_a_rule_in_words(rule: SizeRule, words: str) -> None:
    assert rule.words() == words


@pytest.mark.parametrize(
    ("rule", "size", "objection"),
    [
        (SizeRule(64, 64, 100, 100), (64, 100), ""),
        (SizeRule(64, 64, 100, 100), (63, 20), "Narrower than 64 px"),
        (SizeRule(64, 64, 100, 100), (101, 63), "Lower than 64 px"),
        (SizeRule(64, 64, 100, 100), (101, 101), "Wider than 100 px"),
        (SizeRule(64, 64, 100, 100), (64, 101), "Higher than 100 px"),
        (SizeRule(exact=(28, 28)), (28, 29), "Not 28 × 28 px"),
    ],
)
def test_why_a_photo_is_outside(rule: SizeRule, size: tuple[int, int], objection: str) -> None:
    assert rule.objection(*size) == objection
    assert rule.allows(*size) == (objection == "")
    assert sizes_of(size).inside(rule).tolist() == [objection == ""]


def test_each_photo_outside_counts_once() -> None:
    sizes = sizes_of((10, 10), (10, 99), (99, 10), (99, 99))
    assert sizes.objections(SizeRule(64, 64)) == {"Narrower than 64 px": 2, "Lower than 64 px": 1}
    assert sizes.objections(SizeRule()) == {}


@pytest.mark.parametrize(
    ("size", "shapes"),
    [
        ((640, 480), {"landscape", "4:3"}),
        ((480, 640), {"portrait", "4:3"}),
        ((500, 333), {"landscape", "3:2"}),
        ((1920, 1080), {"landscape", "16:9"}),
        ((98, 100), {"square"}),
        ((97, 100), {"portrait"}),
        ((1, 3000), {"portrait"}),
    ],
)
def test_shapes(size: tuple[int, int], shapes: set[str]) -> None:
    assert {key for key, count in sizes_of(size).shapes().items() if count} == shapes


def test_every_photo_has_one_orientation() -> None:
    rng = np.random.default_rng(0)
    sizes = PhotoSizes(rng.integers(1, 130, 20_000), rng.integers(1, 130, 20_000))
    counts = sizes.shapes()
    assert counts["landscape"] + counts["portrait"] + counts["square"] == 20_000


def test_what_is_chosen_narrows_together() -> None:
    sizes = sizes_of((640, 480), (480, 640), (64, 48), (500, 333))
    drawn = tuple(np.unique(sizes.codes[[0, 1, 3]]).tolist())
    assert sizes.chosen(EVERY_SIZE).all()
    assert sizes.chosen(SizeChoice(SizeRule(min_width=100))).tolist() == [True, True, False, True]
    assert sizes.chosen(SizeChoice(codes=drawn)).tolist() == [True, True, False, True]
    assert sizes.chosen(SizeChoice(codes=())).tolist() == [False] * 4
    assert sizes.chosen(SizeChoice(SizeRule(min_width=490), drawn, "4:3")).tolist() == [True, False, False, False]


def test_width_and_height_are_not_mixed_up_in_codes() -> None:
    assert sizes_of((1, 2)).codes != sizes_of((2, 1)).codes


@pytest.mark.parametrize(
    ("photos", "words"),
    [
        ([], ""),
        ([(30, 20)], "It has 30 × 20 px."),
        ([(30, 20)] * 3, "All have 30 × 20 px."),
        ([(4000, 3000), (30, 20), (640, 480)], "From 30 × 20 to 4,000 × 3,000 px; half have 640 × 480 px or less."),
    ],
)
def test_sizes_in_words(photos: list[tuple[int, int]], words: str) -> None:
    assert sizes_of(*photos).in_words() == words


CLASSES = np.array([1] * 40 + [0] * 30 + [2] * 2)
LOTS = lots_of(f"photo_{number}.jpg" for number in range(len(CLASSES)))


def test_so_many_of_each_class_are_drawn_class_by_class() -> None:
    drawn = draw_per_class(CLASSES, LOTS, 5, seed=0)
    assert CLASSES[drawn].tolist() == [0] * 5 + [1] * 5 + [2] * 2
    assert len(set(drawn.tolist())) == 12


def test_the_seed_decides_which_photos_are_drawn() -> None:
    first, again, other = (draw_per_class(CLASSES, LOTS, 3, seed).tolist() for seed in (7, 7, 8))
    assert first == again
    assert set(first) != set(other)


def test_a_photo_that_goes_changes_one_of_those_drawn_of_its_class() -> None:
    drawn = draw_per_class(CLASSES, LOTS, 5, seed=3)
    gone = int(drawn[:5].min())  # all that follow move up
    left = np.delete(np.arange(len(CLASSES)), gone)
    after = left[draw_per_class(CLASSES[left], LOTS[left], 5, seed=3)]
    assert len(set(drawn.tolist()) - set(after.tolist())) == 1
    assert gone not in after


def test_all_photos_are_drawn_about_equally_often() -> None:
    counts = np.zeros(40)
    for seed in range(400):
        counts[draw_per_class(CLASSES[:40], LOTS[:40], 4, seed)] += 1
    assert counts.sum() == 1600
    assert 15 <= counts.min() <= counts.max() <= 70  # 40 expected, deviation about 6


def test_names_that_are_no_utf8_take_part() -> None:
    assert len(lots_of(["caf\udce9.jpg"])) == 1


def test_a_hundred_thousand_photos_take_no_time() -> None:
    rng = np.random.default_rng(0)
    sizes = PhotoSizes(rng.integers(1, 5000, 100_000), rng.integers(1, 5000, 100_000))
    began = time.process_time()
    sizes.chosen(SizeChoice(SizeRule(min_width=100), tuple(np.unique(sizes.codes).tolist()), "4:3"))
    assert time.process_time() - began < 1.0


def test_the_photo_of_one_number_is_chosen_in_each_class_that_has_it() -> None:
    assert nth_per_class(CLASSES, 1).tolist() == [40, 0, 70]
    assert nth_per_class(CLASSES, 3).tolist() == [42, 2]
    assert nth_per_class(CLASSES, 99).tolist() == []
