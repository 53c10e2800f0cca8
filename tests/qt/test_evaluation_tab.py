"""The Evaluation tab, through clicks and the signals of the session."""

import csv
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QFileDialog, QLineEdit
from pytestqt.qtbot import QtBot

from tlstudio.datasets.dataset import Sample
from tlstudio.datasets.splits.split import Split, SplitConfig
from tlstudio.evaluation.folds import CrossValidation, Fold
from tlstudio.evaluation.judge import build_report
from tlstudio.evaluation.report import Report
from tlstudio.events import CancelToken, Emit, Progress
from tlstudio.runs.run import SCHEMA, PhaseEnd, Run, Scores
from tlstudio.runs.store import SCORES_FILE, StoredRun
from tlstudio.runs.thresholds import load_thresholds
from tlstudio.training.history import History
from tlstudio.training.recipes import config_for, spec_for
from tlstudio.ui.session import Session
from tlstudio.ui.tabs.evaluation import folds_check
from tlstudio.ui.tabs.evaluation.evaluation_tab import EvaluationTab
from tlstudio.ui.tabs.evaluation.more_figures import MoreFigures
from tlstudio.ui.widgets.chips import FilterChip
from tlstudio.ui.widgets.confusion_matrix import ConfusionMatrix
from tlstudio.ui.widgets.labels import TextLabel
from tlstudio.ui.widgets.message_bar import Message
from tlstudio.ui.widgets.metrics_table import MetricsTable
from tlstudio.ui.widgets.next_step_bar import JobStatus
from tlstudio.ui.widgets.photo_grid import PhotoGrid
from tlstudio.ui.widgets.photo_view import PhotoView
from tlstudio.ui.widgets.segmented import Segmented
from tlstudio.ui.widgets.slider import Slider
from tlstudio.ui.widgets.thumbnails import ThumbnailCache
from tlstudio.ui.widgets.toggles import Switch
from tlstudio.ui.words import verdict

# The offscreen platform says so of every window.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

CLASSES = ("daisy", "roses", "tulips")
COUNTS = ((12, 0, 0), (0, 9, 4), (0, 3, 12))


def report_of(classes: tuple[str, ...], counts: tuple[tuple[int, ...], ...], root: Path = Path("photos")) -> Report:
    """A report with these counts; among the photos of a cell the first is the surest."""
    paths, labels, rows = [], [], []
    for true, row in enumerate(counts):
        for predicted, count in enumerate(row):
            for number in range(count):
                scores = np.full(len(classes), 1e-3)
                scores[predicted] = max(0.98 * 0.95**number, 0.01)
                paths.append(f"{classes[true]}/{classes[true]}_{predicted}_{number}.jpg")
                labels.append(true)
                rows.append(scores)
    return build_report(str(root), classes, paths, np.array(labels), np.array(rows))


def stored_run(folder: Path, classes: tuple[str, ...] = CLASSES) -> StoredRun:
    spec = spec_for("small_cnn", "none")
    run = Run(
        SCHEMA, "Flowers", "2026-01-01T00:00:00+00:00", "complete", str(folder), classes, (), Split((), (), ()),
        SplitConfig(), (), spec, "photo", "", config_for(spec), History(), None, None, {}, {},
    )  # fmt: skip
    return StoredRun(folder / "run", run)


@pytest.fixture
def session(qapp: QApplication, home: Path) -> Iterator[Session]:  # noqa: ARG001 - both must be there
    made = Session()
    yield made
    assert made.runner.shutdown(5)


@pytest.fixture
def tab(session: Session, qtbot: QtBot) -> Iterator[EvaluationTab]:
    cache = ThumbnailCache()
    made = EvaluationTab(session, cache)
    qtbot.addWidget(made)
    made.resize(1440, 700)
    made.show()
    yield made
    cache.shutdown()


@pytest.fixture
def show(session: Session, tmp_path: Path) -> Callable[[Report | None], None]:
    def put(report: Report | None) -> None:
        session.stored, session.report = stored_run(tmp_path), report
        session.run_changed.emit()

    return put


