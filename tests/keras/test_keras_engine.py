import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import get_args
from unittest.mock import Mock

import numpy as np
import pytest
import tensorflow as tf

from tlstudio.datasets.images import decode
from tlstudio.errors import Cancelled, TLStudioError
from tlstudio.events import CancelToken, Emit, Event, Notice, Progress
from tlstudio.modeling import convert as converter
from tlstudio.modeling import engine as module
from tlstudio.modeling import litert, weights
from tlstudio.modeling.engine import BATCH, EngineStore, KerasEngine, LiteRTEngine
from tlstudio.modeling.layer_table import ActivationFunction
from tlstudio.modeling.network import build_head, build_part
from tlstudio.modeling.part import PHOTO, POOLING, Part
from tlstudio.modeling.spec import HeadSpec, ModelSpec


@pytest.fixture
def part(spec: ModelSpec) -> Part:
    return Part(spec, PHOTO, POOLING, spec.weights, weights.digest(spec.weights))


@pytest.fixture
def pictures(tmp_path: Path, photos_factory: Callable[..., list[Path]]) -> np.ndarray:
    return np.stack([decode(path, 64) for path in photos_factory(tmp_path / "photos", BATCH + 3)])


@pytest.fixture
def children(monkeypatch: pytest.MonkeyPatch) -> list["subprocess.Popen[bytes]"]:
    """Every process that an engine is made in."""
    started = []
    start = subprocess.Popen

    def count(*arguments: object, **options: object) -> "subprocess.Popen[bytes]":
        started.append(start(*arguments, **options))  # type: ignore[call-overload]
        return started[-1]

    monkeypatch.setattr(module.subprocess, "Popen", count)
    return started


def test_an_engine_is_made_once_in_a_child_and_agrees(
    part: Part, pictures: np.ndarray, children: list["subprocess.Popen[bytes]"], tmp_path: Path, silent: Emit
) -> None:
    store = EngineStore(tmp_path / "engines")
    seen: list[Event] = []
    photos = sorted((tmp_path / "photos").iterdir())
    made = store.get(part, photos[:4], emit=seen.append, token=CancelToken())
    again = EngineStore(tmp_path / "engines").get(part, emit=silent, token=CancelToken())
    assert isinstance(made, LiteRTEngine)
    assert isinstance(again, LiteRTEngine)
    assert len(children) == 1
    assert any(isinstance(event, Progress) and event.stage == "engine" for event in seen)
    assert not any(isinstance(event, Notice) for event in seen)
    expected = KerasEngine(build_part(part)).run(pictures)
    assert expected.shape == (BATCH + 3, 256)
    assert np.allclose(made.run(pictures), expected, atol=1e-4)
    assert np.array_equal(again.run(pictures), made.run(pictures))


def test_rows_do_not_depend_on_their_neighbours(part: Part, pictures: np.ndarray, ready_engines: Path) -> None:
    engine = LiteRTEngine(EngineStore(ready_engines).path(part))
    together = engine.run(pictures)
    assert np.array_equal(np.concatenate([engine.run(row[np.newaxis]) for row in pictures]), together)


@pytest.mark.parametrize("activation", get_args(ActivationFunction))
def test_every_head_can_be_converted(activation: str) -> None:
    head = build_head(HeadSpec.plain(units=(8, 4), activation=activation, dropout=0.5), 6, 3)
    engine = LiteRTEngine(converter.convert(head))
    inputs = np.random.default_rng(0).normal(size=(5, 6)).astype(np.float32)
    assert np.allclose(engine.run(inputs), head.predict_on_batch(inputs), atol=1e-5)


def _ask(part: Part, tmp_path: Path) -> dict[str, object]:
    return converter.answer(converter.Request(part, [], str(tmp_path / "engine.tflite")))


