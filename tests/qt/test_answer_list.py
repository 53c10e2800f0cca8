"""All answers of the Predict tab: what is kept of them, which of them are shown, and in which order."""

import random
from pathlib import Path

import numpy as np
import pytest

from tlstudio.prediction.batch import judged
from tlstudio.prediction.prediction import BatchSummary, Prediction, Reason
from tlstudio.ui.tabs.predict.answers.answer_list import AnswerList
from tlstudio.ui.tabs.predict.answers.answer_order import AnswerOrder, Filter, Sort, name_key
from tlstudio.ui.tabs.predict.answers.answers import NONE_OF_THEM, Answers
from tlstudio.ui.tabs.predict.folders.photo_batch import BatchState, PhotoBatch
from tlstudio.ui.tabs.predict.folders.retelling import Retelling
from tlstudio.ui.tabs.predict.folders.stored_batches import OPTIONS

CLASSES = ("tulips", "daisy", "roses")


def answer(path: str, label: str = "", score: float = 0.0, *, unlike: bool = False) -> Prediction:
    if not label:
        return Prediction(path, "unreadable", error="Cut short")
    rest = tuple((name, (1 - score) / 2) for name in CLASSES if name != label)
    reason: Reason = "unlike" if unlike else ""
    return Prediction(path, "unsure" if unlike else "ok", ((label, score), *rest), reason=reason, novelty=0.25)


MEADOW = (
    answer("/m/IMG_10.JPG", "roses", 0.9),
    answer("/m/plot/img_9.jpg", "daisy", 0.4),
    answer("/m/plot/deep/IMG_1.JPG", "daisy", 0.8),
    answer("/m/plot 2/IMG_2.JPG"),
    answer("/m/plot 2/IMG_3.JPG", "tulips", 0.95, unlike=True),
)
ROADSIDE = (answer("/r/a.jpg", "roses", 0.6), answer("/r/b.jpg", "tulips", 0.45))


def batch_of(folder: str, *answers: Prediction) -> PhotoBatch:
    batch = PhotoBatch([Path(folder)], CLASSES)
    batch.answers.append(answers)
    return batch


@pytest.fixture
def batches() -> tuple[PhotoBatch, PhotoBatch]:
    return batch_of("/m", *MEADOW), batch_of("/r", *ROADSIDE)


@pytest.fixture
def answers(batches: tuple[PhotoBatch, PhotoBatch]) -> AnswerList:
    made = AnswerList(0.5)
    made.clear(CLASSES)
    for batch in batches:
        made.append(batch, range(len(batch.answers)))
    return made


def shown(answers: AnswerList, sort: Sort = Sort(), wanted: Filter = Filter()) -> list[str]:  # noqa: B008 - frozen
    order = AnswerOrder(answers)
    order.sort, order.filter = sort, wanted
    order.renew()
    return [answers.name(position) for position in order.shown()]


def test_what_was_said_is_kept() -> None:
    kept = Answers(CLASSES)
    kept.append(MEADOW)
    for place, told in enumerate(MEADOW):
        again = kept.prediction(place, 0.0)
        assert (again.path, again.status, again.error, again.reason) == (
            told.path, told.status, told.error, told.reason,
        )  # fmt: skip
        assert [name for name, _ in again.top] == [name for name, _ in told.top]
        assert [score for _, score in again.top] == pytest.approx([score for _, score in told.top])
    assert kept.prediction(0, 0.0).novelty == 0.25
    assert kept.prediction(1, 0.5).reason == "score"


def test_each_answer_has_one_state(answers: AnswerList) -> None:
    assert answers.counts() == {"sure": 3, "unsure": 2, "unlike": 1, "unreadable": 1}
    assert answers.judge(0.85)
    assert answers.counts() == {"sure": 1, "unsure": 4, "unlike": 1, "unreadable": 1}
    assert not answers.judge(0.86)


def test_what_is_unlike_is_judged_by_its_score_where_it_is_not_held_back(
    answers: AnswerList, batches: tuple[PhotoBatch, PhotoBatch]
) -> None:
    batch = batches[0]
    batch.answers.hold_back = False
    assert answers.judge(0.5)
    assert answers.counts() == {"sure": 4, "unsure": 2, "unlike": 0, "unreadable": 1}
    assert (answers.row(4).state, batch.answers.prediction(4, 0.5).status) == ("sure", "ok")
    assert batch.answers.prediction(4, 0.96).reason == "score"
    assert not batch.answers.emptied().hold_back
    batch.answers.hold_back = True
    assert answers.judge(0.5)
    assert batch.answers.prediction(4, 0.5).reason == "unlike"


