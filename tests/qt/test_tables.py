"""The tables of rounds, of classes and of answers."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QTableView
from pytestqt.qtbot import QtBot

from tlstudio.evaluation.report import ClassMetrics
from tlstudio.events import EpochEnded
from tlstudio.training.history import History
from tlstudio.ui.widgets.metrics_table import MetricsTable
from tlstudio.ui.widgets.photo_table import PhotoTable, PredictionRow
from tlstudio.ui.widgets.rounds_table import RoundsTable
from tlstudio.ui.widgets.thumbnails import ThumbnailCache

# The offscreen platform says so of every window.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def texts(table: QTableView) -> list[list[str]]:
    model = table.model()
    return [
        [model.index(row, column).data() for column in range(model.columnCount())] for row in range(model.rowCount())
    ]


def epoch(index: int, best: bool, val: float | None = 0.914) -> EpochEnded:
    return EpochEnded(0, index, 0.1, 0.98, None if val is None else 0.24, val, 2.4, 1e-3, best)


def test_rounds_newest_first_with_the_running_one_on_top(qtbot: QtBot) -> None:
    table = RoundsTable()
    qtbot.addWidget(table)
    table.set_running(1, 0.5)
    table.set_running(1, 0.6)
    table.add_round(1, epoch(0, best=True))
    table.set_running(2, 0.982)
    assert texts(table) == [
        ["2", "98.2 %", "…", "…", "…", "…", "…"],
        ["1", "98.0 %", "0.10", "91.4 %", "0.24", "2.4 s", "0.001"],
    ]
    best = table.model().index(1, 0)
    assert best.data(Qt.ItemDataRole.AccessibleTextRole) == "Round 1, best"
    table.show()
    assert not table.grab().isNull()


def test_a_history_without_validation_photos(qtbot: QtBot) -> None:
    table = RoundsTable()
    qtbot.addWidget(table)
    table.set_history(History(("head",), (epoch(0, best=True, val=None), epoch(1, best=False, val=None))))
    assert texts(table)[0] == ["2", "98.0 %", "0.10", "–", "–", "2.4 s", "0.001"]
    table.clear()
    assert texts(table) == []


def test_rounds_stand_under_the_phase_they_belong_to(qtbot: QtBot) -> None:
    table = RoundsTable()
    qtbot.addWidget(table)
    table.add_phase("head")
    table.add_rounds(1, [epoch(0, best=True), epoch(1, best=False)])
    assert [row[0] for row in texts(table)] == ["2", "1"], "one phase needs no name"
    table.add_phase("fine_tune")
    table.set_running(3, 0.5)
    table.add_rounds(3, [epoch(0, best=True), epoch(1, best=False)])
    assert [row[0] for row in texts(table)] == [
        "Refine: 2 rounds, 5 s", "4", "3", "Learn the classes: 2 rounds, 5 s", "2", "1",
    ]  # fmt: skip
    assert table.rounds == 4
    best = [
        row for row in range(6) if table.model().index(row, 0).data(Qt.ItemDataRole.AccessibleTextRole)[-4:] == "best"
    ]
    assert best == [2]
    shown = texts(table)
    history = (epoch(0, best=True), epoch(1, best=False))
    later = tuple(replace(row, phase=1) for row in history)
    table.set_history(History(("head", "fine_tune"), history + later))
    assert texts(table) == shown


def test_columns_that_do_not_fit_are_left_out(qtbot: QtBot) -> None:
    table = RoundsTable()
    qtbot.addWidget(table)
    table.set_history(History(("head",), (epoch(0, best=True),)))
    table.show()
    for width, columns in ((700, 7), (352, 5), (280, 4)):
        table.resize(width, 200)
        qtbot.waitUntil(
            lambda expected=columns: expected == sum(not table.isColumnHidden(column) for column in range(7))
        )


def test_rounds_are_copied_as_text(qtbot: QtBot) -> None:
    table = RoundsTable()
    qtbot.addWidget(table)
    table.set_history(History(("head",), (epoch(0, best=True), epoch(1, best=False))))
    qtbot.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    lines = QApplication.clipboard().text().split("\n")
    assert lines[0].startswith("Round (epoch)\tLearns from (accuracy)\tError (loss)")
    assert [line.split("\t")[0] for line in lines[1:]] == ["2", "1"]
    table.selectRow(1)
    qtbot.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert [line.split("\t")[0] for line in QApplication.clipboard().text().split("\n")[1:]] == ["1"]


def test_classes_sort_by_every_column_and_keep_their_selection(qtbot: QtBot) -> None:
    table = MetricsTable()
    qtbot.addWidget(table)
    table.resize(720, 300)
    table.set_metrics(
        [
            ClassMetrics("roses", 0.9, 0.84, 0.87, 25),
            ClassMetrics("daisy", 0.8, 0.96, 0.87, 27),
            ClassMetrics("tulips", 0.7, 0.82, 0.75, 17),
        ]
    )
    table.show()
    assert [row[0] for row in texts(table)] == ["roses", "daisy", "tulips"]
    with qtbot.waitSignal(table.class_selected) as told:
        table.selectRow(0)
    assert told.args == ["roses"]
    for column, order, names in (
        (0, Qt.SortOrder.AscendingOrder, ["daisy", "roses", "tulips"]),
        (1, Qt.SortOrder.DescendingOrder, ["daisy", "roses", "tulips"]),
        (2, Qt.SortOrder.AscendingOrder, ["tulips", "daisy", "roses"]),
        (4, Qt.SortOrder.DescendingOrder, ["daisy", "roses", "tulips"]),
    ):
        table.sortByColumn(column, order)
        assert [row[0] for row in texts(table)] == names
        assert table.selected_class() == "roses"
    assert not table.grab().isNull()


@pytest.fixture
def cache(qapp: QApplication) -> Iterator[ThumbnailCache]:  # noqa: ARG001 - there must be one
    made = ThumbnailCache()
    yield made
    made.shutdown()


@pytest.fixture
def table(cache: ThumbnailCache, qtbot: QtBot) -> PhotoTable:
    made = PhotoTable(cache)
    qtbot.addWidget(made)
    made.resize(680, 600)
    made.show()
    return made


def rows(count: int, start: int = 0) -> list[PredictionRow]:
    made = []
    for n in range(start, start + count):
        if n % 10 == 9:
            made.append(PredictionRow(Path(f"IMG_{n}.JPG"), "Plot 17", "", 0, 0.0, "unreadable", "Cut short"))
        else:
            state = "unsure" if n % 10 == 4 else "sure"
            made.append(PredictionRow(Path(f"IMG_{n}.JPG"), "Plot 17", "roses", 1, 0.97, state))
    return made


def test_answers_read_as_in_the_picture(table: PhotoTable) -> None:
    table.append(rows(10))
    assert texts(table)[0] == ["IMG_0.JPG", "roses", "97 %", "Sure"]
    assert texts(table)[9] == ["IMG_9.JPG", "–", "", "Unreadable"]
    assert table.counts() == {"sure": 8, "unsure": 1, "unreadable": 1}
    assert not table.grab().isNull()


def test_the_filter_lets_later_rows_through_too(table: PhotoTable, qtbot: QtBot) -> None:
    table.append(rows(10))
    table.selectRow(0)
    with qtbot.waitSignal(table.photo_selected) as told:
        table.set_filter("unsure")
    assert told.args == [None]
    table.append(rows(10, 10))
    assert [row[0] for row in texts(table)] == ["IMG_4.JPG", "IMG_14.JPG"]
    table.set_filter(None, "img_1")
    assert table.shown() == 11
    table.clear()
    assert table.counts()["sure"] == 0


def test_a_selection_that_the_filter_keeps_stays(table: PhotoTable) -> None:
    table.append(rows(20))
    assert table.select_path(Path("IMG_14.JPG"))
    table.set_filter("unsure")
    selected = table.selected_row()
    assert selected is not None
    assert selected.path.name == "IMG_14.JPG"


def test_keys_and_double_click_choose_a_photo(table: PhotoTable, qtbot: QtBot) -> None:
    table.append(rows(10))
    table.selectRow(0)
    with qtbot.waitSignal(table.photo_selected) as told:
        qtbot.keyClick(table, Qt.Key.Key_Down)
    assert told.args[0].path.name == "IMG_1.JPG"
    with qtbot.waitSignal(table.photo_activated):
        qtbot.keyClick(table, Qt.Key.Key_Return)


def test_a_hundred_thousand_rows_take_more(table: PhotoTable) -> None:
    table.append(rows(100_000))
    QApplication.processEvents()
    table.append(rows(200, 100_000))
    QApplication.processEvents()
    assert table.shown() == 100_200


def test_a_narrow_table_shows_numbers_and_icons_only(table: PhotoTable) -> None:
    table.append(rows(10))
    assert not table.compact()
    table.resize(500, 600)
    assert table.compact()
    assert not table.grab().isNull()
