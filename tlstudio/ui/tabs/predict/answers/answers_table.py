"""The middle of the Predict tab: filters, the table that fills, and the accounting under it."""

from pathlib import Path
from typing import Final

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QMenu, QStackedLayout, QVBoxLayout, QWidget

from tlstudio.ui import theme
from tlstudio.ui.tabs.predict.answers.answer_filters import AnswerFilters, clicked_sort, column_of
from tlstudio.ui.tabs.predict.answers.answer_list import AnswerList
from tlstudio.ui.tabs.predict.answers.answer_order import AnswerOrder, Filter, Sort
from tlstudio.ui.tabs.predict.answers.answers import Accounting
from tlstudio.ui.tabs.predict.answers.large_answer import LargeAnswer
from tlstudio.ui.tabs.predict.folders.photo_batch import PhotoBatch
from tlstudio.ui.tabs.saving import show_in_folder
from tlstudio.ui.widgets.card import Card
from tlstudio.ui.widgets.drop_area import DropArea
from tlstudio.ui.widgets.empty_state import IconLabel
from tlstudio.ui.widgets.labels import TextLabel
from tlstudio.ui.widgets.photo_table import PhotoTable
from tlstudio.ui.widgets.thumbnails import ThumbnailCache
from tlstudio.wording import counted

_MERGE_MS: Final = 300
"""Rows stand still for so long; those that come meanwhile are put in together: the table is painted anew then."""

_FIRST_ROWS: Final = 30
"""So many are shown at once: they may be in view."""


