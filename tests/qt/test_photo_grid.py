"""The grid of photos, driven by mouse and keys."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tlstudio.ui import theme
from tlstudio.ui.widgets.photo_grid import PhotoGrid
from tlstudio.ui.widgets.photo_tile import PhotoItem
from tlstudio.ui.widgets.photo_view import PhotoView
from tlstudio.ui.widgets.thumbnails import ThumbnailCache

# The offscreen platform says so of every window.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

CLASSES = ("daisy", "roses", "tulips")


@pytest.fixture
def cache(qapp: QApplication) -> Iterator[ThumbnailCache]:  # noqa: ARG001 - there must be one
    made = ThumbnailCache()
    yield made
    made.shutdown()


@pytest.fixture
def grid(cache: ThumbnailCache, qtbot: QtBot) -> PhotoGrid:
    made = PhotoGrid(cache)
    qtbot.addWidget(made)
    made.resize(720, 600)
    made.set_items([PhotoItem(Path(f"IMG_{n}.png"), CLASSES[n // 10], n // 10) for n in range(30)])
    made.show()
    return made


def key(
    qtbot: QtBot, grid: PhotoGrid, which: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
) -> None:
    qtbot.keyClick(grid, which, modifier)


def test_four_columns_of_five_to_four_at_the_design_width(grid: PhotoGrid) -> None:
    assert grid.columns() == 4
    assert (grid.tile_size().width(), grid.tile_size().height()) == (170, 136)


@pytest.mark.parametrize("width", range(330, 1400, 37))
def test_tiles_keep_to_their_range_at_every_width_that_allows_it(grid: PhotoGrid, width: int) -> None:
    grid.resize(width, 600)
    possible = [tile for columns in range(1, 12) if 140 <= (tile := (width - 8) // columns - 8) <= 200]
    assert not possible or grid.tile_size().width() in possible


def test_of_a_hundred_thousand_photos_only_those_in_view_are_looked_at(grid: PhotoGrid) -> None:
    grid.set_items([PhotoItem(Path(f"{n}.jpg"), "daisy") for n in range(100_000)])
    grid.grab()
    assert len(grid.visible_rows()) < 100
    grid.scrollToBottom()
    assert grid.visible_rows()[-1] == 99_999


def test_arrows_walk_the_tiles(grid: PhotoGrid, qtbot: QtBot) -> None:
    grid.select_row(0)
    for which in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Left):
        key(qtbot, grid, which)
    assert grid.current_item().path == Path("IMG_8.png")
    key(qtbot, grid, Qt.Key.Key_End)
    assert grid.current_item().path == Path("IMG_29.png")
    assert 29 in grid.visible_rows()


def test_shift_selects_the_run_between(grid: PhotoGrid, qtbot: QtBot) -> None:
    grid.select_row(3)
    key(qtbot, grid, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    key(qtbot, grid, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert [item.path.stem for item in grid.selected_items()] == [f"IMG_{n}" for n in (3, 4, 5, 6)]


def test_shift_and_click_select_the_run_between(grid: PhotoGrid, qtbot: QtBot) -> None:
    centers = [grid.visualRect(grid.model().index(row, 0)).center() for row in (5, 2)]
    qtbot.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, pos=centers[0])
    qtbot.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier, centers[1])
    assert [item.path.stem for item in grid.selected_items()] == [f"IMG_{n}" for n in (2, 3, 4, 5)]


def test_all_are_selected_with_ctrl_a(grid: PhotoGrid, qtbot: QtBot) -> None:
    with qtbot.waitSignal(grid.photos_selected) as told:
        key(qtbot, grid, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert told.args == [30]
    assert len(grid.selected_items()) == 30


def test_letters_jump_to_a_class(grid: PhotoGrid, qtbot: QtBot) -> None:
    grid.select_row(0)
    qtbot.keyClicks(grid, "t")
    assert grid.current_item().class_name == "tulips"


def test_enter_and_double_click_open(grid: PhotoGrid, qtbot: QtBot) -> None:
    grid.select_row(4)
    with qtbot.waitSignal(grid.activated_photo) as told:
        key(qtbot, grid, Qt.Key.Key_Return)
    assert told.args[0].path == Path("IMG_4.png")
    with qtbot.waitSignal(grid.activated_photo) as told:
        qtbot.mouseDClick(grid.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(10, 10))
    assert told.args[0].path == Path("IMG_0.png")


def test_ctrl_and_wheel_change_the_size(grid: PhotoGrid) -> None:
    def wheel(turned: int) -> None:
        point = QPointF(100, 100)
        event = QWheelEvent(
            point, grid.mapToGlobal(point), QPoint(), QPoint(0, turned), Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.ControlModifier, Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        grid.wheelEvent(event)

    wheel(120)
    assert grid.columns() == 3
    wheel(-120)
    assert grid.columns() == 4


def test_a_tile_says_what_it_is(grid: PhotoGrid) -> None:
    item = PhotoItem(Path("a/IMG_6209.JPG"), "roses", 1, "right")
    grid.set_items([item])
    index = grid.model().index(0, 0)
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "roses, IMG 6209, right"


def color_at(widget: QWidget, point: QPoint) -> str:
    image: QImage = widget.grab().toImage()
    return image.pixelColor(point).name()


def test_photos_fill_their_tiles_once_loaded(grid: PhotoGrid, tmp_path: Path, qtbot: QtBot) -> None:
    path = tmp_path / "red.png"
    Image.new("RGB", (64, 64), (255, 0, 0)).save(path)
    theme.set_theme("light")
    grid.set_items([PhotoItem(path)])
    assert color_at(grid, QPoint(85, 68)) == theme.color("sunken").name()
    qtbot.waitUntil(lambda: color_at(grid, QPoint(85, 68)) == "#ff0000")
    assert color_at(grid, QPoint(3, 68)) == "#ff0000"


def test_scrolling_away_takes_wishes_back(
    grid: PhotoGrid, cache: ThumbnailCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = []
    monkeypatch.setattr(cache, "keep", lambda _owner, paths: kept.append(paths))
    grid.set_items([PhotoItem(Path(f"{n}.png")) for n in range(4000)])
    grid.scrollToBottom()
    assert Path("3999.png") in kept[-1]
    assert Path("0.png") not in kept[-1]


def test_one_photo_is_shown_whole_in_its_own_proportions(cache: ThumbnailCache, tmp_path: Path, qtbot: QtBot) -> None:
    path = tmp_path / "wide.png"
    Image.new("RGB", (200, 100), (0, 0, 255)).save(path)
    view = PhotoView(cache)
    qtbot.addWidget(view)
    view.resize(200, 200)
    view.set_photo(path, "roses, right")
    view.show()
    qtbot.waitUntil(lambda: view.photo_rect().height() == 100)
    assert color_at(view, QPoint(100, 100)) == "#0000ff"
    assert color_at(view, QPoint(100, 20)) != "#0000ff"
    assert view.accessibleDescription() == "wide, roses, right"
    view.set_photo(None)
    assert view.photo() is None
