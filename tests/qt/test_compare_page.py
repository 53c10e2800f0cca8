"""The Compare view, through clicks and keys on real runs on disk."""

import csv
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QAbstractButton, QFileDialog, QListView
from pytestqt.qtbot import QtBot
from stored_runs import make_run

from tlstudio import paths
from tlstudio.ui.session import Session
from tlstudio.ui.tabs.evaluation.compare_curves import CompareCurves
from tlstudio.ui.tabs.evaluation.compare_fine_tuning import FineTuningTable
from tlstudio.ui.tabs.evaluation.compare_page import ComparePage
from tlstudio.ui.tabs.evaluation.compare_table import CompareTable
from tlstudio.ui.tabs.evaluation.evaluation_tab import EvaluationTab
from tlstudio.ui.widgets.labels import TextLabel
from tlstudio.ui.widgets.photo_grid import PhotoGrid
from tlstudio.ui.widgets.segmented import Segmented
from tlstudio.ui.widgets.thumbnails import ThumbnailCache

# The offscreen platform says so of every window.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

WAIT = 20_000


@pytest.fixture
def photos(class_folders: Callable[..., Path]) -> Path:
    return class_folders({"daisy": 20, "rose": 20})


@pytest.fixture
def page(session: Session, qtbot: QtBot, photos: Path, class_folders: Callable[..., Path]) -> Iterator[ComparePage]:
    """The view with three runs on the same photos, one of which is open, and one on others."""
    runs = paths.runs_dir()
    opened = make_run(runs / "strong", photos, [19], validation=0.9, ends=(0.9, 0.95))
    make_run(runs / "weak", photos, range(10), validation=0.5, ends=(0.6, 0.5))
    make_run(runs / "middle", photos, range(4), validation=0.7)
    make_run(runs / "pets", class_folders({"cat": 8, "dog": 8}, "pets"), ends=(0.7, 0.8))
    cache = ThumbnailCache()
    tab = EvaluationTab(session, cache)
    qtbot.addWidget(tab)
    tab.resize(1440, 760)
    tab.show()
    session.stored, session.report = opened, opened.report()
    session.run_changed.emit()
    views = next(one for one in tab.findChildren(Segmented) if one.accessibleName() == "View")
    choose(qtbot, views, "Compare runs")
    made = tab.findChild(ComparePage)
    assert isinstance(made, ComparePage)
    qtbot.waitUntil(lambda: made.comparison() is not None, timeout=WAIT)
    yield made
    cache.shutdown()


def choose(qtbot: QtBot, views: Segmented, words: str) -> None:
    (button,) = (one for one in views.findChildren(QAbstractButton) if one.text() == words)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def view(qtbot: QtBot, page: ComparePage, words: str) -> None:
    (button,) = (one for one in page.findChildren(QAbstractButton) if one.text() == words and one.isVisible())
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def table(page: ComparePage) -> CompareTable:
    found = page.findChild(CompareTable)
    assert isinstance(found, CompareTable)
    return found


def names(keys: tuple[str, ...] | list[str]) -> list[str]:
    return [Path(key).name for key in keys]


def words(page: ComparePage) -> str:
    return "\n".join(label.text() for label in page.findChildren(TextLabel) if label.isVisible())


def box_of(shown: CompareTable, name: str) -> QPoint:
    row = names(shown.shown_keys()).index(name)
    return QPoint(shown.columnViewportPosition(0) + 18, shown.rowViewportPosition(row) + shown.rowHeight(row) // 2)


def test_the_open_run_and_those_with_its_exam_are_ticked_and_ranked(page: ComparePage) -> None:
    shown = table(page)
    assert names(shown.shown_keys()) == ["strong", "middle", "weak"]
    assert set(names(shown.ticked_keys())) == {"strong", "middle", "weak"}
    assert names(shown.ticked_keys())[0] == "strong"
    assert "strong is better than weak." in words(page)


def test_the_photos_that_changed_are_shown(page: ComparePage, qtbot: QtBot) -> None:
    (grid,) = (grid for grid in page.findChildren(PhotoGrid) if grid.isVisible())
    flags = [item.flag for item in grid.items()]
    assert flags == ["Gained"] * 10 + ["Lost"]
    assert all(item.path.is_file() for item in grid.items())
    pairs = next(one for one in page.findChildren(QListView) if one.accessibleName() == "Pairs of runs")
    pairs.setFocus()
    before = words(page)
    qtbot.keyClick(pairs, Qt.Key.Key_Down)
    assert words(page) != before


def test_ticks_follow_mouse_and_space_bar(page: ComparePage, qtbot: QtBot) -> None:
    shown = table(page)
    qtbot.mouseClick(shown.viewport(), Qt.MouseButton.LeftButton, pos=box_of(shown, "weak"))
    assert set(names(shown.ticked_keys())) == {"strong", "middle"}
    shown.setCurrentIndex(shown.model().index(names(shown.shown_keys()).index("middle"), 0))
    qtbot.keyClick(shown, Qt.Key.Key_Space)
    assert names(shown.ticked_keys()) == ["strong"]
    assert "Tick two runs or more" in words(page)


def test_runs_on_other_photos_are_flagged_not_compared(page: ComparePage, qtbot: QtBot) -> None:
    view(qtbot, page, "All runs")
    shown = table(page)
    assert names(shown.shown_keys())[-1] == "pets"
    qtbot.mouseClick(shown.viewport(), Qt.MouseButton.LeftButton, pos=box_of(shown, "pets"))
    assert "pets was judged on other exam photos than strong: their figures are not compared." in words(page)
    comparison = page.comparison()
    assert comparison is not None
    assert len(comparison.pairs) == 3


def test_a_click_on_a_column_sorts_and_what_nobody_knows_comes_last(page: ComparePage, qtbot: QtBot) -> None:
    view(qtbot, page, "All runs")
    shown = table(page)
    header = shown.horizontalHeader()
    at = QPoint(header.sectionViewportPosition(8) + 20, 10)
    qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=at)
    qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=at)
    exam = [shown.model().index(row, 8).data() for row in range(4)]
    falling = header.sortIndicatorOrder() == Qt.SortOrder.DescendingOrder
    assert exam == sorted(exam, key=lambda text: float(text.split()[0]), reverse=falling)
    shown.sortByColumn(1, Qt.SortOrder.DescendingOrder)
    assert names(shown.shown_keys()) == ["weak", "middle", "strong", "pets"]


