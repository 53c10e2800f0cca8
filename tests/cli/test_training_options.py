"""How the network learns, said on the command line."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from stored_runs import make_run

from tlstudio.__main__ import main
from tlstudio.modeling.spec import ModelSpec
from tlstudio.runs.plan import Plan
from tlstudio.serialization import to_json
from tlstudio.training.config import Optimizer, Phase, Schedule, Stop, TrainConfig
from tlstudio.workflows.train import TrainRequest

ClassFolders = Callable[..., Path]
Ask = Callable[..., TrainRequest]


@pytest.fixture
def ask(asked: list[TrainRequest], tmp_path: Path) -> Ask:
    def run(*words: str) -> TrainRequest:
        assert main(["train", str(tmp_path), "--out", str(tmp_path / "run"), *words]) == 2
        return asked.pop()

    return run


STARTER = ("--backbone", "starter", "--fine-tune-epochs", "2")


@pytest.mark.parametrize(
    ("words", "changes"),
    [
        ([], {}),
        (["--optimizer", "adamw"], {"optimizer": Optimizer("adamw")}),
        (["--optimizer", "sgd:0.9:nesterov"], {"optimizer": Optimizer("sgd", 0.9, nesterov=True)}),
        (["--schedule", "step:0.5:3+2"], {"schedule": Schedule("step", 0.5, 3, warm_up=2)}),
        (["--schedule", "cosine"], {"schedule": Schedule("cosine")}),
        (["--batch-size", "64"], {"batch_size": 64}),
        (["--class-weights", "max_count"], {"class_weights": "max_count"}),
        (["--class-weights", "a=b=2,c=0.5"], {"class_weights": (("a=b", 2.0), ("c", 0.5))}),
        (["--label-smoothing", "0.1"], {"label_smoothing": 0.1}),
        (["--stop", "never"], {"stops": ()}),
        (
            ["--stop", "accuracy=0.98, val_loss:7,loss=0.1"],
            {"stops": (Stop("accuracy", 0, at_least=0.98), Stop(patience=7), Stop("loss", 0, at_most=0.1))},
        ),
        (["--keep", "last"], {"keep": "last"}),
        (["--checkpoints"], {"checkpoint": "every"}),
        (["--keep-by", "val_accuracy"], {"keep_by": "val_accuracy"}),
        (["--steps-per-epoch", "7", "--validation-steps", "3"], {"steps_per_epoch": 7, "validation_steps": 3}),
        (
            ["--optimizer", "adamw", "--weight-decay", "0.004"],
            {"optimizer": Optimizer("adamw", weight_decay=0.004)},
        ),
        (["--decay", "1e-6"], {"schedule": Schedule(decay=1e-6)}),
        (["--live"], {"data": "live"}),
    ],
)
def test_settings_go_to_all_phases(ask: Ask, words: list[str], changes: dict[str, object]) -> None:
    plain, other = ask(*STARTER), ask(*STARTER, *words)
    assert [phase.name for phase in other.config.phases] == ["head", "fine_tune"]
    assert other.config.phases == tuple(replace(phase, **changes) for phase in plain.config.phases)  # type: ignore[arg-type]


def test_what_the_pixels_become_is_chosen_for_a_network_and_in_a_preset(ask: Ask) -> None:
    assert ask("--backbone", "vgg16", "--preprocessing", "raw").spec.preprocessing == "raw"
    assert ask("--preset", "001-birds-vgg16").spec.preprocessing == "unit"
    assert ask("--preset", "001-birds-vgg16", "--preprocessing", "usual").spec.preprocessing == ""


@pytest.mark.parametrize(
    ("sizes", "phases"),
    [
        ("96,128", [("head", 96), ("fine_tune", 128)]),
        ("96,128,160", [("head", 96), ("fine_tune", 128), ("fine_tune", 160)]),
        ("128", [("head", 128), ("fine_tune", 128)]),
    ],
)
def test_photos_grow_from_phase_to_phase(ask: Ask, sizes: str, phases: list[tuple[str, int]]) -> None:
    config = ask(*STARTER, "--phase-sizes", sizes).config
    assert [(phase.name, phase.input_size) for phase in config.phases] == phases


def test_batch_norm_is_a_matter_of_fine_tuning(ask: Ask) -> None:
    assert [phase.batch_norm for phase in ask(*STARTER, "--batch-norm", "learn").config.phases] == ["keep", "learn"]


def test_each_phase_has_its_own_rate(ask: Ask) -> None:
    phases = ask(*STARTER, "--learning-rate", "0.5", "--fine-tune-learning-rate", "0.25").config.phases
    assert [phase.learning_rate for phase in phases] == [0.5, 0.25]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--optimizer", "lion"], "the optimizers are adam"),
        (["--optimizer", "sgd:1.5"], "momentum must be"),
        (["--schedule", "cosine:0.1"], "too many figures"),
        (["--stop", "f1:3"], "a reason looks like"),
        (["--class-weights", "many"], "CLASS=WEIGHT"),
        (["--learning-rate", "0"], "not above 0"),
        (["--batch-size", "0"], "at least 1"),
        (["--label-smoothing", "2"], "label smoothing"),
        (["--phase-sizes", "96,big"], "96,big"),
        (["--weight-decay", "2"], "weight decay"),
    ],
)
def test_what_means_nothing_is_said(
    asked: list[TrainRequest], tmp_path: Path, words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["train", str(tmp_path), "--out", str(tmp_path / "run"), *STARTER, *words]) == 2
    assert said in capsys.readouterr().err
    assert not asked


PLAN = Plan(
    ModelSpec("mobilenet_1.0", "imagenet", 128, preprocessing="unit"),
    TrainConfig((Phase("head", 4, 1e-2, keep="last"), Phase("fine_tune", 2, 1e-4, batch_norm="learn")), seed=9),
)


def test_a_file_of_settings_says_it_all(ask: Ask, tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    file.write_bytes(to_json(PLAN))
    request = ask("--config", str(file))
    assert Plan(request.spec, request.config, request.split) == PLAN
    changed = ask("--like", str(file), "--batch-size", "8", "--reproducible").config
    assert [phase.batch_size for phase in changed.phases] == [8, 8]
    assert changed.reproducible


def test_what_a_run_brings_itself_is_not_said_twice(
    asked: list[TrainRequest], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "settings.json"
    file.write_bytes(to_json(PLAN))
    words = ["train", str(tmp_path), "--out", str(tmp_path / "run"), "--like", str(file), "--input-size", "96"]
    assert main(words) == 2
    assert "“--input-size” and “--like”" in capsys.readouterr().err
    assert not asked


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Expecting value"),
        ("[]", "it holds no settings"),
        ("{}", "the file lacks “spec”"),
        ('{"spec": 1}', "“spec” has to be a table, not a whole number"),
        ('{"schema": 99}', "a newer TL Studio"),
    ],
)
def test_a_file_of_something_else_is_said(
    asked: list[TrainRequest], tmp_path: Path, text: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "settings.json"
    file.write_text(text, encoding="utf-8")
    assert main(["train", str(tmp_path), "--out", str(tmp_path / "run"), "--like", str(file)]) == 2
    told = capsys.readouterr().err
    assert "can't be used" in told
    assert said in told
    assert not asked


def test_resume_goes_on_with_the_settings_of_the_training(asked: list[TrainRequest], tmp_path: Path) -> None:
    assert main(["train", str(tmp_path), "--out", str(tmp_path / "run"), "--resume"]) == 2
    assert asked == [], "nothing is kept of such a training"


@pytest.mark.parametrize("words", [["--backbone", "starter"], ["--seed", "3"], ["--batch-size", "4"], ["--live"]])
def test_resume_takes_no_other_settings(
    asked: list[TrainRequest], tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    assert main(["train", str(tmp_path), "--out", str(tmp_path / "run"), "--resume", *words]) == 2
    assert f"“{words[0]}” and “--resume” don't go together" in capsys.readouterr().err
    assert asked == []


def test_a_run_is_trained_on(
    asked: list[TrainRequest], class_folders: ClassFolders, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    photos = class_folders({"daisy": 4, "rose": 4})
    stored = make_run(tmp_path / "first", photos)
    (done,) = stored.run.config.phases

    def ask(*words: str) -> str:
        command = ["train", str(photos), "--out", str(tmp_path / "second"), "--from", str(stored.folder), *words]
        assert main(command) == 2
        return capsys.readouterr().err

    ask()
    request = asked.pop()
    assert request.origin == stored
    assert (request.spec, request.parts, request.done) == (stored.run.spec, stored.run.split, 1)
    assert request.config.phases == (done, done), "all of it was done, so the last phase goes on"
    ask("--head-epochs", "7", "--learning-rate", "0.5", "--reproducible")
    request = asked.pop()
    assert request.config.phases == (done, replace(done, epochs=7, learning_rate=0.5))
    assert request.config.reproducible
    assert "“--backbone” and “--from”" in ask("--backbone", "starter")
    assert "“--seed” and “--from”" in ask("--seed", "3")
    assert "can't be trained on like this" in ask("--fine-tune-epochs", "3")
    assert "“--from” and “--resume”" in ask("--resume")
    assert not asked
