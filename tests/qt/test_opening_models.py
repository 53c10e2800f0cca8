"""Models from elsewhere in the window: dropped or chosen, refused in words, or opened for classifying."""

from collections.abc import Callable
from pathlib import Path

import pytest
from foreign_models import keras_file, layer, sequential
from person import MINUTES, Person
from PySide6.QtWidgets import QFileDialog, QMenu, QPlainTextEdit
from stored_runs import make_run

from tlstudio.foreign.opening import OpenedModel
from tlstudio.foreign.pixels import PixelEvidence
from tlstudio.foreign.process import Contents
from tlstudio.runs.store import StoredRun
from tlstudio.ui.opening_sheet import OpeningSheet
from tlstudio.ui.widgets.fields import ComboBox
from tlstudio.workflows.open_model import keep_model
from tlstudio.workflows.try_pixels import PixelFinding, PixelTrial

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

ClassFolders = Callable[..., Path]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "garden.keras"
    path.write_bytes(b"")
    (tmp_path / "labels.txt").write_text("0 daisy\n1 rose\n", encoding="utf-8")
    return path


@pytest.fixture
def opened(file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> OpenedModel:
    """A model that its process has found harmless; which pixels it wants isn't known."""
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    evidence = PixelEvidence()
    for pixels in evidence.candidates:
        (scratch / f"{pixels}.tflite").write_bytes(pixels.encode())
    model = OpenedModel(file, Contents("Keras", 224, 224, 3, 2, "softmax", evidence), scratch)
    monkeypatch.setattr("tlstudio.ui.opening_models.open_foreign", lambda *_arguments, **_options: model)
    return model


def sheet_of(person: Person) -> OpeningSheet:
    sheet = person.see(OpeningSheet)
    assert isinstance(sheet, OpeningSheet)
    return sheet


def accept(person: Person) -> StoredRun:
    """The run that comes of it."""
    session = person.window.session
    with person.qtbot.waitSignal(session.run_changed, timeout=MINUTES):
        person.press("Open the model", sheet_of(person))
    assert session.stored is not None
    return session.stored


def field(person: Person) -> ComboBox:
    box = next(iter(sheet_of(person).findChildren(ComboBox)))
    assert isinstance(box, ComboBox)
    return box


def test_a_harmful_file_is_refused_in_words(person: Person, tmp_path: Path) -> None:
    """The real process, through the drop of a file on the window."""
    harmful = keras_file(tmp_path / "bad.keras", sequential(layer("Lambda", name="l")))
    before = person.window.session.stored
    person.drop(harmful)
    person.wait(lambda: "runs code of its own" in person.words(sheet_of(person)))
    assert "who wrote it" in person.words(sheet_of(person))
    person.press("Close", sheet_of(person))
    person.wait(lambda: not person.sees(OpeningSheet))
    assert person.window.session.stored is before


def test_a_model_is_opened_and_the_other_tabs_know_it(
    person: Person, opened: OpenedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_arguments: (str(opened.file), ""))
    menu = person.window.findChild(QMenu)
    action = next(action for action in menu.actions() if action.text() == "Open a model file…")
    assert action.toolTip()
    action.trigger()
    person.wait(lambda: "224 × 224 pixels and 2 classes" in person.words(sheet_of(person)))
    assert sheet_of(person).names() == ("daisy", "rose")
    assert not person.button("Open the model", sheet_of(person)).isEnabled()  # nobody has said which pixels
    field(person).setCurrentIndex(field(person).findData("unit"))
    stored = accept(person)
    run = stored.run
    assert (run.foreign, run.classes, run.spec.preprocessing) == (True, ("daisy", "rose"), "unit")
    assert (stored.folder / "model.tflite").read_bytes() == b"unit"
    assert not opened.folder.exists()
    assert "Ready to classify" in person.next_step
    for tab, words in (("evaluation", "Nobody has measured"), ("training", "to train")):
        person.window.open(tab)
        person.wait(lambda words=words: words in person.words())


def test_names_that_do_not_fit_are_said(person: Person, opened: OpenedModel) -> None:
    person.window.open_place(opened.file)
    person.wait(lambda: bool(sheet_of(person).names()))
    field(person).setCurrentIndex(field(person).findData("raw"))
    names = sheet_of(person).findChild(QPlainTextEdit)
    for text, words in (("daisy", "1 name for 2 classes"), ("daisy\ndaisy", "Two classes"), ("daisy\nrose\n\n", "")):
        names.setPlainText(text)
        assert words in person.words(sheet_of(person))
        assert person.button("Open the model", sheet_of(person)).isEnabled() == (not words)
    person.press("Cancel", sheet_of(person))
    person.wait(lambda: not opened.folder.exists())


def test_photos_tell_which_pixels(
    person: Person, opened: OpenedModel, class_folders: ClassFolders, monkeypatch: pytest.MonkeyPatch
) -> None:
    person.open(class_folders({"daisy": 4, "rose": 4}))
    asked: list[object] = []

    def trial(_model: OpenedModel, names: object, photos: object, **_options: object) -> PixelFinding:
        asked.extend((names, photos))
        trials = (PixelTrial("symmetric", 8, 8, 0.1), PixelTrial("raw", 4, 8, 1.5), PixelTrial("unit", 3, 8, 2.0))
        return PixelFinding(trials, "symmetric")

    monkeypatch.setattr("tlstudio.ui.opening_models.try_pixels", trial)
    person.window.open_place(opened.file)
    person.wait(lambda: bool(sheet_of(person).names()))
    person.press("Try it on the photos that are open", sheet_of(person))
    person.wait(lambda: field(person).currentData() == "symmetric")
    assert "8 of 8 photos right" in person.words(sheet_of(person))
    assert asked[0] == ("daisy", "rose")
    accept(person)
    session = person.window.session
    assert session.photos.dataset is not None  # they stay, and can be trained on
    assert len(session.photos.dataset.samples) == 8
    assert session.photos.editable


def test_a_run_of_such_a_model_is_opened_beside_photos_and_other_runs(
    person: Person, opened: OpenedModel, class_folders: ClassFolders, tmp_path: Path
) -> None:
    photos = class_folders({"daisy": 4, "rose": 4})
    own = make_run(tmp_path / "own", photos)
    foreign = keep_model(opened, ("a", "b"), "raw", tmp_path / "foreign")
    person.open(photos)
    session = person.window.session
    for run in (foreign, own, foreign):
        with person.qtbot.waitSignal(session.run_changed, timeout=MINUTES):
            session.open_run(run.folder)
        assert session.stored is not None
        assert session.stored.folder == run.folder
        person.window.open("evaluation" if run is foreign else "dataset")
    assert session.report is None
