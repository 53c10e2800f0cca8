"""Forecasts of memory and time, what they are made of, and what follows from them."""

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tlstudio.datasets.index import index_folder
from tlstudio.datasets.splits.sharing import share_out
from tlstudio.datasets.splits.split import SplitConfig
from tlstudio.errors import TLStudioError
from tlstudio.events import CancelToken, EpochEnded, Notice, PhaseStarted, ignore_events
from tlstudio.modeling import memory
from tlstudio.modeling.hardware import Hardware, missing_support, nvidia_card, processor_name, this_computer
from tlstudio.runs.log import LOG_FILE, TrainingLog
from tlstudio.training.config import Phase, TrainConfig
from tlstudio.training.duration import Amount, learn_paces, reckoned_epoch
from tlstudio.training.forecast import fitting_batches, memory_of
from tlstudio.training.history import History
from tlstudio.training.paces import PaceStore
from tlstudio.training.recipes import spec_for
from tlstudio.training.workload import workloads
from tlstudio.workflows import forecast as forecast_module
from tlstudio.workflows.forecast import fit_memory, forecast

HEAD = Phase("head", 5, 1e-3, stops=())
GB = 1e9


def tuned(layer: str, batch: int = 32) -> TrainConfig:
    return TrainConfig((HEAD, Phase("fine_tune", 3, 1e-5, batch, layer, stops=())))


# Peaks of resident memory that ``benchmarks/forecasts.py`` measured on Linux, TensorFlow 2.21, two cores, 300 photos.
MEASURED = [
    ("starter", 96, TrainConfig((HEAD,)), 0.732),
    ("mobilenet_v2_1.0", 160, TrainConfig((HEAD,)), 0.751),
    ("mobilenet_v2_1.0", 160, tuned("block_13_expand"), 0.929),
    ("mobilenet_v2_1.0", 160, tuned("block_6_expand"), 1.112),
    ("mobilenet_v2_1.0", 96, tuned(""), 1.366),
    ("mobilenet_v2_1.0", 96, tuned("", 128), 1.987),
    ("mobilenet_0.25", 160, tuned(""), 1.043),
    ("resnet50", 128, tuned("conv5_block1_1_conv"), 1.466),
    ("resnet50", 96, tuned(""), 2.051),
    ("resnet50", 96, tuned("", 8), 1.790),
    ("densenet121", 96, tuned(""), 2.028),
    ("efficientnet_b0", 128, tuned("block6a_expand_conv"), 1.115),
    ("vgg16", 96, tuned("block5_conv1"), 1.112),
    ("small_cnn", 128, TrainConfig((Phase("scratch", 5, 1e-3, stops=()),)), 1.033),
    ("small_cnn", 224, TrainConfig((Phase("scratch", 2, 1e-3, stops=()),)), 1.201),
    ("six_layer_cnn", 224, TrainConfig((Phase("scratch", 2, 1e-3, stops=()),)), 2.940),
]


@pytest.mark.parametrize(("backbone", "size", "config", "measured"), MEASURED)
def test_memory_is_forecast_within_a_quarter(backbone: str, size: int, config: TrainConfig, measured: float) -> None:
    needs = memory_of(spec_for(backbone, input_size=size), config, 5, 300)
    assert 0.75 <= max(need.peak for need in needs) / (measured * GB) <= 1.25


def test_a_phase_begins_where_its_first_layer_does_and_never_behind_an_earlier_one() -> None:
    spec = spec_for("mobilenet_v2_1.0", input_size=160)
    head, tail = workloads(spec, tuned("block_13_expand"), 5)
    assert (head.start, tail.start) == ("pooling", "block_12_add")
    assert head.learnt == 4 * (1280 * 5 + 5)
    assert tail.entry == 4 * 10 * 10 * 96
    assert tail.forward < workloads(spec, tuned("block_6_expand"), 5)[1].forward
    whole = workloads(spec, tuned(""), 5)[1]
    assert (whole.start, whole.reading, whole.entry) == ("photo", 0, 160 * 160 * 3)


