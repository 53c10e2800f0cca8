"""Runs on disk: one folder each, written once, complete or not at all.

A run folder holds ``run.json``, ``report.json`` (unless the test part is empty), ``tail.weights.h5`` with everything
that was trained, a copy of the weights of the backbone that the training started from, and ``scores.npz`` with the
scores of the validation and test parts; mostly also ``novelty.npz``, by which photos unlike all of its own are told,
and ``thresholds.json``, how sure a person wants its answers to be. It needs nothing outside itself. Of a model from
elsewhere there are ``run.json`` and ``model.tflite`` alone.
"""

import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, count
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from tlstudio.datasets.file_names import safe_name
from tlstudio.errors import TLStudioError
from tlstudio.evaluation.report import Report
from tlstudio.paths import is_file, is_folder, is_there
from tlstudio.runs.migration import upgraded
from tlstudio.runs.run import SCHEMA, Run
from tlstudio.serialization import from_json, to_json
from tlstudio.whole_files import flush_files

RUN_FILE = "run.json"
REPORT_FILE = "report.json"
TAIL_FILE = "tail.weights.h5"
ENGINE_FILE = "model.tflite"  # all there is of a network that another program made
SCORES_FILE = "scores.npz"
_BACKBONE_STEM = "backbone"
_REMEDY = "Train again, or restore the run from a copy."

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class StoredRun:
    """A run and the folder it lies in."""

    folder: Path
    run: Run

    @property
    def tail_weights(self) -> Path:
        """Weights of the trained part."""
        return self.folder / TAIL_FILE

    @property
    def backbone_weights(self) -> str:
        """Path of the weights of the backbone, or of the engine of a model from elsewhere; "" from scratch."""
        if self.run.foreign:
            return str(self.folder / ENGINE_FILE)
        return next((str(path) for path in sorted(self.folder.glob(f"{_BACKBONE_STEM}*.h5"))), "")

    def report(self) -> Report | None:
        """The judgement on the test part, as it was after training; None if that part is empty.

        Raises:
            TLStudioError: If the file is damaged.
        """
        path = self.folder / REPORT_FILE
        return _decode(path, Report) if is_file(path) else None


def require_free(folder: Path) -> None:
    """Refuse a place for a new run that holds something already.

    Raises:
        TLStudioError: If the folder exists and isn't empty or can't be looked into, or is a file.
    """
    try:
        taken = is_file(folder) or (is_folder(folder) and any(folder.iterdir()))
    except OSError as error:
        raise TLStudioError(
            f"The run can't be saved as {folder}: {error.strerror or error}.", "Choose another place."
        ) from error
    if taken:
        raise TLStudioError(f"{folder} is there already.", "Choose a new folder for this run.")


def folder_of_now(place: Path, name: str) -> Path:
    """A free folder for a run that begins now, called by what it is of and the moment.

    The name is cut where, with what is added to it while the run is made, it would be longer than file systems take.
    """
    return free_folder(place / f"{safe_name(name)} {datetime.now().astimezone():%Y-%m-%d %H.%M.%S}")


def free_folder(wanted: Path) -> Path:
    """The wanted folder, or one with a number after its name where that is taken."""
    numbered = (wanted.with_name(f"{wanted.name} {number}") for number in count(2))
    return next(folder for folder in chain([wanted], numbered) if not is_there(folder))


