"""The middle of the Dataset page: photos by filter, class and name, or the files that are no photos."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QStackedWidget, QVBoxLayout, QWidget

from tlstudio.datasets.dataset import Dataset
from tlstudio.datasets.split import Split
from tlstudio.ui import theme
from tlstudio.ui.tabs.dataset.file_list import FileList, FileReason
from tlstudio.ui.tabs.dataset.large_photo import LargePhoto
from tlstudio.ui.tabs.dataset.photo_filter import FILTERS, FilterKey, IdenticalPhotos, PhotoFilter, Photos
from tlstudio.ui.widgets.chips import FilterChip
from tlstudio.ui.widgets.empty_state import EmptyState
from tlstudio.ui.widgets.fields import SearchField
from tlstudio.ui.widgets.flow_layout import FlowLayout
from tlstudio.ui.widgets.photo_grid import PhotoGrid
from tlstudio.ui.widgets.photo_tile import PhotoItem
from tlstudio.ui.widgets.thumbnails import ThumbnailCache
from tlstudio.ui.widgets.tooltip import set_tooltip

_SEARCH_WIDTH = 168


class PhotoBrowser(QWidget):
    """Chips and a search over a grid.

    Attributes:
        class_filter_left: The class no longer narrows the photos down.
    """

    class_filter_left = Signal()

    def __init__(self, cache: ThumbnailCache, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cache = cache
        self._filter: PhotoFilter | None = None
        self._key: FilterKey = "all"
        self._class_name = ""
        self._chips = {entry.key: FilterChip(entry.words) for entry in FILTERS}
        self._group = QButtonGroup(self)
        self._search = _NameField()
        self._grid = _Grid(cache)
        self._grid.setToolTip("Enter or a double click shows a photo large")
        self._none = EmptyState("image", "No photos", "")
        self._files = FileList()
        self._photos_page = QWidget()
        self._middle = QStackedWidget()
        self._pages = QStackedWidget()
        self._lay_out()
        self._group.buttonClicked.connect(self._choose_chip)
        self._search.textChanged.connect(self._refresh)
        self._grid.activated_photo.connect(self._open_large)
        self._files.closed.connect(self.show_photos)

    def set_dataset(self, dataset: Dataset, split: Split | None) -> IdenticalPhotos:
        """Show all photos of a data set; tells which of them are there more than once."""
        self._filter = PhotoFilter(dataset, split)
        self._key, self._class_name = "all", ""
        self._search.blockSignals(True)
        self._search.clear()
        self._search.blockSignals(False)
        self._grid.set_classes(len(dataset.classes))
        self.show_photos()
        self._count()
        self._refresh()
        return self._filter.identical

    def set_split(self, split: Split | None) -> None:
        """Take over how the photos are shared out."""
        if self._filter is not None:
            self._filter.set_split(split)
            self._count()
            if self._key in ("train", "validation", "test"):
                self._refresh()

    def set_class(self, class_name: str) -> None:
        """Show only photos of this class; empty shows all."""
        if class_name == self._class_name:
            return
        self._class_name = class_name
        self.show_photos()
        self._count()
        self._refresh()

    def set_filter(self, key: FilterKey) -> None:
        """Show what a filter lets through, whatever the class."""
        self._key = key
        self._class_name = ""
        self._search.clear()
        self.class_filter_left.emit()
        self.show_photos()
        self._count()
        self._refresh()

    def show_files(self, title: str, line: str, files: Sequence[FileReason]) -> None:
        """Show files with reasons in the place of the photos."""
        self._pages.setCurrentWidget(self._files)
        self._files.show_files(title, line, files)

    def show_photos(self) -> None:
        """Show the photos again."""
        self._pages.setCurrentWidget(self._photos_page)

    def _lay_out(self) -> None:
        line = FlowLayout()
        for entry in FILTERS:
            chip = self._chips[entry.key]
            set_tooltip(chip, entry.hint)
            self._group.addButton(chip)
            line.addWidget(chip)
        line.addWidget(self._search)
        self._middle.addWidget(self._grid)
        self._middle.addWidget(self._none)
        photos = QVBoxLayout(self._photos_page)
        photos.setContentsMargins(0, 0, 0, 0)
        photos.setSpacing(theme.SPACE_12)
        photos.addLayout(line)
        photos.addWidget(self._middle, 1)
        self._pages.addWidget(self._photos_page)
        self._pages.addWidget(self._files)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._pages)
        self.setFocusProxy(self._grid)

    def _choose_chip(self, chip: FilterChip) -> None:
        self._key = next(key for key, other in self._chips.items() if other is chip)
        self._refresh()

    def _count(self) -> None:
        """Write the numbers on the chips; those without photos that needn't be there hide."""
        if self._filter is None:
            return
        photos = self._filter.count("all")
        for entry in FILTERS:
            chip, count = self._chips[entry.key], self._filter.count(entry.key)
            chip.set_count(self._filter.count(entry.key, self._class_name))
            # A chip that lets all or none through chooses nothing.
            chip.setVisible(entry.key == "all" or 0 < count < photos or entry.key == self._key)
            chip.setChecked(entry.key == self._key)

    def _refresh(self) -> None:
        if self._filter is None:
            return
        photos = self._filter.photos(self._key, self._class_name, self._search.text())
        self._grid.set_items(photos)
        self._middle.setCurrentWidget(self._grid if photos else self._none)
        if self._search.text():
            self._none.set_text("No photo found", f"No file name here contains “{self._search.text()}”.")
        elif self._filter.count("all"):
            self._none.set_text("No photos here", "Nothing in this folder goes with this choice.")
        else:
            self._none.set_text("No photos", "This folder holds no photos that can be read.")

    def _open_large(self, _item: PhotoItem) -> None:
        photos = self._grid.items()
        if isinstance(photos, Photos):
            large = LargePhoto(photos, self._grid.currentIndex().row(), self._cache, self)
            large.position_changed.connect(self._grid.select_row)
            large.finished.connect(lambda: self._grid.setFocus(Qt.FocusReason.OtherFocusReason))
            large.open()


class _Grid(PhotoGrid):
    def keyboardSearch(self, search: str) -> None:  # noqa: N802 - Qt's name
        """Letters jump to a class without making a tile of every photo on the way: for 20,000 that takes too long."""
        photos = self.items()
        found = photos.next_class(search, self.currentIndex().row()) if isinstance(photos, Photos) else None
        if found is not None:
            self.select_row(found)


class _NameField(SearchField):
    def __init__(self) -> None:
        super().__init__("Find by name")
        self.setAcceptDrops(False)  # a folder that is dropped here is to be read
        set_tooltip(self, "Show only photos whose file or folder name contains this")

    def sizeHint(self) -> QSize:
        return QSize(_SEARCH_WIDTH, super().sizeHint().height())
