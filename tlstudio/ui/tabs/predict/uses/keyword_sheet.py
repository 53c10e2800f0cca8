"""The sheet before keywords are written."""

from pathlib import Path
from typing import Final

from PySide6.QtWidgets import QWidget

from tlstudio.filing.keywords import SidecarNames, plan_sidecars, plan_tagged_copies
from tlstudio.filing.plan import FilingOptions, FilingPlan
from tlstudio.ui.tabs.predict.uses.plan_sheet import Planner, PlanSheet
from tlstudio.ui.widgets.labels import TextLabel
from tlstudio.ui.widgets.segmented import Segmented
from tlstudio.ui.widgets.tooltip import set_tooltip
from tlstudio.wording import counted

_BESIDE, _INSIDE = "beside", "inside"
_PLACES: Final = {
    _BESIDE: "A small file (XMP sidecar) beside each photo. digiKam, darktable and others read it; the photos stay as "
    "they are.",
    _INSIDE: "Copies with the keyword in the file itself, in class folders. Every photo program reads it; the photos "
    "stay as they are.",
}
_NAMES: Final[dict[SidecarNames, str]] = {
    "full": "photo.jpg.xmp: digiKam and darktable. Where a photo has such a file, that one is added to.",
    "short": "photo.xmp: programs of Adobe, for raw photos. Where a photo has such a file, that one is added to.",
}


class KeywordSheet(PlanSheet):
    """Which photos, beside them or in copies; below, what would come of it."""

    def __init__(self, folder: Path, parent: QWidget | None = None) -> None:
        """Make the sheet, for copies in a folder where copies are wanted."""
        line = "Photo programs find photos by them. Keywords that you gave them yourself stay."
        super().__init__("Write keywords", line, folder, parent)
        self._where = Segmented([(_BESIDE, "Beside the photos"), (_INSIDE, "In copies")], "Where keywords go")
        self._where_line = TextLabel(_PLACES[_BESIDE], "secondary", "text2", wrap=True)
        self._names = Segmented([("full", "photo.jpg.xmp"), ("short", "photo.xmp")], "Names of the files")
        self._names_line = TextLabel(_NAMES["full"], "secondary", "text2", wrap=True)
        set_tooltip(self._where, "The photos themselves are never changed", term="XMP, dc:subject")
        set_tooltip(self._names, "How new files beside the photos are called")
        self.add_choice("Keywords", self._where)
        self.add_line(self._where_line)
        self.add_choice("Names", self._names)
        self.add_line(self._names_line)
        self.add_place()
        self._show_choices()
        self._where.changed.connect(self._choose)
        self._names.changed.connect(self._choose)

    @property
    def copies(self) -> Path | None:
        """Folder of the copies; None for files beside the photos."""
        return self.folder if self._where.current_key() == _INSIDE else None

    @property
    def names(self) -> SidecarNames:
        """How new files beside photos are called."""
        return "short" if self._names.current_key() == "short" else "full"

    def planner(self, journals: Path) -> Planner:
        """Sees what would be written where."""
        names, copies = self.names, self.copies
        if copies is None:
            return lambda entries, emit, token: plan_sidecars(entries, names, emit=emit, token=token)
        options = FilingOptions(copies)
        return lambda entries, emit, token: plan_tagged_copies(entries, options, journals, emit=emit, token=token)

    def deed(self, photos: int) -> str:
        """For instance "Write keywords for 5,402 photos"."""
        return f"Write keywords for {counted(photos, 'photo')}"

    def example(self, plan: FilingPlan, number: int) -> str:
        """For instance "IMG_1.JPG.xmp: daisy"."""
        action = plan.actions[number]
        return f"{action.target_path.name}: {action.class_name}"

    def _choose(self, _key: str) -> None:
        self._show_choices()
        self.changed.emit()

    def _show_choices(self) -> None:
        beside = self.copies is None
        self._where_line.setText(_PLACES[_BESIDE if beside else _INSIDE])
        self._names_line.setText(_NAMES[self.names])
        self._names_line.setVisible(beside)
        self.set_offered(self._names, beside)
        self.set_place_offered(not beside)
