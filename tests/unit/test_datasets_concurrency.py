import threading
from collections.abc import Iterator

import pytest

from tlstudio.datasets.concurrency import concurrent_map
from tlstudio.errors import Cancelled
from tlstudio.events import CancelToken


def map_threads() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("tlstudio-map")]


def test_results_come_in_the_order_of_the_items() -> None:
    later_done = threading.Event()

    def slow_first(item: int) -> int:
        if item == 0:
            assert later_done.wait(10)
        elif item == 3:
            later_done.set()
        return item * item

    assert list(concurrent_map(slow_first, range(50), token=CancelToken(), workers=2)) == [i * i for i in range(50)]


def test_it_never_runs_far_ahead_of_the_consumer() -> None:
    taken: list[int] = []

    def items() -> Iterator[int]:
        for item in range(1000):
            taken.append(item)
            yield item

    for done, _ in enumerate(concurrent_map(str, items(), token=CancelToken(), workers=2), start=1):
        assert len(taken) - done <= 2 * 16
    assert len(taken) == 1000


def test_an_error_of_the_function_reaches_the_caller_and_leaves_no_thread() -> None:
    def fail(item: int) -> int:
        if item == 5:
            raise TimeoutError("of its own")
        return item

    with pytest.raises(TimeoutError, match="of its own"):
        list(concurrent_map(fail, range(100), token=CancelToken(), workers=2))
    assert map_threads() == []


def test_a_stop_reaches_it_while_it_waits() -> None:
    token, started, release = CancelToken(), threading.Event(), threading.Event()

    def stop_then_release() -> None:
        started.wait(10)
        token.cancel()
        release.set()

    def hold(item: int) -> int:
        started.set()
        release.wait(10)
        return item

    stopper = threading.Thread(target=stop_then_release)
    stopper.start()
    with pytest.raises(Cancelled):
        list(concurrent_map(hold, range(10_000), token=token, workers=2))
    stopper.join()
    assert map_threads() == []


def test_closing_the_stream_ends_the_work() -> None:
    calls: list[int] = []
    stream = concurrent_map(calls.append, range(10_000), token=CancelToken(), workers=2)
    next(stream)
    stream.close()  # type: ignore[attr-defined]
    assert len(calls) < 100
    assert map_threads() == []


def test_a_token_that_is_already_cancelled_starts_nothing() -> None:
    token = CancelToken()
    token.cancel()
    calls: list[int] = []
    with pytest.raises(Cancelled):
        list(concurrent_map(calls.append, range(10), token=token))
    assert calls == []
