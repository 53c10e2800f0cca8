"""In which rows of a table answers stand, where an order gives the position of the answer in each row. Knows no Qt."""

from array import array
from collections.abc import Iterable, Sequence


def place(order: "array[int]", position: int) -> int | None:
    """Row of an answer; None where it isn't shown."""
    try:
        return order.index(position)
    except ValueError:
        return None


def places(order: "array[int]", positions: Sequence[int]) -> Sequence[int]:
    """Rows of answers, those that aren't shown left out."""
    if len(positions) == 1:
        row = place(order, positions[0])
        return () if row is None else (row,)
    wanted = set(positions)
    return [row for row, position in enumerate(order) if position in wanted] if wanted else ()


def runs(rows: Iterable[int]) -> list[tuple[int, int]]:
    """First and last of rows that follow each other: a selection of few ranges is quick, one of many is not."""
    found: list[tuple[int, int]] = []
    for row in rows:
        if found and found[-1][1] == row - 1:
            found[-1] = (found[-1][0], row)
        else:
            found.append((row, row))
    return found
