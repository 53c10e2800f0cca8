"""A list of layers that can be edited."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from tlstudio.ui import theme
from tlstudio.ui.tabs.model.choice_card import scrolled
from tlstudio.ui.tabs.model.layers.layer_header import LayerHeader
from tlstudio.ui.tabs.model.layers.layer_kinds import LayerKind
from tlstudio.ui.tabs.model.layers.layer_row import LayerRow
from tlstudio.ui.tabs.model.layers.layer_rows import LayerLine
from tlstudio.ui.tabs.model.layers.list_editor import ListEditor
from tlstudio.ui.widgets.labels import TextLabel


class LayerEditor(ListEditor):
    """Buttons, a header and the layers under each other."""

    def __init__(
        self,
        kinds: Sequence[LayerKind],
        name: str,
        nothing: str,
        *,
        above: QWidget | None = None,
        scrolls: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        """Make an editor.

        Args:
            kinds: What can be added.
            name: Of the list, for screen readers.
            nothing: Stands in place of the list while it is empty.
            above: Stands over the first layer, and scrolls with them.
            scrolls: Whether the list scrolls by itself.
            parent: Owner.
        """
        super().__init__("layer", name, LayerRow, parent)
        self._nothing = TextLabel(nothing, "text", "text2", wrap=True)
        self._body = _stacked(above, self._nothing, self._list)
        self._area: QScrollArea | None = scrolled(self._body) if scrolls else None
        self._tools.set_offers([(kind.title, kind.meaning, partial(self.insert, kind.usual)) for kind in kinds])
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE_4)
        column.addWidget(self._tools)
        column.addWidget(LayerHeader(self._list))
        column.addWidget(self._area or self._body, 1 if self._area else 0)

    def show_layers(self, lines: Sequence[LayerLine], *, can_undo: bool, can_redo: bool) -> None:
        """Show layers; the current place stays."""
        self._nothing.setVisible(not lines)
        self.show_entries(tuple(line.layer for line in lines), lines, can_undo=can_undo, can_redo=can_redo)

    def _bring_into_sight(self, row: QWidget) -> None:
        area = self._area
        if area is not None:
            self._list.refresh_hints()
            area.ensureWidgetVisible(row, 0, theme.SPACE_8)
            # Once more when a row that has opened has its height: words that are wrapped know theirs only then.
            QTimer.singleShot(0, row, lambda: area.ensureWidgetVisible(row, 0, theme.SPACE_8))
        super()._bring_into_sight(row)


def _stacked(*widgets: QWidget | None) -> QWidget:
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    for widget in widgets:
        if widget is not None:
            column.addWidget(widget)
    return holder
