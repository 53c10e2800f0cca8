"""Models from elsewhere: opened, given photos, and answering here as they do in Keras."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import h5py
import keras
import numpy as np
import pytest
from foreign_models import CLASSES, classifier, keras_file, layer, sequential
from keras import layers
from PIL import Image

from tlstudio.cli.shell import run
from tlstudio.errors import TLStudioError
from tlstudio.events import CancelToken, Emit
from tlstudio.foreign.keras_model import classifier as classifier_of
from tlstudio.foreign.opening import OpenedModel, open_foreign
from tlstudio.foreign.pixels import PixelEvidence
from tlstudio.foreign.process import Contents, open_model
from tlstudio.foreign.refusal import RefusedModelError
from tlstudio.foreign.teachable_machine import read_weights, rebuild
from tlstudio.modeling.engine import LiteRTEngine
from tlstudio.prediction.predictor import Predictor
from tlstudio.runs import store
from tlstudio.workflows.evaluate import evaluate
from tlstudio.workflows.open_model import found_labels, keep_model
from tlstudio.workflows.scan import read_photos
from tlstudio.workflows.try_pixels import photos_to_try, try_pixels

Save = Callable[[object], Path]


@pytest.fixture
def save(tmp_path: Path) -> Save:
    def write(model: keras.Model) -> Path:
        model.save(tmp_path / "model.keras")
        return tmp_path / "model.keras"

    return write


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    (tmp_path / "scratch").mkdir()
    return tmp_path / "scratch"


@pytest.fixture(scope="module")
def pixels() -> np.ndarray:
    return np.random.default_rng(1).integers(0, 256, (4, 8, 8, 3), dtype=np.uint8)


def engine(folder: Path, name: str) -> LiteRTEngine:
    return LiteRTEngine(folder / f"{name}.tflite")


def network(*first: layers.Layer, shape: tuple[int, ...] = (8, 8, 3), last: layers.Layer | None = None) -> keras.Model:
    body = [*first, layers.Conv2D(4, 3, activation="relu"), layers.GlobalMaxPooling2D()]
    return keras.Sequential([layers.Input(shape), *body, last or layers.Dense(CLASSES, activation="softmax")])


def test_a_model_with_rescaling_says_itself_what_it_wants(save: Save, scratch: Path, pixels: np.ndarray) -> None:
    model = network(layers.RandomFlip(), layers.Rescaling(1 / 127.5, offset=-1))
    model.compile("adam", "sparse_categorical_crossentropy")
    contents = open_model(save(model), scratch)
    assert (contents.height, contents.width, contents.channels, contents.classes) == (8, 8, 3, CLASSES)
    assert contents.evidence.proven == "raw"
    assert [path.name for path in scratch.glob("*.tflite")] == ["raw.tflite"]
    np.testing.assert_allclose(engine(scratch, "raw").run(pixels), model.predict_on_batch(pixels), atol=1e-5)


def test_arithmetic_before_a_nested_network(save: Save, scratch: Path, pixels: np.ndarray) -> None:
    photo = keras.Input((8, 8, 3))
    model = keras.Model(photo, network()(photo / 255.0))
    contents = open_model(save(model), scratch)
    assert contents.evidence.proven == "raw"
    np.testing.assert_allclose(engine(scratch, "raw").run(pixels), model.predict_on_batch(pixels), atol=1e-5)


def test_plain_numbers_become_scores(save: Save, scratch: Path, pixels: np.ndarray) -> None:
    model = network(last=layers.Dense(CLASSES))
    assert open_model(save(model), scratch).output == "logits"
    expected = np.asarray(keras.ops.softmax(model.predict_on_batch(pixels / 255.0)))
    np.testing.assert_allclose(engine(scratch, "unit").run(pixels), expected, atol=1e-5)


def test_one_score_of_a_wide_grey_photo(save: Save, scratch: Path, pixels: np.ndarray) -> None:
    model = network(shape=(4, 8, 1), last=layers.Dense(1, activation="sigmoid"))
    contents = open_model(save(model), scratch)
    assert (contents.height, contents.width, contents.side, contents.channels) == (4, 8, 8, 1)
    assert (contents.classes, contents.output) == (2, "sigmoid")
    grey = (pixels * np.array([0.299, 0.587, 0.114])).sum(-1, keepdims=True).reshape(4, 4, 2, 8, 1).mean(2)
    expected = model.predict_on_batch(grey / 127.5 - 1)[:, 0]
    scores = engine(scratch, "symmetric").run(pixels)
    np.testing.assert_allclose(scores, np.stack([1 - expected, expected], 1), atol=1e-4)


@pytest.mark.parametrize(
    ("model", "why"),
    [
        (lambda: keras.Sequential([layers.Input((7,)), layers.Dense(3, activation="softmax")]), "no photos"),
        (lambda: network(shape=(None, None, 3)), "how large"),
        (lambda: network(shape=(8, 8, 4)), "no photos"),
        (lambda: network(last=layers.Dense(3, activation="sigmoid")), "by itself"),
        (lambda: network(last=layers.Dense(1)), "no score"),
        (lambda: keras.Sequential([layers.Input((8, 8, 3)), layers.Conv2D(3, 3)]), "one score for each class"),
    ],
)
def test_what_is_no_classifier_of_photos(save: Save, scratch: Path, model: Callable[[], keras.Model], why: str) -> None:
    with pytest.raises(RefusedModelError, match=why):
        open_model(save(model()), scratch)


def test_weights_of_another_network(tmp_path: Path, scratch: Path) -> None:
    wider = sequential(layer("GlobalAveragePooling2D", name="p"), layer("Dense", name="dense", units=9))
    with pytest.raises(RefusedModelError, match="put together"):
        open_model(keras_file(tmp_path / "model.keras", wider), scratch)


# Which pixels.


def test_labelled_photos_tell_which_pixels(tmp_path: Path, silent: Emit) -> None:
    """The network names the brighter half by a bias that fits pixels of 0 to 1 alone."""
    model = keras.Sequential([layers.Input((8, 8, 3)), layers.GlobalAveragePooling2D(), layers.Dense(2)])
    model.set_weights([np.array([[0, 9], [0, 9], [0, 9]], np.float32), np.array([13.5, 0], np.float32)])
    model.save(tmp_path / "model.keras")
    (tmp_path / "labels.txt").write_text("0 dark\n1 light\n", encoding="utf-8")
    for name, level in (("dark", 90), ("light", 165)):
        (tmp_path / "photos" / name).mkdir(parents=True)
        for number in range(6):
            colour = (level + number,) * 3
            Image.new("RGB", (20, 20), colour).save(tmp_path / "photos" / name / f"{number}.png")
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    opened = OpenedModel(tmp_path / "model.keras", open_model(tmp_path / "model.keras", scratch), scratch)
    labels = found_labels(opened)
    assert labels.names == ("dark", "light")
    token = CancelToken()
    dataset = read_photos(tmp_path / "photos", emit=silent, token=token)
    found = try_pixels(opened, labels.names, photos_to_try(dataset), emit=silent, token=token)
    assert found.winner == "unit"
    assert (found.trials[0].right, found.trials[0].photos) == (12, 12)
    unnamed = try_pixels(opened, ("class 1", "class 2"), photos_to_try(dataset), emit=silent, token=token)
    assert unnamed.winner == "unit"
    assert unnamed.trials[0].right == 12
    few = try_pixels(opened, labels.names, photos_to_try(dataset, 4), emit=silent, token=token)
    assert few.winner is None  # four photos may be chance
    stored = keep_model(opened, labels.names, "unit", tmp_path / "run")
    report = evaluate(stored, tmp_path / "photos", emit=silent, token=token)
    assert report.accuracy == 1


# The process of its own.


@pytest.mark.usefixtures("home")
def test_the_command_line_from_file_to_answers(tmp_path: Path) -> None:
    """An honest file in the child process, then ``predict`` on the run, which must not need Keras."""
    file = keras_file(tmp_path / "mine.keras", classifier(layer("Rescaling", name="r", scale=1 / 255, offset=0.0)))
    (tmp_path / "mine.txt").write_text("red\ngreen\nblue\n", encoding="utf-8")
    code, _ = run(["open-model", str(file), "--out", str(tmp_path / "run"), "--json", str(tmp_path / "o.json")])
    assert code == 0
    told = json.loads((tmp_path / "o.json").read_bytes())
    assert (told["classes"], told["pixels"], told["pixels_proven"]) == (["red", "green", "blue"], "raw", True)
    (tmp_path / "photos").mkdir()
    for name, colour in (("a", (250, 10, 10)), ("b", (5, 240, 20))):
        Image.new("RGB", (30, 20), colour).save(tmp_path / "photos" / f"{name}.png")
    code, _ = run(["predict", str(tmp_path / "run"), str(tmp_path / "photos"), "--csv", str(tmp_path / "o.csv")])
    assert code == 0
    assert [line.split(",")[1] for line in (tmp_path / "o.csv").read_text("utf-8-sig").splitlines()[1:]] == [
        "red",
        "green",
    ]
    assert sorted(path.name for path in (tmp_path / "run").iterdir()) == ["model.tflite", "run.json"]


def test_a_network_larger_than_the_memory(tmp_path: Path, silent: Emit) -> None:
    """Within the bounds of each layer, but 36 GB in all: the limits of the process stop it."""
    wide = sequential(layer("Flatten", name="f"), layer("Dense", name="dense", units=60_000), shape=(224, 224, 3))
    with pytest.raises(RefusedModelError, match=r"memory|too large"):
        open_foreign(keras_file(tmp_path / "wide.keras", wide), emit=silent, token=CancelToken())


def test_a_model_that_takes_too_long(tmp_path: Path, silent: Emit) -> None:
    with pytest.raises(RefusedModelError, match="too long"):
        open_foreign(keras_file(tmp_path / "m.keras", classifier()), emit=silent, token=CancelToken(), seconds=0)


# Teachable Machine.


def teachable_machine_file(path: Path, hidden: int = 100, classes: int = CLASSES, older: bool = False) -> keras.Model:
    """A file in the layout of Keras 2, as Teachable Machine's converter nests and names it."""
    kind, alpha = (keras.applications.MobileNet, 0.25) if older else (keras.applications.MobileNetV2, 0.35)
    base = kind(alpha=alpha, include_top=False, weights=None, input_shape=(224, 224, 3))
    pooled = layers.GlobalAveragePooling2D()(base.outputs[0])
    one = layers.Dense(hidden, activation="relu", name="dense_Dense1")(pooled)
    two = layers.Dense(classes, activation="softmax", use_bias=False, name="dense_Dense2")(one)
    model = keras.Model(base.inputs[0], two)
    with h5py.File(path, "w") as file:
        file.attrs["keras_version"] = "2.4.0"
        root = file.create_group("model_weights")
        for each in model.layers:
            top = "sequential_3" if each.name.startswith("dense_") else "sequential_1"
            for weight in each.weights:
                name = "depthwise_kernel" if isinstance(each, layers.DepthwiseConv2D) else weight.name
                root[f"{top}/{each.name}/{name}:0"] = np.asarray(weight)
    return model


