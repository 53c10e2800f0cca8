"""The list of weights in the window: download, stop, go on, delete, a file of one's own, directions."""

import os
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QFileDialog, QLabel, QPlainTextEdit
from pytestqt.qtbot import QtBot
from weights_server import WeightsServer, weights_server

from tlstudio.errors import TLStudioError
from tlstudio.modeling.weights_fit import FitReport, LayerFit
from tlstudio.ui.session import Session
from tlstudio.ui.tabs.model.weights import fit_sheet
from tlstudio.ui.tabs.model.weights.directions_sheet import DirectionsSheet
from tlstudio.ui.tabs.model.weights.fit_sheet import FitSheet
from tlstudio.ui.tabs.model.weights.weights_dialog import WeightsDialog
from tlstudio.ui.tabs.model.weights.weights_table import WeightsTable
from tlstudio.ui.widgets.fields import SearchField
from tlstudio.ui.widgets.table import Table

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

CONTENT = os.urandom(1 << 20)


@pytest.fixture
def server(session: Session, monkeypatch: pytest.MonkeyPatch) -> Iterator[WeightsServer]:  # noqa: ARG001
    with weights_server(monkeypatch, CONTENT) as made:
        yield made


@pytest.fixture
def dialog(session: Session, server: WeightsServer, qtbot: QtBot) -> WeightsDialog:  # noqa: ARG001
    made = WeightsDialog(session)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    return made


def button(dialog: WeightsDialog | FitSheet | DirectionsSheet, words: str) -> QAbstractButton:
    found = [each for each in dialog.findChildren(QAbstractButton) if each.text() == words and each.isVisible()]
    assert len(found) == 1, words
    return found[0]


def shows(dialog: WeightsDialog | FitSheet, words: str) -> bool:
    return any(words in label.text() for label in dialog.findChildren(QLabel) if label.isVisible())


def find(dialog: WeightsDialog, name: str) -> WeightsTable:
    field, table = dialog.findChild(SearchField), dialog.findChild(WeightsTable)
    assert field is not None
    assert table is not None
    field.setText(name)
    return table


def place(table: WeightsTable) -> str:
    row = table.current()
    return row.place if row else ""


