"""Every source of photos, opened in the real window as a person does: what is then seen, and no file changed."""

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from messy_layouts import MP4, png, unchanged
from packed_photos import CIFAR_NAMES, batch, cifar_photos, files_of, meta, mnist, pack
from person import Person
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFileDialog, QLineEdit, QMenu
from pytestqt.qtbot import QtBot

from tlstudio import paths
from tlstudio.ui.tabs.dataset.reading.panel import ReadingPanel
from tlstudio.ui.widgets.header import Header
from tlstudio.ui.widgets.message_bar import MessageBar
from tlstudio.ui.widgets.photo_grid import PhotoGrid

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

ClassFolders = Callable[..., Path]
PARTS = ("To learn from", "To check", "Final exam")


@pytest.fixture
def flat(tmp_path: Path) -> Path:
    """Twelve photos in one folder, called ``cat.0.png`` to ``dog.11.png`` in turn."""
    folder = tmp_path / "flat"
    folder.mkdir()
    for number in range(12):
        (folder / f"{('cat', 'dog')[number % 2]}.{number}.png").write_bytes(png(number))
    return folder


def shown_in_header(person: Person) -> str:
    return str(person.see(Header).project.accessibleName())  # type: ignore[attr-defined]


def assert_ready(person: Person, classes: dict[str, int]) -> None:
    """These classes are listed, all their photos are in the grid, and the way to Train is free."""
    photos, total = person.window.session.photos, sum(classes.values())
    assert person.classes() == classes
    assert person.chips()["All photos"] == len(person.see(PhotoGrid).items()) == total  # type: ignore[attr-defined]
    assert "Ready to train" in person.next_step
    assert f"{total} photos in {len(classes)} classes." in person.next_step
    assert person.button("Train").isEnabled()
    assert person.message is None
    assert photos.split is not None
    assert person.page.state().text == f"{total} photos"


# Folders


def test_class_folders(person: Person, class_folders: ClassFolders) -> None:
    folder = class_folders({"daisy": 8, "rose": 6}, name="Garden flowers")
    with unchanged(folder):
        person.open(folder)
        assert_ready(person, {"daisy": 8, "rose": 6})
    assert "Garden flowers" in shown_in_header(person)
    assert sum(person.chips()[part] for part in PARTS) == 14


@pytest.mark.parametrize("way", ["menu", "frame", "place"])
def test_a_folder_by_other_ways(
    person: Person, class_folders: ClassFolders, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    folder = class_folders({"daisy": 4, "rose": 4})
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(folder))
    person.window.open("model")
    ways: dict[str, Callable[[], None]] = {
        "menu": lambda: entry(person, "Open a folder of photos…").trigger(),
        "frame": lambda: person.drop(folder, on=person.window),
        "place": lambda: person.window.open_place(folder),
    }
    person.during_reading(ways[way])
    assert_ready(person, {"daisy": 4, "rose": 4})


def entry(person: Person, words: str) -> QAction:
    """The entry of the menu under the name of the project."""
    menu = person.see(Header).project.menu()  # type: ignore[attr-defined]
    assert isinstance(menu, QMenu)
    return next(action for action in menu.actions() if action.text() == words)


@pytest.mark.parametrize(
    "spelling",
    [
        "{part}/{name}:train,val,test",
        "{part}/{name}:Training,Validation,TEST SET",
        "{part}/{name}:01_train,02_dev,03_hold-out",
        "{name}/{part}:train,valid,testing",
        "pets_{part}/{name}:train,val,test",
    ],
)
def test_folders_that_share_the_photos_out(person: Person, class_folders: ClassFolders, spelling: str) -> None:
    form, _, parts = spelling.partition(":")
    numbers = dict(zip(parts.split(","), (5, 3, 2), strict=True))
    places = {form.format(part=part, name=name): count for name in ("cat", "dog") for part, count in numbers.items()}
    folder = class_folders(places)
    with unchanged(folder):
        person.open(folder)
        assert_ready(person, {"cat": 10, "dog": 10})
    assert [person.chips()[part] for part in PARTS] == [10, 6, 4]
    assert "The photos are shared out by folders already" in person.words()
    assert "Classes and parts come from the folder names" in person.words()
    person.press("Final exam, 4")
    shown = {item.path.relative_to(folder).as_posix() for item in person.see(PhotoGrid).items()}  # type: ignore[attr-defined]
    exam = parts.split(",")[2]
    assert len(shown) == 4
    assert all(exam in path for path in shown)


