"""Use case: find a learning rate for a phase of a training, before it is trained."""

from collections.abc import Callable
from dataclasses import replace
from itertools import islice

from tlstudio.datasets.splits.sharing import share_out
from tlstudio.errors import TLStudioError
from tlstudio.events import CancelToken, Emit
from tlstudio.modeling import weights
from tlstudio.modeling.engine import Engine, EngineStore
from tlstudio.modeling.part import Part
from tlstudio.training.clock import Clock
from tlstudio.training.fitting import require_fitting
from tlstudio.training.learner import Lesson, learn, readied
from tlstudio.training.rate_curve import Ramp, RateCurve
from tlstudio.workflows.computing import fitted, started_hardware
from tlstudio.workflows.train import TrainRequest, lesson_of, read_dataset

_CHECK_PHOTOS = 8
_EPOCHS_BEFORE = 5  # of each earlier phase: enough for where the later one begins, and soon done
_STAGES = ("features", "head", "fine_tune")


def find_rate(
    request: TrainRequest, phase: int, ramp: Ramp | None = None, *, emit: Emit, token: CancelToken
) -> RateCurve:
    """Try learning rates on the photos and the network of a training; nothing of it is kept.

    The phases before it learn for a few epochs first, since a rate suits the weights that it begins with.

    Args:
        request: What would be trained; where to is of no account.
        phase: Position of the phase in the list.
        ramp: What to try; the usual if None.
        emit: Told everything, RateTried among it.
        token: A stop ends the search with what was found so far.

    Raises:
        TLStudioError: If the training can't be done, or there is no such phase.
        Cancelled: If a stop came before the first rate was tried.
    """
    if not 0 <= phase < len(request.config.phases):
        raise TLStudioError(
            f"There is no phase {phase + 1}: this training has {len(request.config.phases)}.", "Phases count from 1."
        )
    require_fitting(request.spec, request.config)
    weights_file = weights.resolve(request.spec, emit=emit, token=token)
    dataset = read_dataset(request, emit, token)
    parts = request.parts or share_out(dataset, request.split)
    started_hardware(request.config, emit)
    config = fitted(request.spec, request.config, dataset, parts, emit)
    lesson = lesson_of(replace(request, parts=parts, config=config), dataset, weights_file)
    photos = [dataset.absolute(sample.path) for sample in dataset.samples[:_CHECK_PHOTOS]]

    def engine_of(part: Part) -> Engine:
        return EngineStore().get(part, photos, emit=emit, token=token)

    return _tried(lesson, phase, engine_of, ramp or Ramp(), emit, token)


def _tried(
    lesson: Lesson, phase: int, engine_of: Callable[[Part], Engine], ramp: Ramp, emit: Emit, token: CancelToken
) -> RateCurve:
    clock = Clock(*_STAGES)
    before = learn(_first_phases(lesson, phase), engine_of, clock, emit=emit, token=token) if phase else None
    token.check()
    ready = readied(lesson, phase, before, engine_of, clock, emit=emit, token=token)
    from tlstudio.training.rate_finder import try_rates

    return try_rates(ready.model, ready.assignment, ready.learn_from, ramp, emit=emit, token=token)


def _first_phases(lesson: Lesson, count: int) -> Lesson:
    """The lesson up to a phase, in few epochs."""
    phases = (replace(phase, epochs=min(phase.epochs, _EPOCHS_BEFORE)) for phase in islice(lesson.config.phases, count))
    return replace(lesson, config=replace(lesson.config, phases=tuple(phases)))
