"""Use case: open a folder of photos with all that a person did to it before."""

from dataclasses import dataclass, replace
from pathlib import Path

from tlstudio.datasets.dataset import Dataset
from tlstudio.datasets.edits import edited
from tlstudio.datasets.looks import Looks, look_at
from tlstudio.datasets.memory import Recording
from tlstudio.datasets.problems import Fix, Problem, find_problems
from tlstudio.datasets.reading import Reading, apply_reading, read_hidden
from tlstudio.datasets.sharing import share_out
from tlstudio.datasets.split import Split, SplitConfig
from tlstudio.events import CancelToken, Emit
from tlstudio.projects.actions import Actions
from tlstudio.projects.library import Library
from tlstudio.projects.photo_memory import PhotoMemory
from tlstudio.projects.project import Project, Steps
from tlstudio.serialization import from_json, to_json
from tlstudio.workflows.scan import find_photos

_SPLIT = ("split", "config")
_READING = ("reading", "current")


@dataclass(frozen=True, slots=True)
class Opened:
    """A project and its photos as they are to be used now.

    Attributes:
        project: Where changes are kept.
        files: The photos as they lie on disk, labelled by the folders at the top.
        found: The photos as the folder is read.
        dataset: The photos with the changes that a person made.
        problems: What stands between them and a good classifier.
        looks: Which of them show the same, and which hardly anything.
        split_config: How they are shared out.
        split: Which photo is in which part.
        steps: What can be undone and redone.
        moved_from: Where the photos were when the project was open last, if that was elsewhere; else "".
    """

    project: Project
    files: Dataset
    found: Dataset
    dataset: Dataset
    problems: tuple[Problem, ...]
    looks: Looks
    split_config: SplitConfig
    split: Split
    steps: Steps
    moved_from: str = ""


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
        memory = PhotoMemory(project)
        memory.keep_all(recording.kept)
        return reconsidered(project, files, usual, moved_from)
    memory = PhotoMemory(project)
    try:
        files = find_photos(folder, memory=memory, emit=emit, token=token)
        if reading_of(project, files).hidden:
            files = read_hidden(files, emit=emit, token=token)
    finally:
        memory.close()
    return reconsidered(project, files, usual)


def _adopted(library: Library, folder: Path, files: Dataset) -> tuple[Project, str]:
    """The project of photos that were elsewhere before, with that place, or a new one."""
    entry = library.moved_from({sample.digest for sample in (*files.samples, *files.unlabelled)})
    if entry is None:
        return library.create(folder), ""
    project = library.open(Path(entry.folder))
    library.attach(project, folder)
    return project, entry.source


def reconsidered(project: Project, files: Dataset, usual: SplitConfig, moved_from: str = "") -> Opened:
    """The same photos with the changes of now."""
    reading = reading_of(project, files)
    found = apply_reading(files, reading)
    dataset = edited(found, project.edits())
    config = _split_config(project) or usual
    looks = look_at(dataset)
    shared_out = share_out(dataset, config, looks.duplicates)
    problems = find_problems(dataset, reading)
    return Opened(project, files, found, dataset, problems, looks, config, shared_out, project.steps(), moved_from)


def keep_split(project: Project, config: SplitConfig) -> bool:
    """Share out differently from now on, as an action that can be undone; whether that changed anything."""
    shares = "/".join(f"{100 * share:.0f}" for share in config.shares)
    return project.change(f"Share out the photos {shares}", {_SPLIT: to_json(config).decode()})


def reading_of(project: Project, files: Dataset) -> Reading:
    """How the folder of a project is read, which a person may have switched."""
    text = project.values(_READING[0]).get(_READING[1])
    reading = from_json(text.encode(), Reading) if text else Reading(files.root)
    return replace(reading, root=files.root)  # the folder may have moved


def keep_fix(project: Project, files: Dataset, fix: Fix) -> bool:
    """Read the folder as a fix proposes, as an action that can be undone.

    Classes that the fix makes one are merged as a person would merge them, so that there is one place that knows of it.

    Returns:
        Whether anything is different now.
    """
    before = reading_of(project, files)
    merged = {old: new for old, new in fix.reading.merged.items() if before.merged.get(old) != new}
    actions = Actions(apply_reading(files, before), project.edits())
    changes = dict(change for old, new in merged.items() for change in actions.merge([old], new).changes.items())
    reading = replace(fix.reading, merged=before.merged)
    return project.change(fix.title, {**changes, _READING: to_json(reading).decode()})


def _split_config(project: Project) -> SplitConfig | None:
    text = project.values(_SPLIT[0]).get(_SPLIT[1])
    return from_json(text.encode(), SplitConfig) if text else None
