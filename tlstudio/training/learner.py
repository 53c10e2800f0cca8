"""Running the phases of a training one after another, each on features at the layer where its trained part begins.

A phase trains everything behind one layer: the head behind the pooling, refining behind the last layer that stays as
it is, a network from scratch behind the photo itself. What lies before that layer never changes while the phase runs,
so it is computed once per photo, by the engine, and kept in the feature store.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tlstudio.datasets.splits.split import Split
from tlstudio.errors import Cancelled, TLStudioError
from tlstudio.events import CancelToken, Emit, EpochEnded
from tlstudio.modeling import backend
from tlstudio.modeling.engine import Engine
from tlstudio.modeling.features import Features, FeatureStore, Photo, Source
from tlstudio.modeling.head import require_possible
from tlstudio.modeling.part import PHOTO, POOLING, Part
from tlstudio.modeling.spec import ModelSpec
from tlstudio.training.clock import Clock
from tlstudio.training.config import Phase, TrainConfig
from tlstudio.training.examples import Examples
from tlstudio.training.history import History


@dataclass(frozen=True, slots=True)
class Lesson:
    """What is to be learnt.

    Attributes:
        photos: All photos.
        labels: Class index of each.
        split: Which are learnt from, checked on and kept for the exam.
        n_classes: Number of classes.
        spec: The network.
        weights: Path of the backbone's weights; "" for random ones.
        weights_digest: SHA-256 of that file.
        config: How to train.
    """

    photos: Sequence[Photo]
    labels: Sequence[int]
    split: Split
    n_classes: int
    spec: ModelSpec
    weights: str
    weights_digest: str
    config: TrainConfig

    def frozen_part(self, stop: str) -> Part:
        """The backbone as it came, up to a layer."""
        return Part(self.spec, PHOTO, stop, self.weights, self.weights_digest)


@dataclass(slots=True)
class Learnt:
    """What was learnt.

    Attributes:
        model: Keras model of the trained part, from features to scores.
        trained_from: Layer that it begins after.
        features: Its inputs.
        history: Every epoch.
        stopped: Whether the user ended it early.
        missing: Photos that could no longer be read: index and reason.
    """

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


def learn(
    lesson: Lesson,
    engine_of: Callable[[Part], Engine],
    clock: Clock,
    *,
    emit: Emit,
    token: CancelToken,
) -> Learnt:
    """Run all phases.

    Args:
        lesson: What is to be learnt.
        engine_of: Gives the engine of a frozen part.
        clock: Told the time of features and of each phase.
        emit: Told everything.
        token: A stop ends the phase that runs and skips the rest.

    Raises:
        TLStudioError: If the network can't be built, its weights don't fit or too few photos can be read.
        Cancelled: If a stop came before the first phase began to learn.
    """
    learnt: Learnt | None = None
    require_possible(lesson.spec.head, lesson.n_classes)
    _require_layers(lesson)
    for index, phase in enumerate(lesson.config.phases):
        try:
            learnt = _run_phase(lesson, index, phase, learnt, engine_of, clock, emit, token)
        except Cancelled:
            if learnt is None:
                raise
            learnt.stopped = True
        if learnt.stopped:
            break
    assert learnt is not None  # noqa: S101 - a configuration has at least one phase
    return learnt


def _run_phase(
    lesson: Lesson,
    index: int,
    phase: Phase,
    before: Learnt | None,
    engine_of: Callable[[Part], Engine],
    clock: Clock,
    emit: Emit,
    token: CancelToken,
) -> Learnt:
    start, network = _starting_layer(lesson, phase, before)
    with clock.stage("features"):
        source = _source(lesson, start, engine_of)
        features = FeatureStore().features(source, _photos(lesson), emit=emit, token=token)
        _require_classes(lesson, features)
    with clock.stage("fine_tune" if phase.name == "fine_tune" else "head"):
        model = _model(lesson, start, features, network, before)
        varied = lesson.config.augmentation
        learn_from = _examples(lesson, features, lesson.split.train, range(varied.views + 1))
        check_on = _examples(lesson, features, lesson.split.validation, (varied.validation_view,))
        from tlstudio.training.trainer import train_phase

        loss, seed = lesson.spec.head.loss, lesson.config.seed
        result = train_phase(model, phase, index, learn_from, check_on, loss=loss, seed=seed, emit=emit, token=token)
    history = _extended(before.history if before else History(), phase, result.epochs)
    return Learnt(model, start, features, history, result.stopped, features.missing)


def _require_layers(lesson: Lesson) -> None:
    """Find layers that the network doesn't have before hours of learning, not after."""
    wanted = [phase.unfreeze_from for phase in lesson.config.phases if phase.unfreeze_from]
    if wanted:
        from tlstudio.modeling.graph import cut_before

        network = _network(lesson)
        for layer in wanted:
            cut_before(network, layer)