@pytest.fixture(scope="module")
def teachable(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, keras.Model]:
    file = tmp_path_factory.mktemp("teachable") / "keras_model.h5"
    return file, teachable_machine_file(file)


def test_teachable_machines_network_is_built_anew(teachable: tuple[Path, keras.Model]) -> None:
    file, original = teachable
    built = classifier_of(rebuild(read_weights(file), file), file)
    assert (built.side, built.classes, built.output) == (224, CLASSES, "softmax")
    pixels = np.random.default_rng(2).random((1, 224, 224, 3), dtype=np.float32) * 2 - 1
    expected = original(pixels, training=False)
    np.testing.assert_allclose(built.network(pixels, training=False), expected, atol=1e-6)


@pytest.mark.slow
@pytest.mark.parametrize(("hidden", "older"), [(100, False), (256, True)])
def test_teachable_machines_network_answers_as_it_did(tmp_path: Path, scratch: Path, hidden: int, older: bool) -> None:
    file = tmp_path / "keras_model.h5"
    original = teachable_machine_file(file, hidden, older=older)
    contents = open_model(file, scratch)
    assert (contents.kind, contents.side, contents.classes) == ("Teachable Machine", 224, CLASSES)
    assert contents.evidence.candidates == ("symmetric",)
    photos = np.random.default_rng(2).integers(0, 256, (2, 224, 224, 3), dtype=np.uint8)
    expected = original.predict_on_batch(photos / 127.5 - 1)
    np.testing.assert_allclose(engine(scratch, "symmetric").run(photos), expected, atol=1e-5)


