"""What is known of the photo that is shown large: its facts, and the photos that look like it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from tlstudio.datasets.looks.quality import Flag
from tlstudio.datasets.photo_header import PhotoHeader
from tlstudio.datasets.sizes import size_in_words
from tlstudio.ui import theme
from tlstudio.ui.tabs.dataset.photos.photo_filter import Photos, Use
from tlstudio.ui.widgets import painting, photo_painting
from tlstudio.ui.widgets.labels import TextLabel
from tlstudio.ui.widgets.thumbnails import ThumbnailCache
from tlstudio.ui.widgets.tooltip import set_tooltip
from tlstudio.wording import counted

_UNUSED: Final[dict[Use, str]] = {
    "used": "not used",
    "no_class": "not used: it has no class",
    "left_out": "left out by you",
    "wrong_size": "left out by your size rule",
    "class_off": "no, its class is switched off",
}
_FLAGS: Final[dict[Flag, str]] = {"blank": "blank", "dark": "very dark", "blurred": "very blurred"}
_THUMB: Final = 58
_SHOWN: Final = 4
_MEGA: Final = 1e6


def facts_of(photos: Photos, position: int) -> dict[str, str]:
    """What the data set knows of a photo, by name; empty where nothing is known."""
    item, sample, use = photos[position], photos.sample(position), photos.use(position)
    used = (photos.part(position) if use == "used" else "") or _UNUSED[use]
    facts, flags = photos.facts(position), photos.flags(position)
    looks = ", ".join(_FLAGS[flag] for flag in flags).capitalize() or ("Nothing stands out" if facts else "")
    pixels = sample.width * sample.height / _MEGA
    megapixels = f" ({pixels:.1f} megapixels)" if pixels >= 1 else ""
    outside = photos.objection(position)
    return {
        "Class": item.class_name or "none",
        "Used": f"{used}: {outside[0].lower()}{outside[1:]}" if outside else used,
        "Size": f"{sample.width:,} × {sample.height:,} px{megapixels}",
        "File": "",
        "Taken": _moment(facts.taken) if facts else "",
        "Camera": "",
        "Looks": looks,
        "Folder": str(Path(item.path).parent),
    }


class PhotoFacts(QWidget):
    """Name of the file, and under it what is known of the photo."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = TextLabel("", "title", wrap=True)
        self._place = TextLabel("", "secondary", "text2")
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(theme.SPACE_16)
        self._grid.setVerticalSpacing(theme.SPACE_8)
        self._grid.setColumnStretch(1, 1)
        self._rows: dict[str, tuple[TextLabel, TextLabel]] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE_4)
        column.addWidget(self._name)
        column.addWidget(self._place)
        column.addSpacing(theme.SPACE_16)
        column.addLayout(self._grid)

    def show_photo(self, name: str, place: str, facts: Mapping[str, str]) -> None:
        """Show these facts; the same names every time. Those without a value hide."""
        self._name.setText(_breakable(name))
        self._place.setText(place)
        for word, value in facts.items():
            if word not in self._rows:
                self._add_row(word)
            self._set(word, value)

    def show_header(self, header: PhotoHeader) -> None:
        """Add what the file tells."""
        size = size_in_words(header.size) if header.size else "Not there any more"
        self._set("File", ", ".join(part for part in (size, header.format) if part))
        self._set("Camera", header.camera)

    def _add_row(self, word: str) -> None:
        row = len(self._rows)
        name, value = TextLabel(word, "text", "text2"), TextLabel("", "text", wrap=True)
        value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._grid.addWidget(name, row, 0, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(value, row, 1)
        self._rows[word] = name, value

    def _set(self, word: str, value: str) -> None:
        for label in self._rows[word]:
            label.setVisible(bool(value))
        self._rows[word][1].setText(_breakable(value))


class LookAlikes(QWidget):
    """Small pictures of the photos that show the same as this one.

    Attributes:
        wanted: One of them is to be shown; carries its number in the ``PhotoFilter``.
    """

    wanted = Signal(int)

    def __init__(self, cache: ThumbnailCache, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = TextLabel("", "label", wrap=True)
        self._buttons = [_PhotoButton(cache) for _ in range(_SHOWN)]
        self._numbers: Sequence[int] = ()
        row = QHBoxLayout()
        row.setSpacing(theme.SPACE_8)
        for place, button in enumerate(self._buttons):
            button.clicked.connect(lambda _checked, place=place: self.wanted.emit(self._numbers[place]))
            row.addWidget(button)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE_8)
        column.addWidget(self._title)
        column.addLayout(row)

    def show_photos(self, photos: Photos) -> None:
        """Show these; nothing is shown for none."""
        self._numbers = photos.numbers
        self.setVisible(bool(photos))
        more = f", {_SHOWN} of them here" if len(photos) > _SHOWN else ""
        self._title.setText(f"Looks like {counted(len(photos), 'other photo')}{more}")
        for place, button in enumerate(self._buttons):
            button.setVisible(place < len(photos))
            if place < len(photos):
                button.show_photo(photos[place].path, photos[place].class_name)


class _PhotoButton(QAbstractButton):
    def __init__(self, cache: ThumbnailCache) -> None:
        super().__init__()
        self._cache = cache
        self._path = Path()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        cache.loaded.connect(self._show_loaded)

    def show_photo(self, path: Path, class_name: str) -> None:
        self._path = path
        name = path.stem.replace("_", " ")
        self.setAccessibleName(f"Show {name}, {class_name or 'no class'}")
        set_tooltip(self, f"Show {path.name} ({class_name or 'no class'})")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(_THUMB, _THUMB)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painting.prepare(painter)
        place, reason = QRectF(self.rect()), self._cache.reason(self._path)
        pixmap = None if reason else self._cache.pixmap(self._path, round(2 * _THUMB * self.devicePixelRatioF()), self)
        if reason:
            photo_painting.unreadable(painter, place, theme.RADIUS_CELL, reason)
        elif pixmap is None:
            painting.box(painter, place, theme.RADIUS_CELL, theme.color("sunken"))
        else:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            photo_painting.photo(painter, place, pixmap, theme.RADIUS_CELL)

    def _show_loaded(self, path: Path) -> None:
        if path == self._path:
            self.update()


def _moment(taken: str) -> str:
    """Capture time in words: "6 May 2024, 12:13"; empty where it isn't known."""
    if not taken:
        return ""
    moment = datetime.fromisoformat(taken)
    return f"{moment.day} {moment:%B %Y, %H:%M}"


def _breakable(text: str) -> str:
    """With places to wrap after the separators of a path."""
    zero_width_space = "\N{ZERO WIDTH SPACE}"
    for mark in "/\\_-":
        text = text.replace(mark, mark + zero_width_space)
    return text
