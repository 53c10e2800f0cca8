"""Lanes of background tasks, each with at most one task that is listened to."""

import time
from typing import Final, Literal

from PySide6.QtCore import QDeadlineTimer, QObject, QThread, QTimer, Signal

from tlstudio.workers.job import Job, Task

Lane = Literal[
    "compute",
    "io",
    "prepare",
    "list",
    "save",
    "keep",
    "fetch",
    "ask",
    "copy",
    "explain",
    "resume",
    "answers",
    "model",
    "promise",
]

_LATER_MS: Final = 300
"""Beside busy threads, laying a window out and painting it takes up to 220 ms on two slow cores (measured)."""


class JobRunner(QObject):
    """Starts jobs and keeps them alive until their threads have ended.

    A new job on a lane cancels the one before it and detaches it, so that no late result can arrive. On the compute
    lane the new one begins when the thread before it has ended: two networks at once would share the processor and the
    memory. The other lanes begin at once, since a slow drive must not hold up the next folder.

    Attributes:
        busy_changed: Carries the lane and whether it is busy now.
    """

    busy_changed = Signal(str, bool)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._current: dict[Lane, Job] = {}
        self._alive: list[tuple[Lane, Job]] = []
        self._waiting: Job | None = None
        self._closed = False

    def start(self, lane: Lane, task: Task, *, later: bool = False) -> Job:
        """Run ``task`` on ``lane``. Connect to the signals of the job right after: none can come before.

        Args:
            lane: "compute" for what keeps the processor busy, "io" for reading photos, "prepare" for what is made
                ahead of need, "list" for looking up what is on disk, "save" for writing what the user asked for, "keep"
                for what the program notes by itself, "fetch" for downloads that go on beside everything else, "ask" for
                questions that take seconds, "copy" for copying photos, "explain" for why a model says what it says,
                "resume" for trainings that were interrupted,
                "answers" for what is kept of the answers to folders, "model" for models that other programs made,
                "promise" for what a run can promise.
            task: A function of ``emit`` and ``token``.
            later: Begin only when the window has had time to show what led to it: nobody waits for this job.

        Raises:
            RuntimeError: After ``shutdown``.
        """
        if self._closed:
            raise RuntimeError("The runner has been shut down.")
        self._drop(lane)
        job = Job(task)
        self._current[lane] = job
        job.finished.connect(self._tidy)
        if lane == "compute" and any(other == lane for other, _ in self._alive):
            self._waiting = job
        elif later:
            QTimer.singleShot(_LATER_MS, self, lambda: self._launch_wanted(lane, job))
        else:
            self._launch(lane, job)
        self.busy_changed.emit(lane, True)
        return job

    @property
    def closed(self) -> bool:
        """Whether it has been shut down: nothing can be started any more."""
        return self._closed

    def busy(self, lane: Lane) -> bool:
        """Whether a job of ``lane`` still owes its result. False already while that result is being received."""
        job = self._current.get(lane)
        return job is not None and job.active

    def job(self, lane: Lane) -> Job | None:
        """The job of ``lane`` that still owes its result."""
        job = self._current.get(lane)
        return job if job is not None and job.active else None

    def shutdown(self, timeout: float) -> bool:
        """Cancel everything, silence it and wait for the threads. Nothing can be started afterwards.

        Args:
            timeout: Seconds to wait in all.

        Returns:
            Whether every thread has ended. If not, they are kept alive, and the process should leave by ``os._exit``:
            Qt aborts when a running thread is destroyed.
        """
        self._closed = True
        for lane in tuple(self._current):
            self._drop(lane)
        deadline = time.monotonic() + timeout
        for _, job in self._alive:
            job.cancel()
            job.detach()
            job.wait(QDeadlineTimer(max(0, round((deadline - time.monotonic()) * 1000))))
        self._tidy()
        return not self._alive

    def _drop(self, lane: Lane) -> None:
        job = self._current.pop(lane, None)
        if job is self._waiting:
            self._waiting = None
        if job is not None:
            job.cancel()
            job.detach()

    def _launch_wanted(self, lane: Lane, job: Job) -> None:
        """Begin what was to begin later, unless another job has taken its place, or all is shut down."""
        if self._current.get(lane) is job:
            self._launch(lane, job)

    def _launch(self, lane: Lane, job: Job) -> None:
        self._alive.append((lane, job))
        job.start(QThread.Priority.LowPriority)

    def _tidy(self) -> None:
        """Let go of ended threads, start what waited for them and say which lanes are free."""
        self._alive = [(lane, job) for lane, job in self._alive if not job.isFinished()]
        if self._waiting is not None and not any(lane == "compute" for lane, _ in self._alive):
            job, self._waiting = self._waiting, None
            self._launch("compute", job)
        for lane in [lane for lane, job in self._current.items() if not job.active]:
            del self._current[lane]
            self.busy_changed.emit(lane, False)
