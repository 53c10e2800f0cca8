"""The sheet before a run is trained on: which phases are to follow."""

from collections.abc import Callable
from contextlib import suppress
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from tlstudio.errors import TLStudioError
from tlstudio.modeling.summary.summary import HEAD, blocks, summarize
from tlstudio.runs.continuation import continued, phases_left
from tlstudio.runs.run import Run
from tlstudio.training.config import Phase
from tlstudio.training.fitting import require_fitting
from tlstudio.ui import theme
from tlstudio.ui.tabs.model.choice_card import scrolled
from tlstudio.ui.tabs.model.layers.edit_history import EditHistory
from tlstudio.ui.tabs.model.layers.undo_keys import UndoKeys
from tlstudio.ui.tabs.model.learning.phase_editor import PhaseEditor
from tlstudio.ui.tabs.model.learning.phase_lines import Surroundings
from tlstudio.ui.widgets.buttons import Button
from tlstudio.ui.widgets.labels import TextLabel
from tlstudio.ui.widgets.sheet import Sheet
from tlstudio.ui.widgets.tooltip import set_tooltip
from tlstudio.wording import counted

_SIZE: Final = (760, 520)
_RESET: Final = ("Back to what was left", "The phases that were offered at first")


class TrainOnSheet(Sheet):
    """What the run has done, in words, and the phases to come as a list that can be changed.

    Attributes:
        wanted: Carries the phases to train on with.
    """

    wanted = Signal(object)

    def __init__(self, run: Run, parent: QWidget | None = None) -> None:
        super().__init__("Train on", parent)
        self._run, self._left = run, phases_left(run)
        self._around = _surroundings(run)
        self._history: EditHistory[tuple[Phase, ...]] = EditHistory(self._left)
        self._phases = PhaseEditor()
        self._problem = TextLabel("", "secondary", "wrong", wrap=True)
        self._begin = Button("Train on", "filled")
        self._build()
        self._connect()
        self._show()
        self._phases.open_first()

    def _build(self) -> None:
        page = UndoKeys()
        inner = QVBoxLayout(page)
        inner.setContentsMargins(0, 0, theme.SPACE_12, 0)
        inner.addWidget(self._phases)
        inner.addStretch(1)
        page.undo_pressed.connect(lambda: self._step(self._history.undo))
        page.redo_pressed.connect(lambda: self._step(self._history.redo))
        area = scrolled(page)
        self._phases.seen.connect(lambda row: area.ensureWidgetVisible(row, 0, theme.SPACE_8))
        self._begin.setDefault(True)
        self.column.addWidget(TextLabel(_done_words(self._run), "text", "text2", wrap=True))
        self.column.addWidget(area, 1)
        self.column.addWidget(self._problem)
        self.add_foot(self.cancel_button("Leave the run as it is"), self._begin)
        self.resize(*_SIZE)

    def _connect(self) -> None:
        self._phases.edited.connect(self._edit)
        self._phases.reset_wanted.connect(lambda: self._edit(self._left))
        self._phases.undone.connect(lambda: self._step(self._history.undo))
        self._phases.redone.connect(lambda: self._step(self._history.redo))
        self._begin.clicked.connect(self._accept_phases)

    def _edit(self, phases: tuple[Phase, ...], merge: str = "") -> None:
        self._history.push(phases, merge)
        self._show()

    def _step(self, step: Callable[[], tuple[Phase, ...]]) -> None:
        step()
        self._show()

    def _accept_phases(self) -> None:
        self.accept()
        self.wanted.emit(self._history.value)

    def _show(self) -> None:
        phases, history = self._history.value, self._history
        self._phases.show_phases(phases, self._around, can_undo=history.can_undo, can_redo=history.can_redo)
        self._phases.set_reset(*_RESET, offered=phases != self._left)
        problem = _problem(self._run, phases)
        self._problem.setText(problem)
        self._problem.setVisible(bool(problem))
        self._begin.setEnabled(not problem)
        set_tooltip(
            self._begin, problem or "Begin; the run that you have stays as it is", key="" if problem else "Enter"
        )


def _done_words(run: Run) -> str:
    """What is gone on from, in sentences."""
    rounds = counted(len(run.history.epochs), "round")
    stopped = " before it was stopped" if run.status == "stopped" else ""
    return (
        f"“{run.name}” has learnt for {rounds}{stopped}. Its best round goes on learning, from the same photos, as a "
        "run of its own: curves and rounds begin with those of this one."
    )


def _problem(run: Run, phases: tuple[Phase, ...]) -> str:
    """Why it can't be trained on with these phases; "" if it can."""
    try:
        require_fitting(run.spec, continued(run, phases))
    except TLStudioError as error:
        return f"{error.message} {error.hint}".rstrip()
    return ""


def _surroundings(run: Run) -> Surroundings:
    """What the phases are for."""
    n_train, done = len(run.split.train), run.config.phases[: len(run.history.phases)]
    with suppress(TLStudioError):  # of a network that nobody can summarize, layers are typed by name
        summary = summarize(run.spec, len(run.classes))
        names = tuple(layer.name for layer in summary.layers if layer.block != HEAD)
        return Surroundings(run.spec, blocks(summary), names, run.classes, n_train, done)
    return Surroundings(run.spec, classes=run.classes, photos=n_train, done=done)
