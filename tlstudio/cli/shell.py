"""Running a command: exit codes, errors in two sentences, Ctrl+C as a request to stop."""

import signal
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from tlstudio.cli.console import Console, printable
from tlstudio.cli.parser import build_parser
from tlstudio.errors import Cancelled, TLStudioError, of_the_computer
from tlstudio.events import CancelToken

DONE, BUG, MENDABLE, STOPPED = 0, 1, 2, 130


def run(arguments: Sequence[str]) -> tuple[int, Path | None]:
    """Run one command; its exit code, and the run that it wants shown in the window."""
    try:
        options = build_parser().parse_args(list(arguments))
    except SystemExit as leaving:  # argparse has said what is wrong, or shown the help
        return int(leaving.code or 0), None
    to_show: list[Path] = []

    def command() -> int:
        from tlstudio.cli.commands import RUNNERS

        token = CancelToken()
        with _stoppable(token):
            result = RUNNERS[options.command](options, Console(options.json), token)
        if token.cancelled:
            return STOPPED
        to_show.extend([result] if result else [])
        return DONE

    code = guarded(command)
    return code, to_show[0] if to_show else None


def guarded(command: Callable[[], int]) -> int:
    """Turn what goes wrong into an exit code and sentences on standard error."""
    try:
        return command()
    except TLStudioError as error:
        return _tell(error)
    except (Cancelled, KeyboardInterrupt):
        sys.stderr.write("Stopped.\n")
        return STOPPED
    except BrokenPipeError:  # the reader of our output has left
        return STOPPED
    except Exception as error:  # noqa: BLE001 - the last resort: a bug is shown whole, with an exit code of its own
        told = of_the_computer(error)
        if told is not None:
            return _tell(told)
        traceback.print_exc()
        sys.stderr.write("This is a bug in TL Studio.\n")
        return BUG


def _tell(error: TLStudioError) -> int:
    told = f"{error.message}\n{error.hint}\n" if error.hint else f"{error.message}\n"
    sys.stderr.write(printable(told, sys.stderr))
    return MENDABLE


@contextmanager
def _stoppable(token: CancelToken) -> Iterator[None]:
    """The first Ctrl+C (or SIGTERM) asks the task to stop and keep what it has; the second ends the program."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        if token.cancelled:
            raise KeyboardInterrupt
        token.cancel()
        sys.stderr.write("Stopping; what was learned or written so far is kept.\n")

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
