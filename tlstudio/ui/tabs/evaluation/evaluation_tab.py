"""The Evaluation tab: what the model gets right and wrong, with the photos behind every number."""

from functools import partial
from typing import Final

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from tlstudio.ui import theme
from tlstudio.ui.session import Session
from tlstudio.ui.tabs.evaluation.chosen_photos import ChosenPhotos
from tlstudio.ui.tabs.evaluation.corrections import Corrections
from tlstudio.ui.tabs.evaluation.desk import Desk
from tlstudio.ui.tabs.evaluation.explanations import Explanations
from tlstudio.ui.tabs.evaluation.gain import Gain
from tlstudio.ui.tabs.evaluation.page import PageContext
from tlstudio.ui.tabs.evaluation.pages import PAGES
from tlstudio.ui.tabs.evaluation.report_desk import ask_and_save
from tlstudio.ui.tabs.tab import Tab
from tlstudio.ui.widgets.buttons import Button
from tlstudio.ui.widgets.next_step_bar import JobStatus, NextStep
from tlstudio.ui.widgets.segmented import Segmented
from tlstudio.ui.widgets.tab_strip import TabState
from tlstudio.ui.widgets.thumbnails import ThumbnailCache
from tlstudio.ui.widgets.tooltip import set_tooltip
from tlstudio.ui.words import verdict
from tlstudio.wording import counted
from tlstudio.workers.turns import Turns

_NARROW: Final = 1280


class EvaluationTab(Tab):
    """Overview, classes and photos of the open run's final exam."""

    def __init__(self, session: Session, thumbnails: ThumbnailCache, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self._turns, self._behind = Turns(parent=self), set[str]()
        self._chosen = ChosenPhotos(self)
        self._chosen.changed.connect(self._catch_up)  # first of all: the views that follow look into their report
        explanations, corrections = Explanations(session, self), Corrections(session, self)
        gain = Gain(session, corrections, self)
        context = PageContext(session, thumbnails, self._chosen, explanations, corrections, gain)
        self._views = Segmented([(entry.key, entry.title) for entry in PAGES], "View")
        self._save = Button("Save report", icon="download")
        self._pages = {entry.key: entry.build(context) for entry in PAGES}
        self._shown, self._whole = QStackedWidget(), QStackedWidget()
        self._lay_out()
        self._desks = self.findChildren(Desk)  # of the views, and of the gain that they share
        for desk in self._desks:
            desk.changed.connect(self.changed)
        set_tooltip(self._views, "The whole exam, class by class, or photo by photo")
        set_tooltip(self._save, "Save a report to read and print, and all figures", term="HTML, Markdown, CSV, JSON")
        self._views.changed.connect(self._show_view)
        self._chosen.view_requested.connect(self._go_to_view)
        self._save.clicked.connect(lambda: ask_and_save(self.session, self))
        for key, page in self._pages.items():
            page.count_changed.connect(partial(self._views.set_count, key))
        self.session.run_changed.connect(self._show_run)
        self._show_run()

    def state(self) -> TabState:
        """How many of 100 are right."""
        report = self.session.report
        if report is not None:
            low, high = verdict.bounds(report)
            return TabState("done", f"{low} to {high} % right")
        if self._foreign:
            return TabState("number", "Not measured")
        return TabState("number", "No exam photos" if self.session.stored else "After training")

    def next_step(self) -> NextStep:
        """On to the photos of the real world."""
        report = self.session.report
        if report is not None:
            return NextStep(
                f"Measured on {counted(len(report.photos), 'photo')}",
                "Put the model to work on photos that have no label yet.",
                "Classify photos",
            )
        if self._foreign:
            return NextStep("Not measured", "Another program made this model.", "Classify photos")
        if self.session.stored is not None:
            return NextStep("Not measured", "This run kept no photos for a final exam.", "Classify photos")
        return NextStep("Nothing to look at yet", "Train first.", "Go to training")

    def job_status(self) -> JobStatus | None:
        """How far the work of a view is, whichever view is shown."""
        desk = self._told_desk()
        return desk.status() if desk is not None else None

    def stop_job(self) -> None:
        """Stop the work that is told of; what was read of the photos is kept."""
        desk = self._told_desk()
        if desk is not None:
            desk.stop()

    def take_action(self) -> None:
        """Go where the next step is."""
        self.session.tab_requested.emit("predict" if self.session.stored is not None else "training")

    # Places.

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Narrow windows get narrower margins."""
        super().resizeEvent(event)
        margin = theme.SPACE_16 if self.width() < _NARROW else theme.SPACE_24
        self._margins.setContentsMargins(margin, theme.SPACE_16, margin, margin)
        for page in self._pages.values():
            page.set_gap(margin)

    def _lay_out(self) -> None:
        for page in (
            self.empty_page(
                "Nothing to look at yet",
                "After training you see here what the model gets right and wrong.",
                "Go to training",
                "training",
            ),
            self.empty_page(
                "No exam photos",
                "This run kept no photos for a final exam. Give it a share of the photos, and train again, to see "
                "how good it is.",
                "Share out the photos",
                "dataset",
            ),
            self._report_page(),
            self.empty_page(
                "Nobody has measured this model here",
                "Another program made it, so it brings no exam photos. With a folder of labelled photos the command "
                "line tells how good it is: tlstudio evaluate, then the folders of the run and of the photos.",
                "Classify photos",
                "predict",
            ),
        ):
            self._whole.addWidget(page)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._whole)

    def _report_page(self) -> QWidget:
        for view in self._pages.values():
            self._shown.addWidget(view)
        head = QHBoxLayout()
        head.addWidget(self._views)
        head.addStretch(1)
        head.addWidget(self._save)
        page = QWidget()
        self._margins = QVBoxLayout(page)
        self._margins.setSpacing(theme.SPACE_16)
        self._margins.addLayout(head)
        self._margins.addWidget(self._shown, 1)
        return page

    # What is shown.

    def _told_desk(self) -> Desk | None:
        """Whose work is told of: what runs goes before what waits for the end of it."""
        told = [desk for desk in self._desks if desk.status() is not None]
        return max(told, key=lambda desk: desk.running, default=None)

    @property
    def _foreign(self) -> bool:
        return self.session.stored is not None and self.session.stored.run.foreign

    def _show_run(self) -> None:
        report = self.session.report
        empty = 3 if self._foreign else 1 if self.session.stored is not None else 0
        self._whole.setCurrentIndex(2 if report is not None else empty)
        self._turns.clear()
        self._behind.clear()
        if report is not None:
            self._chosen.clear()
            self._behind.update(self._pages)
            # All of them at once would hold the window up. The one in front goes first.
            if self.isVisible():
                self._show_front()
            else:
                self._turns.add(self._show_front)
            self._turns.add(*(partial(self._show_report, key) for key in self._pages))
        self.changed.emit()

    def _show_front(self) -> None:
        self._show_view(self._views.current_key())

    def _show_report(self, key: str) -> None:
        """Let a view show the open report, unless it does."""
        report = self.session.report
        if report is not None and key in self._behind:
            self._behind.discard(key)
            self._pages[key].show_report(report)

    def _catch_up(self) -> None:
        for key in tuple(self._behind):
            self._show_report(key)

    def _show_view(self, key: str) -> None:
        self._show_report(key)
        page = self._pages[key]
        self._shown.setCurrentWidget(page)
        if self.session.report is not None:
            page.opened()

    def _go_to_view(self, key: str) -> None:
        self._views.set_current(key)
        self._show_view(key)