@pytest.mark.parametrize(
    "change",
    [
        "missing",
        pytest.param("extra", marks=pytest.mark.slow),
        pytest.param("other shape", marks=pytest.mark.slow),
        "no head",
        "not its layout",
    ],
)
def test_other_h5_files_are_refused_in_words(teachable: tuple[Path, keras.Model], tmp_path: Path, change: str) -> None:
    file = shutil.copyfile(teachable[0], tmp_path / "keras_model.h5")
    with h5py.File(file, "a") as opened:
        root = opened["model_weights"]
        match change:
            case "missing":
                del root["sequential_1/block_3_expand/kernel:0"]
            case "extra":
                root["sequential_1/more/kernel:0"] = np.zeros((1, 1, 1, 1), np.float32)
            case "other shape":
                del root["sequential_1/Conv1/kernel:0"]
                root["sequential_1/Conv1/kernel:0"] = np.zeros((3, 3, 3, 8), np.float32)
            case "no head":
                del root["sequential_3"]
            case "not its layout":
                opened.move("model_weights", "elsewhere")
    with pytest.raises(RefusedModelError, match="Teachable Machine") as caught:
        rebuild(read_weights(file), file)
    assert caught.value.hint


# The run.


def test_a_run_without_its_engine_is_damaged(tmp_path: Path, scratch: Path, silent: Emit) -> None:
    (scratch / "raw.tflite").write_bytes(b"engine")
    contents = Contents("Keras", 8, 8, 3, 2, "softmax", PixelEvidence("raw"))
    opened = OpenedModel(tmp_path / "m.keras", contents, scratch)
    stored = keep_model(opened, ("a", "b"), "raw", tmp_path / "run")
    assert stored.run.foreign
    (tmp_path / "run" / "model.tflite").write_bytes(b"other")
    with pytest.raises(TLStudioError, match="damaged"):
        Predictor.load(stored, emit=silent, token=CancelToken())
    (tmp_path / "run" / "model.tflite").unlink()
    with pytest.raises(TLStudioError, match=r"model\.tflite"):
        store.load(tmp_path / "run")
