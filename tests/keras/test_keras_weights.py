from pathlib import Path

import pytest

from tlstudio.errors import TLStudioError
from tlstudio.events import CancelToken, Emit
from tlstudio.modeling import weights as module
from tlstudio.modeling.spec import ModelSpec
from tlstudio.modeling.weights import digest, resolve
from tlstudio.paths import models_dir
from tlstudio.training.recipes import spec_for


def test_weights_of_ones_own(tmp_path: Path, silent: Emit) -> None:
    path = tmp_path / "my.weights.h5"
    path.write_bytes(b"x")
    assert resolve(ModelSpec("vgg16", str(path), 224), emit=silent, token=CancelToken()) == str(path.resolve())
    assert resolve(ModelSpec("vgg16", "none", 224), emit=silent, token=CancelToken()) == ""


@pytest.mark.parametrize(
    ("backbone", "weights", "message"),
    [
        ("vgg16", "nowhere.h5", "no weights file nowhere.h5"),
        ("vgg16", "notes.txt", "no weights file in Keras"),
        ("small_cnn", "imagenet", "no pre-trained weights"),
        ("alexnet", "imagenet", "no network called"),
        ("vgg16", "bundled", "only those of “starter” do"),
        ("starter", "imagenet", "no ImageNet weights of the starter"),
    ],
)
def test_weights_that_are_not_there_are_errors_for_people(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, silent: Emit, backbone: str, weights: str, message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "notes.txt").touch()
    with pytest.raises(TLStudioError, match=message):
        resolve(ModelSpec(backbone, weights, 224), emit=silent, token=CancelToken())


def test_bundled_weights_ship_with_the_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, silent: Emit) -> None:
    spec = spec_for("starter")
    assert Path(resolve(spec, emit=silent, token=CancelToken())).is_relative_to(models_dir())
    monkeypatch.setattr(module, "models_dir", lambda: tmp_path)
    with pytest.raises(TLStudioError, match="not where they belong"):
        resolve(spec, emit=silent, token=CancelToken())


def test_a_digest_follows_the_contents(tmp_path: Path) -> None:
    path = tmp_path / "any.h5"
    path.write_bytes(b"one")
    first = digest(str(path))
    path.write_bytes(b"other")
    assert digest(str(path)) != first
    assert digest("") == ""
