"""Sorting and the pause of the garbage collector, which keep other threads going."""

import gc

import pytest

from tlstudio.datasets.garbage import no_collection
from tlstudio.datasets.sorting import sorted_in_turns, sorted_numbers


@pytest.mark.parametrize("count", [0, 1, 4000, 9001])
def test_sorting_in_turns_gives_what_sorting_gives(count: int) -> None:
    items = [(number, number * 7919 % 50) for number in range(count)]
    assert sorted_in_turns(items, lambda item: item[1]) == sorted(items, key=lambda item: item[1])


def test_numbers_are_sorted() -> None:
    assert sorted_numbers([3, 1, 2, 1]) == (1, 1, 2, 3)
    assert sorted_numbers([]) == ()


def test_no_garbage_is_looked_for_until_the_last_pause_has_ended() -> None:
    assert gc.isenabled()
    first, second = no_collection(), no_collection()
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    assert not gc.isenabled()
    second.__exit__(None, None, None)
    assert gc.isenabled()


def test_a_pause_leaves_the_collector_off_where_it_was_off() -> None:
    gc.disable()
    try:
        with no_collection():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
