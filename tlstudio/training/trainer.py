"""The training loop: one phase of a Keras model on examples, with events, a prompt stop and the best weights kept.

It drives ``train_on_batch`` itself instead of ``fit``: a stop takes effect at the next batch without a validation
pass over half an epoch, batches come straight from the feature store, and the phase ends on its best weights however
it ends (``fit`` skips ``on_train_end`` when a callback raises).
"""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tlstudio.errors import Cancelled, TLStudioError
from tlstudio.evaluation.judge import accuracy_and_loss
from tlstudio.events import BatchEnded, CancelToken, ClassesChecked, Emit, EpochEnded, Notice, PhaseStarted
from tlstudio.modeling.spec import Loss
from tlstudio.training.clock import Stopwatch
from tlstudio.training.compilation import prepare
from tlstudio.training.config import Metric, Phase
from tlstudio.training.examples import Batch, Examples, ShuffledPhotos
from tlstudio.training.passes import Passes
from tlstudio.training.schedules import LearningRate
from tlstudio.training.snapshots import restore_snapshot, take_snapshot
from tlstudio.training.state import Arrays, EpochSoFar, PhaseState, Saved, Snapshot, StateKeeper
from tlstudio.training.steps import OUT_OF_MEMORY, answers, learn_batch
from tlstudio.training.watch import StopWatch, Watch

_CHECK_BATCH = 64


@dataclass(frozen=True, slots=True)
class Assignment:
    """How a phase is to go.

    Attributes:
        phase: Its settings.
        index: Its position in the list.
        loss: What is made small, as in ``HeadSpec``.
        seed: Of the order of the batches.
        class_weights: How much a photo of each class counts, shape (classes,); None if all count alike.
        keep_weights: Called after each epoch with the model as it is then; None if nobody wants that.
        keeper: Keeps where the phase stands, for the case of a crash; None if nobody wants that.
        resumed: Where to go on; None for the beginning.
    """

    phase: Phase
    index: int = 0
    loss: Loss = "auto"
    seed: int = 0
    class_weights: NDArray[np.float32] | None = None
    keep_weights: Callable[[Any, EpochEnded], None] | None = None
    keeper: StateKeeper | None = None
    resumed: Saved | None = None


@dataclass(frozen=True, slots=True)
class PhaseResult:
    """How a phase went.

    Attributes:
        epochs: Every finished epoch.
        stopped: Whether the user ended it.
    """

    epochs: list[EpochEnded]
    stopped: bool


def scores(
    model: Any,  # noqa: ANN401 - Keras models have no typed stubs
    examples: Examples,
    before_batch: Callable[[], object] = lambda: None,
) -> NDArray[np.float32]:
    """Scores of all examples without variation, shape (photos, classes); fewer at a time where memory is short."""
    parts: list[NDArray[np.float32]] = []
    done, batch = 0, _CHECK_BATCH
    while done < len(examples):
        before_batch()
        try:
            parts.append(answers(model, examples.inputs(done, done + batch)))
        except OUT_OF_MEMORY:
            if batch == 1:
                raise
            batch //= 2
        else:
            done += len(parts[-1])
    return np.concatenate(parts) if parts else np.zeros((0, model.outputs[0].shape[-1]), np.float32)


def train_phase(
    model: Any,  # noqa: ANN401
    assignment: Assignment,
    learn: ShuffledPhotos,
    check: Examples,
    *,
    emit: Emit,
    token: CancelToken,
) -> PhaseResult:
    """Train a model in place; it ends on the weights that the phase wants kept.

    The best weights are those with the best figure at the end of an epoch, or those it came with where no epoch was
    better.

    Args:
        model: From the inputs of the examples to scores.
        assignment: How to train.
        learn: Photos to learn from.
        check: Photos to check on; may be empty, then the figures of the training photos decide.
        emit: Receives PhaseStarted, BatchEnded and EpochEnded.
        token: A stop ends the phase at the next batch; it is a normal end.

    Raises:
        Cancelled: If a stop came before the first batch.
        TLStudioError: If none of the photos to learn from can be read any more.
    """
    phase, resumed = assignment.phase, assignment.resumed
    prepare(model, phase, assignment.loss)
    emit(PhaseStarted(assignment.index, phase.name, phase.epochs, _steps(phase, learn)))
    first = _first_figures(model, phase, check, token) if resumed is None else resumed.state.course.first
    rng = np.random.default_rng((assignment.seed, assignment.index))
    passes = Passes(learn, rng, token, resumed.state.course.order if resumed is not None else None)
    course = _Course(model, assignment, learn, passes, first, emit, token)
    if resumed is not None:
        course.take_up(resumed)
    token.check()
    while course.goes_on:
        with closing(passes.batches(course.phase.batch_size)) as batches:
            short = course.run(batches, check)
        if short:
            course.halve_batches()
    if course.rows or assignment.index or not token.cancelled:
        course.kept.restore()  # but a first phase that was stopped in its first epoch keeps the little it learnt
    if not token.cancelled:
        course.keep_end()
    return PhaseResult(course.rows, token.cancelled)


