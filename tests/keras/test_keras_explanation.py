"""What a network looked at, and what it learnt it from."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tlstudio import paths
from tlstudio.datasets.images import decode
from tlstudio.errors import Cancelled, TLStudioError
from tlstudio.events import CancelToken, Emit
from tlstudio.modeling.layer_table import Dense, Flatten, LayerTable
from tlstudio.modeling.network import build_network
from tlstudio.modeling.spec import OWN, HeadSpec, ModelSpec
from tlstudio.prediction.explanation.grad_cam import GradCam
from tlstudio.prediction.explanation.heat_map import Wish
from tlstudio.prediction.explanation.process import GradCamProcess
from tlstudio.runs.store import StoredRun
from tlstudio.workflows.explain import Explainer, whole_part
from tlstudio.workflows.explain_files import explain, explain_json
from tlstudio.workflows.train import Trained

TrainTiny = Callable[..., Trained]
ClassFolders = Callable[..., Path]


@pytest.fixture
def stored(train_tiny: TrainTiny, class_folders: ClassFolders) -> StoredRun:
    return train_tiny(class_folders({"red": 12, "blue": 12})).stored


def picture(stored: StoredRun) -> Path:
    run = stored.run
    return Path(run.root) / run.samples[run.split.test[0]].path


def test_grad_cam_is_the_formula_of_the_paper(stored: StoredRun) -> None:
    """For a mean over the map and one dense layer, it is the map weighted by the weights of the class."""
    from tlstudio.modeling.network import build_part

    model = build_part(whole_part(stored))
    maps = GradCam(model)
    photo = decode(picture(stored), stored.run.spec.input_size)
    found = maps.heat_map(photo, 1)
    import keras

    features = np.asarray(keras.Model(model.inputs[0], model.get_layer("pooling").input)(photo[None]))[0]
    expected = np.maximum(features @ np.asarray(model.get_layer("scores").kernel)[:, 1], 0)
    assert found.layer == maps.layers[0].name
    assert found.values.shape == expected.shape == (2, 2)
    np.testing.assert_allclose(found.values, expected / max(expected.max(), 1e-9), atol=1e-5)


def test_earlier_layers_have_larger_maps_and_any_of_them_can_be_chosen(stored: StoredRun) -> None:
    from tlstudio.modeling.network import build_part

    maps = GradCam(build_part(whole_part(stored)))
    assert [entry.height for entry in maps.layers] == [2, 4, 8, 16, 32]
    photo = decode(picture(stored), stored.run.spec.input_size)
    assert maps.heat_map(photo, 0, maps.layers[1].name).values.shape == (4, 4)
    with pytest.raises(TLStudioError, match="no feature map “nonsense”"):
        maps.heat_map(photo, 0, "nonsense")


def test_one_sigmoid_speaks_for_either_class() -> None:
    spec = ModelSpec("small_cnn", "none", 64, head=HeadSpec(layers=(), output="sigmoid"))
    maps = GradCam(build_network(spec, 2))
    photo = np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    first, second = (maps.heat_map(photo, index).values for index in (0, 1))
    assert first.max() + second.max() > 0
    assert not (first * second).any()  # what speaks for one speaks against the other


def test_a_network_without_feature_maps_has_none() -> None:
    table = LayerTable(16, 16, 3, (Flatten(), Dense(8, "relu")))
    model = build_network(ModelSpec(OWN, "none", 16, layers=table, head=HeadSpec(layers=())), 3)
    assert GradCam(model).layers == ()


def test_the_process_says_the_same_and_survives_what_goes_wrong(
    stored: StoredRun, silent: Emit, tmp_path: Path
) -> None:
    from tlstudio.modeling.network import build_part

    part, photo = whole_part(stored), picture(stored)
    expected = GradCam(build_part(part)).heat_map(decode(photo, part.spec.input_size), 1)
    process = GradCamProcess(part)
    try:
        stopped = CancelToken()
        stopped.cancel()
        with pytest.raises(Cancelled):
            process.heat_map(photo, 0, emit=silent, token=stopped)
        with pytest.raises(TLStudioError, match="can't be read"):
            process.heat_map(tmp_path / "gone.jpg", 1, emit=silent, token=CancelToken())
        found = process.heat_map(photo, 1, emit=silent, token=CancelToken())
        assert found is not None
        np.testing.assert_allclose(found.values, expected.values, atol=1e-4)
        assert found.layers == expected.layers
    finally:
        process.close()


def test_the_nearest_photos_are_of_the_same_kind_and_never_the_photo_itself(stored: StoredRun, silent: Emit) -> None:
    explainer, run = Explainer(stored), stored.run
    for number in (run.split.test[0], run.split.train[0]):
        sample = run.samples[number]
        near = explainer.neighbours(Path(run.root) / sample.path, 3, emit=silent, token=CancelToken())
        assert [run.classes[each.class_index] for each in near] == [sample.class_name] * 3
        assert sample.path not in [each.path for each in near]
        assert sorted((each.likeness for each in near), reverse=True) == [each.likeness for each in near]


def test_photos_that_a_run_never_saw_have_neighbours_and_nothing_is_kept_of_them(
    stored: StoredRun, silent: Emit, tmp_path: Path
) -> None:
    run, explainer = stored.run, Explainer(stored)
    learnt = run.samples[run.split.train[0]]
    explainer.neighbours(picture(stored), 1, emit=silent, token=CancelToken())
    kept = sorted(paths.cache_dir().rglob("*"))
    strange = tmp_path / "strange.png"
    with Image.open(Path(run.root) / learnt.path) as image:
        image.save(strange)
    (near,) = explainer.neighbours(strange, 1, emit=silent, token=CancelToken())
    assert near.path == learnt.path
    assert near.likeness > 0.999
    assert sorted(paths.cache_dir().rglob("*")) == kept


def test_photos_are_written_under_their_heat_maps(stored: StoredRun, silent: Emit, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    broken = tmp_path / "in" / "broken.jpg"
    broken.write_bytes(b"\xff\xd8\xff\xe0 nothing")
    shutil.copy(picture(stored), tmp_path / "in" / "photo.jpg")
    wish = Wish(-1, "occlusion")
    explained, unreadable = explain(stored, [tmp_path / "in"], tmp_path / "out", wish, emit=silent, token=CancelToken())
    assert [path for path, _ in unreadable] == [str(broken)]
    (entry,) = explained
    with Image.open(entry.picture) as written_picture:
        assert written_picture.size == (192, 144)  # four times its size: that of the photo is 48 x 36
    assert entry.heat.method == "occlusion"
    written = json.loads(json.dumps(explain_json(stored, explained, unreadable)))
    assert written["photos"][0]["answer"] == entry.answer
    assert len(written["photos"][0]["neighbours"]) == 10
