"""Threads over a stream of items, in order and with flat memory."""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeoutError
from itertools import islice
from typing import TypeVar

from tlstudio.events import CancelToken

T = TypeVar("T")
R = TypeVar("R")

_POLL_SECONDS = 0.05
_LOOK_AHEAD_PER_WORKER = 16


def concurrent_map(
    function: Callable[[T], R], items: Iterable[T], *, token: CancelToken, workers: int | None = None
) -> Iterator[R]:
    """Apply a function to every item in threads.

    At most four items a thread are in work or waiting to be fetched, however long ``items`` is. When the iteration
    ends, for whatever reason, no thread of it is left.

    Args:
        function: Called in several threads at once.
        items: Taken one by one, in the caller's thread.
        token: Looked at between results and while waiting for one.
        workers: Threads; as many as there are cores if None.

    Yields:
        The results in the order of the items.

    Raises:
        Cancelled: Soon after ``token.cancel()``; calls that are running are waited for.
    """
    threads = workers or os.cpu_count() or 1
    source = iter(items)
    pending: deque[Future[R]] = deque()
    executor = ThreadPoolExecutor(threads, thread_name_prefix="tlstudio-map")
    try:
        token.check()
        pending.extend(executor.submit(function, item) for item in islice(source, threads * _LOOK_AHEAD_PER_WORKER))
        while pending:
            result = _await(pending.popleft(), token)
            pending.extend(executor.submit(function, item) for item in islice(source, 1))
            yield result
    finally:
        executor.shutdown(wait=True, cancel_futures=True)


def _await(future: "Future[R]", token: CancelToken) -> R:
    while True:
        token.check()
        try:
            return future.result(timeout=_POLL_SECONDS)
        except FutureTimeoutError:
            # On Python 3.11 and later this is the built-in TimeoutError, which the function itself may have raised.
            if future.done():
                return future.result()
