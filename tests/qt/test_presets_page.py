"""The presets of the Model tab: found, read, used and given back; own ones saved, shared, opened and deleted."""

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from person import MINUTES
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QFileDialog, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from tlstudio.datasets.dataset import Dataset
from tlstudio.datasets.size_rule import SizeRule
from tlstudio.presets.outsiders import Outsiders
from tlstudio.presets.preset_file import write_preset
from tlstudio.presets.shelf import find_preset, own_dir, own_presets
from tlstudio.training.recipes import spec_for
from tlstudio.ui.session import Session
from tlstudio.ui.tabs.model.presets import presets_page
from tlstudio.ui.tabs.model.presets.preset_list import PresetList
from tlstudio.ui.tabs.model.presets.presets_page import PresetsPage
from tlstudio.ui.tabs.model.presets.save_preset import SavePreset
from tlstudio.ui.widgets.message_bar import Message

# The offscreen platform says so of every window.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

ClassFolders = Callable[..., Path]


@pytest.fixture
def told(session: Session) -> list[Message]:
    """What was put into the message bar."""
    messages: list[Message] = []
    session.posted.connect(messages.append)
    return messages


@pytest.fixture
def page(session: Session, qtbot: QtBot) -> PresetsPage:
    made = PresetsPage(session)
    qtbot.addWidget(made)
    made.resize(800, 500)
    made.show()
    qtbot.waitUntil(lambda: presets(made).current is not None, timeout=MINUTES)
    return made


@pytest.fixture
def photos(session: Session, class_folders: ClassFolders, qtbot: QtBot) -> None:
    with qtbot.waitSignal(session.photos.opened, timeout=MINUTES):
        session.photos.open_folder(class_folders({"daisy": 10, "rose": 10}))


def presets(page: PresetsPage) -> PresetList:
    return page.findChildren(PresetList)[0]


def at(page: PresetsPage) -> str:
    entry = presets(page).current
    return entry.preset.name if entry else ""


def button(page: QWidget, words: str) -> QAbstractButton:
    (found,) = (each for each in page.findChildren(QAbstractButton) if each.text() == words)
    return found


def line(page: QWidget, name: str) -> QLineEdit:
    (found,) = (each for each in page.findChildren(QLineEdit) if each.accessibleName() == name)
    return found


def words(page: QWidget) -> str:
    return "\n".join(label.text() for label in page.findChildren(QLabel))


def find(page: PresetsPage, typed: str) -> None:
    line(page, "Find a preset").setText(typed)


def use(page: PresetsPage, name: str) -> None:
    find(page, name)
    button(page, "Use this preset").click()


def test_all_are_listed_under_their_collections_and_found_by_words(page: PresetsPage) -> None:
    assert "44 presets" in words(page)
    model = presets(page).model()
    rows = [model.index(row, 0) for row in range(model.rowCount())]
    headings = [row.data() for row in rows if not row.flags() & Qt.ItemFlag.ItemIsSelectable]
    assert [heading[:3] for heading in headings] == ["000", "001", "002", "003", "004"]
    find(page, "dogs xception")
    assert at(page) == "001-dogs-xception"
    assert "1 of 44 presets" in words(page)
    find(page, "no such thing")
    assert not button(page, "Use this preset").isEnabled()
    find(page, "")
    assert at(page) == "000-A"


def test_all_there_is_to_know_is_said(page: PresetsPage) -> None:
    find(page, "000-C")
    said = words(page)
    for piece in ("113,250,307", "cut at mixed7", "to download", "19 of 20", "prateek025", "80 % to learn from"):
        assert piece in said
    find(page, "004-A0")
    assert "nothing to download" in words(page)


@pytest.mark.usefixtures("photos")
def test_a_preset_sets_everything_and_is_given_back(
    page: PresetsPage, session: Session, told: list[Message], qtbot: QtBot
) -> None:
    before, shares = session.choices, session.photos.split_config
    with qtbot.waitSignal(session.photos.edited, timeout=MINUTES):
        use(page, "001-birds-vgg16")
    setup = find_preset("001-birds-vgg16").setup()
    assert session.choices.spec == setup.spec
    assert session.choices.config() == setup.config
    assert not session.choices.recommended
    assert session.photos.split_config == setup.split
    message = told[-1]
    assert "“001-birds-vgg16” is in use" in message.title
    assert "shared out as there" in message.line
    assert message.choice == "Back to what I had"
    assert message.on_choice is not None
    with qtbot.waitSignal(session.photos.edited, timeout=MINUTES):
        message.on_choice()
    assert session.choices == before
    assert session.photos.split_config == shares


