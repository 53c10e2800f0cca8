"""The panel over the grid of photos: sizes, shapes, the size rule, and further filters."""

from dataclasses import replace
from typing import Final, Literal

from PySide6.QtCore import QEvent, QSettings, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from tlstudio.datasets.photo_sizes import SizeChoice
from tlstudio.ui import theme
from tlstudio.ui.tabs.dataset.narrowing.more_filters import MoreFiltersPage
from tlstudio.ui.tabs.dataset.narrowing.narrowing import Narrowing, Overview
from tlstudio.ui.tabs.dataset.narrowing.shape_choice import ShapeChoicePage
from tlstudio.ui.tabs.dataset.narrowing.size_choice import SizeChoicePage
from tlstudio.ui.tabs.dataset.narrowing.size_rule_page import SizeRulePage
from tlstudio.ui.widgets.buttons import IconButton
from tlstudio.ui.widgets.card import Card
from tlstudio.ui.widgets.segmented import Segmented
from tlstudio.ui.widgets.tooltip import set_tooltip

PageKey = Literal["sizes", "shapes", "rule", "filters"]

_WORDS: Final[tuple[tuple[PageKey, str], ...]] = (
    ("sizes", "Sizes"),
    ("shapes", "Shapes"),
    ("rule", "Size rule"),
    ("filters", "Filters"),
)
_OPEN: Final = "disclosure/sizes"


class SizesPanel(Card):
    """Four pages, of which one is shown. Esc closes it; it remembers whether it was open.

    Attributes:
        narrowed: Carries the ``Narrowing`` that was chosen, for ``set_narrowing``.
        rule_wanted: Carries the ``SizeRule`` that is to hold from now on; None for no rule.
        opened: It is shown now: it wants to know the photos.
        closed: It was closed from inside.
    """

    narrowed = Signal(object)
    rule_wanted = Signal(object)
    opened = Signal()
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(padding=theme.SPACE_16, parent=parent)
        self._narrowing = Narrowing()
        self._sizes, self._shapes, self._rule = SizeChoicePage(), ShapeChoicePage(), SizeRulePage()
        self._filters = MoreFiltersPage()
        self._pages: dict[str, QWidget] = {
            "sizes": self._sizes, "shapes": self._shapes, "rule": self._rule, "filters": self._filters,
        }  # fmt: skip
        self._choice = Segmented(_WORDS, "What the panel shows")
        self.setAccessibleName("Sizes and filters")
        self._lay_out()
        self._choice.changed.connect(self.show_page)
        self._sizes.changed.connect(self._choose_sizes)
        self._shapes.changed.connect(self._choose_sizes)
        self._filters.changed.connect(self.narrowed)
        self._rule.rule_wanted.connect(self.rule_wanted)
        self.show_page("sizes")
        self.setVisible(QSettings().value(_OPEN, False, type=bool) is True)

    def show_overview(self, overview: Overview) -> None:
        """Show photos."""
        self._sizes.show_overview(overview)
        self._shapes.set_counts(overview.shapes)
        self._rule.set_rule(overview.source.size_rule, overview.under_rule)

    def set_editable(self, editable: bool) -> None:
        """Tell whether the size rule can be changed."""
        self._rule.set_editable(editable)

    def set_narrowing(self, narrowing: Narrowing) -> None:
        """Show what is chosen."""
        self._narrowing = narrowing
        self._sizes.set_choice(narrowing.sizes)
        self._shapes.set_choice(narrowing.sizes)
        self._filters.set_narrowing(narrowing)

    def show_page(self, key: str) -> None:
        """Show one of the pages; the panel is as high as that."""
        self._choice.set_current(key)
        for other, page in self._pages.items():
            page.setVisible(other == key)

    def set_open(self, is_open: bool) -> None:
        """Show or hide the panel, and remember it."""
        QSettings().setValue(_OPEN, is_open)
        self.setVisible(is_open)
        if is_open:
            self.opened.emit()

    def focus_rule(self) -> None:
        """Give the keyboard to the first field of the size rule."""
        self._rule.setFocus(Qt.FocusReason.OtherFocusReason)

    def best_height(self, width: int) -> int:
        """How high it is at its best: the plot is larger than it has to be."""
        least = self.heightForWidth(width) if self.hasHeightForWidth() else self.sizeHint().height()
        return least + (self._sizes.spare() if not self._sizes.isHidden() else 0)

    def event(self, event: QEvent) -> bool:
        """Esc belongs to the panel while the keyboard is in it, then to the window."""
        if isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            if event.type() == QEvent.Type.ShortcutOverride:
                event.accept()
                return True
            if event.type() == QEvent.Type.KeyPress:
                self._close()
                return True
        return super().event(event)

    def _lay_out(self) -> None:
        close = IconButton("close", "Close the panel", key="Esc")
        close.clicked.connect(self._close)
        set_tooltip(self._choice, "Sizes in a plot, shapes, a rule for sizes, or further filters")
        head = QHBoxLayout()
        head.setSpacing(theme.SPACE_8)
        head.addWidget(self._choice)
        head.addStretch(1)
        head.addWidget(close)
        self.body.setSpacing(theme.SPACE_12)
        self.body.addLayout(head)
        for page in self._pages.values():
            self.body.addWidget(page)

    def _close(self) -> None:
        self.set_open(False)
        self.closed.emit()

    def _choose_sizes(self, sizes: SizeChoice) -> None:
        self.narrowed.emit(replace(self._narrowing, sizes=sizes))