@contextmanager
def new_run(folder: Path, scratch_place: Path | None = None) -> Iterator[Path]:
    """A temporary folder that takes the place of the final one at the end, unless an error comes first.

    Args:
        folder: The final one.
        scratch_place: Where the temporary one is, on the same disk; beside the final one if None.

    Raises:
        TLStudioError: If the place is taken, or can't be written to.
    """
    require_free(folder)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        # Not by tempfile: its folders are closed to everyone else, and this one is to stay.
        scratch = (scratch_place or folder.parent) / f".{folder.name}-{uuid.uuid4().hex[:8]}"
        scratch.mkdir()
    except OSError as error:
        raise TLStudioError(
            f"The run can't be saved in {folder.parent}: {error.strerror}.", "Choose another place."
        ) from error
    try:
        yield scratch
        flush_files(scratch)
        if folder.is_dir():
            folder.rmdir()
        scratch.replace(folder)
    except OSError as error:
        raise TLStudioError(
            f"The run can't be saved as {folder}: {error.strerror or error}.", "Make room, or choose another place."
        ) from error
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def write(folder: Path, run: Run, report: Report | None, backbone_weights: str) -> None:
    """Put the plain data of a run, and the backbone's weights, into its folder."""
    (folder / RUN_FILE).write_bytes(to_json(run, indent=1))
    if report is not None:
        (folder / REPORT_FILE).write_bytes(to_json(report))
    if backbone_weights:
        # Keras tells its two layouts apart by the ending.
        ending = ".weights.h5" if backbone_weights.endswith(".weights.h5") else ".h5"
        shutil.copyfile(backbone_weights, folder / f"{_BACKBONE_STEM}{ending}")


def load(folder: Path) -> StoredRun:
    """Open a run.

    Raises:
        TLStudioError: If there is none, it is damaged or incomplete, or a newer version of the program made it.
    """
    path = folder / RUN_FILE
    if not is_file(path):
        raise _no_run(folder)
    head = _decode(path, _Head)
    if head.schema > SCHEMA:
        raise TLStudioError(f"{folder.name} was made by a newer TL Studio.", "Update this program to open it.")
    stored = StoredRun(folder, _decode_run(path))
    _require_complete(stored)
    return stored


def _no_run(folder: Path) -> TLStudioError:
    try:
        folder.joinpath(RUN_FILE).stat()
    except PermissionError:
        return TLStudioError(f"{folder} can't be opened: you may not read it.", "Choose a folder that you may read.")
    except (OSError, ValueError):  # most likely there is none; no name of a file at all
        pass
    return TLStudioError(f"{folder} holds no run.", "Choose the folder that “train --out” wrote.")


def _require_complete(stored: StoredRun) -> None:
    missing = []
    wanted = Path(stored.backbone_weights) if stored.run.foreign else stored.tail_weights
    if not is_file(wanted):
        missing.append(wanted.name)
    if stored.run.weights_digest and not stored.backbone_weights:
        missing.append(f"{_BACKBONE_STEM}.h5")
    if missing:
        raise TLStudioError(
            f"{stored.folder} is damaged: {' and '.join(missing)} {'are' if missing[1:] else 'is'} missing.", _REMEDY
        )


class _Head(msgspec.Struct):
    """The one field that every version has."""

    schema: int


def _decode(path: Path, kind: type[_T]) -> _T:
    try:
        return from_json(path.read_bytes(), kind)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise TLStudioError(f"{path} can't be read: {reason}.", "See that you may read it, then try again.") from error
    except ValueError as error:
        raise TLStudioError(f"{path} is damaged: {error}.", _REMEDY) from error


def _decode_run(path: Path) -> Run:
    try:
        return msgspec.convert(upgraded(_decode(path, dict[str, Any])), Run)
    except ValueError as error:
        raise TLStudioError(f"{path} is damaged: {error}.", _REMEDY) from error


def list_runs(*folders: Path) -> tuple[list[StoredRun], list[TLStudioError]]:
    """All runs in some folders, newest first, and what is wrong with those that can't be opened."""
    found, damaged = [], []
    for path in (path for folder in folders for path in sorted(folder.glob(f"*/{RUN_FILE}"))):
        if path.parent.name.startswith("."):
            continue  # being written just now, or left by a crash
        try:
            found.append(load(path.parent))
        except TLStudioError as error:
            damaged.append(error)
    return sorted(found, key=_moment, reverse=True), damaged


def _moment(stored: StoredRun) -> float:
    try:
        return datetime.fromisoformat(stored.run.created).timestamp()
    except ValueError:
        return 0.0
