"""Take pictures of the visual widgets, for looking at them: ``python tools/gallery_views.py PHOTOS OUT``.

PHOTOS is a folder of class folders. Pictures are made in light and dark, of the widgets alone.
"""

import argparse
import os
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PySide6.QtCore import QDeadlineTimer, QEventLoop
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication, QFrame, QVBoxLayout, QWidget

from tlstudio.evaluation.report import ClassMetrics
from tlstudio.events import EpochEnded
from tlstudio.ui import theme
from tlstudio.ui.widgets.class_list import ClassList
from tlstudio.ui.widgets.confusion_matrix import ConfusionMatrix
from tlstudio.ui.widgets.curves import Curves
from tlstudio.ui.widgets.metrics_table import MetricsTable
from tlstudio.ui.widgets.photo_grid import PhotoGrid
from tlstudio.ui.widgets.photo_table import PhotoTable, PredictionRow, PredictionState, RowList
from tlstudio.ui.widgets.photo_tile import PhotoItem, TileState
from tlstudio.ui.widgets.photo_view import PhotoView
from tlstudio.ui.widgets.rounds_table import RoundsTable
from tlstudio.ui.widgets.thumbnails import ThumbnailCache

_FIVE = ((26, 1, 0, 0, 0), (1, 30, 1, 0, 0), (0, 1, 24, 0, 1), (0, 0, 0, 21, 4), (0, 0, 0, 3, 14))
_NAMES = ("daisy", "dandelion", "sunflowers", "roses", "tulips")


def photos_of(folder: Path) -> list[tuple[str, Path]]:
    found = [(path.parent.name, path) for path in sorted(folder.rglob("*")) if path.is_file()]
    np.random.default_rng(1).shuffle(found)
    return [(str(name), Path(path)) for name, path in found][:400]


def grid(cache: ThumbnailCache, photos: list[tuple[str, Path]]) -> QWidget:
    view = PhotoGrid(cache)
    classes = sorted({name for name, _ in photos})
    states: tuple[TileState, ...] = ("", "right", "wrong", "unsure", "", "", "", "")
    items = [
        PhotoItem(path, name, classes.index(name), states[place % 8], "Near-copy" if place % 7 == 5 else "")
        for place, (name, path) in enumerate(photos)
    ]
    items[9] = PhotoItem(
        Path("missing.jpg"), "", 0, "unreadable", "", "Cut short: the file ends before the picture does."
    )
    view.set_items(items)
    view.set_classes(len(classes))
    view.select_row(6)
    return view


def class_list(photos: list[tuple[str, Path]]) -> QWidget:
    names = [name for name, _ in photos]
    view = ClassList()
    view.set_counts({name: names.count(name) for name in sorted(set(names))})
    view.select_class(names[0])
    return view


def many_classes() -> QWidget:
    view = ClassList()
    rng = np.random.default_rng(0)
    view.set_counts({f"species number {number}": int(rng.integers(1, 3000)) for number in range(151)})
    view.select_class("species number 3")
    return view


def matrix(
    classes: tuple[str, ...], counts: object, cell: tuple[int, int] | None = None, mode: str = "photos"
) -> QWidget:
    view = ConfusionMatrix()
    view.set_matrix(classes, np.asarray(counts))
    view.set_mode("rows" if mode == "percent" else "photos")
    if cell:
        view.select_cell(*cell)
    return view


def random_matrix(n: int) -> tuple[tuple[str, ...], np.ndarray]:
    rng = np.random.default_rng(3)
    counts = np.diag(rng.integers(14, 31, n))
    order = rng.permutation(n)
    for place in range(n):
        for distance in (1, 2, 3):
            if rng.random() < 0.5:
                counts[order[place], order[(place + distance) % n]] += rng.integers(1, 6)
    names = ("sparrow", "finch", "warbler", "thrush", "gull", "tern", "wren", "kingfisher")
    return tuple(f"{names[index % 8]} {index}" for index in range(n)), counts


def epochs(count: int, phase: int = 0, start: int = 0) -> list[EpochEnded]:
    made = []
    for index in range(count):
        x = start + index + 1
        made.append(
            EpochEnded(
                phase, index, 1.8 * 0.75**x + 0.08, 1 - 0.78 * 0.7**x, 1.9 * 0.78**x + 0.22, 0.92 - 0.72 * 0.72**x,
                2.4, 1e-3, True,
            )
        )  # fmt: skip
    return made


def curves(finished: bool) -> QWidget:
    view = Curves()
    view.start(20)
    view.add_phase("head", 10)
    for number, epoch in enumerate(epochs(10), 1):
        if number == 1:
            for step in range(1, 20):
                view.add_batch(step / 20, 0.2 + 0.0125 * step, 1.9 - 0.02 * step)
        view.add_epoch(number, epoch.accuracy, epoch.loss, epoch.val_accuracy, epoch.val_loss)
    view.end_phase()
    view.add_phase("fine_tune", 10)
    for number, epoch in enumerate(epochs(10 if finished else 4, 1, 10), 11):
        view.add_epoch(number, epoch.accuracy, epoch.loss, epoch.val_accuracy, epoch.val_loss)
    if finished:
        view.end_phase()
        view.hover_round(9)
    else:
        view.add_batch(14.5, 0.997, 0.1)
    return view


