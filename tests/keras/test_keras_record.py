"""What a training leaves behind beside its weights (hardware, log, files for TensorBoard), and what was forecast."""

from collections.abc import Callable
from pathlib import Path

import pytest
import tensorflow as tf

from tlstudio.events import CancelToken, ignore_events
from tlstudio.modeling.graph import cut_before
from tlstudio.modeling.network import build_network
from tlstudio.modeling.spec import HeadSpec, ModelSpec
from tlstudio.runs import store
from tlstudio.runs.log import LOG_FILE
from tlstudio.training.config import Phase, TrainConfig
from tlstudio.training.workload import workloads
from tlstudio.workflows.train import TrainRequest, train

HEAD = Phase("head", epochs=3, learning_rate=0.01, batch_size=8, stops=())
TUNE = Phase("fine_tune", epochs=2, learning_rate=1e-3, batch_size=8, unfreeze_from="conv_dw_12", stops=())


def curves(folder: Path) -> dict[str, list[tuple[int, float]]]:
    """Steps and figures by tag, of all event files in a folder."""
    found: dict[str, list[tuple[int, float]]] = {}
    for file in sorted(folder.glob("events.out.tfevents.*")):
        for record in tf.data.TFRecordDataset(str(file)).as_numpy_iterator():
            event = tf.compat.v1.Event.FromString(record)
            for value in event.summary.value:
                found.setdefault(value.tag, []).append((event.step, float(tf.make_ndarray(value.tensor))))
                assert value.metadata.plugin_data.plugin_name == "scalars" or len(found[value.tag]) > 1
    return found


def test_a_run_keeps_hardware_log_and_curves_of_each_phase(
    class_folders: Callable[..., Path], warm_home: Path, spec: ModelSpec, tmp_path: Path
) -> None:
    photos = class_folders({"daisy": 12, "rose": 12}, size=(40, 32))
    config = TrainConfig((HEAD, TUNE))
    request = TrainRequest(photos, warm_home / "run", spec, config, tensorboard=tmp_path / "board")
    run = train(request, emit=ignore_events, token=CancelToken()).stored.run
    assert store.load(warm_home / "run").run.hardware == run.hardware
    assert run.hardware.processor
    assert run.hardware.cores >= 1
    log = (warm_home / "run" / LOG_FILE).read_text(encoding="utf-8")
    assert log.index("Phase 1 (head)") < log.index("Phase 1 epoch 3") < log.index("Phase 2 epoch 2")
    board = tmp_path / "board" / "run"
    for number, (phase, first) in enumerate((("1-head", 1), ("2-fine_tune", 4))):
        rows = [epoch for epoch in run.history.epochs if epoch.phase == number]
        learnt, checked = curves(board / phase / "train"), curves(board / phase / "validation")
        expected = [(first + place, pytest.approx(row.loss, rel=1e-5)) for place, row in enumerate(rows)]
        assert learnt["loss"] == expected
        assert [step for step, _ in checked["accuracy"]] == [step for step, _ in expected]
        assert [figure for _, figure in checked["loss"]] == pytest.approx([row.val_loss for row in rows], rel=1e-5)
        assert len(learnt["learning_rate"]) == len(rows)


@pytest.mark.parametrize("layer", ["conv_dw_12", "conv_pw_6", "conv_dw_6_bn", "conv1", "conv_pw_13_relu"])
def test_the_forecast_cuts_where_the_training_does(layer: str) -> None:
    spec = ModelSpec("mobilenet_0.25", "imagenet", 64, head=HeadSpec.plain())
    network = build_network(spec, 3)
    (work,) = workloads(spec, TrainConfig((Phase("fine_tune", 1, 1e-3, unfreeze_from=layer),)), 3)
    assert work.start == cut_before(network, layer)
    assert work.weights == 4 * network.count_params()
