"""Heat maps and neighbours without any network."""

import numpy as np
import pytest
from numpy.typing import NDArray

from tlstudio.errors import Cancelled
from tlstudio.events import CancelToken
from tlstudio.prediction.explanation import neighbours
from tlstudio.prediction.explanation.heat_map import HeatMap, colours, enlarged, normalised, overlay
from tlstudio.prediction.explanation.neighbours import NeighbourIndex
from tlstudio.prediction.explanation.occlusion import occlusion_map


def bright_corner(pictures: NDArray[np.uint8]) -> NDArray[np.float32]:
    """A network that knows class 1 by the brightness of the upper left quarter."""
    side = pictures.shape[1] // 2
    score = pictures[:, :side, :side].mean(axis=(1, 2, 3), dtype=np.float32) / 255
    return np.stack([1 - score, score], axis=1)


def test_occlusion_finds_what_the_answer_hangs_on() -> None:
    picture = np.zeros((56, 56, 3), np.uint8)
    picture[:28, :28] = 255
    heat = occlusion_map(bright_corner, picture, 1, token=CancelToken())
    assert heat.method == "occlusion"
    assert heat.values.shape == (14, 14)
    assert heat.values[:6, :6].min() > 0.5
    assert not heat.values[9:, 9:].any()
    assert not occlusion_map(bright_corner, picture, 0, token=CancelToken()).values[:6, :6].any()


def test_occlusion_works_on_the_smallest_photo_and_can_be_stopped() -> None:
    picture = np.full((8, 8, 3), 200, np.uint8)
    assert not occlusion_map(bright_corner, picture, 1, token=CancelToken()).values.any()
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        occlusion_map(bright_corner, picture, 1, token=token)


def test_what_speaks_against_a_class_counts_as_nothing() -> None:
    assert normalised(np.array([[-3.0, 0.5], [2.0, np.nan]])).tolist() == [[0, 0.25], [1, 0]]
    assert not normalised(np.full((2, 2), -1.0)).any()


def test_more_is_brighter_and_more_opaque() -> None:
    shades = colours(np.linspace(0, 1, 50, dtype=np.float32)[None])[0].astype(int)
    luma = shades[:, :3] @ (299, 587, 114)
    assert (np.diff(luma) > 0).all()
    assert (np.diff(shades[:, 3]) >= 0).all()
    assert (shades[0, 3], shades[-1, 3]) == (64, 191)  # 25 and 75 %
    assert not colours(np.ones((1, 1), np.float32), 0)[..., 3].any()


def test_an_overlay_keeps_the_size_and_without_strength_the_photo() -> None:
    photo = np.random.default_rng(0).integers(0, 256, (30, 50, 3), dtype=np.uint8)
    heat = HeatMap(np.array([[1, 0], [0, 0]], np.float32), 0, "grad_cam")
    assert (overlay(photo, heat, 0) == photo).all()
    shown = overlay(photo, heat, 1)
    assert shown.shape == photo.shape
    assert shown[:8, :8].mean() > shown[-8:, -8:].mean()
    large = enlarged(heat.values, 50, 30)
    assert large.shape == (30, 50)
    assert 0 <= large.min() <= large.max() <= 1


def test_the_nearest_are_those_of_scikit_learn(monkeypatch: pytest.MonkeyPatch) -> None:
    from sklearn.metrics.pairwise import cosine_similarity

    monkeypatch.setattr(neighbours, "_CHUNK_BYTES", 7 * 64 * 4)  # several chunks, the last one shorter
    rows = np.random.default_rng(1).random((100, 64), np.float32)
    index, wanted = NeighbourIndex(rows), np.random.default_rng(2).random(64, np.float32)
    expected = cosine_similarity(rows, wanted[None])[:, 0]
    for _ in range(2):  # the second time with the lengths known
        best, cosines = index.nearest(wanted, 5, token=CancelToken())
        assert best.tolist() == np.argsort(-expected)[:5].tolist()
        np.testing.assert_allclose(cosines, expected[best], rtol=1e-5)


@pytest.mark.parametrize("total", [0, 1, 3])
def test_fewer_photos_than_wanted_are_all_there_are(total: int) -> None:
    rows = np.ones((total, 4), np.float32)
    best, cosines = NeighbourIndex(rows).nearest(np.ones(4, np.float32), 10, token=CancelToken())
    assert len(best) == len(cosines) == total


def test_feature_maps_are_compared_whole_and_nothing_is_like_nothing() -> None:
    rows = np.zeros((2, 2, 2, 3), np.float32)
    rows[1] = 1
    best, cosines = NeighbourIndex(rows).nearest(np.ones((2, 2, 3), np.float32), 2, token=CancelToken())
    assert best.tolist() == [1, 0]
    assert cosines.tolist() == pytest.approx([1, 0])
