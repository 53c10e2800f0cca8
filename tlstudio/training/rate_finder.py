"""Which learning rate suits a phase: a few batches, each with a higher rate than the one before.

After Smith, "Cyclical Learning Rates for Training Neural Networks", WACV 2017, section 3.3 ("LR range test"), with
rates that grow by a factor instead of an amount: they span orders of magnitude.
"""

from collections.abc import Generator
from contextlib import closing
from itertools import islice
from typing import Any, Final

import numpy as np

from tlstudio.events import CancelToken, Emit, RateTried
from tlstudio.training.compilation import prepare
from tlstudio.training.examples import Batch, ShuffledPhotos
from tlstudio.training.rate_curve import Ramp, RateCurve
from tlstudio.training.trainer import Assignment

_LOST: Final = 2.5  # times the loss at the beginning: from here on it only gets worse
_FEW: Final = 5  # batches that say where the loss is


def try_rates(
    model: Any,  # noqa: ANN401 - Keras models have no typed stubs
    assignment: Assignment,
    learn_from: ShuffledPhotos,
    ramp: Ramp,
    *,
    emit: Emit,
    token: CancelToken,
) -> RateCurve:
    """Learn from one batch after the other with a rising rate, until the loss has grown beyond doubt.

    The model has the weights that it came with again in the end, however it ends.

    Args:
        model: From the inputs of the photos to scores.
        assignment: The phase that a rate is looked for; its schedule and its own rate play no part.
        learn_from: Photos to learn from.
        ramp: What to try.
        emit: Told each rate.
        token: A stop ends it with what was found so far.

    Raises:
        TLStudioError: If no photo can be read any more.
    """
    weights, phase = model.get_weights(), assignment.phase
    prepare(model, phase, assignment.loss)
    rng = np.random.default_rng((assignment.seed, assignment.index))
    rates: list[float] = []
    losses: list[float] = []
    try:
        with closing(_passes(learn_from, phase.batch_size, rng, token)) as batches:
            for step, (inputs, labels) in enumerate(islice(batches, ramp.steps)):
                if token.cancelled:
                    break
                model.optimizer.learning_rate = rate = ramp.rate(step)
                counts = None if assignment.class_weights is None else assignment.class_weights[labels]
                logs = model.train_on_batch(inputs, labels, sample_weight=counts, return_dict=True)
                loss = float(logs["loss"])
                if not np.isfinite(loss):
                    break
                rates.append(rate)
                losses.append(loss)
                emit(RateTried(step + 1, ramp.steps, rate, loss))
                if step >= _FEW and np.median(losses[-_FEW:]) > _LOST * np.median(losses[:_FEW]):
                    break
    finally:
        model.set_weights(weights)
    return RateCurve(tuple(rates), tuple(losses))


def _passes(
    learn_from: ShuffledPhotos, batch_size: int, rng: np.random.Generator, token: CancelToken
) -> Generator[Batch, None, None]:
    """Batches of one pass over the photos after the other, until a stop."""
    while not token.cancelled:
        yield from learn_from.shuffled(batch_size, rng)