def _require_classes(lesson: Lesson, features: Features) -> None:
    """Photos can vanish after the folder was read; without two classes there is nothing to learn."""
    readable = {lesson.labels[photo] for photo in lesson.split.train if photo not in features.missing}
    if len(readable) < 2:
        raise TLStudioError(
            f"{len(features.missing)} of {len(lesson.photos)} photos can't be read any more: too few are left.",
            "Read the folder again.",
        )


def _starting_layer(lesson: Lesson, phase: Phase, before: Learnt | None) -> tuple[str, Any]:
    """The layer that the trained part begins after, and the whole network where it had to be built to know.

    What an earlier phase trained stays in the trained part, so a later one never begins behind it.
    """
    if phase.name == "head":
        return POOLING, None
    if phase.name == "scratch":
        return PHOTO, None
    network = _network(lesson)
    if not phase.unfreeze_from:
        return PHOTO, network
    from tlstudio.modeling.graph import cut_before, feeding

    start = cut_before(network, phase.unfreeze_from)
    if before is not None and before.trained_from in feeding(network, start):
        start = before.trained_from
    return start, network


def _source(lesson: Lesson, start: str, engine_of: Callable[[Part], Engine]) -> Source:
    spec, config = lesson.spec, lesson.config
    if start == PHOTO:
        return Source(f"photos-{spec.input_size}", spec.input_size, None, config.augmentation, config.seed)
    part = lesson.frozen_part(start)
    return Source(part.key(), spec.input_size, lambda: engine_of(part), config.augmentation, config.seed)


def _photos(lesson: Lesson) -> list[Photo]:
    """All photos; those that are learnt from with their varied copies, those checked on with one where they have it."""
    varied = lesson.config.augmentation
    views = dict.fromkeys(lesson.split.train, varied.views)
    views |= dict.fromkeys(lesson.split.validation, varied.validation_view)
    return [replace(photo, views=views.get(number, 0)) for number, photo in enumerate(lesson.photos)]


def _network(lesson: Lesson) -> Any:  # noqa: ANN401 - Keras models have no typed stubs
    _start_backend(lesson)
    from tlstudio.modeling.network import build_network

    return build_network(lesson.spec, lesson.n_classes, lesson.weights)


def _model(lesson: Lesson, start: str, features: Features, network: Any, before: Learnt | None) -> Any:  # noqa: ANN401
    """The Keras model of the trained part; a head that was learnt before goes on from where it is."""
    _start_backend(lesson)
    from tlstudio.modeling.network import build_head, tail_of

    if start == POOLING:
        head = build_head(lesson.spec.head, features.shape[0], lesson.n_classes)
        if before is not None:
            head.set_weights(before.model.get_weights())
        return head
    whole = network if network is not None else _network(lesson)
    if before is not None:
        # Phases go from the end of the network towards its beginning, so what was trained before lies inside.
        tail_of(whole, before.trained_from).set_weights(before.model.get_weights())
    return tail_of(whole, start)


def _start_backend(lesson: Lesson) -> None:
    backend.start(1 if lesson.config.reproducible else 0)
    import keras

    keras.utils.set_random_seed(lesson.config.seed)


def _examples(lesson: Lesson, features: Features, part: Sequence[int], views: Sequence[int]) -> Examples:
    readable = [photo for photo in part if photo not in features.missing]
    return Examples.of(features, readable, [lesson.labels[photo] for photo in readable], views)


def _extended(history: History, phase: Phase, epochs: list[EpochEnded]) -> History:
    return History((*history.phases, phase.name), (*history.epochs, *epochs))