def test_curves_of_all_ticked_runs_lie_in_one_plot(page: ComparePage, qtbot: QtBot) -> None:
    view(qtbot, page, "Curves")
    curves = page.findChild(CompareCurves)
    assert isinstance(curves, CompareCurves)
    drawn = curves.shown()
    assert [len(drawn[f"{place} accuracy"][0]) for place in range(6)] == [4, 4, 4, 0, 0, 0]
    checked = drawn["0 accuracy"][1].copy()
    view(qtbot, page, "Photos learnt from")
    assert (curves.shown()["0 accuracy"][1] != checked).all()


def test_refining_that_did_not_help_is_said(page: ComparePage, qtbot: QtBot) -> None:
    view(qtbot, page, "All runs")
    table(page).tick([])
    shown = table(page)
    for name in ("weak", "pets"):
        qtbot.mouseClick(shown.viewport(), Qt.MouseButton.LeftButton, pos=box_of(shown, name))
    view(qtbot, page, "What refining brought")
    matrix = page.findChild(FineTuningTable)
    assert isinstance(matrix, FineTuningTable)
    cells = [[matrix.model().index(row, column).data() for column in range(2)] for row in range(3)]
    assert cells == [
        ["pets", "70.0 → 80.0 %, +10.0 points"],
        ["photos", "60.0 → 50.0 %, −10.0 points: did not help"],
        ["All, on average", "65.0 → 65.0 %, no change: did not help"],
    ]


def test_a_run_from_elsewhere_is_added(page: ComparePage, qtbot: QtBot, photos: Path, tmp_path: Path) -> None:
    made = make_run(tmp_path / "elsewhere" / "guest", photos, [1])
    page.add_run(made.folder)
    qtbot.waitUntil(lambda: "guest" in names(table(page).shown_keys()), timeout=WAIT)


def test_a_folder_without_a_run_is_said(page: ComparePage, session: Session, qtbot: QtBot, tmp_path: Path) -> None:
    with qtbot.waitSignal(session.posted, timeout=WAIT) as told:
        page.add_run(tmp_path)
    assert "holds no run" in told.args[0].title


def test_the_table_is_saved(
    page: ComparePage, session: Session, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_options: (str(tmp_path / "table"), ""))
    with qtbot.waitSignal(session.posted, timeout=WAIT) as told:
        view(qtbot, page, "Save as table")
    assert told.args[0].title == "Runs saved as a table"
    with (tmp_path / "table.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [row["run"] for row in csv.DictReader(file)] == ["strong", "middle", "weak"]


def test_only_six_runs_are_ticked_at_once(page: ComparePage, qtbot: QtBot, photos: Path) -> None:
    for number in range(5):
        make_run(paths.runs_dir() / f"more {number}", photos, [number])
    page.opened()
    shown = table(page)
    qtbot.waitUntil(lambda: len(shown.shown_keys()) == 8, timeout=WAIT)
    free = [row for row, key in enumerate(shown.shown_keys()) if key not in shown.ticked_keys()]
    for row in free:
        shown.toggle(row)
    assert len(shown.ticked_keys()) == 6
    assert "6 runs at once are the most" in words(page)


def test_every_control_says_what_it_is(page: ComparePage) -> None:
    for button in (button for button in page.findChildren(QAbstractButton) if button.isVisible()):
        assert button.accessibleName() or button.text()
    shown = table(page)
    spoken = shown.model().index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "Run: strong, ticked"
