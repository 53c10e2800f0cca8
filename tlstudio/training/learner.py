"""Running the phases of a training one after another, each on features at the layer where its trained part begins.

A phase trains everything behind one layer: the head behind the pooling, refining behind the last layer that stays as
it is, a network from scratch behind the photo itself. What lies before that layer never changes while the phase runs,
so it is computed once per photo, by the engine, and kept in the feature store. A phase with live data has it computed
anew for each copy that it makes of a photo to learn from; what it is checked on is kept in either case.
"""

from collections.abc import Callable, Collection, Container, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tlstudio.datasets.splits.split import Split
from tlstudio.errors import Cancelled, TLStudioError
from tlstudio.events import CancelToken, Emit, EpochEnded, PhaseStarted
from tlstudio.modeling import backend
from tlstudio.modeling.engine import Engine
from tlstudio.modeling.features import UNWANTED, Features, FeatureStore, Photo, Source
from tlstudio.modeling.head import require_possible
from tlstudio.modeling.part import PHOTO, POOLING, Part
from tlstudio.modeling.spec import ModelSpec
from tlstudio.training.checkpoints import checkpoints_in
from tlstudio.training.class_weights import weights_of_classes
from tlstudio.training.clock import Clock
from tlstudio.training.config import Phase, TrainConfig
from tlstudio.training.examples import Examples, ShuffledPhotos
from tlstudio.training.history import History
from tlstudio.training.live import LivePhotos
from tlstudio.training.origin import Origin
from tlstudio.training.state import Saved, StateKeeper

if TYPE_CHECKING:  # it imports Keras
    from tlstudio.training.trainer import Assignment


@dataclass(frozen=True, slots=True)
class Lesson:
    """What is to be learnt.

    Attributes:
        photos: All photos.
        labels: Class index of each.
        split: Which are learnt from, checked on and kept for the exam.
        classes: Names of the classes.
        spec: The network.
        weights: Path of the backbone's weights; "" for random ones.
        weights_digest: SHA-256 of that file.
        config: How to train.
        checkpoints: Folder for the weights after each epoch of the phases that want them kept.
        states: Folder that always says where the training stands, for the case of a crash; None if nobody wants that.
        saved: Where to go on; None for the beginning.
        origin: What to begin from, whose phases are over; None for the network as it comes.
    """

    photos: Sequence[Photo]
    labels: Sequence[int]
    split: Split
    classes: Sequence[str]
    spec: ModelSpec
    weights: str
    weights_digest: str
    config: TrainConfig
    checkpoints: Path | None = None
    states: Path | None = None
    saved: Saved | None = None
    origin: Origin | None = None

    @property
    def n_classes(self) -> int:
        """Number of classes."""
        return len(self.classes)

    def at_size_of(self, phase: Phase) -> "Lesson":
        """The same with the network at the input size of a phase."""
        return replace(self, spec=self.spec.with_input_size(phase.input_size)) if phase.input_size else self

    def resumed(self, index: int) -> Saved | None:
        """Where to go on in a phase; None if it begins."""
        return self.saved if self.saved is not None and self.saved.state.phase == index else None

    @property
    def earlier(self) -> History:
        """What the phases did that are over before this one begins or goes on."""
        if self.saved is not None:
            return self.saved.state.history
        return History() if self.origin is None else self.origin.history

    def frozen_part(self, stop: str) -> Part:
        """The backbone as it came, up to a layer."""
        return Part(self.spec, PHOTO, stop, self.weights, self.weights_digest)


