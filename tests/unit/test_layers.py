"""The import rules of pyproject.toml hold, each of them bites, and what they can't say is checked here."""

import ast
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
PACKAGE = REPOSITORY / "tlstudio"
HEAVY = {"keras", "tensorflow", "sklearn", "ai_edge_litert"}

# One violation per contract: (its id, the module that gets one more import, the import).
VIOLATIONS = [
    ("layers", "tlstudio/datasets/__init__.py", "import tlstudio.modeling"),
    ("layers", "tlstudio/datasets/splits/split.py", "def late():\n    import tlstudio.training"),
    ("layers", "tlstudio/evaluation/__init__.py", "import tlstudio.prediction"),
    ("layers", "tlstudio/workflows/__init__.py", "import tlstudio.workers"),
    ("window", "tlstudio/ui/widgets/__init__.py", "import tlstudio.ui.tabs"),
    ("no-qt-below-workers", "tlstudio/workflows/__init__.py", "import PySide6"),
    ("no-qt-below-workers", "tlstudio/cli/__init__.py", "import pyqtgraph"),
    ("workers-qtcore-only", "tlstudio/workers/__init__.py", "import pyqtgraph"),
    ("no-keras-above-workflows", "tlstudio/ui/__init__.py", "def late():\n    import keras"),
    ("no-keras-above-workflows", "tlstudio/cli/__init__.py", "import tensorflow"),
    ("no-keras-in-datasets", "tlstudio/datasets/__init__.py", "import sklearn"),
]


def contracts() -> list[str]:
    settings = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
    return [contract["id"] for contract in settings["tool"]["importlinter"]["contracts"]]


def lint(folder: Path, *options: str) -> "subprocess.CompletedProcess[str]":
    """Runs import-linter on the package in ``folder``: the working directory comes first on its path."""
    code = "import sys; from importlinter.cli import lint_imports_command; lint_imports_command()"
    command = [sys.executable, "-c", code, "--config", "pyproject.toml", "--no-cache", *options]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    shutil.copytree(PACKAGE, tmp_path / "tlstudio", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(REPOSITORY / "pyproject.toml", tmp_path)
    return tmp_path


def test_the_tree_keeps_every_contract() -> None:
    result = lint(REPOSITORY)
    assert result.returncode == 0, result.stdout + result.stderr
    assert f"Contracts: {len(contracts())} kept, 0 broken" in result.stdout


@pytest.mark.parametrize(("contract", "module", "line"), VIOLATIONS)
def test_a_planted_violation_is_caught(copy: Path, contract: str, module: str, line: str) -> None:
    path = copy / module
    path.write_text(f"{path.read_text(encoding='utf-8')}\n{line}\n", encoding="utf-8")
    result = lint(copy, "--contract", contract)
    assert result.returncode == 1, result.stdout + result.stderr
    importer = module.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    assert f"{importer} -> {line.rsplit(maxsplit=1)[-1]} (l." in result.stdout.partition("Broken contracts")[2]


def test_every_contract_has_a_planted_violation() -> None:
    assert {contract for contract, _, _ in VIOLATIONS} == set(contracts())


def imported_modules(path: Path) -> set[str]:
    """Full names that a file imports anywhere: ``from PySide6 import QtCore`` counts as ``PySide6.QtCore``."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module == "PySide6":
            names |= {f"PySide6.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module or "")
    return names


def qt_modules(package: Path) -> set[str]:
    """Qt modules that any file of a package imports."""
    files = package.rglob("*.py")
    return {name for path in files for name in imported_modules(path) if name.split(".")[0] == "PySide6"}


def test_workers_need_only_qtcore(tmp_path: Path) -> None:
    assert qt_modules(PACKAGE / "workers") == {"PySide6.QtCore"}
    (tmp_path / "a.py").write_text("from PySide6 import QtCore, QtGui")
    (tmp_path / "b.py").write_text("def late():\n    from PySide6.QtWidgets import QWidget")
    assert qt_modules(tmp_path) == {"PySide6.QtCore", "PySide6.QtGui", "PySide6.QtWidgets"}


def heavy_after_importing(*names: str, before: str = "pass") -> set[str]:
    """What of Keras and its like is loaded once these modules are, in a fresh process."""
    imports = "; ".join(f"import {name}" for name in names)
    code = f"import sys; {before}; {imports}; print(*sorted({HEAVY!r} & sys.modules.keys()))"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert result.returncode == 0, result.stderr
    return set(result.stdout.split())


def modules_of(*packages: str) -> list[str]:
    """Every module of these subpackages, by its full name."""
    files = [path for package in packages for path in sorted((PACKAGE / package).rglob("*.py"))]
    return [".".join(path.relative_to(REPOSITORY).with_suffix("").parts).removesuffix(".__init__") for path in files]


def test_datasets_and_the_shell_start_without_keras() -> None:
    assert heavy_after_importing(*modules_of("datasets", "cli")) == set()
    assert heavy_after_importing("json", before="sys.modules['keras'] = None") == {"keras"}


def test_the_window_starts_without_keras() -> None:
    pytest.importorskip("PySide6")
    assert heavy_after_importing(*modules_of("workers", "ui")) == set()


def test_everything_below_the_workers_runs_without_qt() -> None:
    blocked = "[sys.modules.__setitem__(name, None) for name in ('PySide6', 'shiboken6', 'pyqtgraph')]"
    folders = {path.name for path in PACKAGE.iterdir() if (path / "__init__.py").is_file()}
    assert heavy_after_importing(*modules_of(*sorted(folders - {"ui", "workers"})), before=blocked) <= HEAVY
