import os
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tlstudio.datasets.dataset import Dataset, Rejected
from tlstudio.datasets.index import index_folder
from tlstudio.datasets.reading.labels import CsvLabels, FileNameLabels, LabelRule
from tlstudio.datasets.walk import walk
from tlstudio.errors import Cancelled, TLStudioError
from tlstudio.events import CancelToken, Event, Progress, ignore_events


def photo(path: Path, shade: int = 0, size: tuple[int, int] = (6, 4)) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.full((size[1], size[0], 3), shade, dtype=np.uint8)).save(path, "PNG")
    return path


def text(path: Path, content: str = "text") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
    return path


def index(root: Path, labels: LabelRule | None = None) -> Dataset:
    return index_folder(root, labels, emit=ignore_events, token=CancelToken())


def test_every_file_is_accounted_for_exactly_once(tmp_path: Path) -> None:
    photo(tmp_path / "cats/a.png")
    photo(tmp_path / "cats/deep/er/b.png", size=(3, 5))
    photo(tmp_path / "dogs/no ending")
    photo(tmp_path / "loose.png")
    text(tmp_path / "cats/text.jpg")
    text(tmp_path / "dogs/notes.txt")
    text(tmp_path / "dogs/Thumbs.db")
    text(tmp_path / "dogs/._a.png")
    text(tmp_path / ".DS_Store")
    photo(tmp_path / ".trash/c.png")
    photo(tmp_path / "cats/.hidden.png")
    photo(tmp_path / "__MACOSX/cats/a.png")
    photo(tmp_path / "cats/@eaDir/thumb.png")
    (tmp_path / "empty").mkdir()
    dataset = index(tmp_path)
    assert dataset.root == str(tmp_path)
    assert dataset.classes == ("cats", "dogs", "empty")
    assert dataset.counts() == {"cats": 2, "dogs": 1, "empty": 0}
    assert [(s.path, s.class_name, s.width, s.height) for s in dataset.samples] == [
        ("cats/a.png", "cats", 6, 4),
        ("cats/deep/er/b.png", "cats", 3, 5),
        ("dogs/no ending", "dogs", 6, 4),
    ]
    assert [s.path for s in dataset.unlabelled] == ["loose.png"]
    assert dataset.rejected == (Rejected("cats/text.jpg", "Not an image: it holds text."),)
    assert {(file.path, file.kind) for file in dataset.ignored} == {
        (".DS_Store", "system"),
        (".trash/c.png", "hidden"),
        ("__MACOSX/cats/a.png", "hidden"),
        ("cats/.hidden.png", "hidden"),
        ("cats/@eaDir/thumb.png", "hidden"),
        ("dogs/._a.png", "system"),
        ("dogs/Thumbs.db", "system"),
        ("dogs/notes.txt", "other"),
    }
    assert dataset.found == sum(path.is_file() for path in tmp_path.rglob("*"))


def test_files_come_in_the_order_of_their_paths(tmp_path: Path) -> None:
    for name in ("a/z.png", "a-b/x.png", "a.png", "B/y.png", "a/b/c.png"):
        photo(tmp_path / name)
    paths = [found.path for found in walk(tmp_path)]
    assert paths == sorted(paths)
    assert len(paths) == 5


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege on Windows")
def test_links_are_followed_but_never_in_circles(tmp_path: Path) -> None:
    outside = photo(tmp_path / "elsewhere/deep/o.png").parent.parent
    root = tmp_path / "root"
    photo(root / "cats/a.png")
    (root / "cats/again").symlink_to(root)
    (root / "cats/self").symlink_to(root / "cats")
    (root / "dogs").symlink_to(outside)
    (root / "cats/linked.png").symlink_to(outside / "deep/o.png")
    (root / "cats/nowhere.png").symlink_to(root / "gone.png")
    dataset = index(root)
    assert [s.path for s in dataset.samples] == ["cats/a.png", "cats/linked.png", "dogs/deep/o.png"]
    assert dataset.rejected == (Rejected("cats/nowhere.png", "Not there any more."),)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_a_pipe_does_not_hold_it_up(tmp_path: Path) -> None:
    photo(tmp_path / "cats/a.png")
    os.mkfifo(tmp_path / "cats/pipe.png")
    assert [(file.path, file.kind) for file in index(tmp_path).ignored] == [("cats/pipe.png", "other")]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems only allow names in Unicode")
