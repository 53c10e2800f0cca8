"""Presets as files: JSON that a person can read, write and share.

A file may say ``"extends": "another"``: then it holds only what is different. Tables are laid over those of the other
file, the phases one by one; everything else takes the place of what was there. A file that is extended extends none.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import msgspec

from tlstudio.complaints import complaint
from tlstudio.datasets.file_names import shown_name
from tlstudio.errors import TLStudioError
from tlstudio.presets.preset import Preset
from tlstudio.serialization import to_json
from tlstudio.whole_files import write_whole

SCHEMA: Final = 1
ENDING: Final = ".json"
_EXTENDS: Final = "extends"
_STEPS_TO_PHASES: Final = ("phases",)
_REMEDY: Final = "A copy of another preset, or “tlstudio list presets --json FILE”, shows how presets are written."


def read_preset(path: Path, shelf: Path | None = None) -> Preset:
    """The preset in a file.

    Args:
        path: The file.
        shelf: Folder of what it may extend, besides its own.

    Raises:
        TLStudioError: If there is no such file, it holds no preset, what it asks for isn't there, or a newer version of
            the program wrote it. It names the file and the key.
    """
    contents = _complete(path, shelf)
    try:
        preset = msgspec.convert(contents, Preset)
        _refuse_unknown(contents, msgspec.to_builtins(preset))
    except ValueError as error:
        raise _unusable(path, complaint(error)) from error
    if not is_name(preset.name):
        raise _unusable(path, f"“{preset.name}” can't be the name of a file")
    try:
        preset.setup()
    except (TLStudioError, ValueError) as error:
        raise _unusable(path, str(error).removesuffix(".")) from error
    return preset


def write_preset(preset: Preset, path: Path) -> None:
    """Write a preset, whole, in the place of what is there.

    Raises:
        TLStudioError: If it can't be written.
    """
    try:
        write_whole(path, to_json(preset_json(preset), indent=2) + b"\n")
    except OSError as error:
        raise TLStudioError(
            f"The preset can't be written to {path}: {error.strerror}.", "Choose another folder, or make room."
        ) from error


def preset_json(preset: Preset) -> dict[str, Any]:
    """What a file of a preset holds."""
    contents: dict[str, Any] = msgspec.to_builtins(preset)
    return {"schema": SCHEMA, **contents}


def is_name(text: str) -> bool:
    """Whether a preset can have this name: every system takes it as that of a file."""
    return bool(text) and shown_name(text) == text and text == text.strip()


def _complete(path: Path, shelf: Path | None) -> dict[str, Any]:
    """What a file says together with the file that it extends."""
    changes = _read(path)
    parent = changes.pop(_EXTENDS, None)
    if parent is None:
        return changes
    if not isinstance(parent, str) or not is_name(parent):
        raise _unusable(path, f"“{_EXTENDS}” isn't the name of a preset")
    base = _read(_beside(path, parent, shelf))
    if _EXTENDS in base:
        raise _unusable(path, f"it extends {parent}, which extends another one itself")
    merged: dict[str, Any] = _merged(base, changes)
    return merged


def _beside(path: Path, name: str, shelf: Path | None) -> Path:
    places = [path.parent, *([shelf] if shelf else [])]
    found = (place / f"{name}{ENDING}" for place in places)
    return next((file for file in found if file.is_file()), places[-1] / f"{name}{ENDING}")


def _read(path: Path) -> dict[str, Any]:
    try:
        contents = json.loads(path.read_bytes())
    except OSError as error:
        raise TLStudioError(
            f"{path} can't be read: {error.strerror}.", "Give the name of a preset, or the path of a file of one."
        ) from error
    except ValueError as error:
        raise _unusable(path, f"it is no JSON: {error}") from error
    if not isinstance(contents, dict):
        raise _unusable(path, "it holds no table")
    schema = contents.pop("schema", SCHEMA)
    if schema != SCHEMA:
        raise TLStudioError(f"A newer TL Studio wrote {path}.", "Update this program to read it.")
    return contents


def _merged(base: Any, changes: Any, where: tuple[str, ...] = ()) -> Any:  # noqa: ANN401 - whatever stands in the file
    if isinstance(base, dict) and isinstance(changes, dict):
        laid = {key: _merged(base[key], value, (*where, key)) for key, value in changes.items() if key in base}
        return base | changes | laid
    if where == _STEPS_TO_PHASES and isinstance(changes, list) and len(base) == len(changes):
        return [_merged(one, change, (*where, "")) for one, change in zip(base, changes, strict=True)]
    return changes


def _refuse_unknown(given: Any, understood: Any, where: str = "") -> None:  # noqa: ANN401
    """See that nothing was skipped in silence.

    Raises:
        ValueError: If a key of what was given means nothing.
    """
    if isinstance(given, Mapping) and isinstance(understood, Mapping):
        for key, value in given.items():
            if key not in understood:
                raise ValueError(f"“{key}” is not known here - at `{where or '$'}`")
            _refuse_unknown(value, understood[key], f"{where or '$'}.{key}")
    elif _is_list(given) and _is_list(understood):
        for number, (value, kept) in enumerate(zip(given, understood, strict=False)):
            _refuse_unknown(value, kept, f"{where}[{number}]")


def _is_list(value: object) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)


def _unusable(path: Path, why: str) -> TLStudioError:
    return TLStudioError(f"{path.name} can't be used as a preset: {why}.", _REMEDY)
