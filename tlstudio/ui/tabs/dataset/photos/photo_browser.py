"""The middle of the Dataset page: photos by filter, class and name, or the files that are no photos."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QMenu, QStackedWidget, QVBoxLayout, QWidget

from tlstudio.datasets.dataset import Dataset
from tlstudio.datasets.looks.looks import Looks
from tlstudio.datasets.photo_header import PhotoHeader
from tlstudio.datasets.photo_order import PhotoOrder
from tlstudio.datasets.size_rule import SizeRule
from tlstudio.datasets.splits.split import Split
from tlstudio.ui import theme
from tlstudio.ui.tabs.dataset.narrowing.narrowing import Overview
from tlstudio.ui.tabs.dataset.narrowing.photo_narrowing import PhotoNarrowing
from tlstudio.ui.tabs.dataset.photos.dataset_grid import DatasetGrid
from tlstudio.ui.tabs.dataset.photos.file_list import FileList, FileReason
from tlstudio.ui.tabs.dataset.photos.large_photo import LargePhoto
from tlstudio.ui.tabs.dataset.photos.photo_filter import FILTERS, FilterKey, PhotoFilter, Photos
from tlstudio.ui.tabs.dataset.photos.selection_bar import LabelButtons, SelectionBar, add_action
from tlstudio.ui.widgets.chips import FilterChip
from tlstudio.ui.widgets.empty_state import EmptyState
from tlstudio.ui.widgets.fields import SearchField
from tlstudio.ui.widgets.flow_layout import FlowLayout
from tlstudio.ui.widgets.photo_tile import PhotoItem
from tlstudio.ui.widgets.thumbnails import ThumbnailCache
from tlstudio.ui.widgets.tooltip import set_tooltip

_SEARCH_WIDTH = 168
_LEAST_GRID = 96


class PhotoBrowser(QWidget):
    """Chips and a search over a grid, and under it a bar for what is selected.

    What is wanted shows at once; ``change_dataset`` shows what came of it.

    Attributes:
        class_filter_left: The class no longer narrows the photos down.
        move_wanted: Photos are to have another class; carries their relative paths (list[str]) and its name.
        leave_out_wanted: Photos are not to be used any more; carries their relative paths (list[str]).
        bring_back_wanted: Photos are to be used again; carries their relative paths (list[str]).
        photo_selected: Carries the relative path of the first photo selected; "" where none is.
        rule_wanted: Carries the ``SizeRule`` that is to hold from now on; None for no rule.
        overview_wanted: Carries a task that is to be run beside the window; ``show_overview`` takes what it returns.
        list_save_wanted: The list of files is to be saved; carries its lines (sequence of ``FileReason``).
        header_wanted: Carries the path of a photo of whose file ``show_header`` is to tell.
    """

    class_filter_left = Signal()
    move_wanted = Signal(object, str)
    leave_out_wanted = Signal(object)
    bring_back_wanted = Signal(object)
    photo_selected = Signal(str)
    rule_wanted = Signal(object)
    header_wanted = Signal(object)
    overview_wanted = Signal(object)
    list_save_wanted = Signal(object)

    def __init__(self, cache: ThumbnailCache, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cache = cache
        self._filter: PhotoFilter | None = None
        self._key: FilterKey = "all"
        self._class_name = ""
        self._chips = {entry.key: FilterChip(entry.words) for entry in FILTERS}
        self._group = QButtonGroup(self)
        self._search = _NameField()
        self._narrowing = PhotoNarrowing(self)
        self._size_rule: SizeRule | None = None
        self._editable = False
        self._grid = DatasetGrid(cache)
        self._grid.setToolTip("Enter or a double click shows a photo large; drag to select several")
        self._bar = SelectionBar()
        self._large: LargePhoto | None = None
        self._none = EmptyState("image", "No photos", "")
        self._files = FileList()
        self._photos_page = QWidget()
        self._middle = QStackedWidget()
        self._pages = QStackedWidget()
        self._lay_out()
        self._group.buttonClicked.connect(self._choose_chip)
        self._search.textChanged.connect(self._refresh)
        self._files.closed.connect(self.show_photos)
        self._files.save_wanted.connect(self.list_save_wanted)
        self._narrowing.changed.connect(self._refresh)
        self._narrowing.rule_wanted.connect(self.rule_wanted)
        self._narrowing.overview_wanted.connect(self.overview_wanted)
        self._connect_grid()

    def set_dataset(self, dataset: Dataset, split: Split | None, looks: Looks, order: PhotoOrder | None = None) -> None:
        """Show all photos of a data set, in an order that is found out here where it isn't known."""
        self._filter = PhotoFilter(dataset, split, looks, order)
        self._key, self._class_name = "all", ""
        self._narrowing.clear()
        self._search.blockSignals(True)
        self._search.clear()
        self._search.blockSignals(False)
        self._grid.set_classes(len(dataset.classes))
        self.show_photos()
        self._count()
        self._refresh()

    def change_dataset(
        self, dataset: Dataset, split: Split | None, looks: Looks, order: PhotoOrder | None = None
    ) -> None:
        """Show the same photos with other labels, classes or shares.

        Filter, class, search and what is in view stay, and what is selected as far as it is still shown.
        """
        self._filter = PhotoFilter(dataset, split, looks, order)
        self._grid.set_classes(len(dataset.classes))
        self._count()
        self._show_changed(self._filter)
        if self._large is not None:
            self._large.change_photos(self._large.photos.among(self._filter), editable=self._editable)

    def set_editable(self, editable: bool) -> None:
        """Tell whether labels can be changed; if not, the bar says why. They can't until this is called."""
        self._editable = editable
        self._narrowing.set_editable(editable)
        self._show_selection()

    def set_size_rule(self, rule: SizeRule | None) -> None:
        """Tell what leaves photos out by their size; comes before the photos that it concerns."""
        self._size_rule = rule

    def show_size_rule(self) -> None:
        """Open the panel at the rule for sizes."""
        self.show_photos()
        self._narrowing.open_rule()

    def show_overview(self, overview: Overview) -> None:
        """Show in the panel of sizes what was found out about photos."""
        self._narrowing.show_overview(overview)

    def show_header(self, header: PhotoHeader) -> None:
        """Add what a file tells to the photo that is shown large."""
        if self._large is not None:
            self._large.show_header(header)

    def set_split(self, split: Split | None) -> None:
        """Take over how the photos are shared out."""
        if self._filter is not None:
            self._filter.set_split(split)
            self._count()
            if self._key in ("train", "validation", "test") or self._narrowing.by_part:
                self._show_changed(self._filter)

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
        for narrowing_chip in self._narrowing.chips.chips:
            line.addWidget(narrowing_chip)
        line.addWidget(_beside(self._search, self._narrowing.button))
        grid = QWidget()
        under = QVBoxLayout(grid)
        under.setContentsMargins(0, 0, 0, 0)
        under.setSpacing(theme.SPACE_8)
        under.addWidget(self._grid, 1)
        under.addWidget(self._bar)
        self._middle.setMinimumHeight(_LEAST_GRID)
        self._middle.addWidget(grid)
        self._middle.addWidget(self._none)
        photos = QVBoxLayout(self._photos_page)
        photos.setContentsMargins(0, 0, 0, 0)
        photos.setSpacing(theme.SPACE_12)
        photos.addLayout(line)
        photos.addWidget(self._narrowing.area)
        photos.addWidget(self._middle, 1)
        self._pages.addWidget(self._photos_page)
        self._pages.addWidget(self._files)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._pages)
        self.setFocusProxy(self._grid)

    def _connect_grid(self) -> None:
        grid, labels = self._grid, self._bar.labels
        grid.activated_photo.connect(self._open_large)
        grid.photos_selected.connect(self._show_selection)
        grid.move_wanted.connect(self._pick_class)
        grid.leave_out_wanted.connect(labels.leave_out)
        grid.toggle_wanted.connect(labels.leave_out_or_bring_back)
        grid.menu_wanted.connect(self._open_menu)
        self._bar.cleared.connect(grid.clearSelection)
        self._connect_labels(labels)

    def _connect_labels(self, labels: LabelButtons) -> None:
        labels.moved.connect(self._move)
        labels.left_out.connect(self._leave_out)
        labels.brought_back.connect(self._bring_back)

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
            # A chip that lets all or none through chooses nothing; what is left out may be more than what is shown.
            chooses = count > 0 and (count < photos or entry.key == "left_out")
            chip.setVisible(entry.key == "all" or chooses or entry.key == self._key)
            chip.setChecked(entry.key == self._key)

    def _refresh(self) -> None:
        if self._filter is None:
            return
        photos = self._filtered(self._filter)
        self._grid.set_items(photos)
        self._show_middle(photos)

    def _show_changed(self, source: PhotoFilter) -> None:
        """Show what is let through now, without leaving the place where the person is."""
        before, photos = self._grid.items(), self._filtered(source)
        if isinstance(before, Photos):
            self._grid.change_items(photos, photos.places_of(before))
        else:
            self._grid.set_items(photos)
        self._show_middle(photos)

    def _filtered(self, photos: PhotoFilter) -> Photos:
        photos.size_rule = self._size_rule
        return self._narrowing.photos(photos, self._key, self._class_name, self._search.text())

    def _show_middle(self, photos: Sequence[PhotoItem]) -> None:
        """The grid, or why it is empty."""
        self._middle.setCurrentIndex(0 if photos else 1)
        if self._search.text():
            self._none.set_text("No photo found", f"No file name here contains “{self._search.text()}”.")
        elif self._filter is not None and self._filter.count("all"):
            self._none.set_text("No photos here", "Nothing in this folder goes with this choice.")
        else:
            self._none.set_text("No photos", "This folder holds no photos that can be read.")

    # What is selected

    def _show_selection(self) -> None:
        photos = self._grid.selected_photos()
        if photos is None:
            return
        focused = self._bar.isAncestorOf(self.focusWidget() or self._grid)
        self._bar.show_photos(photos, editable=self._editable)
        self.photo_selected.emit(photos.sample(0).path if photos else "")
        if focused and not photos:
            self._grid.setFocus(Qt.FocusReason.OtherFocusReason)

    def _pick_class(self) -> None:
        if self._bar.labels.can_move:
            self._bar.reveal()
            self._bar.labels.pick_class()

    def _open_menu(self, place: QPoint) -> None:
        if not self._grid.items():
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        selected = self._grid.selectionModel().hasSelection()
        if selected:
            self._bar.labels.fill_menu(menu, place)
            menu.addSeparator()
            add_action(menu, "Show large", "Return", self._open_large)
        add_action(menu, "Select all", "Ctrl+A", self._grid.selectAll)
        if selected:
            add_action(menu, "Select none", "Esc", self._grid.clearSelection)
        menu.popup(place)

    def _move(self, photos: Photos, name: str) -> None:
        photos.expect_class(name)
        self._show_expected()
        self.move_wanted.emit(photos.paths(), name)

    def _leave_out(self, photos: Photos) -> None:
        photos.expect_left_out(True)
        self._show_expected()
        self.leave_out_wanted.emit(photos.paths())

    def _bring_back(self, photos: Photos) -> None:
        photos.expect_left_out(False)
        self._show_expected()
        self.bring_back_wanted.emit(photos.paths())

    def _show_expected(self) -> None:
        self._grid.viewport().update()
        self._show_selection()
        if self._large is not None:
            self._large.change_photos(self._large.photos, editable=self._editable)

    def _open_large(self) -> None:
        photos = self._grid.items()
        if not isinstance(photos, Photos):
            return
        large = LargePhoto(photos, self._grid.currentIndex().row(), self._cache, self, editable=self._editable)
        large.position_changed.connect(self._select_shown)
        large.finished.connect(self._large_closed)
        large.header_wanted.connect(self.header_wanted)
        self._connect_labels(large.labels)
        self._large = large
        large.open()
        large.ask_for_header()

    def _select_shown(self, position: int) -> None:
        photos = self._grid.items()
        if self._large is not None and isinstance(photos, Photos):
            row = photos.position_of(self._large.photos.numbers[position])
            if row is not None:  # else it was moved to a class that isn't shown
                self._grid.select_row(row)

    def _large_closed(self) -> None:
        self._large = None
        self._grid.setFocus(Qt.FocusReason.OtherFocusReason)


def _beside(search: QWidget, button: QWidget) -> QWidget:
    """Both in one place, the button at the right."""
    both = QWidget()
    row = QHBoxLayout(both)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(theme.SPACE_8)
    row.addWidget(search)
    row.addWidget(button)
    return both


class _NameField(SearchField):
    def __init__(self) -> None:
        super().__init__("Find by name")
        self.setAcceptDrops(False)  # a folder that is dropped here is to be read
        set_tooltip(self, "Show only photos whose file or folder name contains this")

    def sizeHint(self) -> QSize:
        return QSize(_SEARCH_WIDTH, super().sizeHint().height())
