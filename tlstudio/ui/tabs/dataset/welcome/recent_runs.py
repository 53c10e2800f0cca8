"""The runs on this computer, to look at their results again."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from tlstudio.runs.run import Run
from tlstudio.runs.store import StoredRun
from tlstudio.ui.tabs.dataset.welcome.recent_card import RecentCard
from tlstudio.ui.tabs.dataset.welcome.recent_row import RecentRow
from tlstudio.ui.widgets.buttons import Button
from tlstudio.ui.widgets.thumbnails import ThumbnailCache
from tlstudio.ui.widgets.tooltip import set_tooltip
from tlstudio.ui.words.wording import day_in_words
from tlstudio.wording import counted

MOST_RUNS = 4


def result_in_words(run: Run) -> str:
    """How good a run is: "about 88 of 100 right"."""
    return "no exam photos" if run.test is None else f"about {round(run.test.accuracy * 100)} of 100 right"


def run_in_words(run: Run) -> str:
    """What a run learnt from and how good it is; of a model from elsewhere, what it tells apart."""
    if run.foreign:
        return f"model from a file, {counted(len(run.classes), 'class', 'classes')}"
    return f"{counted(len(run.samples), 'photo')}, {result_in_words(run)}"


def one_of_each_class(run: Run) -> list[Path]:
    """Four photos of a run, of as many classes as there are."""
    first = {sample.class_name: sample for sample in reversed(run.samples)}
    chosen = [first[name] for name in run.classes if name in first]
    chosen += [sample for sample in run.samples if sample not in chosen][: max(4 - len(chosen), 0)]
    return [Path(run.root) / sample.path for sample in chosen[:4]]


class RunsCard(RecentCard):
    """The newest runs; hidden while there are none.

    Attributes:
        run_chosen: Carries the folder of a run (Path).
        other_wanted: A run that isn't listed is wanted.
    """

    run_chosen = Signal(object)
    other_wanted = Signal()

    def __init__(self, cache: ThumbnailCache, parent: QWidget | None = None) -> None:
        super().__init__("Go on with", parent)
        self._cache = cache
        other = Button("Open another run", "text", size="small")
        set_tooltip(other, "Choose the folder of a run that isn't listed here")
        other.clicked.connect(self.other_wanted)
        self.add_foot(other)

    def set_runs(self, runs: Sequence[StoredRun]) -> None:
        """Show the first of ``runs``, which come newest first."""
        self.set_rows([self._row(stored) for stored in runs[:MOST_RUNS]])

    def _row(self, stored: StoredRun) -> RecentRow:
        run = stored.run
        day = day_in_words(datetime.fromisoformat(run.created).astimezone(), datetime.now().astimezone())
        name = Path(run.root).name or run.name
        row = RecentRow(name, run_in_words(run), day, one_of_each_class(run), self._cache)
        set_tooltip(row, "Open this run with its photos", term=run.name)
        row.clicked.connect(partial(self.run_chosen.emit, stored.folder))
        return row
