import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import h5py
import keras
import numpy as np
import pytest

from tlstudio.datasets.augmentation.amounts import AugmentationConfig
from tlstudio.datasets.index import index_folder
from tlstudio.datasets.splits.split import SplitConfig
from tlstudio.errors import Cancelled, TLStudioError
from tlstudio.events import BatchEnded, CancelToken, Emit, EpochEnded, Event, Notice, PhaseStarted, Progress
from tlstudio.modeling import engine as engine_module
from tlstudio.modeling.network import build_network, tail_of
from tlstudio.modeling.spec import HeadSpec, ModelSpec
from tlstudio.runs import store
from tlstudio.training.compilation import prepare
from tlstudio.training.config import Phase, Stop, TrainConfig
from tlstudio.workflows.train import Trained, TrainRequest, train

CUT = "conv_pad_12"
HEAD = Phase("head", epochs=15, learning_rate=0.01, batch_size=8)
SHORT = replace(HEAD, epochs=2)
TUNE = Phase("fine_tune", epochs=2, learning_rate=1e-3, batch_size=8, unfreeze_from="conv_dw_12")

TrainTiny = Callable[..., Trained]
ClassFolders = Callable[..., Path]


@pytest.fixture
def photos(class_folders: ClassFolders) -> Path:
    return class_folders({"daisy": 12, "rose": 12, "tulip": 12}, size=(40, 32))


def stopping(token: CancelToken, when: Callable[[Event], bool]) -> tuple[Emit, list[Event]]:
    """An ``emit`` that asks to stop at an event, and the events that it saw."""
    seen: list[Event] = []

    def emit(event: Event) -> None:
        seen.append(event)
        if when(event):
            token.cancel()

    return emit, seen


def tail_arrays(folder: Path) -> dict[str, np.ndarray]:
    arrays: dict[str, np.ndarray] = {}
    with h5py.File(folder / store.TAIL_FILE) as file:
        file.visititems(lambda name, item: arrays.update({name: item[()]}) if isinstance(item, h5py.Dataset) else None)
    return arrays


def test_a_head_learns_what_can_be_told_apart(photos: Path, train_tiny: TrainTiny) -> None:
    seen: list[Event] = []
    trained = train_tiny(photos, emit=seen.append)
    run = trained.stored.run
    assert run.status == "complete"
    assert run.test is not None
    assert run.validation is not None
    assert trained.report is not None
    assert run.test.accuracy == trained.report.accuracy >= 0.8
    assert run.validation.accuracy == 1
    best = run.history.best()
    assert best is not None
    assert best.val_loss == min(epoch.val_loss for epoch in run.history.epochs if epoch.val_loss is not None)
    assert run.validation.loss == pytest.approx(best.val_loss, abs=1e-6), "the kept weights are those of the best epoch"
    assert run.history.epochs == tuple(event for event in seen if isinstance(event, EpochEnded))
    assert store.load(trained.stored.folder).run == run
    assert store.load(trained.stored.folder).report() == trained.report


