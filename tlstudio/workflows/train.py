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
from tlstudio.evaluation.report import Report
from tlstudio.events import CancelToken, Emit, Notice
from tlstudio.modeling import backend, weights
from tlstudio.modeling.architectures import spec_warning, title_of
from tlstudio.modeling.engine import Engine, EngineStore, PendingEngine
from tlstudio.modeling.features import Photo
from tlstudio.modeling.part import PHOTO, POOLING, Part
from tlstudio.modeling.spec import ModelSpec
from tlstudio.prediction.novelty import save_novelty
from tlstudio.prediction.predictor import parts_of
from tlstudio.runs import store
from tlstudio.runs.continuation import origin_of, require_same_ground
from tlstudio.runs.log import TrainingLog
from tlstudio.runs.run import SCHEMA, PhaseEnd, Run, Scores
from tlstudio.runs.unfinished import Begun, Unfinished
from tlstudio.training.class_weights import require_weights_of
from tlstudio.training.clock import Clock
from tlstudio.training.config import TrainConfig
from tlstudio.training.event_files import EventFiles
from tlstudio.training.fitting import require_fitting
from tlstudio.training.learner import Learnt, Lesson, learn
from tlstudio.training.state import VERSION, Saved
from tlstudio.workflows.computing import fitted, learn_from, started_hardware
from tlstudio.workflows.exam import Exam, Judged
from tlstudio.workflows.fit_novelty import novelty_of_training
from tlstudio.workflows.scan import read_photos

_LIBRARIES = ("tensorflow", "keras", "ai-edge-litert", "numpy", "pillow")
_CHECK_PHOTOS = 8
_STAGES = ("scan", "features", "head", "fine_tune", "evaluate")


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
        tensorboard: Folder for the curves as files of TensorBoard; None for no such files.
        resume: Go on where the training of the run in ``out`` was interrupted; all else as it was then.
        origin: Run to go on from; the phases of ``config`` begin with those that it has done. None to begin anew.
    """

    source: Path | Dataset
    out: Path
    spec: ModelSpec
    config: TrainConfig
    split: SplitConfig = field(default_factory=SplitConfig)
    reading: Reading | None = None
    parts: Split | None = None
    tensorboard: Path | None = None
    resume: bool = False
    origin: store.StoredRun | None = None

    @property
    def done(self) -> int:
        """How many phases are over before it begins."""
        return 0 if self.origin is None else len(self.origin.run.history.phases)


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

    A stop while it learns ends the learning, keeps the best weights and goes on to judge and save. What is learnt is
    kept on the way (``runs.unfinished``), so that a training that ends in another way can be resumed.

    Raises:
        TLStudioError: If something that the user can mend is in the way.
        Cancelled: If a stop was asked for before anything was learnt.
    """
    store.require_free(request.out)
    require_fitting(request.spec, request.config)
    if isinstance(request.source, Path):
        top_folders(request.source)  # says that the folder isn't there before anything is downloaded
    log, unfinished = TrainingLog(emit), Unfinished(request.out)
    _require_asked(request, unfinished)
    token.tell(log.emit)
    with unfinished.work(), _told(request, log.emit) as told:
        return _train(request, unfinished, log, emit=told, token=token)


@contextmanager
def _told(request: TrainRequest, emit: Emit) -> Iterator[Emit]:
    """Whom a training tells: where it is asked for, files of TensorBoard as well."""
    if request.tensorboard is None:
        yield emit
        return
    with EventFiles(request.tensorboard / request.out.name, emit) as files:
        yield files.emit


def _train(
    request: TrainRequest, unfinished: Unfinished, log: TrainingLog, *, emit: Emit, token: CancelToken
) -> Trained:
    saved = unfinished.saved() if request.resume else None
    log.keep_in(unfinished.folder)
    if saved is not None:
        log.resume(saved.state)
    elif request.origin is not None:
        log.go_on(request.origin.run)
    clock = Clock(*_STAGES, earlier=_earlier_seconds(request, saved), token=token)
    created = datetime.now(UTC).astimezone().isoformat(timespec="seconds")
    weights_file = _weights_file(request, emit, token)
    with _backend_starting(request.config), _Engines(emit, token) as engines:
        _begin_head_engine(request, weights_file, engines)
        with clock.stage("scan"):
            dataset = read_dataset(request, emit, token)
        hardware = started_hardware(request.config, emit)
        log.add_hardware(hardware)
        parts = request.parts or share_out(dataset, request.split)
        require_weights_of(request.config.phases, dataset.classes)
        if request.origin is not None:
            require_same_ground(request.origin.run, dataset, parts)
        config = _fitted(request, dataset, parts, emit) if saved is None else request.config
        request = replace(request, parts=parts, config=config)
        lesson = lesson_of(request, dataset, weights_file)
        begun = _begun(request, dataset, lesson, created, unfinished)
        lesson = replace(lesson, checkpoints=unfinished.checkpoints, states=unfinished.folder, saved=saved)
        warning = spec_warning(request.spec, lesson.n_classes)
        if warning:
            emit(Notice(warning))
        exam = Exam(dataset, lesson.split, _ends_before(request, unfinished, saved))
        if exam.ends:
            unfinished.note_ends(exam.ends)

        def note_phase(name: str, learnt: Learnt) -> None:
            exam.note_phase(name, learnt)
            unfinished.note_ends(exam.ends)

        learnt = learn(lesson, engines.get, clock, note_phase, emit=emit, token=token)
        with clock.stage("evaluate"):
            judged = exam.judge(learnt, emit)
        run = replace(_run(request, dataset, lesson, learnt, judged, begun), hardware=hardware)
        stored = _save(unfinished, run, learnt, judged, weights_file, clock, log)
        learn_from(request.spec, request.config, run.own_history, dataset, parts)
        _keep_head_engine(stored, learnt)
    return Trained(stored, judged.report)


