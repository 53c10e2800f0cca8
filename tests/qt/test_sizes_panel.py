"""The panel behind the sliders button: sizes, shapes, the size rule, filters, and a few photos of each class."""

import csv
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QFileDialog, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from tlstudio.datasets.photo_sizes import PhotoSizes
from tlstudio.ui import theme
from tlstudio.ui.session import Session
from tlstudio.ui.tabs.dataset.dataset_tab import DatasetTab
from tlstudio.ui.tabs.dataset.narrowing.size_dots import Dots
from tlstudio.ui.tabs.dataset.narrowing.size_plot import SizePlot
from tlstudio.ui.tabs.dataset.narrowing.sizes_panel import SizesPanel
from tlstudio.ui.tabs.dataset.photos.dataset_grid import DatasetGrid
from tlstudio.ui.tabs.dataset.photos.photo_filter import Photos
from tlstudio.ui.widgets.fields import ComboBox
from tlstudio.ui.widgets.labels import ElidedLabel
from tlstudio.ui.widgets.thumbnails import ThumbnailCache

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

PhotosFactory = Callable[..., list[Path]]
LEFT = Qt.MouseButton.LeftButton
SIZES = {"wide": (160, 90), "upright": (60, 90), "square": (48, 48), "small": (20, 15)}
PER_CLASS = 4


class Bench:
    """A tab with photos of four sizes in two classes, and what a person does to it."""

    def __init__(self, tab: DatasetTab, session: Session, qtbot: QtBot) -> None:
        self.tab, self.session, self.qtbot = tab, session, qtbot
        (self.grid,) = tab.findChildren(DatasetGrid)
        (self.panel,) = tab.findChildren(SizesPanel)
        (self.plot,) = tab.findChildren(SizePlot)

    def read(self, folder: Path) -> None:
        with self.qtbot.waitSignal(self.session.photos.opened, timeout=20_000):
            self.session.photos.open_folder(folder)
        QApplication.processEvents()

    def click(self, name: str) -> None:
        QApplication.processEvents()
        self.qtbot.mouseClick(self.button(name), LEFT)
        QApplication.processEvents()

    def button(self, name: str) -> QAbstractButton:
        named = (one for one in self.tab.findChildren(QAbstractButton) if name in (one.text(), one.accessibleName()))
        return next(one for one in named if one.isVisible())

    def open(self, page: str) -> None:
        if self.panel.isHidden():
            self.click("Sizes and filters")
        self.click(page)
        self.qtbot.waitUntil(lambda: not self.session.runner.busy("list"))
        QApplication.processEvents()

    def field(self, name: str) -> QLineEdit:
        return next(one for one in self.tab.findChildren(QLineEdit) if one.accessibleName() == name)

    def type(self, name: str, text: str) -> None:
        field = self.field(name)
        field.setFocus()
        field.selectAll()
        self.qtbot.keyClicks(field, text)

    def pick(self, box: str, words: str) -> None:
        (found,) = [one for one in self.tab.findChildren(ComboBox) if one.accessibleName() == box]
        found.setCurrentIndex(found.findText(words))
        found.activated.emit(found.currentIndex())

    def shown(self) -> list[str]:
        photos = self.grid.items()
        assert isinstance(photos, Photos)
        return photos.paths()

    def kinds(self) -> set[str]:
        """Which of ``SIZES`` are shown; all photos of a size, or it is none of them."""
        names = [Path(path).name.split("_")[0] for path in self.shown()]
        return {name for name in names if names.count(name) == 2 * PER_CLASS}

    def words(self, within: QWidget | None = None) -> str:
        labels = (within or self.panel).findChildren(QLabel)
        return "\n".join(label.text() for label in labels if label.isVisible())

    def place(self, width: float, height: float) -> QPoint:
        """Where a size lies in the plot."""
        plot = self.plot._plot
        return QPoint(plot.mapFromScene(plot.getPlotItem().getViewBox().mapViewToScene(QPointF(width, height))))

    def hover(self, width: float, height: float) -> str:
        """What is said under the plot with the mouse over a size."""
        viewport = self.plot._plot.viewport()
        for place in (self.place(width, height) + QPoint(2, 2), self.place(width, height)):
            self.qtbot.mouseMove(viewport, place)
            QApplication.processEvents()
        return next(label.text() for label in self.panel.findChildren(ElidedLabel) if label.isVisible())

    def drag(self, *corners: tuple[float, float]) -> None:
        viewport = self.plot._plot.viewport()
        places = [self.place(*corner) for corner in corners]
        self.qtbot.mousePress(viewport, LEFT, pos=places[0])
        for place in places[1:]:
            self.qtbot.mouseMove(viewport, place)
        self.qtbot.mouseRelease(viewport, LEFT, pos=places[-1])