@pytest.mark.parametrize(
    ("fitting", "fix"),
    [(("daisy", "rose"), "Leave out 3 photos"), (("daisy",), "")],
    ids=["enough", "too few"],
)
def test_photos_of_another_size_than_the_preset_is_for_can_be_left_out(
    page: PresetsPage,
    session: Session,
    told: list[Message],
    photos_factory: Callable[..., list[Path]],
    tmp_path: Path,
    qtbot: QtBot,
    fitting: tuple[str, ...],
    fix: str,
) -> None:
    for kind, name in enumerate(("daisy", "rose", "tulip")):
        size = (224, 224) if name in fitting else (60, 40)
        photos_factory(tmp_path / "photos" / name, 3, kind, size)
    with qtbot.waitSignal(session.photos.opened, timeout=MINUTES):
        session.photos.open_folder(tmp_path / "photos")
    use(page, "000-C")
    qtbot.waitUntil(lambda: "made for photos of exactly 224 × 224 px" in told[-1].line, timeout=MINUTES)
    message = told[-1]
    assert message.fix == fix
    assert session.photos.dataset is not None
    assert len(session.photos.dataset.samples) == 9, "nobody has agreed yet"
    if message.on_fix is not None:
        qtbot.waitUntil(lambda: not session.runner.busy("io"), timeout=MINUTES)
        with qtbot.waitSignal(session.photos.edited, timeout=MINUTES):
            message.on_fix()
        assert session.photos.dataset.counts() == {"daisy": 3, "rose": 3, "tulip": 0}
        assert session.photos.steps.undo == "Use only photos exactly 224 × 224 px"


class Looking:
    """Stands in for the look at the sizes: it answers when the test says so."""

    def __init__(self) -> None:
        self.begun, self.go_on = threading.Event(), threading.Event()

    def outsiders(self, _dataset: Dataset, _rule: SizeRule) -> Outsiders:
        self.begun.set()
        assert self.go_on.wait(30)
        return Outsiders(photos=3, classes_left=2)


@pytest.fixture
def looking(monkeypatch: pytest.MonkeyPatch) -> Looking:
    made = Looking()
    monkeypatch.setattr(presets_page, "outsiders", made.outsiders)
    return made


@pytest.mark.usefixtures("photos")
@pytest.mark.parametrize("other_photos", [True, False], ids=["other photos", "another preset"])
def test_a_look_at_sizes_that_ends_late_says_nothing(
    page: PresetsPage,
    session: Session,
    told: list[Message],
    looking: Looking,
    class_folders: ClassFolders,
    qtbot: QtBot,
    other_photos: bool,
) -> None:
    withdrawn: list[str] = []
    session.withdrawn.connect(withdrawn.append)
    use(page, "000-C")
    qtbot.waitUntil(looking.begun.is_set, timeout=MINUTES)
    key = told[-1].key
    if other_photos:
        with qtbot.waitSignal(session.photos.opened, timeout=MINUTES):
            session.photos.open_folder(class_folders({"oak": 4, "beech": 4}, name="trees"))
        assert key in withdrawn, "its shares are those of other photos"
    else:
        use(page, "001-birds-vgg16")
    before = len(told)
    looking.go_on.set()
    qtbot.waitUntil(lambda: not session.runner.busy("list"), timeout=MINUTES)
    assert not [message for message in told[before:] if "000-C" in message.title]


@pytest.mark.parametrize("name", ["002-B", "000-A", "004-A"])
def test_what_was_chosen_after_a_preset_changes_it(page: PresetsPage, session: Session, name: str) -> None:
    use(page, name)
    first, *others = find_preset(name).setup().config.phases
    assert session.choices.config().phases == (first, *others)
    shorter = (replace(first, epochs=2), *others)
    session.set_choices(session.choices.with_phases(shorter))
    assert session.choices.config().phases == shorter
    session.recommend()
    assert session.choices.recommended
    assert session.choices.config() == session.choices.advice.config