def _earlier_seconds(request: TrainRequest, saved: Saved | None) -> dict[str, float] | None:
    """Time per stage of what was done before; None if nothing was."""
    if saved is not None:
        return saved.state.seconds
    return request.origin.run.seconds if request.origin is not None else None


def _weights_file(request: TrainRequest, emit: Emit, token: CancelToken) -> str:
    """Path of the weights of the backbone; those that a run began with where it is gone on from."""
    kept = request.origin.backbone_weights if request.origin is not None else ""
    return kept or weights.resolve(request.spec, emit=emit, token=token)


def _fitted(request: TrainRequest, dataset: Dataset, parts: Split, emit: Emit) -> TrainConfig:
    """The training with batches for which there is memory; phases that are over stay as they were."""
    over, to_come = request.config.phases[: request.done], request.config.phases[request.done :]
    fitting = fitted(request.spec, replace(request.config, phases=to_come), dataset, parts, emit)
    return replace(fitting, phases=(*over, *fitting.phases))


def _ends_before(request: TrainRequest, unfinished: Unfinished, saved: Saved | None) -> tuple[PhaseEnd, ...]:
    """What the phases have reached that are over."""
    if saved is not None:
        return unfinished.ends()[: saved.state.phase]
    if request.origin is None:
        return ()
    run = request.origin.run
    unknown = (PhaseEnd(name, None, None) for name in run.history.phases[len(run.phase_ends) :])
    return (*run.phase_ends, *unknown)[: request.done]


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


def _require_asked(request: TrainRequest, unfinished: Unfinished) -> None:
    """Neither begin anew where something can be gone on with, nor go on with nothing.

    Raises:
        TLStudioError: If that is asked for.
    """
    if request.resume and not unfinished.can_be_resumed:
        raise TLStudioError(f"Nothing is kept of a training of {request.out}.", "Train it from the beginning.")
    if unfinished.can_be_resumed and not request.resume:
        raise TLStudioError(
            f"The training of {request.out} was interrupted, and what it has learnt is kept.",
            f"Go on with it (“train --resume”), choose another name, or delete {unfinished.folder}.",
        )


def _begun(request: TrainRequest, dataset: Dataset, lesson: Lesson, created: str, unfinished: Unfinished) -> Begun:
    """What the training is begun with, written down; or what it was begun with.

    Raises:
        TLStudioError: If it can't be written, or the weights are no longer those that it was begun with.
    """
    if request.resume:
        begun = unfinished.begun()
        if begun.weights_digest != lesson.weights_digest:
            raise TLStudioError(
                f"The weights of {title_of(request.spec.backbone)} are others than when the training began.",
                "Bring back the file that they were in, or train from the beginning.",
            )
        return begun
    begun = Begun(
        version=VERSION,
        created=created,
        root=dataset.root,
        classes=tuple(dataset.classes),
        samples=tuple(dataset.samples),
        rejected=tuple(dataset.rejected),
        split=lesson.split,
        split_config=request.split,
        spec=request.spec,
        config=request.config,
        weights_digest=lesson.weights_digest,
        tensorboard=str(request.tensorboard or ""),
        origin=request.origin.run.name if request.origin is not None else "",
        origin_phases=request.done,
    )
    unfinished.note_begin(begun)
    return begun


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
    if request.config.phases[request.done].name == "head":
        size = request.config.input_sizes(request.spec.input_size)[request.done]
        spec = request.spec.with_input_size(size)
        part = Part(spec, PHOTO, POOLING, weights_file, weights.digest(weights_file))
        engines.begin(part, _first_photos(request.source))


