"""The search for garbage, kept away from where it would find none and stall everything."""

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_lock = threading.Lock()
_pauses = 0
_was_on = False


@contextmanager
def no_collection() -> Iterator[None]:
    """Look for no garbage while many objects are made that stay, and never among these afterwards.

    With 100,000 photos, one search holds all threads up for half a second, and as objects are added there are dozens.
    What is garbage by its reference count goes at once all the same; cycles made meanwhile stay until the program ends.
    Pauses of several threads may overlap: the searches begin again when the last one has ended.
    """
    global _pauses, _was_on  # noqa: PLW0603 - the collector is one for all of the process, too
    with _lock:
        if not _pauses:
            _was_on = gc.isenabled()
            gc.disable()
        _pauses += 1
    try:
        yield
    finally:
        with _lock:
            _pauses -= 1
            if not _pauses and _was_on:
                gc.freeze()
                gc.enable()
