"""The place where a folder or photos are dropped."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QMimeData, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from tlstudio.paths import is_folder
from tlstudio.ui import theme
from tlstudio.ui.widgets.labels import TextLabel


def describe_paths(paths: list[Path]) -> str:
    """What is about to be dropped, in a few words: the name of one thing, or counts."""
    if len(paths) == 1:
        return paths[0].name
    folders = sum(map(is_folder, paths))
    files = len(paths) - folders
    parts = [
        f"{count} {word}{'s' if count > 1 else ''}" for count, word in ((folders, "folder"), (files, "file")) if count
    ]
    return " and ".join(parts)


def dropped_paths(data: QMimeData) -> list[Path]:
    """Files and folders of this computer among what is dragged."""
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]


class DropArea(QFrame):
    """A dashed border around a title and a line; takes the accent and names what it holds while something hovers.

    Attributes:
        dropped: Carries the paths as ``list[Path]``.
        body: Layout around title and line, for a button or a picture.
    """

    dropped = Signal(object)

    def __init__(
        self,
        title: str,
        line: str,
        *,
        large: bool = False,
        describe: Callable[[list[Path]], str] = describe_paths,
        parent: QWidget | None = None,
    ) -> None:
        """Make a drop area.

        Args:
            title: What can be dropped.
            line: What else is possible.
            large: Whether the title is a headline, as on the welcome page.
            describe: Says in a few words what hovers.
            parent: Owner.
        """
        super().__init__(parent)
        self._resting_title = title
        self._describe = describe
        self._hovered = False
        self._title = TextLabel(title, "headline" if large else "strong", wrap=True)
        self._line = TextLabel(line, "text" if large else "secondary", "text2", wrap=True)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(theme.SPACE_16, theme.SPACE_24, theme.SPACE_16, theme.SPACE_24)
        self.body.setSpacing(theme.SPACE_8 if large else 2)
        self.body.addStretch(1)
        for label in (self._title, self._line):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            self.body.addWidget(label)
        self.body.addStretch(1)
        self.setAcceptDrops(True)
        self.setAccessibleName(title)

    def set_title(self, title: str) -> None:
        """Say something else while nothing hovers."""
        self._resting_title = title
        self._title.setText(title)
        self.setAccessibleName(title)

    def add_below(self, widget: QWidget) -> None:
        """Put ``widget`` under the line, in the middle."""
        self.body.insertWidget(self.body.count() - 1, widget, 0, Qt.AlignmentFlag.AlignHCenter)

    def add_above(self, widget: QWidget) -> None:
        """Put ``widget`` over the title, in the middle."""
        self.body.insertWidget(self.body.indexOf(self._title), widget, 0, Qt.AlignmentFlag.AlignHCenter)

    def show_hover(self, paths: list[Path] | None) -> None:
        """Take the accent and name ``paths``; None goes back to rest. For windows that take drops as a whole."""
        self._hovered = paths is not None
        self._title.setText(self._describe(paths) if paths else self._resting_title)
        self._title.set_tone("accent" if self._hovered else "text")
        self.update()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Welcome files and folders."""
        paths = dropped_paths(event.mimeData())
        if paths:
            event.acceptProposedAction()
            self.show_hover(paths)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """Go back to rest."""
        super().dragLeaveEvent(event)
        self.show_hover(None)

    def dropEvent(self, event: QDropEvent) -> None:
        """Hand the paths on."""
        paths = dropped_paths(event.mimeData())
        self.show_hover(None)
        if paths:
            event.acceptProposedAction()
            self.dropped.emit(paths)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the dashed border."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        outline = QPainterPath()
        outline.addRoundedRect(self.rect().adjusted(1, 1, -1, -1), theme.RADIUS_DROP, theme.RADIUS_DROP)
        if self._hovered:
            painter.fillPath(outline, theme.color("accent_soft"))
        pen = QPen(theme.color("accent" if self._hovered else "line2"), 2 if self._hovered else 1.5)
        pen.setDashPattern([5, 3.5])
        painter.strokePath(outline, pen)
