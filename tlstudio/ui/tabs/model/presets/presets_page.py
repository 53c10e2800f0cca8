"""The page of presets: find one, read what it is, use it; save, share and delete own ones."""

from dataclasses import replace
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from tlstudio.datasets.reading.reading import FOLDER_LABELS
from tlstudio.datasets.size_rule import SizeRule
from tlstudio.errors import TLStudioError
from tlstudio.presets.outsiders import Outsiders, outsiders
from tlstudio.presets.preset import Preset, Setup, own_preset
from tlstudio.presets.preset_file import ENDING, read_preset, write_preset
from tlstudio.presets.shelf import add_preset, delete_preset, keep_preset, shipped_dir
from tlstudio.ui import theme
from tlstudio.ui.session import Session
from tlstudio.ui.tabs.model.presets.preset_details import PresetDetails
from tlstudio.ui.tabs.model.presets.preset_list import PresetList
from tlstudio.ui.tabs.model.presets.save_preset import SavePreset
from tlstudio.ui.tabs.quiet_job import QuietJob
from tlstudio.ui.widgets.buttons import Button
from tlstudio.ui.widgets.card import Hairline
from tlstudio.ui.widgets.fields import SearchField
from tlstudio.ui.widgets.labels import TextLabel
from tlstudio.ui.widgets.message_bar import Message
from tlstudio.ui.widgets.tooltip import set_tooltip
from tlstudio.ui.words.presets import changes_words
from tlstudio.wording import counted
from tlstudio.workflows.list_presets import PresetEntry, preset_entries

MESSAGE: Final = "preset"
"""Key of the message that says what was done with a preset."""

_IN_USE: Final = "preset in use"  # apart: it goes with the photos whose shares it gives back, a deletion's Undo doesn't

_LIST_WIDTH: Final = 248
_LEAST_CLASSES: Final = 2
_RULES_OF_NAMES: Final = ("pattern:", "piece:", "filename:")  # others name folders or tables of this very folder
_FILES: Final = f"Presets (*{ENDING})"


