"""From a dropped folder to a CSV file through the real window: mouse, keys and file dialogs only, real photos."""

import csv
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from person import MINUTES, Person
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QSlider

from tlstudio.cli.shell import run
from tlstudio.ui.tabs.predict.answer_card import AnswerCard
from tlstudio.ui.tabs.predict.uses.filing_sheet import FilingSheet
from tlstudio.ui.tabs.predict.uses.model_formats import FormatList
from tlstudio.ui.tabs.predict.uses.model_sheet import ModelSheet
from tlstudio.ui.tabs.predict.uses.table_sheet import TableSheet
from tlstudio.ui.widgets.confusion_matrix import ConfusionMatrix
from tlstudio.ui.widgets.fields import ComboBox
from tlstudio.ui.widgets.message_bar import MessageBar
from tlstudio.ui.widgets.photo_grid import PhotoGrid


@pytest.fixture
def folder(tmp_path: Path, shared: Path, link_flowers: Callable[..., Path]) -> Path:
    """Three classes of real flowers with a broken file, one folder too deep."""
    root = link_flowers(tmp_path / "Pictures" / "Garden flowers", ("daisy", "roses", "tulips"), 30)
    (root / "roses" / "cut short.jpg").symlink_to(shared / "data/messy/truncated_jpeg.jpg")
    return root


def test_from_a_folder_to_a_table(
    person: Person, folder: Path, shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = person.window.session

    # A folder too high is recognised, and one button reads it rightly.
    person.drop(folder.parent)
    person.press("Read “Garden flowers”")
    person.wait(lambda: session.photos.dataset is not None and len(session.photos.dataset.classes) == 3)
    person.wait(lambda: not session.photos.scanning)
    assert [entry.path for entry in session.photos.dataset.rejected] == ["roses/cut short.jpg"]  # type: ignore[union-attr]
    grid = person.see(PhotoGrid)
    assert len(grid.items()) == 90  # type: ignore[attr-defined]

    # The model: a small network with a weights file of one's own.
    person.key(Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    person.press("Choose myself")
    person.choose_network("mobilenet_0.25")
    weights = str(shared / "weights/mobilenet_v1_0.25_224_notop.weights.h5")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_, **__: (weights, ""))
    person.press("Use my own weights file")
    person.press("Use this file")  # pressable once the file is known to fit
    assert (session.choices.spec.backbone, session.choices.spec.weights) == ("mobilenet_0.25", weights)

    # Train, by the key of the filled button; the Training tab opens, and its filled button leads on.
    person.window.activateWindow()  # without a window manager, nobody else does when the sheet is gone
    person.wait(person.window.isActiveWindow)
    person.key(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert session.training, session.obstacle
    person.wait(lambda: session.report is not None)
    assert session.report is not None
    assert session.report.accuracy > 0.6
    person.press("See how good it is")

    # A click on a cell of the confusion matrix shows the photos behind it.
    matrix = person.see(ConfusionMatrix)
    assert isinstance(matrix, ConfusionMatrix)
    matrix.setFocus()
    right = next(i for i in range(3) if session.report.confusion[i][i])
    matrix.select_cell(right, right)
    shown = person.see(PhotoGrid)
    assert len(shown.items()) == session.report.confusion[right][right]  # type: ignore[attr-defined]

    # Classify a directory and save the table.
    person.press("Classify photos")
    person.drop(shared / "data/messy")
    person.wait(lambda: not session.runner.busy("compute"))
    target = tmp_path / "answers.csv"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, **__: (str(target), ""))
    person.press("Save as a table")
    sheet = person.see(TableSheet)
    kinds = sheet.findChild(ComboBox)
    kinds.setCurrentIndex(kinds.findData("csv"))
    person.press("Choose another place", sheet)
    person.press("Save 30 lines", sheet)
    person.wait(lambda: target.is_file() and target.stat().st_size > 0 and not session.runner.busy("io"))
    with target.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 30
    assert sum(row["status"] == "unreadable" for row in rows) == 10

    # The command line opens the same run and says the same of the same photos.
    assert session.stored is not None
    again = tmp_path / "again.csv"
    words = ["predict", str(session.stored.folder), str(shared / "data/messy"), "--csv", str(again)]
    assert run(words)[0] == 0
    with again.open(encoding="utf-8", newline="") as file:
        for mine, other in zip(rows, csv.DictReader(file), strict=True):
            assert (Path(mine["path"]).name, mine["label"]) == (Path(other["path"]).name, other["label"])
            if mine["score"]:
                assert float(mine["score"]) == pytest.approx(float(other["score"]), abs=1e-4)


def meadow_of(folder: Path, shared: Path) -> Path:
    """Twenty photos of one's own: they are to be moved."""
    meadow = folder / "Meadow"
    for name in ("daisy", "tulips"):
        (meadow / name).mkdir(parents=True)
        for hour, photo in enumerate(sorted((shared / "data/flowers5" / name).iterdir())[40:50]):
            os.utime(shutil.copy(photo, meadow / name), (3600.0 * hour,) * 2)  # or they may be of one moment
    return meadow


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.slow
def test_answers_are_reviewed_filed_and_taken_back_and_the_model_is_saved(
    person: Person, folder: Path, shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session, meadow = person.window.session, meadow_of(tmp_path, shared)
    before = files(meadow)
    weights = str(shared / "weights/mobilenet_v1_0.25_224_notop.weights.h5")
    words = ["train", str(folder), "--out", str(tmp_path / "run"), "--backbone", "mobilenet_0.25", "--weights", weights]
    assert run(words)[0] == 0
    person.drop(folder)
    person.wait(lambda: session.photos.dataset is not None and not session.photos.scanning)
    session.open_run(tmp_path / "run")
    person.wait(lambda: session.stored is not None)
    person.window.open("predict")
    person.drop(meadow)
    person.wait(lambda: "20 photos. None is missing." in person.words())

    # No answer is sure enough, so all are asked about; twenty keys answer them.
    pages = [slider for slider in person.window.findChildren(QSlider) if slider.isVisible()]
    person.qtbot.keyClick(pages[0], Qt.Key.Key_End if "Sure from" in person.words() else Qt.Key.Key_Home)
    person.press("20 to go")
    card = person.see(AnswerCard)
    assert isinstance(card, AnswerCard)
    for number in range(20):
        path = Path(card.photo_path())
        person.qtbot.keyClicks(card, path.parent.name[0])  # "daisy" and "tulips" begin with letters of their own
        person.wait(lambda path=path, last=number == 19: last or Path(card.photo_path()) != path)
    assert "20 answered" in person.words(card)

    # They are moved into folders of their classes, as the person said, and brought back.
    person.press("Sort into folders")
    sheet = person.see(FilingSheet)
    person.press("Move", sheet)
    person.press("Move 20 photos", sheet)
    person.wait(lambda: person.told == "20 photos are moved into 2 folders")
    assert not files(meadow)
    moved = files(tmp_path / "Meadow sorted")
    assert all(Path(name).parts[0] == Path(name).parts[-2] for name in moved)
    assert sorted(moved.values()) == sorted(before.values())
    person.press("Undo", person.see(MessageBar))
    person.wait(lambda: person.told.startswith("Undone"))
    assert files(meadow) == before
    assert not (tmp_path / "Meadow sorted").exists()

    # The model is saved for other programs, and agrees with itself there.
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path))
    person.press("Save the model")
    sheet = person.see(ModelSheet)
    person.press("Choose another place", sheet)
    sheet.findChild(FormatList).choose("tflite")
    person.press("Save", sheet)
    person.wait(lambda: any(tmp_path.glob("*/*.tflite")) and not session.runner.busy("save"))
    assert "Saved:" in person.words(sheet)
    person.press("Close", sheet)


