"""The sheet before photos are sorted into class folders."""

import os
from pathlib import Path
from typing import Final

from PySide6.QtWidgets import QWidget

from tlstudio.filing.action import Kind
from tlstudio.filing.plan import FilingOptions, FilingPlan
from tlstudio.filing.planning import plan_filing
from tlstudio.ui.tabs.predict.uses.plan_sheet import Planner, PlanSheet
from tlstudio.ui.widgets.labels import TextLabel
from tlstudio.ui.widgets.segmented import Segmented
from tlstudio.ui.widgets.toggles import CheckBox
from tlstudio.ui.widgets.tooltip import set_tooltip
from tlstudio.ui.words.names import shortened
from tlstudio.wording import counted

KINDS: Final[tuple[tuple[Kind, str, str], ...]] = (
    ("copy", "Copy", "The photos themselves stay where they are."),
    ("move", "Move", "The photos leave their folders. Undo brings them back."),
    ("hard link", "Hard link", "A second name for the same file: takes no room. On another disk it becomes a copy."),
    (
        "symbolic link",
        "Symbolic link",
        "Points to the photo: takes no room, and leads nowhere once the photo is moved.",
    ),
)
_LONGEST_NAME: Final = 24
_VERBS: Final[dict[Kind, str]] = {"copy": "Copy", "move": "Move", "hard link": "Link", "symbolic link": "Link"}


class FilingSheet(PlanSheet):
    """Which photos, how and where to; below, what would come of it."""

    def __init__(self, folder: Path, parent: QWidget | None = None) -> None:
        """Make the sheet, for class folders in a folder."""
        line = "Each photo goes to a folder named after its class. What you answered yourself counts as sure."
        super().__init__("Sort photos into folders", line, folder, parent)
        self._kind = Segmented([(kind, words) for kind, words, _ in KINDS], "How the photos are filed")
        self._kind_line = TextLabel(KINDS[0][2], "secondary", "text2", wrap=True)
        self._keep = CheckBox("Keep the folders that they lie in, inside those of the classes")
        self._keep.setChecked(True)
        set_tooltip(self._kind, "Copy, move, or make links; all of them can be undone")
        set_tooltip(self._keep, "Off: all photos of a class lie side by side; none replaces another")
        self.add_choice("How", self._kind)
        self.add_line(self._kind_line)
        self.add_choice("Folders", self._keep)
        self.add_place()
        self._kind.changed.connect(self._choose_kind)
        self._keep.toggled.connect(lambda _on: self.changed.emit())

    @property
    def options(self) -> FilingOptions:
        """What is chosen."""
        kind = next(kind for kind, *_ in KINDS if kind == self._kind.current_key())
        return FilingOptions(self.folder, kind, flat=not self._keep.isChecked())

    def planner(self, journals: Path) -> Planner:
        """Sees where each photo would go."""
        options = self.options
        return lambda entries, emit, token: plan_filing(entries, options, journals, emit=emit, token=token)

    def deed(self, photos: int) -> str:
        """For instance "Copy 5,402 photos"."""
        return f"{_VERBS[self.options.kind]} {counted(photos, 'photo')}"

    def example(self, plan: FilingPlan, number: int) -> str:
        """For instance "IMG_1.JPG → daisy/"; with its name where that is another one."""
        action = plan.actions[number]
        name, target = Path(action.photo).name, Path(os.path.relpath(action.target, plan.target))
        shown = shortened(name, _LONGEST_NAME)  # where it goes matters more
        return f"{shown} → {target if target.name != name else f'{target.parent}{os.sep}'}"

    def _choose_kind(self, key: str) -> None:
        self._kind_line.setText(next(line for kind, _, line in KINDS if kind == key))
        self.changed.emit()
