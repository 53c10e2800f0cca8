"""``predict --sort-into`` and ``undo``: photos into class folders, and back."""

import argparse
import shlex
import sys
from argparse import Namespace
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from tlstudio.cli.console import Console
from tlstudio.datasets.sizes import size_in_words
from tlstudio.errors import TLStudioError
from tlstudio.events import CancelToken
from tlstudio.filing.action import Kind
from tlstudio.filing.plan import FilingEntry, FilingOptions
from tlstudio.paths import is_folder
from tlstudio.wording import counted
from tlstudio.workflows.file_photos import PhotosFiled, file_photos
from tlstudio.workflows.undo_filing import undo_filing

_SHOWN_FILES = 20
_KINDS: Final[tuple[tuple[str, Kind, str], ...]] = (
    ("--copy", "copy", "copies; the photos stay where they are (default)"),
    ("--move", "move", "the photos themselves; nothing but this takes them from where they are"),
    ("--link", "hard link", "hard links, which take no room; copies where they can't be made"),
    ("--symlink", "symbolic link", "symbolic links"),
)
_VERBS: Final[dict[Kind, str]] = {
    "copy": "copied", "move": "moved", "hard link": "linked", "symbolic link": "linked",
}  # fmt: skip


def add_filing_options(parser: argparse.ArgumentParser) -> None:
    """Where sure answers are sorted to, and how."""
    parser.add_argument(
        "--sort-into",
        type=Path,
        metavar="DIR",
        help="sort the photos with a sure answer into class folders in DIR; only changed answers are filed again, and "
        "“tlstudio undo” takes it back",
    )
    ways = parser.add_mutually_exclusive_group()
    for word, kind, text in _KINDS:
        ways.add_argument(word, dest="sort_kind", action="store_const", const=kind, help=f"with --sort-into: {text}")
    parser.add_argument("--flat", action="store_true", help="with --sort-into: without the folders that they lay in")


def filing_asked(options: Namespace) -> FilingOptions | None:
    """What the options ask to sort; None for nothing.

    Raises:
        TLStudioError: If they can't go together.
    """
    if options.sort_into is None:
        if options.sort_kind or options.flat:
            raise TLStudioError("There is no folder to sort into.", "Name one with --sort-into.")
        return None
    if options.watch:
        raise TLStudioError("--sort-into sorts at the end, which --watch has not.", "Sort in a second step.")
    if options.sort_kind == "move" and options.tag_xmp:
        raise TLStudioError("--move takes the photos away from where --tag-xmp writes.", "Do one after the other.")
    return FilingOptions(options.sort_into, options.sort_kind or "copy", options.flat)


def rooted(entries: Iterable[FilingEntry], inputs: Sequence[Path]) -> list[FilingEntry]:
    """The same photos, each with the innermost of these folders that it lies in."""
    folders = sorted(filter(is_folder, inputs), key=lambda path: len(path.parts), reverse=True)
    return [
        FilingEntry(
            entry.path,
            entry.class_name,
            next((folder for folder in folders if entry.path.is_relative_to(folder)), None),
            entry.digest,
            entry.stamp,
        )
        for entry in entries
    ]


def sort_photos(
    entries: Sequence[FilingEntry],
    asked: FilingOptions,
    journals: Path,
    console: Console,
    token: CancelToken,
    *,
    dry_run: bool = False,
) -> dict[str, Any]:
    """Sort photos, say how it went, and give what the machine-readable result says of it.

    Args:
        entries: Photos and their classes.
        asked: Where to and how.
        journals: Folder of the journals.
        console: Told how it went.
        token: Stops it.
        dry_run: Whether to tell only what would happen.

    Raises:
        TLStudioError: As ``file_photos``.
    """
    done = file_photos(entries, asked, journals, dry_run=dry_run, emit=console.emit, token=token)
    _say_sorted(done, asked.kind, console, dry_run=dry_run)
    plan, filed = done.plan, done.filed
    return {
        "sorted": {
            "into": plan.target,
            "kind": asked.kind,
            "dry_run": dry_run,
            "needed": plan.needed,
            "free": plan.free,
            "counts": dict(_counts(done, dry_run=dry_run)),
            "sidecars": _sidecars(done, dry_run=dry_run),
            "already_there": plan.already_there,
            "left_out": [{"path": path, "reason": reason} for path, reason in _reasons(done)],
            "left": filed.left if filed else 0,
            "journal": str(filed.journal) if filed else None,
        }
    }


