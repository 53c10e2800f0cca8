"""Tiny networks with real weights, and engines that are made once for all tests instead of in a process for each."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tlstudio.datasets.splits.split import SplitConfig
from tlstudio.events import CancelToken, Emit, ignore_events
from tlstudio.modeling import backend, weights
from tlstudio.modeling.engine import EngineStore
from tlstudio.modeling.part import PHOTO, POOLING, Part
from tlstudio.modeling.spec import HeadSpec, ModelSpec
from tlstudio.training.config import Phase, TrainConfig
from tlstudio.workflows.train import Trained, TrainRequest, train

SIZE = 64
CUT = "conv_pad_12"
HEAD = Phase("head", epochs=15, learning_rate=0.01, batch_size=8)

TrainTiny = Callable[..., Trained]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keras 3.15 saves weights through an ``np.array`` call that NumPy 2 warns of with TensorFlow's tensors."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"))


@pytest.fixture(scope="session", autouse=True)
def keras_started() -> None:
    backend.start()


@pytest.fixture
def eagerly() -> Iterator[None]:
    """Without tracing, which takes seconds for each network: for those that take a few steps only."""
    import tensorflow as tf

    tf.config.run_functions_eagerly(True)
    yield
    tf.config.run_functions_eagerly(False)


@pytest.fixture(scope="session")
def weights_file(shared: Path) -> Path:
    """ImageNet weights of MobileNet 0.25 without its classifier."""
    return shared / "weights" / "mobilenet_v1_0.25_224_notop.weights.h5"


@pytest.fixture(scope="session")
def spec(weights_file: Path) -> ModelSpec:
    """MobileNet 0.25 at 64 px with its ImageNet weights and a plain head."""
    return ModelSpec("mobilenet_0.25", str(weights_file), SIZE, head=HeadSpec.plain(dropout=0.0))


@pytest.fixture(scope="session")
def ready_engines(spec: ModelSpec, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the engines of ``spec`` up to the pooling and up to ``CUT``."""
    from tlstudio.modeling.convert import convert
    from tlstudio.modeling.network import build_part

    folder = tmp_path_factory.mktemp("engines")
    for stop in (POOLING, CUT):
        part = Part(spec, PHOTO, stop, spec.weights, weights.digest(spec.weights))
        EngineStore(folder).put(part, convert(build_part(part)))
    return folder


@pytest.fixture
def warm_home(home: Path, ready_engines: Path) -> Path:
    """A home of this test's own in which the engines of ``spec`` are made already."""
    shutil.copytree(ready_engines, home / "cache" / "engines")
    return home


@pytest.fixture
def train_tiny(warm_home: Path, spec: ModelSpec) -> TrainTiny:
    """``train_tiny(photos, *phases, out="run", split=..., emit=..., token=..., seed=0, **changes_of_the_spec)``."""

    def run(
        photos: Path,
        *phases: Phase,
        out: str = "run",
        split: SplitConfig | None = None,
        emit: Emit = ignore_events,
        token: CancelToken | None = None,
        seed: int = 0,
        **changes: object,
    ) -> Trained:
        request = TrainRequest(
            source=photos,
            out=warm_home / out,
            spec=replace(spec, **changes),  # type: ignore[arg-type]
            config=TrainConfig(phases or (HEAD,), seed=seed),
            split=split or SplitConfig(seed=seed),
        )
        return train(request, emit=emit, token=token or CancelToken())

    return run
