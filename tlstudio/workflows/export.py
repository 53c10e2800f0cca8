"""Use case: write the model of a run for other programs, and prove that it says the same there."""

import shutil
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tlstudio.datasets.images import UnreadableImageError, decode_many
from tlstudio.errors import TLStudioError
from tlstudio.events import CancelToken, Emit, Progress
from tlstudio.export import runtimes, writing
from tlstudio.export.agreement import Agreement, agreement
from tlstudio.export.companions import Card, example_text, facts_text, labels_text
from tlstudio.export.exporters import Exporter, find_exporter
from tlstudio.export.place import Place, place_of
from tlstudio.modeling.child import run_child
from tlstudio.prediction.predictor import Predictor
from tlstudio.runs.store import StoredRun
from tlstudio.serialization import from_json, to_json
from tlstudio.workflows.explain import whole_part

MOST_PHOTOS: Final = 200
"""How many photos of the run are compared, and how many ranges of numbers are learnt from."""

_LEAST_ROOM: Final = 1 << 20  # bytes: what cut-off files leave of a full disk
_CHECK_PHOTOS: Final = 8
_MADE_UP: Final = 16
_BATCH: Final = 16


@dataclass(frozen=True, slots=True)
class Exported:
    """A model that was written and says the same as the program.

    Attributes:
        exporter: Its format.
        path: Its file, or its folder.
        example: How to use it.
        files: Everything that was written, the model among it.
        size: Bytes of the model.
        agreement: What the comparison has shown.
        seconds: Wall time.
    """

    exporter: Exporter
    path: Path
    example: Path
    files: tuple[Path, ...]
    size: int
    agreement: Agreement
    seconds: float


def export(stored: StoredRun, name: str, out: Path, *, emit: Emit, token: CancelToken) -> Exported:
    """Write the model of a run, open it in a fresh process with its own runtime, and compare.

    Args:
        stored: The run.
        name: Of the format, as in ``EXPORTERS``.
        out: A folder to make, or a file that ends like one of the format; then what belongs to it goes beside it.
        emit: Told how far it is.
        token: Stops it; nothing is left behind then.

    Raises:
        TLStudioError: If the format is unknown or needs a package, the place is taken or can't be written to, the
            network can't be built or written, or what was written doesn't say the same.
        Cancelled: If a stop was asked for.
    """
    started = time.monotonic()
    exporter = find_exporter(name)
    require_exportable(stored, exporter)
    place = place_of(out, exporter)
    place.require_free()
    with tempfile.TemporaryDirectory(prefix="tlstudio-export-") as desk, place.filled() as scratch:
        agreed = _Export(stored, exporter, place, Path(desk), scratch, emit, token).run()
        model = scratch / place.model
        size = sum(path.stat().st_size for path in (model.rglob("*") if model.is_dir() else [model]) if path.is_file())
    path, example = place.folder / place.model, place.folder / place.example
    return Exported(exporter, path, example, place.files, size, agreed, round(time.monotonic() - started, 3))


def require_exportable(stored: StoredRun, exporter: Exporter) -> None:
    """Refuse a run or a format that can't be written here, before anything is read.

    Raises:
        TLStudioError: If the model came from another program, or the format needs a package.
    """
    exporter.require_packages()
    if stored.run.foreign:
        raise TLStudioError(
            "This model was opened from a file of another program: there is nothing to write but that file.",
            "Use the file itself.",
        )


def export_json(exported: Exported) -> dict[str, Any]:
    """What ``export --json`` writes."""
    agreed = exported.agreement
    return {
        "format": exported.exporter.name,
        "path": str(exported.path),
        "files": [str(path) for path in exported.files],
        "bytes": exported.size,
        "compared": {
            "photos": agreed.photos,
            "same": agreed.same,
            "undecided": agreed.undecided,
            "largest_difference": agreed.largest_difference,
            "made_up": agreed.made_up,
        },
        "seconds": exported.seconds,
    }


