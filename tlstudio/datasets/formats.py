"""Which kinds of picture are read, how their bytes are told apart, and what containers tell before decoding."""

import re
import struct
import zlib
from dataclasses import dataclass
from pathlib import PurePath


@dataclass(frozen=True, slots=True)
class Format:
    """One kind of picture.

    Attributes:
        name: What people call it.
        decoders: Pillow's decoders to try, in this order.
        extensions: Endings that such files usually carry, in lower case.
        signature: Matches the first bytes of such a file.
    """

    name: str
    decoders: tuple[str, ...]
    extensions: tuple[str, ...]
    signature: re.Pattern[bytes]


def _signature(pattern: bytes) -> re.Pattern[bytes]:
    return re.compile(pattern, re.DOTALL)


_NEVER = _signature(rb"(?!)")

TGA = Format("TGA", ("TGA",), (".tga",), _NEVER)

# An allowlist. PostScript, PDF and Windows metafiles run programs. Icons carry a second picture whose size Pillow only
# learns while it decodes it, so that a pixel bomb in one can't be refused before.
FORMATS: tuple[Format, ...] = (
    Format("JPEG", ("JPEG",), (".jpg", ".jpeg", ".jpe", ".jfif", ".mpo"), _signature(rb"\xff\xd8\xff")),
    Format("PNG", ("PNG",), (".png", ".apng"), _signature(rb"\x89PNG\r\n\x1a\n")),
    Format("GIF", ("GIF",), (".gif",), _signature(rb"GIF8[79]a")),
    Format("WebP", ("WEBP",), (".webp",), _signature(rb"RIFF.{4}WEBP")),
    Format("AVIF", ("AVIF",), (".avif", ".avifs"), _signature(rb".{4}ftypavi[fs]")),
    # "mif1" and "msf1" only say "a picture"; what it is coded with stands further inside.
    Format(
        "HEIC",
        ("HEIF", "AVIF"),
        (".heic", ".heif", ".heics", ".heifs", ".hif"),
        _signature(rb".{4}ftyp(?:hei[cxms]|hev[cxms]|mif1|msf1)"),
    ),
    Format("TIFF", ("TIFF",), (".tif", ".tiff"), _signature(rb"II[*+]\x00|MM\x00[*+]")),
    Format("BMP", ("BMP",), (".bmp", ".dib"), _signature(rb"BM.{12}[\x0c\x28\x34\x38\x40\x6c\x7c]\x00{3}")),
    Format(
        "JPEG 2000",
        ("JPEG2000",),
        (".jp2", ".j2k", ".jpf", ".jpx", ".j2c", ".jpc"),
        _signature(rb"\x00\x00\x00\x0cjP  \r\n\x87\n|\xff\x4f\xff\x51"),
    ),
    Format(
        "PPM",
        ("PPM",),
        (".ppm", ".pgm", ".pbm", ".pnm", ".pfm"),
        _signature(rb"P[1-6fF]\s+(?:#[^\n]*\n\s*)*\d+\s+(?:#[^\n]*\n\s*)*\d+\s"),
    ),
    TGA,
)

# Raw camera files: many are TIFF inside and would be read as their thumbnail, so that for them the name decides.
RAW_EXTENSIONS = frozenset(
    (".3fr", ".arw", ".cr2", ".cr3", ".dng", ".erf", ".iiq", ".nef", ".nrw", ".orf", ".pef", ".raf", ".rw2", ".srw")
)

IMAGE_EXTENSIONS = frozenset(ending for entry in FORMATS for ending in entry.extensions) | RAW_EXTENSIONS

_TGA_FOOTER = b"TRUEVISION-XFILE.\x00"

