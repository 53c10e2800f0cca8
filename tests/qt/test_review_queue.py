"""The review of unsure answers, through the window, with a model that answers from the names of the files."""

import os
import shutil
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

import pytest
from person import Person
from PySide6.QtCore import QBuffer, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QImage, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel
from pytestqt.qtbot import QtBot
from stored_runs import make_run

from tlstudio.datasets.dataset import Dataset
from tlstudio.events import Batch, CancelToken, Emit, Event, Progress
from tlstudio.prediction.answer_store import AnswerStore
from tlstudio.prediction.answering_model import AnsweringModel
from tlstudio.prediction.batch import PredictOptions
from tlstudio.prediction.prediction import BatchSummary, Prediction
from tlstudio.runs.store import StoredRun
from tlstudio.ui.session import Session
from tlstudio.ui.tabs.predict import one_photo
from tlstudio.ui.tabs.predict.answer_card import AnswerCard
from tlstudio.ui.tabs.predict.folders import batch as batch_module
from tlstudio.ui.tabs.predict.folders import stored_batches
from tlstudio.ui.tabs.predict.predict_cards import OnePhotoArea
from tlstudio.ui.tabs.predict.predict_tab import PredictTab
from tlstudio.ui.tabs.predict.review.burst_strip import BurstStrip
from tlstudio.ui.tabs.predict.review.class_typing import ClassTyping
from tlstudio.ui.tabs.predict.review.suggestion_page import SuggestionPage
from tlstudio.ui.widgets.message_bar import Message
from tlstudio.ui.widgets.photo_grid import PhotoGrid
from tlstudio.ui.widgets.photo_table import PhotoTable
from tlstudio.ui.widgets.thumbnails import ThumbnailCache
from tlstudio.workflows.train import Trained, TrainRequest

# The offscreen platform says so of every window.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

CLASSES = ("daisy", "roses", "thistle", "tulips")
Windows = Callable[[], AbstractContextManager[Person]]
ClassFolders = Callable[..., Path]
PhotosFactory = Callable[..., list[Path]]


def _answer(path: Path) -> Prediction:
    """What the model says of "roses 0.42 3.jpg": 42 % roses."""
    name, score, _ = path.stem.split(" ")
    others = tuple((other, (1 - float(score)) / 4) for other in CLASSES if other != name)
    return Prediction(str(path), "ok", ((name, float(score)), *others))


def _predict(
    _stored: StoredRun,
    inputs: Sequence[Path],
    _options: PredictOptions,
    *,
    answers: AnswerStore | None = None,  # noqa: ARG001 - as the workflow
    emit: Emit,
    token: CancelToken,  # noqa: ARG001
) -> BatchSummary:
    files = [path for given in inputs for path in ([given] if given.is_file() else sorted(given.rglob("*.jpg")))]
    emit(Batch(tuple(_answer(path) for path in files)))
    emit(Progress("predict", len(files), len(files)))
    return BatchSummary(len(files), len(files), 0, 0, 0, 1.0, 1.0, 0)


def _train(request: TrainRequest, *, emit: Emit, token: CancelToken) -> Trained:  # noqa: ARG001 - as the workflow
    assert isinstance(request.source, Dataset)
    return Trained(make_run(request.out, Path(request.source.root)), None)


@pytest.fixture(autouse=True)
def model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch_module, "predict", _predict)
    monkeypatch.setattr(one_photo, "predict", _predict)
    monkeypatch.setattr(stored_batches, "model_of", lambda stored: AnsweringModel("fake", str(stored.folder), CLASSES))
    monkeypatch.setattr("tlstudio.ui.session.train", _train)


@pytest.fixture
def training_photos(class_folders: ClassFolders) -> Path:
    return class_folders(dict.fromkeys(CLASSES, 4), size=(24, 18))


@pytest.fixture
def meadow(tmp_path: Path, photos_factory: PhotosFactory) -> Path:
    """24 unsure roses, the least sure first by name, and a sure daisy."""
    folder = tmp_path / "meadow"
    for number, path in enumerate(photos_factory(folder, 24, kind=3, size=(24, 18))):
        _rename(path, f"roses {0.26 + number / 100:.2f} {number:02}", number)
    _rename(photos_factory(folder, 1, kind=9, size=(24, 18))[0], "daisy 0.99 x", 99)
    return folder


