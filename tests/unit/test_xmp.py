"""Keywords in XMP: what is there survives, what was ours is replaced, what could do harm is refused."""

import io
import xml.etree.ElementTree as ET
import zlib

import pytest
from PIL import Image

from tlstudio.filing.embedding import NoPlaceError, can_embed, with_packet
from tlstudio.filing.xml_places import UnknownPacketError
from tlstudio.filing.xmp import keywords_of, with_keyword

LR = "{http://ns.adobe.com/lightroom/1.0/}hierarchicalSubject"
LI = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}li"
OURS = "{urn:tlstudio:keywords/}keywords"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"

DARKTABLE = b"""<?xml version="1.0" encoding="UTF-8"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="XMP Core 4.4.0-Exiv2">
 <!-- kept > as it is -->
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:darktable="http://darktable.sf.net/"
    xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:Rating="4" darktable:note='a "quoted" &gt; b > c'>
   <dc:subject>
    <rdf:Seq>
     <rdf:li>holiday</rdf:li>
     <rdf:li>R&amp;D</rdf:li>
    </rdf:Seq>
   </dc:subject>
   <darktable:history><rdf:Seq><rdf:li darktable:num="0" darktable:params="00ff"/></rdf:Seq></darktable:history>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
"""
BARE = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><r:RDF xmlns:r="' + RDF.encode() + b'">%s</r:RDF></x:xmpmeta>'
SHAPES = (
    b"",
    b'<r:Description r:about=""/>',
    b'<r:Description r:about=""></r:Description>',
    b'<r:Description r:about="" xmlns:s="http://purl.org/dc/elements/1.1/"><s:subject/></r:Description>',
    b'<r:Description xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:subject><r:Bag/></dc:subject></r:Description>',
    b'<r:Description><subject xmlns="http://purl.org/dc/elements/1.1/"><r:Bag></r:Bag></subject></r:Description>',
    b"""<r:Description/><r:Description xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:subject>
    <r:Bag><r:li>x</r:li></r:Bag></dc:subject></r:Description>""",
)


def bag(packet: bytes, name: str) -> list[str]:
    return [item.text or "" for found in ET.fromstring(packet).iter(name) for item in found.iter(LI)]  # noqa: S314


def test_nothing_there_becomes_a_packet_with_the_keyword() -> None:
    made = with_keyword(None, "Ähre & <co>")
    assert keywords_of(made) == ("Ähre & <co>",)
    assert bag(made, LR) == ["TL Studio|Ähre & <co>"]


def test_everything_else_stays_byte_for_byte() -> None:
    made = with_keyword(DARKTABLE, "daisy")
    assert keywords_of(made) == ("holiday", "R&D", "daisy")
    lines = made.splitlines()
    rest = iter(lines)
    assert all(line in rest for line in DARKTABLE.splitlines()), "in the same order"
    assert b"     <rdf:li>daisy</rdf:li>" in lines, "indented like its neighbours"


@pytest.mark.parametrize("shape", SHAPES)
def test_any_shape_of_packet_takes_the_keyword(shape: bytes) -> None:
    before = BARE % shape
    made = with_keyword(before, "daisy")
    kept = ("x",) if b">x<" in shape else ()
    assert keywords_of(made) == (*kept, "daisy")
    assert bag(made, LR) == ["TL Studio|daisy"]
    assert keywords_of(with_keyword(made, "roses")) == (*kept, "roses")


@pytest.mark.parametrize(
    "bare", [b'<x:xmpmeta xmlns:x="adobe:ns:meta/"/>', b'<xmpmeta xmlns="adobe:ns:meta/" >\n</xmpmeta>']
)
def test_a_packet_without_any_property_is_one_too(bare: bytes) -> None:
    made = with_keyword(bare, "daisy")
    assert keywords_of(made) == ("daisy",)
    assert with_keyword(made, "daisy") == made


def test_the_same_answer_changes_nothing() -> None:
    made = with_keyword(DARKTABLE, "daisy")
    assert with_keyword(made, "daisy") == made


def test_another_answer_replaces_ours_alone() -> None:
    made = with_keyword(with_keyword(DARKTABLE, "daisy"), "roses")
    assert keywords_of(made) == ("holiday", "R&D", "roses")
    assert bag(made, LR) == ["TL Studio|roses"]