def test_nine_answers_are_kept_where_there_are_as_many_classes() -> None:
    names = tuple(f"class {number}" for number in range(12))
    scores = np.linspace(0.2, 0.01, 12, dtype=np.float32)
    made = Answers(names)
    made.append([judged("/m/1.jpg", scores, None, names, OPTIONS)])
    assert [index for index, _ in made.best(0)] == list(range(9))
    assert [name for name, _ in made.prediction(0, 0.1).top] == list(names[:9])
    assert Answers(names[:3]).top == 3


def test_a_class_has_its_own_threshold() -> None:
    batch = PhotoBatch([Path("/m")], CLASSES, {"roses": 0.95, "daisy": 0.3})
    batch.answers.append(MEADOW)
    made = AnswerList(0.5)
    made.append(batch, range(5))
    assert [made.row(position).state for position in range(5)] == ["unsure", "sure", "sure", "unreadable", "unlike"]


@pytest.mark.parametrize(
    ("sort", "names"),
    [
        (Sort("came", descending=True), "b.jpg a.jpg IMG_3.JPG IMG_2.JPG IMG_1.JPG img_9.jpg IMG_10.JPG"),
        (Sort("file"), "a.jpg b.jpg IMG_1.JPG IMG_2.JPG IMG_3.JPG img_9.jpg IMG_10.JPG"),
        (Sort("folder"), "IMG_10.JPG img_9.jpg IMG_2.JPG IMG_3.JPG IMG_1.JPG a.jpg b.jpg"),
        (Sort("class"), "IMG_1.JPG img_9.jpg IMG_10.JPG a.jpg IMG_3.JPG b.jpg IMG_2.JPG"),
        (Sort("score"), "IMG_2.JPG img_9.jpg b.jpg a.jpg IMG_1.JPG IMG_10.JPG IMG_3.JPG"),
        (Sort("state"), "IMG_10.JPG IMG_1.JPG a.jpg b.jpg img_9.jpg IMG_3.JPG IMG_2.JPG"),
    ],
)
def test_orders(answers: AnswerList, sort: Sort, names: str) -> None:
    assert shown(answers, sort) == names.split()


def test_filters_narrow_together(answers: AnswerList) -> None:
    places = {place.words: (place, count) for place, count in answers.places()}
    assert {words: count for words, (_, count) in places.items()} == {
        "m": 5, "m / plot": 2, "m / plot / deep": 1, "m / plot 2": 2, "r": 2,
    }  # fmt: skip
    plot = places["m / plot"][0]
    assert shown(answers, wanted=Filter(place=plot)) == ["img_9.jpg", "IMG_1.JPG"]
    assert shown(answers, wanted=Filter(place=plot, state="unsure")) == ["img_9.jpg"]
    assert shown(answers, wanted=Filter(class_index=CLASSES.index("tulips"))) == ["IMG_3.JPG", "b.jpg"]
    assert shown(answers, wanted=Filter(words=" IMG_1")) == ["IMG_10.JPG", "IMG_1.JPG"]
    assert shown(answers, wanted=Filter(place=places["r"][0])) == ["a.jpg", "b.jpg"]
    assert answers.class_counts() == [2, 2, 2]


@pytest.mark.parametrize("key", ["came", "file", "folder", "class", "score", "state"])
@pytest.mark.parametrize("descending", [False, True])
def test_answers_that_come_later_stand_where_sorting_all_would_put_them(key: str, descending: bool) -> None:
    chance = random.Random(key)  # noqa: S311 - no secret
    batch = PhotoBatch([Path("/m")], CLASSES)
    made = AnswerList(0.6)
    made.clear(CLASSES)
    order = AnswerOrder(made)
    order.sort = Sort(key, descending)  # type: ignore[arg-type]
    for _ in range(12):
        first = len(batch.answers)
        for _ in range(chance.randrange(9)):
            label = chance.choice(("", *CLASSES))
            path = f"/m/{chance.choice('abC')}/{chance.choice('xY')}{chance.randrange(30)}.jpg"
            batch.answers.append([answer(path, label, chance.randrange(4, 9) / 10, unlike=chance.random() < 0.2)])
        order.add(made.append(batch, range(first, len(batch.answers))).start)
    step_by_step = order.shown()
    order.renew()
    assert step_by_step == order.shown()
    assert len(step_by_step) == len(batch.answers)


