"""Every format on real photos, the messy ones among them, and of the families that are written with care."""

import shutil
import subprocess
import sys
from pathlib import Path

import exportable_runs
import numpy as np
import pytest

from tlstudio.datasets.images import Probe, classify_file, decode
from tlstudio.events import CancelToken, ignore_events
from tlstudio.export.exporters import EXPORTERS, Exporter
from tlstudio.export.runtimes import ask
from tlstudio.modeling import backend, weights
from tlstudio.modeling.spec import HeadSpec, ModelSpec
from tlstudio.prediction.predictor import Predictor
from tlstudio.runs.store import StoredRun
from tlstudio.workflows.export import export

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),
]

_PHOTOS_A_CLASS = 30
_ODD_PHOTOS = ("exif_Portrait_8.jpg", "grey-8bit-alpha.png", "pil_sample_cmyk.jpg", "p_trns_single.png")
_RUN_EXAMPLE = """
import runpy, sys
example, *photos = sys.argv[1:]
for photo in photos:
    sys.argv = [example, photo]
    runpy.run_path(example, run_name="__main__")
"""


@pytest.fixture(scope="module")
def photos(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Some photos of each kind of flower, and every messy file that is a photo."""
    root = tmp_path_factory.mktemp("photos")
    for folder in sorted(path for path in (shared / "data" / "flowers5").iterdir() if path.is_dir()):
        (root / folder.name).mkdir()
        for photo in sorted(folder.glob("*.jpg"))[:_PHOTOS_A_CLASS]:
            shutil.copy(photo, root / folder.name)
    (root / "messy").mkdir()
    for file in sorted((shared / "data" / "messy").iterdir()):
        if isinstance(classify_file(file), Probe):
            shutil.copy(file, root / "messy")
    return root


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def stored(photos: Path, shared: Path, home: Path) -> StoredRun:
    """A MobileNet with ImageNet weights whose last layer was drawn at random."""
    backend.start()
    file = str(shared / "weights" / "mobilenet_v1_0.25_224_notop.weights.h5")
    spec = ModelSpec("mobilenet_0.25", file, 128, head=HeadSpec.plain(dropout=0.0))
    messy = sorted((photos / "messy").iterdir())
    others = [path for path in messy if path.suffix != ".jpg"]  # the rest is found by itself
    return exportable_runs.make_exportable(home / "runs" / "Flowers", photos, spec, others, sureness=3)


@pytest.mark.parametrize("exporter", EXPORTERS, ids=lambda exporter: exporter.name)
def test_a_format_says_the_same_of_messy_photos(
    exporter: Exporter, stored: StoredRun, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TLSTUDIO_HOME", str(home))
    if exporter.missing:
        pytest.skip(f"needs {', '.join(exporter.missing)}")
    made = export(stored, exporter.name, tmp_path / "model", emit=ignore_events, token=CancelToken())
    assert made.agreement.photos == len(stored.run.samples) <= 200
    assert sum(sample.path.startswith("messy/") for sample in stored.run.samples) >= 18
    if exporter.tolerance is not None:
        assert made.agreement.same + made.agreement.undecided == made.agreement.photos
    predictor = Predictor.load(stored, emit=ignore_events, token=CancelToken())
    root = Path(stored.run.root)
    photos = [root / "messy" / name for name in _ODD_PHOTOS]
    command = [sys.executable, "-c", _RUN_EXAMPLE, str(made.example), *map(str, photos)]
    lines = subprocess.run(command, capture_output=True, text=True, check=True, timeout=600).stdout.splitlines()
    expected = predictor.compute(np.stack([decode(photo, stored.run.spec.input_size) for photo in photos]))
    for photo, line, scores in zip(photos, lines, expected, strict=True):
        label, score = line.split()
        assert float(score) == pytest.approx(scores.max(), abs=exporter.tolerance or 0.3), photo.name
        assert exporter.tolerance is None or label == stored.run.classes[scores.argmax()], photo.name


@pytest.mark.parametrize(
    ("backbone", "size"),
    [("mobilenet_v3_small", 64), ("convnext_tiny", 64), ("inception_resnet_v2", 80), ("densenet121", 64)],
)
@pytest.mark.parametrize("name", ["h5", "onnx"])
def test_families_with_layers_of_their_own_are_written_of_layers_of_keras(
    backbone: str, size: int, name: str, tmp_path: Path
) -> None:
    if name == "onnx":
        pytest.importorskip("tf2onnx")
        pytest.importorskip("onnxruntime")
    backend.start()
    from tlstudio.export.plain_network import plain_network
    from tlstudio.export.writers import WRITERS, Material
    from tlstudio.modeling.network import build_network, build_part, save_weights
    from tlstudio.modeling.part import PHOTO, SCORES, Part, TrainedTail

    spec = ModelSpec(backbone, "none", size, head=HeadSpec.plain(dropout=0.0))
    save_weights(build_network(spec, 3), tmp_path / "tail.weights.h5")
    file = str(tmp_path / "tail.weights.h5")
    part = Part(spec, PHOTO, SCORES, "", "", TrainedTail(PHOTO, file, weights.digest(file), 3))
    photos = np.random.default_rng(0).integers(0, 256, (4, size, size, 3), dtype=np.uint8)
    expected = np.asarray(build_part(part)(photos, training=False))
    exporter = next(each for each in EXPORTERS if each.name == name)
    target = tmp_path / f"model{exporter.ending}"
    WRITERS[name](Material(plain_network(part, 1.0), {}, photos), target)
    assert np.abs(ask(exporter.runtime, target, photos) - expected).max() < 1e-5