def texts(tab: EvaluationTab) -> set[str]:
    return {label.text() for label in tab.findChildren(TextLabel) if label.isVisibleTo(tab)}


def press(qtbot: QtBot, tab: EvaluationTab, words: str) -> None:
    (button,) = (
        button for button in tab.findChildren(QAbstractButton) if button.text() == words and button.isVisible()
    )
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def shown(tab: EvaluationTab) -> list[str]:
    (grid,) = (grid for grid in tab.findChildren(PhotoGrid) if grid.isVisible())
    return [item.path.name for item in grid.items()]


def large(tab: EvaluationTab) -> str:
    (view,) = (view for view in tab.findChildren(PhotoView) if view.isVisible())
    path = view.photo()
    assert path is not None
    return path.name


def test_before_training_it_leads_to_training(tab: EvaluationTab, session: Session, qtbot: QtBot) -> None:
    assert tab.state().text == "After training"
    assert {
        "Nothing to look at yet",
        "After training you see here what the model gets right and wrong.",
    } <= texts(tab)
    with qtbot.waitSignal(session.tab_requested) as told:
        press(qtbot, tab, "Go to training")
    assert told.args == ["training"]


def test_a_run_without_exam_photos_says_so(tab: EvaluationTab, show: Callable[[Report | None], None]) -> None:
    show(None)
    assert "No exam photos" in texts(tab)
    assert tab.state().text == "No exam photos"
    assert tab.next_step().action == "Classify photos"


def test_the_verdict_comes_before_the_figures(tab: EvaluationTab, show: Callable[[Report | None], None]) -> None:
    show(report_of(CLASSES, COUNTS))
    assert "Of 100 new photos, about 68 to 92 will be right." in texts(tab)
    assert "Measured on 40 photos that the model had never seen: 33 right, 7 wrong." in texts(tab)
    assert tab.state().text == "68 to 92 % right"
    assert tab.next_step().title == "Measured on 40 photos"


@pytest.mark.parametrize(
    ("counts", "sentence"),
    [
        (((6, 0), (3, 3)), "There are only 12 exam photos. Of 100 new photos, 46 to 92 may be right: too few to tell."),
        (((1, 0), (0, 0)), "There is only 1 exam photo. Of 100 new photos, 20 to 100 may be right: too few to tell."),
        (((18, 0), (17, 0)), "There are only 35 exam photos. Of 100 new photos, 35 to 68 may be right: too few to tell."),  # noqa: E501
        (((500, 0), (0, 500)), "Of 100 new photos, about 99 to 100 will be right."),
    ],
)  # fmt: skip
def test_few_photos_promise_nothing(counts: tuple[tuple[int, ...], ...], sentence: str) -> None:
    assert verdict.verdict(report_of(("a", "b"), counts)) == sentence


def test_bounds_are_rounded_outward() -> None:
    report = replace(report_of(CLASSES, COUNTS), interval=(0.849, 0.9301))
    assert verdict.bounds(report) == (84, 94)
    assert verdict.bounds(replace(report, interval=(0.84, 0.94))) == (84, 94)


def test_the_wrong_photos_are_shown_first_the_surest_first(
    tab: EvaluationTab, show: Callable[[Report | None], None]
) -> None:
    show(report_of(CLASSES, COUNTS))
    assert "7 wrong photos, surest first" in texts(tab)
    assert shown(tab)[:3] == ["roses_2_0.jpg", "tulips_1_0.jpg", "roses_2_1.jpg"]
    assert large(tab) == "roses_2_0.jpg"
    assert "1 of 7" in texts(tab)


def test_a_cell_a_row_and_a_column_show_their_photos(tab: EvaluationTab, show: Callable[[Report | None], None]) -> None:
    show(report_of(CLASSES, COUNTS))
    (matrix,) = tab.findChildren(ConfusionMatrix)
    matrix.select_cell(1, 2)
    assert shown(tab) == [f"roses_2_{number}.jpg" for number in range(4)]
    assert "4 roses taken for tulips" in texts(tab)
    matrix.reveal("roses")
    assert "13 photos of roses, 9 right" in texts(tab)
    assert shown(tab)[0] == "roses_2_0.jpg"
    assert len(shown(tab)) == 13
    matrix.clear_selection()
    assert "7 wrong photos, surest first" in texts(tab)


