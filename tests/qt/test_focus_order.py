"""The Tab key: what it stops at, and in which order."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QScrollArea, QStackedWidget, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from tlstudio.ui.focus_order import in_reading_order, neighbour


@pytest.fixture
def page(qtbot: QtBot) -> Iterator[QWidget]:
    """Buttons that came into the window in another order than that of reading."""
    window = QWidget()
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    column.addWidget(QPushButton("last"))
    stack, shown = QStackedWidget(), QWidget()
    stack.addWidget(shown)
    stack.addWidget(QPushButton("on another page"))
    row, scrolled = QHBoxLayout(), QScrollArea()
    scrolled.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    scrolled.setWidget(QPushButton("scrolled"))
    inside = QVBoxLayout(shown)
    inside.addLayout(row)
    inside.addWidget(scrolled)
    off, field = QPushButton("off"), QLineEdit("field")
    off.setEnabled(False)
    for widget in (QPushButton("first"), field, off):
        row.addWidget(widget)
    shown.setFocusProxy(field)
    column.insertWidget(0, stack)
    row.insertWidget(1, QPushButton("late"))
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    yield window
    window.close()


def test_stops_are_those_of_reading_however_they_came(page: QWidget) -> None:
    assert [stop.text() for stop in in_reading_order(page)] == ["first", "late", "field", "scrolled", "last"]


def test_tab_goes_round_both_ways(page: QWidget) -> None:
    stops = in_reading_order(page)
    stops[-1].setFocus()
    assert neighbour(page, forward=True) is stops[0]
    assert neighbour(page, forward=False) is stops[-2]
    stops[0].setFocus()
    assert neighbour(page, forward=False) is stops[-1]
