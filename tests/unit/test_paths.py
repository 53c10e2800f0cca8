import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tlstudio import paths

SHIPPED = ("data", "models", "resources")


def places_of_a_copy(root: Path) -> list[Path]:
    """Where a copy of the package in ``root`` looks for what ships with it."""
    (root / "tlstudio").mkdir(exist_ok=True)
    for name in ("__init__.py", "paths.py"):
        shutil.copy(Path(paths.__file__).with_name(name), root / "tlstudio")
    code = "from tlstudio import paths as p; print(p.data_dir(), p.models_dir(), p.resources_dir(), sep='\\n')"
    result = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, timeout=60)
    return [Path(line) for line in result.stdout.splitlines()]


def test_a_checkout_ships_from_the_top_of_the_repository(tmp_path: Path) -> None:
    assert places_of_a_copy(tmp_path) == [tmp_path / name for name in SHIPPED]


def test_an_installed_wheel_ships_from_within_the_package(tmp_path: Path) -> None:
    installed = [tmp_path / "tlstudio" / "_shipped" / name for name in SHIPPED]
    for folder in installed:
        folder.mkdir(parents=True)
    (tmp_path / "data").mkdir()  # what another package left in site-packages
    assert places_of_a_copy(tmp_path) == installed


def test_everything_of_the_user_lies_in_tlstudio_home(home: Path) -> None:
    assert paths.home_dir() == home
    assert all(home in path.parents for path in (paths.cache_dir(), paths.runs_dir(), paths.keras_models_dir()))


def test_without_overrides_the_systems_places_are_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TLSTUDIO_HOME")
    monkeypatch.delenv("KERAS_HOME")
    assert paths.home_dir().name == paths.cache_dir().name == "tlstudio"
    assert paths.home_dir() != paths.cache_dir()
    assert paths.keras_models_dir() == Path.home() / ".keras" / "models"
