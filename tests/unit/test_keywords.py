"""Keywords beside photos and in copies of them: planned without touching anything, journalled, undone."""

import hashlib
import io
import json
import os
from pathlib import Path

import pytest
from PIL import Image

from tlstudio.events import CancelToken, ignore_events
from tlstudio.filing.execute import Filed, execute
from tlstudio.filing.keywords import SidecarNames, plan_sidecars, plan_tagged_copies
from tlstudio.filing.plan import FilingEntry, FilingOptions, FilingPlan
from tlstudio.filing.undo import undo
from tlstudio.filing.xmp import keywords_of, with_keyword


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    folder = tmp_path / "photos"
    (folder / "plot").mkdir(parents=True)
    picture = Image.linear_gradient("L").resize((24, 18))
    for name in ("a.jpg", "plot/b.png", "c.bmp"):
        picture.save(folder / name)
    return folder


def entries(folder: Path, class_name: str = "daisy") -> list[FilingEntry]:
    found = sorted(path for path in folder.rglob("*") if path.suffix in (".jpg", ".png", ".bmp"))
    return [FilingEntry(path, class_name, folder) for path in found]


def sidecars(folder: Path, class_name: str = "daisy", names: SidecarNames = "full") -> FilingPlan:
    return plan_sidecars(entries(folder, class_name), names, emit=ignore_events, token=CancelToken())


def copies(folder: Path, target: Path, journals: Path, class_name: str = "daisy") -> FilingPlan:
    options = FilingOptions(target)
    return plan_tagged_copies(entries(folder, class_name), options, journals, emit=ignore_events, token=CancelToken())


def file(plan: FilingPlan, journals: Path) -> Filed:
    return execute(plan, journals, emit=ignore_events, token=CancelToken())


