"""Where an exported model goes: all of its files or none, and never over what is there."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tlstudio.errors import TLStudioError
from tlstudio.export.exporters import EXPORTERS, Exporter
from tlstudio.runs.lock import FileLock
from tlstudio.whole_files import flush_files

_PREFIX: Final = ".export-"
_LOCK, _MODEL = "lock", "model"


@dataclass(frozen=True, slots=True)
class Place:
    """A folder made for one model, or names of files in a folder that may hold others.

    Attributes:
        folder: The folder.
        stem: What the names begin with; "" for a folder of its own.
        ending: Of the model's file; "" where the folder itself is the model.
    """

    folder: Path
    stem: str
    ending: str

    @property
    def model(self) -> str:
        """Name of the model's file; "" where the folder is the model."""
        return f"{self.stem or 'model'}{self.ending}" if self.ending else ""

    @property
    def labels(self) -> str:
        """Name of the file of class names, one a line."""
        return f"{self.stem}.labels.txt" if self.stem else "labels.txt"

    @property
    def facts(self) -> str:
        """Name of the file that says what goes in and what comes out."""
        return f"{self.stem}.json" if self.stem else "model.json"

    @property
    def example(self) -> str:
        """Name of the example of use."""
        return f"{self.stem}_example.py" if self.stem else "example.py"

    @property
    def files(self) -> tuple[Path, ...]:
        """Everything that is written, the model last."""
        names = (self.labels, self.facts, self.example, self.model)
        return tuple(self.folder / name for name in names)

    def require_free(self) -> None:
        """Refuse a place where something lies already.

        Raises:
            TLStudioError: If it does.
        """
        if self.stem:
            taken = next((path for path in self.files if path.exists()), None)
        else:
            used = self.folder.is_file() or (self.folder.is_dir() and any(self.folder.iterdir()))
            taken = self.folder if used else None
        if taken is not None:
            raise TLStudioError(f"{taken} is there already.", "Choose another name; nothing is overwritten.")

    @contextmanager
    def filled(self) -> Iterator[Path]:
        """A temporary folder whose files take their place at the end, unless an error comes first.

        Raises:
            TLStudioError: If it can't be written to.
        """
        parent = self.folder if self.stem else self.folder.parent
        try:
            parent.mkdir(parents=True, exist_ok=True)
            _clear_leftovers(parent)
            with _scratch_in(parent) as scratch:
                yield scratch
                flush_files(scratch)
                self.require_free()
                self._take(scratch)
        except OSError as error:
            raise TLStudioError(
                f"The model can't be saved in {parent}: {error.strerror or error}.",
                "Make room, or choose another place.",
            ) from error

    def _take(self, scratch: Path) -> None:
        if not self.stem:
            if self.folder.is_dir():
                self.folder.rmdir()
            scratch.replace(self.folder)
            return
        moved: list[Path] = []
        try:
            for target in self.files:
                shutil.move(scratch / target.name, target)
                moved.append(target)
        except OSError:
            for target in moved:
                target.unlink(missing_ok=True)
            raise


@contextmanager
def _scratch_in(parent: Path) -> Iterator[Path]:
    """A hidden temporary folder on the disk of the place; its lock tells it from one whose process was killed."""
    with tempfile.TemporaryDirectory(prefix=_PREFIX, dir=parent, ignore_cleanup_errors=True) as desk:
        scratch = Path(desk) / _MODEL  # not the temporary folder itself, which nobody else may read
        with FileLock(Path(desk) / _LOCK) as lock:
            lock.acquire()
            scratch.mkdir()
            yield scratch


def _clear_leftovers(parent: Path) -> None:
    """Remove what exports left behind whose processes were killed."""
    for desk in parent.glob(f"{_PREFIX}*"):
        with suppress(OSError):  # gone meanwhile, or somebody else's
            if {path.name for path in desk.iterdir()} == {_LOCK, _MODEL}:
                with FileLock(desk / _LOCK) as lock:
                    left_alone = lock.acquire()
                if left_alone:
                    shutil.rmtree(desk)


def place_of(out: Path, exporter: Exporter) -> Place:
    """The place that a path means: a file where it ends like one of this format, else a folder.

    Raises:
        TLStudioError: If it ends like a file of another format.
    """
    ending = out.suffix.lower()
    if ending and ending == exporter.ending:
        return Place(out.absolute().parent, out.stem, out.suffix)
    if ending and ending in {other.ending for other in EXPORTERS}:
        hint = f"Call it {out.stem}{exporter.ending}, or name a folder."
        raise TLStudioError(f"{out.name} ends like a file of another format.", hint)
    return Place(out.absolute(), "", exporter.ending)
