"""HTML and SVG whose text is always escaped: what is not ``Markup`` is text."""

from html import escape
from typing import Final

_VOID: Final = frozenset(("meta", "img", "br", "rect", "line", "circle", "polyline"))
"""Elements without an end tag: those of HTML, and those of SVG that hold nothing."""


class Markup(str):
    """Text that is HTML already."""

    __slots__ = ()


Content = str | int
"""Text or a number, escaped; or ``Markup``, taken as it is."""


def markup(content: Content) -> Markup:
    """Anything as HTML."""
    return content if isinstance(content, Markup) else Markup(escape(str(content)))


def joined(*contents: Content) -> Markup:
    """Pieces one after the other."""
    return Markup("".join(map(markup, contents)))


def tag(name: str, /, *contents: Content, **attributes: str | float) -> Markup:
    """An element.

    Args:
        name: Of the element.
        *contents: What stands in it; text is escaped.
        **attributes: Their values are escaped. A last underscore keeps a name from being a word of Python's, others
            stand for hyphens: ``class_="note"``, ``stroke_width=2``.
    """
    words = "".join(f' {key.rstrip("_").replace("_", "-")}="{escape(str(value))}"' for key, value in attributes.items())
    if name in _VOID:
        return Markup(f"<{name}{words}/>")
    return Markup(f"<{name}{words}>{joined(*contents)}</{name}>")


def table(head: tuple[str, ...], rows: list[tuple[Content, ...]], class_: str = "") -> Markup:
    """A table; cells that are numbers are aligned right by its style.

    Args:
        head: Names of the columns.
        rows: Their cells.
        class_: Of the element.
    """
    top = tag("thead", tag("tr", *(tag("th", name, scope="col") for name in head)))
    body = tag("tbody", *(tag("tr", _row_head(row[0]), *map(_cell, row[1:])) for row in rows))
    return tag("table", top, body, **({"class_": class_} if class_ else {}))


def _row_head(content: Content) -> Markup:
    return tag("th", content, scope="row")


def _cell(content: Content) -> Markup:
    return tag("td", f"{content:,}" if isinstance(content, int) else content)
