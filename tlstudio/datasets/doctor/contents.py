"""Folders that hold no photo that can be read: what they hold instead."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path, PurePosixPath

from tlstudio import paths
from tlstudio.datasets.dataset import Dataset
from tlstudio.datasets.doctor.problem import Fix, Problem, read_instead
from tlstudio.datasets.doctor.wording import listed, quoted
from tlstudio.datasets.formats import is_raw, looks_like_image
from tlstudio.datasets.reading.reading import Reading, hidden_folders, hidden_photos, lies_hidden, revealed
from tlstudio.datasets.sources.archives import ARCHIVE_ENDINGS
from tlstudio.wording import counted, in_quotes

VIDEO_EXTENSIONS = frozenset(
    (
        ".3gp", ".avi", ".flv", ".m2ts", ".m4v", ".mkv", ".mov", ".mp4", ".mpeg", ".mpg", ".mts", ".ogv", ".ts",
        ".webm", ".wmv",
    )
)  # fmt: skip
OTHER_ARCHIVES = (".7z", ".rar")


def nothing_there(dataset: Dataset, reading: Reading) -> Problem | None:
    """No photo that can be read."""
    if dataset.samples or dataset.unlabelled:
        return None
    found = (
        _only_raw(dataset)
        or _nothing_readable(dataset)
        or _only_hidden(dataset, reading)
        or _only_dotted(dataset)
        or _only_archives(dataset)
        or _only_videos(dataset)
    )
    return found or Problem(
        "no_photos",
        f"There are no photos in {_name(dataset)}.",
        "Choose a folder that holds one folder of photos for each class.",
        "blocking",
    )


def archives_beside_photos(dataset: Dataset) -> Iterable[Problem]:
    """Archives that may hold more photos."""
    archives = _archives(dataset)
    if archives and dataset.samples:
        verb = "is not" if len(archives) == 1 else "are not"
        yield Problem(
            "archives_inside",
            f"{counted(len(archives), 'archive')} in this folder {verb} opened: {quoted(archives)}.",
            "The photos beside it are read. To read an archive, open the archive itself.",
            "note",
            fix=_open_only(dataset, archives),
        )


def hidden_inside(dataset: Dataset, reading: Reading) -> Iterable[Problem]:
    """Photos in hidden folders, beside others."""
    if not reading.hidden and (count := len(hidden_photos(dataset))):
        folders = hidden_folders(dataset)
        verb = "lies" if count == 1 else "lie"
        yield Problem(
            "hidden_photos",
            f"{counted(count, 'photo')} {verb} in hidden folders: {quoted(folders)}.",
            "They are left aside unless you read them too.",
            "warning",
            fix=_reveal(dataset, reading),
        )


def _name(dataset: Dataset) -> str:
    """What the folder is called, in quotes."""
    return in_quotes(Path(dataset.root).name or dataset.root)


def _only_raw(dataset: Dataset) -> Problem | None:
    """Raw camera files whose picture can't be read."""
    if not dataset.rejected or not all(is_raw(file.path) for file in dataset.rejected):
        return None
    paths = [file.path for file in dataset.rejected]
    return Problem(
        "only_raw_files",
        f"All {counted(len(paths), 'photo')} in {_name(dataset)} are raw camera files ({_endings(paths)}), "
        "which can't be read here.",
        "Save them as JPEG or PNG with the program of your camera, and choose the folder with the copies.",
        "blocking",
    )


def _nothing_readable(dataset: Dataset) -> Problem | None:
    if not dataset.rejected:
        return None
    return Problem(
        "nothing_readable",
        f"None of the {counted(len(dataset.rejected), 'photo')} in {_name(dataset)} can be read.",
        f"The first one: {dataset.rejected[0].path}. {dataset.rejected[0].reason}",
        "blocking",
    )


def _only_hidden(dataset: Dataset, reading: Reading) -> Problem | None:
    count = len(hidden_photos(dataset))
    if reading.hidden or not count:
        return None
    verb = "lies in a hidden folder" if count == 1 else "lie in hidden folders"
    return Problem(
        "only_hidden_photos",
        f"{counted(count, 'photo')} in {_name(dataset)} {verb}: {quoted(hidden_folders(dataset))}. "
        "There are no others.",
        "Read the hidden folders too, or choose another folder.",
        "blocking",
        fix=_reveal(dataset, reading),
    )


def _only_dotted(dataset: Dataset) -> Problem | None:
    """Photos whose own names hide them, in folders that are not hidden."""
    hidden = [PurePosixPath(file.path) for file in dataset.ignored if file.kind == "hidden"]
    count = sum(looks_like_image(path) and path.name.startswith(".") and not lies_hidden(str(path)) for path in hidden)
    if not count:
        return None
    subject, them = ("has a name that begins", "it") if count == 1 else ("have names that begin", "them")
    return Problem(
        "only_dotted_photos",
        f"{counted(count, 'photo')} in {_name(dataset)} {subject} with a dot, which hides {them}. There are no others.",
        f"Rename {them} without the dot, then open the folder again.",
        "blocking",
    )


def _only_archives(dataset: Dataset) -> Problem | None:
    archives = _archives(dataset)
    if not archives:
        return None
    fix = _open_only(dataset, archives)
    hint = "Open the archive instead: its photos are read without changing it."
    if len(archives) > 1:
        hint = "Unpack each into a folder of its own, or open one of them instead of this folder."
    elif fix is None:
        hint = "Unpack it with the program that made it, and choose the folder that comes out."
    return Problem(
        "only_archives",
        f"{_name(dataset)} holds no photos, but {counted(len(archives), 'archive')}: {quoted(archives)}.",
        hint,
        "blocking",
        fix=fix,
    )


def _only_videos(dataset: Dataset) -> Problem | None:
    videos = [file.path for file in dataset.ignored if PurePosixPath(file.path).suffix.lower() in VIDEO_EXTENSIONS]
    videos = [path for path in videos if not PurePosixPath(path).name.startswith(".")]
    if not videos:
        return None
    return Problem(
        "only_videos",
        f"{_name(dataset)} holds {counted(len(videos), 'video')} ({_endings(videos)}) and no photos.",
        "Save single pictures of each video as JPEG, a folder for each class, and choose the folder that holds them.",
        "blocking",
    )


def _archives(dataset: Dataset) -> list[str]:
    endings = ARCHIVE_ENDINGS + OTHER_ARCHIVES
    shown = (file.path for file in dataset.ignored if file.kind == "other")
    return [path for path in shown if path.lower().endswith(endings)]


def _open_only(dataset: Dataset, archives: list[str]) -> Fix | None:
    """To open the archive, if it is the only one, of a kind that is opened here, and doesn't lie in another archive."""
    if Path(dataset.root).is_relative_to(paths.cache_dir()):
        return None  # a project of it would end with the cache
    if len(archives) != 1 or not archives[0].lower().endswith(ARCHIVE_ENDINGS):
        return None
    return replace(read_instead(str(dataset.absolute(archives[0]))), title=f"Open “{PurePosixPath(archives[0]).name}”")


def _reveal(dataset: Dataset, reading: Reading) -> Fix:
    return Fix("Read them too", revealed(dataset, reading))


def _endings(paths: Iterable[str]) -> str:
    """How many of each ending: "3 .mp4, 1 .mov"."""
    counts = Counter(PurePosixPath(path).suffix.lower() for path in paths)
    return listed([f"{count:,} {ending}" for ending, count in counts.most_common()])
