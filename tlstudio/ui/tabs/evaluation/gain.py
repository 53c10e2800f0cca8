"""What corrections of labels are worth: learn anew in about a second, and compare on the exam photos."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from tlstudio.datasets.edits import Edits, edited
from tlstudio.events import CancelToken, Emit
from tlstudio.runs.store import StoredRun
from tlstudio.ui import theme
from tlstudio.ui.session import Session
from tlstudio.ui.tabs.evaluation.corrections import Corrections
from tlstudio.ui.tabs.evaluation.desk import Desk
from tlstudio.ui.tabs.evaluation.judged_photos import matrix_changes
from tlstudio.ui.widgets.buttons import Button
from tlstudio.ui.widgets.flow_layout import FlowLayout
from tlstudio.ui.widgets.labels import TextLabel
from tlstudio.ui.widgets.tooltip import set_tooltip
from tlstudio.ui.words.doubts import gain_in_words
from tlstudio.wording import counted
from tlstudio.workflows.relearn import Relearnt, relearn

_NOTHING_YET = "", "Correct some labels first; then see here whether the model gets better."
_OVERTAKEN = "", "Labels were changed while it learnt. Train again and compare to see what all of them bring."


class Gain(QObject):
    """Learns anew from the corrected labels of the open run; every view shows the same answer.

    Attributes:
        changed: There is another answer, or none any more.
        desk: What works on it.
        words: The figures in a sentence (empty for none), and what to know about them.
        relearnt: The answer itself; None while the labels of now were not learnt from.
        matrix_requested: The new confusion matrix is to be shown.
    """

    changed = Signal()
    matrix_requested = Signal()

    def __init__(self, session: Session, corrections: Corrections, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.session, self._corrections = session, corrections
        self._of: StoredRun | None = None
        self._known: Relearnt | None = None  # for its heads, from which the next one starts
        self._learnt_from: Edits | None = None
        self.relearnt: Relearnt | None = None
        self.desk = Desk(session, "Learning from your corrections", self)
        self.words = _NOTHING_YET
        self.desk.succeeded.connect(self._take)
        session.run_changed.connect(self._follow_run)
        corrections.changed.connect(self._follow_corrections)

    @property
    def compared(self) -> Relearnt | None:
        """The answer, if corrections were learnt from."""
        answer = self.relearnt
        return answer if answer is not None and answer.differ else None

    def measure(self) -> None:
        """Learn anew, and compare."""
        self._follow_run()
        stored, corrections, known = self._of, self._corrections, self._known
        if stored is None:
            return

        def task(emit: Emit, token: CancelToken) -> tuple[Edits, Relearnt]:
            edits, _kept = corrections.edits()
            return edits, relearn(edited(corrections.found(), edits), stored, known, emit=emit, token=token)

        self.desk.start(task)

    def _follow_run(self) -> None:
        if self.session.stored is not self._of:
            self._of, self._known, self.relearnt, self.words = self.session.stored, None, None, _NOTHING_YET
            self.desk.stop()
            self.changed.emit()

    def _follow_corrections(self) -> None:
        if self.relearnt is not None and self._holds:
            return  # a label was kept, or something else than a label was changed
        done = self._corrections.done
        corrected = f"{counted(done, 'correction')} so far: see whether the model gets better."
        self.relearnt, self.words = None, (("", corrected) if done else _NOTHING_YET)
        self.changed.emit()

    def _take(self, answer: tuple[Edits, Relearnt]) -> None:
        self._learnt_from, self._known = answer
        if self._holds:
            self.relearnt, self.words = self._known, gain_in_words(self._known)
        else:
            self.relearnt, self.words = None, _OVERTAKEN
        self.changed.emit()

    @property
    def _holds(self) -> bool:
        """Whether what was learnt last was learnt from the labels of now."""
        edits, _kept = self._corrections.edits()
        return edits == self._learnt_from


class GainPanel(QWidget):
    """A button that learns anew, the gain, and what changed in the confusion matrix."""

    def __init__(self, gain: Gain, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._gain = gain
        self._terse = False
        self._figures = TextLabel("", "strong", wrap=True)
        self._changes = TextLabel("", "secondary", wrap=True)
        self._notes = TextLabel("", "secondary", "text2", wrap=True)
        self._again = Button("Train again and compare", "soft", size="small")
        self._matrix = Button("New matrix", size="small")
        self._train = Button("Train for good", size="small")
        set_tooltip(self._matrix, "Show where it goes wrong after the corrections", term="Confusion matrix")
        set_tooltip(self._again, "Learn the last layer anew from the corrected labels, and judge it on the exam photos")
        set_tooltip(self._train, "Train a new run on the corrected photos")
        buttons = FlowLayout()
        for button in (self._again, self._matrix, self._train):
            buttons.addWidget(button)
        buttons.addWidget(QWidget())  # the last item of the layout stands at the right
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE_12)
        for part in (self._figures, self._changes, self._notes):
            column.addWidget(part)
        column.addLayout(buttons)
        self._again.clicked.connect(gain.measure)
        self._matrix.clicked.connect(gain.matrix_requested)
        self._train.clicked.connect(gain.session.train)
        for signal in (gain.changed, gain.desk.changed, gain.session.photos.edited, gain.session.run_changed):
            signal.connect(self._show)
        self._show()

    def set_terse(self, terse: bool) -> None:
        """Leave all but the figures out once there are some, where there is little room."""
        self._terse = terse
        self._show()

    def _show(self) -> None:
        figures, notes = self._gain.words
        self._figures.setText(figures)
        self._figures.setVisible(bool(figures))
        self._notes.setText(notes)
        self._notes.setHidden(self._terse and bool(figures))
        compared = self._gain.compared
        changes = matrix_changes(compared.before, compared.after) if compared is not None else ()
        self._changes.setText("\n".join(changes))
        self._changes.setVisible(bool(changes) and not self._terse)
        self._matrix.setVisible(compared is not None)
        self._again.setEnabled(self._gain.session.stored is not None and not self._gain.desk.busy)
        self._train.setVisible(self._gain.session.photos.project is not None)


class GainAfterCorrections(GainPanel):
    """The same, there only once a label was corrected."""

    def __init__(self, gain: Gain, corrections: Corrections, parent: QWidget | None = None) -> None:
        super().__init__(gain, parent)
        corrections.changed.connect(lambda: self.setVisible(corrections.done > 0))
        gain.session.run_changed.connect(self.hide)
        self.hide()
