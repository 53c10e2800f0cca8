"""The Predict tab: the model at work on photos that have no label."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from tlstudio.prediction.prediction import Prediction
from tlstudio.ui import theme
from tlstudio.ui.session import Session
from tlstudio.ui.tabs.predict import predict_words
from tlstudio.ui.tabs.predict.answer_card import AnswerCard
from tlstudio.ui.tabs.predict.answers import Answers, write_table
from tlstudio.ui.tabs.predict.answers_table import AnswersTable
from tlstudio.ui.tabs.predict.batch import KEY, BatchQueue, PhotoBatch, kept_thresholds
from tlstudio.ui.tabs.predict.one_photo import OnePhoto
from tlstudio.ui.tabs.predict.predict_cards import AnswersCard, FoldersCard, OnePhotoArea, PredictColumn, ThresholdCard
from tlstudio.ui.tabs.saving import save
from tlstudio.ui.tabs.tab import Tab
from tlstudio.ui.widgets.drop_area import dropped_paths
from tlstudio.ui.widgets.message_bar import Message
from tlstudio.ui.widgets.next_step_bar import JobStatus, NextStep
from tlstudio.ui.widgets.score_bars import Score
from tlstudio.ui.widgets.scroll_column import GUTTER
from tlstudio.ui.widgets.tab_strip import TabState
from tlstudio.ui.widgets.thumbnails import ThumbnailCache
from tlstudio.wording import counted

_NARROW: Final = 1280


class PredictTab(Tab):
    """Folders and their answers, one photo large, and the answers as a table."""

    def __init__(self, session: Session, thumbnails: ThumbnailCache, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self._queue = BatchQueue(session, self)
        self._one = OnePhoto(session, self)
        self._folders, self._threshold = FoldersCard(), ThresholdCard()
        self._use, self._area = AnswersCard(), OnePhotoArea()
        self._answers = AnswersTable(thumbnails)
        self._answer = AnswerCard(thumbnails)
        self._column = PredictColumn((self._folders, self._threshold, self._use), self._area)
        self._pages = QStackedWidget()
        self._single: Prediction | None = None
        self._stored = session.stored
        self._lay_out()
        self._connect()
        self._use_run()

    def state(self) -> TabState:
        """How many photos have an answer."""
        return predict_words.state(self._queue, self.session)

    def next_step(self) -> NextStep:
        """Choose a folder, then save its answers."""
        return predict_words.next_step(self._queue, self.session)

    def job_status(self) -> JobStatus | None:
        """How far the folder is that is being classified."""
        batch = self._queue.running
        return predict_words.job_status(batch) if batch is not None else None

    def take_action(self) -> None:
        """Do what comes next."""
        if self.session.stored is None:
            self.session.tab_requested.emit("training")
        elif self._queue.answered:
            self._save_table()
        else:
            self.take_choice()

    def take_choice(self) -> None:
        """Go on with what waits, or choose another folder."""
        if self._queue.waiting is not None:
            self._queue.start_next()
        else:
            self._choose_folder()

    def stop_job(self) -> None:
        """Stop the folder that is being classified; its answers stay."""
        self._queue.stop()

    # Places.

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Narrow windows get narrower columns and margins."""
        super().resizeEvent(event)
        narrow = self.width() < _NARROW
        margin = theme.SPACE_16 if narrow else theme.SPACE_24
        self._columns.setContentsMargins(margin, margin, margin, margin)
        # The first column brings a gutter for its scroll bar along.
        self._first_gap.setContentsMargins(0, 0, margin - GUTTER, 0)
        self._second_gap.setContentsMargins(0, 0, margin, 0)
        self._column.set_card_width(240 if narrow else 288)
        self._answer.setFixedWidth(320 if narrow else 376)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Welcome folders and photos anywhere on the tab."""
        if self.session.stored is not None and dropped_paths(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Classify what was dropped."""
        event.acceptProposedAction()
        self._take(dropped_paths(event.mimeData()))

    def _lay_out(self) -> None:
        self._columns = QHBoxLayout()
        self._columns.setSpacing(0)
        self._first_gap, self._second_gap = QHBoxLayout(), QHBoxLayout()
        page = QWidget()
        page.setLayout(self._columns)
        self._first_gap.addWidget(self._column)
        self._second_gap.addWidget(self._answers)
        self._columns.addLayout(self._first_gap)
        self._columns.addLayout(self._second_gap, 1)
        self._columns.addWidget(self._answer)
        self._pages.addWidget(
            self.empty_page(
                "Nothing to classify with yet",
                "After training the model names what is on your other photos, a whole folder at a time.",
                "Go to training",
                "training",
            )
        )
        self._pages.addWidget(page)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._pages)
        self.setAcceptDrops(True)

    def _connect(self) -> None:
        queue, one = self._queue, self._one
        queue.changed.connect(self._show_progress)
        queue.appended.connect(self._append)
        queue.removed.connect(self._remove)
        queue.ended.connect(self._say_ended)
        one.asked.connect(self._show_asked)
        one.answered.connect(self._show_single)
        one.failed.connect(self._show_selected)
        self._folders.add_requested.connect(self._choose_folder)
        self._folders.remove_requested.connect(queue.remove)
        self._threshold.threshold_changed.connect(self._apply_threshold)
        self._use.table_requested.connect(self._save_table)
        self._area.dropped.connect(self._take)
        self._area.chosen.connect(self._choose_photo)
        self._answers.dropped.connect(self._take)
        self._answers.table.photo_selected.connect(lambda _row: self._show_selected())
        # The row may be selected already while the single photo is shown.
        self._answers.table.clicked.connect(lambda _index: self._show_selected())
        paste = QShortcut(QKeySequence(QKeySequence.StandardKey.Paste), self)
        paste.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        paste.activated.connect(self._paste)
        self.session.run_changed.connect(self._use_run)
        self.session.training_started.connect(lambda _request: self.changed.emit())
        self.session.training_ended.connect(lambda _trained: self.changed.emit())

    # What a person brings.

    def _take(self, paths: Sequence[Path]) -> None:
        """Classify folders one after the other; look at a single photo at once."""
        folders = [path for path in paths if path.is_dir()]
        files = [path for path in paths if not path.is_dir()]
        for folder in folders:
            self._queue.add([folder])
        if len(files) == 1 and not folders:
            self._one.ask(files[0])
        elif files:
            self._queue.add(files)

    def _choose_folder(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, "Choose a folder of photos", str(Path.home()))
        if chosen:
            self._take([Path(chosen)])

    def _choose_photo(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(self, "Choose a photo", str(Path.home()))
        if chosen:
            self._one.ask(Path(chosen))

    def _paste(self) -> None:
        if self.session.stored is not None and not self._one.paste(QGuiApplication.clipboard().mimeData()):
            self.session.posted.emit(
                Message(KEY, "There is no photo on the clipboard.", "info", "Copy a photo, or the file of one, first.")
            )

    def _save_table(self) -> None:
        batches = [(batch.answers, len(batch.answers)) for batch in self._queue.batches if len(batch.answers)]
        if not batches:
            return
        first = next(batch for batch in self._queue.batches if len(batch.answers))
        suggested = first.inputs[0].parent / f"{first.title}.csv"
        chosen, _ = QFileDialog.getSaveFileName(self, "Save as a table", str(suggested), "Tables (*.csv)")
        if chosen:
            path = Path(chosen) if Path(chosen).suffix else Path(chosen).with_suffix(".csv")
            threshold, total = self._threshold.threshold, sum(count for _, count in batches)
            title = f"{counted(total, 'line')} saved as a table"
            save(self.session, "table", lambda: write_table(path, batches, threshold), title)

    # What is shown.

    def _use_run(self) -> None:
        stored = self.session.stored
        self._pages.setCurrentIndex(0 if stored is None else 1)
        self._single = None
        self._one.set_run(stored)
        self._queue.set_run(stored)
        self._answers.table.set_classes(len(stored.run.classes) if stored else 0)
        self._answer.clear()

    def _append(self, batch: PhotoBatch, first: int) -> None:
        self._answers.table.append(batch.answers.rows(first, self._threshold.threshold, batch.folder))

    def _remove(self, first: int, count: int) -> None:
        self._answers.table.remove(first, count)

    def _apply_threshold(self, threshold: float) -> None:
        self._answers.table.set_threshold(threshold)
        self._show_progress()
        if self._single is not None:
            self._show_single(self._single)
        else:
            self._show_selected()

    def _show_progress(self) -> None:
        counts = self._answers.table.counts()
        accounting = self._queue.accounting(counts) if self._queue.answered else None
        self._folders.show_batches(self._queue.batches)
        self._threshold.show_counts(counts["sure"], counts["unsure"])
        self._use.set_available(accounting is not None)
        self._answers.show_accounting(accounting)
        if self._single is None:
            self._answers.select_first()
        self.changed.emit()

    def _say_ended(self, batch: PhotoBatch) -> None:
        if not self.isVisible() and len(batch.answers):
            self.session.posted.emit(
                Message(
                    KEY,
                    f"{counted(len(batch.answers), 'photo')} of {batch.title} classified.",
                    "done",
                    choice="Show the answers",
                    on_choice=partial(self.session.tab_requested.emit, "predict"),
                )
            )

    def _show_asked(self, path: Path) -> None:
        self._answer.show_waiting(path)

    def _show_single(self, answer: Prediction) -> None:
        stored = self.session.stored
        if stored is None:
            return
        self._single = answer
        answers = Answers(stored.run.classes, kept_thresholds(self.session, stored))
        answers.append([answer])
        self._show_answer(answers, 0, None)

    def _show_selected(self) -> None:
        position = self._answers.table.selected_position()
        self._single = None
        if position is None:
            self._answer.clear()
            return
        batch, place = self._queue.locate(position)
        self._show_answer(batch.answers, place, batch.folder)

    def _show_answer(self, answers: Answers, position: int, folder: Path | None) -> None:
        row = answers.row(position, self._threshold.threshold, folder)
        if self._one.is_pasted(row.path):
            row = replace(row, folder="From the clipboard")
        scores = [Score(answers.classes[index], index, share) for index, share in answers.best(position)]
        self._answer.show_answer(row, scores, len(answers.classes))
