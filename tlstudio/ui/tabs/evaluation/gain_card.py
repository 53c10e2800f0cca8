"""What corrections of labels are worth: learn anew in about a second, and compare on the exam photos."""

from PySide6.QtWidgets import QHBoxLayout, QWidget

from tlstudio.runs.store import StoredRun
from tlstudio.ui import theme
from tlstudio.ui.session import Session
from tlstudio.ui.tabs.evaluation.corrections import Corrections
from tlstudio.ui.tabs.evaluation.desk import Desk, DeskBar
from tlstudio.ui.widgets.buttons import Button
from tlstudio.ui.widgets.card import Card
from tlstudio.ui.widgets.labels import TextLabel
from tlstudio.ui.widgets.tooltip import set_tooltip
from tlstudio.ui.words.doubts import gain_in_words
from tlstudio.workflows.relearn import Relearnt, relearn


class GainCard(Card):
    """A button that learns anew, and the gain."""

    def __init__(self, session: Session, corrections: Corrections, parent: QWidget | None = None) -> None:
        super().__init__("What the corrections bring", padding=theme.SPACE_24, parent=parent)
        self._session, self._corrections = session, corrections
        self._stored: StoredRun | None = None
        self._known: Relearnt | None = None
        self._desk = Desk(session, self)
        self._figures = TextLabel("", "strong", wrap=True)
        self._notes = TextLabel("", "secondary", "text2", wrap=True)
        self._again = Button("Train again and compare", "soft", size="small")
        self._train = Button("Train for good", size="small")
        set_tooltip(self._again, "Learn the last layer anew from the corrected labels, and judge it on the exam photos")
        set_tooltip(self._train, "Train a new run on the corrected photos")
        buttons = QHBoxLayout()
        buttons.setSpacing(theme.SPACE_8)
        buttons.addWidget(self._again)
        buttons.addWidget(self._train)
        buttons.addStretch(1)
        for label in (self._figures, self._notes):
            self.body.addWidget(label)
        self.body.addWidget(DeskBar(self._desk))
        self.body.addLayout(buttons)
        self._again.clicked.connect(self._start)
        self._train.clicked.connect(session.train)
        self._desk.succeeded.connect(self._show)
        session.photos.edited.connect(self._offer)
        self._say("", "Correct some labels first; then see here whether the model gets better.")

    def show_run(self, stored: StoredRun | None) -> None:
        """Another run is open."""
        self._stored, self._known = stored, None
        self._desk.stop()
        self._say("", "Correct some labels first; then see here whether the model gets better.")
        self._offer()

    def _offer(self) -> None:
        self._again.setEnabled(self._stored is not None)
        self._train.setVisible(self._session.photos.project is not None)

    def _start(self) -> None:
        stored, dataset, known = self._stored, self._corrections.dataset, self._known
        if stored is not None:
            self._desk.start(lambda emit, token: relearn(dataset(), stored, known, emit=emit, token=token))

    def _show(self, relearnt: Relearnt) -> None:
        self._known = relearnt
        self._say(*gain_in_words(relearnt))

    def _say(self, figures: str, notes: str) -> None:
        self._figures.setText(figures)
        self._figures.setVisible(bool(figures))
        self._notes.setText(notes)
