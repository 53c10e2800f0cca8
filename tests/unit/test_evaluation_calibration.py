"""Temperature scaling, reliability and what is kept of them."""

import numpy as np
import pytest

from tlstudio.evaluation.calibration import (
    FEWEST_PHOTOS,
    calibrated,
    expected_calibration_error,
    fit_temperature,
    reliability,
)
from tlstudio.evaluation.judge import build_report
from tlstudio.evaluation.losses import log_loss


def overconfident(photos: int = 400, classes: int = 4, factor: float = 3.0) -> tuple[np.ndarray, np.ndarray]:
    """Scores of a network whose logits are ``factor`` times too large, and labels drawn as the true scores say."""
    rng = np.random.default_rng(0)
    logits = rng.normal(size=(photos, classes)) * 1.5
    true = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    labels = np.array([rng.choice(classes, p=row) for row in true])
    shown = np.exp(factor * logits)
    return (shown / shown.sum(axis=1, keepdims=True)).astype(np.float32), labels


def test_the_temperature_of_an_overconfident_network_is_found() -> None:
    scores, labels = overconfident(4_000)
    temperature = fit_temperature(scores, labels)
    assert temperature == pytest.approx(3.0, rel=0.1)
    after = calibrated(scores, temperature)
    assert expected_calibration_error(after, labels) < 0.3 * expected_calibration_error(scores, labels)
    assert (after.argmax(axis=1) == scores.argmax(axis=1)).all()


def test_a_modest_network_is_made_surer() -> None:
    scores, labels = overconfident(4_000, factor=0.5)
    assert fit_temperature(scores, labels) == pytest.approx(0.5, rel=0.1)


def test_few_photos_tell_nothing() -> None:
    scores, labels = overconfident(FEWEST_PHOTOS - 1)
    assert fit_temperature(scores, labels) == 1.0


def test_without_wrong_answers_nothing_is_made_surer() -> None:
    scores = np.tile(np.array([[0.7, 0.2, 0.1]], np.float32), (200, 1))
    assert fit_temperature(scores, np.zeros(200, np.int64)) == pytest.approx(1.0, abs=1e-3)


def test_a_temperature_of_one_leaves_every_bit() -> None:
    scores, _ = overconfident()
    assert calibrated(scores, 1.0).tobytes() == scores.tobytes()


def test_the_reciprocal_undoes_a_temperature() -> None:
    scores, _ = overconfident()
    assert np.allclose(calibrated(calibrated(scores, 2.5), 0.4), scores, atol=1e-5)


def test_scores_of_zero_stay_finite() -> None:
    scores = np.array([[1.0, 0.0], [0.0, 1.0]], np.float32)
    for temperature in (0.1, 10.0):
        assert np.isfinite(calibrated(scores, temperature)).all()
        assert calibrated(scores, temperature).argmax(axis=1).tolist() == [0, 1]


def test_bins_hold_every_photo_once() -> None:
    scores, labels = overconfident()
    bins = reliability(scores.max(axis=1), scores.argmax(axis=1) == labels)
    assert sum(entry.photos for entry in bins) == len(labels)
    assert all(0 <= entry.right <= 1 and 0 < entry.sure <= 1 for entry in bins)


def test_a_report_tells_before_and_after() -> None:
    scores, labels = overconfident()
    paths = [f"{number}.jpg" for number in range(len(labels))]
    report = build_report("/", list("abcd"), paths, labels, calibrated(scores, 3.0), temperature=3.0)
    assert report.uncalibrated is not None
    assert report.uncalibrated.loss == pytest.approx(log_loss(scores, labels), rel=1e-3)
    assert report.uncalibrated.ece == pytest.approx(expected_calibration_error(scores, labels), abs=1e-3)
    assert report.ece < report.uncalibrated.ece
    plain = build_report("/", list("abcd"), paths, labels, scores)
    assert plain.uncalibrated is None
    assert plain.accuracy == report.accuracy
