import math
from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest

from tlstudio.datasets.augmentation.amounts import (
    AUGMENTATIONS,
    DEFAULT_AUGMENTATION,
    FILL_MODES,
    Augmentation,
    AugmentationConfig,
    FillMode,
)
from tlstudio.datasets.augmentation.presets import (
    AUGMENTATION_PRESETS,
    find_augmentation,
    magnification_range,
    matching_preset,
)
from tlstudio.datasets.augmentation.views import augment, augmented_view, view_seed
from tlstudio.errors import TLStudioError

SEEDS = range(60)
PRESETS = {preset.key: preset.config for preset in AUGMENTATION_PRESETS}
MOVED = AugmentationConfig(
    rotation=40, width_shift=0.3, height_shift=0.3, shear=20, zoom_low=-0.4, zoom_high=0.2, horizontal_flip=True
)
each_amount = pytest.mark.parametrize("entry", AUGMENTATIONS, ids=lambda entry: entry.name)


def photo(height: int = 40, width: int = 40) -> np.ndarray:
    rows, columns = np.mgrid[0:height, 0:width]
    ramps = np.stack((rows * 5 + 50, columns * 5 + 50, (rows + columns) * 2 + 40), axis=-1)
    return (ramps + (rows % 2 * 20)[..., np.newaxis]).clip(0, 255).astype(np.uint8)


