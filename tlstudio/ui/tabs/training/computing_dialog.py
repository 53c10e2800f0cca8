"""The dialog on what computes: threads, graphics cards, and files for TensorBoard."""

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from tlstudio.modeling import backend
from tlstudio.modeling.backend import Preference
from tlstudio.modeling.hardware import cores, missing_support, nvidia_card, this_computer
from tlstudio.ui import computing_settings, theme
from tlstudio.ui.widgets.card import Hairline
from tlstudio.ui.widgets.fields import NumberField
from tlstudio.ui.widgets.labels import TextLabel
from tlstudio.ui.widgets.sheet import Sheet
from tlstudio.ui.widgets.toggles import Switch
from tlstudio.ui.widgets.tooltip import set_tooltip

_WIDTH: Final = 560
_FIELD: Final = 96
_THREADS: Final = "How much of the processor a training takes. Fewer leave more for other programs, and take longer."
_GRAPHICS: Final = "A graphics card that TensorFlow can use learns many times as fast. Off, the processor does it all."
_TENSORBOARD: Final = "The curves of each training are written as files that TensorBoard shows, to:"
_LATER: Final = "This holds from the next start of TL Studio on: TensorFlow runs already and can't change it."


class ComputingDialog(Sheet):
    """Says what computes, and lets a person choose."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("What computes", parent, modal=False)
        chosen = computing_settings.preference()
        self._threads = NumberField(chosen.threads or cores(), 1, cores(), unit="threads", name="Threads")
        self._graphics = Switch("", "Use graphics cards")
        self._graphics.setChecked(chosen.graphics)
        self._event_files = Switch("", "Files for TensorBoard")
        self._event_files.setChecked(computing_settings.writes_event_files())
        self._note = TextLabel("", "secondary", "unsure", wrap=True)
        self._build()
        self._threads.value_changed.connect(lambda _: self._keep())
        self._graphics.toggled.connect(lambda _: self._keep())
        self._event_files.toggled.connect(computing_settings.keep_event_files)
        self._show_note()

    def _build(self) -> None:
        column = self.column
        column.addWidget(TextLabel(computer_words(), "text", "text2", wrap=True))
        advice = missing_support(nvidia_card()) if not backend.hardware().gpus else ""
        if advice:
            column.addWidget(TextLabel(advice, "text", "unsure", wrap=True))
        self._threads.setFixedWidth(_FIELD)
        column.addWidget(_row("Threads", f"1 to {cores()}", _THREADS, self._threads))
        column.addWidget(Hairline())
        column.addWidget(_row("Use graphics cards", "GPU", _GRAPHICS, self._graphics))
        column.addWidget(Hairline())
        folder = f"{_TENSORBOARD} {computing_settings.event_folder()}"
        column.addWidget(_row("Files for TensorBoard", "event files", folder, self._event_files))
        column.addWidget(self._note)
        column.addStretch(1)
        self.add_foot(self.close_button("Close this dialog; what is set stays set"))
        self.setMinimumWidth(_WIDTH)

    def _keep(self) -> None:
        threads = round(self._threads.value)
        all_of_them = threads == cores() and computing_settings.usual_threads() == 0
        computing_settings.keep_preference(Preference(0 if all_of_them else threads, self._graphics.isChecked()))
        backend.prefer(computing_settings.preference())
        self._show_note()

    def _show_note(self) -> None:
        later = backend.is_started() and backend.preference() != computing_settings.preference()
        self._note.setText(_LATER if later else "")
        self._note.setVisible(later)


def computer_words() -> str:
    """What this computer has, and what of it computes."""
    here = this_computer()
    memory = f", {here.memory / 1e9:.0f} GB of memory" if here.memory else ""
    having = f"{here.processor} with {here.cores} {'core' if here.cores == 1 else 'cores'}{memory}."
    gpus = backend.hardware().gpus
    return f"{having} {'Computing on ' + ' and '.join(gpus) if gpus else 'The processor computes'}."


def device_words() -> str:
    """What computes, in a few words."""
    gpus = backend.hardware().gpus
    if not gpus:
        return "Processor"
    name = gpus[0].removeprefix("NVIDIA ")
    return name if len(gpus) == 1 else f"{len(gpus)} x {name}"


def _row(title: str, term: str, meaning: str, control: QWidget) -> QWidget:
    holder = QWidget()
    grid = QGridLayout(holder)
    grid.setContentsMargins(0, theme.SPACE_4, 0, theme.SPACE_4)
    grid.setHorizontalSpacing(theme.SPACE_8)
    grid.setVerticalSpacing(2)
    grid.setColumnStretch(2, 1)
    grid.addWidget(TextLabel(title, "label"), 0, 0)
    grid.addWidget(TextLabel(term, "caption", "text3"), 0, 1, Qt.AlignmentFlag.AlignBottom)
    grid.addWidget(TextLabel(meaning, "secondary", "text2", wrap=True), 1, 0, 1, 3)
    grid.setColumnMinimumWidth(3, theme.SPACE_16)
    grid.addWidget(control, 0, 4, 2, 1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
    set_tooltip(control.focusProxy() or control, meaning, term=term)
    return holder
