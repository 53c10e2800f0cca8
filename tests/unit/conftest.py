"""An engine that needs no network library."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray


class MeanColour:
    """Says the mean colour of each photo, and remembers how many it was asked about."""

    def __init__(self) -> None:
        self.rows = 0

    def run(self, batch: NDArray[Any]) -> NDArray[np.float32]:
        self.rows += len(batch)
        return batch.mean(axis=(1, 2), dtype=np.float32)


@pytest.fixture
def mean_colour() -> MeanColour:
    """An engine from (n, S, S, 3) to (n, 3); ``rows`` counts what it computed."""
    return MeanColour()
