"""The training loop: one phase of a Keras model on examples, with events, a prompt stop and the best weights kept.

It drives ``train_on_batch`` itself instead of ``fit``: a stop takes effect at the next batch without a validation
pass over half an epoch, batches come straight from the feature store, and the phase ends on its best weights however
it ends (``fit`` skips ``on_train_end`` when a callback raises).
"""

import time
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from tlstudio.evaluation.judge import accuracy_and_loss
from tlstudio.events import BatchEnded, CancelToken, Emit, EpochEnded, Notice, PhaseStarted
from tlstudio.modeling.graph import feeding
from tlstudio.modeling.head import HEAD_PREFIX
from tlstudio.modeling.spec import Loss
from tlstudio.training.config import Phase
from tlstudio.training.examples import Examples

_CHECK_BATCH = 64


@dataclass(frozen=True, slots=True)
class PhaseResult:
    """How a phase went.

    Attributes:
        epochs: Every finished epoch.
        stopped: Whether the user ended it.
    """

    epochs: list[EpochEnded]
    stopped: bool


def scores(model: Any, examples: Examples) -> NDArray[np.float32]:  # noqa: ANN401 - Keras models have no typed stubs
    """Scores of all examples without variation, shape (photos, classes)."""
    parts = [
        np.asarray(model.predict_on_batch(examples.inputs(start, start + _CHECK_BATCH)))
        for start in range(0, len(examples), _CHECK_BATCH)
    ]
    return np.concatenate(parts) if parts else np.zeros((0, model.outputs[0].shape[-1]), np.float32)


def _check(model: Any, check: Examples) -> tuple[float | None, float | None]:  # noqa: ANN401
    """Accuracy and loss on the validation photos; None without any."""
    return accuracy_and_loss(scores(model, check), check.labels) if len(check) else (None, None)


def train_phase(
    model: Any,  # noqa: ANN401
    phase: Phase,
    index: int,
    learn: Examples,
    check: Examples,
    *,
    loss: Loss = "auto",
    seed: int,
    emit: Emit,
    token: CancelToken,
) -> PhaseResult:
    """Train a model in place; it ends on the weights with the lowest validation loss, those it came with included.

    Without validation photos the training loss decides.

    Args:
        model: From the inputs of the examples to scores.
        phase: How to train.
        index: Position of the phase in the list.
        learn: Photos to learn from.
        check: Photos to check on; may be empty.
        loss: What is made small, as in ``HeadSpec``.
        seed: Of the order of the batches.
        emit: Receives PhaseStarted, BatchEnded and EpochEnded.
        token: A stop ends the phase at the next batch; it is a normal end.

    Raises:
        Cancelled: If a stop came before the first batch.
    """
    prepare(model, phase, loss)
    steps = -(-len(learn) // phase.batch_size)
    emit(PhaseStarted(index, phase.name, phase.epochs, steps))
    rng = np.random.default_rng((seed, index))
    best = _Best(model, _check(model, check)[1])
    token.check()
    rows: list[EpochEnded] = []
    for epoch in range(phase.epochs):
        begun = time.monotonic()
        learnt = _learn_epoch(model, learn, phase, (index, epoch, steps), rng, emit, token)
        if token.cancelled:
            break
        row = _judged_epoch(model, check, best, learnt, (index, epoch), begun)
        if row is None:
            emit(Notice("The error grew beyond all bounds, so this step ended early. A lower learning rate helps."))
            break
        rows.append(row)
        emit(row)
        if token.cancelled or epoch - best.epoch >= phase.patience:
            break
    if rows or index or not token.cancelled:
        best.restore()  # but a first phase that was stopped in its first epoch keeps the little it learnt
    return PhaseResult(rows, token.cancelled)


def prepare(model: Any, phase: Phase, loss: Loss = "auto") -> None:  # noqa: ANN401
    """Set what is trainable and compile.

    In "fine_tune", batch norm of the backbone keeps the statistics it was pre-trained with (a layer that is not
    trainable runs in inference mode): a few hundred photos would only spoil them.
    """
    frozen = feeding(model, phase.unfreeze_from) if phase.name == "fine_tune" and phase.unfreeze_from else set()
    for layer in model.layers:
        pretrained = phase.name == "fine_tune" and not layer.name.startswith(HEAD_PREFIX)
        keeps = pretrained and isinstance(layer, keras.layers.BatchNormalization)
        layer.trainable = layer.name not in frozen and not keeps
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=phase.learning_rate),
        loss="sparse_categorical_crossentropy" if loss == "auto" else _binary_crossentropy,
        metrics=["accuracy"],
        jit_compile=False,  # XLA takes longer to compile on a CPU than a small phase takes to run
    )


def _binary_crossentropy(labels: Any, scores: Any) -> Any:  # noqa: ANN401
    """Mean over the classes of the cross-entropy of each score, from (N, 1) labels and (N, classes) scores."""
    wanted = keras.ops.one_hot(keras.ops.cast(keras.ops.ravel(labels), "int32"), scores.shape[-1])
    # Keras remembers the logits of a softmax and would put them through a sigmoid here; clipped scores have none.
    clipped = keras.ops.clip(scores, keras.config.epsilon(), 1 - keras.config.epsilon())
    return keras.losses.binary_crossentropy(wanted, clipped)


def _learn_epoch(
    model: Any,  # noqa: ANN401
    learn: Examples,
    phase: Phase,
    place: tuple[int, int, int],
    rng: np.random.Generator,
    emit: Emit,
    token: CancelToken,
) -> tuple[float, float]:
    """One pass over the photos; mean loss and accuracy, up to the stop if there was one."""
    index, epoch, steps = place
    seen, loss, right = 0, 0.0, 0.0
    for step, (inputs, labels) in enumerate(learn.shuffled(phase.batch_size, rng), start=1):
        if token.cancelled:
            break
        logs = model.train_on_batch(inputs, labels, return_dict=True)
        # Keras reports each batch by itself here, and the last batch of an epoch is smaller than the others.
        seen += len(labels)
        loss += float(logs["loss"]) * len(labels)
        right += float(logs["accuracy"]) * len(labels)
        emit(BatchEnded(index, epoch, step, steps, loss / seen, right / seen))
    return loss / max(seen, 1), right / max(seen, 1)


def _judged_epoch(
    model: Any,  # noqa: ANN401
    check: Examples,
    best: "_Best",
    learnt: tuple[float, float],
    place: tuple[int, int],
    begun: float,
) -> EpochEnded | None:
    """Check on the validation photos and keep the weights if they are the best; None once the error is no number."""
    index, epoch = place
    accuracy, loss = _check(model, check)
    if not np.isfinite((learnt[0], 0.0 if loss is None else loss)).all():
        return None
    improved = best.offer(learnt[0] if loss is None else loss, epoch)
    rate = float(model.optimizer.learning_rate)
    return EpochEnded(index, epoch, *learnt, loss, accuracy, time.monotonic() - begun, rate, improved)


class _Best:
    """The best weights so far, and when they were seen."""

    def __init__(self, model: Any, loss: float | None) -> None:  # noqa: ANN401
        self._model = model
        self._loss = np.inf if loss is None else loss
        self._weights: list[NDArray[Any]] = model.get_weights()
        self.epoch = -1

    def offer(self, loss: float, epoch: int) -> bool:
        """Keep the present weights if they are better."""
        if not loss < self._loss:
            return False
        self._loss, self._weights, self.epoch = loss, self._model.get_weights(), epoch
        return True

    def restore(self) -> None:
        """Go back to the best weights."""
        self._model.set_weights(self._weights)
