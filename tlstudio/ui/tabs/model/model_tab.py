"""The Model tab: which network learns, and how."""

import json
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QSettings
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from tlstudio.errors import TLStudioError
from tlstudio.modeling.architectures import Architecture, architecture_of, feature_shape, table_of
from tlstudio.modeling.layer_file import layers_json, read_layers
from tlstudio.modeling.layer_table import Shape
from tlstudio.modeling.spec import BARE_HEAD, OWN, HeadSpec, ModelSpec
from tlstudio.modeling.summary.summary import HEAD
from tlstudio.training.config import Phase
from tlstudio.training.recipes import spec_for, usual_head
from tlstudio.ui import theme
from tlstudio.ui.choices import Choices
from tlstudio.ui.session import REPRODUCIBLE, Session
from tlstudio.ui.tabs.model import model_facts
from tlstudio.ui.tabs.model.check_up.check_up_page import CheckUpPage
from tlstudio.ui.tabs.model.choice_card import ChoiceCard, ChoicePage, scrolled
from tlstudio.ui.tabs.model.chosen_network import ChosenNetwork, chosen_network, cut_at, refined_from
from tlstudio.ui.tabs.model.cut_card import CutCard
from tlstudio.ui.tabs.model.head.head_page import HeadPage
from tlstudio.ui.tabs.model.layers.layers_page import Draft, LayersPage
from tlstudio.ui.tabs.model.learning.learning_page import LearningPage, Repetition
from tlstudio.ui.tabs.model.learning.phase_lines import Surroundings
from tlstudio.ui.tabs.model.learning.rate_sheet import RateSheet
from tlstudio.ui.tabs.model.model_cards import OWN_FILE, LearntCard, RecommendationCard, RecommendedFacts
from tlstudio.ui.tabs.model.network_picker import NetworkPicker
from tlstudio.ui.tabs.model.picture_card import PictureCard
from tlstudio.ui.tabs.model.presets.presets_page import PresetsPage
from tlstudio.ui.tabs.model.weights.fit_sheet import FILE_FILTER, FitSheet
from tlstudio.ui.tabs.model.weights.weights_dialog import WeightsDialog
from tlstudio.ui.tabs.saving import save
from tlstudio.ui.tabs.tab import Tab
from tlstudio.ui.widgets.buttons import Button
from tlstudio.ui.widgets.next_step_bar import NextStep
from tlstudio.ui.widgets.scroll_column import GUTTER, ScrollColumn
from tlstudio.ui.widgets.tab_strip import TabState
from tlstudio.ui.widgets.thumbnails import ThumbnailCache
from tlstudio.ui.widgets.tooltip import set_tooltip
from tlstudio.whole_files import write_whole

_RIGHT: Final = (420, 520)
_WIDE_FROM: Final = 1320
_LOW: Final = 680