@pytest.fixture
def bench(session: Session, qtbot: QtBot, tmp_path: Path, photos_factory: PhotosFactory) -> Iterator[Bench]:
    for kind, class_name in enumerate(("daisy", "rose")):
        for number, (name, size) in enumerate(SIZES.items()):
            made = photos_factory(tmp_path / "made", PER_CLASS, kind=kind + 2 * number, size=size)
            folder = tmp_path / "photos" / class_name
            folder.mkdir(parents=True, exist_ok=True)
            for photo in made:
                photo.rename(folder / f"{name}_{photo.name}")
    cache = ThumbnailCache()
    tab = DatasetTab(session, cache)
    qtbot.addWidget(tab)
    tab.resize(1300, 900)
    tab.show()
    bench = Bench(tab, session, qtbot)
    bench.read(tmp_path / "photos")
    yield bench
    cache.shutdown()


def test_the_sliders_button_opens_the_panel_which_stays_open_next_time(
    bench: Bench, session: Session, qtbot: QtBot
) -> None:
    assert bench.panel.isHidden()
    bench.open("Sizes")
    assert "From 20 × 15 to 160 × 90 px; half have 48 × 48 px or less." in bench.words()
    cache = ThumbnailCache()
    again = DatasetTab(session, cache)
    qtbot.addWidget(again)
    assert not next(iter(again.findChildren(SizesPanel))).isHidden()
    bench.qtbot.keyClick(bench.field("Width from"), Qt.Key.Key_Escape)
    assert bench.panel.isHidden()
    assert not bench.button("Sizes and filters").isChecked()
    cache.shutdown()


def test_numbers_choose_the_photos_shown_and_a_chip_takes_that_back(bench: Bench) -> None:
    bench.open("Sizes")
    bench.type("Width from", "48")
    bench.type("Width to", "60")
    assert bench.kinds() == {"upright", "square"}
    bench.type("Height to", "48")
    assert bench.kinds() == {"square"}
    assert bench.button("Size, 8").isChecked()
    bench.click("Size, 8")
    assert bench.kinds() == set(SIZES)
    assert bench.field("Width from").text() == ""


def test_a_wrong_number_changes_nothing(bench: Bench) -> None:
    bench.open("Sizes")
    bench.type("Width from", "48")
    bench.type("Width from", "x")
    assert bench.kinds() == {"wide", "upright", "square"}
    assert "Whole pixels." in bench.words()


@pytest.mark.parametrize("tool", ["Box", "Lasso"])
def test_what_is_drawn_around_is_shown_and_can_be_left_out(bench: Bench, tool: str) -> None:
    bench.open("Sizes")
    bench.click(tool)
    bench.drag((10, 5), (10, 60), (55, 60), (55, 5), *([(54, 4)] if tool == "Lasso" else [(55, 60)]))
    assert bench.kinds() == {"square", "small"}
    if tool == "Box":
        assert 45 < int(bench.field("Width to").text()) < 60, "the fields say the same"
    bench.grid.setFocus()
    bench.grid.selectAll()
    with bench.qtbot.waitSignal(bench.session.photos.edited, timeout=20_000):
        bench.qtbot.keyClick(bench.grid, Qt.Key.Key_X)
    assert bench.session.photos.dataset is not None
    assert len(bench.session.photos.dataset.left_out) == 16
    assert bench.kinds() == {"square", "small"}, "they are still those looked at"


def test_a_click_into_the_plot_chooses_nothing_any_more(bench: Bench) -> None:
    bench.open("Sizes")
    bench.click("Box")
    bench.drag((10, 5), (55, 60))
    bench.drag((100, 50), (100, 50))
    assert bench.kinds() == set(SIZES)


def test_presets_and_keys_change_what_the_plot_shows(bench: Bench) -> None:
    bench.open("Sizes")
    assert bench.button("All sizes").isChecked()
    bench.click("Up to 350 px")
    assert bench.plot.view() == (0, 350, 0, 350)
    assert bench.button("Up to 350 px").isChecked()
    bench.qtbot.keyClick(bench.plot._plot, Qt.Key.Key_Plus)
    left, right, _, _ = bench.plot.view()
    assert right - left < 350
    assert not bench.button("Up to 350 px").isChecked()
    bench.qtbot.keyClick(bench.plot._plot, Qt.Key.Key_Right)
    assert bench.plot.view()[0] > left
    bench.qtbot.keyClick(bench.plot._plot, Qt.Key.Key_0)
    assert bench.button("All sizes").isChecked()


def test_the_plot_says_what_is_under_the_mouse(bench: Bench) -> None:
    bench.open("Sizes")
    assert bench.hover(160, 90) == "160 × 90 px: 4 daisy, 4 rose"
    assert bench.hover(160, 20).startswith("From 20 × 15")


