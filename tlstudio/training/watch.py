"""Watching one figure over the epochs of a phase: what is best, and when to end."""

from tlstudio.events import EpochEnded
from tlstudio.training.config import Metric, Stop


def figure(epoch: EpochEnded, metric: Metric) -> float:
    """A figure of an epoch; the one of the training photos where there are none to check on."""
    match metric:
        case "val_loss" if epoch.val_loss is not None:
            return epoch.val_loss
        case "val_accuracy" if epoch.val_accuracy is not None:
            return epoch.val_accuracy
        case "loss" | "val_loss":
            return epoch.loss
    return epoch.accuracy


class Watch:
    """The best value of a figure so far.

    Attributes:
        waited: Epochs since it was seen.
    """

    def __init__(self, metric: Metric, first: float | None = None) -> None:
        """Begins with the value before the first epoch, if it is known."""
        self._metric = metric
        self._best = None if first is None else self._height(first)
        self.waited = 0

    def take(self, epoch: EpochEnded) -> bool:
        """Whether an epoch is better than all before."""
        height = self._height(figure(epoch, self._metric))
        better = self._best is None or height > self._best
        self._best, self.waited = (height, 0) if better else (self._best, self.waited + 1)
        return better

    def _height(self, value: float) -> float:
        return -value if self._metric.endswith("loss") else value


class StopWatch:
    """Tells when one of the reasons to stop has come."""

    def __init__(self, stops: tuple[Stop, ...], first: dict[Metric, float]) -> None:
        """Begins a phase.

        Args:
            stops: The reasons.
            first: Figures before the first epoch, as far as they are known.
        """
        self._watched = [(stop, Watch(stop.metric, first.get(stop.metric))) for stop in stops]

    def ends(self, epoch: EpochEnded) -> bool:
        """Whether this epoch is the last; every epoch has to be told."""
        told = [_ends(stop, watch, epoch) for stop, watch in self._watched]
        return any(told)


def _ends(stop: Stop, watch: Watch, epoch: EpochEnded) -> bool:
    watch.take(epoch)
    value = figure(epoch, stop.metric)
    high = stop.at_least is not None and value >= stop.at_least
    low = stop.at_most is not None and value <= stop.at_most
    return high or low or 0 < stop.patience <= watch.waited
