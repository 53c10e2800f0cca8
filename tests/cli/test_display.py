"""Without a display: the commands work, the window says why it can't open, and Qt isn't even imported."""

import subprocess
import sys
from pathlib import Path

import pytest

import tlstudio.cli.commands  # noqa: F401 - its table is patched
from tlstudio.__main__ import main

pytestmark = pytest.mark.skipif(sys.platform in {"win32", "darwin"}, reason="there is always a display")


@pytest.fixture(autouse=True)
def _no_display(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)


def test_the_window_says_why_it_cannot_open(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert "no display" in capsys.readouterr().err


def test_no_such_command_or_folder(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["trian"]) == 2
    assert "neither a command nor a folder or an archive" in capsys.readouterr().err
    assert main(["trian", "photos"]) == 2
    assert "no command “trian”" in capsys.readouterr().err


def test_qt_is_not_imported_where_there_is_no_display() -> None:
    code = "import sys; from tlstudio.__main__ import main; assert main([]) == 2;"
    code += "sys.exit(sys.modules.get('PySide6') is not None)"
    assert subprocess.run([sys.executable, "-c", code], stderr=subprocess.DEVNULL).returncode == 0


@pytest.mark.parametrize("seen", [True, False])
def test_the_result_of_a_command_is_shown_only_where_somebody_sees_it(
    seen: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    opened: list[Path | None] = []
    monkeypatch.setattr("tlstudio.__main__._run_app", lambda place: opened.append(place) or 0)
    monkeypatch.setitem(sys.modules["tlstudio.cli.commands"].RUNNERS, "list", lambda *_: tmp_path)
    monkeypatch.setenv(*(("DISPLAY", ":0") if seen else ("QT_QPA_PLATFORM", "offscreen")))
    assert main(["list", "backbones"]) == 0
    assert opened == ([tmp_path] if seen else [])
    assert ("no display" in capsys.readouterr().err) is not seen
