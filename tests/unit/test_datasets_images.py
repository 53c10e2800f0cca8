import hashlib
import io
import os
import struct
import threading
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tlstudio.datasets import images
from tlstudio.datasets.images import (
    Probe,
    UnreadableImageError,
    classify_file,
    decode,
    decode_many,
    probe,
    read_file,
    thumbnail,
)
from tlstudio.errors import Cancelled
from tlstudio.events import CancelToken

RED = (200, 30, 40)


def encoded(image: Image.Image, format_: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, format_, **options)
    return buffer.getvalue()


def halves(mode: str = "RGB") -> Image.Image:
    """40 x 20: the left half red, the right half black."""
    image = Image.new("RGB", (40, 20))
    image.paste(RED, (0, 0, 20, 20))
    return image.convert(mode)


def assert_close(pixel: np.ndarray, colour: tuple[int, ...], tolerance: int = 6) -> None:
    assert np.abs(pixel.astype(int) - colour).max() <= tolerance, (pixel, colour)


@pytest.mark.parametrize(
    ("format_", "options"),
    [
        ("JPEG", {"quality": 95, "subsampling": 0}),
        ("JPEG", {"quality": 95, "subsampling": 0, "progressive": True}),
        ("PNG", {}),
        ("GIF", {}),
        ("WEBP", {"lossless": True}),
        ("AVIF", {"quality": 95, "subsampling": "4:4:4"}),
        ("TIFF", {}),
        ("TIFF", {"compression": "tiff_lzw"}),
        ("BMP", {}),
        ("JPEG2000", {}),
        ("PPM", {}),
        ("TGA", {}),
    ],
)
def test_every_format_gives_the_same_picture_whatever_the_name(
    tmp_path: Path, format_: str, options: dict[str, object]
) -> None:
    path = tmp_path / ("photo.tga" if format_ == "TGA" else "photo.jpg")
    path.write_bytes(encoded(halves(), format_, **options))
    pixels = decode(path, 16)
    assert pixels.shape == (16, 16, 3)
    assert pixels.dtype == np.uint8
    assert_close(pixels[8, 2], RED)
    assert_close(pixels[8, 13], (0, 0, 0))
    found = probe(path)
    assert (found.width, found.height) == (40, 20)


@pytest.mark.parametrize(
    "mode", ["1", "L", "LA", "P", "PA", "RGB", "RGBA", "CMYK", "YCbCr", "LAB", "HSV", "I;16", "I", "F"]
)
def test_every_pixel_mode_becomes_rgb(tmp_path: Path, mode: str) -> None:
    path = tmp_path / "grey.tif"
    if mode in ("I;16", "I", "F"):
        top = {"I;16": 65535, "I": 65535, "F": 1.0}[mode]
        dtype = {"I;16": np.uint16, "I": np.int32, "F": np.float32}[mode]
        values = np.full((20, 40), top, dtype=dtype)
        values[:, 20:] = 0
        image = Image.fromarray(values)
        assert image.mode == mode
    elif mode == "LAB":
        image = Image.merge("LAB", [Image.new("L", (40, 20), value) for value in (255, 128, 128)])
        image.paste((0, 128, 128), (20, 0, 40, 20))
    else:
        image = Image.new("RGB", (40, 20), "white")
        image.paste((0, 0, 0), (20, 0, 40, 20))
        image = image.convert(mode)
    stored = "PNG" if mode == "PA" else "TIFF"
    if mode in ("PA", "HSV"):  # no container keeps these
        image = image.convert("RGBA" if mode == "PA" else "RGB")
    path.write_bytes(encoded(image, stored))
    pixels = decode(path, 16)
    assert_close(pixels[8, 2], (255, 255, 255))
    assert_close(pixels[8, 13], (0, 0, 0))
    assert isinstance(classify_file(path), Probe)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (np.array([[0, 32768]], dtype=np.uint16), (0, 128)),
        (np.array([[0, 255]], dtype=np.int32), (0, 255)),
        (np.array([[-1000, 3000]], dtype=np.int32), (0, 255)),
        (np.array([[0, 0.5]], dtype=np.float32), (0, 128)),
        (np.array([[np.nan, 128.0]], dtype=np.float32), (0, 128)),
    ],
)
def test_deep_grey_is_scaled_by_its_range(values: np.ndarray, expected: tuple[int, int]) -> None:
    wide = np.repeat(np.repeat(values, 8, axis=1), 16, axis=0)
    pixels = decode(encoded(Image.fromarray(wide), "TIFF"), 16)
    assert_close(pixels[8, 1], (expected[0],) * 3, 1)
    assert_close(pixels[8, 14], (expected[1],) * 3, 1)


