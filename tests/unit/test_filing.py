"""Filing: the dry run, what is done, what is left alone, and the exact tree after undoing."""

import errno
import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tlstudio.datasets.walk import Stamp
from tlstudio.errors import Cancelled, TLStudioError
from tlstudio.events import CancelToken, Event, Notice, Progress, ignore_events
from tlstudio.filing import journal, relocation, renaming
from tlstudio.filing import journals as listing
from tlstudio.filing.action import SORTING_KINDS, FilingAction, Kind, given
from tlstudio.filing.execute import Filed, continue_filing, execute
from tlstudio.filing.journals import journals, unfinished
from tlstudio.filing.plan import FilingEntry, FilingOptions, FilingPlan
from tlstudio.filing.planning import plan_filing
from tlstudio.filing.undo import Undone, undo

Tree = dict[str, tuple[object, ...]]


def tree(folder: Path) -> Tree:
    """Everything in a folder: what each file holds and when it was changed, links, empty folders."""
    found: Tree = {}
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        if path.is_symlink():
            found[name] = ("link", str(path.readlink()))
        elif path.is_dir():
            found[name] = ("folder",)
        else:
            found[name] = ("file", path.read_bytes(), path.stat().st_mtime_ns)
    return found


class Desk:
    """Photos in a folder, a target, and journals."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.photos = folder, folder / "photos"
        self.target, self.journals = folder / "sorted", folder / "journals"
        self.token = CancelToken()

    def photo(self, name: str, content: str = "") -> Path:
        path = self.photos / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content or name, encoding="utf-8")
        os.utime(path, ns=(1_600_000_000_123_456_789, 1_500_000_000_987_654_321))
        return path

    def entry(self, name: str, class_name: str, content: str = "") -> FilingEntry:
        return FilingEntry(self.photo(name, content), class_name, self.photos)

    def plan(self, *entries: FilingEntry, kind: Kind = "copy", flat: bool = False) -> FilingPlan:
        options = FilingOptions(self.target, kind, flat)
        return plan_filing(entries, options, self.journals, emit=ignore_events, token=self.token)

    def do(self, plan: FilingPlan, emit: Callable[[Event], None] = ignore_events) -> Filed:
        return execute(plan, self.journals, emit=emit, token=self.token)

    def file(self, *entries: FilingEntry, kind: Kind = "copy", flat: bool = False) -> Filed:
        return self.do(self.plan(*entries, kind=kind, flat=flat))

    def undo(self, filed: Filed) -> Undone:
        return undo(filed.journal, emit=ignore_events, token=CancelToken())

    def filed(self) -> list[str]:
        return sorted(str(path.relative_to(self.target)) for path in self.target.rglob("*") if not path.is_dir())


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


@pytest.fixture
def second_disk(tmp_path: Path) -> Iterator[Path]:
    """An empty folder on another disk than the desk."""
    memory = Path("/dev/shm")  # noqa: S108
    if not memory.is_dir() or memory.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("needs a second disk")
    with tempfile.TemporaryDirectory(dir=memory) as folder:
        yield Path(folder)


def names(plan: FilingPlan) -> list[str]:
    return [str(Path(action.target).relative_to(plan.target)) for action in plan.actions]


def reasons(plan: FilingPlan) -> list[str]:
    return [entry.reason for entry in plan.left_out]


@pytest.mark.parametrize("kind", SORTING_KINDS)
def test_photos_are_sorted_and_undo_restores_the_exact_tree(desk: Desk, kind: Kind) -> None:
    entries = [desk.entry("2024/may/a.jpg", "daisy"), desk.entry("2024/b.jpg", "rose"), desk.entry("c.jpg", "daisy")]
    (desk.photos / "empty").mkdir()
    desk.target.mkdir()
    before = tree(desk.folder)
    plan = desk.plan(*entries, kind=kind)
    assert tree(desk.folder) == before, "a dry run touches nothing"
    assert plan.counts == {"daisy": 2, "rose": 1}
    filed = desk.do(plan)
    assert (filed.done, filed.failed, filed.left) == (3, (), 0)
    assert desk.filed() == ["daisy/2024/may/a.jpg", "daisy/c.jpg", "rose/2024/b.jpg"]
    copied = desk.target / "daisy/c.jpg"
    assert (copied.read_text(), copied.stat().st_mtime_ns) == ("c.jpg", 1_500_000_000_987_654_321)
    assert (desk.photos / "c.jpg").exists() is (kind != "move")
    assert copied.is_symlink() is (kind == "symbolic link")
    undone = desk.undo(filed)
    assert (undone.done, undone.kept, undone.left) == (3, (), 0)
    shutil.rmtree(desk.journals)
    assert tree(desk.folder) == before


def test_flat_folders_and_names_that_collide(desk: Desk) -> None:
    (desk.target / "Daisy").mkdir(parents=True)
    (desk.target / "Daisy/A.JPG").write_text("somebody's own")
    entries = [desk.entry("x/a.jpg", "daisy"), desk.entry("y/a.jpg", "daisy"), desk.entry("b.jpg", "daisy")]
    plan = desk.plan(*entries, flat=True)
    assert names(plan) == ["Daisy/a (2).jpg", "Daisy/a (3).jpg", "Daisy/b.jpg"]
    assert "2 photos will be renamed" in plan.notes[-1]
    filed = desk.do(plan)
    assert (desk.target / "Daisy/A.JPG").read_text() == "somebody's own"
    desk.undo(filed)
    assert desk.filed() == ["Daisy/A.JPG"]


def test_names_that_some_system_refuses(desk: Desk) -> None:
    entries = [
        desk.entry("con/aux.jpg", "a?"), desk.entry("ends. /x:y.jpg", "a*"), desk.entry("n" * 230 + ".jpg", "NUL"),
    ]  # fmt: skip
    plan = desk.plan(*entries)
    assert names(plan)[:2] == ["a_ (2)/_con/_aux.jpg", "a_/ends/x_y.jpg"]
    assert names(plan)[2].startswith("_NUL/nnn")
    assert "The photos of “a?” go to a folder called “a_ (2)”." in plan.notes
    assert desk.do(plan).done == 3


def test_a_class_keeps_its_folder_in_later_filings(desk: Desk) -> None:
    desk.file(desk.entry("1.jpg", "a?"), desk.entry("2.jpg", "a*"))
    assert names(desk.plan(desk.entry("3.jpg", "a?"))) == ["a_ (2)/3.jpg"]


def test_a_folder_and_a_file_of_one_name(desk: Desk) -> None:
    desk.target.mkdir()
    (desk.target / "rose").write_text("a file")
    plan = desk.plan(desk.entry("a.jpg", "rose"), desk.entry("c/b.jpg", "rose"))
    assert names(plan) == ["rose (2)/a.jpg", "rose (2)/c/b.jpg"]
    assert desk.do(plan).done == 2


def test_only_changed_answers_are_filed_again(desk: Desk) -> None:
    a, b, c = desk.entry("s/a.jpg", "daisy"), desk.entry("b.jpg", "daisy"), desk.entry("c.jpg", "rose")
    first = desk.file(a, b, c)
    after_first = tree(desk.target)
    again = desk.plan(a, b, c)
    assert (again.actions, again.already_there) == ((), 3)
    with pytest.raises(TLStudioError, match="nothing to file"):
        desk.do(again)
    second = desk.file(replace(a, class_name="rose"), b, c, desk.entry("d.jpg", "rose"))
    assert second.counts == {"rose": 2}
    assert desk.filed() == ["daisy/b.jpg", "rose/c.jpg", "rose/d.jpg", "rose/s/a.jpg"]
    third = desk.plan(replace(a, class_name="tulip"), kind="move")
    assert [(action.kind, action.photo) for action in third.actions] == [("move", str(a.path))]
    refused = desk.undo(first)
    assert [entry.reason for entry in refused.kept] == ["A later filing has moved it: undo that one first."]
    desk.undo(second)
    assert tree(desk.target).items() <= after_first.items()
    assert desk.filed() == ["daisy/s/a.jpg"]
    desk.undo(first)
    assert not desk.target.exists()


@pytest.mark.parametrize("kind", SORTING_KINDS)
def test_another_answer_moves_what_was_filed(desk: Desk, kind: Kind) -> None:
    entry = desk.entry("x/a.jpg", "daisy")
    before = tree(desk.folder)
    done = [desk.file(entry, kind=kind)]
    for name in ("rose", "tulip", "daisy"):
        done.append(desk.file(replace(entry, class_name=name), kind=kind))
        assert desk.filed() == [f"{name}/x/a.jpg"]
        assert desk.plan(replace(entry, class_name=name), kind=kind).already_there == 1
    for filed in reversed(done):
        assert desk.undo(filed).kept == ()
    shutil.rmtree(desk.journals)
    assert tree(desk.folder) == before


@pytest.mark.parametrize("kind", SORTING_KINDS)
def test_sidecars_go_where_their_photos_go_and_back(desk: Desk, kind: Kind) -> None:
    entries = [desk.entry("a.jpg", "daisy"), desk.entry("b.jpg", "daisy"), desk.entry("c.jpg", "rose")]
    for name in ("A.JPG.xmp", "a.xmp", "b.xmp", "IMG.aae", "b.aae"):
        desk.photo(name)
    before = tree(desk.folder)
    plan = desk.plan(*entries, kind=kind)
    assert tree(desk.folder) == before
    assert (plan.counts, plan.sidecars) == ({"daisy": 2, "rose": 1}, 3)
    assert "3 sidecar files (.xmp) go along." in plan.notes
    assert plan.needed == (6 * 4096 if kind == "copy" else 0)
    told: list[Event] = []
    filed = desk.do(plan, told.append)
    assert [event.total for event in told if isinstance(event, Progress)][-1] == 3
    assert (filed.done, filed.sidecars, filed.failed, filed.left) == (3, 3, (), 0)
    assert desk.filed() == ["daisy/a.jpg", "daisy/a.jpg.xmp", "daisy/a.xmp", "daisy/b.jpg", "daisy/b.xmp", "rose/c.jpg"]
    assert (desk.target / "daisy/a.jpg.xmp").read_text() == "A.JPG.xmp"
    assert (desk.photos / "b.xmp").exists() is (kind != "move")
    [filing] = journals(desk.journals)
    assert (filing.total, filing.done) == (3, 3), "photos are what is counted"
    again = desk.file(replace(entries[1], class_name="rose"), kind=kind)
    assert desk.filed()[3:] == ["rose/b.jpg", "rose/b.xmp", "rose/c.jpg"]
    assert desk.undo(again).kept == ()
    assert desk.undo(filed).kept == ()
    shutil.rmtree(desk.journals)
    assert tree(desk.folder) == before


def test_a_sidecar_is_called_after_its_photo_also_under_another_name(desk: Desk) -> None:
    entries = [desk.entry("x/a.jpg", "daisy"), desk.entry("y/a.jpg", "daisy"), desk.entry("b.jpg", "daisy")]
    for name in ("x/a.jpg.xmp", "y/a.xmp", "b.xmp"):
        desk.photo(name)
    (desk.target / "daisy").mkdir(parents=True)
    (desk.target / "daisy/a.jpg.xmp").write_text("somebody's own")
    plan = desk.plan(*entries, kind="move", flat=True)
    (desk.target / "daisy/b.xmp").write_text("just come")
    filed = desk.do(plan)
    assert filed.failed == ()
    found = {path.name: path.read_text() for path in (desk.target / "daisy").iterdir()}
    assert found == {
        "a.jpg.xmp": "somebody's own", "a (2).jpg": "x/a.jpg", "a (2).jpg.xmp": "x/a.jpg.xmp", "a (3).jpg": "y/a.jpg",
        "a (3).xmp": "y/a.xmp", "b.xmp": "just come", "b (2).jpg": "b.jpg", "b (2).xmp": "b.xmp",
    }  # fmt: skip


def test_a_renamed_photo_gets_its_own_name_back_and_so_do_its_sidecars(desk: Desk) -> None:
    entries = [desk.entry("x/a.jpg", "daisy"), desk.entry("y/a.jpg", "daisy")]
    for name in ("y/a.jpg.xmp", "y/a.xmp"):
        desk.photo(name)
    before = tree(desk.photos)
    first = desk.file(*entries, kind="move", flat=True)
    assert desk.filed() == ["daisy/a (2).jpg", "daisy/a (2).jpg.xmp", "daisy/a (2).xmp", "daisy/a.jpg"]
    second = desk.file(replace(entries[1], class_name="rose"), kind="move", flat=True)
    assert desk.filed() == ["daisy/a.jpg", "rose/a.jpg", "rose/a.jpg.xmp", "rose/a.xmp"]
    assert (desk.target / "rose/a.jpg.xmp").read_text() == "y/a.jpg.xmp"
    assert desk.undo(second).kept == desk.undo(first).kept == ()
    assert tree(desk.photos) == before


def test_two_sidecars_that_would_get_one_name(desk: Desk) -> None:
    entry = desk.entry("a. ", "daisy")  # Windows would drop what follows the letter
    desk.photo("a. .xmp")
    desk.photo("a.xmp")
    filed = desk.file(entry, kind="move")
    assert desk.filed() == ["daisy/a", "daisy/a.xmp"]
    assert [(Path(failed.path).name, failed.reason) for failed in filed.failed] == [
        ("a.xmp", "Another file beside the photo has its name.")
    ]
    assert (desk.photos / "a.xmp").exists()


def test_sidecars_that_are_no_plain_files_of_one_photo_stay_and_are_told(desk: Desk) -> None:
    entries = [desk.entry("a.jpg", "daisy"), desk.entry("a.png", "daisy"), desk.entry("b.jpg", "daisy")]
    desk.photo("a.xmp")
    (desk.photos / "b.xmp").symlink_to("a.xmp")
    plan = desk.plan(*entries, kind="move")
    assert plan.notes == (
        "2 sidecar files (.xmp) stay behind: they are links, or belong to several files of one name.",
    )
    assert plan.sidecars == 0


def test_a_stop_does_not_come_between_a_photo_and_its_sidecars(desk: Desk) -> None:
    entries = [desk.entry("a.jpg", "daisy"), desk.entry("b.jpg", "daisy")]
    desk.photo("a.jpg.xmp")
    desk.photo("a.xmp")
    plan = desk.plan(*entries, kind="move")
    filed = desk.do(plan, lambda event: desk.token.cancel() if isinstance(event, Progress) else None)
    assert desk.filed() == ["daisy/a.jpg", "daisy/a.jpg.xmp", "daisy/a.xmp"]
    assert (filed.done, filed.sidecars, filed.left) == (1, 2, 1)


def test_a_sidecar_stays_with_a_photo_that_stays(desk: Desk) -> None:
    entries = [desk.entry("a.jpg", "daisy"), desk.entry("b.jpg", "daisy")]
    desk.photo("a.jpg.xmp")
    desk.photo("b.jpg.xmp")
    plan = desk.plan(*entries, kind="move")
    entries[0].path.write_text("another photo")
    filed = desk.do(plan)
    assert [(Path(entry.path).name, entry.reason) for entry in filed.failed] == [
        ("a.jpg", "It has changed since it was classified."),
        ("a.jpg.xmp", "Its photo isn't filed, so this one stays with it."),
    ]
    (desk.target / "daisy/b.jpg").write_text("changed")
    assert [(Path(entry.path).name, entry.reason) for entry in desk.undo(filed).kept] == [
        ("b.jpg", "It has changed since it was filed."),
        ("b.jpg.xmp", "Its photo stays, and so does this one."),
    ]
    (desk.target / "daisy/b.jpg").write_text("b.jpg")
    assert desk.undo(filed).kept == ()


def test_a_sidecar_that_was_written_to_goes_back_with_its_photo(desk: Desk) -> None:
    entry = desk.entry("a.jpg", "daisy")
    sidecar = desk.photo("a.jpg.xmp")
    moved = desk.file(entry, kind="move")
    (desk.target / "daisy/a.jpg.xmp").write_text("five stars")
    assert desk.undo(moved).kept == ()
    assert (sidecar.read_text(), entry.path.exists(), desk.target.exists()) == ("five stars", True, False)
    copied = desk.file(entry)
    (desk.target / "daisy/a.jpg.xmp").write_text("one star")
    assert [kept.reason for kept in desk.undo(copied).kept] == ["It has changed since it was filed."]


def test_a_hard_link_is_the_photo_itself_whatever_was_written_into_it(desk: Desk) -> None:
    entry = desk.entry("a.jpg", "daisy")
    filed = desk.file(entry, kind="hard link")
    entry.path.write_text("turned upright")
    assert desk.undo(filed).kept == ()
    assert (entry.path.read_text(), desk.target.exists()) == ("turned upright", False)


def test_a_folder_that_two_filings_used_goes_with_the_last(desk: Desk) -> None:
    first, second = desk.file(desk.entry("a.jpg", "rose")), desk.file(desk.entry("b.jpg", "rose"))
    desk.undo(first)
    assert desk.filed() == ["rose/b.jpg"]
    desk.undo(second)
    assert not desk.target.exists()


def test_a_moved_photo_is_found_again(desk: Desk) -> None:
    a = desk.entry("a.jpg", "daisy")
    before = tree(desk.photos)
    first = desk.file(a, kind="move")
    assert reasons(desk.plan(a, kind="move")) == ["It is filed already."]
    second = desk.file(replace(a, class_name="rose"), kind="move")
    assert desk.filed() == ["rose/a.jpg"]
    there = FilingEntry(desk.target / "rose/a.jpg", "rose", desk.target)
    assert desk.plan(there, kind="move").already_there == 1, "looked for in the target, it is the same photo"
    desk.undo(second)
    desk.undo(first)
    assert tree(desk.photos) == before


def test_a_photo_with_other_contents_is_filed_anew(desk: Desk) -> None:
    desk.file(desk.entry("a.jpg", "daisy", "first"))
    changed = desk.entry("a.jpg", "daisy", "second one")
    assert names(desk.plan(changed)) == ["daisy/a (2).jpg"]


def test_a_folder_of_another_name_is_known_by_its_contents(desk: Desk) -> None:
    entry = desk.entry("a.jpg", "daisy")
    desk.file(entry)
    desk.photos.rename(desk.folder / "renamed")
    digest = hashlib.sha256(b"a.jpg").hexdigest()
    path = desk.folder / "renamed/a.jpg"
    stamp = Stamp(path.stat().st_size, path.stat().st_mtime_ns)
    assert desk.plan(FilingEntry(path, "daisy", path.parent, digest, stamp)).already_there == 1


def test_what_is_left_out_and_why(desk: Desk) -> None:
    changed = replace(desk.entry("changed.jpg", "a"), digest="0" * 64, stamp=Stamp(3, 4))
    same = desk.entry("touched.jpg", "a")
    touched = replace(same, digest=hashlib.sha256(b"touched.jpg").hexdigest(), stamp=Stamp(11, 5))
    (desk.photos / "link.jpg").symlink_to(same.path)
    link = FilingEntry(desk.photos / "link.jpg", "a")
    gone = FilingEntry(desk.photos / "gone.jpg", "a")
    folder = FilingEntry(desk.photos, "a")
    plan = desk.plan(changed, touched, same, link, gone, folder, desk.entry("none.jpg", ""), kind="move")
    assert names(plan) == ["a/touched.jpg"]
    assert reasons(plan) == [
        "It has changed since it was classified.",
        "It is in the list twice.",
        "It is a link to a photo elsewhere, which would lead nowhere once moved. Copy it.",
        "It isn't there any more.",
        "It is no file.",
        "It has no class.",
    ]


def test_links_to_photos_are_copied_and_linked_as_photos(desk: Desk) -> None:
    photo = desk.photo("real.jpg")
    (desk.photos / "link.jpg").symlink_to(photo.name)
    for kind in ("copy", "hard link", "symbolic link"):
        filed = desk.file(FilingEntry(desk.photos / "link.jpg", kind), kind=kind)
        there = desk.target / kind / "link.jpg"
        assert there.read_text() == "real.jpg"
        assert (there.is_symlink(), there.samefile(photo)) == (kind == "symbolic link", kind != "copy")
        assert desk.undo(filed).kept == ()


def test_a_target_among_the_photos(desk: Desk) -> None:
    desk.target = desk.photos / "sorted"
    first = desk.entry("a.jpg", "daisy")
    by_hand = desk.entry("sorted/daisy/b.jpg", "daisy")
    plan = desk.plan(first, by_hand)
    assert names(plan) == ["daisy/a.jpg"]
    assert plan.already_there == 1
    assert "lies among the photos" in plan.notes[-1]
    desk.do(plan)
    assert desk.plan(first, FilingEntry(desk.target / "daisy/a.jpg", "daisy", desk.photos)).already_there == 2


def test_photos_that_lie_in_the_target(desk: Desk) -> None:
    desk.target = desk.folder
    before = tree(desk.folder)
    filed = desk.file(desk.entry("x/a.jpg", "daisy"), kind="move")
    assert (desk.folder / "daisy/x/a.jpg").is_file()
    desk.undo(filed)
    shutil.rmtree(desk.journals)
    assert set(tree(desk.folder)) == {*before, "photos", "photos/x", "photos/x/a.jpg"}


def test_a_target_that_is_a_file(desk: Desk) -> None:
    desk.target.write_text("")
    with pytest.raises(TLStudioError, match="is a file"):
        desk.plan(desk.entry("a.jpg", "daisy"))


def test_room_is_asked_for_before(desk: Desk) -> None:
    plan = desk.plan(desk.entry("a.jpg", "daisy"))
    assert plan.needed == 4096
    assert plan.fits
    assert desk.plan(desk.entry("a.jpg", "daisy"), kind="hard link").needed == 0
    with pytest.raises(TLStudioError, match="has room for"):
        desk.do(replace(plan, needed=1 << 60))
    assert not desk.target.exists()


def fails_for(original: Callable[..., object], name: str, code: int) -> Callable[..., object]:
    """The same function, but for files of this name."""

    def failing(*paths: Path, **options: object) -> object:
        if any(name in str(path) for path in paths):
            raise OSError(code, os.strerror(code), str(paths[0]))
        return original(*paths, **options)

    return failing


@pytest.mark.parametrize(
    ("code", "sentence"),
    [(errno.ENOSPC, "The disk is full."), (errno.EROFS, "The disk can only be read."), (errno.EACCES, "You may not")],
)
def test_what_fails_is_said_of_each_file_and_the_rest_goes_on(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, code: int, sentence: str
) -> None:
    plan = desk.plan(*(desk.entry(f"{name}.jpg", name) for name in ("first", "second", "third")))
    monkeypatch.setattr(os, "utime", fails_for(os.utime, "second/", code))
    filed = desk.do(plan)
    assert filed.counts == {"first": 1, "third": 1}
    assert [(Path(entry.path).name, entry.reason[: len(sentence)]) for entry in filed.failed] == [
        ("second.jpg", sentence)
    ]
    assert [path.name for path in desk.target.rglob("*.part")] == []
    monkeypatch.undo()
    again = desk.plan(*(FilingEntry(desk.photos / f"{name}.jpg", name, desk.photos) for name in ("first", "second")))
    assert names(again) == ["second/second.jpg"], "what failed can be tried again"
    assert desk.undo(filed).done == 2
    assert not desk.target.exists()


def test_photos_that_vanish_or_change_between_the_plan_and_the_deed(desk: Desk) -> None:
    entries = [desk.entry(f"{name}.jpg", "daisy") for name in ("gone", "changed", "fine")]
    plan = desk.plan(*entries, kind="move")
    entries[0].path.unlink()
    entries[1].path.write_text("something else")
    filed = desk.do(plan)
    assert [entry.reason for entry in filed.failed] == [
        "It isn't there any more.", "It has changed since it was classified.",
    ]  # fmt: skip
    assert desk.filed() == ["daisy/fine.jpg"]
    assert entries[1].path.read_text() == "something else"


@pytest.mark.parametrize("kind", SORTING_KINDS)
def test_a_photo_that_was_replaced_since_it_was_classified_stays(desk: Desk, kind: Kind) -> None:
    digest = hashlib.sha256(b"a.jpg").hexdigest()
    same = replace(desk.entry("a.jpg", "daisy"), digest=digest)
    other = replace(desk.entry("b.jpg", "daisy"), digest=digest)
    filed = desk.file(same, other, kind=kind)
    assert [(Path(entry.path).name, entry.reason) for entry in filed.failed] == [
        ("b.jpg", "It has changed since it was classified.")
    ]
    assert desk.filed() == ["daisy/a.jpg"]
    assert other.path.read_text() == "b.jpg"
    assert desk.undo(filed).kept == ()


def test_a_name_that_is_taken_between_the_plan_and_the_deed(desk: Desk) -> None:
    plan = desk.plan(desk.entry("a.jpg", "daisy"))
    (desk.target / "daisy").mkdir(parents=True)
    (desk.target / "daisy/a.jpg").write_text("mine")
    filed = desk.do(plan)
    assert (desk.target / "daisy/a.jpg").read_text() == "mine"
    assert (desk.target / "daisy/a (2).jpg").read_text() == "a.jpg"
    desk.undo(filed)
    assert desk.filed() == ["daisy/a.jpg"]


def test_a_drive_that_vanishes_ends_it_and_it_goes_on_later(desk: Desk) -> None:
    entries = [desk.entry(f"{number}.jpg", "daisy") for number in range(4)]
    plan = desk.plan(*entries, kind="move")
    away = desk.folder / "unplugged"

    def unplug(event: Event) -> None:
        if isinstance(event, Progress) and desk.target.exists():
            desk.target.rename(away)

    with pytest.raises(TLStudioError, match="is gone, or its drive"):
        desk.do(plan, unplug)
    assert not desk.target.exists(), "nothing is made in its place"
    [cut_off] = unfinished(desk.journals)
    with pytest.raises(TLStudioError, match="is gone, or its drive"):
        undo(cut_off.journal, emit=ignore_events, token=CancelToken())
    away.rename(desk.target)
    filed = continue_filing(cut_off.journal, emit=ignore_events, token=CancelToken())
    assert (filed.done, len(desk.filed())) == (4, 4)
    assert unfinished(desk.journals) == ()


def test_an_empty_folder_where_a_drive_was_is_not_taken_for_it(desk: Desk, second_disk: Path) -> None:
    desk.target.mkdir()
    entries = [desk.entry("a.jpg", "daisy"), desk.entry("b.jpg", "rose")]
    filed = desk.do(desk.plan(*entries), lambda event: desk.token.cancel() if isinstance(event, Progress) else None)
    assert filed.left == 1
    away = desk.folder / "unplugged"
    desk.target.rename(away)
    desk.target.symlink_to(second_disk)
    for act in (undo, continue_filing):
        with pytest.raises(TLStudioError, match="is gone, or its drive"):
            act(filed.journal, emit=ignore_events, token=CancelToken())
    assert tree(second_disk) == {}
    desk.target.unlink()
    away.rename(desk.target)
    assert desk.undo(filed).done == 1
    assert tree(desk.target) == {}


def test_two_disks(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    real_put, real_link = renaming.put, os.link

    def put(source: Path, target: Path) -> None:
        if (desk.photos in source.parents) != (desk.photos in target.parents):
            raise OSError(errno.EXDEV, "other disk")
        real_put(source, target)

    def link(source: Path, target: Path, **options: bool) -> None:
        if desk.target in Path(target).parents and ".part" not in str(source):
            raise OSError(errno.EXDEV, "other disk")
        real_link(source, target, **options)

    monkeypatch.setattr(relocation, "put", put)
    monkeypatch.setattr(os, "link", link)
    entry = desk.entry("a/b.jpg", "daisy")
    desk.photo("a/b.xmp")
    entry.path.chmod(0o640)
    before = tree(desk.photos)
    told: list[Event] = []
    linked = desk.do(desk.plan(entry, kind="hard link"), told.append)
    assert linked.remarks == {"It is copied: these two places can't share one file.": 1}
    assert Notice("1 photo: It is copied: these two places can't share one file.") in told
    desk.undo(linked)
    moved = desk.file(entry, kind="move")
    assert not entry.path.exists()
    there = (desk.target / "daisy/a/b.jpg").stat()
    assert (there.st_mode & 0o777, there.st_mtime_ns) == (0o640, 1_500_000_000_987_654_321)
    desk.undo(moved)
    assert tree(desk.photos) == before
    assert entry.path.stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize("kind", SORTING_KINDS)
def test_two_true_disks(desk: Desk, second_disk: Path, kind: Kind) -> None:
    desk.target = second_disk / "sorted"
    entry = desk.entry("x/a.jpg", "daisy")
    before = tree(desk.photos)
    plan = desk.plan(entry, kind=kind)
    assert plan.needed == (0 if kind == "symbolic link" else 4096)
    assert any("on another disk" in note for note in plan.notes) is (kind in ("move", "hard link"))
    filed = desk.do(plan)
    assert desk.filed() == ["daisy/x/a.jpg"]
    assert (desk.target / "daisy/x/a.jpg").read_text() == "x/a.jpg"
    assert entry.path.exists() is (kind != "move")
    assert desk.undo(filed).kept == ()
    assert not desk.target.exists()
    assert tree(desk.photos) == before


def test_a_copy_to_another_disk_that_comes_back_wrong_leaves_the_photo(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relocation, "put", fails_for(renaming.put, "photos", errno.EXDEV))
    monkeypatch.setattr(relocation, "digest_of", lambda _path: "0" * 64)
    entry = desk.entry("a.jpg", "daisy")
    filed = desk.file(entry, kind="move")
    assert [failed.reason for failed in filed.failed] == ["The disk gives back something else than was written."]
    assert (entry.path.read_text(), desk.filed()) == ("a.jpg", [])


@pytest.mark.parametrize("way", [renaming.put, renaming.put_by_link, renaming.put_on_placeholder])
def test_renaming_never_replaces(tmp_path: Path, way: Callable[[Path, Path], None]) -> None:
    old, new, taken = tmp_path / "old", tmp_path / "new", tmp_path / "taken"
    old.write_text("old")
    taken.write_text("taken")
    with pytest.raises(FileExistsError):
        way(old, taken)
    assert (old.read_text(), taken.read_text()) == ("old", "taken")
    way(old, new)
    assert (new.read_text(), old.exists()) == ("old", False)


def test_a_disk_without_exclusive_renaming_and_links(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(renaming, "_exclusive_rename", lambda: None)
    monkeypatch.setattr(os, "link", fails_for(os.link, "", errno.EPERM))
    before = (desk.entry("a.jpg", "daisy"), tree(desk.photos))
    for kind in ("copy", "move", "hard link"):
        filed = desk.file(before[0], kind=kind)
        assert desk.filed() == ["daisy/a.jpg"]
        desk.undo(filed)
        assert tree(desk.photos) == before[1]


def test_undo_keeps_what_has_changed_since_and_says_which(desk: Desk) -> None:
    entries = [desk.entry(f"{name}.jpg", "daisy") for name in ("edited", "touched", "original gone", "removed", "fine")]
    filed = desk.file(*entries)
    there = desk.target / "daisy"
    (there / "edited.jpg").write_text("EDITED.jpg")
    os.utime(there / "touched.jpg")
    (desk.photos / "original gone.jpg").unlink()
    (there / "removed.jpg").unlink()
    (there / "mine.txt").write_text("mine")
    undone = desk.undo(filed)
    assert {Path(entry.path).name: entry.reason for entry in undone.kept} == {
        "edited.jpg": "It has changed since it was filed.",
        "original gone.jpg": "The photo it was made from is gone, so this one stays.",
    }
    assert desk.filed() == ["daisy/edited.jpg", "daisy/mine.txt", "daisy/original gone.jpg"]
    [filing] = journals(desk.journals)
    assert (filing.phase, filing.done, filing.failed, filing.can_be_undone) == ("undone", 3, 2, True)
    (there / "edited.jpg").write_text("edited.jpg")
    shutil.copy(there / "original gone.jpg", desk.photos)
    assert desk.undo(filed).kept == (), "mended, they can be undone, too"
    with pytest.raises(TLStudioError, match="undone already"):
        desk.undo(filed)


def test_undo_of_a_move_never_replaces(desk: Desk) -> None:
    entries = [desk.entry("a.jpg", "daisy"), desk.entry("b.jpg", "daisy"), desk.entry("deep/c.jpg", "daisy")]
    filed = desk.file(*entries, kind="move")
    entries[0].path.write_text("another one")
    (desk.target / "daisy/b.jpg").unlink()
    shutil.rmtree(desk.photos / "deep")
    undone = desk.undo(filed)
    assert {Path(entry.path).name: entry.reason for entry in undone.kept} == {
        "a.jpg": "Where it was, there is another file now.", "b.jpg": "It isn't there any more.",
    }  # fmt: skip
    assert entries[2].path.read_text() == "deep/c.jpg"
    assert (desk.target / "daisy/a.jpg").read_text() == "a.jpg"


def test_writing_keeps_what_was_there(desk: Desk) -> None:
    photo = desk.photo("a.jpg")
    sidecar = desk.photo("a.jpg.xmp", "somebody's own")
    sidecar.chmod(0o604)
    before = tree(desk.photos)

    def action(target: Path, content: bytes) -> FilingAction:
        facts = photo.stat()
        return FilingAction(
            "write", str(photo), str(target), facts.st_size, facts.st_mtime_ns, "daisy", recipe=given(content)
        )

    new = desk.photos / "new.xmp"
    plan = FilingPlan(str(desk.photos), "write", (action(sidecar, b"ours"), action(new, b"new"), action(new, b"new")))
    filed = desk.do(plan)
    assert (sidecar.read_bytes(), new.read_bytes(), filed.done) == (b"ours", b"new", 3)
    assert desk.undo(filed).kept == ()
    assert tree(desk.photos) == before
    assert sidecar.stat().st_mode & 0o777 == 0o604
    again = desk.do(plan)
    sidecar.write_text("edited")
    assert [entry.reason for entry in desk.undo(again).kept] == ["It has changed since it was written."]


def test_a_stop_keeps_what_was_done(desk: Desk) -> None:
    entries = [desk.entry(f"{number}.jpg", "daisy") for number in range(5)]
    before = tree(desk.photos)
    plan = desk.plan(*entries, kind="move")
    filed = desk.do(plan, lambda event: desk.token.cancel() if isinstance(event, Progress) else None)
    assert (filed.done, filed.left, filed.stopped) == (1, 4, True)
    [filing] = journals(desk.journals)
    assert (filing.phase, filing.interrupted, filing.done) == ("stopped", False, 1)
    with pytest.raises(Cancelled):
        desk.plan(*entries)
    on = continue_filing(filed.journal, emit=ignore_events, token=CancelToken())
    assert (on.done, on.left) == (5, 0)
    desk.undo(on)
    assert tree(desk.photos) == before


def test_a_last_line_that_was_cut_is_dropped(desk: Desk) -> None:
    filed = desk.file(desk.entry("a.jpg", "daisy"))
    file = filed.journal / "journal.jsonl"
    file.write_bytes(file.read_bytes()[:-20])
    assert [filing.phase for filing in unfinished(desk.journals)] == ["filing"]
    with pytest.raises(TLStudioError, match="was interrupted"):
        desk.file(desk.entry("b.jpg", "daisy"))
    assert continue_filing(filed.journal, emit=ignore_events, token=CancelToken()).done == 1
    assert desk.filed() == ["daisy/a.jpg"]
    assert unfinished(desk.journals) == ()


def test_what_a_crash_left_unmarked_stays_undoable_until_it_can_be_undone(desk: Desk) -> None:
    entry = desk.entry("a.jpg", "daisy")
    filed = desk.file(entry)
    file = filed.journal / "journal.jsonl"
    lines = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(b"".join(lines[:-2]))  # as if killed before it was marked as done
    entry.path.rename(desk.photos / "elsewhere.jpg")
    for _ in range(2):
        [kept] = desk.undo(filed).kept
        assert kept.reason == "The photo it was made from is gone, so this one stays."
    (desk.photos / "elsewhere.jpg").rename(entry.path)
    assert (desk.undo(filed).done, desk.target.exists()) == (1, False)


def test_a_filing_that_has_just_begun_is_not_taken_for_one_that_was_cut_off(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[int] = []
    real = journal.sync_folder

    def look(folder: Path) -> None:
        real(folder)
        seen.append(len(unfinished(desk.journals)))

    monkeypatch.setattr(journal, "sync_folder", look)
    desk.file(desk.entry("a.jpg", "daisy"))
    assert seen == [0]


def test_a_filing_that_ends_while_it_is_looked_at_was_not_cut_off(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    file = desk.file(desk.entry("a.jpg", "daisy")).journal / journal.FILE
    whole = file.read_bytes()
    file.write_bytes(whole[: whole.rindex(b"\n", 0, -1) + 1])
    assert len(unfinished(desk.journals)) == 1

    def end_meanwhile(_folder: Path) -> bool:
        file.write_bytes(whole)
        return False

    monkeypatch.setattr(listing, "is_worked_on", end_meanwhile)
    assert unfinished(desk.journals) == ()


def test_journals_are_listed_newest_first(desk: Desk) -> None:
    assert journals(desk.journals) == ()
    first, second = desk.file(desk.entry("a.jpg", "daisy")), desk.file(desk.entry("b.jpg", "rose"), kind="move")
    (desk.journals / "not ours").mkdir()
    found = journals(desk.journals)
    assert [filing.journal for filing in found] == [second.journal, first.journal]
    assert [(filing.kind, filing.total, filing.done, filing.target) for filing in found] == [
        ("move", 1, 1, str(desk.target)), ("copy", 1, 1, str(desk.target)),
    ]  # fmt: skip
    with pytest.raises(TLStudioError, match="no journal that can be read"):
        undo(desk.journals / "not ours", emit=ignore_events, token=CancelToken())


@pytest.mark.skipif(os.name == "nt", reason="bytes that are no UTF-8 are no names on Windows")
def test_names_that_are_no_utf8(desk: Desk) -> None:
    path = desk.photos / os.fsdecode(b"caf\xe9.jpg")
    desk.photos.mkdir()
    path.write_text("x")
    filed = desk.file(FilingEntry(path, "daisy", desk.photos), kind="move")
    assert desk.filed() == ["daisy/caf\ufffd.jpg"]
    desk.undo(filed)
    assert path.read_text() == "x"
