"""The list of classes."""

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tlstudio.ui.widgets.class_list import ClassList

# The offscreen platform says so of every window.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def classes(qtbot: QtBot) -> ClassList:
    made = ClassList()
    qtbot.addWidget(made)
    made.resize(240, 300)
    made.set_counts({f"bird {n}" if n else "albatross": n * 10 + 1 for n in range(151)})
    made.show()
    return made


def click(qtbot: QtBot, classes: ClassList, row: int) -> None:
    point = classes.visualRect(classes.model().index(row, 0)).center()
    qtbot.mouseClick(classes.viewport(), Qt.MouseButton.LeftButton, pos=point)


def test_a_click_selects_and_a_second_one_takes_it_back(classes: ClassList, qtbot: QtBot) -> None:
    with qtbot.waitSignal(classes.class_selected) as told:
        click(qtbot, classes, 2)
    assert told.args == ["bird 2"]
    with qtbot.waitSignal(classes.class_selected) as told:
        click(qtbot, classes, 2)
    assert told.args == [""]
    assert classes.selected_class() == ""


def test_typing_finds_a_class_and_esc_leaves_it(classes: ClassList, qtbot: QtBot) -> None:
    qtbot.keyClicks(classes, "bird 14")
    assert classes.selected_class() == "bird 14"
    qtbot.keyClick(classes, Qt.Key.Key_Escape)
    assert classes.selected_class() == ""


def test_a_search_keeps_a_selection_that_matches(classes: ClassList, qtbot: QtBot) -> None:
    classes.select_class("bird 7")
    classes.set_search("BIRD 7")
    assert classes.selected_class() == "bird 7"
    assert classes.model().rowCount() == 11
    with qtbot.waitSignal(classes.class_selected) as told:
        classes.set_search("albatross")
    assert told.args == [""]


def test_rows_are_32_high_and_speak(classes: ClassList) -> None:
    index = classes.model().index(0, 0)
    assert classes.visualRect(index).height() == 32
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "albatross, 1 photo"
    assert not classes.grab().isNull()


def test_the_focus_alone_selects_nothing(classes: ClassList, qtbot: QtBot) -> None:
    """Qt makes the first row current then; photos must not be filtered because somebody pressed Tab."""
    with qtbot.assertNotEmitted(classes.class_selected):
        QApplication.sendEvent(classes, QFocusEvent(QEvent.Type.FocusIn, Qt.FocusReason.TabFocusReason))
    assert classes.selected_class() == ""
