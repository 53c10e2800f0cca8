"""How to bring weights to a machine without network: the exact names, where they come from, and where they go."""

from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QApplication, QFileDialog, QPlainTextEdit, QWidget

from tlstudio.errors import TLStudioError
from tlstudio.modeling.weights_cache import written_directions
from tlstudio.modeling.weights_files import WeightsFile, published_files
from tlstudio.ui.widgets.buttons import Button
from tlstudio.ui.widgets.labels import TextLabel
from tlstudio.ui.widgets.segmented import Segmented
from tlstudio.ui.widgets.sheet import Sheet
from tlstudio.ui.widgets.tooltip import set_tooltip
from tlstudio.workflows.manage_weights import write_directions

_SIZE: Final = (820, 520)


class DirectionsSheet(Sheet):
    """A text to read, to copy and to save."""

    def __init__(self, file: WeightsFile | None, parent: QWidget | None = None) -> None:
        """Make a sheet.

        Args:
            file: The file that the person looks at; None for all files alone.
            parent: Owner.
        """
        super().__init__("Copy to a machine without network", parent)
        self._file = file
        self._which = Segmented([("one", file.backbone.title if file else ""), ("all", "All networks")], "Which files")
        set_tooltip(self._which, "Directions for this file, or for the files of all networks")
        self._which.setVisible(file is not None)
        self._which.changed.connect(lambda _key: self._show_text())
        self._text = QPlainTextEdit()
        self._text.setReadOnly(True)
        self._text.setTabChangesFocus(True)
        self._text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self._text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self._text.setAccessibleName("Directions")
        set_tooltip(self._text, "Select and copy what you need", key="Ctrl+C")
        self._said = TextLabel("", "secondary", "text2")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(*_SIZE)
        self._arrange()
        self._show_text()

    def _arrange(self) -> None:
        self.column.addWidget(self._which, 0, Qt.AlignmentFlag.AlignLeft)
        self.column.addWidget(self._text, 1)
        save, copy, close = Button("Save as a text file"), Button("Copy", "filled"), Button("Close")
        for button, tip, act in (
            (save, "Write these directions into a file", self._save),
            (copy, "Put these directions on the clipboard", self._copy),
            (close, "Close the directions", self.close),
        ):
            button.setAutoDefault(False)
            set_tooltip(button, tip)
            button.clicked.connect(act)
        self.add_foot(save, copy, close, between=self._said)

    def _show_text(self) -> None:
        one = self._file is not None and self._which.current_key() == "one"
        files = (self._file,) if one and self._file else published_files()
        self._text.setPlainText(written_directions(files))
        self._said.setText("")

    def _copy(self) -> None:
        QApplication.clipboard().setText(self._text.toPlainText())
        self._said.setText("Copied.")

    def _save(self) -> None:
        path, _ = QFileDialog.getSaveFileName(self, "Save the directions", "Weights for TL Studio.txt", "Text (*.txt)")
        if not path:
            return
        try:
            write_directions(Path(path), self._text.toPlainText())
        except TLStudioError as error:
            self._said.setText(str(error))
        else:
            self._said.setText(f"Saved as {Path(path).name}.")
