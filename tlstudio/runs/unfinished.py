"""Trainings under way on disk: what is needed to go on after a crash, in a hidden folder beside the run to be.

The folder of the run ``flowers`` is ``.flowers.training``. It holds ``training.json`` with what was asked for, the
photos and their parts; ``state.npz``, written again and again, with where the training stands; ``log.txt`` up to
there; ``ends.json`` with what the phases reached; ``epochs`` with the weights of epochs that are to be kept; and
``lock``, which is locked as long as a process works on it.
"""

import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

from tlstudio.datasets.dataset import Rejected, Sample
from tlstudio.datasets.splits.split import Split, SplitConfig
from tlstudio.errors import TLStudioError
from tlstudio.modeling.spec import ModelSpec
from tlstudio.paths import is_file, is_folder
from tlstudio.runs.lock import FileLock
from tlstudio.runs.run import PhaseEnd
from tlstudio.runs.store import RUN_FILE
from tlstudio.serialization import from_json, to_json
from tlstudio.training.config import TrainConfig
from tlstudio.training.state import STATE_FILE, VERSION, Saved, read_state
from tlstudio.whole_files import write_whole

_BEGUN: Final = "training.json"
_ENDS: Final = "ends.json"
_LOCK: Final = "lock"
_SUFFIX: Final = ".training"
_THROW_AWAY: Final = "It can't be gone on with. Throw it away."

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Begun:
    """What a training was begun with.

    Attributes:
        version: Of the layout.
        created: Its start, ISO 8601 with time zone.
        root: Folder of the photos.
        classes: Names of the classes.
        samples: The photos.
        rejected: Files that can't be read.
        split: Which photos are learnt from, checked on and kept for the exam.
        split_config: How they were shared out.
        spec: The network.
        config: How to train.
        weights_digest: Identity of the weights that it starts from.
        tensorboard: Folder for the curves as files of TensorBoard; "" for none.
        origin: Name of the run that it goes on from; "" for none.
        origin_phases: How many of the phases are those of that run.
    """

    version: int
    created: str
    root: str
    classes: tuple[str, ...]
    samples: tuple[Sample, ...]
    rejected: tuple[Rejected, ...]
    split: Split
    split_config: SplitConfig
    spec: ModelSpec
    config: TrainConfig
    weights_digest: str
    tensorboard: str = ""
    origin: str = ""
    origin_phases: int = 0


class Unfinished:
    """What is kept of the training of one run."""

    def __init__(self, run: Path) -> None:
        """Of the run that is to lie in the folder ``run``."""
        self.run = run
        self.folder = run.parent / f".{run.name}{_SUFFIX}"

    @property
    def checkpoints(self) -> Path:
        """Folder for the weights of epochs that are to be kept; perhaps not there."""
        return self.folder / "epochs"

    @property
    def can_be_resumed(self) -> bool:
        """Whether something was learnt and is kept."""
        return is_file(self.folder / STATE_FILE)

    def note_begin(self, begun: Begun) -> None:
        """Write down what the training was begun with.

        Raises:
            TLStudioError: If it can't be written.
        """
        try:
            write_whole(self.folder / _BEGUN, to_json(begun))
        except OSError as error:
            raise _unwritable(self.run, error) from error

    def note_ends(self, ends: tuple[PhaseEnd, ...]) -> None:
        """Write down what the phases so far have reached; for want of room, it will be said of fewer phases."""
        try:
            write_whole(self.folder / _ENDS, to_json(ends))
        except OSError:
            return

    def begun(self) -> Begun:
        """What it was begun with.

        Raises:
            TLStudioError: If that is damaged, or of another version of the program.
        """
        begun = self._read(_BEGUN, Begun)
        if begun.version != VERSION:
            raise TLStudioError(
                f"Another version of TL Studio has begun the training of {self.run.name}.",
                "Go on with that version, or throw it away.",
            )
        return begun

    def ends(self) -> tuple[PhaseEnd, ...]:
        """What the phases so far have reached.

        Raises:
            TLStudioError: If that is damaged.
        """
        return self._read(_ENDS, tuple[PhaseEnd, ...]) if is_file(self.folder / _ENDS) else ()

    def saved(self) -> Saved | None:
        """Where it stands; None if nothing was learnt.

        Raises:
            TLStudioError: If that is damaged, or of another version of the program.
        """
        return read_state(self.folder)

    def _read(self, name: str, kind: type[_T]) -> _T:
        try:
            return from_json((self.folder / name).read_bytes(), kind)
        except (OSError, ValueError) as error:
            reason = f"What was kept of the training of {self.run.name} is damaged: {error}."
            raise TLStudioError(reason, _THROW_AWAY) from error

    @contextmanager
    def work(self) -> Iterator[None]:
        """Hold the folder against others while a training runs; afterwards it goes, unless something is worth keeping.

        What is kept: a training that ended by an error, after it had learnt something.

        Raises:
            TLStudioError: If another process works on it, or the place can't be written to.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            lock = FileLock(self.folder / _LOCK)
            held = lock.acquire()
        except OSError as error:
            raise _unwritable(self.run, error) from error
        if not held:
            raise TLStudioError(f"{self.run.name} is being trained right now.", "Wait for it, or choose another name.")
        finished = False
        try:
            yield
            finished = True
        except TLStudioError as error:
            if not self.can_be_resumed:
                raise
            kept = "What was learnt until then is kept, and the training can be resumed."
            raise TLStudioError(error.message, f"{error.hint} {kept}".strip()) from error
        finally:
            lock.release()
            if finished or not self.can_be_resumed:
                shutil.rmtree(self.folder, ignore_errors=True)

    def throw_away(self) -> bool:
        """Delete what was kept; False if another process works on it."""
        if not self.is_left():
            return False
        shutil.rmtree(self.folder, ignore_errors=True)
        return True

    def is_left(self) -> bool:
        """Whether nobody works on it."""
        try:
            with FileLock(self.folder / _LOCK) as lock:
                return lock.acquire()
        except OSError:
            return True  # a folder that can't be written to: whoever works on it could not either


def _unwritable(run: Path, error: OSError) -> TLStudioError:
    return TLStudioError(
        f"The run can't be saved in {run.parent}: {error.strerror or error}.", "Make room, or choose another place."
    )


def interrupted(folders: Iterable[Path]) -> list[Unfinished]:
    """The trainings that were interrupted among the runs of some folders, the last one first.

    Those that had not learnt anything yet, or whose run is there, are deleted: nothing is lost with them.
    """
    found = [
        Unfinished(folder / path.name.removeprefix(".").removesuffix(_SUFFIX))
        for folder in folders
        for path in sorted(folder.glob(f".*{_SUFFIX}"))
        if is_folder(path)
    ]
    left = [one for one in found if one.is_left()]
    for one in left:
        if not one.can_be_resumed or is_file(one.run / RUN_FILE):
            one.throw_away()
    return sorted((one for one in left if one.can_be_resumed), key=_moment, reverse=True)


def _moment(unfinished: Unfinished) -> float:
    """When it was kept last, in seconds since 1970."""
    try:
        return (unfinished.folder / STATE_FILE).stat().st_mtime
    except OSError:
        return 0.0
