"""What the shell shows: text on standard output, progress on standard error if that is a terminal."""

import os
import re
import sys
import time
from pathlib import Path
from typing import Any, TextIO

from tlstudio.errors import TLStudioError
from tlstudio.events import BatchEnded, EpochEnded, Event, Notice, PhaseStarted, Progress, RateTried
from tlstudio.serialization import to_json

_STAGES = {
    "samples": "Writing the sample",
    "scan": "Reading photos",
    "engine": "Preparing the network",
    "features": "Reading photos for the network",
    "evaluate": "Judging",
    "folds": "Training once more",
    "predict": "Classifying",
    "plan": "Looking where photos go",
    "file": "Filing",
    "undo": "Undoing",
    "report": "Writing the report",
}
# Their notes say how far they are.
_IN_BYTES = {"fetch": "Downloading", "download": "Downloading", "unpack": "Unpacking"}
_PHASES = {"head": "Learning the classes", "fine_tune": "Refining", "scratch": "Learning"}
# What steers a terminal. Names of files and classes may hold it; line ends and tabs are the program's own.
_STEERING = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_REDRAW_SECONDS = 0.1
_WIDTH = 78


class Console:
    """Where a command writes to.

    With ``--json -`` standard output belongs to the JSON alone, and sentences go to standard error.
    """

    def __init__(self, json_target: str | None) -> None:
        self._json_target = json_target
        self._text: TextIO = sys.stderr if json_target == "-" else sys.stdout
        self._bar: TextIO | None = _own_stderr() if sys.stderr.isatty() else None
        self._drawn = 0.0
        self._phase = ""

    def say(self, text: str = "") -> None:
        """Write a line for a person."""
        self._clear()
        self._text.write(printable(text, self._text) + "\n")
        self._text.flush()

    def finish(self, result: dict[str, Any]) -> None:
        """Write the machine-readable result to where ``--json`` says.

        Raises:
            TLStudioError: If it can't be written.
        """
        self._clear()
        if self._json_target is None:
            return
        text = to_json(result, indent=1) + b"\n"
        if self._json_target == "-":
            sys.stdout.write(text.decode("ascii"))
            sys.stdout.flush()
            return
        try:
            Path(self._json_target).write_bytes(text)
        except OSError as error:
            raise TLStudioError(
                f"{self._json_target} can't be written: {error.strerror}.", "Choose another file."
            ) from error

    def emit(self, event: Event) -> None:
        """Show an event of a running task."""
        if isinstance(event, Notice):
            sys.stderr.write(printable(event.message, sys.stderr) + "\n")
        elif isinstance(event, PhaseStarted):
            self._phase = _PHASES[event.name]
        elif isinstance(event, Progress):
            self._show_progress(event)
        elif isinstance(event, BatchEnded):
            self._draw(f"{self._phase}: round {event.epoch + 1}, {event.accuracy:.0%} right", event.step / event.steps)
        elif isinstance(event, EpochEnded):
            checked = "" if event.val_accuracy is None else f", {event.val_accuracy:.0%} of the others"
            self._draw(f"{self._phase}: round {event.epoch + 1}, {event.accuracy:.0%} right{checked}", 1.0, force=True)
        elif isinstance(event, RateTried):
            self._draw(f"Learning rate {event.rate:.1e}: error {event.loss:.3f}", event.step / event.steps)

    def _show_progress(self, event: Progress) -> None:
        if event.stage in _IN_BYTES and event.total:
            self._draw(event.note or _IN_BYTES[event.stage], event.done / event.total)
            return
        name = event.note or _STAGES.get(event.stage, event.stage)
        if event.total:
            self._draw(f"{name}: {event.done:,} of {event.total:,}", event.done / event.total)
        else:
            self._draw(name, None)

    def _draw(self, text: str, share: float | None, *, force: bool = False) -> None:
        now = time.monotonic()
        if self._bar is None or (not force and now - self._drawn < _REDRAW_SECONDS):
            return
        self._drawn = now
        bar = "" if share is None else f"  [{'#' * round(20 * share):<20}]"
        self._bar.write("\r" + f"{text}{bar}"[:_WIDTH].ljust(_WIDTH))
        self._bar.flush()

    def _clear(self) -> None:
        if self._bar is not None and self._drawn:
            self._bar.write("\r" + " " * _WIDTH + "\r")
            self._bar.flush()
            self._drawn = 0.0


def printable(text: str, stream: TextIO) -> str:
    """A text that a stream takes and a terminal only shows, whatever names stand in it.

    What steers the terminal, is no character at all (names that are no UTF-8) or is missing in the stream's encoding
    is written as an escape.
    """
    plain = _STEERING.sub(lambda found: f"\\x{ord(found[0]):02x}", text)
    encoding = stream.encoding or "utf-8"
    return plain.encode(encoding, "backslashreplace").decode(encoding)


def _own_stderr() -> TextIO:
    """Standard error by a descriptor of its own: the shared one is silenced while TensorFlow loads."""
    return os.fdopen(os.dup(sys.stderr.fileno()), "w", encoding="utf-8", errors="replace")