def test_a_file_is_downloaded_and_deleted_with_the_keyboard(dialog: WeightsDialog, home: Path, qtbot: QtBot) -> None:
    table = find(dialog, "mobilenet 0.25")
    assert place(table) == "away"
    with qtbot.waitSignal(dialog.files_changed):
        qtbot.keyClick(table, Qt.Key.Key_Return)
    assert place(table) == "here"
    file = home / "keras" / "models" / "mobilenet_2_5_224_tf_no_top.h5"
    assert file.read_bytes() == CONTENT
    qtbot.keyClick(table, Qt.Key.Key_Delete)
    assert shows(dialog, "Delete the weights of MobileNet 0.25?")
    assert file.is_file(), "it asks first"
    qtbot.mouseClick(button(dialog, "Keep"), Qt.MouseButton.LeftButton)
    assert not shows(dialog, "Delete the weights")
    qtbot.mouseClick(button(dialog, "Delete"), Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(dialog.files_changed):
        qtbot.mouseClick(button(dialog, "Delete"), Qt.MouseButton.LeftButton)
    assert not file.exists()
    assert place(table) == "away"


def test_a_download_is_stopped_and_gone_on_with(dialog: WeightsDialog, server: WeightsServer, qtbot: QtBot) -> None:
    server.silent = threading.Event()
    table = find(dialog, "mobilenet 0.25")
    qtbot.mouseClick(button(dialog, "Download"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: shows(dialog, " of 875 KB"))
    with qtbot.waitSignal(dialog.files_changed):
        qtbot.mouseClick(button(dialog, "Stop"), Qt.MouseButton.LeftButton)
    assert place(table) == "partly"
    server.silent.set()
    with qtbot.waitSignal(dialog.files_changed):
        qtbot.mouseClick(button(dialog, "Go on"), Qt.MouseButton.LeftButton)
    assert place(table) == "here"
    assert server.asked[-1][2] is not None, "only the rest was asked for"


def test_being_without_network_is_said_calmly(
    dialog: WeightsDialog, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(*_arguments: object, **_options: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    monkeypatch.setattr("tlstudio.modeling.weights_files._BUCKET", "http://weights.example")
    dialog.refresh()
    table = find(dialog, "mobilenet 0.25")
    with qtbot.waitSignal(dialog.files_changed):
        qtbot.keyClick(table, Qt.Key.Key_Return)
    assert shows(dialog, "There is no network now.")
    assert place(table) == "away"


def test_what_comes_with_the_program_can_be_neither_fetched_nor_deleted(dialog: WeightsDialog, qtbot: QtBot) -> None:
    table = find(dialog, "starter")
    assert place(table) == "bundled"
    qtbot.keyClick(table, Qt.Key.Key_Delete)
    qtbot.keyClick(table, Qt.Key.Key_Return)
    assert not shows(dialog, "Delete the weights")
    assert shows(dialog, "come with TL Studio")


def test_every_row_is_told_to_a_screen_reader(dialog: WeightsDialog) -> None:
    model = find(dialog, "vgg 16").model()
    words = [model.index(0, column).data(Qt.ItemDataRole.AccessibleTextRole) for column in range(4)]
    assert words == ["Network: VGG 16", "What for: To train", "Size: 58.9 MB", "On this computer: Download"]


def test_directions_are_copied_and_saved(
    dialog: WeightsDialog, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    find(dialog, "vgg 16")
    qtbot.mouseClick(button(dialog, "Copy to a machine without network"), Qt.MouseButton.LeftButton)
    sheet = dialog.findChild(DirectionsSheet)
    assert sheet is not None
    text = sheet.findChild(QPlainTextEdit)
    assert text is not None
    assert "vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5" in text.toPlainText()
    qtbot.mouseClick(button(sheet, "Copy"), Qt.MouseButton.LeftButton)
    assert QApplication.clipboard().text() == text.toPlainText()
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "how.txt"), ""))
    qtbot.mouseClick(button(sheet, "Save as a text file"), Qt.MouseButton.LeftButton)
    assert (tmp_path / "how.txt").read_text(encoding="utf-8") == text.toPlainText()
    sheet.close()


def test_a_file_of_ones_own_is_compared_layer_by_layer(
    session: Session, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    fits = LayerFit("stem", "fits", ((3, 3),), ((3, 3),))
    misfit = LayerFit("last", "other shape", ((4, 5),), ((4, 6),))
    layers = [(fits, misfit), (fits,)]
    monkeypatch.setattr(
        fit_sheet, "check_weights", lambda file, *_rest, **_options: FitReport(file, "VGG 16", layers.pop(0))
    )
    sheet = FitSheet(session, "vgg16")
    sheet.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    qtbot.addWidget(sheet)
    sheet.show()
    sheet.check("/weights/mine.h5")
    use = button(sheet, "Use this file")
    assert not use.isEnabled()
    qtbot.waitUntil(lambda: shows(sheet, "1 of 2 layers fit, 1 of another shape"))
    assert not use.isEnabled()
    table = sheet.findChild(Table)
    assert table is not None
    model = table.model()
    assert [model.index(0, column).data() for column in range(3)] == [
        "last",
        "Other shape",
        "wanted: 4×5; in the file: 4×6",
    ]
    assert model.rowCount() == 1, "what fits is left out where something doesn't"
    sheet.check("/weights/better.h5")
    qtbot.waitUntil(use.isEnabled)
    with qtbot.waitSignal(sheet.file_accepted) as accepted:
        qtbot.mouseClick(use, Qt.MouseButton.LeftButton)
    assert accepted.args == ["vgg16", "/weights/better.h5"]


def test_a_file_that_can_not_be_read_is_said_in_place(
    session: Session, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_arguments: object, **_options: object) -> FitReport:
        raise TLStudioError("mine.h5 can't be read as weights.", "Choose another file.")

    monkeypatch.setattr(fit_sheet, "check_weights", refuse)
    sheet = FitSheet(session)
    sheet.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    qtbot.addWidget(sheet)
    sheet.show()
    sheet.check("/weights/mine.h5")
    qtbot.waitUntil(lambda: shows(sheet, "mine.h5 can't be read as weights. Choose another file."))
