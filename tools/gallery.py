"""Grab every reusable widget, light and dark, into a folder: ``python tools/gallery.py FOLDER``."""

import argparse
import os
import sys
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QFont
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLayout, QLineEdit, QMenu, QVBoxLayout, QWidget

from tlstudio.ui import icons, theme
from tlstudio.ui.widgets.bar import Bar
from tlstudio.ui.widgets.buttons import Button, IconButton
from tlstudio.ui.widgets.card import Card, Hairline
from tlstudio.ui.widgets.chips import Badge, ClassChip, FilterChip
from tlstudio.ui.widgets.disclosure import Disclosure
from tlstudio.ui.widgets.drop_area import DropArea
from tlstudio.ui.widgets.empty_state import EmptyState, IconLabel
from tlstudio.ui.widgets.fields import ComboBox, LabelledField, NumberField, SearchField
from tlstudio.ui.widgets.header import Header
from tlstudio.ui.widgets.help_dialog import HelpDialog, Shortcut, ShortcutGroup
from tlstudio.ui.widgets.interval_bar import Interval, IntervalBar
from tlstudio.ui.widgets.labels import TextLabel
from tlstudio.ui.widgets.message_bar import Message, MessageBar, MessageKind
from tlstudio.ui.widgets.next_step_bar import JobStatus, NextStep, NextStepBar
from tlstudio.ui.widgets.score_bars import Score, ScoreBars
from tlstudio.ui.widgets.segmented import Segmented
from tlstudio.ui.widgets.share_bar import Share, ShareBar
from tlstudio.ui.widgets.steps import Step, StepsRow
from tlstudio.ui.widgets.tab_strip import TabState
from tlstudio.ui.widgets.toggles import CheckBox, Switch

TABS = ("Dataset", "Model", "Training", "Evaluation", "Predict")


def row(*widgets: QWidget, spacing: int = 12) -> QHBoxLayout:
    """Widgets side by side, at the left."""
    box = QHBoxLayout()
    box.setSpacing(spacing)
    for widget in widgets:
        box.addWidget(widget, 0, Qt.AlignmentFlag.AlignTop)
    box.addStretch(1)
    return box


def card(title: str, *parts: QWidget | QLayout) -> Card:
    """A card with parts under each other."""
    made = Card(title)
    for part in parts:
        if isinstance(part, QWidget):
            made.body.addWidget(part)
        else:
            made.body.addLayout(part)
    made.body.addStretch(1)
    return made


def buttons_card() -> Card:
    off = Button("Not yet", "filled")
    off.setEnabled(False)
    return card(
        "Buttons",
        row(
            Button("Train", "filled"),
            Button("Try"),
            Button("Accept", "soft", key="Enter"),
            Button("Leave out", "quiet", key="X"),
        ),
        row(Button("With focus", "filled"), off, Button("Delete run", "danger"), Button("Choose the model", "text")),
        row(
            Button("Download 229 MB", icon="download"),
            Button("Save", size="small"),
            Button("Show", "text", size="small"),
            IconButton("sliders", "Options", framed=True),
            IconButton("dots", "More"),
        ),
    )


def fields_card() -> Card:
    wrong = NumberField(10, 1, 100, unit="rounds", name="Rounds")
    (edit,) = wrong.findChildren(QLineEdit)
    edit.setText("150")
    edit.textEdited.emit("150")
    usual = NumberField(20, 1, 100, unit="rounds", name="Rounds")
    usual.set_hint("Usually enough for 850 photos.")
    for field in (wrong, usual):
        field.setFixedWidth(200)
    ticked, on = CheckBox("In use"), Switch("On")
    ticked.setChecked(True)
    on.setChecked(True)
    size = ComboBox([("224 × 224", 224), ("160 × 160", 160)])
    return card(
        "Fields that say what is wrong",
        row(wrong, usual, spacing=16),
        row(ticked, CheckBox("Left out"), on, Switch("Off"), spacing=20),
        LabelledField("Size of the photos", size, term="input size"),
        SearchField("Find a class"),
    )


