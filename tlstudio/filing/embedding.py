"""XMP packets inside photos: in a segment of a JPEG, in a chunk of a PNG. Nothing else in the file is changed.

Sources: Adobe, XMP Specification Part 3, chapters 1.1.3 (JPEG) and 1.1.5 (PNG); W3C, PNG, chapter 11.3.3.4 (iTXt).
"""

import struct
import zlib
from collections.abc import Callable, Iterator
from typing import Final

from tlstudio.filing.xml_places import UnknownPacketError

Change = Callable[[bytes | None], bytes]
"""Of the packet that is there (None: none) makes the one that is to be there."""

_JPEG: Final = b"\xff\xd8"
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_JPEG_NAME: Final = b"http://ns.adobe.com/xap/1.0/\0"
_PNG_NAME: Final = b"XML:com.adobe.xmp\0"
_APP0, _APP1, _START_OF_SCAN = 0xE0, 0xE1, 0xDA
_MOST_IN_SEGMENT: Final = 0xFFFF - 2
_MOST_UNPACKED: Final = 16 << 20


class NoPlaceError(Exception):
    """A photo that no packet can be put into; the text says why, for a person."""


def can_embed(beginning: bytes) -> bool:
    """Whether a file that begins so is of a kind that keywords can be put into."""
    return beginning.startswith((_JPEG, _PNG))


def with_packet(photo: bytes, change: Change) -> bytes:
    """A photo with another XMP packet.

    Raises:
        NoPlaceError: If it is neither a JPEG nor a PNG, is damaged, or has no room for the packet.
        UnknownPacketError: Where ``change`` raises it.
    """
    if photo.startswith(_JPEG):
        return _jpeg(photo, change)
    if photo.startswith(_PNG):
        return _png(photo, change)
    raise NoPlaceError("Keywords can be put into JPEG and PNG photos only.")


def _jpeg(photo: bytes, change: Change) -> bytes:
    place = len(_JPEG)
    for marker, start, end in _segments(photo):
        content = photo[start + 4 : end]
        if marker == _APP1 and content.startswith(_JPEG_NAME):
            packet = change(content[len(_JPEG_NAME) :])
            return photo[:start] + _segment(packet) + photo[end:]
        # Readers expect JFIF and Exif first.
        if place == start and (marker == _APP0 or (marker == _APP1 and content.startswith(b"Exif\0"))):
            place = end
    return photo[:place] + _segment(change(None)) + photo[place:]


def _segments(photo: bytes) -> Iterator[tuple[int, int, int]]:
    """Marker, start and end of the segments before the picture itself."""
    place = len(_JPEG)
    while place + 4 <= len(photo) and photo[place] == 0xFF:
        marker = photo[place + 1]
        if marker == _START_OF_SCAN:
            return
        if marker == 0xFF:  # padding
            place += 1
            continue
        end = place + 2 + int.from_bytes(photo[place + 2 : place + 4], "big")
        if end > len(photo):
            break
        yield marker, place, end
        place = end
    raise NoPlaceError("The file is damaged: the picture in it can't be found.")


def _segment(packet: bytes) -> bytes:
    content = _JPEG_NAME + packet
    if len(content) > _MOST_IN_SEGMENT:
        raise NoPlaceError("There is no room in the file for another keyword.")
    return struct.pack(">BBH", 0xFF, _APP1, len(content) + 2) + content


def _png(photo: bytes, change: Change) -> bytes:
    place = 0
    for kind, start, end in _chunks(photo):
        content = photo[start + 8 : end - 4]
        if kind == b"iTXt" and content.startswith(_PNG_NAME):
            packet = change(_unpacked(content[len(_PNG_NAME) :]))
            return photo[:start] + _chunk(packet) + photo[end:]
        place = place or end  # behind IHDR, which has to be the first
    return photo[:place] + _chunk(change(None)) + photo[place:]


def _chunks(photo: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Kind, start and end of each chunk."""
    place = len(_PNG)
    while place + 12 <= len(photo):
        end = place + 12 + int.from_bytes(photo[place : place + 4], "big")
        kind = photo[place + 4 : place + 8]
        if end > len(photo):
            break
        yield kind, place, end
        if kind == b"IEND":
            return
        place = end
    raise NoPlaceError("The file is damaged: it ends before the picture does.")


def _unpacked(content: bytes) -> bytes:
    """The text of an iTXt chunk, from what follows its name: two flags, language, name in it, text."""
    parts = content[2:].split(b"\0", 2)
    if len(parts) != 3:
        raise UnknownPacketError("Its XMP is damaged.")
    if not content[0]:
        return parts[2]
    reader = zlib.decompressobj()
    try:
        text = reader.decompress(parts[2], _MOST_UNPACKED)
    except zlib.error as error:
        raise UnknownPacketError("Its XMP is damaged.") from error
    if not reader.eof:
        raise UnknownPacketError("Its XMP is damaged, or larger than any XMP should be.")
    return text


def _chunk(packet: bytes) -> bytes:
    named = b"iTXt" + _PNG_NAME + b"\0\0\0\0" + packet
    return struct.pack(">I", len(named) - 4) + named + struct.pack(">I", zlib.crc32(named))
