"""The check-up in the window, with networks that answer at once."""

from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QLabel
from pytestqt.qtbot import QtBot

from tlstudio.datasets.dataset import Dataset, Sample
from tlstudio.errors import TLStudioError
from tlstudio.events import CancelToken, Emit, Progress
from tlstudio.ui.session import Session
from tlstudio.ui.tabs.model.check_up import check_up_page
from tlstudio.ui.tabs.model.check_up.answers_table import AnswersTable
from tlstudio.ui.tabs.model.check_up.check_up_page import CheckUpPage, spread
from tlstudio.ui.widgets.score_bars import ScoreBars
from tlstudio.ui.widgets.thumbnails import ThumbnailCache
from tlstudio.workflows.check_up import Candidate, CheckUp, Guess, Opinion

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

PhotosFactory = Callable[..., list[Path]]


@pytest.fixture
def page(session: Session, qtbot: QtBot) -> Iterator[CheckUpPage]:
    cache = ThumbnailCache()
    made = CheckUpPage(session, cache)
    qtbot.addWidget(made)
    made.resize(760, 900)
    made.show()
    yield made
    cache.shutdown()


@pytest.fixture
def photos(tmp_path: Path, photos_factory: PhotosFactory) -> list[Path]:
    return photos_factory(tmp_path / "photos", 3)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[object, ...]]:
    """What the networks were asked; they take everything for a tabby."""
    questions: list[tuple[object, ...]] = []

    def answer(
        inputs: tuple[Path, ...],
        candidates: tuple[Candidate, ...],
        training: int | None,
        *,
        emit: Emit,
        token: CancelToken,
    ) -> CheckUp:
        questions.append((inputs, candidates, training))
        emit(Progress("predict", 1, 3, "VGG 16 looks at the photos"))
        token.check()
        best = tuple(Guess(f"n{number}", f"thing {number}", 0.5 / (number + 1)) for number in range(5))
        opinions = tuple(Opinion(entry.backbone, entry.backbone.upper(), (best,) * len(inputs)) for entry in candidates)
        return CheckUp(tuple(map(str, inputs)), (), opinions, training)

    monkeypatch.setattr(check_up_page, "check_up", answer)
    return questions


def run_button(page: CheckUpPage) -> QAbstractButton:
    return next(each for each in page.findChildren(QAbstractButton) if each.text() in ("Check up", "Stop"))


def shows(page: CheckUpPage, words: str) -> bool:
    return any(words in label.text() for label in page.findChildren(QLabel) if label.isVisible())


def test_photos_and_networks_come_first(page: CheckUpPage, photos: list[Path]) -> None:
    run = run_button(page)
    assert not run.isEnabled()
    assert "Choose photos first" in run.toolTip()
    assert shows(page, "No network with ImageNet's 1000 classes is on this computer yet")
    page.set_photos(photos)
    assert "Choose at least one network" in run.toolTip()
    page.add_file("vgg16", "/weights/vgg16.h5")
    assert run.isEnabled()


def test_answers_come_as_words_cards_and_a_table(
    page: CheckUpPage, photos: list[Path], asked: list[tuple[object, ...]], qtbot: QtBot
) -> None:
    page.set_photos(photos)
    page.add_file("vgg16", "/weights/a.h5")
    page.add_file("vgg19", "/weights/b.h5")
    qtbot.mouseClick(run_button(page), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: shows(page, "These photos are like those of ImageNet"))
    assert asked == [(tuple(photos), (Candidate("vgg16", "/weights/a.h5"), Candidate("vgg19", "/weights/b.h5")), None)]
    bars = page.findChildren(ScoreBars)
    assert len(bars) == 6, "three photos, two networks"
    assert bars[0].accessibleName().startswith("thing 0 50 %, thing 1 25 %")
    table = page.findChild(AnswersTable)
    assert table is not None
    model = table.model()
    assert (model.rowCount(), model.columnCount()) == (3, 3)
    assert model.headerData(2, Qt.Orientation.Horizontal) == "VGG19"
    assert model.index(0, 1).data() == "thing 0"
    assert model.index(0, 1).data(Qt.ItemDataRole.AccessibleTextRole) == "thing 0, 50 %"
    assert run_button(page).text() == "Check up"


def test_it_can_be_stopped(
    page: CheckUpPage, photos: list[Path], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    began = Event()

    def wait(*_arguments: object, emit: Emit, token: CancelToken) -> CheckUp:  # noqa: ARG001
        began.set()
        while True:
            token.check()

    monkeypatch.setattr(check_up_page, "check_up", wait)
    page.set_photos(photos)
    page.add_file("vgg16", "/weights/a.h5")
    run = run_button(page)
    qtbot.mouseClick(run, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(began.is_set)
    assert run.text() == "Stop"
    qtbot.mouseClick(run, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: run.text() == "Check up" and run.isEnabled())


def test_what_is_in_the_way_is_said_in_place(
    page: CheckUpPage, photos: list[Path], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_arguments: object, **_options: object) -> CheckUp:
        raise TLStudioError("a.h5 doesn't fit VGG 16.", "Choose another file.")

    monkeypatch.setattr(check_up_page, "check_up", refuse)
    page.set_photos(photos)
    page.add_file("vgg16", "/weights/a.h5")
    qtbot.mouseClick(run_button(page), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: shows(page, "a.h5 doesn't fit VGG 16. Choose another file."))


def test_six_photos_come_from_all_over_the_data_set() -> None:
    samples = tuple(Sample(f"{name}/{n}.jpg", name, 1, 1, f"{name}{n}") for name in "abcdef" for n in range(10))
    dataset = Dataset("/photos", tuple("abcdef"), samples)
    assert [path.parent.name for path in spread(dataset)] == list("abcdef")
    few = Dataset("/photos", ("a",), samples[:2])
    assert len(spread(few)) == 2
