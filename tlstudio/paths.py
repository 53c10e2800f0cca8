"""Where things lie: what ships with the program, what it keeps for the user, Keras's own cache; and what is there."""

import os
from pathlib import Path

import platformdirs

_PACKAGE = Path(__file__).resolve().parent


def _shipped(name: str) -> Path:
    """A shipped folder: inside an installed wheel, or at the top of a checkout."""
    installed = _PACKAGE / "_shipped" / name
    return installed if installed.is_dir() else _PACKAGE.parent / name


def data_dir() -> Path:
    """Sample data sets that ship with the program."""
    return _shipped("data")


def models_dir() -> Path:
    """Weights that ship with the program."""
    return _shipped("models")


def resources_dir() -> Path:
    """Icons and other files of the window."""
    return _shipped("resources")


def home_dir() -> Path:
    """What the program keeps for this user: runs, samples. ``TLSTUDIO_HOME`` overrides the system's place."""
    override = os.environ.get("TLSTUDIO_HOME")
    return Path(override) if override else Path(platformdirs.user_data_dir("tlstudio", appauthor=False))


def cache_dir() -> Path:
    """What can be computed again: features, engines, thumbnails. Inside ``TLSTUDIO_HOME`` where that is set."""
    override = os.environ.get("TLSTUDIO_HOME")
    return Path(override) / "cache" if override else Path(platformdirs.user_cache_dir("tlstudio", appauthor=False))


def downloads_dir() -> Path:
    """Sample data sets that were downloaded, as they were published."""
    return cache_dir() / "downloads"


def runs_dir() -> Path:
    """Runs made in the window."""
    return home_dir() / "runs"


def keras_models_dir() -> Path:
    """Where Keras itself keeps downloaded weights (``KERAS_HOME`` is its own override)."""
    home = os.environ.get("KERAS_HOME")
    return (Path(home) if home else Path.home() / ".keras") / "models"


# ``Path.is_file`` and its like raise (before Python 3.14) where a folder may not be looked into, a name is too long or
# a drive has been pulled out. What a person names may be such a place; who opens it says what is the matter with it.


def is_file(path: Path) -> bool:
    """Whether there is a file, as far as can be seen; never raises."""
    return os.path.isfile(path)  # noqa: PTH113 - see above


def is_folder(path: Path) -> bool:
    """Whether there is a folder, as far as can be seen; never raises."""
    return os.path.isdir(path)  # noqa: PTH112 - see above


def is_there(path: Path) -> bool:
    """Whether there is anything, as far as can be seen; never raises."""
    return os.path.exists(path)  # noqa: PTH110 - see above
