"""One learner: the student, the heads that only pretraining needs, and their optimizer."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from pool import Batch
from student import Student
from teacher import FEATURES, Teacher
from torch import Tensor, nn
from torch.nn import functional

from tlstudio.modeling import starter

_WEIGHTS = {"features": 8.0, "scores": 1.0, "labels": 0.5}
_TEMPERATURE = 2.0
_PEAK_RATE = 2e-3
_WARM_UP_STEPS = 200
_DECAY_FROM = 0.2
_AVERAGING = 0.998


@dataclass(frozen=True)
class Schedule:
    """How far a training is.

    Attributes:
        step: Batches learnt.
        share: Of the steps planned, 0 to 1.
    """

    step: int
    share: float

    @property
    def rate(self) -> float:
        """Learning rate: a warm-up, long at the peak, then straight down to nothing."""
        down = min(1.0, (1 - self.share) / (1 - _DECAY_FROM))
        return _PEAK_RATE * min(1.0, (self.step + 1) / _WARM_UP_STEPS) * max(down, 0.01)


class Learner:
    """Learns batches; what counts afterwards is ``average``, the moving average of the student's weights."""

    def __init__(self, teacher: Teacher, mean: Tensor, n_classes: int) -> None:
        """Begin with random weights.

        Args:
            teacher: For its scores.
            mean: Of the teacher's features, (FEATURES,).
            n_classes: Of the labels.
        """
        self._teacher, self._mean = teacher, mean
        self.step = 0
        self.seconds = 0.0
        torch.manual_seed(0)
        self._net = nn.ModuleDict(
            {
                "student": Student(),
                "features": nn.Linear(starter.FEATURES, FEATURES),
                "labels": nn.Linear(starter.FEATURES, n_classes),
            }
        ).to(memory_format=torch.channels_last)
        self.average = Student()
        self.average.load_state_dict(self._net["student"].state_dict())
        matrices = [parameter for parameter in self._net.parameters() if parameter.ndim > 1]
        vectors = [parameter for parameter in self._net.parameters() if parameter.ndim == 1]
        groups = [{"params": matrices, "weight_decay": 0.05}, {"params": vectors, "weight_decay": 0.0}]
        self._optimizer = torch.optim.AdamW(groups, lr=_PEAK_RATE, betas=(0.9, 0.99), fused=True)

    def learn(self, batch: Batch, size: int, share: float) -> dict[str, float]:
        """One step on a batch seen at ``size`` pixels; the losses by name."""
        for group in self._optimizer.param_groups:
            group["lr"] = Schedule(self.step, share).rate
        losses = self._losses(prepared(batch.views, size), batch)
        self._optimizer.zero_grad()
        torch.stack([_WEIGHTS[name] * loss for name, loss in losses.items()]).sum().backward()
        self._optimizer.step()
        self.step += 1
        with torch.no_grad():
            mine, kept = list(self._net["student"].parameters()), list(self.average.parameters())
            torch._foreach_lerp_(kept, mine, 1 - min(_AVERAGING, self.step / (self.step + 10)))
        return {name: float(loss.detach()) for name, loss in losses.items()}

    def _losses(self, views: Tensor, batch: Batch) -> dict[str, Tensor]:
        pooled = self._net["student"](views).mean((2, 3))
        features = self._net["features"](pooled)
        mine = functional.log_softmax(self._teacher.scores(features + self._mean) / _TEMPERATURE, 1)
        wanted = functional.log_softmax(self._teacher.scores(batch.features) / _TEMPERATURE, 1)
        return {
            "features": 1 - functional.cosine_similarity(features, batch.features - self._mean).mean(),
            "scores": _TEMPERATURE**2 * functional.kl_div(mine, wanted, reduction="batchmean", log_target=True),
            "labels": functional.cross_entropy(self._net["labels"](pooled), batch.labels),
        }

    def save(self, path: Path) -> None:
        """Write everything that going on needs."""
        state = {
            "net": self._net.state_dict(),
            "average": self.average.state_dict(),
            "optimizer": self._optimizer.state_dict(),
            "step": self.step,
            "seconds": self.seconds,
        }
        partial = path.with_suffix(".partial")
        torch.save(state, partial)
        partial.replace(path)

    def load(self, path: Path) -> None:
        """Go on from a checkpoint."""
        state: dict[str, Any] = torch.load(path, weights_only=True)
        self._net.load_state_dict(state["net"])
        self.average.load_state_dict(state["average"])
        self._optimizer.load_state_dict(state["optimizer"])
        self.step, self.seconds = state["step"], state["seconds"]


def prepared(views: Tensor, size: int) -> Tensor:
    """Views of 0 to 255 as the student takes them: ``size`` pixels, -1 to 1."""
    if views.shape[-1] != size:
        views = functional.interpolate(views, size=(size, size), mode="bilinear", antialias=True, align_corners=False)
    return (views / 127.5 - 1).contiguous(memory_format=torch.channels_last)
