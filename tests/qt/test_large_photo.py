"""The large photo: zoom, walking on, the facts of its file, and the photos that look like it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel
from pytestqt.qtbot import QtBot

from tlstudio.datasets.size_rule import SizeRule
from tlstudio.ui.session import Session
from tlstudio.ui.tabs.dataset.dataset_tab import DatasetTab
from tlstudio.ui.tabs.dataset.photos.dataset_grid import DatasetGrid
from tlstudio.ui.tabs.dataset.photos.large_photo import LargePhoto
from tlstudio.ui.tabs.dataset.photos.photo_details import LookAlikes
from tlstudio.ui.tabs.dataset.photos.zoom_view import ZoomView
from tlstudio.ui.widgets.thumbnails import ThumbnailCache

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

PhotosFactory = Callable[..., list[Path]]
LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
TAKEN, MAKE, MODEL, EXIF = 0x9003, 0x010F, 0x0110, 0x8769


class Bench:
    """A tab with a large photo open in it."""

    def __init__(self, tab: DatasetTab, session: Session, qtbot: QtBot) -> None:
        self.tab, self.session, self.qtbot = tab, session, qtbot
        (self.grid,) = tab.findChildren(DatasetGrid)

    def read(self, folder: Path) -> None:
        with self.qtbot.waitSignal(self.session.photos.opened, timeout=20_000):
            self.session.photos.open_folder(folder)
        QApplication.processEvents()

    def open(self, name: str) -> None:
        paths = [item.path.name for item in self.grid.items()]
        self.grid.setFocus()
        self.grid.select_row(paths.index(name))
        self.qtbot.keyClick(self.grid, Qt.Key.Key_Return)
        self.qtbot.waitUntil(self.large.isActiveWindow)

    @property
    def large(self) -> LargePhoto:
        return next(iter(self.tab.findChildren(LargePhoto)))

    @property
    def view(self) -> ZoomView:
        return next(iter(self.large.findChildren(ZoomView)))

    def facts(self) -> dict[str, str]:
        """What is said of the photo, by name."""
        labels = [label for label in self.large.findChildren(QLabel) if label.isVisible()]
        texts = [label.text().replace("\N{ZERO WIDTH SPACE}", "") for label in labels]
        names = ("Class", "Used", "Size", "File", "Taken", "Camera", "Looks", "Folder")
        return {name: texts[texts.index(name) + 1] for name in names if name in texts}

    def key(self, which: Qt.Key, modifier: Qt.KeyboardModifier = NONE) -> None:
        self.qtbot.keyClick(self.large, which, modifier)

    def click(self, name: str) -> None:
        buttons = (one for one in self.large.findChildren(QAbstractButton) if one.isVisible())
        self.qtbot.mouseClick(next(one for one in buttons if name in (one.text(), one.accessibleName())), LEFT)

    def wheel(self, place: QPoint, notches: int) -> None:
        at, turned = QPointF(place), QPoint(0, 120 * notches)
        phase, glob = Qt.ScrollPhase.NoScrollPhase, QPointF(self.view.mapToGlobal(place))
        QApplication.sendEvent(
            self.view, QWheelEvent(at, glob, QPoint(), turned, Qt.MouseButton.NoButton, NONE, phase, False)
        )


@pytest.fixture
def bench(session: Session, qtbot: QtBot) -> Iterator[Bench]:
    cache = ThumbnailCache()
    tab = DatasetTab(session, cache)
    qtbot.addWidget(tab)
    tab.resize(1300, 900)
    tab.show()
    yield Bench(tab, session, qtbot)
    cache.shutdown()


@pytest.fixture
def folder(tmp_path: Path, photos_factory: PhotosFactory) -> Path:
    """Two classes; among them a large photo with EXIF data, a smaller copy of it in the other class, and a dark one."""
    root = tmp_path / "photos"
    photos_factory(root / "cat", 4)
    photos_factory(root / "dog", 4, kind=1)
    exif = Image.Exif()
    exif[MAKE], exif[MODEL] = "Canon", "Canon EOS 5D"
    exif.get_ifd(EXIF)[TAKEN] = "2024:05:06 12:13:14"
    scene(0).resize((3000, 2000), Image.Resampling.BOX).save(root / "cat" / "large.jpg", exif=exif)
    scene(0).resize((600, 400), Image.Resampling.BOX).save(root / "dog" / "smaller.png")
    scene(1).resize((300, 200)).point(lambda value: value // 6).save(root / "dog" / "dark.png")
    return root


def scene(seed: int) -> Image.Image:
    return Image.fromarray(np.random.default_rng(seed).integers(0, 255, (6, 9, 3), dtype=np.uint8))


def test_the_facts_of_a_photo_are_told(bench: Bench, folder: Path) -> None:
    bench.read(folder)
    bench.open("large.jpg")
    bench.qtbot.waitUntil(lambda: "Camera" in bench.facts())
    size = (folder / "cat" / "large.jpg").stat().st_size
    facts = bench.facts()
    assert facts["Class"] == "cat"
    assert facts["Size"] == "3,000 × 2,000 px (6.0 megapixels)"
    assert facts["File"] == (f"{size / 1e6:.1f} MB, JPEG" if size >= 1e6 else f"{-(-size // 1000)} KB, JPEG")
    assert (facts["Taken"], facts["Camera"]) == ("6 May 2024, 12:13", "Canon EOS 5D")
    assert facts["Folder"] == str(folder / "cat")


def test_what_is_not_known_is_not_named_and_flags_are_in_words(bench: Bench, folder: Path) -> None:
    bench.read(folder)
    bench.open("dark.png")
    bench.qtbot.waitUntil(lambda: "File" in bench.facts())
    facts = bench.facts()
    assert facts["Looks"].startswith("Very dark")
    assert "Taken" not in facts
    assert "Camera" not in facts
    bench.key(Qt.Key.Key_Right)
    bench.key(Qt.Key.Key_Left)
    bench.qtbot.waitUntil(lambda: "File" in bench.facts())


def test_why_a_photo_is_left_out_is_told(bench: Bench, folder: Path) -> None:
    bench.read(folder)
    actions = bench.session.photos.actions
    assert actions is not None
    with bench.qtbot.waitSignal(bench.session.photos.edited, timeout=20_000):
        bench.session.photos.do(actions.limit_sizes(SizeRule(max_width=2000)))
    bench.open("large.jpg")
    assert bench.facts()["Used"] == "left out by your size rule: wider than 2,000 px"
    bring_back = next(one for one in bench.large.findChildren(QAbstractButton) if one.text() == "Bring back")
    assert not bring_back.isEnabled()
    assert "size rule" in bring_back.toolTip()


def test_the_wheel_zooms_where_the_pointer_is(bench: Bench, folder: Path) -> None:
    bench.read(folder)
    bench.open("large.jpg")
    view, place = bench.view, QPoint(100, 120)
    fitting = view.scale

    def under_pointer() -> tuple[float, float]:
        rect = view.photo_rect()
        return (place.x() - rect.x()) / rect.width(), (place.y() - rect.y()) / rect.height()

    before = under_pointer()
    bench.wheel(place, 6)
    assert view.scale > 3 * fitting
    assert under_pointer() == pytest.approx(before, abs=0.02)
    bench.wheel(place, -12)
    assert view.scale == fitting
    assert view.rect().toRectF().adjusted(-1, -1, 1, 1).contains(view.photo_rect())


def test_buttons_and_keys_zoom(bench: Bench, folder: Path) -> None:
    bench.read(folder)
    bench.open("large.jpg")
    view = bench.view
    fitting = view.scale
    bench.click("100 %")
    assert view.scale == 1.0
    assert view.photo_rect().width() == pytest.approx(3000 / view.devicePixelRatioF())
    bench.key(Qt.Key.Key_0)
    assert view.scale == fitting
    bench.key(Qt.Key.Key_Plus)
    assert view.scale > fitting
    bench.click("Smaller")
    assert view.scale == pytest.approx(fitting)
    for _ in range(40):
        view.zoom_by(1)
    assert view.scale == 8.0, "no further than that a pixel is eight wide"


def test_at_100_percent_the_pixels_of_the_photo_are_shown(bench: Bench, folder: Path) -> None:
    striped = Image.new("RGB", (2600, 64))
    for x in range(0, 2600, 2):
        striped.paste((255, 255, 255), (x, 0, x + 1, 64))
    striped.save(folder / "cat" / "striped.png")
    bench.read(folder)
    bench.open("striped.png")
    bench.key(Qt.Key.Key_1)

    def sharp() -> bool:
        image = bench.view.grab().toImage()
        row = [image.pixelColor(x, image.height() // 2).red() for x in range(40, 140)]
        return max(row) - min(row) > 100

    bench.qtbot.waitUntil(sharp)


def test_a_small_photo_can_be_shown_as_small_as_it_is(bench: Bench, folder: Path) -> None:
    bench.read(folder)
    bench.open("smaller.png")
    assert bench.view.scale > 1
    bench.key(Qt.Key.Key_1)
    assert bench.view.scale == 1.0


def test_dragging_moves_the_photo_and_its_edges_stay_outside(bench: Bench, folder: Path) -> None:
    bench.read(folder)
    bench.open("large.jpg")
    view = bench.view
    bench.key(Qt.Key.Key_1)
    before = view.photo_rect().topLeft()
    bench.qtbot.mousePress(view, LEFT, pos=QPoint(300, 300))
    bench.qtbot.mouseMove(view, QPoint(250, 280))
    bench.qtbot.mouseRelease(view, LEFT, pos=QPoint(250, 280))
    moved = view.photo_rect().topLeft() - before
    assert (moved.x(), moved.y()) == pytest.approx((-50, -20))
    for _ in range(30):
        bench.key(Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert view.photo_rect().left() == pytest.approx(0, abs=0.5)


def test_the_next_photo_is_shown_whole(bench: Bench, folder: Path) -> None:
    bench.read(folder)
    bench.open("large.jpg")
    bench.key(Qt.Key.Key_1)
    step = Qt.Key.Key_Left if bench.grid.currentIndex().row() else Qt.Key.Key_Right
    bench.key(step)
    assert bench.view.photo() != folder / "cat" / "large.jpg"
    assert bench.view.rect().toRectF().adjusted(-1, -1, 1, 1).contains(bench.view.photo_rect())


def test_photos_that_look_alike_open_also_where_they_are_filtered_away(bench: Bench, folder: Path) -> None:
    bench.read(folder)
    bench.tab._page._photos.set_class("cat")
    bench.open("large.jpg")
    (alike,) = bench.large.findChildren(LookAlikes)
    assert alike.isVisible()
    bench.click("Show smaller, dog")
    assert bench.view.photo() == folder / "dog" / "smaller.png"
    assert {Path(path).name for path in bench.large.photos.paths()} >= {"large.jpg", "smaller.png"}
    bench.click("Show large, cat")
    assert bench.view.photo() == folder / "cat" / "large.jpg"


def test_photos_that_are_like_no_other_show_none(bench: Bench, folder: Path) -> None:
    bench.read(folder)
    bench.open("photo_000.jpg")
    (alike,) = bench.large.findChildren(LookAlikes)
    assert alike.isVisible() == bool(bench.large.photos.alike(bench.grid.currentIndex().row()))