def test_another_network_keeps_the_training_of_a_preset(page: PresetsPage, session: Session) -> None:
    use(page, "001-dogs-inception")
    session.set_choices(session.choices.with_spec(spec_for("mobilenet_v2_1.0")))
    head, tune = session.choices.config().phases
    assert (head.optimizer.name, tune.optimizer.name, tune.unfreeze_from) == ("rmsprop", "sgd", "block_13_expand")
    session.set_choices(session.choices.with_spec(spec_for("lenet")))
    assert [phase.name for phase in session.choices.config().phases] == ["scratch"]


def test_enter_uses_a_preset(page: PresetsPage, session: Session, qtbot: QtBot) -> None:
    find(page, "003-5b")
    qtbot.keyClick(presets(page), Qt.Key.Key_Return)
    assert session.choices.spec == find_preset("003-5b").setup().spec


def save(page: PresetsPage, qtbot: QtBot, name: str, note: str = "") -> SavePreset:
    button(page, "Save as preset").click()
    dialog = page.findChildren(SavePreset)[0]
    qtbot.keyClicks(line(dialog, "Name"), name)
    qtbot.keyClicks(line(dialog, "Note"), note)
    return dialog


def test_own_choices_are_saved_deleted_and_put_back(
    page: PresetsPage, session: Session, told: list[Message], qtbot: QtBot
) -> None:
    use(page, "003-4b")
    (phase,) = session.choices.config().phases
    session.set_choices(session.choices.with_phases((replace(phase, epochs=3),)))
    button(save(page, qtbot, "Garden birds", "Good at dusk."), "Save").click()
    qtbot.waitUntil(lambda: at(page) == "Garden birds", timeout=MINUTES)
    assert find_preset("Garden birds").setup().config == session.choices.config()
    assert "Good at dusk." in words(page)
    button(page, "Delete").click()
    qtbot.waitUntil(lambda: at(page) != "Garden birds", timeout=MINUTES)
    assert own_presets().presets == ()
    undo = told[-1].on_choice
    assert undo is not None
    undo()
    qtbot.waitUntil(lambda: at(page) == "Garden birds", timeout=MINUTES)
    find(page, "000-A")
    assert not button(page, "Delete").isVisible()


@pytest.mark.parametrize(
    ("name", "says"), [("000-a", "comes with the program"), ("a/b", "A name has none of"), ("", " ")]
)
def test_names_that_can_not_be_had_are_told(page: PresetsPage, qtbot: QtBot, name: str, says: str) -> None:
    dialog = save(page, qtbot, name)
    assert not button(dialog, "Save").isEnabled()
    assert says in words(dialog)
    button(dialog, "Cancel").click()
    assert not own_dir().exists()


def test_presets_are_shared_as_files(
    page: PresetsPage, told: list[Message], tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "for you.json"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(file.with_suffix("")), ""))
    find(page, "003-6")
    button(page, "Save a copy").click()
    assert told[-1].title == "for you.json is written"
    write_preset(replace(find_preset(str(file)), name="from a friend"), file)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(file), ""))
    button(page, "Open preset file").click()
    qtbot.waitUntil(lambda: at(page) == "from a friend", timeout=MINUTES)
    assert [preset.name for preset in own_presets().presets] == ["from a friend"]
    write_preset(replace(find_preset("003-6"), purpose="With changes of a friend."), file)
    button(page, "Open preset file").click()
    qtbot.waitUntil(lambda: at(page) == "003-6 2", timeout=MINUTES)
    assert told[-1].title == "It is added as “003-6 2”"
    file.write_text("{}", encoding="utf-8")
    button(page, "Open preset file").click()
    assert "can't be used as a preset" in told[-1].title


def test_a_damaged_file_is_told_and_the_others_are_listed(session: Session, told: list[Message], qtbot: QtBot) -> None:
    own_dir().mkdir(parents=True)
    (own_dir() / "broken.json").write_text("{", encoding="utf-8")
    (own_dir() / "worse.json").write_text("[]", encoding="utf-8")
    made = PresetsPage(session)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitUntil(lambda: presets(made).current is not None, timeout=MINUTES)
    assert "broken.json" in told[-1].title
    assert "1 other preset of yours can't be used either." in told[-1].line


def test_every_control_says_what_it_is_and_does(page: PresetsPage) -> None:
    for control in (*page.findChildren(QAbstractButton), *page.findChildren(QLineEdit)):
        assert control.accessibleName() or (isinstance(control, QAbstractButton) and control.text())
        assert control.toolTip()
        assert control.focusPolicy() & Qt.FocusPolicy.TabFocus
    assert presets(page).accessibleName() == "Presets"
