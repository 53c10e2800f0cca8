"""What a plan comes to, in numbers and sentences. Knows no Qt."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from tlstudio.filing.plan import FilingPlan
from tlstudio.ui.tabs.predict.uses.answer_set import Tally
from tlstudio.wording import counted

_MOST_REASONS: Final = 5


@dataclass(frozen=True, slots=True)
class Outlook:
    """What would be done, and what not; made beside the window, since there may be many photos.

    Attributes:
        plan: What would be done.
        tally: Answers of each kind.
        counts: Photos of each class.
        left_out: Why photos are left out, with how many each, in sentences.
    """

    plan: FilingPlan
    tally: Tally
    counts: Mapping[str, int]
    left_out: tuple[str, ...]

    @property
    def photos(self) -> int:
        """Photos that something would be done with."""
        return sum(self.counts.values())


def outlook(plan: FilingPlan, tally: Tally, *, with_unsure: bool) -> Outlook:
    """Count what a plan comes to.

    Args:
        plan: What would be done.
        tally: Answers of each kind.
        with_unsure: Whether photos are meant whose answer is not sure.
    """
    # Some photos take two actions, and sidecars go along with some.
    classes = {action.photo: action.class_name for action in plan.actions if not action.companion}
    kinds = (
        (0 if with_unsure else tally.unsure, "with an answer that is not sure"),
        (tally.none, "that may be of no class"),
        (tally.unreadable, "that can't be read"),
    )
    lines = [f"{counted(count, 'photo')} {words}" for count, words in kinds if count]
    reasons = Counter(entry.reason for entry in plan.left_out)
    lines += [f"{counted(count, 'photo')}: {reason}" for reason, count in reasons.most_common()]
    more = lines[_MOST_REASONS:]
    shown = [*lines[:_MOST_REASONS], *([f"and {counted(len(more), 'other reason')}"] if more else [])]
    return Outlook(plan, tally, Counter(classes.values()), tuple(shown))
