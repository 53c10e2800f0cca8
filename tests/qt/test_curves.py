"""The curves of a training."""

from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QWheelEvent
from PySide6.QtWidgets import QAbstractButton, QApplication
from pytestqt.qtbot import QtBot

from tlstudio.events import EpochEnded
from tlstudio.training.history import History
from tlstudio.ui import theme
from tlstudio.ui.widgets.curve_options import CurveOptions
from tlstudio.ui.widgets.curve_plot import CurvePlot, CurveView
from tlstudio.ui.widgets.curves import Curves
from tlstudio.ui.widgets.slider import Slider
from tlstudio.ui.widgets.toggles import Switch

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
    return sum(len(x) for x, _ in curves._accuracy.shown().values())


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
    monkeypatch.setattr(curves._accuracy, "draw", lambda *given: (draws.append(1), real(*given)))
    curves.start(10)
    curves.add_phase("head", 10)
    draws.clear()
    for step in range(5000):
        curves.add_batch(step / 5000, 0.5, 1.0)
    assert not draws
    qtbot.waitUntil(lambda: drawn(curves) > 0)
    assert drawn(curves) <= 2 * 900
    assert len(draws) == 1


@pytest.mark.parametrize("rate", [False, True], ids=["two plots", "three plots"])
def test_numbers_stay_apart_where_there_is_little_room(curves: Curves, qtbot: QtBot, rate: bool) -> None:
    curves.set_view(CurveView(rate=rate))
    curves.set_history(history(4))
    curves.resize(680, 210)  # the smallest window while a message stands in it

    def apart(plot: CurvePlot) -> bool:
        bottom, top = plot._box.viewRange()[1]
        places = [place for place, _ in plot._item.getAxis("left")._tickLevels[0]]
        pixels = plot.plot_rect().height() / (top - bottom)
        return len(places) > 1 and all((b - a) * pixels >= 16 for a, b in pairwise(places))

    qtbot.waitUntil(lambda: curves._accuracy.widget.height() < 100)
    qtbot.waitUntil(lambda: all(map(apart, plots(curves))))
    upper, lower = plots(curves)
    if not rate:  # the lower one names the rounds of both
        qtbot.waitUntil(lambda: upper.plot_rect().height() > lower.plot_rect().height())


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


def test_rounds_are_told_to_screen_readers(curves: Curves, qtbot: QtBot) -> None:
    curves.add_epoch(1, 0.5, 1.25, None, None)
    qtbot.waitUntil(lambda: curves.accessibleDescription() != "")
    assert curves.accessibleDescription() == "Round 1, Learns from: 50.0 % right, error 1.25"


def test_the_lines_follow_the_theme(curves: Curves) -> None:
    curves.set_history(history(3))
    try:
        for mode, ink in (("light", "#0b7468"), ("dark", "#3cc7b0")):
            theme.set_theme(mode)
            assert curves._accuracy.inks()[1].name() == ink
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


def test_each_plot_draws_its_own_curves_of_a_run_of_two_phases(curves: Curves) -> None:
    """What a run measured stands where it was measured: no curve of another figure, part or phase."""
    epochs = tuple(
        EpochEnded(phase, index, 2.0 - 0.1 * n, 0.1 * n, 3.0 - 0.1 * n, 0.05 * n, 1.0, 10.0 ** -(3 + phase), best=True)
        for n, (phase, index) in enumerate([(0, 0), (0, 1), (0, 2), (1, 0), (1, 1)], 1)
    )
    curves.set_view(CurveView(rate=True))
    curves.set_history(History(("head", "fine_tune"), epochs))
    expected = {
        "accuracy": [10, 20, 30, 40, 50],
        "val_accuracy": [5, 10, 15, 20, 25],
        "loss": [1.9, 1.8, 1.7, 1.6, 1.5],
        "val_loss": [2.9, 2.8, 2.7, 2.6, 2.5],
        "rate": [-3, -3, -3, -4, -4],  # on a logarithmic scale, since it spans a decade
    }
    drawn_now = {name: points for plot in curves._plots for name, points in plot.shown().items()}
    assert drawn_now.keys() == expected.keys()
    for name, values in expected.items():
        x, y = drawn_now[name]
        assert x.tolist() == [1, 2, 3, 4, 5]
        assert y.tolist() == pytest.approx(values), name