def score_card() -> Card:
    bar = IntervalBar()
    bar.set_interval(Interval(84, 94, 90.6, 25, "dandelion"))
    narrow = IntervalBar()
    narrow.set_interval(Interval(97, 100, 99, 90, "a class with a long name"))
    scores = ScoreBars()
    scores.set_scores([Score("tulips", 4, 0.94), Score("roses", 3, 0.04), Score("daisy", 0, 0.01)], 5)
    return card("How good it is", bar, narrow, Hairline(), scores)


def share_card() -> Card:
    shares = ShareBar()
    shares.set_shares(
        [
            Share("To learn from", 595, "accent"),
            Share("To check while learning", 128, "learn"),
            Share("For the final exam", 127, "unsure"),
        ]
    )
    made = card("How the photos are shared out", shares)
    made.add_action(Button("Change", "text", size="small"))
    return made


def steps_card() -> Card:
    steps = StepsRow()
    steps.set_steps(
        [
            Step("Read photos", "done", "6 s"),
            Step("Learn the classes", "done", "9 s"),
            Step("Refine", "running", "round 5 of 10"),
            Step("Final exam"),
        ]
    )
    bar = Bar()
    bar.set_share(0.63)
    return card(
        "",
        TextLabel("Still learning", "headline"),
        TextLabel("Of the photos it has not learnt from, it now gets 91 of 100 right.", "text", "text2"),
        steps,
        bar,
    )


def chips_card() -> Card:
    chosen = FilterChip("All photos")
    chosen.set_count(850)
    chosen.setChecked(True)
    unsure = FilterChip("Unsure", glyph="question", glyph_token="unsure")  # noqa: S106 - a colour
    unsure.set_count(790)
    views = Segmented([("overview", "Overview"), ("classes", "Classes"), ("labels", "Labels to check")], "View")
    views.set_count("labels", 6)
    disclosure = Disclosure("Choose myself", "gallery")
    disclosure.body.addWidget(TextLabel("The expert controls.", "secondary", "text2"))
    disclosure.set_open(True)
    disclosure.add_beside_title(Segmented([("network", "Network"), ("head", "Last layers")], "Part"))
    badges = row(ClassChip("labelled roses", 3, 5), Badge("Recommended for your photos"), Badge("Blurred", "unsure"))
    return card("Chips and choices", row(chosen, unsure), row(views), badges, disclosure)


def icons_card() -> Card:
    names = sorted(icons.GLYPHS)
    half = len(names) // 2
    lines = [row(*(IconLabel(name, "text", 24) for name in part)) for part in (names[:half], names[half:])]
    return card("Icons", *lines)


def messages() -> list[MessageBar]:
    made = []
    for kind, title, line, choice, fix in (
        (
            "wrong",
            "This looks like one folder too high.",
            "“Pictures” holds a single folder. The 5 folders of photos are in “Garden flowers”.",
            "Keep as it is",
            "Read “Garden flowers”",
        ),
        ("info", "A run stopped 2 hours ago in round 12.", "", "Go on", ""),
        ("done", "48 photos sorted into 5 folders.", "", "Undo", ""),
        (
            "unsure",
            "There are only 12 exam photos.",
            "Of 100 new photos, 55 to 95 may be right: too few to tell.",
            "",
            "",
        ),
    ):
        bar = MessageBar()
        known: MessageKind = kind  # type: ignore[assignment]
        if kind == "wrong":
            bar.show_message(Message("other", "Another"))
        bar.show_message(Message(kind, title, known, line, fix=fix, choice=choice))
        made.append(bar)
    return made


def header() -> Header:
    made = Header(TABS)
    made.project.set_project("Garden flowers", "Saved")
    made.project.setMenu(QMenu(made))
    for index, state in enumerate(
        (
            TabState("done", "850 photos"),
            TabState("attention", "Needs a look"),
            TabState("running", "Refining, 15 s left", 0.63),
            TabState("number", "After training"),
            TabState("number", "After training"),
        )
    ):
        made.tabs.set_state(index, state)
    made.tabs.setCurrentIndex(2)
    return made


