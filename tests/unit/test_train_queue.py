"""Several trainings one after the other."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tlstudio.cli.parser import build_parser
from tlstudio.cli.queue_command import queued_names
from tlstudio.errors import Cancelled, TLStudioError
from tlstudio.events import Batch, CancelToken, Event
from tlstudio.runs.run import Scores
from tlstudio.training.recipes import config_for, spec_for
from tlstudio.workflows import train_queue as module
from tlstudio.workflows.train import TrainRequest
from tlstudio.workflows.train_queue import QueueEntry, QueueRow, train_queue

ClassFolders = Callable[..., Path]


def entry(name: str, photos: Path, out: Path) -> QueueEntry:
    spec = spec_for("small_cnn")
    return QueueEntry(name, TrainRequest(photos, out / name, spec, config_for(spec)))


@dataclass
class FakeTraining:
    """Stands for ``train``: says what it was asked, and ends as its name says."""

    requests: list[TrainRequest]

    def __call__(self, request: TrainRequest, *, emit: Any, token: CancelToken) -> Any:  # noqa: ANN401, ARG002
        self.requests.append(request)
        match request.out.name:
            case "mendable":
                raise TLStudioError("No weights.", "Download them.")
            case "bug":
                raise ZeroDivisionError("by nothing")
            case "cancelled":
                raise Cancelled
            case "stopping":
                token.cancel()
        status = "stopped" if token.cancelled else "complete"
        run = SimpleNamespace(status=status, validation=Scores(0.9, 0.3), test=None, seconds={"total": 2.5})
        return SimpleNamespace(stored=SimpleNamespace(folder=request.out, run=run), report=None)


@pytest.fixture
def training(monkeypatch: pytest.MonkeyPatch) -> FakeTraining:
    fake = FakeTraining([])
    monkeypatch.setattr(module, "train", fake)
    return fake


def test_all_learn_from_the_same_photos_and_shares_and_a_failure_stops_none(
    class_folders: ClassFolders, tmp_path: Path, training: FakeTraining
) -> None:
    photos = class_folders({"daisy": 6, "rose": 6})
    names = ["first", "mendable", "bug", "cancelled", "last"]
    told: list[Event] = []
    rows = train_queue([entry(name, photos, tmp_path) for name in names], emit=told.append, token=CancelToken())
    assert [row.state for row in rows] == ["done", "failed", "failed", "stopped", "done"]
    assert [item for event in told if isinstance(event, Batch) for item in event.items] == rows
    assert {id(request.source) for request in training.requests} == {id(training.requests[0].source)}
    assert len({request.parts for request in training.requests}) == 1
    assert training.requests[0].parts is not None
    first = rows[0]
    assert (first.validation, first.test, first.seconds, first.run) == (0.9, None, 2.5, tmp_path / "first")
    assert first.parameters is not None and first.parameters > 200_000  # noqa: PT018
    assert rows[1].reason == "No weights. Download them."
    assert "ZeroDivisionError: by nothing" in rows[2].reason


def test_a_stop_ends_the_one_that_runs_and_leaves_out_the_rest(
    class_folders: ClassFolders, tmp_path: Path, training: FakeTraining
) -> None:
    photos = class_folders({"daisy": 6, "rose": 6})
    entries = [entry(name, photos, tmp_path) for name in ("one", "stopping", "three", "four")]
    rows = train_queue(entries, emit=lambda _: None, token=CancelToken())
    assert [row.state for row in rows] == ["done", "stopped", "skipped", "skipped"]
    assert len(training.requests) == 2
    assert rows[3] == QueueRow("four", "skipped", rows[3].parameters)


def test_names_with_commas_make_a_queue() -> None:
    def options(*more: str) -> Any:  # noqa: ANN401
        return build_parser().parse_args(["train", "photos", "--out", "runs", *more])

    assert queued_names(options("--backbone", "starter, small_cnn")) == ("backbone", ["starter", "small_cnn"])
    assert queued_names(options("--preset", "003-4b,004-D")) == ("preset", ["003-4b", "004-D"])
    assert queued_names(options("--backbone", "starter")) == queued_names(options()) == ("", [])
    with pytest.raises(TLStudioError, match="twice"):
        queued_names(options("--backbone", "starter,starter"))
    with pytest.raises(TLStudioError, match="Only one option"):
        queued_names(options("--backbone", "starter,lenet", "--preset", "003-4b,004-D"))