def test_the_plot_follows_the_class_and_the_theme(bench: Bench) -> None:
    bench.open("Sizes")
    theme.set_theme("dark")
    try:
        pixels = bench.plot.grab().toImage()
    finally:
        theme.set_theme("light")
    colors = {pixels.pixelColor(x, y).name() for x in range(pixels.width()) for y in range(pixels.height())}
    assert len(colors) > 2
    bench.tab._page._photos.set_class("daisy")
    bench.qtbot.waitUntil(lambda: bench.hover(160, 90) == "160 × 90 px: 4 daisy")


def test_shapes_are_counted_and_filter(bench: Bench) -> None:
    bench.open("Shapes")
    bench.click("16:9, 8")
    assert bench.kinds() == {"wide"}
    bench.click("16:9, 8")
    assert bench.kinds() == set(SIZES)
    bench.click("Higher than wide, 8")
    assert bench.kinds() == {"upright"}
    bench.click("Every shape")
    assert bench.kinds() == set(SIZES)


def test_a_size_rule_says_what_it_would_do_before_it_does_it(bench: Bench) -> None:
    bench.open("Size rule")
    apply = bench.button("Leave out photos outside")
    assert not apply.isEnabled()
    bench.type("Width, at least", "30")
    assert "This would leave out 8 of 32 photos: 8 narrower than 30 px." in bench.words()
    with bench.qtbot.waitSignal(bench.session.photos.edited, timeout=20_000):
        bench.click("Leave out photos outside")
    bench.qtbot.waitUntil(lambda: "In force: at least 30 px wide. 8 photos are left out by it." in bench.words())
    assert not apply.isEnabled()
    assert "8 photos outside your size rule" in bench.words(bench.tab)
    bench.tab._page._photos.set_filter("left_out")
    photos = bench.grid.items()
    assert bench.kinds() == {"small"}
    assert {(item.flag, item.note) for item in photos} == {("Other size", "Narrower than 30 px")}
    with bench.qtbot.waitSignal(bench.session.photos.edited, timeout=20_000):
        bench.session.photos.undo()
    bench.qtbot.waitUntil(lambda: bench.field("Width, at least").text() == "")
    assert bench.session.photos.dataset is not None
    assert bench.session.photos.dataset.left_out == ()


def test_a_size_rule_is_changed_and_taken_back_from_the_health_card(bench: Bench) -> None:
    bench.open("Size rule")
    bench.type("Exact width", "48")
    assert "An exact size needs both numbers." in bench.words()
    bench.type("Exact height", "48")
    with bench.qtbot.waitSignal(bench.session.photos.edited, timeout=20_000):
        bench.click("Leave out photos outside")
    bench.click("Close the panel")
    bench.click("Change: 24 photos outside your size rule")
    assert bench.field("Width, at least").hasFocus()
    bench.qtbot.waitUntil(lambda: "In force: exactly 48 × 48 px." in bench.words())
    with bench.qtbot.waitSignal(bench.session.photos.edited, timeout=20_000):
        bench.click("Take the rule back")
    assert bench.session.photos.size_rule is None
    assert "size rule" not in bench.words(bench.tab).replace("Size rule", "")


def test_photos_that_come_later_obey_the_rule(bench: Bench, tmp_path: Path, photos_factory: PhotosFactory) -> None:
    bench.open("Size rule")
    bench.type("Width, at most", "100")
    with bench.qtbot.waitSignal(bench.session.photos.edited, timeout=20_000):
        bench.click("Leave out photos outside")
    photos_factory(tmp_path / "photos" / "daisy", 1, kind=9, size=(120, 20))
    bench.read(tmp_path / "photos")
    assert bench.session.photos.dataset is not None
    assert "daisy/photo_000.jpg" in {sample.path for sample in bench.session.photos.dataset.left_out}


def test_filters_combine(bench: Bench) -> None:
    split = bench.session.photos.split
    dataset = bench.session.photos.dataset
    assert split is not None
    assert dataset is not None
    bench.open("Filters")
    bench.pick("What they are for", "To learn from")
    learnt = {dataset.samples[number].path for number in split.train}
    assert set(bench.shown()) == learnt
    bench.tab._page._photos.set_class("rose")
    bench.open("Sizes")
    bench.type("Width from", "100")
    assert set(bench.shown()) == {path for path in learnt if path.startswith("rose/wide")}
    bench.open("Filters")
    bench.pick("How they look", "Hard to see")
    assert bench.shown() == [] or set(bench.shown()) < learnt
    bench.pick("How they look", "Easy to see")
    assert set(bench.shown()) == {path for path in learnt if path.startswith("rose/wide")}