def test_a_batch_that_goes_leaves_the_others_where_they_are(
    answers: AnswerList, batches: tuple[PhotoBatch, PhotoBatch]
) -> None:
    answers.remove(batches[0])
    assert shown(answers) == ["a.jpg", "b.jpg"]
    assert answers.counts() == {"sure": 1, "unsure": 1, "unlike": 0, "unreadable": 0}
    assert answers.locate(6) == (batches[1], 1)
    answers.judge(0.1)
    assert shown(answers) == ["a.jpg", "b.jpg"]
    assert [place.words for place, _ in answers.places()] == ["r"]
    answers.append(batches[0], range(5))
    assert len(shown(answers)) == 7


def test_a_persons_word_stands_for_the_models(answers: AnswerList, batches: tuple[PhotoBatch, PhotoBatch]) -> None:
    meadow = batches[0]
    meadow.answers.decide(4, CLASSES.index("daisy"))
    meadow.answers.decide(0, NONE_OF_THEM)
    for place in (0, 4):
        answers.refresh(meadow, place)
    assert answers.counts() == {"sure": 3, "unsure": 3, "unlike": 0, "unreadable": 1}
    row = answers.row(4)
    assert (row.class_name, row.state, row.decided) == ("daisy", "sure", True)
    told = meadow.answers.prediction(4, 0.99)
    assert (told.status, told.label, told.reason) == ("ok", "daisy", "")
    assert answers.row(0).class_name == "None of these"
    assert meadow.answers.prediction(0, 0.0).status == "unsure"
    meadow.answers.decide(4, None)
    answers.refresh(meadow, 4)
    assert answers.row(4).state == "unlike"


def test_answers_that_are_told_again_stay_where_they_are(batches: tuple[PhotoBatch, PhotoBatch]) -> None:
    kept = batches[0].answers
    again = Retelling(kept)
    changed = answer("/m/plot/deep/IMG_1.JPG", "tulips", 0.7)
    told = again.take([*MEADOW[:2], changed, answer("/m/new.jpg", "daisy", 0.9)])
    assert (told.added, told.changed) == (range(5, 6), (2,))
    told = again.take([MEADOW[4]])
    assert (told.added, told.changed) == (range(6, 6), ())
    assert again.untold() == [3]
    assert kept.prediction(2, 0.0).label == "tulips"
    kept.decide(4, CLASSES.index("roses"))
    rest = kept.emptied()
    rest.take_from(kept, [place for place in range(len(kept)) if place not in again.untold()])
    assert rest.prediction(3, 0.0).label == "roses"
    assert [rest.name(place) for place in range(len(rest))] == [
        "IMG_10.JPG", "img_9.jpg", "IMG_1.JPG", "IMG_3.JPG", "new.jpg",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("state", "found", "unreached"),
    [("running", None, 0), ("stopped", 9, 4), ("interrupted", 9, 4), ("waiting", 9, 4), ("done", 9, 0)],
)
def test_photos_that_were_not_reached_are_counted_until_it_is_done(
    batches: tuple[PhotoBatch, PhotoBatch], state: BatchState, found: int | None, unreached: int
) -> None:
    meadow = batches[0]
    meadow.end(state, BatchSummary(9, 3, 1, 1, 4, 1.0, 1.0, 0))
    assert (meadow.found, meadow.unreached) == (found, unreached)
    if state == "stopped":
        meadow.answers.append(answer(f"/m/later {number}.jpg", "roses", 0.9) for number in range(6))
        assert (meadow.found, meadow.unreached) == (11, 0), "some that are shown were not told again before the stop"


def test_names_of_photos_sort_by_their_numbers() -> None:
    names = ["IMG_10.jpg", "img_9.JPG", "a2b10.jpg", "a2b9.jpg", "9.jpg", "10.jpg"]
    assert sorted(names, key=name_key) == ["9.jpg", "10.jpg", "a2b9.jpg", "a2b10.jpg", "img_9.JPG", "IMG_10.jpg"]
