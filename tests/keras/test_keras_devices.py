"""Training on several devices, and with too little memory, each in a process of its own."""

import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf

from tlstudio.errors import TLStudioError
from tlstudio.events import CancelToken, EpochEnded, Event, Notice
from tlstudio.training import trainer
from tlstudio.training.config import Phase
from tlstudio.training.trainer import Assignment, train_phase

TWO_DEVICES = """
import numpy as np, keras, tensorflow as tf, sys
processor = tf.config.list_physical_devices("CPU")[0]
tf.config.set_logical_device_configuration(processor, [tf.config.LogicalDeviceConfiguration()] * 2)
from tlstudio.modeling import backend
from tlstudio.training import steps
from tlstudio.training.compilation import prepare
from tlstudio.training.config import Phase
backend.start()

def trained(devices):
    backend.spread_over(devices)
    keras.utils.set_random_seed(3)
    with backend.scope():
        model = keras.Sequential([keras.Input((6,)), keras.layers.Dense(5, "relu"), keras.layers.Dense(3, "softmax")])
    prepare(model, Phase("scratch", 1, 0.01))
    rng = np.random.default_rng(0)
    losses = []
    for count in (8, 8, 7, 1, 8, 3):
        inputs = rng.normal(size=(count, 6)).astype(np.float32)
        labels = rng.integers(3, size=count)
        counts = rng.uniform(0.5, 2, count).astype(np.float32)
        losses.append(steps.learn_batch(model, inputs, labels, counts)["loss"])
    found = steps.answers(model, inputs)
    assert found.shape == (3, 3), found.shape
    return model.get_weights(), losses, found

one, losses, scores = trained(["CPU:0"])
two, spread_losses, spread_scores = trained(["CPU:0", "CPU:1"])
assert backend.strategy().num_replicas_in_sync == 2
for mine, theirs in zip(one, two, strict=True):
    np.testing.assert_allclose(mine, theirs, atol=2e-6)
np.testing.assert_allclose(scores, spread_scores, atol=2e-6)
np.testing.assert_allclose(losses[:2], spread_losses[:2], atol=1e-6)
print("equal")
"""


def test_two_devices_learn_what_one_learns() -> None:
    done = subprocess.run([sys.executable, "-c", TWO_DEVICES], capture_output=True, text=True)
    assert done.stdout.strip() == "equal", done.stderr[-3000:]


class Photos:
    """Random vectors of three classes that can be told apart."""

    def __init__(self, count: int) -> None:
        rng = np.random.default_rng(1)
        self.labels = rng.integers(3, size=count)
        self._inputs = rng.normal(size=(count, 6)).astype(np.float32) + 3 * np.eye(6, dtype=np.float32)[self.labels]
        self.missing: dict[int, str] = {}

    def __len__(self) -> int:
        return len(self.labels)

    def inputs(self, start: int, stop: int) -> np.ndarray:
        return self._inputs[start:stop]

    def shuffled(self, batch_size: int, rng: np.random.Generator, skip: int = 0) -> object:
        order = rng.permutation(len(self))
        for start in range(skip * batch_size, len(self), batch_size):
            chosen = order[start : start + batch_size]
            yield self._inputs[chosen], self.labels[chosen]


@pytest.fixture
def model() -> keras.Model:
    keras.utils.set_random_seed(0)
    return keras.Sequential([keras.Input((6,)), keras.layers.Dense(3, "softmax")])


def run(model: keras.Model, phase: Phase) -> tuple[list[Event], list[EpochEnded]]:
    events: list[Event] = []
    result = train_phase(
        model,
        Assignment(phase),
        Photos(40),  # type: ignore[arg-type]
        Photos(12),  # type: ignore[arg-type]
        emit=events.append,
        token=CancelToken(),
    )
    return events, result.epochs


@pytest.mark.parametrize("error", [MemoryError(), tf.errors.ResourceExhaustedError(None, None, "OOM")])
def test_when_memory_runs_out_the_batch_is_halved_and_it_goes_on(
    model: keras.Model, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    seen: list[int] = []
    learn = trainer.learn_batch

    def short_of_memory(model: keras.Model, inputs: np.ndarray, *others: object) -> dict[str, float]:
        seen.append(len(inputs))
        if len(inputs) > 4 and len(seen) > 4:  # the first epoch has three batches: this one runs out in the second
            raise error
        return learn(model, inputs, *others)  # type: ignore[arg-type]

    monkeypatch.setattr(trainer, "learn_batch", short_of_memory)
    events, epochs = run(model, Phase("head", 4, 0.05, batch_size=16, stops=()))
    said = [event.message for event in events if isinstance(event, Notice)]
    assert said == [
        "Memory ran out with 16 photos at a time. Learning goes on with 8, from the best round so far.",
        "Memory ran out with 8 photos at a time. Learning goes on with 4, from the best round so far.",
    ]
    assert [epoch.epoch for epoch in epochs] == [0, 1, 2, 3]
    assert seen[-10:] == [4] * 10
    assert epochs[-1].loss < epochs[0].loss


def test_one_photo_at_a_time_is_the_least(model: keras.Model, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(trainer, "learn_batch", never)
    with pytest.raises(TLStudioError, match="one photo at a time"):
        run(model, Phase("head", 2, 0.05, batch_size=4))


def test_answers_come_with_fewer_photos_at_a_time_where_memory_is_short(
    model: keras.Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    photos = Photos(70)
    whole = trainer.scores(model, photos)  # type: ignore[arg-type]
    ask = trainer.answers

    def short_of_memory(model: keras.Model, inputs: np.ndarray) -> np.ndarray:
        if len(inputs) > 16:
            raise MemoryError
        return ask(model, inputs)

    monkeypatch.setattr(trainer, "answers", short_of_memory)
    np.testing.assert_allclose(trainer.scores(model, photos), whole, atol=1e-6)  # type: ignore[arg-type]


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="the limit is one of Linux")
def test_with_three_gigabytes_nothing_crashes(shared: Path, home: Path, tmp_path: Path) -> None:  # noqa: ARG001 - the child keeps its files there
    command = [
        sys.executable,
        "-m",
        "tlstudio",
        "train",
        str(shared / "data" / "birds10"),
        "--out",
        str(tmp_path / "run"),
    ]
    command += ["--architecture", "six_layer_cnn", "--input-size", "224", "--head-epochs", "1", "--batch-size", "512"]
    import resource

    three = 3 << 30
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_DATA, (three, three)),
    )
    assert done.returncode in (0, 2), done.stderr[-3000:]
    assert "emory" in done.stderr
