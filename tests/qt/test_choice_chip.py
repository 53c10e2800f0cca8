"""A chip that opens a list: short lists are walked, long ones searched."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListView, QWidget
from pytestqt.qtbot import QtBot

from tlstudio.ui.widgets.choice_chip import ChoiceChip
from tlstudio.ui.widgets.fields import SearchField
from tlstudio.ui.widgets.pick_list import Choice

# The offscreen platform says so of every window.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

ALL = Choice("All classes", None)


@pytest.fixture
def chip(qtbot: QtBot) -> Iterator[ChoiceChip]:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(400, 300)
    made = ChoiceChip(ALL, "Class", "Show only one class", window)
    made.wanted.connect(lambda: made.set_choices([ALL, *(Choice(f"bird {n}", n, 7, n) for n in range(151))], 151))
    window.show()
    yield made
    window.close()


def opened(qtbot: QtBot, chip: ChoiceChip) -> tuple[SearchField, QListView]:
    qtbot.mouseClick(chip, Qt.MouseButton.LeftButton)
    return chip.findChildren(SearchField)[0], chip.findChildren(QListView)[0]


def test_one_of_many_is_found_by_its_name(chip: ChoiceChip, qtbot: QtBot) -> None:
    search, entries = opened(qtbot, chip)
    assert entries.model().rowCount() == 152
    assert search.isVisible()
    qtbot.keyClicks(search, "BIRD 14")
    assert entries.model().rowCount() == 11
    qtbot.keyClick(search, Qt.Key.Key_Down)
    with qtbot.waitSignal(chip.chosen) as told:
        qtbot.keyClick(search, Qt.Key.Key_Return)
    assert told.args == [140]
    assert (chip.text(), chip.isChecked(), chip.accessibleName()) == ("bird 140", True, "Class: bird 140")
    search, entries = opened(qtbot, chip)
    assert entries.currentIndex().data() == "bird 140", "it opens where it was"
    assert entries.currentIndex().data(Qt.ItemDataRole.AccessibleTextRole) == "bird 140, 7, chosen"
    assert not chip.findChildren(QListView)[0].grab().isNull()


def test_nothing_found_and_nothing_picked_change_nothing(chip: ChoiceChip, qtbot: QtBot) -> None:
    search, entries = opened(qtbot, chip)
    qtbot.keyClicks(search, "owl")
    assert not entries.model().rowCount()
    with qtbot.assertNotEmitted(chip.chosen):
        qtbot.keyClick(search, Qt.Key.Key_Return)
    assert (chip.text(), chip.isChecked()) == ("All classes", False)


def test_a_short_list_needs_no_search(chip: ChoiceChip, qtbot: QtBot) -> None:
    chip.wanted.disconnect()
    chip.set_choices([ALL, Choice("daisy", 0)])
    search, entries = opened(qtbot, chip)
    assert not search.isVisible()
    qtbot.keyClick(entries, Qt.Key.Key_Down)
    with qtbot.waitSignal(chip.chosen) as told:
        qtbot.keyClick(entries, Qt.Key.Key_Return)
    assert told.args == [0]