def test_the_wheel_zooms_a_drag_moves_and_a_double_click_shows_all_again(curves: Curves, qtbot: QtBot) -> None:
    curves.set_history(history(40))
    viewport = curves._loss.widget.viewport()
    place = QPointF(300, 60)
    wheel = QWheelEvent(
        place, viewport.mapToGlobal(place), QPoint(), QPoint(0, 240), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(viewport, wheel)
    span = curves.view().span
    assert span is not None
    assert 0 < span[0] < span[1] < 40
    assert curves._all.isVisible()
    assert all(x.min() >= span[0] for plot in plots(curves) for x, _ in plot.shown().values())
    qtbot.mousePress(viewport, Qt.MouseButton.LeftButton, pos=QPoint(300, 60))
    qtbot.mouseMove(viewport, QPoint(200, 60))
    qtbot.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=QPoint(200, 60))
    moved = curves.view().span
    assert moved is not None
    assert moved[0] > span[0]
    assert moved[1] - moved[0] == pytest.approx(span[1] - span[0])
    qtbot.mouseDClick(viewport, Qt.MouseButton.LeftButton, pos=QPoint(200, 60))
    assert curves.view().span is None
    assert not curves._all.isVisible()


def test_keys_zoom_move_and_show_all(curves: Curves, qtbot: QtBot) -> None:
    curves.set_history(history(40))
    qtbot.keyClick(curves, Qt.Key.Key_Plus)
    span = curves.view().span
    assert span is not None
    qtbot.keyClick(curves, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert curves.view().span > span
    qtbot.keyClick(curves, Qt.Key.Key_Home)
    first = curves.hovered_round()
    qtbot.keyClick(curves, Qt.Key.Key_End)
    assert first is not None
    assert 1 < first < (curves.hovered_round() or 0) <= 40
    for key in (Qt.Key.Key_Escape, Qt.Key.Key_Escape):
        qtbot.keyClick(curves, key)
    assert curves.view().span is None


def test_the_card_behind_the_sliders_changes_how_curves_are_looked_at(curves: Curves, qtbot: QtBot) -> None:
    curves.set_history(history(40))
    qtbot.mouseClick(curves._more, Qt.MouseButton.LeftButton)
    (card,) = curves.findChildren(CurveOptions)
    controls = [*card.findChildren(QAbstractButton), *card.findChildren(Slider)]
    assert all(control.toolTip() for control in controls)
    assert all(control.accessibleName() or control.text() for control in controls)
    slider, switches = card.findChild(Slider), {switch.text(): switch for switch in card.findChildren(Switch)}
    slider.setValue(80)
    switches["Error on a logarithmic scale"].click()
    switches["Learning rate, as a third plot"].click()
    assert not switches["Within every round, batch by batch"].isEnabled(), "a run on disk keeps no batches"
    assert curves.view() == CurveView(smoothing=0.8, log=True, rate=True)
    assert curves._rate.widget.isVisible()
    buttons = {button.text(): button for button in card.findChildren(QAbstractButton)}
    buttons["Closer"].click()
    assert curves.view().span is not None
    buttons["All rounds"].click()
    assert curves.view().span is None
    with qtbot.waitSignal(curves.save_requested) as asked:
        buttons["SVG"].click()
    assert asked.args == ["svg"]


def test_smoothing_leaves_the_lines_as_measured_behind(curves: Curves) -> None:
    curves.set_history(history(40))
    before = curves._loss.shown()["val_loss"][1]
    curves.set_view(CurveView(smoothing=0.9))
    line = curves._loss._lines[1]
    assert line._raw.isVisible()
    assert line._raw.getData()[1].tolist() == before.tolist()
    assert line.shown[1][-1] > before[-1], "the average lags behind a falling error"


def test_pictures_hold_what_is_shown(curves: Curves) -> None:
    curves.set_history(history(40))
    image = QImage.fromData(curves.picture(2).png())
    assert image.width() == 2 * (curves.width() + 48)
    assert curves._accuracy.inks()[1].name() in {
        image.pixelColor(x, y).name() for x in range(200, 1500, 2) for y in range(60, 400, 2)
    }
    drawing = curves.picture().svg().decode()
    assert "<svg" in drawing
    assert "Photos it has not seen" in drawing
    assert curves._more.isVisible()
