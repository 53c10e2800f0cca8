"""What stands under the list of weights: the current file with its buttons, and what was in the way."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from tlstudio.errors import TLStudioError
from tlstudio.modeling.weights_files import WeightsFile
from tlstudio.ui import theme
from tlstudio.ui.tabs.model.weights.weights_downloads import WeightsDownloads
from tlstudio.ui.tabs.model.weights.weights_rows import WeightsRow
from tlstudio.ui.widgets.bar import Bar
from tlstudio.ui.widgets.buttons import Button
from tlstudio.ui.widgets.empty_state import IconLabel
from tlstudio.ui.widgets.labels import ElidedLabel, TextLabel
from tlstudio.ui.widgets.tooltip import set_tooltip


class Note(QWidget):
    """What was in the way of the last deed; being without a network is no failure, and looks like none."""

    def __init__(self) -> None:
        super().__init__()
        self._icon = IconLabel("info", "info")
        self._words = TextLabel("", "secondary", wrap=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.SPACE_8)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._words, 1)
        self.hide()

    def show_error(self, error: TLStudioError) -> None:
        """Say what was in the way."""
        # Not above: it takes modules of the network with it, which a window that starts has no use for.
        from tlstudio.datasets.sources.transfers import NoNetworkError

        offline = isinstance(error, NoNetworkError)
        self._icon.set_icon("info" if offline else "warning", "info" if offline else "wrong")
        self._words.setText(f"{error.message} {error.hint}".strip())
        self._words.setAccessibleName(self._words.text())
        self.show()


class Foot(QStackedWidget):
    """The current file with its buttons; or the question whether to delete it.

    Attributes:
        fetch_wanted: Download, go on or stop was pressed.
        asking: Delete was pressed.
        deletion_wanted: It is to be deleted, and the person has said so twice.
    """

    fetch_wanted = Signal()
    asking = Signal()
    deletion_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._row: WeightsRow | None = None
        self._title = ElidedLabel("", "strong")
        self._line = ElidedLabel("", "secondary", "text2")
        self._bar = Bar(8)
        self._fetch = Button("Download", "soft", icon="download")
        self._fetch.setAutoDefault(False)
        self._fetch.clicked.connect(self.fetch_wanted)
        self._delete = Button("Delete", "danger")
        self._delete.setAutoDefault(False)
        self._delete.clicked.connect(self.asking)
        self._question = TextLabel("", "text", wrap=True)
        self._keep = Button("Keep")
        self._sure = Button("Delete", "danger")
        self.addWidget(self._deeds())
        self.addWidget(self._asking())
        self.setFixedHeight(theme.HEIGHT_MAIN_BUTTON + theme.SPACE_20)

    def show_row(self, row: WeightsRow | None, downloads: WeightsDownloads) -> None:
        """Show what can be done with a file."""
        if row != self._row:
            self.setCurrentIndex(0)
        self._row = row
        running = downloads.file
        self._bar.setVisible(running is not None)
        if running is not None:
            self._show_running(running, downloads)
            return
        self._title.setText(f"{row.title}, {row.purpose_words.lower()}" if row else "No network has this name")
        self._line.setText(row.line if row else "")
        self._delete.setVisible(row is not None and row.deletable)
        set_tooltip(self._delete, "Free the room on the disk; it can be downloaded again", key="Delete")
        going_on = row is not None and row.place == "partly"
        self._fetch.setVisible(row is not None and row.place in ("partly", "away"))
        self._fetch.setText("Go on" if going_on else "Download")
        self._fetch.set_glyph("download")
        self._fetch.setEnabled(True)
        set_tooltip(self._fetch, "Fetch this file; it is compared with its published checksum", key="Enter")

    def ask(self, row: WeightsRow) -> None:
        """Ask whether to delete a file."""
        self._question.setText(
            f"Delete the weights of {row.title}? That frees {row.size_words if row.place == 'here' else 'their room'}, "
            "and they can be downloaded again."
        )
        self.setCurrentIndex(1)
        self._keep.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_running(self, file: WeightsFile, downloads: WeightsDownloads) -> None:
        progress = downloads.progress
        self._title.setText(f"Downloading {file.title}")
        note = progress.note.partition(": ")[2] if progress else ""
        self._line.setText("Stopping…" if downloads.stopping else note or "Asking the server…")
        self._bar.set_share(progress.done / progress.total if progress and progress.total else None)
        self._delete.hide()
        self._fetch.show()
        self._fetch.setText("Stop")
        self._fetch.set_glyph("stop")
        self._fetch.setEnabled(not downloads.stopping)
        set_tooltip(self._fetch, "Stop the download; what has arrived is kept", key="Enter")

    def _deeds(self) -> QWidget:
        words = QVBoxLayout()
        words.setSpacing(2)
        for part in (self._title, self._line, self._bar):
            words.addWidget(part)
        page = QWidget()
        row = QHBoxLayout(page)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.SPACE_12)
        row.addLayout(words, 1)
        row.addWidget(self._delete)
        row.addWidget(self._fetch)
        return page

    def _asking(self) -> QWidget:
        set_tooltip(self._keep, "Keep the file")
        set_tooltip(self._sure, "Delete the file from this computer")
        self._keep.clicked.connect(lambda: self.setCurrentIndex(0))
        self._sure.clicked.connect(self._confirm)
        page = QWidget()
        row = QHBoxLayout(page)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.SPACE_12)
        row.addWidget(self._question, 1)
        for button in (self._keep, self._sure):
            button.setAutoDefault(False)
            row.addWidget(button)
        return page

    def _confirm(self) -> None:
        self.setCurrentIndex(0)
        self.deletion_wanted.emit()
