"""Importing beside the window costs what it costs without it."""

import importlib
import linecache
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from tlstudio.app import create_application


@pytest.fixture
def imported_late(qapp: QApplication, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:  # noqa: ARG001
    """A module that another one imports while the program runs."""
    create_application()
    (tmp_path / "imported_late.py").write_text("import imported_by_it\n", encoding="utf-8")
    (tmp_path / "imported_by_it.py").write_text("ANSWER = 42\n", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    importlib.import_module("imported_late")
    return tmp_path


def test_no_source_is_read_beside_the_import(imported_late: Path) -> None:
    assert str(imported_late / "imported_by_it.py") not in linecache.cache
