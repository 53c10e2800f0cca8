"""A project that is killed while it is changed opens again, and at most the last action is missing."""

import random
from pathlib import Path

import pytest
from kills import killed

from tlstudio.projects.project import LABEL, LEFT_OUT, Project

CHILD = Path(__file__).with_name("busy_project.py")


@pytest.mark.parametrize("kills", [8, pytest.param(100, marks=pytest.mark.slow)])
def test_a_killed_project_opens_and_misses_one_action_at_most(tmp_path: Path, kills: int) -> None:
    folder = tmp_path / "project"
    chance = random.Random(kills)  # noqa: S311
    last = 0
    for _ in range(kills):
        said = int(killed(CHILD, folder, last + 1, seconds=chance.uniform(0, 0.15))[-1])
        project = Project(folder)
        last = int(project.values(LEFT_OUT)["last"])
        assert said <= last <= said + 1
        labels = project.edits().labels
        assert [labels[f"{last % 50}-{copy}.jpg"] for copy in range(20)] == [str(last)] * 20, "actions hold as a whole"
        assert project.steps().undo in (f"action {last}", "Deal the photos out anew", "Share out the photos 70/20/10")
        assert project.values(LABEL).keys() == labels.keys()
