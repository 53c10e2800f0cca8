"""The tables of rounds, of classes and of answers."""

from array import array
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QItemSelectionModel, QObject, QPoint, Qt
from PySide6.QtWidgets import QApplication, QTableView, QWidget
from pytestqt.qtbot import QtBot

from tlstudio.evaluation.report import ClassMetrics
from tlstudio.events import EpochEnded
from tlstudio.training.history import History
from tlstudio.ui.widgets.metrics_table import MetricsTable
from tlstudio.ui.widgets.photo_table import PhotoTable, PredictionRow, PredictionState, RowList
from tlstudio.ui.widgets.rounds_table import RoundsTable
from tlstudio.ui.widgets.thumbnails import ThumbnailCache

# The offscreen platform says so of every window.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

SELECT_ROW = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows


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
    table.show()
    table.activateWindow()
    qtbot.waitUntil(table.isActiveWindow)  # else keys may reach the shortcuts of another window first
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
def source() -> RowList:
    return RowList()


@pytest.fixture
def table(cache: ThumbnailCache, source: RowList, qtbot: QtBot) -> PhotoTable:
    made = PhotoTable(cache, source)
    qtbot.addWidget(made)
    made.resize(680, 600)
    made.show()
    return made


def add(table: PhotoTable, source: RowList, count: int) -> None:
    """Show so many more rows: every tenth unreadable, every tenth unsure, every tenth unlike, the others sure."""
    first = len(source.rows)
    for n in range(first, first + count):
        if n % 10 == 9:
            source.rows.append(PredictionRow(Path(f"IMG_{n}.JPG"), "Plot 17", "", 0, 0.0, "unreadable", "Cut short"))
        else:
            states: dict[int, PredictionState] = {4: "unsure", 6: "unlike"}
            state = states.get(n % 10, "sure")
            source.rows.append(PredictionRow(Path(f"IMG_{n}.JPG"), "Plot 17", "roses", 1, 0.97, state))
    table.append(range(first, first + count))


def test_answers_read_as_in_the_picture(table: PhotoTable, source: RowList) -> None:
    add(table, source, 10)
    assert texts(table)[0] == ["IMG_0.JPG", "roses", "97 %", "Sure"]
    assert texts(table)[6] == ["IMG_6.JPG", "roses", "97 %", "Unlike"]
    assert texts(table)[9] == ["IMG_9.JPG", "–", "", "Unreadable"]
    source.rows[0] = replace(source.rows[0], decided=True)
    assert texts(table)[0][2] == "By you"
    assert not table.grab().isNull()


def test_a_selection_stays_with_its_photos_whatever_else_is_shown(table: PhotoTable, source: RowList) -> None:
    add(table, source, 20)
    table.select_position(4)
    table.selectionModel().select(table.model().index(14, 0), SELECT_ROW)
    assert table.selected_positions() == [4, 14]
    table.arrange(array("I", [14, 2, 4]))
    assert table.selected_positions() == [14, 4]
    row = table.selected_row()
    assert row is not None
    assert row.path.name == "IMG_4.JPG"


def test_a_photo_that_is_shown_no_more_is_selected_no_more(table: PhotoTable, source: RowList, qtbot: QtBot) -> None:
    add(table, source, 20)
    table.select_position(4)
    with qtbot.waitSignal(table.photo_selected) as told:
        table.arrange(array("I", [1, 2]))
    assert told.args == [None]
    assert table.selected_position() is None


def test_what_is_in_view_stays_in_view_while_rows_come_before_it(table: PhotoTable, source: RowList) -> None:
    add(table, source, 200)
    QApplication.processEvents()
    table.verticalScrollBar().setValue(60 * 50 + 20)
    top = table.order()[table.rowAt(0)]
    above = table.rowViewportPosition(table.rowAt(0))
    table.arrange(array("I", [*range(100, 130), *range(100), *range(130, 200)]), keep_place=True)
    assert table.order()[table.rowAt(0)] == top
    assert table.rowViewportPosition(table.rowAt(0)) == above


class Painted(QObject):
    """Counts how often a widget is painted."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.times = 0
        widget.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        self.times += event.type() == QEvent.Type.Paint
        return False

    def during(self, act: Callable[[], object]) -> int:
        QApplication.processEvents()
        self.times = 0
        act()
        QApplication.processEvents()
        return self.times


def test_rows_out_of_view_cost_no_painting(table: PhotoTable, source: RowList, qtbot: QtBot) -> None:
    # Of those that can't be read nothing is decoded, which would be painted when it comes.
    source.rows += [PredictionRow(Path(f"{n}.JPG"), "", "", 0, 0.0, "unreadable", "Cut short") for n in range(120)]
    painted = Painted(table.viewport())
    table.append(range(60))
    qtbot.waitUntil(lambda: painted.times > 0)
    assert painted.during(lambda: table.append(range(60, 120))) == 0
    assert painted.during(lambda: table.merge(array("I", [*range(60), *range(90, 120), *range(60, 90)]))) == 0
    assert table.shown() == 120
    assert painted.during(lambda: table.merge(array("I", range(119, -1, -1)))) > 0, "others are in view"
    table.arrange(array("I", range(2)))
    assert painted.during(lambda: table.append(range(2, 4))) > 0, "there was room for them"


def test_keys_and_double_click_choose_a_photo(table: PhotoTable, source: RowList, qtbot: QtBot) -> None:
    add(table, source, 120)
    table.selectRow(0)
    with qtbot.waitSignal(table.photo_selected) as told:
        qtbot.keyClick(table, Qt.Key.Key_Down)
    assert told.args[0].path.name == "IMG_1.JPG"
    with qtbot.waitSignal(table.photo_activated) as opened:
        qtbot.keyClick(table, Qt.Key.Key_Return)
    assert opened.args == [1]
    with qtbot.waitSignal(table.copy_wanted):
        qtbot.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    table.keyboardSearch("img_11")
    assert table.selected_position() == 11


def test_a_click_on_a_header_asks_for_its_order(table: PhotoTable, source: RowList, qtbot: QtBot) -> None:
    add(table, source, 3)
    header = table.horizontalHeader()
    place = QPoint(header.sectionViewportPosition(2) + 20, header.height() // 2)
    with qtbot.waitSignal(table.sort_wanted) as told:
        qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert told.args == [2]
    table.show_sort(2, descending=True)
    assert header.sortIndicatorSection() == 2
    assert not table.grab().isNull()


def test_a_hundred_thousand_rows_take_more(table: PhotoTable, source: RowList) -> None:
    add(table, source, 100_000)
    QApplication.processEvents()
    add(table, source, 200)
    QApplication.processEvents()
    assert table.shown() == 100_200


def test_a_narrow_table_shows_numbers_and_icons_only(table: PhotoTable, source: RowList) -> None:
    add(table, source, 10)
    assert not table.compact()
    table.resize(500, 600)
    assert table.compact()
    assert not table.grab().isNull()
