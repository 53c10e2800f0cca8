import math

import numpy as np
import pytest

from tlstudio.evaluation.calibration import expected_calibration_error
from tlstudio.evaluation.intervals import wilson_interval
from tlstudio.evaluation.judge import accuracy_and_loss, build_report

CLASSES = ("cat", "dog", "fox")
SCORES = np.array(
    [
        [0.7, 0.2, 0.1],
        [0.1, 0.8, 0.1],
        [0.6, 0.3, 0.1],
        [0.2, 0.5, 0.3],
        [0.4, 0.35, 0.25],
    ],
    dtype=np.float32,
)
LABELS = np.array([0, 1, 1, 1, 0])
PATHS = [f"photo_{number}.jpg" for number in range(5)]


def test_a_report_counts_right() -> None:
    report = build_report("/photos", CLASSES, PATHS, LABELS, SCORES, [("broken.jpg", "Empty file.")])
    assert report.accuracy == pytest.approx(0.8)
    assert report.right == 4
    assert report.confusion == ((2, 0, 0), (1, 2, 0), (0, 0, 0))
    assert report.baseline == pytest.approx(0.6)
    assert report.loss == pytest.approx(-np.log([0.7, 0.8, 0.3, 0.5, 0.4]).mean(), rel=1e-6)
    cat, dog, fox = report.per_class
    assert (cat.precision, cat.recall, cat.f1, cat.support) == pytest.approx((2 / 3, 1.0, 0.8, 2))
    assert (dog.precision, dog.recall, dog.f1, dog.support) == pytest.approx((1.0, 2 / 3, 0.8, 3))
    assert (fox.precision, fox.recall, fox.f1, fox.support) == (0, 0, 0, 0)
    assert report.macro_f1 == pytest.approx(0.8), "a class without photos says nothing"
    assert report.rejected == (("broken.jpg", "Empty file."),)


def test_photos_of_a_report_are_in_order_with_their_best_classes() -> None:
    report = build_report("/photos", CLASSES, PATHS, LABELS, SCORES)
    assert [photo.path for photo in report.photos] == PATHS
    wrong = report.photos[2]
    assert (wrong.true, wrong.predicted, wrong.right) == (1, 0, False)
    assert [index for index, _ in wrong.top] == [0, 1, 2]
    assert [score for _, score in wrong.top] == pytest.approx([0.6, 0.3, 0.1], rel=1e-6)
    assert wrong.score == pytest.approx(0.6)


def test_of_many_classes_the_five_best_are_kept() -> None:
    scores = np.linspace(0.01, 0.2, 10, dtype=np.float32)[np.newaxis]
    report = build_report("/photos", [str(number) for number in range(10)], ["a.jpg"], np.array([9]), scores)
    assert [index for index, _ in report.photos[0].top] == [9, 8, 7, 6, 5]


def test_equal_scores_name_the_first_class_everywhere() -> None:
    scores = np.full((1, 3), 1 / 3, dtype=np.float32)
    report = build_report("/photos", CLASSES, ["a.jpg"], np.array([0]), scores)
    assert report.photos[0].predicted == 0
    assert report.confusion[0] == (1, 0, 0)


def test_a_score_of_zero_costs_much_but_not_everything() -> None:
    accuracy, loss = accuracy_and_loss(np.array([[0.0, 1.0]], np.float32), np.array([0]))
    assert accuracy == 0
    assert loss == pytest.approx(-math.log(1e-7))


def test_the_wilson_interval_agrees_with_its_formula() -> None:
    z, n, p = 1.959964, 50, 0.9
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    assert wilson_interval(45, 50) == pytest.approx((middle - half, middle + half), abs=1e-6)


def test_calibration_of_one_bin_is_the_distance_of_sure_and_right() -> None:
    scores = np.array([[0.8, 0.2]] * 10, dtype=np.float32)
    labels = np.array([0] * 5 + [1] * 5)
    assert expected_calibration_error(scores, labels) == pytest.approx(0.3, abs=1e-6)
    assert expected_calibration_error(scores, np.array([0] * 8 + [1] * 2)) == pytest.approx(0, abs=1e-6)


def test_calibration_weighs_bins_by_their_photos() -> None:
    scores = np.array([[1.0, 0.0]] * 3 + [[0.6, 0.4]], dtype=np.float32)
    labels = np.array([0, 0, 0, 1])
    assert expected_calibration_error(scores, labels) == pytest.approx(0.6 / 4, abs=1e-6)
