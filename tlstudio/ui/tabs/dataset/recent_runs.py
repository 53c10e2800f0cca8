"""The card "Go on with": the runs on this computer."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from tlstudio.runs.run import Run
from tlstudio.runs.store import StoredRun
from tlstudio.ui import theme
from tlstudio.ui.tabs.dataset.mosaic import MOSAIC_SIDE, Mosaic
from tlstudio.ui.widgets import painting
from tlstudio.ui.widgets.buttons import Button
from tlstudio.ui.widgets.card import Card, Hairline
from tlstudio.ui.widgets.thumbnails import ThumbnailCache
from tlstudio.ui.widgets.tooltip import set_tooltip
from tlstudio.ui.words.wording import counted, day_in_words

MOST_RUNS = 4
ROW_HEIGHT = 76
_TEXT_LEFT = MOSAIC_SIDE + theme.SPACE_16


def result_in_words(run: Run) -> str:
    """How good a run is: "about 88 of 100 right"."""
    return "no exam photos" if run.test is None else f"about {round(run.test.accuracy * 100)} of 100 right"


class RunsCard(Card):
    """The newest runs; hidden while there are none.

    Attributes:
        run_chosen: Carries the folder of a run (Path).
        other_wanted: A run that isn't listed is wanted.
    """

    run_chosen = Signal(object)
    other_wanted = Signal()

    def __init__(self, cache: ThumbnailCache, parent: QWidget | None = None) -> None:
        super().__init__("Go on with", padding=theme.SPACE_24, parent=parent)
        self._cache = cache
        self._rows = QVBoxLayout()
        self._rows.setSpacing(0)
        self.body.addLayout(self._rows)
        other = Button("Open another run", "text", size="small")
        set_tooltip(other, "Choose the folder of a run that isn't listed here")
        other.clicked.connect(self.other_wanted)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(other)
        self.body.addLayout(foot)
        self.hide()

    def set_runs(self, runs: Sequence[StoredRun]) -> None:
        """Show the first of ``runs``, which come newest first."""
        while (item := self._rows.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        now = datetime.now().astimezone()
        for stored in runs[:MOST_RUNS]:
            row = _RunRow(stored, self._cache, now)
            row.clicked.connect(lambda _checked=False, folder=stored.folder: self.run_chosen.emit(folder))
            self._rows.addWidget(row)
            self._rows.addWidget(Hairline())
        self.setVisible(bool(runs))


class _RunRow(QAbstractButton):
    def __init__(self, stored: StoredRun, cache: ThumbnailCache, now: datetime) -> None:
        super().__init__()
        run = stored.run
        self._name = Path(run.root).name or run.name
        self._line = f"{counted(len(run.samples), 'photo')}, {result_in_words(run)}"
        self._day = day_in_words(datetime.fromisoformat(run.created).astimezone(), now)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(f"Go on with {self._name}, {self._line}, {self._day}")
        set_tooltip(self, "Open this run with its photos", term=run.name)
        mosaic = Mosaic(cache, self)
        mosaic.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        mosaic.move(0, (ROW_HEIGHT - MOSAIC_SIDE) // 2)
        mosaic.set_photos(_one_of_each_class(run))

    def sizeHint(self) -> QSize:
        """Four tiles, and two lines beside them."""
        return QSize(320, ROW_HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw name, line and day; the name in accent under the pointer."""
        painter = QPainter(self)
        painting.prepare(painter)
        caption = theme.font(13)
        day = painting.text_width(self._day, caption)
        ink = theme.color("accent" if self.underMouse() or self.isDown() else "text")
        room = self.width() - _TEXT_LEFT - day - theme.SPACE_16
        middle = ROW_HEIGHT / 2
        strong = theme.font(14, QFont.Weight.DemiBold)
        painting.text(painter, QRectF(_TEXT_LEFT, middle - 21, room, 20), self._name, strong, ink)
        painting.text(painter, QRectF(_TEXT_LEFT, middle, room, 19), self._line, caption, theme.color("text2"))
        place = QRectF(self.width() - day, middle - 10, day, 20)
        painting.text(painter, place, self._day, caption, theme.color("text2"))


def _one_of_each_class(run: Run) -> list[Path]:
    first = {sample.class_name: sample for sample in reversed(run.samples)}
    chosen = [first[name] for name in run.classes if name in first]
    chosen += [sample for sample in run.samples if sample not in chosen][: max(4 - len(chosen), 0)]
    return [Path(run.root) / sample.path for sample in chosen[:4]]
