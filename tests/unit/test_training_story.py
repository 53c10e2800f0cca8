"""Where a training is, how long it takes and what is said of it: all without Qt."""

import pytest

from tlstudio.events import BatchEnded, ClassesChecked, EpochEnded, Event, Notice, PhaseStarted, Progress
from tlstudio.training.config import Phase
from tlstudio.ui.tabs.training.training_estimate import ShareDone, photos_a_second, seconds_left
from tlstudio.ui.tabs.training.training_progress import TrainingProgress
from tlstudio.ui.tabs.training.training_story import Story, Subject, of_100, verdict
from tlstudio.ui.words.time_left import TimeLeft, in_words, rounded, stamp

HEAD = Phase("head", 40, 1e-3)
REFINE = Phase("fine_tune", 10, 1e-5)
SUBJECT = Subject("MobileNet V2", 850, 5)


def epoch(
    number: int, right: float, *, learnt: float = 0.9, loss: float = 0.5, best: bool = True, phase: int = 0
) -> EpochEnded:
    return EpochEnded(phase, number, loss, learnt, loss, right, 1.0, 1e-3, best)


def progress(*events: tuple[float, Event], phases: tuple[Phase, ...] = (HEAD,)) -> TrainingProgress:
    made = TrainingProgress(phases, 600)
    for moment, event in events:
        made.take(event, moment)
    return made


def reading(began: float = 1.0, ended: float = 6.0) -> list[tuple[float, Event]]:
    return [(began, Progress("features", 0, 850)), (ended, Progress("features", 850, 850))]


def learning(*epochs: EpochEnded, phases: tuple[Phase, ...] = (HEAD,)) -> TrainingProgress:
    first = PhaseStarted(0, phases[0].name, phases[0].epochs, 19)
    rounds = [(8.0 + number, event) for number, event in enumerate(epochs)]
    return progress(*reading(), (7.0, first), *rounds, phases=phases)


@pytest.mark.parametrize(
    ("seconds", "said"), [(0.2, 1), (7.4, 7), (13, 15), (58, 60), (77, 80), (599, 600), (700, 720), (5000, 4980)]
)
def test_times_are_rounded_the_coarser_the_longer(seconds: float, said: int) -> None:
    assert rounded(seconds) == said


def test_times_in_words() -> None:
    assert [in_words(seconds) for seconds in (15, 60, 80, 7500)] == ["15 s", "1 min", "1 min 20 s", "2 h 5 min"]
    assert stamp(75.9) == "1:15"


def test_the_time_left_waits_three_seconds_and_never_jumps_up() -> None:
    shown = TimeLeft()
    assert shown.update(40, 2.9) is None
    assert shown.update(40, 3.0) == 40
    assert shown.update(44, 4.1) == 40, "a rise of one step is noise"
    assert shown.update(200, 5.0) == 45
    assert shown.update(200, 5.5) == 45, "one step a second"
    assert shown.update(200, 6.1) == 50
    assert shown.update(12, 6.2) == 10, "it may fall at once"


def test_the_time_left_is_forgotten_when_nobody_knows_any_more() -> None:
    shown = TimeLeft()
    shown.update(20, 4)
    assert shown.update(None, 8) == 20
    assert shown.update(None, 13) is None


def test_reading_tells_its_speed_and_the_time_left() -> None:
    state = progress((1.0, Progress("features", 0, 850)), (3.0, Progress("features", 280, 850)))
    assert photos_a_second(state, 3.0) == pytest.approx(140)
    assert seconds_left(state, 3.0) == pytest.approx(570 / 140 + 40 * 600 * 1e-4 + 0.5)
    said = verdict(state, SUBJECT, 3.0)
    assert said.headline == "Reading your photos"
    assert said.sentence == "280 of 850 read, 140 a second. Each is read only once."


def test_a_wait_for_the_engine_does_not_count_as_reading() -> None:
    state = progress(
        (1.0, Progress("features", 0, 850)), (9.0, Progress("engine", 8, 0)), (11.0, Progress("features", 280, 850))
    )
    assert photos_a_second(state, 11.0) == pytest.approx(140)


def test_rounds_are_measured_without_the_slow_first_one() -> None:
    state = learning(epoch(0, 0.5), epoch(1, 0.6))
    assert seconds_left(state, 9.0) == pytest.approx(38 * 1.0 + 0.5)


def test_within_the_first_round_the_batches_tell() -> None:
    state = learning()
    state.take(BatchEnded(0, 0, 1, 19, 1.0, 0.5), 9.0)
    assert seconds_left(state, 9.0) is None
    state.take(BatchEnded(0, 0, 11, 19, 1.0, 0.5), 10.0)
    assert seconds_left(state, 10.0) == pytest.approx(40 * 1.9 * 1.2 - 3.0 + 0.5)


def test_the_share_never_falls() -> None:
    state, share = learning(epoch(0, 0.5), epoch(1, 0.6)), ShareDone()
    before = share.update(state, 9.0) or 0
    state.take(EpochEnded(0, 2, 0.4, 0.9, 0.4, 0.7, 30.0, 1e-3, best=True), 40.0)
    assert (share.update(state, 40.0) or 0) >= before > 0


