"""The dialog that all sheets are: a title, contents under each other, and a foot of buttons."""

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from tlstudio.ui import theme
from tlstudio.ui.widgets.buttons import Button
from tlstudio.ui.widgets.labels import TextLabel
from tlstudio.ui.widgets.tooltip import set_tooltip
from tlstudio.workers.job import Job

_MARGIN: Final = 48  # of a screen, for the bar with the title


class Sheet(QDialog):
    """A dialog with a title.

    Attributes:
        column: Title, then what is added: contents from top to bottom, and the foot.
    """

    def __init__(self, title: str, parent: QWidget | None = None, *, modal: bool = True) -> None:
        """Make a sheet that holds its title only.

        Args:
            title: What it is about.
            parent: Owner.
            modal: Whether the window waits until it is closed.
        """
        super().__init__(parent)
        self._title = TextLabel("", "title")
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(theme.SPACE_24, theme.SPACE_24, theme.SPACE_24, theme.SPACE_20)
        self.column.setSpacing(theme.SPACE_12)
        self.column.addWidget(self._title)
        self.set_title(title)
        if modal:
            self.setWindowModality(Qt.WindowModality.WindowModal)

    def set_title(self, title: str) -> None:
        """Say what it is about."""
        self._title.setText(title)
        self.setWindowTitle(title)
        self.setAccessibleName(title)

    def add_foot(self, *buttons: QWidget, left: tuple[QWidget, ...] = (), between: QWidget | None = None) -> None:
        """Put the last row there.

        Args:
            buttons: Stand at the right; the last is the one to press.
            left: Stand at the left.
            between: Takes the room between them, such as a line that says what a button did; None for nothing.
        """
        foot = QHBoxLayout()
        foot.setSpacing(theme.SPACE_12)
        for widget in left:
            foot.addWidget(widget)
        if between is None:
            foot.addStretch(1)
        else:
            foot.addWidget(between, 1)
        for widget in buttons:
            foot.addWidget(widget)
        self.column.addLayout(foot)

    def cancel_button(self, tip: str) -> Button:
        """A button that does what Esc does.

        Args:
            tip: What becomes of it all: "Copy nothing".
        """
        button = Button("Cancel")
        set_tooltip(button, tip, key="Esc")
        button.setAutoDefault(False)
        button.clicked.connect(self.reject)
        return button

    def close_button(self, tip: str) -> Button:
        """The filled button of a sheet that only shows something; Enter and Esc press it, too.

        Args:
            tip: What it does.
        """
        button = Button("Close", "filled")
        set_tooltip(button, tip, key="Esc")
        button.setDefault(True)
        button.clicked.connect(self.accept)
        return button

    def fit_height(self, width: int) -> None:
        """Be as high as the contents, of which some lines wrap, and no higher than the screen."""
        self.column.activate()
        most = self.screen().availableGeometry().height() - _MARGIN
        self.resize(width, min(self.column.totalHeightForWidth(width), most))


class JobSheet(Sheet):
    """A sheet with a job of its own, made for one showing.

    Attributes:
        job: What runs; None for nothing.
    """

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        """Make a sheet without a job.

        Args:
            title: What it is about.
            parent: Owner.
        """
        super().__init__(title, parent)
        self.job: Job | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

    def done(self, result: int) -> None:
        """However the sheet ends, nobody waits for the job any more."""
        if self.job is not None:
            self.job.cancel()
            self.job.detach()
            self.job = None
        super().done(result)
