"""Child process: train a small network on a folder of photos, from the beginning or from where it was interrupted.

Arguments: folder of photos, folder of the run, file of weights. It says a line for every batch, and "done" at the end.
A state is kept as often as can be, so that a kill at any moment has something to go on with.
"""

import sys
from pathlib import Path

from kills import say

from tlstudio.datasets.augmentation.amounts import AugmentationConfig
from tlstudio.datasets.splits.split import SplitConfig
from tlstudio.events import BatchEnded, CancelToken, Event
from tlstudio.modeling.spec import HeadSpec, ModelSpec
from tlstudio.runs.unfinished import Unfinished
from tlstudio.training import state
from tlstudio.training.config import Optimizer, Phase, Schedule, TrainConfig
from tlstudio.workflows.resume import resumption
from tlstudio.workflows.train import TrainRequest, train

HEAD = Phase("head", epochs=6, learning_rate=0.01, batch_size=4, stops=(), schedule=Schedule("plateau", 0.5, 1))
TUNE = Phase(
    "fine_tune",
    epochs=4,
    learning_rate=1e-3,
    batch_size=4,
    unfreeze_from="conv_dw_12",
    steps_per_epoch=5,
    data="live",
    stops=(),
    optimizer=Optimizer("adamw", weight_decay=0.01),
)


def request(photos: Path, run: Path, weights: str) -> TrainRequest:
    """Two phases with all that is random: dropout, varied copies, live data."""
    spec = ModelSpec("mobilenet_0.25", weights, 64, head=HeadSpec.plain(units=(8,), dropout=0.3))
    varied = AugmentationConfig(horizontal_flip=True, rotation=10, views=2)
    config = TrainConfig((HEAD, TUNE), seed=3, augmentation=varied, reproducible=True)
    return TrainRequest(photos, run, spec, config, SplitConfig(seed=3))


def tell(event: Event) -> None:
    if isinstance(event, BatchEnded):
        say(f"{event.phase} {event.epoch} {event.step}")


def main(photos: Path, run: Path, weights: str) -> None:
    state._BETWEEN_EPOCHS = state._WITHIN_EPOCH = state._COST_SHARE = 0.0  # type: ignore[misc]
    token = CancelToken()
    resumed = Unfinished(run).can_be_resumed
    say("resumed" if resumed else "begun")
    wanted = resumption(run, emit=tell, token=token) if resumed else request(photos, run, weights)
    train(wanted, emit=tell, token=token)
    say("done")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
