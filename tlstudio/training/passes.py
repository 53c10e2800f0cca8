"""Batches without end: one pass over the photos after the other, and where in them a phase is."""

from collections.abc import Generator

import numpy as np

from tlstudio.events import CancelToken
from tlstudio.training.examples import Batch, ShuffledPhotos
from tlstudio.training.state import Order, random_state, set_random_state


class Passes:
    """Passes over the photos of a phase, until a stop."""

    def __init__(
        self, learn: ShuffledPhotos, rng: np.random.Generator, token: CancelToken, order: Order | None = None
    ) -> None:
        """Begins.

        Args:
            learn: Photos to learn from.
            rng: Decides on the order of each pass.
            token: A stop ends it.
            order: Where to go on; at the beginning if None.
        """
        self._learn, self._rng, self._token = learn, rng, token
        self._skip = 0
        if order is not None:
            set_random_state(rng, order.random)
            self._skip = order.taken
        self._order = Order(random_state(rng), self._skip)
        self._taken = self._skip

    @property
    def order(self) -> Order:
        """What makes another one go on behind the last batch that was handed out."""
        return Order(self._order.random, self._taken)

    def batches(self, batch_size: int) -> Generator[Batch, None, None]:
        """Batches from where it is; a second call begins with a new pass."""
        while not self._token.cancelled:
            self._order = Order(random_state(self._rng), 0)
            self._taken, self._skip = self._skip, 0
            for batch in self._learn.shuffled(batch_size, self._rng, self._taken):
                self._taken += 1
                yield batch
