"""How a folder is read: what a person can switch without touching a file."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePath
from typing import TypeVar

from tlstudio.datasets.dataset import Dataset, Ignored, Part, Rejected, Sample
from tlstudio.datasets.formats import looks_like_image
from tlstudio.datasets.index import index_folder
from tlstudio.datasets.labels import FolderLabels, LabelRule, parse_labels
from tlstudio.datasets.nests import find_nest, part_of, parts_of
from tlstudio.datasets.relabel import photos, relabelled
from tlstudio.events import CancelToken, Emit

_File = TypeVar("_File", Sample, Rejected, Ignored)

FOLDER_LABELS = "folder"
"""The label rule that stands for "the folders are the classes"."""

# Made by programs, of photos that are there anyway, thrown away or none of the user's.
_MADE_BY_PROGRAMS = frozenset(
    (
        ".cache", ".comments", ".dropbox.cache", ".fseventsd", ".git", ".hg", ".idea", ".ipynb_checkpoints",
        ".picasaoriginals", ".spotlight-v100", ".svn", ".thumb", ".thumbnails", ".thumbs", ".trash", ".trashes",
        ".venv", ".vscode", "@eadir", "__macosx", "$recycle.bin", "system volume information",
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reading:
    """How a folder is read.

    Attributes:
        root: Absolute path of the folder, or of an archive.
        labels: Where labels come from, as ``parse_labels`` takes it.
        level: Which folder on the way down is the class, 1 for the one at the top; only for the labels "folder".
        parts: Whether folders called train, test and the like are taken for a split.
        merged: Classes that are read under another name or as part of another class: the new name by the old one.
        left_out: Names of folders at the top whose files are left aside.
        hidden: Whether photos in hidden folders are read, too.

    Raises:
        ValueError: If there is no such level.
    """

    root: str
    labels: str = FOLDER_LABELS
    level: int = 1
    parts: bool = True
    merged: Mapping[str, str] = field(default_factory=dict)
    left_out: frozenset[str] = frozenset()
    hidden: bool = False

    def __post_init__(self) -> None:
        if self.level < 1:
            raise ValueError(f"level must be 1 or more, not {self.level}")


@dataclass(frozen=True, slots=True)
class LevelLabels(FolderLabels):
    """A folder further down that the photo lies in.

    Attributes:
        level: 1 for the folder at the top.
    """

    level: int = 2

    def label(self, path: str) -> str | None:
        """The folder at that level; None for a photo that lies higher."""
        folders = path.split("/")[:-1]
        return folders[self.level - 1] if len(folders) >= self.level else None

    def classes(self, folders: Sequence[str]) -> tuple[str, ...]:
        """The folders at the top, if they are the classes."""
        return tuple(folders) if self.level == 1 else ()

    def under(self, root: Path) -> "LevelLabels":  # noqa: ARG002
        """The rule itself."""
        return self


def apply_reading(found: Dataset, reading: Reading) -> Dataset:
    """A folder read otherwise, from what is known of its photos. No photo is opened; only a table of labels is read.

    Args:
        found: As ``index_folder`` gives it with ``FolderLabels``; with ``read_hidden`` where hidden folders count.
        reading: How to read it; one that ``needs_scan`` has nothing against.

    Returns:
        The data set. Files of folders that are left out are among the ignored ones.

    Raises:
        TLStudioError: If the label rule can't be used.
        ValueError: If the folder to read doesn't lie in the one that was found.
    """
    dataset, folders = _without(*_within(found, reading.root), reading.left_out)
    rule: LabelRule = LevelLabels(level=reading.level)
    if reading.labels != FOLDER_LABELS:
        rule = parse_labels(reading.labels).under(Path(dataset.root))
    elif reading.parts and reading.level == 1 and (nest := find_nest(photo.path for photo in photos(dataset))):
        return relabelled(dataset, nest, folders, part=nest.part, merged=reading.merged)
    tops = {photo.path.split("/", 1)[0] for photo in photos(dataset) if "/" in photo.path}
    named_parts = reading.labels != FOLDER_LABELS and reading.parts and parts_of(tops) is not None
    return relabelled(dataset, rule, folders, part=_top_part if named_parts else None, merged=reading.merged)


def needs_scan(found: Dataset, reading: Reading) -> bool:
    """Whether a reading concerns files that have not been looked into yet."""
    root = PurePath(reading.root)
    if not root.is_relative_to(found.root):
        return True
    if root != PurePath(found.root):
        inside = root.relative_to(found.root).as_posix() + "/"
        if not any(photo.path.startswith(inside) for photo in photos(found)):
            return True
    return reading.hidden and bool(hidden_photos(found))


def hidden_photos(dataset: Dataset) -> tuple[str, ...]:
    """Paths of files in hidden folders that look like photos of the user's own and have not been read."""
    return tuple(
        file.path
        for file in dataset.ignored
        if file.kind == "hidden" and looks_like_image(file.path) and _of_the_user(file.path.split("/"))
    )


