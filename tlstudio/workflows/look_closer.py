"""Use case: find photos that show the same with the help of a network, which sees past framing, size and light."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from tlstudio.datasets.dataset import Dataset, Sample
from tlstudio.datasets.looks.looks import CloserLook, look_closer_at
from tlstudio.datasets.reading.relabel import photos
from tlstudio.events import CancelToken, Emit, Progress
from tlstudio.modeling import weights
from tlstudio.modeling.engine import Engine, EngineStore
from tlstudio.modeling.features import FeatureStore, Photo, Source, StoredRows
from tlstudio.modeling.part import PHOTO, POOLING, Part
from tlstudio.projects.closer_look import keep_closer_look
from tlstudio.training.recommendation import recommended_spec
from tlstudio.workflows.open_photos import Opened, reconsidered

_CHECK_PHOTOS = 8


def look_closer(opened: Opened, *, emit: Emit, token: CancelToken) -> Opened:
    """Look at all photos of a project with the recommended network, and keep what it says for the next time.

    What is computed of a photo is what a training with that network computes first, so neither has to do it again.

    Args:
        opened: The project and its photos; those without a class and those left out are looked at, too.
        emit: Told ``Progress("engine", ...)``, ``Progress("features", ...)`` and ``Progress("compare", ...)``.
        token: Stops it.

    Returns:
        The same photos, with the changes of now. Those that come later are compared without a network until they are
        looked at, too; what is known of the others stays.

    Raises:
        TLStudioError: If the network can't be used, or the disk is full.
        Cancelled: If a stop was asked for; what was computed is kept.
    """
    keep_closer_look(opened.project, closer_look(opened.files, emit=emit, token=token))
    return reconsidered(opened)


def look_closer_if_known(opened: Opened, *, emit: Emit, token: CancelToken) -> Opened | None:
    """Look closer at the photos in use if all that the network says of them is known, from a training; else None.

    Raises:
        TLStudioError: If the weights of the network are not where they belong.
        Cancelled: If a stop was asked for.
    """
    try:
        look = _look(opened.dataset, opened.dataset.samples, _engine_refused, emit=emit, token=token)
    except _NotKnownError:
        return None
    keep_closer_look(opened.project, look)
    return reconsidered(opened)


def closer_look(dataset: Dataset, *, emit: Emit, token: CancelToken) -> CloserLook:
    """What the recommended network says of all photos, with a class or without; those that have vanished are left out.

    Raises:
        TLStudioError: If the network can't be used, or the disk is full.
        Cancelled: If a stop was asked for; what was computed is kept.
    """

    def engine(part: Part) -> Engine:
        some = [dataset.absolute(sample.path) for sample in dataset.samples[:_CHECK_PHOTOS]]
        return EngineStore().get(part, some, emit=emit, token=token)

    return _look(dataset, tuple(photos(dataset)), engine, emit=emit, token=token)


class _NotKnownError(Exception):
    """Something would have to be computed."""


def _engine_refused(_part: Part) -> Engine:
    raise _NotKnownError


def _look(
    dataset: Dataset,
    samples: Sequence[Sample],
    engine_of: Callable[[Part], Engine],
    *,
    emit: Emit,
    token: CancelToken,
) -> CloserLook:
    """What the recommended network says of some photos of a data set; ``engine_of`` is asked where it is not known."""
    spec, _why = recommended_spec()
    file = weights.resolve(spec, emit=emit, token=token)
    part = Part(spec, PHOTO, POOLING, file, weights.digest(file))
    source = Source(part.key(), spec.input_size, lambda: engine_of(part))
    wanted = [Photo(dataset.absolute(sample.path), sample.digest) for sample in samples]
    features = FeatureStore().features(source, wanted, emit=emit, token=token)
    token.check()
    emit(Progress("compare", 0, 0, "Comparing the photos"))
    there = [number for number in range(len(samples)) if number not in features.missing]
    compared = replace(dataset, samples=tuple(samples[number] for number in there), unlabelled=())
    return look_closer_at(compared, StoredRows(features, there), spec.backbone)
