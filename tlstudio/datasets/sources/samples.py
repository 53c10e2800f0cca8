"""Sample data sets: one ships with the program, one is written on first use, the rest are downloaded."""

import shutil
import tempfile
from collections import Counter
from pathlib import Path

from PIL import Image

from tlstudio import paths
from tlstudio.datasets.sources.catalogue import Download, find_sample
from tlstudio.datasets.sources.downloads import fetch
from tlstudio.errors import TLStudioError
from tlstudio.events import CancelToken, Emit, Progress

_DIGIT_PIXELS = 64
_BRIGHTEST = 16  # scikit-learn's digits count the inked points of 4 x 4 fields


def sample_folder(name: str, *, emit: Emit, token: CancelToken) -> Path:
    """Where a sample data set is; written or downloaded first where it isn't there yet.

    Args:
        name: Entry of ``SAMPLE_DATASETS`` or ``DOWNLOADS``.
        emit: Told of the stage "samples" while photos are written, and of "fetch" while they are downloaded.
        token: Stops it; nothing is left behind of writing, and what has arrived of a download is kept.

    Returns:
        A folder with one subfolder per class, or, of a download, what ``open_source`` opens.

    Raises:
        TLStudioError: If there is no such sample, or its photos are missing, or can't be written or downloaded.
        Cancelled: If ``token`` asked for a stop.
    """
    sample = find_sample(name)
    if isinstance(sample, Download):
        return fetch(sample, emit=emit, token=token)
    return _shipped_folder(name) if name == "leaves" else _digits_folder(emit, token)


def _shipped_folder(name: str) -> Path:
    folder = paths.data_dir() / name
    if not folder.is_dir():
        raise TLStudioError(f"The sample photos are missing: {folder}", "Install TL Studio again.")
    return folder


def _digits_folder(emit: Emit, token: CancelToken) -> Path:
    folder = paths.home_dir() / "samples" / "digits"
    if folder.is_dir():
        return folder
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".digits-", dir=folder.parent) as temporary:
            _write_digits(Path(temporary) / folder.name, emit, token)
            _publish(Path(temporary) / folder.name, folder)
    except OSError as error:
        raise TLStudioError(
            f"The sample photos can't be written to {folder}: {error.strerror or error}",
            "Make room on that disk, or name another place in the environment variable TLSTUDIO_HOME.",
        ) from error
    return folder


def _write_digits(folder: Path, emit: Emit, token: CancelToken) -> None:
    """Writes scikit-learn's copy of the UCI handwritten digits: 8 x 8 grey values each, enlarged to 64 px."""
    from sklearn.datasets import load_digits

    images, labels = load_digits(return_X_y=True)
    numbers: Counter[int] = Counter()
    for done, (values, label) in enumerate(zip(images.reshape(-1, 8, 8), labels.tolist(), strict=True), start=1):
        token.check()
        grey = Image.fromarray((values * 255 / _BRIGHTEST).round().astype("uint8"))
        numbers[label] += 1
        target = folder / str(label)
        target.mkdir(parents=True, exist_ok=True)
        large = grey.resize((_DIGIT_PIXELS, _DIGIT_PIXELS), Image.Resampling.BICUBIC)
        large.save(target / f"{label}_{numbers[label]:03}.png")
        emit(Progress("samples", done, len(labels)))


def _publish(finished: Path, folder: Path) -> None:
    """Gives the finished folder its name; another process that was faster wins."""
    try:
        finished.rename(folder)
    except OSError:
        if not folder.is_dir():
            raise
        shutil.rmtree(finished)