def tree(folder: Path) -> dict[str, str]:
    """Every file and folder, and what the files hold."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
        for path in sorted(folder.rglob("*"))
    }


def keywords_in(photo: Path) -> tuple[str, ...]:
    with Image.open(io.BytesIO(photo.read_bytes())) as opened:
        return keywords_of(opened.info["xmp"])


def test_a_plan_touches_nothing_and_says_who_gets_what(photos: Path) -> None:
    before = tree(photos)
    plan = sidecars(photos)
    assert tree(photos) == before
    assert [action.target_path.name for action in plan.actions] == ["a.jpg.xmp", "c.bmp.xmp", "b.png.xmp"]
    assert plan.counts == {"daisy": 3}
    assert 0 < plan.needed < plan.free


def test_sidecars_are_written_and_undone(photos: Path, tmp_path: Path) -> None:
    before = tree(photos)
    filed = file(sidecars(photos), tmp_path / "journals")
    assert (filed.done, filed.failed) == (3, ())
    assert keywords_of((photos / "plot" / "b.png.xmp").read_bytes()) == ("daisy",)
    assert before.items() <= tree(photos).items(), "the photos are as they were"
    undo(filed.journal, emit=ignore_events, token=CancelToken())
    assert tree(photos) == before


def test_a_second_time_only_what_changed_is_written(photos: Path, tmp_path: Path) -> None:
    file(sidecars(photos), tmp_path / "journals")
    again = sidecars(photos)
    assert (again.actions, again.already_there) == ((), 3)
    file(sidecars(photos, "roses"), tmp_path / "journals")
    assert keywords_of((photos / "a.jpg.xmp").read_bytes()) == ("roses",)


@pytest.mark.parametrize("name", ["a.jpg.xmp", "a.xmp", "A.XMP"])
def test_a_sidecar_that_is_there_is_added_to_whatever_it_is_called(photos: Path, tmp_path: Path, name: str) -> None:
    mine = with_keyword(None, "holiday").replace(b"TL Studio|", b"Mine|").replace(b"tlstudio:keywords", b"tlstudio:x")
    (photos / name).write_bytes(mine)
    filed = file(sidecars(photos, names="full"), tmp_path / "journals")
    assert keywords_of((photos / name).read_bytes()) == ("holiday", "daisy")
    undo(filed.journal, emit=ignore_events, token=CancelToken())
    assert (photos / name).read_bytes() == mine


def test_short_names_are_for_photos_that_share_theirs_with_none(photos: Path) -> None:
    (photos / "a.cr2").touch()
    names = {action.target_path.name for action in sidecars(photos, names="short").actions}
    assert names == {"a.jpg.xmp", "c.xmp", "b.xmp"}
    (photos / "a.xmp").write_bytes(with_keyword(None, "of the raw photo"))
    assert "a.jpg.xmp" in {action.target_path.name for action in sidecars(photos).actions}


def test_what_can_not_be_added_to_stays_and_is_said(photos: Path) -> None:
    (photos / "a.jpg.xmp").write_bytes(b"<!DOCTYPE x []><x/>")
    (photos / "c.bmp").unlink()
    gone = FilingEntry(photos / "c.bmp", "daisy", photos)
    plan = plan_sidecars([*entries(photos), gone], emit=ignore_events, token=CancelToken())
    assert [action.target_path.name for action in plan.actions] == ["b.png.xmp"]
    reasons = {Path(entry.path).name: entry.reason for entry in plan.left_out}
    assert "DTD" in reasons["a.jpg"]
    assert "any more" in reasons["c.bmp"]


def test_a_class_of_bytes_that_are_no_utf8_is_written(photos: Path, tmp_path: Path) -> None:
    filed = file(sidecars(photos, os.fsdecode(b"caf\xe9")), tmp_path / "journals")
    assert filed.done == 3
    assert keywords_of((photos / "a.jpg.xmp").read_bytes()) == ("caf\ufffd",)


def test_copies_have_the_keyword_inside_or_beside_them(photos: Path, tmp_path: Path) -> None:
    before, target = tree(photos), tmp_path / "out"
    plan = copies(photos, target, tmp_path / "journals")
    assert not target.exists()
    assert any("neither JPEG nor PNG" in note for note in plan.notes)
    filed = file(plan, tmp_path / "journals")
    assert keywords_in(target / "daisy" / "a.jpg") == ("daisy",)
    assert keywords_in(target / "daisy" / "plot" / "b.png") == ("daisy",)
    assert (target / "daisy" / "c.bmp").read_bytes() == (photos / "c.bmp").read_bytes()
    assert keywords_of((target / "daisy" / "c.bmp.xmp").read_bytes()) == ("daisy",)
    assert tree(photos) == before
    undo(filed.journal, emit=ignore_events, token=CancelToken())
    assert not target.exists()
    assert tree(photos) == before


def test_copies_of_before_are_known_and_follow_another_answer(photos: Path, tmp_path: Path) -> None:
    target, journals = tmp_path / "out", tmp_path / "journals"
    file(copies(photos, target, journals), journals)
    again = copies(photos, target, journals)
    assert (again.actions, again.already_there) == ((), 3)
    first = tree(target)
    filed = file(copies(photos, target, journals, "roses"), journals)
    assert not filed.failed
    assert keywords_in(target / "roses" / "a.jpg") == ("roses",)
    assert keywords_of((target / "roses" / "c.bmp.xmp").read_bytes()) == ("roses",)
    assert not [path for path in (target / "daisy").rglob("*") if path.suffix in (".jpg", ".png", ".bmp")]
    assert copies(photos, target, journals, "roses").already_there == 3
    undo(filed.journal, emit=ignore_events, token=CancelToken())
    assert tree(target) == first


def test_a_copy_of_a_damaged_photo_is_said_and_the_rest_goes_on(photos: Path, tmp_path: Path) -> None:
    (photos / "a.jpg").write_bytes((photos / "a.jpg").read_bytes()[:40])
    filed = file(copies(photos, tmp_path / "out", tmp_path / "journals"), tmp_path / "journals")
    assert [(Path(failed.path).name, "damaged" in failed.reason) for failed in filed.failed] == [("a.jpg", True)]
    assert (filed.done, filed.files) == (2, 3)


def test_what_is_in_a_sidecar_goes_along_with_a_tagged_copy(photos: Path, tmp_path: Path) -> None:
    mine = with_keyword(None, "holiday").replace(b"TL Studio|", b"Mine|").replace(b"tlstudio:keywords", b"tlstudio:x")
    (photos / "a.jpg.xmp").write_bytes(mine)
    (photos / "c.xmp").write_bytes(mine)
    before, target, journals = tree(photos), tmp_path / "out", tmp_path / "journals"
    plan = copies(photos, target, journals)
    assert (plan.counts, plan.sidecars) == ({"daisy": 3}, 2)
    filed = [file(plan, journals)]
    first = tree(target)
    for class_name in ("roses", "daisy"):
        filed.append(file(copies(photos, target, journals, class_name), journals))
        assert (filed[-1].failed, filed[-1].sidecars) == ((), 2)
        folder = target / class_name
        assert {path.name for path in folder.iterdir()} == {"a.jpg", "a.jpg.xmp", "c.bmp", "c.xmp", "plot"}
        for name in ("a.jpg.xmp", "c.xmp"):
            assert keywords_of((folder / name).read_bytes()) == ("holiday", class_name)
        assert keywords_in(folder / "a.jpg") == (class_name,)
    assert tree(photos) == before
    for done in reversed(filed[1:]):
        assert undo(done.journal, emit=ignore_events, token=CancelToken()).kept == ()
    assert tree(target) == first
    undo(filed[0].journal, emit=ignore_events, token=CancelToken())
    assert not target.exists()


def test_the_journal_is_plain_text(photos: Path, tmp_path: Path) -> None:
    filed = file(sidecars(photos), tmp_path / "journals")
    lines = (filed.journal / "journal.jsonl").read_text().splitlines()
    assert json.loads(lines[1])["recipe"]["maker"] == "keyword beside"
