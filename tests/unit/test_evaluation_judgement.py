"""What a judgement is taken with, cross-validation, thresholds, and what a run keeps of its scores."""

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tlstudio.datasets.dataset import Sample
from tlstudio.datasets.splits.split import Split, SplitConfig
from tlstudio.errors import TLStudioError
from tlstudio.evaluation.curves import AtThreshold
from tlstudio.evaluation.folds import CrossValidation, Fold, fold_splits, folds_sentence
from tlstudio.evaluation.judge import build_report
from tlstudio.evaluation.report import Report
from tlstudio.prediction.batch import PredictOptions, judged
from tlstudio.prediction.predictor import Predictor
from tlstudio.runs.run import SCHEMA, PhaseEnd, Run, Scores
from tlstudio.runs.scores import load_scores
from tlstudio.runs.store import SCORES_FILE, StoredRun
from tlstudio.runs.thresholds import THRESHOLDS_FILE, load_thresholds, save_thresholds
from tlstudio.serialization import from_json, to_json
from tlstudio.training.history import History
from tlstudio.training.recipes import config_for, spec_for
from tlstudio.ui.words.figures import (
    calibration_sentence,
    class_sentence,
    figures,
    gain_sentence,
    phase_lines,
    threshold_sentence,
)
from tlstudio.workflows.cautions import cautions

CLASSES = ("daisy", "rose")


def stored(folder: Path, digests: str = "abcdef", temperature: float = 1.0) -> StoredRun:
    """A run on six photos, the last two of which are the exam."""
    spec = spec_for("small_cnn", "none")
    samples = tuple(Sample(f"{number}.jpg", CLASSES[number % 2], 8, 8, digest) for number, digest in enumerate(digests))
    run = Run(
        SCHEMA, "run", "2026-01-01T00:00:00+00:00", "complete", "/photos", CLASSES, samples,
        Split((0, 1), (2, 3), (4, 5)), SplitConfig(), (), spec, "photo", "", config_for(spec), History(), None, None,
        {}, {}, temperature=temperature,
    )  # fmt: skip
    return StoredRun(folder, run)


def report_of(rows: list[tuple[int, int, int]], classes: tuple[str, ...] = CLASSES) -> Report:
    """A report of so many (label, answer, photos)."""
    labels = np.array([label for label, _, count in rows for _ in range(count)])
    answers = [answer for _, answer, count in rows for _ in range(count)]
    scores = np.full((len(labels), len(classes)), 0.1 / (len(classes) - 1), np.float32)
    scores[np.arange(len(labels)), answers] = 0.9
    return build_report("/photos", classes, [f"{n}.jpg" for n in range(len(labels))], labels, scores)


EVEN = [(0, 0, 20), (1, 1, 15), (1, 0, 5)]


def codes(run: StoredRun, report: Report, *others: StoredRun) -> list[str]:
    return [caution.code for caution in cautions(run, report, others)]


def test_nothing_is_the_matter_with_a_good_exam(tmp_path: Path) -> None:
    assert codes(stored(tmp_path), report_of(EVEN)) == []


def test_the_same_photo_in_exam_and_training_is_told(tmp_path: Path) -> None:
    (leak,) = cautions(stored(tmp_path, "abcdaf"), report_of(EVEN))
    assert leak.code == "leaks"
    assert leak.sentence.startswith("1 exam photo shows the same")
    assert codes(stored(tmp_path, "abcdee"), report_of(EVEN)) == [], "twice in the exam is no leak"


def test_an_exam_that_was_seen_while_choosing_is_told(tmp_path: Path) -> None:
    run = stored(tmp_path / "one")
    others = [stored(tmp_path / name) for name in ("two", "three")]
    assert codes(run, report_of(EVEN), run, *others[:1]) == [], "the run itself and one other are no choice"
    (seen,) = cautions(run, report_of(EVEN), [run, *others])
    assert (seen.code, seen.sentence) == ("seen", "2 other runs were judged on the same exam photos.")
    assert codes(run, report_of(EVEN), *(stored(tmp_path / name, "abcdxy") for name in "pqr")) == []


