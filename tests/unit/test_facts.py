import struct
from pathlib import Path

import numpy as np
import pytest
from PIL import ExifTags, Image, ImageFilter

from tlstudio.datasets.facts import PhotoFacts
from tlstudio.datasets.images import probe
from tlstudio.datasets.index import index_folder
from tlstudio.events import CancelToken, ignore_events


def scene(seed: int = 0, size: tuple[int, int] = (300, 200)) -> Image.Image:
    """Bright and dark patches with some grain."""
    rng = np.random.default_rng(seed)
    patches = Image.fromarray(rng.integers(0, 255, (6, 9, 3), dtype=np.uint8)).resize(size, Image.Resampling.NEAREST)
    grain = rng.normal(0, 6, (size[1], size[0], 1))
    return Image.fromarray(np.clip(np.asarray(patches) + grain, 0, 255).astype(np.uint8))


def facts(image: Image.Image, path: Path, **options: object) -> PhotoFacts:
    image.save(path, **options)
    return probe(path).facts


def bits(first: PhotoFacts, second: PhotoFacts) -> int:
    return (first.fingerprint ^ second.fingerprint).bit_count()


@pytest.mark.parametrize(
    ("shade", "brightness"), [((0, 0, 0), 0.0), ((255, 255, 255), 1.0), ((255, 0, 0), 0.299), ((0, 255, 0), 0.587)]
)
def test_brightness_is_the_mean_luma_and_plain_colour_has_no_contrast(
    tmp_path: Path, shade: tuple[int, int, int], brightness: float
) -> None:
    found = facts(Image.new("RGB", (40, 30), shade), tmp_path / "plain.png")
    assert found.brightness == pytest.approx(brightness, abs=0.005)
    assert found.contrast == 0


def test_half_black_half_white_has_the_most_contrast(tmp_path: Path) -> None:
    image = Image.new("L", (64, 64))
    image.paste(255, (0, 0, 32, 64))
    found = facts(image, tmp_path / "halves.png")
    assert (found.brightness, found.contrast) == pytest.approx((0.5, 0.5))
    assert found.layout == bytes([255] * 8 + [0] * 8) * 16


def test_the_more_blurred_the_less_sharp_whatever_the_size_and_the_contrast(tmp_path: Path) -> None:
    for size in ((150, 100), (600, 400)):
        pale = scene(size=size).point(lambda value: 60 + value // 2)
        for sharp in (scene(size=size), pale):
            found = [
                facts(sharp.filter(ImageFilter.GaussianBlur(size[0] * share)), tmp_path / "photo.png").sharpness
                for share in (0, 0.01, 0.02)
            ]
            assert found[0] > 0.5
            assert found == sorted(found, reverse=True)
            assert found[2] < 0.3


@pytest.mark.parametrize("size", [(1, 1), (500, 1), (3, 400), (5, 5)])
def test_photos_too_small_to_judge_are_not_called_blurred(tmp_path: Path, size: tuple[int, int]) -> None:
    found = facts(Image.effect_noise(size, 80), tmp_path / "small.png")
    assert found.sharpness >= 0.3
    assert len(found.layout) == 256


def test_the_fingerprint_survives_what_photos_go_through(tmp_path: Path) -> None:
    image = scene()
    original = facts(image, tmp_path / "original.png")
    for changed, options in (
        (image, {"quality": 30}),
        (image.resize((150, 100), Image.Resampling.LANCZOS), {}),
        (image.point(lambda value: int(value * 0.8)), {}),
        (image.convert("L"), {}),
    ):
        assert bits(original, facts(changed, tmp_path / "changed.jpg", **options)) <= 6
    others = [facts(scene(seed), tmp_path / "other.png") for seed in range(1, 9)]
    assert min(bits(original, other) for other in others) >= 16


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "YCbCr", "LAB", "I;16", "I", "F"])
def test_every_pixel_mode_looks_the_same(tmp_path: Path, mode: str) -> None:
    image = Image.new("L", (60, 40))
    image.paste(255, (0, 0, 20, 40))
    image.paste(255, (30, 20, 50, 40))
    plain = facts(image, tmp_path / "plain.png")
    if mode in ("I;16", "I"):
        wide = Image.fromarray(np.asarray(image).astype({"I;16": np.uint16, "I": np.int32}[mode]) * 257)
    elif mode == "LAB":
        wide = Image.merge("LAB", [image, Image.new("L", image.size, 128), Image.new("L", image.size, 128)])
    else:
        wide = image.convert("RGB").convert(mode) if mode not in ("1", "LA", "F") else image.convert(mode)
    assert wide.mode == mode
    found = facts(wide, tmp_path / "photo.tif")
    assert found.brightness == pytest.approx(plain.brightness, abs=0.02)
    assert bits(plain, found) <= 2


@pytest.mark.parametrize("orientation", range(1, 9))
def test_photos_are_judged_upright(tmp_path: Path, orientation: int) -> None:
    upright = scene(3)
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    stored = upright.transpose(undo[orientation]) if orientation in undo else upright
    found = facts(stored, tmp_path / "turned.jpg", exif=exif, quality=95)
    assert bits(found, facts(upright, tmp_path / "upright.jpg", quality=95)) <= 2


def with_time(written: str) -> Image.Exif:
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "Camera"  # some of Pillow's writers take an Exif without it for empty
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = written
    return exif


@pytest.mark.parametrize("suffix", [".jpg", ".webp", ".png", ".tif", ".avif"])
def test_the_capture_time_is_read(tmp_path: Path, suffix: str) -> None:
    found = facts(scene(), tmp_path / f"photo{suffix}", exif=with_time("2024:05:06 12:13:14").tobytes())
    assert found.taken == "2024-05-06T12:13:14"


@pytest.mark.parametrize("written", ["", "0000:00:00 00:00:00", "yesterday", "2024:13:41 12:13:14"])
def test_a_capture_time_that_makes_no_sense_is_none(tmp_path: Path, written: str) -> None:
    assert facts(scene(), tmp_path / "photo.jpg", exif=with_time(written)).taken == ""


def test_broken_exif_data_are_no_reason_to_refuse_a_photo(tmp_path: Path) -> None:
    good = with_time("2024:05:06 12:13:14").tobytes()
    rng = np.random.default_rng(0)
    for number in range(300):
        broken = bytearray(good)
        for place in rng.integers(6, len(good), 1 + number % 4):
            broken[place] = int(rng.integers(256))
        assert facts(scene(size=(30, 20)), tmp_path / "photo.jpg", exif=bytes(broken)).contrast > 0
    cut = b"Exif\0\0II*\0\x08\0\0\0" + struct.pack("<HHHII", 1, ExifTags.IFD.Exif, 4, 1, 26) + b"\0\0\0\0\x05"
    assert facts(scene(), tmp_path / "photo.jpg", exif=cut).taken == ""


def test_a_scan_keeps_the_facts_of_every_photo_by_digest(tmp_path: Path) -> None:
    (tmp_path / "cats").mkdir()
    scene(1).save(tmp_path / "cats/a.png")
    scene(1).save(tmp_path / "cats/copy.png")
    scene(2).save(tmp_path / "loose.png")
    dataset = index_folder(tmp_path, emit=ignore_events, token=CancelToken())
    assert set(dataset.facts) == {photo.digest for photo in (*dataset.samples, *dataset.unlabelled)}
    assert len(dataset.facts) == 2
    assert dataset.facts[dataset.unlabelled[0].digest] == probe(tmp_path / "loose.png").facts