def test_labels_in_file_names_by_the_button(person: Person, flat: Path) -> None:
    with unchanged(flat):
        person.open(flat)
        assert person.classes() == {}
        assert "Not ready to train yet" in person.next_step
        assert person.message is not None
        title = person.message.fix
        person.during_change(lambda: person.press(title, person.see(MessageBar)))
        assert_ready(person, {"cat": 6, "dog": 6})
        assert "Classes come from the file names" in person.words()
        person.undo()
        assert person.classes() == {}


def test_labels_in_file_names_by_the_panel(person: Person, qtbot: QtBot, flat: Path) -> None:
    with unchanged(flat):
        person.open(flat)
        person.press("More ways to read it…", person.see(MessageBar))
        panel = person.see(ReadingPanel)
        person.wait(lambda: "Looking at the folder…" not in person.words(panel))
        person.press("File names", panel)
        person.wait(lambda: "2 classes, 12 photos" in person.words(panel))
        person.during_change(lambda: person.press("Read them like this", panel))
        assert_ready(person, {"cat": 6, "dog": 6})
    field = person.see(QLineEdit, lambda edit: edit.accessibleName() == "Find by name")
    qtbot.keyClicks(field, "cat.10")
    assert [item.path.name for item in person.see(PhotoGrid).items()] == ["cat.10.png"]  # type: ignore[attr-defined]


@pytest.mark.parametrize(("name", "separator", "encoding"), [("a.csv", ";", "utf-16"), ("b.tsv", "\t", "cp1252")])
def test_a_table_of_labels(person: Person, flat: Path, name: str, separator: str, encoding: str) -> None:
    kinds = {"cat": "Löwe", "dog": "Bär"}
    rows = [("file", "class"), *((path.name, kinds[path.name[:3]]) for path in sorted(flat.iterdir()))]
    rows = [*rows[:-1], ("gone.png", "Bär")]  # one file of the table isn't there, one photo isn't in it
    (flat / name).write_bytes("\n".join(separator.join(row) for row in rows).encode(encoding))
    with unchanged(flat):
        person.open(flat)
        assert person.message is not None
        title = person.message.fix
        assert name in title
        person.during_change(lambda: person.press(title, person.see(MessageBar)))
        assert person.classes() == {"Löwe": 6, "Bär": 5}
        assert person.chips()["No class"] == 1
        assert f"Classes come from “{name}”" in person.words()
        assert "Ready to train" in person.next_step
        person.undo()
        assert person.classes() == {}


# What is packed


@pytest.mark.parametrize("below", ["", "pets/"])
@pytest.mark.parametrize("ending", [".zip", ".tar.gz"])
def test_an_archive(person: Person, class_folders: ClassFolders, tmp_path: Path, ending: str, below: str) -> None:
    folder = class_folders({"cat": 4, "dog": 5})
    archive = pack(tmp_path / f"My pets{ending}", files_of(folder, below))
    archived = archive.read_bytes()
    person.open(archive)
    assert_ready(person, {"cat": 4, "dog": 5})
    assert shown_in_header(person).startswith("My pets,")
    assert archive.read_bytes() == archived


@pytest.mark.parametrize("way", ["menu", "frame"])
def test_an_archive_by_other_ways(
    person: Person, class_folders: ClassFolders, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    archive = pack(tmp_path / "pets.zip", files_of(class_folders({"cat": 4, "dog": 5})))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(archive), ""))
    person.window.open("model")
    ways: dict[str, Callable[[], None]] = {
        "menu": lambda: entry(person, "Open an archive of photos…").trigger(),
        "frame": lambda: person.drop(archive, on=person.window),
    }
    person.during_reading(ways[way])
    assert_ready(person, {"cat": 4, "dog": 5})


def test_an_archive_of_a_folder_that_is_shared_out(person: Person, class_folders: ClassFolders, tmp_path: Path) -> None:
    folder = class_folders({"train/cat": 5, "train/dog": 5, "test/cat": 3, "test/dog": 3})
    person.open(pack(tmp_path / "pets.tar.gz", files_of(folder, "pets/")))
    assert_ready(person, {"cat": 8, "dog": 8})
    assert person.chips()["Final exam"] == 6


