"""What a person sees of a bug: that it is one, and how to tell others of it."""

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from tlstudio.ui.widgets.buttons import Button
from tlstudio.ui.widgets.labels import TextLabel
from tlstudio.ui.widgets.sheet import Sheet
from tlstudio.ui.widgets.tooltip import set_tooltip


class CrashDialog(Sheet):
    """Shows the traceback; the program stays up."""

    def __init__(self, traceback_text: str, parent: QWidget | None = None) -> None:
        super().__init__("This is a mistake in the program, not in your photos.", parent)
        self.setWindowTitle("Something went wrong in TL Studio")
        self.setAccessibleName("Something went wrong in TL Studio")
        self.resize(640, 420)
        details = QPlainTextEdit(traceback_text)
        details.setReadOnly(True)
        details.setAccessibleName("Details")
        details.setTabChangesFocus(True)
        set_tooltip(details, "What the program was doing when it failed", term="traceback")
        copy = Button("Copy details", "outline")
        copy.setAutoDefault(False)
        set_tooltip(copy, "Copy the details, to paste them into a report")
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(traceback_text))
        self.column.addWidget(
            TextLabel("Your photos and runs are as they were. You can go on working.", "text", "text2", wrap=True)
        )
        self.column.addWidget(details, 1)
        self.add_foot(copy, self.close_button("Go back to the window"))
