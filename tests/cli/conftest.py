"""What the tests of the command line share."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tlstudio.__main__ import main
from tlstudio.errors import TLStudioError
from tlstudio.workflows.train import TrainRequest

Shell = Callable[..., tuple[int, Any, str]]


@pytest.fixture
def shell(capsys: pytest.CaptureFixture[str]) -> Shell:
    """Runs a command with ``--json -``; gives exit code, parsed standard output (or None) and standard error."""

    def run(*words: object) -> tuple[int, Any, str]:
        code = main([*map(str, words), "--json", "-"])
        out, err = capsys.readouterr()
        return code, json.loads(out) if out.strip() else None, err

    return run


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[TrainRequest]:
    """What ``train`` was asked for; nothing is trained."""
    requests: list[TrainRequest] = []

    def note(request: TrainRequest, **_: object) -> None:
        requests.append(request)
        raise TLStudioError("Nothing is trained here.", "")

    monkeypatch.setattr("tlstudio.cli.commands.train", note)
    return requests
