"""Use case: learn anew from corrected labels in about a second, and see what the corrections are worth."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tlstudio.datasets.dataset import Dataset
from tlstudio.errors import TLStudioError
from tlstudio.evaluation.calibration import calibrated, fit_temperature
from tlstudio.evaluation.judge import build_report
from tlstudio.evaluation.linear_head import LinearHead, fit_linear_head
from tlstudio.evaluation.paired import Paired, compare_answers
from tlstudio.evaluation.report import Report
from tlstudio.events import CancelToken, Emit, Progress
from tlstudio.runs.run import Run
from tlstudio.runs.store import StoredRun
from tlstudio.workflows.frozen_features import FrozenFeatures, frozen_features


@dataclass(frozen=True, slots=True)
class Relearnt:
    """Two linear heads on the same features, one from the labels of the run and one from those of now.

    Attributes:
        before: Judgement of the first on the test part, by the labels of now.
        after: Judgement of the second on the same photos, by the same labels.
        paired: The two, photo by photo.
        corrected: Photos of the run with another label now.
        left_out: Photos of the run that are not used any more.
        corrected_in_test: How many of the corrected ones are in the test part.
        heads: The two heads, which the next call begins with.
    """

    before: Report
    after: Report
    paired: Paired
    corrected: int
    left_out: int
    corrected_in_test: int
    heads: tuple[LinearHead, LinearHead]

    @property
    def differ(self) -> bool:
        """Whether the labels do: only then is there a before and an after."""
        return bool(self.corrected or self.left_out)


def relearn(
    dataset: Dataset, stored: StoredRun, known: Relearnt | None = None, *, emit: Emit, token: CancelToken
) -> Relearnt:
    """Learn from the training part of a run with its labels then and with those of now; judge both on its test part.

    The parts stay as they were. Photos of the test part keep their labels unless they were corrected themselves; those
    left out are judged no more. Both heads are solved to their optimum by the same solver: epochs of a training, with
    their chance order and early end, would blur the small difference that is asked for.

    Args:
        dataset: The photos with their labels of now.
        stored: The run.
        known: What came of the last call for the same run, to begin with; None for none.
        emit: Told ``Progress("relearn", ...)``.
        token: Stops it.

    Raises:
        TLStudioError: If the run kept no test part, or the classes are others now.
        Cancelled: If a stop was asked for.
    """
    run = stored.run
    if not run.split.test:
        raise TLStudioError("This run kept no photos for a final exam.", "Train again with a share for it.")
    features = frozen_features(Dataset(run.root, run.classes, run.samples), stored, emit=emit, token=token)
    now = _labels_now(features, dataset)
    emit(Progress("relearn", 0, 2))
    train, validation, test = _rows_of_parts(run, features)
    train_now, test = train[now[train] >= 0], test[now[test] >= 0]
    if not len(train_now) or not len(test):
        raise TLStudioError("Too few photos of this run are still in use.", "Bring some back, or train again.")
    old = known.heads if known else (None, None)
    n = len(run.classes)
    # The head of then can only be the same again.
    first = old[0] or fit_linear_head(features.vectors[train], features.labels[train], n)
    token.check()
    emit(Progress("relearn", 1, 2))
    second = fit_linear_head(features.vectors[train_now], now[train_now], n, start=old[1] or first)
    validation = validation[now[validation] >= 0]
    before = _judge(stored, features, first, now, validation, test)
    after = _judge(stored, features, second, now, validation, test)
    emit(Progress("relearn", 2, 2))
    changed = (now != features.labels) & (now >= 0)
    return Relearnt(
        before=before,
        after=after,
        paired=compare_answers([photo.right for photo in before.photos], [photo.right for photo in after.photos]),
        corrected=int(changed.sum()),
        left_out=int((now < 0).sum()),
        corrected_in_test=int(changed[test].sum()),
        heads=(first, second),
    )


def _rows_of_parts(
    run: Run, features: FrozenFeatures
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Rows of the features that were learnt from, checked on and kept for the exam; photos that are gone have none."""
    row = {sample.path: number for number, sample in enumerate(features.samples)}

    def rows(part: Sequence[int]) -> NDArray[np.int64]:
        return np.array([row[path] for number in part if (path := run.samples[number].path) in row], dtype=np.int64)

    return rows(run.split.train), rows(run.split.validation), rows(run.split.test)


def _labels_now(features: FrozenFeatures, dataset: Dataset) -> NDArray[np.int64]:
    """(n,) Class index of each photo of the run now; -1 where it isn't used any more."""
    index = {name: number for number, name in enumerate(features.classes)}
    label = {sample.path: sample.class_name for sample in dataset.samples}
    unknown = sorted(set(label.values()) - index.keys())
    if unknown:
        raise TLStudioError(
            f"This run doesn't know the class {unknown[0]}.", "Train again to compare with classes that came since."
        )
    return np.array([index.get(label.get(sample.path, ""), -1) for sample in features.samples], dtype=np.int64)


def _judge(
    stored: StoredRun,
    features: FrozenFeatures,
    head: LinearHead,
    labels: NDArray[np.int64],
    validation: NDArray[np.int64],
    test: NDArray[np.int64],
) -> Report:
    temperature = fit_temperature(head.scores(features.vectors[validation]), labels[validation])
    scores = calibrated(head.scores(features.vectors[test]), temperature)
    names = [features.samples[row].path for row in test]
    return build_report(stored.run.root, features.classes, names, labels[test], scores, temperature=temperature)
