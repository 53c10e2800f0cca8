"""What a training tells of the classes while it learns."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tlstudio.events import ClassesChecked, EpochEnded, Event
from tlstudio.training.config import Phase
from tlstudio.workflows.train import Trained


def test_the_classes_are_counted_at_every_check(
    class_folders: Callable[..., Path], train_tiny: Callable[..., Trained]
) -> None:
    seen: list[Event] = []
    photos = class_folders({"daisy": 12, "rose": 12, "tulip": 12}, size=(40, 32))
    run = train_tiny(photos, Phase("head", epochs=2, learning_rate=0.01, batch_size=8), emit=seen.append).stored.run
    told = [event for event in seen if isinstance(event, ClassesChecked | EpochEnded)]
    assert [type(event) for event in told] == [ClassesChecked, EpochEnded] * 2, "the counts come first"
    labels = [run.samples[photo].class_name for photo in run.split.validation]
    for checked, ended in zip(told[::2], told[1::2], strict=True):
        assert isinstance(checked, ClassesChecked)
        assert isinstance(ended, EpochEnded)
        assert checked.total == tuple(labels.count(name) for name in run.classes)
        assert all(right <= total for right, total in zip(checked.right, checked.total, strict=True))
        assert ended.val_accuracy == pytest.approx(sum(checked.right) / sum(checked.total))