def test_a_large_network_goes_by_way_of_a_file_that_does_not_stay(
    part: Part, pictures: np.ndarray, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(litert, "LARGE", 0)
    model, scratch = build_part(part), tmp_path / "scratch"
    scratch.mkdir()
    save = Mock(wraps=tf.saved_model.save)
    monkeypatch.setattr(tf.saved_model, "save", save)
    engine = LiteRTEngine(converter.convert(model, scratch))
    assert [Path(call.args[1]).parent for call in save.call_args_list] == [scratch]
    assert not list(scratch.iterdir())
    assert converter.difference(model, engine, pictures) < 1e-4


def test_an_engine_that_differs_from_keras_is_not_kept(
    part: Part, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(converter, "difference", lambda *_: 0.5)
    answer = _ask(part, tmp_path)
    assert answer["agrees"] is False
    assert "differ" in str(answer["reason"])
    assert not (tmp_path / "engine.tflite").exists()


def test_results_that_are_no_numbers_are_not_kept(part: Part, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(converter, "difference", lambda *_: float("nan"))
    assert _ask(part, tmp_path)["agrees"] is False


def test_a_network_that_can_not_be_converted_says_why(
    part: Part, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> bytes:
        raise RuntimeError("no such operation")

    monkeypatch.setattr(converter, "convert", refuse)
    assert _ask(part, tmp_path) == {"agrees": False, "reason": "RuntimeError: no such operation"}


def test_where_no_engine_can_be_made_keras_computes_and_it_is_said(
    part: Part, pictures: np.ndarray, children: list["subprocess.Popen[bytes]"], tmp_path: Path
) -> None:
    store = EngineStore(tmp_path)
    store.path(part).with_suffix(".failed").write_text("RuntimeError: no such operation", encoding="utf-8")
    seen: list[Event] = []
    engine = store.get(part, emit=seen.append, token=CancelToken())
    assert isinstance(engine, KerasEngine)
    assert children == [], "what failed before isn't tried again"
    (notice,) = [event for event in seen if isinstance(event, Notice)]
    assert "no such operation" in notice.message
    assert "Keras" in notice.message
    assert engine.run(pictures).shape == (BATCH + 3, 256)


def test_a_child_that_dies_leaves_keras_and_the_next_try_free(
    part: Part, children: list["subprocess.Popen[bytes]"], tmp_path: Path
) -> None:
    store = EngineStore(tmp_path)
    pending = store.begin(part)
    children[0].kill()
    seen: list[Event] = []
    assert isinstance(pending.wait(emit=seen.append, token=CancelToken()), KerasEngine)
    assert any(isinstance(event, Notice) and "ended early" in event.message for event in seen)
    assert list(tmp_path.iterdir()) == [], "no verdict is kept"


def test_a_damaged_engine_is_replaced_by_keras_and_removed(part: Part, tmp_path: Path) -> None:
    store = EngineStore(tmp_path)
    store.put(part, b"damaged")
    seen: list[Event] = []
    assert isinstance(store.get(part, emit=seen.append, token=CancelToken()), KerasEngine)
    assert any(isinstance(event, Notice) for event in seen)
    assert not store.has(part)


def test_a_stop_ends_the_making(part: Part, children: list["subprocess.Popen[bytes]"], tmp_path: Path) -> None:
    token = CancelToken()
    store = EngineStore(tmp_path)
    with pytest.raises(Cancelled):
        store.get(part, emit=lambda _: token.cancel(), token=token)
    assert children[0].poll() is not None, "the child is gone"
    assert not store.has(part)


def test_weights_that_do_not_fit_are_said_by_the_child(part: Part, tmp_path: Path, silent: Emit) -> None:
    wrong = tmp_path / "wrong.weights.h5"
    wrong.write_bytes(b"no weights")
    bad = replace(part, backbone_weights=str(wrong), backbone_digest="other")
    with pytest.raises(TLStudioError, match="can't be read as weights"):
        EngineStore(tmp_path / "engines").get(bad, emit=silent, token=CancelToken())
    assert not (tmp_path / "engines").exists()
