"""Modules of the program that run as processes of their own: TensorFlow holds the interpreter lock for seconds."""

import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from tlstudio.events import CancelToken

_POLL_SECONDS: Final = 0.1

Child = subprocess.Popen[bytes]


def start_child(module: str, request: Path, env: Mapping[str, str] | None = None) -> Child:
    """Start a module on a request; it answers by files, and is heard no other way.

    Args:
        module: Its full name; it gets the path of the request as its argument.
        request: A file.
        env: Its environment; that of this process if None.
    """
    return subprocess.Popen(  # noqa: S603 - our own module
        [sys.executable, "-m", module, str(request)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=env,
    )


def end_child(child: Child) -> None:
    """End a process, whatever it does."""
    if child.poll() is None:
        child.kill()
    child.wait()


def run_child(
    module: str,
    request: Path,
    *,
    tell: Callable[[], None],
    token: CancelToken,
    env: Mapping[str, str] | None = None,
    most_seconds: float | None = None,
) -> int | None:
    """Run a module on a request until it ends; a stop kills it.

    Args:
        module: As for ``start_child``, and so are ``request`` and ``env``.
        request: A file.
        tell: Called ten times a second meanwhile.
        token: Asked as often.
        env: Its environment.
        most_seconds: It is killed after so long; None for never.

    Returns:
        Its exit code; None if its time was up.

    Raises:
        Cancelled: If a stop was asked for.
    """
    child, started = start_child(module, request, env), time.monotonic()
    try:
        while True:
            try:
                return child.wait(_POLL_SECONDS)
            except subprocess.TimeoutExpired:
                if most_seconds is not None and time.monotonic() - started > most_seconds:
                    return None
                tell()
                token.check()
    finally:
        end_child(child)
