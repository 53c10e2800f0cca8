"""The card "How the photos are shared out", driven as a person does: settings, counts, lock."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from tlstudio.datasets.splits.split import SplitConfig
from tlstudio.errors import TLStudioError
from tlstudio.ui.session import Session
from tlstudio.ui.tabs.dataset.dataset_tab import DatasetTab
from tlstudio.ui.tabs.dataset.shares.shares_card import SharesCard
from tlstudio.ui.tabs.dataset.shares.split_counts import SplitCounts
from tlstudio.ui.widgets.message_bar import Message
from tlstudio.ui.widgets.thumbnails import ThumbnailCache
from tlstudio.ui.widgets.toggles import CheckBox
from tlstudio.workflows.train import TrainRequest

# The offscreen platform says so of every window.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

ClassFolders = Callable[..., Path]


@pytest.fixture
def tab(session: Session, qtbot: QtBot) -> Iterator[DatasetTab]:
    cache = ThumbnailCache()
    made = DatasetTab(session, cache)
    qtbot.addWidget(made)
    made.resize(1440, 1600)
    made.show()
    yield made
    cache.shutdown()


@pytest.fixture
def card(tab: DatasetTab, session: Session, qtbot: QtBot, class_folders: ClassFolders) -> SharesCard:
    """The card of a project of 20 photos in two classes, its settings open."""
    read(qtbot, session, class_folders({"daisy": 10, "rose": 10}))
    (found,) = tab.findChildren(SharesCard)
    press(qtbot, found, "Change")
    press(qtbot, found, "More ways")
    settle(qtbot, session)
    return found


def settle(qtbot: QtBot, session: Session) -> None:
    """Waits until nothing runs any more, and what it brought is shown."""
    lanes = ("io", "list", "keep")
    qtbot.waitUntil(lambda: not any(session.runner.busy(lane) for lane in lanes), timeout=20_000)
    QApplication.processEvents()
    qtbot.waitUntil(lambda: not any(session.runner.busy(lane) for lane in lanes), timeout=20_000)


def read(qtbot: QtBot, session: Session, folder: Path) -> None:
    with qtbot.waitSignal(session.photos.scan_ended, timeout=20_000):
        session.photos.open_folder(folder)
    settle(qtbot, session)


def button(parent: QWidget, text: str) -> QAbstractButton:
    return next(found for found in parent.findChildren(QAbstractButton) if found.text() == text and found.isVisible())


def press(qtbot: QtBot, parent: QWidget, text: str) -> None:
    button(parent, text).setFocus()
    qtbot.keyClick(button(parent, text), Qt.Key.Key_Space)
    QApplication.processEvents()


def words(widget: QWidget) -> str:
    return "\n".join(label.text() for label in widget.findChildren(QLabel) if label.isVisible())


def field(card: SharesCard, name: str) -> QLineEdit:
    return next(found for found in card.findChildren(QLineEdit) if found.accessibleName() == name)


def combo(card: SharesCard, name: str) -> QComboBox:
    return next(found for found in card.findChildren(QComboBox) if found.accessibleName() == name)


def type_into(qtbot: QtBot, line: QLineEdit, text: str) -> None:
    line.setFocus()
    line.selectAll()
    qtbot.keyClicks(line, text)


def choose(qtbot: QtBot, box: QComboBox, text: str) -> None:
    while box.currentText() != text:
        before = box.currentIndex()
        qtbot.keyClick(box, Qt.Key.Key_Down)
        assert box.currentIndex() > before, f"there is no {text}"


def edited_by(qtbot: QtBot, session: Session, do: Callable[[], None]) -> SplitConfig:
    with qtbot.waitSignal(session.photos.edited, timeout=20_000):
        do()
    settle(qtbot, session)
    return session.photos.split_config


def lock(qtbot: QtBot, session: Session) -> None:
    with qtbot.waitSignal(session.photos.lock_changed, timeout=20_000):
        session.photos.lock()
    settle(qtbot, session)


def test_the_nested_way_has_fractions_of_its_own(card: SharesCard, session: Session, qtbot: QtBot) -> None:
    config = edited_by(qtbot, session, lambda: choose(qtbot, combo(card, "Way"), "First the check, then the exam"))
    assert config.method == "nested"
    assert not field(card, "To learn from, in percent").isVisible()
    edited_by(qtbot, session, lambda: type_into(qtbot, field(card, "Exam, in percent of the rest"), "10"))
    config = edited_by(qtbot, session, lambda: type_into(qtbot, field(card, "Check, in percent"), "20"))
    assert config.shares == pytest.approx((0.72, 0.2, 0.08))
    assert "That is 72 % to learn from, 20 % to check and 8 % for the exam." in words(card)
    assert session.photos.split is not None
    parts = session.photos.split
    assert (len(parts.train), len(parts.validation), len(parts.test)) == (14, 4, 2)


def test_what_is_typed_is_one_action_with_a_sentence(card: SharesCard, session: Session, qtbot: QtBot) -> None:
    edited_by(qtbot, session, lambda: choose(qtbot, combo(card, "Way"), "First the check, then the exam"))
    edited_by(qtbot, session, lambda: type_into(qtbot, field(card, "Check, in percent"), "25"))
    assert session.photos.steps.undo == "Share out the photos 62/25/13"
    edited_by(qtbot, session, session.photos.undo)
    assert session.photos.steps.undo == "Take first the check, then the exam from what is left"
    assert field(card, "Check, in percent").text() == "15"


def test_enter_ends_the_typing_at_once(card: SharesCard, session: Session, qtbot: QtBot) -> None:
    edited_by(qtbot, session, lambda: choose(qtbot, combo(card, "Way"), "First the check, then the exam"))
    line = field(card, "Check, in percent")
    type_into(qtbot, line, "30")
    qtbot.keyClick(line, Qt.Key.Key_Return)
    assert session.photos.steps.undo != ""
    assert session.runner.busy("io")
    settle(qtbot, session)
    assert session.photos.split_config.validation == pytest.approx(0.3)


def test_copies_may_part_and_photos_are_dealt_anew(card: SharesCard, session: Session, qtbot: QtBot) -> None:
    before = session.photos.split
    assert "2 photos show the same as another one." in words(card)  # stripes of one kind can look that alike
    config = edited_by(qtbot, session, lambda: press(qtbot, card, "Deal anew"))
    assert config.seed == 1
    assert session.photos.split != before
    assert field(card, "Seed").text() == "1"
    assert session.photos.steps.undo == "Deal the photos out anew"
    config = edited_by(qtbot, session, lambda: press(qtbot, card, "Copies and near-copies"))
    assert not config.keep_together
    assert session.photos.steps.undo == "Let copies of a photo part"
    edited_by(qtbot, session, session.photos.undo)
    assert next(box for box in card.findChildren(CheckBox) if box.text() == "Copies and near-copies").isChecked()
    edited_by(qtbot, session, session.photos.undo)
    assert session.photos.split == before


def test_photos_with_the_same_value_of_a_column_stay_together(
    tab: DatasetTab, session: Session, qtbot: QtBot, class_folders: ClassFolders
) -> None:
    folder = class_folders({"daisy": 9, "rose": 9})
    names = [f"{name}/photo_{number:03}.jpg" for name in ("daisy", "rose") for number in range(9)]
    lines = [f"{name},{name.split('/')[0]},P{number % 3}" for number, name in enumerate(names)]
    (folder / "labels.csv").write_text("\n".join(["file,class,patient", *lines]))
    read(qtbot, session, folder)
    (card,) = tab.findChildren(SharesCard)
    press(qtbot, card, "Change")
    press(qtbot, card, "More ways")
    groups = combo(card, "What else stays together")
    assert groups.count() == 3, "folders have no columns"
    assert session.photos.reading is not None
    reading = replace(session.photos.reading, labels=f"csv:{folder / 'labels.csv'}")
    edited_by(qtbot, session, lambda: session.photos.set_reading(reading, "Read the table"))
    config = edited_by(qtbot, session, lambda: choose(qtbot, groups, "Photos with the same “patient”"))
    assert (config.group_by, config.group_column) == ("column", "patient")
    parts, dataset = session.photos.split, session.photos.dataset
    assert parts is not None
    assert dataset is not None
    patients = [{dataset.columns["patient"][dataset.samples[index].path] for index in part} for part in (
        parts.train, parts.validation, parts.test)]  # fmt: skip
    assert [len(found) for found in patients] == [1, 1, 1]
    assert "18 photos are in 3 groups of the same “patient”." in words(card)
    assert "You asked for 70, 15 and 15 %. Photos that stay together make it 33.3, 33.3 and 33.3 %." in words(card)
    edited_by(qtbot, session, lambda: session.photos.set_reading(replace(reading, labels="folder"), "Read the folders"))
    assert "The labels have no column “patient” now" in words(card)


def test_folders_of_a_split_are_offered_only_where_there_are_some(
    tab: DatasetTab, session: Session, qtbot: QtBot, class_folders: ClassFolders
) -> None:
    (card,) = tab.findChildren(SharesCard)
    nest = class_folders({"train/daisy": 8, "train/rose": 8, "test/daisy": 4, "test/rose": 4}, name="nest")
    read(qtbot, session, nest)
    press(qtbot, card, "Change")
    press(qtbot, card, "More ways")
    given = next(box for box in card.findChildren(CheckBox) if box.text() == "Keep to train, val and test")
    assert given.isVisible()
    edited_by(qtbot, session, lambda: press(qtbot, card, "Keep to train, val and test"))
    assert not session.photos.split_config.use_given
    read(qtbot, session, class_folders({"daisy": 8, "rose": 8}, name="plain"))
    assert not given.isVisible()


def test_another_folder_begins_with_the_usual_shares(
    card: SharesCard, session: Session, qtbot: QtBot, class_folders: ClassFolders
) -> None:
    edited_by(qtbot, session, lambda: press(qtbot, card, "Deal anew"))
    lock(qtbot, session)
    read(qtbot, session, class_folders({"ant": 6, "bee": 6}, name="others"))
    assert session.photos.split_config == SplitConfig()
    assert not session.photos.locked
    assert "locked" not in words(card)


def test_counts_by_class_can_be_copied_and_few_are_said(card: SharesCard, qtbot: QtBot) -> None:
    assert "“daisy” and “rose” have fewer than 5 exam photos: too few to tell." in words(card)
    press(qtbot, card, "Count by class")
    (table,) = card.findChildren(SplitCounts)
    model = table.model()
    shown = [[model.index(row, column).data() for column in range(4)] for row in range(model.rowCount())]
    assert [row[0] for row in shown] == ["daisy", "rose"]
    assert all(sum(map(int, row[1:])) == 10 for row in shown)
    table.setFocus()
    qtbot.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines == ["class\ttrain\tvalidation\ttest", *("\t".join(row) for row in shown)]
    assert button(card, "Copied")


def test_a_training_locks_the_shares_and_unlocking_says_what_it_means(
    card: SharesCard, session: Session, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    requests: list[TrainRequest] = []
    monkeypatch.setattr("tlstudio.ui.session.train", lambda request, **_: requests.append(request))
    monkeypatch.setattr(session, "_trained", lambda *_: None)
    before = session.photos.split
    assert "locked" not in words(card)
    with qtbot.waitSignal(session.photos.lock_changed, timeout=20_000):
        session.train()
    settle(qtbot, session)
    assert requests[0].parts == before
    assert "The shares are locked since the first training, so that results stay comparable." in words(card)
    assert button(card, "Close").isEnabled()
    settings = (combo(card, "Way"), field(card, "Seed"), field(card, "To learn from, in percent"))
    assert not any(control.isEnabled() for control in settings)
    session.photos.set_split(SplitConfig(seed=5))
    settle(qtbot, session)
    assert session.photos.split == before
    assert session.photos.steps.undo == ""
    press(qtbot, card, "Unlock")
    assert session.photos.locked
    assert "Earlier results can't be compared with later ones then." in words(card)
    press(qtbot, card, "Keep the lock")
    assert "Earlier results" not in words(card)
    press(qtbot, card, "Unlock")
    edited_by(qtbot, session, lambda: press(qtbot, card, "Unlock"))
    assert not session.photos.locked
    assert "locked" not in words(card)
    assert combo(card, "Way").isEnabled()


def test_undoing_other_shares_moves_no_locked_photo_and_says_so(
    card: SharesCard, session: Session, qtbot: QtBot
) -> None:
    posted: list[Message] = []
    session.posted.connect(posted.append)
    edited_by(qtbot, session, lambda: press(qtbot, card, "Deal anew"))
    before = session.photos.split
    lock(qtbot, session)
    edited_by(qtbot, session, session.photos.undo)
    assert session.photos.split == before
    assert posted[-1].title == "Every photo stays in its part"
    edited_by(qtbot, session, session.photos.redo)
    assert len(posted) == 2
    edited_by(qtbot, session, session.photos.undo)
    withdrawn: list[str] = []
    session.withdrawn.connect(withdrawn.append)
    edited_by(qtbot, session, session.photos.unlock)
    assert posted[-1].key in withdrawn
    assert session.photos.split_config.seed == 0
    assert session.photos.split != before


def test_a_lock_and_an_edit_at_once_are_both_kept(card: SharesCard, session: Session, qtbot: QtBot) -> None:
    actions, found = session.photos.actions, session.photos.found
    assert actions is not None
    assert found is not None
    session.photos.do(actions.leave_out([found.samples[0].path]))
    session.photos.lock()
    settle(qtbot, session)
    assert session.photos.locked
    assert session.photos.dataset is not None
    assert len(session.photos.dataset.left_out) == 1
    assert "The shares are locked" in words(card)


def test_every_control_has_a_name_and_says_what_it_does(card: SharesCard, session: Session, qtbot: QtBot) -> None:
    press(qtbot, card, "Count by class")
    lock(qtbot, session)
    press(qtbot, card, "Unlock")
    kinds = (QAbstractButton, QLineEdit, QComboBox, SplitCounts)
    controls = [found for kind in kinds for found in card.findChildren(kind) if found.isVisible()]
    names = [found.accessibleName() or str(found.property("text") or "") for found in controls]
    assert len(controls) >= 10
    assert all(names)
    assert [name for name, found in zip(names, controls, strict=True) if not found.toolTip()] == []


def test_a_run_that_is_being_opened_is_not_stopped_by_what_is_ready_meanwhile(
    card: SharesCard,  # noqa: ARG001 - photos in a project
    session: Session,
    qtbot: QtBot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    may_answer = threading.Event()

    def load(_folder: Path) -> None:
        may_answer.wait(20)
        raise TLStudioError("That run is damaged.", "Open another one.")

    monkeypatch.setattr("tlstudio.ui.session._load", load)
    session.open_run(tmp_path / "run")
    session.photos.lock()
    qtbot.waitUntil(lambda: not session.runner.busy("keep"), timeout=20_000)
    QApplication.processEvents()
    with qtbot.waitSignals([session.posted, session.photos.lock_changed], timeout=20_000):
        may_answer.set()
    assert session.photos.locked
