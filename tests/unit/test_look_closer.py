"""Looking closer: what a network says of the photos is found once, kept with the project, and true to the photos."""

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from tlstudio.datasets.looks.duplicates import Alike, with_near
from tlstudio.datasets.splits.split import Split, SplitConfig
from tlstudio.errors import Cancelled
from tlstudio.events import CancelToken, Emit, Event, Progress
from tlstudio.modeling import weights
from tlstudio.modeling.engine import Engine
from tlstudio.modeling.features import FeatureStore, Photo, Source
from tlstudio.modeling.part import POOLING
from tlstudio.projects.actions import Actions
from tlstudio.projects.library import Library
from tlstudio.training.config import Phase, TrainConfig
from tlstudio.training.learner import Lesson
from tlstudio.training.recommendation import recommended_spec
from tlstudio.workflows import look_closer as workflow
from tlstudio.workflows.look_closer import look_closer, look_closer_if_known
from tlstudio.workflows.open_photos import Opened, open_photos, reconsidered

Reader = Callable[[], Opened]
PAIR = [("a/2.png", "b/cut.png")]


class Colours:
    """A network that tells photos by their colours, wherever those are; ``rows`` counts what it was asked."""

    def __init__(self) -> None:
        self.rows = 0
        self.refused = False

    def run(self, batch: NDArray[np.uint8]) -> NDArray[np.float32]:
        assert not self.refused, "this is known"
        self.rows += len(batch)
        bins = (batch // 64).astype(np.int64) @ np.array([16, 4, 1])
        return np.stack([np.bincount(photo.ravel(), minlength=64) for photo in bins]).astype(np.float32)


@pytest.fixture
def network(home: Path, monkeypatch: pytest.MonkeyPatch) -> Colours:  # noqa: ARG001 - features lie there
    """Stands in for the recommended network."""
    colours = Colours()

    def get(*_arguments: object, **_options: object) -> Engine:
        return colours

    monkeypatch.setattr(workflow.EngineStore, "get", get)
    return colours


def scene(seed: int, size: tuple[int, int] = (240, 160)) -> Image.Image:
    """Big patches of a few colours."""
    rng = np.random.default_rng(seed)
    palette = rng.integers(0, 255, (4, 3), dtype=np.uint8)
    return Image.fromarray(palette[rng.integers(0, 4, (6, 9))]).resize(size, Image.Resampling.BICUBIC)


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """Twelve scenes, and one of them cut."""
    folder = tmp_path / "photos"
    for name in "ab":
        (folder / name).mkdir(parents=True)
    for seed in range(12):
        scene(seed).save(folder / ("a" if seed < 6 else "b") / f"{seed}.png")
    scene(2).crop((20, 10, 236, 154)).save(folder / "b" / "cut.png")
    return folder


@pytest.fixture
def reader(photos: Path, home: Path, silent: Emit) -> Reader:
    library = Library(home)
    return lambda: open_photos(photos, library, SplitConfig(), emit=silent, token=CancelToken())


def look(opened: Opened) -> Opened:
    return look_closer(opened, emit=lambda _event: None, token=CancelToken())


def look_if_known(opened: Opened) -> Opened | None:
    return look_closer_if_known(opened, emit=lambda _event: None, token=CancelToken())


def near(opened: Opened) -> list[tuple[str, ...]]:
    samples = opened.dataset.samples
    return [tuple(samples[index].path for index in group.indices) for group in opened.looks.duplicates.of("near")]


def test_a_copy_that_is_cut_is_found_kept_together_and_known_the_next_time(reader: Reader, network: Colours) -> None:
    first = reader()
    assert (near(first), first.looks.unseen, first.looks.more) == ([], 13, None)
    looked = look(first)
    assert (near(looked), looked.looks.unseen, looked.looks.more) == (PAIR, 0, 2)
    parts = [set(part) for part in (looked.split.train, looked.split.validation, looked.split.test)]
    pair = {index for index, sample in enumerate(looked.dataset.samples) if sample.path in PAIR[0]}
    assert any(pair <= part for part in parts)
    network.refused = True
    again = reader()
    assert (again.looks, again.split) == (looked.looks, looked.split)


def test_what_is_known_stays_when_photos_come_and_only_those_are_looked_at(
    reader: Reader, photos: Path, network: Colours
) -> None:
    look(reader())
    scene(7).crop((20, 10, 236, 154)).save(photos / "b" / "new.png")
    more = reader()
    assert (near(more), more.looks.unseen, more.looks.more) == (PAIR, 1, 2)
    looked = look(more)
    assert network.rows == 14
    assert (sorted(near(looked)), looked.looks.unseen) == ([*PAIR, ("b/7.png", "b/new.png")], 0)


@pytest.mark.usefixtures("network")
def test_a_photo_that_changes_is_as_new(reader: Reader, photos: Path) -> None:
    look(reader())
    scene(20).save(photos / "a" / "2.png")
    changed = reader()
    assert (near(changed), changed.looks.unseen, changed.looks.more) == ([], 1, 0)


@pytest.mark.usefixtures("network")
def test_a_photo_that_is_renamed_and_moved_to_another_class_stays_known(reader: Reader, photos: Path) -> None:
    look(reader())
    shutil.move(photos / "b" / "cut.png", photos / "a" / "anew.png")
    moved = reader()
    assert (near(moved), moved.looks.unseen) == ([("a/2.png", "a/anew.png")], 0)


def test_a_stop_keeps_what_was_computed(reader: Reader, photos: Path, network: Colours) -> None:
    for seed in range(30, 60):
        scene(seed).save(photos / "a" / f"{seed}.png")
    opened, token = reader(), CancelToken()

    def stop(event: Event) -> None:
        if isinstance(event, Progress) and event.stage == "features" and event.done:
            token.cancel()

    with pytest.raises(Cancelled):
        look_closer(opened, emit=stop, token=token)
    done = network.rows
    assert 0 < done < 43
    assert reader().looks.more is None
    assert look(opened).looks.unseen == 0
    assert network.rows == 43


def test_a_training_with_the_same_network_finds_it_computed(reader: Reader, network: Colours, silent: Emit) -> None:
    opened = look(reader())
    network.refused = True
    spec, _why = recommended_spec()
    file = weights.resolve(spec, emit=silent, token=CancelToken())
    config = TrainConfig((Phase("head", 1, learning_rate=1e-3),))
    lesson = Lesson([], [], Split((), (), ()), ("a", "b"), spec, file, weights.digest(file), config)
    source = Source(lesson.frozen_part(POOLING).key(), spec.input_size, lambda: network)
    wanted = [Photo(opened.dataset.absolute(sample.path), sample.digest) for sample in opened.dataset.samples]
    assert FeatureStore().features(source, wanted, emit=silent, token=CancelToken()).shape == (64,)


def test_after_a_training_the_photos_in_use_are_looked_at_without_computing(reader: Reader, network: Colours) -> None:
    opened = reader()
    assert look_if_known(opened) is None
    assert network.rows == 0
    look(opened)  # as a training does it
    shutil.rmtree(opened.project.folder / "cache")
    action = Actions(opened.found, opened.project.edits()).leave_out(["a/5.png"])
    opened.project.change(action.sentence, action.changes)
    without = reader()
    assert (near(without), without.looks.unseen) == ([], 12)
    network.refused = True
    looked = look_if_known(without)
    assert looked is not None
    assert (near(looked), looked.looks.unseen) == (PAIR, 0)
    opened.project.undo()
    assert reader().looks.unseen == 1


@pytest.mark.usefixtures("network")
def test_a_look_at_the_photos_in_use_forgets_none_of_the_others(reader: Reader) -> None:
    opened = look(reader())
    action = Actions(opened.found, opened.project.edits()).leave_out(["b/cut.png"])
    opened.project.change(action.sentence, action.changes)
    looked = look_if_known(reader())
    assert looked is not None
    assert near(looked) == []
    opened.project.undo()
    assert (near(reader()), reader().looks.unseen) == (PAIR, 0)


@pytest.mark.usefixtures("network")
def test_changes_made_meanwhile_are_in_the_answer(reader: Reader) -> None:
    opened = reader()
    action = Actions(opened.found, opened.project.edits()).move(["a/0.png"], "b")
    opened.project.change(action.sentence, action.changes)
    looked = look(opened)
    assert looked.dataset.counts() == {"a": 5, "b": 8}
    assert near(looked) == PAIR
    assert near(reconsidered(looked)) == PAIR


@pytest.mark.usefixtures("network")
def test_photos_that_have_vanished_are_left_for_another_time(reader: Reader, photos: Path) -> None:
    opened = reader()
    (photos / "a" / "0.png").unlink()
    looked = look(opened)
    assert (near(looked), looked.looks.unseen) == (PAIR, 1)


def test_sets_that_share_a_photo_become_one() -> None:
    alike = Alike((("a", "b"), ("c", "d")), (("x", "y"),))
    assert with_near(alike, [("e", "f"), ("b", "g"), ("g", "d")]) == Alike(
        (("a", "b", "c", "d", "g"), ("e", "f")), (("x", "y"),)
    )
    assert with_near(alike, ()) == alike
    assert with_near(Alike(), ()) == Alike()
