"""Messy folders in the real window: each is read right or explained, mended by one button, and back after Undo."""

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from messy_layouts import LAYOUTS, Layout, laid_out, unchanged
from person import Person
from PySide6.QtCore import Qt

from tlstudio.datasets.doctor.problem import Problem
from tlstudio.ui.tabs.dataset.health.health_card import HealthCard
from tlstudio.ui.widgets.message_bar import MessageBar
from tlstudio.ui.words.wording import split_message

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

TOLD_OTHERWISE = {"unlabelled_photos": "have no class"}
"""Words of the window by problem, where they are others than the doctor's."""


@pytest.fixture
def chosen(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path]:
    """The folder of the layout that a test is run with, none of whose files may change."""
    with laid_out(request.getfixturevalue("layout"), tmp_path / "user") as folder:
        yield folder


def told(person: Person) -> tuple[str, ...]:
    return tuple(problem.code for problem in person.window.session.photos.problems)


def says(person: Person, problem: Problem) -> bool:
    """Whether the window says it: one that blocks in the message under the header, others among the findings."""
    title, _ = split_message(problem.message)
    if problem.severity == "blocking":
        return person.message is not None and (person.message.kind, person.message.title) == ("wrong", title)
    return TOLD_OTHERWISE.get(problem.code, title) in person.words(person.see(HealthCard))


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
def test_it_is_said_mended_by_one_button_and_read_as_before_by_undo(
    person: Person, layout: Layout, chosen: Path
) -> None:
    person.open(chosen)
    assert told(person) == layout.codes
    assert all(says(person, problem) for problem in person.window.session.photos.problems)
    assert_waits_for(person)
    if layout.fixed:
        assert_mended(person, layout, chosen)
    elif layout.classes:
        assert person.classes() == layout.classes


def assert_waits_for(person: Person) -> None:
    """Training waits for what blocks it, and the message offers its fix."""
    blocking = person.window.session.photos.blocking
    assert person.button("Train").isEnabled() == (blocking is None)
    if blocking is None:
        assert person.message is None
    else:
        assert "Not ready to train yet" in person.next_step
        assert person.message is not None
        assert person.message.fix == (blocking.fix.title if blocking.fix else "")


def assert_mended(person: Person, layout: Layout, chosen: Path) -> None:
    """The fix of the first problem does what the table says, and can be taken back."""
    photos = person.window.session.photos
    problem, before = photos.problems[0], photos.dataset
    assert before is not None
    assert problem.fix is not None
    take(person, problem)
    assert photos.dataset is not None
    if layout.classes:
        assert person.classes() == layout.classes
        assert Counter(photos.dataset.given.values()) == Counter(layout.given)
        assert not photos.blocking
        assert problem.code not in told(person)
        assert person.button("Train").isEnabled()
    if photos.dataset.root == before.root:
        assert photos.steps.undo == problem.fix.title
        person.undo()
    else:  # it led to another project, and the way back is to open the first folder again
        assert not photos.steps.undo
        person.open(chosen)
    assert (photos.dataset.root, photos.dataset.counts()) == (before.root, before.counts())
    assert told(person) == layout.codes


def take(person: Person, problem: Problem) -> None:
    """Press the button of the fix, where the problem is said."""
    fix, files = problem.fix, person.window.session.photos.files
    assert fix is not None
    assert files is not None
    place = person.see(MessageBar if problem.severity == "blocking" else HealthCard)
    opens_files = fix.reading.hidden or fix.reading.root != files.root
    wait = person.during_reading if opens_files else person.during_change
    wait(lambda: person.press(fix.title, place))


def test_redo_of_a_reading_that_opens_files_says_so_then_and_not_later(
    person: Person, class_folders: Callable[..., Path]
) -> None:
    folder = class_folders({"cat": 4, "dog": 4, ".owl": 4})
    person.open(folder)
    photos = person.window.session.photos
    person.during_reading(lambda: person.press("Read them too"))
    person.undo()
    assert person.told == "Undone: Read them too"
    with unchanged(folder):
        person.open(folder)  # nothing is known of the hidden ones now
        assert person.told == ""
        redo = (Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
        person.during_reading(lambda: person.key(*redo))
    assert person.classes() == {"cat": 4, "dog": 4, "owl": 4}
    assert person.told == "Done again: Read them too"
    assert photos.dataset is not None
    assert photos.actions is not None
    action = photos.actions.move([photos.dataset.samples[0].path], "dog")
    person.during_change(lambda: photos.do(action))
    assert person.told == ""
