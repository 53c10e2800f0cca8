"""What would come of a reading: classes, photos without one, and where in a path the class stands. Opens no photo."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

from tlstudio.datasets.dataset import Dataset, Part
from tlstudio.datasets.reading.labels import CsvLabels, FileNameLabels, LabelRule, LevelLabels
from tlstudio.datasets.reading.reading import Reading, hidden_photos, lies_hidden, rule_for
from tlstudio.datasets.reading.relabel import photos
from tlstudio.events import CancelToken

EXAMPLES = 5
"""Names that are shown of each kind."""

DEEPEST_LEVEL = 5
"""As far down as folders are offered as classes."""

_PATHS_BETWEEN_CHECKS = 4096


@dataclass(frozen=True, slots=True)
class MarkedPath:
    """A path in which the part that is the class is known.

    Attributes:
        path: Relative to the folder, with forward slashes.
        start: Where the class begins.
        end: Where it ends; equal to ``start`` where the path doesn't say the class.
        class_name: The class.
    """

    path: str
    start: int
    end: int
    class_name: str


@dataclass(frozen=True, slots=True)
class ReadingPreview:
    """What a reading gives.

    Attributes:
        counts: Photos by class, the largest class first.
        without: Paths of the photos that get no class.
        examples: Photos with a class, of different classes where there are any.
        parts: Photos by part of the split, where folders give it.
        missing: What a table names and isn't there.
        extra: Photos that a table doesn't name.
        unread: How many of the photos lie in hidden folders that have not been read yet.
    """

    counts: Mapping[str, int]
    without: tuple[str, ...] = ()
    examples: tuple[MarkedPath, ...] = ()
    parts: Mapping[Part, int] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()
    unread: int = 0


@dataclass(frozen=True, slots=True)
class LevelExample:
    """A level of folders that could be the classes.

    Attributes:
        level: 1 for the folder at the top.
        classes: How many different names there are.
        example: A photo that lies so deep.
    """

    level: int
    classes: int
    example: MarkedPath


def preview_reading(files: Dataset, reading: Reading, *, token: CancelToken) -> ReadingPreview:
    """Read a folder otherwise, from the paths of its photos alone.

    Args:
        files: As ``apply_reading`` takes it.
        reading: Of the same folder.
        token: Stops it soon.

    Raises:
        TLStudioError: If the label rule can't be used.
        Cancelled: After ``token.cancel()``.
    """
    unread = hidden_photos(files) if reading.hidden else ()
    paths = read_paths(files, reading)
    rule = rule_for(paths, reading)
    labelled: dict[str, str] = {}
    for number, path in enumerate(paths):
        if number % _PATHS_BETWEEN_CHECKS == 0:
            token.check()
        label = rule.labels.label(path)
        if label:
            labelled[path] = reading.merged.get(label, label)
    counts = Counter(labelled.values())
    parts = Counter(part for path in paths if (part := rule.part(path))) if rule.part is not None else {}
    table = rule.labels if isinstance(rule.labels, CsvLabels) else None
    return ReadingPreview(
        counts=dict(sorted(counts.items(), key=lambda entry: (-entry[1], entry[0]))),
        without=tuple(path for path in paths if path not in labelled),
        examples=tuple(_marked(rule.labels, path, labelled[path]) for path in _examples(labelled)),
        parts=parts,
        missing=table.missing(_every_path(files)) if table is not None else (),
        extra=table.extra(paths) if table is not None else (),  # noqa: S610 - no Django
        unread=len(unread),
    )


def read_paths(files: Dataset, reading: Reading) -> list[str]:
    """Paths of the photos that a reading takes, sorted: not those of folders that it leaves out."""
    known = (photo.path for photo in photos(files) if reading.hidden or not lies_hidden(photo.path))
    every = chain(known, hidden_photos(files) if reading.hidden else ())
    return sorted(path for path in every if path.split("/", 1)[0] not in reading.left_out or "/" not in path)


def folder_levels(paths: Iterable[str], *, token: CancelToken) -> tuple[LevelExample, ...]:
    """The levels of folders that photos lie in, the one at the top first, with an example each.

    Raises:
        Cancelled: After ``token.cancel()``.
    """
    names: list[dict[str, str]] = [{} for _ in range(DEEPEST_LEVEL)]
    for number, path in enumerate(paths):
        if number % _PATHS_BETWEEN_CHECKS == 0:
            token.check()
        for seen, folder in zip(names, path.split("/")[:-1], strict=False):
            seen.setdefault(folder, path)
    return tuple(
        LevelExample(level, len(seen), _marked(LevelLabels(level), *min((path, name) for name, path in seen.items())))
        for level, seen in enumerate(names, start=1)
        if seen
    )


def _every_path(files: Dataset) -> list[str]:
    groups: Sequence[Iterable[str]] = (
        (photo.path for photo in photos(files)),
        (file.path for file in files.rejected),
        (file.path for file in files.ignored),
    )
    return list(chain.from_iterable(groups))


def _examples(labelled: Mapping[str, str]) -> list[str]:
    """A photo of each of the first classes; where there are fewer classes, more of each."""
    firsts: dict[str, str] = {}
    for path, name in labelled.items():
        firsts.setdefault(name, path)
    chosen = sorted(firsts.values())[:EXAMPLES]
    step = max(len(labelled) // EXAMPLES, 1)
    others = [path for path in list(labelled)[step - 1 :: step] if path not in chosen]
    return [*chosen, *others[: EXAMPLES - len(chosen)]]


def _marked(rule: LabelRule, path: str, class_name: str) -> MarkedPath:
    start, end = _span(rule, path)
    return MarkedPath(path, start, end, class_name)


def _span(rule: LabelRule, path: str) -> tuple[int, int]:
    """Where in a path its label stands; (0, 0) where it doesn't."""
    if isinstance(rule, CsvLabels):
        return 0, 0
    if isinstance(rule, FileNameLabels):
        return rule.span(path)
    label = rule.label(path) or ""
    names = path.split("/")
    place = len(names) - 1
    if isinstance(rule, LevelLabels):
        place = rule.level - 1
    elif label in names[:-1]:
        place -= names[-2::-1].index(label) + 1
    elif not names[-1].startswith(label):
        return 0, 0
    start = sum(len(name) + 1 for name in names[:place])
    return start, start + len(label)