def test_a_few_of_each_class_are_shown_class_by_class(bench: Bench) -> None:
    bench.open("Filters")
    assert not bench.button("Others").isEnabled()
    bench.click("A few at random of each class")
    first = bench.shown()
    assert [path.split("/")[0] for path in first] == ["daisy"] * 3 + ["rose"] * 3
    bench.click("Others")
    assert set(bench.shown()) != set(first)
    bench.type("How many of each class", "12")
    assert len(bench.shown()) == 24
    bench.click("12 of each class, 24")
    assert len(bench.shown()) == 32


def test_other_photos_are_shown_whole(bench: Bench, tmp_path: Path, photos_factory: PhotosFactory) -> None:
    bench.open("Sizes")
    bench.type("Width from", "100")
    photos_factory(tmp_path / "other" / "a", 3)
    photos_factory(tmp_path / "other" / "b", 3, kind=1)
    bench.read(tmp_path / "other")
    assert len(bench.shown()) == 6
    assert bench.field("Width from").text() == ""


def test_every_control_has_a_name_and_says_what_it_does(bench: Bench) -> None:
    for page in ("Sizes", "Shapes", "Size rule", "Filters"):
        bench.open(page)
        for control in bench.panel.findChildren(QWidget):
            if control.isVisible() and isinstance(control, (QAbstractButton, QLineEdit, ComboBox)):
                name = control.accessibleName() or getattr(control, "text", str)()
                assert name, f"{type(control).__name__} on {page}"
                explained = control.toolTip() or control.parentWidget().toolTip()
                assert explained, f"{name} on {page}"


@pytest.mark.parametrize("width", [1100, 1440])
def test_nothing_of_the_panel_is_cut_off(bench: Bench, width: int) -> None:
    bench.tab.resize(width, 564)
    for page in ("Sizes", "Shapes", "Size rule", "Filters"):
        bench.open(page)
        bench.qtbot.waitUntil(lambda: bench.panel.height() >= bench.panel.minimumHeight())
        visible = [one for one in bench.panel.findChildren(QWidget) if one.isVisible() and one.parent() is not None]
        for one in visible:
            assert one.parentWidget().rect().contains(one.geometry().center()), f"{one} on {page} at {width}"
        assert bench.grid.height() > 40


def test_the_list_of_unreadable_files_is_saved_as_a_table(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "photos" / "daisy" / "=1+1.jpg").write_bytes(b"")
    (tmp_path / "photos" / "rose" / "torn.jpg").write_bytes(b"\xff\xd8\xff\xe0 torn")
    bench.read(tmp_path / "photos")
    bench.click("Show: 2 photos can't be read")
    chosen = tmp_path / "unreadable"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args: (str(chosen), ""))
    with bench.qtbot.waitSignal(bench.session.posted, timeout=20_000):
        bench.click("Save as CSV…")
    with chosen.with_suffix(".csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["path", "bytes", "reason"]
    assert [(path, size) for path, size, _ in rows[1:]] == [("daisy/=1+1.jpg", "0"), ("rose/torn.jpg", "9")]
    assert all(reason for _, _, reason in rows[1:])


def test_a_hundred_thousand_photos_are_drawn_in_a_tenth_of_a_second(qtbot: QtBot) -> None:
    rng = np.random.default_rng(0)
    sizes = PhotoSizes(rng.integers(1, 5000, 100_000), rng.integers(1, 4000, 100_000))
    plot = SizePlot()
    qtbot.addWidget(plot)
    plot.resize(700, 240)
    plot.set_dots(Dots.of(sizes, rng.integers(0, 5, 100_000)), ("a", "b", "c", "d", "e"), selected=False)
    plot.grab()
    seconds = []
    for limit in (None, 4000, 3000):
        plot.show_up_to(limit)
        began = time.process_time()
        image = plot.grab().toImage()
        seconds.append(time.process_time() - began)
    middle = {image.pixelColor(x, 100).name() for x in range(300, 400)}
    assert middle & {theme.class_color(index, 5).name() for index in range(5)}
    assert min(seconds) < 0.1


def test_one_photo_of_each_class_is_shown_by_its_number(bench: Bench) -> None:
    bench.open("Filters")
    bench.click("One of each class, by its number")
    assert len(bench.shown()) == 2
    first = bench.shown()
    bench.type("Which photo of each class", "16")
    assert [path.split("/")[0] for path in bench.shown()] == ["daisy", "rose"]
    assert not set(bench.shown()) & set(first)
    bench.click("A few at random of each class")
    assert len(bench.shown()) == 6
    bench.click("One of each class, by its number")
    bench.type("Which photo of each class", "17")
    assert bench.shown() == []


def test_a_window_with_the_panel_becomes_narrow_in_one_step(bench: Bench) -> None:
    bench.tab.resize(1440, 800)
    bench.open("Sizes")
    QApplication.processEvents()
    assert bench.tab.minimumSizeHint().width() <= 1100
