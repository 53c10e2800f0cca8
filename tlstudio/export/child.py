"""Modules of this package that run as processes of their own: conversion holds the interpreter lock for seconds."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

from tlstudio.events import CancelToken

_POLL_SECONDS: Final = 0.1


def run_child(module: str, request: Path, *, tell: Callable[[], None], token: CancelToken) -> None:
    """Run a module on a request until it ends; a stop kills it.

    Args:
        module: Its full name; it gets the path of the request as its argument.
        request: A file.
        tell: Called ten times a second meanwhile.
        token: Asked as often.

    Raises:
        Cancelled: If a stop was asked for.
    """
    process = subprocess.Popen(  # noqa: S603 - our own module
        [sys.executable, "-m", module, str(request)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        while True:
            try:
                process.wait(_POLL_SECONDS)
            except subprocess.TimeoutExpired:
                tell()
                token.check()
            else:
                return
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
