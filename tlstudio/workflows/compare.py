"""Use case: runs side by side, with a test on the photos that they share."""

import csv
import hashlib
import io
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tlstudio.errors import TLStudioError
from tlstudio.evaluation.comparison import (
    Answers,
    Cell,
    ExamAnswer,
    Figures,
    Measured,
    Pair,
    fine_tuning,
    flags,
    pairs,
    ranks,
    right_answers,
)
from tlstudio.evaluation.report import Report
from tlstudio.modeling.architectures import title_of
from tlstudio.modeling.backbones import find_backbone
from tlstudio.modeling.spec import ModelSpec
from tlstudio.modeling.speeds import Speed, SpeedStore
from tlstudio.runs import store
from tlstudio.runs.run import Run, Scores
from tlstudio.runs.store import StoredRun
from tlstudio.training.workload import workloads

_FLOAT: Final = 4  # bytes of a weight
_DIGEST: Final = 16


@dataclass(frozen=True, slots=True)
class ComparedRun:
    """A run with what is compared of it.

    Attributes:
        stored: The run.
        figures: Its line of the table.
        answers: What it said of the exam photos.
        right: Whether that is right, shape (exam photos,), as ``right_answers`` has it.
    """

    stored: StoredRun
    figures: Figures
    answers: Answers
    right: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Runs side by side.

    Attributes:
        runs: In the order given.
        ranks: Places of those that can be ranked, by the key of the run.
        pairs: Those that were judged on the same photos.
        flags: Why some can't be compared, in sentences.
        cells: What fine-tuning brought, by data set and network.
    """

    runs: tuple[ComparedRun, ...]
    ranks: dict[str, int]
    pairs: tuple[Pair, ...]
    flags: tuple[str, ...]
    cells: tuple[Cell, ...]

    def run(self, key: str) -> ComparedRun:
        """The run of a key."""
        return next(run for run in self.runs if run.figures.key == key)


def compared_run(stored: StoredRun, speeds: SpeedStore | None = None) -> ComparedRun:
    """Everything that is compared of a run.

    Args:
        stored: The run.
        speeds: How quick networks are on this computer; read from its file if None.

    Raises:
        TLStudioError: If its report is damaged.
    """
    report = stored.report()
    answers = _answers(stored.run, report)
    figures = _figures(stored, report, answers, speeds or SpeedStore())
    return ComparedRun(stored, figures, answers, right_answers(answers))


def compare_runs(runs: Sequence[ComparedRun]) -> Comparison:
    """Put runs side by side."""
    rows = [run.figures for run in runs]
    right = {run.figures.key: run.right for run in runs}
    return Comparison(tuple(runs), ranks(rows), pairs(rows, right), flags(rows), fine_tuning(rows))


def compare(folders: Sequence[Path]) -> Comparison:
    """Put the runs in some folders side by side.

    Raises:
        TLStudioError: If there is only one, a folder is named twice, or one of them can't be opened.
    """
    if len(folders) < 2:
        raise TLStudioError("There is nothing to compare a single run with.", "Name two runs or more.")
    if len({folder.resolve() for folder in folders}) < len(folders):
        raise TLStudioError("A run is named twice.", "Name each run once.")
    speeds = SpeedStore()
    return compare_runs([compared_run(store.load(folder), speeds) for folder in folders])


def _answers(run: Run, report: Report | None) -> Answers:
    if report is None:
        return {}
    digests = {run.samples[index].path: run.samples[index].digest for index in run.split.test}
    found = {}
    for photo in report.photos:
        label, answer = report.classes[photo.true], report.classes[photo.predicted]
        key = f"{digests.get(photo.path, photo.path)} {label}"
        found[key] = ExamAnswer(photo.path, label, answer, photo.score)
    return found


def _figures(stored: StoredRun, report: Report | None, answers: Answers, speeds: SpeedStore) -> Figures:
    run = stored.run
    transfer, fine_tuned = _phases(run)
    return Figures(
        key=str(stored.folder),
        name=run.name,
        model=_title(run.spec),
        dataset=Path(run.root).name,
        source=run.root,
        created=run.created,
        trained=trained_parameters(run),
        train=_learnt(run),
        validation=_measured(run.validation),
        test=Measured(report.accuracy, report.loss) if report else _measured(run.test),
        interval=report.interval if report else None,
        photos=len(report.photos) if report else 0,
        seconds=run.seconds.get("total"),
        size=_size(stored.folder),
        speed=_speed(run.spec, speeds),
        exam=_exam(answers),
        transfer=transfer,
        fine_tuned=fine_tuned,
    )


def _exam(answers: Answers) -> str:
    if not answers:
        return ""
    text = "\n".join(sorted(answers))
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:_DIGEST]


def _title(spec: ModelSpec) -> str:
    try:
        return title_of(spec.backbone)
    except TLStudioError:  # of a version of the program that knew more networks
        return spec.backbone


def trained_parameters(run: Run) -> int | None:
    """Numbers that the training of a run changed; None where nobody knows."""
    try:
        return max(work.learnt for work in workloads(run.spec, run.config, len(run.classes))) // _FLOAT
    except (TLStudioError, ValueError):
        return None


def _learnt(run: Run) -> Measured | None:
    best = run.history.best()
    return Measured(best.accuracy, best.loss) if best else None


def _measured(scores: Scores | None) -> Measured | None:
    return Measured(scores.accuracy, scores.loss) if scores else None


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.iterdir() if path.is_file())


def _speed(spec: ModelSpec, speeds: SpeedStore) -> Speed | None:
    backbone = find_backbone(spec.backbone)
    return speeds.speed(backbone, spec.input_size) if backbone else None


def _phases(run: Run) -> tuple[float | None, float | None]:
    """Accuracy in the exam before fine-tuning and after it."""
    reached = {end.phase: end.test.accuracy for end in run.phase_ends if end.test}
    head = reached.get("head")
    if head is None and set(run.history.phases) == {"head"} and run.test:
        head = run.test.accuracy
    return head, reached.get("fine_tune") if head is not None else None


# The same for other programs.

COLUMNS: Final = (
    "rank", "run", "model", "dataset", "trainable_parameters", "train_loss", "train_accuracy", "validation_loss",
    "validation_accuracy", "test_loss", "test_accuracy", "test_accuracy_low", "test_accuracy_high", "test_photos",
    "seconds", "bytes", "photos_per_second", "photos_per_second_measured", "same_exam", "transfer_accuracy",
    "fine_tuned_accuracy", "fine_tuning_gain", "folder",
)  # fmt: skip


def comparison_csv(comparison: Comparison) -> bytes:
    """The table, best first; what nobody knows is empty. UTF-8 with a byte-order mark, which spreadsheets want."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for run in ranked(comparison):
        writer.writerow(["" if cell is None else cell for cell in _line(comparison, run.figures)])
    return text.getvalue().encode("utf-8-sig", errors="surrogateescape")


