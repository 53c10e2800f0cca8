"""The Evaluation tab: what the model gets right and wrong, with the photos behind every number."""

from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from tlstudio.evaluation.report import JudgedPhoto, Report
from tlstudio.ui import theme
from tlstudio.ui.session import Session
from tlstudio.ui.tabs.evaluation import judged_photos
from tlstudio.ui.tabs.evaluation.overview import MatrixCard, VerdictCard, overview_column
from tlstudio.ui.tabs.evaluation.photo_facts import PhotoFacts
from tlstudio.ui.tabs.evaluation.photos_pane import PhotosPane
from tlstudio.ui.tabs.evaluation.photos_view import PhotosView
from tlstudio.ui.tabs.evaluation.report_files import save_report
from tlstudio.ui.tabs.saving import save
from tlstudio.ui.tabs.tab import Tab
from tlstudio.ui.widgets.buttons import Button
from tlstudio.ui.widgets.card import Card
from tlstudio.ui.widgets.labels import TextLabel
from tlstudio.ui.widgets.matrix_layout import Selection
from tlstudio.ui.widgets.metrics_table import MetricsTable
from tlstudio.ui.widgets.next_step_bar import NextStep
from tlstudio.ui.widgets.segmented import Segmented
from tlstudio.ui.widgets.tab_strip import TabState
from tlstudio.ui.widgets.thumbnails import ThumbnailCache
from tlstudio.ui.widgets.tooltip import set_tooltip
from tlstudio.ui.words import verdict
from tlstudio.ui.words.wording import counted

_VIEWS: Final = (("overview", "Overview"), ("classes", "Classes"), ("photos", "Photos"))
_NARROW: Final = 1280


class EvaluationTab(Tab):
    """Overview, classes and photos of the open run's final exam."""

    def __init__(self, session: Session, thumbnails: ThumbnailCache, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self._views = Segmented(_VIEWS, "View")
        self._save = Button("Save report", icon="download")
        self._verdict, self._matrix = VerdictCard(), MatrixCard()
        self._table = MetricsTable()
        self._average = TextLabel("", "secondary", "text2", wrap=True)
        self._photos = PhotosView(thumbnails)
        self._pane = PhotosPane(thumbnails)
        self._facts = PhotoFacts(thumbnails, upright=True)
        self._left, self._right = QStackedWidget(), QStackedWidget()
        self._pages = QStackedWidget()
        self._lay_out()
        self._connect()
        self._show_run()

    def state(self) -> TabState:
        """How many of 100 are right."""
        report = self.session.report
        if report is not None:
            low, high = verdict.bounds(report)
            return TabState("done", f"{low} to {high} % right")
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
        if self.session.stored is not None:
            return NextStep("Not measured", "This run kept no photos for a final exam.", "Classify photos")
        return NextStep("Nothing to look at yet", "Train first.", "Go to training")

    def take_action(self) -> None:
        """Go where the next step is."""
        self.session.tab_requested.emit("predict" if self.session.stored is not None else "training")

    # Places.

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Narrow windows get narrower margins."""
        super().resizeEvent(event)
        margin = theme.SPACE_16 if self.width() < _NARROW else theme.SPACE_24
        self._page.setContentsMargins(margin, theme.SPACE_16, margin, margin)
        self._columns.setSpacing(margin)

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
        ):
            self._pages.addWidget(page)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._pages)

    def _report_page(self) -> QWidget:
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(overview_column(self._verdict, self._matrix))
        classes = Card("How well each class is recognised", padding=theme.SPACE_24)
        classes.body.addWidget(self._table, 1)
        classes.add_footer(self._average)
        for view in (scroll, classes, self._photos):
            self._left.addWidget(view)
        facts = Card(padding=theme.SPACE_24)
        facts.body.addWidget(self._facts, 1)
        self._right.addWidget(self._pane)
        self._right.addWidget(facts)
        head = QHBoxLayout()
        head.addWidget(self._views)
        head.addStretch(1)
        head.addWidget(self._save)
        self._columns = QHBoxLayout()
        for side in (self._left, self._right):
            side.setMinimumWidth(1)  # equal halves whatever is in them
            self._columns.addWidget(side, 1)
        page = QWidget()
        self._page = QVBoxLayout(page)
        self._page.setSpacing(theme.SPACE_16)
        self._page.addLayout(head)
        self._page.addLayout(self._columns, 1)
        return page

    def _connect(self) -> None:
        set_tooltip(self._views, "The whole exam, class by class, or photo by photo")
        set_tooltip(self._save, "Save the figures, the classes and the confusion matrix", term="JSON and CSV")
        set_tooltip(self._table, "A click on a class shows its photos, a click on a column's name sorts")
        self._views.changed.connect(self._show_view)
        self._save.clicked.connect(self._save_report)
        self._matrix.selected.connect(lambda _selection: self._show_selected())
        self._matrix.pair_selected.connect(self._show_pair)
        self._matrix.activated.connect(self._pane.grid.setFocus)
        self._table.class_selected.connect(lambda _name: self._show_selected())
        self._photos.photo_selected.connect(self._show_facts)
        self.session.run_changed.connect(self._show_run)

    # What is shown.

    def _show_run(self) -> None:
        report = self.session.report
        self._pages.setCurrentIndex(2 if report is not None else 1 if self.session.stored is not None else 0)
        if report is not None:
            self._verdict.show_report(report)
            self._matrix.show_report(report)
            self._table.set_metrics(report.per_class)
            self._table.setCurrentIndex(self._table.rootIndex())
            self._average.setText(verdict.macro_average(report))
            self._photos.show_report(report)
            self._show_selected()
        self.changed.emit()

    def _show_view(self, key: str) -> None:
        place = [name for name, _ in _VIEWS].index(key)
        self._left.setCurrentIndex(place)
        self._right.setCurrentIndex(1 if key == "photos" else 0)
        self._show_selected()

    def _show_selected(self) -> None:
        report = self.session.report
        if report is None:
            return
        selection = self._selection(report)
        photos = judged_photos.selected(report, selection) if selection else judged_photos.of_kind(report, "wrong")
        if photos or selection:
            self._pane.show_photos(judged_photos.title_of(report, selection), report, photos)
        else:
            count = counted(len(report.photos), "photo")
            self._pane.show_calm("Wrong photos", "None is wrong", f"The model got all {count} of the exam right.")

    def _selection(self, report: Report) -> Selection:
        if self._views.current_key() != "classes":
            return self._matrix.selection()
        name = self._table.selected_class()
        return Selection(report.classes.index(name)) if name in report.classes else Selection()

    def _show_pair(self, first: int, second: int) -> None:
        report = self.session.report
        if report is not None:
            title = f"{report.classes[first]} and {report.classes[second]} taken for each other"
            self._pane.show_photos(title, report, judged_photos.confused(report, first, second))

    def _show_facts(self, photo: JudgedPhoto) -> None:
        if self.session.report is not None:
            self._facts.show_photo(self.session.report, photo)

    def _save_report(self) -> None:
        stored, report = self.session.stored, self.session.report
        if stored is None or report is None:
            return
        folder = QFileDialog.getExistingDirectory(self, "Where to save the report", str(Path.home()))
        if folder:
            name = f"{stored.run.name} report"
            save(self.session, "report", lambda: save_report(report, Path(folder), name), "Report saved")