def test_a_pair_shows_both_directions_and_its_cell_can_be_chosen_again(
    tab: EvaluationTab, show: Callable[[Report | None], None], qtbot: QtBot
) -> None:
    show(report_of(CLASSES, COUNTS))
    press(qtbot, tab, "roses and tulips  7")
    assert len(shown(tab)) == 7
    (matrix,) = tab.findChildren(ConfusionMatrix)
    assert matrix.selection().true == 1
    geometry = matrix._place()
    assert geometry is not None
    x, y, width, height = geometry.cell(1, 2)
    qtbot.mouseClick(matrix, Qt.MouseButton.LeftButton, pos=QPoint(round(x + width / 2), round(y + height / 2)))
    assert len(shown(tab)) == 4


def test_an_empty_cell_and_a_perfect_exam_are_calm(tab: EvaluationTab, show: Callable[[Report | None], None]) -> None:
    show(report_of(CLASSES, COUNTS))
    tab.findChildren(ConfusionMatrix)[0].select_cell(0, 2)
    assert "No daisy taken for tulips" in texts(tab)
    show(report_of(CLASSES, ((20, 0, 0), (0, 20, 0), (0, 0, 20))))
    assert "The model got all 60 photos of the exam right." in texts(tab)


def test_a_class_of_the_table_shows_its_photos(
    tab: EvaluationTab, show: Callable[[Report | None], None], qtbot: QtBot
) -> None:
    show(report_of(CLASSES, COUNTS))
    press(qtbot, tab, "Classes")
    assert "7 wrong photos, surest first" in texts(tab)
    (table,) = tab.findChildren(MetricsTable)
    table.selectRow(2)
    assert "15 photos of tulips, 12 right" in texts(tab)
    assert shown(tab)[:3] == ["tulips_1_0.jpg", "tulips_1_1.jpg", "tulips_1_2.jpg"]
    press(qtbot, tab, "Overview")
    assert "15 photos of tulips, 12 right" in texts(tab), "what is chosen in one view is chosen in all"


def test_photos_by_what_became_of_them(tab: EvaluationTab, show: Callable[[Report | None], None], qtbot: QtBot) -> None:
    show(report_of(CLASSES, COUNTS))
    views = tab.findChildren(Segmented)[0]
    qtbot.mouseClick(views.findChildren(QAbstractButton)[2], Qt.MouseButton.LeftButton)
    chips = {chip.text(): chip for chip in tab.findChildren(FilterChip) if chip.isVisible()}
    assert [chip.accessibleName() for chip in chips.values()] == ["All, 40", "Wrong, 7", "Doubtful, 4", "Right, 33"]
    qtbot.mouseClick(chips["Wrong"], Qt.MouseButton.LeftButton)
    assert len(shown(tab)) == 7
    assert large(tab) == "roses_2_0.jpg"
    qtbot.mouseClick(chips["Doubtful"], Qt.MouseButton.LeftButton)
    assert shown(tab) == ["tulips_2_11.jpg", "daisy_0_11.jpg", "tulips_2_10.jpg", "daisy_0_10.jpg"]


@pytest.mark.parametrize("n", [2, 10, 24, 151])
def test_any_number_of_classes(n: int, tab: EvaluationTab, show: Callable[[Report | None], None]) -> None:
    counts = np.diag(np.full(n, 3))
    counts[0, n - 1] = 2
    classes = tuple(f"a rather long name of species {number}" for number in range(n))
    show(report_of(classes, tuple(map(tuple, counts.tolist()))))
    for width, height in ((1440, 700), (1100, 500)):
        tab.resize(width, height)
        assert not tab.grab().isNull()
    (matrix,) = tab.findChildren(ConfusionMatrix)
    fields = [field for field in tab.findChildren(QLineEdit) if field.isVisible()]
    assert len(fields) == (n > 24)
    for field in fields:
        field.setText("species 77")
        field.returnPressed.emit()
        assert matrix.selection().true == 77


