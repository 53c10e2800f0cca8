"""Varied copies in the Dataset tab: the card, its panel and the preview, driven as a person does."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QAbstractButton, QAbstractSlider, QApplication, QComboBox, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from tlstudio.datasets.augmentation.amounts import AUGMENTATIONS, DEFAULT_AUGMENTATION, Augmentation, AugmentationConfig
from tlstudio.datasets.augmentation.presets import AUGMENTATION_PRESETS, find_augmentation
from tlstudio.datasets.dataset import Dataset
from tlstudio.datasets.index import index_folder
from tlstudio.events import CancelToken, ignore_events
from tlstudio.modeling.features import FeatureStore, Photo, Source
from tlstudio.ui.session import Session
from tlstudio.ui.tabs.dataset.dataset_tab import DatasetTab
from tlstudio.ui.tabs.dataset.varied.card import VariedCopiesCard, in_words
from tlstudio.ui.tabs.dataset.varied.panel import VariedCopiesPanel
from tlstudio.ui.tabs.dataset.varied.preview import VariedPreview
from tlstudio.ui.widgets.labels import ElidedLabel
from tlstudio.ui.widgets.photo_grid import PhotoGrid
from tlstudio.ui.widgets.thumbnails import ThumbnailCache

# The offscreen platform says so of every window.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

ClassFolders = Callable[..., Path]
SIZE, SEED = 96, 3
SLOW = 20_000


@pytest.fixture
def dataset(class_folders: ClassFolders) -> Dataset:
    return index_folder(class_folders({"daisy": 3, "rose": 3}, size=(60, 40)), emit=ignore_events, token=CancelToken())


@pytest.fixture
def chosen(card: VariedCopiesCard) -> list[AugmentationConfig]:
    """What the card was told to choose; it is in force at once, as in the session."""
    configs: list[AugmentationConfig] = []

    def take(config: AugmentationConfig) -> None:
        configs.append(config)
        card.set_augmentation(config, SEED, SIZE)

    card.chosen.connect(take)
    return configs


@pytest.fixture
def card(session: Session, dataset: Dataset, qtbot: QtBot) -> VariedCopiesCard:
    made = VariedCopiesCard(session)
    qtbot.addWidget(made)
    made.set_dataset(dataset)
    made.set_augmentation(AugmentationConfig(), SEED, SIZE)
    made.resize(336, 160)
    made.show()
    return made


def named(owner: QWidget, kind: type[QWidget], name: str) -> QWidget:
    return next(found for found in owner.findChildren(kind) if found.accessibleName() == name)


def click(qtbot: QtBot, owner: QWidget, words: str) -> None:
    button = next(
        found for found in owner.findChildren(QAbstractButton) if words in (found.text(), found.accessibleName())
    )
    QApplication.processEvents()  # or the layout moves it away between press and release
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton, pos=QPoint(6, button.height() // 2))


def switch_on(qtbot: QtBot, card: VariedCopiesCard) -> VariedCopiesPanel:
    click(qtbot, card, "Varied copies of photos")
    (panel,) = (found for found in card.findChildren(VariedCopiesPanel) if found.isVisible())
    return panel


def type_amount(qtbot: QtBot, panel: QWidget, name: str, written: str) -> None:
    field = named(panel, QLineEdit, name)
    assert isinstance(field, QLineEdit)
    field.selectAll()
    qtbot.keyClicks(field, written)


def wait_for(qtbot: QtBot, chosen: list[AugmentationConfig], config: AugmentationConfig) -> None:
    qtbot.waitUntil(lambda: chosen[-1:] == [config], timeout=SLOW)


def tiles(panel: VariedCopiesPanel) -> list[NDArray[np.uint8]]:
    """What stands in the nine places, their round corners apart."""
    (preview,) = panel.findChildren(VariedPreview)
    image = preview.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), dtype=np.uint8).reshape(image.height(), image.bytesPerLine())
    pixels = rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3).copy()
    corners = [(line * (SIZE + 6), column * (SIZE + 6)) for line in range(3) for column in range(3)]
    return [pixels[top + 8 : top + SIZE - 8, left + 8 : left + SIZE - 8] for top, left in corners]


def learnt_from(dataset: Dataset, number: int, config: AugmentationConfig, folder: Path) -> list[NDArray[np.uint8]]:
    """What a network that learns from pixels is given of a photo: the photo, and its copies."""
    sample = dataset.samples[number]
    photo = Photo(Path(dataset.absolute(sample.path)), sample.digest, config.views)
    source = Source(f"photos-{SIZE}", SIZE, None, config, SEED)
    features = FeatureStore(folder).features(source, [photo], emit=ignore_events, token=CancelToken())
    rows = np.array([features.locate(0, view) for view in range(config.views + 1)])
    return [picture[8:-8, 8:-8] for picture in features.take(rows)]


def shows(panel: VariedCopiesPanel, pictures: list[NDArray[np.uint8]]) -> bool:
    shown = tiles(panel)[: len(pictures)]
    return all(
        np.abs(one.astype(int) - other.astype(int)).max() <= 1 for one, other in zip(shown, pictures, strict=True)
    )


def test_the_switch_opens_the_panel_and_brings_back_what_was_chosen_before(
    card: VariedCopiesCard, chosen: list[AugmentationConfig], qtbot: QtBot
) -> None:
    panel = switch_on(qtbot, card)
    assert chosen == [DEFAULT_AUGMENTATION]
    type_amount(qtbot, panel, "Turn, in degrees", "33")
    own = replace(DEFAULT_AUGMENTATION, rotation=33)
    wait_for(qtbot, chosen, own)
    qtbot.keyClick(panel, Qt.Key.Key_Escape)
    click(qtbot, card, "Varied copies of photos")
    assert chosen[-1] == AugmentationConfig()
    assert not any(found.isVisible() for found in card.findChildren(VariedCopiesPanel))
    switch_on(qtbot, card)
    assert chosen[-1] == own


@pytest.mark.parametrize(
    "entry", [entry for entry in AUGMENTATIONS if entry.unit != "switch"], ids=lambda entry: entry.name
)
def test_every_amount_follows_its_slider_and_its_field(
    card: VariedCopiesCard, chosen: list[AugmentationConfig], qtbot: QtBot, entry: Augmentation
) -> None:
    panel = switch_on(qtbot, card)
    before = getattr(DEFAULT_AUGMENTATION, entry.name)
    key = Qt.Key.Key_Left if before == entry.maximum or entry.name == "zoom_high" else Qt.Key.Key_Right
    after = round(before + (-entry.step if key == Qt.Key.Key_Left else entry.step), 6)
    qtbot.keyClick(named(panel, QAbstractSlider, entry.title), key)
    wait_for(qtbot, chosen, replace(DEFAULT_AUGMENTATION, **{entry.name: after}))
    field = next(found for found in panel.findChildren(QLineEdit) if found.accessibleName().startswith(entry.title))
    factor = 100 if entry.unit == "share" else 1
    assert float(field.text()) == pytest.approx(after * factor)
    qtbot.keyClick(field, Qt.Key.Key_Up if key == Qt.Key.Key_Left else Qt.Key.Key_Down)
    wait_for(qtbot, chosen, DEFAULT_AUGMENTATION)
    type_amount(qtbot, panel, field.accessibleName(), f"{entry.maximum * factor:g}")
    qtbot.waitUntil(lambda: getattr(chosen[-1], entry.name) == entry.maximum, timeout=SLOW)


def test_what_has_two_states_or_a_few_follows_its_control(
    card: VariedCopiesCard, chosen: list[AugmentationConfig], qtbot: QtBot
) -> None:
    panel = switch_on(qtbot, card)
    click(qtbot, panel, "Mirror top and bottom")
    click(qtbot, panel, "Also vary the photos to check on")
    fill = named(panel, QComboBox, "Fill gaps with")
    qtbot.keyClick(fill, Qt.Key.Key_Down)
    type_amount(qtbot, panel, "Copies of each photo", "7")
    config = replace(DEFAULT_AUGMENTATION, vertical_flip=True, validation=True, fill="nearest", views=7)
    wait_for(qtbot, chosen, config)
    assert any(label.text().startswith("On, as recipe 001") for label in panel.findChildren(QLabel))
    assert "7 copies of each photo" in card.findChildren(QLabel)[1].text()


def test_a_preset_sets_all_amounts_but_the_number_of_copies(
    card: VariedCopiesCard, chosen: list[AugmentationConfig], qtbot: QtBot
) -> None:
    panel = switch_on(qtbot, card)
    type_amount(qtbot, panel, "Copies of each photo", "2")
    presets = named(panel, QComboBox, "Begin with")
    assert isinstance(presets, QComboBox)
    assert presets.count() == len(AUGMENTATION_PRESETS) + 1
    for _ in range(presets.findText("Recipe 002") - presets.currentIndex()):
        qtbot.keyClick(presets, Qt.Key.Key_Down)
    wait_for(qtbot, chosen, replace(find_augmentation("002"), views=2))
    assert presets.currentText() == "Recipe 002"
    type_amount(qtbot, panel, "Turn, in degrees", "71")
    assert presets.currentText() == "Your own"
    type_amount(qtbot, panel, "Turn, in degrees", "72")
    assert presets.currentText() == "Recipe 002"


def test_the_ends_of_the_zoom_push_each_other(
    card: VariedCopiesCard, chosen: list[AugmentationConfig], qtbot: QtBot
) -> None:
    panel = switch_on(qtbot, card)
    type_amount(qtbot, panel, "Zoom from, in percent", "30")
    wait_for(qtbot, chosen, replace(DEFAULT_AUGMENTATION, zoom_low=0.3, zoom_high=0.3))
    type_amount(qtbot, panel, "Zoom to, in percent", "-10")
    wait_for(qtbot, chosen, replace(DEFAULT_AUGMENTATION, zoom_low=-0.1, zoom_high=-0.1))


def test_what_is_out_of_range_is_said_and_changes_nothing(
    card: VariedCopiesCard, chosen: list[AugmentationConfig], qtbot: QtBot
) -> None:
    panel = switch_on(qtbot, card)
    type_amount(qtbot, panel, "Turn, in degrees", "999")
    assert any(label.text() == "Between 0 and 180 °." for label in panel.findChildren(QLabel))
    qtbot.keyClick(panel, Qt.Key.Key_Escape)
    assert chosen[-1].rotation in (9, 99), "what was right while typing"


def test_a_choice_is_not_lost_when_the_panel_closes_at_once(
    card: VariedCopiesCard, chosen: list[AugmentationConfig], qtbot: QtBot
) -> None:
    panel = switch_on(qtbot, card)
    type_amount(qtbot, panel, "Slant, in degrees", "9")
    qtbot.keyClick(panel, Qt.Key.Key_Escape)
    assert chosen[-1].shear == 9


def test_the_preview_shows_exactly_what_training_sees(
    card: VariedCopiesCard, chosen: list[AugmentationConfig], dataset: Dataset, qtbot: QtBot, tmp_path: Path
) -> None:
    panel = switch_on(qtbot, card)
    pictures = learnt_from(dataset, 0, DEFAULT_AUGMENTATION, tmp_path)
    assert len(pictures) == 1 + DEFAULT_AUGMENTATION.views
    qtbot.waitUntil(lambda: shows(panel, pictures), timeout=SLOW)
    type_amount(qtbot, panel, "Copies of each photo", "8")
    strong = replace(find_augmentation("strong"), views=8)
    qtbot.keyClicks(named(panel, QComboBox, "Begin with"), "Strong")
    wait_for(qtbot, chosen, strong)
    pictures = learnt_from(dataset, 0, strong, tmp_path)
    qtbot.waitUntil(lambda: shows(panel, pictures), timeout=SLOW)


def watched_slider(panel: VariedCopiesPanel) -> tuple[QAbstractSlider, list[bool]]:
    """A slider, and what the preview tells whenever it is redrawn."""
    (preview,) = panel.findChildren(VariedPreview)
    redrawn: list[bool] = []
    preview.shown.connect(redrawn.append)
    slider = named(panel, QAbstractSlider, "Brightness")
    assert isinstance(slider, QAbstractSlider)
    return slider, redrawn


def test_the_preview_is_redrawn_while_a_slider_moves_faster_than_copies_can_be_made(
    card: VariedCopiesCard, qtbot: QtBot
) -> None:
    card.set_augmentation(AugmentationConfig(), SEED, 600)
    slider, redrawn = watched_slider(switch_on(qtbot, card))

    def dragged_until_redrawn() -> bool:
        slider.setValue((slider.value() + 1) % 90)
        return len(redrawn) >= 3

    qtbot.waitUntil(dragged_until_redrawn, timeout=SLOW)


def test_the_preview_ends_with_the_last_place_of_a_slider(
    card: VariedCopiesCard, chosen: list[AugmentationConfig], dataset: Dataset, qtbot: QtBot, tmp_path: Path
) -> None:
    panel = switch_on(qtbot, card)
    slider, redrawn = watched_slider(panel)
    for place in range(100):
        slider.setValue(place)
    assert chosen == [DEFAULT_AUGMENTATION], "the rest of the window waits until the slider rests"
    made = len(redrawn)
    last = replace(DEFAULT_AUGMENTATION, brightness=0.99)
    pictures = learnt_from(dataset, 0, last, tmp_path)
    qtbot.waitUntil(lambda: shows(panel, pictures), timeout=SLOW)
    assert len(redrawn) - made <= 2, "wishes that were overtaken are not made"
    wait_for(qtbot, chosen, last)


def test_the_photo_can_be_changed_and_the_selected_one_comes_first(
    card: VariedCopiesCard,
    dataset: Dataset,
    chosen: list[AugmentationConfig],  # noqa: ARG001
    qtbot: QtBot,
) -> None:
    selected = dataset.samples[4].path
    card.show_photo(selected)
    panel = switch_on(qtbot, card)
    (name,) = panel.findChildren(ElidedLabel)
    again = next(found for found in panel.findChildren(QAbstractButton) if found.text() == "Use the selected photo")
    assert name.full_text() == Path(selected).name
    assert not again.isVisible()
    click(qtbot, panel, "Another photo")
    assert name.full_text() != Path(selected).name
    assert again.isVisible()
    click(qtbot, panel, "Use the selected photo")
    assert name.full_text() == Path(selected).name


def test_a_photo_that_vanished_is_said(
    card: VariedCopiesCard,
    dataset: Dataset,
    chosen: list[AugmentationConfig],  # noqa: ARG001
    qtbot: QtBot,
) -> None:
    Path(dataset.absolute(dataset.samples[0].path)).unlink()
    panel = switch_on(qtbot, card)
    qtbot.waitUntil(
        lambda: any("can't be read any more" in label.text() for label in panel.findChildren(QLabel)), timeout=SLOW
    )


def test_every_control_says_what_it_is_and_is_reached_by_tab(
    card: VariedCopiesCard,
    chosen: list[AugmentationConfig],  # noqa: ARG001
    qtbot: QtBot,
) -> None:
    panel = switch_on(qtbot, card)
    reached = []
    widget = panel.nextInFocusChain()
    while widget is not panel:
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isVisible() and widget.focusProxy() is None:
            reached.append(widget)
        widget = widget.nextInFocusChain()
    names = [widget.accessibleName() or getattr(widget, "text", str)() for widget in reached]
    assert all(names)
    assert all(widget.toolTip() for widget in reached)
    assert names[0] == "Begin with"
    assert [name for name in names if name in {entry.title for entry in AUGMENTATIONS}] == [
        entry.title for entry in AUGMENTATIONS
    ]


def test_the_card_says_what_is_in_force() -> None:
    assert in_words(find_augmentation("003-large")) == (
        "Recipe 003, large: 3 copies of each photo, shifted, zoomed, mirrored."
    )
    assert in_words(AugmentationConfig(blur=1, views=1)) == "Your own amounts: 1 copy of each photo, blurred."
    assert in_words(AugmentationConfig(views=2)).endswith("2 copies of each photo, but nothing varies.")
    assert in_words(find_augmentation("001")).endswith("The photos to check on vary, too.")


@pytest.fixture
def tab(session: Session, qtbot: QtBot) -> Iterator[DatasetTab]:
    cache = ThumbnailCache()
    made = DatasetTab(session, cache)
    qtbot.addWidget(made)
    made.resize(1100, 900)
    made.show()
    yield made
    cache.shutdown()


def test_the_photo_selected_in_the_grid_is_previewed_and_the_choice_is_trained_with(
    tab: DatasetTab, session: Session, class_folders: ClassFolders, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(session.photos.scan_ended, timeout=SLOW):
        session.photos.open_folder(class_folders({"daisy": 4, "rose": 4}))
    (grid,) = tab.findChildren(PhotoGrid)
    grid.select_row(5)
    (card,) = tab.findChildren(VariedCopiesCard)
    panel = switch_on(qtbot, card)
    assert session.choices.config().augmentation == DEFAULT_AUGMENTATION
    (name,) = panel.findChildren(ElidedLabel)
    assert name.full_text() == Path(grid.items()[5].path).name
    type_amount(qtbot, panel, "Blur, in pixels", "2")
    qtbot.waitUntil(lambda: session.choices.config().augmentation.blur == 2, timeout=SLOW)
