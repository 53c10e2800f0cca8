"""In which order the classes of a confusion matrix stand, what its lens shows, and its table."""

import csv
import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tlstudio.ui.widgets.matrix_layout import Selection, column_shares, read_out
from tlstudio.ui.widgets.matrix_lens import Lens
from tlstudio.ui.widgets.matrix_order import class_order, clustered
from tlstudio.ui.widgets.matrix_table import matrix_csv, matrix_rows, matrix_text

CLASSES = ("roses", "Daisy", "tulips")
COUNTS = ((8, 0, 2), (0, 20, 1), (3, 0, 9))


@pytest.mark.parametrize(
    ("sort", "order"),
    [("given", [0, 1, 2]), ("name", [1, 0, 2]), ("size", [1, 2, 0]), ("confused", [2, 0, 1])],
)
def test_classes_are_sorted(sort: str, order: list[int]) -> None:
    assert class_order(CLASSES, COUNTS, sort) == order  # type: ignore[arg-type]


def test_classes_that_are_confused_lie_side_by_side() -> None:
    counts = np.diag(np.full(60, 20))
    pairs = ((0, 47), (47, 29), (4, 52), (11, 58))
    for a, b in pairs:
        counts[a, b] = 5
    order = class_order([str(n) for n in range(60)], counts, "clustered")
    place = {index: position for position, index in enumerate(order)}
    assert sorted(order) == list(range(60))
    assert all(abs(place[a] - place[b]) == 1 for a, b in pairs)


@pytest.mark.parametrize("n", [0, 1, 2, 3, 151])
def test_without_confusion_the_order_stays(n: int) -> None:
    assert clustered(np.eye(n, dtype=int)) == list(range(n))


@given(st.integers(2, 40), st.integers(0, 2**32 - 1))
def test_every_class_stands_once_whatever_the_confusion(n: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    counts = rng.integers(0, 9, (n, n)) * (rng.random((n, n)) < 0.2)
    assert sorted(clustered(counts)) == list(range(n))


def test_the_lens_stays_in_the_matrix_and_moves_no_more_than_needed() -> None:
    lens = Lens(100)
    assert lens.moved_to(-3, 200) == Lens(100, row=0, column=93)
    assert lens.holding(50, None) == Lens(100, row=44)
    assert lens.holding(3, 6) == lens
    assert lens.centred_on(50, 50).row == 46
    assert lens.moved_to(93, 93).zoomed(-3) == Lens(100, 10, 90, 90)
    assert [lens.zoomed(99).size, lens.zoomed(-99).size] == [4, 14]


def test_shares_of_columns() -> None:
    assert column_shares(((1, 0), (3, 0))).tolist() == [[0.25, 0], [0.75, 0]]


@pytest.mark.parametrize(
    ("selection", "words"),
    [
        (Selection(0, 2), "2 photos of roses taken for tulips: 20 % of roses, 17 % of what the model calls tulips"),
        (Selection(0, 1), "No roses taken for Daisy"),
        (Selection(0), "All 10 photos of roses: 80 % found (recall)"),
        (Selection(None, 0), "All 11 photos that the model calls roses: 73 % right (precision)"),
        (Selection(), ""),
    ],
)
def test_what_is_pointed_at_is_read_out(selection: Selection, words: str) -> None:
    assert read_out(CLASSES, COUNTS, selection) == words


def test_the_table_is_what_is_shown() -> None:
    assert matrix_rows(CLASSES, COUNTS, (1, 0, 2)) == [
        ["true / predicted", "Daisy", "roses", "tulips"],
        ["Daisy", "20", "0", "1"],
        ["roses", "0", "8", "2"],
        ["tulips", "0", "3", "9"],
    ]
    assert matrix_rows(CLASSES, COUNTS, (0,), "rows")[1] == ["roses", "0.8000"]
    assert matrix_rows(CLASSES, COUNTS, (2,), "columns")[1] == ["tulips", "0.7500"]


def test_the_table_is_copied_and_written_whatever_the_names() -> None:
    rows = matrix_rows(("a\tb", "c,\udcff"), ((1, 2), (3, 4)), (0, 1))
    assert matrix_text(rows).splitlines()[1] == "a b\t1\t2"
    text = matrix_csv(rows).decode("utf-8", errors="surrogateescape")
    assert list(csv.reader(io.StringIO(text))) == rows