def test_the_report_is_saved_into_a_folder_of_its_own(
    tab: EvaluationTab,
    session: Session,
    show: Callable[[Report | None], None],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    qtbot: QtBot,
) -> None:
    report = report_of(CLASSES, COUNTS)
    show(report)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path))
    for name in ("Flowers report", "Flowers report 2"):
        with qtbot.waitSignal(session.posted) as told:
            press(qtbot, tab, "Save report")
        message: Message = told.args[0]
        assert (message.title, message.line) == ("Report saved", str(tmp_path / name))
    folder = tmp_path / "Flowers report"
    assert json.loads((folder / "report.json").read_text())["accuracy"] == report.accuracy
    rows = list(csv.reader((folder / "confusion.csv").read_text().splitlines()))
    assert rows == [["true / predicted", *CLASSES], *([n, *map(str, c)] for n, c in zip(CLASSES, COUNTS, strict=True))]
    classes = list(csv.DictReader((folder / "classes.csv").read_text().splitlines()))
    assert [row["support"] for row in classes] == ["12", "13", "15"]


def test_a_report_that_cant_be_saved_is_said(
    tab: EvaluationTab,
    session: Session,
    show: Callable[[Report | None], None],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    qtbot: QtBot,
) -> None:
    show(report_of(CLASSES, COUNTS))
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path / "gone"))
    with qtbot.waitSignal(session.posted) as told:
        press(qtbot, tab, "Save report")
    assert told.args[0].kind == "wrong"


def test_every_control_says_what_it_is(tab: EvaluationTab, show: Callable[[Report | None], None]) -> None:
    show(report_of(CLASSES, COUNTS))
    for control in (*tab.findChildren(QAbstractButton), *tab.findChildren(QLineEdit)):
        if control.objectName().startswith("qt_"):
            continue  # the corner of a table, which is hidden
        words = control.accessibleName() or (control.text() if isinstance(control, QAbstractButton) else "")
        assert words, control
        parent = control.parentWidget()
        assert control.toolTip() or (parent is not None and parent.toolTip()), words


def test_the_next_step_is_the_predict_tab(
    tab: EvaluationTab, session: Session, show: Callable[[Report | None], None], qtbot: QtBot
) -> None:
    show(report_of(CLASSES, COUNTS))
    assert tab.next_step().action == "Classify photos"
    with qtbot.waitSignal(session.tab_requested) as told:
        tab.take_action()
    assert told.args == ["predict"]


def with_scores(folder: Path) -> StoredRun:
    """A run of 40 photos, all of them exam photos, with scores and two phases."""
    stored = stored_run(folder)
    report = report_of(CLASSES, COUNTS)
    samples = tuple(Sample(photo.path, CLASSES[photo.true], 8, 8, photo.path) for photo in report.photos)
    scores = np.full((40, 3), 0.01, np.float32)
    for number, photo in enumerate(report.photos):
        scores[number, photo.predicted] = photo.score
    ends = (PhaseEnd("head", None, Scores(0.8, 0.5)), PhaseEnd("fine_tune", None, Scores(0.825, 0.4)))
    run = replace(stored.run, samples=samples, split=Split((), (), tuple(range(40))), phase_ends=ends)
    stored.folder.mkdir(parents=True, exist_ok=True)
    np.savez(stored.folder / SCORES_FILE, validation=np.zeros((0, 3), np.float32), test=scores)
    return StoredRun(stored.folder, run)


def test_all_figures_are_behind_a_disclosure(
    tab: EvaluationTab, session: Session, tmp_path: Path, qtbot: QtBot
) -> None:
    (more,) = tab.findChildren(MoreFigures)
    more.set_open(False)  # it remembers how it was left
    session.stored, session.report = with_scores(tmp_path), report_of(CLASSES, COUNTS)
    session.run_changed.emit()
    assert "Last layers alone" not in texts(tab)
    more.set_open(True)
    expected = {"Each class counting the same (balanced accuracy)", "83.1 %", "Last layers alone", "exam 82.5 %"}
    qtbot.waitUntil(lambda: expected <= texts(tab), timeout=5_000)
    assert "Refining brought 2.5 more of 100." in texts(tab)


