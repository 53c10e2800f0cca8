"""The table of makers: what a "write" writes, made when it is written, and made the same again after a crash."""

import base64
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from tlstudio.filing.action import GIVEN
from tlstudio.filing.tagging import (
    COPIED_SIDECAR,
    RETAGGED_COPY,
    SIDECAR,
    TAGGED_COPY,
    make_retagged_copy,
    make_sidecar,
    make_sidecar_copy,
    make_tagged_copy,
)

Maker = Callable[[Path, str, bytes | None], bytes]
"""Of the photo, the recipe's argument and what is in the place of the target now (None: nothing) makes what is written.

It raises ``TLStudioError`` or ``OSError`` where it can't; that file is left as it is then.
"""


def _given(_photo: Path, argument: str, _before: bytes | None) -> bytes:
    return base64.b64decode(argument)


MAKERS: Final[Mapping[str, Maker]] = {
    GIVEN: _given,
    SIDECAR: make_sidecar,
    TAGGED_COPY: make_tagged_copy,
    RETAGGED_COPY: make_retagged_copy,
    COPIED_SIDECAR: make_sidecar_copy,
}

ALWAYS_NEW: Final = frozenset((TAGGED_COPY, COPIED_SIDECAR))
"""Makers of files of their own: where their name is taken, they get another one, and nothing is replaced."""
