"""Finds out in the background how quick networks are on this computer."""

from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

from tlstudio.modeling.spec import ModelSpec
from tlstudio.ui.session import Session
from tlstudio.workers.job import Job
from tlstudio.workflows.measure_speed import measure_speed, unmeasured

PATIENCE_MS: Final = 1500
"""Whoever walks through the table wants none of the networks on the way measured."""


class SpeedGauge(QObject):
    """Measures, one after the other, the chosen network and those whose weights lie here, each of them once.

    It does so only while somebody looks, and while nothing else computes: that would slow both, and spoil the figure.

    Attributes:
        measured: There is a new figure.
    """

    measured = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._watched = False
        self._job: Job | None = None
        self._tried: set[tuple[str, int]] = set()
        self._pause = QTimer(self, singleShot=True, interval=PATIENCE_MS)
        self._pause.timeout.connect(self._go_on)
        session.runner.busy_changed.connect(self._busy_changed)
        session.choices_changed.connect(self._pause.start)

    def set_watched(self, watched: bool) -> None:
        """Say whether somebody looks at the figures; what is being measured is finished anyway."""
        self._watched = watched
        self._pause.start()

    def _go_on(self) -> None:
        runner = self._session.runner
        if not self._watched or any(runner.busy(lane) for lane in ("compute", "prepare", "io")):
            return
        for spec in unmeasured(self._session.choices.spec):
            if (spec.backbone, spec.input_size) not in self._tried:
                self._measure(spec)
                return

    def _measure(self, spec: ModelSpec) -> None:
        job = self._session.runner.start("prepare", lambda emit, token: measure_speed(spec, emit=emit, token=token))
        job.succeeded.connect(lambda _speed: self._end(spec))
        job.failed.connect(lambda _error: self._end(spec))  # what can't be built is said when a training wants it
        self._job = job

    def _end(self, spec: ModelSpec) -> None:
        self._tried.add((spec.backbone, spec.input_size))
        self.measured.emit()

    def _busy_changed(self, lane: str, busy: bool) -> None:
        if lane == "compute" and busy and self._job is not None and self._job.active:
            self._job.cancel()
        self._pause.start()
