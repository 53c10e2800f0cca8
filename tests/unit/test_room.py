"""What is computed of photos stays within a limit, and the oldest makes room."""

import os
from collections import namedtuple
from pathlib import Path

import pytest

from tlstudio.errors import TLStudioError
from tlstudio.modeling import room

Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """Three folders of 1000 bytes, used in the order of their names."""
    for age, name in enumerate(("oldest", "older", "newest")):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "rows.npy").write_bytes(b"x" * 1000)
        room.mark_used(folder)
        os.utime(folder / "used", (1000 + age, 1000 + age))
    return tmp_path


def left(store: Path) -> set[str]:
    return {path.name for path in store.iterdir()}


@pytest.mark.parametrize(
    ("needed", "stay"),
    [(0, {"oldest", "older", "newest"}), (500, {"older", "newest"}), (1500, {"newest"}), (3000, set())],
)
def test_the_oldest_goes_until_the_rest_fits(store: Path, needed: int, stay: set[str]) -> None:
    room.make_room(store, store / "mine", needed, limit=3000)
    assert left(store) == stay


def test_what_grows_stays_however_old(store: Path) -> None:
    room.make_room(store, store / "oldest", 1000, limit=3000)
    assert left(store) == {"oldest", "newest"}


def test_use_makes_young(store: Path) -> None:
    room.mark_used(store / "oldest")
    room.make_room(store, store / "mine", 1500, limit=3000)
    assert left(store) == {"oldest"}


def test_what_never_fits_is_said_with_figures_and_removes_nothing(store: Path) -> None:
    with pytest.raises(TLStudioError, match=r"takes 2\.5 GB, and at most 1\.0 GB") as caught:
        room.make_room(store, store / "mine", 2_500_000_000, limit=10**9)
    assert "live" in caught.value.hint
    assert len(left(store)) == 3


def test_a_full_disk_is_said_with_figures_and_removes_nothing(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room.shutil, "disk_usage", lambda _: Usage(10**12, 10**12, 2 * 10**9))
    with pytest.raises(TLStudioError, match=r"5\.0 GB are needed, 2\.0 GB are left"):
        room.make_room(store, store / "mine", 5 * 10**9, limit=10**10)
    assert len(left(store)) == 3


def test_a_nearly_full_disk_takes_room_from_the_oldest(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room.shutil, "disk_usage", lambda _: Usage(10**12, 10**12, (1 << 30) + 500))
    room.make_room(store, store / "mine", 1000, limit=10**9)
    assert left(store) == {"older", "newest"}


def test_a_store_that_is_not_there_yet_has_room(tmp_path: Path) -> None:
    room.make_room(tmp_path / "features", tmp_path / "features" / "mine", 1000, limit=3000)
    room.mark_used(tmp_path / "features" / "mine")
    assert left(tmp_path) == set()
