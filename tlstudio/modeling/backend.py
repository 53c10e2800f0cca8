"""Starting TensorFlow: late, quietly, and with the number of threads that a run asks for."""

import gc
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from tlstudio.errors import TLStudioError

_lock = threading.Lock()
_threads: int | None = None


def is_started() -> bool:
    """Whether this process has imported TensorFlow."""
    return _threads is not None


def start(threads: int = 0) -> None:
    """Import TensorFlow and Keras; the first call in a process takes seconds, later ones nothing.

    Args:
        threads: Compute threads; 0 leaves the number to TensorFlow, 1 makes training repeat bit for bit.

    Raises:
        TLStudioError: If TensorFlow already runs with another number of threads: it can't change that any more.
    """
    global _threads  # noqa: PLW0603 - TensorFlow's own setting is global to the process
    with _lock:
        if _threads is None:
            os.environ.setdefault("KERAS_BACKEND", "tensorflow")
            os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
            with silenced_stderr():
                import keras  # noqa: F401
                import tensorflow as tf

                if threads:
                    tf.config.threading.set_intra_op_parallelism_threads(threads)
                    tf.config.threading.set_inter_op_parallelism_threads(threads)
            # A full garbage collection would look at all of TensorFlow's objects again and again, and hold up every
            # thread for a quarter of a second each time.
            gc.freeze()
            _threads = threads
        elif threads not in (0, _threads):
            raise TLStudioError(
                "TensorFlow already runs with several threads, so this training would not repeat itself exactly.",
                "Start the program again and train exactly repeatable runs first.",
            )


@contextmanager
def silenced_stderr() -> Iterator[None]:
    """Hide what native code writes while it loads: remarks on graphics cards that are not there, and delegates."""
    try:
        kept = os.dup(2)
    except OSError:  # a windowed program without any standard error
        yield
        return
    sys.stderr.flush()
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(null)
        os.close(kept)
