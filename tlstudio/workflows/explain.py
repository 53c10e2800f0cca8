"""Use case: say why a model says what it says of a photo: what it looked at, and which photos it learnt this from."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tlstudio.datasets.images import UnreadableImageError, decode
from tlstudio.digests import digest_of
from tlstudio.errors import TLStudioError
from tlstudio.events import CancelToken, Emit, Progress
from tlstudio.modeling.engine import Engine, EngineStore
from tlstudio.modeling.features import FeatureStore, Photo, Source, StoredRows
from tlstudio.modeling.part import PHOTO, POOLING, SCORES, Part, TrainedTail
from tlstudio.prediction.explanation.heat_map import HeatMap, Wish
from tlstudio.prediction.explanation.neighbours import Neighbour, NeighbourIndex
from tlstudio.prediction.explanation.occlusion import occlusion_map
from tlstudio.prediction.explanation.process import GradCamProcess
from tlstudio.prediction.predictor import Predictor, parts_of
from tlstudio.runs.store import StoredRun

NEIGHBOURS: Final = 10
_CHECK_PHOTOS: Final = 8


class Explainer:
    """Explains the answers of one run. What takes long is done at the first question; ``close`` it at the end."""

    def __init__(self, stored: StoredRun) -> None:
        self.stored = stored
        self._digests = {sample.path: sample.digest for sample in stored.run.samples}
        self._judged = frozenset(self._digests.values())
        self._grad_cam: GradCamProcess | None = None
        self._engine: Engine | None = None
        self._predictor: Predictor | None = None
        self._learnt: _LearntPhotos | None = None

    def close(self) -> None:
        """End the process that computes heat maps; another question starts it again."""
        if self._grad_cam is not None:
            self._grad_cam.close()

    def heat_map(self, photo: Path, wish: Wish, *, emit: Emit, token: CancelToken) -> HeatMap:
        """What speaks for a class in a photo.

        Raises:
            TLStudioError: If the photo can't be read, the network can't be built, or it has no such layer.
            Cancelled: If a stop was asked for.
        """
        if wish.method == "grad_cam" and self.stored.run.foreign:
            raise TLStudioError("Grad-CAM can't look into models of other programs.", "Choose occlusion instead.")
        if wish.method != "occlusion" and not self.stored.run.foreign:
            if self._grad_cam is None:
                self._grad_cam = GradCamProcess(whole_part(self.stored))
            found = self._grad_cam.heat_map(photo, wish.class_index, wish.layer, emit=emit, token=token)
            if found is not None:
                return found
            if wish.method == "grad_cam":
                raise TLStudioError(
                    "This network has no feature map that Grad-CAM could look at.", "Choose occlusion instead."
                )
        emit(Progress("explain", 0, 0, "Covering parts of the photo"))
        predictor = self._ready_predictor(emit, token)
        picture = _decoded(photo, self.stored.run.spec.input_size)
        return occlusion_map(predictor.compute, picture, wish.class_index, token=token)

    def neighbours(
        self, photo: Path, count: int = NEIGHBOURS, *, emit: Emit, token: CancelToken
    ) -> tuple[Neighbour, ...]:
        """The photos that were learnt from and that the network finds most like this one, the most alike first.

        What the training has computed of the photos is used; anything else is computed now, once.

        Raises:
            TLStudioError: If the photo can't be read, or the network can't be built.
            Cancelled: If a stop was asked for; what was computed is kept.
        """
        if not self.stored.run.split.train:
            return ()
        if self._learnt is None:
            self._learnt = _LearntPhotos.open(self.stored, emit=emit, token=token)
        digest = self._digest(photo)
        if digest not in self._judged:
            # Nothing is kept of photos that the run knows nothing of: there may be thousands, each looked at once.
            return self._learnt.nearest(self._vector(photo, emit, token), digest, count, token)
        features = FeatureStore().features(self._learnt.source, [Photo(photo, digest)], emit=emit, token=token)
        if 0 in features.missing:
            raise TLStudioError(f"{photo.name} can't be read: {features.missing[0]}")
        vector = features.take(np.array([features.locate(0)], dtype=np.int64))[0]
        return self._learnt.nearest(vector, digest, count, token)

    def answer(self, photo: Path, *, emit: Emit, token: CancelToken) -> NDArray[np.float32]:
        """Scores of a photo, (classes,).

        Raises:
            TLStudioError: If the photo can't be read, or the network can't be built.
            Cancelled: If a stop was asked for.
        """
        predictor = self._ready_predictor(emit, token)
        scores: NDArray[np.float32] = predictor.compute(_decoded(photo, self.stored.run.spec.input_size)[None])[0]
        return scores

    def _ready_predictor(self, emit: Emit, token: CancelToken) -> Predictor:
        if self._predictor is None:
            self._predictor = Predictor.load(self.stored, _check_photos(self.stored), emit=emit, token=token)
        return self._predictor

    def _vector(self, photo: Path, emit: Emit, token: CancelToken) -> NDArray[np.float32]:
        """Features of a photo, (d,)."""
        picture = _decoded(photo, self.stored.run.spec.input_size)
        if self._engine is None:
            part = pooled_part(self.stored)
            self._engine = EngineStore().get(part, _check_photos(self.stored), emit=emit, token=token)
        return np.asarray(self._engine.run(picture[None])[0], dtype=np.float32)

    def _digest(self, photo: Path) -> str:
        root = Path(self.stored.run.root)
        if photo.is_relative_to(root):
            known = self._digests.get(photo.relative_to(root).as_posix())
            if known is not None:
                return known
        try:
            return digest_of(photo)
        except OSError as error:
            raise TLStudioError(f"{photo} can't be opened: {error.strerror or error}.") from error


@dataclass(frozen=True, slots=True)
class _LearntPhotos:
    """The photos that a run learnt from, as its network sees them."""

    source: Source
    neighbours: tuple[Neighbour, ...]
    digests: tuple[str, ...]
    index: NeighbourIndex

    @classmethod
    def open(cls, stored: StoredRun, *, emit: Emit, token: CancelToken) -> "_LearntPhotos":
        run = stored.run
        part = pooled_part(stored)

        def engine() -> Engine:
            return EngineStore().get(part, _check_photos(stored), emit=emit, token=token)

        source = Source(part.key(), run.spec.input_size, engine)
        samples = [run.samples[number] for number in run.split.train]
        photos = [Photo(Path(run.root) / sample.path, sample.digest) for sample in samples]
        features = FeatureStore().features(source, photos, emit=emit, token=token)
        there = [number for number in range(len(samples)) if number not in features.missing]
        classes = {name: number for number, name in enumerate(run.classes)}
        return cls(
            source,
            tuple(Neighbour(samples[n].path, classes[samples[n].class_name], 0.0) for n in there),
            tuple(samples[number].digest for number in there),
            NeighbourIndex(StoredRows(features, there)),
        )

    def nearest(self, vector: NDArray[Any], digest: str, count: int, token: CancelToken) -> tuple[Neighbour, ...]:
        """The most alike but for the photo itself, which may be among those that were learnt from."""
        rows, likeness = self.index.nearest(np.asarray(vector, np.float32), count + 1, token=token)
        found = [
            Neighbour(self.neighbours[row].path, self.neighbours[row].class_index, float(cosine))
            for row, cosine in zip(rows.tolist(), likeness.tolist(), strict=True)
            if self.digests[row] != digest
        ]
        return tuple(found[:count])


def whole_part(stored: StoredRun) -> Part:
    """The whole network of a run in one part, from photos to scores.

    Raises:
        TLStudioError: As ``parts_of``.
    """
    last = parts_of(stored)[-1]
    return Part(last.spec, PHOTO, SCORES, last.backbone_weights, last.backbone_digest, last.tail)


def pooled_part(stored: StoredRun) -> Part:
    """What makes the vectors by which photos are found alike: the one whose results the training has kept.

    That is the network before it was refined; only of a network from scratch is it the trained one.

    Raises:
        TLStudioError: As ``parts_of``.
    """
    last = parts_of(stored)[-1]
    tail: TrainedTail | None = last.tail if stored.run.trained_from == PHOTO else None
    return Part(last.spec, PHOTO, POOLING, last.backbone_weights, last.backbone_digest, tail)


def _decoded(photo: Path, size: int) -> NDArray[np.uint8]:
    try:
        return decode(photo, size)
    except UnreadableImageError as error:
        raise TLStudioError(f"{photo} can't be read: {error.reason}") from error


def _check_photos(stored: StoredRun) -> list[Path]:
    root = Path(stored.run.root)
    return [root / sample.path for sample in stored.run.samples[:_CHECK_PHOTOS]]
