"""The one entry point: a window for a person, commands for the shell. Imports what it needs and no more."""

import sys
from collections.abc import Sequence
from pathlib import Path


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program.

    Args:
        arguments: As in the shell, without the program's name; those of the process if None.

    Returns:
        The exit code: 0 done, 1 a bug, 2 something that the user can mend, 130 stopped by the user.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    from tlstudio.cli.parser import COMMANDS
    from tlstudio.cli.shell import guarded, run

    if given and (given[0] in {command.name for command in COMMANDS} or given[0].startswith("-")):
        code, result = run(given)
        return code if result is None else guarded(lambda: _show(result))
    return guarded(lambda: _open_window(given))


def _show(result: Path) -> int:
    """Open the window on what a command made, where there is a display."""
    from tlstudio.display import has_display

    if has_display():
        return _run_app(result)
    sys.stderr.write("There is no display here, so the window stays closed.\n")
    return 0


def _open_window(given: Sequence[str]) -> int:
    from tlstudio.datasets.sources.opening import can_open
    from tlstudio.display import can_open_window
    from tlstudio.errors import TLStudioError

    if len(given) > 1:
        raise TLStudioError(f"There is no command “{given[0]}”.", "“tlstudio --help” names them all.")
    place = Path(given[0]) if given else None
    if place is not None and not can_open(place):
        raise TLStudioError(
            f"{place} is neither a command nor a folder or an archive.",
            "“tlstudio --help” names the commands; a folder or an archive of photos opens.",
        )
    if not can_open_window():
        raise TLStudioError(
            "There is no display here, so the window can't open.",
            "The commands work without one: “tlstudio --help” names them.",
        )
    return _run_app(place)


def _run_app(place: Path | None) -> int:
    from tlstudio.errors import TLStudioError

    try:
        from tlstudio.app import open_window
    except ImportError as error:
        raise TLStudioError(
            f"The window can't open, because a library of the system is missing: {error}.",
            "Install it; the commands work without it: “tlstudio --help” names them.",
        ) from error
    return open_window(place)


if __name__ == "__main__":
    sys.exit(main())
