"""Folders as people have them, and what is to be made of each: a table, and the script that makes the files."""

import hashlib
import io
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import pytest
from PIL import Image

Files = Mapping[str, bytes]
Counts = Mapping[str, int]

MP4 = b"\x00\x00\x00\x18ftypmp42" + bytes(32)
ZIP = b"PK\x05\x06" + bytes(18)  # an archive with nothing in it
RAW = b"II*\x00" + bytes(64)


@dataclass(frozen=True)
class Layout:
    """One messy folder.

    Attributes:
        name: Of the layout.
        photos: How many photos lie in each folder.
        names: Their names, by folder and number.
        others: Further files by path; an empty folder ends in "/".
        opened: The folder that a person chooses, below the one that is made.
        codes: Problems that are told, the most telling one first.
        fixed: Whether the fix of the first problem is taken; else the folder is read right, or explained, without.
        classes: Photos by class once the fix is taken; none where an explanation is all there can be.
        given: Photos by part that the folders give, once the fix is taken.
        root: Folder or archive that the fix leads to, where it leads to another one.
    """

    name: str
    photos: Counts
    codes: tuple[str, ...] = ()
    fixed: bool = False
    classes: Counts = field(default_factory=dict)
    given: Counts = field(default_factory=dict)
    names: Callable[[str, int], str] = lambda _folder, number: f"{number:03}.png"
    others: Files = field(default_factory=dict)
    opened: str = ""
    root: str = ""

    def make(self, folder: Path) -> Path:
        """Write the files; the folder to open."""
        numbers = count()
        for path, photos in self.photos.items():
            for number in range(photos):
                write(folder / path / self.names(path, number), png(next(numbers)))
        for path, content in self.others.items():
            if path.endswith("/"):
                (folder / path).mkdir(parents=True)
            else:
                write(folder / path, content)
        return folder / self.opened

    def expected_files(self) -> Iterator[str]:
        """Paths of all files, as the table calls them."""
        for path, photos in self.photos.items():
            yield from (f"{path}/{self.names(path, number)}".lstrip("/") for number in range(photos))
        yield from (path for path in self.others if not path.endswith("/"))


@contextmanager
def laid_out(layout: Layout, home: Path) -> Iterator[Path]:
    """The folder that a person opens; whatever is done with it in the block, no file of it may change."""
    # A name for a person, and a parent in which nothing else lies.
    folder = home / "Photos"
    folder.mkdir(parents=True)
    opened = layout.make(folder)
    if set(state(folder)) != set(layout.expected_files()):
        pytest.skip("this file system can't tell these names apart")
    with unchanged(folder):
        yield Path(os.path.normpath(opened))


@contextmanager
def unchanged(folder: Path) -> Iterator[None]:
    """Every file is the same after the block as before."""
    before = state(folder)
    yield
    after = state(folder)
    changed = sorted({path for path, _ in before.items() ^ after.items()})
    if changed:
        pytest.fail(f"files that are others now: {changed}")


def state(folder: Path) -> dict[str, tuple[str, int, int]]:
    """Digest, size and time of change of every file."""
    files = ((path, path.stat()) for path in folder.rglob("*") if path.is_file())
    return {
        path.relative_to(folder).as_posix(): (
            hashlib.sha256(path.read_bytes()).hexdigest(), status.st_size, status.st_mtime_ns,
        )
        for path, status in files
    }  # fmt: skip


