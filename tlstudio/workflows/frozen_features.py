"""What the network under a run says of photos, as the training computed it: one vector a photo, mostly known."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tlstudio.datasets.dataset import Dataset, Sample
from tlstudio.datasets.looks.duplicates import find_duplicates, together
from tlstudio.datasets.splits.grouping import group_photos
from tlstudio.errors import TLStudioError
from tlstudio.events import CancelToken, Emit
from tlstudio.modeling import weights
from tlstudio.modeling.border import BorderSource
from tlstudio.modeling.engine import Engine, EngineStore
from tlstudio.modeling.features import FeatureStore, Photo, Source
from tlstudio.modeling.part import PHOTO, POOLING, Part
from tlstudio.runs.store import StoredRun
from tlstudio.training.recommendation import recommended_spec

_CHECK_PHOTOS = 8


@dataclass(frozen=True, slots=True, eq=False)
class FrozenFeatures:
    """Vectors of photos, from a network that never learnt their labels.

    Attributes:
        samples: (n,) The photos that can still be read.
        classes: Class names in the order of their indices.
        vectors: (n, d), float32.
        labels: (n,) Class indices.
    """

    samples: tuple[Sample, ...]
    classes: tuple[str, ...]
    vectors: NDArray[np.float32]
    labels: NDArray[np.int64]


def frozen_features(
    dataset: Dataset, stored: StoredRun, *, border: bool = False, emit: Emit, token: CancelToken
) -> FrozenFeatures:
    """Look at the photos of a data set with the network that a run started from.

    What was learnt later is left out on purpose: it has seen the labels that are to be doubted. Where a run started
    from nothing, the recommended network takes its place.

    Args:
        dataset: The photos.
        stored: The run.
        border: Whether the middle of the photos is covered.
        emit: Told ``Progress("engine", ...)`` and ``Progress("features", ...)``.
        token: Stops it.

    Raises:
        TLStudioError: If the network can't be used, no photo can be read, or the disk is full.
        Cancelled: If a stop was asked for; what was computed is kept.
    """
    part = _part(stored, emit, token)

    def engine() -> Engine:
        some = [dataset.absolute(sample.path) for sample in dataset.samples[:_CHECK_PHOTOS]]
        return EngineStore().get(part, some, emit=emit, token=token)

    kind = BorderSource if border else Source
    wanted = [Photo(dataset.absolute(sample.path), sample.digest) for sample in dataset.samples]
    found = FeatureStore().features(kind(part.key(), part.spec.input_size, engine), wanted, emit=emit, token=token)
    there = [number for number in range(len(wanted)) if number not in found.missing]
    if not there:
        raise TLStudioError("None of the photos can be read any more.", "Put them back, and try again.")
    places = np.array([found.locate(number) for number in there], dtype=np.int64).reshape(-1, 2)
    vectors = np.asarray(found.take(places), dtype=np.float32).reshape(len(there), -1)
    samples = tuple(dataset.samples[number] for number in there)
    index = {name: number for number, name in enumerate(dataset.classes)}
    labels = np.array([index[sample.class_name] for sample in samples], dtype=np.int64)
    return FrozenFeatures(samples, dataset.classes, vectors, labels)


def groups_of(dataset: Dataset, stored: StoredRun) -> NDArray[np.int64]:
    """(n,) Equal numbers for photos that belong on one side of every fold: copies, and what the run kept together."""
    config = stored.run.split_config
    alike = together(find_duplicates(dataset))
    groups = np.zeros(len(dataset.samples), dtype=np.int64)
    for number, members in enumerate(group_photos(dataset, config.group_by, True, alike, config.group_column)):
        groups[members] = number
    return groups


def readable(dataset: Dataset, features: FrozenFeatures) -> Dataset:
    """A data set with the photos that have features, in their order."""
    return replace(dataset, samples=features.samples)


def _part(stored: StoredRun, emit: Emit, token: CancelToken) -> Part:
    spec = stored.run.spec
    if spec.weights == "none":
        spec, _why = recommended_spec()
        file = weights.resolve(spec, emit=emit, token=token)
        return Part(spec, PHOTO, POOLING, file, weights.digest(file))
    # A flattened map would be tens of thousands of numbers long; its mean tells as much here.
    if spec.head.pooling == "flatten":
        spec = replace(spec, head=replace(spec.head, pooling="avg"))
    return Part(spec, PHOTO, POOLING, stored.backbone_weights, stored.run.weights_digest)
