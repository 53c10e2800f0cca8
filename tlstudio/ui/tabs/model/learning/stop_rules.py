"""Reasons to end a phase, one figure each. Knows no Qt."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from tlstudio.training.config import Metric, Phase, PhaseName, Stop

RuleKind = Literal["stalls", "at_least", "at_most"]

RULES: Final[dict[RuleKind, str]] = {
    "stalls": "no better for rounds",
    "at_least": "is at least",
    "at_most": "is at most",
}
"""What can be asked of a figure, in words."""

_THRESHOLDS: Final[dict[RuleKind, float]] = {"stalls": 5.0, "at_least": 0.98, "at_most": 0.1}
_PATIENCE: Final[dict[PhaseName, int]] = {"head": 5, "fine_tune": 5, "scratch": 15}


@dataclass(frozen=True, slots=True)
class StopRule:
    """One reason.

    Attributes:
        metric: The figure.
        kind: What is asked of it.
        value: Rounds, or the threshold.
    """

    metric: Metric
    kind: RuleKind
    value: float

    @property
    def stop(self) -> Stop:
        """The reason as a phase takes it.

        Raises:
            ValueError: If it can't have that value.
        """
        match self.kind:
            case "stalls":
                if self.value < 1 or self.value != int(self.value):
                    raise ValueError(f"rounds are counted from 1, not {self.value}")
                return Stop(self.metric, int(self.value))
            case "at_least":
                return Stop(self.metric, 0, at_least=self.value)
        return Stop(self.metric, 0, at_most=self.value)

    @property
    def kinds(self) -> tuple[RuleKind, ...]:
        """What can be asked of its figure: an error gets small, a share of photos large."""
        return tuple(dict.fromkeys(("stalls", _goal(self.metric), self.kind)))

    def of(self, metric: Metric) -> "StopRule":
        """The same of another figure; what would be asked the wrong way round is turned."""
        if self.kind == "stalls" or _goal(metric) == _goal(self.metric):
            return replace(self, metric=metric)
        return replace(self, metric=metric, kind=_goal(metric), value=_THRESHOLDS[_goal(metric)])

    def asking(self, kind: RuleKind) -> "StopRule":
        """Something else of the same figure, with the usual value."""
        return self if kind == self.kind else replace(self, kind=kind, value=_THRESHOLDS[kind])

    def written(self) -> str:
        """Its value."""
        return f"{self.value:g}"


def _goal(metric: Metric) -> RuleKind:
    return "at_most" if metric.endswith("loss") else "at_least"


def rules_of(stops: Sequence[Stop]) -> tuple[StopRule, ...]:
    """The reasons, each of them apart."""
    found = []
    for stop in stops:
        if stop.patience:
            found.append(StopRule(stop.metric, "stalls", stop.patience))
        if stop.at_least is not None:
            found.append(StopRule(stop.metric, "at_least", stop.at_least))
        if stop.at_most is not None:
            found.append(StopRule(stop.metric, "at_most", stop.at_most))
    return tuple(found)


def usual_rule(name: PhaseName) -> StopRule:
    """The reason that a phase of this kind usually has."""
    return StopRule("val_loss", "stalls", _PATIENCE[name])


def stopping_when_stalled(phase: Phase, wanted: bool) -> tuple[Stop, ...]:
    """The reasons of a phase with, or without, those that watch for it getting no better."""
    others = tuple(rule.stop for rule in rules_of(phase.stops) if rule.kind != "stalls")
    if not wanted:
        return others
    return phase.stops if phase.patience else (usual_rule(phase.name).stop, *others)
