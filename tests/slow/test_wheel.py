import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
USE = """
from tlstudio import paths
from tlstudio.datasets.sources.samples import sample_folder
from tlstudio.events import CancelToken, ignore_events
folder = sample_folder("leaves", emit=ignore_events, token=CancelToken())
print(len(list(folder.glob("*/*.jpg"))), folder, paths.models_dir(), paths.resources_dir(), sep="\\n")
"""


def python(*arguments: str, cwd: Path) -> str:
    result = subprocess.run([sys.executable, *arguments], cwd=cwd, capture_output=True, text=True, timeout=300)
    assert result.returncode == 0, result.stderr
    return result.stdout


@pytest.mark.slow
def test_an_installed_wheel_finds_what_ships_with_it(tmp_path: Path) -> None:
    pip = ("-m", "pip", "--disable-pip-version-check", "--quiet")
    python(*pip, "wheel", str(REPOSITORY), "--no-deps", "--wheel-dir", str(tmp_path), cwd=tmp_path)
    (wheel,) = tmp_path.glob("tlstudio-*.whl")
    installed = tmp_path / "installed"
    python(*pip, "install", "--no-deps", "--target", str(installed), str(wheel), cwd=tmp_path)
    # The working directory comes before an editable install on the path.
    count, *folders = python("-c", USE, cwd=installed).splitlines()
    assert count == "240"
    assert [Path(folder).is_dir() for folder in folders] == [True, True, True]
    assert all(installed in Path(folder).parents for folder in folders)