def _first_photos(source: Path | Dataset) -> list[Path]:
    """A few photos for checking an engine, before the folder has been read."""
    if isinstance(source, Dataset):
        return [source.absolute(sample.path) for sample in source.samples[:_CHECK_PHOTOS]]
    candidates = (source / found.path for found in walk(source) if found.kind == "candidate")
    return list(islice(candidates, _CHECK_PHOTOS))


def read_dataset(request: TrainRequest, emit: Emit, token: CancelToken) -> Dataset:
    """The photos of a request, read if they aren't yet.

    Raises:
        TLStudioError: If they can't be trained on.
        Cancelled: If a stop was asked for.
    """
    if isinstance(request.source, Dataset):
        dataset = request.source
    else:
        dataset = read_photos(request.source, request.reading, emit=emit, token=token)
        require_column(dataset, request.split)
    require_trainable(dataset)
    return dataset


def lesson_of(request: TrainRequest, dataset: Dataset, weights_file: str) -> Lesson:
    """What a request asks to learn from its photos."""
    index = {name: number for number, name in enumerate(dataset.classes)}
    return Lesson(
        photos=[Photo(dataset.absolute(sample.path), sample.digest) for sample in dataset.samples],
        labels=[index[sample.class_name] for sample in dataset.samples],
        split=request.parts or share_out(dataset, request.split),
        classes=dataset.classes,
        spec=request.spec,
        weights=weights_file,
        weights_digest=weights.digest(weights_file),
        config=request.config,
        origin=origin_of(request.origin) if request.origin is not None else None,
    )


def _run(request: TrainRequest, dataset: Dataset, lesson: Lesson, learnt: Learnt, judged: Judged, begun: Begun) -> Run:
    vanished = [Rejected(dataset.samples[number].path, reason) for number, reason in learnt.missing.items()]
    return Run(
        schema=SCHEMA,
        name=request.out.name,
        created=begun.created,
        status="stopped" if learnt.stopped else "complete",
        root=dataset.root,
        classes=dataset.classes,
        samples=dataset.samples,
        split=judged.split,
        split_config=request.split,
        rejected=(*dataset.rejected, *vanished),
        spec=learnt.spec,
        trained_from=learnt.trained_from,
        weights_digest=lesson.weights_digest,
        config=_config_kept(request, learnt),
        history=learnt.history,
        validation=judged.validation,
        test=Scores(judged.report.accuracy, judged.report.loss) if judged.report else None,
        seconds={},
        versions=_versions(),
        temperature=judged.temperature,
        phase_ends=judged.phase_ends,
        origin=begun.origin,
        origin_phases=begun.origin_phases,
    )


def _config_kept(request: TrainRequest, learnt: Learnt) -> TrainConfig:
    """How it was trained; with all sizes written out where the network has ended at another than it began with."""
    own = request.spec.input_size
    return request.config if learnt.spec.input_size == own else request.config.with_sizes(own)


def _versions() -> dict[str, str]:
    """Of the program and of the libraries that computed; TensorFlow goes by several names, so one may be missing."""
    found = {"tlstudio": __version__}
    for name in _LIBRARIES:
        with suppress(PackageNotFoundError):
            found[name] = version(name)
    return found


def _save(
    unfinished: Unfinished,
    run: Run,
    learnt: Learnt,
    judged: Judged,
    weights_file: str,
    clock: Clock,
    log: TrainingLog,
) -> store.StoredRun:
    run = replace(run, seconds=clock.total())
    from tlstudio.modeling.network import save_weights

    with store.new_run(unfinished.run, unfinished.folder) as folder:
        save_weights(learnt.model, folder / store.TAIL_FILE)
        np.savez(folder / store.SCORES_FILE, validation=judged.validation_scores, test=judged.test_scores)
        store.write(folder, run, judged.report, weights_file)
        _write_novelty(folder, run, learnt, judged)
        log.write(folder)
        for file in sorted(unfinished.checkpoints.glob("*")):
            file.replace(folder / file.name)
    return store.StoredRun(unfinished.run, run)


def _write_novelty(folder: Path, run: Run, learnt: Learnt, judged: Judged) -> None:
    """Keep what tells photos unlike those of the run, if the training knows it."""
    held_out = np.concatenate((judged.validation_scores, judged.test_scores))
    novelty = novelty_of_training(run, learnt.features, held_out)
    if novelty is not None:
        save_novelty(folder, novelty)


def _keep_head_engine(stored: store.StoredRun, learnt: Learnt) -> None:
    """Make the engine of a plain head at once: it takes a tenth of a second here, and seconds in a process later."""
    if stored.run.trained_from == POOLING:
        from tlstudio.modeling.convert import convert

        with suppress(OSError):  # the run is safe; without room in the cache the engine is made when it is needed
            EngineStore().put(parts_of(stored)[-1], convert(learnt.model))
