"""``list presets`` and ``train --preset``, with the training itself left out; one real one at the end."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tlstudio.__main__ import main
from tlstudio.cli import commands
from tlstudio.datasets.augmentation.presets import find_augmentation
from tlstudio.errors import TLStudioError
from tlstudio.modeling.head_text import parse_head
from tlstudio.presets.preset_file import write_preset
from tlstudio.presets.shelf import find_preset, keep_preset
from tlstudio.runs import store
from tlstudio.training.recipes import config_for
from tlstudio.workflows.train import TrainRequest

Asked = Callable[..., tuple[TrainRequest, str]]
ClassFolders = Callable[..., Path]


@pytest.fixture
def asked(
    home: Path,  # noqa: ARG001
    class_folders: ClassFolders,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Asked:
    """Runs ``train`` with some options; gives what would be trained, and what is said."""
    folder = class_folders({"daisy": 3, "rose": 3})
    requests: list[TrainRequest] = []

    def instead(request: TrainRequest, **_: object) -> None:
        requests.append(request)
        raise TLStudioError("asked")

    monkeypatch.setattr(commands, "train", instead)

    def ask(*words: object, photos: Path = folder) -> tuple[TrainRequest, str]:
        assert main(["train", str(photos), "--out", "nowhere", *map(str, words)]) == 2
        return requests.pop(), capsys.readouterr().err

    return ask


def test_all_presets_are_listed(capsys: pytest.CaptureFixture[str], home: Path) -> None:  # noqa: ARG001
    keep_preset(replace(find_preset("003-5a"), name="mine", collection=""))
    assert main(["list", "presets", "--json", "-"]) == 0
    found = json.loads(capsys.readouterr().out)["presets"]
    assert len(found) == 45
    assert [entry["own"] for entry in found] == [True] + [False] * 44
    large = next(entry for entry in found if entry["name"] == "000-C")
    assert large["bytes_to_download"] > 80e6
    assert "113,250,307" in large["warning"]
    assert large["preset"]["phases"][0]["epochs"] == 5
    scratch = next(entry for entry in found if entry["name"] == "004-A")
    assert (scratch["bytes_to_download"], scratch["photos_per_second"]) == (0, None)


@pytest.mark.parametrize("name", ["000-A", "001-birds-vgg16", "002-b", "003-4b", "004-A0"])
def test_a_preset_is_trained_as_it_is(asked: Asked, name: str) -> None:
    request, said = asked("--preset", name)
    setup = find_preset(name).setup()
    assert (request.spec, request.config, request.split) == (setup.spec, setup.config, setup.split)
    assert f"Preset {find_preset(name).name}: " in said
    assert "changed by" not in said


def test_a_preset_may_be_a_file(asked: Asked, tmp_path: Path) -> None:
    mine = replace(find_preset("003-5a"), name="mine", seed=9)
    write_preset(mine, tmp_path / "mine.json")
    assert asked("--preset", tmp_path / "mine.json")[0].config.seed == 9


def test_other_options_change_it_and_one_notice_says_so(asked: Asked) -> None:
    request, said = asked(
        *("--preset", "001-birds-xception", "--head-epochs", 2, "--fine-tune-epochs", 3, "--input-size", 96),
        *("--head", "gap, dropout 0.1", "--seed", 5, "--split", "80/20/0", "--split-method", "plain"),
        *("--unfreeze-from", "block14_sepconv1", "--augment", "none", "--batch-size", 8, "--keep", "best"),
    )
    spec, (head, tune) = request.spec, request.config.phases
    assert (spec.backbone, spec.input_size, spec.head) == ("xception", 96, parse_head("gap, dropout 0.1"))
    assert (head.epochs, head.batch_size, head.optimizer.name, head.keep) == (2, 8, "rmsprop", "best")
    assert (tune.epochs, tune.unfreeze_from, tune.optimizer.name) == (3, "block14_sepconv1", "sgd")
    assert (request.config.seed, request.config.augmentation) == (5, find_augmentation("none"))
    assert (request.split.method, request.split.seed, request.split.shares) == ("plain", 5, (0.8, 0.2, 0.0))
    assert "changed by --head, --input-size, --head-epochs" in said


def test_another_network_learns_as_the_preset_says(asked: Asked) -> None:
    request, _ = asked("--preset", "001-birds-inception-v3", "--backbone", "mobilenet_v2_1.0")
    head, tune = request.config.phases
    assert (request.spec.backbone, request.spec.input_size) == ("mobilenet_v2_1.0", 224)
    assert request.spec.head == find_preset("001-birds-inception-v3").setup().spec.head
    assert (head.optimizer.name, tune.optimizer.name, tune.unfreeze_from) == ("rmsprop", "sgd", "block_13_expand")


def test_a_network_without_knowledge_learns_as_a_whole(asked: Asked) -> None:
    request, said = asked("--preset", "003-5a", "--weights", "none")
    assert "learns in its usual way" in said
    assert [phase.name for phase in request.config.phases] == ["scratch"]
    assert request.config.phases == config_for(request.spec).phases
    assert asked("--preset", "003-5a", "--architecture", "lenet")[0].spec.backbone == "lenet"


def test_labels_of_a_preset_are_for_folders_without_folders(
    asked: Asked, photos_factory: Callable[..., list[Path]], tmp_path: Path
) -> None:
    request, _ = asked("--preset", "002-A")
    assert request.reading is not None
    assert request.reading.labels == "folder", "there are folders that are classes"
    photos_factory(tmp_path / "flat", 2)
    request, _ = asked("--preset", "002-A", photos=tmp_path / "flat")
    assert request.reading is not None
    assert request.reading.labels == "pattern:first-dot"
    request, _ = asked("--preset", "002-A", "--labels", "folder:2", photos=tmp_path / "flat")
    assert request.reading is not None
    assert request.reading.level == 2


def test_photos_that_the_source_leaves_out_are_told(asked: Asked) -> None:
    assert "exactly 224 × 224 px only; here all are used" in asked("--preset", "000-A")[1]


def test_what_is_not_there_is_said(capsys: pytest.CaptureFixture[str], class_folders: ClassFolders) -> None:
    folder = class_folders({"daisy": 2, "rose": 2})
    assert main(["train", str(folder), "--out", "nowhere", "--preset", "nothing"]) == 2
    assert "no preset called “nothing”" in capsys.readouterr().err
    assert main(["train", str(folder), "--out", "nowhere", "--preset", "000-A", "--like", "run"]) == 2
    assert "don't go together" in capsys.readouterr().err


def test_a_preset_is_trained_from_the_shell(
    home: Path, class_folders: ClassFolders, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    del home
    folder, out = class_folders({str(digit): 8 for digit in range(3)}, size=(28, 28)), tmp_path / "run"
    words = ("--preset", "004-A0", "--head-epochs", "2", "--json", "-")
    assert main(["train", str(folder), "--out", str(out), *words]) == 0
    trained: dict[str, Any] = json.loads(capsys.readouterr().out)
    run = store.load(out).run
    assert trained["backbone"] == "own"
    assert run.spec == find_preset("004-A0").setup().spec
    assert (run.config.phases[0].epochs, run.config.phases[0].batch_size) == (2, 128)