def _say_sorted(done: PhotosFiled, kind: Kind, console: Console, *, dry_run: bool) -> None:
    plan, filed, counts = done.plan, done.filed, _counts(done, dry_run=dry_run)
    there = f", {counted(plan.already_there, 'photo')} there already" if plan.already_there else ""
    left = f", {filed.left:,} not reached" if filed and filed.left else ""
    would_be = "would be " if dry_run else ""
    files = counted(sum(counts.values()), "photo")
    sidecars = _sidecars(done, dry_run=dry_run)
    along = f", with {counted(sidecars, 'sidecar file')}" if sidecars else ""
    console.say(f"{files} {would_be}{_VERBS[kind]} into {plan.target}{along}{there}{left}.")
    if dry_run:
        console.say(f"That takes {size_in_words(plan.needed)}; {size_in_words(plan.free)} are free there.")
    for name, count in sorted(counts.items()):
        console.say(f"  {count:>7,}  {name}")
    _say_files(console, _reasons(done))
    if filed is not None:
        console.say(f"To take it back: {undo_line(filed.journal)}")


def _counts(done: PhotosFiled, *, dry_run: bool) -> Mapping[str, int]:
    """Photos by class: those that were filed, or would be."""
    if dry_run:
        return done.plan.counts
    return done.filed.counts if done.filed else {}


def _sidecars(done: PhotosFiled, *, dry_run: bool) -> int:
    """Sidecars that went along with their photos, or would."""
    if dry_run:
        return done.plan.sidecars
    return done.filed.sidecars if done.filed else 0


def undo_line(journal: Path) -> str:
    """The command that undoes a filing, as the system's own shell takes it."""
    return f'tlstudio undo "{journal}"' if sys.platform == "win32" else f"tlstudio undo {shlex.quote(str(journal))}"


def undo_options(parser: argparse.ArgumentParser) -> None:
    """The journal."""
    parser.add_argument("journal", type=Path, metavar="JOURNAL", help="as “predict” names it when it has filed")


def run_undo(options: Namespace, console: Console, token: CancelToken) -> None:
    """Bring back the tree from before a filing, and say which files stay as they are.

    Raises:
        TLStudioError: As ``undo_filing``; and at the end, if some files stay.
    """
    undone = undo_filing(options.journal, emit=console.emit, token=token)
    left = f", {undone.left:,} not reached" if undone.left else ""
    console.say(f"{counted(undone.done, 'file')} undone{left}.")
    _say_files(console, [(entry.path, entry.reason) for entry in undone.kept])
    console.finish(
        {
            "journal": str(undone.journal),
            "undone": undone.done,
            "kept": [{"path": entry.path, "reason": entry.reason} for entry in undone.kept],
            "left": undone.left,
        }
    )
    if undone.kept:
        raise TLStudioError(
            f"{counted(len(undone.kept), 'file')} of this filing stayed.", "Mend what is said of them, then undo again."
        )


def _reasons(done: PhotosFiled) -> list[tuple[str, str]]:
    reasons = [(entry.path, entry.reason) for entry in done.plan.left_out if not entry.filed]
    return reasons + [(entry.path, entry.reason) for entry in (done.filed.failed if done.filed else ())]


def _say_files(console: Console, files: Sequence[tuple[str, str]]) -> None:
    for path, reason in files[:_SHOWN_FILES]:
        console.say(f"  {path}: {reason}")
    if len(files) > _SHOWN_FILES:
        console.say(f"  and {len(files) - _SHOWN_FILES:,} more; --json names them all")
