"""Where the elements of an XML file lie in its bytes, so that one can be changed and all others stay byte for byte."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from xml.parsers import expat

Cut = tuple[int, int, bytes]
"""From, to, and what stands there afterwards."""

_TAG = re.compile(rb"""<(?:"[^"]*"|'[^']*'|[^"'>])*>""")


class UnknownPacketError(Exception):
    """A packet that can't be added to without harm; the text says why, for a person."""


@dataclass(slots=True)
class Element:
    """Where an element lies.

    Attributes:
        name: Namespace and name, joined by a space.
        start: First byte of its start tag.
        inside: First byte after its start tag.
        close: First byte of its end tag; the end where it has none ("<a/>").
        end: First byte after it.
        prefixes: Prefix of each namespace that can be used in it.
        text: What is written directly in it.
        children: Elements directly in it.
    """

    name: str
    start: int
    inside: int
    prefixes: dict[str, str]
    close: int = 0
    end: int = 0
    text: str = ""
    children: list["Element"] = field(default_factory=list)

    @property
    def empty(self) -> bool:
        """Whether one tag is all of it."""
        return self.inside == self.end

    def child(self, *names: str) -> "Element | None":
        """The first element directly in it that has one of these names."""
        return next((child for child in self.children if child.name in names), None)


def parsed(data: bytes) -> Element:
    """The outermost element, and all within it.

    Raises:
        UnknownPacketError: If it is no well-formed XML in UTF-8, or has a DTD.
    """
    reader = _Reader(data)
    try:
        reader.parser.Parse(data, True)
    except expat.ExpatError as error:
        raise UnknownPacketError("It is no well-formed XML.") from error
    return reader.top.children[0]


def appended(data: bytes, element: Element, content: bytes) -> Cut:
    """What puts content at the end of an element."""
    if not element.empty:
        place = len(data[: element.close].rstrip(b" \t\r\n"))
        return max(place, element.inside), element.close, content
    tag = data[element.start : element.end]
    name = tag[1:].rstrip(b"/>").split()[0]
    return element.start, element.end, tag.rstrip(b">").rstrip(b"/") + b">" + content + b"</" + name + b">"


def spliced(data: bytes, cuts: Iterable[Cut]) -> bytes:
    """The bytes with all cuts made; of those at one place, one that only puts in comes first."""
    for start, end, instead in sorted(cuts, reverse=True):
        data = data[:start] + instead + data[end:]
    return data


class _Reader:
    """Takes down where elements lie while expat reads."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._scopes: list[tuple[str, str]] = []
        self.top = Element("", 0, 0, {})
        self._open = [self.top]
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self._refuse_doctype
        self.parser.XmlDeclHandler = self._look_at_encoding
        self.parser.StartNamespaceDeclHandler = lambda prefix, space: self._scopes.append((prefix or "", space or ""))
        self.parser.EndNamespaceDeclHandler = lambda _prefix: self._scopes.pop()
        self.parser.StartElementHandler = self._begin
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._add
        if data[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in data[:4]:
            raise UnknownPacketError("It is not written in UTF-8.")

    def _refuse_doctype(self, *_arguments: object) -> None:
        raise UnknownPacketError("It has a DTD, which could make it read other files.")

    def _look_at_encoding(self, _version: str, encoding: str | None, _standalone: int) -> None:
        if encoding is not None and encoding.lower() not in ("utf-8", "utf8"):
            raise UnknownPacketError("It is not written in UTF-8.")

    def _begin(self, name: str, _attributes: dict[str, str]) -> None:
        start = self.parser.CurrentByteIndex
        tag = _TAG.match(self._data, start)
        assert tag is not None  # noqa: S101 - expat has just read it
        bound = dict(self._scopes)  # of a prefix, the innermost meaning
        element = Element(name, start, tag.end(), {space: prefix for prefix, space in bound.items()})
        self._open[-1].children.append(element)
        self._open.append(element)

    def _end(self, _name: str) -> None:
        element = self._open.pop()
        element.close = self.parser.CurrentByteIndex
        tag = _TAG.match(self._data, element.close)
        is_empty = self._data[element.inside - 2 : element.inside] == b"/>"
        element.end = element.inside if is_empty or tag is None else tag.end()

    def _add(self, text: str) -> None:
        self._open[-1].text += text
