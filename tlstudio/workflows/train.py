"""Use case: from a folder of photos to a trained, judged and saved classifier."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from itertools import islice
from pathlib import Path

import numpy as np

from tlstudio import __version__
from tlstudio.datasets.dataset import Dataset, Rejected
from tlstudio.datasets.problems import require_trainable
from tlstudio.datasets.reading.reading import Reading
from tlstudio.datasets.splits.sharing import share_out
from tlstudio.datasets.splits.split import Split, SplitConfig, require_column
from tlstudio.datasets.walk import top_folders, walk
from tlstudio.errors import TLStudioError
from tlstudio.evaluation.judge import accuracy_and_loss, build_report
from tlstudio.evaluation.report import Report
from tlstudio.events import CancelToken, Emit, Notice, Progress
from tlstudio.modeling import backend, weights
from tlstudio.modeling.architectures import spec_warning
from tlstudio.modeling.engine import Engine, EngineStore, PendingEngine
from tlstudio.modeling.features import Photo
from tlstudio.modeling.part import POOLING, Part
from tlstudio.modeling.spec import ModelSpec
from tlstudio.prediction.predictor import parts_of
from tlstudio.runs import store
from tlstudio.runs.run import SCHEMA, Run, Scores
from tlstudio.training.clock import Clock
from tlstudio.training.config import TrainConfig
from tlstudio.training.learner import Learnt, Lesson, learn
from tlstudio.training.recipes import require_fitting
from tlstudio.workflows.scan import read_photos

_LIBRARIES = ("tensorflow", "keras", "ai-edge-litert", "numpy", "pillow")
_CHECK_PHOTOS = 8


@dataclass(frozen=True, slots=True)
class TrainRequest:
    """What to train.

    Attributes:
        source: Where the photos are, or the data set already read from it.
        out: Folder of the run; must not be there yet.
        spec: The network.
        config: How to train.
        split: How to share out the photos.
        reading: How a folder is read, whatever its root; by its folders if None.
        parts: Which photo of a data set already read is in which part; found by ``split`` if None.
    """

    source: Path | Dataset
    out: Path
    spec: ModelSpec
    config: TrainConfig
    split: SplitConfig = field(default_factory=SplitConfig)
    reading: Reading | None = None
    parts: Split | None = None


@dataclass(frozen=True, slots=True)
class Trained:
    """What a training gave.

    Attributes:
        stored: The run, saved.
        report: Judgement on the test part; None if that part is empty.
    """

    stored: store.StoredRun
    report: Report | None


def train(request: TrainRequest, *, emit: Emit, token: CancelToken) -> Trained:
    """Train, judge and save.

    A stop while it learns ends the learning, keeps the best weights and goes on to judge and save.

    Raises:
        TLStudioError: If something that the user can mend is in the way.
        Cancelled: If a stop was asked for before anything was learnt.
    """
    store.require_free(request.out)
    require_fitting(request.spec, request.config)
    if isinstance(request.source, Path):
        top_folders(request.source)  # says that the folder isn't there before anything is downloaded
    clock = Clock("scan", "features", "head", "fine_tune", "evaluate")
    created = datetime.now(UTC).astimezone().isoformat(timespec="seconds")
    weights_file = weights.resolve(request.spec, emit=emit, token=token)
    with _backend_starting(request.config), _Engines(emit, token) as engines:
        _begin_head_engine(request, weights_file, engines)
        with clock.stage("scan"):
            dataset = _read(request, emit, token)
        lesson = _lesson(request, dataset, weights_file)
        warning = spec_warning(request.spec, lesson.n_classes)
        if warning:
            emit(Notice(warning))
        learnt = learn(lesson, engines.get, clock, emit=emit, token=token)
        with clock.stage("evaluate"):
            judged = _judge(dataset, lesson.split, learnt, emit)
        run = _run(request, dataset, lesson, learnt, judged, created)
        stored = _save(request.out, run, learnt, judged, weights_file, clock)
        _keep_head_engine(stored, learnt)
    return Trained(stored, judged.report)


@contextmanager
def _backend_starting(config: TrainConfig) -> Iterator[None]:
    """Import TensorFlow beside the reading of the photos; whoever needs it waits for it."""

    def start() -> None:
        try:
            backend.start(1 if config.reproducible else 0)
        except TLStudioError:
            return  # the call that needs TensorFlow says it again, where the user hears it

    thread = threading.Thread(target=start, daemon=True)
    thread.start()
    try:
        yield
    finally:
        thread.join()


class _Engines:
    """The engines of one training; those still in the making when it ends are given up."""

    def __init__(self, emit: Emit, token: CancelToken) -> None:
        self._emit, self._token = emit, token
        self._store = EngineStore()
        self._pending: dict[str, PendingEngine] = {}

    def __enter__(self) -> "_Engines":
        return self

    def __exit__(self, *_: object) -> None:
        for pending in self._pending.values():
            pending.abandon()

    def begin(self, part: Part, photos: Sequence[Path]) -> None:
        """Start making an engine ahead of need."""
        if part.key() not in self._pending:
            self._pending[part.key()] = self._store.begin(part, photos)

    def get(self, part: Part) -> Engine:
        """The finished engine."""
        self.begin(part, ())
        return self._pending[part.key()].wait(emit=self._emit, token=self._token)


def _begin_head_engine(request: TrainRequest, weights_file: str, engines: _Engines) -> None:
    if request.config.phases[0].name == "head":
        part = Part(request.spec, "photo", POOLING, weights_file, weights.digest(weights_file))
        engines.begin(part, _first_photos(request.source))


def _first_photos(source: Path | Dataset) -> list[Path]:
    """A few photos for checking an engine, before the folder has been read."""
    if isinstance(source, Dataset):
        return [source.absolute(sample.path) for sample in source.samples[:_CHECK_PHOTOS]]
    candidates = (source / found.path for found in walk(source) if found.kind == "candidate")
    return list(islice(candidates, _CHECK_PHOTOS))


def _read(request: TrainRequest, emit: Emit, token: CancelToken) -> Dataset:
    if isinstance(request.source, Dataset):
        dataset = request.source
    else:
        dataset = read_photos(request.source, request.reading, emit=emit, token=token)
        require_column(dataset, request.split)
    require_trainable(dataset)
    return dataset


def _lesson(request: TrainRequest, dataset: Dataset, weights_file: str) -> Lesson:
    index = {name: number for number, name in enumerate(dataset.classes)}
    return Lesson(
        photos=[Photo(dataset.absolute(sample.path), sample.digest) for sample in dataset.samples],
        labels=[index[sample.class_name] for sample in dataset.samples],
        split=request.parts or share_out(dataset, request.split),
        n_classes=len(dataset.classes),
        spec=request.spec,
        weights=weights_file,
        weights_digest=weights.digest(weights_file),
        config=request.config,
    )


@dataclass(frozen=True, slots=True)
class _Judged:
    """Scores of the photos that were not learnt from, and what they say."""

    split: Split
    validation_scores: np.ndarray
    test_scores: np.ndarray
    validation: Scores | None
    report: Report | None


def _judge(dataset: Dataset, parts: Split, learnt: Learnt, emit: Emit) -> _Judged:
    def readable(part: tuple[int, ...]) -> tuple[int, ...]:
        return tuple(number for number in part if number not in learnt.missing)

    index = {name: number for number, name in enumerate(dataset.classes)}
    labels = np.array([index[sample.class_name] for sample in dataset.samples])
    kept = Split(readable(parts.train), readable(parts.validation), readable(parts.test))
    emit(Progress("evaluate", 0, len(kept.test)))
    validation, test = learnt.scores(kept.validation), learnt.scores(kept.test)
    if not (np.isfinite(validation).all() and np.isfinite(test).all()):
        raise TLStudioError("What was learnt has grown beyond all bounds.", "Train again with a lower learning rate.")
    checked = Scores(*accuracy_and_loss(validation, labels[list(kept.validation)])) if kept.validation else None
    names = [dataset.samples[number].path for number in kept.test]
    report = build_report(dataset.root, dataset.classes, names, labels[list(kept.test)], test) if kept.test else None
    emit(Progress("evaluate", len(kept.test), len(kept.test)))
    return _Judged(kept, validation, test, checked, report)


def _run(request: TrainRequest, dataset: Dataset, lesson: Lesson, learnt: Learnt, judged: _Judged, created: str) -> Run:
    vanished = [Rejected(dataset.samples[number].path, reason) for number, reason in learnt.missing.items()]
    return Run(
        schema=SCHEMA,
        name=request.out.name,
        created=created,
        status="stopped" if learnt.stopped else "complete",
        root=dataset.root,
        classes=dataset.classes,
        samples=dataset.samples,
        split=judged.split,
        split_config=request.split,
        rejected=(*dataset.rejected, *vanished),
        spec=request.spec,
        trained_from=learnt.trained_from,
        weights_digest=lesson.weights_digest,
        config=request.config,
        history=learnt.history,
        validation=judged.validation,
        test=Scores(judged.report.accuracy, judged.report.loss) if judged.report else None,
        seconds={},
        versions=_versions(),
    )


def _versions() -> dict[str, str]:
    """Of the program and of the libraries that computed; TensorFlow goes by several names, so one may be missing."""
    found = {"tlstudio": __version__}
    for name in _LIBRARIES:
        with suppress(PackageNotFoundError):
            found[name] = version(name)
    return found


def _save(out: Path, run: Run, learnt: Learnt, judged: _Judged, weights_file: str, clock: Clock) -> store.StoredRun:
    run = replace(run, seconds=clock.total())
    from tlstudio.modeling.network import save_weights

    with store.new_run(out) as folder:
        save_weights(learnt.model, folder / store.TAIL_FILE)
        np.savez(folder / store.SCORES_FILE, validation=judged.validation_scores, test=judged.test_scores)
        store.write(folder, run, judged.report, weights_file)
    return store.StoredRun(out, run)


def _keep_head_engine(stored: store.StoredRun, learnt: Learnt) -> None:
    """Make the engine of a plain head at once: it takes a tenth of a second here, and seconds in a process later."""
    if stored.run.trained_from == POOLING:
        from tlstudio.modeling.convert import convert

        with suppress(OSError):  # the run is safe; without room in the cache the engine is made when it is needed
            EngineStore().put(parts_of(stored)[-1], convert(learnt.model))
