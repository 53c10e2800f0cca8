"""The Training tab: what will happen, what happens, and what came of it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PySide6.QtCore import QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from tlstudio.awake_clock import awake_seconds
from tlstudio.datasets.dataset import Dataset
from tlstudio.errors import TLStudioError
from tlstudio.evaluation.report import Report
from tlstudio.events import BatchEnded, EpochEnded, Event, PhaseStarted
from tlstudio.modeling.architectures import title_of
from tlstudio.modeling.memory import resident_bytes
from tlstudio.runs.store import StoredRun
from tlstudio.training.history import History
from tlstudio.ui import theme
from tlstudio.ui.session import Session
from tlstudio.ui.tabs.tab import Tab
from tlstudio.ui.tabs.training import training_story
from tlstudio.ui.tabs.training.computing_dialog import device_words
from tlstudio.ui.tabs.training.computing_row import ComputingRow
from tlstudio.ui.tabs.training.curve_desk import CurveDesk
from tlstudio.ui.tabs.training.forecast_desk import ForecastDesk
from tlstudio.ui.tabs.training.train_on_desk import TrainOnDesk
from tlstudio.ui.tabs.training.training_cards import FactsCard, RoundsCard, StoryCard, VerdictCard
from tlstudio.ui.tabs.training.training_course import Course, job_detail, job_title
from tlstudio.ui.tabs.training.training_estimate import learnt_a_second, photos_a_second
from tlstudio.ui.tabs.training.training_steps import finished_steps, planned_steps, running_steps
from tlstudio.ui.tabs.training.training_story import Entry, Subject, Verdict
from tlstudio.ui.widgets.card import Card
from tlstudio.ui.widgets.curve_data import CurveData
from tlstudio.ui.widgets.curves import Curves
from tlstudio.ui.widgets.next_step_bar import JobStatus, NextStep
from tlstudio.ui.widgets.steps import Step
from tlstudio.ui.widgets.tab_strip import TabState
from tlstudio.ui.widgets.thumbnails import ThumbnailCache
from tlstudio.ui.words.time_left import in_words
from tlstudio.ui.words.verdict import measured, too_few, verdict
from tlstudio.wording import percent
from tlstudio.workflows.train import Trained, TrainRequest

_RIGHT: Final = (320, 392)
_RIGHT_GROWN: Final = (560, 632)
_WIDE_FROM: Final = 1320
_LOW: Final = 520  # as in the smallest window under a message
_FRAME_MS: Final = 100
_SENTENCE_SECONDS: Final = 1.0
_SPOKEN_SECONDS: Final = 10.0


@dataclass(frozen=True, slots=True)
class _Told:
    """What was seen of the training of a run."""

    folder: Path
    entries: list[Entry]
    steps: list[Step]
    curves: CurveData


class TrainingTab(Tab):
    """Verdict, steps and curves at the left; plain words, rounds and facts at the right."""

    stop_words = "Stop and keep the best"

    def __init__(
        self,
        session: Session,
        thumbnails: ThumbnailCache,  # noqa: ARG002 - every tab is made alike
        parent: QWidget | None = None,
        clock: Callable[[], float] = awake_seconds,
    ) -> None:
        super().__init__(session, parent)
        self._clock = clock
        self._course: Course | None = None
        self._told: _Told | None = None
        self._gave_up = False
        self._wide = True
        self._said_at = self._spoken_at = float("-inf")
        self._said_of: object = None
        self._verdict = VerdictCard()
        self._curves = Curves()
        self._story = StoryCard()
        self._rounds = RoundsCard()
        self._facts = FactsCard()
        self._forecast = ForecastDesk(session, self)
        self._computing = ComputingRow(session, self)
        self._going_on = TrainOnDesk(session, self)
        self._desk = CurveDesk(session, self._curves, self._history, self)
        self._frame = QTimer(self, interval=_FRAME_MS, singleShot=True)
        self._beat = QTimer(self, interval=500)
        self._build()
        self._connect()
        self._settle()

    @property
    def _stored(self) -> StoredRun | None:
        """The run that is open, unless another program trained it."""
        stored = self.session.stored
        return None if stored is None or stored.run.foreign else stored

    # What the window asks

    def state(self) -> TabState:
        """Where the training is, in two to four words."""
        if self._course is not None:
            return TabState("running", self._course.state_words(brief=not self._wide), self._course.share)
        stored = self._stored
        if stored is None:
            return TabState("number", "Stopped" if self._gave_up else "Not started")
        if stored.run.status == "stopped":
            return TabState("done", "Stopped")
        spent = in_words(max(stored.run.seconds.get("total", 0), 1))
        return TabState("done", f"Done in {spent}" if self._wide else "Done")

    def next_step(self) -> NextStep:
        """Train; after it, see how good it is."""
        obstacle = self.session.obstacle
        if self._stored is not None:
            again = "" if obstacle else "Train again"
            return NextStep("The training is done", "The run is saved.", "See how good it is", choice=again)
        if obstacle:
            return NextStep("Not ready to train yet", obstacle, "Train", enabled=False)
        dataset = self.session.photos.dataset
        assert dataset is not None  # noqa: S101 - else it would be in the way
        line = f"{len(dataset.samples):,} photos in {len(dataset.classes)} classes."
        return NextStep("Ready to train", line, "Train")

    def job_status(self) -> JobStatus | None:
        """Where the training is, for the job bar."""
        if self._course is None:
            return None
        progress, share = self._course.progress, self._course.share
        amount = "" if share is None else percent(share)
        wanted = self.session.training_paused
        title = job_title(progress) if not wanted else "Paused" if self._course.paused else "Pausing"
        return JobStatus(title, job_detail(progress), share, amount, wanted, stopping=self._course.stopping)

    def take_action(self) -> None:
        """Train, or go to the evaluation."""
        if self._stored is not None:
            self.session.tab_requested.emit("evaluation")
        else:
            self.session.train()

    def take_choice(self) -> None:
        """Train again."""
        self.session.train()

    def _train_on(self) -> None:
        if self._stored is not None:
            self._going_on.ask(self._stored)

    def stop_job(self) -> None:
        """Stop at the next batch."""
        self.session.stop_training()
        if self._course is not None:
            self._course.stopping = True
            self._refresh()

    def pause_job(self) -> None:
        """Wait at the next batch, or go on."""
        self.session.pause_training(not self.session.training_paused)
        self._refresh()

    # Building

    def _build(self) -> None:
        curves = Card(padding=theme.SPACE_24)
        curves.body.addWidget(self._curves)
        curves.setAccessibleName("Curves")
        left = QVBoxLayout()
        left.setSpacing(theme.SPACE_16)
        left.addWidget(self._verdict)
        left.addWidget(curves, 1)
        self._side = QWidget()
        right = QVBoxLayout(self._side)
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(theme.SPACE_16)
        right.addWidget(self._story)
        right.addWidget(self._rounds, 1)
        right.addWidget(self._facts)
        self._facts.body.addWidget(self._computing)
        self._columns = QHBoxLayout(self)
        self._columns.addLayout(left, 1)
        self._columns.addWidget(self._side)

    def _connect(self) -> None:
        session = self.session
        session.training_started.connect(self._start)
        session.training_reported.connect(self._take)
        session.training_ended.connect(self._end)
        session.run_changed.connect(self._settle)
        for signal in (session.photos.changed, session.photos.edited, session.choices_changed):
            signal.connect(self._settle)
        session.runner.busy_changed.connect(lambda *_: self._follow_work())
        self._verdict.change_requested.connect(session.show_learning)
        self._verdict.going_on_requested.connect(self._train_on)
        self._rounds.grown.connect(self._grow_rounds)
        self._rounds.save_requested.connect(lambda: self._desk.save("csv"))
        self._forecast.changed.connect(self._settle)
        self._frame.timeout.connect(self._refresh)
        self._beat.timeout.connect(self._refresh)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Narrower margins and right column where there is little room."""
        super().resizeEvent(event)
        wide = event.size().width() >= _WIDE_FROM
        margin = theme.SPACE_24 if wide else theme.SPACE_16
        self._columns.setContentsMargins(margin, margin, margin, margin)
        self._columns.setSpacing(margin)
        changed, self._wide = wide != self._wide, wide
        self._set_side_width()
        self._verdict.set_compact(not wide)
        self._story.set_low(event.size().height() < _LOW)
        if changed:
            self._settle()

    def _set_side_width(self) -> None:
        grown = self._story.isHidden()
        self._side.setFixedWidth((_RIGHT_GROWN if grown else _RIGHT)[self._wide])

    def _grow_rounds(self, grown: bool) -> None:
        self._story.setVisible(not grown)
        self._set_side_width()

    # While it runs

    def _start(self, request: TrainRequest) -> None:
        dataset, phases = request.source, request.config.phases
        assert isinstance(dataset, Dataset)  # noqa: S101 - the window trains on what it has read
        names = tuple(dataset.classes)
        subject = Subject(title_of(request.spec.backbone), len(dataset.samples), len(names), names)
        n_train = len(self.session.photos.split.train) if self.session.photos.split else len(dataset.samples)
        self._course = Course(
            phases, n_train, subject, self._clock, resumed=request.resume or request.origin is not None
        )
        self._gave_up = False
        self._said_of = None
        self._curves.start(sum(phase.epochs for phase in phases))
        self._rounds.clear()
        self._verdict.set_changeable(False)
        self._verdict.offer_going_on(None)
        self._beat.start()
        self._refresh()

    def _take(self, event: Event) -> None:
        if self._course is None:
            return
        rounds = self._course.progress.rounds
        match event:
            case PhaseStarted():
                self._curves.add_phase(event.name, event.epochs)
                self._rounds.add_phase(event.name)
            case BatchEnded():
                self._curves.add_batch(rounds + event.step / event.steps, event.accuracy, event.loss)
            case EpochEnded():
                figures = event.accuracy, event.loss, event.val_accuracy, event.val_loss
                self._curves.add_epoch(rounds + 1, *figures, rate=event.learning_rate)
                self._rounds.add_round(rounds + 1, event)
        self._course.take(event)
        if not self._frame.isActive():
            self._frame.start()

    def _refresh(self) -> None:
        """Show where it is: numbers at most 10 times a second, sentences once."""
        course = self._course
        if course is None:
            return
        course.look()
        phase = course.progress.phase
        self._rounds.show_added()
        if phase is not None and phase.batch is not None and course.progress.stage == "learning":
            self._rounds.set_running(course.progress.rounds + 1, phase.batch.accuracy)
        self._verdict.show_steps(running_steps(course.progress, course.now))
        self._verdict.show_time(*course.time_words())
        stage = (course.progress.stage, course.progress.running, course.stopping, course.paused)
        if stage != self._said_of or self._clock() - self._said_at >= _SENTENCE_SECONDS:
            self._said_of, self._said_at = stage, self._clock()
            self._say(course)
        self.changed.emit()

    def _say(self, course: Course) -> None:
        said = course.verdict()
        self._verdict.show_verdict(said)
        self._story.show_story(course.story.entries, course.words_now())
        self._facts.show_facts(photos_a_second(course.progress, course.now), resident_bytes())
        self._facts.show_device(device_words())
        if QAccessible.isActive() and self._clock() - self._spoken_at >= _SPOKEN_SECONDS:
            self._spoken_at = self._clock()
            announcement = QAccessibleAnnouncementEvent(self, f"{said.headline}. {said.sentence}")
            QAccessible.updateAccessibility(announcement)

    # When nothing runs

    def _end(self, trained: Trained | None) -> None:
        course, self._course = self._course, None
        self._beat.stop()
        self._frame.stop()
        if course is not None and trained is not None:
            course.progress.end(course.now)
            course.story.follow(course.progress, course.now)
            entries = [*course.story.entries, Entry(course.now, _last_words(trained))]
            steps, curves = running_steps(course.progress, course.now), self._curves.data()
            curves.end()
            self._told = _Told(trained.stored.folder, entries, steps, curves)
        self._gave_up = trained is None and course is not None and course.stopping
        self._settle()

    def _follow_work(self) -> None:
        """The computer has become busy, or free."""
        if self._course is None and self._stored is not None:
            self._verdict.offer_going_on(self._going_on.obstacle(self._stored))
        self.changed.emit()

    def _history(self) -> History:
        """The rounds that are shown."""
        if self._course is not None:
            return self._course.progress.history()
        stored = self._stored
        return History() if stored is None else stored.run.history

    def _settle(self) -> None:
        """Show the run that is open, or what will happen."""
        if self._course is not None:
            return
        stored = self._stored
        if stored is None:
            self._show_plan()
        else:
            self._show_run(stored, self.session.report)
        self._verdict.set_changeable(stored is None)
        self._verdict.offer_going_on(None if stored is None else self._going_on.obstacle(stored))
        self._facts.show_facts(None if stored is None else learnt_a_second(stored.run), resident_bytes())
        self.changed.emit()

    def _show_plan(self) -> None:
        session, obstacle = self.session, self.session.obstacle
        dataset, parts = session.photos.dataset, session.photos.split
        try:
            phases = session.choices.config().phases
        except TLStudioError as error:
            phases, obstacle = (), error.message
        photos = len(dataset.samples) if dataset else 0
        self._verdict.show_steps(planned_steps(phases, photos, len(parts.test) if parts else 0))
        self._verdict.show_verdict(self._plan_verdict(obstacle))
        self._forecast.ask()
        self._verdict.show_time(*self._forecast.words())
        self._story.show_story([Entry(None, "While it learns, this tells in sentences what is going on.")])
        self._curves.clear()
        self._rounds.clear()

    def _plan_verdict(self, obstacle: str) -> Verdict:
        if self._gave_up:
            return Verdict("Stopped", "Nothing was learnt yet, so nothing is kept. Train begins again.")
        if obstacle:
            return Verdict("Not ready to train yet", obstacle)
        session = self.session
        n_train = len(session.photos.split.train) if session.photos.split else 0
        n_classes = len(session.photos.dataset.classes) if session.photos.dataset else 0
        title = title_of(session.choices.spec.backbone)
        return Verdict("Ready to train", f"{title} learns your {n_classes} classes from {n_train:,} photos.")

    def _show_run(self, stored: StoredRun, report: Report | None) -> None:
        run = stored.run
        spent = in_words(max(run.seconds.get("total", 0), 1))
        self._verdict.show_verdict(_result(stored, report))
        whole = "stopped by you" if run.status == "stopped" else "in all"
        self._verdict.show_time(*((spent, whole) if self._wide else ("", "")))  # the steps tell it, too
        told = self._told if self._told is not None and self._told.folder == stored.folder else None
        self._verdict.show_steps(told.steps if told else finished_steps(run))
        self._story.show_story(told.entries if told else training_story.told_run(run))
        # What was gathered while it ran knows more: the running means within the rounds.
        if told is not None and told.curves.rounds == len(run.history.epochs):
            self._curves.show_data(told.curves)
        else:
            self._curves.set_history(run.history)
        self._rounds.set_history(run.history)


def _result(stored: StoredRun, report: Report | None) -> Verdict:
    """What came of a training."""
    stopped = " It was stopped early; the best round until then is kept." if stored.run.status == "stopped" else ""
    if report is None:
        return Verdict("The network has learnt your classes", f"No photos were kept for the final exam.{stopped}")
    if too_few(report):
        return Verdict("Trained, but too few exam photos to tell", verdict(report) + stopped)
    return Verdict(verdict(report), measured(report) + stopped)


def _last_words(trained: Trained) -> str:
    if trained.report is None:
        return "Done. There were no photos for the final exam."
    return f"Final exam: {trained.report.right:,} of {len(trained.report.photos):,} photos right."
