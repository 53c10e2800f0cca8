"""Own networks as files: a layer table as JSON that a person can write, share and give to the command line."""

import json
from dataclasses import fields
from pathlib import Path
from typing import Any, Final

import msgspec

from tlstudio.complaints import complaint
from tlstudio.errors import TLStudioError
from tlstudio.modeling.layer_table import LayerTable

SCHEMA: Final = 1
_REMEDY: Final = "“tlstudio list architectures --json FILE” shows how layers are written."


def layers_json(table: LayerTable) -> dict[str, Any]:
    """What a file of layers holds."""
    contents: dict[str, Any] = msgspec.to_builtins(table)
    return {"schema": SCHEMA, **contents}


def read_layers(path: Path) -> LayerTable:
    """The layers in a file.

    Raises:
        TLStudioError: If there is no such file, it holds no layers, or a newer version of the program wrote it.
    """
    try:
        contents = json.loads(path.read_bytes())
    except OSError as error:
        raise TLStudioError(f"{path} can't be read: {error.strerror}.", "Give the path of a file of layers.") from error
    except ValueError as error:
        raise TLStudioError(f"{path} is no JSON: {error}.", _REMEDY) from error
    try:
        return _table(contents)
    except ValueError as error:
        raise TLStudioError(f"{path} holds no layers: {complaint(error)}.", _REMEDY) from error


def _table(contents: object) -> LayerTable:
    if not isinstance(contents, dict):
        raise ValueError("it has no “width”, “height”, “channels” and “rows”")
    schema = contents.get("schema", SCHEMA)
    if schema != SCHEMA:
        raise TLStudioError("A newer TL Studio wrote these layers.", "Update this program to read them.")
    unknown = set(contents) - {"schema", *(field.name for field in fields(LayerTable))}
    if unknown:
        raise ValueError(f"“{sorted(unknown)[0]}” is not known here")
    return msgspec.convert(contents, LayerTable)
