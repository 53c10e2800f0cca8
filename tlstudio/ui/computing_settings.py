"""What the window remembers of what to compute on; TensorFlow takes it once, when it starts."""

from pathlib import Path
from typing import Final

from PySide6.QtCore import QSettings

from tlstudio import paths
from tlstudio.modeling.backend import Preference
from tlstudio.modeling.hardware import cores

_THREADS: Final = "computing/threads"
_GRAPHICS: Final = "computing/graphics"
_TENSORBOARD: Final = "computing/tensorboard"

_SPARED_FROM: Final = 5  # cores; with fewer, one is too large a share to give up


def preference() -> Preference:
    """What to compute on: as chosen, else so that the window has a core left where there are enough."""
    threads = QSettings().value(_THREADS, 0, type=int)
    graphics = QSettings().value(_GRAPHICS, True, type=bool)
    assert isinstance(threads, int)  # noqa: S101 - PySide converts it, and its stubs don't say so
    return Preference(min(threads, cores()) if threads > 0 else usual_threads(), graphics=bool(graphics))


def usual_threads() -> int:
    """Threads unless told otherwise; 0 for one a core."""
    return cores() - 1 if cores() >= _SPARED_FROM else 0


def keep_preference(chosen: Preference) -> None:
    """Remember it; the usual number of threads is remembered as that, so that it fits another computer as well."""
    QSettings().setValue(_THREADS, 0 if chosen.threads == usual_threads() else chosen.threads)
    QSettings().setValue(_GRAPHICS, chosen.graphics)


def writes_event_files() -> bool:
    """Whether curves are written for TensorBoard as well."""
    return QSettings().value(_TENSORBOARD, False, type=bool) is True


def keep_event_files(wanted: bool) -> None:
    """Remember whether they are."""
    QSettings().setValue(_TENSORBOARD, wanted)


def event_folder() -> Path:
    """Where they are written to, one folder for each run."""
    return paths.home_dir() / "tensorboard"
