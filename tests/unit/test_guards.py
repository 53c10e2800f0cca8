"""The guards of tests/conftest.py fail the tests that they should fail, and no others."""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]
GUARDED = """
import logging
import importlib.util
import os
import threading
import time
from pathlib import Path

import pytest

never = threading.Event()

def test_quiet(): pass
def test_log_info(): logging.getLogger("tlstudio.x").info("fine")
def test_log_other(): logging.getLogger("elsewhere").warning("fine")
def test_log_expected(logged):
    logging.getLogger("tlstudio.x").warning("expected")
    assert logged.pop().getMessage() == "expected"
def test_log_unexpected(): logging.getLogger("tlstudio.x").warning("oh")
def test_thread_ends(): threading.Timer(0.1, never.is_set).start()
def test_thread_daemon(): threading.Thread(target=never.wait, daemon=True).start()
def test_thread_leaks(): threading.Thread(target=time.sleep, args=(7,)).start()
def test_home(home, tmp_path):
    from tlstudio import paths
    assert paths.home_dir() == home and tmp_path in paths.keras_models_dir().parents
def test_session_home():
    from tlstudio import paths
    assert Path(os.environ["TLSTUDIO_HOME"]) == paths.home_dir()
    assert Path.home() not in (*paths.home_dir().parents, *paths.keras_models_dir().parents)
def test_absent_shared(shared): pass
def test_photos(class_folders):
    root = class_folders({"a": 2, "b": 1})
    files = sorted(root.rglob("*.jpg"))
    assert [file.parent.name for file in files] == ["a", "a", "b"]
    assert len({file.read_bytes() for file in files}) == 3
@pytest.mark.slow
def test_slow(): pass
"""
FAILING = {"test_log_unexpected", "test_thread_leaks"}


def run_guarded(folder: Path, *options: str) -> str:
    folder = folder / "checkout" / "tests"
    folder.mkdir(parents=True)
    shutil.copy(TESTS / "conftest.py", folder)
    (folder / "test_guarded.py").write_text(GUARDED, encoding="utf-8")
    (folder / "qt").mkdir()
    (folder / "qt" / "test_window.py").write_text("def test_window(): pass", encoding="utf-8")
    settings = ("-c", str(TESTS.parent / "pyproject.toml"), "--rootdir", str(folder), "-p", "no:cacheprovider")
    plugins = () if importlib.util.find_spec("PySide6") else ("-p", "no:pytest-qt")
    command = [sys.executable, "-m", "pytest", "-v", "-n", "0", *plugins, *settings, *options, str(folder)]
    environment = os.environ | {"HOME": str(folder.parent / "user"), "PYTHONPATH": os.environ.get("PYTHONPATH", "")}
    result = subprocess.run(command, cwd=TESTS.parent, env=environment, capture_output=True, text=True, timeout=90)
    return result.stdout + result.stderr


def outcomes(output: str) -> dict[str, set[str]]:
    """Names of tests by what happened to them."""
    found: dict[str, set[str]] = {"PASSED": set(), "FAILED": set(), "ERROR": set(), "SKIPPED": set()}
    for name, outcome in re.findall(r"::(test_\w+) (PASSED|FAILED|ERROR|SKIPPED)", output):
        found[outcome].add(name)
    return found


def test_guards_fail_what_they_should_and_nothing_else(tmp_path: Path) -> None:
    output = run_guarded(tmp_path)
    found = outcomes(output)
    assert found["ERROR"] == FAILING, output
    assert found["FAILED"] == set(), output
    assert found["SKIPPED"] == {"test_absent_shared"}, output
    assert "test_photos" in found["PASSED"]
    assert "unexpected log records: ['WARNING tlstudio.x: oh']" in output
    assert "threads still running after the test" in output
    assert "test_slow" not in set().union(*found.values())


def test_without_pytest_qt_and_qt_the_rest_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(TESTS.parent / ".ci" / "no_qt"))
    found = outcomes(run_guarded(tmp_path, "-p", "no:pytest-qt", "-k", "quiet or window"))
    assert found["PASSED"] == {"test_quiet"}


def test_slow_tests_run_when_asked_for(tmp_path: Path) -> None:
    assert outcomes(run_guarded(tmp_path, "-m", "slow"))["PASSED"] == {"test_slow"}
