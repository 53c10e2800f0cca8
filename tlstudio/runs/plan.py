"""How a run was made, as far as it can be repeated: from the folder of a run, or from a file of settings."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from tlstudio.complaints import complaint
from tlstudio.datasets.splits.split import SplitConfig
from tlstudio.errors import TLStudioError
from tlstudio.modeling.spec import ModelSpec
from tlstudio.paths import is_file, is_folder
from tlstudio.runs.migration import upgraded
from tlstudio.runs.run import SCHEMA
from tlstudio.runs.store import RUN_FILE, TAIL_FILE, StoredRun, load
from tlstudio.training.config import TrainConfig


@dataclass(frozen=True, slots=True)
class Plan:
    """All choices of a training; what ``run.json`` says of them, and a file of settings with the same keys.

    Attributes:
        spec: The network.
        config: How to train.
        split_config: How to share out the photos.
        schema: Version of the layout that it was written in.
    """

    spec: ModelSpec
    config: TrainConfig
    split_config: SplitConfig = field(default_factory=SplitConfig)
    schema: int = SCHEMA


def plan_of(stored: StoredRun) -> Plan:
    """The choices that a run was made with.

    Raises:
        TLStudioError: If another program made it.
    """
    if stored.run.foreign:
        raise TLStudioError(
            f"How {stored.run.name} was trained isn't known: another program made it.", "Choose a run of this program."
        )
    return Plan(stored.run.spec, stored.run.config, stored.run.split_config)


def read_plan(path: Path) -> tuple[Plan, StoredRun | None]:
    """The choices in the folder of a run, in its ``run.json``, or in a file of settings; and the run, if it is one.

    Raises:
        TLStudioError: If it can't be read.
    """
    if is_folder(path) or (path.name == RUN_FILE and is_file(path.parent / TAIL_FILE)):
        stored = load(path if is_folder(path) else path.parent)
        return plan_of(stored), stored
    try:
        return msgspec.convert(_contents(path), Plan), None
    except (ValueError, OSError) as error:
        what = complaint(error) if isinstance(error, ValueError) else error.strerror
        raise TLStudioError(
            f"The settings in {path} can't be used: {what}.",
            "Choose the folder of a run, or a file with “spec” and “config” as its run.json has them.",
        ) from error


def _contents(path: Path) -> dict[str, Any]:
    contents = json.loads(path.read_bytes())
    if not isinstance(contents, dict):
        raise ValueError("it holds no settings")
    schema = contents.get("schema", SCHEMA)
    if isinstance(schema, int) and schema > SCHEMA:
        raise ValueError("it was made by a newer TL Studio")
    return upgraded(contents)