def patch(height: int = 120, width: int = 120, half: int = 10) -> np.ndarray:
    """White in the middle of black."""
    image = np.zeros((height, width, 3), dtype=np.uint8)
    image[height // 2 - half : height // 2 + half, width // 2 - half : width // 2 + half] = 255
    return image


def alone(entry: Augmentation, value: float | None = None) -> AugmentationConfig:
    """Nothing but one amount; the ends of the zoom go together."""
    given: dict[str, Any] = {entry.name: entry.default if value is None else value}
    if entry.name == "zoom_low":
        given["zoom_high"] = max(given[entry.name], 0.0)
    elif entry.name == "zoom_high":
        given["zoom_low"] = min(given[entry.name], 0.0)
    return AugmentationConfig(**given)


def copies(image: np.ndarray, config: AugmentationConfig) -> list[np.ndarray]:
    return [augment(image, config, np.random.default_rng(seed)) for seed in SEEDS]


def extremes(image: np.ndarray, config: AugmentationConfig, measure: Callable[[np.ndarray], float]) -> list[float]:
    """Smallest and largest of what many copies measure."""
    found = [measure(copy) for copy in copies(image, config)]
    return [min(found), max(found)]


def middle(copy: np.ndarray) -> tuple[float, float]:
    """Where the white is, in px: down and right."""
    rows, columns = np.nonzero(copy[..., 0] > 127)
    return rows.mean() + 0.5, columns.mean() + 0.5


def angle(copy: np.ndarray) -> float:
    """Direction in which the white is longest, in degrees from upright."""
    rows, columns = np.nonzero(copy[..., 0] > 127)
    _, vectors = np.linalg.eigh(np.cov(columns, rows))
    right, down = vectors[:, -1]
    return (math.degrees(math.atan2(right, down)) + 90) % 180 - 90


def lean(copy: np.ndarray) -> float:
    """How far the white leans, in degrees, where its rows stay what they were."""
    rows, columns = np.nonzero(copy[..., 0] > 127)
    return math.degrees(math.atan(np.polyfit(rows, columns, 1)[0]))


def area(copy: np.ndarray) -> float:
    return float((copy[..., 0] > 127).sum())


@each_amount
@pytest.mark.parametrize("shape", [(40, 40), (20, 50), (50, 20), (1, 1)])
def test_every_amount_keeps_shape_and_type_and_leaves_the_photo_alone(
    entry: Augmentation, shape: tuple[int, int]
) -> None:
    image = photo(*shape)
    before = image.copy()
    varied = copies(image, alone(entry, entry.default if entry.neutral == entry.maximum else entry.maximum))
    assert all(copy.shape == image.shape and copy.dtype == np.uint8 for copy in varied)
    assert np.array_equal(image, before)
    if shape != (1, 1):
        assert any(not np.array_equal(copy, image) for copy in varied)


def test_neutral_amounts_change_nothing() -> None:
    image = photo()
    assert all(np.array_equal(copy, image) for copy in copies(image, AugmentationConfig()))
    assert AugmentationConfig().varied == ()


@each_amount
@pytest.mark.parametrize("end", ["minimum", "maximum"])
def test_both_ends_of_every_range_work(entry: Augmentation, end: str) -> None:
    assert augment(photo(), alone(entry, getattr(entry, end)), np.random.default_rng(1)).shape == (40, 40, 3)


@each_amount
@pytest.mark.parametrize("beyond", [-1, 1, math.nan])
def test_what_is_out_of_range_is_refused(entry: Augmentation, beyond: float) -> None:
    value = entry.maximum + beyond if beyond > 0 else entry.minimum + beyond
    with pytest.raises(ValueError, match=f"{entry.name} must be"):
        replace(AugmentationConfig(), **{entry.name: value})


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"zoom_low": 0.2, "zoom_high": 0.1}, "zoom_low must not be above"),
        ({"fill": "blue"}, "fill must be one of reflect, nearest, constant, wrap"),
        ({"views": -1}, "views must be 0 or more"),
    ],
)
def test_what_makes_no_sense_is_refused(wrong: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        AugmentationConfig(**wrong)


# Units: each amount does as much as it says, to either side, and no more.


def test_rotation_is_in_degrees_and_keeps_right_angles_in_photos_that_are_not_square() -> None:
    image = np.zeros((120, 200, 3), dtype=np.uint8)
    image[30:90, 98:102] = 255
    low, high = extremes(image, AugmentationConfig(rotation=30, fill="constant"), angle)
    assert -30.5 <= low < -26
    assert 26 < high <= 30.5
    for copy in copies(patch(60, 120), AugmentationConfig(rotation=20))[:5]:
        rows, columns = np.nonzero(copy[..., 0] > 127)
        assert len(rows) == pytest.approx(400, rel=0.06)
        assert np.ptp(rows) == pytest.approx(np.ptp(columns), abs=2)


def test_shear_is_in_degrees() -> None:
    image = np.zeros((120, 120, 3), dtype=np.uint8)
    image[40:80, 58:62] = 255
    low, high = extremes(image, AugmentationConfig(shear=15), lean)
    assert -15.7 <= low < -12
    assert 12 < high <= 15.7


@pytest.mark.parametrize(("name", "axis", "length"), [("width_shift", 1, 200), ("height_shift", 0, 100)])
@pytest.mark.parametrize("zoom", [0.0, 0.5])
def test_shifts_are_shares_of_their_own_side_zoomed_or_not(name: str, axis: int, length: int, zoom: float) -> None:
    config = replace(AugmentationConfig(zoom_low=zoom, zoom_high=zoom, fill="constant"), **{name: 0.2})
    low, high = extremes(patch(100, 200), config, lambda copy: middle(copy)[axis] / length - 0.5)
    assert (low, high) == (pytest.approx(-0.2, abs=0.02), pytest.approx(0.2, abs=0.02))
    assert -0.201 <= low < high <= 0.201
    other = extremes(patch(100, 200), config, lambda copy: middle(copy)[1 - axis])
    assert other[1] - other[0] == pytest.approx(0, abs=0.01)


@pytest.mark.parametrize(("low", "high"), [(-0.2, 0.2), (0.25, 0.429), (-0.3, -0.1)])
def test_zoom_is_a_change_of_magnification_and_may_be_one_sided(low: float, high: float) -> None:
    config = AugmentationConfig(zoom_low=low, zoom_high=high, fill="constant")
    sides = extremes(patch(half=20), config, lambda copy: math.sqrt(area(copy)) / 40 - 1)
    assert sides[0] == pytest.approx(low, abs=0.05)
    assert sides[1] == pytest.approx(high, abs=0.05)


def test_a_cut_out_keeps_its_share_of_the_area_and_shows_nothing_beyond_the_photo() -> None:
    sides = extremes(patch(half=20), AugmentationConfig(crop=0.5), lambda copy: 1600 / area(copy))
    assert sides[0] == pytest.approx(0.5, abs=0.06)
    assert sides[1] == pytest.approx(1, abs=0.06)
    ramp = np.repeat(np.linspace(0, 255, 100)[np.newaxis, :, np.newaxis], 60, axis=0).repeat(3, axis=2)
    for copy in copies(ramp.astype(np.uint8), AugmentationConfig(crop=0.3, fill="wrap")):
        assert (np.diff(copy[30, 2:-2, 0].astype(int)) >= 0).all()


@pytest.mark.parametrize(("name", "axis"), [("horizontal_flip", 1), ("vertical_flip", 0)])
def test_mirroring_is_exact_and_comes_in_half_of_the_copies(name: str, axis: int) -> None:
    image = photo()
    varied = copies(image, replace(AugmentationConfig(), **{name: True}))
    mirrored = [np.array_equal(copy, np.flip(image, axis)) for copy in varied]
    assert 20 <= sum(mirrored) <= 40
    assert all(done or np.array_equal(copy, image) for done, copy in zip(mirrored, varied, strict=True))


@pytest.mark.parametrize(
    ("name", "measure"),
    [
        ("brightness", lambda copy: float(copy[0, 0, 0]) / 100 - 1),
        ("contrast", lambda copy: (float(copy[0, 0, 0]) - 125) / -25 - 1),
        ("colour", lambda copy: (float(copy[0, 0, 1]) - float(copy[0, 0, 0])) / 20 - 1),
    ],
)
def test_light_changes_by_shares(name: str, measure: Callable[[np.ndarray], float]) -> None:
    image = np.full((4, 4, 3), 150, dtype=np.int16)
    image[:2] = 100
    if name == "colour":
        image[..., 1] += 20
    config = replace(AugmentationConfig(), **{name: 0.4})
    low, high = extremes(image.astype(np.uint8), config, measure)
    assert (low, high) == (pytest.approx(-0.4, abs=0.06), pytest.approx(0.4, abs=0.06))


def test_grey_stays_grey_under_colour() -> None:
    grey = np.full((4, 4, 3), 90, dtype=np.uint8)
    assert all(np.array_equal(copy, grey) for copy in copies(grey, AugmentationConfig(colour=1)))


def test_blur_reaches_as_far_in_the_scene_whatever_the_size() -> None:
    def spread(copy: np.ndarray) -> float:
        """Standard deviation of a bright line across, as a share of the width."""
        line = copy[:, :, 0].sum(axis=0).astype(float)
        places = np.arange(len(line)) / len(line)
        mean = (line * places).sum() / line.sum()
        return math.sqrt((line * (places - mean) ** 2).sum() / line.sum())

    widest = []
    for width in (224, 448):
        image = np.zeros((8, width, 3), dtype=np.uint8)
        image[:, width // 2 - width // 224 : width // 2 + width // 224] = 255
        widest.append(extremes(image, AugmentationConfig(blur=6), spread)[1])
    assert widest[0] == pytest.approx(6 / 224, rel=0.12)
    assert widest[1] == pytest.approx(widest[0], rel=0.05)


@pytest.mark.parametrize(
    ("fill", "rim"), [("reflect", {200, 40}), ("nearest", {200}), ("constant", {0}), ("wrap", {90})]
)
def test_gaps_are_filled_as_told(fill: FillMode, rim: set[int]) -> None:
    """A photo whose left rim is 200 and whose right is 90, moved right: what comes in at the left?"""
    image = np.full((40, 40, 3), 40, dtype=np.uint8)
    image[:, :2], image[:, -20:] = 200, 90
    config = AugmentationConfig(width_shift=0.3, fill=fill)
    moved_right = [copy for copy in copies(image, config) if (copy[20, 8:16, 0] == 200).any()]
    assert moved_right
    assert all(set(np.unique(copy[5:-5, 1:4, 0]).tolist()) <= rim for copy in moved_right)


@pytest.mark.parametrize("fill", [mode for mode in FILL_MODES if mode != "constant"])
def test_no_fill_but_black_darkens_the_rim(fill: FillMode) -> None:
    image = np.full((30, 50, 3), 200, dtype=np.uint8)
    assert all(copy.min() >= 199 for copy in copies(image, replace(MOVED, fill=fill)))


# Which copy it is


def test_a_view_is_fixed_by_seed_photo_and_number() -> None:
    config = replace(MOVED, brightness=0.3, views=2)
    image = photo()

    def view(seed: int = 0, digest: str = "d", number: int = 1) -> bytes:
        return augmented_view(image, config, seed=seed, digest=digest, view=number).tobytes()

    assert view() == view()
    assert len({view(), view(seed=1), view(digest="e"), view(number=2)}) == 4
    assert view(number=0) == image.tobytes()
    # Written down once: a change would make every stored feature of a varied copy wrong.
    assert view_seed(0, "d", 1) == 235144604320510009874855166305441901881
    with pytest.raises(ValueError, match="view must be 0 to 2"):
        view(number=3)


def test_how_many_copies_there_are_does_not_change_them() -> None:
    few, many = (replace(MOVED, views=views) for views in (2, 8))
    one, other = (augmented_view(photo(), config, seed=0, digest="d", view=2) for config in (few, many))
    assert np.array_equal(one, other)


@each_amount
def test_a_change_of_one_amount_leaves_what_the_others_do(entry: Augmentation) -> None:
    """Light follows the same course whether photos are moved or not, and the other way round."""
    if entry.group == "light":
        before, after = AugmentationConfig(rotation=30), replace(alone(entry), rotation=30)
        measure = middle
        image = patch(half=6)
        image[50, 70:76] = 255
    else:
        before, after = AugmentationConfig(brightness=0.5), replace(alone(entry), brightness=0.5)
        image = np.full((20, 20, 3), 90, dtype=np.uint8)

        def measure(copy: np.ndarray) -> tuple[float, float]:
            return float(copy.min()), float(copy.max())

    for one, other in zip(copies(image, before), copies(image, after), strict=True):
        assert measure(one) == pytest.approx(measure(other), abs=1.5)


@each_amount
def test_all_that_changes_pixels_is_told_apart(entry: Augmentation) -> None:
    assert alone(entry).pixel_amounts() != AugmentationConfig().pixel_amounts()


def test_what_changes_no_pixel_is_not_told_apart() -> None:
    config = AugmentationConfig(rotation=20)
    assert replace(config, views=4, validation=True).pixel_amounts() == config.pixel_amounts()
    assert replace(config, rotation=20.0).pixel_amounts() == config.pixel_amounts()
    assert replace(config, fill="wrap").pixel_amounts() != config.pixel_amounts()
    assert set(config.pixel_amounts()) == {field.name for field in fields(config)} - {"views", "validation"}


def test_validation_photos_vary_only_where_there_are_copies() -> None:
    assert AugmentationConfig(views=3).validation_view == 0
    assert AugmentationConfig(views=3, validation=True).validation_view == 1
    assert AugmentationConfig(validation=True).validation_view == 0


# The tables


def test_the_table_describes_every_amount_once() -> None:
    assert len({entry.name for entry in AUGMENTATIONS}) == len(AUGMENTATIONS)
    for entry in AUGMENTATIONS:
        assert getattr(AugmentationConfig(), entry.name) == entry.neutral
        assert entry.minimum <= min(entry.neutral, entry.default)
        assert max(entry.neutral, entry.default) <= entry.maximum
        assert entry.default != entry.neutral
        assert entry.title
        assert entry.description.endswith(".")
        assert (entry.maximum - entry.minimum) / entry.step == pytest.approx(
            round((entry.maximum - entry.minimum) / entry.step)
        )


def test_amounts_are_written_with_their_units() -> None:
    written = {entry.name: entry.in_words(entry.default) for entry in AUGMENTATIONS}
    assert written["rotation"] == "20°"
    assert written["width_shift"] == "10 %"
    assert written["zoom_low"] == "-20 %"
    assert written["blur"] == "1 px"
    assert written["vertical_flip"] == "on"
    ranges = {entry.name: entry.range_in_words() for entry in AUGMENTATIONS}
    assert ranges["rotation"] == "0° to 180°"
    assert ranges["horizontal_flip"] == "on or off"


def test_the_usual_strengths_are_those_of_the_table() -> None:
    assert DEFAULT_AUGMENTATION.varied
    assert all(getattr(DEFAULT_AUGMENTATION, entry.name) == entry.default for entry in DEFAULT_AUGMENTATION.varied)


def test_every_preset_can_be_found_and_found_again() -> None:
    for preset in AUGMENTATION_PRESETS:
        assert find_augmentation(preset.key.upper()) == preset.config
        assert matching_preset(replace(preset.config, views=9)) is preset
        assert preset.config.views > 0
        assert preset.sentence.endswith(".")
    assert matching_preset(AugmentationConfig(rotation=1)) is None
    assert find_augmentation("none") == AugmentationConfig()


def test_unknown_presets_are_said_with_the_known_ones() -> None:
    with pytest.raises(TLStudioError, match="“cutmix”") as caught:
        find_augmentation("cutmix")
    assert all(key in caught.value.hint for key in (*PRESETS, "none"))


def test_keras_zooms_say_how_much_is_shown() -> None:
    low, high = magnification_range(-0.3, -0.2)
    assert (1 / (1 + low), 1 / (1 + high)) == (pytest.approx(0.8, abs=1e-3), pytest.approx(0.7, abs=1e-3))


def test_the_presets_are_the_reference_recipes() -> None:
    """Figures of reference-systems.md, in its units."""
    animals, pair, sets, pets = (PRESETS[key] for key in ("000-A/C", "000-B", "001", "002"))
    assert (animals.rotation, animals.width_shift, animals.height_shift, animals.shear) == (45, 0.15, 0.15, 0.25)
    assert (pair.rotation, pair.zoom_low, pair.zoom_high) == (30, -0.2, 0.333)
    assert (animals.zoom_low, animals.zoom_high) == (sets.zoom_low, sets.zoom_high) == (-0.167, 0.25)
    assert math.radians(sets.shear) == pytest.approx(0.2, abs=1e-4)
    assert pets.rotation / 360 == pytest.approx(0.2)
    assert pets.zoom_low > 0
    small, large = PRESETS["003-small"], PRESETS["003-large"]
    assert (small.width_shift, small.height_shift, small.zoom_low, small.zoom_high) == (0.2, 0.3, -0.286, 0.667)
    assert large == replace(small, horizontal_flip=True)
    assert [key for key, config in PRESETS.items() if config.validation] == ["001"]
    assert [key for key, config in PRESETS.items() if config.fill == "nearest"] == ["000-A/C", "000-B", "001"]