_STRANGERS: tuple[tuple[re.Pattern[bytes], str], ...] = (
    (_signature(rb"%PDF"), "it is a PDF document"),
    (_signature(rb"%!PS|\xc5\xd0\xd3\xc6"), "it is a PostScript document"),
    (_signature(rb"8BPS"), "it is a Photoshop document"),
    (_signature(rb"PK\x03\x04"), "it is a zip archive or an office document"),
    (_signature(rb"\s*(?:<\?xml[^>]*>\s*)?<svg"), "it is an SVG drawing"),
    (_signature(rb"(?i)\s*<(?:!doctype\s+html|html)"), "it is a web page"),
    (_signature(rb".{4}ftyp|\x1aE\xdf\xa3|RIFF.{4}AVI "), "it is a video"),
    (_signature(rb"\x00\x00[\x01\x02]\x00"), "it is an icon"),
)

_HEAD = 1024


def looks_like_image(path: PurePath | str) -> bool:
    """Whether the name of a file promises a picture."""
    return PurePath(path).suffix.lower() in IMAGE_EXTENSIONS


def is_raw(path: PurePath | str) -> bool:
    """Whether the name is that of a raw camera file."""
    return PurePath(path).suffix.lower() in RAW_EXTENSIONS


def identify(data: bytes, extension: str = "") -> Format | None:
    """The kind of picture that the bytes hold.

    Args:
        data: The file, or its first 64 bytes or more.
        extension: Only asked for TGA, which has no signature at its beginning.

    Returns:
        The entry of ``FORMATS``, or None if the bytes are no picture that is read here.
    """
    for entry in FORMATS:
        if entry.signature.match(data):
            return entry
    named_tga = extension.lower() in TGA.extensions and len(data) > 18 and not _is_text(data[:_HEAD])
    return TGA if named_tga or data.endswith(_TGA_FOOTER) else None


def describe_stranger(data: bytes) -> str:
    """What bytes that are no picture hold, as the second half of a sentence."""
    head = data[:_HEAD]
    for signature, what in _STRANGERS:
        if signature.match(head):
            return what
    return "it holds text" if _is_text(head) else "what it holds is not known here"


def is_cut_short(data: bytes) -> bool:
    """Whether a container says that it is longer than the file. HEIC decoders may draw what is left without a word."""
    if data[4:8] == b"ftyp":
        return _boxes_end(data) > len(data)
    if data[:4] == b"RIFF" and len(data) >= 12:
        return int(struct.unpack_from("<I", data, 4)[0]) + 8 > len(data)
    return False


def _boxes_end(data: bytes) -> int:
    """Where the last box at the top of an ISO base media file (ISO/IEC 14496-12, 4.2) ends."""
    position = 0
    while position + 8 <= len(data):
        size = int(struct.unpack_from(">I", data, position)[0])
        if size == 1 and position + 16 <= len(data):
            size = int(struct.unpack_from(">Q", data, position + 8)[0])
        if size < 8:  # 0: up to the end of the file; anything else makes no sense and is left to the decoder
            return len(data)
        position += size
    return position


_PNG_SIGNATURE = 8
# The rest (text, profiles, further frames) is not looked at, and over a slip in it Pillow refuses the whole picture.
_PNG_NEEDED = frozenset((b"IHDR", b"PLTE", b"tRNS", b"eXIf", b"IDAT"))


def essential_png(data: bytes) -> bytes:
    """The same PNG with only what its first picture needs.

    A file that stops after its pixels becomes whole again; one that stops amid them stays too short for the decoder.

    Args:
        data: A file with the signature of PNG.
    """
    parts = [data[:_PNG_SIGNATURE]]
    position = _PNG_SIGNATURE
    while position + 8 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, position)
        end = position + 12 + length
        if kind == b"IEND":
            break
        if end > len(data):
            if kind == b"IDAT":
                parts.append(_png_chunk(kind, data[position + 8 :]))
            break
        if kind in _PNG_NEEDED:
            parts.append(data[position:end])
        position = end
    parts.append(_png_chunk(b"IEND", b""))
    return b"".join(parts)


def _png_chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def _is_text(head: bytes) -> bool:
    try:
        text = head.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start < len(head) - 3:  # else the cut went through a character
            return False
        text = head[: error.start].decode("utf-8")
    return bool(text) and all(letter.isprintable() or letter in "\t\r\n\f\ufeff" for letter in text)
