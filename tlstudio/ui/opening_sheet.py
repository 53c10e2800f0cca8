"""The sheet of a model from elsewhere: what is in it, which pixels it wants, what its classes are called."""

from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from tlstudio.errors import TLStudioError
from tlstudio.foreign.labels import require_fitting_labels
from tlstudio.foreign.opening import OpenedModel
from tlstudio.foreign.pixels import PIXELS_IN_WORDS, PixelEvidence, Pixels
from tlstudio.ui import theme
from tlstudio.ui.widgets.bar import Bar
from tlstudio.ui.widgets.buttons import Button
from tlstudio.ui.widgets.fields import ComboBox, LabelledField
from tlstudio.ui.widgets.labels import ElidedLabel, TextLabel
from tlstudio.ui.widgets.sheet import Sheet
from tlstudio.ui.widgets.tooltip import set_tooltip
from tlstudio.wording import counted
from tlstudio.workflows.open_model import Labels, contents_in_words, remarks
from tlstudio.workflows.try_pixels import PixelFinding, trial_in_words

_WIDTH: Final = 560
_NAMES_HEIGHT: Final = 132
_CHECKING: Final = (
    "It is checked before anything in it runs, then its network is put together in a process with limits. This takes "
    "up to a minute."
)


class OpeningSheet(Sheet):
    """First a bar while the file is checked, then what is in it, or why it isn't opened.

    Attributes:
        open_wanted: Carries the names of the classes (tuple) and the pixels.
        trial_wanted: The model is to be tried on labelled photos.
        names_wanted: A file of names is to be chosen.
        other_wanted: Another file is to be chosen.
    """

    open_wanted = Signal(object, str)
    trial_wanted = Signal()
    names_wanted = Signal()
    other_wanted = Signal()

    def __init__(self, file: Path, trial_words: str, parent: QWidget | None = None) -> None:
        """Make a sheet that says that the file is being checked.

        Args:
            file: The model.
            trial_words: Words of the button that has it tried on photos.
            parent: Owner.
        """
        super().__init__("Open a model", parent)
        self._opened: OpenedModel | None = None
        self._busy = ""
        self._trial_words = trial_words
        self._lines = TextLabel(_CHECKING, "text", "text2", wrap=True)
        self._hint = TextLabel("", "text", "text2", wrap=True)
        self._bar = Bar()
        self._accept = Button("Open the model", "filled")
        self._cancel = self.cancel_button("Open nothing")
        self._other = Button("Choose another file", "text")
        self._lay_out(file)
        self.setAccessibleName(f"Open a model: {file.name}")
        self._bar.set_share(None)
        self._bar.setAccessibleName("Checking the file")
        self._update()

    # What it shows

    def show_model(self, opened: OpenedModel, labels: Labels) -> None:
        """Show what is in the file, and what is still to be chosen."""
        self._opened = opened
        self._contents.setText(contents_in_words(opened))
        self._remarks.setText(" ".join(remarks(opened)))
        self._offer_pixels(opened)
        self.show_names(labels)
        self._show_page(1)

    def show_refusal(self, error: TLStudioError) -> None:
        """Say why the file isn't opened."""
        self._opened = None
        self._lines.setText(error.message)
        self._lines.set_tone("wrong")
        self._hint.setText(error.hint)
        self._hint.setVisible(bool(error.hint))
        self._bar.hide()
        self._other.show()
        self._accept.hide()
        self._cancel.setText("Close")
        set_tooltip(self._cancel, "Leave everything as it is", key="Esc")
        self._show_page(0)

    def show_names(self, labels: Labels) -> None:
        """Take over names of the classes."""
        self._names.setPlainText("\n".join(labels.names))
        self._names_note.setText(labels.note)
        self._update()

    def show_finding(self, found: PixelFinding) -> None:
        """Say how each way fared, and choose the one that is clearly best."""
        self._busy = ""
        lines = [trial_in_words(trial) for trial in found.trials]
        if found.winner is None:
            lines.append("Two are too near each other to tell. Try more photos of its classes.")
        else:
            self._pixels.setCurrentIndex(self._pixels.findData(found.winner))
        self._why.setText("\n".join(lines))
        self._why.set_tone("text2")
        self._update()

    def show_problem(self, problem: str) -> None:
        """Say why a trial came to nothing, or names weren't taken over."""
        self._busy = ""
        self._why.setText(problem)
        self._why.set_tone("wrong")
        self._update()

    def wait(self, words: str) -> None:
        """Let nothing be chosen until something has ended."""
        self._busy = words
        self._why.setText(words)
        self._why.set_tone("text2")
        self._update()

    def names(self) -> tuple[str, ...]:
        """Names of the classes as they stand there, one a line."""
        return tuple(" ".join(line.split()) for line in self._names.toPlainText().splitlines() if line.strip())

    # How it is laid out

    def _lay_out(self, file: Path) -> None:
        name = ElidedLabel(file.name, "strong", mode=Qt.TextElideMode.ElideMiddle)
        self._pages = (self._waiting_page(), self._model_page())
        self.column.addWidget(name)
        for page in self._pages:
            self.column.addWidget(page)
        self.column.addStretch(1)
        self._lay_out_foot()
        self._show_page(0)

    def _waiting_page(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE_12)
        self._hint.hide()
        for widget in (self._lines, self._hint, self._bar):
            column.addWidget(widget)
        column.addStretch(1)
        return page

    def _model_page(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE_12)
        self._contents = TextLabel("", "text", wrap=True)
        self._remarks = TextLabel("", "secondary", "text2", wrap=True)
        column.addWidget(self._contents)
        column.addWidget(self._remarks)
        column.addLayout(self._pixels_part())
        column.addLayout(self._names_part())
        return page

    def _pixels_part(self) -> QVBoxLayout:
        self._pixels = ComboBox()
        self._pixels.currentIndexChanged.connect(lambda _index: self._update())
        self._why = TextLabel("", "secondary", "text2", wrap=True)
        self._try = Button(self._trial_words, "text", size="small")
        self._try.setAutoDefault(False)
        self._try.clicked.connect(self.trial_wanted)
        part = QVBoxLayout()
        part.setSpacing(theme.SPACE_4)
        part.addWidget(LabelledField("The pixels it wants", self._pixels, width=300))
        part.addWidget(self._why)
        part.addWidget(self._try, 0, Qt.AlignmentFlag.AlignLeft)
        set_tooltip(self._pixels, "How photos are handed to it. With the wrong ones its answers are near chance")
        set_tooltip(self._try, "Give it photos whose classes are known, in each way, and see how many are right")
        return part

    def _names_part(self) -> QVBoxLayout:
        self._names = QPlainTextEdit()
        self._names.setFont(theme.font(14))
        self._names.setFixedHeight(_NAMES_HEIGHT)
        self._names.setTabChangesFocus(True)
        self._names.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self._names.setAccessibleName("Names of the classes, one a line")
        self._names.textChanged.connect(self._update)
        self._names_note = TextLabel("", "secondary", "text2", wrap=True)
        self._names_fault = TextLabel("", "secondary", "wrong", wrap=True)
        load = Button("Names from a file…", "text", size="small")
        load.setAutoDefault(False)
        load.clicked.connect(self.names_wanted)
        head = QHBoxLayout()
        head.addWidget(TextLabel("Its classes, one a line", "text", "text2"), 1)
        head.addWidget(load)
        part = QVBoxLayout()
        part.setSpacing(theme.SPACE_4)
        part.addLayout(head)
        part.addWidget(self._names)
        part.addWidget(self._names_note)
        part.addWidget(self._names_fault)
        set_tooltip(self._names, "In the order of the model; the first line is its first score")
        set_tooltip(load, "Choose a text file with one name a line", term="labels.txt")
        return part

    def _lay_out_foot(self) -> None:
        set_tooltip(self._other, "Choose another model file")
        self._other.setAutoDefault(False)
        self._accept.setDefault(True)
        self._other.clicked.connect(self.other_wanted)
        self._accept.clicked.connect(self._want)
        self._other.hide()
        self.add_foot(self._cancel, self._accept, left=(self._other,))

    def _show_page(self, number: int) -> None:
        for position, page in enumerate(self._pages):
            page.setVisible(position == number)
        self._update()

    def _offer_pixels(self, opened: OpenedModel) -> None:
        evidence = opened.contents.evidence
        self._pixels.clear()
        if evidence.proven is None and evidence.likely is None:
            self._pixels.addItem("Choose one", "")
        for pixels in evidence.candidates:
            self._pixels.addItem(PIXELS_IN_WORDS[pixels], pixels)
        wanted = evidence.proven or evidence.likely
        self._pixels.setCurrentIndex(max(self._pixels.findData(wanted), 0))
        self._pixels.setEnabled(evidence.proven is None)
        self._try.setVisible(evidence.proven is None)
        self._why.setText(_reason(evidence))
        self._why.set_tone("text2")

    # What can be done

    def _chosen(self) -> Pixels | None:
        return self._pixels.currentData() or None

    def _obstacle(self) -> str:
        """Why the model can't be opened as it stands there; "" if it can."""
        if self._opened is None:
            return "The file is being checked"
        if self._busy:
            return self._busy
        if self._chosen() is None:
            return "Choose which pixels it wants, or try it on photos"
        return self._fault()

    def _fault(self) -> str:
        """What is wrong with the names; "" for nothing."""
        if self._opened is None:
            return ""
        try:
            require_fitting_labels(self.names(), self._opened.contents.classes)
        except TLStudioError as error:
            return str(error)
        return ""

    def _update(self) -> None:
        obstacle, fault = self._obstacle(), self._fault()
        self._accept.setEnabled(not obstacle)
        classes = counted(self._opened.contents.classes, "class", "classes") if self._opened else ""
        set_tooltip(self._accept, obstacle or f"Make a run of it, with {classes}", key="" if obstacle else "Enter")
        self._try.setEnabled(not self._busy)
        self._names_fault.setText(fault)
        self._names_fault.setVisible(bool(fault))
        self._names_note.setVisible(not fault)
        self._fit()

    def _fit(self) -> None:
        for page in self._pages:
            page.updateGeometry()  # what was measured before the lines changed counts no more
        self.fit_height(_WIDTH)

    def _want(self) -> None:
        pixels = self._chosen()
        if pixels is not None and not self._obstacle():
            self.open_wanted.emit(self.names(), pixels)


def _reason(evidence: PixelEvidence) -> str:
    """What speaks for the pixels that are chosen."""
    if evidence.proven is not None:
        return evidence.why
    if evidence.likely is None:
        return "Nothing in the file says which. With photos whose classes are known it can be found out."
    return f"{evidence.why} Its maker may have chosen otherwise: try it on photos to be sure."
