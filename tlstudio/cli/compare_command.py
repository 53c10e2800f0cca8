"""``compare``: runs side by side."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from tlstudio.cli.console import Console
from tlstudio.errors import TLStudioError
from tlstudio.evaluation.comparison import Cell, Figures, Measured
from tlstudio.events import CancelToken
from tlstudio.workflows.compare import Comparison, compare, comparison_csv, comparison_json, ranked

_HEADS = ("", "Run", "Network", "Learns", "Learnt", "Checked", "Exam", "95 %", "Seconds", "MB", "Photos/s")
_LEFT = frozenset((1, 2))
_NAME = 30


def compare_options(parser: ArgumentParser) -> None:
    """Runs, and where the table goes."""
    parser.add_argument("runs", type=Path, nargs="+", metavar="RUN")
    parser.add_argument("--csv", type=Path, metavar="FILE", help="write the table for spreadsheets")


def run_compare(options: Namespace, console: Console, _token: CancelToken) -> None:
    """Show the table, what fine-tuning brought, and which run is truly better."""
    comparison = compare(options.runs)
    _say_table(console, comparison)
    for flag in comparison.flags:
        console.say(flag)
    _say_fine_tuning(console, comparison.cells)
    for pair in comparison.pairs:
        console.say(f"{pair.headline} {pair.evidence}")
    if options.csv is not None:
        _write(options.csv, comparison_csv(comparison))
    console.finish(comparison_json(comparison))


def _say_table(console: Console, comparison: Comparison) -> None:
    rows = [_HEADS, *(_cells(run.figures, comparison.ranks.get(run.figures.key)) for run in ranked(comparison))]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADS))]
    for row in rows:
        aligned = zip(row, widths, range(len(row)), strict=True)
        cells = (text.ljust(width) if column in _LEFT else text.rjust(width) for text, width, column in aligned)
        console.say("  ".join(cells).rstrip())


def _cells(row: Figures, rank: int | None) -> tuple[str, ...]:
    return (
        f"{rank}." if rank else "",
        row.name[:_NAME],
        row.model[:_NAME],
        f"{row.trained:,}" if row.trained is not None else "",
        _share(row.train),
        _share(row.validation),
        _share(row.test),
        "–".join(f"{bound:.0%}" for bound in row.interval) if row.interval else "",
        f"{row.seconds:,.1f}" if row.seconds is not None else "",
        f"{row.size / 1e6:,.1f}",
        row.speed.in_words() if row.speed else "",
    )


def _share(measured: Measured | None) -> str:
    return f"{measured.accuracy:.1%}" if measured else ""


def _say_fine_tuning(console: Console, cells: tuple[Cell, ...]) -> None:
    for cell in cells:
        if cell.fine_tuned is not None:
            helped = "" if cell.helped else "; it did not help"
            console.say(
                f"{cell.dataset} with {cell.model}: {cell.transfer:.1%} before refining, {cell.fine_tuned:.1%} after "
                f"it ({cell.gain:+.1%}){helped}."
            )


def _write(path: Path, content: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as error:
        raise TLStudioError(f"{path} can't be written: {error.strerror}.", "Choose another file.") from error
