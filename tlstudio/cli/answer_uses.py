"""What “tlstudio predict” does with the answers besides telling them: a table of another kind, keywords, folders."""

import argparse
from argparse import Namespace
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from tlstudio.cli.console import Console
from tlstudio.cli.filing_options import add_filing_options, filing_asked, rooted, sort_photos, undo_line
from tlstudio.errors import TLStudioError
from tlstudio.events import Batch, CancelToken, Emit, Event
from tlstudio.filing.plan import FilingEntry
from tlstudio.prediction.answers_file import answers_folder
from tlstudio.prediction.prediction import Prediction
from tlstudio.prediction.review.decisions import Decision, DecisionLog, with_decisions
from tlstudio.prediction.table_formats import Write, format_for
from tlstudio.runs.store import StoredRun
from tlstudio.wording import counted
from tlstudio.workflows.write_keywords import KeywordsWritten, journals_of, write_keywords

_SHOWN_REASONS = 5


def add_use_options(parser: argparse.ArgumentParser) -> None:
    """The options for what is done with the answers."""
    parser.add_argument(
        "--table",
        type=Path,
        metavar="FILE",
        help="also write them as a table for people, as FILE ends: .xlsx, .csv (for spreadsheets), .tsv or .json; what "
        "you answered yourself in the window is in it",
    )
    add_filing_options(parser)
    parser.add_argument(
        "--tag-xmp",
        action="store_true",
        help="write the class of each sure answer into a file beside the photo (photo.jpg.xmp); what is in such files "
        "already stays, and “tlstudio undo” takes it back",
    )
    parser.add_argument(
        "--dry-run",
        action="store_true",
        help="with --sort-into or --tag-xmp: tell what would happen, touch nothing",
    )


class AnswerUses:
    """Follows the answers while they come, and acts on them at the end."""

    def __init__(self, options: Namespace, stored: StoredRun, top: int) -> None:
        """Look at what is wanted, before anything is computed.

        Args:
            options: As parsed.
            stored: The run.
            top: Classes named for each photo.

        Raises:
            TLStudioError: If the table has an unknown ending, or what is wanted can't go together.
        """
        self._table: Path | None = options.table
        self._format = format_for(options.table) if options.table else None
        if options.watch and (options.table or options.tag_xmp):
            word = "--table" if options.table else "--tag-xmp"
            raise TLStudioError(f"{word} is for the end, which --watch has not.", "Do it in a second step.")
        self._tags: bool = options.tag_xmp
        self._dry_run: bool = options.dry_run
        self._filing = filing_asked(options)
        self._inputs: list[Path] = options.inputs
        self._stored, self._top = stored, min(top, len(stored.run.classes))
        self._acts = self._tags or self._filing is not None
        self._sure: dict[str, FilingEntry] = {}

    @contextmanager
    def following(self, emit: Emit) -> Iterator[Emit]:
        """An ``emit`` that forwards everything and takes the answers along.

        Raises:
            TLStudioError: If the table can't be written.
        """
        if self._format is None and not self._acts:
            yield emit
            return
        decided = DecisionLog(answers_folder(self._stored.folder), self._stored.run.classes).decided()
        with ExitStack() as stack:
            write: Write | None = None
            if self._format is not None and self._table is not None:
                write = stack.enter_context(self._format.open(self._table, self._top))

            def forward(event: Event) -> None:
                if isinstance(event, Batch):
                    answers = [_with_decision(item, decided) for item in event.items if isinstance(item, Prediction)]
                    self._keep(answers)
                    if write is not None:
                        write(answers)
                emit(event)

            yield forward

    def act(self, console: Console, token: CancelToken) -> dict[str, Any]:
        """Sort photos and write keywords, where that is wanted and nobody has stopped.

        Sorted first, a photo takes along the sidecar that a dry run has seen, not one that was written just now.

        Returns:
            What the machine-readable result says of it.

        Raises:
            TLStudioError: As ``write_keywords`` and ``file_photos``.
        """
        done: dict[str, Any] = {}
        if self._filing is not None and not token.cancelled:
            entries, journals = rooted(self._sure.values(), self._inputs), journals_of(self._stored)
            done |= sort_photos(entries, self._filing, journals, console, token, dry_run=self._dry_run)
        if self._tags and not token.cancelled:
            done |= self._tag(console, token)
        return done

    def _tag(self, console: Console, token: CancelToken) -> dict[str, Any]:
        entries = list(self._sure.values())
        written = write_keywords(self._stored, entries, dry_run=self._dry_run, emit=console.emit, token=token)
        _say(console, written, dry_run=self._dry_run)
        filed = written.filed
        return {
            "keywords": {
                "written": filed.done if filed else 0,
                "left_out": len(written.plan.left_out) + (len(filed.failed) if filed else 0),
                "journal": str(filed.journal) if filed else None,
            }
        }

    def _keep(self, answers: Iterable[Prediction]) -> None:
        """Remember the sure ones; one that was told twice counts as it was told last."""
        for answer in answers if self._acts else ():
            if answer.status == "ok":
                self._sure[answer.path] = FilingEntry(Path(answer.path), answer.label, digest=answer.digest)
            else:
                self._sure.pop(answer.path, None)


def _with_decision(answer: Prediction, decided: Mapping[str, Decision]) -> Prediction:
    """An answer with what a person said in the window; its path stays as it was given."""
    decision = decided.get(str(Path(answer.path).absolute()))
    if decision is None:
        return answer
    (result,) = with_decisions([answer], {answer.path: decision})
    return result


def _say(console: Console, written: KeywordsWritten, *, dry_run: bool) -> None:
    plan, filed = written.plan, written.filed
    reasons = [(entry.path, entry.reason) for entry in plan.left_out if not entry.filed]
    reasons += [(failed.path, failed.reason) for failed in filed.failed] if filed else []
    would_be = "would be " if dry_run else ""
    done = counted(len(plan.actions) if dry_run else filed.done if filed else 0, "photo")
    there = f", {counted(plan.already_there, 'photo')} had it already" if plan.already_there else ""
    console.say(f"Keywords {would_be}written beside {done}{there}.")
    for path, reason in reasons[:_SHOWN_REASONS]:
        console.say(f"  {path}: {reason}")
    if len(reasons) > _SHOWN_REASONS:
        console.say(f"  and {len(reasons) - _SHOWN_REASONS:,} more")
    if filed is not None:
        console.say(f"To take them back: {undo_line(filed.journal)}")