def test_smaller_batches_fit_into_less_memory() -> None:
    spec, config = spec_for("resnet50", input_size=224), tuned("", 128)
    needs = memory_of(spec, config, 5, 1000)
    assert fitting_batches(config, needs, int(needs[1].held / 0.7)) == config
    fitting = fitting_batches(config, needs, int(needs[1].held * 0.8))
    assert fitting is not None
    assert fitting.phases[0] == config.phases[0]
    assert fitting.phases[1].batch_size in (16, 32, 64)
    smaller = memory_of(spec, fitting, 5, 1000)
    assert max(need.held for need in smaller) <= needs[1].held * 0.6
    assert fitting_batches(config, needs, 10**8) is None


@pytest.fixture
def photos(class_folders, silent):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN201 - a data set and its shares
    dataset = index_folder(class_folders({"daisy": 12, "rose": 12}), emit=silent, token=CancelToken())
    return dataset, share_out(dataset, SplitConfig())


def test_where_memory_is_short_smaller_batches_are_proposed(photos, home, monkeypatch) -> None:  # type: ignore[no-untyped-def] # noqa: ANN001, ARG001
    spec, config = spec_for("small_cnn", input_size=224), TrainConfig((Phase("scratch", 2, 1e-3, 256),))
    plenty = forecast(spec, config, *photos)
    assert plenty.smaller is None
    assert not plenty.impossible
    assert plenty.seconds > 1
    monkeypatch.setattr(forecast_module.memory, "held_bytes", lambda: 100_000_000)
    monkeypatch.setattr(forecast_module.memory, "free_bytes", lambda: plenty.held // 2)
    short = forecast(spec, config, *photos)
    assert short.smaller is not None
    assert short.smaller.phases[0].batch_size < 256
    fitting, words = fit_memory(spec, config, *photos)
    assert fitting == short.smaller
    assert f"It learns from {fitting.phases[0].batch_size} photos at a time instead of 256." in words
    monkeypatch.setattr(forecast_module.memory, "free_bytes", lambda: 0)
    assert forecast(spec, config, *photos).impossible
    with pytest.raises(TLStudioError, match="one photo at a time"):
        fit_memory(spec, config, *photos)


def test_of_what_was_measured_the_most_alike_counts(tmp_path: Path) -> None:
    store = PaceStore(tmp_path / "paces.json")
    store.keep(("fine_tune", "resnet50", "conv5"), 3.0)
    store.keep(("fine_tune", "resnet50", "conv4"), 1.0)
    store.keep(("fine_tune", "resnet50v2", "conv5"), 9.0)
    assert store.factor("fine_tune", "resnet50", "conv5") == 3.0
    assert store.factor("fine_tune", "resnet50", "conv3") == 2.0  # of the same backbone
    assert store.factor("fine_tune", "vgg16", "block5") == 3.0  # of the same kind
    assert store.factor("head", "resnet50", "conv5") == 1.0


def test_what_was_measured_makes_the_next_forecast_better(tmp_path: Path) -> None:
    spec, config = spec_for("small_cnn"), TrainConfig((Phase("scratch", 4, 1e-3),))
    works, amount = workloads(spec, config, 3), Amount(320, 64, (0,), 0.5)
    reckoned = reckoned_epoch(works[0], 320, 64)
    rows = tuple(EpochEnded(0, number, 1.0, 0.5, 1.0, 0.5, seconds, 1e-3, False) for number, seconds in
                 enumerate((99.0, 2 * reckoned, 2 * reckoned, 2 * reckoned)))  # fmt: skip
    store = PaceStore(tmp_path / "paces.json")
    assert store.factor("scratch", "small_cnn") == 1.0
    learn_paces(spec, works, History(("scratch",), rows), amount, store)
    again = PaceStore(tmp_path / "paces.json")
    assert again.factor("scratch", "small_cnn") == pytest.approx(2.0, rel=1e-3)
    assert again.factor("scratch", "lenet") == pytest.approx(2.0, rel=1e-3)
    assert again.factor("head", "small_cnn") == 1.0
    (tmp_path / "paces.json").write_bytes(b"no json")
    assert again.factor("scratch", "small_cnn") == 1.0


def test_memory_of_this_process_and_computer() -> None:
    total, free, resident, held = (
        memory.total_bytes(), memory.free_bytes(), memory.resident_bytes(), memory.held_bytes()
    )  # fmt: skip
    assert total is not None and free is not None and resident is not None and held is not None  # noqa: PT018
    assert 0 < held <= resident < total
    assert 0 <= free <= total


@pytest.mark.skipif(sys.platform != "linux", reason="the limit is one of Linux")
def test_a_limit_of_the_process_is_heeded() -> None:
    code = "from tlstudio.modeling import memory; print(memory.free_bytes())"
    import resource

    limit = 500_000_000
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        check=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_DATA, (limit, limit)),
    )
    assert 0 < int(done.stdout) < limit


