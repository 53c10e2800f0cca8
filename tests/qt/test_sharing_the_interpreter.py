"""The window shares Python's interpreter with what computes beside it; neither may keep the other waiting for long."""

import builtins
import importlib
import linecache
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from tlstudio.app import create_application


@pytest.fixture(autouse=True)
def application(qapp: QApplication, home: Path) -> Iterator[None]:  # noqa: ARG001 - both must be there
    usual, seconds = builtins.__import__, sys.getswitchinterval()
    create_application()
    yield
    builtins.__import__ = usual
    sys.setswitchinterval(seconds)


def test_no_source_is_read_beside_an_import(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "imported_late.py").write_text("import imported_by_it\n", encoding="utf-8")
    (tmp_path / "imported_by_it.py").write_text("ANSWER = 42\n", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    importlib.import_module("imported_late")
    assert str(tmp_path / "imported_by_it.py") not in linecache.cache


def test_a_busy_thread_gives_way_before_a_wait_is_noticed() -> None:
    assert sys.getswitchinterval() <= 0.001  # of hundreds of waits for one painting of the window