def test_cautions_stand_under_the_verdict(tab: EvaluationTab, session: Session, tmp_path: Path, qtbot: QtBot) -> None:
    uneven = report_of(CLASSES, ((80, 0, 0), (0, 9, 4), (0, 0, 3)))
    session.stored, session.report = with_scores(tmp_path), uneven
    session.run_changed.emit()
    qtbot.waitUntil(lambda: any("80 of 100" in words or "few" in words for words in texts(tab)), timeout=5_000)
    assert any(words.startswith("“daisy” has 26.7 times as many exam photos as “tulips”") for words in texts(tab))


def test_the_threshold_of_a_class_is_kept_with_the_run(
    tab: EvaluationTab, session: Session, tmp_path: Path, qtbot: QtBot
) -> None:
    stored = with_scores(tmp_path)
    session.stored, session.report = stored, report_of(CLASSES, COUNTS)
    session.run_changed.emit()
    press(qtbot, tab, "Classes")
    press(qtbot, tab, "Curves and threshold")
    (table,) = tab.findChildren(MetricsTable)
    table.selectRow(1)
    (slider,) = tab.findChildren(Slider)
    qtbot.waitUntil(slider.isVisible, timeout=5_000)
    slider.setValue(50)
    assert "Of 100 photos called roses, 75 are; of 100 photos of roses, 69 are found." in texts(tab)
    slider.setValue(93)
    assert "Of 100 photos called roses, 50 are; of 100 photos of roses, 15 are found." in texts(tab)
    assert load_thresholds(stored.folder) == {}
    (switch,) = (box for box in tab.findChildren(Switch) if box.isVisible())
    switch.click()
    assert load_thresholds(stored.folder) == {"roses": 0.93}
    slider.setValue(90)
    qtbot.waitUntil(lambda: load_thresholds(stored.folder) == {"roses": 0.9}, timeout=5_000)
    slider.setValue(80)
    table.selectRow(0)
    assert load_thresholds(stored.folder) == {"roses": 0.8}, "what was still to be kept is kept before another is shown"
    assert not switch.isChecked()
    table.selectRow(1)
    assert switch.isChecked()
    assert slider.value() == 80
    switch.click()
    assert load_thresholds(stored.folder) == {}


def test_a_run_without_scores_says_so(tab: EvaluationTab, show: Callable[[Report | None], None], qtbot: QtBot) -> None:
    show(report_of(CLASSES, COUNTS))
    press(qtbot, tab, "Classes")
    press(qtbot, tab, "Curves and threshold")
    assert "This run keeps no scores of its photos." in texts(tab)
    press(qtbot, tab, "Calibration")
    assert any("Nothing was adjusted" in words for words in texts(tab))


def test_five_times_over_tells_how_far_it_is_and_what_came_of_it(
    tab: EvaluationTab, session: Session, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    going = threading.Event()

    def check(_stored: object, folds: int, _known: object, *, emit: Emit, token: CancelToken) -> CrossValidation:
        emit(Progress("folds", 2, folds))
        while not going.wait(0.01):
            token.check()
        return CrossValidation((Fold(20, 18, 0.2), Fold(20, 16, 0.3), Fold(20, 17, 0.3)))

    monkeypatch.setattr(folds_check, "cross_validate", check)
    session.stored, session.report = with_scores(tmp_path), report_of(CLASSES, COUNTS)
    session.run_changed.emit()
    tab.findChildren(MoreFigures)[0].set_open(True)
    press(qtbot, tab, "Check it five times over")
    title, detail = "Checking it five times over", "Learning from some, judging the others: 2 of 5"
    told = JobStatus(title, detail, 0.4, "40 %", name=title)
    qtbot.waitUntil(lambda: tab.job_status() == told, timeout=5_000)
    press(qtbot, tab, "Classes")  # whatever is looked at meanwhile
    assert tab.job_status() == told
    tab.stop_job()
    assert tab.job_status() is None
    press(qtbot, tab, "Overview")
    press(qtbot, tab, "Check it five times over")
    going.set()
    qtbot.waitUntil(lambda: any(words.startswith("Trained 3 times") for words in texts(tab)), timeout=5_000)
