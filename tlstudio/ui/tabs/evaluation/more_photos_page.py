"""The More photos view: what twice as many photos would likely bring, and which class needs them most."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtWidgets import QHBoxLayout, QWidget

from tlstudio.evaluation.report import Report
from tlstudio.runs.store import StoredRun
from tlstudio.ui import theme
from tlstudio.ui.tabs.evaluation.desk import Desk
from tlstudio.ui.tabs.evaluation.page import EvaluationPage, PageContext
from tlstudio.ui.widgets.band_plot import Band, BandPlot
from tlstudio.ui.widgets.buttons import Button
from tlstudio.ui.widgets.card import Card
from tlstudio.ui.widgets.labels import TextLabel
from tlstudio.ui.widgets.tooltip import set_tooltip
from tlstudio.ui.words.doubts import foresight_in_words
from tlstudio.workflows.foresee_photos import Foresight, foresee_photos

_INVITATION = "Would more photos help?"
_HOW = (
    "The last layer learns from growing shares of your photos and is judged on others each time. "
    "The curve through these points says what more of them would likely bring."
)


class MorePhotosPage(EvaluationPage):
    """The answer over the curve."""

    def __init__(self, context: PageContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._of: StoredRun | None = None
        self._desk = Desk(context.session, "Measuring what more photos would bring", self)
        self._measure = Button("Measure it", "soft", size="small")
        set_tooltip(
            self._measure, "Learn from more and more of the photos, and see how the answers get better",
            term="learning curve",
        )  # fmt: skip
        self._first = TextLabel("", "title", wrap=True)
        self._second = TextLabel("", wrap=True)
        self._plot = BandPlot("Right answers by number of photos")
        card = Card("More photos?", padding=theme.SPACE_24)
        card.add_action(self._measure)
        for widget in (self._first, self._second):
            card.body.addWidget(widget)
        card.body.addWidget(self._plot, 1)
        foot = "Each dot is one of five measurements. The band holds nine of ten curves that fit them."
        card.add_footer(TextLabel(foot, "secondary", "text2", wrap=True))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(card)
        self._measure.clicked.connect(self._start)
        self._desk.succeeded.connect(self._show)
        self._desk.changed.connect(lambda: self._measure.setEnabled(not self._desk.busy))

    def show_report(self, report: Report) -> None:  # noqa: ARG002
        """Another run is open: nothing is measured yet."""
        stored = self.context.session.stored
        if stored is not self._of:
            self._of = stored
            self._desk.stop()
            self._first.setText(_INVITATION)
            self._second.setText(_HOW)
            self._plot.set_band(None)

    def _start(self) -> None:
        stored = self._of
        if stored is not None:
            photos = self.context.photos_of(stored)
            self._desk.start(lambda emit, token: foresee_photos(photos, stored, emit=emit, token=token))

    def _show(self, foresight: Foresight) -> None:
        first, second = foresight_in_words(foresight)
        self._first.setText(first)
        self._second.setText(second)
        curve = foresight.curve
        band = Band(
            at=curve.photos,
            measured=_percent_right(curve.errors),
            ahead=curve.ahead,
            expected=_percent_right(curve.expected),
            low=_percent_right(curve.high),
            high=_percent_right(curve.low),
        )
        self._plot.set_band(band, first)


def _percent_right(errors: NDArray[np.float64]) -> NDArray[np.float64]:
    return 100 * (1 - errors)