def _rename(path: Path, stem: str, hours: int) -> None:
    os.utime(path, (1_600_000_000 + 3600 * hours,) * 2)  # or all are taken for photos of one moment
    path.rename(path.with_name(f"{stem}.jpg"))


class Reviewer:
    """Somebody who reviews."""

    def __init__(self, person: Person) -> None:
        self.person = person

    @property
    def tab(self) -> PredictTab:
        return self.person.window.findChild(PredictTab)

    @property
    def card(self) -> AnswerCard:
        return self.tab.findChild(AnswerCard)

    @property
    def asked(self) -> str:
        """Name of the photo that is asked about."""
        path = self.card.photo()
        return path.stem if path is not None else ""

    @property
    def words(self) -> str:
        return self.person.words(self.card)

    def to_go(self) -> int:
        buttons = [each for each in self.card.findChildren(QAbstractButton) if each.isVisible()]
        words = next((button.text() for button in buttons if button.text().endswith("to go")), "0 to go")
        return int(words.split()[0])

    def learn_and_classify(self, photos: Path, folder: Path) -> None:
        """Open photos, train on them and classify others."""
        self.person.open(photos)
        self.person.window.session.train()
        self.wait(lambda: self.person.window.session.stored is not None)
        self.classify(folder)

    def classify(self, folder: Path) -> None:
        self.person.window.open("predict")
        self.person.drop(folder)

    def wait(self, happened: Callable[[], bool]) -> None:
        self.person.qtbot.waitUntil(happened, timeout=20_000)

    def begin(self, count: int) -> None:
        self.wait(lambda: self.to_go() == count)
        self.keys("Ctrl+R")

    def keys(self, *names: str) -> None:
        for name in names:
            QTest.keySequence(self.person.window.windowHandle(), QKeySequence(name))

    def type(self, letters: str) -> None:
        for letter in letters:
            QTest.keyClick(self.person.window.windowHandle(), letter)


def answers_in(reviewer: Reviewer) -> list[str]:
    return column_of_answers(reviewer.tab)


def column_of_answers(tab: PredictTab) -> list[str]:
    """The second column of the table, from the top."""
    model = tab.findChild(PhotoTable).model()
    return [model.index(row, 1).data() for row in range(model.rowCount())]


def test_twenty_photos_by_keyboard_three_taken_back_and_all_of_it_there_after_a_restart(
    windows: Windows, training_photos: Path, meadow: Path
) -> None:
    with windows() as person:
        reviewer = Reviewer(person)
        reviewer.learn_and_classify(training_photos, meadow)
        run = person.window.session.stored
        assert run is not None
        reviewer.begin(24)
        assert reviewer.asked == "roses 0.26 00"
        for _ in range(4):
            reviewer.keys("Return", "2")  # the second answer, daisy
            reviewer.type("tu")
            reviewer.keys("0", "L")
        assert (reviewer.to_go(), reviewer.asked) == (8, "roses 0.46 20")
        reviewer.keys("U", "Ctrl+Z", "U")
        assert (reviewer.to_go(), reviewer.asked) == (10, "roses 0.43 17")
        decided = sorted(answers_in(reviewer))
        assert (decided.count("tulips"), decided.count("None of these")) == (3, 3)
    with windows() as person:
        reviewer = Reviewer(person)
        person.window.session.open_run(run.folder)
        reviewer.wait(lambda: person.window.session.stored is not None)
        person.window.open("predict")
        person.press("Classify meadow")  # this model keeps no answers; the folder waits
        reviewer.wait(lambda: reviewer.to_go() == 10)
        reviewer.wait(lambda: sorted(answers_in(reviewer)) == decided)
        reviewer.keys("Ctrl+R", "U")
        assert reviewer.asked == "roses 0.42 16"


# The tab alone: quicker than a window


@pytest.fixture
def session(session: Session, training_photos: Path, qtbot: QtBot) -> Session:
    """Photos are open, and a model has learnt from them."""
    with qtbot.waitSignal(session.photos.opened, timeout=20_000):
        session.photos.open_folder(training_photos)
    session.train()
    qtbot.waitUntil(lambda: session.stored is not None, timeout=20_000)
    return session


@pytest.fixture
def tab(session: Session, qtbot: QtBot) -> Iterator[PredictTab]:
    cache = ThumbnailCache()
    made = PredictTab(session, cache)
    qtbot.addWidget(made)
    made.resize(1440, 760)
    made.show()
    made.activateWindow()
    assert QTest.qWaitForWindowActive(made)
    yield made
    cache.shutdown()


