"""Figures against scikit-learn's, intervals in a simulation, and temperature scaling on whatever scores there are."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn import metrics

from tlstudio.evaluation.calibration import calibrated, fit_temperature
from tlstudio.evaluation.curves import at_threshold, class_curves
from tlstudio.evaluation.intervals import wilson_interval
from tlstudio.evaluation.judge import build_report
from tlstudio.evaluation.losses import log_loss


@st.composite
def judged(draw: st.DrawFn, least: int = 1, most: int = 40) -> tuple[np.ndarray, np.ndarray]:
    classes, photos = draw(st.integers(2, 7)), draw(st.integers(least, most))
    raw = draw(arrays(np.float32, (photos, classes), elements=st.floats(0, 1, width=32)))
    labels = draw(arrays(np.int64, photos, elements=st.integers(0, classes - 1)))
    return (raw + np.float32(1e-3)) / (raw + np.float32(1e-3)).sum(axis=1, keepdims=True), labels


@settings(max_examples=60, deadline=None)
@given(judged())
def test_figures_equal_scikit_learns(case: tuple[np.ndarray, np.ndarray]) -> None:
    scores, labels = case
    photos, classes = scores.shape
    indices, answers = np.arange(classes), scores.argmax(axis=1)
    report = build_report("/", [str(c) for c in indices], [str(n) for n in range(photos)], labels, scores)
    seen = np.unique(labels)
    assert report.accuracy == pytest.approx(metrics.accuracy_score(labels, answers))
    f1 = metrics.f1_score(labels, answers, labels=seen, average="macro", zero_division=0.0)
    assert report.macro_f1 == pytest.approx(f1)
    recall = metrics.recall_score(labels, answers, labels=seen, average="macro", zero_division=0.0)
    assert report.balanced_accuracy == pytest.approx(recall)
    exact = scores.astype(np.float64)
    loss = metrics.log_loss(labels, exact / exact.sum(axis=1, keepdims=True), labels=indices)
    assert report.loss == pytest.approx(loss, rel=1e-4, abs=1e-6)
    ranked = np.argsort(-scores, axis=1, kind="stable")[:, : report.top_k]
    assert report.top_k_accuracy == pytest.approx((ranked == labels[:, None]).any(axis=1).mean())
    for index in range(classes):
        low, high = report.recall_interval(index)
        assert low - 1e-9 <= report.per_class[index].recall <= high + 1e-9 or not report.per_class[index].support


def test_top_k_accuracy_equals_scikit_learns_where_no_scores_are_equal() -> None:
    rng = np.random.default_rng(1)
    scores = rng.dirichlet(np.ones(9), 200).astype(np.float32)
    labels = rng.integers(0, 9, 200)
    report = build_report("/", list("abcdefghi"), [str(n) for n in range(200)], labels, scores)
    expected = metrics.top_k_accuracy_score(labels, scores, k=5, labels=np.arange(9))
    assert report.top_k == 5
    assert report.top_k_accuracy == pytest.approx(expected)


@settings(max_examples=60, deadline=None)
@given(judged(least=30, most=80))
def test_temperature_scaling_never_raises_the_log_loss_it_was_fitted_on(case: tuple[np.ndarray, np.ndarray]) -> None:
    scores, labels = case
    temperature = fit_temperature(scores, labels)
    after = calibrated(scores, temperature)
    assert log_loss(after, labels) <= log_loss(scores, labels)
    assert (after.argmax(axis=1) == scores.argmax(axis=1)).all()
    assert np.allclose(after.sum(axis=1), 1, atol=1e-4)


@settings(max_examples=60, deadline=None)
@given(judged(), st.floats(0.1, 10))
def test_no_temperature_changes_an_answer(case: tuple[np.ndarray, np.ndarray], temperature: float) -> None:
    scores, _ = case
    assert (calibrated(scores, temperature).argmax(axis=1) == scores.argmax(axis=1)).all()


@pytest.mark.parametrize("photos", [60, 130, 400])
def test_intervals_hold_the_truth_95_times_of_100(photos: int) -> None:
    """Exactly, over all outcomes; the coverage of an interval for counts wavers about 95 % with the share."""
    from scipy.stats import binom

    outcomes = np.arange(photos + 1)
    bounds = np.array([wilson_interval(int(right), photos) for right in outcomes])
    covered = []
    for share in np.linspace(0.5, 0.98, 49):
        held = (bounds[:, 0] <= share) & (share <= bounds[:, 1])
        covered.append(binom.pmf(outcomes, photos, share)[held].sum())
    assert 0.93 <= np.mean(covered) <= 0.97


def test_intervals_cover_in_a_simulation_of_models() -> None:
    """Exams of 150 photos on models of any quality: the interval holds the model's true share 93 to 97 times of 100."""
    rng = np.random.default_rng(7)
    truths = rng.uniform(0.5, 0.98, 3_000)
    rights = rng.binomial(150, truths)
    bounds = {right: wilson_interval(int(right), 150) for right in np.unique(rights)}
    held = [bounds[right][0] <= truth <= bounds[right][1] for right, truth in zip(rights, truths, strict=True)]
    assert 0.93 <= np.mean(held) <= 0.97


@settings(max_examples=60, deadline=None)
@given(judged(least=4), st.floats(0, 1))
def test_a_threshold_counts_what_scikit_learn_counts(case: tuple[np.ndarray, np.ndarray], threshold: float) -> None:
    scores, labels = case
    found = at_threshold(scores, labels, 0, threshold)
    called = (scores.argmax(axis=1) == 0) & (scores[:, 0] >= threshold)
    if found.precision is not None:
        assert found.precision == pytest.approx(metrics.precision_score(labels == 0, called))
    if found.recall is not None:
        assert found.recall == pytest.approx(metrics.recall_score(labels == 0, called))
    curves = class_curves(scores, labels, 0)
    assert (curves is None) == (found.own in (0, len(labels)))
    if curves is not None:
        assert curves.roc.area == pytest.approx(metrics.roc_auc_score(labels == 0, scores[:, 0]))
        assert 0 <= curves.precision_recall.area <= 1 + 1e-9
