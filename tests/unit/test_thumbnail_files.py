"""Thumbnails of large photos come from disk the second time, and never when the photo has changed."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tlstudio.datasets import thumbnail_files
from tlstudio.datasets.images import UnreadableImageError
from tlstudio.datasets.thumbnail_files import LARGEST_SIDE, WORTH_KEEPING_BYTES, ThumbnailFiles


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    return large_photo(tmp_path / "large.jpg", 0)


@pytest.fixture
def files(tmp_path: Path) -> ThumbnailFiles:
    return ThumbnailFiles(tmp_path / "thumbnails")


def large_photo(path: Path, seed: int) -> Path:
    pixels = np.random.default_rng(seed).integers(0, 256, (600, 800, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(path, quality=95)
    assert path.stat().st_size > WORTH_KEEPING_BYTES
    return path


def kept(tmp_path: Path) -> list[Path]:
    return sorted((tmp_path / "thumbnails").glob("*")) if (tmp_path / "thumbnails").exists() else []


@pytest.fixture
def decoded(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The files that are decoded."""
    asked: list[Path] = []
    real = thumbnail_files.thumbnail

    def note(path: Path, side: int) -> object:
        asked.append(path)
        return real(path, side)

    monkeypatch.setattr(thumbnail_files, "thumbnail", note)
    return asked


def test_the_second_time_the_photo_is_not_opened(
    files: ThumbnailFiles, photo: Path, decoded: list[Path], tmp_path: Path
) -> None:
    first = files.thumbnail(photo, 192)
    assert decoded.count(photo) == 1
    second = ThumbnailFiles(tmp_path / "thumbnails").thumbnail(photo, 192)
    assert decoded.count(photo) == 1
    assert first.shape == second.shape == (144, 192, 3)
    assert np.abs(first.astype(int) - second).mean() < 6, "saved well enough for a tile"


def test_a_changed_photo_is_decoded_anew(files: ThumbnailFiles, photo: Path, decoded: list[Path]) -> None:
    before = files.thumbnail(photo, 192)
    large_photo(photo, 1)
    after = files.thumbnail(photo, 192)
    assert decoded.count(photo) == 2
    assert np.abs(before.astype(int) - after).mean() > 6


def test_small_files_and_large_views_are_not_kept(files: ThumbnailFiles, photo: Path, tmp_path: Path) -> None:
    small = tmp_path / "small.png"
    Image.new("RGB", (80, 60)).save(small)
    assert files.thumbnail(small, 64).shape == (48, 64, 3)
    assert files.thumbnail(photo, LARGEST_SIDE * 2).shape == (768, 1024, 3)
    assert kept(tmp_path) == []


def test_a_damaged_thumbnail_is_made_again(files: ThumbnailFiles, photo: Path, tmp_path: Path) -> None:
    whole = files.thumbnail(photo, 192)
    (file,) = kept(tmp_path)
    file.write_bytes(file.read_bytes()[:100])
    assert np.array_equal(files.thumbnail(photo, 192), whole)
    assert len(file.read_bytes()) > 100


def test_the_oldest_go_above_the_limit(tmp_path: Path) -> None:
    files = ThumbnailFiles(tmp_path / "thumbnails", limit_bytes=100_000)
    for number in range(12):
        files.thumbnail(large_photo(tmp_path / f"{number}.jpg", number), 192)
    sizes = [file.stat().st_size for file in kept(tmp_path)]
    assert 0 < sum(sizes) <= 100_000
    newest = max(kept(tmp_path), key=lambda file: file.stat().st_mtime_ns)
    files.thumbnail(tmp_path / "11.jpg", 192)
    assert newest in kept(tmp_path)


def test_what_cannot_be_read_or_kept_is_said_or_ignored(tmp_path: Path, photo: Path) -> None:
    with pytest.raises(UnreadableImageError):
        ThumbnailFiles(tmp_path / "thumbnails").thumbnail(tmp_path / "gone.jpg", 64)
    blocked = tmp_path / "a file"
    blocked.write_bytes(b"")
    assert ThumbnailFiles(blocked).thumbnail(photo, 192).shape == (144, 192, 3)
