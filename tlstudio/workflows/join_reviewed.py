"""Use case: learn from photos that a person has reviewed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tlstudio.datasets.added import AddedPhoto, is_added
from tlstudio.datasets.concurrency import concurrent_map
from tlstudio.datasets.dataset import Dataset, Rejected, Sample
from tlstudio.datasets.images import Probe, UnreadableImageError, probe
from tlstudio.events import CancelToken, Emit, Progress
from tlstudio.prediction.review.decisions import Decision
from tlstudio.projects.actions import Action
from tlstudio.projects.project import ADDED, LABEL
from tlstudio.serialization import to_json
from tlstudio.wording import counted


@dataclass(frozen=True, slots=True)
class Joining:
    """How reviewed photos become photos to learn from; nothing is changed yet.

    Attributes:
        action: What the project is to do, which can be undone; None where there is nothing to add.
        count: Photos that it adds, or labels.
        known: Photos that lie among those to learn from already, with the same label.
        left_out: Photos that can't be added, and why.
    """

    action: Action | None
    count: int
    known: int
    left_out: tuple[Rejected, ...]


def joining_of(dataset: Dataset, decisions: Iterable[Decision], *, emit: Emit, token: CancelToken) -> Joining:
    """Look at reviewed photos, each once, and say how they join a data set.

    They stay where they are and are listed in the project by their paths, so that it is known where each came from.
    Photos in the folder of the data set get a label instead.

    Args:
        dataset: What is learnt from now.
        decisions: What was decided; only those that name a class count.
        emit: Told ``Progress("join", ...)``.
        token: Stops it.

    Raises:
        Cancelled: If a stop was asked for.
    """
    chosen = [decision for decision in decisions if decision.names_class]
    labels = _labels(dataset)
    changes: dict[tuple[str, str], str | None] = {}
    known, left_out = 0, []
    looks = concurrent_map(lambda decision: _looked_at(decision, labels), chosen, token=token)
    for done, (decision, found) in enumerate(zip(chosen, looks, strict=True), start=1):
        emit(Progress("join", done, len(chosen)))
        if isinstance(found, Rejected):
            left_out.append(found)
        elif found is None:
            known += 1
        else:
            changes.update(_change(dataset, decision, found))
    action = Action(f"Add {counted(len(changes), 'reviewed photo')}", changes) if changes else None
    return Joining(action, len(changes), known, tuple(left_out))


def _labels(dataset: Dataset) -> Mapping[str, str]:
    """Label of each photo that is learnt from, by digest."""
    return {sample.digest: sample.class_name for sample in dataset.samples}


def _looked_at(decision: Decision, labels: Mapping[str, str]) -> AddedPhoto | Rejected | None:
    """The photo as it is to be added; why it can't be; None if it is learnt from already."""
    path = Path(decision.path)
    try:
        status = path.stat()
        seen: Probe = probe(path)
    except OSError:
        return Rejected(decision.path, "It isn't there any more.")
    except UnreadableImageError as error:
        return Rejected(decision.path, error.reason)
    if decision.digest and seen.digest != decision.digest:
        return Rejected(decision.path, "It has changed since you looked at it.")
    if labels.get(seen.digest) == decision.class_name:
        return None
    return AddedPhoto(decision.class_name, status.st_size, status.st_mtime_ns, seen)


def _change(dataset: Dataset, decision: Decision, photo: AddedPhoto) -> dict[tuple[str, str], str | None]:
    place = _sample_path(dataset.root, decision.path)
    if is_added(place):
        return {(ADDED, place): to_json(photo).decode()}
    return {(LABEL, place): photo.class_name}


def _sample_path(root: str, path: str) -> str:
    """What a data set with this root calls a photo."""
    photo = Path(path)
    return (photo.relative_to(root) if photo.is_relative_to(root) else photo).as_posix()


def labels_of(root: str, samples: Iterable[Sample], paths: Iterable[str]) -> dict[str, str]:
    """Labels of some photos, as far as they are among the samples.

    Args:
        root: Of the samples.
        samples: Those of a data set, or of a run.
        paths: Absolute paths of the photos, which are the keys of the result.
    """
    wanted = {_sample_path(root, path): path for path in paths}
    return {wanted[sample.path]: sample.class_name for sample in samples if sample.path in wanted}


def changed_answers(before: Mapping[str, str], after: Mapping[str, str]) -> Sequence[str]:
    """Paths of the photos whose answer is another one now, in their order.

    Args:
        before: Class of each photo that had an answer, by path.
        after: The same now; photos that had none before don't count.
    """
    return [path for path, label in after.items() if path in before and before[path] != label]