@dataclass(slots=True)
class Learnt:
    """What was learnt.

    Attributes:
        spec: The network, at the input size of the last phase.
        model: Keras model of the trained part, from features to scores.
        trained_from: Layer that it begins after.
        features: Its inputs.
        history: Every epoch.
        stopped: Whether the user ended it early.
        missing: Photos that could no longer be read: index and reason.
    """

    spec: ModelSpec
    model: Any
    trained_from: str
    features: Features
    history: History = field(default_factory=History)
    stopped: bool = False
    missing: dict[int, str] = field(default_factory=dict)

    def scores(self, photos: Sequence[int]) -> NDArray[np.float32]:
        """Scores of some of the photos, shape (photos, classes)."""
        from tlstudio.training.trainer import scores

        return scores(self.model, Examples.of(self.features, photos, [0] * len(photos)))


@dataclass(frozen=True, slots=True)
class Readied:
    """A phase that can begin.

    Attributes:
        spec: The network, at the input size of the phase.
        start: Layer that the trained part begins after.
        model: Keras model of the trained part, from features to scores.
        features: Of all photos that are kept.
        learn_from: Photos to learn from.
        assignment: How to learn from them.
    """

    spec: ModelSpec
    start: str
    model: Any
    features: Features
    learn_from: ShuffledPhotos
    assignment: "Assignment"


def learn(
    lesson: Lesson,
    engine_of: Callable[[Part], Engine],
    clock: Clock,
    between: Callable[[str, Learnt], None] | None = None,
    *,
    emit: Emit,
    token: CancelToken,
) -> Learnt:
    """Run all phases.

    Args:
        lesson: What is to be learnt.
        engine_of: Gives the engine of a frozen part.
        clock: Told the time of features and of each phase.
        between: Told the name of a phase that ended and what was learnt so far, before the next one begins.
        emit: Told everything.
        token: A stop ends the phase that runs and skips the rest.

    Raises:
        TLStudioError: If the network can't be built, its weights don't fit or too few photos can be read.
        Cancelled: If a stop came before the first phase began to learn.
    """
    learnt: Learnt | None = None
    require_possible(lesson.spec.head, lesson.n_classes)
    _require_layers(lesson)
    keeper = None if lesson.states is None else StateKeeper(lesson.states, clock.total, emit)
    for index, phase in enumerate(lesson.config.phases):
        if index < len(lesson.earlier.phases):
            _tell_again(lesson.earlier, index, phase, len(lesson.split.train), emit)
            continue
        try:
            learnt = _run_phase(lesson, index, phase, learnt, engine_of, clock, keeper, emit, token)
        except Cancelled:
            if learnt is None:
                raise
            learnt.stopped = True
        if learnt.stopped:
            break
        if between is not None and index + 1 < len(lesson.config.phases):
            between(phase.name, learnt)
    assert learnt is not None  # noqa: S101 - a configuration has at least one phase
    return learnt


