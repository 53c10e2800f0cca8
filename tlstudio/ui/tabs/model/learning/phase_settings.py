"""What can be set of a phase: a new setting is one entry here. Knows no Qt."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final, Literal, cast

from tlstudio.training.config import Phase
from tlstudio.ui.words.phases import METRICS, OPTIMIZERS, SCHEDULES, written_number

Group = Literal["plain", "steps", "photos", "counts", "end"]

GROUPS: Final[dict[Group, str]] = {
    "steps": "How it steps",
    "photos": "What it sees",
    "counts": "What counts",
    "end": "When it ends, and what stays",
}
"""Titles of the groups behind "More", in order."""

_MOST: Final = 1_000_000


def _always(_phase: Phase) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class PhaseSetting:
    """One thing that can be set.

    Attributes:
        name: Attribute of the phase, or of a part of it as in "schedule.kind".
        group: What it stands with.
        title: The plain word over its field.
        term: The field's own word; "" where it is the same.
        meaning: What it does, without a full stop.
        rule: A sentence on what may be typed; "" where there are ``choices``.
        choices: Each value with its words; empty where it is typed.
        hint: Stands in the field while it is empty, which is 0.
        read: The value of what was typed; raises ValueError.
        applies: Whether it means anything to a phase.
    """

    name: str
    group: Group
    title: str
    term: str
    meaning: str
    rule: str = ""
    choices: tuple[tuple[object, str], ...] = ()
    hint: str = ""
    read: Callable[[str], object] = float
    applies: Callable[[Phase], bool] = _always

    def value(self, phase: Phase) -> object:
        """What it is set to."""
        found: object = phase
        for part in self.name.split("."):
            found = getattr(found, part)
        return found

    def written(self, phase: Phase) -> str:
        """What stands in its field."""
        value = self.value(phase)
        if self.hint and not value:
            return ""
        return written_number(value) if isinstance(value, float) else str(value)

    def typed(self, phase: Phase, text: str) -> Phase | None:
        """The phase with what was typed; None if that breaks the rule."""
        try:
            return self.applied(phase, 0 if self.hint and not text.strip() else self.read(text.strip()))
        except ValueError:
            return None

    def applied(self, phase: Phase, value: object) -> Phase:
        """The phase with another value.

        Raises:
            ValueError: If it can't have that.
        """
        return cast("Phase", _replaced(phase, self.name.split("."), value))


def _replaced(owner: Any, path: list[str], value: object) -> object:  # noqa: ANN401 - a phase, or a part of one
    first, *rest = path
    return replace(owner, **{first: _replaced(getattr(owner, first), rest, value) if rest else value})


def _whole(text: str) -> int:
    written = text.replace(",", "")
    if not (written.isascii() and written.isdigit() and int(written) <= _MOST):
        raise ValueError(f"{text} is no whole number up to {_MOST}")
    return int(written)


def _number(text: str) -> float:
    return float(text.replace(",", "."))


def _from_one(text: str) -> int:
    value = _whole(text)
    if not value:
        raise ValueError("0 is too few")
    return value


def _learns_momentum(phase: Phase) -> bool:
    return phase.optimizer.name in ("sgd", "rmsprop") or phase.optimizer.momentum > 0


def _is_sgd(phase: Phase) -> bool:
    return phase.optimizer.name == "sgd" or phase.optimizer.nesterov


def _has_factor(phase: Phase) -> bool:
    return phase.schedule.kind in ("step", "plateau")


def _refines(phase: Phase) -> bool:
    return phase.name == "fine_tune"


def _keeps_best(phase: Phase) -> bool:
    return phase.keep == "best"


_FROM_0_TO_1: Final = "From 0 to below 1."
_COUNT: Final = f"A whole number from 1 to {_MOST:,}."
_COUNT_OR_NONE: Final = f"A whole number up to {_MOST:,}; empty for all."

EPOCHS: Final = PhaseSetting(
    "epochs", "plain", "Rounds", "epochs", "Each goes once through the photos", _COUNT, read=_from_one
)

SETTINGS: Final[tuple[PhaseSetting, ...]] = (
    PhaseSetting(
        "learning_rate",
        "steps",
        "Size of a step",
        "learning rate",
        "How far the numbers move at a time: too small is slow, too large forgets",
        "A number above 0, such as 0.001 or 1e-5.",
        read=_number,
    ),
    PhaseSetting(
        "optimizer.name",
        "steps",
        "Way of stepping",
        "optimizer",
        "How a step follows from the errors; Adam suits most",
        choices=tuple(OPTIMIZERS.items()),
    ),
    PhaseSetting(
        "optimizer.momentum",
        "steps",
        "Momentum",
        "",
        "Share of the step before that goes on in the next one; 0.9 is usual",
        _FROM_0_TO_1,
        read=_number,
        applies=_learns_momentum,
    ),
    PhaseSetting(
        "optimizer.nesterov",
        "steps",
        "Looks ahead",
        "Nesterov",
        "Looks at the errors where the momentum leads",
        choices=((False, "no"), (True, "yes")),
        applies=_is_sgd,
    ),
    PhaseSetting(
        "optimizer.weight_decay",
        "steps",
        "Shrinking",
        "weight decay",
        "Share of every weight that each step takes away; 0 for none, 0.004 is usual with AdamW",
        _FROM_0_TO_1,
        read=_number,
    ),
    PhaseSetting(
        "schedule.kind",
        "steps",
        "Over time",
        "schedule",
        "How the learning rate goes on from where it begins",
        choices=tuple(SCHEDULES.items()),
    ),
    PhaseSetting(
        "schedule.factor",
        "steps",
        "Falls to",
        "factor",
        "What the learning rate is multiplied by",
        "Above 0 and below 1.",
        read=_number,
        applies=_has_factor,
    ),
    PhaseSetting(
        "schedule.every",
        "steps",
        "After rounds",
        "patience",
        "Rounds between two stairs, or without a smaller error",
        _COUNT,
        read=_from_one,
        applies=_has_factor,
    ),
    PhaseSetting(
        "schedule.warm_up",
        "steps",
        "Soft start",
        "warm-up",
        "Rounds over which the learning rate grows from nearly 0",
        "A whole number of rounds; empty for none.",
        hint="none",
        read=_whole,
    ),
    PhaseSetting(
        "schedule.decay",
        "steps",
        "Decay a step",
        "1/(1+decay·n)",
        "The learning rate is divided by 1 + this times the steps done",
        "0 or above, such as 1e-6; empty for none.",
        hint="none",
        read=_number,
    ),
    PhaseSetting(
        "data",
        "photos",
        "Photos",
        "data",
        "Stored: each photo and its varied copies are computed once and kept, which is quick. "
        "Anew: in each round the photos are read and varied as never before",
        choices=(("stored", "stored"), ("live", "anew each round")),
    ),
    PhaseSetting(
        "batch_size",
        "photos",
        "Photos a step",
        "batch size",
        "More are steadier, and need memory",
        _COUNT,
        read=_from_one,
    ),
    PhaseSetting(
        "input_size",
        "photos",
        "Photo size",
        "input size",
        "Pixels across in this phase; what was learnt is carried over to other sizes (progressive resizing)",
        "Pixels, such as 128; empty for the network's own.",
        hint="as the network",
        read=_whole,
    ),
    PhaseSetting(
        "steps_per_epoch",
        "photos",
        "Steps a round",
        "steps per epoch",
        "Steps that count as a round",
        _COUNT_OR_NONE,
        hint="all photos",
        read=_whole,
    ),
    PhaseSetting(
        "validation_steps",
        "photos",
        "Steps of a check",
        "validation steps",
        "Steps of the check after each round, always on the same photos",
        _COUNT_OR_NONE,
        hint="all photos",
        read=_whole,
    ),
    PhaseSetting(
        "label_smoothing",
        "counts",
        "Doubt in labels",
        "label smoothing",
        "Share of each answer that is spread over all classes, so that it is never quite sure; 0.1 is usual",
        _FROM_0_TO_1,
        read=_number,
    ),
    PhaseSetting(
        "batch_norm",
        "counts",
        "Batch norm",
        "",
        "Whether the network's own averages stay as they came, which suits few photos, or learn from yours",
        choices=(("keep", "stays"), ("learn", "learns")),
        applies=_refines,
    ),
    PhaseSetting(
        "keep",
        "end",
        "Keeps",
        "weights",
        "Which round the phase ends on",
        choices=(("best", "the best round"), ("last", "the last round")),
    ),
    PhaseSetting(
        "keep_by",
        "end",
        "Best by",
        "metric",
        "What makes a round the best",
        choices=tuple(METRICS.items()),
        applies=_keeps_best,
    ),
    PhaseSetting(
        "checkpoint",
        "end",
        "Files of rounds",
        "checkpoints",
        "Whether the weights after each round are kept in the folder of the run",
        choices=(("none", "none"), ("every", "every round")),
    ),
)
"""All that is behind "More" in a field of its own; reasons to stop and weights of classes have more to them."""
