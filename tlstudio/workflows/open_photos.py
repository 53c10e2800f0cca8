"""Use case: open a folder of photos with all that a person did to it before."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from tlstudio.datasets.added import AddedPhoto, is_added, with_added
from tlstudio.datasets.dataset import Dataset
from tlstudio.datasets.edits import all_classes, class_counts, edited
from tlstudio.datasets.garbage import no_collection
from tlstudio.datasets.looks.looks import Appearance, Looks, look_at, looks_of
from tlstudio.datasets.memory import Recording
from tlstudio.datasets.photo_order import PhotoOrder
from tlstudio.datasets.problems import Fix, Problem, find_problems
from tlstudio.datasets.reading.reading import Reading, apply_reading, read_hidden, table_stamp
from tlstudio.datasets.reading.relabel import photos
from tlstudio.datasets.splits.lock import locked
from tlstudio.datasets.splits.sharing import share_out
from tlstudio.datasets.splits.split import Split, SplitConfig
from tlstudio.events import CancelToken, Emit
from tlstudio.projects.actions import Actions
from tlstudio.projects.cache import ProjectCache
from tlstudio.projects.closer_look import closer_look_of
from tlstudio.projects.database import STATE
from tlstudio.projects.library import Library
from tlstudio.projects.lock import keep_lock, lock_of
from tlstudio.projects.photo_memory import PhotoMemory
from tlstudio.projects.project import Project, Steps
from tlstudio.projects.share_actions import share_sentence
from tlstudio.serialization import from_json, to_json
from tlstudio.workflows.scan import find_photos

_SPLIT = ("split", "config")
_READING = ("reading", "current")


@dataclass(frozen=True, slots=True)
class Basis:
    """A project and its photos, before the changes that a person made.

    Attributes:
        project: Where changes are kept.
        files: The photos as they lie on disk, labelled by the folders at the top.
        key: Stands for these photos and their contents.
        usual: How to share out the photos of a project that doesn't say it.
        moved_from: Where the photos were when the project was open last, if that was elsewhere; else "".
    """

    project: Project
    files: Dataset
    key: str
    usual: SplitConfig
    moved_from: str


@dataclass(frozen=True, slots=True)
class Opened(Basis):
    """A project and its photos as they are to be used now.

    Attributes:
        reading: How the folder is read.
        read: The photos as the folder is read.
        found: These, and the ones that were added from elsewhere.
        dataset: The photos with the changes that a person made.
        order: The order in which they are looked at.
        class_counts: Photos of every class in their order; a class that is switched off has as many as it would bring
            back.
        problems: What stands between them and a good classifier.
        looks: Which of them show the same, and which hardly anything.
        split_config: How they are shared out.
        split: Which photo is in which part.
        steps: What can be undone and redone.
        state: Stands for all that the project held when this was made of it; another one now tells of changes that
            another window has made.
    """

    reading: Reading
    read: Dataset
    found: Dataset
    dataset: Dataset
    order: PhotoOrder
    class_counts: Mapping[str, int]
    problems: tuple[Problem, ...]
    looks: Looks
    split_config: SplitConfig
    split: Split
    steps: Steps
    state: str


@no_collection()
def open_photos(folder: Path, library: Library, usual: SplitConfig, *, emit: Emit, token: CancelToken) -> Opened:
    """Read a folder of photos and open its project; the first time, make one.

    Photos that were moved or renamed as a whole are known by their contents, and their project goes on.

    Args:
        folder: The photos.
        library: The projects there are.
        usual: How to share out the photos of a project that doesn't say it.
        emit: Told ``Progress("scan", ...)``.
        token: Stops it.

    Raises:
        TLStudioError: If the folder can't be read, or the project can't be opened.
        Cancelled: If a stop was asked for; what was looked into is remembered if there is a project.
    """
    project = library.project_of(folder)
    if project is None:
        recording = Recording()
        files = find_photos(folder, memory=recording, emit=emit, token=token)
        project, moved_from = _adopted(library, folder, files)
        PhotoMemory(project).keep_all(recording)
        return _opened(project, files, usual, moved_from)
    memory = PhotoMemory(project)
    try:
        files = find_photos(folder, memory=memory, emit=emit, token=token)
        if reading_of(project, files).hidden:
            files = read_hidden(files, emit=emit, token=token)
    finally:
        memory.close()
    return _opened(project, files, usual)


def _adopted(library: Library, folder: Path, files: Dataset) -> tuple[Project, str]:
    """The project of photos that were elsewhere before, with that place, or a new one."""
    entry = library.moved_from({sample.digest for sample in (*files.samples, *files.unlabelled)})
    if entry is None:
        return library.create(folder), ""
    project = library.open(Path(entry.folder))
    library.attach(project, folder)
    return project, entry.source


@dataclass(frozen=True, slots=True)
class _Conclusions:
    """What follows from the photos and a person's changes, and takes longer to find than to keep."""

    looks: Looks
    problems: tuple[Problem, ...]
    split: Split


def _opened(project: Project, files: Dataset, usual: SplitConfig, moved_from: str = "") -> Opened:
    key = _key(files)
    reading = reading_of(project, files)
    return _considered(Basis(project, files, key, usual, moved_from), reading, apply_reading(files, reading))


