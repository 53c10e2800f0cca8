"""The search for a learning rate: it runs, is seen running, and what it suggests can be used."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from tlstudio.errors import TLStudioError
from tlstudio.events import BatchEnded, Event, Progress, RateTried
from tlstudio.training.rate_curve import Ramp, RateCurve
from tlstudio.ui.session import Session
from tlstudio.ui.tabs.model.learning.rate_plot import RatePlot
from tlstudio.ui.widgets.bar import Bar
from tlstudio.ui.widgets.buttons import Button
from tlstudio.ui.widgets.labels import TextLabel
from tlstudio.ui.widgets.sheet import JobSheet
from tlstudio.ui.widgets.tooltip import set_tooltip
from tlstudio.ui.words.phases import written_number
from tlstudio.workflows.find_rate import find_rate
from tlstudio.workflows.train import TrainRequest

_SIZE = (680, 540)
_NOWHERE = Path("not-saved")  # of a training whose run nobody keeps
_STAGES = {
    "engine": "The network is made ready…",
    "features": "Photos are read…",
    "download": "Weights are downloaded…",
}


class RateSheet(JobSheet):
    """Progress, curve, suggestion.

    Attributes:
        accepted_rate: "Use" was pressed; carries the learning rate.
    """

    accepted_rate = Signal(float)

    def __init__(self, session: Session, phase: int, parent: QWidget | None = None) -> None:
        """Make a sheet; it begins with ``start``.

        Args:
            session: Whose photos and choices are tried.
            phase: Position of the phase that the rate is for.
            parent: Owner.
        """
        super().__init__(f"Learning rate of phase {phase + 1}", parent)
        self._session, self._phase = session, phase
        self._ramp = Ramp()
        self._rates: list[float] = []
        self._losses: list[float] = []
        self._rate: float | None = None
        self._plot = RatePlot(self._ramp.lowest, self._ramp.highest)
        self._words = TextLabel("", "text", "text2", wrap=True)
        self._bar = Bar(8)
        self._stop = Button("Stop")
        self._use = Button("Use", "filled")
        self.resize(*_SIZE)
        self._arrange()
        self._connect()

    def start(self) -> None:
        """Begin the search, or say why it can't."""
        session, ramp = self._session, self._ramp
        dataset, obstacle = session.photos.dataset, session.obstacle
        if dataset is None or obstacle:
            self._end(obstacle, wrong=True)
            return
        choices, phase = session.choices, self._phase
        request = TrainRequest(
            dataset, _NOWHERE, choices.spec, choices.config(), session.photos.split_config, parts=session.photos.split
        )
        job = session.runner.start(
            "compute", lambda emit, token: find_rate(request, phase, ramp, emit=emit, token=token)
        )
        self.job = job
        job.reported.connect(self._report)
        job.succeeded.connect(self._succeed)
        job.failed.connect(self._fail)
        job.cancelled.connect(lambda: self._end("Stopped before a rate was tried."))
        self._words.setText("The network is made ready…")
        self._bar.set_share(None)
        self._follow()

    # Building

    def _arrange(self) -> None:
        self.column.addWidget(TextLabel(_LINE, "secondary", "text2", wrap=True))
        self.column.addWidget(self._plot, 1)
        self.column.addWidget(self._bar)
        self.column.addWidget(self._words)
        self.add_foot(self.cancel_button("Change nothing"), self._use, left=(self._stop,))

    def _connect(self) -> None:
        set_tooltip(self._stop, "End the search, and keep what is known so far")
        set_tooltip(self._use, "Train this phase with this learning rate", key="Enter")
        self._stop.setAutoDefault(False)
        self._stop.clicked.connect(self._stop_search)
        self._use.clicked.connect(self._accept_rate)
        self._plot.chosen.connect(self._choose)

    # While it runs

    def _stop_search(self) -> None:
        if self.job is not None:
            self.job.cancel()
            self._follow()

    def _report(self, event: Event) -> None:
        match event:
            case RateTried():
                self._rates.append(event.rate)
                self._losses.append(event.loss)
                self._plot.show_curve(RateCurve(tuple(self._rates), tuple(self._losses)))
                self._bar.set_share(event.step / event.steps)
                self._words.setText(f"Step {event.step} of {event.steps}: {event.rate:.1e}")
            case Progress():
                self._bar.set_share(event.done / event.total if event.total else None)
                self._words.setText(event.note or _STAGES.get(event.stage, "It is made ready…"))
            case BatchEnded():
                self._bar.set_share(event.step / event.steps)
                self._words.setText(f"Phase {event.phase + 1} learns a little first: round {event.epoch + 1}")

    # After it

    def _succeed(self, curve: RateCurve) -> None:
        self._plot.show_curve(curve)
        try:
            rate = curve.suggestion
        except TLStudioError as error:
            self._end(f"{error.message} {error.hint}", wrong=True)
            return
        self._plot.set_rate(rate)
        self._choose(rate)
        self._end(f"The error falls most steeply at {written_number(rate)}. You may click another place of the curve.")

    def _fail(self, error: Exception) -> None:
        if not isinstance(error, TLStudioError):
            self._session.report_failure("training", error)
        self._end(str(error) if isinstance(error, TLStudioError) else "The search ended without an answer.", wrong=True)

    def _end(self, words: str, *, wrong: bool = False) -> None:
        self.job = None
        self._words.setText(words)
        self._words.set_tone("wrong" if wrong else "text")
        self._follow()

    def _choose(self, rate: float) -> None:
        self._rate = rate
        self._use.setText(f"Use {written_number(rate)}")
        self._use.updateGeometry()

    def _follow(self) -> None:
        """Buttons say what they can do now."""
        running = self.job is not None
        self._bar.setVisible(running)
        self._stop.setVisible(running)
        self._stop.setEnabled(self.job is not None and not self.job.cancelling)
        self._use.setEnabled(not running and self._rate is not None)
        self._use.setDefault(self._use.isEnabled())

    def _accept_rate(self) -> None:
        if self._rate is not None:
            self.accepted_rate.emit(self._rate)
        self.accept()


_LINE = (
    "The network learns from one batch after the other, each with a larger step than the one before. Where the error "
    "falls most steeply, steps are right. The network itself stays as it is."
)