def test_uneven_classes_and_tiny_ones_are_told(tmp_path: Path) -> None:
    uneven = report_of([(0, 0, 60), (1, 1, 2), (1, 0, 2)])
    found = cautions(stored(tmp_path), uneven)
    assert [caution.code for caution in found] == ["unbalanced", "few"]
    assert "75 of 100 are right (balanced accuracy)" in found[0].advice
    assert found[1].sentence == "“rose” has fewer than 5 exam photos."


def test_reports_of_earlier_versions_open() -> None:
    report = report_of(EVEN)
    earlier = json.loads(to_json(report))
    for name in ("temperature", "uncalibrated"):
        del earlier[name]
    opened = from_json(json.dumps(earlier).encode(), Report)
    assert opened == report
    assert opened.balanced_accuracy == pytest.approx((1 + 0.75) / 2)
    assert (opened.top_k, opened.top_k_accuracy) == (1, report.accuracy)


def test_every_photo_is_in_the_exam_once_and_groups_stay_together() -> None:
    labels = [number % 3 for number in range(90)]
    groups = [[number, number + 3] for number in range(6)] + [[n] for n in range(12, 90)]
    groups = groups[:3] + [[n] for n in range(6, 12)] + groups[6:]
    splits = fold_splits(labels, ("a", "b", "c"), groups, 5, seed=3)
    assert Counter(photo for split in splits for photo in split.test) == dict.fromkeys(range(90), 1)
    for split in splits:
        assert sorted((*split.train, *split.validation, *split.test)) == list(range(90))
        for group in groups:
            assert len({part for part in (split.train, split.validation, split.test) if set(part) & set(group)}) == 1
        assert {labels[photo] for photo in split.test} == {0, 1, 2}, "each class is in each exam"
    assert splits == fold_splits(labels, ("a", "b", "c"), groups, 5, seed=3)


def test_too_few_photos_or_rounds_are_refused() -> None:
    labels = [0] * 20 + [1] * 3
    with pytest.raises(TLStudioError, match="“rose” has too few photos that differ to be checked 5 times over: 3"):
        fold_splits(labels, CLASSES, [[number] for number in range(23)], 5, seed=0)
    with pytest.raises(TLStudioError, match="too few"):
        fold_splits(labels, CLASSES, [[number] for number in range(23)], 2, seed=0)


def test_a_cross_validation_in_words() -> None:
    checked = CrossValidation((Fold(50, 45, 0.2), Fold(50, 40, 0.4)))
    assert checked.accuracy == 0.85
    assert checked.loss == pytest.approx(0.3)
    assert folds_sentence(checked) == (
        "Trained 2 times, each time judged on other photos, so that all 100 were judged once: 85 of 100 right; "
        "the rounds ranged from 80 to 90. Of 100 new photos, about 76 to 91 will be right."
    )


def test_thresholds_are_kept_beside_the_run(tmp_path: Path) -> None:
    assert load_thresholds(tmp_path) == {}
    save_thresholds(tmp_path, {"daisy": 0.8})
    assert load_thresholds(tmp_path) == {"daisy": 0.8}
    save_thresholds(tmp_path, {})
    assert not (tmp_path / THRESHOLDS_FILE).exists()


@pytest.mark.parametrize("content", ["", '{"schema": 9, "thresholds": {}}', '{"schema": 1, "thresholds": {"a": 2}}'])
def test_damaged_thresholds_are_said(tmp_path: Path, content: str) -> None:
    (tmp_path / THRESHOLDS_FILE).write_text(content, encoding="utf-8")
    with pytest.raises(TLStudioError):
        load_thresholds(tmp_path)


def test_scores_of_a_run_come_raw_and_at_its_temperature(tmp_path: Path) -> None:
    raw = np.array([[0.9, 0.1], [0.2, 0.8]], np.float32)
    np.savez(tmp_path / SCORES_FILE, validation=raw, test=raw[::-1])
    scores = load_scores(stored(tmp_path, temperature=2.0))
    assert scores.test.photos == (4, 5)
    assert scores.test.labels.tolist() == [0, 1]
    assert scores.validation.raw.tolist() == raw.tolist()
    assert scores.validation.scores[0] == pytest.approx([0.75, 0.25])


