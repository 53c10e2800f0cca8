"""Wrong labels, neighbours and linear heads, on points whose truth is known."""

import numpy as np
import pytest
from numpy.typing import NDArray

from tlstudio.errors import Cancelled
from tlstudio.evaluation.label_errors import find_label_errors
from tlstudio.evaluation.linear_head import fit_linear_head
from tlstudio.evaluation.neighbours import nearest_others
from tlstudio.evaluation.out_of_fold import folds_of, out_of_fold_scores
from tlstudio.events import CancelToken, Emit

Points = tuple[NDArray[np.float32], NDArray[np.int64]]


@pytest.fixture
def points() -> Points:
    """Three clouds of forty points in twelve dimensions."""
    rng = np.random.default_rng(0)
    centres = rng.normal(size=(3, 12)) * 2
    labels = np.repeat(np.arange(3), 40)
    return (centres[labels] + rng.normal(size=(120, 12))).astype(np.float32), labels


def test_planted_wrong_labels_come_first_with_the_right_suggestion(points: Points, silent: Emit) -> None:
    vectors, truth = points
    planted = [3, 50, 100]
    labels = truth.copy()
    labels[planted] = (truth[planted] + 1) % 3

    doubts = find_label_errors(vectors, labels, np.arange(120), 3, emit=silent, token=CancelToken())

    assert {doubt.row for doubt in doubts[:3]} == set(planted)
    assert all(doubt.suggestion == truth[doubt.row] for doubt in doubts[:3])
    assert all(doubt.likely and doubt.row not in doubt.nearest for doubt in doubts[:3])
    assert [doubt.quality for doubt in doubts] == sorted(doubt.quality for doubt in doubts)


def test_right_labels_raise_no_doubt(points: Points, silent: Emit) -> None:
    vectors, truth = points
    doubts = find_label_errors(vectors, truth, np.arange(120), 3, emit=silent, token=CancelToken())
    assert not any(doubt.likely for doubt in doubts)


def test_copies_under_one_wrong_label_dont_vouch_for_each_other(points: Points, silent: Emit) -> None:
    vectors, truth = points
    vectors = np.concatenate([vectors, vectors[:1], vectors[:1]])
    labels = np.concatenate([truth, [1, 1]])
    labels[0] = 1
    groups = np.concatenate([np.arange(120), [0, 0]])

    doubts = find_label_errors(vectors, labels, groups, 3, emit=silent, token=CancelToken())

    assert {doubt.row for doubt in doubts[:3]} == {0, 120, 121}
    assert all(doubt.agreeing < 0.2 for doubt in doubts[:3])


@pytest.mark.parametrize(("labels", "classes"), [([], 2), ([0], 2), ([0, 0, 0], 1)])
def test_too_little_to_doubt(labels: list[int], classes: int, silent: Emit) -> None:
    vectors = np.ones((len(labels), 4), np.float32)
    count = np.arange(len(labels))
    found = find_label_errors(vectors, np.array(labels, np.int64), count, classes, emit=silent, token=CancelToken())
    assert found == ()


def test_groups_stay_on_one_side_and_every_photo_is_judged_once() -> None:
    labels, groups = np.repeat([0, 1], 30), np.arange(60) // 3
    judged = []
    for learnt, held in folds_of(labels, groups):
        assert not set(groups[learnt]) & set(groups[held])
        judged.extend(held.tolist())
    assert sorted(judged) == list(range(60))


def test_a_stop_ends_it(points: Points, silent: Emit) -> None:
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        out_of_fold_scores(*points, np.arange(120), 3, emit=silent, token=token)


def test_the_optimum_is_the_same_from_any_start_and_that_of_scikit_learn(points: Points) -> None:
    from sklearn.linear_model import LogisticRegression

    vectors, labels = points
    ridge = 1e-2
    cold = fit_linear_head(vectors, labels, 3, ridge=ridge)
    changed = labels.copy()
    changed[:4] = 2
    warm = fit_linear_head(vectors, labels, 3, start=fit_linear_head(vectors, changed, 3, ridge=ridge), ridge=ridge)
    assert np.abs(warm.scores(vectors) - cold.scores(vectors)).max() < 2e-3

    inputs = (vectors - cold.centre) / cold.scale
    theirs = LogisticRegression(C=1 / (ridge * len(labels)), tol=1e-8, max_iter=1000).fit(inputs, labels)
    assert np.abs(theirs.predict_proba(inputs) - cold.scores(vectors)).max() < 2e-3


def test_a_class_without_photos_is_never_the_answer(points: Points) -> None:
    vectors, labels = points
    assert set(fit_linear_head(vectors, labels, 4).scores(vectors).argmax(axis=1)) == {0, 1, 2}


def test_neighbours_are_those_of_a_full_comparison(points: Points, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tlstudio.evaluation.neighbours._BLOCK_NUMBERS", 120 * 7)  # several blocks, the last one cut
    vectors, _ = points
    units = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    likeness = units @ units.T
    np.fill_diagonal(likeness, -np.inf)
    found = nearest_others(vectors, 5)
    assert np.allclose(found.likeness, -np.sort(-likeness, axis=1)[:, :5], atol=1e-6)
    assert (found.rows != np.arange(120)[:, np.newaxis]).all()
    assert nearest_others(vectors[:2], 5).rows.tolist() == [[1], [0]]
    assert nearest_others(vectors[:0], 5).rows.shape == (0, 0)