def test_numbers_in_sentences_are_of_100() -> None:
    assert [of_100(share) for share in (0, 0.914, 0.999, 1)] == [0, 91, 99, 100]


def test_still_learning_looks_ten_seconds_back() -> None:
    state = learning(*(epoch(number, 0.5 + number / 100) for number in range(30)))
    said = verdict(state, SUBJECT, 37.0)
    assert said.headline == "Still learning"
    assert said.sentence == "Of the photos it has not learnt from, it now gets 79 of 100 right. Ten seconds ago: 69."


def test_it_says_when_it_no_longer_gets_better() -> None:
    state = learning(epoch(0, 0.8), *(epoch(number, 0.8, best=False) for number in (1, 2, 3, 4)))
    said = verdict(state, SUBJECT, 12.0)
    assert (said.headline, said.sentence) == (
        "It has stopped getting better",
        "The best round was 1; that one is kept. It ends by itself after 1 more round like this.",
    )


def test_it_says_when_the_photos_are_learnt_by_heart() -> None:
    state = learning(epoch(0, 0.8), *(epoch(number, 0.78, learnt=0.99, best=False) for number in (1, 2, 3)))
    said = verdict(state, SUBJECT, 12.0)
    assert said.headline == "It is learning the photos by heart"
    assert said.sentence.startswith("99 of 100 it learnt from are right, but only 78 of 100 others.")


def test_it_says_when_the_error_grows() -> None:
    state = learning(*(epoch(number, 0.5, loss=0.5 * 2**number, best=number == 0) for number in range(4)))
    said = verdict(state, SUBJECT, 12.0)
    assert said.headline == "The steps are too large"
    assert said.sentence.endswith("A lower learning rate helps.")


def test_a_diagnosis_is_told_once_and_not_in_every_round() -> None:
    state, story = learning(epoch(0, 0.8)), Story(SUBJECT)
    for number in range(1, 30):
        state.take(epoch(number, 0.8, best=False), 8.0 + number)
        story.follow(state, 8.0 + number)
    said = [entry.words for entry in story.entries]
    assert said.count("It has stopped getting better.") == 1


def test_a_class_that_is_never_found_is_named() -> None:
    phases = (HEAD,)
    subject = Subject("MobileNet V2", 850, 3, ("daisy", "roses", "tulips"))
    state = learning(epoch(0, 0.6), phases=phases)
    for number in range(1, 6):
        state.take(ClassesChecked(0, number, (20, 18, 0), (20, 20, 12)), 9.0 + number)
        state.take(epoch(number, 0.7 + number / 100), 9.0 + number)
    said = verdict(state, subject, 20.0)
    assert said.headline == "It hardly ever says tulips"
    assert said.sentence.startswith("0 of 12 photos it has not learnt from are found. More photos of tulips")
    for number in range(6, 9):
        state.take(ClassesChecked(0, number, (20, 18, 6), (20, 20, 12)), 9.0 + number)
        state.take(epoch(number, 0.7 + number / 100), 9.0 + number)
    assert verdict(state, subject, 20.0).headline == "Still learning"


def test_without_photos_to_check_on_it_speaks_of_those_it_learns_from() -> None:
    state = learning(EpochEnded(0, 0, 0.5, 0.9, None, None, 1.0, 1e-3, best=True))
    assert verdict(state, SUBJECT, 9.0).sentence == "Of the photos it learns from, it now gets 90 of 100 right."


def test_the_story_tells_each_stage_once() -> None:
    phases = (HEAD, REFINE)
    state = learning(epoch(0, 0.85), epoch(1, 0.88), phases=phases)
    story = Story(SUBJECT)
    story.follow(state, 9.0)
    assert [entry.words for entry in story.entries] == ["Read all 850 photos once, 170 a second."]
    state.take(Notice("Something to know."), 10.0)
    state.take(Progress("features", 0, 850), 11.0)
    story.follow(state, 11.0)
    state.take(PhaseStarted(1, "fine_tune", 10, 19), 14.0)
    state.take(epoch(0, 0.91, phase=1), 17.0)
    story.follow(state, 17.0)
    assert story.now(state) == "Refining helps: 3 more of 100 photos right since it began."
    state.take(Progress("evaluate", 0, 127), 18.0)
    story.follow(state, 18.0)
    assert [entry.words for entry in story.entries[1:]] == [
        "Learnt the 5 classes: 88 of 100 photos right. It needed 2 of 40 rounds.",
        "Something to know.",
        "Refining helps: 3 more of 100 photos right since it began. It needed 1 of 10 rounds.",
    ]


def test_photos_that_were_read_earlier_are_said_to_be() -> None:
    state, story = progress((0.5, Progress("features", 850, 850, "Read earlier"))), Story(SUBJECT)
    story.follow(state, 0.6)
    assert [entry.words for entry in story.entries] == ["Read all 850 photos earlier."]
