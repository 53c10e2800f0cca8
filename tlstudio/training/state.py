"""Where a training stands: kept in a file as it goes, so that a crash costs an epoch, or a minute of a long one.

The file is an ``.npz`` of plain arrays, one of which holds the rest as JSON. It is written beside the one before and
takes its place when the disk has all of it, so that there is always a whole one.
"""

import time
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import isfinite
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tlstudio.errors import TLStudioError
from tlstudio.events import Emit, EpochEnded, Notice
from tlstudio.serialization import from_json, to_json
from tlstudio.training.config import Metric
from tlstudio.training.history import History
from tlstudio.whole_files import whole_file

STATE_FILE: Final = "state.npz"
VERSION: Final = 1
"""Raise it with the layout, or with what a state means: those of other versions are refused."""

_BETWEEN_EPOCHS: Final = 3.0  # seconds; quicker epochs are not worth a file each
_WITHIN_EPOCH: Final = 45.0  # so that a minute at most is lost, the writing included
_COST_SHARE: Final = 10.0  # the writing takes a tenth of the time at most, where epochs are short
_FACTS: Final = "facts"
_ARRAYS: Final = ("weights", "kept", "optimizer", "chance")

Arrays = Sequence[NDArray[Any]]


@dataclass(frozen=True, slots=True)
class Order:
    """Where a phase is in the photos.

    Attributes:
        random: State of the random numbers at the beginning of the present pass, as NumPy gives it, numbers as text.
        taken: Batches of that pass that have been learnt.
    """

    random: dict[str, Any]
    taken: int


@dataclass(frozen=True, slots=True)
class EpochSoFar:
    """An epoch under way.

    Attributes:
        step: Batches done.
        seen: Photos in them.
        loss: Sum of their losses.
        right: How many of them were right.
        seconds: Time of it so far.
    """

    step: int = 0
    seen: int = 0
    loss: float = 0.0
    right: float = 0.0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a phase has made of its network.

    Attributes:
        weights: Of the trained part.
        kept: Those that the phase would end on now; the same object as ``weights`` where they are the same.
        optimizer: Its variables.
        chance: State of every random generator of the network, such as those of dropout.
    """

    weights: Arrays = ()
    kept: Arrays = ()
    optimizer: Arrays = ()
    chance: Arrays = ()


@dataclass(frozen=True, slots=True)
class PhaseState:
    """Where a phase stands.

    Attributes:
        first: Figures before the first epoch, as far as they are known.
        rows: Every finished epoch.
        so_far: The epoch under way.
        order: Where it is in the photos.
        batch_size: Photos at a time; less than the phase says where memory has run out.
        scheduled_from: Epoch in which the schedule of the learning rate began anew for that reason; 0 for none.
        ended: Whether nothing of it is left to learn.
    """

    first: dict[Metric, float]
    rows: tuple[EpochEnded, ...]
    so_far: EpochSoFar
    order: Order
    batch_size: int
    scheduled_from: int = 0
    ended: bool = False


@dataclass(frozen=True, slots=True)
class TrainingState:
    """Where a training stands.

    Attributes:
        version: Of the layout.
        phase: Index of the phase that runs.
        trained_before: Layer that the part begins after which the phases before have trained; "" in the first.
        history: What the phases before did.
        course: Where this one stands.
        seconds: Time per stage so far.
    """

    version: int
    phase: int
    trained_before: str
    history: History
    course: PhaseState
    seconds: dict[str, float]

    @property
    def epochs(self) -> tuple[EpochEnded, ...]:
        """Every finished epoch of all phases."""
        return (*self.history.epochs, *self.course.rows)


@dataclass(frozen=True, slots=True)
class Saved:
    """All that a file holds.

    Attributes:
        state: Where the training stands.
        snapshot: What its phase has made of the network.
    """

    state: TrainingState
    snapshot: Snapshot


class StateKeeper:
    """Keeps the state of a training in a folder, as often as it is worth it."""

    def __init__(
        self,
        folder: Path,
        seconds: Callable[[], dict[str, float]],
        emit: Emit,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Makes ready.

        Args:
            folder: Where the file is to be; it has to be there.
            seconds: Tells the time per stage so far.
            emit: Told once if nothing can be written.
            clock: Tells seconds.
        """
        self._folder, self._seconds, self._emit, self._clock = folder, seconds, emit, clock
        self._empty = TrainingState(VERSION, 0, "", History(), PhaseState({}, (), EpochSoFar(), Order({}, 0), 1), {})
        self._written = clock()
        self._cost = 0.0
        self._said = False

    def begin_phase(self, phase: int, trained_before: str, history: History) -> None:
        """What follows belongs to this phase."""
        self._empty = replace(self._empty, phase=phase, trained_before=trained_before, history=history)

    def is_due(self, *, within_epoch: bool) -> bool:
        """Whether enough time has passed for another state."""
        short = min(max(_BETWEEN_EPOCHS, _COST_SHARE * self._cost), _WITHIN_EPOCH)
        return self._clock() - self._written >= (_WITHIN_EPOCH if within_epoch else short)

    def keep(self, course: PhaseState, snapshot: Snapshot) -> None:
        """Write a state; where that is not possible, the one before stays and it is said once."""
        if not _is_finite(course):
            return  # nobody wants to go on from there
        begun = self._clock()
        state = replace(self._empty, course=course, seconds=self._seconds())
        try:
            write_state(self._folder, Saved(state, snapshot))
        except OSError as error:
            self._say_once(error)
        self._written = self._clock()
        self._cost = self._written - begun

    def _say_once(self, error: OSError) -> None:
        if not self._said:
            self._said = True
            reason = error.strerror or error
            self._emit(Notice(f"What is learnt can't be kept on the way ({reason}): a crash would lose it."))


