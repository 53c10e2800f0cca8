"""Many photos in a folder: the first and the second classification, their memory, and one that is killed at random.

Usage: python benchmarks/directory.py DATA WEIGHTS [--photos 20000] [--kills 10] [--backbone mobilenet_v2_1.0]

DATA holds folders of photos, among them flowers5, which a run is trained on first. WEIGHTS are those of the backbone.
"""

import argparse
import io
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
from PIL import Image

from tlstudio.datasets.images import decode_many
from tlstudio.events import Batch, CancelToken, Event, ignore_events
from tlstudio.modeling.engine import BATCH
from tlstudio.prediction.answer_store import AnswerStore
from tlstudio.prediction.batch import PredictOptions, find_files
from tlstudio.prediction.predictor import Predictor
from tlstudio.runs import store
from tlstudio.workflows.predict import predict

_FEW = 1000
_TRIED = 640
_FOLDER_SIZE = 500


def make_photos(data: Path, folder: Path, number: int) -> None:
    """Copies and crops of all photos below ``data``, by turns; no two have the same bytes."""
    sources = sorted(path for path in data.rglob("*.jpg") if "messy" not in path.parts)
    for index in range(number):
        source = sources[index % len(sources)]
        target = folder / f"part_{index // _FOLDER_SIZE:03}" / f"{index:06}.jpg"
        target.parent.mkdir(parents=True, exist_ok=True)
        content = source.read_bytes() if index % 2 else crop(source, index)
        target.write_bytes(content + index.to_bytes(4, "big"))  # what follows the end of a picture is not looked at


def crop(source: Path, seed: int) -> bytes:
    chance = random.Random(seed)  # noqa: S311
    with Image.open(source) as opened:
        photo = opened.convert("RGB")
    left, top = (chance.uniform(0, 0.3) for _ in range(2))
    width, height = photo.size
    box = (int(left * width), int(top * height), int((left + 0.7) * width), int((top + 0.7) * height))
    content = io.BytesIO()
    photo.crop(box).save(content, "JPEG", quality=88)
    return content.getvalue()


def peak_memory() -> float:
    """Of this process so far, in MB."""
    text = Path("/proc/self/status").read_text(encoding="ascii")
    return int(text.partition("VmHWM:")[2].split()[0]) / 1024


def classify(run: Path, photos: Path, answers: Path, table: Path) -> None:
    """What a child process does: one classification; says in JSON how it went."""
    told, few = 0, 0.0

    def count(event: Event) -> None:
        nonlocal told, few
        if isinstance(event, Batch):
            told += len(event.items)
            few = few or (peak_memory() if told >= _FEW else 0.0)

    begun = time.monotonic()
    summary = predict(
        store.load(run),
        [photos],
        PredictOptions(),
        table,
        answers=AnswerStore(answers),
        emit=count,
        token=CancelToken(),
    )
    seconds = time.monotonic() - begun
    size = (answers / "answers.sqlite").stat().st_size / 1e6
    figures = {"seconds": seconds, "found": summary.found, "known": summary.known, "few": few, "size": size}
    figures["rate"] = summary.photos_per_second
    print(json.dumps(figures | {"memory": peak_memory()}))


@dataclass(frozen=True, slots=True)
class Classification:
    """One that is repeated in processes of its own."""

    run: Path
    photos: Path
    answers: Path
    table: Path

    def command(self) -> list[str]:
        """What starts its process."""
        return [sys.executable, __file__, "--child", *map(str, (self.run, self.photos, self.answers, self.table))]

    def whole(self, name: str) -> dict[str, float]:
        """Let it end, and print what it says of itself."""
        begun = time.monotonic()
        output = subprocess.run(self.command(), check=True, capture_output=True).stdout
        figures: dict[str, float] = json.loads(output)
        print(
            f"{name:<28} {figures['seconds']:8.1f} s ({time.monotonic() - begun:.1f} s with its process), "
            f"{figures['known']:,.0f} of {figures['found']:,.0f} known before; {figures['size']:.1f} MB of answers; "
            f"peak memory {figures['few']:.0f} MB at {_FEW:,} photos, {figures['memory']:.0f} MB at the end"
        )
        return figures

    def killed(self, times: int, seconds: float) -> None:
        """Kill it so many times, after about ``seconds`` of work in all."""
        chance = random.Random(times)  # noqa: S311
        for _ in range(times):
            with subprocess.Popen(self.command(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as child:
                time.sleep(chance.uniform(0, 2 * seconds / (times + 1)))
                child.kill()


def limits(run: Path, photos: Path) -> tuple[float, float]:
    """Photos a second that decoding alone and the engine alone are good for."""
    stored, token = store.load(run), CancelToken()
    paths = list(islice(find_files([photos]), _TRIED))
    begun = time.monotonic()
    pictures = list(decode_many(paths, stored.run.spec.input_size, token=token))
    decoding = len(paths) / (time.monotonic() - begun)
    predictor = Predictor.load(stored, paths[:8], emit=ignore_events, token=token)
    group = np.stack([picture for picture in pictures[:BATCH] if isinstance(picture, np.ndarray)])
    predictor.judge(group)
    begun = time.monotonic()
    for _ in range(len(paths) // BATCH):
        predictor.judge(group)
    return decoding, len(paths) / (time.monotonic() - begun)


def train(options: argparse.Namespace, run: Path) -> None:
    words = ["--backbone", options.backbone, "--weights", str(options.weights)]
    flowers = str(options.data / "flowers5")
    command = [sys.executable, "-m", "tlstudio", "train", flowers, "--out", str(run), *words]
    subprocess.run(command, check=True, capture_output=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("weights", type=Path)
    parser.add_argument("--photos", type=int, default=20_000)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--backbone", default="mobilenet_v2_1.0")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ["TLSTUDIO_HOME"] = str(folder / "home")
        train(options, folder / "run")
        make_photos(options.data, folder / "photos", options.photos)
        undisturbed = Classification(folder / "run", folder / "photos", folder / "first", folder / "first.csv")
        first = undisturbed.whole("first")
        second = undisturbed.whole("second, nothing changed")
        print(f"{'':<28} 1/{first['seconds'] / second['seconds']:.0f} of the first")
        again = Classification(folder / "run", folder / "photos", folder / "killed", folder / "killed.csv")
        again.killed(options.kills, first["seconds"])
        again.whole(f"after {options.kills} kills")
        same = (folder / "first.csv").read_bytes() == (folder / "killed.csv").read_bytes()
        print(f"{'':<28} its table is {'the same, byte for byte' if same else 'ANOTHER'}")
        decoding, computing = limits(folder / "run", folder / "photos")
    rate = first["rate"]
    limit = 1 / (1 / decoding + 1 / computing)  # on the same cores the two share the time
    print(f"decoding alone {decoding:.0f}, engine alone {computing:.0f}, both in turn {limit:.0f} photos/s")
    print(f"classified {rate:.0f} photos/s = {rate / limit:.2f} of both in turn")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        classify(*map(Path, sys.argv[2:]))
    else:
        main()
