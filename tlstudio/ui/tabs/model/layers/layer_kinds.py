"""What a person can put into a list of layers, and what can be set of each. Knows no Qt."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, get_args

import msgspec

from tlstudio.modeling.layer_table import (
    Activation,
    ActivationFunction,
    AveragePooling,
    BatchNormalization,
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    GlobalAveragePooling,
    GlobalMaxPooling,
    Layer,
    MaxPooling,
    Rescaling,
)

_MOST: Final = 1_000_000
_NEVER: Final = object()
_NARROW, _MIDDLE, _WIDE = 64, 88, 124


def _whole(text: str) -> int:
    written = text.strip().replace(",", "")
    if not (written.isascii() and written.isdigit() and int(written) <= _MOST):
        raise ValueError(f"{text} is no whole number up to {_MOST}")
    return int(written)


def _whole_or_none(text: str) -> int | None:
    return _whole(text) if text.strip() else None


def _window(text: str) -> tuple[int, int]:
    """Height and width from "3 × 3", "3x3" or "3"."""
    high, *rest = (_whole(part) for part in text.lower().replace("×", "x").split("x"))
    if len(rest) > 1:
        raise ValueError(f"{text} is no height and width")
    return high, rest[0] if rest else high


def _number(text: str) -> float:
    return float(text.strip().replace(",", "."))


def _factor(text: str) -> float:
    """A number, or a fraction such as "1/255"."""
    above, _, below = text.partition("/")
    try:
        return _number(above) / (_number(below) if below else 1.0)
    except ZeroDivisionError as error:
        raise ValueError(f"{text} is no number") from error


def _write_factor(value: float) -> str:
    """The fraction that a factor is, where it is one."""
    inverse = 1 / value if value else 0.0
    if abs(inverse) > 1 and math.isclose(inverse, round(inverse * 2) / 2, rel_tol=1e-12):
        return f"1/{inverse:g}"
    return f"{value!r}".removesuffix(".0")


@dataclass(frozen=True, slots=True)
class Setting:
    """One thing that can be set of a layer.

    Attributes:
        name: Attribute of the layer.
        title: As it stands over its field.
        tip: What it does, without a full stop.
        rule: A sentence on what may be typed; empty where there are ``choices``.
        choices: All that it can be, as written; empty where it is typed.
        say: How a summary tells it.
        quiet: The value that a summary leaves out.
        hint: Stands in the field while it is empty.
        width: Of its field in pixels.
        read: The value of what was typed or chosen; raises ValueError.
        write: What stands in the field for a value.
    """

    name: str
    title: str
    tip: str
    rule: str = ""
    choices: tuple[str, ...] = ()
    say: str = "{}"
    quiet: object = _NEVER
    hint: str = ""
    width: int = _NARROW
    read: Callable[[str], object] = _whole
    write: Callable[[Any], str] = str

    def written(self, layer: Layer) -> str:
        """What stands in its field."""
        return self.write(getattr(layer, self.name))

    def applied(self, layer: Layer, text: str) -> Layer | None:
        """The layer with what was typed or chosen; None if that breaks the rule."""
        try:
            return msgspec.structs.replace(layer, **{self.name: self.read(text)})
        except ValueError:
            return None

    def said(self, layer: Layer) -> str:
        """A word or two of a summary; empty for what goes without saying."""
        value = getattr(layer, self.name)
        return "" if value == self.quiet else self.say.format(self.write(value))


@dataclass(frozen=True, slots=True)
class LayerKind:
    """One kind of layer.

    Attributes:
        title: As in lists and menus.
        meaning: A sentence on what it does.
        usual: What is put in when a person adds one.
        settings: What can be set of it, in the order of its fields.
    """

    title: str
    meaning: str
    usual: Layer
    settings: tuple[Setting, ...] = ()


_WHOLE_RULE: Final = f"A whole number from 1 to {_MOST:,}."
_SHARE_RULE: Final = "A number from 0 to less than 1, such as 0.2."
_FUNCTIONS: tuple[str, ...] = get_args(ActivationFunction)
_PADDING_TIP: Final = (
    "Same: the window also stands over the edge, and with stride 1 the size stays. Valid: only where all of it fits"
)

_ACTIVATION: Final = Setting(
    "activation",
    "Activation",
    "Function of each number that comes out; linear changes nothing",
    choices=_FUNCTIONS,
    quiet="linear",
    width=_WIDE,
    read=str,
)
_POOLING: Final = (
    Setting("size", "Window", "Height and width of the window", _WHOLE_RULE, say="windows of {0} × {0}"),
    Setting(
        "stride",
        "Stride",
        "How many points the window moves on by; empty for its own size",
        "A whole number from 1, or nothing for the size of the window.",
        say="stride {}",
        quiet=None,
        hint="same",
        read=_whole_or_none,
        write=lambda stride: "" if stride is None else str(stride),
    ),
    Setting("padding", "Padding", _PADDING_TIP, choices=("same", "valid"), quiet="valid", width=_MIDDLE, read=str),
)

LAYER_KINDS: Final[tuple[LayerKind, ...]] = (
    LayerKind(
        "Convolution",
        "Looks for patterns, each filter for one, in small windows all over the map.",
        Conv2D(32),
        (
            Setting("filters", "Filters", "How many patterns it looks for", _WHOLE_RULE, say="{} filters"),
            Setting(
                "kernel",
                "Window",
                "Height and width of the window (kernel)",
                "Height and width, such as 3 × 3.",
                width=72,
                read=_window,
                write=lambda kernel: f"{kernel[0]} × {kernel[1]}",
            ),
            Setting(
                "stride",
                "Stride",
                "How many points the window moves on by",
                _WHOLE_RULE,
                say="stride {}",
                quiet=1,
                width=52,
            ),
            Setting(
                "padding", "Padding", _PADDING_TIP, choices=("same", "valid"), quiet="same", width=_MIDDLE, read=str
            ),
            _ACTIVATION,
            Setting(
                "bias",
                "Bias",
                "Whether a number is added to each filter; batch normalisation right behind it makes that needless",
                choices=("yes", "no"),
                say="no bias",
                quiet=True,
                width=72,
                read=lambda word: word == "yes",
                write=lambda bias: "yes" if bias else "no",
            ),
        ),
    ),
    LayerKind("Max pooling", "Keeps the largest number of each window: the map gets smaller.", MaxPooling(), _POOLING),
    LayerKind("Average pooling", "Keeps the mean of each window: the map gets smaller.", AveragePooling(), _POOLING),
    LayerKind(
        "Batch normalisation",
        "Brings the numbers to a like size, which makes learning quicker and steadier.",
        BatchNormalization(),
        (
            Setting(
                "momentum",
                "Momentum",
                "Share of the running mean that a batch leaves as it is",
                _SHARE_RULE,
                say="momentum {}",
                width=_MIDDLE,
                read=_number,
            ),
        ),
    ),
    LayerKind(
        "Activation",
        "A function of each number: without one, layers behind each other are no more than one.",
        Activation(),
        (Setting("function", "Function", "What is done to each number", choices=_FUNCTIONS, width=_WIDE, read=str),),
    ),
    LayerKind(
        "Dropout",
        "Leaves out a random share of the numbers while learning, so that nothing is learnt by heart.",
        Dropout(0.5),
        (Setting("rate", "Share left out", "Of 1, while learning (rate)", _SHARE_RULE, width=_MIDDLE, read=_number),),
    ),
    LayerKind("Flatten", "Puts all numbers of the map into one row.", Flatten()),
    LayerKind("Global average pooling", "Keeps the mean of each channel over the whole map.", GlobalAveragePooling()),
    LayerKind("Global max pooling", "Keeps the largest of each channel over the whole map.", GlobalMaxPooling()),
    LayerKind(
        "Dense",
        "Every unit reads all numbers of the row (fully connected).",
        Dense(128),
        (
            Setting("units", "Units", "How many numbers it makes", _WHOLE_RULE, say="{} units", width=_MIDDLE),
            _ACTIVATION,
        ),
    ),
    LayerKind(
        "Rescaling",
        "Multiplies each number and adds another: 1/255 brings pixels to 0 to 1.",
        Rescaling(1 / 255),
        (
            Setting(
                "scale",
                "Times",
                "What each number is multiplied by",
                "A number or a fraction, such as 1/255.",
                say="times {}",
                width=_MIDDLE,
                read=_factor,
                write=_write_factor,
            ),
            Setting(
                "offset",
                "Plus",
                "What is added afterwards",
                "A number, such as -1.",
                say="plus {}",
                quiet=0.0,
                width=_MIDDLE,
                read=_factor,
                write=_write_factor,
            ),
        ),
    ),
)

_KINDS: Final = {type(kind.usual): kind for kind in LAYER_KINDS}

HEAD_KINDS: Final = tuple(_KINDS[kind] for kind in (Dense, Dropout, BatchNormalization, Activation))
"""What may stand between pooling and answer."""


def kind_of(layer: Layer) -> LayerKind:
    """The kind of a layer."""
    return _KINDS[type(layer)]


def summary(layer: Layer) -> str:
    """Its settings in a few words: "32 filters, 3 × 3, relu"."""
    return ", ".join(filter(None, (setting.said(layer) for setting in kind_of(layer).settings)))
