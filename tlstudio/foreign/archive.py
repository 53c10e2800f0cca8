"""The zip file around a Keras model: looked at before anything in it is read, and unpacked within limits.

A ``.keras`` file holds ``config.json`` (the layers), ``model.weights.h5`` (their weights) and ``metadata.json`` (which
Keras wrote it). Nothing else is wanted of it, so nothing else is let in.
"""

import errno
import stat
import zipfile
import zlib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tlstudio.foreign.refusal import refusal

CONFIG: Final = "config.json"
WEIGHTS: Final = "model.weights.h5"
METADATA: Final = "metadata.json"

LARGEST: Final = {CONFIG: 32 << 20, WEIGHTS: 2 << 30, METADATA: 1 << 16}
"""Bytes that each member may take, unpacked. The largest network of ``keras.applications`` has weights of 1.3 GB."""

_MOST_RATIO: Final = 100  # the config of MobileNetV2 shrinks to a 27th; weights hardly shrink
_MOST_MEMBERS: Final = 16
_MOST_DIRECTORY: Final = 1 << 16
_CHUNK: Final = 1 << 20
_END: Final = b"PK\x05\x06"  # the record at the end of each zip file (APPNOTE.TXT, 4.3.16)
_END_64: Final = b"PK\x06\x07"  # what leads to one with larger numbers (4.3.15)
_END_BYTES: Final = 22
_END_64_BYTES: Final = 20
_LONGEST_COMMENT: Final = 0xFFFF
_ENCRYPTED: Final = 0x1
_PACKINGS: Final = frozenset((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))  # others ask for memory as they please
_DAMAGED: Final = "is damaged, or was cut short"
_AGAIN: Final = "Get the file again."


@dataclass(frozen=True, slots=True)
class UnpackedModel:
    """The members of a ``.keras`` file.

    Attributes:
        config: The layers, as JSON.
        weights: Where the weights were unpacked to.
    """

    config: bytes
    weights: Path


def unpack(file: Path, folder: Path) -> UnpackedModel:
    """Take the layers and the weights out of a ``.keras`` file.

    Args:
        file: The file.
        folder: Where the weights are put.

    Raises:
        RefusedModelError: If it is no zip file, holds anything but the members above, or more than their limits.
    """
    _check_directory(file)
    try:
        with zipfile.ZipFile(file) as archive:
            members = archive.infolist()
            _check_members(file, members)
            found = {member.filename: member for member in members}
            config = folder / CONFIG
            _extract(archive, found[CONFIG], config, file)
            weights = folder / WEIGHTS
            _extract(archive, found[WEIGHTS], weights, file)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError) as error:
        raise refusal(file, _DAMAGED, _AGAIN) from error
    except OSError as error:
        if error.errno != errno.EINVAL:  # a place that no file has
            raise
        raise refusal(file, _DAMAGED, _AGAIN) from error
    return UnpackedModel(config.read_bytes(), weights)


def _check_directory(file: Path) -> None:
    """Look at the list of members before it is read: one of millions would fill the memory."""
    with file.open("rb") as stream:
        begins = stream.read(4)
        size = stream.seek(0, 2)
        stream.seek(max(size - _END_64_BYTES - _END_BYTES - _LONGEST_COMMENT, 0))
        tail = stream.read()
    if begins != b"PK\x03\x04":
        raise refusal(
            file, "is no Keras model", "Choose a file that Keras saved (.keras), or Teachable Machine's keras_model.h5."
        )
    at = tail.rfind(_END)
    if at < 0 or len(tail) < at + _END_BYTES:
        raise refusal(file, _DAMAGED, _AGAIN)
    count = int.from_bytes(tail[at + 10 : at + 12], "little")
    directory = int.from_bytes(tail[at + 12 : at + 16], "little")
    if _END_64 in tail or count > _MOST_MEMBERS or directory > _MOST_DIRECTORY:
        raise refusal(file, "holds more files than a Keras model has")


def _check_members(file: Path, members: list[zipfile.ZipInfo]) -> None:
    names = Counter(member.filename for member in members)
    for member in members:
        _check_name(file, member)
        if names[member.filename] > 1:
            raise refusal(file, f"holds “{member.filename}” twice")
        if member.flag_bits & _ENCRYPTED:
            raise refusal(file, "is locked with a password", "Unlock it where it was made, and save it without one.")
        if member.compress_type not in _PACKINGS:
            raise refusal(file, f"has “{member.filename}” packed in a way of its own", "Save it again with Keras.")
        if member.file_size > LARGEST[member.filename]:
            raise refusal(file, f"holds {member.file_size / 1e9:,.1f} GB in “{member.filename}”, more than is read")
        if member.file_size > _MOST_RATIO * max(member.compress_size, 1):
            raise refusal(file, f"would grow beyond measure when “{member.filename}” is unpacked (a zip bomb)")
    missing = [name for name in (CONFIG, WEIGHTS) if name not in names]
    if missing:
        raise refusal(file, f"lacks “{missing[0]}”, which every Keras model has", _AGAIN)


def _check_name(file: Path, member: zipfile.ZipInfo) -> None:
    name = member.filename
    if ".." in name.split("/") or name.startswith(("/", "\\")) or "\\" in name or ":" in name:
        raise refusal(file, f"wants to write outside its own folder (“{name[:80]}”)")
    if stat.S_ISLNK(member.external_attr >> 16):
        raise refusal(file, f"holds a link (“{name[:80]}”)")
    if name not in LARGEST:
        raise refusal(
            file,
            f"brings a file of its own along (“{name[:80]}”)",
            "Models of photos need none. Save it again without layers for text or tables.",
        )


def _extract(archive: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path, file: Path) -> None:
    """Unpack no more than was announced, whatever really comes."""
    left = member.file_size
    with archive.open(member) as source, target.open("wb") as sink:
        while chunk := source.read(_CHUNK):
            left -= len(chunk)
            if left < 0:
                raise refusal(file, f"holds more in “{member.filename}” than it says")
            sink.write(chunk)