def test_events_tell_every_batch(photos: Path, train_tiny: TrainTiny) -> None:
    seen: list[Event] = []
    run = train_tiny(photos, SHORT, emit=seen.append).stored.run
    (phase,) = [event for event in seen if isinstance(event, PhaseStarted)]
    steps = -(-len(run.split.train) // 8)
    assert (phase.index, phase.name, phase.epochs, phase.steps) == (0, "head", 2, steps)
    batches = [(event.epoch, event.step) for event in seen if isinstance(event, BatchEnded)]
    assert batches == [(epoch, step) for epoch in range(2) for step in range(1, steps + 1)]
    for batch in (event for event in seen if isinstance(event, BatchEnded)):
        assert 0 <= batch.accuracy <= 1
        assert batch.loss > 0
    last = next(event for event in reversed(seen) if isinstance(event, BatchEnded))
    assert run.history.epochs[-1].loss == pytest.approx(last.loss)
    assert set(run.seconds) == {"scan", "features", "head", "fine_tune", "evaluate", "total"}
    assert set(run.versions) >= {"tlstudio", "keras", "tensorflow"}


def test_a_stop_while_learning_keeps_the_best_weights_and_a_usable_run(photos: Path, train_tiny: TrainTiny) -> None:
    token = CancelToken()
    emit, seen = stopping(token, lambda event: isinstance(event, BatchEnded) and (event.epoch, event.step) == (3, 2))
    trained = train_tiny(photos, replace(HEAD, epochs=200), emit=emit, token=token)
    run = store.load(trained.stored.folder).run
    assert run.status == "stopped"
    assert len(run.history.epochs) == 3
    after_stop = seen[seen.index(next(e for e in seen if isinstance(e, BatchEnded) and (e.epoch, e.step) == (3, 2))) :]
    assert sum(isinstance(event, BatchEnded) for event in after_stop) == 1, "it ends at once"
    best = run.history.best()
    assert best is not None
    assert run.validation is not None
    assert run.validation.loss == pytest.approx(best.val_loss, abs=1e-6)
    assert trained.report is not None


def test_a_stop_in_the_first_epoch_keeps_what_was_learnt(photos: Path, train_tiny: TrainTiny) -> None:
    token = CancelToken()
    emit, _ = stopping(token, lambda event: isinstance(event, BatchEnded) and event.step == 2)
    run = train_tiny(photos, emit=emit, token=token).stored.run
    assert run.status == "stopped"
    assert run.history.epochs == ()
    assert run.test is not None


@pytest.mark.parametrize("stage", ["scan", "features", "phase"])
def test_a_stop_before_anything_was_learnt_leaves_no_run(
    photos: Path, train_tiny: TrainTiny, warm_home: Path, stage: str
) -> None:
    token = CancelToken()
    emit, _ = stopping(
        token,
        lambda event: (
            isinstance(event, PhaseStarted)
            if stage == "phase"
            else isinstance(event, Progress) and event.stage == stage and event.done > 0
        ),
    )
    with pytest.raises(Cancelled):
        train_tiny(photos, emit=emit, token=token)
    assert sorted(path.name for path in warm_home.iterdir()) == ["cache"]
    kept = list((warm_home / "cache" / "features").rglob("*.npy"))
    assert bool(kept) == (stage != "scan")
    assert train_tiny(photos, SHORT).stored.run.status == "complete"


def test_a_stop_between_the_phases_keeps_the_head(photos: Path, train_tiny: TrainTiny) -> None:
    token = CancelToken()
    emit, _ = stopping(
        token,
        lambda event: isinstance(event, Progress) and event.stage == "features" and event.done == 16 and phases(2),
    )
    features_seen = []

    def phases(number: int) -> bool:
        features_seen.append(None)
        return len(features_seen) >= number

    run = train_tiny(photos, SHORT, TUNE, emit=emit, token=token).stored.run
    assert (run.status, run.trained_from, run.history.phases) == ("stopped", "pooling", ("head",))
    assert run.test is not None


def test_only_what_is_needed_is_kept(photos: Path, train_tiny: TrainTiny) -> None:
    folder = train_tiny(photos, SHORT).stored.folder
    assert sorted(path.name for path in folder.iterdir()) == [
        "backbone.weights.h5",
        "log.txt",
        "novelty.npz",
        "report.json",
        "run.json",
        "scores.npz",
        "tail.weights.h5",
    ]
    assert sum(array.size for array in tail_arrays(folder).values()) == (256 + 1) * 3, "no state of the optimizer"


def test_another_head_reads_the_features_again(
    photos: Path, train_tiny: TrainTiny, monkeypatch: pytest.MonkeyPatch
) -> None:
    train_tiny(photos, SHORT)

    def refuse(*_: object) -> None:
        raise AssertionError("the backbone computes nothing")

    monkeypatch.setattr(engine_module.LiteRTEngine, "run", refuse)
    monkeypatch.setattr(engine_module.KerasEngine, "run", refuse)
    seen: list[Event] = []
    run = train_tiny(photos, SHORT, out="other", head=HeadSpec.plain(units=(8,)), emit=seen.append).stored.run
    assert [event.note for event in seen if isinstance(event, Progress) and event.stage == "features"] == [
        "Read earlier"
    ]
    assert run.seconds["features"] < 0.5


def test_an_engine_is_made_in_one_child_only(
    photos: Path, home: Path, spec: ModelSpec, monkeypatch: pytest.MonkeyPatch, silent: Emit
) -> None:
    """The one that is begun before the photos are read is the one that is used."""
    commands = []
    start = engine_module.subprocess.Popen

    def count(command: list[str], **options: object) -> object:
        commands.append(command)
        return start(command, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(engine_module.subprocess, "Popen", count)
    train(TrainRequest(photos, home / "run", spec, TrainConfig((SHORT,))), emit=silent, token=CancelToken())
    assert len(commands) == 1


def test_refining_changes_only_what_lies_behind_the_named_layer(
    photos: Path, train_tiny: TrainTiny, spec: ModelSpec
) -> None:
    run = train_tiny(photos, SHORT, TUNE).stored
    assert run.run.history.phases == ("head", "fine_tune")
    assert run.run.trained_from == CUT
    before = build_network(spec, 3, run.backbone_weights)
    weights_before = {weight.path: weight.numpy() for weight in tail_of(before, CUT).weights}
    tail_of(before, CUT).load_weights(run.tail_weights)
    changed = {
        weight.path
        for weight in before.weights
        if not np.array_equal(weight.numpy(), weights_before.get(weight.path, weight))
    }
    assert any("conv_dw_12" in path for path in changed)
    assert any("scores" in path for path in changed)
    assert not [path for path in changed if "moving_" in path or "_bn" in path], "batch norm stays as it was"
    earlier = {weight.path for weight in before.weights} - set(weights_before)
    assert earlier
    assert not changed & earlier


def test_a_layer_between_cut_and_named_layer_stays_frozen() -> None:
    network = build_network(ModelSpec("mobilenet_v2_0.35", "none", 96), 2)
    tail = tail_of(network, "block_12_add")
    prepare(tail, Phase("fine_tune", 1, 1e-4, unfreeze_from="block_13_project"))
    trainable = {layer.name for layer in tail.layers if layer.trainable_weights}
    assert "block_13_expand" not in trainable
    assert "block_13_depthwise" not in trainable
    assert {"block_13_project", "block_14_expand", "scores"} <= trainable
    assert not [name for name in trainable if name.endswith("_BN")]
    assert all(isinstance(layer, keras.Layer) for layer in tail.layers)


def test_refining_in_two_steps_keeps_what_the_first_learnt(photos: Path, train_tiny: TrainTiny) -> None:
    """The second step names a later layer; its trained part still begins where the first one's did."""
    later = replace(TUNE, epochs=1, unfreeze_from="conv_pw_13", learning_rate=1e-6)
    first = train_tiny(photos, SHORT, TUNE, out="first").stored
    both = train_tiny(photos, SHORT, TUNE, later, out="both").stored
    assert both.run.trained_from == first.run.trained_from == CUT
    one, two = tail_arrays(first.folder), tail_arrays(both.folder)
    assert one.keys() == two.keys()
    assert all(np.allclose(one[name], two[name], atol=1e-3) for name in one)


def test_a_second_head_phase_goes_on_from_the_first(photos: Path, train_tiny: TrainTiny) -> None:
    tiny_step = replace(HEAD, epochs=1, learning_rate=1e-9)
    once = train_tiny(photos, HEAD, out="once").stored
    twice = train_tiny(photos, HEAD, tiny_step, out="twice").stored
    assert once.run.validation is not None
    assert twice.run.validation is not None
    assert twice.run.validation.loss == pytest.approx(once.run.validation.loss, abs=1e-4)


def test_a_layer_that_is_not_there_is_said_before_anything_is_learnt(
    photos: Path, train_tiny: TrainTiny, warm_home: Path
) -> None:
    seen: list[Event] = []
    with pytest.raises(TLStudioError, match="no layer called “conv_dw_99”"):
        train_tiny(photos, SHORT, replace(TUNE, unfreeze_from="conv_dw_99"), emit=seen.append)
    assert not any(isinstance(event, PhaseStarted) for event in seen)
    assert not (warm_home / "run").exists()


def test_photos_that_vanish_after_the_scan_are_listed_and_the_run_goes_on(
    photos: Path, warm_home: Path, spec: ModelSpec, silent: Emit
) -> None:
    dataset = index_folder(photos, emit=silent, token=CancelToken())
    gone = [dataset.samples[0].path, dataset.samples[20].path]
    for path in gone:
        (photos / path).unlink()
    request = TrainRequest(dataset, warm_home / "run", spec, TrainConfig((SHORT,)))
    trained = train(request, emit=silent, token=CancelToken())
    run = trained.stored.run
    assert [(entry.path, entry.reason) for entry in run.rejected] == [(path, "Not there any more.") for path in gone]
    split = {*run.split.train, *run.split.validation, *run.split.test}
    assert len(split) == len(dataset.samples) - 2
    assert not {0, 20} & split


def test_photos_that_all_vanished_are_an_error_for_people(
    photos: Path, warm_home: Path, spec: ModelSpec, silent: Emit
) -> None:
    dataset = index_folder(photos, emit=silent, token=CancelToken())
    shutil.rmtree(photos)
    request = TrainRequest(dataset, warm_home / "run", spec, TrainConfig((SHORT,)))
    with pytest.raises(TLStudioError, match="36 of 36 photos can't be read any more"):
        train(request, emit=silent, token=CancelToken())
    assert not (warm_home / "run").exists()


def test_a_taken_place_is_said_before_anything_is_done(photos: Path, train_tiny: TrainTiny, warm_home: Path) -> None:
    (warm_home / "run").mkdir(parents=True)
    (warm_home / "run" / "mine.txt").touch()
    seen: list[Event] = []
    with pytest.raises(TLStudioError, match="there already"):
        train_tiny(photos, emit=seen.append)
    assert seen == []


@pytest.mark.parametrize(("shares", "empty"), [((70, 0, 30), "validation"), ((70, 30, 0), "test"), ((1, 0, 0), "both")])
def test_empty_parts_are_fine(
    photos: Path, train_tiny: TrainTiny, shares: tuple[float, float, float], empty: str
) -> None:
    trained = train_tiny(photos, SHORT, split=SplitConfig(*shares))
    run = store.load(trained.stored.folder).run
    assert (run.validation is None) == (empty in ("validation", "both"))
    assert (run.test is None) == (empty in ("test", "both"))
    assert (trained.report is None) == (run.test is None)
    assert all((epoch.val_loss is None) == (run.validation is None) for epoch in run.history.epochs)
    assert run.history.best() is not None
    with np.load(trained.stored.folder / store.SCORES_FILE) as scores:
        assert scores["validation"].shape == (len(run.split.validation), 3)
        assert scores["test"].shape == (len(run.split.test), 3)


def test_two_classes_are_enough(class_folders: ClassFolders, train_tiny: TrainTiny) -> None:
    trained = train_tiny(class_folders({"a": 8, "b": 8}), HEAD)
    assert trained.stored.run.test is not None
    assert trained.stored.run.test.accuracy == 1


@pytest.mark.parametrize("batch_size", [8, 64])
@pytest.mark.parametrize("shares", [(70, 15, 15), (80, 0, 20)])
def test_an_absurd_learning_rate_ends_in_a_run_or_in_words(
    photos: Path, train_tiny: TrainTiny, shares: tuple[float, float, float], batch_size: int
) -> None:
    absurd = replace(HEAD, epochs=3, learning_rate=1e38, batch_size=batch_size)
    seen: list[Event] = []
    try:
        folder = train_tiny(photos, absurd, split=SplitConfig(*shares), emit=seen.append).stored.folder
    except TLStudioError as error:
        assert "learning rate" in error.hint  # noqa: PT017 - either end is right
    else:
        assert store.load(folder).run.test is not None
        assert any(isinstance(event, Notice) and "learning rate" in event.message for event in seen)


def test_a_network_from_scratch_learns_all_of_itself(class_folders: ClassFolders, home: Path, silent: Emit) -> None:
    photos = class_folders({"a": 16, "b": 16}, size=(32, 32))
    spec = ModelSpec("small_cnn", "none", 32, head=HeadSpec.plain(dropout=0.0))
    config = TrainConfig(
        (Phase("scratch", 12, 3e-3, batch_size=8, stops=(Stop(patience=12),)),),
        augmentation=AugmentationConfig(horizontal_flip=True, views=1),
    )
    stored = train(TrainRequest(photos, home / "run", spec, config), emit=silent, token=CancelToken()).stored
    assert (stored.run.trained_from, stored.backbone_weights, stored.run.weights_digest) == ("photo", "", "")
    assert stored.run.test is not None
    assert stored.run.test.accuracy >= 0.75


@pytest.mark.parametrize("validation", [False, True])
def test_photos_to_check_on_vary_when_asked_and_exam_photos_never(
    photos: Path, spec: ModelSpec, warm_home: Path, silent: Emit, validation: bool
) -> None:
    augmentation = AugmentationConfig(brightness=1.0, views=2, validation=validation)
    config = TrainConfig((SHORT,), augmentation=augmentation)
    run = train(TrainRequest(photos, warm_home / "run", spec, config), emit=silent, token=CancelToken()).stored.run
    stored = [name for file in (warm_home / "cache" / "features").rglob("*.txt") for name in file.read_text().split()]
    copies = Counter(name.partition(":")[0] for name in stored if ":" in name)
    for part, views in ((run.split.train, 2), (run.split.validation, int(validation)), (run.split.test, 0)):
        assert {copies[run.samples[number].digest] for number in part} == {views}
    best = run.history.best()
    assert best is not None
    assert run.validation is not None
    checked_on_photos_as_they_are = run.validation.loss == pytest.approx(best.val_loss, abs=1e-6)
    assert checked_on_photos_as_they_are is not validation


def test_a_head_on_random_layers_is_refused_before_anything(photos: Path, train_tiny: TrainTiny) -> None:
    with pytest.raises(TLStudioError, match="as a whole"):
        train_tiny(photos, SHORT, weights="none")


def test_exact_repetition_needs_a_fresh_program(photos: Path, warm_home: Path, spec: ModelSpec, silent: Emit) -> None:
    """This process has started TensorFlow with several threads, which can't be changed any more."""
    request = TrainRequest(photos, warm_home / "run", spec, TrainConfig((SHORT,), reproducible=True))
    with pytest.raises(TLStudioError, match="already runs with several threads"):
        train(request, emit=silent, token=CancelToken())
    assert not (warm_home / "run").exists()
