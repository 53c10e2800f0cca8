"""Recipes of the reference systems, every round of them, from the command line and through the window.

Their weights can't be had here, so files of random ones stand for them, and the networks on them get small photos. All
else is as the presets give it.
"""

import json
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from person import MINUTES, Person
from PySide6.QtWidgets import QLineEdit

from tlstudio.cli.shell import run
from tlstudio.events import BatchEnded, EpochEnded, Event, PhaseStarted
from tlstudio.presets.preset import own_preset
from tlstudio.presets.shelf import find_preset, keep_preset
from tlstudio.runs import store
from tlstudio.runs.run import Run
from tlstudio.training.config import TrainConfig

pytestmark = [pytest.mark.slow, pytest.mark.qt_log_ignore("This plugin does not support", extend=True)]

LONG = 20 * MINUTES


@dataclass(frozen=True, slots=True)
class Recipe:
    """A preset, and the photos for it.

    Attributes:
        preset: Its name.
        classes: Folders of shared photos; 0 for the one flat folder of cats and dogs.
        each: Photos of each class.
        side: Of the photos in pixels; 0 for that of the preset.
    """

    preset: str
    classes: int
    each: int
    side: int = 0


RECIPES = (
    Recipe("000-A", 12, 12, 80),
    Recipe("001-birds-inception-v3", 10, 9, 80),
    Recipe("002-A", 0, 40),
    Recipe("003-5a", 10, 12, 64),
    Recipe("003-5b", 10, 12, 64),
    Recipe("004-D", 10, 12, 32),
)


@pytest.fixture(params=RECIPES, ids=lambda recipe: recipe.preset)
def recipe(request: pytest.FixtureRequest) -> Recipe:
    """One recipe after the other."""
    found: Recipe = request.param
    return found


@pytest.fixture
def photos(shared: Path, tmp_path: Path, recipe: Recipe) -> Path:
    """Links to real photos."""
    root = tmp_path / "photos"
    root.mkdir()
    if not recipe.classes:
        for kind in ("cat", "dog"):
            for photo in sorted((shared / "data/cats_dogs_flat").glob(f"{kind}.*.jpg"))[: recipe.each]:
                (root / photo.name).symlink_to(photo)
        return root
    folders = sorted((shared / "data/birds10").iterdir()) + sorted((shared / "data/flowers5").iterdir())
    for folder in [folder for folder in folders if folder.is_dir()][: recipe.classes]:
        (root / folder.name).mkdir()
        for photo in sorted(folder.glob("*.jpg"))[: recipe.each]:
            (root / folder.name / photo.name).symlink_to(photo)
    return root


@pytest.fixture
def config(recipe: Recipe, home: Path, tmp_path: Path) -> TrainConfig:  # noqa: ARG001 - presets of one's own lie there
    """How the preset "here" trains: the recipe with small photos and weights that are on this computer."""
    from tlstudio.modeling.network import build_backbone

    setup = find_preset(recipe.preset).setup()
    spec = setup.spec
    if recipe.side:
        spec = replace(spec, input_size=recipe.side)
    if spec.weights != "none":
        file = tmp_path / "random.weights.h5"
        build_backbone(replace(spec, weights="none")).save_weights(file)
        spec = replace(spec, weights=str(file))
    keep_preset(own_preset("here", "", replace(setup, spec=spec)))
    return setup.config


def require_whole(run: Run, config: TrainConfig) -> None:
    """Every phase ran all its rounds, or was ended by a reason of its own; figures are there for each."""
    assert run.status == "complete"
    assert run.config == config
    for number, phase in enumerate(config.phases):
        rounds = [epoch for epoch in run.history.epochs if epoch.phase == number]
        assert [epoch.epoch for epoch in rounds] == list(range(len(rounds)))
        assert len(rounds) == phase.epochs or phase.stops
        assert rounds
        assert all(epoch.val_loss is not None and epoch.val_accuracy is not None for epoch in rounds)


def require_in_order(events: list[Event]) -> None:
    """A phase begins, its rounds follow each other, and in a round its batches do."""
    phase = epoch = step = -1
    for event in events:
        match event:
            case PhaseStarted(index):
                assert index == phase + 1
                phase, epoch, step = index, 0, 0
            case BatchEnded():
                assert (event.phase, event.epoch, event.step) == (phase, epoch, step + 1)
                step = event.step
            case EpochEnded():
                assert (event.phase, event.epoch) == (phase, epoch)
                epoch, step = epoch + 1, 0
    assert phase >= 0


def test_from_the_command_line(photos: Path, config: TrainConfig, home: Path, tmp_path: Path) -> None:
    result = tmp_path / "result.json"
    words = ["train", str(photos), "--preset", "here", "--out", str(home / "run"), "--json", str(result)]
    assert run(words)[0] == 0
    require_whole(store.load(Path(json.loads(result.read_bytes())["run"])).run, config)


def test_through_the_window(photos: Path, config: TrainConfig, person: Person) -> None:
    session = person.window.session
    person.open(photos)
    assert session.photos.dataset is not None
    if not session.photos.trainable:  # photos in one folder, named after what they show
        person.during_change(lambda: person.press("Take labels from file names"))
    person.window.open("model")
    person.press("Choose myself")
    person.press("Presets")
    field = next(
        each
        for each in person.window.findChildren(QLineEdit)
        if each.isVisible() and each.accessibleName() == "Find a preset"
    )
    field.setText("here")
    person.press("Use this preset")
    person.wait(lambda: session.choices.config() == config and not session.runner.busy("io"))
    events: list[Event] = []
    session.training_reported.connect(events.append)
    with person.qtbot.waitSignal(session.training_ended, timeout=LONG):
        person.press("Train")
    assert session.stored is not None
    require_whole(session.stored.run, config)
    require_in_order(events)
