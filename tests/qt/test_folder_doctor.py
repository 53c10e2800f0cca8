"""Messy folders in the real window: each is read right or explained, mended by one button, and back after Undo."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from messy_layouts import LAYOUTS, Layout, laid_out
from person import Person

from tlstudio.datasets.doctor.problem import Problem
from tlstudio.ui.tabs.dataset.health import HealthCard
from tlstudio.ui.widgets.message_bar import MessageBar
from tlstudio.ui.words.wording import split_message

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

FIXED = [layout for layout in LAYOUTS if layout.fixed]
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
def test_what_is_found_is_said(person: Person, layout: Layout, chosen: Path) -> None:
    person.open(chosen)
    photos = person.window.session.photos
    assert told(person) == layout.codes
    assert all(says(person, problem) for problem in photos.problems)
    blocking = [problem for problem in photos.problems if problem.severity == "blocking"]
    assert person.button("Train").isEnabled() != bool(blocking)
    if blocking:
        assert "Not ready to train yet" in person.next_step
        assert person.message is not None
        assert person.message.fix == (blocking[0].fix.title if blocking[0].fix else "")
    elif layout.classes and not layout.fixed:
        assert person.classes() == layout.classes


@pytest.mark.parametrize("layout", FIXED, ids=lambda layout: layout.name)
def test_one_button_mends_it_and_undo_takes_that_back(person: Person, layout: Layout, chosen: Path) -> None:
    person.open(chosen)
    photos = person.window.session.photos
    assert photos.dataset is not None
    root, before = photos.dataset.root, dict(photos.dataset.counts())
    problem = photos.problems[0]
    assert problem.fix is not None
    place = person.see(MessageBar if problem.severity == "blocking" else HealthCard)
    leads_on = problem.fix.reading.root != root
    title = problem.fix.title
    (person.during_reading if leads_on or problem.fix.reading.hidden else person.during_change)(
        lambda: person.press(title, place)
    )
    if layout.classes:
        assert person.classes() == layout.classes
        assert Counter(photos.dataset.given.values()) == Counter(layout.given)
        assert not photos.blocking
        assert problem.code not in told(person)
        assert person.button("Train").isEnabled()
    if leads_on:  # to another project: the way back is to open the first folder again
        assert not photos.steps.undo
        person.open(chosen)
    else:
        assert photos.steps.undo == title
        person.undo()
    assert dict(photos.dataset.counts()) == before
    assert photos.dataset.root == root
    assert told(person) == layout.codes
