"""What the window wants of a tab."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from tlstudio.ui.session import Session
from tlstudio.ui.widgets.next_step_bar import JobStatus, NextStep
from tlstudio.ui.widgets.tab_strip import TabState


class Tab(QWidget):
    """One page of the window.

    Attributes:
        changed: ``state``, ``next_step`` or ``job_status`` would answer differently now.
    """

    changed = Signal()

    stop_words = "Stop"
    """Words of the button that ends the job of this tab."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session

    def state(self) -> TabState:
        """What the tab strip tells of this step."""
        raise NotImplementedError

    def next_step(self) -> NextStep:
        """What the bar at the bottom offers while this tab is shown and no job of it runs."""
        raise NotImplementedError

    def job_status(self) -> JobStatus | None:
        """How far the job of this tab is; None while none runs."""
        return None

    def take_action(self) -> None:
        """The filled button was pressed."""

    def take_choice(self) -> None:
        """The text button was pressed."""

    def stop_job(self) -> None:
        """Stop was pressed."""