class ModelTab(Tab):
    """Recommendation and own choice at the left; picture and what will be learnt at the right."""

    def __init__(self, session: Session, thumbnails: ThumbnailCache, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self._recommendation = RecommendationCard()
        self._own_file = Button("Use my own weights file", "text", size="small")
        self._change_layers = Button("Change its layers", "text", size="small")
        self._show_weights = Button("Weights", "text", size="small")
        self._networks = NetworkPicker(
            session, self._own_network, _side_by_side(self._show_weights, self._own_file, self._change_layers)
        )
        self._weights = WeightsDialog(session, self)
        self._check_up = CheckUpPage(session, thumbnails)
        self._head_page = HeadPage()
        self._layers_page = LayersPage()
        self._learning_page = LearningPage()
        self._picture = PictureCard(thumbnails)
        self._learnt = LearntCard()
        self._cut = CutCard()
        self._choice = ChoiceCard(self._choice_pages())
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
        title = choices.title
        title += ", recommended" if choices.recommended else ", your choice"
        obstacle = self.session.obstacle
        return NextStep(title, obstacle or self._promise(), "Train", enabled=not obstacle)

    def take_action(self) -> None:
        """Train."""
        self.session.train()

    def _promise(self) -> str:
        choices = self.session.choices
        words = f"Learns your {self._n_classes()} classes"
        words += " first, then refines." if choices.refines else "."
        if model_facts.needs_download(choices.spec):
            amount = model_facts.megabytes(model_facts.entry_of(choices.spec))
            words += f" {model_facts.written_megabytes(amount)} are downloaded before."
        return f"{words} {model_facts.warning_line(choices.spec, self._n_classes())}".rstrip()

    # Building

    def _build(self) -> None:
        self._columns = QHBoxLayout(self)
        left = QVBoxLayout()
        left.setSpacing(theme.SPACE_16)
        left.addWidget(self._recommendation)
        left.addWidget(self._choice, 1)
        left.addStretch(0)
        self._left = left
        self._right = ScrollColumn("What the network does")
        self._right.body.addWidget(self._picture)
        self._right.body.addWidget(self._learnt)
        self._right.body.addWidget(self._cut)
        self._right.body.addStretch(1)
        self._columns.addLayout(left, 1)
        self._columns.addWidget(self._right)

    def _choice_pages(self) -> tuple[ChoicePage, ...]:
        """What is behind "Choose myself": another page is another entry here."""
        return (
            ChoicePage("network", "Network", "which network learns", self._networks),
            ChoicePage("head", "Last layers", "what turns its finds into an answer", self._head_page),
            ChoicePage("layers", "Layers", "the layers of a network from scratch", self._layers_page),
            ChoicePage("learning", "Learning", "how long and how far it learns, phase by phase", self._learning_page),
            ChoicePage("presets", "Presets", "network, training and shares all at once", PresetsPage(self.session)),
            ChoicePage("check_up", "Check-up", "what networks see in your photos", scrolled(self._check_up)),
        )

    def _connect(self) -> None:
        session = self.session
        for signal in (session.choices_changed, session.photos.changed, session.training_ended):
            signal.connect(self._show)
        # Apart: it asks the disk for every file of weights, and other photos change none of them.
        for signal in (session.choices_changed, session.training_ended):
            signal.connect(self._refresh_networks)
        session.runner.busy_changed.connect(lambda *_: self.changed.emit())
        self._recommendation.reset.connect(session.recommend)
        self._choice.toggled.connect(self._arrange)
        self._networks.chosen.connect(self._choose_network)
        self._own_file.clicked.connect(self._choose_file)
        set_tooltip(self._show_weights, "What is on this computer, what can be downloaded, and deleting it")
        self._show_weights.clicked.connect(self._weights.show)
        self._check_up.weights_wanted.connect(self._weights.show_for_check_up)
        self._weights.files_changed.connect(self._refresh_networks)
        self._weights.files_changed.connect(self._check_up.refresh)
        set_tooltip(self._change_layers, "Add, remove and set its layers: that makes a network of your own")
        self._change_layers.clicked.connect(lambda: self._choice.show_page("layers"))
        self._head_page.edited.connect(self._choose_head)
        self._layers_page.edited.connect(self._choose_layers)
        self._layers_page.opening.connect(self._open_layers)
        self._layers_page.saving.connect(self._save_layers)
        self._learning_page.edited.connect(self._choose_phases)
        self._learning_page.repetition_edited.connect(self._choose_repetition)
        self._learning_page.answer_wanted.connect(lambda: self._choice.show_page("head"))
        self._learning_page.rate_wanted.connect(self._find_rate)
        session.learning_requested.connect(self._show_learning)
        self._learnt.size_chosen.connect(lambda size: self._choose(lambda spec: spec.with_input_size(size)))
        self._learnt.pixels_chosen.connect(
            lambda pixels: self._choose(lambda spec: replace(spec, preprocessing=pixels))
        )
        self._learnt.weights_chosen.connect(self._choose_weights)
        self._picture.refine_chosen.connect(self._refine_from)
        for cutting in (self._picture.cut_chosen, self._cut.cut_chosen):
            cutting.connect(lambda layer: session.set_choices(cut_at(session.choices, layer)))

    # Choosing

    def _choose(self, change: Callable[[ModelSpec], ModelSpec], *, typing: bool = False) -> None:
        choices = self.session.choices
        spec = change(choices.spec)
        if spec != choices.spec:
            self.session.set_choices(choices.with_spec(spec), typing=typing)

    def _choose_network(self, name: str) -> None:
        choices = self.session.choices
        if name == choices.spec.backbone:
            return
        own = self.session.own_network
        if name == OWN and own is not None:
            self.session.set_choices(replace(choices.with_spec(own.spec), made_from=own.made_from))
            return
        head = None if choices.spec.head == _usual_head(choices) else choices.spec.head
        self._choose(lambda _: spec_for(name, head=head))

    def _choose_weights(self, weights: str) -> None:
        if weights == OWN_FILE:
            self._choose_file()
        else:
            self._choose(lambda spec: replace(spec, weights=weights))

    def _choose_file(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self, "Choose a weights file in Keras's layout", "", FILE_FILTER)
        if path:
            sheet = FitSheet(self.session, self.session.choices.spec.backbone, self)
            sheet.file_accepted.connect(lambda _name, file: self._choose(lambda spec: replace(spec, weights=file)))
            sheet.open()
            sheet.check(path)
        self._show()  # the box goes back to what is in force

    def _choose_head(self, head: HeadSpec, typing: bool) -> None:
        self._choose(lambda spec: replace(spec, head=head), typing=typing)

    def _choose_layers(self, draft: Draft, typing: bool) -> None:
        choices = self.session.choices
        name, layers = (OWN, draft.table) if draft.changed else (draft.origin, None)
        spec = replace(
            choices.spec, backbone=name, weights="none", input_size=draft.table.side, cut_layer=None, layers=layers
        )
        made_from = draft.origin if layers else ""
        self.session.set_choices(replace(choices.with_spec(spec), made_from=made_from), typing=typing)

    def _open_layers(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self, "Open a network", "", "Layers (*.json)")
        if not path:
            return
        try:
            table = read_layers(Path(path))
        except TLStudioError as error:
            self.session.report_failure("layers", error)
        else:
            self.session.withdrawn.emit("layers")
            self._layers_page.open_table(table)

    def _save_layers(self) -> None:
        table = table_of(self.session.choices.spec)
        path, _ = QFileDialog.getSaveFileName(self, "Save the layers", "network.json", "Layers (*.json)")
        if path and table is not None:
            contents = json.dumps(layers_json(table), indent=2, ensure_ascii=False)
            save(self.session, "layers", partial(_write, Path(path), contents), "The layers are saved.")

    def _refine_from(self, layer: str) -> None:
        self.session.set_choices(refined_from(self.session.choices, layer))

    def _choose_phases(self, phases: tuple[Phase, ...], typing: bool) -> None:
        self.session.set_choices(self.session.choices.with_phases(phases), typing=typing)

    def _choose_repetition(self, wanted: Repetition) -> None:
        session = self.session
        if wanted.seed != session.choices.seed:
            session.photos.set_split(replace(session.photos.split_config, seed=wanted.seed))
        QSettings().setValue(REPRODUCIBLE, wanted.reproducible)
        session.set_choices(replace(session.choices, seed=wanted.seed, reproducible=wanted.reproducible))

    def _find_rate(self, phase: int) -> None:
        sheet = RateSheet(self.session, phase, self)
        sheet.accepted_rate.connect(lambda rate: self._learning_page.set_rate(phase, rate))
        sheet.open()
        sheet.start()

    def _show_learning(self) -> None:
        self._choice.set_open(True)
        self._choice.show_page("learning")

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
        self._own_file.setHidden(scratch)
        self._change_layers.setHidden(not scratch)
        set_tooltip(
            self._own_file,
            f"A file with the weights of {entry.title} without its last layer (“no top”), as Keras saves it",
        )
        self._show_layers(choices)
        dataset = self.session.photos.dataset
        photo = dataset.absolute(dataset.samples[0].path) if dataset and dataset.samples else None
        network = chosen_network(choices, self._n_classes())
        self._learning_page.show_choices(choices, self._surroundings(network))
        self._picture.show_network(choices, network, photo, dataset.classes if dataset else ())
        self._cut.show_network(network, usual=not choices.spec.cut_layer)
        self._learnt.show_choices(choices, self._n_classes())
        self._arrange()
        self.changed.emit()

    def _show_layers(self, choices: Choices) -> None:
        spec, table = choices.spec, table_of(choices.spec)
        self._head_page.show_head(spec.head, _usual_head(choices), self._feature_shape(), self._n_classes())
        self._choice.set_offered("layers", table is not None)
        if table is not None:
            self._layers_page.show_network(Draft(table, choices.made_from if spec.layers else spec.backbone))

    def _feature_shape(self) -> Shape | None:
        """What the last layers read; None where only the built network knows."""
        return feature_shape(self.session.choices.spec)

    def _own_network(self) -> Architecture | None:
        """The network that the person put together: the chosen one, or the last before another was chosen."""
        choices = self.session.own_network
        own = architecture_of(choices.spec) if choices is not None else None
        return replace(own, title=choices.title) if own is not None and choices is not None else None

    def _refresh_networks(self) -> None:
        """Have the table say what is chosen; one that nobody sees does so when it is shown."""
        if self._networks.isVisible():
            self._networks.refresh()

    def _why(self) -> str:
        choices, dataset = self.session.choices, self.session.photos.dataset
        # The starter network is told with its figures, however it was chosen.
        if choices.spec.weights == "bundled" and choices.recommended and dataset is not None and dataset.samples:
            return f"{choices.why.partition('. ')[0].rstrip('.')}. {model_facts.better_words()}"
        first = (choices.spec.weights != "bundled" and choices.why) or model_facts.knowledge_words(choices.spec)
        if dataset is not None and choices.recommended and first == choices.why:
            return first
        if dataset is None or not dataset.samples:
            return f"{first} Open a folder of photos, and it learns their classes."
        return f"{first} From your {len(dataset.samples):,} photos it learns the {self._n_classes()} classes."

    def _facts(self) -> RecommendedFacts:
        choices = self.session.choices
        size = choices.spec.input_size
        rounds = model_facts.rounds_words(choices.config())
        speed = model_facts.speed_words(choices.spec)
        return RecommendedFacts(model_facts.place_words(choices.spec), f"{size} × {size} pixels", speed, rounds)

    def _surroundings(self, network: ChosenNetwork) -> Surroundings:
        """What the phases are for."""
        photos, layers = self.session.photos, network.summary.layers if network.summary else ()
        return Surroundings(
            self.session.choices.spec,
            network.blocks,
            tuple(layer.name for layer in layers if layer.block != HEAD),
            tuple(photos.dataset.classes) if photos.dataset else (),
            len(photos.split.train) if photos.split else 0,
        )

    def _n_classes(self) -> int:
        return len(self.session.photos.dataset.classes) if self.session.photos.dataset else 0

    def _arrange(self) -> None:
        """Closed, the recommendation and the picture are all there is."""
        is_open = self._choice.open
        self._learnt.setVisible(is_open)
        self._cut.setVisible(is_open)
        self._left.setStretch(1, 1 if is_open else 0)
        self._left.setStretch(2, 0 if is_open else 1)
        self._recommendation.set_brief(is_open and self.height() < _LOW)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Narrower margins and right column where there is little room."""
        super().resizeEvent(event)
        wide = event.size().width() >= _WIDE_FROM
        self._recommendation.set_brief(self._choice.open and event.size().height() < _LOW)
        margin = theme.SPACE_24 if wide else theme.SPACE_16
        self._columns.setContentsMargins(margin, margin, margin - GUTTER, margin)
        self._columns.setSpacing(margin)
        self._right.set_card_width(_RIGHT[1] if wide else _RIGHT[0])


def _usual_head(choices: Choices) -> HeadSpec:
    """The head that the network comes with: another network brings its own, while one that was chosen stays."""
    if choices.spec.layers is None:
        return usual_head(choices.spec.backbone)
    return usual_head(choices.made_from) if choices.made_from else BARE_HEAD


def _side_by_side(*widgets: QWidget) -> QWidget:
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(theme.SPACE_12)
    for widget in widgets:
        row.addWidget(widget)
    return holder


def _write(path: Path, contents: str) -> Path:
    write_whole(path, contents.encode())
    return path
