"""What the Evaluation tab wants of each of its views, and what it gives to them."""

from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from tlstudio.datasets.dataset import Dataset
from tlstudio.evaluation.report import Report
from tlstudio.runs.store import StoredRun
from tlstudio.ui import theme
from tlstudio.ui.session import Session
from tlstudio.ui.tabs.evaluation.chosen_photos import ChosenPhotos
from tlstudio.ui.tabs.evaluation.corrections import Corrections, found_by
from tlstudio.ui.tabs.evaluation.explanations import Explanations
from tlstudio.ui.tabs.evaluation.gain import Gain
from tlstudio.ui.widgets.thumbnails import ThumbnailCache


@dataclass(frozen=True, slots=True)
class PageContext:
    """What the views share.

    Attributes:
        session: The state of the window.
        thumbnails: Where photos come from.
        chosen: The exam photos chosen in any view; all views follow.
        explanations: What the model looked at in them, and what it learnt from.
        corrections: Where wrong labels are corrected.
        gain: What that is worth.
    """

    session: Session
    thumbnails: ThumbnailCache
    chosen: ChosenPhotos
    explanations: Explanations
    corrections: Corrections
    gain: Gain

    def photos_of(self, stored: StoredRun) -> Dataset:
        """The photos of a run: with their labels of now where they are open, else as it learnt from them."""
        return self.session.shown_photos_of(stored) or found_by(stored)


class EvaluationPage(QWidget):
    """One view: it has all the room of the tab under the row of views.

    Attributes:
        count_changed: Carries how many things wait in it for an answer; None while nobody knows.
    """

    count_changed = Signal(object)

    def __init__(self, context: PageContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context

    def show_report(self, report: Report) -> None:
        """Show another run, or the same one judged anew; ``context.session.stored`` is that run."""
        raise NotImplementedError

    def opened(self) -> None:
        """The view has come to the front: the moment to compute what is not cheap."""

    def set_gap(self, gap: int) -> None:
        """Narrow windows get narrower gaps between columns, in pixels."""
        layout = self.layout()
        if isinstance(layout, QHBoxLayout):
            layout.setSpacing(gap)

    def lay_out_columns(self, *columns: QWidget) -> None:
        """Put columns side by side, equally wide whatever is in them."""
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.SPACE_24)
        for column in columns:
            column.setMinimumWidth(1)
            row.addWidget(column, 1)
