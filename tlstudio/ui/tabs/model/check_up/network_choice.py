"""Which networks name the photos: those whose weights with ImageNet's classes are at hand, and files of one's own."""

from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from tlstudio.modeling.backbones import get_backbone
from tlstudio.ui import theme
from tlstudio.ui.session import Session
from tlstudio.ui.tabs.model.weights.fit_sheet import FitSheet
from tlstudio.ui.widgets.buttons import Button
from tlstudio.ui.widgets.labels import TextLabel
from tlstudio.ui.widgets.toggles import CheckBox
from tlstudio.ui.widgets.tooltip import set_tooltip
from tlstudio.workflows.check_up import Candidate, at_hand

_COLUMNS: Final = 2


class NetworkChoice(QWidget):
    """A box to tick for each network, and the ways to more of them.

    Attributes:
        changed: Others are chosen now.
        weights_wanted: The list of weights is wanted.
    """

    changed = Signal()
    weights_wanted = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._own: list[Candidate] = []
        self._boxes: dict[Candidate, CheckBox] = {}
        self._none = TextLabel(
            "No network with ImageNet's 1000 classes is on this computer yet. MobileNet V2 1.0 is a small one.",
            "secondary",
            "text2",
            wrap=True,
        )
        self._row = QWidget()
        self._grid = QGridLayout(self._row)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(theme.SPACE_24)
        self._grid.setVerticalSpacing(theme.SPACE_8)
        self._grid.setColumnStretch(_COLUMNS, 1)
        more = Button("Get more networks", "text", size="small")
        set_tooltip(more, "Open the list of weights, those for the check-up")
        more.clicked.connect(self.weights_wanted)
        own = Button("Use a file of mine", "text", size="small")
        set_tooltip(own, "Choose a file of weights with ImageNet's 1000 classes", term="With top")
        own.clicked.connect(self._ask_for_file)
        ways = QHBoxLayout()
        ways.setSpacing(theme.SPACE_16)
        ways.addWidget(more)
        ways.addWidget(own)
        ways.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE_4)
        column.addWidget(self._none)
        column.addWidget(self._row)
        column.addLayout(ways)

    def refresh(self) -> None:
        """Look again which networks are here; what was ticked stays so."""
        candidates = [Candidate(entry.name) for entry in at_hand()] + self._own
        if list(self._boxes) == candidates:
            return
        ticked = {candidate for candidate, box in self._boxes.items() if box.isChecked()} or set(candidates[:2])
        for box in self._boxes.values():
            self._grid.removeWidget(box)
            box.hide()
            box.deleteLater()
        self._boxes = {candidate: self._box(candidate, ticked=candidate in ticked) for candidate in candidates}
        for number, box in enumerate(self._boxes.values()):
            self._grid.addWidget(box, number // _COLUMNS, number % _COLUMNS, Qt.AlignmentFlag.AlignLeft)
        self._none.setVisible(not candidates)
        self._row.setVisible(bool(candidates))
        self.changed.emit()

    def chosen(self) -> tuple[Candidate, ...]:
        """The networks that are ticked."""
        return tuple(candidate for candidate, box in self._boxes.items() if box.isChecked())

    def add_file(self, backbone: str, path: str) -> None:
        """Offer a file of somebody's own, ticked."""
        candidate = Candidate(backbone, path)
        if candidate not in self._own:
            self._own.append(candidate)
            self.refresh()
        self._boxes[candidate].setChecked(True)

    def _box(self, candidate: Candidate, *, ticked: bool) -> CheckBox:
        title = get_backbone(candidate.backbone).title
        box = CheckBox(f"{title}, your file" if candidate.weights else title)
        box.setChecked(ticked)
        set_tooltip(box, f"Let {title} name the photos", term=Path(candidate.weights).name)
        box.toggled.connect(lambda _on: self.changed.emit())
        return box

    def _ask_for_file(self) -> None:
        sheet = FitSheet(self._session, parent=self, top=True)
        sheet.file_accepted.connect(self.add_file)
        sheet.open()
