import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from messy_layouts import LAYOUTS, Layout, laid_out

from tlstudio.datasets.dataset import Dataset
from tlstudio.datasets.index import index_folder
from tlstudio.datasets.problems import find_problems
from tlstudio.datasets.reading.reading import Reading, apply_reading, needs_scan, read_hidden
from tlstudio.events import CancelToken, ignore_events


def found_in(folder: str | Path) -> Dataset:
    return index_folder(Path(folder), emit=ignore_events, token=CancelToken())


def read(reading: Reading, found: Dataset) -> Dataset:
    """What a fix leads to, with a new look at the files only where there has to be one."""
    if needs_scan(found, reading):
        found = found if reading.root == found.root else found_in(reading.root)
        if reading.hidden:
            found = read_hidden(found, emit=ignore_events, token=CancelToken())
    return apply_reading(found, reading)


@pytest.fixture(params=LAYOUTS, ids=lambda layout: layout.name)
def layout(request: pytest.FixtureRequest) -> Layout:
    chosen: Layout = request.param
    return chosen


@pytest.fixture
def chosen(layout: Layout, tmp_path: Path) -> Iterator[Path]:
    with laid_out(layout, tmp_path / "home") as folder:
        yield folder


def test_read_right_or_explained(layout: Layout, chosen: Path) -> None:
    found = found_in(chosen)
    dataset = apply_reading(found, Reading(found.root))
    problems = find_problems(dataset)
    told = tuple(problem.code for problem in problems)
    assert told == layout.codes
    assert all(problem.message.endswith(".") and problem.hint.endswith(".") for problem in problems)
    reading = Reading(dataset.root)
    if layout.fixed:
        fix = problems[0].fix
        assert fix is not None
        assert fix.title
        reading = fix.reading
    if layout.root:
        assert Path(reading.root) == Path(
            os.path.normpath(chosen.parent if layout.root == "." else chosen / layout.root)
        )
    if layout.classes:
        dataset = read(reading, found)
        counts = dataset.counts()
        assert {name: photos for name, photos in counts.items() if photos} == layout.classes
        assert Counter(dataset.given.values()) == Counter(layout.given)
        left = find_problems(dataset, reading)
        assert "blocking" not in {problem.severity for problem in left}
        assert not layout.fixed or told[0] not in {problem.code for problem in left}


def test_every_file_stays_accounted_for(chosen: Path) -> None:
    found = found_in(chosen)
    everywhere = {
        file.path for group in (found.samples, found.unlabelled, found.rejected, found.ignored) for file in group
    }
    for problem in find_problems(apply_reading(found, Reading(found.root))):
        if problem.fix is None or needs_scan(found, problem.fix.reading) or problem.fix.reading.root != found.root:
            continue
        dataset = apply_reading(found, problem.fix.reading)
        groups = (dataset.samples, dataset.unlabelled, dataset.rejected, dataset.ignored)
        assert {file.path for group in groups for file in group} == everywhere
        assert dataset.found == found.found


def test_at_least_thirty_layouts_with_names_of_their_own() -> None:
    assert len({layout.name for layout in LAYOUTS}) == len(LAYOUTS) >= 30
