"""The ways in which a folder could be read: its levels, a pattern that fits its names, its tables."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tlstudio.datasets.dataset import Dataset
from tlstudio.datasets.doctor.label_sources import fitting_pattern, tables_inside
from tlstudio.datasets.reading.name_patterns import FileNamePattern
from tlstudio.datasets.reading.nests import find_nest, parts_of
from tlstudio.datasets.reading.preview import LevelExample, folder_levels, read_paths
from tlstudio.datasets.reading.reading import Reading, hidden_photos, lies_hidden, revealed
from tlstudio.datasets.reading.relabel import photos
from tlstudio.events import CancelToken

_NAMES_LOOKED_AT = 5_000


@dataclass(frozen=True, slots=True)
class Ways:
    """What there is to choose from.

    Attributes:
        levels: Levels of folders that photos lie in, the one at the top first.
        pattern: A ready pattern that finds classes in the names of the photos; None if none does.
        tables: Paths of the tables in the folder, those at the top first.
        parted: Whether the folders at the top are called train, test and the like.
        nested: Whether such folders hold the folders of the classes.
        hidden: Number of photos in hidden folders.
        shown: What classes are called that are hidden folders at the top, by the name of the folder.
    """

    levels: tuple[LevelExample, ...] = ()
    pattern: FileNamePattern | None = None
    tables: tuple[str, ...] = ()
    parted: bool = False
    nested: bool = False
    hidden: int = 0
    shown: Mapping[str, str] = field(default_factory=dict)


def find_ways(files: Dataset, reading: Reading, *, token: CancelToken) -> Ways:
    """Look for the ways to read a folder, by the paths of its files alone.

    Args:
        files: As ``apply_reading`` takes it.
        reading: How it is read now; folders that this leaves out don't count.
        token: Stops it soon.

    Raises:
        Cancelled: After ``token.cancel()``.
    """
    paths = read_paths(files, reading)
    fitting = fitting_pattern(paths[:: len(paths) // _NAMES_LOOKED_AT + 1])
    token.check()
    return Ways(
        levels=folder_levels(paths, token=token),
        pattern=None if fitting is None else fitting[0],
        tables=tables_inside(files),
        parted=parts_of({path.split("/", 1)[0] for path in paths if "/" in path}) is not None,
        nested=find_nest(paths) is not None,
        hidden=len(hidden_photos(files)) + sum(lies_hidden(photo.path) for photo in photos(files)),
        shown=revealed(files, Reading(files.root)).merged,
    )
