"""Keywords in XMP packets: what the model says is put beside what is there, and everything else stays byte for byte.

A packet is read by expat, which tells where each element lies in its bytes; only the keywords of this program are cut
out and put in, so that comments, order, prefixes and unknown content survive. Packets with a DTD are refused: nothing
in them is ever expanded or fetched.

Written are ``dc:subject`` ("daisy", which every program shows) and ``lr:hierarchicalSubject`` ("TL Studio|daisy",
which Lightroom, darktable and digiKam show as a tree). ``tlstudio:keywords`` remembers which words of ``dc:subject``
are ours: when the answer changes they are replaced, while the same word stays where a person had put it there. Where
another program has dropped what it doesn't know, the branch "TL Studio" tells them.

Source: Adobe, XMP Specification Part 1 (ISO 16684-1), chapter 7 (serialization).
"""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final
from xml.sax.saxutils import escape

from tlstudio.filing.xml_places import Cut, Element, UnknownPacketError, appended, parsed, spliced

ROOT: Final = "TL Studio"
"""The branch of the tree of keywords that is this program's own."""

_RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_META: Final = "adobe:ns:meta/ xmpmeta"
_SUBJECT: Final = ("http://purl.org/dc/elements/1.1/", "subject", "dc")
_TREE: Final = ("http://ns.adobe.com/lightroom/1.0/", "hierarchicalSubject", "lr")
_OURS: Final = ("urn:tlstudio:keywords/", "keywords", "tlstudio")
_EMPTY: Final = f"""<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="{_RDF}">
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>
""".encode()
# XML has no place for these.
_NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

_Property = tuple[str, str, str]  # namespace, name, usual prefix


def with_keyword(packet: bytes | None, class_name: str) -> bytes:
    """A packet with the keyword of a class, and without those that this program wrote for an earlier answer.

    Args:
        packet: What is there; None for nothing. Returned as it is where it has the keyword already.
        class_name: What the model says.

    Raises:
        UnknownPacketError: If what is there is no XMP in UTF-8, has a DTD, or holds keywords in an unusual way.
    """
    word = _NO_TEXT.sub("\ufffd", class_name)
    branch = f"{ROOT}|{word.replace('|', '/')}"
    before = _EMPTY if packet is None else packet
    there = _Packet(before)
    subjects, ours = there.words(_SUBJECT), there.our_words()
    ours_now = [word] if word in ours or word not in subjects else []
    after = there.changed(
        (
            (_SUBJECT, lambda text: text == word or text not in ours, [word]),
            (_TREE, lambda text: text == branch or not text.startswith(f"{ROOT}|"), [branch]),
            (_OURS, lambda text: text in ours_now, ours_now),
        )
    )
    _check(before, after, word, branch)
    return after


def keywords_of(packet: bytes) -> tuple[str, ...]:
    """The words of ``dc:subject``.

    Raises:
        UnknownPacketError: As ``with_keyword``.
    """
    return tuple(_Packet(packet).words(_SUBJECT))


def _check(before: bytes, after: bytes, word: str, branch: str) -> None:
    """Read what was made: a packet that binds prefixes in a way not thought of must not be spoilt."""
    old, new = _Packet(before), _Packet(after)
    lost = set(old.words(_SUBJECT)) - set(new.words(_SUBJECT)) - set(old.our_words())
    if lost or word not in new.words(_SUBJECT) or branch not in new.words(_TREE):
        raise UnknownPacketError("It holds its keywords in a way that this program doesn't know.")


