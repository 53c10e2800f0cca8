import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tlstudio.datasets.images import UnreadableImageError, decode, thumbnail
from tlstudio.datasets.index import index_folder
from tlstudio.events import CancelToken, ignore_events

CUT_SHORT = "Cut short: the file ends before the picture does."
REASONS = {
    "65536-uint32-limit.png": "Too large: it claims 65,536 x 65,536 pixels.",
    "corrupt-header.jpg": CUT_SHORT,
    "decompression_bomb.gif": "Too large: it claims 65,535 x 66,601 pixels.",
    "empty.jpg": "Empty file.",
    "giant-image.jpg": "Too large: it claims 20,000 x 14,000 pixels.",
    "text_called.jpg": "Not an image: it holds text.",
    "truncated.gif": CUT_SHORT,
    "truncated.heic": CUT_SHORT,
    "truncated_image.png": CUT_SHORT,
    "truncated_jpeg.jpg": CUT_SHORT,
}


@pytest.fixture(scope="module")
def messy() -> Path:
    folder = Path(__file__).resolve().parents[2] / "../shared/data/messy"
    if not folder.is_dir():
        pytest.skip("the shared photos are not here")
    return folder


def test_all_thirty_files_are_accounted_for(messy: Path) -> None:
    dataset = index_folder(messy, emit=ignore_events, token=CancelToken())
    assert {file.path: file.reason for file in dataset.rejected} == REASONS
    assert [(file.path, file.kind) for file in dataset.ignored] == [("MANIFEST.tsv", "other")]
    listed = {line.split("\t")[0] for line in (messy / "MANIFEST.tsv").read_text(encoding="utf-8").splitlines()[1:]}
    assert {photo.path for photo in dataset.unlabelled} == listed - set(REASONS)
    assert dataset.found == 31
    sizes = {photo.path: (photo.width, photo.height) for photo in dataset.unlabelled}
    assert sizes["exif_Landscape_6.jpg"] == (1800, 1200)
    assert sizes["exif_Portrait_8.jpg"] == (1200, 1800)
    assert sizes["arrow.heic"] == (3024, 4032)
    assert sizes["big-height.webp"] == (13, 169)


def test_what_is_accepted_can_be_decoded(messy: Path) -> None:
    dataset = index_folder(messy, emit=ignore_events, token=CancelToken())
    for photo in dataset.unlabelled:
        pixels = decode(dataset.absolute(photo.path), 32)
        assert pixels.shape == (32, 32, 3)
        assert max(thumbnail(dataset.absolute(photo.path), 64).shape[:2]) <= 64


def test_colours_of_print_photos_are_not_inverted(messy: Path) -> None:
    # The word RED in red on black, and a red mark in the top left corner.
    pixels = decode(messy / "pil_sample_cmyk.jpg", 50).astype(int)
    assert np.abs(pixels[1, 1] - (255, 14, 23)).max() < 12
    assert pixels[-1].max() < 12


@pytest.mark.parametrize("format_", ["JPEG", "PNG", "GIF", "WEBP", "AVIF", "TIFF", "BMP", "JPEG2000", "PPM", "TGA"])
def test_damaged_bytes_give_a_picture_or_a_reason(format_: str) -> None:
    rng = np.random.default_rng(7)
    noise = Image.fromarray(rng.integers(0, 255, (40, 40, 3), dtype=np.uint8))
    buffer = io.BytesIO()
    noise.save(buffer, format_)
    outcomes: set[object] = set()
    for _ in range(60):
        damaged = np.frombuffer(buffer.getvalue(), dtype=np.uint8).copy()
        places = rng.integers(0, min(len(damaged), 600), 6)
        damaged[places] = rng.integers(0, 255, 6)
        try:
            outcomes.add(decode(damaged.tobytes(), 8).shape)
        except UnreadableImageError as error:
            outcomes.add(error.reason[-1])
    assert outcomes <= {(8, 8, 3), "."}
