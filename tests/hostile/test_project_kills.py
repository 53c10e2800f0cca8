"""A project that is killed while it is changed opens again, and at most the last action is missing."""

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tlstudio.projects.project import LABEL, LEFT_OUT, Project

CHILD = Path(__file__).with_name("busy_project.py")


def killed(folder: Path, first: int, seconds: float) -> int:
    """Lets the child work, kills it that long after its first action; the last action that it said was kept."""
    command = [sys.executable, str(CHILD), str(folder), str(first)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        said = [int(child.stdout.readline())]
        time.sleep(seconds)  # the moment of the kill is what is tried, nothing waits for it
        child.kill()
        said += [int(line) for line in child.stdout.read().splitlines()]
    return said[-1]


@pytest.mark.parametrize("kills", [8, pytest.param(100, marks=pytest.mark.slow)])
def test_a_killed_project_opens_and_misses_one_action_at_most(tmp_path: Path, kills: int) -> None:
    folder = tmp_path / "project"
    chance = random.Random(kills)  # noqa: S311
    last = 0
    for _ in range(kills):
        said = killed(folder, last + 1, chance.uniform(0, 0.15))
        project = Project(folder)
        last = int(project.values(LEFT_OUT)["last"])
        assert said <= last <= said + 1
        labels = project.edits().labels
        assert [labels[f"{last % 50}-{copy}.jpg"] for copy in range(20)] == [str(last)] * 20, "actions hold as a whole"
        assert project.steps().undo in (f"action {last}", "Share out the photos 70/20/10")
        assert project.values(LABEL).keys() == labels.keys()
