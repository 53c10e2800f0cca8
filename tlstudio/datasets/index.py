"""From a folder to a data set: every file found, decoded once and accounted for."""

import hashlib
import os
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from tlstudio.datasets.concurrency import concurrent_map
from tlstudio.datasets.dataset import Dataset, Ignored, Rejected, Sample
from tlstudio.datasets.facts import PhotoFacts
from tlstudio.datasets.images import Probe, UnreadableImageError, classify_file
from tlstudio.datasets.memory import Memory, Recording, Unknown, Verdict
from tlstudio.datasets.reading.labels import FolderLabels, LabelRule, columns_of
from tlstudio.datasets.walk import Found, top_folders, walk
from tlstudio.events import CancelToken, Emit, Progress

_STAGE = "scan"
_SECONDS_BETWEEN_EVENTS = 0.05
# Most of the work on a small photo is Python's, so that threads wait for each other: on two cores, two that take one
# photo of 2 KB at a time need twice as long as one thread alone, in blocks no longer. Two of them help on slow drives.
_SMALL_BYTES, _BLOCK, _THREADS_FOR_SMALL = 16 * 1024, 16, 2


def index_folder(
    root: Path,
    labels: LabelRule | None = None,
    memory: Memory | None = None,
    *,
    emit: Emit,
    token: CancelToken,
) -> Dataset:
    """Find all photos of a folder and decode each once, in threads.

    Args:
        root: The folder.
        labels: Where labels come from; the folders at the top if None.
        memory: Knows files that were looked into before, and is told of the others.
        emit: Told ``Progress("scan", done, total)``, at most 20 times a second and at the end.
        token: Stops it soon.

    Returns:
        Every file of the folder in exactly one of the four parts. A folder that can't be looked into, and a photo that
        the label rule names and that isn't there, are among the rejected ones.

    Raises:
        TLStudioError: If the folder isn't there, is a file or can't be looked into.
        Cancelled: After ``token.cancel()``.
    """
    root = Path(os.path.abspath(root))  # noqa: PTH100 - Path.absolute keeps "..", and resolve would replace links
    rule = (labels or FolderLabels()).under(root)
    emit(Progress(_STAGE, 0, 0))
    memory = memory or Recording()
    found = _find(root, token)
    candidates = [file for file in found if file.kind == "candidate"]
    key = _key(root, found) if isinstance(rule, FolderLabels) else ""  # what another rule says may change by itself
    known = memory.recall_dataset(key) if key else None
    if known is not None:
        emit(Progress(_STAGE, len(candidates), len(candidates)))
        return known
    accounting = _Accounting(rule)
    accounting.add_unopened(found)
    due = 0.0
    for done, (file, verdict) in enumerate(_verdicts(root, candidates, memory, token), start=1):
        accounting.add(file.path, verdict)
        if time.monotonic() >= due:
            emit(Progress(_STAGE, done, len(candidates)))
            due = time.monotonic() + _SECONDS_BETWEEN_EVENTS
    emit(Progress(_STAGE, len(candidates), len(candidates)))
    accounting.add_missing(rule.missing([file.path for file in found]))
    dataset = accounting.dataset(root)
    if key:
        memory.keep_dataset(key, dataset)
    return dataset


def _key(root: Path, found: Iterable[Found]) -> str:
    """Stands for a folder with these files as they are now."""
    folders = "/".join(top_folders(root))
    lines = (f"{file.path}\0{file.kind}\0{file.stamp}" for file in found)
    return hashlib.sha256("\n".join((str(root), folders, *lines)).encode(errors="surrogatepass")).hexdigest()


def _find(root: Path, token: CancelToken) -> list[Found]:
    found = []
    for file in walk(root):
        token.check()
        found.append(file)
    return found


def _verdicts(
    root: Path, files: Sequence[Found], memory: Memory, token: CancelToken
) -> Iterator[tuple[Found, Verdict]]:
    """What is known of each file, or found by looking into it: the known ones first."""
    unknown = []
    for file in files:
        try:
            if file.stamp is None:
                raise Unknown
            yield file, memory.recall(file.path, file.stamp)
        except Unknown:
            unknown.append(file)
    for file, verdict in _looked_into(root, unknown, token):
        if file.stamp is not None:
            memory.keep(file.path, file.stamp, verdict)
        yield file, verdict


def _looked_into(root: Path, files: Iterable[Found], token: CancelToken) -> Iterator[tuple[Found, Verdict]]:
    """What is found by looking into files, in threads: small ones in blocks, and before the others."""
    small: list[Found] = []
    large: list[Found] = []
    for file in files:
        (small if file.stamp is not None and file.stamp.size <= _SMALL_BYTES else large).append(file)
    blocks = [small[start : start + _BLOCK] for start in range(0, len(small), _BLOCK)]
    few = min(_THREADS_FOR_SMALL, os.cpu_count() or 1)
    for parts, workers in ((blocks, few), ([[file] for file in large], None)):
        verdicts = concurrent_map(
            lambda part: [classify_file(root / file.path) for file in part], parts, token=token, workers=workers
        )
        for part, found in zip(parts, verdicts, strict=True):
            yield from zip(part, found, strict=True)


class _Accounting:
    """Sorts files into the four parts of a data set."""

    def __init__(self, rule: LabelRule) -> None:
        self._rule = rule
        self._samples: list[Sample] = []
        self._rejected: list[Rejected] = []
        self._ignored: list[Ignored] = []
        self._facts: dict[str, PhotoFacts] = {}

    def add_unopened(self, found: Iterable[Found]) -> None:
        """Files whose name says enough, and folders that can't be looked into."""
        for file in found:
            if file.kind == "unreadable":
                self._rejected.append(Rejected(file.path, file.reason))
            elif file.kind != "candidate":
                self._ignored.append(Ignored(file.path, file.kind))

    def add(self, path: str, verdict: Probe | UnreadableImageError | None) -> None:
        """A file that was looked into."""
        if isinstance(verdict, Probe):
            label = self._rule.label(path) or ""
            self._samples.append(Sample(path, label, verdict.width, verdict.height, verdict.digest))
            self._facts[verdict.digest] = verdict.facts
        elif verdict is None:
            self._ignored.append(Ignored(path, "other"))
        else:
            self._rejected.append(Rejected(path, verdict.reason))

    def add_missing(self, paths: Iterable[str]) -> None:
        """Photos that should be there."""
        self._rejected.extend(Rejected(path, "Listed among the labels, but not there.") for path in paths)

    def dataset(self, root: Path) -> Dataset:
        """All that was added."""
        named = {sample.class_name for sample in self._samples if sample.class_name}
        by_path = sorted(self._samples, key=lambda sample: sample.path)
        return Dataset(
            root=str(root),
            classes=tuple(sorted(named.union(self._rule.classes(top_folders(root))))),
            samples=tuple(sample for sample in by_path if sample.class_name),
            unlabelled=tuple(sample for sample in by_path if not sample.class_name),
            rejected=tuple(sorted(self._rejected, key=lambda file: file.path)),
            ignored=tuple(sorted(self._ignored, key=lambda file: file.path)),
            facts=self._facts,
            columns=columns_of(self._rule, [sample.path for sample in by_path]),
        )
