"""``train`` with several networks or presets: one run after the other, and a table that grows."""

from argparse import Namespace
from collections.abc import Callable, Sequence
from copy import copy
from typing import Any, Final

from tlstudio.cli.console import Console
from tlstudio.errors import TLStudioError
from tlstudio.events import Batch, CancelToken, Event
from tlstudio.workflows.train import TrainRequest
from tlstudio.workflows.train_queue import QueueEntry, QueueRow, train_queue

_QUEUED: Final = ("preset", "backbone", "architecture")
"""Options that take several names with commas between them."""

_NAME_WIDTH: Final = 26


def queued_names(options: Namespace) -> tuple[str, list[str]]:
    """The option that names several things to train, and the names; "" and none where there is no queue.

    Raises:
        TLStudioError: If two options do, or a name comes twice.
    """
    found = [option for option in _QUEUED if "," in (getattr(options, option) or "")]
    if not found:
        return "", []
    names = [name.strip() for name in getattr(options, found[0]).split(",") if name.strip()]
    if len(found) > 1:
        raise TLStudioError("Only one option can name several things to train.", "Give one of them a single name.")
    if len(set(names)) < len(names):
        raise TLStudioError("A name comes twice, and their runs would lie in one folder.", "Name each one once.")
    return found[0], names


def train_several(
    options: Namespace,
    request_of: Callable[[Namespace], TrainRequest],
    console: Console,
    token: CancelToken,
) -> None:
    """Train what the options name, each into a folder of its own in ``--out``.

    Args:
        options: Of the command.
        request_of: What to train by options that name one thing.
        console: Shows it.
        token: A stop ends the training that runs, and skips the others.

    Raises:
        TLStudioError: If one of them can't be understood, or there are no photos to train on.
    """
    option, names = queued_names(options)
    entries = []
    for name in names:
        single = copy(options)
        setattr(single, option, name)
        single.out = options.out / name
        entries.append(QueueEntry(name, request_of(single)))
    console.say(_line(("Name", "Learns", "Checked", "Exam", "Seconds", "")))

    def emit(event: Event) -> None:
        if isinstance(event, Batch):
            for row in event.items:
                if isinstance(row, QueueRow):
                    console.say(_line(_cells(row)))
        else:
            console.emit(event)

    rows = train_queue(entries, emit=emit, token=token)
    console.finish({"queue": [_row_json(row) for row in rows]})
    if all(row.state == "failed" for row in rows):
        raise TLStudioError("None of them could be trained.", rows[0].reason)


def _line(cells: Sequence[str]) -> str:
    name, *figures, state = cells
    return f"{name:{_NAME_WIDTH}}" + "".join(f"{figure:>13}" for figure in figures) + f"  {state}".rstrip()


def _cells(row: QueueRow) -> tuple[str, ...]:
    words = f"{row.state}: {row.reason}" if row.reason else row.state
    learns = "" if row.parameters is None else f"{row.parameters:,}"
    seconds = "" if row.seconds is None else f"{row.seconds:,.1f}"
    return row.name, learns, _percent(row.validation), _percent(row.test), seconds, words


def _percent(share: float | None) -> str:
    return "" if share is None else f"{share:.1%}"


def _row_json(row: QueueRow) -> dict[str, Any]:
    return {
        "name": row.name,
        "state": row.state,
        "parameters": row.parameters,
        "validation": row.validation,
        "test": row.test,
        "seconds": row.seconds,
        "run": None if row.run is None else str(row.run),
        "reason": row.reason,
    }
