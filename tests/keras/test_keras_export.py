"""Every format, written of a tiny network and opened again, says what the program says."""

import importlib
import json
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import exportable_runs
import numpy as np
import pytest
from PIL import Image

from tlstudio.datasets.images import decode
from tlstudio.errors import Cancelled, TLStudioError
from tlstudio.evaluation.calibration import calibrated
from tlstudio.events import CancelToken, Event, Progress, ignore_events
from tlstudio.export import runtimes, writers, writing
from tlstudio.export.exporters import EXPORTERS, find_exporter
from tlstudio.modeling.spec import FOREIGN, HeadSpec, ModelSpec
from tlstudio.prediction.predictor import Predictor
from tlstudio.runs.store import StoredRun
from tlstudio.serialization import to_json
from tlstudio.workflows import export as export_module
from tlstudio.workflows.explain import whole_part
from tlstudio.workflows.export import Exported, export

ClassFolders = Callable[..., Path]

SPEC = ModelSpec("small_cnn", "none", 32, head=HeadSpec.plain(dropout=0.0))

# Asks every model of a list, and runs the example beside it: one start of TensorFlow for all of them.
ASK = """
import contextlib, io, json, runpy, sys
from pathlib import Path
import numpy as np
from tlstudio.export.runtimes import ask
folder, photo = Path(sys.argv[1]), sys.argv[2]
said = {}
for runtime, model, example in json.loads(sys.argv[3]):
    scores = ask(runtime, Path(model), np.load(folder / "photos.npy"))
    sys.argv = [example, photo]
    with contextlib.redirect_stdout(io.StringIO()) as out:
        runpy.run_path(example, run_name="__main__")
    said[example] = [scores.tolist(), out.getvalue().strip()]
(folder / "said.json").write_text(json.dumps(said), encoding="utf-8")
"""


@pytest.fixture(scope="module")
def lasting_run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, StoredRun]:
    """A home, and in it a run whose engine is made."""
    home = tmp_path_factory.mktemp("lasting")
    exportable_runs.draw_photos(home / "photos", ("daisy", "rose", "tulip"), 6)
    stored = exportable_runs.make_exportable(home / "runs" / "Flowers", home / "photos", SPEC)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TLSTUDIO_HOME", str(home))
        exportable_runs.make_engine(stored)
    return home, stored


@pytest.fixture
def stored(lasting_run: tuple[Path, StoredRun], monkeypatch: pytest.MonkeyPatch) -> StoredRun:
    home, stored = lasting_run
    monkeypatch.setenv("TLSTUDIO_HOME", str(home))
    return stored


@pytest.fixture
def in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """What has a process of its own runs here, where TensorFlow is started already."""

    def run(module: str, request: Path, **_: object) -> None:
        importlib.import_module(module).main(str(request))

    monkeypatch.setattr(export_module, "run_child", run)


def save(stored: StoredRun, name: str, out: Path) -> Exported:
    return export(stored, name, out, emit=ignore_events, token=CancelToken())


def scores_of(stored: StoredRun, photos: list[Path]) -> np.ndarray:
    predictor = Predictor.load(stored, emit=ignore_events, token=CancelToken())
    return predictor.compute(np.stack([decode(photo, SPEC.input_size) for photo in photos]))


def turned_photo(folder: Path) -> Path:
    """A JPEG that lies on its side and says so, large enough that it is not decoded in full."""
    exif = Image.Exif()
    exif[0x0112] = 6
    rng = np.random.default_rng(3)
    pixels = rng.integers(0, 256, (30, 40, 3), dtype=np.uint8).repeat(8, axis=0).repeat(8, axis=1)
    Image.fromarray(pixels).save(folder / "turned.jpg", exif=exif)
    return folder / "turned.jpg"


