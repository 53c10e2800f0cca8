"""Use case: go on with a training that was interrupted by a crash, a loss of power or an error."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tlstudio.datasets.concurrency import concurrent_map
from tlstudio.datasets.dataset import Dataset, Rejected, Sample
from tlstudio.datasets.sources.opening import open_source
from tlstudio.datasets.splits.split import Split
from tlstudio.digests import digest_of
from tlstudio.errors import TLStudioError
from tlstudio.events import CancelToken, Emit, Notice, Progress
from tlstudio.paths import is_folder
from tlstudio.runs.run import Run
from tlstudio.runs.unfinished import Begun, Unfinished, interrupted
from tlstudio.training.state import read_standing
from tlstudio.workflows.train import TrainRequest

_STEP = 64


@dataclass(frozen=True, slots=True)
class Interrupted:
    """A training that was interrupted.

    Attributes:
        run: Folder of the run that it was to become.
        rounds: Epochs that were finished.
        obstacle: Why it can't be gone on with, in a sentence; "" if it can.
    """

    run: Path
    rounds: int = 0
    obstacle: str = ""


def find_interrupted(*folders: Path) -> list[Interrupted]:
    """The trainings that were interrupted among the runs of some folders, the last one first."""
    return [_described(unfinished) for unfinished in interrupted(folders)]


def _described(unfinished: Unfinished) -> Interrupted:
    try:
        unfinished.begun()
        return Interrupted(unfinished.run, len(read_standing(unfinished.folder).epochs))
    except TLStudioError as error:
        return Interrupted(unfinished.run, obstacle=error.message)


def throw_away(run: Path) -> None:
    """Delete what is kept of an interrupted training.

    Raises:
        TLStudioError: If it goes on in another process.
    """
    if not Unfinished(run).throw_away():
        raise TLStudioError(f"{run.name} is being trained right now.", "Stop it where it runs.")


def resumption(run: Path, place: Path | None = None, *, emit: Emit, token: CancelToken) -> TrainRequest:
    """What to train so that an interrupted training goes on, to the end that it would have had.

    Photos that are gone or have changed since it began are left out, and it is said.

    Args:
        run: Folder of the run that it was to become.
        place: Where the photos are; where they were if None.
        emit: Told how the photos are compared.
        token: Stops that.

    Raises:
        TLStudioError: If nothing is kept of such a training, it is damaged, or the photos are not there.
        Cancelled: If a stop was asked for.
    """
    unfinished = Unfinished(run)
    if not unfinished.can_be_resumed:
        raise TLStudioError(f"Nothing is kept of a training of {run}.", "Train it from the beginning.")
    begun = unfinished.begun()
    root = Path(begun.root) if place is None else Path(open_source(place, emit=emit, token=token).root)
    if not is_folder(root):
        raise TLStudioError(f"The photos are no longer in {root}.", "Connect the drive, or bring the folder back.")
    dataset, parts = photos_left(begun, root, emit=emit, token=token)
    return TrainRequest(
        source=dataset,
        out=run,
        spec=begun.spec,
        config=begun.config,
        split=begun.split_config,
        parts=parts,
        tensorboard=Path(begun.tensorboard) if begun.tensorboard else None,
        resume=True,
    )


def photos_left(begun: Begun | Run, root: Path, *, emit: Emit, token: CancelToken) -> tuple[Dataset, Split]:
    """The photos of a training that are in a folder as they were then, and their parts; it is said if some are not.

    Raises:
        Cancelled: If a stop was asked for.
    """
    same = list(_unchanged(begun.samples, root, emit, token))
    number = {old: new for new, old in enumerate(old for old, is_same in enumerate(same) if is_same)}
    kept = tuple(sample for sample, is_same in zip(begun.samples, same, strict=True) if is_same)
    gone = [sample for sample, is_same in zip(begun.samples, same, strict=True) if not is_same]
    if gone:
        emit(
            Notice(
                f"{len(gone):,} of {len(same):,} photos are gone or have changed since the training began, such as "
                f"{gone[0].path}: it goes on without them."
            )
        )

    def left(part: Sequence[int]) -> tuple[int, ...]:
        return tuple(number[photo] for photo in part if photo in number)

    split = begun.split
    rejected = tuple(Rejected(sample.path, "Gone or changed since the training began.") for sample in gone)
    dataset = Dataset(str(root), tuple(begun.classes), kept, rejected=(*begun.rejected, *rejected))
    return dataset, Split(left(split.train), left(split.validation), left(split.test))


def _unchanged(samples: Sequence[Sample], root: Path, emit: Emit, token: CancelToken) -> Iterator[bool]:
    """Whether each photo is as it was."""

    def is_same(sample: Sample) -> bool:
        try:
            return digest_of(root / sample.path) == sample.digest
        except OSError:
            return False

    for done, same in enumerate(concurrent_map(is_same, samples, token=token), start=1):
        if done % _STEP == 0 or done == len(samples):
            emit(Progress("scan", done, len(samples), "Comparing the photos with those it began with"))
        yield same
