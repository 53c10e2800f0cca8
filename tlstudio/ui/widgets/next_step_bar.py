"""The bar at the bottom: what is ready, and the one main action; or how far a job is."""

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from tlstudio.ui import theme
from tlstudio.ui.widgets.bar import Bar
from tlstudio.ui.widgets.buttons import Button
from tlstudio.ui.widgets.labels import ElidedLabel, TextLabel
from tlstudio.ui.widgets.tooltip import set_tooltip

STOPPING: Final = "Stopping…"


@dataclass(frozen=True, slots=True)
class NextStep:
    """What is ready or missing, and what to do next.

    Attributes:
        title: What is ready or missing.
        line: What follows, or the reason why the action isn't available.
        action: Words of the filled button; empty for none.
        enabled: Whether the action is available.
        choice: Words of the text button; empty for none.
        icon: Icon of the filled button.
    """

    title: str
    line: str = ""
    action: str = ""
    enabled: bool = True
    choice: str = ""
    icon: str = ""


@dataclass(frozen=True, slots=True)
class JobStatus:
    """How far a job is.

    Attributes:
        title: What it does.
        detail: Where it is.
        share: 0 to 1; None while nobody knows.
        amount: Percent or time left, in words.
        paused: Whether it waits; None if it can't be paused.
        name: What tells it from other jobs of its tab, where there may be several; ``title`` may change as it goes on.
        stopping: Whether a stop was asked for that takes a while.
    """

    title: str
    detail: str = ""
    share: float | None = None
    amount: str = ""
    paused: bool | None = None
    name: str = ""
    stopping: bool = False


class NextStepBar(QWidget):
    """Shows a ``NextStep``, or, while a job of the tab runs, its ``JobStatus``.

    Attributes:
        action_triggered: The filled button was pressed.
        choice_triggered: The text button was pressed.
        stop_triggered: Stop was pressed; the button then says that it is stopping.
        pause_triggered: Pause was pressed, or Resume.
    """

    action_triggered = Signal()
    choice_triggered = Signal()
    stop_triggered = Signal()
    pause_triggered = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._step = _StepRow()
        self._job = _JobRow()
        self._shown_job = "", ""
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._step)
        self._stack.addWidget(self._job)
        self._step.action.clicked.connect(self.action_triggered)
        self._step.choice.clicked.connect(self.choice_triggered)
        self._job.stop.clicked.connect(self._stop)
        self._job.pause.clicked.connect(self.pause_triggered)
        self.setAccessibleName("Next step")
        self.setFixedHeight(theme.HEIGHT_BAR)

    @property
    def runs_job(self) -> bool:
        """Whether it is the job bar now."""
        return self._stack.currentWidget() is self._job

    def show_step(self, step: NextStep) -> None:
        """Show what comes next."""
        self._step.fill(step)
        self._stack.setCurrentWidget(self._step)

    def show_job(self, status: JobStatus, stop: str = "Stop", tab: str = "") -> None:
        """Show how far a job is; call it again as the job goes on.

        Args:
            status: Where the job is.
            stop: Words of the button that stops it.
            tab: Key of the tab that it belongs to.
        """
        job = tab, status.name
        if not self.runs_job or job != self._shown_job:  # that another one is stopping is no matter of this one
            self._job.stop.setEnabled(True)
        self._shown_job = job
        if status.stopping:
            self._job.show_stopping()
        self._job.fill(status, stop)
        self._stack.setCurrentWidget(self._job)

    def set_waiting(self, waiting: bool) -> None:
        """Let the filled button step back while a message bar offers a fix."""
        self._step.action.set_kind("outline" if waiting else "filled")

    def trigger_action(self) -> None:
        """Press the main button, as its keyboard shortcut does; nothing happens where it isn't available."""
        if not self.runs_job and not self._step.action.isHidden():
            self._step.action.click()

    def trigger_stop(self) -> None:
        """Press Stop, if a job runs."""
        if self.runs_job:
            self._job.stop.click()

    def trigger_pause(self) -> None:
        """Press Pause or Resume, if a job runs that can be paused."""
        if self.runs_job and not self._job.pause.isHidden():
            self._job.pause.click()

    def set_compact(self, compact: bool) -> None:
        """Become 56 high, for small windows."""
        self.setFixedHeight(56 if compact else theme.HEIGHT_BAR)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the ground and the hairline above it."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color("surface"))
        painter.fillRect(0, 0, self.width(), 1, theme.color("line"))

    def _stop(self) -> None:
        self._job.show_stopping()
        self.stop_triggered.emit()