class AnswersTable(QWidget):
    """Chips with counts, a search, and the table.

    Attributes:
        answers: All answers, shown or not.
        table: The rows shown.
        dropped: Carries the paths that were dropped into the empty place.
    """

    dropped = Signal(object)

    def __init__(self, thumbnails: ThumbnailCache, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._thumbnails = thumbnails
        self.answers = AnswerList()
        self._order = AnswerOrder(self.answers)
        self.table = PhotoTable(thumbnails, self.answers)
        self._filters = AnswerFilters(self.answers)
        self._merging = QTimer(self, interval=_MERGE_MS, singleShot=True)
        self._stale = False
        self._new: list[int] = []
        self._mark = IconLabel("check", "accent")
        self._sum = TextLabel("", "secondary", "text2", wrap=True)
        self._drop = DropArea("Drop a folder of photos here", "Every photo in it gets an answer.", large=True)
        self._lay_out()
        self._filters.filter_changed.connect(self._filter)
        self._filters.sort_changed.connect(self._sort)
        self._merging.timeout.connect(self._merge)
        self._drop.dropped.connect(self.dropped)
        self.table.sort_wanted.connect(lambda column: self._sort(clicked_sort(column, self._order.sort)))
        self.table.photo_activated.connect(self._open_large)
        self.table.copy_wanted.connect(self._copy)
        self.table.menu_wanted.connect(self._open_menu)
        self.show_accounting(None)

    # What comes and goes

    def set_classes(self, classes: tuple[str, ...]) -> None:
        """Begin anew, with answers of these classes."""
        self.answers.clear(classes)
        self.table.set_classes(len(classes))
        self._filters.clear()
        self._renew()

    def append(self, batch: PhotoBatch, places: range) -> None:
        """Take the answers at some places of a batch."""
        at_once = self._order.appends and self.table.shown() < _FIRST_ROWS
        if at_once:
            self.settle()
        positions = self.answers.append(batch, places)
        added = self._order.add(positions.start)
        if at_once:
            self.table.append(added)
        elif added:
            self._new += added
            self._merge_soon()

    def refresh(self, batch: PhotoBatch, place: int) -> None:
        """Show another answer for the file at a place in a batch."""
        if self.answers.refresh(batch, place) is None:
            return
        self._stale = True
        self.table.repaint_rows()
        self._merge_soon()

    def remove(self, batch: PhotoBatch) -> None:
        """Take the answers of a batch out."""
        self.answers.remove(batch)
        self._filters.forget_folder()
        self._renew()

    def set_threshold(self, threshold: float) -> None:
        """Tell from which score on an answer is sure, 0 to 1; the answers that are here follow."""
        if not self.answers.judge(threshold):
            return
        if self._order.filter.state is None and self._order.sort.key != "state":
            self.table.repaint_rows()
        else:
            self._renew(keep_place=True)

    def show_accounting(self, accounting: Accounting | None) -> None:
        """Show counts and the sum; None while there is nothing to count."""
        self._stack.setCurrentIndex(0 if accounting is None else 1)
        if accounting is None:
            return
        self._filters.show_counts(self.answers.counts())
        complete = accounting.found is not None and not accounting.unreached
        self._mark.set_icon("check" if complete else "info", "accent" if complete else "text2")
        self._sum.setText(accounting.sentence())

    # What is selected

    def select_first(self) -> None:
        """Select the first row, where none is."""
        if self.table.selected_position() is None and self.table.shown():
            self.table.selectRow(0)

    def selected(self) -> tuple[PhotoBatch, int] | None:
        """Batch of the current answer, and its place in it."""
        position = self.table.selected_position()
        return None if position is None else self.answers.locate(position)

    def selected_paths(self) -> list[Path]:
        """Files of all selected rows, from the top."""
        return [self.answers.path(position) for position in self.table.selected_positions()]

    # Filter and order

    def arrange(self, sort: Sort, wanted: Filter) -> None:
        """Show what passes a filter, in some order."""
        self._order.sort, self._order.filter = sort, wanted
        self._filters.show_sort(sort)
        self.table.show_sort(column_of(sort), descending=sort.descending)
        self._renew()

    def settle(self) -> None:
        """Put what has come between the rows at once."""
        if self._merging.isActive():
            self._merging.stop()
            self._merge()

    def _filter(self, wanted: Filter) -> None:
        self.arrange(self._order.sort, wanted)
        self.select_first()

    def _sort(self, wanted: Sort) -> None:
        self.arrange(wanted, self._order.filter)

    def _renew(self, *, keep_place: bool = False) -> None:
        self._merging.stop()
        self._stale, self._new = False, []
        self._order.renew()
        self.table.arrange(self._order.shown(), keep_place=keep_place)

    def _merge(self) -> None:
        new, self._new = self._new, []
        if self._stale:
            self._renew(keep_place=True)
        elif self._order.appends:
            self.table.append(new)
        else:
            self.table.merge(self._order.shown())

    def _merge_soon(self) -> None:
        if not self._merging.isActive():
            self._merging.start()

    # What is done with rows

    def _open_large(self, position: int) -> None:
        dialog = LargeAnswer(self.answers, self.table.order(), position, self._thumbnails, self)
        dialog.position_changed.connect(self.table.select_position)
        dialog.open()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText("\n".join(str(path) for path in self.selected_paths()))

    def _open_menu(self, place: QPoint) -> None:
        position = self.table.selected_position()
        if position is None:
            return
        files = counted(len(self.table.selected_positions()), "path")
        menu = QMenu("Photo", self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("Open large\tEnter", lambda: self._open_large(position))
        menu.addAction("Show in folder", lambda: show_in_folder(self.answers.path(position).parent))
        menu.addAction(f"Copy {'path' if files == '1 path' else files}\tCtrl+C", self._copy)
        menu.popup(place)

    def _lay_out(self) -> None:
        card = Card(padding=1)
        card.body.addWidget(self.table, 1)
        foot = QHBoxLayout()
        foot.setSpacing(theme.SPACE_12)
        foot.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        foot.addWidget(self._sum, 1)
        full = QWidget()
        column = QVBoxLayout(full)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE_12)
        column.addWidget(self._filters)
        column.addWidget(card, 1)
        column.addLayout(foot)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._drop)
        self._stack.addWidget(full)
