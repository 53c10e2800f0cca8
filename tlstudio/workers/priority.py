"""How work beside the window shares the processor with it."""

import os
import sys
import threading
from contextlib import suppress
from typing import Final

_NICENESS: Final = 5


def give_way() -> None:
    """Let this thread, and threads and processes that it starts, compute with what others leave.

    Reading photos and networks keep all cores busy, and painting would wait for its turn among them. On Linux each
    thread has a niceness of its own (setpriority(2), "C library/kernel differences"); elsewhere the priority that a
    ``QThread`` is started with does the same, which Linux knows nothing of.
    """
    if sys.platform == "linux":
        with suppress(OSError):  # a system that forbids it; then it is as slow as ever
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICENESS)
