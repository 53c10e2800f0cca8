"""The small widgets: keyboard, names, signals."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, QSettings, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QHBoxLayout, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from tlstudio.ui import theme
from tlstudio.ui.widgets.bar import Bar
from tlstudio.ui.widgets.buttons import Button, IconButton
from tlstudio.ui.widgets.card import Card
from tlstudio.ui.widgets.chips import FilterChip
from tlstudio.ui.widgets.disclosure import Disclosure
from tlstudio.ui.widgets.drop_area import DropArea, describe_paths
from tlstudio.ui.widgets.empty_state import EmptyState
from tlstudio.ui.widgets.fields import ComboBox, LabelledField, NumberField, SearchField
from tlstudio.ui.widgets.help_dialog import HelpDialog, Shortcut, ShortcutGroup
from tlstudio.ui.widgets.interval_bar import Interval, IntervalBar
from tlstudio.ui.widgets.labels import ElidedLabel, TextLabel
from tlstudio.ui.widgets.left_out_sheet import LeftOutSheet
from tlstudio.ui.widgets.score_bars import Score, ScoreBars
from tlstudio.ui.widgets.segmented import Segmented
from tlstudio.ui.widgets.share_bar import Share, ShareBar
from tlstudio.ui.widgets.steps import Step, StepsRow
from tlstudio.ui.widgets.table import Table
from tlstudio.ui.widgets.toggles import CheckBox, Switch


@pytest.fixture(autouse=True)
def dressed(qapp: QApplication, tmp_path: Path) -> Iterator[None]:
    QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, str(tmp_path))
    theme.apply(qapp)
    theme.set_theme("light")
    yield
    theme.set_theme("system")


def shown(qtbot: QtBot, widget: QWidget) -> QWidget:
    qtbot.addWidget(widget)
    widget.show()
    widget.activateWindow()
    qtbot.waitUntil(widget.isActiveWindow)
    return widget


def typed(qtbot: QtBot, field: NumberField, words: str) -> QLineEdit:
    edit = field.focusProxy()
    assert isinstance(edit, QLineEdit)
    edit.selectAll()
    qtbot.keyClicks(edit, words)
    return edit


def notes(field: NumberField) -> list[str]:
    return [label.text() for label in field.findChildren(QLabel) if not label.isHidden()]


def test_a_number_out_of_range_says_the_range_and_the_last_one_stays(qtbot: QtBot) -> None:
    field = NumberField(20, 1, 100, unit="rounds", name="Rounds")
    shown(qtbot, field)
    told: list[float] = []
    field.value_changed.connect(told.append)
    edit = typed(qtbot, field, "150")
    assert notes(field) == ["Between 1 and 100 rounds."]
    assert field.value == 15, "the last number on the way that was right"
    qtbot.keyClick(edit, Qt.Key.Key_Return)
    assert edit.text() == "15"
    assert notes(field) == []
    qtbot.keyClick(edit, Qt.Key.Key_Up)
    assert told[-1] == 16
    for wrong in ("", "x", "1.5"):
        edit.selectAll()
        qtbot.keyClick(edit, Qt.Key.Key_Delete)
        qtbot.keyClicks(edit, wrong)
        assert notes(field) == ["Between 1 and 100 rounds."]


def test_a_number_with_decimals_takes_a_comma_too(qtbot: QtBot) -> None:
    field = NumberField(0.001, 0.00001, 1, decimals=5, name="Step")
    shown(qtbot, field)
    typed(qtbot, field, "0,05")
    assert field.value == pytest.approx(0.05)
    field.set_hint("Small steps are safe.")
    assert notes(field) == ["Small steps are safe."]


def test_segments_move_by_arrow_key_and_tell_once(qtbot: QtBot) -> None:
    segments = Segmented([("photos", "Photos"), ("percent", "Percent")], "Numbers as")
    shown(qtbot, segments)
    told: list[str] = []
    segments.changed.connect(told.append)
    first = segments.childAt(10, 10)
    first.setFocus()
    qtbot.keyClick(first, Qt.Key.Key_Right)
    assert told == ["percent"]
    segments.set_current("photos")
    assert told == ["percent"], "told by hand only"
    assert segments.current_key() == "photos"
    segments.set_count("percent", 1200)


def test_a_disclosure_remembers_that_it_was_opened(qtbot: QtBot) -> None:
    first = Disclosure("Choose myself", "model")
    shown(qtbot, first)
    content = TextLabel("inside")
    first.body.addWidget(content)
    assert not first.open
    assert not content.isVisible()
    with qtbot.waitSignal(first.toggled):
        first.set_open(True)
    assert content.isVisible()
    again, other = Disclosure("Choose myself", "model"), Disclosure("Choose myself", "training")
    for widget in (again, other):
        qtbot.addWidget(widget)
    assert again.open
    assert not other.open


@pytest.mark.parametrize("less", [0, 1], ids=["beside it", "under it"])
def test_what_stands_beside_a_title_leaves_it_its_room(qtbot: QtBot, less: int) -> None:
    made = Disclosure("Choose myself", "narrow")
    parts = Segmented([(words, words) for words in ("Network", "Last layers", "Learning")], "What to choose")
    made.add_beside_title(parts)
    made.set_open(True)
    qtbot.addWidget(made)
    title = made.findChild(QAbstractButton)
    assert title is not None
    assert parts.minimumSizeHint().width() < parts.sizeHint().width()
    made.resize(title.sizeHint().width() + 16 + parts.minimumSizeHint().width() - less, 200)
    made.show()
    qtbot.waitUntil(lambda: title.width() >= title.sizeHint().width())
    qtbot.waitUntil(lambda: (parts.y() > title.geometry().bottom()) == bool(less))
    assert made.rect().contains(parts.geometry())


@pytest.mark.parametrize("kind", [CheckBox, Switch])
def test_toggles_answer_to_space_and_to_a_click_on_the_words(qtbot: QtBot, kind: type[CheckBox] | type[Switch]) -> None:
    toggle = kind("In use")
    shown(qtbot, toggle)
    qtbot.keyClick(toggle, Qt.Key.Key_Space)
    assert toggle.isChecked()
    qtbot.mouseClick(toggle, Qt.MouseButton.LeftButton, pos=toggle.rect().center())
    assert not toggle.isChecked()


def test_a_drop_names_what_hovers_and_hands_on_the_paths(qtbot: QtBot, tmp_path: Path) -> None:
    area = DropArea("Drop more photos here", "a folder, a zip, or single files")
    shown(qtbot, area)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path)), QUrl("https://example.org/a.jpg")])
    actions, buttons, keys = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(area, QDragEnterEvent(area.rect().center(), actions, data, buttons, keys))
    titles = [label.text() for label in area.findChildren(QLabel)]
    assert tmp_path.name in titles
    with qtbot.waitSignal(area.dropped, check_params_cb=lambda paths: paths == [tmp_path]):
        QApplication.sendEvent(area, QDropEvent(QPointF(5, 5), actions, data, buttons, keys))
    assert area.findChildren(QLabel)[0].text() == "Drop more photos here"


def test_what_hovers_in_words(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    assert describe_paths([tmp_path / "a", tmp_path / "b", tmp_path / "c.jpg"]) == "2 folders and 1 file"


def test_buttons_are_never_narrower_than_their_words(qtbot: QtBot) -> None:
    button = Button("Download 229 MB", icon="download", key="D")
    shown(qtbot, button)
    assert button.minimumSizeHint() == button.sizeHint()
    wide = button.sizeHint().width()
    button.set_kind("text")
    assert button.sizeHint().width() < wide
    assert IconButton("dots", "More").accessibleName() == "More"


def test_names_for_screen_readers(qtbot: QtBot) -> None:
    interval, scores, shares, steps = IntervalBar(), ScoreBars(), ShareBar(), StepsRow()
    for widget in (interval, scores, shares, steps):
        qtbot.addWidget(widget)
    interval.set_interval(Interval(84, 94, 90.6, 25, "dandelion"))
    assert interval.accessibleName() == "84 to 94 of 100, measured 91; always saying dandelion: 25"
    scores.set_scores([Score("tulips", 4, 0.94), Score("roses", 3, 0.04)], 5)
    assert scores.accessibleName() == "tulips 94 %, roses 4 %"
    shares.set_shares([Share("To learn from", 1595, "accent"), Share("For the final exam", 0, "unsure")])
    assert shares.accessibleName() == "To learn from: 1,595, For the final exam: 0"
    steps.set_steps([Step("Read photos", "done", "6 s"), Step("Final exam")])
    assert steps.accessibleName() == "Read photos, done, 6 s; Final exam, to come"
    chip = FilterChip("Flagged")
    qtbot.addWidget(chip)
    chip.set_count(14)
    assert chip.accessibleName() == "Flagged, 14"
    box = ComboBox([("224 × 224", 224)])
    field = LabelledField("Size of the photos", box)
    qtbot.addWidget(field)
    assert box.accessibleName() == "Size of the photos"


def test_everything_paints_at_any_size_in_both_themes(qtbot: QtBot) -> None:
    interval, scores, shares, steps, bar = IntervalBar(), ScoreBars(), ShareBar(), StepsRow(), Bar()
    interval.set_interval(Interval(97, 100, 99, 98, "a class with quite a long name"))
    scores.set_scores([Score("a class with quite a long name", 9, 1.0)], 12)
    shares.set_shares([Share("To learn from", 0, "accent")])
    steps.set_steps([Step("Read photos", "running", "round 5 of 10")] * 4)
    bar.set_share(None)
    card = Card("Title")
    card.add_action(Button("Change", "text"))
    for widget in (interval, scores, shares, steps, bar, Button("Go"), SearchField("Find")):
        card.body.addWidget(widget)
    shown(qtbot, card)
    for mode in ("light", "dark"):
        theme.set_theme("dark" if mode == "dark" else "light")
        for width in (200, 300, 900):
            card.resize(width, 400)
            assert not card.grab().isNull()


def test_a_long_line_is_shortened_and_told_whole_in_the_tooltip(qtbot: QtBot) -> None:
    label = ElidedLabel("a name that is much too long for the place it has")
    shown(qtbot, label)
    label.resize(80, 20)
    assert label.text().endswith("…")
    assert label.toolTip() == label.full_text()
    label.setText("short")
    assert label.toolTip() == ""


def test_markup_in_names_stays_text(qtbot: QtBot) -> None:
    label = TextLabel("<b>roses</b>")
    qtbot.addWidget(label)
    assert label.textFormat() == Qt.TextFormat.PlainText


def test_an_empty_state_leads_on(qtbot: QtBot) -> None:
    state = EmptyState("image", "Nothing to look at yet", "After training you see it here.", "Go to training")
    shown(qtbot, state)
    with qtbot.waitSignal(state.activated):
        qtbot.keyClick(state.findChildren(Button)[0], Qt.Key.Key_Space)


def test_search_is_emptied_by_escape(qtbot: QtBot) -> None:
    field = SearchField("Find a class")
    shown(qtbot, field)
    qtbot.keyClicks(field, "ros")
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert field.text() == ""


def test_help_lists_every_key(qtbot: QtBot) -> None:
    dialog = HelpDialog([ShortcutGroup("Everywhere", (Shortcut("Ctrl+O", "Choose a folder"), Shortcut("F1", "Help")))])
    shown(qtbot, dialog)
    words = {label.text() for label in dialog.findChildren(QLabel)}
    assert {"Everywhere", "Choose a folder", "Help"} <= words
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_a_card_may_get_its_title_and_actions_later(qtbot: QtBot) -> None:
    card = Card()
    shown(qtbot, card)
    card.set_title("Classes")
    action = Button("Change", "text")
    card.add_action(action)
    card.add_footer(TextLabel("5 of 5 classes in use"))
    assert card.accessibleName() == "Classes"
    qtbot.waitUntil(action.isVisible)


def test_a_line_or_a_button_that_does_not_fit_is_shortened_and_not_cut(qtbot: QtBot) -> None:
    for made, side in ((TextLabel("Photos a second"), 20), (Button("Use my own weights file", "text"), 16)):
        qtbot.addWidget(made)
        height = made.sizeHint().height()
        made.resize(made.sizeHint().width(), height)
        whole = made.grab().toImage()
        narrow = made.width() // 2
        made.setMinimumWidth(0)
        made.resize(narrow, height)
        shortened = made.grab().toImage()
        assert shortened.copy(0, 0, side, height) == whole.copy(0, 0, side, height), "it begins as it did"
        assert shortened.copy(0, 0, narrow, height) != whole.copy(0, 0, narrow, height), "it ends in dots"


def test_titles_of_cards_stand_equally_high_with_and_without_an_action(qtbot: QtBot) -> None:
    row = QWidget()
    qtbot.addWidget(row)
    side_by_side = QHBoxLayout(row)
    plain, acting = Card("Rounds"), Card("Facts")
    acting.add_action(Button("All 63", "text", size="small"))
    for card in (plain, acting):
        card.body.addWidget(TextLabel("Nothing yet"))
        side_by_side.addWidget(card, 0, Qt.AlignmentFlag.AlignTop)
    row.show()
    middles = [label.mapTo(row, label.rect().center()).y() for label in row.findChildren(TextLabel)[::2]]
    assert [label.text() for label in row.findChildren(TextLabel)[::2]] == ["Rounds", "Facts"]
    assert max(middles) - min(middles) <= 1


def test_the_row_that_the_keyboard_is_on_is_framed(qtbot: QtBot) -> None:
    sheet = shown(qtbot, LeftOutSheet([("a.jpg", "Cut short"), ("b.jpg", "Empty")]))
    (table,) = sheet.findChildren(Table)
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(20, 10))
    by_mouse = table.viewport().grab().toImage()
    for _ in range(2):  # to the button, and back
        focused = sheet.focusWidget()
        assert focused is not None
        qtbot.keyClick(focused, Qt.Key.Key_Tab)
    assert table.hasFocus()
    by_key = table.viewport().grab().toImage()
    corner = 40, 1  # on the upper edge of the first row
    assert by_mouse.pixelColor(*corner) != theme.color("accent")
    assert by_key.pixelColor(*corner) == theme.color("accent")