def rounds() -> QWidget:
    view = RoundsTable()
    for number, epoch in enumerate(epochs(8), 1):
        view.add_round(number, epoch)
    view.set_running(9, 0.982)
    return view


def metrics() -> QWidget:
    view = MetricsTable()
    view.set_metrics(
        [
            ClassMetrics(name, 0.8 + index / 30, 0.98 - index / 25, 0.9 - index / 60, 27 + index)
            for index, name in enumerate(_NAMES)
        ]
    )
    view.sortByColumn(1, view.horizontalHeader().sortIndicatorOrder())
    return view


def batch(cache: ThumbnailCache, photos: list[tuple[str, Path]]) -> QWidget:
    states: tuple[PredictionState, ...] = ("sure", "sure", "unsure", "sure", "unreadable")
    classes = sorted({name for name, _ in photos})
    rows = RowList(
        PredictionRow(path, "Plot 17 / morning", name, classes.index(name), 0.99 - place % 5 / 8, states[place % 5])
        if place % 5 < 4
        else PredictionRow(
            path, "Plot 17", "", 0, 0.0, "unreadable", "Cut short: the file ends before the picture does."
        )
        for place, (name, path) in enumerate(photos)
    )
    view = PhotoTable(cache, rows)
    view.append(range(len(rows.rows)))
    view.selectRow(2)
    return view


def photo(cache: ThumbnailCache, photos: list[tuple[str, Path]]) -> QWidget:
    view = PhotoView(cache)
    view.set_photo(photos[3][1], "roses, wrong")
    return view


def card(view: QWidget) -> QWidget:
    frame = QFrame()
    frame.setObjectName("card")
    box = QVBoxLayout(frame)
    box.setContentsMargins(20, 20, 20, 20)
    box.addWidget(view)
    return frame


def dress(frame: QWidget) -> None:
    tokens = theme.current()
    frame.setStyleSheet(
        f"#card {{ background: {tokens.surface}; border: 1px solid {tokens.line}; border-radius: 12px; }}"
    )


def settle(app: QApplication, cache: ThumbnailCache) -> None:
    deadline = QDeadlineTimer(4000)
    quiet = 0
    while quiet < 5 and not deadline.hasExpired():
        app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 60)
        quiet = 0 if cache.waiting() else quiet + 1


def views(cache: ThumbnailCache, photos: list[tuple[str, Path]]) -> dict[str, tuple[QWidget, int, int]]:
    return {
        "grid": (grid(cache, photos), 720, 640),
        "grid-narrow": (grid(cache, photos), 476, 400),
        "classes": (card(class_list(photos)), 288, 240),
        "classes-151": (card(many_classes()), 288, 320),
        "matrix-5": (card(matrix(_NAMES, _FIVE, (3, 4))), 680, 470),
        "matrix-5-percent": (card(matrix(_NAMES, _FIVE, None, "percent")), 480, 400),
        "matrix-2": (card(matrix(("roses", "tulips"), ((38, 4), (2, 41)), (0, 1))), 680, 200),
        "matrix-12": (card(matrix(*random_matrix(12), cell=(2, 2))), 680, 560),
        "matrix-24": (card(matrix(*random_matrix(24))), 680, 640),
        "matrix-100": (card(matrix(*random_matrix(100))), 680, 360),
        "curves": (card(curves(False)), 976, 542),
        "curves-done": (card(curves(True)), 700, 480),
        "curves-empty": (card(Curves()), 700, 400),
        "rounds": (card(rounds()), 392, 360),
        "metrics": (card(metrics()), 720, 300),
        "batch": (card(batch(cache, photos)), 700, 420),
        "batch-narrow": (card(batch(cache, photos)), 500, 420),
        "photo": (photo(cache, photos), 420, 320),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("photos", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--font", default="Inter")
    parser.add_argument("--only", default="")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    app = QApplication([])
    if arguments.font:
        app.setFont(QFont(arguments.font, 10))
    theme.apply(app)
    cache = ThumbnailCache()
    shown = views(cache, photos_of(arguments.photos))
    for mode in ("light", "dark"):
        theme.set_theme("dark" if mode == "dark" else "light")
        for name, (view, width, height) in shown.items():
            if arguments.only not in name:
                continue
            dress(view) if view.objectName() == "card" else None
            view.resize(width, height)
            view.show()
            settle(app, cache)
            view.grab().save(str(arguments.out / f"{name}-{mode}.png"))
            view.hide()
    cache.shutdown()


if __name__ == "__main__":
    main()
