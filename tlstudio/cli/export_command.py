"""``tlstudio export RUN --format FORMAT --out PATH``: the model for other programs."""

import argparse
from argparse import Namespace
from pathlib import Path
from typing import Any

from tlstudio.cli.console import Console
from tlstudio.datasets.sizes import size_in_words
from tlstudio.events import CancelToken
from tlstudio.export.exporters import EXPORTERS, Exporter
from tlstudio.runs import store
from tlstudio.workflows.export import export, export_json


def export_options(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument("run", type=Path, metavar="RUN", help="folder that “train --out” wrote")
    parser.add_argument(
        "--format",
        required=True,
        choices=[exporter.name for exporter in EXPORTERS],
        help="see “tlstudio list exporters”",
    )
    parser.add_argument(
        "--out",
        type=Path,
        required=True,
        metavar="PATH",
        help="folder to make for the model, its labels and an example of use; or its file, which they then lie beside",
    )


def run_export(options: Namespace, console: Console, token: CancelToken) -> None:
    """Write the model and say how well it agrees with the program.

    Raises:
        TLStudioError: As ``export``.
        Cancelled: If a stop was asked for.
    """
    exported = export(store.load(options.run), options.format, options.out, emit=console.emit, token=token)
    console.say(exported.agreement.sentence)
    console.say(f"The model is {exported.path} ({size_in_words(exported.size)}).")
    console.say(f"{exported.example.name} beside it shows how to use it.")
    console.finish(export_json(exported))


def list_exporters() -> list[dict[str, Any]]:
    """The formats, with what each takes that is not installed here."""
    return [
        {
            "name": exporter.name,
            "title": exporter.title,
            "text": f"{exporter.purpose}{_missing(exporter)}",
            "ending": exporter.ending,
            "runtime": exporter.runtime,
            "missing": list(exporter.missing),
        }
        for exporter in EXPORTERS
    ]


def _missing(exporter: Exporter) -> str:
    return f" Not installed here: {', '.join(exporter.missing)}." if exporter.missing else ""