def test_what_is_transparent_is_white() -> None:
    image = Image.new("RGBA", (8, 8), (0, 0, 0, 0))
    assert_close(decode(encoded(image, "PNG"), 4)[0, 0], (255, 255, 255), 0)
    palette = Image.new("P", (8, 8), 1)
    palette.putpalette([0, 0, 0, *RED])
    assert_close(decode(encoded(palette, "PNG", transparency=bytes([255, 0])), 4)[0, 0], (255, 255, 255), 0)
    assert_close(decode(encoded(palette, "PNG", transparency=0), 4)[0, 0], RED, 0)


@pytest.mark.parametrize("format_", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_photos_stand_upright(tmp_path: Path, format_: str, orientation: int) -> None:
    upright = np.zeros((24, 48, 3), dtype=np.uint8)
    upright[:12, :24], upright[:12, 24:], upright[12:, :24] = RED, (0, 200, 0), (0, 0, 200)
    # What the camera stores is the upright picture taken back through the orientation.
    undo = {1: lambda a: a, 2: np.fliplr, 3: lambda a: np.rot90(a, 2), 4: np.flipud}
    undo |= {
        5: lambda a: a.transpose(1, 0, 2),
        6: lambda a: np.rot90(a, 1),
        7: lambda a: np.rot90(a.transpose(1, 0, 2), 2),
        8: lambda a: np.rot90(a, 3),
    }
    exif = Image.Exif()
    exif[274] = orientation
    stored = Image.fromarray(np.ascontiguousarray(undo[orientation](upright)))
    path = tmp_path / "photo"
    path.write_bytes(encoded(stored, format_, exif=exif, quality=95))
    assert (probe(path).width, probe(path).height) == (48, 24)
    assert thumbnail(path, 48).shape == (24, 48, 3)
    for pixels in (decode(path, 24), thumbnail(path, 24)):
        height, width = pixels.shape[:2]
        assert_close(pixels[height // 4, width // 4], RED, 12)
        assert_close(pixels[height // 4, 3 * width // 4], (0, 200, 0), 12)
        assert_close(pixels[3 * height // 4, width // 4], (0, 0, 200), 12)


def test_broken_exif_is_no_reason_to_refuse_and_warns_nobody() -> None:
    exif = b"Exif\0\0II*\0\x08\0\0\0" + struct.pack("<HHHII", 900, 274, 3, 1, 0x7FFFFFF) + b"\xff" * 9
    assert decode(encoded(halves(), "JPEG", exif=exif), 8).shape == (8, 8, 3)
    assert decode(encoded(halves(), "WEBP", exif=exif), 8).shape == (8, 8, 3)


def test_the_first_frame_of_an_animation_counts() -> None:
    frames = [Image.new("RGB", (8, 8), colour) for colour in (RED, (0, 0, 0))]
    for format_ in ("GIF", "WEBP", "PNG", "TIFF"):
        data = encoded(frames[0], format_, save_all=True, append_images=frames[1:])
        assert_close(decode(data, 4)[0, 0], RED, 8)


def test_thumbnails_keep_their_proportions_and_are_enlarged_at_most_four_times(tmp_path: Path) -> None:
    path = tmp_path / "photo.png"
    halves().save(path)
    assert thumbnail(path, 20).shape == (10, 20, 3)
    assert thumbnail(path, (100, 20)).shape == (20, 40, 3)
    assert thumbnail(path, 1000).shape == (80, 160, 3)
    Image.new("RGB", (500, 1)).save(path)
    assert thumbnail(path, 100).shape == (1, 100, 3)


def png_claiming(width: int, height: int) -> bytes:
    header = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    content = b"IDAT" + zlib.compress(b"\0" * 100)
    chunks = (header, content, b"IEND")
    framed = (struct.pack(">I", len(c) - 4) + c + struct.pack(">I", zlib.crc32(c)) for c in chunks)
    return b"\x89PNG\r\n\x1a\n" + b"".join(framed)


def test_pixel_bombs_are_refused_by_what_they_claim(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UnreadableImageError) as caught:
        decode(png_claiming(100_000, 90_000), 8)
    assert caught.value.reason == "Too large: it claims 100,000 x 90,000 pixels."
    monkeypatch.setattr(images, "MAX_PIXELS", 800)
    assert decode(encoded(halves(), "PNG"), 8).shape == (8, 8, 3)
    monkeypatch.setattr(images, "MAX_PIXELS", 799)
    with pytest.raises(UnreadableImageError, match="Too large"):
        decode(encoded(halves(), "PNG"), 8)


@pytest.mark.parametrize(
    ("content", "reason", "is_image"),
    [
        (b"", "Empty file.", False),
        (b"These are my notes.\n", "Not an image: it holds text.", False),
        ("Grüße aus 花".encode(), "Not an image: it holds text.", False),
        (b"%PDF-1.7 ...", "Not an image: it is a PDF document.", False),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n", "Not an image: it is a PostScript document.", False),
        (b"<!DOCTYPE html><html>", "Not an image: it is a web page.", False),
        (b"<svg xmlns='x'></svg>", "Not an image: it is an SVG drawing.", False),
        (b"\x00\x00\x00\x18ftypisom", "Not an image: it is a video.", False),
        (bytes(range(256)), "Not an image: what it holds is not known here.", False),
        (b"\xff\xd8\xff\xe0" + b"\0" * 50, "Damaged: the picture in it can't be decoded.", True),
        (b"GIF89a", "Damaged: the picture in it can't be decoded.", True),
    ],
)
def test_reasons(tmp_path: Path, content: bytes, reason: str, is_image: bool) -> None:
    path = tmp_path / "photo.jpg"
    path.write_bytes(content)
    for read in (probe, lambda p: decode(p, 8), lambda p: thumbnail(p, 8), lambda p: decode(p.read_bytes(), 8)):
        with pytest.raises(UnreadableImageError) as caught:
            read(path)
        assert (caught.value.reason, caught.value.is_image) == (reason, is_image)


def test_files_that_cannot_be_opened_have_a_reason(tmp_path: Path) -> None:
    with pytest.raises(UnreadableImageError, match=r"^Not there any more\.$"):
        decode(tmp_path / "gone.jpg", 8)
    with pytest.raises(UnreadableImageError, match="can't be opened"):
        decode(tmp_path, 8)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_has_a_reason(tmp_path: Path) -> None:
    path = tmp_path / "photo.jpg"
    path.write_bytes(encoded(halves(), "JPEG"))
    path.chmod(0)
    with pytest.raises(UnreadableImageError, match="you may not read it"):
        decode(path, 8)


def test_running_out_of_memory_is_a_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    def exhausted(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr(Image.Image, "resize", exhausted)
    with pytest.raises(UnreadableImageError, match="memory of this computer"):
        decode(encoded(halves(), "JPEG"), 8)


def test_raw_camera_files_are_not_read_as_their_thumbnails(tmp_path: Path) -> None:
    path = tmp_path / "DSC_0001.NEF"
    path.write_bytes(encoded(halves(), "TIFF"))
    with pytest.raises(UnreadableImageError, match="raw camera file"):
        probe(path)


def test_a_png_that_lacks_only_its_end_is_read_and_one_that_lacks_pixels_is_not() -> None:
    noise = np.random.default_rng(0).integers(0, 255, (40, 40, 3), dtype=np.uint8)
    data = encoded(Image.fromarray(noise), "PNG")
    whole = decode(data, 40)
    assert np.array_equal(decode(data[:-12], 40), whole)
    assert np.array_equal(decode(data[:-7], 40), whole)
    assert np.array_equal(decode(data[:-12] + b"\0\0\x01\0tEXtcut", 40), whole)
    with pytest.raises(UnreadableImageError, match="Cut short"):
        decode(data[:-600], 40)


def test_a_slip_beside_the_pixels_of_a_png_does_no_harm() -> None:
    data = encoded(halves(), "PNG")
    after_header = 8 + 25
    slip = struct.pack(">I", 3) + b"tEXt" + b"a\0b" + b"\0\0\0\0"
    for place in (after_header, len(data) - 12):
        assert np.array_equal(decode(data[:place] + slip + data[place:], 8), decode(data, 8))


@pytest.mark.parametrize("format_", ["JPEG", "PNG", "GIF", "WEBP", "AVIF", "BMP", "PPM"])
@pytest.mark.parametrize("share", [0.4, 0.9])
def test_a_file_that_is_cut_short_says_so(tmp_path: Path, format_: str, share: float) -> None:
    noise = np.random.default_rng(0).integers(0, 255, (90, 90, 3), dtype=np.uint8)
    data = encoded(Image.fromarray(noise), format_)
    path = tmp_path / "photo"
    path.write_bytes(data[: int(len(data) * share)])
    with pytest.raises(UnreadableImageError) as caught:
        probe(path)
    assert caught.value.reason == images.CUT_SHORT
    with pytest.raises(UnreadableImageError, match="Cut short"):
        decode(path, 8)


def test_classify_file_tells_photo_unreadable_and_no_photo_apart(tmp_path: Path) -> None:
    def file(name: str, content: bytes) -> Path:
        (tmp_path / name).write_bytes(content)
        return tmp_path / name

    jpeg = encoded(halves(), "JPEG")
    assert isinstance(classify_file(file("a.jpg", jpeg)), Probe)
    assert isinstance(classify_file(file("photo without ending", jpeg)), Probe)
    assert isinstance(classify_file(file("cut.dat", jpeg[:-50])), UnreadableImageError)
    assert isinstance(classify_file(file("text.jpg", b"text")), UnreadableImageError)
    assert isinstance(classify_file(tmp_path / "gone.jpg"), UnreadableImageError)
    assert classify_file(file("BMW P1 notes.txt", b"BM or P1 5, that is the question here")) is None
    assert classify_file(file("empty", b"")) is None
    assert classify_file(tmp_path / "gone.txt") is None


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".tga"])
def test_a_file_is_read_once_for_its_picture_its_digest_and_its_stamp(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"photo{suffix}"
    Image.effect_noise((20, 16), 60).convert("RGB").save(path)
    content, status = read_file(path), path.stat()
    path.rename(tmp_path / "gone")
    assert content.digest() == hashlib.sha256(content.data).digest()
    assert content.stamp == (status.st_size, status.st_mtime_ns)
    picture = decode(content, 8)
    (tmp_path / "gone").rename(path)
    assert np.array_equal(picture, decode(path, 8))


def test_a_file_that_changes_while_it_is_read_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "photo.jpg"
    Image.new("RGB", (8, 8)).save(path)
    real = images._read

    def slow(source: Path) -> bytes:
        data = real(source)
        source.write_bytes(data + b"more")
        return data

    monkeypatch.setattr(images, "_read", slow)
    with pytest.raises(UnreadableImageError, match="being changed"):
        read_file(path)


def test_decode_many_keeps_the_order_and_carries_errors(tmp_path: Path) -> None:
    paths = []
    for index in range(40):
        paths.append(tmp_path / f"{index}.png")
        if index % 7 == 3:
            paths[-1].write_bytes(b"text")
        else:
            Image.new("RGB", (9, 9), (index, 0, 0)).save(paths[-1])
    results = list(decode_many(paths, 4, token=CancelToken(), workers=3))
    assert len(results) == 40
    for index, result in enumerate(results):
        if index % 7 == 3:
            assert isinstance(result, UnreadableImageError)
        else:
            assert isinstance(result, np.ndarray)
            assert result[0, 0, 0] == index


def test_decode_many_stops_when_asked(tmp_path: Path) -> None:
    path = tmp_path / "photo.png"
    halves().save(path)
    token = CancelToken()
    stream = decode_many([path] * 10_000, 4, token=token)
    next(stream)
    token.cancel()
    with pytest.raises(Cancelled):
        next(stream)
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("tlstudio-map")]


def test_decoding_is_the_same_in_threads_with_all_warnings_as_errors(tmp_path: Path) -> None:
    exif = b"Exif\0\0II*\0\x08\0\0\0" + struct.pack("<HHHII", 900, 274, 3, 1, 0x7FFFFFF)
    path = tmp_path / "odd.jpg"
    path.write_bytes(encoded(halves(), "JPEG", exif=exif))
    results = list(decode_many([path] * 64, 8, token=CancelToken(), workers=4))
    assert all(isinstance(result, np.ndarray) and np.array_equal(result, results[0]) for result in results)


def test_what_is_told_of_a_broken_file_does_not_hold_its_bytes(tmp_path: Path) -> None:
    (tmp_path / "torn.jpg").write_bytes(b"\xff\xd8\xff\xe0 torn")
    told = classify_file(tmp_path / "torn.jpg")
    assert isinstance(told, UnreadableImageError)
    assert (told.__traceback__, told.__cause__, told.__context__) == (None, None, None)
