"""Every setting of a phase does what it says: held against Keras itself where Keras can say it."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import h5py
import keras
import numpy as np
import pytest
from numpy.typing import NDArray

from tlstudio.datasets.augmentation.amounts import AugmentationConfig
from tlstudio.datasets.index import index_folder
from tlstudio.errors import TLStudioError
from tlstudio.events import BatchEnded, CancelToken, EpochEnded, Event, ignore_events
from tlstudio.modeling.convert import convert
from tlstudio.modeling.engine import LiteRTEngine
from tlstudio.modeling.features import Photo, Source
from tlstudio.modeling.layer_table import Conv2D, GlobalAveragePooling, LayerTable
from tlstudio.modeling.network import build_network, tail_of
from tlstudio.modeling.spec import HeadSpec, ModelSpec, Preprocessing
from tlstudio.runs import store
from tlstudio.training.compilation import prepare
from tlstudio.training.config import Keep, Optimizer, Phase, Schedule, Stop, TrainConfig
from tlstudio.training.examples import Batch
from tlstudio.training.live import LivePhotos
from tlstudio.training.recipes import own_spec
from tlstudio.training.trainer import Assignment, train_phase
from tlstudio.workflows.repeat import repetition
from tlstudio.workflows.train import Trained, TrainRequest, train

CUT = "conv_pad_12"
HEAD = Phase("head", epochs=2, learning_rate=0.01, batch_size=8)
TUNE = Phase("fine_tune", epochs=1, learning_rate=1e-3, batch_size=8, unfreeze_from="conv_dw_12")

TrainTiny = Callable[..., Trained]
ClassFolders = Callable[..., Path]


@pytest.fixture
def photos(class_folders: ClassFolders) -> Path:
    return class_folders({"daisy": 12, "rose": 8, "tulip": 4}, size=(40, 32))


@pytest.fixture
def leaves(shared: Path, tmp_path: Path) -> Path:
    """A few real photos of each class."""
    folder = tmp_path / "leaves"
    for source in sorted(path for path in (shared / "data" / "leaves3").iterdir() if path.is_dir()):
        (folder / source.name).mkdir(parents=True)
        for photo in sorted(source.iterdir())[:8]:
            shutil.copyfile(photo, folder / source.name / photo.name)
    return folder


def arrays(file: Path) -> dict[str, NDArray[Any]]:
    found: dict[str, NDArray[Any]] = {}
    with h5py.File(file) as opened:
        opened.visititems(lambda name, item: found.update({name: item[()]}) if isinstance(item, h5py.Dataset) else None)
    return found


def same_weights(one: store.StoredRun, other: store.StoredRun, atol: float) -> bool:
    first, second = arrays(one.tail_weights), arrays(other.tail_weights)
    return first.keys() == second.keys() and all(np.allclose(first[name], second[name], atol=atol) for name in first)


class Given:
    """Examples from memory, in the order that they were given."""

    def __init__(self, inputs: NDArray[Any], labels: NDArray[np.int64]) -> None:
        self.inputs_, self.labels = inputs, labels
        self.missing: dict[int, str] = {}

    def __len__(self) -> int:
        return len(self.labels)

    def inputs(self, start: int, stop: int) -> NDArray[Any]:
        return self.inputs_[start:stop]

    def shuffled(self, batch_size: int, _rng: np.random.Generator, skip: int = 0) -> Iterator[Batch]:
        for start in range(skip * batch_size, len(self), batch_size):
            yield self.inputs_[start : start + batch_size], self.labels[start : start + batch_size]


RNG = np.random.default_rng(0)
VECTORS, LABELS = RNG.normal(size=(12, 5)).astype(np.float32), np.arange(12) % 3
NOTHING: Any = Given(VECTORS[:0], LABELS[:0])


def dense() -> Any:  # noqa: ANN401 - Keras models have no typed stubs
    keras.utils.set_random_seed(1)
    return keras.Sequential([keras.Input((5,)), keras.layers.Dense(3, activation="softmax", name="scores")])


def taught(
    phase: Phase,
    class_weights: NDArray[np.float32] | None = None,
    check: Any = NOTHING,  # noqa: ANN401
    keep_weights: Callable[[Any, EpochEnded], None] | None = None,
) -> tuple[Any, list[EpochEnded]]:
    model = dense()
    assignment = Assignment(phase, class_weights=class_weights, keep_weights=keep_weights)
    result = train_phase(model, assignment, Given(VECTORS, LABELS), check, emit=ignore_events, token=CancelToken())
    return model, result.epochs


OPTIMIZERS = [
    (Optimizer(), keras.optimizers.Adam),
    (Optimizer(weight_decay=0.01), lambda rate: keras.optimizers.Adam(rate, weight_decay=0.01)),
    (Optimizer("adamw", weight_decay=0.01), lambda rate: keras.optimizers.AdamW(rate, weight_decay=0.01)),
    (Optimizer("rmsprop", 0.5), lambda rate: keras.optimizers.RMSprop(rate, momentum=0.5)),
    (Optimizer("sgd", 0.9, nesterov=True), lambda rate: keras.optimizers.SGD(rate, momentum=0.9, nesterov=True)),
]


@pytest.mark.parametrize(("optimizer", "of_keras"), OPTIMIZERS, ids=lambda value: getattr(value, "name", ""))
def test_an_optimizer_takes_the_steps_of_keras(optimizer: Optimizer, of_keras: Callable[[float], Any]) -> None:
    phase = replace(HEAD, epochs=3, batch_size=4, optimizer=optimizer, stops=(), keep="last")
    model, epochs = taught(phase)
    other = dense()
    other.compile(optimizer=of_keras(0.01), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    history = other.fit(VECTORS, LABELS, batch_size=4, epochs=3, shuffle=False, verbose=0).history
    assert np.allclose(model.get_weights()[0], other.get_weights()[0], atol=1e-6)
    assert [epoch.loss for epoch in epochs] == pytest.approx(history["loss"], abs=1e-5)
    assert [epoch.accuracy for epoch in epochs] == pytest.approx(history["accuracy"], abs=1e-6)


def test_class_weights_and_smoothing_count_as_in_keras() -> None:
    weights = np.array([1, 2, 5], np.float32)
    phase = replace(HEAD, batch_size=4, stops=(), keep="last", label_smoothing=0.1)
    model, epochs = taught(phase, weights)
    other = dense()
    other.compile(optimizer=keras.optimizers.Adam(0.01), loss=keras.losses.CategoricalCrossentropy(label_smoothing=0.1))
    targets, by_class = np.eye(3, dtype=np.float32)[LABELS], dict(enumerate(weights.tolist()))
    fit = other.fit(VECTORS, targets, batch_size=4, epochs=2, shuffle=False, class_weight=by_class, verbose=0)
    assert np.allclose(model.get_weights()[0], other.get_weights()[0], atol=1e-6)
    assert [epoch.loss for epoch in epochs] == pytest.approx(fit.history["loss"], abs=1e-5)


def test_the_rate_follows_its_schedule_step_by_step() -> None:
    schedule = Schedule("step", 0.1, every=1, decay=0.5)
    phase = replace(HEAD, batch_size=4, optimizer=Optimizer("sgd"), schedule=schedule, stops=(), keep="last")
    model, epochs = taught(phase)
    other = dense()
    prepare(other, phase)
    for step, start in enumerate([0, 4, 8, 0, 4, 8]):
        other.optimizer.learning_rate = 0.01 * 0.1 ** (step // 3) / (1 + 0.5 * step)
        other.train_on_batch(VECTORS[start : start + 4], LABELS[start : start + 4])
    assert np.allclose(model.get_weights()[0], other.get_weights()[0], atol=1e-7)
    assert [epoch.learning_rate for epoch in epochs] == pytest.approx([0.01 / 2, 0.001 / 3.5])


def test_an_epoch_has_the_steps_that_were_named_and_goes_on_where_it_was() -> None:
    phase = replace(HEAD, epochs=3, batch_size=5, steps_per_epoch=2, stops=(), keep="last")
    seen: list[Event] = []
    model, whole = dense(), dense()
    learn = Given(VECTORS, LABELS)
    train_phase(model, Assignment(phase), learn, NOTHING, emit=seen.append, token=CancelToken())
    assert sum(isinstance(event, BatchEnded) for event in seen) == 6
    passes = replace(phase, epochs=2, steps_per_epoch=0)  # 2 passes of 3 batches are the same 6 steps
    train_phase(whole, Assignment(passes), learn, NOTHING, emit=ignore_events, token=CancelToken())
    assert np.array_equal(model.get_weights()[0], whole.get_weights()[0])


@pytest.mark.parametrize("keep", ["best", "last"])
def test_a_phase_ends_on_the_weights_that_it_wants_kept(keep: Keep) -> None:
    """On contradicting labels the validation figures only get worse."""
    check: Any = Given(VECTORS, (LABELS + 1) % 3)
    kept: list[NDArray[Any]] = []
    phase = replace(HEAD, epochs=4, learning_rate=0.3, stops=(), keep=keep, keep_by="val_loss")
    model, epochs = taught(phase, check=check, keep_weights=lambda model, _: kept.append(model.get_weights()[0]))
    assert len(epochs) == len(kept) == 4
    best = min(range(4), key=lambda number: epochs[number].val_loss or 0)
    assert best != 3
    wanted = kept[3] if keep == "last" else kept[best] if epochs[best].best else dense().get_weights()[0]
    assert np.array_equal(model.get_weights()[0], wanted)
    assert epochs[-1].best is (keep == "last")


def test_a_threshold_ends_the_phase() -> None:
    phase = replace(HEAD, epochs=200, learning_rate=0.1, stops=(Stop("accuracy", 0, at_least=0.75),), keep="last")
    _, epochs = taught(phase)
    assert len(epochs) < 200
    assert [epoch.accuracy >= 0.75 for epoch in epochs] == [False] * (len(epochs) - 1) + [True]


@pytest.mark.usefixtures("eagerly")
def test_one_step_on_stored_activations_is_one_step_through_the_whole_network(spec: ModelSpec) -> None:
    images = RNG.integers(0, 256, (8, 64, 64, 3), dtype=np.uint8)
    labels, phase = np.arange(8) % 3, replace(TUNE, optimizer=Optimizer("sgd", 0.9))
    keras.utils.set_random_seed(3)
    whole = build_network(spec, 3, spec.weights)
    start = whole.get_weights()
    prepare(whole, phase)
    whole.train_on_batch(images, labels)
    learnt = {weight.path: weight.numpy() for weight in tail_of(whole, CUT).weights}
    network = build_network(spec, 3, spec.weights)
    network.set_weights(start)
    before = {weight.path: weight.numpy() for weight in network.weights}
    stored = LiteRTEngine(convert(keras.Model(network.inputs[0], network.get_layer(CUT).output))).run(images)
    tail = tail_of(network, CUT)
    prepare(tail, phase)
    tail.train_on_batch(stored, labels)
    for weight in tail.weights:
        assert np.allclose(weight.numpy(), learnt[weight.path], atol=1e-4), weight.path
    moved = [path for path, value in learnt.items() if not np.allclose(value, before[path], atol=1e-4)]
    assert any("conv_pw_13" in path for path in moved), "the step is large enough to tell"


@pytest.mark.usefixtures("eagerly")
def test_the_whole_network_learns_with_a_fresh_head_from_the_first_phase_on(
    photos: Path, train_tiny: TrainTiny, spec: ModelSpec
) -> None:
    """Batch norm included, where it is to learn."""
    phase = replace(TUNE, steps_per_epoch=1, unfreeze_from="", batch_norm="learn", keep="last")
    run = train_tiny(photos, phase).stored
    assert (run.run.trained_from, run.run.history.phases) == ("photo", ("fine_tune",))
    network = build_network(spec, 3, spec.weights)
    before = {weight.path: weight.numpy() for weight in network.weights}
    network.load_weights(run.tail_weights)
    changed = {weight.path for weight in network.weights if not np.array_equal(weight.numpy(), before[weight.path])}
    assert {"conv1/kernel", "conv1_bn/moving_mean", "conv1_bn/gamma", "scores/kernel"} <= changed


@pytest.mark.usefixtures("eagerly")
def test_sizes_grow_from_phase_to_phase_and_the_weights_go_along(photos: Path, train_tiny: TrainTiny) -> None:
    still = replace(HEAD, epochs=1, learning_rate=1e-12, keep="last", input_size=96)
    first = train_tiny(photos, HEAD, out="first").stored
    grown = train_tiny(photos, HEAD, still, out="grown").stored
    assert same_weights(first, grown, atol=1e-6)
    assert (grown.run.spec.input_size, [phase.input_size for phase in grown.run.config.phases]) == (96, [64, 96])
    assert grown.run.test is not None


def test_a_network_from_scratch_grows_too(photos: Path, home: Path) -> None:
    small = Phase("scratch", 1, 1e-3, batch_size=8, stops=(), keep="last")
    spec = own_spec(LayerTable(16, 16, 3, (Conv2D(4), GlobalAveragePooling())))

    def weights_after(*phases: Phase) -> dict[str, NDArray[Any]]:
        request = TrainRequest(photos, home / f"run{len(phases)}", spec, TrainConfig(phases))
        return arrays(train(request, emit=ignore_events, token=CancelToken()).stored.tail_weights)

    once = weights_after(small)
    twice = weights_after(small, replace(small, input_size=24, learning_rate=1e-12))
    assert once.keys() == twice.keys()
    assert all(np.allclose(once[name], twice[name], atol=1e-6) for name in once)


def test_live_photos_are_other_copies_in_each_pass_and_the_same_for_the_same_seed(leaves: Path) -> None:
    dataset = index_folder(leaves, emit=ignore_events, token=CancelToken())
    photos = [Photo(dataset.absolute(sample.path), sample.digest) for sample in dataset.samples]
    varied = AugmentationConfig(rotation=20, horizontal_flip=True, views=1)

    def passes(seed: int, phase: int = 0, augmentation: AugmentationConfig = varied) -> list[list[Any]]:
        live = LivePhotos(
            photos, range(len(photos)), range(len(photos)), Source("", 32, None, augmentation, seed), token
        )
        rng = np.random.default_rng((0, phase))
        return [list(live.shuffled(5, rng)) for _ in range(2)]

    def pictures(batches: list[Any]) -> dict[int, bytes]:
        return {int(label): row.tobytes() for rows, labels in batches for row, label in zip(rows, labels, strict=True)}

    token = CancelToken()
    first, second = map(pictures, passes(0))
    assert [pictures(batches) for batches in passes(0)] == [first, second]
    assert [len(labels) for _, labels in passes(0)[0]] == [5, 5, 5, 5, 4]
    assert first.keys() == second.keys() == set(range(24))
    assert all(first[number] != second[number] for number in first)
    assert pictures(passes(0, phase=1)[0]) != first
    assert pictures(passes(1)[0]) != first
    plain = [pictures(batches) for batches in passes(0, augmentation=AugmentationConfig(rotation=20))]
    assert plain[0] == plain[1], "without copies there is nothing to vary"


def test_live_photos_that_vanish_are_left_out_and_said(photos: Path, train_tiny: TrainTiny) -> None:
    gone: list[Path] = []

    def remove(event: Event) -> None:
        if isinstance(event, EpochEnded) and not gone:
            gone.extend(sorted((photos / "daisy").iterdir()))
            for path in gone:
                path.unlink()

    run = train_tiny(photos, replace(HEAD, epochs=3, data="live", keep="last"), emit=remove).stored.run
    assert len(run.history.epochs) == 3
    learnt_from = {sample.path for number, sample in enumerate(run.samples) if number in run.split.train}
    assert not [path for path in learnt_from if path.startswith("daisy")]
    assert {entry.path for entry in run.rejected} <= {f"daisy/{path.name}" for path in gone}
    assert run.rejected


@pytest.mark.usefixtures("eagerly")
def test_live_without_variation_is_what_stored_is(photos: Path, train_tiny: TrainTiny, warm_home: Path) -> None:
    live = train_tiny(photos, replace(HEAD, data="live"), replace(TUNE, data="live"), out="live").stored
    names = [name for file in (warm_home / "cache" / "features").rglob("*.txt") for name in file.read_text().split()]
    kept = {
        live.run.samples[number].digest for part in (live.run.split.validation, live.run.split.test) for number in part
    }
    assert set(names) == kept, "what is learnt from is not kept"
    stored = train_tiny(photos, HEAD, TUNE, out="stored").stored
    assert live.run.trained_from == stored.run.trained_from == CUT
    assert same_weights(live, stored, atol=1e-4), "the order is the same, too"


def test_a_stop_ends_live_data_at_once(photos: Path, train_tiny: TrainTiny) -> None:
    token = CancelToken()
    seen: list[Event] = []

    def emit(event: Event) -> None:
        seen.append(event)
        if isinstance(event, BatchEnded) and (event.epoch, event.step) == (1, 1):
            token.cancel()

    run = train_tiny(photos, replace(HEAD, epochs=50, data="live"), emit=emit, token=token).stored.run
    assert run.status == "stopped"
    assert len(run.history.epochs) == 1
    assert [(e.epoch, e.step) for e in seen if isinstance(e, BatchEnded)][-1] == (1, 1)


def test_weights_of_every_epoch_stay_with_the_run(photos: Path, train_tiny: TrainTiny, warm_home: Path) -> None:
    phase = replace(HEAD, checkpoint="every", keep="last", stops=())
    run = train_tiny(photos, phase).stored
    names = [f"1-head-{row.epoch + 1:03}-{row.val_loss:.4f}.weights.h5" for row in run.run.history.epochs]
    assert sorted(path.name for path in run.folder.glob("1-*")) == names
    last, kept = arrays(run.folder / names[-1]), arrays(run.tail_weights)
    assert all(np.array_equal(last[name], kept[name]) for name in kept)
    assert sorted(path.name for path in warm_home.iterdir()) == ["cache", "run"], "nothing temporary is left"


def test_some_of_the_photos_to_check_on_are_the_same_in_each_epoch(photos: Path, train_tiny: TrainTiny) -> None:
    still = replace(HEAD, batch_size=2, learning_rate=1e-12, keep="last", stops=())
    part = train_tiny(photos, replace(still, validation_steps=1), out="part").stored.run.history.epochs
    whole = train_tiny(photos, still, out="whole").stored.run.history.epochs
    assert part[0].val_loss == pytest.approx(part[1].val_loss, abs=1e-6)
    assert part[0].val_loss != pytest.approx(whole[0].val_loss, abs=1e-6)


def test_a_weight_for_no_class_is_said_before_any_photo_is_computed(photos: Path, train_tiny: TrainTiny) -> None:
    seen: list[Event] = []
    with pytest.raises(TLStudioError, match="“orchid”"):
        train_tiny(photos, replace(HEAD, class_weights=(("orchid", 2.0),)), emit=seen.append)
    assert "features" not in {getattr(event, "stage", "") for event in seen}


WANTED: dict[Preprocessing, Callable[[NDArray[Any]], NDArray[Any]]] = {
    "raw": lambda x: x,
    "unit": lambda x: x / 255,
    "symmetric": lambda x: x / 127.5 - 1,
    "caffe": lambda x: x[..., ::-1] - np.array([103.939, 116.779, 123.68]),
}


@pytest.mark.parametrize("preprocessing", WANTED)
@pytest.mark.usefixtures("eagerly")
def test_preprocessing_is_part_of_the_graph(spec: ModelSpec, preprocessing: Preprocessing) -> None:
    images = RNG.integers(0, 256, (4, 64, 64, 3), dtype=np.uint8)
    network = build_network(replace(spec, preprocessing=preprocessing), 3, spec.weights)
    first = network.get_layer("conv1")
    seen = keras.Model(network.inputs[0], first.input).predict_on_batch(images)
    assert np.allclose(seen, WANTED[preprocessing](images.astype(np.float64)), atol=1e-3)
    names = [layer.name for layer in build_network(spec, 3, spec.weights).layers if layer.weights]
    assert [layer.name for layer in network.layers if layer.weights] == names
    if preprocessing == "caffe":  # which turns the colours round, too
        converted = LiteRTEngine(convert(network)).run(images)
        assert np.allclose(converted, network.predict_on_batch(images), atol=1e-4)


@pytest.mark.usefixtures("eagerly")
def test_a_run_is_repeated_from_its_folder_to_the_same_weights(photos: Path, spec: ModelSpec, warm_home: Path) -> None:
    """With classes, parts and settings of its own, none of which the folder or the defaults know."""
    found = index_folder(photos, emit=ignore_events, token=CancelToken())
    corrected = tuple(
        replace(sample, class_name="rose" if sample.class_name == "tulip" else sample.class_name)
        for sample in found.samples[1:]
    )
    dataset = replace(found, classes=("daisy", "rose"), samples=corrected)
    phases = (
        replace(HEAD, optimizer=Optimizer("sgd", 0.9), class_weights="balanced", stops=(), keep="last"),
        replace(TUNE, schedule=Schedule("cosine", warm_up=1), label_smoothing=0.1),
    )
    config = TrainConfig(phases, seed=5, augmentation=AugmentationConfig(horizontal_flip=True, views=1))
    own = replace(spec, head=HeadSpec.plain(units=(4,)))
    names = (warm_home / f"run{number}" for number in count())
    first = train(TrainRequest(dataset, next(names), own, config), emit=ignore_events, token=CancelToken()).stored
    for model in (first.folder, first.folder / store.RUN_FILE):
        request = repetition(model, photos, next(names), emit=ignore_events, token=CancelToken())
        again = train(request, emit=ignore_events, token=CancelToken()).stored
        kept = ("classes", "samples", "split", "spec", "config", "trained_from")
        assert [getattr(again.run, name) for name in kept] == [getattr(first.run, name) for name in kept]
        assert same_weights(first, again, atol=1e-5)


def test_a_run_is_repeated_on_other_photos_by_its_settings(
    photos: Path, train_tiny: TrainTiny, warm_home: Path
) -> None:
    first = train_tiny(photos, HEAD, seed=4).stored
    sorted((photos / "daisy").iterdir())[0].unlink()
    seen: list[Event] = []
    request = repetition(first.folder, photos, warm_home / "again", emit=seen.append, token=CancelToken())
    assert (request.spec, request.config, request.split) == (first.run.spec, first.run.config, first.run.split_config)
    assert request.parts is None
    assert any("1 of the 24 photos" in str(event) for event in seen)
