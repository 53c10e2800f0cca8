"""Jobs: what they report, in which thread, and how they end."""

import gc
import os
import sys
import threading
import traceback
import weakref
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from PySide6.QtCore import QThread, QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tlstudio.errors import Cancelled, TLStudioError
from tlstudio.events import Batch, BatchEnded, CancelToken, Emit, EpochEnded, Event, Notice, PhaseStarted, Progress
from tlstudio.workers.job import Job
from tlstudio.workers.runner import JobRunner


@pytest.fixture
def runner(qapp: QApplication) -> Iterator[JobRunner]:  # noqa: ARG001 - jobs need an event loop
    made = JobRunner()
    yield made
    assert made.shutdown(10)


def epoch(index: int) -> EpochEnded:
    return EpochEnded(0, index, 1.0, 0.5, 1.0, 0.5, 0.1, 0.001, False)


def wait_for_stop(_emit: Emit, token: CancelToken) -> None:
    while not token.cancelled:
        threading.Event().wait(0.005)
    token.check()


def listen(job: Job) -> list[object]:
    """Everything the job says, in order, each with the thread in which it is heard."""
    heard: list[object] = []
    job.reported.connect(heard.append)
    job.succeeded.connect(lambda result: heard.append(("succeeded", result)))
    job.failed.connect(lambda error: heard.append(("failed", error)))
    job.cancelled.connect(lambda: heard.append("cancelled"))
    return heard


@pytest.mark.skipif(sys.platform != "linux", reason="asks as Linux tells it")
def test_work_and_what_it_starts_gives_way_to_the_window(qtbot: QtBot, runner: JobRunner) -> None:
    def niceness() -> int:
        return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    def task(_emit: Emit, _token: CancelToken) -> tuple[int, int]:
        with ThreadPoolExecutor(1) as pool:
            return niceness(), pool.submit(niceness).result()

    usual = niceness()
    with qtbot.waitSignal(runner.start("io", task).succeeded) as done:
        pass
    assert min(done.args[0]) > usual
    assert niceness() == usual


def test_receivers_run_in_the_gui_thread(qtbot: QtBot, runner: JobRunner) -> None:
    here = QThread.currentThread()
    threads: list[bool] = []
    worked_in: list[QThread] = []

    def task(emit: Emit, _token: CancelToken) -> int:
        worked_in.append(QThread.currentThread())
        emit(Notice("It begins."))
        return 7

    job = runner.start("io", task)
    job.reported.connect(lambda _event: threads.append(QThread.currentThread() is here))
    with qtbot.waitSignal(job.succeeded, check_params_cb=lambda result: result == 7):
        job.succeeded.connect(lambda _result: threads.append(QThread.currentThread() is here))
    assert threads == [True, True]
    assert worked_in[0] is not here


def test_progress_is_coalesced_and_nothing_else_is_dropped(qtbot: QtBot, runner: JobRunner) -> None:
    kept: list[Event] = [PhaseStarted(0, "head", 3, 2), epoch(0), Notice("a"), Batch((1, 2)), epoch(1)]
    kept += [BatchEnded(0, 2, step, 300, 1.0, 0.5) for step in range(1, 301)]

    def task(emit: Emit, _token: CancelToken) -> None:
        for event in kept:
            emit(event)
            for done in range(20):
                emit(Progress("train", done, 20))
                emit(Progress("features", done, 20))
        emit(Progress("train", 20, 20))

    job = runner.start("compute", task)
    heard = listen(job)
    qtbot.waitUntil(lambda: ("succeeded", None) in heard)
    assert [event for event in heard if isinstance(event, Event) and not isinstance(event, Progress)] == kept
    progress = [event for event in heard if isinstance(event, Progress)]
    assert len(progress) < 100, "12,000 were sent in far less than a second"
    assert progress[-1] == Progress("train", 20, 20)
    assert heard[-1] == ("succeeded", None), "the result comes after every event"


def test_cancel_is_told_after_the_last_event(qtbot: QtBot, runner: JobRunner) -> None:
    def task(emit: Emit, token: CancelToken) -> None:
        try:
            wait_for_stop(emit, token)
        finally:
            emit(epoch(4))

    job = runner.start("compute", task)
    heard = listen(job)
    assert not job.cancelling
    job.cancel()
    assert job.cancelling
    qtbot.waitUntil(lambda: "cancelled" in heard)
    assert heard == [epoch(4), "cancelled"]


def test_a_stopped_task_may_still_have_a_result(qtbot: QtBot, runner: JobRunner) -> None:
    def task(_emit: Emit, token: CancelToken) -> str:
        while not token.cancelled:
            threading.Event().wait(0.005)
        return "the best so far"

    job = runner.start("compute", task)
    heard = listen(job)
    job.cancel()
    qtbot.waitUntil(lambda: bool(heard))
    assert heard == [("succeeded", "the best so far")]


@pytest.mark.parametrize("error", [TLStudioError("No photos here.", "Choose another folder."), ZeroDivisionError("x")])
def test_an_error_is_told_with_its_traceback(qtbot: QtBot, runner: JobRunner, error: Exception) -> None:
    def breaking(_emit: Emit, _token: CancelToken) -> None:
        raise error

    job = runner.start("io", breaking)
    heard = listen(job)
    qtbot.waitUntil(lambda: bool(heard))
    assert heard == [("failed", error)]
    assert "in breaking" in "".join(traceback.format_exception(error))


