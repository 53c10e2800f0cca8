"""Why a model says what it says: heat maps and neighbours in the Evaluation tab, asked for by mouse and keys."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QFileDialog, QListWidget
from pytestqt.qtbot import QtBot

from tlstudio.datasets.splits.split import Split, SplitConfig
from tlstudio.errors import TLStudioError
from tlstudio.evaluation.judge import build_report
from tlstudio.events import CancelToken, Emit
from tlstudio.prediction.explanation.heat_map import HeatMap, MapLayer, Wish
from tlstudio.prediction.explanation.neighbours import Neighbour
from tlstudio.runs.run import SCHEMA, Run
from tlstudio.runs.store import StoredRun
from tlstudio.training.history import History
from tlstudio.training.recipes import config_for, spec_for
from tlstudio.ui.session import Session
from tlstudio.ui.tabs.evaluation import explanations as module
from tlstudio.ui.tabs.evaluation.evaluation_tab import EvaluationTab
from tlstudio.ui.tabs.evaluation.heat_controls import HeatOptions
from tlstudio.ui.tabs.evaluation.matrix_card import MatrixCard
from tlstudio.ui.tabs.evaluation.neighbour_row import neighbour_sentence
from tlstudio.ui.widgets.confused_pairs import PairList
from tlstudio.ui.widgets.fields import ComboBox
from tlstudio.ui.widgets.heat_photo import HeatPhoto
from tlstudio.ui.widgets.labels import TextLabel
from tlstudio.ui.widgets.photo_grid import PhotoGrid
from tlstudio.ui.widgets.slider import Slider
from tlstudio.ui.widgets.thumbnails import ThumbnailCache

# The offscreen platform says so of every window.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

PhotosFactory = Callable[..., list[Path]]
CLASSES = ("daisy", "roses", "tulips")
LAYERS = (MapLayer("last", 7, 7), MapLayer("earlier", 14, 14))


class FakeExplainer:
    """Answers at once, and notes what it was asked."""

    asked: list[Wish] = []  # noqa: RUF012 - emptied by the fixture
    error = ""

    def __init__(self, stored: StoredRun) -> None:
        self.stored = stored

    def heat_map(self, photo: Path, wish: Wish, *, emit: Emit, token: CancelToken) -> HeatMap:  # noqa: ARG002
        self.asked.append(wish)
        if self.error:
            raise TLStudioError(self.error, "Try again.")
        return HeatMap(np.eye(7, dtype=np.float32), wish.class_index, "grad_cam", wish.layer or "last", LAYERS)

    def neighbours(self, photo: Path, *, emit: Emit, token: CancelToken) -> tuple[Neighbour, ...]:  # noqa: ARG002
        return (*(Neighbour(f"photo_{number:03}.jpg", 2, 0.9) for number in range(9)), Neighbour("a.jpg", 1, 0.5))

    def close(self) -> None:
        pass


@pytest.fixture
def tab(
    session: Session, qtbot: QtBot, tmp_path: Path, photos_factory: PhotosFactory, monkeypatch: pytest.MonkeyPatch
) -> Iterator[EvaluationTab]:
    monkeypatch.setattr(module, "Explainer", FakeExplainer)
    monkeypatch.setattr(FakeExplainer, "asked", [])
    photos = photos_factory(tmp_path / "photos", 12)
    cache = ThumbnailCache()
    made = EvaluationTab(session, cache)
    qtbot.addWidget(made)
    made.resize(1440, 800)
    spec = spec_for("small_cnn", "none")
    run = Run(
        SCHEMA, "Flowers", "2026-01-01T00:00:00+00:00", "complete", str(tmp_path / "photos"), CLASSES, (),
        Split((), (), ()), SplitConfig(), (), spec, "photo", "", config_for(spec), History(), None, None, {}, {},
    )  # fmt: skip
    labels = np.repeat(np.arange(3), 4)
    scores = np.full((12, 3), 0.1)
    scores[np.arange(12), [0, 0, 0, 0, 1, 1, 1, 2, 2, 2, 1, 1]] = 0.8
    report = build_report(str(tmp_path / "photos"), CLASSES, [path.name for path in photos], labels, scores)
    session.stored, session.report = StoredRun(tmp_path / "run", run), report
    made.show()
    session.run_changed.emit()
    yield made
    cache.shutdown()


def photo(tab: EvaluationTab) -> HeatPhoto:
    (view,) = (view for view in tab.findChildren(HeatPhoto) if view.isVisible())
    return view


def heat_layer(tab: EvaluationTab) -> str:
    heat = photo(tab).heat()
    return "" if heat is None else heat.layer


def button(tab: EvaluationTab, words: str) -> QAbstractButton:
    return next(
        each
        for each in tab.findChildren(QAbstractButton)
        if each.isVisible() and words in (each.text(), each.accessibleName())
    )


def texts(tab: EvaluationTab) -> set[str]:
    return {label.text() for label in tab.findChildren(TextLabel) if label.isVisibleTo(tab)}


def test_the_photos_it_learnt_from_are_named_and_can_be_seen_large(tab: EvaluationTab, qtbot: QtBot) -> None:
    line = "9 of the 10 most alike are labelled tulips, 1 roses."
    qtbot.waitUntil(lambda: line in texts(tab))
    original = photo(tab).photo()
    near = button(tab, "photo 002, labelled tulips")
    qtbot.mouseClick(near, Qt.MouseButton.LeftButton)
    shown = photo(tab).photo()
    assert shown is not None
    assert shown.name == "photo_002.jpg"
    qtbot.keyClick(near, Qt.Key.Key_Space)
    assert photo(tab).photo() == original


def test_a_run_that_was_open_before_the_tab_is_explained_too(
    tab: EvaluationTab, session: Session, qtbot: QtBot
) -> None:
    cache = ThumbnailCache()
    late = EvaluationTab(session, cache)
    qtbot.addWidget(late)
    tab.hide()
    late.show()
    qtbot.waitUntil(lambda: any("most alike" in text for text in texts(late)))
    cache.shutdown()


def test_heat_maps_are_computed_once_they_are_asked_for_and_h_hides_them(tab: EvaluationTab, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: any("most alike" in text for text in texts(tab)))
    assert FakeExplainer.asked == []
    qtbot.mouseClick(button(tab, "Heat map"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: photo(tab).heat() is not None)
    assert [wish.class_index for wish in FakeExplainer.asked] == [2]
    (grid,) = (grid for grid in tab.findChildren(PhotoGrid) if grid.isVisible())
    grid.setFocus()
    for there in (False, True):
        qtbot.keyClick(grid, Qt.Key.Key_H)
        assert (photo(tab).heat() is not None) == there
    assert len(FakeExplainer.asked) == 1


def test_another_class_another_layer_and_the_strength(tab: EvaluationTab, qtbot: QtBot) -> None:
    qtbot.mouseClick(button(tab, "Heat map"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: photo(tab).heat() is not None)
    qtbot.mouseClick(button(tab, "Strength, class and method of the heat map"), Qt.MouseButton.LeftButton)
    (card,) = tab.findChildren(HeatOptions)
    speaks, ways = card.findChildren(ComboBox)
    assert {speaks.itemText(row) for row in range(speaks.count())} == set(CLASSES)
    for box, words in ((speaks, "roses"), (ways, "Grad-CAM at earlier (14 × 14)")):
        box.setCurrentText(words)
        box.activated.emit(box.currentIndex())
    qtbot.waitUntil(lambda: FakeExplainer.asked[-1] == Wish(1, "grad_cam", "earlier"))
    qtbot.waitUntil(lambda: heat_layer(tab) == "earlier")
    qtbot.waitUntil(lambda: photo(tab).photo_rect() != photo(tab).rect().toRectF())  # the photo itself is loaded
    before = photo(tab).grab().toImage()
    card.findChildren(Slider)[0].setValue(0)
    assert photo(tab).grab().toImage() != before
    card.close()


def test_what_is_in_the_way_is_said_where_it_is_missed(
    tab: EvaluationTab, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FakeExplainer, "error", "The photo is gone.")
    qtbot.mouseClick(button(tab, "Heat map"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(
        lambda: any(label.accessibleName() == "The photo is gone. Try again." for label in tab.findChildren(TextLabel))
    )
    qtbot.waitUntil(lambda: any("most alike" in text for text in texts(tab)))


def test_what_is_chosen_in_the_matrix_is_shown_in_all_views(tab: EvaluationTab, qtbot: QtBot) -> None:
    (card,) = tab.findChildren(MatrixCard)
    qtbot.mouseClick(button(tab, "All pairs"), Qt.MouseButton.LeftButton)
    (pairs,) = tab.findChildren(PairList)
    listed = pairs.findChildren(QListWidget)[0]
    assert [listed.item(row).text() for row in range(listed.count())] == [
        "2 tulips taken for roses",
        "1 photo of roses taken for tulips",
    ]
    qtbot.keyClick(listed, Qt.Key.Key_Return)
    assert (card.selection().true, card.selection().predicted) == (2, 1)
    qtbot.mouseClick(button(tab, "Show in Photos"), Qt.MouseButton.LeftButton)
    assert button(tab, "Chosen, 2").isChecked()
    (grid,) = (grid for grid in tab.findChildren(PhotoGrid) if grid.isVisible())
    assert [item.path.name for item in grid.items()] == ["photo_010.jpg", "photo_011.jpg"]


def test_the_matrix_is_copied_and_saved(
    tab: EvaluationTab, session: Session, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (card,) = tab.findChildren(MatrixCard)
    actions = {action.text().partition("\t")[0]: action for action in card._menu.actions() if action.text()}
    actions["Percent of what the model says (columns, precision)"].trigger()
    actions["Classes by name"].trigger()
    actions["Copy as text"].trigger()
    assert QApplication.clipboard().text().splitlines()[2] == "roses\t0.0000\t0.6000\t0.3333"
    for kind, title in (
        ("png", "Save as picture (PNG)…"),
        ("svg", "Save as drawing (SVG)…"),
        ("csv", "Save as table (CSV)…"),
    ):
        place = tmp_path / f"saved.{kind}"
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, place=place: (str(place.with_suffix("")), ""))
        with qtbot.waitSignal(session.posted) as told:
            actions[title].trigger()
        assert told.args[0].title == "Confusion matrix saved"
        assert place.stat().st_size > 50


@pytest.mark.parametrize(
    ("labels", "words"),
    [
        ((), ""),
        ((1,), ""),
        ((1, 1, 1), "All 3 most alike are labelled roses."),
        ((1, 2, 1), "2 of the 3 most alike are labelled roses, 1 tulips."),
    ],
)
def test_what_the_neighbours_are_in_words(labels: tuple[int, ...], words: str) -> None:
    assert neighbour_sentence(CLASSES, [Neighbour("", label, 1.0) for label in labels]) == words
