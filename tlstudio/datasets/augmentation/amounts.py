"""Which varied copies of photos a network learns from: exact amounts, and one table that describes each of them."""

from dataclasses import dataclass
from typing import Final, Literal, get_args

AUGMENTATION_VERSION: Final = 2
"""Part of the key of everything computed from varied copies; raise it when the same seed gives other pixels."""

BLUR_WIDTH: Final = 224
"""Width of the photo in px that ``AugmentationConfig.blur`` speaks of; in larger photos it reaches further."""

FillMode = Literal["reflect", "nearest", "constant", "wrap"]
Unit = Literal["degrees", "share", "pixels", "switch"]

FILL_MODES: Final[tuple[FillMode, ...]] = get_args(FillMode)


@dataclass(frozen=True, slots=True)
class AugmentationConfig:
    """How much copies differ from their photo, how many there are, and which photos have them.

    Every copy draws its own values, evenly between the bounds given here. The values that stand here at first leave a
    photo as it is.

    Attributes:
        rotation: Largest turn to either side, in degrees.
        width_shift: Largest shift to either side, as a share of the width.
        height_shift: Largest shift up or down, as a share of the height.
        shear: Largest slant to either side, in degrees.
        zoom_low: Smallest change of magnification: -0.2 shows everything a fifth smaller.
        zoom_high: Largest change of magnification: 0.2 shows everything a fifth larger. Both above 0 always zoom in.
            Width and height are always zoomed alike.
        crop: Smallest share of the photo's area that a cut-out keeps; 1 cuts nothing off. Cut-outs have the photo's
            proportions and lie anywhere in it.
        horizontal_flip: Whether half of the copies have left and right exchanged.
        vertical_flip: Whether half of the copies have top and bottom exchanged.
        brightness: Largest change of brightness, as a share.
        contrast: Largest change of contrast, as a share.
        colour: Largest change of the strength of colours (saturation), as a share.
        blur: Largest radius (standard deviation) of a Gaussian blur, in px of a photo that is 224 px wide; it grows
            with the width.
        fill: What stands where a photo that was moved leaves a gap: its mirror image ("reflect"), the colour of its
            rim ("nearest"), black ("constant") or its opposite side ("wrap").
        views: Varied copies of each photo to learn from, beside the photo itself; 0 switches augmentation off.
        validation: Whether the network is checked while it learns on a varied copy of each validation photo instead
            of the photo itself. The test photos are never varied.

    Raises:
        ValueError: If a value is out of the range that ``AUGMENTATIONS`` gives it, or the ends of the zoom cross.
    """

    rotation: float = 0.0
    width_shift: float = 0.0
    height_shift: float = 0.0
    shear: float = 0.0
    zoom_low: float = 0.0
    zoom_high: float = 0.0
    crop: float = 1.0
    horizontal_flip: bool = False
    vertical_flip: bool = False
    brightness: float = 0.0
    contrast: float = 0.0
    colour: float = 0.0
    blur: float = 0.0
    fill: FillMode = "reflect"
    views: int = 0
    validation: bool = False

    def __post_init__(self) -> None:
        for entry in AUGMENTATIONS:
            value = getattr(self, entry.name)
            if not entry.minimum <= value <= entry.maximum:
                raise ValueError(f"{entry.name} must be {entry.minimum:g} to {entry.maximum:g}, not {value}")
        if self.zoom_low > self.zoom_high:
            raise ValueError(f"zoom_low must not be above zoom_high: {self.zoom_low} and {self.zoom_high}")
        if self.fill not in FILL_MODES:
            raise ValueError(f"fill must be one of {', '.join(FILL_MODES)}, not {self.fill}")
        if self.views < 0:
            raise ValueError(f"views must be 0 or more, not {self.views}")

    @property
    def validation_view(self) -> int:
        """The view of each validation photo that is checked on: 0, the photo itself, unless they vary too."""
        return 1 if self.validation and self.views else 0

    @property
    def varied(self) -> tuple["Augmentation", ...]:
        """The amounts that change something."""
        return tuple(entry for entry in AUGMENTATIONS if getattr(self, entry.name) != entry.neutral)

    def pixel_amounts(self) -> dict[str, float | str]:
        """Everything that decides what a copy looks like, by name; how many there are and of what is not part of it."""
        amounts: dict[str, float | str] = {entry.name: float(getattr(self, entry.name)) for entry in AUGMENTATIONS}
        return amounts | {"fill": self.fill}


