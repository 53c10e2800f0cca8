"""Labels, map, shortcuts and more photos in the Evaluation tab; what the network says of photos is planted."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from pytestqt.qtbot import QtBot

from tlstudio.datasets.dataset import Dataset, Sample
from tlstudio.datasets.splits.split import Split, SplitConfig
from tlstudio.evaluation.judge import build_report
from tlstudio.events import CancelToken, Emit, Progress
from tlstudio.runs.run import SCHEMA, Run
from tlstudio.runs.store import StoredRun
from tlstudio.training.history import History
from tlstudio.training.recipes import config_for, spec_for
from tlstudio.ui import theme
from tlstudio.ui.session import Session
from tlstudio.ui.tabs.evaluation import gain, labels_page, map_page
from tlstudio.ui.tabs.evaluation.chosen_photos import ChosenPhotos
from tlstudio.ui.tabs.evaluation.corrections import Corrections
from tlstudio.ui.tabs.evaluation.desk import Desk
from tlstudio.ui.tabs.evaluation.evaluation_tab import EvaluationTab
from tlstudio.ui.tabs.evaluation.explanations import Explanations
from tlstudio.ui.tabs.evaluation.gain import Gain
from tlstudio.ui.tabs.evaluation.labels_page import LabelsPage
from tlstudio.ui.tabs.evaluation.map_colors import MapColors
from tlstudio.ui.tabs.evaluation.map_page import MapPage
from tlstudio.ui.tabs.evaluation.more_photos_page import MorePhotosPage
from tlstudio.ui.tabs.evaluation.overview_page import OverviewPage
from tlstudio.ui.tabs.evaluation.page import EvaluationPage, PageContext
from tlstudio.ui.tabs.evaluation.photos_pane import PhotosPane
from tlstudio.ui.tabs.evaluation.shortcuts_page import ShortcutsPage
from tlstudio.ui.widgets.buttons import Button
from tlstudio.ui.widgets.card import Card
from tlstudio.ui.widgets.chips import Badge
from tlstudio.ui.widgets.confusion_matrix import ConfusionMatrix
from tlstudio.ui.widgets.evidence_photo import EvidencePhoto
from tlstudio.ui.widgets.labels import ElidedLabel, TextLabel
from tlstudio.ui.widgets.photo_grid import PhotoGrid
from tlstudio.ui.widgets.point_map import PointMap
from tlstudio.ui.widgets.thumbnails import ThumbnailCache
from tlstudio.workflows.frozen_features import FrozenFeatures
from tlstudio.workflows.map_photos import Method, PhotoMap, map_photos
from tlstudio.workflows.relearn import Relearnt, relearn
from tlstudio.workflows.scan import read_photos

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

WRONG = "roses/photo_000.jpg"
SECONDS = 60_000


def planted_features(
    dataset: Dataset,
    _stored: StoredRun,
    *,
    border: bool = False,
    emit: Emit,  # noqa: ARG001 - as those it stands for
    token: CancelToken,  # noqa: ARG001
) -> FrozenFeatures:
    """Two clouds, by the folder; one photo of the roses lies among the tulips. A border tells nothing."""
    rng = np.random.default_rng(0)
    is_tulip = np.array([sample.path.startswith("tulips") or sample.path == WRONG for sample in dataset.samples])
    place = np.zeros(len(is_tulip)) if border else is_tulip * 6.0
    vectors = rng.normal(size=(len(is_tulip), 8)) + place[:, np.newaxis] + 1
    labels = np.array([dataset.classes.index(sample.class_name) for sample in dataset.samples], dtype=np.int64)
    return FrozenFeatures(dataset.samples, dataset.classes, vectors.astype(np.float32), labels)


@pytest.fixture
def stored(class_folders: Callable[..., Path], silent: Emit, tmp_path: Path) -> StoredRun:
    folder = class_folders({"roses": 30, "tulips": 30})
    dataset = read_photos(folder, None, emit=silent, token=CancelToken())
    numbers = range(60)
    split = Split(tuple(n for n in numbers if n % 5 not in (1, 2)), tuple(numbers[1::5]), tuple(numbers[2::5]))
    spec = spec_for("small_cnn", "none")
    run = Run(
        SCHEMA, "Flowers", "2026-01-01T00:00:00+00:00", "complete", dataset.root, dataset.classes, dataset.samples,
        split, SplitConfig(keep_together=False), (), spec, "photo", "", config_for(spec), History(), None, None, {}, {},
    )  # fmt: skip
    return StoredRun(tmp_path / "run", run)


@pytest.fixture
def context(
    qapp: QApplication,  # noqa: ARG001 - must be there
    home: Path,  # noqa: ARG001 - projects of its own
    stored: StoredRun,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[PageContext]:
    for module in ("check_labels", "relearn", "map_photos", "find_shortcuts", "foresee_photos"):
        monkeypatch.setattr(f"tlstudio.workflows.{module}.frozen_features", planted_features)
    for module in ("check_labels", "find_shortcuts", "foresee_photos"):
        monkeypatch.setattr(
            f"tlstudio.workflows.{module}.groups_of", lambda dataset, _: np.arange(len(dataset.samples))
        )
    session, cache = Session(), ThumbnailCache()
    run = stored.run
    session.stored = stored
    names = [run.samples[number].path for number in run.split.test]
    labels = np.array([run.classes.index(run.samples[number].class_name) for number in run.split.test])
    session.report = build_report(run.root, run.classes, names, labels, np.eye(2)[labels])
    session.crashed.connect(pytest.fail)
    corrections = Corrections(session)
    yield PageContext(session, cache, ChosenPhotos(), Explanations(session), corrections, Gain(session, corrections))
    cache.shutdown()
    assert session.runner.shutdown(20)


class HeldMaps:
    """Lays photos out as the program does; some methods only once they may."""

    def __init__(self) -> None:
        self._held: set[Method] = set()

    def hold(self, *methods: Method) -> None:
        self._held = set(methods)

    def __call__(
        self, dataset: Dataset, stored: StoredRun, method: Method, *, emit: Emit, token: CancelToken
    ) -> PhotoMap:
        emit(Progress("map", 1, 2))
        while method in self._held:
            token.check()
            token.rest(0.01)
        return map_photos(dataset, stored, "pca", emit=emit, token=token)


@pytest.fixture
def held_maps(monkeypatch: pytest.MonkeyPatch) -> HeldMaps:
    held = HeldMaps()
    monkeypatch.setattr(map_page, "map_photos", held)
    return held


def opened(qtbot: QtBot, kind: type[EvaluationPage], context: PageContext) -> Any:  # noqa: ANN401 - of that kind
    page = kind(context)
    qtbot.addWidget(page)
    page.resize(1200, 640)
    page.show()
    assert context.session.report is not None
    page.show_report(context.session.report)
    page.opened()
    return page


def words(page: QWidget) -> str:
    labels = (label for label in page.findChildren(TextLabel) if label.isVisibleTo(page))
    return "\n".join(label.full_text() if isinstance(label, ElidedLabel) else label.text() for label in labels)


def press(page: QWidget, start: str) -> None:
    buttons = (b for b in page.findChildren(QAbstractButton) if b.isVisibleTo(page))
    button = next(b for b in buttons if b.text().startswith(start))
    assert button.isEnabled()
    button.click()


def test_a_wrong_label_is_asked_about_corrected_undone_and_the_gain_told(
    qtbot: QtBot, context: PageContext, stored: StoredRun
) -> None:
    page = opened(qtbot, LabelsPage, context)
    qtbot.waitUntil(lambda: "photo_000.jpg" in words(page), timeout=SECONDS)
    assert "1 of 1, 1 likely wrong" in words(page)
    assert len(page.findChild(PhotoGrid).items()) == 5

    press(page, "Change to tulips")
    assert "photo_000.jpg" not in words(page)
    project = context.session.photos.library.project_of(Path(stored.run.root))
    assert project is not None
    assert project.edits().labels == {WRONG: "tulips"}

    press(page, "Train again")
    qtbot.waitUntil(lambda: "1 label changed, 0 photos left out" in words(page), timeout=SECONDS)

    press(page, "Undo")
    assert not project.edits().labels
    assert "photo_000.jpg" in words(page)
    press(page, "Keep roses")
    assert "photo_000.jpg" not in words(page)
    again = opened(qtbot, LabelsPage, context)  # what was kept is not asked for again
    qtbot.waitUntil(lambda: again._check is not None, timeout=SECONDS)
    assert "photo_000.jpg" not in words(again)


def test_photos_of_a_cell_are_corrected_where_they_are_seen_and_the_gain_told(
    qtbot: QtBot, context: PageContext, stored: StoredRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Explanations, "ask", lambda *_: None)
    run, report = stored.run, context.session.report
    assert report is not None
    names = [photo.path for photo in report.photos]
    true = np.array([photo.true for photo in report.photos])
    said = true.copy()
    said[:2] = 1  # two roses that the model takes for tulips
    context.session.report = build_report(run.root, run.classes, names, true, np.eye(2)[said] * 0.8 + 0.1)
    page = opened(qtbot, OverviewPage, context)
    page.findChild(ConfusionMatrix).select_cell(0, 1)
    grid = page.findChild(PhotoGrid)
    qtbot.waitUntil(grid.isVisible)
    assert len(grid.items()) == 2
    assert "What the corrections" not in words(page)

    for row in (0, 1):
        grid.select_row(row)
        assert "Now tulips" not in badges(page)
        qtbot.keyClick(page, Qt.Key.Key_C)
        assert "Now tulips" in badges(page)
    project = context.session.photos.library.project_of(Path(run.root))
    assert project is not None
    assert project.edits().labels == dict.fromkeys(names[:2], "tulips")

    press(page, "Train again")
    qtbot.waitUntil(lambda: "2 labels changed, 0 photos left out" in words(page), timeout=SECONDS)
    assert "exam photos are right now" in words(page)
    matrix = page.findChild(ConfusionMatrix)
    before = matrix.table()
    relearnt = context.gain.relearnt
    assert relearnt is not None
    press(page, "New matrix")
    assert [row[1:] for row in matrix.table()[1:]] == [[str(n) for n in row] for row in relearnt.after.confusion]
    press(page, "This run")
    assert matrix.table() == before
    matrix.select_cell(0, 1)
    grid.select_row(1)

    qtbot.keyClick(page, Qt.Key.Key_U)
    assert list(project.edits().labels) == names[:1]
    qtbot.keyClick(page, Qt.Key.Key_X)
    assert "Left out" in badges(page)
    assert project.edits().left_out == {names[1]}


def badges(page: EvaluationPage) -> list[str]:
    return [badge.accessibleName() for badge in page.findChildren(Badge) if badge.isVisibleTo(page)]


def test_leaving_out_a_photo(qtbot: QtBot, context: PageContext, stored: StoredRun) -> None:
    page = opened(qtbot, LabelsPage, context)
    qtbot.waitUntil(lambda: "photo_000.jpg" in words(page), timeout=SECONDS)
    press(page, "Leave out")
    project = context.session.photos.library.project_of(Path(stored.run.root))
    assert project is not None
    assert project.edits().left_out == {WRONG}


def test_labels_corrected_while_it_learns_anew_are_not_told_as_learnt_from(
    qtbot: QtBot, context: PageContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    learns, may_end = threading.Event(), threading.Event()

    def slowly(*arguments: Any, **options: Any) -> Relearnt:  # noqa: ANN401 - those of what it stands for
        learns.set()
        assert may_end.wait(20)
        return relearn(*arguments, **options)

    monkeypatch.setattr(gain, "relearn", slowly)
    page = opened(qtbot, LabelsPage, context)
    qtbot.waitUntil(lambda: "photo_000.jpg" in words(page), timeout=SECONDS)
    press(page, "Change to tulips")
    press(page, "Train again")
    qtbot.waitUntil(learns.is_set, timeout=SECONDS)
    press(page, "Undo")
    may_end.set()
    qtbot.waitUntil(lambda: not context.gain.desk.busy, timeout=SECONDS)
    assert context.gain.relearnt is None
    assert "Labels were changed while it learnt. Train again and compare" in words(page)
    press(page, "Train again")
    qtbot.waitUntil(lambda: "Nothing is corrected yet" in words(page), timeout=SECONDS)
    press(page, "Keep roses")
    assert "Nothing is corrected yet" in words(page), "to keep a label corrects nothing"


def test_without_corrections_there_is_no_matrix_before_and_after_them(
    qtbot: QtBot, context: PageContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Explanations, "ask", lambda *_: None)
    page = opened(qtbot, OverviewPage, context)
    context.gain.measure()
    qtbot.waitUntil(lambda: context.gain.relearnt is not None, timeout=SECONDS)
    again = opened(qtbot, OverviewPage, context)
    for shown in (page, again):
        offered = [button.text() for button in shown.findChildren(QAbstractButton) if button.isVisibleTo(shown)]
        assert "After corrections" not in offered


def test_photos_look_the_same_again_after_a_low_window(qtbot: QtBot, context: PageContext) -> None:
    window, report = QWidget(), context.session.report
    qtbot.addWidget(window)
    assert report is not None
    once_low, never_low = panes = [PhotosPane(context, window) for _ in range(2)]
    window.show()
    for pane in panes:
        pane.resize(700, 640)
        pane.show()
        pane.show_photos("12 photos", report, report.photos)

    def places(pane: PhotosPane) -> list[object]:
        parts = (part for part in pane.findChildren(QWidget) if part.isVisibleTo(pane))
        return [part.mapTo(pane, part.rect().topLeft()) for part in parts]

    qtbot.waitUntil(lambda: once_low.grid.isVisible() and places(once_low) == places(never_low))
    for pane in panes:
        pane.grid.set_tile_step(3)  # as the wheel does
        assert pane.grid.height() == pane.grid.tile_size().height()
    once_low.resize(700, 400)
    qtbot.waitUntil(lambda: once_low.grid.tile_size().width() < never_low.grid.tile_size().width())
    once_low.resize(700, 640)
    qtbot.waitUntil(lambda: places(once_low) == places(never_low))
    assert once_low.grid.size() == never_low.grid.size()
    assert once_low.grid.tile_size() == never_low.grid.tile_size()


def test_the_title_over_photos_stands_as_high_as_that_of_other_cards(qtbot: QtBot, context: PageContext) -> None:
    pane, other = PhotosPane(context), Card("Title", padding=theme.SPACE_24)
    other.add_action(Button("Change", "text", size="small"))
    for card in (pane, other):
        qtbot.addWidget(card)
        card.show()
    tops = [card.findChildren(TextLabel)[0].mapTo(card, QPoint()).y() for card in (pane, other)]
    assert tops[0] == tops[1]


def test_what_runs_is_told_and_stopped_before_what_waits_for_it(
    qtbot: QtBot, context: PageContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    def endless(*_: object, emit: Emit, token: CancelToken) -> None:
        emit(Progress("folds", 1, 2))
        while True:
            token.check()
            token.rest(10)

    monkeypatch.setattr(labels_page, "check_labels", endless)
    tab = EvaluationTab(context.session, context.thumbnails)
    qtbot.addWidget(tab)
    tab.show()
    press(tab, "Labels")
    qtbot.waitUntil(lambda: (told := tab.job_status()) is not None and told.share == 0.5, timeout=SECONDS)
    press(tab, "Map")
    (waiting,) = (desk for desk in tab.findChildren(Desk) if desk.busy and not desk.running)
    qtbot.waitUntil(lambda: waiting.status() is not None, timeout=SECONDS)
    told = tab.job_status()
    assert told is not None
    assert told.title == "Looking for wrong labels"
    tab.stop_job()
    assert waiting.busy
    qtbot.waitUntil(lambda: "Draw a line around photos" in words(tab), timeout=SECONDS)


def test_a_map_that_was_stopped_says_so_and_can_be_begun_again(
    qtbot: QtBot, context: PageContext, held_maps: HeldMaps
) -> None:
    held_maps.hold("pca")
    page = opened(qtbot, MapPage, context)
    assert "The photos are being laid out" in words(page)
    page.findChild(Desk).stop()
    assert "The photos are not laid out" in words(page)
    held_maps.hold()
    press(page, "Lay them out")
    qtbot.waitUntil(lambda: "Draw a line around photos" in words(page), timeout=SECONDS)
    assert "laid out" not in words(page)


def test_the_map_says_which_it_is_while_the_other_is_laid_out(
    qtbot: QtBot, context: PageContext, stored: StoredRun, held_maps: HeldMaps
) -> None:
    held_maps.hold("tsne")
    page = opened(qtbot, MapPage, context)
    qtbot.waitUntil(lambda: "Draw a line around photos" in words(page), timeout=SECONDS)
    press(page, "Neighbours")
    assert "This is still the map “Quick”. “Neighbours” is being laid out." in words(page)
    assert page.findChild(Desk).running
    page.opened()
    assert page.findChild(Desk).running, "leaving the view and coming back doesn't begin anew"
    press(page, "Quick")
    assert "Draw a line around photos" in words(page)

    press(page, "Neighbours")
    page.findChild(Desk).stop()
    assert "“Neighbours” is not laid out." in words(page)
    press(page, "Lay them out")
    held_maps.hold()
    qtbot.waitUntil(lambda: "Draw a line around photos" in words(page), timeout=SECONDS)

    context.session.stored = replace(stored)
    page.show_report(context.session.report)
    assert "Draw a line around photos" not in words(page)
    assert not page.findChild(MapColors).isVisibleTo(page)


def test_a_line_around_photos_chooses_them_everywhere(qtbot: QtBot, context: PageContext) -> None:
    page = opened(qtbot, MapPage, context)
    points = page.findChild(PointMap)
    qtbot.waitUntil(lambda: len(points.placed()) == 60, timeout=SECONDS)
    corners = [QPoint(1, 1), QPoint(points.width() - 2, 1), points.rect().bottomRight(), QPoint(1, points.height() - 2)]
    qtbot.mousePress(points, Qt.MouseButton.LeftButton, pos=corners[0])
    for corner in (*corners[1:], corners[0]):
        qtbot.mouseMove(points, corner)
    qtbot.mouseRelease(points, Qt.MouseButton.LeftButton, pos=corners[0])
    assert len(page.findChild(PhotoGrid).items()) == 60
    assert len(context.chosen.photos) == 12
    qtbot.keyClick(points, Qt.Key.Key_Right)
    qtbot.keyClick(points, Qt.Key.Key_Return)
    assert len(page.findChild(PhotoGrid).items()) == 1
    assert points.pictures() == [0]  # what is chosen is shown as a small picture
    qtbot.keyClick(points, Qt.Key.Key_Escape)
    assert not page.findChild(PhotoGrid).items()
    assert points.pictures() == []


def test_who_comes_closer_to_the_map_sees_photos(qtbot: QtBot, context: PageContext) -> None:
    page = opened(qtbot, MapPage, context)
    points = page.findChild(PointMap)
    qtbot.waitUntil(lambda: len(points.placed()) == 60, timeout=SECONDS)
    whole = points.placed()
    qtbot.keyClick(points, Qt.Key.Key_Right)
    for _ in range(4):
        qtbot.keyClick(points, Qt.Key.Key_Plus)
    shown = points.pictures()
    assert shown
    for number in shown:  # none lies on another
        others = np.abs(points.placed()[[other for other in shown if other != number]] - points.placed()[number])
        assert (others.max(axis=1) >= 20).all()
    out_of_view = (points.placed() < 0).any(axis=1) | (points.placed() > (points.width(), points.height())).any(axis=1)
    assert out_of_view.any()
    edge = points.rect().bottomRight()
    qtbot.mousePress(points, Qt.MouseButton.LeftButton, pos=QPoint(0, 0))
    for corner in (QPoint(edge.x(), 0), edge, QPoint(0, edge.y())):
        qtbot.mouseMove(points, corner)
    qtbot.mouseRelease(points, Qt.MouseButton.LeftButton, pos=QPoint(0, edge.y()))
    chosen = len(page.findChild(PhotoGrid).items())
    assert 0 < chosen <= 60 - out_of_view.sum()
    qtbot.keyClick(points, Qt.Key.Key_0)
    assert np.allclose(points.placed(), whole)


def test_from_the_seventh_class_on_one_is_coloured(qtbot: QtBot) -> None:
    colors = MapColors()
    qtbot.addWidget(colors)
    names = tuple(f"class {number}" for number in range(8))
    samples = tuple(Sample(f"{name}/photo.jpg", name, 48, 36, name) for name in names)
    photos = PhotoMap("photos", names, samples, np.arange(8), np.zeros((8, 2), np.float32), 0)
    scores = np.eye(8)
    scores[5] = np.eye(8)[6]
    report = build_report("photos", names, [sample.path for sample in samples], np.arange(8), scores)
    colors.show_map(photos, report)
    inks, shown = colors.of(photos, report)
    grey = shown[0]
    assert [number for number in range(8) if shown[inks[number]] != grey] == [5]  # recognised worst
    colors.choose_class(2)
    inks, shown = colors.of(photos, report)
    assert [number for number in range(8) if shown[inks[number]] != grey] == [2]


def test_shortcuts_are_told_with_evidence(qtbot: QtBot, context: PageContext) -> None:
    page = opened(qtbot, ShortcutsPage, context)
    press(page, "Look for shortcuts")
    qtbot.waitUntil(lambda: "The borders alone tell" in words(page), timeout=SECONDS)
    assert "That is no cause for worry." in words(page)
    assert len(page.findChildren(EvidencePhoto)) >= 4


def test_more_photos_are_told_in_words(qtbot: QtBot, context: PageContext) -> None:
    page = opened(qtbot, MorePhotosPage, context)
    press(page, "Measure it")
    qtbot.waitUntil(lambda: "wice as many photos" in words(page), timeout=SECONDS)


@pytest.mark.parametrize("kind", [LabelsPage, MapPage, ShortcutsPage, MorePhotosPage])
def test_every_control_says_what_it_is(qtbot: QtBot, context: PageContext, kind: type[EvaluationPage]) -> None:
    page = opened(qtbot, kind, context)
    for button in page.findChildren(QAbstractButton):
        assert button.accessibleName() or button.text()
