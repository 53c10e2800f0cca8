import hashlib
from collections import namedtuple
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pytest
from numpy.typing import NDArray

from tlstudio.datasets.augmentation.amounts import AugmentationConfig
from tlstudio.datasets.images import decode
from tlstudio.errors import Cancelled, TLStudioError
from tlstudio.events import CancelToken, Emit, Event, Progress, ignore_events
from tlstudio.modeling import features as module
from tlstudio.modeling import room
from tlstudio.modeling.engine import BATCH, Engine
from tlstudio.modeling.features import Features, FeatureStore, Photo, Source

SIZE = 8
Compute = Callable[..., Features]


class CountingEngine(Engine, Protocol):
    """As the fixture ``mean_colour`` makes it."""

    rows: int


@pytest.fixture
def photos(tmp_path: Path, photos_factory: Callable[..., list[Path]]) -> list[Photo]:
    paths = photos_factory(tmp_path / "photos", 40, size=(12, 10))
    return [Photo(path, hashlib.sha256(path.read_bytes()).hexdigest()) for path in paths]


@pytest.fixture
def source(mean_colour: CountingEngine) -> Source:
    return Source("mean", SIZE, lambda: mean_colour)


@pytest.fixture
def compute(tmp_path: Path, source: Source) -> Compute:
    def run(
        photos: list[Photo],
        source: Source = source,
        emit: Emit = ignore_events,
        token: CancelToken | None = None,
    ) -> Features:
        store = FeatureStore(tmp_path / "features")
        return store.features(source, photos, emit=emit, token=token or CancelToken())

    return run


def rows(features: Features, photos: list[int], view: int = 0) -> NDArray[Any]:
    return features.take(np.array([features.locate(photo, view) for photo in photos], dtype=np.int64).reshape(-1, 2))


def expected(photo: Photo) -> NDArray[Any]:
    return decode(photo.path, SIZE).mean(axis=(0, 1), dtype=np.float32)


def test_rows_belong_to_their_photos(photos: list[Photo], compute: Compute) -> None:
    features = compute(photos)
    assert features.shape == (3,)
    assert features.missing == {}
    order = [7, 39, 0, 7, 21]
    assert np.array_equal(rows(features, order), np.stack([expected(photos[number]) for number in order]))


def test_nothing_is_computed_twice(photos: list[Photo], compute: Compute, mean_colour: CountingEngine) -> None:
    compute(photos[:10])
    compute(photos[5:25])
    assert mean_colour.rows == 25
    again = compute(photos[:25])
    assert mean_colour.rows == 25
    assert np.array_equal(rows(again, [0, 24]), np.stack([expected(photos[0]), expected(photos[24])]))


def test_the_engine_is_not_even_made_when_all_is_there(photos: list[Photo], compute: Compute) -> None:
    compute(photos)

    def refuse() -> Engine:
        raise AssertionError("not needed")

    seen: list[Event] = []
    compute(photos, Source("mean", SIZE, refuse), seen.append)
    assert seen == [Progress("features", 40, 40, "Read earlier")]


def test_another_part_is_computed_anew(photos: list[Photo], compute: Compute, mean_colour: CountingEngine) -> None:
    compute(photos[:3])
    compute(photos[:3], Source("other", SIZE, lambda: mean_colour))
    assert mean_colour.rows == 6


def test_equal_photos_are_computed_once(photos: list[Photo], compute: Compute, mean_colour: CountingEngine) -> None:
    features = compute([photos[0], photos[1], photos[0]])
    assert mean_colour.rows == 2
    assert features.locate(0) == features.locate(2)


def test_pixels_are_kept_as_they_are(photos: list[Photo], compute: Compute) -> None:
    features = compute(photos[:3], Source("photos-8", SIZE, None))
    assert np.array_equal(rows(features, [2])[0], decode(photos[2].path, SIZE))
    assert rows(features, [2]).dtype == np.uint8


def test_varied_copies_differ_and_repeat(photos: list[Photo], compute: Compute, tmp_path: Path) -> None:
    source = Source("photos-8", SIZE, None, AugmentationConfig(rotation=20, brightness=0.2, views=2), seed=1)
    varied = [Photo(photos[0].path, photos[0].digest, views=2), photos[1]]
    features = compute(varied, source)
    first, second = rows(features, [0], 1), rows(features, [0], 2)
    assert not np.array_equal(first, second)
    assert np.array_equal(rows(features, [0], 0)[0], decode(photos[0].path, SIZE))
    anew = FeatureStore(tmp_path / "other").features(source, varied, emit=ignore_events, token=CancelToken())
    assert np.array_equal(rows(anew, [0], 2), second)


