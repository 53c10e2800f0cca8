"""The views of the window with a thousand and with a hundred thousand entries: what does not grow is virtualised.

Then 20,000 answers come to the table of the Predict tab in portions, while it shows them in different orders and with
filters: the longest that the window is kept busy.

Usage: python benchmarks/views.py
"""

import os
import random
import time
import tracemalloc
from collections.abc import Callable
from functools import partial
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication

from tlstudio.prediction.prediction import Prediction
from tlstudio.ui import theme
from tlstudio.ui.tabs.predict.answers.answer_order import Filter, Sort
from tlstudio.ui.tabs.predict.answers.answers import Accounting
from tlstudio.ui.tabs.predict.answers.answers_table import AnswersTable
from tlstudio.ui.tabs.predict.folders.photo_batch import PhotoBatch
from tlstudio.ui.tabs.predict.folders.retelling import Retelling
from tlstudio.ui.widgets.photo_grid import PhotoGrid
from tlstudio.ui.widgets.photo_table import PhotoTable, PredictionRow, RowList
from tlstudio.ui.widgets.photo_tile import PhotoItem
from tlstudio.ui.widgets.thumbnails import ThumbnailCache

_FEW, _MANY = 1_000, 100_000
_ANSWERS, _PORTION = 20_000, 100
_CLASSES = ("daisy", "dandelion", "roses", "sunflowers", "tulips")
_ORDERS = (
    ("as they come", Sort(), Filter()),
    ("by file", Sort("file"), Filter()),
    ("by folder", Sort("folder", descending=True), Filter()),
    ("by answer", Sort("class"), Filter()),
    ("least sure first, unsure only", Sort("score"), Filter(state="unsure")),
    ("as they come, by name", Sort(), Filter(words="7")),
)


def seconds(action: Callable[[], object], clock: Callable[[], float] = time.perf_counter) -> float:
    begun = clock()
    action()
    QApplication.processEvents()
    return clock() - begun


def show(grid: PhotoGrid, items: list[PhotoItem]) -> None:
    grid.set_items(items)
    grid.grab()


def compare_sizes(cache: ThumbnailCache) -> None:
    source = RowList()
    grid, table = PhotoGrid(cache), PhotoTable(cache, source)
    for view in (grid, table):
        view.resize(700, 600)
        view.show()
    times: dict[str, list[float]] = {"photo grid, first picture": [], "table, 200 more rows": []}
    for count in (_FEW, _MANY):
        items = [PhotoItem(Path(f"{number}.jpg"), "daisy") for number in range(count)]
        times["photo grid, first picture"].append(seconds(partial(show, grid, items)))
        source.rows += [
            PredictionRow(Path(f"{n}.jpg"), "", "daisy", 0, 0.9, "sure") for n in range(len(source.rows), count + 200)
        ]
        table.append(range(table.shown(), count))
        QApplication.processEvents()
        times["table, 200 more rows"].append(seconds(partial(table.append, range(count, count + 200))))
    for name, (few, many) in times.items():
        ratio = many / few
        print(f"{name}: {1000 * few:.0f} ms with {_FEW:,}, {1000 * many:.0f} ms with {_MANY:,} = {ratio:.1f} times")


def answers(count: int) -> list[Prediction]:
    chance = random.Random(1)  # noqa: S311 - no secret
    made = []
    for number in range(count):
        score = chance.uniform(0.3, 1.0)
        first, *others = chance.sample(_CLASSES, len(_CLASSES))
        rest = tuple((name, (1 - score) / len(others)) for name in others)
        folder = f"/photos/Meadow 2026/plot {number // 400:02}/{'evening' if number % 400 > 200 else 'morning'}"
        made.append(Prediction(f"{folder}/IMG_{chance.randrange(10**6)}.JPG", "ok", ((first, score), *rest)))
    return made


def take(table: AnswersTable, batch: PhotoBatch, retelling: Retelling, portion: list[Prediction]) -> None:
    table.append(batch, retelling.take(portion).added)


def fill(table: AnswersTable, told: list[Prediction]) -> tuple[float, float]:
    """Longest turn while all come, and the seconds of all; what other threads and processes do is not counted."""
    batch = PhotoBatch([Path("/photos/Meadow 2026")], _CLASSES)
    retelling = Retelling(batch.answers)
    longest = total = 0.0
    for first in range(0, len(told), _PORTION):
        portion = told[first : first + _PORTION]
        spent = seconds(partial(take, table, batch, retelling, portion), time.thread_time)
        longest, total = max(longest, spent), total + spent
    longest = max(longest, seconds(table.settle, time.thread_time))
    return longest, total


def shown_table(cache: ThumbnailCache) -> AnswersTable:
    table = AnswersTable(cache)
    table.resize(700, 600)
    table.set_classes(_CLASSES)
    table.set_threshold(0.5)
    table.show_accounting(Accounting(0, 0, 0))
    table.show()
    QApplication.processEvents()
    return table


def fill_table(cache: ThumbnailCache) -> None:
    told = answers(_ANSWERS)
    fill(shown_table(cache), told[:_PORTION])  # fonts and icons are loaded once
    for name, sort, wanted in _ORDERS:
        table = shown_table(cache)
        table.arrange(sort, wanted)
        QApplication.processEvents()
        longest, total = fill(table, told)
        print(f"{_ANSWERS:,} answers {name}: longest turn {1000 * longest:.1f} ms, {total:.1f} s in all")
    for words, act in (
        ("painting the rows in view, as part of every turn above", table.table.viewport().repaint),
        ("threshold", lambda: table.set_threshold(0.8)),
        ("sort by file", lambda: table.arrange(Sort("file"), Filter())),
        ("sort by score", lambda: table.arrange(Sort("score"), Filter())),
        ("find by name", lambda: table.arrange(Sort(), Filter(words="77"))),
        ("everything again", lambda: table.arrange(Sort(), Filter())),
    ):
        print(f"{words}: {1000 * seconds(act, time.thread_time):.1f} ms")


def weigh() -> None:
    told = answers(_ANSWERS)
    tracemalloc.start()
    batch = PhotoBatch([Path("/photos/Meadow 2026")], _CLASSES)
    batch.answers.append(told)
    held, _ = tracemalloc.get_traced_memory()
    print(f"memory of answers: {held / len(told):.0f} bytes a file, names that the file system gave not counted")


def main() -> None:
    app = QApplication([])
    theme.apply(app)
    cache = ThumbnailCache()
    compare_sizes(cache)
    fill_table(cache)
    weigh()
    cache.shutdown()


if __name__ == "__main__":
    main()
