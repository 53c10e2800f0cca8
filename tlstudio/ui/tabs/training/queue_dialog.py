"""The dialog that trains several networks or presets one after the other, beside the window."""

from typing import Final

from PySide6.QtWidgets import QHBoxLayout, QWidget

from tlstudio.events import CancelToken, Emit
from tlstudio.modeling.architectures import ARCHITECTURES
from tlstudio.modeling.backbones import BACKBONES
from tlstudio.modeling.weights import at_hand
from tlstudio.presets.shelf import own_presets, shipped_presets
from tlstudio.training.recipes import spec_for
from tlstudio.ui import theme
from tlstudio.ui.choices import Choices
from tlstudio.ui.session import Session
from tlstudio.ui.tabs.quiet_job import QuietJob
from tlstudio.ui.tabs.training.queue_table import QueueTable
from tlstudio.ui.tabs.training.training_queue import Candidate, TrainingQueue
from tlstudio.ui.widgets.buttons import Button
from tlstudio.ui.widgets.fields import ComboBox
from tlstudio.ui.widgets.labels import TextLabel
from tlstudio.ui.widgets.sheet import Sheet
from tlstudio.ui.widgets.tooltip import set_tooltip

_SIZE: Final = (860, 480)
_LOOKING: Final = "Looking at what is on this computer"
_WHAT: Final = (
    "Each learns from the same photos and is judged on the same ones, so their figures can be compared. Each is a run "
    "of its own. You can close this window and go on watching in the Training tab."
)


class QueueDialog(Sheet):
    """What is to be trained, and the table of what came of it."""

    def __init__(self, session: Session, queue: TrainingQueue, parent: QWidget | None = None) -> None:
        super().__init__("Train several", parent, modal=False)
        self._session, self._queue = session, queue
        self._candidates: list[Candidate] = []
        self._what = ComboBox([(_LOOKING, None)])
        self._add = Button("Add", "outline")
        self._table = QueueTable()
        self._remove = Button("Remove", "text")
        self._stop_one = Button("Stop this one", "outline")
        self._stop_all = Button("Stop all", "outline")
        self._start = Button("Train them", "filled")
        self._note = TextLabel("", "secondary", "text2", wrap=True)
        self._build()
        self._connect()
        self._show()
        self._looking = QuietJob(session, self)
        self._looking.succeeded.connect(self._offer)
        present = session.choices
        self._looking.start(lambda emit, token: _candidates(present, emit, token))

    def _build(self) -> None:
        self._what.setAccessibleName("What to add")
        for widget, tip in (
            (self._what, "Networks on this computer, networks from scratch, and presets"),
            (self._add, "Put it at the end of the table"),
            (self._remove, "Take the selected line out of the table"),
            (self._stop_one, "Stop what learns now, keep its best, and go on with the next"),
            (self._stop_all, "Stop what learns now, keep its best, and leave out the rest"),
            (self._start, "Train everything that waits, one after the other"),
        ):
            set_tooltip(widget, tip)
        for button in (self._stop_one, self._stop_all, self._start):
            button.setAutoDefault(False)
        self._add.setDefault(True)
        choose = QHBoxLayout()
        choose.setSpacing(theme.SPACE_12)
        choose.addWidget(self._what, 1)
        choose.addWidget(self._add)
        self.column.addWidget(TextLabel(_WHAT, "text", "text2", wrap=True))
        self.column.addLayout(choose)
        self.column.addWidget(self._table, 1)
        self.column.addWidget(self._note)
        self.add_foot(self._stop_one, self._stop_all, self._start, left=(self._remove,))
        self.resize(*_SIZE)

    def _connect(self) -> None:
        self._add.clicked.connect(self._add_chosen)
        self._remove.clicked.connect(self._remove_selected)
        self._start.clicked.connect(self._queue.start)
        self._stop_one.clicked.connect(self._queue.stop_one)
        self._stop_all.clicked.connect(self._queue.stop_all)
        self._queue.changed.connect(self._show)
        self._table.selectionModel().currentRowChanged.connect(lambda *_: self._show_buttons())
        for signal in (self._session.training_ended, self._session.photos.changed):
            signal.connect(self._show_buttons)

    def _offer(self, candidates: list[Candidate]) -> None:
        self._candidates = candidates
        self._what.clear()
        for number, candidate in enumerate(candidates):
            self._what.addItem(candidate.name, number)
        self._show_buttons()

    def _add_chosen(self) -> None:
        if 0 <= self._what.currentIndex() < len(self._candidates):
            self._queue.add(self._candidates[self._what.currentIndex()])

    def _remove_selected(self) -> None:
        place = self._table.selected()
        if place is not None:
            self._queue.remove(place)

    def _show(self) -> None:
        self._table.set_rows(self._queue.rows)
        self._show_buttons()

    def _show_buttons(self) -> None:
        queue, place = self._queue, self._table.selected()
        obstacle = queue.obstacle if queue.waiting and not queue.running else ""
        chosen = place is not None and place < len(queue.rows) and queue.rows[place].state != "running"
        self._add.setEnabled(bool(self._candidates))
        self._remove.setEnabled(chosen)
        self._start.setEnabled(queue.waiting and not queue.running and not obstacle)
        self._stop_one.setEnabled(queue.running)
        self._stop_all.setEnabled(queue.running)
        self._note.setText(obstacle)
        self._note.setVisible(bool(obstacle))


def _candidates(present: Choices, _emit: Emit, _token: CancelToken) -> list[Candidate]:
    """What can be added: the present choices, what is on this computer, and the presets."""
    ready = [(entry.title, entry.name) for entry in BACKBONES if at_hand(entry, entry.input_size)]
    scratch = [(entry.title, entry.name) for entry in ARCHITECTURES]
    networks = [Candidate(title, present.with_spec(spec_for(name))) for title, name in (*ready, *scratch)]
    presets = [
        Candidate(f"Preset {preset.name}", present.with_setup(preset.setup()))
        for preset in (*own_presets().presets, *shipped_presets())
    ]
    return [Candidate(f"{present.title}, as chosen now", present), *networks, *presets]
