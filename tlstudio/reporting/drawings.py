"""The pictures of a report that are drawn: interval, confusion matrix and curves, as inline SVG."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from tlstudio.evaluation.report import Report
from tlstudio.reporting import style
from tlstudio.reporting.markup import Markup, joined, tag
from tlstudio.training.history import History
from tlstudio.wording import percent

NAMED_CLASSES: Final = 24
"""With more classes than this, the matrix is drawn without numbers and names."""

_WIDTH: Final = 860.0
_TRACK_WIDTH: Final = 820.0
_TURNED: Final = 170.0  # the longest that a turned name may be
_SINE, _COSINE = 0.643, 0.766  # of 40 degrees
_LETTER: Final = 7.6  # width of a letter, rather more than less: there is no browser to ask


def interval(report: Report) -> Markup:
    """From 0 to 100: the interval as a band, the accuracy as a ring, naming the largest class as a mark."""
    low, high = (bound * _TRACK_WIDTH for bound in report.interval)
    right, base = report.accuracy * _TRACK_WIDTH, report.baseline * _TRACK_WIDTH
    least, most = map(percent, report.interval)
    words = (
        f"Accuracy {percent(report.accuracy)}, interval {least} to {most}, "
        f"naming the largest class {percent(report.baseline)}"
    )
    labels = _interval_labels(f"{percent(report.accuracy)} right", right, "the largest class", base)
    return _svg(
        words,
        _TRACK_WIDTH + 40,
        max(y for _, _, y, _ in labels) + 8,
        tag("rect", x=20, y=10, width=_TRACK_WIDTH, height=12, rx=6, fill=style.SUNKEN),
        tag("rect", x=20 + low, y=10, width=max(high - low, 4.0), height=12, rx=6, fill=style.ACCENT),
        tag("line", x1=20 + base, y1=4, x2=20 + base, y2=28, stroke=style.GREY, stroke_width=2),
        tag("circle", cx=20 + right, cy=16, r=5, fill="#FFFFFF", stroke=style.TEXT, stroke_width=2),
        *(_text(label, x, y, weight=weight) for label, x, y, weight in labels),
    )


def _interval_labels(result: str, right: float, largest: str, base: float) -> list[tuple[str, float, float, int]]:
    """Words under the track, with the place of their middle and their weight: none lies on another, none is cut.

    Args:
        result: What the ring says.
        right: Where the ring is on the track.
        largest: What the mark says.
        base: Where the mark is.
    """
    placed: list[tuple[str, float, float, int]] = []

    def put(words: str, middle: float, weight: int, *lines: float) -> None:
        half = len(words) * _LETTER / 2
        x = 20 + min(max(middle, half), _TRACK_WIDTH - half)
        for y in lines:
            if all(y != other or abs(x - at) > half + len(label) * _LETTER / 2 + 8 for label, at, other, _ in placed):
                placed.append((words, x, y, weight))
                return

    put(result, right, 600, 44)
    put(largest, base, 400, 44, 60)
    put("0", 0, 400, 44)
    put("100", _TRACK_WIDTH, 400, 44)
    return placed


def confusion_matrix(report: Report) -> Markup:
    """Rows are what photos really are, columns what the model says; each with its name while names fit."""
    grid = _Grid.of(report.classes)
    count = len(report.classes)
    ground = tag("rect", x=grid.left, y=grid.top, width=round(grid.wide * count, 1), height=round(grid.high * count, 1),
                 rx=3, fill=style.SUNKEN)  # fmt: skip
    cells = [
        _cell(grid, line, column, photos, sum(row))
        for line, row in enumerate(report.confusion)
        for column, photos in enumerate(row)
        if photos
    ]
    words = f"Confusion matrix of {count} classes; rows are labels, columns are answers"
    names = _names(grid, report.classes) if grid.named else []
    return _svg(words, *grid.size(count), ground, *cells, *names)


@dataclass(frozen=True, slots=True)
class _Grid:
    """Where the cells of a matrix lie.

    Attributes:
        left: Of the first cell.
        top: Of the first cell.
        wide: Width of a cell, with the gap to the next.
        high: Height of a cell, with the gap to the next.
        beyond: What the last turned name needs at the right of the cells.
        named: Whether cells have numbers, and lines and columns names.
    """

    left: float
    top: float
    wide: float
    high: float
    beyond: float
    named: bool

    @classmethod
    def of(cls, classes: Sequence[str]) -> "_Grid":
        if len(classes) > NAMED_CLASSES:
            side = (_WIDTH - 40.0) / len(classes)
            return cls(20.0, 8.0, side, side, 20.0, named=False)
        longest = max(map(len, classes)) * _LETTER
        left = min(max(longest, 60.0), 190.0) + 12.0
        turned = min(longest, _TURNED)
        wide = min(84.0, (_WIDTH - left - _COSINE * turned) / len(classes))
        if longest <= wide:
            return cls(left, 30.0, wide, wide * 0.72, 8.0, named=True)
        return cls(left, _SINE * turned + 14.0, wide, wide * 0.72, _COSINE * turned, named=True)

    def size(self, count: int) -> tuple[float, float]:
        """Of the whole, with so many classes."""
        return self.left + self.wide * count + self.beyond, self.top + self.high * count + 8.0


def _cell(grid: _Grid, line: int, column: int, photos: int, total: int) -> Markup:
    steps = style.RIGHT_STEPS if line == column else style.WRONG_STEPS
    ground, ink = next((ground, ink) for limit, ground, ink in steps if photos / total < limit)
    gap = 2.0 if grid.named else 0.0
    x, y = grid.left + column * grid.wide, grid.top + line * grid.high
    wide, high = grid.wide - gap, grid.high - gap
    box = tag("rect", x=round(x, 2), y=round(y, 2), width=round(wide, 2), height=round(high, 2), rx=gap, fill=ground)
    if not grid.named:
        return box
    return joined(box, _text(f"{photos:,}", x + wide / 2, y + high / 2 + 4, fill=ink, weight=600))


def _names(grid: _Grid, classes: Sequence[str]) -> list[Markup]:
    rows = [
        _text(_short(name, grid.left - 12), grid.left - 8, grid.top + (line + 0.5) * grid.high + 4, anchor="end")
        for line, name in enumerate(classes)
    ]
    turned = any(len(name) * _LETTER > grid.wide for name in classes)
    columns = []
    for column, name in enumerate(classes):
        x, y = grid.left + (column + 0.5) * grid.wide, grid.top - 8
        words = _text(_short(name, _TURNED), x, y, anchor="start" if turned else "middle")
        columns.append(tag("g", words, transform=f"rotate(-40 {x:g} {y:g})") if turned else words)
    return rows + columns


def _short(name: str, room: float) -> str:
    most = max(int(room / _LETTER), 4)
    return name if len(name) <= most else f"{name[: most - 1]}…"


def curves(history: History) -> Markup:
    """Share of the photos right by round: learnt from (dashed) and checked on, with the phases."""
    epochs = history.epochs
    if len(epochs) < 2:
        return Markup("")
    width, height, left, top = 700.0, 180.0, 46.0, 14.0
    across = width / (len(epochs) - 1)

    def place(number: int, share: float) -> str:
        return f"{left + number * across:.1f},{top + (1 - share) * height:.1f}"

    learnt = " ".join(place(number, epoch.accuracy) for number, epoch in enumerate(epochs))
    checked = " ".join(
        place(number, epoch.val_accuracy) for number, epoch in enumerate(epochs) if epoch.val_accuracy is not None
    )
    grid = [
        part
        for share in (0.0, 0.5, 1.0)
        for y in (top + (1 - share) * height,)
        for part in (
            tag("line", x1=left, y1=y, x2=left + width, y2=y, stroke=style.LINE),
            _text(percent(share), left - 8, y + 4, anchor="end"),
        )
    ]
    begins = [
        tag("line", x1=x, y1=top, x2=x, y2=top + height, stroke=style.GREY, stroke_dasharray="2 4")
        for number, (before, after) in enumerate(pairwise(epochs), 1)
        if before.phase != after.phase
        for x in (left + (number - 0.5) * across,)
    ]
    lines = [
        tag("polyline", points=learnt, fill="none", stroke=style.LEARN, stroke_width=1.5, stroke_dasharray="6 4"),
        tag("polyline", points=checked, fill="none", stroke=style.ACCENT, stroke_width=2.5),
    ]
    foot = [
        _text("round 1", left, top + height + 20, anchor="start"),
        _text(f"{len(epochs):,}", left + width, top + height + 20, anchor="end"),
    ]
    words = f"Share of photos right in {len(epochs)} rounds"
    return _svg(words, left + width + 20, top + height + 30, *grid, *begins, *lines, *foot)


def _svg(words: str, width: float, height: float, *parts: Markup) -> Markup:
    title = tag("title", words)
    return tag("svg", title, *parts, xmlns="http://www.w3.org/2000/svg", role="img", width=f"{width:g}",
               height=f"{height:g}", viewBox=f"0 0 {width:g} {height:g}")  # fmt: skip


def _text(
    words: str,
    x: float,
    y: float,
    *,
    anchor: str = "middle",
    fill: str = style.GREY,
    weight: int = 400,
) -> Markup:
    return tag("text", words, x=round(x, 1), y=round(y, 1), text_anchor=anchor, fill=fill, font_size=13,
               font_weight=weight)  # fmt: skip
