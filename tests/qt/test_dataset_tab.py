"""The Dataset tab, driven as a person does: drops, clicks, keys."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from tlstudio import paths
from tlstudio.datasets.dataset import Dataset, Ignored, Rejected, Sample
from tlstudio.datasets.looks.looks import NOT_LOOKED_AT, looks_of
from tlstudio.datasets.problems import find_problems
from tlstudio.datasets.splits.split import SplitConfig, split
from tlstudio.runs.run import SCHEMA, Run, Scores
from tlstudio.runs.store import StoredRun
from tlstudio.training.history import History
from tlstudio.training.recipes import config_for, spec_for
from tlstudio.ui.session import Session
from tlstudio.ui.tabs.dataset.classes.classes_card import balance_in_words
from tlstudio.ui.tabs.dataset.dataset_tab import DatasetTab
from tlstudio.ui.tabs.dataset.dropped_folder import describe_drop
from tlstudio.ui.tabs.dataset.health.folder_tree import folder_rows
from tlstudio.ui.tabs.dataset.health.health_card import find_all
from tlstudio.ui.tabs.dataset.photos.large_photo import LargePhoto
from tlstudio.ui.tabs.dataset.photos.photo_filter import PhotoFilter
from tlstudio.ui.widgets.buttons import Button
from tlstudio.ui.widgets.chips import FilterChip
from tlstudio.ui.widgets.class_list import ClassList
from tlstudio.ui.widgets.message_bar import Message
from tlstudio.ui.widgets.photo_grid import PhotoGrid
from tlstudio.ui.widgets.share_bar import ShareBar
from tlstudio.ui.widgets.table import Table
from tlstudio.ui.widgets.thumbnails import ThumbnailCache
from tlstudio.ui.widgets.toggles import Switch
from tlstudio.ui.words.wording import day_in_words, split_message

# The offscreen platform says so of every window.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

ClassFolders = Callable[..., Path]


@pytest.fixture
def tab(session: Session, qtbot: QtBot) -> Iterator[DatasetTab]:
    cache = ThumbnailCache()
    made = DatasetTab(session, cache)
    qtbot.addWidget(made)
    made.resize(1100, 560)
    made.show()
    yield made
    cache.shutdown()


@pytest.fixture
def posted(session: Session) -> list[Message]:
    messages: list[Message] = []
    session.posted.connect(messages.append)
    return messages


def read(qtbot: QtBot, session: Session, folder: Path) -> Dataset:
    with qtbot.waitSignal(session.photos.scan_ended, timeout=20_000):
        session.photos.open_folder(folder)
    assert session.photos.dataset is not None
    return session.photos.dataset


def words(widget: QWidget) -> list[str]:
    return [label.text() for label in widget.findChildren(QLabel) if label.isVisible()]


def button(tab: QWidget, text: str) -> Button:
    return next(found for found in tab.findChildren(Button) if found.text() == text and found.isVisible())


def click(qtbot: QtBot, widget: QWidget) -> None:
    QApplication.processEvents()  # or the layout moves it away between press and release
    qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)


def grid(tab: DatasetTab) -> PhotoGrid:
    (found,) = tab.findChildren(PhotoGrid)
    return found


def chip(tab: DatasetTab, text: str) -> FilterChip:
    return next(found for found in tab.findChildren(FilterChip) if found.text() == text)


def drop(widget: QWidget, *dropped: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in dropped])
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    copy = Qt.DropAction.CopyAction
    # Qt delivers a drop only to whom it has shown what hovers.
    QApplication.sendEvent(widget, QDragEnterEvent(QPoint(8, 8), copy, data, left, none))
    QApplication.sendEvent(widget, QDropEvent(QPointF(8, 8), copy, data, left, none))


def test_welcome_says_what_to_do_and_offers_nothing_filled_at_the_bottom(tab: DatasetTab) -> None:
    assert tab.state().text == "Start here"
    assert tab.next_step().title
    assert tab.next_step().action == ""
    assert "Drop a folder of photos here" in words(tab)
    assert "Go on with" not in words(tab)


def test_a_dropped_folder_becomes_photos_that_can_be_trained_on(
    tab: DatasetTab, session: Session, qtbot: QtBot, class_folders: ClassFolders
) -> None:
    folder = class_folders({"daisy": 8, "rose": 6})
    with qtbot.waitSignal(session.photos.scan_ended, timeout=20_000):
        drop(tab, folder)
        assert tab.state().kind == "running"
        assert tab.job_status() is not None
    assert (tab.state().kind, tab.state().text) == ("done", "14 photos")
    assert tab.next_step().line == "14 photos in 2 classes."
    assert tab.next_step().enabled
    assert tab.job_status() is None
    assert len(grid(tab).items()) == 14


def test_stop_while_reading_leads_back(
    tab: DatasetTab, session: Session, qtbot: QtBot, class_folders: ClassFolders
) -> None:
    with qtbot.waitSignal(session.photos.scan_ended, timeout=20_000):
        session.photos.open_folder(class_folders({"daisy": 40, "rose": 40}))
        tab.stop_job()
    assert session.photos.dataset is None
    assert tab.state().text == "Start here"
    assert tab.job_status() is None


def test_a_dropped_file_is_told_how(tab: DatasetTab, session: Session, posted: list[Message], tmp_path: Path) -> None:
    file = tmp_path / "daisy.jpg"
    file.write_bytes(b"x")
    drop(tab, file)
    assert not session.photos.scanning
    assert "is neither a folder nor an archive" in posted[-1].title
    assert "folder" in posted[-1].line


def test_several_dropped_folders_offer_the_one_they_lie_in(
    tab: DatasetTab, session: Session, qtbot: QtBot, posted: list[Message], class_folders: ClassFolders
) -> None:
    folder = class_folders({"daisy": 4, "rose": 4})
    drop(tab, folder / "daisy", folder / "rose")
    assert posted[-1].fix == "Read “photos”"
    with qtbot.waitSignal(session.photos.scan_ended, timeout=20_000):
        assert posted[-1].on_fix is not None
        posted[-1].on_fix()
    assert session.photos.trainable


def test_what_hovers_is_named_with_its_folders(class_folders: ClassFolders) -> None:
    assert describe_drop([class_folders({"daisy": 1, "rose": 1})]) == "photos: 2 folders"


def test_a_click_on_a_class_filters_and_a_second_one_shows_all(
    tab: DatasetTab, session: Session, qtbot: QtBot, class_folders: ClassFolders
) -> None:
    read(qtbot, session, class_folders({"daisy": 8, "rose": 6}))
    (classes,) = tab.findChildren(ClassList)
    place = classes.visualRect(classes.model().index(1, 0)).center()
    qtbot.mouseClick(classes.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert {item.class_name for item in grid(tab).items()} == {"rose"}
    assert chip(tab, "All photos").accessibleName() == "All photos, 6"
    qtbot.mouseClick(classes.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert len(grid(tab).items()) == 14


def test_chips_and_search_narrow_the_grid(
    tab: DatasetTab, session: Session, qtbot: QtBot, class_folders: ClassFolders
) -> None:
    read(qtbot, session, class_folders({"daisy": 10, "rose": 10}))
    assert session.photos.split is not None
    click(qtbot, chip(tab, "Final exam"))
    assert len(grid(tab).items()) == len(session.photos.split.test)
    click(qtbot, chip(tab, "All photos"))
    field = next(found for found in tab.findChildren(QLineEdit) if found.accessibleName() == "Find by name")
    qtbot.keyClicks(field, "rose/photo_003")
    assert [item.path.name for item in grid(tab).items()] == ["photo_003.jpg"]
    qtbot.keyClicks(field, "x")
    assert any("contains" in text for text in words(tab))


def test_enter_shows_a_photo_large_and_arrows_walk_on(
    tab: DatasetTab, session: Session, qtbot: QtBot, class_folders: ClassFolders
) -> None:
    read(qtbot, session, class_folders({"daisy": 4, "rose": 4}))
    grid(tab).select_row(0)
    qtbot.keyClick(grid(tab), Qt.Key.Key_Return)
    large = tab.findChild(LargePhoto)
    assert large is not None
    assert "48 × 36 px" in words(large)
    qtbot.waitUntil(large.isActiveWindow)
    qtbot.keyClick(large, Qt.Key.Key_Right)
    assert "Photo 2 of 8" in words(large)
    assert grid(tab).currentIndex().row() == 1
    with qtbot.waitSignal(large.finished):
        qtbot.keyClick(large, Qt.Key.Key_Escape)


def test_unreadable_files_are_listed_with_reasons_and_copied(
    tab: DatasetTab, session: Session, qtbot: QtBot, class_folders: ClassFolders
) -> None:
    folder = class_folders({"daisy": 4, "rose": 4})
    (folder / "daisy" / "broken.jpg").write_bytes(b"")
    (folder / "Thumbs.db").write_bytes(b"x")
    dataset = read(qtbot, session, folder)
    assert "10 files, all accounted for" in words(tab)
    show = next(found for found in tab.findChildren(Button) if found.accessibleName().startswith("Show: 1 photo can't"))
    click(qtbot, show)
    (files,) = (found for found in tab.findChildren(Table) if found.isVisible())
    assert files.isVisible()
    click(qtbot, button(tab, "Copy list"))
    assert QGuiApplication.clipboard().text() == f"daisy/broken.jpg\t{dataset.rejected[0].reason}"
    click(qtbot, button(tab, "Back to the photos"))
    assert grid(tab).isVisible()


def test_a_folder_too_high_offers_the_right_one(
    tab: DatasetTab, session: Session, qtbot: QtBot, posted: list[Message], class_folders: ClassFolders, tmp_path: Path
) -> None:
    (tmp_path / "Pictures").mkdir()
    shutil.move(class_folders({"daisy": 4, "rose": 5}), tmp_path / "Pictures" / "Garden flowers")
    read(qtbot, session, tmp_path / "Pictures")
    assert tab.state() == replace(tab.state(), kind="attention", text="Needs a look")
    assert tab.next_step().line == "At least 2 classes are needed. There is 1."
    assert not tab.next_step().enabled
    assert posted[-1].title == "This looks like one folder too high."
    assert posted[-1].fix == "Read “Garden flowers”"
    assert "How the folder is read now" in words(tab)
    with qtbot.waitSignal(session.photos.scan_ended, timeout=20_000):
        click(qtbot, button(tab, "Read “Garden flowers”"))
    assert tab.next_step().enabled
    assert "How the folder is read now" not in words(tab)


def test_an_empty_folder_says_so(
    tab: DatasetTab, session: Session, qtbot: QtBot, posted: list[Message], tmp_path: Path
) -> None:
    (tmp_path / "empty").mkdir()
    read(qtbot, session, tmp_path / "empty")
    assert posted[-1].title == "There are no photos in “empty”."
    assert "This folder holds no photos that can be read." in words(tab)
    assert not tab.next_step().enabled


def test_shares_are_changed_once_they_make_a_whole(
    tab: DatasetTab, session: Session, qtbot: QtBot, class_folders: ClassFolders
) -> None:
    read(qtbot, session, class_folders({"daisy": 10, "rose": 10}))
    click(qtbot, button(tab, "Change"))
    fields = {found.accessibleName(): found for found in tab.findChildren(QLineEdit)}
    learn, exam = fields["To learn from, in percent"], fields["For the final exam, in percent"]
    learn.selectAll()
    qtbot.keyClicks(learn, "60")
    assert any("add up to 100 %" in text for text in words(tab))
    assert session.photos.split_config == SplitConfig()
    exam.selectAll()
    with qtbot.waitSignal(session.photos.edited, timeout=20_000):
        qtbot.keyClicks(exam, "25")
    assert session.photos.split_config.shares == pytest.approx((0.6, 0.15, 0.25))
    assert session.photos.split is not None
    (bar,) = tab.findChildren(ShareBar)
    assert f"For the final exam: {len(session.photos.split.test)}" in bar.accessibleName()
    learn.selectAll()
    qtbot.keyClicks(learn, "0")
    assert any(text.startswith("Between 1 and 100") for text in words(tab))


def test_varied_copies_follow_the_recipe_until_switched(
    tab: DatasetTab, session: Session, qtbot: QtBot, class_folders: ClassFolders
) -> None:
    read(qtbot, session, class_folders({"daisy": 4, "rose": 4}))
    switch = next(found for found in tab.findChildren(Switch) if found.accessibleName() == "Varied copies of photos")
    session.set_choices(session.choices.with_spec(spec_for("small_cnn", "none")))
    assert switch.isChecked()
    session.set_choices(session.choices.with_spec(spec_for("mobilenet_v2_1.0", "imagenet")))
    assert not switch.isChecked()
    qtbot.mouseClick(switch, Qt.MouseButton.LeftButton, pos=QPoint(4, 4))
    assert session.choices.augmentation is not None
    assert session.choices.augmentation.views == 3
    views = next(found for found in tab.findChildren(QWidget) if found.accessibleName().startswith("A photo and eight"))
    blank = views.grab().toImage()
    qtbot.waitUntil(lambda: views.grab().toImage() != blank, timeout=10_000)


def stored_run(root: Path, classes: tuple[str, ...], samples: tuple[Sample, ...]) -> StoredRun:
    spec, config = spec_for("small_cnn", "none"), SplitConfig()
    shared_out = split(Dataset(str(root), classes, samples), config)
    run = Run(
        schema=SCHEMA, name="photos 1", created=datetime.now(UTC).isoformat(), status="complete", root=str(root),
        classes=classes, samples=samples, split=shared_out, split_config=config,
        rejected=(), spec=spec, trained_from="photo", weights_digest="", config=config_for(spec), history=History(()),
        validation=None, test=Scores(0.884, 0.4), seconds={}, versions={},
    )  # fmt: skip
    return StoredRun(paths.runs_dir() / "photos 1", run)


def samples_of(counts: dict[str, int], digest: str = "{name}{number}") -> tuple[Sample, ...]:
    return tuple(
        Sample(f"{name}/{number}.jpg", name, 8, 8, digest.format(name=name, number=number))
        for name, count in counts.items()
        for number in range(count)
    )


def test_runs_on_disk_are_listed_and_open_with_a_click(
    tab: DatasetTab, session: Session, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = stored_run(tmp_path / "Garden flowers", ("a", "b"), samples_of({"a": 6, "b": 6}))
    opened: list[Path] = []
    monkeypatch.setattr(session, "open_run", opened.append)
    session.runs_listed.emit([run])
    row = next(found for found in tab.findChildren(QAbstractButton) if "Garden flowers" in found.accessibleName())
    assert row.accessibleName() == "Go on with Garden flowers, 12 photos, about 88 of 100 right, today"
    assert "Go on with" in words(tab)
    click(qtbot, row)
    assert not session.photos.scanning
    session.runs_listed.emit([])
    assert "Go on with" not in words(tab)


def test_a_run_whose_photos_are_gone_says_so(tab: DatasetTab, session: Session, qtbot: QtBot, tmp_path: Path) -> None:
    run = stored_run(tmp_path / "gone", ("a", "b"), samples_of({"a": 6, "b": 6}))
    session.stored, session.photos.split = run, run.run.split
    session.photos.dataset = Dataset(run.run.root, run.run.classes, run.run.samples)
    session.photos.changed.emit()
    qtbot.waitUntil(lambda: "Its photos aren't there any more" in words(tab), timeout=10_000)
    assert tab.state().kind == "attention"
    assert not tab.next_step().enabled
    assert tab.next_step().choice == "Choose a folder"


@pytest.mark.parametrize("with_photos", [False, True])
def test_every_control_has_a_name_and_says_what_it_does(
    tab: DatasetTab, session: Session, qtbot: QtBot, class_folders: ClassFolders, with_photos: bool
) -> None:
    session.runs_listed.emit([stored_run(Path("photos"), ("a",), samples_of({"a": 3}))])
    if with_photos:
        read(qtbot, session, class_folders({"daisy": 4, "rose": 4}))
        click(qtbot, button(tab, "Change"))
    controls = [
        found for kind in (QAbstractButton, QLineEdit, ClassList, PhotoGrid) for found in tab.findChildren(kind)
    ]
    mute = [
        (type(found).__name__, found.accessibleName(), getattr(found, "text", str)())
        for found in controls
        if found.isVisible() and not ((found.accessibleName() or found.text()) and found.toolTip())
    ]
    assert controls
    assert not mute


def test_findings_account_for_every_file_the_gravest_first() -> None:
    samples = (*samples_of({"a": 4, "b": 4}), Sample("a/x.jpg", "a", 8, 8, "a0"), Sample("b/y.jpg", "b", 8, 8, "a1"))
    dataset = Dataset(
        "/photos", ("a", "b"), samples, (Sample("z.jpg", "", 8, 8, "z"),), (Rejected("a/e.jpg", "Empty file."),),
        (Ignored("Thumbs.db", "system"), Ignored("notes.txt", "other")),
    )  # fmt: skip
    findings = find_all(dataset, find_problems(dataset), looks_of(dataset, NOT_LOOKED_AT))
    assert [finding.title for finding in findings] == [
        "14 files, all accounted for",
        "1 photo can't be read",
        "1 photo has no class",
        "1 photo is in two classes",
        "2 other files",
        "1 photo is there twice",
    ]
    assert findings[0].line == "10 photos, 1 without a class, 1 unreadable, 1 system file, 1 other file"


def test_filters_keep_copies_side_by_side_and_know_the_parts() -> None:
    samples = samples_of({"a": 20, "b": 20}, digest="{number:02}")  # each photo of a lies in b, too
    dataset = Dataset("/photos", ("a", "b"), samples)
    photos = PhotoFilter(dataset, None, looks_of(dataset, NOT_LOOKED_AT)).photos("two_classes")
    assert [item.path.name for item in photos[:4]] == ["0.jpg", "0.jpg", "1.jpg", "1.jpg"]
    assert photos.part(0) == ""
    mixed = PhotoFilter(dataset, None, looks_of(dataset, NOT_LOOKED_AT)).photos("all")
    assert {item.class_name for item in mixed[:2]} == {"a", "b"}
    assert mixed.next_class("B", 0) in (1, 2)
    assert mixed.next_class("zebra", 0) is None
    assert mixed.next_class(mixed[0].class_name, 0) is None  # this class has been reached already


@pytest.mark.parametrize(
    ("counts", "title", "end"),
    [
        ({"tulips": 100, "dandelion": 180}, "“tulips” has the fewest photos", "That is fine."),
        ({"tulips": 10, "dandelion": 180}, "“tulips” has the fewest photos", "help most."),
        ({"tulips": 100, "dandelion": 101}, "The classes are even", "That is best."),
        ({"tulips": 100, "empty": 0}, "", ""),
    ],
)
def test_balance_is_said_in_a_sentence(counts: dict[str, int], title: str, end: str) -> None:
    said = balance_in_words(counts)
    assert said[0] == title
    assert said[1].endswith(end)


def test_folder_rows_lead_down_to_the_photos() -> None:
    samples = tuple(Sample(f"P/G/{name}/1.jpg", "P", 8, 8, name) for name in ("daisy", "rose"))
    rows = folder_rows(Dataset("/x/Home", ("P",), samples), "/x/Home/P/G")
    assert [(row.depth, row.name, row.note) for row in rows] == [
        (0, "Home", "the folder you chose"),
        (1, "P", "read as the only class"),
        (2, "G", ""),
        (3, "daisy", "1 photo"),
        (3, "rose", "1 photo"),
    ]
    low = folder_rows(Dataset("/x/Home", (), (), samples), "/x")
    assert [(row.depth, row.name, row.marked) for row in low] == [(0, "x", False), (1, "Home", True)]


def test_sentences_end_outside_of_names() -> None:
    assert split_message("None in “St. Bernard” can be read. Sorry.") == (
        "None in “St. Bernard” can be read.",
        "Sorry.",
    )
    assert split_message("It has 1.8 times as many") == ("It has 1.8 times as many", "")


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (datetime(2026, 3, 11, 23, tzinfo=UTC), "today"),
        (datetime(2026, 3, 10, 1, tzinfo=UTC), "yesterday"),
        (datetime(2026, 3, 6, 1, tzinfo=UTC), "Friday"),
        (datetime(2026, 3, 4, 1, tzinfo=UTC), "4 March"),
        (datetime(2025, 12, 24, 1, tzinfo=UTC), "24 December 2025"),
    ],
)
def test_days_are_said_in_words(day: datetime, said: str) -> None:
    assert day_in_words(day, datetime(2026, 3, 11, 23, 30, tzinfo=UTC)) == said


def test_what_was_read_is_taken_over_in_turns(session: Session, qtbot: QtBot, class_folders: ClassFolders) -> None:
    photos, turns, told = session.photos, [0], []
    photos.changed.connect(lambda: QTimer.singleShot(0, lambda: turns.append(len(told))))
    photos.scan_started.connect(lambda _folder: told.append(("started", photos.scanning)))
    for name, signal in (("changed", photos.changed), ("ended", photos.scan_ended), ("opened", photos.opened)):
        signal.connect(lambda name=name: told.append((name, photos.scanning)))
    with qtbot.waitSignal(photos.opened, timeout=20_000):
        photos.open_folder(class_folders({"daisy": 4, "rose": 4}))
    assert told == [("started", True), ("changed", True), ("ended", False), ("opened", False)]
    assert turns[-1] < 4, "the window has had a turn in between"


def test_a_folder_that_is_opened_while_another_is_taken_over_comes_in_its_place(
    session: Session, qtbot: QtBot, class_folders: ClassFolders
) -> None:
    first, second = class_folders({"daisy": 4, "rose": 4}), class_folders({"owl": 3, "jay": 3}, name="second")
    photos, opened = session.photos, []
    photos.opened.connect(lambda: opened.append(photos.title))
    photos.changed.connect(lambda: photos.open_folder(second), Qt.ConnectionType.SingleShotConnection)
    with qtbot.waitSignal(photos.opened, timeout=20_000):
        photos.open_folder(first)
    assert opened == ["second"]
    assert not photos.scanning
    assert photos.editable
