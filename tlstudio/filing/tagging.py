"""What a "write" of keywords writes: a sidecar beside a photo, or a copy of the photo with the keyword in it."""

import json
from pathlib import Path
from typing import Final

from tlstudio.errors import TLStudioError
from tlstudio.filing.action import Recipe
from tlstudio.filing.embedding import NoPlaceError, with_packet
from tlstudio.filing.xml_places import UnknownPacketError
from tlstudio.filing.xmp import with_keyword

SIDECAR: Final = "keyword beside"
TAGGED_COPY: Final = "keyword inside"
RETAGGED_COPY: Final = "another keyword inside"
COPIED_SIDECAR: Final = "sidecar with keyword"


def sidecar_recipe(class_name: str) -> Recipe:
    """Of the sidecar that is there makes one with the keyword of a class."""
    return Recipe(SIDECAR, json.dumps(class_name))  # ASCII, whatever bytes the name of a folder had


def sidecar_copy_recipe(class_name: str) -> Recipe:
    """Of a sidecar makes a copy with the keyword of a class."""
    return Recipe(COPIED_SIDECAR, json.dumps(class_name))


def copy_recipe(class_name: str) -> Recipe:
    """Of a photo makes a copy with the keyword of a class in it."""
    return Recipe(TAGGED_COPY, json.dumps(class_name))


def retagging_recipe(class_name: str) -> Recipe:
    """Of a copy that this program has made makes the same copy with the keyword of another class."""
    return Recipe(RETAGGED_COPY, json.dumps(class_name))


def make_sidecar(_photo: Path, argument: str, before: bytes | None) -> bytes:
    """The maker of ``sidecar_recipe``; arguments as for every ``Maker``.

    Raises:
        TLStudioError: If what is there can't be added to.
    """
    return _with_keyword(before, argument)


def make_sidecar_copy(sidecar: Path, argument: str, _before: bytes | None) -> bytes:
    """The maker of ``sidecar_copy_recipe``: its "photo" is a sidecar; other arguments as for every ``Maker``.

    Raises:
        TLStudioError: If it can't be added to.
        OSError: If it can't be read.
    """
    return _with_keyword(sidecar.read_bytes(), argument)


def _with_keyword(packet: bytes | None, argument: str) -> bytes:
    try:
        return with_keyword(packet, json.loads(argument))
    except UnknownPacketError as error:
        raise TLStudioError(f"Its sidecar file stays as it is. {error}") from error


def make_tagged_copy(photo: Path, argument: str, _before: bytes | None) -> bytes:
    """The maker of ``copy_recipe``; arguments as for every ``Maker``.

    Raises:
        TLStudioError: If the photo has no place for keywords.
        OSError: If it can't be read.
    """
    return _tagged(photo.read_bytes(), json.loads(argument))


def make_retagged_copy(photo: Path, argument: str, before: bytes | None) -> bytes:
    """The maker of ``retagging_recipe``; arguments and errors as for ``make_tagged_copy``."""
    return _tagged(photo.read_bytes() if before is None else before, json.loads(argument))


def _tagged(photo: bytes, class_name: str) -> bytes:
    try:
        return with_packet(photo, lambda packet: with_keyword(packet, class_name))
    except (NoPlaceError, UnknownPacketError) as error:
        raise TLStudioError(str(error)) from error