@dataclass(frozen=True, slots=True)
class _Export:
    """One export under way.

    Attributes:
        stored: The run.
        exporter: The format.
        place: Where it will lie.
        desk: Folder for what the processes tell each other.
        scratch: Folder that becomes the place.
        emit: Told how far it is.
        token: Stops it.
    """

    stored: StoredRun
    exporter: Exporter
    place: Place
    desk: Path
    scratch: Path
    emit: Emit
    token: CancelToken

    def run(self) -> Agreement:
        """Write, ask, compare, and lay the companions beside the model."""
        samples = self.stored.run.samples
        pictures = self._decoded([sample.path for sample in samples], "Reading photos to compare with")
        made_up = not len(pictures)
        if made_up:
            pictures = self._made_up()
        ranges = self._ranges() if self.exporter.learns_ranges else None
        expected = self._expected(pictures)
        self._write(ranges)
        agreed = agreement(expected, self._answers(pictures), self.exporter, made_up=made_up)
        if not agreed.holds(self.exporter):
            raise TLStudioError(
                f"The file does not say the same as the program, so it is not kept. {agreed.sentence}",
                "Choose another format.",
            )
        self._lay_beside(agreed)
        return agreed

    @property
    def _card(self) -> Card:
        run = self.stored.run
        return Card(run.name, run.created, run.classes, run.spec.input_size, run.temperature)

    def _decoded(self, names: Sequence[str], note: str) -> NDArray[np.uint8]:
        """Some photos of the run, spread over all of these, shape (n, S, S, 3); those that can be read."""
        step = max(len(names) / MOST_PHOTOS, 1.0)
        chosen = [names[int(place * step)] for place in range(min(len(names), MOST_PHOTOS))]
        root, size = Path(self.stored.run.root), self.stored.run.spec.input_size
        pictures = []
        for done, picture in enumerate(decode_many([root / name for name in chosen], size, token=self.token), start=1):
            self.emit(Progress("export", done, len(chosen), note))
            if not isinstance(picture, UnreadableImageError):
                pictures.append(picture)
        return np.stack(pictures) if pictures else np.empty((0, size, size, 3), np.uint8)

    def _made_up(self) -> NDArray[np.uint8]:
        size = self.stored.run.spec.input_size
        return np.random.default_rng(0).integers(0, 256, (_MADE_UP, size, size, 3), dtype=np.uint8)

    def _ranges(self) -> NDArray[np.uint8]:
        run = self.stored.run
        names = [run.samples[number].path for number in run.split.train]
        pictures = self._decoded(names, "Reading photos that it has learnt from")
        if not len(pictures):
            raise TLStudioError(
                f"{self.exporter.title} takes photos that the model has learnt from, and none is in {run.root}.",
                "Bring the photos back there, or choose another format.",
            )
        return pictures

    def _expected(self, pictures: NDArray[np.uint8]) -> NDArray[np.float32]:
        """What the program itself says."""
        root, samples = Path(self.stored.run.root), self.stored.run.samples[:_CHECK_PHOTOS]
        photos = [root / sample.path for sample in samples]
        predictor = Predictor.load(self.stored, photos, emit=self.emit, token=self.token)
        rows = []
        for start in range(0, len(pictures), _BATCH):
            self.token.check()
            rows.append(predictor.compute(pictures[start : start + _BATCH]))
        return np.concatenate(rows)

    def _write(self, ranges: NDArray[np.uint8] | None) -> None:
        photos = "" if ranges is None else self._saved("ranges.npy", ranges)
        card, place = self._card, self.place
        companions = {place.labels: labels_text(card.classes), place.facts: facts_text(card, self.exporter, place)}
        order = writing.Order(
            self.exporter.name,
            whole_part(self.stored),
            card.temperature,
            companions,
            photos,
            str(self.scratch / place.model),
        )
        self._ask_child(writing.__name__, to_json(order), f"Writing {self.exporter.title}")
        answer_file = self.desk / writing.ANSWER
        if not answer_file.is_file():
            raise self._failed(
                "The model could not be written: the process that does it has ended early.",
                "There may be too little memory. Close other programs and try again.",
            )
        answer = from_json(answer_file.read_bytes(), writing.Answer)
        if answer.error:
            raise self._failed(answer.error, answer.hint)

    def _failed(self, message: str, hint: str) -> TLStudioError:
        """The error of writing. On a full disk the writers say anything: HDF5's brings down its process."""
        if shutil.disk_usage(self.scratch).free < _LEAST_ROOM:
            place = self.scratch.parent.parent
            return TLStudioError(f"The disk of {place} is full.", "Make room, or choose another place.")
        return TLStudioError(message, hint)

    def _answers(self, pictures: NDArray[np.uint8]) -> NDArray[np.float32]:
        """What the written model says, in a fresh process."""
        scores = self.desk / "scores.npy"
        photos = self._saved("photos.npy", pictures)
        question = runtimes.Question(self.exporter.runtime, str(self.scratch / self.place.model), photos, str(scores))
        self._ask_child(runtimes.__name__, to_json(question), "Opening it again and comparing")
        if not scores.is_file():
            error = self.desk / runtimes.ERROR
            reason = error.read_text(encoding="utf-8") if error.is_file() else "the process has ended early"
            raise TLStudioError(
                f"The file can't be opened again, so it is not kept: {reason}.", "Choose another format."
            )
        answers: NDArray[np.float32] = np.load(scores)
        return answers

    def _ask_child(self, module: str, request: bytes, note: str) -> None:
        path = self.desk / f"{module.rpartition('.')[2]}.json"
        path.write_bytes(request)
        run_child(module, path, tell=lambda: self.emit(Progress("export", 0, 0, note)), token=self.token)

    def _saved(self, name: str, pictures: NDArray[np.uint8]) -> str:
        path = self.desk / name
        np.save(path, pictures)
        return str(path)

    def _lay_beside(self, agreed: Agreement) -> None:
        card, place = self._card, self.place
        texts = {
            place.labels: labels_text(card.classes),
            place.facts: facts_text(card, self.exporter, place, agreed),
            place.example: example_text(card, self.exporter, place),
        }
        for name, text in texts.items():
            (self.scratch / name).write_bytes(text.encode("utf-8"))
