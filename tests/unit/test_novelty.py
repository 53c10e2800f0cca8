"""What is unlike everything learnt is told from what is not."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tlstudio.datasets.images import UnreadableImageError
from tlstudio.events import CancelToken
from tlstudio.prediction.novelty import (
    NOVELTY_FILE,
    Novelty,
    choose_learnt,
    load_novelty,
    pooled,
    save_novelty,
)
from tlstudio.prediction.predictor import Predictor

WIDTH = 32
NO_SCORES = np.full((1, 2), 0.5, np.float32)


def photos_like(centres: NDArray[np.float64], count: int, seed: int) -> NDArray[np.float32]:
    """Vectors around some centres."""
    rng = np.random.default_rng(seed)
    return np.abs(centres[rng.integers(len(centres), size=count)] + rng.normal(0, 0.3, (count, WIDTH))).astype("f4")


@pytest.fixture(scope="module")
def centres() -> NDArray[np.float64]:
    return np.random.default_rng(0).random((7, WIDTH)) ** 4 * 3


def fitted(centres: NDArray[np.float64], learnt: int, held_out: int) -> Novelty:
    known = centres[:5]
    return Novelty.of_vectors(
        pooled(photos_like(known, learnt, 1), WIDTH), pooled(photos_like(known, held_out, 2), WIDTH)
    )


@pytest.mark.parametrize("held_out", [300, 30])
def test_other_things_are_unlike_and_new_photos_of_the_same_are_so_as_often_as_said(
    centres: NDArray[np.float64], held_out: int
) -> None:
    novelty = fitted(centres, 400, held_out)
    same = novelty.shares(photos_like(centres[:5], 2000, 3), NO_SCORES)
    other = novelty.shares(photos_like(centres[5:], 200, 4), NO_SCORES)
    assert (same > 0.95).mean() == pytest.approx(0.05, abs=0.03)
    assert (same > 0.5).mean() == pytest.approx(0.5, abs=0.1)
    assert (other > 0.95).mean() > 0.9
    assert (len(novelty.among) > 0) == (held_out < 60)


def test_too_few_photos_to_compare_with_hold_nothing_back(centres: NDArray[np.float64]) -> None:
    novelty = fitted(centres, 10, 9)
    assert novelty.shares(photos_like(centres[5:], 50, 4), NO_SCORES).max() <= 0.95


def test_a_map_flattened_or_not_counts_by_its_mean() -> None:
    maps = np.random.default_rng(0).random((4, 3, 3, WIDTH)).astype(np.float32)
    means = maps.mean(axis=(1, 2))
    expected = means / np.linalg.norm(means, axis=1, keepdims=True)
    for given in (maps, maps.reshape(4, -1), means):
        np.testing.assert_allclose(pooled(given, WIDTH), expected, atol=1e-6)
    assert np.isfinite(pooled(np.zeros((1, WIDTH), np.float32), WIDTH)).all()


def test_every_class_is_kept_however_rare() -> None:
    labels = [0] * 9000 + [1] * 40 + [2] * 3
    kept = choose_learnt(labels, 512)
    counts = np.bincount(np.array(labels)[kept])
    assert len(kept) == 1500
    assert counts.tolist() == [1457, 40, 3]
    assert kept.tolist() == sorted(set(kept.tolist()))
    assert len(choose_learnt(labels, 1 << 20)) >= 3, "however wide a vector is"


def test_photos_that_are_gone_are_left_out_of_the_comparison(centres: NDArray[np.float64]) -> None:
    held_out = pooled(photos_like(centres[:5], 100, 2), WIDTH)
    held_out[::10] = np.nan
    novelty = Novelty.of_vectors(pooled(photos_like(centres[:5], 400, 1), WIDTH), held_out)
    own = novelty.held_out_shares()
    assert np.isnan(novelty.held_out).sum() == 10
    assert (own[::10] == own.max()).all()
    assert (novelty.shares(photos_like(centres[:5], 500, 3), NO_SCORES) > 0.95).mean() < 0.12


def test_where_only_scores_tell_those_that_say_little_are_unlike() -> None:
    rng = np.random.default_rng(0)
    novelty = Novelty.of_scores(rng.dirichlet([9, 0.3, 0.3], 200).astype(np.float32))
    flat, sure = np.full((1, 3), 1 / 3, np.float32), np.array([[1, 0, 0]], np.float32)
    assert novelty.shares(np.zeros((1, 4)), flat)[0] > 0.95
    assert novelty.shares(np.zeros((1, 4)), sure)[0] == 0


def test_it_is_read_back_as_it_was_written(centres: NDArray[np.float64], tmp_path: Path) -> None:
    novelty = fitted(centres, 400, 50)
    save_novelty(tmp_path, novelty)
    again = load_novelty(tmp_path)
    assert again is not None
    photos = photos_like(centres, 50, 8)
    np.testing.assert_array_equal(again.shares(photos, NO_SCORES), novelty.shares(photos, NO_SCORES))


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 cut short", b"no archive"])
def test_a_damaged_file_is_as_none(tmp_path: Path, content: bytes) -> None:
    assert load_novelty(tmp_path) is None
    (tmp_path / NOVELTY_FILE).write_bytes(content)
    assert load_novelty(tmp_path) is None
    np.savez(tmp_path / NOVELTY_FILE, learnt=np.zeros(3), held_out=np.zeros((2, 2)), among=np.zeros(0))
    assert load_novelty(tmp_path) is None


class Colours:
    """The mean colour of a photo, as a map of one pixel."""

    def run(self, batch: NDArray[Any]) -> NDArray[np.float32]:
        return batch.mean(axis=(1, 2), keepdims=True).astype(np.float32)


class Even:
    """Says of everything that it may be anything."""

    def run(self, batch: NDArray[Any]) -> NDArray[np.float32]:
        return np.full((len(batch), 2), 0.5, np.float32)


def test_the_predictor_says_it_of_each_photo_beside_the_scores(
    tmp_path: Path, photos_factory: Callable[..., Sequence[Path]]
) -> None:
    first, other = photos_factory(tmp_path / "a", 30), photos_factory(tmp_path / "b", 20, kind=1)
    (tmp_path / "a" / "photo_004.jpg").write_bytes(b"")
    plain = Predictor(("x", "y"), 8, [Colours(), Even()])
    assert all(answer.novelty is None for answer in plain.answers(other, token=CancelToken()) if answer)  # type: ignore[union-attr]
    rng = np.random.default_rng(0)
    kind = pooled(Colours().run(np.full((200, 8, 8, 3), (230, 80, 70)) + rng.normal(0, 20, (200, 1, 1, 3))), 3)
    judging = Predictor(("x", "y"), 8, [Colours(), Even()], novelty=Novelty.of_vectors(kind[:100], kind[100:]))
    answers = list(judging.answers([*first, *other], token=CancelToken()))
    assert isinstance(answers[4], UnreadableImageError)
    shares = [answer.novelty for answer in answers if not isinstance(answer, UnreadableImageError)]
    assert len(answers) == 50
    assert min(shares[29:]) > 0.95, "of the other kind"  # type: ignore[type-var, operator]
    assert np.mean(shares[:29]) < np.mean(shares[29:])  # type: ignore[arg-type]
    scores = list(judging.scores(first[:4], token=CancelToken()))
    np.testing.assert_array_equal(np.stack(scores), np.full((4, 2), 0.5))  # type: ignore[arg-type]
