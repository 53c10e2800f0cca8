"""The weights after each epoch, kept as files."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tlstudio.errors import TLStudioError
from tlstudio.events import EpochEnded
from tlstudio.training.config import Phase

ENDING = ".weights.h5"


def checkpoints_in(folder: Path, phase: Phase) -> Callable[[Any, EpochEnded], None] | None:
    """What keeps the weights of the trained part after each epoch of a phase; None if the phase wants none kept.

    The files are called ``<phase>-<epoch>-<validation loss>.weights.h5``, such as ``1-head-003-0.4512.weights.h5``;
    without validation photos the training loss stands there.
    """
    if phase.checkpoint == "none":
        return None

    def keep(model: Any, epoch: EpochEnded) -> None:  # noqa: ANN401 - Keras models have no typed stubs
        from tlstudio.modeling.network import save_weights

        loss = epoch.loss if epoch.val_loss is None else epoch.val_loss
        stem = f"{epoch.phase + 1}-{phase.name}-{epoch.epoch + 1:03}-"
        try:
            folder.mkdir(exist_ok=True)
            for before_a_crash in folder.glob(f"{stem}*{ENDING}"):
                before_a_crash.unlink()
            save_weights(model, folder / f"{stem}{loss:.4f}{ENDING}")
        except OSError as error:
            raise TLStudioError(
                f"The weights of epoch {epoch.epoch + 1} can't be kept in {folder}: {error.strerror or error}.",
                "Make room, or don't keep the weights of every epoch.",
            ) from error

    return keep
