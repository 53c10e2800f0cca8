"""The curves of a training as files that TensorBoard shows, written by TensorFlow's own writer."""

from pathlib import Path
from typing import Any, Final

from tlstudio.errors import TLStudioError
from tlstudio.events import BatchEnded, Emit, EpochEnded, Event, PhaseStarted

_PLUGIN: Final = "scalars"


class EventFiles:
    """Writes what a training tells into a folder: one curve for each phase and part of the photos.

    ``<folder>/1-head/train`` and ``<folder>/1-head/validation`` hold loss and accuracy by epoch; the first one has the
    learning rate and the running loss of every batch as well. Epochs count through all phases, so that the curves of
    one phase follow those of the one before.
    """

    def __init__(self, folder: Path, emit: Emit) -> None:
        """Passes every event on.

        Raises:
            TLStudioError: If the folder can't be made.
        """
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise TLStudioError(
                f"The files for TensorBoard can't be written to {folder}: {error.strerror}.", "Choose another folder."
            ) from error
        self._folder = folder
        self._emit = emit
        self._phase = ""
        self._writers: dict[str, Any] = {}
        self._epochs = self._batches = 0

    def __enter__(self) -> "EventFiles":
        return self

    def __exit__(self, *_: object) -> None:
        for writer in self._writers.values():
            writer.close()

    def emit(self, event: Event) -> None:
        """Write down what an event says, and pass it on."""
        match event:
            case PhaseStarted(index=index, name=name):
                self._phase = f"{index + 1}-{name}"
            case BatchEnded():
                self._batches += 1
                self._write("train", self._batches, {"batch_loss": event.loss, "batch_accuracy": event.accuracy})
            case EpochEnded():
                self._write_epoch(event)
        self._emit(event)

    def _write_epoch(self, epoch: EpochEnded) -> None:
        self._epochs += 1
        rate = {"learning_rate": epoch.learning_rate}
        self._write("train", self._epochs, {"loss": epoch.loss, "accuracy": epoch.accuracy} | rate)
        if epoch.val_loss is not None and epoch.val_accuracy is not None:
            self._write("validation", self._epochs, {"loss": epoch.val_loss, "accuracy": epoch.val_accuracy})
        for writer in self._writers.values():
            writer.flush()

    def _write(self, part: str, step: int, figures: dict[str, float]) -> None:
        import tensorflow as tf

        name = f"{self._phase}/{part}"
        if name not in self._writers:
            self._writers[name] = tf.summary.create_file_writer(str(self._folder / name))
        # ``tf.summary.scalar`` would do the same, but belongs to the package of TensorBoard itself.
        plugin = tf.compat.v1.SummaryMetadata.PluginData(plugin_name=_PLUGIN)
        metadata = tf.compat.v1.SummaryMetadata(plugin_data=plugin, data_class=1)  # of scalars
        with self._writers[name].as_default():
            for tag, figure in figures.items():
                tf.summary.write(tag, tf.constant(figure, tf.float32), step=step, metadata=metadata)
