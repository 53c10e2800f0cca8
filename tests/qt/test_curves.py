"""The curves of a training."""

import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from tlstudio.events import EpochEnded
from tlstudio.training.history import History
from tlstudio.ui import theme
from tlstudio.ui.widgets.curve_plot import CurvePlot
from tlstudio.ui.widgets.curves import Curves

# The offscreen platform says so of every window.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def curves(qtbot: QtBot) -> Curves:
    made = Curves()
    qtbot.addWidget(made)
    made.resize(900, 500)
    made.show()
    return made


def plots(curves: Curves) -> tuple[CurvePlot, CurvePlot]:
    return curves._accuracy, curves._loss


def drawn(curves: Curves) -> int:
    return sum(len(line.getData()[0]) for line in curves._accuracy._lines if line.getData()[0] is not None)


def history(rounds: int) -> History:
    return History(
        ("head",),
        tuple(EpochEnded(0, n, 1 / (n + 1), 0.9, 1 / (n + 1), 0.89, 1.0, 1e-3, best=True) for n in range(rounds)),
    )


def test_what_is_added_is_drawn_later_and_only_once(
    curves: Curves, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    draws: list[int] = []
    real = curves._accuracy.draw
    monkeypatch.setattr(curves._accuracy, "draw", lambda data: (draws.append(1), real(data)))
    curves.start(10)
    curves.add_phase("head", 10)
    draws.clear()
    for step in range(5000):
        curves.add_batch(step / 5000, 0.5, 1.0)
    assert not draws
    qtbot.waitUntil(lambda: drawn(curves) == 2000)
    assert len(draws) == 1


def test_names_stand_inside_the_plot_and_apart(curves: Curves) -> None:
    for rounds in (1, 3, 40):
        curves.set_history(history(rounds))
        for plot in plots(curves):
            first, second = plot.name_rects()
            assert not first.intersects(second.adjusted(0, 2, 0, -2))
            assert plot.plot_rect().adjusted(-1, -1, 1, 1).contains(first)
            assert plot.plot_rect().adjusted(-1, -1, 1, 1).contains(second)


def test_the_empty_state_goes_when_a_training_starts(curves: Curves) -> None:
    assert curves._empty.isVisible()
    curves.start(5)
    assert not curves._empty.isVisible()
    curves.clear()
    assert curves._empty.isVisible()


def test_the_mouse_reads_a_round_out_and_leaving_ends_it(curves: Curves) -> None:
    curves.set_history(history(10))
    plot = curves._loss
    scene = plot._box.mapViewToScene(plot._box.mapToView(plot._box.rect().center()))
    plot._tell(scene)
    number = curves.hovered_round()
    assert number is not None
    assert f"Round {number}" in curves._readout.text()
    assert all(each._cursor.isVisible() for each in plots(curves))
    plot._tell(plot._box.mapToScene(-50, -50))
    assert curves.hovered_round() is None
    assert not curves._readout.isVisible()


def test_keys_read_rounds_out(curves: Curves, qtbot: QtBot) -> None:
    curves.set_history(history(4))
    for key, number in ((Qt.Key.Key_Left, 4), (Qt.Key.Key_Left, 3), (Qt.Key.Key_Right, 4), (Qt.Key.Key_Escape, None)):
        qtbot.keyClick(curves, key)
        assert curves.hovered_round() == number


def test_rounds_are_told_to_screen_readers(curves: Curves) -> None:
    curves.add_epoch(1, 0.5, 1.25, None, None)
    assert curves.accessibleDescription() == "Round 1, Learns from: 50.0 % right, error 1.25"


def test_the_lines_follow_the_theme(curves: Curves) -> None:
    curves.set_history(history(3))
    try:
        for mode, ink in (("light", "#0b7468"), ("dark", "#3cc7b0")):
            theme.set_theme(mode)
            assert curves._accuracy._lines[1].opts["pen"].color().name() == ink
    finally:
        theme.set_theme("system")


def test_nothing_of_the_plot_can_be_dragged_away(curves: Curves, qtbot: QtBot) -> None:
    curves.set_history(history(5))
    before = curves._accuracy._box.viewRange()
    viewport = curves._accuracy.widget.viewport()
    qtbot.mousePress(viewport, Qt.MouseButton.LeftButton, pos=QPoint(200, 60))
    qtbot.mouseMove(viewport, QPoint(300, 90))
    qtbot.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=QPoint(300, 90))
    assert curves._accuracy._box.viewRange() == before
