"""How a phase goes, judged from its rounds."""

from dataclasses import replace

import pytest

from tlstudio.events import ClassesChecked, EpochEnded
from tlstudio.ui.tabs.training.training_judgement import Condition, Diagnosis

_FEWEST_VALUES = 4


def rounds(losses: list[float], val_losses: list[float] | None, accuracy: float = 0.7) -> list[EpochEnded]:
    """Rounds with these errors; a round is the best where the error that decides is the lowest so far."""
    deciding = losses if val_losses is None else val_losses
    return [
        EpochEnded(
            0, index, loss, accuracy, None if val_losses is None else val_losses[index],
            None if val_losses is None else accuracy - 0.05, 1.0, 1e-3,
            deciding[index] < min(deciding[:index], default=9e9),
        )
        for index, loss in enumerate(losses)
    ]  # fmt: skip


def diagnosed(epochs: list[EpochEnded], *, keeps_last: bool = False) -> Diagnosis:
    made = Diagnosis(keeps_last)
    for epoch in epochs:
        made.take(epoch)
    return made


@pytest.mark.parametrize(
    ("losses", "val_losses", "condition"),
    [
        pytest.param([1.0, 0.8, 0.6, 0.5], [1.1, 0.9, 0.7, 0.6], "learning", id="falls"),
        pytest.param([1.0], [1.1], "learning", id="one round"),
        pytest.param([1.0, 0.8, 0.6, 0.5], None, "learning", id="no photos to check on"),
        pytest.param([1.0, 0.5, 0.5, 0.5, 0.5, 0.5], [1.1, 0.6, 0.6, 0.6, 0.6, 0.6], "stuck", id="flat"),
        pytest.param([1.0, 0.5, 0.49, 0.48], [1.1, 0.6, 0.6, 0.55], "learning", id="a pause"),
        pytest.param(
            [1.0, 0.5, 0.4, 0.3, 0.2, 0.1], [1.1, 0.6, 0.65, 0.7, 0.8, 0.9], "by_heart", id="others get worse"
        ),
        pytest.param([1.0, 0.5, 0.5, 0.5, 0.5, 0.5], [1.1, 0.6, 0.65, 0.7, 0.7, 0.7], "stuck", id="both got worse"),
        pytest.param([1.0, 2.0, 4.0, 8.0, 16.0], [1.1, 2.0, 4.0, 8.0, 16.0], "too_fast", id="grows"),
        pytest.param([1.0, 2.0, 1.0, 2.0, 1.0, 2.0, 1.0], [1.0] * 7, "too_fast", id="jumps"),
        pytest.param([1.0, 2.0, 4.0, 8.0, 16.0], None, "too_fast", id="grows, unchecked"),
        pytest.param(
            [1.0, 0.01, 0.02, 0.01, 0.02, 0.01, 0.02], [1.0, 0.2] + [0.2] * 5, "stuck", id="tiny errors may leap"
        ),
        pytest.param([0.3, 0.05, 0.1, 0.05, 0.1, 0.05, 0.1], [0.3, 0.25] + [0.25] * 5, "stuck", id="so while refining"),
    ],
)
def test_what_the_figures_say(losses: list[float], val_losses: list[float] | None, condition: Condition) -> None:
    assert diagnosed(rounds(losses, val_losses)).condition == condition


def test_what_others_lag_behind_by_is_learnt_by_heart() -> None:
    flat = rounds([1.0, 0.1, 0.1, 0.1, 0.1], [1.0, 0.6, 0.6, 0.6, 0.6], accuracy=0.99)
    assert diagnosed([replace(epoch, val_accuracy=0.78) for epoch in flat]).condition == "by_heart"


def test_one_odd_round_changes_nothing() -> None:
    """A diagnosis changes when it is seen twice in a row, and goes away as calmly as it came."""
    losses = [1.0, 2.0, 4.0, 8.0, 16.0]
    assert diagnosed(rounds(losses[:3], losses[:3])).condition == "learning"
    made = diagnosed(rounds(losses, losses))
    assert made.condition == "too_fast"
    calm = rounds([0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3], [0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3])
    seen = []
    for epoch in calm:
        made.take(epoch)
        seen.append(made.condition)
    assert seen[0] == "too_fast"
    assert seen[-1] == "learning"
    assert seen == sorted(seen, reverse=True), "it goes away once and does not come back"


def test_a_better_round_ends_a_standstill_at_once() -> None:
    made = diagnosed(rounds([1.0, 0.5, 0.5, 0.5, 0.5, 0.5], [1.1, 0.6, 0.6, 0.6, 0.6, 0.6]))
    assert made.condition == "stuck"
    made.take(EpochEnded(0, 6, 0.5, 0.7, 0.59, 0.65, 1.0, 1e-3, best=True))
    assert made.condition == "learning"


def test_where_the_last_weights_are_kept_the_marks_of_the_best_say_nothing() -> None:
    flat = [replace(epoch, best=True) for epoch in rounds([1.0] + [0.5] * 6, [1.1] + [0.6] * 6)]
    assert diagnosed(flat, keeps_last=True).condition == "stuck"
    assert diagnosed(flat).condition == "learning"


@pytest.mark.parametrize(
    ("right", "total", "ignored"),
    [
        ((20, 0, 18), (20, 12, 20), 1),
        ((20, 1, 18), (20, 12, 20), 1),
        ((20, 2, 18), (20, 12, 20), None),
        ((20, 0, 18), (20, _FEWEST_VALUES - 1, 20), None),
        ((4, 0, 2), (20, 12, 20), None),
        ((20, 0, 0), (20, 12, 20), None),
    ],
    ids=["never", "hardly ever", "sometimes", "too few to tell", "nothing is learnt yet", "only one is learnt"],
)
def test_a_class_that_is_not_found_is_noticed(
    right: tuple[int, ...], total: tuple[int, ...], ignored: int | None
) -> None:
    made = Diagnosis()
    for epoch in rounds([1.0 - n / 10 for n in range(6)], [1.1 - n / 10 for n in range(6)]):
        made.check(ClassesChecked(0, epoch.epoch, right, total))
        made.take(epoch)
    assert made.ignored == ignored
    assert (made.condition == "ignoring") == (ignored is not None)
