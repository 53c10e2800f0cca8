from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tlstudio.datasets.augmentation.amounts import AugmentationConfig
from tlstudio.events import CancelToken, ignore_events
from tlstudio.modeling.engine import Engine
from tlstudio.modeling.features import Features, FeatureStore, Photo, Source
from tlstudio.training.examples import Examples

PHOTOS, VIEWS = 7, 3


@pytest.fixture
def features(tmp_path: Path, photos_factory: Callable[..., list[Path]], mean_colour: Engine) -> Features:
    paths = photos_factory(tmp_path / "photos", PHOTOS, size=(10, 10))
    photos = [Photo(path, f"digest{number}", VIEWS) for number, path in enumerate(paths)]
    source = Source("mean", 8, lambda: mean_colour, AugmentationConfig(brightness=0.2, views=VIEWS))
    return FeatureStore(tmp_path / "features").features(source, photos, emit=ignore_events, token=CancelToken())


def test_an_epoch_serves_every_photo_once_in_an_order_of_its_own(features: Features) -> None:
    examples = Examples.of(features, range(PHOTOS), range(PHOTOS))
    rng = np.random.default_rng(0)
    epochs = [list(examples.shuffled(3, rng)) for _ in range(2)]
    for batches in epochs:
        assert [len(labels) for _, labels in batches] == [3, 3, 1]
        assert sorted(np.concatenate([labels for _, labels in batches]).tolist()) == list(range(PHOTOS))
        for inputs, labels in batches:
            assert np.array_equal(inputs, np.concatenate([examples.inputs(label, label + 1) for label in labels]))
    orders = [np.concatenate([labels for _, labels in batches]).tolist() for batches in epochs]
    assert orders[0] != orders[1]


def test_copies_take_turns_and_all_come(features: Features) -> None:
    examples = Examples.of(features, [2], [2], range(VIEWS + 1))
    rng = np.random.default_rng(0)
    served = {next(iter(examples.shuffled(1, rng)))[0].tobytes() for _ in range(60)}
    assert len(served) == VIEWS + 1


def test_inputs_are_the_photos_themselves_unless_others_are_wanted(features: Features) -> None:
    with_copies = Examples.of(features, range(PHOTOS), range(PHOTOS), range(VIEWS + 1))
    without = Examples.of(features, range(PHOTOS), range(PHOTOS))
    assert np.array_equal(with_copies.inputs(2, 6), without.inputs(2, 6))
    varied = Examples.of(features, range(PHOTOS), range(PHOTOS), (1,)).inputs(0, PHOTOS)
    assert (varied != without.inputs(0, PHOTOS)).any(axis=1).all()
    assert np.array_equal(varied[3], features.take(np.array([features.locate(3, 1)]))[0])


def test_no_photos_are_no_batches(features: Features) -> None:
    empty = Examples.of(features, [], [])
    assert len(empty) == 0
    assert list(empty.shuffled(4, np.random.default_rng(0))) == []
    assert empty.inputs(0, 5).shape == (0, 3)
