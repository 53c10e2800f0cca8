"""Filing that is killed at any moment: nothing is lost, nothing is there twice, and undo restores the exact tree."""

import hashlib
import io
import itertools
import os
import random
import shutil
from collections import Counter
from pathlib import Path

import pytest
from busy_filing import TAGS, plan
from kills import killed_after
from PIL import Image

from tlstudio.events import CancelToken, ignore_events
from tlstudio.filing.execute import continue_filing
from tlstudio.filing.journals import journals, unfinished
from tlstudio.filing.plan import FilingPlan
from tlstudio.filing.undo import undo

CHILD = Path(__file__).with_name("busy_filing.py")
KINDS = ("copy", "move", "hard link", TAGS, "symbolic link")
PHOTOS = 24
LONGEST = 0.16
"""Seconds that filing all photos takes about, on a machine at rest."""

AGAIN = 0.5
"""How often what goes on, or undoes, is killed, too."""

Tree = dict[str, tuple[object, ...]]


def tree(folder: Path) -> Tree:
    """All that is in a folder: digests and times of files, what links say, and folders."""
    found: Tree = {}
    for path in folder.rglob("*"):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink():
            found[name] = ("link", str(path.readlink()))
        elif path.is_dir():
            found[name] = ("folder",)
        else:
            facts = path.stat()
            found[name] = (hashlib.sha256(path.read_bytes()).hexdigest(), facts.st_mtime_ns, facts.st_mode)
    return found


def jpeg(number: int) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (8, 8), (number * 10, 80, 160)).save(file, "JPEG")
    return file.getvalue()


@pytest.fixture(scope="module")
def stock(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Photos in nested folders, some with a sidecar, two alike, and an empty folder."""
    photos = tmp_path_factory.mktemp("stock") / "photos"
    for number in range(PHOTOS):
        path = photos / ("", "a", "a/b", "c")[number % 4] / f"p{number:02}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(jpeg(number % (PHOTOS - 1)))
        os.utime(path, ns=(10**18 + number, 10**18 + number))
        if number % 5 == 0:
            path.with_name(f"{path.name}.xmp").write_text('<x:xmpmeta xmlns:x="adobe:ns:meta/"/>', encoding="utf-8")
    (photos / "empty").mkdir()
    return photos


def let(deed: str, folder: Path, kind: str, chance: random.Random) -> bool:
    """Let a child work, and kill it at a random moment; whether that cut it off."""
    killed_after(CHILD, deed, folder, kind, lines=1, seconds=chance.uniform(0, LONGEST))
    return bool(unfinished(folder / "journals"))


def finish(deed: str, folder: Path) -> None:
    """Do in this process what is left."""
    for cut_off in unfinished(folder / "journals"):
        act = continue_filing if deed == "continue" else undo
        act(cut_off.journal, emit=ignore_events, token=CancelToken())


def require_filed(folder: Path, before: Tree, planned: FilingPlan, kind: str) -> None:
    """Everything is where the plan says, once, and the photos are untouched or moved."""
    after = tree(folder)
    files = {name: what for name, what in before.items() if what != ("folder",)}
    photos = {name: what for name, what in files.items() if name.endswith(".jpg")}
    given = photos if kind == TAGS else files
    kept = {name: what for name, what in after.items() if name in given}
    assert kept == ({} if kind == "move" else given)
    filed = {name for name in after if name.startswith("sorted/") and after[name] != ("folder",)}
    wanted = {Path(action.target).relative_to(folder).as_posix() for action in planned.actions}
    assert filed == {name for name in wanted if name.startswith("sorted/")}
    if kind in ("copy", "move", "hard link"):
        assert Counter(after[name] for name in filed) == Counter(files.values())
        assert all(name.removesuffix(".xmp") in filed for name in filed)
    assert not [name for name in after if name.endswith(".part")]


@pytest.mark.parametrize("kills", [8, pytest.param(200, marks=pytest.mark.slow)])
def test_killed_filings_lose_nothing_and_can_be_undone(tmp_path: Path, stock: Path, kills: int) -> None:
    chance = random.Random(kills)  # noqa: S311
    done = 0
    for number in itertools.count():
        kind = KINDS[number % len(KINDS)]
        folder = tmp_path / str(number)
        shutil.copytree(stock, folder / "photos")
        before, planned = tree(folder), plan(folder / "photos", folder / "sorted", kind, folder / "journals")
        deed = chance.choice(("continue", "undo"))
        cut_off = let("file", folder, kind, chance)
        done += cut_off
        if cut_off and chance.random() < AGAIN:
            done += let(deed, folder, kind, chance)
        finish(deed, folder)
        known = journals(folder / "journals")
        if [filing.phase for filing in known] == ["filed"]:
            require_filed(folder, before, planned, kind)
            done += chance.random() < AGAIN and let("undo", folder, kind, chance)
            finish("undo", folder)
            if journals(folder / "journals")[0].phase == "filed":
                assert undo(known[0].journal, emit=ignore_events, token=CancelToken()).kept == ()
        assert all(filing.failed == 0 for filing in journals(folder / "journals"))
        assert without_journals(tree(folder)) == before
        shutil.rmtree(folder)
        if done >= kills:
            return


def without_journals(found: Tree) -> Tree:
    return {name: what for name, what in found.items() if name.partition("/")[0] != "journals"}
