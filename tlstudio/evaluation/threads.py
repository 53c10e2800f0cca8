"""Small computations on one thread: several would wait for each other longer than they compute on a busy processor."""

from contextlib import AbstractContextManager, nullcontext
from functools import lru_cache
from typing import Any, Final

_SMALL: Final = 100_000_000
"""Multiplications in one step up to which one thread is as quick as many; a twentieth of a second."""


def threads_for(multiplications: float) -> AbstractContextManager[Any]:
    """Limit the libraries that compute with matrices to one thread where a step is small.

    Args:
        multiplications: In one step, such as one product of matrices.
    """
    if multiplications > _SMALL:
        return nullcontext()
    limited: AbstractContextManager[Any] = _controller().limit(limits=1)
    return limited


@lru_cache(maxsize=1)
def _controller() -> Any:  # noqa: ANN401 - of a library without types
    import scipy.linalg  # noqa: F401 - so that its own library of matrices is known, too
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()
