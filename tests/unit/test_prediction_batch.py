from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tlstudio.errors import TLStudioError
from tlstudio.events import Batch, CancelToken, Event, Progress, ignore_events
from tlstudio.modeling.engine import BATCH
from tlstudio.prediction.batch import Found, PredictOptions, find_files, predict_files
from tlstudio.prediction.prediction import BatchSummary, Prediction
from tlstudio.prediction.predictor import Predictor

CLASSES = ("blue", "green", "red")


class Reddish:
    """Scores a photo by how red it is, whatever stands beside it in the batch."""

    def run(self, batch: NDArray[Any]) -> NDArray[np.float32]:
        red = batch[..., 0].mean(axis=(1, 2)) / 255
        return np.stack([(1 - red) / 2, (1 - red) / 2, red], axis=1).astype(np.float32)


@pytest.fixture
def predictor() -> Predictor:
    return Predictor(CLASSES, 8, [Reddish()])


def run(
    predictor: Predictor, found: Found, options: PredictOptions | None = None, token: CancelToken | None = None
) -> tuple[BatchSummary, list[Prediction]]:
    answers: list[Prediction] = []

    def collect(event: Event) -> None:
        if isinstance(event, Batch):
            answers.extend(item for item in event.items if isinstance(item, Prediction))

    token = token or CancelToken()
    summary = predict_files(predictor, found, options or PredictOptions(), emit=collect, token=token)
    return summary, answers


@pytest.fixture
def tree(tmp_path: Path, photos_factory: Callable[..., list[Path]]) -> Path:
    root = tmp_path / "tree"
    photos_factory(root / "a", 20, kind=0, size=(10, 8))
    photos_factory(root / "b" / "deep", 17, kind=1, size=(10, 8))
    (root / "a" / "photo_003.jpg").write_bytes(b"")
    (root / "b" / "notes.txt").write_text("words", encoding="utf-8")
    (root / ".hidden.jpg").write_bytes(b"x")
    return root


def test_one_answer_a_photo_in_order(predictor: Predictor, tree: Path) -> None:
    summary, answers = run(predictor, find_files([tree]))
    paths = [answer.path for answer in answers]
    assert paths == sorted(paths)
    assert len(set(paths)) == len(paths) == 37
    assert summary.found == 37 == summary.classified + summary.unsure + summary.unreadable + summary.skipped
    assert (summary.unreadable, summary.skipped, summary.ignored) == (1, 0, 2)
    (broken,) = [answer for answer in answers if answer.status == "unreadable"]
    assert (Path(broken.path).name, broken.error, broken.top) == ("photo_003.jpg", "Empty file.", ())
    assert (broken.label, broken.score) == ("", 0.0)


def test_answers_belong_to_their_photos(predictor: Predictor, tree: Path) -> None:
    _, answers = run(predictor, find_files([tree]))
    assert {answer.label for answer in answers if "/a/" in answer.path and answer.top} == {"red"}
    alone = [run(predictor, find_files([Path(answer.path)]))[1][0] for answer in answers[::6]]
    assert alone == answers[::6]


def test_answers_name_the_best_classes_and_are_unsure_below_the_threshold(predictor: Predictor, tree: Path) -> None:
    found = find_files([tree / "a" / "photo_000.jpg"])
    _, (sure,) = run(predictor, found, PredictOptions(top=2, threshold=0.0))
    assert [name for name, _ in sure.top] == ["red", "blue"], "of equals the first"
    assert sure.score >= sure.top[1][1]
    _, (exactly,) = run(predictor, found, PredictOptions(threshold=sure.score))
    assert exactly.status == "ok"
    summary, (unsure,) = run(predictor, found, PredictOptions(threshold=1.0))
    assert (unsure.status, unsure.label, summary.unsure, summary.classified) == ("unsure", "red", 1, 0)


@pytest.mark.parametrize("count", [1, BATCH - 1, BATCH, BATCH + 1, 2 * BATCH])
def test_any_number_of_photos_is_answered(
    predictor: Predictor, tmp_path: Path, photos_factory: Callable[..., list[Path]], count: int
) -> None:
    photos_factory(tmp_path / "photos", count, size=(8, 8))
    summary, answers = run(predictor, find_files([tmp_path / "photos"]))
    assert summary.found == len(answers) == count


def test_a_stop_keeps_what_was_answered(tree: Path) -> None:
    token = CancelToken()
    engine = Reddish()

    class StopsAfterOneBatch:
        def run(self, batch: NDArray[Any]) -> NDArray[np.float32]:
            token.cancel()
            return engine.run(batch)

    summary, answers = run(Predictor(CLASSES, 8, [StopsAfterOneBatch()]), find_files([tree]), token=token)
    assert 0 < len(answers) < 37
    answered = summary.classified + summary.unsure + summary.unreadable
    assert answered == len(answers)
    assert summary.skipped == summary.found - answered > 0


def test_progress_ends_at_the_number_of_files(predictor: Predictor, tree: Path) -> None:
    seen: list[Event] = []
    predict_files(predictor, find_files([tree]), PredictOptions(), emit=seen.append, token=CancelToken())
    progress = [event for event in seen if isinstance(event, Progress)]
    assert (progress[-1].done, progress[-1].total) == (38, 38)


def test_folders_that_can_not_be_opened_are_answers_too(predictor: Predictor) -> None:
    found = Found((), ((Path("/photos/locked"), "You may not open it."),), 0)
    summary, (answer,) = run(predictor, found)
    assert (answer.status, answer.error) == ("unreadable", "You may not open it.")
    assert (summary.found, summary.unreadable, summary.skipped) == (1, 1, 0)


def test_an_input_that_is_not_there_is_an_error_for_people(tmp_path: Path) -> None:
    with pytest.raises(TLStudioError, match="nowhere"):
        find_files([tmp_path / "nowhere"])


def test_options_without_sense_are_errors_for_people() -> None:
    with pytest.raises(TLStudioError, match="At least 1 class"):
        PredictOptions(top=0)
    for threshold in (-0.1, 1.1, float("nan")):
        with pytest.raises(TLStudioError, match="between 0 and 1"):
            PredictOptions(threshold=threshold)


def test_decoding_stops_when_nobody_asks_on(predictor: Predictor, tree: Path) -> None:
    answers = predictor.scores(find_files([tree]).candidates, token=CancelToken())
    next(answers)
    del answers  # the guard against leaked threads looks after the test


def test_emit_may_be_deaf(predictor: Predictor, tree: Path) -> None:
    found = find_files([tree])
    assert predict_files(predictor, found, PredictOptions(), emit=ignore_events, token=CancelToken()).found == 37
