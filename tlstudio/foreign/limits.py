"""Limits on memory and time that a process sets on itself before it opens what others made."""

import os
import sys
import threading
import time
from contextlib import suppress
from typing import Final

from tlstudio.modeling.memory import held_bytes

EXIT_MEMORY: Final = 75
"""Exit code of a process that came to hold more than it may."""

_WATCH_SECONDS: Final = 0.05
_ADDRESSES: Final = 12 << 30  # TensorFlow reserves address space that it never uses: 5 GB with two threads (measured)


def limit_memory(most: int) -> None:
    """End this process once it holds more than so many bytes.

    The system is asked to refuse large requests at once (``RLIMIT_AS``), where it can; a thread that looks at what is
    held ends the process everywhere.
    """
    if sys.platform != "win32":
        import resource

        with suppress(ValueError, OSError):  # macOS knows the limit and may not take it
            _, hard = resource.getrlimit(resource.RLIMIT_AS)
            wanted = most + _ADDRESSES
            allowed = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
            resource.setrlimit(resource.RLIMIT_AS, (allowed, hard))
    threading.Thread(target=_watch, args=(most,), name="memory watch", daemon=True).start()


def limit_seconds(most: int) -> None:
    """End this process once it has computed for so many seconds, where the system does that."""
    if sys.platform != "win32":
        import resource

        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_CPU, (most, most + 1))
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _watch(most: int) -> None:
    while (held_bytes() or 0) <= most:
        time.sleep(_WATCH_SECONDS)
    os._exit(EXIT_MEMORY)
