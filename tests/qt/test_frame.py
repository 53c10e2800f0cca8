"""The frame of the window: tabs, header, message bar, next-step bar."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tlstudio.ui import theme, theme_settings
from tlstudio.ui.palettes import DARK_CONTRAST, LIGHT
from tlstudio.ui.widgets.buttons import Button, IconButton
from tlstudio.ui.widgets.header import Header
from tlstudio.ui.widgets.message_bar import Message, MessageBar
from tlstudio.ui.widgets.next_step_bar import STOPPING, JobStatus, NextStep, NextStepBar
from tlstudio.ui.widgets.tab_strip import TabState, TabStrip

NAMES = ("Dataset", "Model", "Training", "Evaluation", "Predict")


@pytest.fixture(autouse=True)
def dressed(qapp: QApplication) -> Iterator[None]:
    theme.apply(qapp)
    theme.set_theme("light")
    yield
    theme.set_theme("system")
    theme.set_contrast(None)


def button(bar: MessageBar | NextStepBar, words: str) -> Button:
    return next(found for found in bar.findChildren(Button) if found.text() == words and not found.isHidden())


def test_tabs_tell_their_state_to_a_screen_reader(qtbot: QtBot) -> None:
    strip = TabStrip(NAMES)
    qtbot.addWidget(strip)
    assert strip.accessibleTabName(0) == "Dataset, step 1 of 5, not yet"
    strip.set_state(2, TabState("running", "Refining, 15 s left", 0.63))
    assert strip.accessibleTabName(2) == "Training, step 3 of 5, running, 63 percent"
    strip.set_state(0, TabState("done", "850 photos"))
    assert strip.accessibleTabName(0) == "Dataset, step 1 of 5, done, 850 photos"
    strip.set_state(0, TabState("attention", "Needs a look"))
    assert "needs a look" in strip.accessibleTabName(0)


def test_arrow_keys_walk_the_tabs(qtbot: QtBot) -> None:
    strip = TabStrip(NAMES)
    qtbot.addWidget(strip)
    strip.show()
    strip.setFocus()
    with qtbot.waitSignal(strip.currentChanged):
        qtbot.keyClick(strip, Qt.Key.Key_Right)
    assert strip.currentIndex() == 1


@pytest.mark.parametrize(("width", "tab"), [(1440, (176, 64)), (1100, (136, 64)), (960, (120, 56))])
def test_tabs_fit_the_window(qtbot: QtBot, width: int, tab: tuple[int, int]) -> None:
    header = Header(NAMES)
    qtbot.addWidget(header)
    header.project.set_project("A project with a very long name indeed", "Saved")
    header.resize(width, 64)
    header.show()
    assert header.width() == width, "nothing in it forces the window to be wider"
    qtbot.waitUntil(lambda: header.tabs.tabRect(0).size().toTuple() == tab)
    qtbot.waitUntil(lambda: header.tabs.width() == 5 * tab[0])
    assert header.height() == tab[1]


def test_light_dark_and_contrast_are_chosen_in_a_menu_and_kept(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, str(tmp_path))
    monkeypatch.setattr(theme, "_system_is_dark", lambda: False)
    theme.notifier().chosen.connect(theme_settings.keep)
    header = Header(NAMES)
    qtbot.addWidget(header)
    menu = next(found for found in header.findChildren(IconButton) if found.accessibleName() == "Colours").menu()
    entries = {action.text(): action for action in menu.actions()}
    assert entries["Light"].isChecked()
    entries["Dark"].trigger()
    entries["More contrast"].trigger()
    assert theme.current() is DARK_CONTRAST
    kept = QSettings().value("theme"), QSettings().value("contrast")
    theme.set_theme("light")
    theme.set_contrast(None)
    assert theme.current() is LIGHT
    theme.notifier().chosen.disconnect(theme_settings.keep)
    QSettings().setValue("theme", kept[0])
    QSettings().setValue("contrast", kept[1])
    theme_settings.restore()
    assert theme.current() is DARK_CONTRAST, "the next start finds it as it was left"
    assert entries["Dark"].isChecked()
    assert entries["More contrast"].isChecked()
    entries["As the system"].trigger()
    assert theme.current() is LIGHT
    assert not entries["More contrast"].isChecked()


def test_help_is_a_press_away(qtbot: QtBot) -> None:
    header = Header(NAMES)
    qtbot.addWidget(header)
    help_button = next(found for found in header.findChildren(IconButton) if found.accessibleName() == "Help")
    with qtbot.waitSignal(header.help_requested):
        qtbot.mouseClick(help_button, Qt.MouseButton.LeftButton)


def test_messages_stand_one_at_a_time_and_are_counted(qtbot: QtBot) -> None:
    bar = MessageBar()
    qtbot.addWidget(bar)
    assert bar.isHidden()
    bar.show_message(Message("a", "First"))
    bar.show_message(Message("b", "Second"))
    bar.show_message(Message("a", "First, again"))
    assert not bar.isHidden()
    assert bar.current is not None
    assert bar.current.title == "First, again"
    bar.close_current()
    assert bar.current is not None
    assert bar.current.title == "Second"
    bar.clear("unknown")
    bar.clear("b")
    assert bar.current is None
    assert bar.isHidden()


def test_a_fix_takes_the_place_of_the_main_button(qtbot: QtBot) -> None:
    bar, step = MessageBar(), NextStepBar()
    for widget in (bar, step):
        qtbot.addWidget(widget)
    bar.has_fix_changed.connect(step.set_waiting)
    step.show_step(NextStep("Ready to train", action="Train"))
    done: list[str] = []
    fix = Message("depth", "One folder too high.", "wrong", fix="Read it", on_fix=lambda: done.append("fixed"))
    bar.show_message(fix)
    assert button(step, "Train").kind == "outline"
    bar.show_message(Message("note", "A note."))
    assert button(step, "Train").kind == "filled"
    bar.close_current()
    assert button(step, "Train").kind == "outline"
    with qtbot.waitSignal(bar.closed):
        qtbot.mouseClick(button(bar, "Read it"), Qt.MouseButton.LeftButton)
    assert done == ["fixed"]
    assert button(step, "Train").kind == "filled"


def test_the_choice_of_a_message_is_called_after_it_has_gone(qtbot: QtBot) -> None:
    bar = MessageBar()
    qtbot.addWidget(bar)
    left: list[object] = []
    bar.show_message(Message("a", "A", choice="Undo", on_choice=lambda: left.append(bar.current)))
    qtbot.mouseClick(button(bar, "Undo"), Qt.MouseButton.LeftButton)
    assert left == [None]


def test_the_main_action_answers_to_its_key_only_where_it_is_available(qtbot: QtBot) -> None:
    bar = NextStepBar()
    qtbot.addWidget(bar)
    pressed: list[str] = []
    bar.action_triggered.connect(lambda: pressed.append("action"))
    bar.choice_triggered.connect(lambda: pressed.append("choice"))
    bar.show_step(NextStep("Not ready to train yet", "There is 1 class.", "Train", enabled=False))
    bar.trigger_action()
    assert "There is 1 class." in button(bar, "Train").toolTip()
    bar.show_step(NextStep("Ready", action="Train", choice="Choose the model"))
    bar.trigger_action()
    qtbot.mouseClick(button(bar, "Choose the model"), Qt.MouseButton.LeftButton)
    assert pressed == ["action", "choice"]
    bar.show_step(NextStep("Nothing to do"))
    bar.trigger_action()
    assert pressed == ["action", "choice"]


def test_stop_says_at_once_that_it_is_heard(qtbot: QtBot) -> None:
    bar = NextStepBar()
    qtbot.addWidget(bar)
    bar.show_job(JobStatus("Refining", "round 1 of 10", 0.1, "10 %"), "Stop and keep the best")
    assert bar.runs_job
    with qtbot.waitSignal(bar.stop_triggered):
        bar.trigger_stop()
    bar.show_job(JobStatus("Refining", "round 1 of 10", 0.12, "12 %"), "Stop and keep the best")
    assert not button(bar, STOPPING).isEnabled()
    bar.show_step(NextStep("Done"))
    assert not bar.runs_job
    bar.show_job(JobStatus("Classifying"))
    assert button(bar, "Stop").isEnabled()


def test_a_job_that_is_stopping_says_so_after_a_look_at_another_tab(qtbot: QtBot) -> None:
    bar = NextStepBar()
    qtbot.addWidget(bar)
    bar.show_job(JobStatus("Refining"), tab="training")
    bar.trigger_stop()
    bar.show_step(NextStep("Ready to classify"))
    bar.show_job(JobStatus("Refining", stopping=True), tab="training")
    assert not button(bar, STOPPING).isEnabled()
    bar.show_step(NextStep("Done"))
    bar.show_job(JobStatus("Refining"), tab="training")  # another training
    assert button(bar, "Stop").isEnabled()


def test_another_job_can_be_stopped_while_one_is_stopping(qtbot: QtBot) -> None:
    bar = NextStepBar()
    qtbot.addWidget(bar)
    bar.show_job(JobStatus("Refining"), tab="training")
    bar.trigger_stop()
    bar.show_job(JobStatus("Final exam"), tab="training")  # the same, which goes on to its end
    assert not button(bar, STOPPING).isEnabled()
    bar.show_job(JobStatus("Looking for wrong labels", name="labels"), tab="evaluation")
    assert button(bar, "Stop").isEnabled()
    bar.stop_triggered.connect(lambda: bar.show_job(JobStatus("Laying out", name="map"), tab="evaluation"))
    bar.trigger_stop()
    assert button(bar, "Stop").isEnabled()
