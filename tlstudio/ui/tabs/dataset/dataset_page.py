"""The Dataset tab once there are photos: classes, photos, and what to know of the folder."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QWidget

from tlstudio.datasets.dataset import Dataset
from tlstudio.datasets.photo_header import read_header
from tlstudio.errors import TLStudioError
from tlstudio.projects.actions import Action, Actions
from tlstudio.training.recipes import config_for
from tlstudio.ui import theme
from tlstudio.ui.session import Session
from tlstudio.ui.tabs.dataset.classes.classes_card import BalanceCard, ClassesCard, shown_counts
from tlstudio.ui.tabs.dataset.health.closer_look import CloserLook
from tlstudio.ui.tabs.dataset.health.folder_tree import FolderCard, folder_rows
from tlstudio.ui.tabs.dataset.health.health_card import HealthCard, find_all
from tlstudio.ui.tabs.dataset.photos.file_list import FileReason, write_files
from tlstudio.ui.tabs.dataset.photos.photo_browser import PhotoBrowser
from tlstudio.ui.tabs.dataset.reading.panel import ReadingPanel
from tlstudio.ui.tabs.dataset.shares.shares_card import SharesCard
from tlstudio.ui.tabs.dataset.varied.card import VariedCopiesCard
from tlstudio.ui.tabs.dataset.welcome.welcome_page import COMPACT_BELOW
from tlstudio.ui.tabs.quiet_job import QuietJob
from tlstudio.ui.tabs.saving import save
from tlstudio.ui.widgets.card import Card
from tlstudio.ui.widgets.drop_area import DropArea
from tlstudio.ui.widgets.labels import TextLabel
from tlstudio.ui.widgets.scroll_column import GUTTER, ScrollColumn
from tlstudio.ui.widgets.thumbnails import ThumbnailCache
from tlstudio.ui.words.readings import source_in_words
from tlstudio.wording import counted

_LEFT, _RIGHT = 288, 336
_LEFT_COMPACT, _RIGHT_COMPACT = 240, 320
_OF_A_RUN = "Classes are those that this run learnt."
_IGNORED = {
    "system": "Kept here by the system, such as Thumbs.db",
    "hidden": "Hidden, or in a hidden folder",
    "other": "No picture",
}


class DatasetPage(QWidget):
    """Three columns that show ``session.photos.dataset``.

    Attributes:
        area: Takes drops.
        closer: The comparison of the photos by a network.
        folder_wanted: Carries the folder (str) that is to be read instead.
        augmentation_chosen: Carries the ``AugmentationConfig`` that was switched to.
        split_chosen: Carries the ``SplitConfig`` that was chosen.
    """

    folder_wanted = Signal(str)
    augmentation_chosen = Signal(object)
    split_chosen = Signal(object)

    def __init__(
        self,
        session: Session,
        cache: ThumbnailCache,
        describe: Callable[[list[Path]], str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._classes, self._balance = ClassesCard(), BalanceCard()
        self.area = DropArea("Drop another folder here", "It takes the place of this one", describe=describe)
        self._photos = PhotoBrowser(cache)
        self._headers, self._overviews = QuietJob(session, self), QuietJob(session, self)
        self._folder_card, self._stay_card = FolderCard(), _stay_card()
        self._health, self._shares = HealthCard(), SharesCard(session)
        self.closer = CloserLook(session, self)
        self._copies = VariedCopiesCard(session)
        self._left, self._right = ScrollColumn("Classes"), ScrollColumn("About this folder")
        self._row = QHBoxLayout(self)
        self._lay_out()
        self._classes.class_selected.connect(self._photos.set_class)
        self._photos.class_filter_left.connect(self._classes.clear_selection)
        self._folder_card.folder_wanted.connect(self.folder_wanted)
        self._health.requested.connect(self._show_target)
        self._health.fix_taken.connect(self._session.photos.take_fix)
        self._health.closer_wanted.connect(self.closer.start)
        self.closer.show_wanted.connect(self._show_alike)
        for source in (self._health, self._classes, self._folder_card):
            source.reading_wanted.connect(self.ask_reading)
        self._shares.config_chosen.connect(self.split_chosen)
        self._copies.chosen.connect(self.augmentation_chosen)
        self._photos.photo_selected.connect(self._copies.show_photo)
        self._classes.edit_wanted.connect(self._do)
        self._photos.move_wanted.connect(lambda paths, name: self._do(lambda actions: actions.move(paths, name)))
        self._photos.leave_out_wanted.connect(lambda paths: self._do(lambda actions: actions.leave_out(paths)))
        self._photos.bring_back_wanted.connect(lambda paths: self._do(lambda actions: actions.bring_back(paths)))
        self._photos.rule_wanted.connect(lambda rule: self._do(lambda actions: actions.limit_sizes(rule)))
        self._photos.header_wanted.connect(self._read_header)
        self._photos.list_save_wanted.connect(self._save_list)
        self._headers.succeeded.connect(self._photos.show_header)
        self._photos.overview_wanted.connect(self._overviews.start)
        self._overviews.succeeded.connect(self._photos.show_overview)

    def show_dataset(self, dataset: Dataset) -> None:
        """Show a data set from the beginning."""
        self._classes.set_counts(*shown_counts(self._session))
        self._balance.set_counts(dataset.counts())
        self._fit_classes()
        self._photos.set_size_rule(self._session.photos.size_rule)
        photos = self._session.photos
        self._photos.set_dataset(dataset, photos.split, photos.looks, photos.order)
        self.show_editable()
        self._copies.set_dataset(dataset)
        self.show_health(dataset, 0)
        self._show_folders(dataset)
        self.show_split()
        self.show_choices()

    def show_edited(self, dataset: Dataset, gone: int) -> None:
        """Show the same photos with other labels, classes or shares; what is selected and filtered stays.

        Args:
            dataset: The data set as it is now.
            gone: Photos known not to be there any more.
        """
        self._classes.change_counts(*shown_counts(self._session))
        self._balance.set_counts(dataset.counts())
        self._fit_classes()
        self._photos.set_size_rule(self._session.photos.size_rule)
        photos = self._session.photos
        self._photos.change_dataset(dataset, photos.split, photos.looks, photos.order)
        self._copies.set_dataset(dataset)
        self.show_editable()
        self.show_health(dataset, gone)
        self._show_folders(dataset)
        self.show_split()

    def ask_reading(self, table: Path | None = None) -> None:
        """Let a person say how the folder is read.

        Args:
            table: Proposed as what the classes are taken from; None proposes nothing.
        """
        files, reading = self._session.photos.files, self._session.photos.reading
        if files is not None and reading is not None and self._session.photos.editable:
            panel = ReadingPanel(self._session, files, reading, self)
            if table is not None:
                panel.propose_table(table)
            panel.open()

    def show_editable(self) -> None:
        """Offer changes where there can be any now."""
        editable = self._session.photos.editable
        self._photos.set_editable(editable)
        self._classes.set_editable(editable)

    def _do(self, make: Callable[[Actions], Action]) -> None:
        """Carry out what was asked for in the page; without success, what was shown ahead is shown as it was."""
        actions = self._session.photos.actions
        if actions is None:
            self._session.photos.edited.emit()
            return
        try:
            action = make(actions)
        except TLStudioError as error:
            self._session.report_failure("project", error)
            self._session.photos.edited.emit()
        else:
            self._session.photos.do(action)

    def show_health(self, dataset: Dataset, gone: int) -> None:
        """Show the findings; ``gone`` photos are known not to be there any more."""
        reading = self._session.photos.reading
        words = _OF_A_RUN if reading is None else source_in_words(reading, shared_out=bool(dataset.given))
        self._health.set_source(words, changeable=reading is not None)
        photos = self._session.photos
        findings = find_all(
            dataset, photos.problems, photos.looks, gone, photos.size_rule, photos.split, self.closer.offer()
        )
        self._health.set_findings(findings)

    def show_split(self) -> None:
        """Show how the photos are shared out."""
        self._photos.set_split(self._session.photos.split)
        self._shares.show_split()

    def show_choices(self) -> None:
        """Show whether there are varied copies, by choice or by the network's own recipe."""
        choices = self._session.choices
        config = config_for(choices.spec, augmentation=choices.augmentation)
        self._copies.set_augmentation(config.augmentation, choices.seed, choices.spec.input_size)

    def minimumSizeHint(self) -> QSize:
        """What narrow columns need, also while there are wide ones: else no window could become narrow at once."""
        compact = _LEFT_COMPACT + _RIGHT_COMPACT + self._photos.minimumSizeHint().width() + 4 * theme.SPACE_16
        return QSize(compact, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Narrow windows have narrower columns and gaps."""
        super().resizeEvent(event)
        compact = self.width() < COMPACT_BELOW
        gap = theme.SPACE_16 if compact else theme.SPACE_24
        self._left.set_card_width(_LEFT_COMPACT if compact else _LEFT)
        self._right.set_card_width(_RIGHT_COMPACT if compact else _RIGHT)
        self._row.setContentsMargins(gap, gap, gap - GUTTER, gap)
        self._row.setSpacing(gap)
        self._fit_classes()

    def _fit_classes(self) -> None:
        """Leave the list of classes what the other cards of its column don't need; it scrolls by itself."""
        width = _LEFT_COMPACT if self.width() < COMPACT_BELOW else _LEFT
        others = [self.area.sizeHint().height()]
        if not self._balance.isHidden():
            self._balance.refresh_hints()  # or the height is that of the words before
            others.append(self._balance.heightForWidth(width))
        margins = self._row.contentsMargins()
        room = self.height() - margins.top() - margins.bottom()
        self._classes.fit(room - sum(others) - len(others) * theme.SPACE_16)

    def _lay_out(self) -> None:
        self._left.body.addWidget(self._classes)
        self._left.body.addWidget(self._balance)
        self._left.body.addStretch(1)
        self._left.body.addWidget(self.area)
        for widget in (self._folder_card, self._stay_card, self._health, self._shares, self._copies):
            self._right.body.addWidget(widget)
        self._right.body.addStretch(1)
        self._row.addWidget(self._left)
        self._row.addSpacing(-GUTTER)
        self._row.addWidget(self._photos, 1)
        self._row.addWidget(self._right)

    def _show_folders(self, dataset: Dataset) -> None:
        """Where the folder is the wrong one, how it is read comes before everything that follows from it."""
        blocking = [problem for problem in self._session.photos.problems if problem.severity == "blocking"]
        folder = next((problem.folder for problem in blocking if problem.folder), None)
        if folder is not None:
            self._folder_card.set_folders(folder_rows(dataset, folder), folder)
        for card in (self._folder_card, self._stay_card):
            card.setVisible(folder is not None)
        for card in (self._shares, self._copies):
            card.setVisible(not blocking)

    def _show_target(self, target: str) -> None:
        dataset = self._session.photos.dataset
        if dataset is None:
            return
        match target:
            case "rejected":
                files = [FileReason(file.path, file.reason) for file in dataset.rejected]
                self._photos.show_files(
                    f"{counted(len(files), 'photo')} can't be read", "Training goes on without.", files
                )
            case "ignored":
                files = [FileReason(file.path, _IGNORED[file.kind]) for file in dataset.ignored]
                self._photos.show_files(counted(len(files), "other file"), "They are no photos, or hidden.", files)
            case "unlabelled" | "two_classes" | "twice" | "alike" | "flagged" | "left_out":
                self._photos.set_filter(target)
            case "size_rule":
                self._photos.show_size_rule()

    def _show_alike(self) -> None:
        self._session.tab_requested.emit("dataset")
        self._show_target("alike")

    def _read_header(self, path: Path) -> None:
        self._headers.start(lambda _emit, _token: read_header(path))

    def _save_list(self, files: Sequence[FileReason]) -> None:
        dataset = self._session.photos.dataset
        chosen, _ = QFileDialog.getSaveFileName(self, "Save as a table", "files.csv", "Tables (*.csv)")
        if dataset is None or not chosen:
            return
        path = Path(chosen) if Path(chosen).suffix else Path(chosen).with_suffix(".csv")
        save(self._session, "files", lambda: write_files(path, files, Path(dataset.root)), "The list of files is saved")


def _stay_card() -> Card:
    card = Card(padding=theme.SPACE_20)
    card.body.setSpacing(theme.SPACE_4)
    card.body.addWidget(TextLabel("Your files stay where they are", "strong"))
    line = "This changes only how the program reads the folder. No file is moved or renamed."
    card.body.addWidget(TextLabel(line, "secondary", "text2", wrap=True))
    return card
