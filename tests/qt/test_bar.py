"""The thin bar of what is done."""

from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from tlstudio.ui.widgets.bar import Bar


class Counting(QWidget):
    """Counts how often it is painted."""

    painted = 0

    def paintEvent(self, _event: QPaintEvent) -> None:
        self.painted += 1


def test_a_new_share_leaves_the_painting_to_a_turn_of_its_own(qtbot: QtBot) -> None:
    window, beside, bar = QWidget(), Counting(), Bar()
    column = QVBoxLayout(window)
    column.addWidget(beside, 1)
    column.addWidget(bar)
    qtbot.addWidget(window)
    window.resize(200, 100)
    with qtbot.waitExposed(window):
        window.show()
    qtbot.waitUntil(lambda: beside.painted > 0)
    before = beside.painted
    beside.update()
    bar.set_share(0.5)
    assert beside.painted == before
    assert (bar.share, bar.value()) == (0.5, 500)
    qtbot.waitUntil(lambda: beside.painted > before)