@pytest.mark.usefixtures("in_this_process")
def test_every_format_says_the_same_in_a_fresh_process_and_so_does_its_example(
    stored: StoredRun, tmp_path: Path
) -> None:
    written = [exporter for exporter in EXPORTERS if not exporter.missing]  # ONNX takes packages of its own
    exported = [save(stored, exporter.name, tmp_path / exporter.name) for exporter in written]
    root = Path(stored.run.root)
    photos = [root / sample.path for sample in stored.run.samples]
    expected, turned = scores_of(stored, photos), turned_photo(tmp_path)
    np.save(tmp_path / "photos.npy", np.stack([decode(photo, SPEC.input_size) for photo in photos]))
    models = json.dumps([(one.exporter.runtime, str(one.path), str(one.example)) for one in exported])
    subprocess.run([sys.executable, "-c", ASK, str(tmp_path), str(turned), models], check=True, timeout=300)
    said = json.loads((tmp_path / "said.json").read_text(encoding="utf-8"))
    (answer,) = scores_of(stored, [turned])
    for one in exported:
        scores, example = said[str(one.example)]
        tolerance = one.exporter.tolerance or 0.2
        assert np.abs(np.array(scores) - expected).max() <= tolerance, one.exporter.name
        label, score = example.split()
        assert label == stored.run.classes[answer.argmax()], one.exporter.name
        assert float(score) == pytest.approx(answer.max(), abs=tolerance), one.exporter.name
        assert one.agreement.photos == len(photos)
        assert one.size > 1000
    sizes = {one.exporter.name: one.size for one in exported}
    assert sizes["tflite-int8"] < 0.4 * sizes["tflite"] < sizes["tflite-float16"] < 0.7 * sizes["tflite"]
    with zipfile.ZipFile(tmp_path / "tflite" / "model.tflite") as inside:
        assert inside.read("labels.txt") == b"daisy\nrose\ntulip\n"
    if "onnx" in sizes:
        assert b"daisy\nrose\ntulip\n" in (tmp_path / "onnx" / "model.onnx").read_bytes()


@pytest.mark.parametrize(
    "changes",
    [
        {"preprocessing": "caffe", "head": HeadSpec(layers=(), output="sigmoid")},
        {"backbone": "mnist_cnn", "input_size": 28, "head": HeadSpec.plain(dropout=0.0)},
        {"preprocessing": "unit", "head": HeadSpec.plain(units=(4,))},
        {"backbone": "mobilenet_0.25"},
    ],
    ids=["caffe, sigmoid", "grey", "unit, hidden layer", "backbone"],
)
def test_layers_of_keras_alone_compute_the_same(
    changes: dict[str, object], home: Path, class_folders: ClassFolders
) -> None:
    from tlstudio.export.plain_network import plain_network
    from tlstudio.modeling.network import build_part

    spec = replace(SPEC, **changes)  # type: ignore[arg-type]
    stored = exportable_runs.make_exportable(home / "run", class_folders({"a": 3, "b": 3}), spec)
    size = spec.input_size
    photos = np.random.default_rng(1).integers(0, 256, (4, size, size, 3), dtype=np.uint8)
    part = whole_part(stored)
    expected = calibrated(np.asarray(build_part(part)(photos, training=False)), exportable_runs.TEMPERATURE)
    network = plain_network(part, exportable_runs.TEMPERATURE)
    assert np.abs(np.asarray(network(photos, training=False)) - expected).max() < 1e-5
    assert {type(operation).__module__.rsplit(".", 1)[0] for operation in network.operations} <= {
        f"keras.src.layers.{kind}"
        for kind in ("core", "convolutional", "pooling", "normalization", "preprocessing.image_preprocessing",
                     "activations", "reshaping", "regularization", "merging", "preprocessing")
    }  # fmt: skip


def test_a_block_of_convnext_is_written_in_words_that_onnx_has(tmp_path: Path) -> None:
    pytest.importorskip("tf2onnx")
    pytest.importorskip("onnxruntime")
    import keras

    from tlstudio.export.stock_layers import replay
    from tlstudio.modeling.graph import topological_order

    photo = keras.Input((8, 8, 3), dtype="uint8", name="photo")
    pixels = keras.layers.Rescaling(1 / 255)(photo)
    x = keras.layers.Conv2D(4, 1)(pixels)
    x = keras.layers.Conv2D(4, 3, padding="same", groups=4, bias_initializer="random_normal")(x)
    x = keras.layers.Activation("gelu")(x)
    scores = keras.layers.Dense(3, activation="softmax")(keras.layers.GlobalAveragePooling2D()(x))
    model = keras.Model(photo, scores)
    tensors = {id(photo): photo}
    replay(topological_order(model)[1:], tensors)
    plain = keras.Model(photo, tensors[id(scores)])
    photos = np.random.default_rng(0).integers(0, 256, (5, 8, 8, 3), dtype=np.uint8)
    writers.write_onnx(writers.Material(plain, {}, photos), tmp_path / "model.onnx")
    found = runtimes.ask("onnxruntime", tmp_path / "model.onnx", photos)
    assert np.abs(found - np.asarray(model(photos, training=False))).max() < 1e-6


def test_a_real_export_tells_how_far_it_is(stored: StoredRun, tmp_path: Path) -> None:
    events: list[Event] = []
    made = export(stored, "tflite", tmp_path / "flowers.tflite", emit=events.append, token=CancelToken())
    assert made.agreement.sentence.startswith("All 18 photos get the same answer")
    assert (tmp_path / "flowers.labels.txt").read_text(encoding="utf-8") == "daisy\nrose\ntulip\n"
    assert json.loads((tmp_path / "flowers.json").read_bytes())["compared"]["same_answer"] == 18
    notes = [event.note for event in events if isinstance(event, Progress)]
    assert list(dict.fromkeys(notes)) == [
        "Reading photos to compare with", "Writing TensorFlow Lite", "Opening it again and comparing",
    ]  # fmt: skip


