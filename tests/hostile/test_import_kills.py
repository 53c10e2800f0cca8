"""A window that is killed while it imports, relabels and shares out: all but one action at most is there again."""

import os
import random
from pathlib import Path

import pytest
from busy_window import PHOTOS, Wanted, names
from kills import killed
from messy_layouts import png, write

from tlstudio.datasets.splits.split import SplitConfig
from tlstudio.events import CancelToken, ignore_events
from tlstudio.projects.library import Library
from tlstudio.workflows.open_photos import Opened, open_photos, wished_split

CHILD = Path(__file__).with_name("busy_window.py")
LONGEST_IMPORT, LONGEST_WORK = 2.0, 0.6
"""Seconds from the begin of an import, or from its end, to the kill."""


def opened(folder: Path) -> Opened:
    return open_photos(folder, Library(), SplitConfig(), emit=ignore_events, token=CancelToken())


def found(project: Opened) -> Wanted:
    split = wished_split(project.project)
    return Wanted(dict(project.project.edits().labels), -1 if split is None else split.seed)


def actions_in(lines: list[str], last: int) -> int:
    """The number of the last action that a window said was kept; ``last`` if it came to none."""
    begun, *rest = lines
    assert begun == "begun"
    assert all(line.isdigit() for line in rest), rest
    assert rest[:1] in ([], [str(PHOTOS)]), "the import was finished whole"
    return int(rest[-1]) if len(rest) > 1 else last


@pytest.mark.parametrize("kills", [6, pytest.param(100, marks=pytest.mark.slow)])
def test_a_killed_window_loses_one_action_at_most(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kills: int) -> None:
    pytest.importorskip("PySide6")
    folder = tmp_path / "photos"
    for number, name in enumerate(names()):
        write(folder / name, png(number))
    chance = random.Random(kills)  # noqa: S311
    last, halfway = 0, 0
    for number in range(kills):
        if number % 4 == 0:  # nothing is known of the photos yet
            monkeypatch.setenv("TLSTUDIO_HOME", str(tmp_path / f"home {number}"))
            last = 0
        elif number % 4 == 2:  # a project is there, and half of its photos have to be read again
            for name in chance.sample(names(), PHOTOS // 2):
                os.utime(folder / name)
        if number % 2 == 0:
            lines = killed(CHILD, folder, last + 1, seconds=chance.uniform(0, LONGEST_IMPORT))
        else:
            lines = killed(CHILD, folder, last + 1, seconds=chance.uniform(0, LONGEST_WORK), lines=2)
        halfway += len(lines) == 1
        said = actions_in(lines, last)
        for _ in range(2):
            project = opened(folder)
            assert len(project.files.samples) == PHOTOS
            assert not project.files.rejected
        state = found(project)
        assert state in (Wanted.after(said), Wanted.after(said + 1))
        last = said if state == Wanted.after(said) else said + 1
        assert [Path(entry.source) for entry in Library().recent()] == [folder]
        assert {sample.path: sample.class_name for sample in project.dataset.samples}.items() >= state.labels.items()
    assert halfway, "some imports were not finished"