class _Packet:
    """An XMP packet, and where its keywords lie in it."""

    def __init__(self, data: bytes) -> None:
        top = parsed(data)
        if top.name == _META and top.child(_rdf("RDF")) is None:  # a packet without any property
            data = spliced(data, [appended(data, top, f'\n <rdf:RDF xmlns:rdf="{_RDF}"/>\n'.encode())])
            top = parsed(data)
        rdf = top if top.name == _rdf("RDF") else top.child(_rdf("RDF"))
        if rdf is None:
            raise UnknownPacketError("It is no XMP.")
        self._data = data
        self._rdf = rdf
        self._descriptions = [child for child in rdf.children if child.name == _rdf("Description")]

    def words(self, what: _Property) -> list[str]:
        """The texts of a property."""
        found = self._property(what)
        bag = found and _bag_of(found)
        return [item.text for item in bag.children] if bag else []

    def our_words(self) -> list[str]:
        """The words of ``dc:subject`` that this program wrote."""
        if self._property(_OURS) is not None:
            return self.words(_OURS)
        beginning = f"{ROOT}|"
        return [text.removeprefix(beginning) for text in self.words(_TREE) if text.startswith(beginning)]

    def changed(self, wishes: Sequence[tuple[_Property, Callable[[str], bool], Sequence[str]]]) -> bytes:
        """The packet with other words: of each property, which stay, and which have to be there."""
        cuts: list[Cut] = []
        missing = b""
        for what, stays, wanted in wishes:
            found = self._property(what)
            if found is None:
                missing += self._new_property(what, wanted)
            else:
                cuts += self._changes(found, what, stays, wanted)
        cuts += self._insertion(missing) if missing else []
        return spliced(self._data, cuts)

    def _property(self, what: _Property) -> Element | None:
        name = f"{what[0]} {what[1]}"
        return next((found for each in self._descriptions if (found := each.child(name))), None)

    def _changes(
        self, found: Element, what: _Property, stays: Callable[[str], bool], wanted: Sequence[str]
    ) -> Iterator[Cut]:
        bag = _bag_of(found)
        new = [text for text in wanted if text not in self.words(what)]
        if bag is None:
            yield found.start, found.end, self._new_property(what, wanted).strip()
            return
        for item in bag.children:
            if not stays(item.text):
                yield self._gap_before(item), item.end, b""
        if not new:
            return
        name = self._named(bag, "li")
        if bag.empty:
            tag = self._data[bag.start : bag.end].rstrip(b"/> \r\n\t")
            close = tag[1:].split()[0]
            yield bag.start, bag.end, tag + b">" + _items(name, new, b"") + b"</" + close + b">"
            return
        last = bag.children[-1] if bag.children else None
        gap = self._data[self._gap_before(last) : last.start] if last else b""
        place = last.end if last else bag.inside
        yield place, place, _items(name, new, gap)

    def _gap_before(self, item: Element) -> int:
        return len(self._data[: item.start].rstrip(b" \t\r\n"))

    def _named(self, element: Element, name: str) -> bytes:
        """A name of RDF as it is written within an element."""
        return _qualified(element.prefixes[_RDF], name)

    def _new_property(self, what: _Property, wanted: Sequence[str]) -> bytes:
        """A property as it is written in the first description, or in the one that is made for it."""
        space, name, usual = what
        place = self._descriptions[0] if self._descriptions else self._rdf
        prefix = place.prefixes.get(space)
        declared = b"" if prefix else f' xmlns:{usual}="{space}"'.encode()
        tag = _qualified(prefix or usual, name)
        bag, item = self._named(place, "Bag"), self._named(place, "li")
        return (
            b"\n   <%s%s>\n    <%s>" % (tag, declared, bag)
            + _items(item, wanted, b"\n     ")
            + b"\n    </%s>\n   </%s>" % (bag, tag)
        )

    def _insertion(self, properties: bytes) -> list[Cut]:
        """What puts new properties into the first description; into a new one where there is none."""
        if self._descriptions:
            return [appended(self._data, self._descriptions[0], properties + b"\n  ")]
        name, about = self._named(self._rdf, "Description"), self._named(self._rdf, "about")
        whole = b'\n  <%s %s="">' % (name, about) + properties + b"\n  </%s>\n " % name
        return [appended(self._data, self._rdf, whole)]


def _rdf(name: str) -> str:
    return f"{_RDF} {name}"


def _bag_of(found: Element) -> Element | None:
    return found.child(_rdf("Bag"), _rdf("Seq"), _rdf("Alt"))


def _qualified(prefix: str, name: str) -> bytes:
    return f"{prefix}:{name}".encode() if prefix else name.encode()


def _items(name: bytes, texts: Sequence[str], gap: bytes) -> bytes:
    return b"".join(b"%s<%s>%s</%s>" % (gap, name, escape(text).encode(), name) for text in texts)
