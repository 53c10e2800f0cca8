"""The weights on this computer, and those to download."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from tlstudio.errors import TLStudioError
from tlstudio.modeling.weights_cache import delete
from tlstudio.modeling.weights_files import WeightsFile
from tlstudio.paths import keras_models_dir
from tlstudio.ui import theme
from tlstudio.ui.session import Session
from tlstudio.ui.tabs.model.weights.directions_sheet import DirectionsSheet
from tlstudio.ui.tabs.model.weights.fit_sheet import FitSheet
from tlstudio.ui.tabs.model.weights.weights_downloads import WeightsDownloads
from tlstudio.ui.tabs.model.weights.weights_foot import Foot, Note
from tlstudio.ui.tabs.model.weights.weights_rows import WeightsRow, weights_rows
from tlstudio.ui.tabs.model.weights.weights_table import WeightsTable
from tlstudio.ui.widgets.buttons import Button
from tlstudio.ui.widgets.card import Hairline
from tlstudio.ui.widgets.fields import SearchField
from tlstudio.ui.widgets.labels import ElidedLabel, TextLabel
from tlstudio.ui.widgets.segmented import Segmented
from tlstudio.ui.widgets.tooltip import set_tooltip

_SIZE: Final = (880, 660)
_LINE: Final = (
    "What networks have learnt from the million photos of ImageNet. Training fetches what it needs by itself; "
    "here you can fetch it ahead, or free the room again. Downloads use the proxy that your system names."
)
_SHOWN: Final[dict[str, Callable[[WeightsRow], bool]]] = {
    "training": lambda row: row.purpose == "training",
    "check-up": lambda row: row.purpose == "check-up",
    "here": lambda row: row.place != "away",
}


class WeightsDialog(QDialog):
    """A table of all files; under it what can be done with the current one.

    Attributes:
        files_changed: A file came or went.
    """

    files_changed = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._downloads = WeightsDownloads(session, self)
        self._table = WeightsTable()
        self._shown = Segmented(
            [("training", "To train"), ("check-up", "For the check-up"), ("here", "On this computer")], "What to show"
        )
        self._search = SearchField("Find a network")
        self._note = Note()
        self._foot = Foot()
        self.setWindowTitle("Weights")
        self.setAccessibleName("Weights")
        self.resize(*_SIZE)
        self._arrange()
        self._connect()

    def refresh(self) -> None:
        """Look again at what is on this computer."""
        words = self._search.text().casefold().split()
        fits = _SHOWN[self._shown.current_key()]
        rows = [row for row in weights_rows() if fits(row) and all(word in row.title.casefold() for word in words)]
        self._table.set_rows(rows)

    def show_for_check_up(self) -> None:
        """Open with the files that the check-up needs."""
        self._shown.set_current("check-up")
        self.show()
        self.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        """Files come and go."""
        super().showEvent(event)
        self.refresh()

    def _arrange(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.SPACE_24, theme.SPACE_24, theme.SPACE_24, theme.SPACE_20)
        column.setSpacing(theme.SPACE_12)
        column.addWidget(TextLabel("Weights", "title"))
        column.addWidget(TextLabel(_LINE, "secondary", "text2", wrap=True))
        choice = QHBoxLayout()
        choice.setSpacing(theme.SPACE_12)
        choice.addWidget(self._shown)
        choice.addStretch(1)
        self._search.setFixedWidth(theme.SPACE_24 * 8)
        choice.addWidget(self._search)
        column.addLayout(choice)
        column.addWidget(self._table, 1)
        column.addWidget(self._note)
        column.addWidget(Hairline())
        column.addWidget(self._foot)
        column.addWidget(Hairline())
        column.addLayout(self._last_row())

    def _last_row(self) -> QHBoxLayout:
        folder = ElidedLabel(f"Folder: {keras_models_dir()}", "caption", "text2", mode=Qt.TextElideMode.ElideMiddle)
        set_tooltip(folder, "Where Keras itself keeps its weights, so that other programs find them, too")
        check = Button("Check a file of mine", "text", size="small")
        set_tooltip(check, "Look, layer by layer, whether a file of weights fits a network")
        check.clicked.connect(lambda: FitSheet(self._session, parent=self).open())
        bring = Button("Copy to a machine without network", "text", size="small")
        set_tooltip(bring, "Names of the files, where they come from and where they go")
        bring.clicked.connect(self._show_directions)
        close = Button("Close", size="small")
        set_tooltip(close, "Close this list; a download goes on", key="Esc")
        close.clicked.connect(self.close)
        row = QHBoxLayout()
        row.setSpacing(theme.SPACE_16)
        row.addWidget(folder, 1)
        for button in (check, bring, close):
            button.setAutoDefault(False)
            row.addWidget(button)
        return row

    def _connect(self) -> None:
        set_tooltip(self._shown, "Which files are listed")
        set_tooltip(self._search, "Show only the networks with these words in their name")
        self._shown.changed.connect(lambda _key: self.refresh())
        self._search.textChanged.connect(lambda _words: self.refresh())
        self._table.current_changed.connect(self._show_current)
        self._table.activated_by_hand.connect(self._act)
        self._table.deletion_wanted.connect(self._ask_to_delete)
        self._foot.fetch_wanted.connect(self._act)
        self._foot.asking.connect(self._ask_to_delete)
        self._foot.deletion_wanted.connect(self._delete)
        self._downloads.changed.connect(self._show_current)
        self._downloads.ended.connect(self._downloaded)

    def _show_current(self) -> None:
        self._foot.show_row(self._table.current(), self._downloads)

    def _act(self) -> None:
        """What the button under the table says: download, go on, or stop."""
        row = self._table.current()
        if self._downloads.file is not None:
            self._downloads.stop()
            self._show_current()
        elif row is not None and row.file is not None and row.place != "here":
            self._note.hide()
            self._downloads.start(row.file)

    def _ask_to_delete(self) -> None:
        row = self._table.current()
        if row is not None and row.deletable and row.file != self._downloads.file:
            self._foot.ask(row)

    def _delete(self) -> None:
        row = self._table.current()
        if row is None or row.file is None:
            return
        try:
            delete(row.file)
        except TLStudioError as error:
            self._note.show_error(error)
        self.refresh()
        self.files_changed.emit()

    def _downloaded(self, _file: WeightsFile, error: TLStudioError | None) -> None:
        if error is not None:
            self._note.show_error(error)
        self.refresh()
        self.files_changed.emit()

    def _show_directions(self) -> None:
        row = self._table.current()
        DirectionsSheet(row.file if row else None, self).open()
