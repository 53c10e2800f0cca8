"""What tells the contents of files apart."""

import hashlib
from pathlib import Path


def digest_of(path: Path) -> str:
    """SHA-256 of what a file holds, in hex; links are followed.

    Raises:
        OSError: If it can't be read.
    """
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
