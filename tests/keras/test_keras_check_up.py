"""Networks with their 1000 classes on real photos, and files of weights against real networks."""

import json
from pathlib import Path

import h5py
import numpy as np
import pytest
from keras.src.legacy.saving.legacy_h5_format import save_weights_to_hdf5_group

from tlstudio.errors import Cancelled, TLStudioError
from tlstudio.events import CancelToken, Emit, Event, Progress
from tlstudio.modeling.backbones import get_backbone
from tlstudio.modeling.engine import EngineStore
from tlstudio.modeling.imagenet import imagenet_part
from tlstudio.modeling.network import build_backbone, build_part
from tlstudio.modeling.spec import ModelSpec
from tlstudio.modeling.weights_fit import fit, layer_arrays
from tlstudio.workflows.check_up import Candidate, CheckUp, check_up, check_up_json
from tlstudio.workflows.manage_weights import check_weights


@pytest.fixture(scope="module")
def with_top(shared: Path) -> dict[str, str]:
    """Real weights with the 1000 classes, by network."""
    folder = shared / "weights"
    return {
        "mobilenet_v2_1.0": str(folder / "mobilenet_v2_1.0_224_top.weights.h5"),
        "mobilenet_0.25": str(folder / "mobilenet_v1_0.25_224_top.weights.h5"),
    }


def right(result: CheckUp, network: int, best: int) -> float:
    """Share of the photos whose class, in the file name, is among the ``best`` answers."""
    found = [
        Path(photo).name.startswith(tuple(guess.wordnet for guess in guesses[:best]))
        for photo, guesses in zip(result.photos, result.opinions[network].guesses, strict=True)
    ]
    return sum(found) / len(found)


def test_mobilenet_v2_knows_the_photos_of_imagenet(
    shared: Path, home: Path, with_top: dict[str, str], silent: Emit
) -> None:
    candidates = [Candidate(name, file) for name, file in with_top.items()]
    result = check_up([shared / "data" / "imagenet_checkup"], candidates, 850, emit=silent, token=CancelToken())
    assert len(result.photos) == 125
    assert right(result, 0, 1) >= 0.86
    assert right(result, 0, 5) >= 0.97
    assert 0.45 <= right(result, 1, 1) <= right(result, 1, 5)
    assert result.likeness == "like"
    assert "850 photos are few: train the last layers alone" in result.advice[1]
    assert [path.suffix for path in (home / "cache" / "engines").iterdir()] == [".tflite"] * 2


@pytest.mark.usefixtures("home")
def test_the_engine_with_the_classes_agrees_with_keras(
    with_top: dict[str, str],
    silent: Emit,
) -> None:
    part = imagenet_part(get_backbone("mobilenet_0.25"), with_top["mobilenet_0.25"])
    pictures = np.random.default_rng(0).integers(0, 256, (3, 224, 224, 3), dtype=np.uint8)
    expected = np.asarray(build_part(part).predict_on_batch(pictures))
    scores = EngineStore().get(part, emit=silent, token=CancelToken()).run(pictures)
    assert scores.shape == (3, 1000)
    assert np.abs(scores - expected).max() < 1e-4
    assert np.abs(scores.sum(axis=1) - 1).max() < 1e-4


@pytest.mark.usefixtures("home")
def test_files_that_are_no_photos_are_left_out_with_their_reason(
    shared: Path,
    tmp_path: Path,
    with_top: dict[str, str],
) -> None:
    photo = shared / "data" / "imagenet_checkup" / "n01818515_macaw.jpg"
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(photo.read_bytes()[:300])
    seen: list[Event] = []
    candidate = Candidate("mobilenet_0.25", with_top["mobilenet_0.25"])
    result = check_up([broken, photo], [candidate], emit=seen.append, token=CancelToken())
    assert result.photos == (str(photo),)
    assert [path for path, _ in result.unreadable] == [str(broken)]
    assert len(result.advice) == 3, "without a number of photos both cases are told"
    assert any(isinstance(event, Progress) and event.stage == "predict" for event in seen)
    answers = json.loads(json.dumps(check_up_json(result)))["networks"][0]["answers"]
    assert len(answers[0]["top"]) == 5
    with pytest.raises(TLStudioError, match="None of the files"):
        check_up([broken], [candidate], emit=seen.append, token=CancelToken())


@pytest.mark.usefixtures("home")
def test_a_network_that_never_learnt_imagenet_can_not_name_its_classes(shared: Path, silent: Emit) -> None:
    photo = shared / "data" / "imagenet_checkup" / "n01818515_macaw.jpg"
    with pytest.raises(TLStudioError, match="no ImageNet weights of the starter"):
        check_up([photo], [Candidate("starter")], emit=silent, token=CancelToken())


@pytest.mark.usefixtures("home")
def test_a_file_without_the_classes_is_told_before_anything_is_computed(
    shared: Path,
    weights_file: Path,
    silent: Emit,
) -> None:
    photo = shared / "data" / "imagenet_checkup" / "n01818515_macaw.jpg"
    candidate = Candidate("mobilenet_0.25", str(weights_file))
    with pytest.raises(TLStudioError, match=r"doesn't fit MobileNet 0\.25") as caught:
        check_up([photo], [candidate], emit=silent, token=CancelToken())
    assert "with top" in caught.value.hint


def test_a_file_is_checked_in_a_child_process(with_top: dict[str, str], weights_file: Path) -> None:
    token = CancelToken()
    assert check_weights(str(weights_file), "mobilenet_0.25", token=token).fits
    report = check_weights(with_top["mobilenet_0.25"], "mobilenet_0.25", token=token)
    assert [layer.layer for layer in report.layers if layer.verdict == "extra"] == ["conv_preds"]
    with pytest.raises(TLStudioError, match="no network called"):
        check_weights(str(weights_file), "alexnet", token=token)
    token.cancel()
    with pytest.raises(Cancelled):
        check_weights(str(weights_file), "mobilenet_0.25", token=token)


@pytest.mark.parametrize("older", [False, True])
@pytest.mark.parametrize("name", ["mobilenet_0.25", "xception", "efficientnet_b0", "starter"])
def test_what_keras_saves_fits_in_both_layouts(tmp_path: Path, name: str, *, older: bool) -> None:
    network = build_backbone(ModelSpec(name, "none", 96))
    path = tmp_path / ("saved.h5" if older else "saved.weights.h5")
    if older:
        with h5py.File(path, "w") as file:
            save_weights_to_hdf5_group(file, network)
    else:
        network.save_weights(path)
    report = fit(name, layer_arrays(network.layers), str(path))
    assert report.fits, [layer for layer in report.layers if layer.verdict != "fits"]