class PresetsPage(QWidget):
    """A list of presets beside what there is to say of one.

    Attributes:
        used: A preset was taken over, or given back.
    """

    used = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._entries: list[PresetEntry] = []
        self._wanted = ""
        self._job = QuietJob(session, self)
        self._sizes = QuietJob(session, self)
        self._search = SearchField("Find a preset")
        self._count = TextLabel("", "secondary", "text2")
        self._list = PresetList()
        self._details = PresetDetails()
        self._use = Button("Use this preset", "outline", size="small")
        self._save = Button("Save as preset", "text", size="small")
        self._open = Button("Open preset file", "text", size="small")
        self._share = Button("Save a copy", "text", size="small")
        self._delete = Button("Delete", "text", size="small")
        self._explain()
        self._arrange()
        self._connect()

    def refresh(self, name: str = "") -> None:
        """Look again which presets there are, and go to the one of a name."""
        self._wanted = name
        self._job.start(lambda _emit, _token: preset_entries())

    def showEvent(self, event: QShowEvent) -> None:
        """Files come and go."""
        super().showEvent(event)
        self.refresh()

    # Building

    def _explain(self) -> None:
        set_tooltip(self._search, "Show only presets with these words in name, title or network")
        set_tooltip(self._use, "Take network, training and shares from this preset", key="Enter")
        set_tooltip(self._save, "Keep what is chosen now, to use it again on other photos")
        set_tooltip(self._open, "Add a preset that somebody gave you to your own")
        set_tooltip(self._share, "Write this preset to a file, to share it")
        set_tooltip(self._delete, "Delete this preset of yours")

    def _arrange(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(theme.SPACE_8)
        left.addWidget(self._search)
        left.addWidget(self._list, 1)
        self._list.setFixedWidth(_LIST_WIDTH)
        self._search.setFixedWidth(_LIST_WIDTH)
        right = QVBoxLayout()
        right.setSpacing(theme.SPACE_8)
        right.addWidget(self._details, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(theme.SPACE_8)
        for button in (self._use, self._share, self._delete):
            buttons.addWidget(button)
        buttons.addStretch(1)
        right.addLayout(buttons)
        columns = QHBoxLayout()
        columns.setSpacing(theme.SPACE_16)
        columns.addLayout(left)
        columns.addLayout(right, 1)
        foot = QHBoxLayout()
        foot.addWidget(self._count)
        foot.addStretch(1)
        foot.addWidget(self._open)
        foot.addWidget(self._save)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(theme.SPACE_8)
        page.addLayout(columns, 1)
        page.addWidget(Hairline())
        page.addLayout(foot)

    def _connect(self) -> None:
        self._job.succeeded.connect(self._listed)
        self._sizes.succeeded.connect(self._offer_sizes)
        self._session.photos.changed.connect(self._forget_use)
        self._search.textChanged.connect(lambda _: self._narrow())
        self._search.returnPressed.connect(lambda: self._list.setFocus(Qt.FocusReason.OtherFocusReason))
        self._list.shown.connect(self._show)
        self._list.used.connect(self._take)
        self._use.clicked.connect(self._take)
        self._save.clicked.connect(self._keep_choices)
        self._open.clicked.connect(self._open_file)
        self._share.clicked.connect(self._write_file)
        self._delete.clicked.connect(self._remove)

    # Showing

    def _listed(self, found: tuple[list[PresetEntry], tuple[TLStudioError, ...]]) -> None:
        self._entries, damaged = found
        self._narrow()
        if damaged:
            first, *others = damaged
            more = f" {counted(len(others), 'other preset')} of yours can't be used either." if others else ""
            self._session.report_failure(MESSAGE, TLStudioError(first.message, f"{first.hint}{more}"))

    def _narrow(self) -> None:
        wanted = self._search.text().lower().split()
        shown = [entry for entry in self._entries if all(word in _searched(entry) for word in wanted)]
        self._list.set_entries(shown, self._wanted)
        self._wanted = ""
        total = f"{len(self._entries)} presets"
        self._count.setText(total if len(shown) == len(self._entries) else f"{len(shown)} of {total}")

    def _show(self, entry: PresetEntry | None) -> None:
        self._details.show_entry(entry)
        self._use.setEnabled(entry is not None)
        self._share.setEnabled(entry is not None)
        self._delete.setVisible(entry is not None and entry.own)

    # Doing

    def _take(self) -> None:
        """Use the preset, and offer what was there before."""
        entry, session = self._list.current, self._session
        if entry is None:
            return
        choices, split = session.choices, session.photos.split_config
        has_photos, locked = session.photos.dataset is not None, session.photos.locked
        session.set_choices(choices.with_setup(entry.setup))
        if has_photos and not locked:
            session.photos.set_split(entry.setup.split)

        def back() -> None:
            self._forget_use()
            session.set_choices(choices)
            if has_photos and not locked:
                session.photos.set_split(split)
            self.used.emit()

        line = changes_words(entry.setup, shares=has_photos, locked=locked)
        title = f"Preset “{entry.preset.name}” is in use"
        message = Message(_IN_USE, title, "done", line, choice="Back to what I had", on_choice=back)
        session.posted.emit(message)
        self._look_at_sizes(message, entry.setup.sizes)
        self.used.emit()

    def _look_at_sizes(self, message: Message, rule: SizeRule | None) -> None:
        """Find out which photos the preset would leave out for their size; they are used unless the person agrees."""
        self._sizes.cancel()  # the preset before may have asked
        photos = self._session.photos
        dataset = photos.dataset
        if rule is not None and dataset is not None and photos.editable and photos.size_rule != rule:
            self._sizes.start(lambda _emit, _token: (message, rule, outsiders(dataset, rule)))

    def _offer_sizes(self, found: tuple[Message, SizeRule, Outsiders]) -> None:
        message, rule, others = found
        if not others.photos:
            return
        line = f"{message.line} It is made for photos of {rule.words()}: {counted(others.photos, 'photo')} of yours "
        line += "has another size" if others.photos == 1 else "have other sizes"
        line += f" and {'is' if others.photos == 1 else 'are'} used all the same."
        message = replace(message, line=line)
        if others.classes_left >= _LEAST_CLASSES:
            message = replace(
                message,
                fix=f"Leave out {counted(others.photos, 'photo')}",
                on_fix=lambda: self._limit_sizes(rule),
            )
        self._session.posted.emit(message)

    def _forget_use(self) -> None:
        """The message goes, and the way back with it: other photos have other shares and sizes."""
        self._sizes.cancel()
        self._session.withdrawn.emit(_IN_USE)

    def _limit_sizes(self, rule: SizeRule) -> None:
        photos = self._session.photos
        if photos.actions is not None:
            photos.do(photos.actions.limit_sizes(rule))

    def _keep_choices(self) -> None:
        """Ask for a name, and save what is chosen now."""
        shipped = {entry.preset.name.lower() for entry in self._entries if not entry.own}
        own = {entry.preset.name.lower() for entry in self._entries if entry.own}
        dialog = SavePreset(shipped, own, self)
        dialog.accepted.connect(lambda: self._keep(dialog.name, dialog.note))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _keep(self, name: str, note: str) -> None:
        session = self._session
        try:
            choices, photos = session.choices, session.photos
            labels = photos.reading.labels if photos.reading else ""
            rule = labels if labels.startswith(_RULES_OF_NAMES) else FOLDER_LABELS
            setup = Setup(choices.spec, choices.config(), photos.split_config, rule, photos.size_rule)
            keep_preset(own_preset(name, note, setup))
        except TLStudioError as error:
            session.report_failure(MESSAGE, error)
            return
        self._search.clear()
        self.refresh(name)
        session.posted.emit(Message(MESSAGE, f"Your preset “{name}” is saved", "done", "You find it under “Your own”."))

    def _open_file(self) -> None:
        """Add the preset in a file to the person's own."""
        path, _ = QFileDialog.getOpenFileName(self, "Open a preset", "", _FILES)
        if not path:
            return
        try:
            preset = read_preset(Path(path), shipped_dir())
            added = add_preset(preset)
        except TLStudioError as error:
            self._session.report_failure(MESSAGE, error)
            return
        self._search.clear()
        self.refresh(added.name)
        if added.name != preset.name:
            line = f"There is another preset “{preset.name}” already, which stays as it is."
            self._session.posted.emit(Message(MESSAGE, f"It is added as “{added.name}”", "done", line))

    def _write_file(self) -> None:
        """Write the preset to a file that the person names."""
        entry = self._list.current
        if entry is None:
            return
        path, _ = QFileDialog.getSaveFileName(self, "Save a copy of the preset", f"{entry.preset.name}{ENDING}", _FILES)
        if not path:
            return
        file = Path(path) if path.endswith(ENDING) else Path(f"{path}{ENDING}")
        try:
            write_preset(entry.preset, file)
        except TLStudioError as error:
            self._session.report_failure(MESSAGE, error)
            return
        line = f"It is in {file.parent}. Whoever opens it has the same network and training."
        self._session.posted.emit(Message(MESSAGE, f"{file.name} is written", "done", line))

    def _remove(self) -> None:
        """Delete an own preset; it can be taken back."""
        entry = self._list.current
        if entry is None or not entry.own:
            return
        preset = entry.preset
        try:
            delete_preset(preset.name)
        except TLStudioError as error:
            self._session.report_failure(MESSAGE, error)
            return
        self.refresh()
        title = f"Your preset “{preset.name}” is deleted"
        self._session.posted.emit(
            Message(MESSAGE, title, "done", choice="Undo", on_choice=lambda: self._put_back(preset))
        )

    def _put_back(self, preset: Preset) -> None:
        self._session.withdrawn.emit(MESSAGE)
        try:
            keep_preset(preset)
        except TLStudioError as error:
            self._session.report_failure(MESSAGE, error)
        self.refresh(preset.name)


def _searched(entry: PresetEntry) -> str:
    preset = entry.preset
    return f"{preset.name} {preset.title} {preset.purpose} {preset.model.backbone} {preset.data.name}".lower()
