"""What the window wants of a tab."""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from tlstudio.ui import theme
from tlstudio.ui.session import Session
from tlstudio.ui.widgets.buttons import Button
from tlstudio.ui.widgets.card import Card
from tlstudio.ui.widgets.empty_state import EmptyState
from tlstudio.ui.widgets.next_step_bar import JobStatus, NextStep
from tlstudio.ui.widgets.tab_strip import TabState
from tlstudio.ui.widgets.tooltip import set_tooltip


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

    def empty_page(self, title: str, line: str, action: str, leads_to: str, *others: Button) -> QWidget:
        """A page for when there is nothing to show yet.

        Args:
            title: What is lacking.
            line: What will be here.
            action: Words of the button to the tab that leads there.
            leads_to: Key of this tab.
            others: Buttons for other ways, below it.
        """
        empty = EmptyState("image", title, line, action)
        for button in empty.findChildren(Button):
            set_tooltip(button, f"Open the {leads_to.capitalize()} tab")
        empty.activated.connect(partial(self.session.tab_requested.emit, leads_to))
        for other in others:
            empty.add_way(other)
        card = Card()
        card.body.addWidget(empty)
        page = QWidget()
        row = QHBoxLayout(page)
        row.setContentsMargins(theme.SPACE_24, theme.SPACE_24, theme.SPACE_24, theme.SPACE_24)
        row.addWidget(card)
        return page

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

    def pause_job(self) -> None:
        """Pause was pressed, or Resume."""