def frame() -> QWidget:
    """The frame of the window, with cards as its page."""
    window = QWidget()
    column = QVBoxLayout(window)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    job, ready, missing = NextStepBar(), NextStepBar(), NextStepBar()
    job.show_job(JobStatus("Refining", "round 5 of 10, batch 12 of 19", 0.63, "63 %"), "Stop and keep the best")
    ready.show_step(
        NextStep(
            "Ready to train",
            "850 photos in 5 classes. This will take about 40 seconds.",
            "Train",
            choice="Choose the model",
        )
    )
    missing.show_step(
        NextStep("Not ready to train yet", "At least 2 classes are needed. There is 1.", "Train", enabled=False)
    )
    page = QHBoxLayout()
    page.setContentsMargins(24, 24, 24, 24)
    page.setSpacing(24)
    page.addWidget(steps_card(), 1)
    page.addWidget(DropArea("Drop more photos here", "a folder, a zip, or single files"))
    empty = Card()
    empty.body.addWidget(
        EmptyState(
            "image",
            "Nothing to look at yet",
            "After training you see here what the model gets right and wrong.",
            "Go to training",
        )
    )
    page.addWidget(empty)
    column.addWidget(header())
    for message in messages():
        column.addWidget(message)
    column.addLayout(page, 1)
    for bar in (ready, missing, job):
        column.addWidget(bar)
    return window


def components() -> QWidget:
    """All small widgets on cards."""
    window = QWidget()
    columns = QHBoxLayout(window)
    columns.setContentsMargins(24, 24, 24, 24)
    columns.setSpacing(24)
    for cards in ((buttons_card(), fields_card(), share_card()), (chips_card(), score_card(), icons_card())):
        column = QVBoxLayout()
        column.setSpacing(16)
        for made in cards:
            column.addWidget(made)
        column.addStretch(1)
        columns.addLayout(column, 1)
    return window


def help_window() -> QWidget:
    groups = (
        ShortcutGroup(
            "Everywhere",
            (
                Shortcut("Ctrl+O", "Choose a folder"),
                Shortcut("Ctrl+Return", "The filled button"),
                Shortcut("Shift+F8", "Stop"),
            ),
        ),
        ShortcutGroup(
            "Photos", (Shortcut("arrows", "Walk from photo to photo"), Shortcut("Enter", "Show the photo large"))
        ),
    )
    return HelpDialog(groups)


def grab(widget: QWidget, width: int, height: int, target: Path) -> None:
    """Show ``widget`` at a size and save what it looks like."""
    widget.resize(width, height)
    widget.show()
    widget.activateWindow()
    QApplication.processEvents()
    for button in widget.findChildren(Button):
        if button.text() == "With focus":
            button.setFocus()
            # The ring answers to keys alone: step away and back as a person would.
            QTest.keyClick(button, Qt.Key.Key_Tab)
            QTest.keyClick(widget, Qt.Key.Key_Backtab)
    QApplication.processEvents()
    widget.grab().save(str(target))
    widget.close()
    widget.deleteLater()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--font", default="Inter")
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, str(arguments.folder / "settings"))
    app = QApplication(sys.argv[:1])
    font = QFont(arguments.font)
    font.setPixelSize(14)
    app.setFont(font)
    theme.apply(app)
    for mode in ("light", "dark"):
        theme.set_theme("dark" if mode == "dark" else "light")
        grab(components(), 1440, 900, arguments.folder / f"components-{mode}.png")
        grab(frame(), 1440, 900, arguments.folder / f"frame-{mode}.png")
        grab(frame(), 1100, 700, arguments.folder / f"frame-small-{mode}.png")
        grab(header(), 960, 56, arguments.folder / f"header-minimal-{mode}.png")
        grab(help_window(), 520, 420, arguments.folder / f"help-{mode}.png")
    print(f"Saved in {arguments.folder}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
