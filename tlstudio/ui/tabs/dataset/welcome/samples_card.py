"""Samples to try the program with: those that are here, and, behind a disclosure, those to download."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from tlstudio import paths
from tlstudio.datasets.sizes import size_in_words
from tlstudio.datasets.sources.catalogue import DOWNLOADS, SAMPLE_DATASETS, Download, SampleDataset
from tlstudio.datasets.sources.downloads import arrived, is_here
from tlstudio.ui import theme
from tlstudio.ui.tabs.dataset.welcome.mosaic import Mosaic
from tlstudio.ui.tabs.dataset.welcome.recent_row import ROW_HEIGHT
from tlstudio.ui.widgets.buttons import Button, IconButton
from tlstudio.ui.widgets.card import Card, Hairline
from tlstudio.ui.widgets.disclosure import Disclosure
from tlstudio.ui.widgets.labels import ElidedLabel
from tlstudio.ui.widgets.thumbnails import ThumbnailCache
from tlstudio.ui.widgets.tooltip import set_tooltip
from tlstudio.wording import counted

_LINE_GAP = 2


class SamplesCard(Card):
    """A row for each sample.

    Attributes:
        chosen: Carries the name of a sample data set that is to be opened, downloaded first if need be.
        deletion_wanted: Carries the name of a sample data set of which the download is to be deleted.
    """

    chosen = Signal(str)
    deletion_wanted = Signal(str)

    def __init__(self, cache: ThumbnailCache, parent: QWidget | None = None) -> None:
        super().__init__("Or try it with a sample", padding=theme.SPACE_24, parent=parent)
        self.body.setSpacing(0)
        for number, sample in enumerate(SAMPLE_DATASETS):
            if number:
                self.body.addWidget(Hairline())
            self.body.addWidget(self._sample_row(sample, cache))
        self.body.addWidget(Hairline())
        self.body.addSpacing(theme.SPACE_8)
        self._downloads = [self._download_row(download) for download in DOWNLOADS]
        self.body.addWidget(self._more())

    def refresh(self) -> None:
        """Look again at what is on this computer."""
        for row in self._downloads:
            row.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        """A download may have come, or gone on, since the card was seen last."""
        super().showEvent(event)
        self.refresh()

    def _more(self) -> Disclosure:
        more = Disclosure("More, by download", "samples to download", small=True)
        more.body.setSpacing(0)
        more.body.setContentsMargins(0, 0, 0, 0)
        for number, row in enumerate(self._downloads):
            if number:
                more.body.addWidget(Hairline())
            more.body.addWidget(row)
        return more

    def _sample_row(self, sample: SampleDataset, cache: ThumbnailCache) -> QWidget:
        mosaic = Mosaic(cache)
        if sample.name == "leaves":
            mosaic.set_photos(leaf_photos())
        else:
            mosaic.set_characters("3790")
        button = Button("Try")
        button.setAccessibleName(f"Try {sample.title}")
        set_tooltip(button, sample.description)
        button.clicked.connect(partial(self.chosen.emit, sample.name))
        row = QWidget()
        row.setFixedHeight(ROW_HEIGHT)
        line = _line_of(row)
        line.addWidget(mosaic)
        line.addLayout(_words(ElidedLabel(sample.title, "strong"), _counts(sample)), 1)
        line.addWidget(button)
        return row

    def _download_row(self, download: Download) -> "DownloadRow":
        row = DownloadRow(download)
        row.chosen.connect(partial(self.chosen.emit, download.name))
        row.deletion_wanted.connect(partial(self.deletion_wanted.emit, download.name))
        return row


class DownloadRow(QWidget):
    """A data set to download: what it is, how large, and the button that fetches or opens it.

    Attributes:
        chosen: It is to be opened, downloaded first if need be.
        deletion_wanted: What was downloaded of it is to be deleted.
    """

    chosen = Signal()
    deletion_wanted = Signal()

    def __init__(self, download: Download, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._download = download
        self._size = ElidedLabel("", "secondary", "text2")
        self._button = Button("Download")
        self._button.clicked.connect(self.chosen)
        self._menu = IconButton("dots", f"More about the download of {download.title}")
        menu = QMenu("Download", self)
        menu.setToolTipsVisible(True)
        self._delete = menu.addAction("Delete download", self.deletion_wanted.emit)
        self._delete.setToolTip("Frees the room on the disk. Projects with it, and what you changed in them, stay")
        self._menu.setMenu(menu)
        self.setFixedHeight(ROW_HEIGHT)
        line = _line_of(self)
        line.addLayout(_words(ElidedLabel(download.title, "strong"), _counts(download), self._size), 1)
        line.addWidget(self._menu)
        line.addWidget(self._button)
        self.refresh()

    def refresh(self) -> None:
        """Look again at how much of it is on this computer."""
        download, size = self._download, size_in_words(self._download.size)
        here, so_far = is_here(download), arrived(download)
        if here:
            words, line, aim = "Open", f"{size}, on this computer", f"Open {download.title}"
        elif so_far:
            words, line = "Go on", f"{size_in_words(so_far)} of {size} are here"
            aim = f"Go on with the download of {download.title}, {size}"
        else:
            words, line, aim = "Download", f"{size} to download", f"Download {download.title}, {size}"
        self._size.setText(line)
        self._button.setText(words)
        self._button.set_glyph("" if here else "download")
        self._button.setAccessibleName(aim)
        set_tooltip(self._button, download.description, term=download.licence)
        self._menu.setVisible(here or so_far > 0)


def leaf_photos() -> list[Path]:
    """One shipped photo of each kind of leaf; none where they are missing."""
    folders = sorted(path for path in (paths.data_dir() / "leaves").glob("*") if path.is_dir())
    return [photo for folder in folders for photo in sorted(folder.glob("*.jpg"))[:1]]


def _counts(sample: SampleDataset) -> ElidedLabel:
    counts = f"{counted(sample.photos, 'photo')}, {counted(sample.classes, 'class', 'classes')}"
    return ElidedLabel(counts, "secondary", "text2")


def _line_of(row: QWidget) -> QHBoxLayout:
    line = QHBoxLayout(row)
    line.setContentsMargins(0, 0, 0, 0)
    line.setSpacing(theme.SPACE_16)
    return line


def _words(*labels: ElidedLabel) -> QVBoxLayout:
    words = QVBoxLayout()
    words.setSpacing(_LINE_GAP)
    words.addStretch(1)
    for label in labels:
        words.addWidget(label)
    words.addStretch(1)
    return words
