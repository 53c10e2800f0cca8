"""Photos that are read and varied anew for every pass, ahead of the training in threads."""

from collections.abc import Iterable, Iterator, Sequence
from copy import deepcopy

import numpy as np
from numpy.typing import NDArray

from tlstudio.datasets.augmentation.views import augment, view_seed
from tlstudio.datasets.concurrency import concurrent_map
from tlstudio.datasets.images import UnreadableImageError, decode
from tlstudio.errors import Cancelled, TLStudioError
from tlstudio.events import CancelToken
from tlstudio.modeling.engine import Engine
from tlstudio.modeling.features import Photo, Source
from tlstudio.paths import is_file
from tlstudio.training.examples import Batch

_COPIES = 1 << 62  # so many that two passes hardly ever draw the same number


class LivePhotos:
    """Photos to learn from, each time as another varied copy; the same for the same seed.

    What lies before the trained part of the network is computed anew as well.

    Attributes:
        missing: Those of them that can't be read any more, by their number, and why. It grows as they are come upon.
    """

    def __init__(
        self,
        photos: Sequence[Photo],
        labels: Sequence[int],
        part: Sequence[int],
        source: Source,
        token: CancelToken,
    ) -> None:
        """Looks whether the files are there; reads none.

        Args:
            photos: All photos.
            labels: Class index of each.
            part: Numbers of those to learn from.
            source: How inputs come from pixels.
            token: A stop ends a pass at once.
        """
        self._photos = photos
        self._labels = np.array(labels, np.int64)
        self._part = part
        self._source = source
        self._token = token
        self._engine: Engine | None = None
        self.missing = {number: "Not there any more." for number in part if not is_file(photos[number].path)}

    def __len__(self) -> int:
        return len(self._part) - len(self.missing)

    def shuffled(self, batch_size: int, rng: np.random.Generator, skip: int = 0) -> Iterator[Batch]:
        """One pass: every photo once in random order; it ends early at a stop.

        Args:
            batch_size: Photos in a batch.
            rng: Decides on the order and on the copies.
            skip: Batches to leave out at the beginning.

        Raises:
            TLStudioError: If no photo can be read any more.
        """
        order = rng.permutation([number for number in self._part if number not in self.missing])
        if not len(order):
            raise TLStudioError("None of the photos to learn from can be read any more.", "Read the folder again.")
        # Of a copy of the generator: the order of the photos is the same whether they are live or stored.
        view = int(deepcopy(rng).integers(_COPIES))
        order = order[skip * batch_size :]
        made = concurrent_map(lambda number: self._made(number, view), order.tolist(), token=self._token)
        try:
            yield from self._batches(zip(order.tolist(), made, strict=True), batch_size)
        except Cancelled:
            return

    def _batches(
        self, pictures: Iterable[tuple[int, NDArray[np.uint8] | UnreadableImageError]], batch_size: int
    ) -> Iterator[Batch]:
        """Batches of the photos that can be read."""
        there: list[tuple[int, NDArray[np.uint8]]] = []
        for number, picture in pictures:
            if isinstance(picture, UnreadableImageError):
                self.missing[number] = picture.reason
                continue
            there.append((number, picture))
            if len(there) == batch_size:
                yield self._batch(there)
                there = []
        if there:
            yield self._batch(there)

    def _made(self, number: int, view: int) -> NDArray[np.uint8] | UnreadableImageError:
        photo = self._photos[number]
        try:
            picture: NDArray[np.uint8] = decode(photo.path, self._source.input_size)
        except UnreadableImageError as error:
            return error
        if not self._source.augmentation.views:
            return picture
        seed = view_seed(self._source.seed, photo.digest, view)
        return augment(picture, self._source.augmentation, np.random.default_rng(seed))

    def _batch(self, there: Sequence[tuple[int, NDArray[np.uint8]]]) -> Batch:
        inputs = self._computed(np.stack([picture for _, picture in there]))
        return inputs, self._labels[[number for number, _ in there]]

    def _computed(self, pixels: NDArray[np.uint8]) -> NDArray[np.uint8] | NDArray[np.float32]:
        if self._source.engine is None:
            return pixels
        if self._engine is None:
            self._engine = self._source.engine()
        return self._engine.run(pixels)
