"""The page "Size rule" of the panel: which sizes are to be used at all, now and for photos that come later."""

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from tlstudio.datasets.photo_sizes import PhotoSizes
from tlstudio.datasets.size_rule import SizeRule
from tlstudio.ui import theme
from tlstudio.ui.tabs.dataset.narrowing.pixel_field import PixelField
from tlstudio.ui.tabs.dataset.photos.selection_bar import FIXED
from tlstudio.ui.widgets.buttons import Button
from tlstudio.ui.widgets.labels import TextLabel
from tlstudio.ui.widgets.tooltip import set_tooltip
from tlstudio.wording import counted

_FIELD: Final = 88
_HINT: Final = "Empty fields ask for nothing. The rule also holds for photos that come later; the files stay."


class SizeRulePage(QWidget):
    """Fields for the bounds, and what they would leave out.

    Attributes:
        rule_wanted: Carries the ``SizeRule`` that is to hold from now on; None for no rule.
    """

    rule_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sizes = PhotoSizes.of(())
        self._in_force: SizeRule | None = None
        self._editable = False
        self._fields = {
            "min_width": PixelField("Width, at least", "Narrower photos are not used"),
            "max_width": PixelField("Width, at most", "Wider photos are not used"),
            "min_height": PixelField("Height, at least", "Lower photos are not used"),
            "max_height": PixelField("Height, at most", "Higher photos are not used"),
            "exact_width": PixelField("Exact width", "Photos of any other width are not used"),
            "exact_height": PixelField("Exact height", "Photos of any other height are not used"),
        }
        self._words = TextLabel("", "secondary", "text2", wrap=True)
        self._apply = Button("Leave out photos outside", "soft", size="small")
        self._remove = Button("Take the rule back", "text", size="small")
        set_tooltip(self._apply, "Use only photos whose size is within the rule; you can undo it")
        set_tooltip(self._remove, "Use photos of every size again")
        self._lay_out()
        self.setFocusProxy(self._fields["min_width"])
        for field in self._fields.values():
            field.value_changed.connect(self._show)
        self._apply.clicked.connect(lambda: self.rule_wanted.emit(self._rule()))
        self._remove.clicked.connect(lambda: self.rule_wanted.emit(None))
        self._show()

    def set_rule(self, rule: SizeRule | None, sizes: PhotoSizes) -> None:
        """Show the rule in force.

        Args:
            rule: What holds now.
            sizes: Of the photos that are used, or would be without the rule.
        """
        if rule != self._in_force:
            self._fill(rule or SizeRule())
        self._in_force, self._sizes = rule, sizes
        self._show()

    def set_editable(self, editable: bool) -> None:
        """Tell whether the rule can be changed; if not, the page says why."""
        self._editable = editable
        self._show()

    def _lay_out(self) -> None:
        fields = QGridLayout()
        fields.setHorizontalSpacing(theme.SPACE_8)
        fields.setVerticalSpacing(theme.SPACE_8)
        rows = (
            ("Width", "at least", "min_width", "at most", "max_width"),
            ("Height", "at least", "min_height", "at most", "max_height"),
            ("Or exactly", "", "exact_width", "×", "exact_height"),
        )
        for row, (side, *cells) in enumerate(rows):
            for column, cell in enumerate((side, *cells, "px")):
                field = self._fields.get(cell)
                if field is not None:
                    field.setFixedWidth(_FIELD)
                fields.addWidget(field or _word(cell), row, column, Qt.AlignmentFlag.AlignTop)
        fields.setColumnStretch(6, 1)
        foot = QHBoxLayout()
        foot.setSpacing(theme.SPACE_16)
        foot.addWidget(self._apply)
        foot.addWidget(self._remove)
        foot.addStretch(1)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(theme.SPACE_12)
        lines.addLayout(fields)
        lines.addWidget(self._words)
        lines.addLayout(foot)

    def _fill(self, rule: SizeRule) -> None:
        width, height = rule.exact or (0, 0)
        values = {
            "min_width": rule.min_width,
            "max_width": rule.max_width,
            "min_height": rule.min_height,
            "max_height": rule.max_height,
            "exact_width": width,
            "exact_height": height,
        }
        for name, value in values.items():
            self._fields[name].set_value(value or 0)

    def _rule(self) -> SizeRule:
        """What the fields ask for; an exact size stands alone."""
        values = {name: field.value for name, field in self._fields.items()}
        if values["exact_width"] and values["exact_height"]:
            return SizeRule(exact=(values["exact_width"], values["exact_height"]))
        return SizeRule(
            values["min_width"], values["min_height"], values["max_width"] or None, values["max_height"] or None
        )

    def _half_exact(self) -> bool:
        return bool(self._fields["exact_width"].value) != bool(self._fields["exact_height"].value)

    def _show(self) -> None:
        rule = self._rule()
        asks, new = bool(rule.words()) and not self._half_exact(), rule != (self._in_force or SizeRule())
        self._apply.setEnabled(self._editable and asks and new)
        self._remove.setVisible(self._in_force is not None)
        self._remove.setEnabled(self._editable)
        for field in self._fields.values():
            field.setEnabled(self._editable)
        self._words.setText(self._sentence(rule, asks, new))

    def _sentence(self, rule: SizeRule, asks: bool, new: bool) -> str:
        if not self._editable:
            return FIXED
        if self._half_exact():
            return "An exact size needs both numbers."
        if not asks:
            return _HINT
        reasons = self._sizes.objections(rule)
        total = sum(reasons.values())
        if not new:
            return (
                f"In force: {rule.words()}. {counted(total, 'photo')} {'is' if total == 1 else 'are'} left out by it."
            )
        if not total:
            return "This would leave out no photo that is there now."
        listed = ", ".join(f"{count:,} {words[0].lower()}{words[1:]}" for words, count in reasons.items())
        return f"This would leave out {total:,} of {counted(len(self._sizes), 'photo')}: {listed}."


def _word(text: str) -> TextLabel:
    label = TextLabel(text, "secondary", "text2")
    label.setFixedHeight(theme.HEIGHT_FIELD)
    return label
