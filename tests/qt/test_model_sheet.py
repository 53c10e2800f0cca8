"""Saving the model from the Predict tab, through clicks and keys, with an export that is over at once."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QFileDialog, QPushButton
from pytestqt.qtbot import QtBot
from shiboken6 import isValid
from stored_runs import make_run

from tlstudio.errors import TLStudioError
from tlstudio.events import CancelToken, Emit, Progress
from tlstudio.export import exporters
from tlstudio.export.agreement import Agreement
from tlstudio.export.exporters import EXPORTERS, find_exporter
from tlstudio.modeling.spec import FOREIGN
from tlstudio.runs.store import StoredRun
from tlstudio.ui.session import Session
from tlstudio.ui.tabs.predict.predict_tab import PredictTab
from tlstudio.ui.tabs.predict.uses import model_formats, model_sheet
from tlstudio.ui.tabs.predict.uses.model_formats import FormatList
from tlstudio.ui.tabs.predict.uses.model_sheet import ModelSheet
from tlstudio.ui.widgets.labels import ElidedLabel, TextLabel
from tlstudio.ui.widgets.thumbnails import ThumbnailCache
from tlstudio.workflows.export import Exported

# The offscreen platform says so of every window.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

ClassFolders = Callable[..., Path]


class FakeExport:
    """Stands for ``export``.

    Attributes:
        gate: While it is closed, it waits after its first event.
        asked: Formats and places of every call.
        agreement: What the comparison shows.
        error: What it ends with; None for a result.
    """

    def __init__(self) -> None:
        self.gate = threading.Event()
        self.gate.set()
        self.asked: list[tuple[str, Path]] = []
        self.agreement = Agreement(200, 200, 0, 0.0003)
        self.error: Exception | None = None

    def __call__(self, _stored: StoredRun, name: str, out: Path, *, emit: Emit, token: CancelToken) -> Exported:
        self.asked.append((name, out))
        emit(Progress("export", 50, 200, "Reading photos to compare with"))
        while not self.gate.wait(0.01):
            token.check()
        if self.error is not None:
            raise self.error
        out.mkdir()
        return Exported(find_exporter(name), out / "model", out / "example.py", (), 2_000_000, self.agreement, 1.0)


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> FakeExport:
    made = FakeExport()
    monkeypatch.setattr(model_sheet, "export", made)
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    return made


@pytest.fixture
def stored(tmp_path: Path, class_folders: ClassFolders) -> StoredRun:
    return make_run(tmp_path / "runs" / "Flowers", class_folders({"daisy": 3, "rose": 3}))


@pytest.fixture
def sheet(session: Session, stored: StoredRun, qtbot: QtBot, fake: FakeExport) -> Iterator[ModelSheet]:  # noqa: ARG001
    made = ModelSheet(session, stored)
    made.show()
    qtbot.waitActive(made)
    yield made
    if isValid(made):  # a test may have closed it
        made.close()


def button(sheet: ModelSheet, words: str) -> QAbstractButton:
    return next(each for each in sheet.findChildren(QAbstractButton) if each.text() == words)


def words(sheet: ModelSheet) -> str:
    labels = (label for label in sheet.findChildren(TextLabel) if label.isVisible())
    return "\n".join(label.full_text() if isinstance(label, ElidedLabel) else label.text() for label in labels)


def test_a_format_is_chosen_with_the_keyboard_and_saved(
    sheet: ModelSheet, qtbot: QtBot, fake: FakeExport, tmp_path: Path
) -> None:
    formats = sheet.findChild(FormatList)
    assert formats.hasFocus()
    for _ in range(3):
        QTest.keyClick(formats, Qt.Key.Key_Down)
    assert str(tmp_path / "Flowers tflite") in words(sheet)
    QTest.keyClick(sheet, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "get the same answer" in words(sheet))
    assert fake.asked == [("tflite", tmp_path / "Flowers tflite")]
    assert "Saved: 2.0 MB. All 200 photos get the same answer; scores differ by at most 0.0003." in words(sheet)
    assert not button(sheet, "Save").isEnabled()
    assert button(sheet, "Close").isVisible()


def test_what_was_saved_is_shown_and_another_format_can_follow(
    sheet: ModelSheet, qtbot: QtBot, fake: FakeExport, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    shown: list[Path] = []
    monkeypatch.setattr(model_sheet, "show_in_folder", shown.append)
    button(sheet, "Save").click()
    qtbot.waitUntil(lambda: button(sheet, "Show folder").isVisible())
    button(sheet, "Show folder").click()
    assert shown == [tmp_path / "Flowers keras"]
    formats = sheet.findChild(FormatList)
    formats.choose("onnx")
    assert not button(sheet, "Show folder").isVisible()
    formats.choose("keras")
    assert str(tmp_path / "Flowers keras 2") in words(sheet)
    button(sheet, "Save").click()
    qtbot.waitUntil(lambda: button(sheet, "Show folder").isVisible())
    assert [place.name for _, place in fake.asked] == ["Flowers keras", "Flowers keras 2"]


def test_progress_is_seen_and_stop_ends_it(sheet: ModelSheet, qtbot: QtBot, fake: FakeExport) -> None:
    fake.gate.clear()
    button(sheet, "Save").click()
    qtbot.waitUntil(lambda: "Reading photos to compare with…" in words(sheet))
    assert not sheet.findChild(FormatList).isEnabled()
    button(sheet, "Stop").click()
    assert not button(sheet, "Stop").isEnabled()
    qtbot.waitUntil(lambda: "Stopped. Nothing was left behind." in words(sheet))
    assert button(sheet, "Save").isEnabled()


def test_closing_the_sheet_ends_it(sheet: ModelSheet, qtbot: QtBot, fake: FakeExport, session: Session) -> None:
    fake.gate.clear()
    button(sheet, "Save").click()
    qtbot.waitUntil(lambda: bool(fake.asked))
    QTest.keyClick(sheet, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not isValid(sheet))
    assert not session.runner.busy("save")


def test_what_is_in_the_way_is_said_on_the_sheet(sheet: ModelSheet, qtbot: QtBot, fake: FakeExport) -> None:
    fake.error = TLStudioError("The file does not say the same.", "Choose another format.")
    button(sheet, "Save").click()
    qtbot.waitUntil(lambda: "The file does not say the same. Choose another format." in words(sheet))
    assert button(sheet, "Save").isEnabled()


def test_a_bug_is_reported(sheet: ModelSheet, qtbot: QtBot, fake: FakeExport, session: Session) -> None:
    fake.error = RuntimeError("oh")
    with qtbot.waitSignal(session.crashed) as crash:
        button(sheet, "Save").click()
    assert "RuntimeError: oh" in crash.args[0]
    assert "The model could not be saved." in words(sheet)


def test_a_missing_package_is_said_before_anything_is_tried(
    session: Session, stored: StoredRun, qtbot: QtBot, fake: FakeExport, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed = (*EXPORTERS[:-1], replace(EXPORTERS[-1], packages=("no_such_package",)))
    for module in (exporters, model_formats):
        monkeypatch.setattr(module, "EXPORTERS", changed)
    sheet = ModelSheet(session, stored)
    qtbot.addWidget(sheet)
    sheet.show()
    assert button(sheet, "Save").isEnabled()
    sheet.findChild(FormatList).choose("onnx")
    assert "pip install no_such_package" in words(sheet)
    assert not button(sheet, "Save").isEnabled()
    assert fake.asked == []


def test_a_model_from_another_program_is_not_written_again(
    session: Session, stored: StoredRun, qtbot: QtBot, fake: FakeExport
) -> None:
    spec = replace(stored.run.spec, backbone=FOREIGN)
    sheet = ModelSheet(session, StoredRun(stored.folder, replace(stored.run, spec=spec)))
    qtbot.addWidget(sheet)
    sheet.show()
    assert "opened from a file of another program" in words(sheet)
    assert not button(sheet, "Save").isEnabled()
    assert fake.asked == []


def test_another_place_can_be_chosen(
    sheet: ModelSheet, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot, fake: FakeExport, tmp_path: Path
) -> None:
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path / "elsewhere"))
    button(sheet, "Choose another place").click()
    button(sheet, "Save").click()
    qtbot.waitUntil(lambda: button(sheet, "Show folder").isVisible())
    assert fake.asked == [("keras", tmp_path / "elsewhere" / "Flowers keras")]


def test_a_few_changed_answers_are_told(sheet: ModelSheet, qtbot: QtBot, fake: FakeExport) -> None:
    fake.agreement = Agreement(200, 196, 0, 0.12)
    sheet.findChild(FormatList).choose("tflite-int8")
    button(sheet, "Save").click()
    qtbot.waitUntil(lambda: "196 of 200 photos get the same answer" in words(sheet))


def test_formats_are_read_aloud(sheet: ModelSheet) -> None:
    model = sheet.findChild(FormatList).model()
    spoken = [model.index(row, 0).data(Qt.ItemDataRole.AccessibleTextRole) for row in range(model.rowCount())]
    assert spoken == [f"{exporter.title}. {exporter.purpose}" for exporter in EXPORTERS]
    assert all(each.accessibleDescription() for each in sheet.findChildren(QPushButton))


def test_the_predict_tab_leads_there(session: Session, stored: StoredRun, qtbot: QtBot, fake: FakeExport) -> None:
    cache = ThumbnailCache()
    tab = PredictTab(session, cache)
    qtbot.addWidget(tab)
    tab.resize(1440, 764)
    tab.show()
    with qtbot.waitSignal(session.run_changed):
        session.open_run(stored.folder)
    next(each for each in tab.findChildren(QAbstractButton) if each.text() == "Save the model").click()
    sheet = tab.window().findChild(ModelSheet)
    assert sheet.isVisible()
    sheet.close()
    cache.shutdown()
    assert fake.asked == []
