import hashlib
import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image

from tlstudio.datasets.augmentation.amounts import AugmentationConfig
from tlstudio.events import CancelToken, ignore_events
from tlstudio.modeling.features import FeatureStore, Photo, Source

PHOTOS = 9
VIEWS = 2


class Flattened:
    """An engine whose answer names the picture: all of its pixels."""

    def run(self, batch: NDArray[Any]) -> NDArray[np.float32]:
        return batch.reshape(len(batch), -1).astype(np.float32)


def _source() -> Source:
    return Source("pixels", 4, Flattened, AugmentationConfig(brightness=0.2, views=VIEWS))


@pytest.fixture(scope="module")
def paths(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("photos")
    made = []
    for number in range(PHOTOS):
        pixels = np.random.default_rng(number).integers(0, 256, (5, 5, 3), dtype=np.uint8)
        path = folder / f"{number}.png"
        with io.BytesIO() as file:
            Image.fromarray(pixels).save(file, "PNG")
            path.write_bytes(file.getvalue())
        made.append(path)
    return made


@pytest.fixture(scope="module")
def alone(paths: list[Path], tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[int, int], bytes]:
    """Rows of every photo and view, each computed in a store of its own."""
    found = {}
    for number, path in enumerate(paths):
        photo = Photo(path, hashlib.sha256(path.read_bytes()).hexdigest(), VIEWS)
        store = FeatureStore(tmp_path_factory.mktemp("alone"))
        features = store.features(_source(), [photo], emit=ignore_events, token=CancelToken())
        for view in range(VIEWS + 1):
            found[number, view] = features.take(np.array([features.locate(0, view)])).tobytes()
    return found


request = st.lists(st.tuples(st.integers(0, PHOTOS - 1), st.integers(0, VIEWS)), max_size=PHOTOS)


@settings(max_examples=25, deadline=None)
@given(st.lists(request, min_size=1, max_size=4))
def test_any_order_of_requests_gives_the_same_rows(
    paths: list[Path],
    alone: dict[tuple[int, int], bytes],
    tmp_path_factory: pytest.TempPathFactory,
    requests: list[list[tuple[int, int]]],
) -> None:
    folder = tmp_path_factory.mktemp("store")
    for wanted in requests:
        photos = [
            Photo(paths[number], hashlib.sha256(paths[number].read_bytes()).hexdigest(), views)
            for number, views in wanted
        ]
        features = FeatureStore(folder).features(_source(), photos, emit=ignore_events, token=CancelToken())
        for place, (number, views) in enumerate(wanted):
            for view in range(views + 1):
                row = features.take(np.array([features.locate(place, view)]))
                assert row.tobytes() == alone[number, view]
