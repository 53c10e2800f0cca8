"""The Predict tab: the model at work on photos that have no label."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from tlstudio.paths import is_folder
from tlstudio.prediction.prediction import Prediction
from tlstudio.ui import theme
from tlstudio.ui.opening_models import is_model
from tlstudio.ui.session import Session
from tlstudio.ui.tabs.evaluation.explanations import Explanations
from tlstudio.ui.tabs.predict import predict_words
from tlstudio.ui.tabs.predict.answer_card import AnswerCard
from tlstudio.ui.tabs.predict.answers.answers import Answers
from tlstudio.ui.tabs.predict.answers.answers_table import AnswersTable
from tlstudio.ui.tabs.predict.folders.batch import BatchQueue, kept_thresholds
from tlstudio.ui.tabs.predict.folders.folders_card import FoldersCard
from tlstudio.ui.tabs.predict.folders.photo_batch import PhotoBatch
from tlstudio.ui.tabs.predict.folders.stored_batches import KEY
from tlstudio.ui.tabs.predict.one_photo import OnePhoto, brings_picture
from tlstudio.ui.tabs.predict.predict_cards import AnswersCard, OnePhotoArea, PredictColumn
from tlstudio.ui.tabs.predict.review.review import Review
from tlstudio.ui.tabs.predict.review.second_look import SecondLook
from tlstudio.ui.tabs.predict.sureness.promise_card import PromiseCard, PromiseKeeper
from tlstudio.ui.tabs.predict.uses.answer_desk import AnswerDesk
from tlstudio.ui.tabs.predict.uses.answer_set import AnswerSet, answer_set
from tlstudio.ui.tabs.predict.uses.model_sheet import save_model
from tlstudio.ui.tabs.saving import show_in_folder
from tlstudio.ui.tabs.tab import Tab
from tlstudio.ui.widgets.buttons import Button
from tlstudio.ui.widgets.drop_area import dropped_paths
from tlstudio.ui.widgets.message_bar import Message
from tlstudio.ui.widgets.next_step_bar import JobStatus, NextStep
from tlstudio.ui.widgets.score_bars import Score
from tlstudio.ui.widgets.scroll_column import GUTTER
from tlstudio.ui.widgets.tab_strip import TabState
from tlstudio.ui.widgets.thumbnails import ThumbnailCache
from tlstudio.ui.widgets.tooltip import set_tooltip
from tlstudio.wording import counted

_NARROW: Final = 1280
_LEAST_MIDDLE: Final = 320


class PredictTab(Tab):
    """Folders and their answers, one photo large, and the answers as a table."""

    def __init__(self, session: Session, thumbnails: ThumbnailCache, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self._queue = BatchQueue(session, self)
        self._one = OnePhoto(session, self)
        self._folders, self._threshold = FoldersCard(), PromiseCard()
        self._promises = PromiseKeeper(session, self._threshold, self)
        self._use, self._area = AnswersCard(), OnePhotoArea()
        self._desk = AnswerDesk(session, self)
        self._answers = AnswersTable(thumbnails)
        self._answer = AnswerCard(thumbnails, Explanations(session, self))
        self._review = Review(session, self._answers, self._answer, thumbnails, self)
        self._second_look = SecondLook(session, self._queue, self)
        self._column = PredictColumn((self._folders, self._threshold, self._use), self._area)
        self._pages = QStackedWidget()
        self._single: Prediction | None = None
        # In a turn of its own: a table that is shown for the first time takes one to be laid out.
        self._selecting = QTimer(self, interval=0, singleShot=True)
        self._selecting.timeout.connect(self._select_first)
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
        return predict_words.job_status(self._queue, batch) if batch is not None else None

    def take_action(self) -> None:
        """Do what comes next."""
        if self.session.stored is None:
            self.session.tab_requested.emit("training")
        elif self._queue.answered:
            self._desk.tabulate(self._given())
        else:
            self.take_choice()

    def take_choice(self) -> None:
        """Go on with what waits, or choose another folder."""
        queue = self._queue
        if queue.waiting is not None:
            queue.start_next()
        elif queue.unfinished is not None:
            queue.go_on(queue.unfinished)
        else:
            self._choose_folder()

    def stop_job(self) -> None:
        """Stop the folder that is being classified; its answers stay."""
        self._queue.stop()

    def pause_job(self) -> None:
        """Let the folder that is being classified wait, or go on."""
        self._queue.pause()

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
        data = event.mimeData()
        if self.session.stored is not None and (dropped_paths(data) or brings_picture(data)):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Classify what was dropped."""
        event.acceptProposedAction()
        paths = dropped_paths(event.mimeData())
        if paths:
            self._take(paths)
        else:
            self._one.take_dragged(event.mimeData())

    def _lay_out(self) -> None:
        self._columns = QHBoxLayout()
        self._columns.setSpacing(0)
        self._first_gap, self._second_gap = QHBoxLayout(), QHBoxLayout()
        page = QWidget()
        page.setLayout(self._columns)
        self._first_gap.addWidget(self._column)
        self._review.middle.setMinimumWidth(_LEAST_MIDDLE)  # or pages that aren't shown would keep the window wide
        self._second_gap.addWidget(self._review.middle)
        self._columns.addLayout(self._first_gap)
        self._columns.addLayout(self._second_gap, 1)
        self._columns.addWidget(self._answer)
        self._pages.addWidget(
            self.empty_page(
                "Nothing to classify with yet",
                "After training the model names what is on your other photos, a whole folder at a time.",
                "Go to training",
                "training",
                self._way_to_models(),
            )
        )
        self._pages.addWidget(page)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._pages)
        self.setAcceptDrops(True)

    def _way_to_models(self) -> Button:
        button = Button("Open a model file", "text", size="small")
        set_tooltip(button, "Choose a .keras file, or Teachable Machine's keras_model.h5")
        button.clicked.connect(lambda: self.session.model_requested.emit(None))
        return button

    def _connect(self) -> None:
        queue, one = self._queue, self._one
        queue.changed.connect(self._show_progress)
        queue.appended.connect(self._answers.append)
        queue.replaced.connect(self._answers.refresh)
        queue.removed.connect(self._answers.remove)
        queue.cleared.connect(self._clear)
        queue.ended.connect(lambda *_: self._answers.settle())
        queue.ended.connect(self._say_ended)
        self._review.shown.connect(self._show_place)
        self._review.decided.connect(self._show_progress)
        one.asked.connect(self._show_asked)
        one.answered.connect(self._show_single)
        one.failed.connect(self._show_selected)
        self._folders.add_requested.connect(self._choose_folder)
        self._folders.remove_requested.connect(queue.remove)
        self._folders.go_on_requested.connect(queue.go_on)
        self._folders.again_requested.connect(queue.go_on)
        self._folders.moved.connect(queue.move)
        self._folders.watched.connect(queue.watch)
        self._folders.shown_in_folder.connect(lambda batch: show_in_folder(batch.inputs[0]))
        self._threshold.threshold_changed.connect(self._apply_threshold)
        self._use.filing_requested.connect(lambda: self._desk.sort(self._given()))
        self._use.table_requested.connect(lambda: self._desk.tabulate(self._given()))
        self._use.keywords_requested.connect(lambda: self._desk.tag(self._given()))
        self._use.history_requested.connect(self._desk.show_filed)
        self._use.model_requested.connect(lambda: save_model(self.session, self))
        self._area.dropped.connect(self._take)
        self._area.chosen.connect(self._choose_photo)
        self._area.any_wanted.connect(self._one.ask_any)
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
        folders = [path for path in paths if is_folder(path)]
        files = [path for path in paths if not is_folder(path)]
        for folder in folders:
            self._queue.add([folder])
        if len(files) == 1 and is_model(files[0]):
            self.session.model_requested.emit(files[0])
        elif len(files) == 1 and not folders:
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

    def _given(self) -> AnswerSet | None:
        """The answers of this moment."""
        return answer_set(self._queue.batches, self._threshold.threshold)

    # What is shown.

    def _use_run(self) -> None:
        stored = self.session.stored
        self._pages.setCurrentIndex(0 if stored is None else 1)
        self._single = None
        self._one.set_run(stored)
        self._review.set_run(stored)
        self._queue.set_run(stored)
        self._promises.set_run(stored)
        self._answer.clear()

    def _clear(self) -> None:
        stored = self.session.stored
        self._answers.set_threshold(self._threshold.threshold)
        self._answers.set_classes(stored.run.classes if stored else ())

    def _apply_threshold(self, threshold: float) -> None:
        self._queue.set_hold_back(self._threshold.hold_back)
        self._answers.set_threshold(threshold)
        self._show_progress()
        if self._single is not None:
            self._show_single(self._single)
        else:
            self._show_selected()

    def _show_progress(self) -> None:
        counts = self._answers.answers.counts()
        accounting = self._queue.accounting(counts) if self._queue.answered else None
        self._folders.show_batches(self._queue.batches)
        self._threshold.show_counts(counts["sure"], counts["unsure"] + counts["unlike"])
        self._use.set_available(accounting is not None)
        self._answers.show_accounting(accounting)
        self._review.set_batches(self._queue.batches)
        self._selecting.start()
        self.changed.emit()

    def _select_first(self) -> None:
        if self._single is None:
            self._answers.select_first()

    def _say_ended(self, batch: PhotoBatch, new: int) -> None:
        if not self.isVisible() and new > 0:
            kind = "photo" if new == len(batch.answers) else "new photo"
            self.session.posted.emit(
                Message(
                    KEY,
                    f"{counted(new, kind)} of {batch.title} classified.",
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
        own = kept_thresholds(self.session, stored)
        answers = Answers(stored.run.classes, own, hold_back=self._threshold.hold_back)
        answers.append([answer])
        row = answers.row(0, self._threshold.threshold, None)
        if self._one.origin(row.path):
            row = replace(row, folder=self._one.origin(row.path))
        self._answer.show_answer(row, _scores(answers, 0), len(answers.classes))

    def _show_selected(self) -> None:
        selected = self._answers.selected()
        self._single = None
        if selected is None:
            self._answer.clear()
            return
        self._show_place(*selected)

    def _show_place(self, batch: PhotoBatch, place: int) -> None:
        row = batch.answers.row(place, self._threshold.threshold, batch.folder)
        self._review.show_answer(batch, place, row, _scores(batch.answers, place))


def _scores(answers: Answers, position: int) -> list[Score]:
    return [Score(answers.classes[index], index, share) for index, share in answers.best(position)]