def _of_the_user(names: Sequence[str]) -> bool:
    folders = [name.lower() for name in names[:-1]]
    if names[-1].startswith(".") or _MADE_BY_PROGRAMS.intersection(folders):
        return False
    return bool(folders) and not any(name.startswith(".trash-") for name in folders)


def read_hidden(dataset: Dataset, *, emit: Emit, token: CancelToken) -> Dataset:
    """The same data set with the photos of its hidden folders.

    Args:
        dataset: As ``index_folder`` gives it with ``FolderLabels``.
        emit: Told ``Progress("scan", done, total)`` for each hidden folder.
        token: Stops it soon.

    Raises:
        TLStudioError: If a folder is not there any more.
        Cancelled: After ``token.cancel()``.
    """
    whole = dataset
    for folder in hidden_folders(dataset):
        inner = index_folder(Path(dataset.root) / folder, emit=emit, token=token)
        whole = _with_folder(whole, inner, folder)
    if whole is dataset:
        return dataset
    tops = {path.split("/", 1)[0] for path in map(_path, photos(whole)) if "/" in path}
    return relabelled(whole, FolderLabels(), tops.union(dataset.classes))


def hidden_folders(dataset: Dataset) -> tuple[str, ...]:
    """The hidden folders that ``read_hidden`` looks into, none within another, sorted."""
    chosen: list[str] = []
    for folder in sorted({_hidden_folder(path) for path in hidden_photos(dataset)}):
        if not chosen or not folder.startswith(f"{chosen[-1]}/"):
            chosen.append(folder)
    return tuple(chosen)


def _hidden_folder(path: str) -> str:
    """The first hidden folder of a path, as far as its name tells; else the folder of the file."""
    names = path.split("/")[:-1]
    depth = next((number for number, name in enumerate(names, 1) if name.startswith(".")), len(names))
    return "/".join(names[:depth])


def _path(file: Sample | Rejected | Ignored) -> str:
    return file.path


def _top_part(path: str) -> Part | None:
    top, slash, _ = path.partition("/")
    return part_of(top) if slash else None


def _with_folder(whole: Dataset, inner: Dataset, folder: str) -> Dataset:
    """Both data sets as one; what the inner one tells of its files replaces that they are hidden."""

    def moved(files: Sequence[_File]) -> Iterator[_File]:
        return (replace(file, path=f"{folder}/{file.path}") for file in files)

    kept = (file for file in whole.ignored if not file.path.startswith(f"{folder}/"))
    return replace(
        whole,
        samples=(*whole.samples, *moved(inner.samples), *moved(inner.unlabelled)),
        rejected=(*whole.rejected, *moved(inner.rejected)),
        ignored=tuple(sorted((*kept, *moved(inner.ignored)), key=_path)),
        facts={**whole.facts, **inner.facts},
    )


def _within(found: Dataset, root: str) -> tuple[Dataset, frozenset[str]]:
    """What lies in a folder of a data set, and the names of the folders at its top."""
    if PurePath(root) == PurePath(found.root):
        return found, frozenset(found.classes)
    inside = PurePath(root).relative_to(found.root).as_posix() + "/"

    def moved(files: Sequence[_File]) -> tuple[_File, ...]:
        return tuple(replace(file, path=file.path[len(inside) :]) for file in files if file.path.startswith(inside))

    dataset = replace(
        found,
        root=root,
        samples=moved(found.samples),
        unlabelled=moved(found.unlabelled),
        rejected=moved(found.rejected),
        ignored=moved(found.ignored),
        given={},
    )
    seen: list[Sample | Rejected | Ignored] = [*photos(dataset), *dataset.rejected]
    seen += [file for file in dataset.ignored if file.kind != "hidden"]
    return dataset, frozenset(path.split("/", 1)[0] for path in map(_path, seen) if "/" in path)


def _without(dataset: Dataset, folders: frozenset[str], left_out: frozenset[str]) -> tuple[Dataset, frozenset[str]]:
    """The data set with the photos of some folders set aside, and the other folders."""
    if not left_out:
        return dataset, folders

    def kept(files: Sequence[_File]) -> tuple[_File, ...]:
        return tuple(file for file in files if not _lies_in(file.path, left_out))

    known: list[Sample | Rejected] = [*photos(dataset), *dataset.rejected]
    aside = [Ignored(file.path, "other") for file in known if _lies_in(file.path, left_out)]
    return replace(
        dataset,
        samples=kept(dataset.samples),
        unlabelled=kept(dataset.unlabelled),
        rejected=kept(dataset.rejected),
        ignored=tuple(sorted((*dataset.ignored, *aside), key=_path)),
    ), folders - left_out


def _lies_in(path: str, folders: frozenset[str]) -> bool:
    top, slash, _ = path.partition("/")
    return bool(slash) and top in folders
