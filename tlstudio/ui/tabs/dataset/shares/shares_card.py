"""The card "How the photos are shared out": the parts, what to know of them, their settings and their lock."""

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from tlstudio.datasets.splits.report import SplitReport, report_on
from tlstudio.ui import theme
from tlstudio.ui.session import Session
from tlstudio.ui.tabs.dataset.shares.lock_note import LockNote
from tlstudio.ui.tabs.dataset.shares.share_fields import PARTS
from tlstudio.ui.tabs.dataset.shares.split_counts import SplitCounts
from tlstudio.ui.tabs.dataset.shares.split_settings import SplitSettings
from tlstudio.ui.tabs.quiet_job import QuietJob
from tlstudio.ui.widgets.buttons import Button
from tlstudio.ui.widgets.card import Card
from tlstudio.ui.widgets.disclosure import Disclosure
from tlstudio.ui.widgets.empty_state import IconLabel
from tlstudio.ui.widgets.labels import TextLabel
from tlstudio.ui.widgets.share_bar import Share, ShareBar
from tlstudio.ui.widgets.tooltip import set_tooltip
from tlstudio.ui.words.shares import reached, warnings

_COPY: Final = "Copy the table"


class SharesCard(Card):
    """How many photos are for what; "Change" opens the settings.

    Attributes:
        config_chosen: Carries the ``SplitConfig`` that was chosen.
    """

    config_chosen = Signal(object)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__("How the photos are shared out", parent=parent)
        self._photos = session.photos
        self._job = QuietJob(session, self)
        self._bar = ShareBar()
        self._reached = TextLabel("", "secondary", "text2", wrap=True)
        self._warnings = _Warnings()
        self._lock = LockNote()
        self._by_class = Disclosure("Count by class", "split/by_class", small=True)
        self._counts = SplitCounts()
        self._copy = Button(_COPY, "text", size="small")
        self._settings = SplitSettings()
        self._change = Button("Change", "text", size="small")
        self._lay_out()
        self._change.clicked.connect(self._toggle)
        self._copy.clicked.connect(self._counts.copy)
        self._counts.copied.connect(lambda: self._copy.setText("Copied"))
        self._settings.config_chosen.connect(self.config_chosen)
        self._lock.unlock_wanted.connect(self._photos.unlock)
        self._photos.lock_changed.connect(self.show_split)
        self._job.succeeded.connect(self._show_report)

    def show_split(self) -> None:
        """Show how the photos are shared out now; what takes time to count follows."""
        dataset, split, config = self._photos.dataset, self._photos.split, self._photos.split_config
        sizes = (len(split.train), len(split.validation), len(split.test)) if split is not None else (0, 0, 0)
        shares = (Share(words, count, token) for (words, _, token), count in zip(PARTS, sizes, strict=True))
        self._bar.set_shares(tuple(shares))
        self._settings.set_config(config)
        self._settings.set_locked(self._photos.locked)
        self._lock.set_locked(self._photos.locked)
        self._show_change()
        if dataset is not None and split is not None:
            duplicates = self._photos.looks.duplicates if self._photos.looks is not None else None
            self._job.start(lambda _emit, _token: report_on(dataset, split, config, duplicates))

    def _show_report(self, report: SplitReport) -> None:
        config = self._photos.split_config
        sentence = reached(report, config)
        self._reached.setText(sentence)
        self._reached.setVisible(bool(sentence))
        self._warnings.say(warnings(report, config))
        self._counts.set_report(report)
        self._copy.setText(_COPY)
        self._settings.set_report(report)

    def _toggle(self) -> None:
        self._settings.setVisible(self._settings.isHidden())
        self._show_change()

    def _show_change(self) -> None:
        closed = "See the settings" if self._photos.locked else "Change"
        self._change.setText(closed if self._settings.isHidden() else "Close")
        self._change.updateGeometry()

    def _lay_out(self) -> None:
        set_tooltip(self._change, "Share the photos out differently", term="Training, validation and test split")
        set_tooltip(self._copy, "Copy the table, to paste it into a spreadsheet", key="Ctrl+C in the table")
        for widget in (self._settings, self._reached, self._warnings, self._lock):
            widget.hide()
        self._by_class.body.setSpacing(theme.SPACE_8)
        self._by_class.body.addWidget(self._counts)
        self._by_class.body.addLayout(_at_right(self._copy))
        rows = (self._bar, self._reached, self._warnings, self._lock, self._by_class, self._settings)
        for row in rows:
            self.body.addWidget(row)
        # Not beside the title: both together are wider than the card in a narrow window.
        self.body.addLayout(_at_right(self._change))


class _Warnings(QWidget):
    """Sentences with a warning sign before each."""

    def __init__(self) -> None:
        super().__init__()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(theme.SPACE_8)
        self._lines: list[_Warning] = []

    def say(self, sentences: list[str]) -> None:
        """Show these."""
        while len(self._lines) < len(sentences):
            self._lines.append(_Warning())
            self._column.addWidget(self._lines[-1])
        for number, line in enumerate(self._lines):
            line.say(sentences[number] if number < len(sentences) else "")
        self.setVisible(bool(sentences))


class _Warning(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self._words = TextLabel("", "secondary", "text2", wrap=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.SPACE_8)
        row.addWidget(IconLabel("warning", "unsure"), 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._words, 1)

    def say(self, words: str) -> None:
        self._words.setText(words)
        self.setVisible(bool(words))


def _at_right(button: Button) -> QHBoxLayout:
    row = QHBoxLayout()
    row.addStretch(1)
    row.addWidget(button)
    return row
