"""How a folder is read: what a person can switch without touching a file."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePath
from typing import TypeVar

from tlstudio.datasets.dataset import Dataset, Ignored, Part, Rejected, Sample
from tlstudio.datasets.formats import looks_like_image
from tlstudio.datasets.index import index_folder
from tlstudio.datasets.reading.label_tables import TableChoice
from tlstudio.datasets.reading.labels import CsvLabels, FolderLabels, LabelRule, LevelLabels, parse_labels
from tlstudio.datasets.reading.nests import find_nest, part_of, parts_of
from tlstudio.datasets.reading.relabel import photos, relabelled
from tlstudio.errors import TLStudioError
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
        labels: Where labels come from, as ``parse_labels`` takes it; a table may be relative to the root.
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


def parse_reading(text: str, *, parts: bool = True, hidden: bool = False) -> Reading:
    """A reading of the folder that is still to be named, from a label rule as the command line takes it.

    Args:
        text: One of ``LABEL_RULES``; a table is relative to the current folder.
        parts: Whether folders called train, test and the like are taken for a split. ``folder:1`` stands for the
            folders at the top whatever they are called, so it takes none.
        hidden: Whether photos in hidden folders are read, too.

    Raises:
        TLStudioError: If the text is none of these, or what follows the colon can't be used.
    """
    rule = parse_labels(text)
    if isinstance(rule, LevelLabels):
        return Reading("", level=rule.level, parts=False, hidden=hidden)
    if isinstance(rule, CsvLabels):
        table = TableChoice(str(rule.file.absolute()), rule.path_column, rule.label_column)
        return Reading("", f"csv:{table}", parts=parts, hidden=hidden)
    return Reading("", text, parts=parts, hidden=hidden)


@dataclass(frozen=True, slots=True)
class ReadingRule:
    """What tells the label of each photo, and its part of the split.

    Attributes:
        labels: Tells the labels.
        part: Tells the part of a photo by where it lies; None if nothing says so.
    """

    labels: LabelRule
    part: Callable[[str], Part | None] | None = None


def rule_for(paths: Collection[str], reading: Reading) -> ReadingRule:
    """How a reading tells labels and parts.

    Args:
        paths: Of all photos that are read, relative to the root of the reading.
        reading: How to read them.

    Raises:
        TLStudioError: If the label rule can't be used.
    """
    if reading.labels == FOLDER_LABELS:
        nest = find_nest(paths) if reading.parts and reading.level == 1 else None
        return ReadingRule(LevelLabels(reading.level)) if nest is None else ReadingRule(nest, nest.part)
    root = Path(reading.root)
    tops = {path.split("/", 1)[0] for path in paths if "/" in path}
    named_parts = reading.parts and parts_of(tops) is not None
    return ReadingRule(parse_labels(reading.labels, root).under(root), _top_part if named_parts else None)


def apply_reading(found: Dataset, reading: Reading) -> Dataset:
    """A folder read otherwise, from what is known of its photos. No photo is opened; only a table of labels is read.

    Args:
        found: As ``index_folder`` gives it with ``FolderLabels``; with ``read_hidden`` where hidden folders count.
        reading: How to read it; one that ``needs_scan`` has nothing against.

    Returns:
        The data set. Files of folders that are left out are among the ignored ones. Where the label rule can't be used,
        no photo has a label, and the doctor says why.

    Raises:
        ValueError: If the folder to read doesn't lie in the one that was found.
    """
    dataset, folders = _within(found, reading.root)
    if not reading.hidden:
        dataset, folders = _without_hidden(dataset, folders)
    dataset, folders = _without(dataset, folders, reading.left_out)
    try:
        rule = rule_for([photo.path for photo in photos(dataset)], reading)
    except TLStudioError:
        rule = ReadingRule(_NoLabels())
    return relabelled(dataset, rule.labels, folders, part=rule.part, merged=reading.merged)


@dataclass(frozen=True, slots=True)
class _NoLabels(FolderLabels):
    """Stands for a rule that can't be used."""

    def label(self, path: str) -> str | None:  # noqa: ARG002
        return None

    def classes(self, folders: Sequence[str]) -> tuple[str, ...]:  # noqa: ARG002
        return ()


def table_stamp(reading: Reading) -> str:
    """What changes when the table that a reading takes the labels from does; empty where there is none."""
    kind, _, rest = reading.labels.partition(":")
    if kind != "csv":
        return ""
    try:
        status = (Path(reading.root) / Path(TableChoice.parse(rest).file).expanduser()).stat()
    except OSError:
        return "gone"
    return f"{status.st_size} {status.st_mtime_ns}"


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


def folder_inside(found: Dataset, folder: PurePath) -> Reading:
    """To read one folder of what was found without leaving the root: the classes are the folders in it.

    Args:
        found: What was found.
        folder: Absolute path of a folder in it.

    Raises:
        ValueError: If it doesn't lie in what was found.
    """
    inside = folder.relative_to(found.root).parts
    tops = {path.split("/", 1)[0] for path in map(_path, photos(found)) if "/" in path}
    return Reading(found.root, level=len(inside) + 1, parts=False, left_out=frozenset(tops.difference(inside[:1])))


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


def revealed(dataset: Dataset, reading: Reading) -> Reading:
    """The same reading with the photos in hidden folders; one at the top is a class without the dot of its name."""
    tops = {folder for folder in hidden_folders(dataset) if "/" not in folder}
    shown = {top: top.lstrip(".") for top in sorted(tops) if top.lstrip(".") != top}
    return replace(reading, hidden=True, merged={**shown, **reading.merged})


def lies_hidden(path: str) -> bool:
    """Whether a file lies in a folder that is hidden by its name."""
    return any(name.startswith(".") for name in path.split("/")[:-1])


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


def _without_hidden(dataset: Dataset, folders: frozenset[str]) -> tuple[Dataset, frozenset[str]]:
    """The data set with the photos of hidden folders set aside, where they were read before, and the other folders."""
    if not any(lies_hidden(photo.path) for photo in photos(dataset)):
        return dataset, folders

    def shown(files: Sequence[_File]) -> tuple[_File, ...]:
        return tuple(file for file in files if not lies_hidden(file.path))

    known: list[Sample | Rejected] = [*photos(dataset), *dataset.rejected]
    aside = [Ignored(file.path, "hidden") for file in known if lies_hidden(file.path)]
    return replace(
        dataset,
        samples=shown(dataset.samples),
        unlabelled=shown(dataset.unlabelled),
        rejected=shown(dataset.rejected),
        ignored=tuple(sorted((*dataset.ignored, *aside), key=_path)),
    ), frozenset(name for name in folders if not name.startswith("."))


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
