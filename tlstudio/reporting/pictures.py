"""Photos inside a report, small enough that the whole stays one file."""

import base64
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from PIL import Image

from tlstudio.datasets.images import UnreadableImageError, thumbnail
from tlstudio.events import CancelToken, Emit, Progress

SIDE: Final = 300
"""Greatest width and height in pixels: sharp on paper at 4 cm."""

_QUALITY: Final = 80


def inline_photos(paths: Sequence[Path], *, emit: Emit, token: CancelToken) -> list[str]:
    """Photos as ``data:`` addresses; "" for one that can't be read any more.

    Args:
        paths: The files.
        emit: Told the progress.
        token: Stops it.

    Raises:
        Cancelled: If a stop was asked for.
    """
    found = []
    for done, path in enumerate(paths):
        token.check()
        emit(Progress("report", done, len(paths)))
        found.append(_inline(path))
    emit(Progress("report", len(paths), len(paths)))
    return found


def _inline(path: Path) -> str:
    try:
        pixels = thumbnail(path, SIDE)
    except UnreadableImageError:
        return ""
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "JPEG", quality=_QUALITY, optimize=True)
    return f"data:image/jpeg;base64,{base64.b64encode(file.getvalue()).decode('ascii')}"
