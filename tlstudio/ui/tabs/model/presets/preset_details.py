"""All there is to say of one preset."""

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from tlstudio.ui import theme
from tlstudio.ui.widgets.labels import TextLabel
from tlstudio.ui.words import presets as words
from tlstudio.workflows.list_presets import PresetEntry


class PresetDetails(QScrollArea):
    """Title and purpose over what it sets, where it comes from, and what is not as there."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("About the preset")
        self._labels: list[TextLabel] = []
        body = QWidget()
        body.setProperty("scrolled", "true")
        self._column = QVBoxLayout(body)
        self._column.setContentsMargins(0, 0, theme.SPACE_12, 0)
        self._column.setSpacing(theme.SPACE_4)
        self._column.addStretch(1)
        self.setWidget(body)

    def show_entry(self, entry: PresetEntry | None) -> None:
        """Show a preset; nothing for None."""
        for label in self._labels:
            self._column.removeWidget(label)
            label.deleteLater()
        self._labels = list(_labels(entry)) if entry else []
        for place, label in enumerate(self._labels):
            self._column.insertWidget(place, label)
        self.verticalScrollBar().setValue(0)


def _labels(entry: PresetEntry) -> Iterator[TextLabel]:
    preset, setup = entry.preset, entry.setup
    yield TextLabel(preset.title, "title", wrap=True)
    if preset.purpose:
        yield TextLabel(preset.purpose, "text", wrap=True)
    yield TextLabel(_needs(entry), "secondary", "text2", wrap=True)
    if entry.needs.warning:
        yield TextLabel(entry.needs.warning, "secondary", "unsure", wrap=True)
    if entry.own:
        yield from _section("Your note", preset.note)
    yield from _section("Network", words.network_words(setup.spec))
    yield from _section("Training", *map(words.phase_words, setup.config.phases))
    yield from _section("Shares (split)", words.split_words(setup.split))
    yield from _section("Made for", words.made_for_words(preset.data))
    yield from _section("The source reports", *preset.reports)
    if not entry.own:
        yield from _section("To know", preset.note)
    yield from _section("Source", preset.source)


def _section(title: str, *lines: str) -> Iterator[TextLabel]:
    said = [line for line in lines if line]
    if said:
        heading = TextLabel(title, "label")
        heading.setContentsMargins(0, theme.SPACE_8, 0, 0)
        yield heading
    for line in said:
        yield TextLabel(line, "secondary", "text2", wrap=True)


def _needs(entry: PresetEntry) -> str:
    """What has to be downloaded, and how quick it is here."""
    needs = entry.needs
    start = needs.in_words[0].upper() + needs.in_words[1:]
    if needs.speed is None:
        return "Learns from your photos alone: nothing to download."
    return f"{start}; {needs.speed.in_words()} photos a second here."
