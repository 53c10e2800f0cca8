"""The confusion matrix, driven by mouse and keys."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QHelpEvent, QImage, QWheelEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QToolTip, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from tlstudio.ui import theme
from tlstudio.ui.widgets.confusion_matrix import ConfusionMatrix
from tlstudio.ui.widgets.matrix_layout import Selection
from tlstudio.ui.widgets.matrix_order import clustered

# The offscreen platform says so of every window.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

CLASSES = ("daisy", "dandelion", "sunflowers", "roses", "tulips")
COUNTS = ((26, 1, 0, 0, 0), (1, 30, 1, 0, 0), (0, 1, 24, 0, 1), (0, 0, 0, 21, 4), (0, 0, 0, 3, 14))


@pytest.fixture
def matrix(qtbot: QtBot) -> ConfusionMatrix:
    made = ConfusionMatrix()
    qtbot.addWidget(made)
    made.resize(632, 420)
    made.set_matrix(CLASSES, COUNTS)
    made.show()
    return made


def large(matrix: ConfusionMatrix) -> ConfusionMatrix:
    counts = np.diag(np.full(100, 20))
    counts[7, 93] = 6
    matrix.set_matrix([f"class {n}" for n in range(100)], counts)
    matrix.set_order(clustered(counts))
    return matrix


def center(matrix: ConfusionMatrix, row: int, column: int) -> QPoint:
    geometry = matrix._place()
    assert geometry is not None
    x, y, width, height = geometry.cell(row, column)
    return QPoint(round(x + width / 2), round(y + height / 2))


def click(qtbot: QtBot, matrix: ConfusionMatrix, point: QPoint) -> None:
    qtbot.mouseClick(matrix, Qt.MouseButton.LeftButton, pos=point)


def test_a_click_selects_a_cell_a_row_or_a_column(matrix: ConfusionMatrix, qtbot: QtBot) -> None:
    with qtbot.waitSignal(matrix.cell_selected) as told:
        click(qtbot, matrix, center(matrix, 3, 4))
    assert told.args == [3, 4]
    with qtbot.waitSignal(matrix.row_selected) as told:
        click(qtbot, matrix, QPoint(20, center(matrix, 2, 0).y()))
    assert told.args == [2]
    with qtbot.waitSignal(matrix.column_selected) as told:
        click(qtbot, matrix, QPoint(center(matrix, 0, 1).x(), center(matrix, 0, 0).y() - 46))
    assert told.args == [1]
    with qtbot.waitSignal(matrix.cleared):
        click(qtbot, matrix, QPoint(5, 5))


def test_arrows_home_and_end_walk(matrix: ConfusionMatrix, qtbot: QtBot) -> None:
    keys = (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_End, Qt.Key.Key_Home, Qt.Key.Key_Left)
    seen = []
    for key in keys:
        qtbot.keyClick(matrix, key)
        seen.append((matrix.selection().true, matrix.selection().predicted))
    assert seen == [(0, 0), (1, 0), (1, 1), (1, 4), (1, 0), (1, None)]


def test_enter_goes_and_esc_clears(matrix: ConfusionMatrix, qtbot: QtBot) -> None:
    matrix.select_cell(3, 4)
    with qtbot.waitSignal(matrix.activated):
        qtbot.keyClick(matrix, Qt.Key.Key_Return)
    with qtbot.waitSignal(matrix.cleared):
        qtbot.keyClick(matrix, Qt.Key.Key_Escape)
    assert matrix.selection() == Selection()


def test_tab_walks_the_wrong_cells_by_size_and_then_leaves(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    box = QVBoxLayout(window)
    before, matrix, after = QLineEdit(), ConfusionMatrix(), QLineEdit()
    for widget in (before, matrix, after):
        box.addWidget(widget)
    matrix.set_matrix(("a", "b", "c"), ((5, 1, 0), (0, 5, 3), (2, 0, 5)))
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    matrix.setFocus()
    seen = []
    for _ in range(4):
        focused = QApplication.focusWidget()
        assert focused is matrix
        qtbot.keyClick(focused, Qt.Key.Key_Tab)
        seen.append((matrix.selection().true, matrix.selection().predicted))
    assert seen == [(1, 2), (2, 0), (0, 1), (0, 1)]
    assert QApplication.focusWidget() is after
    matrix.select_cell(1, 2)
    matrix.setFocus()
    qtbot.keyClick(matrix, Qt.Key.Key_Backtab)
    assert QApplication.focusWidget() is before


def test_cells_are_spoken(matrix: ConfusionMatrix) -> None:
    matrix.select_cell(3, 4)
    assert matrix.accessibleDescription() == "4 photos of roses taken for tulips"
    assert matrix.spoken(Selection(3)) == "All 25 photos of roses"
    assert matrix.spoken(Selection(None, 4)) == "All 19 photos that the model calls tulips"


def test_the_tooltip_says_what_a_cell_holds(matrix: ConfusionMatrix) -> None:
    point = center(matrix, 3, 4)
    QApplication.sendEvent(matrix, QHelpEvent(QEvent.Type.ToolTip, point, matrix.mapToGlobal(point)))
    assert QToolTip.text() == "4 photos of roses taken for tulips"
    QToolTip.hideText()


def test_cells_follow_the_theme(matrix: ConfusionMatrix) -> None:
    corner = center(matrix, 0, 0) - QPoint(30, 20)
    try:
        theme.set_theme("light")
        assert matrix.grab().toImage().pixelColor(corner).name().upper() == theme.current().matrix_right[4][0]
        theme.set_theme("dark")
        assert matrix.grab().toImage().pixelColor(corner).name().upper() == "#3CC7B0"
    finally:
        theme.set_theme("system")


@pytest.mark.parametrize("n", [0, 1, 2, 3, 12, 24, 25, 151])
@pytest.mark.parametrize("width", [320, 632])
def test_every_number_of_classes_can_be_shown(matrix: ConfusionMatrix, n: int, width: int) -> None:
    matrix.set_matrix([f"class number {k}" for k in range(n)], np.eye(n, dtype=int))
    for mode in ("photos", "rows", "columns"):
        matrix.set_mode(mode)
        matrix.resize(width, matrix.heightForWidth(width))
        assert not matrix.grab().isNull()


def test_a_matrix_of_another_shape_is_refused(matrix: ConfusionMatrix) -> None:
    with pytest.raises(ValueError, match="2 x 2"):
        matrix.set_matrix(("a", "b"), ((1, 2, 3), (1, 2, 3)))


def test_alike_classes_of_a_large_matrix_lie_under_one_lens(matrix: ConfusionMatrix) -> None:
    large(matrix)
    assert matrix.is_large()
    rows, columns = matrix._window()
    assert {7, 93} <= set(rows)
    assert 93 in columns


def test_a_class_is_found_and_brought_under_the_lens(matrix: ConfusionMatrix, qtbot: QtBot) -> None:
    large(matrix)
    with qtbot.waitSignal(matrix.row_selected) as told:
        assert matrix.reveal("class 60")
    assert told.args == [60]
    assert 60 in matrix._window()[0]
    assert not matrix.reveal("no such class")


def test_the_frame_can_be_dragged_and_the_lens_zoomed(matrix: ConfusionMatrix, qtbot: QtBot) -> None:
    large(matrix)
    place = matrix._overview_rect()
    corner = place.bottomRight().toPoint() - QPoint(2, 2)
    qtbot.mousePress(matrix, Qt.MouseButton.LeftButton, pos=place.center().toPoint())
    qtbot.mouseMove(matrix, corner)
    qtbot.mouseRelease(matrix, Qt.MouseButton.LeftButton, pos=corner)
    assert matrix._window()[0] == matrix._order[-7:]
    point = QPointF(400, 100)
    matrix.wheelEvent(
        QWheelEvent(
            point, point, QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.ControlModifier, Qt.ScrollPhase.NoScrollPhase, False,
        )
    )  # fmt: skip
    assert len(matrix._window()[0]) == 6


def test_the_lens_follows_the_arrows(matrix: ConfusionMatrix, qtbot: QtBot) -> None:
    large(matrix)
    for _ in range(12):
        qtbot.keyClick(matrix, Qt.Key.Key_Down)
    assert matrix.selection().true in matrix._window()[0]


def test_what_lies_under_the_mouse_is_told_also_in_the_overview(matrix: ConfusionMatrix, qtbot: QtBot) -> None:
    with qtbot.waitSignal(matrix.pointed) as told:
        qtbot.mouseMove(matrix, center(matrix, 3, 4))
    assert told.args == [Selection(3, 4)]
    assert matrix.read_out(Selection(3, 4)).endswith("16 % of roses, 21 % of what the model calls tulips")
    large(matrix)
    corner = matrix._overview_rect().topLeft().toPoint() + QPoint(1, 1)
    with qtbot.waitSignal(matrix.pointed) as told:
        qtbot.mouseMove(matrix, corner)
    first = matrix.order()[0]
    assert told.args == [Selection(first, first)]
    with qtbot.waitSignal(matrix.pointed) as told:
        QApplication.sendEvent(matrix, QEvent(QEvent.Type.Leave))
    assert told.args == [Selection()]


def test_plus_and_minus_zoom_and_ctrl_c_copies(matrix: ConfusionMatrix, qtbot: QtBot) -> None:
    large(matrix)
    for key, classes in ((Qt.Key.Key_Plus, 6), (Qt.Key.Key_Minus, 7), (Qt.Key.Key_Minus, 8)):
        qtbot.keyClick(matrix, key)
        assert len(matrix._window()[0]) == classes
    with qtbot.waitSignal(matrix.copy_requested):
        qtbot.keyClick(matrix, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)


def test_another_order_keeps_what_is_selected_in_view(matrix: ConfusionMatrix) -> None:
    large(matrix)
    matrix.select_cell(60, 60)
    matrix.set_order(range(99, -1, -1))
    assert 60 in matrix._window()[0]
    assert matrix.selection() == Selection(60, 60)
    assert matrix.table()[0][1] == "class 99"


@pytest.mark.parametrize("n", [2, 10, 101])
def test_all_of_it_can_be_drawn(matrix: ConfusionMatrix, n: int) -> None:
    matrix.set_matrix([f"class {k}" for k in range(n)], np.eye(n, dtype=int))
    picture = matrix.picture()
    image = QImage.fromData(picture.png())
    assert image.width() > 2 * n * 20
    drawing = picture.svg().decode()
    assert drawing.count("class ") == 2 * n
    assert drawing.startswith("<?xml")
