"""The Photos view: every exam photo by what became of it, and one of them large."""

from typing import Final

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from tlstudio.evaluation.report import JudgedPhoto, Report
from tlstudio.ui import theme
from tlstudio.ui.tabs.evaluation.gain import GainAfterCorrections
from tlstudio.ui.tabs.evaluation.heat_controls import bind_heat_key
from tlstudio.ui.tabs.evaluation.page import EvaluationPage, PageContext
from tlstudio.ui.tabs.evaluation.photo_facts import PhotoFacts
from tlstudio.ui.tabs.evaluation.photos_view import PhotosView
from tlstudio.ui.widgets.card import Card

_LOW_BELOW: Final = 520


class PhotosPage(EvaluationPage):
    """Grid | one photo with its facts."""

    def __init__(self, context: PageContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._report: Report | None = None
        self._photos = PhotosView(context.thumbnails)
        self._facts = PhotoFacts(context, upright=True)
        facts = Card(padding=theme.SPACE_24)
        facts.body.addWidget(self._facts, 1)
        self._gain = GainAfterCorrections(context.gain, context.corrections)
        facts.body.addWidget(self._gain)
        self.lay_out_columns(self._photos, facts)
        self._photos.photo_selected.connect(self._show_facts)
        context.chosen.changed.connect(self._follow)
        bind_heat_key(self, context.explanations)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Low windows keep the room for the photo."""
        super().resizeEvent(event)
        self._gain.set_terse(self.height() < _LOW_BELOW)

    def show_report(self, report: Report) -> None:
        """Show the photos of a report."""
        self._report = report
        self._photos.show_report(report)
        self._follow()

    def _follow(self) -> None:
        """Offer what is chosen in another view, and show it."""
        self._photos.set_chosen(self.context.chosen.title, self.context.chosen.photos)

    def _show_facts(self, photo: JudgedPhoto) -> None:
        if self._report is not None:
            self._facts.show_photo(self._report, photo)
