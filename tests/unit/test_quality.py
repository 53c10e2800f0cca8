from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageFilter

from tlstudio.datasets.dataset import Dataset, Sample
from tlstudio.datasets.index import index_folder
from tlstudio.datasets.looks.quality import Sizes, counts_sentence, flags, flags_sentence, imbalance, outside, sizes
from tlstudio.datasets.size_rule import SizeRule
from tlstudio.events import CancelToken, ignore_events


def dataset_of(*photos: tuple[int, int], counts: dict[str, int] | None = None) -> Dataset:
    """Photos of these sizes in one class, or so many photos per class."""
    named = [("a", size) for size in photos]
    named += [(name, (10, 10)) for name, count in (counts or {}).items() for _ in range(count)]
    samples = (Sample(f"{number}.jpg", name, *size, f"{number:064x}") for number, (name, size) in enumerate(named))
    return Dataset("/photos", tuple(counts or ("a",)), tuple(samples))


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (SizeRule(), ()),
        (SizeRule(min_width=200), (0,)),
        (SizeRule(min_height=200), (0, 1)),
        (SizeRule(max_width=200, max_height=400), (2,)),
        (SizeRule(max_height=250), (3,)),
        (SizeRule(exact=(300, 200)), (0, 1, 3)),
        (SizeRule(exact=(300, 200), max_width=100), (0, 1, 2, 3)),
    ],
)
def test_photos_outside_a_rule(rule: SizeRule, expected: tuple[int, ...]) -> None:
    assert outside(dataset_of((100, 100), (200, 150), (300, 200), (200, 300)), rule) == expected


def test_sizes_in_short() -> None:
    found = sizes(dataset_of((100, 99), (200, 300), (400, 300), (30, 20), (50, 40)))
    assert found == Sizes((30, 20), (100, 99), (400, 300), portrait=0.2, landscape=0.6, square=0.2)
    assert sizes(dataset_of()) is None


@pytest.mark.parametrize(
    ("counts", "ratio", "words"),
    [
        ({"cats": 50, "dogs": 50}, 1, "about as many photos"),
        ({"cats": 50, "dogs": 90}, 1.8, "“cats” has the fewest photos: “dogs” has 1.8 times as many. That is fine."),
        ({"cats": 10, "dogs": 90, "none": 0}, 9, "always says so is right 90 times of 100"),
    ],
)
def test_balance_in_words(counts: dict[str, int], ratio: float, words: str) -> None:
    dataset = dataset_of(counts=counts)
    found = imbalance(dataset)
    assert found is not None
    assert found.ratio == pytest.approx(ratio)
    assert words in counts_sentence(dataset)


@pytest.mark.parametrize("counts", [{}, {"cats": 5}, {"cats": 5, "none": 0}])
def test_one_class_is_not_uneven(counts: dict[str, int]) -> None:
    assert imbalance(dataset_of(counts=counts)) is None
    assert counts_sentence(dataset_of(counts=counts)) == ""


def scene() -> Image.Image:
    rng = np.random.default_rng(0)
    return Image.fromarray(rng.integers(0, 255, (5, 8, 3), dtype=np.uint8)).resize((300, 200), Image.Resampling.BOX)


def test_blank_dark_and_blurred_photos_are_flagged(tmp_path: Path) -> None:
    folder = tmp_path / "class"
    folder.mkdir()
    photos = {
        "blank_black": Image.new("RGB", (300, 200)),
        "blank_white": Image.new("RGB", (300, 200), "white"),
        "both": scene().filter(ImageFilter.GaussianBlur(6)).point(lambda value: value // 6),
        "blurred": scene().filter(ImageFilter.GaussianBlur(6)),
        "dark": scene().point(lambda value: value // 6),
        "good": scene(),
        "pale": scene().point(lambda value: 200 + value // 8),
    }
    for name, image in photos.items():
        image.save(folder / f"{name}.png")
    dataset = index_folder(tmp_path, emit=ignore_events, token=CancelToken())
    found = flags(dataset)
    assert {Path(dataset.samples[index].path).stem: names for index, names in found.items()} == {
        "blank_black": ("blank",),
        "blank_white": ("blank",),
        "both": ("dark", "blurred"),
        "blurred": ("blurred",),
        "dark": ("dark",),
    }
    assert "2 blank, 2 very dark, 2 very blurred" in flags_sentence(found)


def test_photos_that_were_not_looked_at_have_no_flags() -> None:
    assert flags(dataset_of((100, 100))) == {}
    assert flags_sentence({}) == ""


@pytest.mark.parametrize("name", ["flowers5", "birds10", "leaves3"])
def test_real_photos_are_hardly_ever_flagged(shared: Path, name: str) -> None:
    dataset = index_folder(shared / "data" / name, emit=ignore_events, token=CancelToken())
    assert len(flags(dataset)) < 0.01 * len(dataset.samples)


def test_blurred_real_photos_are_flagged(shared: Path, tmp_path: Path) -> None:
    for photo in sorted((shared / "data/flowers5/tulips").iterdir())[:40]:
        (tmp_path / "tulips").mkdir(exist_ok=True)
        with Image.open(photo) as image:
            blurred = image.filter(ImageFilter.GaussianBlur(0.015 * max(image.size)))
        blurred.save(tmp_path / "tulips" / photo.name)
    dataset = index_folder(tmp_path, emit=ignore_events, token=CancelToken())
    assert len(flags(dataset)) >= 38