@dataclass(frozen=True, slots=True)
class Augmentation:
    """One amount of an ``AugmentationConfig``.

    Attributes:
        name: Its field.
        title: What a control calls it.
        term: What the field of machine learning calls it.
        group: Whether it moves pixels or changes their colours.
        effect: What a copy is then, for lists: "turned".
        unit: Of ``minimum`` to ``default``; a "share" is 0.2 for 20 %, a "switch" is off (0) or on (1).
        minimum: Smallest value.
        maximum: Largest value.
        step: What an arrow key adds.
        default: Usual strength where it is wanted at all.
        description: One sentence.
        neutral: The value that changes nothing.
    """

    name: str
    title: str
    term: str
    group: Literal["geometry", "light"]
    effect: str
    unit: Unit
    minimum: float
    maximum: float
    step: float
    default: float
    description: str
    neutral: float = 0.0

    def in_words(self, value: float) -> str:
        """A value with its unit: "20°", "10 %", "1 px", "on"."""
        match self.unit:
            case "degrees":
                return f"{value:g}°"
            case "share":
                return f"{round(100 * value, 1):g} %"
            case "pixels":
                return f"{value:g} px"
            case "switch":
                return "on" if value else "off"

    def range_in_words(self) -> str:
        """The values that are allowed: "0° to 180°", "on or off"."""
        if self.unit == "switch":
            return "on or off"
        return f"{self.in_words(self.minimum)} to {self.in_words(self.maximum)}"


AUGMENTATIONS: Final[tuple[Augmentation, ...]] = (
    Augmentation(
        "rotation", "Turn", "rotation", "geometry", "turned", "degrees", 0, 180, 1, 20,
        "Turned by at most so much to either side.",
    ),
    Augmentation(
        "width_shift", "Shift sideways", "width shift", "geometry", "shifted", "share", 0, 0.5, 0.01, 0.1,
        "Moved left or right by at most this part of the width.",
    ),
    Augmentation(
        "height_shift", "Shift up, down", "height shift", "geometry", "shifted", "share", 0, 0.5, 0.01, 0.1,
        "Moved up or down by at most this part of the height.",
    ),
    Augmentation(
        "shear", "Slant", "shear", "geometry", "slanted", "degrees", 0, 45, 1, 10,
        "Slanted by at most so much to either side.",
    ),
    Augmentation(
        "zoom_low", "Zoom from", "zoom range", "geometry", "zoomed", "share", -0.5, 1, 0.01, -0.2,
        "The smallest that things in the photo become; below 0 they shrink.",
    ),
    Augmentation(
        "zoom_high", "Zoom to", "zoom range", "geometry", "zoomed", "share", -0.5, 1, 0.01, 0.2,
        "The largest that things in the photo become; with both ends above 0 it always zooms in.",
    ),
    Augmentation(
        "crop", "Cut out at least", "random crop", "geometry", "cut out", "share", 0.1, 1, 0.01, 0.7,
        "A random part of the photo fills the picture: at least this much of its area.", neutral=1.0,
    ),
    Augmentation(
        "horizontal_flip", "Mirror left and right", "horizontal flip", "geometry", "mirrored", "switch", 0, 1, 1, 1,
        "Left and right change places in half of the copies.",
    ),
    Augmentation(
        "vertical_flip", "Mirror top and bottom", "vertical flip", "geometry", "mirrored", "switch", 0, 1, 1, 1,
        "Top and bottom change places in half of the copies.",
    ),
    Augmentation(
        "brightness", "Brightness", "brightness", "light", "brighter or darker", "share", 0, 1, 0.01, 0.2,
        "Brighter or darker by at most so much.",
    ),
    Augmentation(
        "contrast", "Contrast", "contrast", "light", "with other contrast", "share", 0, 1, 0.01, 0.2,
        "More or less contrast by at most so much.",
    ),
    Augmentation(
        "colour", "Colour", "saturation", "light", "in other colours", "share", 0, 1, 0.01, 0.3,
        "Colours stronger or paler by at most so much.",
    ),
    Augmentation(
        "blur", "Blur", "Gaussian blur", "light", "blurred", "pixels", 0, 8, 0.1, 1,
        f"Blurred with a radius of at most so many px of a photo {BLUR_WIDTH} px wide; more in larger ones.",
    ),
)  # fmt: skip
"""Every amount that can be set: the window, the command line and the checks of a config read this table."""

DEFAULT_AUGMENTATION: Final = AugmentationConfig(
    rotation=20,
    width_shift=0.1,
    height_shift=0.1,
    zoom_low=-0.2,
    zoom_high=0.2,
    horizontal_flip=True,
    brightness=0.2,
    views=3,
)
"""For photos taken by hand of things that have no left and right."""
