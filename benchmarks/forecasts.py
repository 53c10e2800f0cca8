"""What the forecast says of a training beside what the training took: memory at its peak, and time.

Every case trains in a process of its own, which is what its memory is measured of. Weights that are not at hand are
random ones: they take the same memory and time.

Usage: python benchmarks/forecasts.py FOLDER HOME [--weights DIR] [--only TEXT]
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from tlstudio.datasets.splits.split import SplitConfig
from tlstudio.events import CancelToken, EpochEnded, Event, PhaseStarted, Progress
from tlstudio.modeling.backbones import find_backbone
from tlstudio.modeling.spec import ModelSpec
from tlstudio.training.config import Phase, TrainConfig
from tlstudio.training.duration import reckoned_epoch
from tlstudio.training.forecast import memory_of
from tlstudio.training.paces import PaceStore
from tlstudio.training.recipes import spec_for
from tlstudio.training.workload import workloads

_HEAD: Final = Phase("head", 5, 1e-3, stops=())
_TUNE: Final = Phase("fine_tune", 3, 1e-5, stops=())
_SAMPLE_SECONDS: Final = 0.02


@dataclass(frozen=True, slots=True)
class Case:
    """One training: a network, the size of its photos in pixels, its phases."""

    backbone: str
    size: int
    phases: tuple[Phase, ...]

    @property
    def name(self) -> str:
        """What it is called in the table."""
        learnt = "+".join(f"{phase.name}({phase.unfreeze_from or 'all'})" for phase in self.phases[-1:])
        return f"{self.backbone} {self.size} {learnt} x{self.phases[-1].batch_size}"


def _tune(layer: str, batch: int = 32) -> tuple[Phase, ...]:
    return _HEAD, replace(_TUNE, unfreeze_from=layer, batch_size=batch)


CASES: Final = (
    Case("starter", 96, (_HEAD,)),
    Case("mobilenet_v2_1.0", 160, (_HEAD,)),
    Case("mobilenet_v2_1.0", 160, _tune("block_13_expand")),
    Case("mobilenet_v2_1.0", 160, _tune("block_6_expand")),
    Case("mobilenet_v2_1.0", 96, _tune("")),
    Case("mobilenet_v2_1.0", 96, _tune("", 128)),
    Case("mobilenet_0.25", 160, _tune("")),
    Case("resnet50", 128, _tune("conv5_block1_1_conv")),
    Case("resnet50", 96, _tune("")),
    Case("resnet50", 96, _tune("", 8)),
    Case("efficientnet_b0", 128, _tune("block6a_expand_conv")),
    Case("vgg16", 96, _tune("block5_conv1")),
    Case("vgg16", 96, _tune("", 16)),
    Case("densenet121", 96, _tune("")),
    Case("small_cnn", 128, (replace(_HEAD, name="scratch"),)),
    Case("six_layer_cnn", 224, (replace(_HEAD, name="scratch", epochs=2),)),
    Case("lenet", 224, (replace(_HEAD, name="scratch", epochs=2, batch_size=8),)),
    Case("small_cnn", 224, (replace(_HEAD, name="scratch", epochs=2),)),
)


def run_case(case: Case, folder: Path, weights: str, out: Path) -> dict[str, Any]:
    """Train in this process; peaks in bytes, seconds by stage."""
    from tlstudio.workflows.train import TrainRequest, train

    spec = replace(_spec(case), weights=weights)
    request = TrainRequest(folder, out, spec, TrainConfig(case.phases), SplitConfig())
    watch = _Watch()
    with watch:
        train(request, emit=watch.take, token=CancelToken())
    return watch.found()


def _spec(case: Case) -> ModelSpec:
    return spec_for(case.backbone, input_size=case.size)


class _Watch:
    """Memory of this process, sampled, and the moments of what it does."""

    def __init__(self) -> None:
        self._peaks: dict[str, tuple[int, int]] = {}
        self._stage, self._phase = "start", 0
        self._reading: dict[str, list[float]] = {}
        self._epochs: list[tuple[int, float]] = []
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._sample)
        self._begun = time.monotonic()

    def __enter__(self) -> "_Watch":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _sample(self) -> None:
        while not self._ended.wait(_SAMPLE_SECONDS):
            lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
            found = {
                line.split(":")[0]: int(line.split()[1]) * 1024 for line in lines if line.startswith(("Rss", "VmR"))
            }
            before = self._peaks.get(self._stage, (0, 0))
            self._peaks[self._stage] = max(before[0], found["VmRSS"]), max(before[1], found["RssAnon"])

    def take(self, event: Event) -> None:
        """Note what an event says."""
        match event:
            case Progress(stage="features", note=note, done=done) if done and note != "Read earlier":
                self._stage = f"read{self._phase}"
                self._reading.setdefault(self._stage, [time.monotonic()] * 2)[1] = time.monotonic()
            case Progress(stage=stage):
                self._stage = stage
            case PhaseStarted(index=index):
                self._stage, self._phase = f"phase{index}", index + 1
            case EpochEnded():
                self._epochs.append((event.phase, event.seconds))

    def found(self) -> dict[str, Any]:
        """All of it."""
        return {
            "peaks": self._peaks,
            "reading": {stage: round(end - begin, 2) for stage, (begin, end) in self._reading.items()},
            "epochs": self._epochs,
            "seconds": time.monotonic() - self._begun,
        }


def weights_of(case: Case, home: Path, given: Path | None) -> str:
    """Weights of a case: those that ship, a file at hand, or random ones made for it."""
    entry = find_backbone(case.backbone)
    if entry is None:
        return "none"
    if entry.pretrained == "bundled":
        return "bundled"
    files = sorted(given.glob(f"{case.backbone.replace('mobilenet_0', 'mobilenet_v1_0')}_*notop*")) if given else []
    if files:
        return str(files[0])
    made = home / f"{case.backbone}.weights.h5"
    if not made.is_file():
        code = (
            "import sys; from tlstudio.modeling import backend; backend.start(); "
            "from tlstudio.training.recipes import spec_for; from tlstudio.modeling.network import build_backbone; "
            "build_backbone(spec_for(sys.argv[1])).save_weights(sys.argv[2])"
        )
        subprocess.run([sys.executable, "-c", code, case.backbone, str(made)], check=True)
    return str(made)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("home", type=Path)
    parser.add_argument("--weights", type=Path)
    parser.add_argument("--only", default="")
    parser.add_argument("--child", default="")
    options = parser.parse_args()
    options.home.mkdir(parents=True, exist_ok=True)
    if options.child:
        case = next(case for case in CASES if case.name == options.child)
        out = options.home / f"run-{time.monotonic_ns()}"
        print(json.dumps(run_case(case, options.folder, weights_of(case, options.home, options.weights), out)))
        return
    os.environ["TLSTUDIO_HOME"] = str(options.home)
    print(f"{'':50}{'memory, GB':>27}{'an epoch, s':>27}")
    for case in CASES:
        if options.only in case.name:
            show(case, *compared(case, options))


def compared(case: Case, options: argparse.Namespace) -> tuple[float, float, float, float]:
    """Forecast and measured bytes, forecast and measured seconds of an epoch of the last phase."""
    weights_of(case, options.home, options.weights)
    spec, config = _spec(case), TrainConfig(case.phases)
    photos = sum(1 for path in options.folder.rglob("*") if path.is_file())
    classes = sum(1 for path in options.folder.iterdir() if path.is_dir())
    learnt, checked = round(photos * 0.7), round(photos * 0.15)
    needed = max(need.peak for need in memory_of(spec, config, classes, photos))
    work = workloads(spec, config, classes)[-1]
    expected = reckoned_epoch(work, learnt, checked) * PaceStore().factor(work.phase.name, spec.backbone)
    command = [sys.executable, *sys.argv, "--child", case.name]
    found = json.loads(subprocess.run(command, capture_output=True, check=True, text=True).stdout)
    peak = max(resident for resident, _ in found["peaks"].values())
    epochs = [seconds for phase, seconds in found["epochs"] if phase == len(case.phases) - 1]
    return needed, peak, expected, statistics.median(epochs[1:])


def show(case: Case, *figures: float) -> None:
    """One line of the table."""
    needed, peak, expected, took = figures
    memory = f"{needed / 1e9:9.2f} /{peak / 1e9:6.2f} ={needed / peak:5.2f}"
    print(f"{case.name:50} {memory:>26} {f'{expected:8.2f} /{took:7.2f} ={expected / took:5.2f}':>26}", flush=True)


if __name__ == "__main__":
    main()
