"""The sliders button, its panel and its chips as one: what they narrow the photos down to."""

from typing import Final

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QScrollArea, QSizePolicy

from tlstudio.ui import theme
from tlstudio.ui.tabs.dataset.narrowing.narrowing import Narrower, Narrowing, Overview
from tlstudio.ui.tabs.dataset.narrowing.narrowing_chips import NarrowingChips
from tlstudio.ui.tabs.dataset.narrowing.sizes_panel import SizesPanel
from tlstudio.ui.tabs.dataset.photos.photo_filter import FilterKey, PhotoFilter, Photos
from tlstudio.ui.widgets import painting
from tlstudio.ui.widgets.buttons import IconButton

_LEAST_HEIGHT: Final = 96


class PhotoNarrowing(QObject):
    """Narrows down what chip, class and search let through, as the panel asks for.

    Attributes:
        button: Opens and closes the panel.
        panel: Sizes, shapes, size rule and filters.
        area: The place of the panel, for a layout.
        chips: What narrows now.
        changed: Other photos are to be shown.
        overview_wanted: Carries a task that is to be run beside the window; ``show_overview`` takes what it returns.
        rule_wanted: Carries the ``SizeRule`` that is to hold from now on; None for no rule.
    """

    changed = Signal()
    overview_wanted = Signal(object)
    rule_wanted = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.button, self.panel, self.chips = _SlidersButton(), SizesPanel(), NarrowingChips(self)
        self.area = _PanelArea(self.panel)
        self._narrowing = Narrowing()
        self._narrower: Narrower | None = None
        self._shown: tuple[Photos, bool] | None = None
        self._view: object = None
        self._asked: object = None
        self._editable = False
        self.button.setChecked(not self.panel.isHidden())
        self.button.toggled.connect(self.panel.set_open)
        self.panel.closed.connect(self._close)
        self.panel.opened.connect(self._ask_for_overview)
        self.panel.narrowed.connect(self.narrow)
        self.panel.rule_wanted.connect(self.rule_wanted)
        self.chips.changed.connect(self.narrow)

    def set_editable(self, editable: bool) -> None:
        """Tell whether the size rule can be changed."""
        self._editable = editable
        self.panel.set_editable(editable)

    def open_rule(self) -> None:
        """Show the rule for sizes, ready to be typed in."""
        self.panel.show_page("rule")
        self.button.setChecked(True)
        self.panel.focus_rule()

    @property
    def by_part(self) -> bool:
        """Whether what is shown depends on how the photos are shared out."""
        return bool(self._narrowing.part)

    def clear(self) -> None:
        """Ask for nothing any more, without telling it: there are other photos."""
        self._narrowing = Narrowing()
        self.panel.set_narrowing(self._narrowing)

    def narrow(self, narrowing: Narrowing) -> None:
        """Ask for this."""
        self._narrowing = narrowing
        self.panel.set_narrowing(narrowing)
        self.changed.emit()

    def photos(self, source: PhotoFilter, key: FilterKey, class_name: str, words: str) -> Photos:
        """What is to be shown of the photos that chip, class and search let through."""
        narrowing = self._narrowing
        narrows = narrowing != Narrowing()
        photos = source.photos(key, class_name, words, in_order=narrows)
        part = source.numbers(narrowing.part) if narrowing.part else ()
        self._shown = photos, bool(class_name)
        self._view = (source, key, class_name, words.strip(), part, narrowing.look)
        self._ask_for_overview()
        if narrows:
            narrower = self._narrower_of(source)
            numbers = narrower.narrowed(narrower.before_sizes(photos.numbers, narrowing), narrowing)
            photos = Photos(source, numbers.tolist())
        self.chips.show_narrowing(narrowing, len(photos))
        return photos

    def show_overview(self, overview: Overview) -> None:
        """Show in the panel what was found out, unless there are other photos by now."""
        if self._shown is not None and overview.source is self._shown[0].source:
            self.panel.show_overview(overview)

    def _narrower_of(self, source: PhotoFilter) -> Narrower:
        if self._narrower is None or self._narrower.source is not source:
            self._narrower = Narrower(source)
        return self._narrower

    def _ask_for_overview(self) -> None:
        if self._shown is None or self.panel.isHidden():
            return
        photos, of_one_class = self._shown
        narrower, narrowing = self._narrower_of(photos.source), self._narrowing
        if self._view != self._asked:
            self._asked = self._view
            numbers = photos.numbers
            self.overview_wanted.emit(
                lambda _emit, _token: narrower.overview(numbers, narrowing, of_one_class=of_one_class)
            )

    def _close(self) -> None:
        self.button.setChecked(False)
        self.button.setFocus()


class _PanelArea(QScrollArea):
    """As high as the panel where there is room; in a low window the panel scrolls."""

    def __init__(self, panel: SizesPanel) -> None:
        super().__init__()
        self._panel, is_hidden = panel, panel.isHidden()
        self.setAccessibleName("Sizes and filters")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.setWidgetResizable(True)
        self.setWidget(panel)
        panel.setHidden(is_hidden)  # Qt has shown it
        self.setHidden(is_hidden)
        panel.installEventFilter(self)

    def sizeHint(self) -> QSize:
        """What the panel would like at this width."""
        return QSize(self._panel.sizeHint().width(), self._panel.best_height(self.width()))

    def minimumSizeHint(self) -> QSize:
        """The panel is never cut off at its side."""
        return QSize(self._panel.minimumSizeHint().width() + theme.SPACE_12, _LEAST_HEIGHT)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The narrower, the higher."""
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self.updateGeometry()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Follow the panel: whether it is shown, and how high it wants to be."""
        if event.type() in (QEvent.Type.ShowToParent, QEvent.Type.HideToParent):
            self.setHidden(self._panel.isHidden())
        elif event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)


class _SlidersButton(IconButton):
    """Carries a line of accent while its panel is open."""

    def __init__(self) -> None:
        super().__init__("sliders", "Sizes and filters", framed=True)
        self.setFixedSize(theme.HEIGHT_FIELD, theme.HEIGHT_FIELD)
        self.setCheckable(True)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the icon, and whether the panel is open."""
        super().paintEvent(event)
        if self.isChecked():
            painter = QPainter(self)
            painting.prepare(painter)
            painting.box(painter, self.rect(), theme.RADIUS_BUTTON, None, theme.color("accent"), 2.0)