def test_copies_of_another_seed_or_kind_are_others(
    photos: list[Photo], compute: Compute, mean_colour: CountingEngine
) -> None:
    varied = [Photo(photos[0].path, photos[0].digest, views=1)]
    flipped = AugmentationConfig(horizontal_flip=True, views=1)
    same = replace(flipped, views=2, validation=True)
    others = [replace(flipped, **{name: value}) for name, value in (("rotation", 1), ("blur", 0.1), ("fill", "wrap"))]
    for augmentation, seed in ((flipped, 0), (same, 0), (flipped, 1), *((other, 0) for other in others)):
        compute(varied, Source("mean", SIZE, lambda: mean_colour, augmentation, seed))
    assert mean_colour.rows == 1 + 2 + len(others), "the photo itself once, and one copy for each way"


def test_photos_that_vanished_are_told_and_the_rest_goes_on(photos: list[Photo], compute: Compute) -> None:
    photos[3].path.unlink()
    photos[5].path.write_bytes(b"")
    features = compute(photos)
    assert features.missing == {3: "Not there any more.", 5: "Empty file."}
    assert np.array_equal(rows(features, [39])[0], expected(photos[39]))


def test_a_photo_that_vanished_is_still_known_by_its_features(photos: list[Photo], compute: Compute) -> None:
    compute(photos)
    photos[3].path.unlink()
    assert compute(photos).missing == {}


def test_a_photo_that_lacks_its_copies_is_missing(
    photos: list[Photo], compute: Compute, mean_colour: CountingEngine
) -> None:
    compute(photos[:2])
    photos[0].path.unlink()
    varied = [Photo(photo.path, photo.digest, views=1) for photo in photos[:2]]
    source = Source("mean", SIZE, lambda: mean_colour, AugmentationConfig(horizontal_flip=True, views=1))
    assert compute(varied, source).missing == {0: "Not there any more."}
    assert compute([photos[0], varied[1]], source).missing == {}


def test_an_equal_photo_stands_in_for_one_that_vanished(photos: list[Photo], compute: Compute, tmp_path: Path) -> None:
    gone = Photo(tmp_path / "gone.jpg", photos[0].digest)
    features = compute([gone, photos[1], photos[0]])
    assert features.missing == {}
    assert np.array_equal(rows(features, [0])[0], expected(photos[0]))


def test_all_photos_gone_leaves_no_features(photos: list[Photo], compute: Compute) -> None:
    for photo in photos:
        photo.path.unlink()
    features = compute(photos)
    assert len(features.missing) == len(photos)
    assert features.shape == ()


def test_a_stop_keeps_what_was_computed(photos: list[Photo], compute: Compute, mean_colour: CountingEngine) -> None:
    token = CancelToken()

    def stop_after_a_batch(event: Event) -> None:
        if isinstance(event, Progress) and event.done:
            token.cancel()

    with pytest.raises(Cancelled):
        compute(photos, emit=stop_after_a_batch, token=token)
    assert BATCH <= mean_colour.rows < len(photos)
    features = compute(photos)
    assert mean_colour.rows == len(photos)
    assert np.array_equal(rows(features, [0, 39]), np.stack([expected(photos[0]), expected(photos[39])]))


def test_progress_ends_at_the_number_of_pictures(photos: list[Photo], compute: Compute) -> None:
    seen: list[Event] = []
    compute(photos, emit=seen.append)
    progress = [(event.done, event.total) for event in seen if isinstance(event, Progress)]
    assert progress[0] == (0, 40)
    assert progress[-1] == (40, 40)


def test_many_segments_read_like_one(
    photos: list[Photo], compute: Compute, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(module, "_SEGMENT_BYTES", 1)
    features = compute(photos)
    assert len(list((tmp_path / "features").rglob("*.npy"))) == 3
    everything = list(range(40))[::-1]
    assert np.array_equal(rows(features, everything), np.stack([expected(photos[number]) for number in everything]))


@pytest.mark.parametrize("damage", ["cut rows", "no rows", "fewer names", "strange names"])
def test_what_a_crash_damaged_is_computed_again(
    photos: list[Photo], compute: Compute, mean_colour: CountingEngine, tmp_path: Path, damage: str
) -> None:
    compute(photos[:10])
    (rows_file,) = (tmp_path / "features").rglob("*.npy")
    names_file = rows_file.with_suffix(".txt")
    if damage == "cut rows":
        rows_file.write_bytes(rows_file.read_bytes()[:-20])
    elif damage == "no rows":
        rows_file.unlink()
    elif damage == "fewer names":
        names_file.write_text("\n".join(names_file.read_text(encoding="ascii").split()[1:]), encoding="ascii")
    else:
        names_file.write_bytes(b"\xff" * 100)
    features = compute(photos[:10])
    assert mean_colour.rows == 20
    assert np.array_equal(rows(features, [9])[0], expected(photos[9]))


def test_a_full_disk_is_said_and_nothing_half_is_left(
    photos: list[Photo], compute: Compute, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(room.shutil, "disk_usage", lambda _: usage(10**12, 10**12, 10**8))
    with pytest.raises(TLStudioError, match="nearly full"):
        compute(photos)
    assert not [path for path in (tmp_path / "features").rglob("*") if path.is_file()]