def _tell_again(history: History, index: int, phase: Phase, n_train: int, emit: Emit) -> None:
    """Tell of a phase that was over before."""
    emit(PhaseStarted(index, phase.name, phase.epochs, phase.steps_per_epoch or -(-n_train // phase.batch_size)))
    for epoch in history.epochs:
        if epoch.phase == index:
            emit(epoch)


def _run_phase(
    lesson: Lesson,
    index: int,
    phase: Phase,
    before: Learnt | None,
    engine_of: Callable[[Part], Engine],
    clock: Clock,
    keeper: StateKeeper | None,
    emit: Emit,
    token: CancelToken,
) -> Learnt:
    ready = readied(lesson, index, before, engine_of, clock, emit=emit, token=token)
    earlier = before.history if before else lesson.earlier
    if keeper is not None:
        keeper.begin_phase(index, _trained_before(lesson, index, before), earlier)
    with clock.stage("fine_tune" if phase.name == "fine_tune" else "head"):
        from tlstudio.training.trainer import train_phase

        check_on = _check_on(lesson, phase, ready.features)
        assignment = replace(ready.assignment, keeper=keeper, resumed=lesson.resumed(index))
        result = train_phase(ready.model, assignment, ready.learn_from, check_on, emit=emit, token=token)
    history = _extended(earlier, phase, result.epochs)
    missing = ready.features.missing | ready.learn_from.missing
    return Learnt(ready.spec, ready.model, ready.start, ready.features, history, result.stopped, missing)


def readied(
    lesson: Lesson,
    index: int,
    before: Learnt | None,
    engine_of: Callable[[Part], Engine],
    clock: Clock,
    *,
    emit: Emit,
    token: CancelToken,
) -> Readied:
    """Make everything ready for one phase: read its photos, build its model.

    Args:
        lesson: What is to be learnt.
        index: Position of the phase in the list.
        before: What the phases before it have learnt; None for the first.
        engine_of: Gives the engine of a frozen part.
        clock: Told the time.
        emit: Told how the reading goes.
        token: Stops the reading.

    Raises:
        TLStudioError: As ``learn``.
        Cancelled: If a stop was asked for.
    """
    phase = lesson.config.phases[index]
    lesson = lesson.at_size_of(phase)
    start, network = _starting_layer(lesson, phase, _trained_before(lesson, index, before))
    with clock.stage("features"):
        source = _source(lesson, start, engine_of)
        features = FeatureStore().features(source, _photos(lesson, phase), emit=emit, token=token)
        learn_from = _learn_from(lesson, phase, source, features, token)
        missing = features.missing | learn_from.missing
        _require_classes(lesson, missing)
    with clock.stage("fine_tune" if phase.name == "fine_tune" else "head"), backend.scope():
        model = _model(lesson, start, features, network, before)
    return Readied(lesson.spec, start, model, features, learn_from, _assignment(lesson, phase, index, missing))


def _learn_from(lesson: Lesson, phase: Phase, source: Source, features: Features, token: CancelToken) -> ShuffledPhotos:
    train = lesson.split.train
    if phase.data == "live":
        return LivePhotos(lesson.photos, lesson.labels, train, source, token)
    return _examples(lesson, features, train, range(lesson.config.augmentation.views + 1))


def _check_on(lesson: Lesson, phase: Phase, features: Features) -> Examples:
    """The validation photos that a phase is checked on, the same in each epoch."""
    check = _examples(lesson, features, lesson.split.validation, (lesson.config.augmentation.validation_view,))
    if not phase.validation_steps:
        return check
    return check.some(phase.validation_steps * phase.batch_size, np.random.default_rng(lesson.config.seed))


def _assignment(lesson: Lesson, phase: Phase, index: int, missing: Container[int]) -> "Assignment":
    from tlstudio.training.trainer import Assignment

    labels = np.array([lesson.labels[photo] for photo in lesson.split.train if photo not in missing], np.int64)
    weights = weights_of_classes(phase.class_weights, labels, lesson.classes)
    keep = checkpoints_in(lesson.checkpoints, phase) if lesson.checkpoints is not None else None
    loss, seed = lesson.spec.head.loss, lesson.config.seed
    return Assignment(phase, index, loss, seed, class_weights=weights, keep_weights=keep)


def _require_layers(lesson: Lesson) -> None:
    """Find layers that the network doesn't have before hours of learning, not after."""
    wanted = [phase.unfreeze_from for phase in lesson.config.phases if phase.unfreeze_from]
    if wanted:
        from tlstudio.modeling.graph import cut_before

        network = _network(lesson)
        for layer in wanted:
            cut_before(network, layer)


def _require_classes(lesson: Lesson, missing: Collection[int]) -> None:
    """Photos can vanish after the folder was read; without two classes there is nothing to learn."""
    readable = {lesson.labels[photo] for photo in lesson.split.train if photo not in missing}
    if len(readable) < 2:
        raise TLStudioError(
            f"{len(missing)} of {len(lesson.photos)} photos can't be read any more: too few are left.",
            "See that their folder is there and its drive connected, then open it again.",
        )


def _trained_before(lesson: Lesson, index: int, before: Learnt | None) -> str:
    """Layer that the part begins after which the phases before have trained; "" if there were none."""
    if before is not None:
        return before.trained_from
    resumed = lesson.resumed(index)
    if resumed is not None:
        return resumed.state.trained_before
    return "" if lesson.origin is None else lesson.origin.trained_from


def _starting_layer(lesson: Lesson, phase: Phase, trained_before: str) -> tuple[str, Any]:
    """The layer that the trained part begins after, and the whole network where it had to be built to know.

    What an earlier phase trained stays in the trained part, so a later one never begins behind it.
    """
    if phase.name == "head":
        return POOLING, None
    if phase.name == "scratch":
        return PHOTO, None
    with backend.scope():
        network = _network(lesson)
    if not phase.unfreeze_from:
        return PHOTO, network
    from tlstudio.modeling.graph import cut_before, feeding

    start = cut_before(network, phase.unfreeze_from)
    if trained_before and trained_before in feeding(network, start):
        start = trained_before
    return start, network


def _source(lesson: Lesson, start: str, engine_of: Callable[[Part], Engine]) -> Source:
    spec, config = lesson.spec, lesson.config
    if start == PHOTO:
        return Source(f"photos-{spec.input_size}", spec.input_size, None, config.augmentation, config.seed)
    part = lesson.frozen_part(start)
    return Source(part.key(), spec.input_size, lambda: engine_of(part), config.augmentation, config.seed)


def _photos(lesson: Lesson, phase: Phase) -> list[Photo]:
    """All photos; those that are learnt from with their varied copies, those checked on with one where they have it.

    Photos that are read anew in each epoch are not asked for.
    """
    varied = lesson.config.augmentation
    views = dict.fromkeys(lesson.split.train, varied.views if phase.data == "stored" else UNWANTED)
    views |= dict.fromkeys(lesson.split.validation, varied.validation_view)
    return [replace(photo, views=views.get(number, 0)) for number, photo in enumerate(lesson.photos)]


def _network(lesson: Lesson) -> Any:  # noqa: ANN401 - Keras models have no typed stubs
    _start_backend(lesson)
    from tlstudio.modeling.network import build_network

    return build_network(lesson.spec, lesson.n_classes, lesson.weights)


def _model(lesson: Lesson, start: str, features: Features, network: Any, before: Learnt | None) -> Any:  # noqa: ANN401
    """The Keras model of the trained part; what was learnt before goes on from where it is."""
    _start_backend(lesson)
    from tlstudio.modeling.network import build_head, tail_of

    if start == POOLING:
        width = features.shape[0] if features.shape else _network(lesson).get_layer(POOLING).output.shape[-1]
        head = build_head(lesson.spec.head, width, lesson.n_classes)
        _carry_over(lesson, before, head)
        return head
    whole = network if network is not None else _network(lesson)
    trained = before or lesson.origin
    if trained is not None:
        # Phases go from the end of the network towards its beginning, so what was trained before lies inside.
        _carry_over(lesson, before, tail_of(whole, trained.trained_from))
    return tail_of(whole, start)


def _carry_over(lesson: Lesson, before: Learnt | None, tail: Any) -> None:  # noqa: ANN401
    """Give a part the weights that it was trained to, by the phases before or by the training that is gone on from."""
    from tlstudio.modeling.network import load_trained

    if before is not None:
        tail.set_weights(before.model.get_weights())
    elif lesson.origin is not None:
        load_trained(tail, lesson.origin.weights)


def _start_backend(lesson: Lesson) -> None:
    backend.start(1 if lesson.config.reproducible else 0)
    import keras

    keras.utils.set_random_seed(lesson.config.seed)


def _examples(lesson: Lesson, features: Features, part: Sequence[int], views: Sequence[int]) -> Examples:
    readable = [photo for photo in part if photo not in features.missing]
    return Examples.of(features, readable, [lesson.labels[photo] for photo in readable], views)


def _extended(history: History, phase: Phase, epochs: list[EpochEnded]) -> History:
    return History((*history.phases, phase.name), (*history.epochs, *epochs))
