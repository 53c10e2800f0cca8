"""The action "Look closer": offered while there is something to see, shown while it runs, told when it has ended."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from tlstudio.datasets.looks.looks import CloserLook
from tlstudio.datasets.splits.split import SplitConfig
from tlstudio.events import CancelToken, Emit, Progress
from tlstudio.projects.closer_look import keep_closer_look
from tlstudio.ui.session import Session
from tlstudio.ui.tabs.dataset.dataset_tab import DatasetTab
from tlstudio.ui.widgets.buttons import Button
from tlstudio.ui.widgets.message_bar import Message
from tlstudio.ui.widgets.thumbnails import ThumbnailCache
from tlstudio.workflows.open_photos import Opened, reconsidered

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

ClassFolders = Callable[..., Path]
ACTION = "Look closer"


class StandIn:
    """A look that takes two photos, the first and the last, for the same, when it is let."""

    def __init__(self) -> None:
        self.pair = (0, -1)
        self.go_on = threading.Event()
        self.known = True
        self.calls = 0

    def look(self, opened: Opened, *, emit: Emit, token: CancelToken) -> Opened:
        emit(Progress("features", 3, 12, "Reading every photo once"))
        while not self.go_on.wait(0.01):
            token.check()
        return self._answer(opened)

    def look_if_known(self, opened: Opened, *, emit: Emit, token: CancelToken) -> Opened | None:  # noqa: ARG002
        self.calls += 1
        return self._answer(opened) if self.known else None

    def _answer(self, opened: Opened) -> Opened:
        digests = [sample.digest for sample in opened.files.samples]
        pair = (digests[self.pair[0]], digests[self.pair[1]])
        keep_closer_look(opened.project, CloserLook("starter", frozenset(digests), (pair,)))
        return reconsidered(opened)


@pytest.fixture
def stand_in(monkeypatch: pytest.MonkeyPatch) -> StandIn:
    made = StandIn()
    monkeypatch.setattr("tlstudio.ui.photo_session.look_closer", made.look)
    monkeypatch.setattr("tlstudio.ui.photo_session.look_closer_if_known", made.look_if_known)
    return made


@pytest.fixture
def tab(session: Session, qtbot: QtBot) -> Iterator[DatasetTab]:
    cache = ThumbnailCache()
    made = DatasetTab(session, cache)
    qtbot.addWidget(made)
    made.resize(1300, 900)
    made.show()
    yield made
    cache.shutdown()


@pytest.fixture
def opened(tab: DatasetTab, session: Session, qtbot: QtBot, class_folders: ClassFolders, stand_in: StandIn) -> Path:  # noqa: ARG001
    folder = class_folders({"cat": 6, "dog": 6})
    read(qtbot, session, folder)
    return folder


def read(qtbot: QtBot, session: Session, folder: Path) -> None:
    with qtbot.waitSignal(session.photos.scan_ended, timeout=20_000):
        session.photos.open_folder(folder)


def actions(tab: DatasetTab) -> list[Button]:
    QApplication.processEvents()  # new rows show with the next layout
    return [button for button in tab.findChildren(Button) if button.text() == ACTION and button.isVisibleTo(tab)]


def words(tab: DatasetTab) -> str:
    QApplication.processEvents()
    return "\n".join(label.text() for label in tab.findChildren(QLabel) if label.isVisibleTo(tab))


def begin(qtbot: QtBot, tab: DatasetTab) -> None:
    """Press the button, and see how far it is."""
    (button,) = actions(tab)
    button.click()
    qtbot.waitUntil(lambda: (status := tab.job_status()) is not None and status.detail == "3 of 12 photos")


def posted(session: Session) -> list[Message]:
    messages: list[Message] = []
    session.posted.connect(messages.append)
    return messages


def test_it_shows_how_far_it_is_and_what_it_found(
    tab: DatasetTab, session: Session, qtbot: QtBot, opened: Path, stand_in: StandIn
) -> None:
    (button,) = actions(tab)
    assert "Embedding, cosine similarity" in button.toolTip()
    assert "12 photos, about " in button.toolTip()
    messages = posted(session)
    begin(qtbot, tab)
    status = tab.job_status()
    assert status is not None
    assert (status.title, status.share) == (ACTION.replace("Look", "Looking"), 0.25)
    assert tab.state().kind == "running"
    assert actions(tab) == []
    with qtbot.waitSignal(session.photos.edited, timeout=20_000):
        stand_in.go_on.set()
    qtbot.waitUntil(lambda: tab.job_status() is None)
    assert [message.title for message in messages] == ["2 more photos look alike than at first sight"]
    assert "2 more than at first sight." in words(tab)
    assert actions(tab) == []
    with qtbot.waitSignal(session.tab_requested, timeout=5_000) as asked:
        on_choice = messages[0].on_choice
        assert on_choice is not None
        on_choice()
    assert asked.args == ["dataset"]
    read(qtbot, session, opened)
    assert "2 more than at first sight." in words(tab)
    assert actions(tab) == []


def test_a_stop_leaves_everything_as_it_was(
    tab: DatasetTab, session: Session, qtbot: QtBot, opened: Path, stand_in: StandIn  # noqa: ARG001
) -> None:  # fmt: skip
    messages = posted(session)
    begin(qtbot, tab)
    tab.stop_job()
    qtbot.waitUntil(lambda: tab.job_status() is None)
    assert messages == []
    assert len(actions(tab)) == 1
    assert session.photos.looks.unseen == 12


def test_new_photos_bring_the_action_back(
    tab: DatasetTab,
    session: Session,
    qtbot: QtBot,
    opened: Path,
    stand_in: StandIn,
    photos_factory: Callable[..., list[Path]],
) -> None:
    stand_in.go_on.set()
    with qtbot.waitSignal(session.photos.edited, timeout=20_000):
        actions(tab)[0].click()
    photos_factory(opened / "owl", 3, kind=5)
    read(qtbot, session, opened)
    (button,) = actions(tab)
    assert "3 photos, about " in button.toolTip()


def test_changes_made_while_it_looks_are_kept(
    tab: DatasetTab, session: Session, qtbot: QtBot, opened: Path, stand_in: StandIn  # noqa: ARG001
) -> None:  # fmt: skip
    begin(qtbot, tab)
    with qtbot.waitSignal(session.photos.edited, timeout=20_000):
        session.photos.set_split(SplitConfig(0.5, 0.25, 0.25))
    with qtbot.waitSignal(session.photos.edited, timeout=20_000):
        stand_in.go_on.set()
    assert session.photos.split_config == SplitConfig(0.5, 0.25, 0.25)
    assert session.photos.looks.more == 2


def test_a_folder_read_again_while_it_looks_keeps_what_is_new(
    tab: DatasetTab,
    session: Session,
    qtbot: QtBot,
    opened: Path,
    stand_in: StandIn,
    photos_factory: Callable[..., list[Path]],
) -> None:
    begin(qtbot, tab)
    photos_factory(opened / "owl", 2, kind=5)
    read(qtbot, session, opened)
    assert tab.job_status() is not None
    with qtbot.waitSignal(session.photos.edited, timeout=20_000):
        stand_in.go_on.set()
    assert session.photos.dataset is not None
    assert len(session.photos.dataset.samples) == 14
    assert (session.photos.looks.more, session.photos.looks.unseen) == (2, 2)


def test_other_photos_end_it(
    tab: DatasetTab, session: Session, qtbot: QtBot, opened: Path, class_folders: ClassFolders  # noqa: ARG001
) -> None:  # fmt: skip
    begin(qtbot, tab)
    read(qtbot, session, class_folders({"owl": 4, "jay": 4}, name="others"))
    assert tab.job_status() is None
    assert len(actions(tab)) == 1


def test_it_waits_for_what_runs(
    tab: DatasetTab, session: Session, qtbot: QtBot, opened: Path, stand_in: StandIn  # noqa: ARG001
) -> None:  # fmt: skip
    ended = threading.Event()
    job = session.runner.start("compute", lambda _emit, _token: ended.wait(20))
    messages = posted(session)
    actions(tab)[0].click()
    assert [message.title for message in messages] == ["The computer is busy with something else."]
    assert job.active
    with qtbot.waitSignal(job.succeeded, timeout=20_000):
        ended.set()


def test_who_takes_the_computer_ends_it(tab: DatasetTab, session: Session, qtbot: QtBot, opened: Path) -> None:  # noqa: ARG001
    begin(qtbot, tab)
    job = session.runner.start("compute", lambda _emit, _token: None)
    assert tab.job_status() is None
    assert len(actions(tab)) == 1
    qtbot.waitUntil(lambda: not job.active)


@pytest.mark.parametrize("known", [True, False])
def test_after_a_training_it_looks_by_itself_where_all_is_known(
    tab: DatasetTab, session: Session, qtbot: QtBot, opened: Path, stand_in: StandIn, known: bool  # noqa: ARG001
) -> None:  # fmt: skip
    stand_in.known = known
    messages = posted(session)
    session.training_ended.emit(None)
    assert stand_in.calls == 0
    with qtbot.waitSignals([session.photos.edited] if known else [session.runner.busy_changed], timeout=20_000):
        session.training_ended.emit(object())
    qtbot.waitUntil(lambda: not session.runner.busy("keep"))
    assert stand_in.calls == 1
    assert len(actions(tab)) == (0 if known else 1)
    assert messages == []


@pytest.mark.parametrize("apart", [True, False])
def test_photos_in_two_parts_of_a_locked_split_are_told(
    tab: DatasetTab, session: Session, qtbot: QtBot, opened: Path, stand_in: StandIn, apart: bool  # noqa: ARG001
) -> None:  # fmt: skip
    photos = session.photos
    assert photos.split is not None
    cats = [index for index in photos.split.train if index < 6]
    stand_in.pair = (cats[0], min(photos.split.test)) if apart else (cats[0], cats[1])
    with qtbot.waitSignal(photos.lock_changed, timeout=20_000):
        photos.lock()
    stand_in.go_on.set()
    with qtbot.waitSignal(photos.edited, timeout=20_000):
        actions(tab)[0].click()
    assert ("2 photos are in two parts of your split" in words(tab)) is apart
    assert ("Kept on one side" in words(tab)) is not apart


def test_a_training_need_not_wait_for_it(
    tab: DatasetTab,
    session: Session,
    qtbot: QtBot,
    opened: Path,  # noqa: ARG001
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    messages, trained = posted(session), threading.Event()
    monkeypatch.setattr("tlstudio.ui.session.train", lambda *_arguments, **_options: trained.set())
    monkeypatch.setattr(session, "_trained", lambda *_: None)
    begin(qtbot, tab)
    assert session.photos.looking_closer
    assert session.obstacle == ""
    session.train()
    assert tab.job_status() is None
    qtbot.waitUntil(trained.is_set)
    assert [message.title for message in messages] == ["Looking closer has made way for other work"]
    assert not session.photos.looking_closer