def classify(qtbot: QtBot, tab: PredictTab, folder: Path, to_go: int) -> AnswerCard:
    tab.findChild(OnePhotoArea).dropped.emit([folder])
    qtbot.waitUntil(lambda: f"{to_go} to go" in texts(tab), timeout=20_000)
    press(qtbot, tab, f"{to_go} to go")
    return tab.findChild(AnswerCard)


def texts(tab: PredictTab) -> list[str]:
    shown = [each for each in tab.findChildren(QAbstractButton) if each.isVisible()]
    labels = [each for each in tab.findChildren(QLabel) if each.isVisible()]
    return [each.text() for each in (*shown, *labels)]


def press(qtbot: QtBot, tab: PredictTab, words: str) -> None:
    buttons = (each for each in tab.findChildren(QAbstractButton) if each.isVisible())
    button = next(each for each in buttons if words in (each.text(), each.accessibleName()))
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def stem(card: AnswerCard) -> str:
    return Path(card.photo_path()).stem


def test_letters_pick_a_class_once_they_mean_one_and_what_is_typed_on_is_swallowed(
    tab: PredictTab, meadow: Path, qtbot: QtBot
) -> None:
    card = classify(qtbot, tab, meadow, 24)
    qtbot.keyClicks(card, "t")
    assert any("thistle or tulips? Type on" in words for words in texts(tab))
    qtbot.keyClick(card, Qt.Key.Key_Return)
    assert "thistle" in column_of_answers(tab)
    qtbot.keyClick(card, "u")
    qtbot.keyClicks(card, "t")
    qtbot.keyClick(card, Qt.Key.Key_Escape)
    qtbot.keyClicks(card, "roses")
    assert stem(card) == "roses 0.27 01"
    qtbot.keyClicks(card, "tulips")
    assert stem(card) == "roses 0.28 02"
    qtbot.keyClicks(card, "x")
    assert "No class begins with “x”." in texts(tab)
    heat = next(each for each in tab.findChildren(QAbstractButton) if each.text() == "Heat map")
    qtbot.keyClick(card, "h")
    assert heat.isChecked()
    qtbot.keyClick(card, "h")
    assert not heat.isChecked()
    qtbot.keyClick(card, "u")
    qtbot.keyClick(card, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert stem(card) == "roses 0.26 00"
    assert "24 to go" in texts(tab)


def test_arrows_walk_without_answering_and_what_is_put_off_comes_at_the_end(
    tab: PredictTab, meadow: Path, qtbot: QtBot
) -> None:
    card = classify(qtbot, tab, meadow, 24)
    qtbot.keyClick(card, "l")
    qtbot.keyClick(card, Qt.Key.Key_Down)
    assert stem(card) == "roses 0.28 02"
    qtbot.keyClick(card, Qt.Key.Key_Left)
    qtbot.keyClick(card, Qt.Key.Key_Left)
    assert stem(card) == "roses 0.26 00"  # put off, but not answered
    assert "You put this photo off." in texts(tab)
    qtbot.keyClick(card, Qt.Key.Key_Right)
    for _ in range(23):
        qtbot.keyClick(card, Qt.Key.Key_Return)
    assert stem(card) == "roses 0.26 00"
    assert "1 to go" in texts(tab)


def test_a_suggestion_is_accepted_for_all_photos_but_those_taken_out(
    tab: PredictTab, meadow: Path, qtbot: QtBot
) -> None:
    classify(qtbot, tab, meadow, 24)
    tab._review.show_suggestions()
    page = tab.findChild(SuggestionPage)
    grid = page.findChild(PhotoGrid)
    assert "24 photos: roses?" in texts(tab)
    qtbot.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, pos=grid.visualRect(grid.model().index(3, 0)).center())
    qtbot.keyClick(grid, Qt.Key.Key_Right)
    qtbot.keyClick(grid, Qt.Key.Key_Space)
    assert "Accept 22 as roses" in texts(tab)
    qtbot.keyClick(grid, Qt.Key.Key_Return)
    assert "2 to go" in texts(tab)
    assert "Nothing waits" in texts(tab)
    press(qtbot, tab, "Undo")
    assert "24 to go" in texts(tab)
    press(qtbot, tab, "Back to the table")
    assert not page.isVisible()


