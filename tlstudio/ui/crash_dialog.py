"""What a person sees of a bug: that it is one, and how to tell others of it."""

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from tlstudio.ui import theme
from tlstudio.ui.widgets.buttons import Button
from tlstudio.ui.widgets.labels import TextLabel


class CrashDialog(QDialog):
    """Shows the traceback; the program stays up."""

    def __init__(self, traceback_text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Something went wrong in TL Studio")
        self.setAccessibleName("Something went wrong in TL Studio")
        self.resize(640, 420)
        details = QPlainTextEdit(traceback_text)
        details.setReadOnly(True)
        details.setAccessibleName("Details")
        details.setToolTip("What the program was doing when it failed")
        copy = Button("Copy details", "outline")
        copy.setToolTip("Copies the details, to paste them into a report")
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(traceback_text))
        close = Button("Close", "filled")
        close.setToolTip("Goes back to the window")
        close.clicked.connect(self.accept)
        buttons = QHBoxLayout()
        buttons.addStretch()
        buttons.addWidget(copy)
        buttons.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(*[theme.SPACE_24] * 4)
        column.setSpacing(theme.SPACE_16)
        column.addWidget(TextLabel("This is a mistake in the program, not in your photos.", "title"))
        column.addWidget(TextLabel("Your photos and runs are as they were. You can go on working.", "text", wrap=True))
        column.addWidget(details, 1)
        column.addLayout(buttons)