@pytest.mark.usefixtures("in_this_process")
def test_a_file_that_says_something_else_is_not_kept(
    stored: StoredRun, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write_another(material: writers.Material, path: Path) -> None:
        kernel, bias = material.model.layers[-1].get_weights()
        material.model.layers[-1].set_weights([np.roll(kernel, 1, axis=1), bias])
        writers.write_keras(material, path)

    monkeypatch.setitem(writers.WRITERS, "keras", write_another)
    with pytest.raises(TLStudioError, match=r"does not say the same as the program, so it is not kept. \d+ of 18 "):
        save(stored, "keras", tmp_path / "out" / "flowers")
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.usefixtures("in_this_process")
def test_a_file_that_can_not_be_opened_is_not_kept(
    stored: StoredRun, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(writers.WRITERS, "tflite", lambda _material, path: path.write_bytes(b"nothing"))
    with pytest.raises(TLStudioError, match="can't be opened again, so it is not kept"):
        save(stored, "tflite", tmp_path / "out" / "flowers")
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.usefixtures("in_this_process")
def test_a_converter_that_gives_up_is_told(stored: StoredRun, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def give_up(_material: writers.Material, _path: Path) -> None:
        raise RuntimeError("no such operation\nand much more")

    monkeypatch.setitem(writers.WRITERS, "tflite", give_up)
    with pytest.raises(
        TLStudioError, match=r"can't be written in this format. RuntimeError: no such operation Choose"
    ) as told:
        save(stored, "tflite", tmp_path / "flowers")
    assert told.value.hint == "Choose another format."
    assert not (tmp_path / "flowers").exists()


@pytest.mark.parametrize("ends_early", [False, True])
def test_a_full_disk_is_told_whatever_the_writer_makes_of_it(
    stored: StoredRun, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ends_early: bool
) -> None:
    def write(_module: str, request: Path, **_: object) -> None:
        if not ends_early:
            request.with_name(writing.ANSWER).write_bytes(to_json(writing.Answer("UnknownError", "Another format.")))

    monkeypatch.setattr(export_module, "run_child", write)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: SimpleNamespace(free=4096))
    with pytest.raises(TLStudioError) as told:
        save(stored, "h5", tmp_path / "out" / "flowers.h5")
    assert told.value.message == f"The disk of {tmp_path / 'out'} is full."
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.usefixtures("in_this_process")
def test_without_its_photos_a_model_is_compared_on_made_up_pictures(stored: StoredRun, tmp_path: Path) -> None:
    lost = StoredRun(stored.folder, replace(stored.run, root=str(tmp_path / "gone")))
    made = save(lost, "keras", tmp_path / "flowers")
    assert made.agreement.made_up
    assert made.agreement.photos == 16
    with pytest.raises(TLStudioError, match="takes photos that the model has learnt from"):
        save(lost, "tflite-int8", tmp_path / "small")


def test_what_can_not_be_exported_is_refused_before_anything_is_done(stored: StoredRun, tmp_path: Path) -> None:
    foreign = StoredRun(stored.folder, replace(stored.run, spec=replace(SPEC, backbone=FOREIGN)))
    with pytest.raises(TLStudioError, match="opened from a file of another program"):
        save(foreign, "keras", tmp_path / "flowers")
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "file").write_bytes(b"")
    with pytest.raises(TLStudioError, match="is there already"):
        save(stored, "keras", tmp_path / "taken")
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        export(stored, "keras", tmp_path / "flowers", emit=ignore_events, token=token)
    assert sorted(path.name for path in tmp_path.iterdir() if "flowers" in path.name) == []


def test_a_runtime_that_fails_says_why(tmp_path: Path) -> None:
    (tmp_path / "model.tflite").write_bytes(b"nothing")
    np.save(tmp_path / "photos.npy", np.zeros((1, 8, 8, 3), np.uint8))
    names = (str(tmp_path / name) for name in ("model.tflite", "photos.npy", "scores.npy"))
    (tmp_path / "request.json").write_bytes(to_json(runtimes.Question(find_exporter("tflite").runtime, *names)))
    runtimes.main(str(tmp_path / "request.json"))
    assert not (tmp_path / "scores.npy").exists()
    assert (tmp_path / runtimes.ERROR).read_text(encoding="utf-8")