@pytest.mark.parametrize("shape", [None, (3, 2), (2, 3)])
def test_scores_that_do_not_fit_the_run_are_refused(tmp_path: Path, shape: tuple[int, int] | None) -> None:
    if shape is not None:
        np.savez(tmp_path / SCORES_FILE, validation=np.zeros(shape, np.float32), test=np.zeros(shape, np.float32))
    with pytest.raises(TLStudioError, match="missing or damaged"):
        load_scores(stored(tmp_path))


class _Half:
    """Says 0.8 and 0.2 of every photo."""

    def run(self, batch: np.ndarray) -> np.ndarray:
        return np.tile(np.array([[0.8, 0.2]], np.float32), (len(batch), 1))


def test_answers_are_given_at_the_temperature_and_raw_ones_stay_reachable() -> None:
    pictures = np.zeros((1, 8, 8, 3), np.uint8)
    predictor = Predictor(CLASSES, 8, [_Half()], temperature=2.0)
    assert predictor.compute(pictures)[0] == pytest.approx([2 / 3, 1 / 3])
    assert predictor.compute_raw(pictures)[0].tolist() == pytest.approx([0.8, 0.2])
    assert Predictor(CLASSES, 8, [_Half()]).compute(pictures)[0] == pytest.approx([0.8, 0.2])


def test_a_class_with_a_threshold_of_its_own_goes_by_it() -> None:
    scores = np.array([0.8, 0.2], dtype=np.float32)

    def status(options: PredictOptions) -> str:
        return judged("x.jpg", scores, None, CLASSES, options).status

    assert status(PredictOptions(threshold=0.5)) == "ok"
    assert status(PredictOptions(threshold=0.5, class_thresholds={"daisy": 0.9})) == "unsure"
    assert status(PredictOptions(threshold=0.9, class_thresholds={"daisy": 0.7})) == "ok"
    assert status(PredictOptions(threshold=0.5, class_thresholds={"rose": 0.9})) == "ok"


def test_phases_stand_side_by_side() -> None:
    ends = (PhaseEnd("head", Scores(0.8, 0.5), Scores(0.84, 0.4)), PhaseEnd("fine_tune", None, Scores(0.9, 0.3)))
    assert [(line.words, line.value) for line in phase_lines(ends)] == [
        ("Last layers alone", "exam 84.0 %, check 80.0 %"),
        ("After refining", "exam 90.0 %"),
    ]
    assert gain_sentence(ends) == "Refining brought 6 more of 100."
    assert gain_sentence(ends[::-1]) == "Refining cost 6 of 100."
    assert gain_sentence((ends[0], ends[0])) == "Refining brought nothing here."
    assert phase_lines(ends[:1]) == ()
    assert gain_sentence(ends[:1]) == ""


def test_a_class_in_words_with_its_uncertainty() -> None:
    assert class_sentence(report_of(EVEN), 1) == (
        "Of 100 photos of rose, about 53 to 89 are found; of 100 called so, about 79 to 100 are right "
        "(95 % Wilson intervals, 20 and 15 photos)."
    )
    assert class_sentence(report_of([(0, 0, 3)]), 1) == "No exam photo is of rose."


def test_figures_in_words() -> None:
    report = report_of(EVEN)
    assert {figure.term for figure in figures(report)} >= {"accuracy", "baseline", "balanced accuracy", "macro-F1"}
    assert "Nothing was adjusted" in calibration_sentence(report)
    adjusted = replace(
        report_of(EVEN), temperature=2.0, uncalibrated=build_report(
            "/", CLASSES, ["1"], np.array([0]), np.array([[0.7, 0.3]], np.float32), temperature=2.0
        ).uncalibrated,
    )  # fmt: skip
    assert "the network is surer than it is right" in calibration_sentence(adjusted)


def test_a_threshold_in_words() -> None:
    found, none = AtThreshold(called=40, right=39, own=50), AtThreshold(0, 0, 5)
    assert (
        threshold_sentence("fern", 0.8, found)
        == "Of 100 photos called fern, 98 are; of 100 photos of fern, 78 are found."
    )
    assert threshold_sentence("fern", 1, none) == "No exam photo is called fern with 100 % or more."