@pytest.mark.parametrize("dropped", ["", "t10k-labels-idx1-ubyte.gz"])
def test_mnist_files(person: Person, tmp_path: Path, dropped: str) -> None:
    folder, pixels = tmp_path / "MNIST", np.random.default_rng(0).integers(0, 256, (24, 28, 28), np.uint8)
    mnist(folder, "train", photos=pixels[:16], labels=[3, 5] * 8)
    mnist(folder, "t10k", photos=pixels[16:], labels=[3, 5] * 4)
    with unchanged(folder):
        person.open(folder / dropped)
        assert_ready(person, {"3": 12, "5": 12})
    assert person.chips()["Final exam"] == 8


def test_cifar_files(person: Person, tmp_path: Path) -> None:
    folder = tmp_path / "cifar-10-batches-py"
    folder.mkdir()
    (folder / "data_batch_1").write_bytes(batch(cifar_photos(9, 1), [0, 1, 2] * 3))
    (folder / "test_batch").write_bytes(batch(cifar_photos(6, 2), [0, 1, 2] * 2))
    (folder / "batches.meta").write_bytes(meta())
    with unchanged(folder):
        person.open(folder)
        assert_ready(person, dict.fromkeys(CIFAR_NAMES, 5))
    assert person.chips()["Final exam"] == 6
    assert "cifar-10-batches-py" in shown_in_header(person)


# What can't be read, or not all of it


def test_an_archive_that_leads_out_of_its_folder(person: Person, class_folders: ClassFolders, tmp_path: Path) -> None:
    files = files_of(class_folders({"cat": 4, "dog": 4}), "pets/")
    archive = pack(tmp_path / "evil.zip", {**files, "../../../../harm.txt": b"x", "/tmp/harm.txt": b"x"})  # noqa: S108
    with unchanged(tmp_path / "photos"):
        person.open(archive)
    assert person.classes() == {"cat": 4, "dog": 4}
    assert "Ready to train" in person.next_step
    assert person.message is not None
    assert person.message.kind == "unsure"
    assert person.message.title.startswith("Left out of evil.zip: 2 entries (links, devices, or names that lead out")
    assert not list(paths.home_dir().rglob("harm.txt"))
    person.open(tmp_path / "photos")
    assert person.message is None, "it was about what was open before"


@pytest.mark.parametrize("attack", ["bomb", "cut short", "poison"])
def test_what_does_harm_is_refused_and_what_was_open_stays(
    person: Person, class_folders: ClassFolders, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, attack: str
) -> None:
    monkeypatch.chdir(tmp_path)
    person.open(class_folders({"cat": 4, "dog": 4}))
    place, says = harmful(attack, tmp_path)
    with unchanged(tmp_path / "photos"):
        person.open(place)
    assert person.message is not None
    assert person.message.kind == "wrong"
    assert says in person.message.title
    assert person.message.line.endswith(".")
    assert not (tmp_path / "harm.txt").exists()
    assert person.classes() == {"cat": 4, "dog": 4}
    assert "Ready to train" in person.next_step


def harmful(attack: str, folder: Path) -> tuple[Path, str]:
    """What is opened, and what is said of it."""
    if attack == "bomb":
        return pack(folder / "evil.zip", {"cats/1.jpg": bytes(300 << 20)}), "times its own size"
    if attack == "cut short":
        whole = pack(folder / "evil.tar.gz", {f"cats/{number}.jpg": os.urandom(5_000) for number in range(9)})
        whole.write_bytes(whole.read_bytes()[:-20_000])
        return whole, "evil.tar.gz"
    poisoned = folder / "cifar"
    poisoned.mkdir()
    (poisoned / "data_batch_1").write_bytes(b"\x80\x02cposix\nsystem\n(U\x0etouch harm.txttR.")
    return poisoned, "data_batch_1"


def test_nothing_but_videos(person: Person, tmp_path: Path) -> None:
    for name in ("cat/1.mp4", "cat/2.mp4", "dog/1.MOV"):
        (tmp_path / "clips" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "clips" / name).write_bytes(MP4)
    with unchanged(tmp_path / "clips"):
        person.open(tmp_path / "clips")
    assert person.message is not None
    assert person.message.title == "“clips” holds 3 videos (2 .mp4, 1 .mov) and no photos."
    assert "Save single pictures of each video" in person.message.line
    assert "Not ready to train yet" in person.next_step
    assert not person.button("Train").isEnabled()
    assert person.page.state().text == "Needs a look"