def _steps(phase: Phase, learn: ShuffledPhotos) -> int:
    """Batches that count as an epoch."""
    return phase.steps_per_epoch or -(-len(learn) // phase.batch_size)


def _first_figures(
    model: Any,  # noqa: ANN401
    phase: Phase,
    check: Examples,
    token: CancelToken,
) -> dict[Metric, float]:
    """What the phase has to be better than."""
    if phase.keep == "last" or not len(check):
        return {}
    accuracy, loss = accuracy_and_loss(scores(model, check, token.check), check.labels)
    return {"val_accuracy": accuracy, "val_loss": loss}


class _Course:
    """A phase under way: what its epochs share."""

    def __init__(
        self,
        model: Any,  # noqa: ANN401
        assignment: Assignment,
        learn: ShuffledPhotos,
        passes: Passes,
        first: dict[Metric, float],
        emit: Emit,
        token: CancelToken,
    ) -> None:
        self.phase = phase = assignment.phase
        self.goes_on = True
        steps = _steps(phase, learn)
        self._model, self._assignment, self._steps, self._learn_from = model, assignment, steps, learn
        self._passes, self._first = passes, first
        self._emit, self._token = emit, token
        self._watch = Stopwatch(token)
        self._so_far = EpochSoFar()
        self._stop = StopWatch(phase.stops, first)
        self._schedule = LearningRate(phase, steps, first.get("val_loss"))
        self._scheduled_from = 0
        self._rate: float | None = phase.learning_rate
        self.kept = _Kept(model, phase, first.get(phase.keep_by))
        self.rows: list[EpochEnded] = []

    def take_up(self, saved: Saved) -> None:
        """Go on where an earlier course was, which every epoch of it is told of again.

        Raises:
            TLStudioError: If it was of another network.
        """
        state = saved.state.course
        if state.batch_size != self.phase.batch_size:
            self.phase = replace(self.phase, batch_size=state.batch_size)
            prepare(self._model, self.phase, self._assignment.loss)
        try:
            restore_snapshot(self._model, saved.snapshot)
        except ValueError as error:
            raise TLStudioError(
                f"What was kept of this training doesn't fit its network: {error}.", "Throw it away."
            ) from error
        for row in state.rows:
            self._begin_schedule_again(state, row.epoch)
            self._note(row)
            self.kept.note(row)
            self._emit(row)
        self._begin_schedule_again(state, len(state.rows))
        self.kept.weights = saved.snapshot.kept
        self._so_far, self._rate = state.so_far, None
        self.goes_on = not state.ended

    def _begin_schedule_again(self, state: PhaseState, epoch: int) -> None:
        if state.batch_size != self._assignment.phase.batch_size and epoch == state.scheduled_from:
            self._begin_schedule()

    def keep_end(self) -> None:
        """Keep that nothing is left to learn."""
        if self._assignment.keeper is not None and self.rows:
            snapshot = Snapshot(self.kept.weights, self.kept.weights)
            self._assignment.keeper.keep(replace(self._state(), so_far=EpochSoFar(), ended=True), snapshot)

    def _keep_state(self, *, within_epoch: bool) -> None:
        keeper = self._assignment.keeper
        if keeper is not None and keeper.is_due(within_epoch=within_epoch):
            kept_now = not within_epoch and self.rows[-1].best
            keeper.keep(self._state(), take_snapshot(self._model, self.kept.weights, kept_now=kept_now))

    def _state(self) -> PhaseState:
        return PhaseState(
            self._first,
            tuple(self.rows),
            self._so_far,
            self._passes.order,
            self.phase.batch_size,
            self._scheduled_from,
        )

    def run(self, batches: Iterator[Batch], check: Examples) -> bool:
        """Epoch after epoch until the phase has ended; whether it has not, because memory ran out."""
        try:
            while self.goes_on:
                going_on = self._run_epoch(len(self.rows), batches, check)
                self.goes_on = going_on and len(self.rows) < self.phase.epochs
        except OUT_OF_MEMORY:
            return True
        return False

    def halve_batches(self) -> None:
        """Go back to the last good weights and on from there, with half as many photos at a time.

        Raises:
            TLStudioError: If it was one photo already.
        """
        was = self.phase.batch_size
        if was == 1:
            raise TLStudioError(
                "There is too little memory for this network, even with one photo at a time.",
                "Close other programs, or choose a smaller network or smaller photos.",
            )
        self.phase = replace(self.phase, batch_size=was // 2)
        self._emit(
            Notice(
                f"Memory ran out with {was} photos at a time. Learning goes on with {was // 2}, from the best round "
                "so far."
            )
        )
        self.kept.restore()
        prepare(self._model, self.phase, self._assignment.loss)
        self._so_far = EpochSoFar()
        self._begin_schedule()

    def _begin_schedule(self) -> None:
        """Begin the schedule anew, with as many steps as an epoch has now."""
        self._steps = _steps(self.phase, self._learn_from)
        last = self.rows[-1].val_loss if self.rows else None
        self._schedule = LearningRate(self.phase, self._steps, last)
        self._scheduled_from = len(self.rows)
        self._rate = self.phase.learning_rate

    def _run_epoch(self, epoch: int, batches: Iterator[Batch], check: Examples) -> bool:
        """Learn from so many batches, then check; whether the phase goes on."""
        begun = self._watch.look() - self._so_far.seconds
        loss, accuracy = self._learn(epoch, batches, begun)
        if self._token.cancelled:
            return False
        try:
            val_accuracy, val_loss = self._check(epoch, check)
        except Cancelled:
            return False
        if not np.isfinite((loss, 0.0 if val_loss is None else val_loss)).all():
            self._emit(
                Notice("The error grew beyond all bounds, so this step ended early. A lower learning rate helps.")
            )
            return False
        row = EpochEnded(
            phase=self._assignment.index,
            epoch=epoch,
            loss=loss,
            accuracy=accuracy,
            val_loss=val_loss,
            val_accuracy=val_accuracy,
            seconds=self._watch.look() - begun,
            learning_rate=float(self._model.optimizer.learning_rate),
            best=False,
        )
        return self._end_epoch(replace(row, best=self.kept.offer(row)))

    def _check(self, epoch: int, check: Examples) -> tuple[float | None, float | None]:
        """Accuracy and loss on the validation photos, None without any; how many of each class are right is told."""
        if not len(check):
            return None, None
        answers = scores(self._model, check, self._token.check)
        right = check.labels[answers.argmax(axis=1) == check.labels]
        counts = (np.bincount(labels, minlength=answers.shape[1]).tolist() for labels in (right, check.labels))
        self._emit(ClassesChecked(self._assignment.index, epoch, *map(tuple, counts)))
        return accuracy_and_loss(answers, check.labels)

    def _end_epoch(self, row: EpochEnded) -> bool:
        self._so_far = EpochSoFar()
        if self._assignment.keep_weights is not None:
            self._assignment.keep_weights(self._model, row)
        ends = self._note(row)
        self._emit(row)
        if ends or self._token.cancelled:
            return False
        self._keep_state(within_epoch=False)
        return True

    def _note(self, row: EpochEnded) -> bool:
        """Take note of an epoch; whether it is a reason to stop."""
        self.rows.append(row)
        self._schedule.end_epoch(row)
        return self._stop.ends(row)

    def _learn(self, epoch: int, batches: Iterator[Batch], begun: float) -> tuple[float, float]:
        """Mean loss and accuracy, up to the stop if there was one."""
        index, weights, so_far = self._assignment.index, self._assignment.class_weights, self._so_far
        seen, loss, right = so_far.seen, so_far.loss, so_far.right
        for step, (inputs, labels) in enumerate(islice(batches, self._steps - so_far.step), start=so_far.step + 1):
            self._token.wait()
            if self._token.cancelled:
                break
            self._set_rate(epoch * self._steps + step - 1)
            counts = None if weights is None else weights[labels]
            logs = learn_batch(self._model, inputs, labels, counts)
            # Keras reports each batch by itself here, and the last batch of a pass is smaller than the others.
            seen += len(labels)
            loss += float(logs["loss"]) * len(labels)
            right += float(logs["accuracy"]) * len(labels)
            self._so_far = EpochSoFar(step, seen, loss, right, self._watch.look() - begun)
            self._emit(BatchEnded(index, epoch, step, self._steps, loss / seen, right / seen))
            self._keep_state(within_epoch=True)
        return loss / max(seen, 1), right / max(seen, 1)

    def _set_rate(self, step: int) -> None:
        rate = self._schedule.at(step)
        if rate != self._rate:
            self._model.optimizer.learning_rate = self._rate = rate


class _Kept:
    """The weights that the phase ends on, as far as it has come."""

    def __init__(self, model: Any, phase: Phase, first: float | None) -> None:  # noqa: ANN401
        self._model = model
        self._keep = phase.keep
        self._watch = Watch(phase.keep_by, first)
        self.weights: Arrays = model.get_weights()

    def offer(self, epoch: EpochEnded) -> bool:
        """Keep the present weights if they are better, or the last are wanted."""
        wanted = self.note(epoch)
        if wanted:
            self.weights = self._model.get_weights()
        return wanted

    def note(self, epoch: EpochEnded) -> bool:
        """Whether the weights of an epoch are wanted."""
        return self._watch.take(epoch) or self._keep == "last"

    def restore(self) -> None:
        """Go back to the weights kept."""
        self._model.set_weights(list(self.weights))