def test_cancelled_without_being_asked_is_a_stop_too(qtbot: QtBot, runner: JobRunner) -> None:
    def task(_emit: Emit, _token: CancelToken) -> None:
        raise Cancelled

    job = runner.start("io", task)
    with qtbot.waitSignal(job.cancelled):
        pass


def test_a_new_job_silences_the_one_before(qtbot: QtBot, runner: JobRunner) -> None:
    release = threading.Event()

    def stubborn(emit: Emit, _token: CancelToken) -> str:
        emit(Notice("early"))
        release.wait(10)
        emit(Notice("late"))
        return "late"

    for lane in ("io", "compute"):
        release.clear()
        first = runner.start(lane, stubborn)
        said = listen(first)
        second = runner.start(lane, lambda _emit, _token: "new")
        heard = listen(second)
        assert first.cancelling
        assert not first.active
        release.set()
        qtbot.waitUntil(lambda heard=heard: heard == [("succeeded", "new")])
        qtbot.waitUntil(first.isFinished)
        assert said == []


def test_compute_jobs_never_run_at_the_same_time(qtbot: QtBot, runner: JobRunner) -> None:
    running: list[int] = []
    most: list[int] = []

    def task(_emit: Emit, token: CancelToken) -> None:
        running.append(1)
        most.append(len(running))
        while not token.cancelled and len(most) < 2:
            threading.Event().wait(0.005)
        running.pop()

    first = runner.start("compute", task)
    qtbot.waitUntil(lambda: bool(running))
    skipped = runner.start("compute", task)
    last = runner.start("compute", task)
    said = listen(skipped)
    with qtbot.waitSignal(last.succeeded):
        pass
    assert most == [1, 1], "the one in the middle was overtaken before it began"
    assert first.isFinished()
    assert said == []


def test_busy_until_the_result_is_received(qtbot: QtBot, runner: JobRunner) -> None:
    changes: list[tuple[str, bool]] = []
    runner.busy_changed.connect(lambda lane, busy: changes.append((lane, busy)))
    seen: list[bool] = []
    job = runner.start("compute", lambda _emit, _token: None)
    assert runner.busy("compute")
    assert runner.job("compute") is job
    assert not runner.busy("io")
    job.succeeded.connect(lambda _: seen.append(runner.busy("compute")))
    qtbot.waitUntil(lambda: changes == [("compute", True), ("compute", False)])
    assert seen == [False]
    assert runner.job("compute") is None


def test_a_job_may_be_started_by_the_result_of_another(qtbot: QtBot, runner: JobRunner) -> None:
    results: list[object] = []

    def go_on(result: object) -> None:
        results.append(result)
        runner.start("compute", lambda _emit, _token: "second").succeeded.connect(results.append)

    runner.start("compute", lambda _emit, _token: "first").succeeded.connect(go_on)
    qtbot.waitUntil(lambda: results == ["first", "second"])


@pytest.mark.usefixtures("qapp")
def test_shutdown_stops_everything_and_refuses_more() -> None:
    runner = JobRunner()
    jobs = [runner.start("compute", wait_for_stop), runner.start("io", wait_for_stop)]
    said = [listen(job) for job in jobs]
    assert runner.shutdown(10)
    assert all(job.isFinished() for job in jobs)
    with pytest.raises(RuntimeError):
        runner.start("io", wait_for_stop)
    assert said == [[], []]


@pytest.mark.usefixtures("qapp")
def test_shutdown_gives_up_on_a_task_that_does_not_listen() -> None:
    runner = JobRunner()
    release = threading.Event()
    runner.start("io", lambda _emit, _token: release.wait(10))
    assert not runner.shutdown(0.02)
    release.set()
    assert runner.shutdown(10)


def test_an_ended_job_is_let_go(qtbot: QtBot, runner: JobRunner) -> None:
    job = runner.start("io", lambda _emit, _token: bytearray(1000))
    with qtbot.waitSignal(job.succeeded):
        pass
    qtbot.waitUntil(lambda: not runner._alive)
    gone = weakref.ref(job)
    del job
    gc.collect()
    assert gone() is None


def test_what_is_made_ahead_of_need_lets_the_window_show_what_led_to_it_first(qtbot: QtBot, runner: JobRunner) -> None:
    order: list[str] = []
    job = runner.start("prepare", lambda _emit, _token: order.append("made"), later=True)
    assert runner.busy("prepare")
    QTimer.singleShot(100, lambda: order.append("shown"))
    with qtbot.waitSignal(job.succeeded):
        pass
    assert order == ["shown", "made"]


def test_what_was_to_begin_later_never_does_once_something_else_is_wanted(qtbot: QtBot, runner: JobRunner) -> None:
    begun: list[str] = []
    runner.start("prepare", lambda _emit, _token: begun.append("first"), later=True)
    second = runner.start("prepare", lambda _emit, _token: begun.append("second"), later=True)
    with qtbot.waitSignal(second.succeeded):
        pass
    assert begun == ["second"]
    third = runner.start("prepare", wait_for_stop, later=True)
    third.cancel()
    with qtbot.waitSignal(third.cancelled):
        pass