def test_hardware_is_named() -> None:
    here = this_computer(("NVIDIA H100",), 2)
    assert here.processor == processor_name() != ""
    assert here.cores >= 1
    assert here.memory > 10**8
    assert (here.gpus, here.threads) == (("NVIDIA H100",), 2)


def test_a_card_that_tensorflow_cannot_use_is_named_with_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert nvidia_card(tmp_path) == missing_support("", "linux") == ""
    card = tmp_path / "gpus" / "0000:01:00.0"
    card.mkdir(parents=True)
    (card / "information").write_text("Model: \t\t NVIDIA GeForce RTX 3060\nIRQ:   \t\t 141\n")
    assert nvidia_card(tmp_path) == "NVIDIA GeForce RTX 3060"
    words = missing_support("NVIDIA GeForce RTX 3060", "linux")
    assert words.startswith("The graphics card GeForce RTX 3060 is not used")
    assert "tensorflow[and-cuda]" in words
    assert "WSL 2" in missing_support("NVIDIA", "win32")


def test_the_log_has_every_epoch_and_notice_in_order(tmp_path: Path) -> None:
    moment = datetime(2026, 11, 21, 10, 20, tzinfo=UTC)
    log = TrainingLog(ignore_events, lambda: moment)
    log.add_hardware(Hardware("Core i5", 4, 8 * 10**9, (), 3, "Linux"))
    log.emit(PhaseStarted(0, "head", 5, 7))
    log.emit(EpochEnded(0, 0, 1.5, 0.5, 1.25, 0.625, 2.0, 1e-3, True))
    log.emit(Notice("Memory ran out."))
    log.write(tmp_path)
    lines = (tmp_path / LOG_FILE).read_text(encoding="utf-8").splitlines()
    assert all(line.startswith("2026-11-21T10:20:00.000+00:00  ") for line in lines)
    words = [line.partition("  ")[2] for line in lines]
    figures = "loss 1.50000 accuracy 0.5000 val_loss 1.25000 val_accuracy 0.6250 learning_rate 0.001 seconds 2.00 best"
    assert words == [
        "Linux; Core i5, 4 cores, 8.0 GB",
        "Computing on the processor, 3 threads",
        "Phase 1 (head): at most 5 epochs of 7 steps",
        f"Phase 1 epoch 1: {figures}",
        "Memory ran out.",
    ]


def test_time_grows_with_photos_and_falls_with_a_shorter_tail() -> None:
    spec = spec_for("mobilenet_v2_1.0", input_size=160)
    whole, part = (workloads(spec, tuned(layer), 5)[1] for layer in ("", "block_13_expand"))
    assert reckoned_epoch(whole, 1000, 200) > 1.8 * reckoned_epoch(whole, 500, 100)
    assert reckoned_epoch(part, 1000, 200) < 0.5 * reckoned_epoch(whole, 1000, 200)
    some = replace(part, phase=replace(part.phase, steps_per_epoch=3))
    assert reckoned_epoch(some, 1000, 0) == pytest.approx(reckoned_epoch(part, 96, 0))
