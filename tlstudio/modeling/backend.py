"""Starting TensorFlow: late, quietly, with so many threads, on the processor or the graphics cards that are there."""

import logging
import os
import sys
import threading
import warnings
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any

from tlstudio.datasets.garbage import no_collection
from tlstudio.errors import TLStudioError
from tlstudio.modeling.hardware import Hardware, cores, this_computer

_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class Preference:
    """What a person wants to compute on. TensorFlow takes it once, when it starts.

    Attributes:
        threads: Compute threads; 0 for one a core.
        graphics: Whether graphics cards that TensorFlow can use are used.
    """

    threads: int = 0
    graphics: bool = True


@dataclass(slots=True)
class _State:
    """What is so in this process.

    Attributes:
        preference: What is wanted.
        threads: What TensorFlow was started with; None before it is.
        gpus: Names of the graphics cards that it computes on.
        strategy: What spreads a training over several devices; None for one device.
    """

    preference: Preference = Preference()
    threads: int | None = None
    gpus: tuple[str, ...] = ()
    strategy: Any = None


_state = _State()


def is_started() -> bool:
    """Whether this process has imported TensorFlow."""
    return _state.threads is not None


def prefer(preference: Preference) -> bool:
    """Say what to compute on; whether that holds in this process, which it doesn't once TensorFlow has started."""
    with _lock:
        if not is_started():
            _state.preference = preference
        return _state.preference == preference


def preference() -> Preference:
    """What this process computes on, or will."""
    return _state.preference


def threads() -> int:
    """Compute threads of everything that isn't TensorFlow: as many as are wanted."""
    return _state.threads or _state.preference.threads or cores()


def hardware() -> Hardware:
    """What this process computes on."""
    return this_computer(_state.gpus, _state.threads or _state.preference.threads)


def start(threads: int = 0) -> None:
    """Import TensorFlow and Keras; the first call in a process takes seconds, later ones nothing.

    Args:
        threads: Compute threads that a run must have: 1 makes training repeat bit for bit. 0 leaves it to what is
            preferred.

    Raises:
        TLStudioError: If TensorFlow already runs with another number of threads: it can't change that any more.
    """
    with _lock:
        if _state.threads is None:
            wanted = threads or _state.preference.threads
            os.environ.setdefault("KERAS_BACKEND", "tensorflow")
            os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
            # A full garbage collection looks at all of TensorFlow's objects again and again, and holds up every thread
            # for a quarter of a second each time: there is none while they come, and they are left out afterwards.
            with no_collection(), silenced_stderr():
                import keras  # noqa: F401
                import tensorflow as tf

                if wanted:
                    tf.config.threading.set_intra_op_parallelism_threads(wanted)
                    tf.config.threading.set_inter_op_parallelism_threads(wanted)
                _state.gpus = _graphics_cards(tf, repeatable=threads == 1)
            _state.threads = wanted
        elif threads not in (0, _state.threads):
            raise TLStudioError(
                "TensorFlow already runs with several threads, so this training would not repeat itself exactly.",
                "Start the program again and train exactly repeatable runs first.",
            )


def _graphics_cards(tf: Any, *, repeatable: bool) -> tuple[str, ...]:  # noqa: ANN401 - TensorFlow has no typed stubs
    """Make ready the graphics cards that are to compute, and name them."""
    found = tf.config.list_physical_devices("GPU")
    if not found:
        return ()
    if not _state.preference.graphics:
        tf.config.set_visible_devices([], "GPU")
        return ()
    used = found[:1] if repeatable else found
    tf.config.set_visible_devices(used, "GPU")
    if repeatable:
        tf.config.experimental.enable_op_determinism()
    for gpu in used:
        tf.config.experimental.set_memory_growth(gpu, True)  # else it takes the whole card from other programs
    if len(used) > 1:
        _state.strategy = tf.distribute.MirroredStrategy()
    return tuple(tf.config.experimental.get_device_details(gpu).get("device_name", gpu.name) for gpu in used)


def spread_over(devices: list[str]) -> None:
    """Train on several devices at once, each learning from its part of every batch; start TensorFlow before.

    Args:
        devices: Their names in TensorFlow, such as "GPU:0".
    """
    import tensorflow as tf

    _state.strategy = tf.distribute.MirroredStrategy(devices) if len(devices) > 1 else None


def strategy() -> Any:  # noqa: ANN401
    """What spreads a training over several devices; None for one device."""
    return _state.strategy


def scope() -> AbstractContextManager[Any]:
    """In it, networks are built on every device that computes."""
    return nullcontext() if _state.strategy is None else _state.strategy.scope()


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


@contextmanager
def no_advice(*others: str) -> Iterator[None]:
    """Hide what TensorFlow and Keras advise of other formats and other ways: nobody who saves a model needs that.

    Args:
        others: Names of further loggers that advise.
    """
    loggers = [logging.getLogger(name) for name in ("absl", "tensorflow", *others)]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)
