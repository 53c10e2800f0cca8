"""Photos a second: kept, estimated, measured."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tlstudio.errors import Cancelled
from tlstudio.events import CancelToken
from tlstudio.modeling import speeds as module
from tlstudio.modeling.backbones import BACKBONES, get_backbone
from tlstudio.modeling.engine import BATCH
from tlstudio.modeling.speeds import SpeedStore, measure

VGG = get_backbone("vgg16")
MOBILE = get_backbone("mobilenet_v2_1.0")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "speeds.json"


def test_a_measurement_is_kept_for_its_size_alone(file: Path) -> None:
    SpeedStore(file).keep(VGG.name, 224, 7.5)
    store = SpeedStore(file)
    assert store.has(VGG.name, 224)
    assert not store.has(VGG.name, 160)
    assert (store.speed(VGG, 224).photos_per_second, store.speed(VGG, 224).measured) == (7.5, True)


def test_another_size_of_the_same_network_follows_the_area(file: Path) -> None:
    store = SpeedStore(file)
    store.keep(VGG.name, 224, 7.5)
    smaller = store.speed(VGG, 112)
    assert (smaller.photos_per_second, smaller.measured) == (30.0, False)


def test_what_was_measured_says_how_quick_the_computer_is(file: Path) -> None:
    before = SpeedStore(file).speed(MOBILE, 224).photos_per_second
    expected = SpeedStore(file).speed(VGG, 224).photos_per_second
    store = SpeedStore(file)
    store.keep(VGG.name, 224, 3 * expected)
    assert store.speed(MOBILE, 224).photos_per_second == pytest.approx(3 * before)
    assert not store.speed(MOBILE, 224).measured


@pytest.mark.parametrize("size", [96, 224])
def test_every_backbone_has_an_estimate(file: Path, size: int) -> None:
    found = {entry.name: SpeedStore(file).speed(entry, size).photos_per_second for entry in BACKBONES}
    assert all(photos > 0 for photos in found.values())
    assert found["mobilenet_v3_small"] > found["resnet50"] > found["vgg16"], "few multiplications are quick"


def test_processes_keep_beside_each_other(file: Path) -> None:
    one, other = SpeedStore(file), SpeedStore(file)
    one.keep(VGG.name, 224, 7.0)
    other.keep(MOBILE.name, 224, 140.0)
    one.keep(VGG.name, 224, 8.0)
    after = SpeedStore(file)
    assert after.speed(VGG, 224).photos_per_second == 8.0
    assert after.has(MOBILE.name, 224)
    assert [path.name for path in file.parent.iterdir()] == [file.name], "nothing half-written stays"


def test_another_computer_or_kind_of_engine_measures_anew(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    SpeedStore(file).keep(VGG.name, 224, 7.0)
    with monkeypatch.context() as patch:
        patch.setattr(module, "ENGINE_VERSION", 10**6)
        newer = SpeedStore(file)
        assert not newer.has(VGG.name, 224)
        newer.keep(VGG.name, 224, 9.0)
    assert SpeedStore(file).speed(VGG, 224).photos_per_second == 7.0


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"computers": 1}'])
def test_a_damaged_file_is_as_good_as_none(file: Path, content: bytes) -> None:
    file.parent.mkdir()
    file.write_bytes(content)
    store = SpeedStore(file)
    assert not store.has(VGG.name, 224)
    store.keep(VGG.name, 224, 7.0)
    assert SpeedStore(file).has(VGG.name, 224)


def test_what_can_not_be_written_is_still_known(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file where the folder should be")
    store = SpeedStore(tmp_path / "cache" / "speeds.json")
    store.keep(VGG.name, 224, 7.0)
    assert store.has(VGG.name, 224)


class Engine:
    """Takes so many seconds for each batch, on a clock of its own; the last ones are repeated."""

    def __init__(self, seconds: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
        self.seconds, self.now, self.shapes = seconds, 0.0, set[tuple[int, ...]]()
        self.batches = 0
        monkeypatch.setattr(module.time, "perf_counter", lambda: self.now)

    def run(self, batch: NDArray[Any]) -> NDArray[np.float32]:
        self.shapes.add(batch.shape)
        self.now += self.seconds[min(self.batches, len(self.seconds) - 1)]
        self.batches += 1
        return np.zeros(1, np.float32)


def test_the_quickest_batch_counts_but_not_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = Engine([0.01, 0.8, 0.4, 0.8], monkeypatch)
    assert measure(engine, 32, token=CancelToken()) == pytest.approx(BATCH / 0.4)
    assert engine.shapes == {(BATCH, 32, 32, 3)}


def test_one_batch_of_a_slow_network_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = Engine([8.0], monkeypatch)
    assert measure(engine, 32, token=CancelToken()) == BATCH / 8
    assert engine.batches == 1


def test_measuring_can_be_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        measure(Engine([0.1], monkeypatch), 32, token=token)