def _key(files: Dataset) -> str:
    """Stands for everything that was found in a folder."""
    lines = [f"{sample.path}\0{sample.digest}" for sample in photos(files)]
    lines += [f"{file.path}\0{file.reason}" for file in files.rejected]
    lines += [f"{file.path}\0{file.kind}" for file in files.ignored]
    return hashlib.sha256("\n".join((*lines, *files.classes)).encode(errors="surrogatepass")).hexdigest()


@no_collection()
def reconsidered(opened: Opened) -> Opened:
    """The same photos with the changes of now; what those can't have changed is not found out again."""
    reading = reading_of(opened.project, opened.files)
    read = opened.read if reading == opened.reading else apply_reading(opened.files, reading)
    return _considered(opened, reading, read)


def _considered(basis: Basis, reading: Reading, read: Dataset) -> Opened:
    project = basis.project
    state = project.setting(STATE)
    added = project.added()
    found = with_added(read, added)
    lock, config = lock_of(project) or (None, wished_split(project) or basis.usual)
    edits = project.edits()
    dataset = replace(edited(found, edits), lock=lock)
    stamps = f"{state} {table_stamp(reading)}"
    cache, key = ProjectCache(project), f"{basis.key} {_missing(found)} {stamps} {to_json(config).decode()}"
    concluded = cache.recall("conclusions", key, _Conclusions)
    if concluded is None:
        looks = looks_of(dataset, _appearance(basis, added), closer_look_of(project))
        shared_out = share_out(dataset, config, looks.duplicates)
        concluded = _Conclusions(looks, find_problems(dataset, reading), shared_out)
        cache.keep("conclusions", key, concluded)
    return Opened(
        project=project,
        files=basis.files,
        key=basis.key,
        usual=basis.usual,
        moved_from=basis.moved_from,
        reading=reading,
        read=read,
        found=found,
        dataset=dataset,
        order=PhotoOrder.of(dataset),
        class_counts=class_counts(found, dataset, edits),
        problems=concluded.problems,
        looks=concluded.looks,
        split_config=config,
        split=concluded.split,
        steps=project.steps(),
        state=state,
    )


def _missing(found: Dataset) -> str:
    """Stands for the added photos that can't be used now."""
    paths = "\n".join(file.path for file in found.rejected if is_added(file.path))
    return hashlib.sha256(paths.encode(errors="surrogatepass")).hexdigest() if paths else ""


def _appearance(basis: Basis, added: Mapping[str, AddedPhoto]) -> Appearance:
    """How the photos look, which the project may know from before: to compare 100,000 takes seconds."""
    every = with_added(basis.files, added)
    cache, key = ProjectCache(basis.project), _key(every) if added else basis.key
    known = cache.recall("appearance", key, Appearance)
    if known is None:
        known = look_at(every)
        cache.keep("appearance", key, known)
    return known


def keep_split(project: Project, config: SplitConfig, usual: SplitConfig | None = None) -> bool:
    """Share out differently from now on, as an action that can be undone.

    Args:
        project: Where it is kept.
        config: How.
        usual: How the photos of a project are shared out that doesn't say it; the program's own way if None.

    Returns:
        Whether that changed anything.
    """
    sentence = share_sentence(wished_split(project) or usual or SplitConfig(), config)
    return project.change(sentence, {_SPLIT: to_json(config).decode()})


def wished_split(project: Project) -> SplitConfig | None:
    """How a person wants the photos shared out, which counts while they aren't locked; None if it was never said."""
    text = project.values(_SPLIT[0]).get(_SPLIT[1])
    return from_json(text.encode(), SplitConfig) if text else None


def lock_split(opened: Opened) -> Opened:
    """Keep every photo in its part, since a training begins; photos that were locked before stay where they were."""
    lock = locked(opened.dataset, opened.split)
    keep_lock(opened.project, lock, opened.split_config)
    return replace(opened, dataset=replace(opened.dataset, lock=lock))


def reading_of(project: Project, files: Dataset) -> Reading:
    """How the folder of a project is read, which a person may have switched."""
    text = project.values(_READING[0]).get(_READING[1])
    reading = from_json(text.encode(), Reading) if text else Reading(files.root)
    return replace(reading, root=files.root)  # the folder may have moved


def keep_fix(project: Project, files: Dataset, fix: Fix) -> bool:
    """Read the folder as a fix proposes, as an action that can be undone; whether that changed anything."""
    return keep_reading(project, files, fix.reading, fix.title)


def keep_reading(project: Project, files: Dataset, reading: Reading, sentence: str) -> bool:
    """Read the folder otherwise from now on, as an action that can be undone.

    Classes that the reading makes one are merged as a person would merge them, so that there is one place that knows of
    it; those that nobody has seen yet, in hidden folders, come with the reading.

    Args:
        project: Where it is kept.
        files: The photos as they lie on disk.
        reading: Of the same folder.
        sentence: What is done, for the person who may want to undo it.

    Returns:
        Whether anything is different now.
    """
    before = reading_of(project, files)
    merged = {old: new for old, new in reading.merged.items() if before.merged.get(old) != new}
    changes: dict[tuple[str, str], str | None] = {}
    kept = replace(reading, merged=before.merged)
    if merged:
        found, edits = apply_reading(files, before), project.edits()
        known = {old: new for old, new in merged.items() if old in all_classes(found, edits)}
        actions = Actions(found, edits)
        changes = dict(change for old, new in known.items() for change in actions.merge([old], new).changes.items())
        kept = replace(reading, merged={**before.merged, **{old: merged[old] for old in merged.keys() - known.keys()}})
    return project.change(sentence, {**changes, _READING: to_json(kept).decode()})
