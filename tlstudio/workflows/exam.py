"""The judgement that ends a training: on the photos it was checked on, and on those it never saw."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tlstudio.datasets.dataset import Dataset
from tlstudio.datasets.splits.split import Split
from tlstudio.errors import TLStudioError
from tlstudio.evaluation.calibration import calibrated, fit_temperature
from tlstudio.evaluation.judge import accuracy_and_loss, build_report
from tlstudio.evaluation.report import Report
from tlstudio.events import Emit, Progress
from tlstudio.runs.run import PhaseEnd, Scores
from tlstudio.training.learner import Learnt


@dataclass(frozen=True, slots=True)
class Judged:
    """Scores of the photos that were not learnt from, and what they say.

    Attributes:
        split: The parts, without photos that can't be read any more.
        validation_scores: As the network gives them, shape (validation photos, classes).
        test_scores: As the network gives them, shape (test photos, classes).
        validation: Figures on the validation part, before calibration; None if that part is empty.
        temperature: What later scores are calibrated with, fitted on the validation part.
        phase_ends: What each phase reached.
        report: Judgement on the test part by calibrated scores; None if that part is empty.
    """

    split: Split
    validation_scores: NDArray[np.float32]
    test_scores: NDArray[np.float32]
    validation: Scores | None
    temperature: float
    phase_ends: tuple[PhaseEnd, ...]
    report: Report | None


class Exam:
    """Judges one training, phase by phase."""

    def __init__(self, dataset: Dataset, parts: Split, ends: tuple[PhaseEnd, ...] = ()) -> None:
        """Make ready.

        Args:
            dataset: All photos.
            parts: Which of them are learnt from, checked on and kept for the exam.
            ends: What was noted before the training was interrupted.
        """
        index = {name: number for number, name in enumerate(dataset.classes)}
        self._dataset, self._parts = dataset, parts
        self._labels = np.array([index[sample.class_name] for sample in dataset.samples], dtype=np.int64)
        self._ends = ends

    @property
    def ends(self) -> tuple[PhaseEnd, ...]:
        """What was noted of the phases so far."""
        return self._ends

    def note_phase(self, phase: str, learnt: Learnt) -> None:
        """Note what a phase reached that another one follows: refining is compared with it."""
        kept = self._readable(learnt)
        validation, test = learnt.scores(kept.validation), learnt.scores(kept.test)
        self._ends += (self._end(phase, kept, validation, test),)

    def judge(self, learnt: Learnt, emit: Emit) -> Judged:
        """Judge what was learnt in the end.

        Raises:
            TLStudioError: If the network has become useless.
        """
        kept = self._readable(learnt)
        emit(Progress("evaluate", 0, len(kept.test)))
        validation, test = learnt.scores(kept.validation), learnt.scores(kept.test)
        if not (np.isfinite(validation).all() and np.isfinite(test).all()):
            raise TLStudioError(
                "What was learnt has grown beyond all bounds.", "Train again with a lower learning rate."
            )
        end = self._end(learnt.history.phases[-1], kept, validation, test)
        temperature = fit_temperature(validation, self._labels[list(kept.validation)])
        report = self._report(kept.test, calibrated(test, temperature), temperature) if kept.test else None
        emit(Progress("evaluate", len(kept.test), len(kept.test)))
        return Judged(kept, validation, test, end.validation, temperature, (*self._ends, end), report)

    def _readable(self, learnt: Learnt) -> Split:
        def readable(part: Sequence[int]) -> tuple[int, ...]:
            return tuple(number for number in part if number not in learnt.missing)

        parts = self._parts
        return Split(readable(parts.train), readable(parts.validation), readable(parts.test))

    def _end(self, phase: str, kept: Split, validation: NDArray[np.float32], test: NDArray[np.float32]) -> PhaseEnd:
        return PhaseEnd(phase, self._figures(kept.validation, validation), self._figures(kept.test, test))

    def _figures(self, photos: Sequence[int], scores: NDArray[np.float32]) -> Scores | None:
        if not photos or not np.isfinite(scores).all():
            return None
        return Scores(*accuracy_and_loss(scores, self._labels[list(photos)]))

    def _report(self, test: Sequence[int], scores: NDArray[np.float32], temperature: float) -> Report:
        dataset = self._dataset
        names = [dataset.samples[number].path for number in test]
        labels = self._labels[list(test)]
        return build_report(dataset.root, dataset.classes, names, labels, scores, temperature=temperature)
