"""Options of ``evaluate`` that hand the judgement to others."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from tlstudio.evaluation.report import Report
from tlstudio.events import CancelToken, Emit
from tlstudio.reporting.model_card import model_card
from tlstudio.reporting.page import html_report
from tlstudio.runs.store import StoredRun
from tlstudio.workflows.report import answers_of, report_content, write_report_file


def add_report_options(parser: ArgumentParser) -> None:
    """A report to read, a model card, and a table of the answers."""
    parser.add_argument("--html", type=Path, metavar="FILE", help="write a report to read and print, in one file")
    parser.add_argument("--card", type=Path, metavar="FILE", help="write a model card in Markdown")
    parser.add_argument(
        "--csv", type=Path, metavar="FILE", help="write a table of the answers: id, answer, truth and scores"
    )


def write_reports(options: Namespace, stored: StoredRun, report: Report, *, emit: Emit, token: CancelToken) -> None:
    """Write what the options ask for.

    Raises:
        TLStudioError: If a file can't be written.
        Cancelled: If a stop was asked for.
    """
    if options.html is not None or options.card is not None:
        content = report_content(stored, report, emit=emit, token=token)
        for path, written in ((options.html, html_report), (options.card, model_card)):
            if path is not None:
                write_report_file(path, written(content))
    if options.csv is not None:
        write_report_file(options.csv, answers_of(stored, report))
