"""The Model tab: which network learns, and how."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from tlstudio.modeling.architectures import Architecture
from tlstudio.modeling.spec import HeadSpec, ModelSpec
from tlstudio.training.recipes import spec_for, usual_head
from tlstudio.ui import theme
from tlstudio.ui.session import REPRODUCIBLE, Session
from tlstudio.ui.tabs.model import model_facts
from tlstudio.ui.tabs.model.choice_pages import HeadPage, RefiningPage, Schedule
from tlstudio.ui.tabs.model.model_cards import OWN_FILE, LearntCard, PictureCard, RecommendationCard
from tlstudio.ui.tabs.model.network_picker import NetworkPicker
from tlstudio.ui.tabs.tab import Tab
from tlstudio.ui.widgets.buttons import Button
from tlstudio.ui.widgets.card import Card
from tlstudio.ui.widgets.disclosure import Disclosure
from tlstudio.ui.widgets.next_step_bar import NextStep
from tlstudio.ui.widgets.scroll_column import GUTTER, ScrollColumn
from tlstudio.ui.widgets.segmented import Segmented
from tlstudio.ui.widgets.tab_strip import TabState
from tlstudio.ui.widgets.thumbnails import ThumbnailCache
from tlstudio.ui.widgets.tooltip import set_tooltip

"""Setting: whether trainings are to repeat exactly, and so whether TensorFlow has to start with one thread."""

_RIGHT: Final = (420, 520)
_WIDE_FROM: Final = 1320


class ModelTab(Tab):
    """Recommendation and own choice at the left; picture and what will be learnt at the right."""

    def __init__(self, session: Session, thumbnails: ThumbnailCache, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self._recommendation = RecommendationCard()
        self._own_file = Button("Use my own weights file", "text", size="small")
        self._networks = NetworkPicker(session, self._own_file)
        self._head_page = HeadPage()
        self._refining_page = RefiningPage()
        self._picture = PictureCard(thumbnails)
        self._learnt = LearntCard()
        self._pages = QStackedWidget()
        self._parts = Segmented(
            [("network", "Network"), ("head", "Last layers"), ("refining", "Refining")], "What to choose"
        )
        self._disclosure = Disclosure("Choose myself", "model")
        self._build()
        self._connect()
        self._remember()
        self._networks.refresh()
        self._show()

    # What the window asks

    def state(self) -> TabState:
        """Recommended or chosen; done as soon as there are photos for it."""
        words = "Recommended" if self.session.choices.recommended else "Your choice"
        return TabState("done" if self.session.photos.trainable else "number", words)

    def next_step(self) -> NextStep:
        """Train, or what is missing for it."""
        choices = self.session.choices
        title = model_facts.entry_of(choices.spec).title
        title += ", recommended" if choices.recommended else ", your choice"
        obstacle = self.session.obstacle
        return NextStep(title, obstacle or self._promise(), "Train", enabled=not obstacle)

    def take_action(self) -> None:
        """Train."""
        self.session.train()

    def _promise(self) -> str:
        choices = self.session.choices
        words = f"Learns your {self._n_classes()} classes"
        words += " first, then refines." if choices.fine_tune_epochs else "."
        if model_facts.needs_download(choices.spec):
            amount = model_facts.megabytes(model_facts.entry_of(choices.spec))
            words += f" {model_facts.written_megabytes(amount)} are downloaded before."
        return words

    # Building

    def _build(self) -> None:
        self._columns = QHBoxLayout(self)
        left = QVBoxLayout()
        left.setSpacing(theme.SPACE_16)
        left.addWidget(self._recommendation)
        left.addWidget(self._choice_card(), 1)
        left.addStretch(0)
        self._left = left
        self._right = ScrollColumn("What the network does")
        self._right.body.addWidget(self._picture)
        self._right.body.addWidget(self._learnt)
        self._right.body.addStretch(1)
        self._columns.addLayout(left, 1)
        self._columns.addWidget(self._right)

    def _choice_card(self) -> Card:
        for page in (self._networks, _scrolled(self._head_page), _scrolled(self._refining_page)):
            self._pages.addWidget(page)
        set_tooltip(self._parts, "The network itself, the layers after it, or how long and how far it learns")
        self._disclosure.add_beside_title(self._parts)
        self._disclosure.body.addWidget(self._pages, 1)
        card = Card()
        card.body.addWidget(self._disclosure, 1)
        card.setAccessibleName("Choose myself")
        return card

    def _connect(self) -> None:
        session = self.session
        for signal in (session.choices_changed, session.photos.changed, session.training_ended):
            signal.connect(self._show)
        # Apart: it asks the disk for every file of weights, and other photos change none of them.
        for signal in (session.choices_changed, session.training_ended):
            signal.connect(self._networks.refresh)
        session.runner.busy_changed.connect(lambda *_: self.changed.emit())
        self._recommendation.reset.connect(session.recommend)
        self._disclosure.toggled.connect(self._arrange)
        self._parts.changed.connect(lambda key: self._pages.setCurrentIndex(("network", "head", "refining").index(key)))
        self._networks.chosen.connect(self._choose_network)
        self._own_file.clicked.connect(self._choose_file)
        self._head_page.edited.connect(self._choose_head)
        self._refining_page.edited.connect(self._choose_schedule)
        self._learnt.size_chosen.connect(lambda size: self._choose(lambda spec: spec.with_input_size(size)))
        self._learnt.weights_chosen.connect(self._choose_weights)

    # Choosing

    def _choose(self, change: Callable[[ModelSpec], ModelSpec]) -> None:
        choices = self.session.choices
        spec = change(choices.spec)
        if spec != choices.spec:
            self.session.set_choices(choices.with_spec(spec))

    def _choose_network(self, name: str) -> None:
        if name != self.session.choices.spec.backbone:
            self._choose(lambda spec: spec_for(name, head=None if _has_usual_head(spec) else spec.head))

    def _choose_weights(self, weights: str) -> None:
        if weights == OWN_FILE:
            self._choose_file()
        else:
            self._choose(lambda spec: replace(spec, weights=weights))

    def _choose_file(self) -> None:
        path, _ = QFileDialog.getOpenFileName(
            self, "Choose a weights file in Keras's layout", "", "Weights of Keras (*.h5 *.hdf5)"
        )
        if path:
            self._choose(lambda spec: replace(spec, weights=path))
        self._show()  # the box goes back to what is in force

    def _choose_head(self, head: HeadSpec) -> None:
        self._choose(lambda spec: replace(spec, head=head))

    def _choose_schedule(self, schedule: Schedule) -> None:
        session = self.session
        if schedule.seed != session.choices.seed:
            session.photos.set_split(replace(session.photos.split_config, seed=schedule.seed))
        QSettings().setValue(REPRODUCIBLE, schedule.reproducible)
        session.set_choices(schedule.apply(session.choices))

    def _remember(self) -> None:
        """A repeatable training needs a new start of the program, so this choice has to survive it."""
        if QSettings().value(REPRODUCIBLE, False, type=bool) is True and not self.session.choices.reproducible:
            self.session.set_choices(replace(self.session.choices, reproducible=True))

    # Showing

    def _show(self) -> None:
        choices = self.session.choices
        self._recommendation.show_choices(choices, self._why(), self._facts())
        entry = model_facts.entry_of(choices.spec)
        scratch = isinstance(entry, Architecture)
        self._own_file.setEnabled(not scratch)
        set_tooltip(
            self._own_file,
            f"{entry.title} always starts without knowledge: choose another network first"
            if scratch
            else f"A file with the weights of {entry.title} without its last layer (“no top”), as Keras saves it",
        )
        self._head_page.show_head(choices.spec.head)
        self._refining_page.show_choices(choices, "" if isinstance(entry, Architecture) else entry.unfreeze_from)
        dataset = self.session.photos.dataset
        photo = dataset.absolute(dataset.samples[0].path) if dataset and dataset.samples else None
        self._picture.show_network(choices, photo, dataset.classes if dataset else ())
        self._learnt.show_choices(choices, self._n_classes())
        self._arrange()
        self.changed.emit()

    def _why(self) -> str:
        choices, dataset = self.session.choices, self.session.photos.dataset
        # The starter network is told with its figures, however it was chosen.
        first = (choices.spec.weights != "bundled" and choices.why) or model_facts.knowledge_words(choices.spec)
        if dataset is None or not dataset.samples:
            return f"{first} Open a folder of photos, and it learns their classes."
        return f"{first} From your {len(dataset.samples):,} photos it learns the {self._n_classes()} classes."

    def _facts(self) -> tuple[str, str, str]:
        choices = self.session.choices
        size = choices.spec.input_size
        rounds = model_facts.rounds_words(choices.config())
        return model_facts.place_words(choices.spec), f"{size} × {size} pixels", rounds

    def _n_classes(self) -> int:
        return len(self.session.photos.dataset.classes) if self.session.photos.dataset else 0

    def _arrange(self) -> None:
        """Closed, the recommendation and the picture are all there is."""
        is_open = self._disclosure.open
        self._learnt.setVisible(is_open)
        self._left.setStretch(1, 1 if is_open else 0)
        self._left.setStretch(2, 0 if is_open else 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Narrower margins and right column where there is little room."""
        super().resizeEvent(event)
        wide = event.size().width() >= _WIDE_FROM
        margin = theme.SPACE_24 if wide else theme.SPACE_16
        self._columns.setContentsMargins(margin, margin, margin - GUTTER, margin)
        self._columns.setSpacing(margin)
        self._right.set_card_width(_RIGHT[1] if wide else _RIGHT[0])


def _has_usual_head(spec: ModelSpec) -> bool:
    """Whether a network has the head that it comes with: an own choice stays with another network, this doesn't."""
    return spec.head == usual_head(spec.backbone)


def _scrolled(widget: QWidget) -> QScrollArea:
    """``widget``, scrolled up and down where it doesn't fit."""
    area = QScrollArea()
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    widget.setProperty("scrolled", "true")
    area.setWidget(widget)
    return area
