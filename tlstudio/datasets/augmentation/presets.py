"""Sets of augmentation amounts to begin with: three in plain words, and those of the reference systems.

The reference systems were written for three libraries with units of their own:

- **Shear.** Keras 1 took radians (001: 0.2 = 11.46 degrees), later ``ImageDataGenerator`` takes degrees (000: 0.25).
- **Rotation.** ``RandomRotation`` takes a part of a full turn (002: 0.2 = 72 degrees).
- **Zoom.** All of them mean the change of the side that is *shown*, so that negative numbers zoom in; see
  ``magnification_range``. ``RandomZoom`` with a single number is symmetric, whatever its sign (003: -0.4). The
  generators of 000 and 001 zoom width and height apart from each other, here they are always zoomed alike.
- **Fill.** The generators were told "nearest"; the layers of 002 and 003 have their own usual one, "reflect".

They vary each photo anew in every epoch; here each has a fixed number of copies, whose features are computed once.
"""

import math
from dataclasses import dataclass, replace
from typing import Final

from tlstudio.datasets.augmentation.amounts import DEFAULT_AUGMENTATION, AugmentationConfig
from tlstudio.errors import TLStudioError

NO_AUGMENTATION: Final = "none"
"""What the command line calls having no varied copies."""


@dataclass(frozen=True, slots=True)
class AugmentationPreset:
    """A set of amounts with a name.

    Attributes:
        key: Its name on the command line.
        title: Its name in the window.
        sentence: What it is for.
        config: The amounts.
    """

    key: str
    title: str
    sentence: str
    config: AugmentationConfig


def magnification_range(low: float, high: float) -> tuple[float, float]:
    """Smallest and largest change of magnification of Keras's zoom factors, to a tenth of a percent.

    A factor of -0.3 shows 0.7 of the photo's width, which is then 1 / 0.7 = 1.43 times as large.
    """
    return round(1 / (1 + high) - 1, 3), round(1 / (1 + low) - 1, 3)


def _preset(
    key: str, title: str, sentence: str, config: AugmentationConfig, zoom: tuple[float, float]
) -> AugmentationPreset:
    """A preset of a reference system, with its zoom factors as Keras counts them."""
    low, high = magnification_range(*zoom)
    config = replace(config, zoom_low=low, zoom_high=high, views=DEFAULT_AUGMENTATION.views)
    return AugmentationPreset(key, title, sentence, config)


_003_SMALL: Final = AugmentationConfig(width_shift=0.2, height_shift=0.3)

AUGMENTATION_PRESETS: Final[tuple[AugmentationPreset, ...]] = (
    AugmentationPreset(
        "gentle",
        "Gentle",
        "Small changes, for photos that all look much the same.",
        AugmentationConfig(
            rotation=10,
            width_shift=0.05,
            height_shift=0.05,
            zoom_low=-0.1,
            zoom_high=0.1,
            horizontal_flip=True,
            brightness=0.1,
            views=DEFAULT_AUGMENTATION.views,
        ),
    ),
    AugmentationPreset(
        "usual", "Usual", "For photos taken by hand of things that may face either way.", DEFAULT_AUGMENTATION
    ),
    AugmentationPreset(
        "strong",
        "Strong",
        "Large changes of place, light and colour, for very few photos.",
        AugmentationConfig(
            rotation=30,
            width_shift=0.15,
            height_shift=0.15,
            shear=10,
            zoom_low=-0.2,
            zoom_high=0.4,
            crop=0.7,
            horizontal_flip=True,
            brightness=0.3,
            contrast=0.3,
            colour=0.4,
            blur=1,
            views=DEFAULT_AUGMENTATION.views,
        ),
    ),
    _preset(
        "000-A/C",
        "Recipe 000-A and C",
        "The recipe of 000's twelve animals and of its big cats.",
        AugmentationConfig(
            rotation=45, width_shift=0.15, height_shift=0.15, shear=0.25, horizontal_flip=True, fill="nearest"
        ),
        (-0.2, 0.2),
    ),
    _preset(
        "000-B",
        "Recipe 000-B",
        "The recipe of 000's two animals.",
        AugmentationConfig(
            rotation=30, width_shift=0.15, height_shift=0.15, shear=0.25, horizontal_flip=True, fill="nearest"
        ),
        (-0.25, 0.25),
    ),
    _preset(
        "001",
        "Recipe 001",
        "The recipe of 001's five sets. It varies the photos to check on, too.",
        AugmentationConfig(
            rotation=20,
            width_shift=0.2,
            height_shift=0.2,
            shear=round(math.degrees(0.2), 2),
            horizontal_flip=True,
            fill="nearest",
            validation=True,
        ),
        (-0.2, 0.2),
    ),
    _preset(
        "002",
        "Recipe 002",
        "The recipe of 002's cats and dogs. It always zooms in: 70 to 80 % of the width is shown.",
        AugmentationConfig(rotation=0.2 * 360, horizontal_flip=True),
        (-0.3, -0.2),
    ),
    _preset("003-small", "Recipe 003, small", "The recipe of 003's MobileNetV3 Small.", _003_SMALL, (-0.4, 0.4)),
    _preset(
        "003-large",
        "Recipe 003, large",
        "The recipe of 003's MobileNetV3 Large: that of the small one, and mirrored.",
        replace(_003_SMALL, horizontal_flip=True),
        (-0.4, 0.4),
    ),
)


def matching_preset(config: AugmentationConfig) -> AugmentationPreset | None:
    """The preset with the amounts of ``config``, whatever the number of copies; None for an own choice."""
    same = (preset for preset in AUGMENTATION_PRESETS if replace(preset.config, views=config.views) == config)
    return next(same, None)


def find_augmentation(key: str) -> AugmentationConfig:
    """The amounts that go by a name: that of a preset, in capitals or not, or "none".

    Raises:
        TLStudioError: If there is no such preset.
    """
    wanted = key.lower()
    if wanted == NO_AUGMENTATION:
        return AugmentationConfig()
    for preset in AUGMENTATION_PRESETS:
        if preset.key.lower() == wanted:
            return preset.config
    known = ", ".join((*(preset.key for preset in AUGMENTATION_PRESETS), NO_AUGMENTATION))
    raise TLStudioError(f"There is no set of varied copies called “{key}”.", f"The known ones are {known}.")
