"""The colours of the window: light and dark, each also with more contrast."""

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Theme:
    """One value a token of the design, as ``#RRGGBB``.

    Attributes:
        bg: Page.
        surface: Card, bars.
        sunken: Track, key cap.
        line: Hairline, decoration only.
        line2: Border of a field, switch, drop area.
        text: Main ink.
        text2: Second ink.
        text3: Hint; never on ``accent_soft``.
        accent: Action, right, focus.
        accent_strong: Action while pressed or hovered.
        accent_soft: Selection.
        on_accent: Ink on ``accent``.
        wrong: Ink for what is wrong.
        wrong_mark: Badge for what is wrong.
        wrong_soft: Ground for what is wrong.
        unsure: Ink for what is unsure.
        unsure_soft: Ground for what is unsure.
        info: Ink for what is worth knowing.
        info_soft: Ground for what is worth knowing.
        learn: Curve of the training photos.
        classes: Colours of the first six classes.
        matrix_right: Ground and ink of the five steps of right cells, from few to many.
        matrix_wrong: Ground and ink of the five steps of wrong cells, from few to many.
        is_dark: Whether this is the dark theme.
    """

    bg: str
    surface: str
    sunken: str
    line: str
    line2: str
    text: str
    text2: str
    text3: str
    accent: str
    accent_strong: str
    accent_soft: str
    on_accent: str
    wrong: str
    wrong_mark: str
    wrong_soft: str
    unsure: str
    unsure_soft: str
    info: str
    info_soft: str
    learn: str
    classes: tuple[str, ...]
    matrix_right: tuple[tuple[str, str], ...]
    matrix_wrong: tuple[tuple[str, str], ...]
    is_dark: bool


LIGHT = Theme(
    bg="#F5F6F4",
    surface="#FFFFFF",
    sunken="#ECEFEC",
    line="#DDE3DF",
    line2="#7F8B85",
    text="#17211D",
    text2="#4A5751",
    text3="#616E68",
    accent="#0B7468",
    accent_strong="#095F55",
    accent_soft="#DCF0EC",
    on_accent="#FFFFFF",
    wrong="#B23A08",
    wrong_mark="#D55E00",
    wrong_soft="#FCE8DD",
    unsure="#7D5200",
    unsure_soft="#FAEFD2",
    info="#2559A0",
    info_soft="#E3EDF9",
    learn="#6257B0",
    classes=("#1D6FB8", "#B07A00", "#5A2A16", "#A0455A", "#3F2B7A", "#8795A1"),
    matrix_right=(
        ("#DAEAE8", "#17211D"),
        ("#B1D3CF", "#17211D"),
        ("#85BAB4", "#17211D"),
        ("#238277", "#FFFFFF"),
        ("#095F55", "#FFFFFF"),
    ),
    matrix_wrong=tuple((ground, "#17211D") for ground in ("#F9E8DB", "#F4D7BF", "#EFC29E", "#E9AB7A", "#E29252")),
    is_dark=False,
)

DARK = Theme(
    bg="#111614",
    surface="#19201D",
    sunken="#242D29",
    line="#2F3A35",
    line2="#75837C",
    text="#E9EFEC",
    text2="#B7C3BD",
    text3="#97A59E",
    accent="#3CC7B0",
    accent_strong="#5AD6C2",
    accent_soft="#15382F",
    on_accent="#04201B",
    wrong="#FF9C6B",
    wrong_mark="#FF9C6B",
    wrong_soft="#3E2518",
    unsure="#EFC25E",
    unsure_soft="#372D14",
    info="#8FBCFF",
    info_soft="#1B2D46",
    learn="#B0A6F5",
    classes=("#4BA3E3", "#F2C23C", "#C9865A", "#B9516B", "#7F63D6", "#C3CDD4"),
    matrix_right=(
        ("#1E3933", "#E9EFEC"),
        ("#234F46", "#E9EFEC"),
        ("#276358", "#E9EFEC"),
        ("#35A693", "#04201B"),
        ("#3CC7B0", "#04201B"),
    ),
    matrix_wrong=tuple((ground, "#E9EFEC") for ground in ("#3A2C1F", "#4F3321", "#643A22", "#784223", "#914A25")),
    is_dark=True,
)

# Inks 7:1 or more on whatever they stand on, borders and hairlines 4.5:1 or more.
LIGHT_CONTRAST = replace(
    LIGHT,
    bg="#FFFFFF",
    sunken="#E8EBE9",
    line="#6B7671",
    line2="#2A332F",
    text="#000000",
    text2="#26302B",
    text3="#37423C",
    accent="#004A41",
    accent_strong="#00332D",
    accent_soft="#D5F2EB",
    wrong="#7A2000",
    wrong_mark="#8A2B00",
    wrong_soft="#FFE6DA",
    unsure="#573700",
    unsure_soft="#FFF0CC",
    info="#0B3B7A",
    info_soft="#E0ECFB",
    learn="#3B2F8C",
    classes=("#0F5A9E", "#8A5A00", "#3F1A0B", "#9A2547", "#35206E", "#5F6D79"),
    matrix_right=(
        ("#DAEAE8", "#000000"),
        ("#B1D3CF", "#000000"),
        ("#85BAB4", "#000000"),
        ("#07584F", "#FFFFFF"),
        ("#00332D", "#FFFFFF"),
    ),
    matrix_wrong=tuple((ground, "#000000") for ground in ("#F9E8DB", "#F4D7BF", "#EFC29E", "#E9AB7A", "#E29252")),
)

DARK_CONTRAST = replace(
    DARK,
    bg="#000000",
    surface="#000000",
    sunken="#1C2420",
    line="#8C9A93",
    line2="#D5DDD9",
    text="#FFFFFF",
    text2="#E3EAE6",
    text3="#C9D3CE",
    accent="#5CF0D6",
    accent_strong="#9DFAEB",
    accent_soft="#003D34",
    on_accent="#000000",
    wrong="#FFB899",
    wrong_mark="#FFB899",
    wrong_soft="#4A1F08",
    unsure="#FFD97A",
    unsure_soft="#3D2E00",
    info="#B5D4FF",
    info_soft="#0D2A52",
    learn="#CFC8FF",
    matrix_right=(
        ("#10322A", "#FFFFFF"),
        ("#184439", "#FFFFFF"),
        ("#1F5347", "#FFFFFF"),
        ("#3CC7B0", "#000000"),
        ("#7CE8D6", "#000000"),
    ),
    matrix_wrong=tuple((ground, "#FFFFFF") for ground in ("#2E2013", "#452A18", "#573019", "#67351A", "#773B1A")),
)
