"""What one pass over photos says, whatever is wrong with some; test_answer_store.py has what is kept of it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tlstudio.errors import TLStudioError
from tlstudio.events import Batch, CancelToken, Event, Progress, ignore_events
from tlstudio.modeling.engine import BATCH
from tlstudio.prediction.answer_store import AnswerStore
from tlstudio.prediction.answering import Answerer, answer_files
from tlstudio.prediction.answering_model import AnsweringModel
from tlstudio.prediction.batch import PredictOptions, find_files, judged
from tlstudio.prediction.prediction import BatchSummary, Prediction
from tlstudio.prediction.predictor import Predictor

CLASSES = ("blue", "green", "red")

Ask = Callable[..., tuple[BatchSummary, list[Prediction]]]


class Reddish:
    """Scores a photo by how red it is, whatever stands beside it in the batch."""

    def run(self, batch: NDArray[Any]) -> NDArray[np.float32]:
        red = batch[..., 0].mean(axis=(1, 2)) / 255
        return np.stack([(1 - red) / 2, (1 - red) / 2, red], axis=1).astype(np.float32)


@pytest.fixture
def predictor() -> Predictor:
    return Predictor(CLASSES, 8, [Reddish()])


@pytest.fixture
def ask(tmp_path: Path, predictor: Predictor) -> Ask:
    """``ask(*inputs, options=..., token=..., by=...)`` asks about folders and files, each time with nothing known."""
    models = iter(range(1000))

    def run(
        *inputs: Path,
        options: PredictOptions | None = None,
        token: CancelToken | None = None,
        by: Predictor = predictor,
        emit: Callable[[Event], None] = ignore_events,
    ) -> tuple[BatchSummary, list[Prediction]]:
        answers: list[Prediction] = []

        def collect(event: Event) -> None:
            emit(event)
            if isinstance(event, Batch):
                answers.extend(item for item in event.items if isinstance(item, Prediction))

        token = token or CancelToken()
        store = AnswerStore(tmp_path / "store")
        record = store.batch_of(AnsweringModel(f"model {next(models)}", "run", CLASSES), inputs)
        with store.opened(record.id) as batch:
            batch.list_again(emit=emit, token=token)
            answerer = Answerer(CLASSES, 8, lambda: by)
            summary = answer_files(batch, answerer, options or PredictOptions(), emit=collect, token=token)
        assert store.batch(record.id).summary == summary, "the accounting is kept with the answers"
        return summary, answers

    return run


@pytest.fixture
def tree(tmp_path: Path, photos_factory: Callable[..., list[Path]]) -> Path:
    root = tmp_path / "tree"
    photos_factory(root / "a", 20, kind=0, size=(10, 8))
    photos_factory(root / "b" / "deep", 17, kind=1, size=(10, 8))
    (root / "a" / "photo_003.jpg").write_bytes(b"")
    (root / "b" / "notes.txt").write_text("words", encoding="utf-8")
    (root / ".hidden.jpg").write_bytes(b"x")
    return root


def test_one_answer_a_photo_in_order(ask: Ask, tree: Path) -> None:
    summary, answers = ask(tree)
    paths = [answer.path for answer in answers]
    assert paths == sorted(paths)
    assert len(set(paths)) == len(paths) == 37
    assert summary.found == 37 == summary.classified + summary.unsure + summary.unreadable + summary.skipped
    assert (summary.unreadable, summary.skipped, summary.ignored, summary.known) == (1, 0, 2, 0)
    (broken,) = [answer for answer in answers if answer.status == "unreadable"]
    assert (Path(broken.path).name, broken.error, broken.top) == ("photo_003.jpg", "Empty file.", ())
    assert (broken.label, broken.score) == ("", 0.0)


def test_answers_belong_to_their_photos(ask: Ask, tree: Path) -> None:
    _, answers = ask(tree)
    assert {answer.label for answer in answers if "/a/" in answer.path and answer.top} == {"red"}
    alone = [ask(Path(answer.path))[1][0] for answer in answers[::6]]
    assert alone == answers[::6]


def test_answers_name_the_best_classes_and_are_unsure_below_the_threshold(ask: Ask, tree: Path) -> None:
    photo = tree / "a" / "photo_000.jpg"
    _, (sure,) = ask(photo, options=PredictOptions(top=2, threshold=0.0))
    assert [name for name, _ in sure.top] == ["red", "blue"], "of equals the first"
    assert sure.score >= sure.top[1][1]
    _, (exactly,) = ask(photo, options=PredictOptions(threshold=sure.score))
    assert (exactly.status, exactly.reason) == ("ok", "")
    summary, (unsure,) = ask(photo, options=PredictOptions(threshold=1.0))
    assert (unsure.status, unsure.reason, unsure.label) == ("unsure", "score", "red")
    assert (summary.unsure, summary.classified) == (1, 0)


@pytest.mark.parametrize(
    ("novelty", "most", "threshold", "reason"),
    [
        (0.96, 0.95, 0.0, "unlike"),
        (0.96, 0.95, 1.0, "unlike"),
        (0.95, 0.95, 0.0, ""),
        (1.0, 1.0, 0.0, ""),
        (None, 0.0, 1.0, "score"),
        (0.2, 0.95, 0.0, ""),
    ],
)
def test_what_is_unlike_everything_learnt_is_unsure_however_high_its_score(
    novelty: float | None, most: float, threshold: float, reason: str
) -> None:
    scores = np.array([0.1, 0.0, 0.9], dtype=np.float32)
    answer = judged("x.jpg", scores, novelty, CLASSES, PredictOptions(threshold=threshold, most_unlike=most))
    assert (answer.status, answer.reason) == ("unsure" if reason else "ok", reason)
    assert (answer.label, answer.novelty) == ("red", novelty)


@pytest.mark.parametrize("count", [1, BATCH - 1, BATCH, BATCH + 1, 2 * BATCH])
def test_any_number_of_photos_is_answered(
    ask: Ask, tmp_path: Path, photos_factory: Callable[..., list[Path]], count: int
) -> None:
    photos_factory(tmp_path / "photos", count, size=(8, 8))
    summary, answers = ask(tmp_path / "photos")
    assert summary.found == len(answers) == count


def test_a_stop_keeps_what_was_answered(ask: Ask, tree: Path) -> None:
    token = CancelToken()
    engine = Reddish()

    class StopsAfterOneBatch:
        def run(self, batch: NDArray[Any]) -> NDArray[np.float32]:
            token.cancel()
            return engine.run(batch)

    summary, answers = ask(tree, token=token, by=Predictor(CLASSES, 8, [StopsAfterOneBatch()]))
    assert 0 < len(answers) < 37
    answered = summary.classified + summary.unsure + summary.unreadable
    assert answered == len(answers)
    assert summary.skipped == summary.found - answered > 0


def test_progress_ends_at_the_number_of_files(ask: Ask, tree: Path) -> None:
    seen: list[Event] = []
    ask(tree, emit=seen.append)
    progress = [event for event in seen if isinstance(event, Progress)]
    assert (progress[-1].stage, progress[-1].done, progress[-1].total) == ("predict", 38, 38)


def test_folders_that_can_not_be_opened_are_answers_too(ask: Ask, tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tlstudio.datasets import walk

    real = walk._children

    def locked(root: Path, folder: walk._Folder) -> list[walk.Found | walk._Folder]:
        if folder.path == "b":
            raise PermissionError(13, "Permission denied")
        return real(root, folder)

    monkeypatch.setattr(walk, "_children", locked)
    summary, answers = ask(tree)
    assert answers[-1].path == str(tree / "b")
    assert (answers[-1].status, "can't be looked into" in answers[-1].error) == ("unreadable", True)
    assert (summary.found, summary.unreadable, summary.skipped) == (21, 2, 0)


def test_what_is_named_twice_is_answered_once(ask: Ask, tree: Path) -> None:
    summary, answers = ask(tree, tree / "a", tree / "a" / "photo_000.jpg")
    assert summary.found == len(answers) == 37


def test_an_input_that_is_not_there_is_an_error_for_people(ask: Ask, tmp_path: Path) -> None:
    with pytest.raises(TLStudioError, match="nowhere"):
        find_files([tmp_path / "nowhere"])
    with pytest.raises(TLStudioError, match="nowhere"):
        ask(tmp_path / "nowhere")


def test_options_without_sense_are_errors_for_people() -> None:
    with pytest.raises(TLStudioError, match="At least 1 class"):
        PredictOptions(top=0)
    for threshold in (-0.1, 1.1, float("nan")):
        with pytest.raises(TLStudioError, match="between 0 and 1"):
            PredictOptions(threshold=threshold)


def test_decoding_stops_when_nobody_asks_on(predictor: Predictor, tree: Path) -> None:
    answers = predictor.scores(find_files([tree]), token=CancelToken())
    next(answers)
    del answers  # the guard against leaked threads looks after the test