def test_a_burst_is_answered_with_one_key_but_for_what_is_taken_out(
    tab: PredictTab, tmp_path: Path, photos_factory: PhotosFactory, qtbot: QtBot
) -> None:
    folder = tmp_path / "burst"
    (scene,) = photos_factory(folder, 1, kind=2)
    for number in range(4):
        path = folder / f"roses 0.3{number} {number}.jpg"
        shutil.copy(scene, path)
        os.utime(path, (1_600_000_000 + 2 * number,) * 2)
    scene.unlink()
    card = classify(qtbot, tab, folder, 4)
    strip = tab.findChild(BurstStrip)
    qtbot.waitUntil(lambda: len(strip.chosen()) == 4, timeout=20_000)
    press(qtbot, tab, "roses 0.32 2, of the same moment")
    assert "Accept for all 3" in texts(tab)
    qtbot.keyClick(card, "2")
    assert ("1 to go" in texts(tab), stem(card)) == (True, "roses 0.32 2")
    qtbot.keyClick(card, "u")
    assert "4 to go" in texts(tab)


def test_reviewed_photos_join_those_to_learn_from_and_answers_that_changed_are_told(
    tab: PredictTab, session: Session, meadow: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    messages: list[Message] = []
    session.posted.connect(messages.append)
    card = classify(qtbot, tab, meadow, 24)
    for _ in range(3):
        qtbot.keyClick(card, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "3 answered. Add them to the training photos?" in texts(tab), timeout=20_000)
    press(qtbot, tab, "Add")
    offer = "3 reviewed photos added. Train again to learn from them."
    qtbot.waitUntil(lambda: offer in texts(tab), timeout=20_000)
    assert session.photos.dataset is not None
    assert session.photos.dataset.counts()["roses"] == 7
    assert session.photos.steps.undo == "Add 3 reviewed photos"
    first = session.stored
    press(qtbot, tab, "Train again")
    qtbot.waitUntil(lambda: session.stored is not first and not session.training, timeout=20_000)
    monkeypatch.setattr(batch_module, "predict", _predict_otherwise)
    offered = next(message for message in messages if message.choice == "Classify again")
    assert offered.on_choice is not None
    offered.on_choice()
    qtbot.waitUntil(lambda: messages[-1].title == "2 of 25 answers are different now.", timeout=20_000)
    qtbot.waitUntil(lambda: "21 to go" in texts(tab), timeout=20_000)  # what was answered stays answered


def test_classifying_again_is_offered_with_the_new_model_only(
    tab: PredictTab,
    session: Session,
    meadow: Path,
    class_folders: ClassFolders,
    tmp_path: Path,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    offered, withdrawn, go_on = list[str](), list[str](), threading.Event()
    session.posted.connect(lambda message: offered.append(message.key) if message.choice == "Classify again" else None)
    session.withdrawn.connect(withdrawn.append)
    first, trees = session.stored, make_run(tmp_path / "run", class_folders({"oak": 4, "beech": 4}, name="trees"))
    assert first is not None

    def train(request: TrainRequest, *, emit: Emit, token: CancelToken) -> Trained:
        assert go_on.wait(30)
        return _train(request, emit=emit, token=token)

    monkeypatch.setattr("tlstudio.ui.session.train", train)
    classify(qtbot, tab, meadow, 24)
    session.train()
    open_run(qtbot, session, trees)
    with qtbot.waitSignal(session.training_ended, timeout=20_000):
        go_on.set()
    assert session.is_open(trees)
    assert offered == [], "the trees would be asked what the flowers are"
    open_run(qtbot, session, first)
    classify(qtbot, tab, meadow, 24)
    session.train()
    qtbot.waitUntil(lambda: len(offered) == 1, timeout=20_000)
    withdrawn.clear()
    open_run(qtbot, session, trees)
    assert offered[0] in withdrawn


def open_run(qtbot: QtBot, session: Session, run: StoredRun) -> None:
    session.open_run(run.folder)
    qtbot.waitUntil(lambda: session.is_open(run), timeout=20_000)


def _predict_otherwise(
    stored: StoredRun,
    inputs: Sequence[Path],
    options: PredictOptions,
    *,
    answers: AnswerStore | None = None,  # noqa: ARG001 - as the workflow
    emit: Emit,
    token: CancelToken,
) -> BatchSummary:
    """The same answers but for two."""

    def change(event: Event) -> None:
        if isinstance(event, Batch):
            items = [item for item in event.items if isinstance(item, Prediction)]
            others = [replace(item, top=(("daisy", item.score), *item.top[1:])) for item in items[-2:]]
            event = Batch((*items[:-2], *others))
        emit(event)

    return _predict(stored, inputs, options, emit=change, token=token)


# One photo


def test_a_picture_from_a_browser_is_asked_about_and_a_link_is_explained(
    tab: PredictTab, session: Session, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(one_photo, "predict", _always_daisy)
    messages: list[Message] = []
    session.posted.connect(messages.append)
    link, picture, drawn = QMimeData(), QMimeData(), QMimeData()
    link.setUrls([QUrl("https://example.org/rose.jpg")])
    image = QImage(8, 6, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.red)
    picture.setUrls(link.urls())
    picture.setImageData(image)
    packed = QBuffer()
    image.save(packed, "PNG")
    drawn.setUrls([QUrl("data:image/png;base64," + bytes(packed.data().toBase64()).decode())])
    for data in (link, picture, drawn):
        drag(tab, data)
    assert messages[0].title == "This is only a link to a photo."
    qtbot.waitUntil(lambda: "Dragged from another program" in texts(tab), timeout=20_000)
    assert stem(tab.findChild(AnswerCard)) == "Dragged photo 2"


def _always_daisy(
    _stored: StoredRun,
    inputs: Sequence[Path],
    _options: PredictOptions,
    *,
    emit: Emit,
    token: CancelToken,  # noqa: ARG001 - as the workflow
) -> BatchSummary:
    emit(Batch((Prediction(str(inputs[0]), "unsure", (("daisy", 0.9), ("roses", 0.1)), reason="unlike"),)))
    return BatchSummary(1, 1, 0, 0, 0, 1.0, 1.0, 0)


def drag(tab: PredictTab, data: QMimeData) -> None:
    rest = (Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    # Qt hands a drop to the widget that welcomed what hovered.
    QApplication.sendEvent(tab, QDragEnterEvent(QPoint(700, 300), *rest))
    QApplication.sendEvent(tab, QDropEvent(QPointF(700, 300), *rest))


def test_any_photo_of_the_data_set_is_drawn_and_may_be_none_of_the_classes(
    tab: PredictTab, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(one_photo, "predict", _always_daisy)
    press(qtbot, tab, "Any of mine")
    qtbot.waitUntil(lambda: any(words.startswith("Labelled ") for words in texts(tab)), timeout=20_000)
    qtbot.waitUntil(lambda: any(words.startswith("This may be none of these") for words in texts(tab)), timeout=20_000)


def test_typing_knows_a_name_that_begins_another() -> None:
    typing = ClassTyping()
    typing.set_classes(("rose", "rose hip", "daisy"))
    assert typing.type("d", 0.0).picked == "daisy"
    assert typing.type("a", 0.2).sentence == ""  # the rest of it
    assert [typing.type(letter, 9.0).picked for letter in "rose"] == [""] * 4
    assert typing.type(" ", 9.0).picked == "rose hip"
    assert typing.type("r", 20.0).matches == ("rose", "rose hip")
    assert typing.type("d", 30.0).picked == "daisy"  # what was begun long ago is forgotten


def test_who_takes_an_answer_back_long_after_goes_on_from_there(
    tab: PredictTab, meadow: Path, tmp_path: Path, photos_factory: PhotosFactory, qtbot: QtBot
) -> None:
    card = classify(qtbot, tab, meadow, 24)
    for _ in range(3):
        qtbot.keyClick(card, Qt.Key.Key_Return)
    for number, path in enumerate(photos_factory(tmp_path / "more", 2, kind=6, size=(24, 18))):
        _rename(path, f"tulips 0.49 {number}", number)
    tab.findChild(OnePhotoArea).dropped.emit([tmp_path / "more"])  # all answers are looked through again
    qtbot.waitUntil(lambda: "23 to go" in texts(tab), timeout=20_000)
    qtbot.keyClick(card, "u")
    assert (stem(card), "24 to go" in texts(tab)) == ("roses 0.28 02", True)
    qtbot.keyClick(card, "0")
    assert (stem(card), "23 to go" in texts(tab)) == ("roses 0.29 03", True)
