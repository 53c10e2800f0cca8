"""Which part of the file names is the class: a ready pattern, a piece between separators, or a regular expression."""

import re
from dataclasses import replace
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from tlstudio.datasets.reading.labels import parse_piece
from tlstudio.datasets.reading.name_patterns import FILE_NAME_PATTERNS, FileNamePattern
from tlstudio.datasets.reading.reading import Reading
from tlstudio.ui import theme
from tlstudio.ui.widgets.checked_field import CheckedField
from tlstudio.ui.widgets.fields import ComboBox, LabelledField
from tlstudio.ui.widgets.labels import TextLabel
from tlstudio.ui.widgets.tooltip import set_tooltip

_PIECE, _REGEX = "piece", "regex"
_PLACES: Final = (
    ("First", 1), ("Second", 2), ("Third", 3), ("Fourth", 4), ("Fifth", 5),
    ("Last", -1), ("Last but one", -2), ("Last but two", -3),
)  # fmt: skip
_SEPARATOR_RULE: Final = "Type what stands between the pieces, such as _ or -."
_FIRST_REGEX: Final = r"^([^.]+)\."
_REGEX_HELP: Final = "The group called “label” counts, else the first group, else all that is found."


class NameChoice(QWidget):
    """A list of patterns, and fields for those that need more.

    Attributes:
        changed: Something else is chosen.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pattern = ComboBox([(f"{entry.title}:  {entry.example}", entry.name) for entry in FILE_NAME_PATTERNS])
        self._pattern.addItem("One piece between separators", _PIECE)
        self._pattern.addItem("What a regular expression finds", _REGEX)
        self._separator: CheckedField[str] = CheckedField(
            "_", lambda text: text or None, str, _SEPARATOR_RULE, name="Separator"
        )
        self._place = ComboBox(_PLACES)
        self._regex: CheckedField[str] = CheckedField(
            _FIRST_REGEX, _parse_regex, str, _broken_regex, name="Regular expression", hint=_FIRST_REGEX
        )
        self._piece_fields, self._regex_fields = QWidget(), QWidget()
        self._lay_out()
        self._pattern.currentIndexChanged.connect(self._show_fields)
        self._pattern.currentIndexChanged.connect(self.changed)
        self._place.currentIndexChanged.connect(self.changed)
        self._separator.value_changed.connect(self.changed)
        self._regex.value_changed.connect(self.changed)

    def set_reading(self, reading: Reading, fitting: FileNamePattern | None) -> None:
        """Show how the names are read; where they aren't, a pattern that fits."""
        kind, _, rest = reading.labels.partition(":")
        chosen = fitting.name if fitting is not None else FILE_NAME_PATTERNS[0].name
        if kind == "filename":
            chosen = next((entry.name for entry in FILE_NAME_PATTERNS if entry.pattern == rest), _REGEX)
            self._regex.set_value(rest)
        elif kind == "pattern":
            chosen = rest
        elif kind == "piece" and parse_piece(rest) is not None:
            number, _, separator = rest.partition(":")
            chosen = _PIECE
            self._separator.set_value(separator)
            self._place.setCurrentIndex(max(self._place.findData(int(number)), 0))
        self._pattern.setCurrentIndex(self._pattern.findData(chosen))
        self._show_fields()

    def applied(self, reading: Reading) -> Reading:
        """The reading with the classes from here."""
        return replace(reading, labels=self._labels())

    def _labels(self) -> str:
        chosen = self._pattern.currentData()
        if chosen == _PIECE:
            return f"piece:{self._place.currentData()}:{self._separator.value}"
        if chosen == _REGEX:
            return f"filename:{self._regex.value}"
        return next(f"filename:{entry.pattern}" for entry in FILE_NAME_PATTERNS if entry.name == chosen)

    def _lay_out(self) -> None:
        set_tooltip(self._pattern, "Which part of each file name is the class")
        set_tooltip(self._place, "Which of the pieces is the class")
        for field, what, term in (
            (self._separator, "What stands between the pieces of a file name; the ending is no piece", ""),
            (self._regex, "Searched in the file name with its ending", "regular expression, as in Python"),
        ):
            target = field.focusProxy()
            assert target is not None  # noqa: S101 - a CheckedField has one
            set_tooltip(target, what, term=term)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE_12)
        column.addWidget(LabelledField("The class is", self._pattern, placement="above"))
        for fields, rows in (
            (self._piece_fields, (("Separator", self._separator), ("Piece", self._place))),
            (self._regex_fields, (("Regular expression", self._regex),)),
        ):
            box = QVBoxLayout(fields)
            box.setContentsMargins(0, 0, 0, 0)
            box.setSpacing(theme.SPACE_12)
            for words, control in rows:
                box.addWidget(LabelledField(words, control, placement="above"))
            column.addWidget(fields)
        regex_box = self._regex_fields.layout()
        assert regex_box is not None  # noqa: S101 - made above
        regex_box.addWidget(TextLabel(_REGEX_HELP, "secondary", "text2", wrap=True))
        self._show_fields()

    def _show_fields(self) -> None:
        self._piece_fields.setVisible(self._pattern.currentData() == _PIECE)
        self._regex_fields.setVisible(self._pattern.currentData() == _REGEX)


def _parse_regex(text: str) -> str | None:
    try:
        re.compile(text)
    except re.error:
        return None
    return text or None


def _broken_regex(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        return f"Not a regular expression yet: {error}. The last right one stays in force."
    return f"Type a regular expression, such as {_FIRST_REGEX}"