def test_a_word_that_a_person_had_put_there_stays() -> None:
    made = with_keyword(DARKTABLE, "holiday")
    assert keywords_of(made) == ("holiday", "R&D")
    assert bag(made, LR) == ["TL Studio|holiday"]
    assert bag(made, OURS) == []
    assert keywords_of(with_keyword(made, "roses")) == ("holiday", "R&D", "roses")


def test_ours_are_known_by_their_branch_where_another_program_dropped_the_rest() -> None:
    made = with_keyword(DARKTABLE, "daisy")
    start, end = made.index(b"<tlstudio:keywords"), made.index(b"</tlstudio:keywords>")
    dropped = made[:start] + made[end + len(b"</tlstudio:keywords>") :]
    assert keywords_of(with_keyword(dropped, "roses")) == ("holiday", "R&D", "roses")


def test_names_that_xml_or_the_tree_has_no_place_for() -> None:
    made = with_keyword(None, "a|b\udce9\x07")
    assert keywords_of(made) == ("a|b\ufffd\ufffd",)
    assert bag(made, LR) == ["TL Studio|a/b\ufffd\ufffd"]


@pytest.mark.parametrize(
    ("packet", "why"),
    [
        (b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>', "DTD"),
        (b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><x/>', "DTD"),
        (b"<x>", "well-formed"),
        (b"", "well-formed"),
        (b"<x/>", "no XMP"),
        ("<x/>".encode("utf-16"), "UTF-8"),
        (b'<?xml version="1.0" encoding="latin-1"?><x/>', "UTF-8"),
    ],
)
def test_what_is_no_xmp_or_could_do_harm_is_refused(packet: bytes, why: str) -> None:
    with pytest.raises(UnknownPacketError, match=why):
        with_keyword(packet, "daisy")


def test_a_byte_order_mark_shifts_nothing() -> None:
    made = with_keyword(b"\xef\xbb\xbf" + DARKTABLE, "daisy")
    assert made == b"\xef\xbb\xbf" + with_keyword(DARKTABLE, "daisy")


def picture(kind: str, **options: object) -> bytes:
    file = io.BytesIO()
    Image.linear_gradient("L").resize((40, 30)).save(file, kind, **options)
    return file.getvalue()


def daisy(packet: bytes | None) -> bytes:
    return with_keyword(packet, "daisy")


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
@pytest.mark.parametrize("known", [False, True])
def test_a_photo_takes_the_packet_and_keeps_its_pixels(kind: str, known: bool) -> None:
    exif = Image.Exif()
    exif[0x010E] = "A description"
    before = picture(kind, exif=exif.tobytes())
    if known:
        before = with_packet(before, lambda _packet: DARKTABLE)
    after = with_packet(before, daisy)
    with Image.open(io.BytesIO(before)) as old, Image.open(io.BytesIO(after)) as new:
        assert old.tobytes() == new.tobytes()
        assert new.getexif()[0x010E] == "A description"
        packet = new.info["xmp"]
    assert keywords_of(packet) == (("holiday", "R&D", "daisy") if known else ("daisy",))
    assert with_packet(after, daisy) == after
    assert b"daisy" not in before


def test_a_compressed_packet_in_a_png_is_read() -> None:
    plain = picture("PNG")
    content = b"iTXtXML:com.adobe.xmp\0\1\0\0\0" + zlib.compress(DARKTABLE)
    chunk = (len(content) - 4).to_bytes(4, "big") + content + zlib.crc32(content).to_bytes(4, "big")
    after = with_packet(plain[:33] + chunk + plain[33:], daisy)
    with Image.open(io.BytesIO(after)) as photo:
        assert keywords_of(photo.info["xmp"]) == ("holiday", "R&D", "daisy")


def test_a_packet_that_has_no_room_is_said() -> None:
    with pytest.raises(NoPlaceError, match="no room"):
        with_packet(picture("JPEG"), lambda _packet: b"x" * 70_000)


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_photo_that_is_cut_short_is_said(kind: str) -> None:
    with pytest.raises(NoPlaceError, match="damaged"):
        with_packet(picture(kind)[:30], daisy)


def test_other_kinds_of_photo_are_told_apart() -> None:
    assert can_embed(picture("JPEG")[:16])
    assert can_embed(picture("PNG")[:16])
    assert not can_embed(picture("BMP")[:16])
    with pytest.raises(NoPlaceError, match="only"):
        with_packet(picture("BMP"), daisy)