def test_stop_keeps_what_was_learnt_and_the_run_opens_again(person: Person, folder: Path) -> None:
    session = person.window.session
    person.drop(folder)
    person.wait(lambda: session.photos.dataset is not None and not session.photos.scanning)
    with person.qtbot.waitSignal(
        session.training_reported, check_params_cb=lambda e: type(e).__name__ == "EpochEnded", timeout=3 * MINUTES
    ):
        person.press("Train")
    person.press("Stop and keep the best")
    person.wait(lambda: session.stored is not None)
    assert session.stored is not None
    assert session.stored.run.status == "stopped"
    with person.qtbot.waitSignal(session.run_changed, timeout=MINUTES):
        session.open_run(session.stored.folder)
    assert session.report is not None


def test_closing_while_it_trains_saves_the_run(person: Person, folder: Path) -> None:
    session = person.window.session
    person.drop(folder)
    person.wait(lambda: session.photos.dataset is not None and not session.photos.scanning)
    with person.qtbot.waitSignal(
        session.training_reported, check_params_cb=lambda e: type(e).__name__ == "EpochEnded", timeout=3 * MINUTES
    ):
        person.press("Train")
    person.window.close()
    person.wait(lambda: not person.window.isVisible())
    assert session.stored is not None
    assert session.stored.run.status == "stopped"
