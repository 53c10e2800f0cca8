"""Changes a project as fast as it can, and says each action's number once it is kept. Run by test_project_kills.py."""

import itertools
import sys
from pathlib import Path

from kills import say

from tlstudio.datasets.facts import PhotoFacts
from tlstudio.datasets.images import Probe
from tlstudio.datasets.splits.split import SplitConfig
from tlstudio.datasets.walk import Stamp
from tlstudio.projects.photo_memory import PhotoMemory
from tlstudio.projects.project import LABEL, LEFT_OUT, Project
from tlstudio.workflows.open_photos import keep_split


def main(folder: Path, first: int) -> None:
    project = Project(folder)
    for number in itertools.count(first):
        memory = PhotoMemory(project)
        memory.keep(f"{number}.jpg", Stamp(1, number), Probe(8, 8, f"{number:064}", PhotoFacts(0.5, 0.2, 0.1, number)))
        memory.close()
        keep_split(project, SplitConfig(0.7, 0.2, 0.1, seed=number))
        labels = {(LABEL, f"{number % 50}-{copy}.jpg"): str(number) for copy in range(20)}
        project.change(f"action {number}", labels | {(LEFT_OUT, "last"): str(number)})
        say(number)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