def _is_finite(course: PhaseState) -> bool:
    return all(map(isfinite, (course.so_far.loss, *course.first.values())))


def write_state(folder: Path, saved: Saved) -> None:
    """Write the file of a state in the place of the one before, once the disk has all of it.

    Raises:
        OSError: If it can't be written.
    """
    snapshot = saved.snapshot
    arrays = {name: getattr(snapshot, name) for name in _ARRAYS}
    if snapshot.kept is snapshot.weights:
        del arrays["kept"]
    contents = {f"{name}_{number:04}": array for name, group in arrays.items() for number, array in enumerate(group)}
    contents[_FACTS] = np.frombuffer(to_json(saved.state), np.uint8)
    with whole_file(folder / STATE_FILE, durable=True) as file:
        np.savez(file, **contents)


def read_state(folder: Path) -> Saved | None:
    """What was kept in a folder; None if there is nothing.

    Raises:
        TLStudioError: If it is damaged, or another version of the program wrote it.
    """
    if not (folder / STATE_FILE).is_file():
        return None
    state, contents = _read(folder / STATE_FILE, _ARRAYS)
    groups = {name: [contents[key] for key in sorted(contents) if key.startswith(f"{name}_")] for name in _ARRAYS}
    snapshot = Snapshot(**groups)
    return Saved(state, snapshot if snapshot.kept else replace(snapshot, kept=snapshot.weights))


def read_standing(folder: Path) -> TrainingState:
    """Where the training stands that is kept in a folder, without its weights.

    Raises:
        TLStudioError: As ``read_state``, or if there is none.
    """
    return _read(folder / STATE_FILE, ())[0]


def _read(path: Path, groups: Sequence[str]) -> tuple[TrainingState, dict[str, NDArray[Any]]]:
    """The facts of a file, and its arrays of some groups by name."""
    try:
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as file:
            state = from_json(file[_FACTS].tobytes(), TrainingState)
            contents = {name: file[name] for name in file.files if name.startswith(tuple(groups))}
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise TLStudioError(
            f"What was kept of this training is damaged ({error}).", "It can't be gone on with. Throw it away."
        ) from error
    if state.version != VERSION:
        raise TLStudioError(
            "Another version of TL Studio kept what there is of this training.",
            "Go on with that version, or throw it away.",
        )
    return state, contents


def random_state(rng: np.random.Generator) -> dict[str, Any]:
    """The state of random numbers; its integers as text, since some are too long for JSON."""
    return dict(_with_numbers(rng.bit_generator.state, str))


def set_random_state(rng: np.random.Generator, state: dict[str, Any]) -> None:
    """Go back to a state."""
    rng.bit_generator.state = _with_numbers(state, int)


def _with_numbers(state: Any, change: Callable[[Any], Any]) -> Any:  # noqa: ANN401 - nested as NumPy likes it
    if isinstance(state, dict):
        return {key: value if key == "bit_generator" else _with_numbers(value, change) for key, value in state.items()}
    return change(state)
