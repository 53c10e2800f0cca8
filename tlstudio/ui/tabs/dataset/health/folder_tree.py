"""The card "How the folder is read now": which folders are taken for classes, and which hold the photos."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from tlstudio.datasets.dataset import Dataset
from tlstudio.ui import theme
from tlstudio.ui.widgets.buttons import Button
from tlstudio.ui.widgets.card import Card
from tlstudio.ui.widgets.empty_state import IconLabel
from tlstudio.ui.widgets.labels import ElidedLabel, TextLabel
from tlstudio.ui.widgets.tooltip import set_tooltip
from tlstudio.ui.words.readings import MORE_WAYS
from tlstudio.wording import counted

_INDENT = 20
_ROW_HEIGHT = 32
_MOST_ROWS = 9


@dataclass(frozen=True, slots=True)
class FolderRow:
    """One line of the tree.

    Attributes:
        depth: How far it is indented.
        name: Name of the folder, or words for those that are left out.
        note: What it is taken for, or what it holds.
        marked: Whether this is where the reading goes wrong.
    """

    depth: int
    name: str
    note: str
    marked: bool = False


def folder_rows(dataset: Dataset, folder: str) -> list[FolderRow]:
    """The folders from the one that was read down to the photos.

    Args:
        dataset: What was read.
        folder: The folder that should be read instead; above, at or below the root of the data set.
    """
    root = Path(dataset.root)
    name = root.name or str(root)
    wanted = Path(folder)
    if not wanted.is_relative_to(root):
        count = counted(len(dataset.unlabelled) + len(dataset.samples), "photo")
        return [
            FolderRow(0, wanted.name or str(wanted), "the folder above"),
            FolderRow(1, name, f"{count}, read as all there is", marked=True),
        ]
    below = PurePosixPath(wanted.relative_to(root).as_posix())
    return [FolderRow(0, name, "the folder you chose"), *_classes(dataset), *_path_down(dataset, below)]


def _classes(dataset: Dataset) -> Iterator[FolderRow]:
    if len(dataset.classes) == 1:
        yield FolderRow(1, dataset.classes[0], "read as the only class", marked=True)
        return
    for name in dataset.classes[:_MOST_ROWS]:
        yield FolderRow(1, name, "read as a class", marked=True)
    if len(dataset.classes) > _MOST_ROWS:
        yield FolderRow(1, f"and {len(dataset.classes) - _MOST_ROWS:,} more", "")


def _path_down(dataset: Dataset, below: PurePosixPath) -> Iterator[FolderRow]:
    """The folders on the way to ``below``, and what lies in it."""
    for depth, part in enumerate(below.parts[1:], start=2):
        yield FolderRow(depth, part, "")
    level = len(below.parts)
    counts = Counter(
        parts[level]
        for parts in (PurePosixPath(sample.path).parts for sample in dataset.samples)
        if parts[:level] == below.parts and len(parts) > level + 1
    )
    names = sorted(counts)
    for name in names[:_MOST_ROWS]:
        yield FolderRow(level + 1, name, counted(counts[name], "photo"))
    if len(names) > _MOST_ROWS:
        yield FolderRow(level + 1, f"and {len(names) - _MOST_ROWS:,} more", "")


class FolderCard(Card):
    """A tree of folders, and the one to read instead.

    Attributes:
        folder_wanted: Carries that folder (str).
        reading_wanted: Other ways to read the folder are wanted.
    """

    folder_wanted = Signal(str)
    reading_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("How the folder is read now", parent=parent)
        self.body.setSpacing(0)
        self._rows: list[QWidget] = []
        self._folder = ""
        self._read = Button("", "text", size="small")
        self._read.clicked.connect(lambda: self.folder_wanted.emit(self._folder))
        more = Button(MORE_WAYS, "quiet", size="small")
        set_tooltip(more, "Say how the folder is read, and see what would come of it")
        more.clicked.connect(self.reading_wanted)
        foot = QWidget()
        lines = QVBoxLayout(foot)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(0)
        for button in (self._read, more):
            lines.addWidget(button, 0, Qt.AlignmentFlag.AlignRight)
        self.add_footer(foot)

    def set_folders(self, rows: Sequence[FolderRow], folder: str) -> None:
        """Show ``rows``, and offer to read ``folder``."""
        self._folder = folder
        self._read.setText(f"Read “{Path(folder).name or folder}”")
        self._read.updateGeometry()
        set_tooltip(self._read, f"Read {folder} instead")
        for widget in self._rows:
            widget.hide()
            widget.deleteLater()
        self._rows = [_row_widget(row) for row in rows]
        for widget in self._rows:
            self.body.addWidget(widget)


def _row_widget(row: FolderRow) -> QWidget:
    widget = QWidget()
    widget.setFixedHeight(_ROW_HEIGHT)
    widget.setAccessibleName(f"{row.name} {row.note}".strip())
    line = QHBoxLayout(widget)
    line.setContentsMargins(row.depth * _INDENT, 0, 0, 0)
    line.setSpacing(theme.SPACE_8)
    line.addWidget(IconLabel("folder", "wrong" if row.marked else "text2"))
    line.addWidget(ElidedLabel(row.name, "strong" if row.marked else "label"), 1)
    line.addWidget(TextLabel(row.note, "secondary", "wrong" if row.marked else "text2"))
    return widget
