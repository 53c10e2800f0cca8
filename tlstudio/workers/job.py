"""One background task and its four signals."""

import threading
import traceback
from collections.abc import Callable
from typing import Any, Final

from PySide6.QtCore import QObject, QThread, QTimer, Signal

from tlstudio.errors import Cancelled
from tlstudio.events import CancelToken, Emit, Event, Progress
from tlstudio.workers.priority import give_way

Task = Callable[[Emit, CancelToken], Any]

REPORTS_A_SECOND: Final = 20
_STACK_BYTES: Final = 8 * 1024 * 1024  # macOS gives threads 512 KiB, too little for TensorFlow


class Job(QThread):
    """Runs one long task beside the window.

    The object itself stays in the thread that made it. Events wait in a buffer that this thread empties, so every
    receiver runs there too, whatever it is: a method, a lambda or a plain function.

    A job that runs must not lose its last reference: destroying a running ``QThread`` aborts the process. ``JobRunner``
    takes care of that.

    Attributes:
        reported: Carries an event of ``tlstudio.events``. At most 20 deliveries a second; of the ``Progress`` of a
            stage only the latest since the last delivery, everything else whole and in order.
        succeeded: Carries what the task returned. Like the next two it comes last, after every event.
        failed: Carries the exception, with its traceback.
        cancelled: The task stopped before it had a result worth keeping.
    """

    reported = Signal(object)
    succeeded = Signal(object)
    failed = Signal(object)
    cancelled = Signal()

    def __init__(self, task: Task, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._task: Task | None = task
        self._token = CancelToken()
        self._inbox = _Inbox()
        self._outcome: Callable[[], None] = self.cancelled.emit
        self._active = True
        self._timer = QTimer(self)
        self._timer.setInterval(1000 // REPORTS_A_SECOND)
        self._timer.timeout.connect(self._deliver)
        self.setStackSize(_STACK_BYTES)
        self.started.connect(self._timer.start)
        self.finished.connect(self._end)

    @property
    def active(self) -> bool:
        """Whether a result may still arrive: neither ended nor detached."""
        return self._active

    @property
    def cancelling(self) -> bool:
        """Whether a stop was asked for."""
        return self._token.cancelled

    def cancel(self) -> None:
        """Ask the task to stop; how it ended is told by one of the signals."""
        self._token.cancel()

    @property
    def paused(self) -> bool:
        """Whether a pause was asked for and not ended."""
        return self._token.paused

    def pause(self) -> None:
        """Ask the task to wait; ``Paused`` and ``Continued`` are told when it does, if it listens to its token."""
        self._token.pause()

    def go_on(self) -> None:
        """End a pause."""
        self._token.go_on()

    def detach(self) -> None:
        """Send no signal any more; the task may go on to its end unheard."""
        self._active = False
        self._timer.stop()
        self._inbox.close()

    def run(self) -> None:
        """The task itself, in the thread of the job."""
        give_way()
        task, self._task = self._task, None
        if task is None:
            return
        try:
            result = task(self._inbox.put, self._token)
        except Cancelled:
            self._outcome = self.cancelled.emit
        except Exception as error:  # noqa: BLE001 - whatever ends a task is told; out of run() it would be lost
            # The frames would keep their photos and weights for as long as somebody holds the error.
            traceback.clear_frames(error.__traceback__)
            self._outcome = _bound(self.failed.emit, error)
        else:
            self._outcome = _bound(self.succeeded.emit, result)

    def _deliver(self) -> None:
        for event in self._inbox.take():
            if self._active:
                self.reported.emit(event)

    def _end(self) -> None:
        # ``finished`` is sent a moment before the thread is over; from here on it may be destroyed.
        self.wait()
        self._timer.stop()
        self._deliver()
        outcome, self._outcome = self._outcome, _nothing
        if self._active:
            self._active = False
            outcome()


class _Inbox:
    """Events on their way out of a task; filled from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._events: dict[object, Event] = {}
        self._count = 0
        self._open = True

    def put(self, event: Event) -> None:
        """Add an event; a newer ``Progress`` of a stage takes the place of an older one, at the end."""
        with self._lock:
            if not self._open:
                return
            self._count += 1
            key: object = event.stage if isinstance(event, Progress) else self._count
            self._events.pop(key, None)
            self._events[key] = event

    def take(self) -> list[Event]:
        """Everything that came since the last call, oldest first."""
        with self._lock:
            events, self._events = list(self._events.values()), {}
            return events

    def close(self) -> None:
        """Keep nothing any more."""
        with self._lock:
            self._open = False
            self._events = {}


def _bound(emit: Callable[[object], None], value: object) -> Callable[[], None]:
    return lambda: emit(value)


def _nothing() -> None:
    """The outcome of a job that has told its outcome."""
