"""Decisions about photos: what is kept, what is taken back, in which order they are asked for, and what joins."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from tlstudio.datasets.added import is_added
from tlstudio.datasets.splits.split import SplitConfig
from tlstudio.events import CancelToken, Emit
from tlstudio.prediction.answers_file import connected, writing
from tlstudio.prediction.prediction import Prediction
from tlstudio.prediction.review.bursts import BurstFinder
from tlstudio.prediction.review.decisions import Decision, DecisionLog, standing, with_decisions
from tlstudio.prediction.review.order import Candidate, Lineup, ordered, suggestions
from tlstudio.projects.library import Library
from tlstudio.workflows.join_reviewed import changed_answers, joining_of, labels_of
from tlstudio.workflows.open_photos import Opened, open_photos, reconsidered

ClassFolders = Callable[..., Path]
PhotosFactory = Callable[..., list[Path]]

# The log


def test_what_was_decided_is_there_in_a_log_opened_later(tmp_path: Path) -> None:
    log = DecisionLog(tmp_path)
    log.record([Decision("/a.jpg", "accepted", "daisy"), Decision("/b.jpg", "accepted", "daisy")])
    log.record([Decision("/a.jpg", "other", "roses")])
    log.record([Decision("/caf\udce9.jpg", "none")])
    steps = DecisionLog(tmp_path).steps()
    assert [len(step.decisions) for step in steps] == [2, 1, 1]
    assert DecisionLog(tmp_path).decided() == standing(steps)
    assert standing(steps)["/a.jpg"].class_name == "roses"
    assert standing(steps)["/caf\udce9.jpg"].verdict == "none"


def test_undo_goes_back_step_by_step_to_the_very_first_also_in_a_log_opened_later(tmp_path: Path) -> None:
    for name in ("daisy", "roses", "tulips"):
        DecisionLog(tmp_path).record([Decision("/a.jpg", "other", name), Decision("/b.jpg", "other", name)])
    seen = []
    while steps := DecisionLog(tmp_path).steps():
        seen.append(standing(steps)["/b.jpg"].class_name)
        DecisionLog(tmp_path).undo(steps[-1])
    assert seen == ["tulips", "roses", "daisy"]


def test_what_was_decided_among_other_classes_says_nothing_of_these(tmp_path: Path) -> None:
    flowers, birds = DecisionLog(tmp_path, ("daisy", "roses")), DecisionLog(tmp_path, ("wren", "grebe"))
    flowers.record([Decision("/a.jpg", "other", "daisy"), Decision("/b.jpg", "later")])
    birds.record([Decision("/a.jpg", "accepted", "wren")])
    assert flowers.decided()["/a.jpg"].class_name == "daisy"
    assert birds.decided()["/a.jpg"].class_name == "wren"
    assert list(DecisionLog(tmp_path, ("cat",)).decided()) == ["/b.jpg"]
    assert len(DecisionLog(tmp_path).steps()) == 2


def test_steps_stay_apart_when_the_clock_was_set_back(tmp_path: Path) -> None:
    log = DecisionLog(tmp_path)
    log.record([Decision("/a.jpg", "later")])
    with connected(tmp_path) as db, writing(db):
        db.execute("UPDATE decision SET moment = '2999-01-01T00:00:00.000000+00:00'")
    steps = [log.record([Decision(path, "none")]) for path in ("/b.jpg", "/c.jpg")]
    assert len({step.moment for step in steps}) == 2
    log.undo(steps[0])
    assert list(log.decided()) == ["/a.jpg", "/c.jpg"]


@pytest.mark.parametrize(("now", "holds"), [("aa", True), ("bb", False)])
def test_a_decision_belongs_to_the_contents_that_were_looked_at(tmp_path: Path, now: str, holds: bool) -> None:
    _remember(tmp_path, "/a.jpg", "aa")
    DecisionLog(tmp_path).record([Decision("/a.jpg", "accepted", "daisy")])
    _remember(tmp_path, "/a.jpg", now)
    assert ("/a.jpg" in DecisionLog(tmp_path).decided()) is holds


def _remember(folder: Path, path: str, digest: str) -> None:
    with connected(folder) as db, writing(db):
        db.execute(
            "INSERT OR REPLACE INTO file (path, size, modified, decoder, kind, digest) VALUES (?, 1, 1, 1, 'photo', ?)",
            (path, bytes.fromhex(digest)),
        )


def test_a_decided_class_is_sure_and_first_and_none_of_the_classes_is_unsure() -> None:
    top = (("daisy", 0.6), ("roses", 0.3))
    answers = [
        Prediction("/a.jpg", "unsure", top, reason="score"),
        Prediction("/b.jpg", "unsure", top, reason="unlike"),
        Prediction("/c.jpg", "ok", top),
        Prediction("/d.jpg", "unsure", top, reason="score"),
        Prediction("/e.jpg", "unreadable", error="Cut short."),
    ]
    decided = {
        each.path: each
        for each in (
            Decision("/a.jpg", "other", "roses"),
            Decision("/b.jpg", "other", "iris"),
            Decision("/c.jpg", "none"),
            Decision("/d.jpg", "later"),
            Decision("/e.jpg", "accepted", "daisy"),
        )
    }
    first, second, third, *rest = with_decisions(answers, decided)
    assert (first.status, first.reason, first.top) == ("ok", "", (("roses", 0.3), ("daisy", 0.6)))
    assert (second.status, second.top) == ("ok", (("iris", 0.0), ("daisy", 0.6)))
    assert (third.status, third.top) == ("unsure", top)
    assert rest == answers[3:]


# The order


def _candidate(path: str, label: str, score: float, *, unlike: bool = False) -> Candidate:
    return Candidate(path, 0, 0, label, score, unlike, 0.99 if unlike else 0.2)


def test_photos_are_asked_for_by_doubt_by_class_or_by_strangeness() -> None:
    photos = [
        _candidate("/a", "roses", 0.7),
        _candidate("/b", "daisy", 0.4),
        _candidate("/c", "roses", 0.9, unlike=True),
        _candidate("/d", "roses", 0.5),
    ]
    assert "".join(each.path[1] for each in ordered(photos, "least_sure")) == "bdac"
    assert "".join(each.path[1] for each in ordered(photos, "by_class")) == "cadb"
    assert "".join(each.path[1] for each in ordered(photos, "unlike_first")) == "cbda"


def test_suggestions_hold_the_surest_photos_of_the_most_frequent_class_first_and_nothing_unlike() -> None:
    photos = [_candidate(f"/r{number:02}", "roses", number / 100) for number in range(60)]
    photos += [_candidate("/d", "daisy", 0.4), _candidate("/x", "daisy", 0.9, unlike=True)]
    roses, daisy = suggestions(photos)
    assert (roses.label, roses.total, len(roses.photos), roses.photos[0].path) == ("roses", 60, 40, "/r59")
    assert [each.path for each in daisy.photos] == ["/d"]


def test_a_lineup_knows_the_photos_beside_one_in_its_folder() -> None:
    line = Lineup.of([_candidate(f"/{folder}/{n}", "x", n / 10) for folder in "ab" for n in range(6)], "least_sure")
    assert line.beside("/a/3", 1) == ["/a/2", "/a/3", "/a/4"]
    assert line.beside("/b/0", 2) == ["/b/0", "/b/1", "/b/2"]


# Bursts


def _shots(folder: Path, photo: Path, names: str, apart: float) -> list[Path]:
    """The same scene, brightened a little from shot to shot, so many seconds apart."""
    folder.mkdir(exist_ok=True)
    paths = []
    with Image.open(photo) as image:
        for number, name in enumerate(names):
            path = folder / f"{name}.png"
            image.point(lambda value, number=number: min(value + 4 * number, 255)).save(path)
            os.utime(path, (1_000_000 + number * apart,) * 2)
            paths.append(path)
    return paths


def test_alike_photos_taken_seconds_apart_are_one_burst(tmp_path: Path, photos_factory: PhotosFactory) -> None:
    one, other = photos_factory(tmp_path / "a", 1, kind=1)[0], photos_factory(tmp_path / "b", 1, kind=5)[0]
    burst = _shots(tmp_path / "shots", one, "adg", 3)
    _shots(tmp_path / "shots", other, "bch", 3)
    everything = sorted((tmp_path / "shots").iterdir())
    finder = BurstFinder()
    assert finder.burst_of(burst[1], everything, token=CancelToken()) == tuple(burst)
    burst[0].unlink()
    assert finder.burst_of(burst[1], everything, token=CancelToken()) == tuple(burst[1:])
    assert finder.burst_of(burst[0], everything, token=CancelToken()) == ()


def test_alike_photos_taken_long_after_one_another_are_none(tmp_path: Path, photos_factory: PhotosFactory) -> None:
    photos = _shots(tmp_path / "shots", photos_factory(tmp_path / "a", 1)[0], "abc", 3600)
    assert BurstFinder().burst_of(photos[0], photos, token=CancelToken()) == ()


# Learning from what was reviewed


@pytest.fixture
def opened(home: Path, class_folders: ClassFolders, silent: Emit) -> Opened:  # noqa: ARG001
    root = class_folders({"daisy": 6, "roses": 6})
    return open_photos(root, Library(), SplitConfig(), emit=silent, token=CancelToken())


@pytest.fixture
def elsewhere(tmp_path: Path, photos_factory: PhotosFactory) -> list[Path]:
    return photos_factory(tmp_path / "elsewhere", 4, kind=7)


def test_reviewed_photos_join_by_reference_and_leave_with_undo(
    opened: Opened, elsewhere: list[Path], silent: Emit
) -> None:
    decisions = [Decision(str(path), "accepted", "roses") for path in elsewhere[:2]]
    decisions += [Decision(str(elsewhere[2]), "other", "iris"), Decision(str(elsewhere[3]), "none")]
    joining = joining_of(opened.dataset, decisions, emit=silent, token=CancelToken())
    assert joining.action is not None
    assert (joining.count, joining.action.sentence) == (3, "Add 3 reviewed photos")
    opened.project.change(joining.action.sentence, joining.action.changes)
    joined = reconsidered(opened)
    assert joined.dataset.counts() == {"daisy": 6, "iris": 1, "roses": 8}
    added = [sample for sample in joined.dataset.samples if is_added(sample.path)]
    assert [joined.dataset.absolute(sample.path) for sample in added] == elsewhere[:3]
    assert joined.dataset.found == opened.dataset.found + 3
    again = joining_of(joined.dataset, decisions, emit=silent, token=CancelToken())
    assert (again.action, again.known) == (None, 3)
    assert opened.project.undo() == "Add 3 reviewed photos"
    assert reconsidered(joined).dataset == opened.dataset


def test_photos_in_the_folder_itself_get_a_label(opened: Opened, silent: Emit) -> None:
    path = opened.dataset.absolute("daisy/photo_000.jpg")
    joining = joining_of(opened.dataset, [Decision(str(path), "other", "roses")], emit=silent, token=CancelToken())
    assert joining.action is not None
    opened.project.change(joining.action.sentence, joining.action.changes)
    dataset = reconsidered(opened).dataset
    assert dataset.counts() == {"daisy": 5, "roses": 7}
    assert labels_of(dataset.root, dataset.samples, [str(path), "/nowhere.jpg"]) == {str(path): "roses"}


def test_photos_that_are_gone_or_other_ones_are_told_and_left_out(
    opened: Opened, elsewhere: list[Path], silent: Emit
) -> None:
    looked_at = [Decision(str(path), "accepted", "roses", "00" * 32) for path in elsewhere[:2]]
    elsewhere[0].unlink()
    joining = joining_of(opened.dataset, looked_at, emit=silent, token=CancelToken())
    assert joining.action is None
    assert [file.reason for file in joining.left_out] == [
        "It isn't there any more.",
        "It has changed since you looked at it.",
    ]


def test_added_photos_that_vanish_or_change_are_accounted_for(
    opened: Opened, elsewhere: list[Path], silent: Emit
) -> None:
    decisions = [Decision(str(path), "accepted", "roses") for path in elsewhere]
    joining = joining_of(opened.dataset, decisions, emit=silent, token=CancelToken())
    assert joining.action is not None
    opened.project.change(joining.action.sentence, joining.action.changes)
    joined = reconsidered(opened)
    elsewhere[0].unlink()
    shutil.copy(elsewhere[2], elsewhere[1])
    after = reconsidered(joined)
    assert after.dataset.counts() == {"daisy": 6, "roses": 8}
    assert [file.path for file in after.dataset.rejected] == [path.as_posix() for path in elsewhere[:2]]
    assert after.dataset.found == joined.dataset.found


def test_copies_of_one_photo_stay_in_one_part_also_when_one_was_added(
    opened: Opened, tmp_path: Path, silent: Emit
) -> None:
    photos = [opened.dataset.absolute(f"daisy/photo_{number:03}.jpg") for number in range(6)]
    decisions = []
    for photo in photos:
        copy = tmp_path / "elsewhere" / photo.name
        copy.parent.mkdir(exist_ok=True)
        with Image.open(photo) as image:
            image.save(copy, quality=60)
        decisions.append(Decision(str(copy), "accepted", "daisy"))
    joining = joining_of(opened.dataset, decisions, emit=silent, token=CancelToken())
    assert joining.action is not None
    opened.project.change(joining.action.sentence, joining.action.changes)
    joined = reconsidered(opened)
    part_of = {
        joined.dataset.samples[index].path: part
        for part, indices in enumerate((joined.split.train, joined.split.validation, joined.split.test))
        for index in indices
    }
    for photo, decision in zip(photos, decisions, strict=True):
        assert part_of[f"daisy/{photo.name}"] == part_of[Path(decision.path).as_posix()]


def test_answers_that_changed_are_told_apart() -> None:
    before = {"/a": "daisy", "/b": "roses", "/c": "roses"}
    assert changed_answers(before, {"/b": "daisy", "/c": "roses", "/new": "daisy"}) == ["/b"]