def test_names_that_are_no_utf8_survive(tmp_path: Path) -> None:
    name = os.fsdecode(b"caf\xe9.png")
    photo(tmp_path / "cats" / name)
    dataset = index(tmp_path)
    assert [s.path for s in dataset.samples] == [f"cats/{name}"]
    assert dataset.absolute(dataset.samples[0].path).is_file()


@pytest.mark.parametrize("hidden", [False, True])
def test_a_folder_that_cannot_be_looked_into_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hidden: bool
) -> None:
    photo(tmp_path / "cats/a.png")
    locked = photo(tmp_path / (".locked" if hidden else "locked") / "b.png").parent
    real_scandir = os.scandir

    def scandir(path: Path) -> object:
        if Path(path) == locked:
            raise PermissionError(13, "Permission denied")
        return real_scandir(path)

    monkeypatch.setattr(os, "scandir", scandir)
    dataset = index(tmp_path)
    if hidden:
        assert [(file.path, file.kind) for file in dataset.ignored] == [(".locked", "hidden")]
    else:
        assert dataset.rejected == (Rejected("locked", "This folder can't be looked into: permission denied."),)


def test_a_root_that_is_no_folder_is_said_with_a_way_out(tmp_path: Path) -> None:
    with pytest.raises(TLStudioError, match="There is no folder") as caught:
        index(tmp_path / "gone")
    assert caught.value.hint
    with pytest.raises(TLStudioError, match="is a file"):
        index(photo(tmp_path / "a.png"))


def test_progress_ends_with_all_photos_and_a_stop_is_obeyed(tmp_path: Path) -> None:
    for number in range(30):
        photo(tmp_path / f"cats/{number}.png")
    events: list[Event] = []
    token = CancelToken()
    index_folder(tmp_path, emit=events.append, token=token)
    done = [event.done for event in events if isinstance(event, Progress)]
    assert events[-1] == Progress("scan", 30, 30)
    assert done == sorted(done)

    def stop_at_first_photo(event: Event) -> None:
        if isinstance(event, Progress) and event.done:
            token.cancel()

    with pytest.raises(Cancelled):
        index_folder(tmp_path, emit=stop_at_first_photo, token=token)


def test_labels_from_file_names(tmp_path: Path) -> None:
    for name in ("cat.1.png", "sub/dog.2.png", "3.png"):
        photo(tmp_path / name)
    dataset = index(tmp_path, FileNameLabels("^([a-z]+)"))
    assert dataset.classes == ("cat", "dog")
    assert [(s.path, s.class_name) for s in dataset.samples] == [("cat.1.png", "cat"), ("sub/dog.2.png", "dog")]
    assert [s.path for s in dataset.unlabelled] == ["3.png"]


def test_labels_from_a_table(tmp_path: Path) -> None:
    for name in ("a.png", "sub/b.png", "unlisted.png"):
        photo(tmp_path / name)
    table = text(tmp_path / "labels.csv", "file,label\na.png,cat\nsub/b.png,dog\nc.png,dog\n")
    dataset = index(tmp_path, CsvLabels(table))
    assert dataset.counts() == {"cat": 1, "dog": 1}
    assert [s.path for s in dataset.unlabelled] == ["unlisted.png"]
    assert dataset.rejected == (Rejected("c.png", "Listed among the labels, but not there."),)
    assert [(file.path, file.kind) for file in dataset.ignored] == [("labels.csv", "other")]
