"""Killing a program at a moment of one's choice, and what it said until then."""

import subprocess
import sys
import time
from itertools import islice
from pathlib import Path


def killed(script: Path, *arguments: object, seconds: float, lines: int = 1) -> list[str]:
    """Let a script work, and kill it that long after the first lines that it says.

    Args:
        script: Says with ``say`` what is done.
        arguments: For its command line.
        seconds: How long it may go on.
        lines: How many lines it says before that time begins.

    Returns:
        The lines that it said.
    """
    return killed_after(script, *arguments, lines=lines, seconds=seconds, may_end=False)


def killed_after(script: Path, *arguments: object, lines: int, seconds: float = 0.0, may_end: bool = True) -> list[str]:
    """Let a script work, and kill it that long after so many lines, if it hasn't ended by then.

    Args:
        script: Says with ``say`` what is done.
        arguments: For its command line.
        lines: How many lines it may say.
        seconds: How long it may go on after them.
        may_end: Whether it may have ended by itself; else that is an error, and what it says of it is shown.

    Returns:
        All lines that it said.
    """
    command = [sys.executable, str(script), *map(str, arguments)]
    errors = subprocess.DEVNULL if may_end else None
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True) as child:
        assert child.stdout is not None
        try:
            said = [line.strip() for line in islice(child.stdout, lines)]
            if len(said) == lines:
                time.sleep(seconds)  # the moment of the kill is what is tried, nothing waits for it
            assert may_end or child.poll() is None, "it ended by itself"
        finally:
            child.kill()
        return [*said, *child.stdout.read().splitlines()]


def say(line: object) -> None:
    """Tell whoever started this program; at once, since the next moment may be its last."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
