"""The views of the window with a thousand and with a hundred thousand entries: what does not grow is virtualised.

Usage: python benchmarks/views.py
"""

import os
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication

from tlstudio.ui import theme
from tlstudio.ui.widgets.photo_grid import PhotoGrid
from tlstudio.ui.widgets.photo_table import PhotoTable, PredictionRow
from tlstudio.ui.widgets.photo_tile import PhotoItem
from tlstudio.ui.widgets.thumbnails import ThumbnailCache

_FEW, _MANY = 1_000, 100_000


def seconds(action: Callable[[], object]) -> float:
    begun = time.perf_counter()
    action()
    QApplication.processEvents()
    return time.perf_counter() - begun


def show(grid: PhotoGrid, items: list[PhotoItem]) -> None:
    grid.set_items(items)
    grid.grab()


def main() -> None:
    app = QApplication([])
    theme.apply(app)
    cache = ThumbnailCache()
    grid, table = PhotoGrid(cache), PhotoTable(cache)
    for view in (grid, table):
        view.resize(700, 600)
        view.show()
    times: dict[str, list[float]] = {"photo grid, first picture": [], "table, 200 more rows": []}
    for count in (_FEW, _MANY):
        items = [PhotoItem(Path(f"{number}.jpg"), "daisy") for number in range(count)]
        times["photo grid, first picture"].append(seconds(partial(show, grid, items)))
        table.clear()
        rows = [PredictionRow(Path(f"{n}.jpg"), "", "daisy", 0, 0.9, "sure") for n in range(count + 200)]
        table.append(rows[:count])
        QApplication.processEvents()
        times["table, 200 more rows"].append(seconds(partial(table.append, rows[-200:])))
    for name, (few, many) in times.items():
        ratio = many / few
        print(f"{name}: {1000 * few:.0f} ms with {_FEW:,}, {1000 * many:.0f} ms with {_MANY:,} = {ratio:.1f} times")
    cache.shutdown()


if __name__ == "__main__":
    main()
