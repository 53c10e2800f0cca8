"""The application's stylesheet: what Qt's own widgets and the plain labels wear.

Widgets that paint themselves (buttons, tabs, bars) take nothing from here. Fonts are set with ``theme.font`` and not
here, because a font from a stylesheet loses the digits of equal width.
"""

from string import Template

from tlstudio.ui.palettes import Theme

_SHEET = Template("""
QToolTip { background: $text; color: $bg; border: 1px solid $text; padding: 6px 8px; }

QLabel { background: transparent; color: $text; }
QLabel[tone="text2"] { color: $text2; }
QLabel[tone="text3"] { color: $text3; }
QLabel[tone="accent"] { color: $accent; }
QLabel[tone="wrong"] { color: $wrong; }
QLabel[tone="unsure"] { color: $unsure; }
QLabel[tone="info"] { color: $info; }
QLabel[tone="learn"] { color: $learn; }
QLabel:disabled { color: $text3; }

QScrollArea, QScrollArea > QWidget > QWidget[scrolled="true"] { background: transparent; border: none; }

QLineEdit, QAbstractSpinBox, QPlainTextEdit {
    background: $surface; color: $text; border: 1px solid $line2; border-radius: 8px; padding: 0px 11px;
    selection-background-color: $accent; selection-color: $on_accent; placeholder-text-color: $text3;
}
QLineEdit:focus, QAbstractSpinBox:focus, QPlainTextEdit:focus { border: 1px solid $accent; }
QLineEdit[wrong="true"], QAbstractSpinBox[wrong="true"] { border: 2px solid $wrong; padding: 0px 10px; }
QLineEdit:disabled, QAbstractSpinBox:disabled { background: $sunken; color: $text3; border-color: $line; }

QComboBox QAbstractItemView, QMenu { background: $surface; color: $text; border: 1px solid $line; padding: 4px; }
QComboBox QAbstractItemView { outline: none; }
QComboBox QAbstractItemView::item { min-height: 32px; padding: 0px 8px; border-radius: 6px; }
QComboBox QAbstractItemView::item:selected, QComboBox QAbstractItemView::item:hover {
    background: $accent_soft; color: $text;
}
QMenu::item { padding: 8px 24px 8px 12px; border-radius: 6px; background: transparent; }
QMenu::item:selected { background: $accent_soft; color: $text; }
QMenu::item:disabled { color: $text3; }
QMenu::icon { padding-left: 8px; }
QMenu::separator { height: 1px; background: $line; margin: 4px 8px; }

QScrollBar:vertical { background: transparent; width: 12px; margin: 0px; }
QScrollBar:horizontal { background: transparent; height: 12px; margin: 0px; }
QScrollBar::handle { background: $line2; border-radius: 3px; margin: 3px; }
QScrollBar::handle:vertical { min-height: 32px; }
QScrollBar::handle:horizontal { min-width: 32px; }
QScrollBar::handle:hover { background: $text3; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0px; height: 0px; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }

QAbstractItemView {
    background: $surface; color: $text; border: none; outline: none; gridline-color: $line;
    selection-background-color: $accent_soft; selection-color: $text;
}
QHeaderView { background: transparent; border: none; }
QHeaderView::section {
    background: $surface; color: $text2; border: none; border-bottom: 1px solid $line; padding: 4px 8px;
}
QTableCornerButton::section { background: $surface; border: none; }

QSplitter::handle { background: transparent; }
QDialog { background: $surface; }
""")


def build_stylesheet(theme: Theme) -> str:
    """The stylesheet in the colours of ``theme``."""
    names = (name for name in Theme.__slots__ if isinstance(getattr(theme, name), str))
    return _SHEET.substitute({name: getattr(theme, name) for name in names})