def ranked(comparison: Comparison) -> list[ComparedRun]:
    """The runs, those with the most comparable ones first, each group best first."""
    exams = [run.figures.exam for run in comparison.runs]
    return sorted(
        comparison.runs,
        key=lambda run: (
            not run.figures.exam,
            -exams.count(run.figures.exam),
            run.figures.exam,
            comparison.ranks.get(run.figures.key, 0),
        ),
    )


def _line(comparison: Comparison, row: Figures) -> Iterable[object]:
    exams = list(dict.fromkeys(run.figures.exam for run in ranked(comparison) if run.figures.exam))
    low, high = row.interval or (None, None)
    gain = row.fine_tuned - row.transfer if row.transfer is not None and row.fine_tuned is not None else None
    yield from (comparison.ranks.get(row.key), row.name, row.model, row.dataset, row.trained)
    for part in (row.train, row.validation, row.test):
        yield from (part.loss, part.accuracy) if part else (None, None)
    yield from (low, high, row.photos, row.seconds, row.size)
    yield from (row.speed.photos_per_second, "yes" if row.speed.measured else "no") if row.speed else (None, None)
    yield exams.index(row.exam) + 1 if row.exam else None
    yield from (row.transfer, row.fine_tuned, gain, row.key)


def comparison_json(comparison: Comparison) -> dict[str, Any]:
    """What ``compare --json`` writes."""
    return {
        "runs": [asdict(run.figures) | {"rank": comparison.ranks.get(run.figures.key)} for run in ranked(comparison)],
        "pairs": [
            asdict(pair) | {"both_wrong": pair.paired.both_wrong, "gain": pair.paired.gain} for pair in comparison.pairs
        ],
        "flags": list(comparison.flags),
        "fine_tuning": [asdict(cell) | {"gain": cell.gain, "helped": cell.helped} for cell in comparison.cells],
    }
