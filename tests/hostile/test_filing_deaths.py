"""Filing that ends before or after each single call that changes a disk, on three kinds of disks."""

import errno
import hashlib
import itertools
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from busy_filing import TAGS, plan

from tlstudio.events import CancelToken, ignore_events
from tlstudio.filing import renaming
from tlstudio.filing.execute import continue_filing, execute
from tlstudio.filing.journals import journals, unfinished
from tlstudio.filing.undo import undo

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="these calls aren't what Windows renames with")

CHANGING = ("fsync", "unlink", "mkdir", "rmdir", "link", "symlink", "replace", "rename", "utime", "chmod")
PHOTOS = "/photos/"

FILED = [
    ("copy", "one disk"), ("move", "one disk"), ("move", "two disks"), ("move", "fat"), ("hard link", "one disk"),
    ("symbolic link", "one disk"), (TAGS, "one disk"),
    pytest.param("copy", "fat", marks=pytest.mark.slow), pytest.param("hard link", "two disks", marks=pytest.mark.slow),
    pytest.param(TAGS, "fat", marks=pytest.mark.slow),
]  # fmt: skip
UNDONE = [("copy", "one disk"), ("move", "two disks"), ("move", "fat"), (TAGS, "one disk")]


class Died(BaseException):
    """In the place of a kill: nobody catches it."""


class Disk:
    """Counts the calls that change it, and lets the process die at one of them."""

    def __init__(self, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
        self._kind = kind
        self.countdown = 0
        for name in CHANGING:
            real = (lambda *_: None) if name == "fsync" else getattr(os, name)
            monkeypatch.setattr(os, name, self._mortal(real, name))
        known = renaming._exclusive_rename()
        assert known is not None or kind == "fat"
        wrapped = self._mortal(known, "renameat2") if known and kind != "fat" else None
        monkeypatch.setattr(renaming, "_exclusive_rename", lambda: wrapped)

    def _mortal(self, real: Callable[..., Any], name: str) -> Callable[..., Any]:
        def call(*arguments: Any, **options: Any) -> Any:  # noqa: ANN401
            code = self._refused(name, arguments)
            if code and name == "renameat2":
                return code
            if code:
                raise OSError(code, os.strerror(code))
            self._pass()
            result = real(*arguments, **options)
            self._pass()
            return result

        return call

    def _refused(self, name: str, arguments: tuple[Any, ...]) -> int:
        if name not in ("link", "renameat2"):
            return 0
        if self._kind == "fat":
            return errno.EPERM
        sides = {PHOTOS in os.fsdecode(path) for path in arguments}
        return errno.EXDEV if self._kind == "two disks" and len(sides) == 2 else 0

    def _pass(self) -> None:
        self.countdown -= 1
        if self.countdown == 0:
            raise Died


Tree = dict[str, tuple[object, ...]]


def tree(folder: Path) -> Tree:
    found: Tree = {}
    for path in (path for name in ("photos", "sorted") for path in (folder / name).rglob("*")):
        name = str(path.relative_to(folder))
        if path.is_symlink():
            found[name] = (str(path.readlink()),)
        elif path.is_dir():
            found[name] = ()
        else:
            found[name] = (hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_mtime_ns)
    return found


def act(deed: str, folder: Path, kind: str) -> None:
    token = CancelToken()
    if deed == "file":
        execute(
            plan(folder / "photos", folder / "sorted", kind, folder / "journals"),
            folder / "journals", emit=ignore_events, token=token,
        )  # fmt: skip
        return
    for cut_off in unfinished(folder / "journals"):
        (continue_filing if deed == "continue" else undo)(cut_off.journal, emit=ignore_events, token=token)


def dies(disk: Disk, moment: int, deed: str, folder: Path, kind: str) -> bool:
    disk.countdown = moment
    try:
        act(deed, folder, kind)
    except Died:
        return True
    finally:
        disk.countdown = 0
    return False


def make_photos(folder: Path) -> Tree:
    for number, inside in enumerate(("a", "")):
        path = folder / "photos" / inside / f"p0{number}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(bytes.fromhex("ffd8ffd9"))
        os.utime(path, ns=(10**18, 10**18 + number))
    sidecar = folder / "photos/a/p00.jpg.xmp"
    sidecar.write_text('<x:xmpmeta xmlns:x="adobe:ns:meta/"/>', encoding="utf-8")
    return tree(folder)


@pytest.mark.parametrize(("kind", "disks"), FILED)
def test_death_at_every_call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, disks: str) -> None:
    disk = Disk(disks, monkeypatch)
    whole: Tree = {}
    for moment in itertools.count(0):
        folder = tmp_path / str(moment)
        before = make_photos(folder)
        dead = dies(disk, moment, "file", folder, kind)
        deed = ("continue", "undo")[moment % 2]
        if dead:
            dies(disk, 1 + moment % 17, deed, folder, kind)
            act(deed, folder, kind)
        for filing in journals(folder / "journals"):
            if filing.phase == "undone":
                continue
            links = [(name, what) for name, what in tree(folder).items() if kind == "symbolic link"]
            now = {name: () for name, _ in links} if links else without_times(tree(folder))
            whole = whole or now
            assert now == whole, f"as without a death, after one at {moment}"
            assert undo(filing.journal, emit=ignore_events, token=CancelToken()).kept == ()
        assert tree(folder) == before, moment
        shutil.rmtree(folder)
        if moment and not dead:
            assert moment > 10
            return


def written(sidecar: Path) -> tuple[object, ...]:
    """Write into a sidecar; what ``tree`` is to say of it."""
    sidecar.write_text("five stars", encoding="utf-8")
    return hashlib.sha256(sidecar.read_bytes()).hexdigest(), sidecar.stat().st_mtime_ns


@pytest.mark.parametrize(("kind", "disks"), UNDONE)
def test_death_at_every_call_of_undoing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, disks: str) -> None:
    disk = Disk(disks, monkeypatch)
    for moment in itertools.count(1):
        folder = tmp_path / str(moment)
        before = make_photos(folder)
        act("file", folder, kind)
        if kind == "move":  # as programs do that keep their notes there
            before["photos/a/p00.jpg.xmp"] = written(next((folder / "sorted").rglob("*.xmp")))
        [filing] = journals(folder / "journals")
        disk.countdown = moment
        try:
            undo(filing.journal, emit=ignore_events, token=CancelToken())
        except Died:
            disk.countdown = 0
            if [left.phase for left in journals(folder / "journals")] != ["undone"]:
                assert undo(filing.journal, emit=ignore_events, token=CancelToken()).kept == ()
            assert tree(folder) == before, moment
        else:
            assert tree(folder) == before
            return
        shutil.rmtree(folder)


def without_times(found: Tree) -> Tree:
    """A tagged copy has the time at which it was written."""
    return {name: what[:1] for name, what in found.items()}