def test_an_empty_folder(person: Person, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    person.open(tmp_path / "empty")
    assert person.message is not None
    assert person.message.title == "There are no photos in “empty”."
    assert "There are no photos in “empty”." in person.next_step
    assert "This folder holds no photos that can be read." in person.words()


@pytest.mark.parametrize("on_frame", [False, True])
def test_a_single_photo(newcomer: Person, tmp_path: Path, on_frame: bool) -> None:
    (tmp_path / "daisy.png").write_bytes(png(1))
    newcomer.drop(tmp_path / "daisy.png", on=newcomer.window if on_frame else None)
    assert not newcomer.window.session.photos.scanning
    assert newcomer.message is not None
    assert "daisy.png" in newcomer.message.title
    assert "neither a folder nor an archive" in newcomer.message.title
    assert "Drop the folder" in newcomer.message.line
    assert "Begin with your photos" in newcomer.next_step


def test_several_folders_at_once(person: Person, class_folders: ClassFolders) -> None:
    folder = class_folders({"daisy": 4, "rose": 4})
    person.drop(folder / "daisy", folder / "rose")
    person.during_reading(lambda: person.press("Read “photos”", person.see(MessageBar)))
    assert_ready(person, {"daisy": 4, "rose": 4})


def test_a_fix_inside_an_archive_keeps_its_project(person: Person, class_folders: ClassFolders, tmp_path: Path) -> None:
    files = files_of(class_folders({"cat": 4, "dog": 5}), "deep/er/")
    person.open(pack(tmp_path / "My pets.zip", {**files, "read me.txt": b"x", "deep/note.txt": b"x"}))
    photos = person.window.session.photos
    project, library = photos.project, [entry.folder for entry in photos.library.recent()]
    assert project is not None
    person.during_change(lambda: person.press("Read “er”", person.see(MessageBar)))
    assert_ready(person, {"cat": 4, "dog": 5})
    assert photos.project is project
    assert [entry.folder for entry in photos.library.recent()] == library
    assert shown_in_header(person).startswith("My pets,")
    person.undo()
    assert person.message is not None


def test_an_archive_in_an_archive_is_not_opened(person: Person, class_folders: ClassFolders, tmp_path: Path) -> None:
    inner = pack(tmp_path / "inner.zip", files_of(class_folders({"cat": 4, "dog": 5})))
    person.open(pack(tmp_path / "outer.zip", {"inner.zip": inner.read_bytes()}))
    assert person.message is not None
    assert person.message.title == "“outer” holds no photos, but 1 archive: “inner.zip”."
    assert "Unpack it" in person.message.line
    assert not person.message.fix


def test_an_empty_archive_is_called_by_its_name(person: Person, tmp_path: Path) -> None:
    person.open(pack(tmp_path / "My pets.zip", {"empty/": b""}))
    assert person.told == "There are no photos in “empty”."
    person.open(pack(tmp_path / "Nothing.zip", {}))
    assert person.told == "There are no photos in “Nothing”."


@pytest.mark.parametrize("open_already", [True, False])
def test_a_table_that_is_dropped_is_proposed(newcomer: Person, flat: Path, open_already: bool) -> None:
    table = flat / "names.csv"
    table.write_text("".join(f"{photo.name},{photo.name[0]}\n" for photo in sorted(flat.glob("*.png"))))
    if open_already:
        newcomer.open(flat)
        newcomer.drop(table)
    else:
        newcomer.drop(table)
    newcomer.wait(lambda: newcomer.sees(ReadingPanel))
    panel = newcomer.see(ReadingPanel)
    newcomer.during_change(lambda: newcomer.press("Read them like this", panel))
    assert newcomer.classes() == {"c": 6, "d": 6}


def test_tab_reaches_what_stands_over_the_photos_and_ends_with_the_next_step(
    person: Person, class_folders: ClassFolders
) -> None:
    person.open(class_folders({"daisy": 8, "rose": 8}))
    person.window.setFocus()
    names: list[str] = []
    while len(names) < 60:
        person.qtbot.keyClick(person.window.focusWidget() or person.window, Qt.Key.Key_Tab)
        focused = person.window.focusWidget()
        assert focused is not None
        names.append(focused.accessibleName() or focused.text())
        if names.count(names[0]) == 2:
            break
    order = [names.index(name) for name in ("Find by name", "Photos", "Train")]
    assert order == sorted(order)
    assert names[order[-1] + 1] == names[0], "after the main button it begins anew"
