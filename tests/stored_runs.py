"""Runs on disk that nothing was trained for: what they say of each exam photo is given."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from tlstudio.datasets.dataset import Rejected, Sample
from tlstudio.datasets.splits.split import Split, SplitConfig
from tlstudio.evaluation.judge import build_report
from tlstudio.events import EpochEnded
from tlstudio.runs import store
from tlstudio.runs.run import SCHEMA, PhaseEnd, Run, Scores
from tlstudio.runs.store import StoredRun
from tlstudio.training.history import History
from tlstudio.training.recipes import config_for, spec_for

SURE = 0.9


def make_run(
    folder: Path,
    root: Path,
    wrong: Sequence[int] = (),
    *,
    validation: float = 0.8,
    first_exam: int = 1,
    ends: tuple[float, float] | None = None,
    rejected: tuple[Rejected, ...] = (),
) -> StoredRun:
    """Store a run on the photos in a folder of class folders.

    Args:
        folder: Where it goes.
        root: Its photos; every second one of all is kept for the exam.
        wrong: Which exam photos it takes for the class after theirs.
        validation: Its accuracy on the validation part.
        first_exam: 0 or 1; which of the photos are the exam.
        ends: Accuracy in the exam before and after fine-tuning; None for last layers alone.
        rejected: Files that could not be read.
    """
    paths = sorted(root.glob("*/*.jpg"))
    classes = tuple(sorted({path.parent.name for path in paths}))
    samples = tuple(_sample(path, root) for path in paths)
    exam = tuple(range(first_exam, len(samples), 2))
    others = tuple(index for index in range(len(samples)) if index not in exam)
    labels = np.array([classes.index(samples[index].class_name) for index in exam])
    answers = np.array([(label + (place in wrong)) % len(classes) for place, label in enumerate(labels)])
    scores = np.full((len(exam), len(classes)), (1 - SURE) / (len(classes) - 1), dtype=np.float32)
    scores[np.arange(len(exam)), answers] = SURE
    report = build_report(str(root), classes, [samples[index].path for index in exam], labels, scores, ())
    run = Run(
        schema=SCHEMA,
        name=folder.name,
        created=f"2026-01-01T00:00:{len(wrong):02}+00:00",
        status="complete",
        root=str(root),
        classes=classes,
        samples=samples,
        split=Split(others[1:], others[:1], exam),
        split_config=SplitConfig(),
        rejected=rejected,
        spec=spec_for("small_cnn", "none"),
        trained_from="photo",
        weights_digest="",
        config=config_for(spec_for("small_cnn", "none")),
        history=_history(ends is not None),
        validation=Scores(validation, 0.5),
        test=Scores(report.accuracy, report.loss),
        seconds={"total": 12.5},
        versions={"tlstudio": "0.1.0"},
        phase_ends=_ends(ends),
    )
    with store.new_run(folder) as scratch:
        (scratch / store.TAIL_FILE).write_bytes(b"tail")
        np.savez(scratch / store.SCORES_FILE, validation=scores[:1], test=scores)
        store.write(scratch, run, report, "")
    return store.load(folder)


def _sample(path: Path, root: Path) -> Sample:
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return Sample(path.relative_to(root).as_posix(), path.parent.name, 48, 36, digest)


def _history(refined: bool) -> History:
    epochs = tuple(
        EpochEnded(
            phase=int(refined and number > 1),
            epoch=number,
            loss=1.0 - number / 10,
            accuracy=0.5 + number / 20,
            val_loss=1.1 - number / 10,
            val_accuracy=0.45 + number / 20,
            seconds=1.0,
            learning_rate=1e-3,
            best=True,
        )
        for number in range(4)
    )
    return History(("head", "fine_tune") if refined else ("scratch",), epochs)


def _ends(accuracies: tuple[float, float] | None) -> tuple[PhaseEnd, ...]:
    if accuracies is None:
        return ()
    names = ("head", "fine_tune")
    return tuple(PhaseEnd(name, None, Scores(share, 0.5)) for name, share in zip(names, accuracies, strict=True))