class _StepRow(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.title = ElidedLabel("", "strong")
        self.line = ElidedLabel("", "secondary", "text2")
        self.choice = Button("", "text")
        self.action = Button("", "filled", size="main")
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addStretch()
        words.addWidget(self.title)
        words.addWidget(self.line)
        words.addStretch()
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.SPACE_24, 0, theme.SPACE_24, 0)
        row.setSpacing(theme.SPACE_24)
        row.addLayout(words, 1)
        row.addWidget(self.choice)
        row.addWidget(self.action)

    def fill(self, step: NextStep) -> None:
        """Show ``step``."""
        self.title.setText(step.title)
        self.line.setText(step.line)
        self.line.setVisible(bool(step.line))
        for button, words in ((self.choice, step.choice), (self.action, step.action)):
            button.setText(words)
            button.setVisible(bool(words))
        self.action.set_glyph(step.icon)
        self.action.setEnabled(step.enabled)
        set_tooltip(self.action, step.action if step.enabled else step.line, key="Ctrl+Enter" if step.enabled else "")


class _JobRow(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.title = TextLabel("", "strong")
        self.detail = ElidedLabel("", "secondary", "text2")
        self.amount = TextLabel("", "secondary_strong")
        self.bar = Bar()
        self.pause = Button("Pause", "outline", size="main", icon="pause")
        self.stop = Button("Stop", "outline", size="main", icon="stop")
        line = QHBoxLayout()
        line.setSpacing(theme.SPACE_8)
        line.addWidget(self.title, 0, Qt.AlignmentFlag.AlignBaseline)
        line.addWidget(self.detail, 1, Qt.AlignmentFlag.AlignBaseline)
        line.addWidget(self.amount, 0, Qt.AlignmentFlag.AlignBaseline)
        words = QVBoxLayout()
        words.setSpacing(theme.SPACE_8)
        words.addStretch()
        words.addLayout(line)
        words.addWidget(self.bar)
        words.addStretch()
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.SPACE_24, 0, theme.SPACE_24, 0)
        row.setSpacing(theme.SPACE_24)
        row.addLayout(words, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(theme.SPACE_8)
        buttons.addWidget(self.pause)
        buttons.addWidget(self.stop)
        row.addLayout(buttons)

    def fill(self, status: JobStatus, stop: str) -> None:
        """Show ``status``."""
        self.title.setText(status.title)
        self.detail.setText(status.detail)
        self.amount.setText(status.amount)
        self.bar.set_share(status.share)
        self.bar.setAccessibleName(f"{status.title} {status.detail}".strip())
        if self.stop.isEnabled():
            self.stop.setText(stop)
        self._fill_pause(status.paused)

    def _fill_pause(self, paused: bool | None) -> None:
        self.pause.setVisible(paused is not None and self.stop.isEnabled())
        words = "Resume" if paused else "Pause"
        if words != self.pause.text() or not self.pause.toolTip():
            self.pause.setText(words)
            self.pause.set_glyph("play" if paused else "pause")
            set_tooltip(self.pause, "Let it go on (F8)" if paused else "Free the processor until you resume it (F8)")

    def show_stopping(self) -> None:
        """Say that the stop was heard."""
        self.pause.hide()
        self.stop.setEnabled(False)
        self.stop.setText(STOPPING)