def write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def png(number: int) -> bytes:
    """A photo that no other number gives."""
    buffer = io.BytesIO()
    Image.new("RGB", (8, 8), (number % 256, number // 256, 90)).save(buffer, "PNG")
    return buffer.getvalue()


def of_class(folder: str, number: int) -> str:
    """Collection 002's names in a flat folder."""
    return f"{'cat' if number % 2 else 'dog'}.{number}.png" if folder != "test1" else f"{number}.png"


def prefixed(folder: str, number: int) -> str:
    """Collection 001's names: the class stands before the name where no folder says it."""
    name = NOODLES[number % 2]
    return f"{name}_{number:05}.png" if folder.endswith("test") else f"{number:05}.png"


def nest(*parts: tuple[str, int], classes: tuple[str, ...] = ("cats", "dogs")) -> dict[str, int]:
    return {f"{part}/{name}": photos for part, photos in parts for name in classes}


TWO = {"cats": 4, "dogs": 5}
NOODLES = ("noodle_soup", "noodles_fried")
FLOWERS = 3 * (b"rose", b"tulip")
HONOURED = ("split_honoured",)

LAYOUTS = (
    # Read right as they are.
    Layout("class folders", TWO, classes=TWO),
    Layout("photos at many depths", {"cats": 2, "cats/in/door": 2, "dogs/a": 5}, classes=TWO),
    Layout(
        "system files among them",
        TWO,
        classes=TWO,
        others={"Thumbs.db": b"x", "cats/.DS_Store": b"x", "__MACOSX/cats/._1.png": b"x", "cats/._000.png": b"x"},
    ),
    Layout(
        "thumbnails of a network drive",
        TWO,
        classes=TWO,
        others={"cats/@eaDir/000.png/SYNOPHOTO_THUMB_M.png": png(9000), ".ipynb_checkpoints/a.png": png(9001)},
    ),
    Layout(
        "vehicles, one of them trains", {"car": 4, "train": 4, "plane": 4}, classes={"car": 4, "train": 4, "plane": 4}
    ),
    Layout("numbered classes", {"Leaf_01": 4, "Leaf_02": 4}, classes={"Leaf_01": 4, "Leaf_02": 4}),
    # Shared out by folders.
    Layout(
        "train, val, test",
        nest(("train", 6), ("val", 3), ("test", 3)),
        HONOURED,
        classes={"cats": 12, "dogs": 12},
        given={"train": 12, "validation": 6, "test": 6},
    ),
    Layout(
        "Training and TEST SET",
        nest(("Training", 6), ("TEST SET", 3)),
        HONOURED,
        classes={"cats": 9, "dogs": 9},
        given={"train": 12, "test": 6},
    ),
    Layout(
        "01_train, 02_dev, 03_holdout",
        nest(("01_train", 6), ("02_dev", 3), ("03_hold-out", 3)),
        HONOURED,
        classes={"cats": 12, "dogs": 12},
        given={"train": 12, "validation": 6, "test": 6},
    ),
    Layout(
        "a flat exam folder",
        {**nest(("noodles_train", 6), ("noodles_validate", 3), classes=NOODLES), "noodles_test": 4},
        HONOURED,
        names=prefixed,
        classes={"noodle_soup": 11, "noodles_fried": 11},
        given={"train": 12, "validation": 6, "test": 4},
    ),
    Layout(
        "an exam without answers",
        {**nest(("train", 6), ("val", 3)), "test/unknown": 4},
        ("unlabelled_photos", "split_honoured"),
        classes={"cats": 9, "dogs": 9},
        given={"train": 12, "validation": 6, "test": 4},
    ),
    Layout(
        "nests packed twice",
        nest(("train/train", 6), ("test/test", 3)),
        HONOURED,
        classes={"cats": 9, "dogs": 9},
        given={"train": 12, "test": 6},
    ),
    Layout(
        "parts within classes",
        {f"{name}/{part}": 4 for name in TWO for part in ("train", "valid")},
        HONOURED,
        classes={"cats": 8, "dogs": 8},
        given={"train": 8, "validation": 8},
    ),
    Layout(
        "nests one folder down",
        nest(("data/train", 6), ("data/val", 3)),
        ("one_folder_too_high",),
        fixed=True,
        classes={"cats": 9, "dogs": 9},
        given={"train": 12, "validation": 6},
        root="data",
    ),
    Layout(
        "nests beside the classes they came from",
        {**nest(("train", 6), ("val", 3)), **TWO},
        ("mixed_split_and_classes",),
        fixed=True,
        classes={"cats": 9, "dogs": 9},
        given={"train": 12, "validation": 6},
    ),
    Layout(
        "one part beside the classes",
        {**nest(("train", 6)), **TWO},
        ("mixed_split_and_classes",),
        fixed=True,
        classes=TWO,
    ),
    Layout(
        "a flat exam folder beside the classes",
        {**TWO, "test": 5},
        ("mixed_split_and_classes",),
        fixed=True,
        classes=TWO,
    ),
    Layout(
        "parts without classes",
        {"train": 6, "val": 4},
        ("parts_without_classes",),
        names=lambda _folder, number: f"IMG_{number}.png",
    ),
    Layout(
        "collection 002 as it is downloaded",
        {"train": 8, "test1": 4},
        ("labels_in_file_names",),
        fixed=True,
        names=of_class,
        classes={"cat": 4, "dog": 4},
    ),
    # The wrong level.
    Layout(
        "one folder too high",
        {f"pets/{name}": 4 for name in TWO},
        ("one_folder_too_high",),
        fixed=True,
        classes={"cats": 4, "dogs": 4},
        root="pets",
    ),
    Layout(
        "three folders too high",
        {f"a/b/c/{name}": 4 for name in TWO},
        ("one_folder_too_high",),
        fixed=True,
        classes={"cats": 4, "dogs": 4},
        root="a/b/c",
    ),
    Layout(
        "too high with a cover photo",
        {"": 1, "pets": 1, **{f"pets/{name}": 14 for name in TWO}},
        ("one_folder_too_high",),
        fixed=True,
        classes={"cats": 14, "dogs": 14},
        root="pets",
    ),
    Layout("one folder too low", TWO, ("one_folder_too_low",), fixed=True, classes=TWO, opened="cats", root="."),
    Layout(
        "too low, with folders inside",
        {"cats/in": 4, "dogs": 5},
        ("one_folder_too_low",),
        fixed=True,
        classes=TWO,
        opened="cats",
        root=".",
    ),
    Layout(
        "classes inside of years",
        {f"{year}/{name}": 4 for year in (2023, 2024) for name in TWO},
        ("classes_further_down",),
        fixed=True,
        classes={"cats": 8, "dogs": 8},
    ),
    # Classes.
    Layout("one class only", {"cats": 6}, ("too_few_classes",), names=lambda _folder, number: f"IMG_{number:04}.png"),
    Layout(
        "empty classes",
        TWO,
        ("empty_class",),
        fixed=True,
        classes=TWO,
        others={"birds/": b"", "fish/notes.txt": b"soon"},
    ),
    Layout("a class of two photos", {**TWO, "fish": 2}, ("too_few_photos",), fixed=True, classes=TWO),
    Layout(
        "case, blanks and a dash",
        {"Dog": 5, "dogs ": 3, "dog-": 3, "cat": 4},
        ("near_equal_classes",),
        fixed=True,
        classes={"Dog": 11, "cat": 4},
    ),
    Layout(
        "letters stored in two ways",
        {"caf\u00e9": 4, "cafe\u0301": 3, "tea": 4},
        ("near_equal_classes",),
        fixed=True,
        classes={"caf\u00e9": 7, "tea": 4},
    ),
    Layout(
        "a slip of the pen",
        {"butterfly": 5, "buterfly": 3, "moth": 4},
        ("misspelt_classes",),
        fixed=True,
        classes={"butterfly": 8, "moth": 4},
    ),
    Layout(
        "a split in two spellings",
        {"train/Cats": 6, "train/dogs": 6, "val/cats": 4, "val/dogs": 4},
        ("near_equal_classes", "split_honoured"),
        fixed=True,
        classes={"Cats": 10, "dogs": 10},
        given={"train": 12, "validation": 8},
    ),
    # Labels elsewhere.
    Layout(
        "labels in file names",
        {"": 8},
        ("labels_in_file_names",),
        fixed=True,
        names=of_class,
        classes={"cat": 4, "dog": 4},
    ),
    Layout(
        "labels in file names of one folder",
        {"all": 8},
        ("labels_in_file_names",),
        fixed=True,
        names=lambda _folder, number: f"{number:03}_{'green jay' if number % 2 else 'grebe'}.png",
        classes={"green jay": 4, "grebe": 4},
    ),
    Layout(
        "a table of labels",
        {"images": 6},
        ("table_of_labels",),
        fixed=True,
        classes={"rose": 3, "tulip": 3},
        others={"labels.csv": b"file,label\n" + b"".join(b"images/%03d.png,%s\n" % row for row in enumerate(FLOWERS))},
    ),
    Layout(
        "a table with columns of other names",
        {"": 6},
        ("table_of_labels",),
        fixed=True,
        names=lambda _folder, number: f"DSC_{number:04}.png",
        classes={"rose": 3, "tulip": 3},
        others={"Garten.csv": b"Bild;Art\r\n" + b"".join(b"DSC_%04d.png;%s\r\n" % row for row in enumerate(FLOWERS))},
    ),
    Layout(
        "a table of cameras",
        {"": 6},
        ("no_class_folders",),
        names=lambda _folder, number: f"DSC_{number:04}.png",
        others={"exif.csv": b"image,iso\n" + b"".join(b"DSC_%04d.png,%d00\n" % (n, n % 2 + 1) for n in range(6))},
    ),
    Layout(
        "flat, and nothing says what is what",
        {"": 6},
        ("no_class_folders",),
        names=lambda _folder, number: f"DSC_{number:04}.png",
        opened=".",
    ),
    # Hidden, or no photos.
    Layout("a hidden class", {**TWO, ".birds": 4}, ("hidden_photos",), fixed=True, classes={**TWO, "birds": 4}),
    Layout(
        "all classes hidden",
        {".cats": 4, ".dogs": 4},
        ("only_hidden_photos",),
        fixed=True,
        classes={"cats": 4, "dogs": 4},
    ),
    Layout("only videos", {}, ("only_videos",), others={f"cats/{n}.mp4": MP4 for n in range(3)} | {"dogs/a.MOV": MP4}),
    Layout("only raw files", {}, ("only_raw_files",), others={f"cats/{n}.cr2": RAW for n in range(3)}),
    Layout("an archive in a folder", {}, ("only_archives",), fixed=True, others={"photos.zip": ZIP}, root="photos.zip"),
    Layout("archives that can't be opened", {}, ("only_archives",), others={"cats.rar": b"Rar!", "dogs.rar": b"Rar!"}),
    Layout("an archive beside photos", TWO, ("archives_inside",), classes=TWO, others={"old.zip": ZIP}),
    Layout("nothing at all", {}, ("no_photos",), others={"empty/": b""}),
    Layout("nothing but broken photos", {}, ("nothing_readable",), others={"cats/a.jpg": b"", "dogs/b.png": b"text"}),
)
