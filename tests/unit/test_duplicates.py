import hashlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import ExifTags, Image, ImageDraw, ImageEnhance

from tlstudio.datasets.dataset import Dataset, Sample
from tlstudio.datasets.facts import PhotoFacts
from tlstudio.datasets.index import index_folder
from tlstudio.datasets.looks import embeddings
from tlstudio.datasets.looks.duplicates import (
    Duplicates,
    Group,
    Kind,
    conflicts_sentence,
    duplicates_sentence,
    find_duplicates,
    leaks,
    leaks_sentence,
    together,
)
from tlstudio.datasets.looks.embeddings import Embedding
from tlstudio.datasets.looks.likeness import distance, link
from tlstudio.datasets.splits.split import Split
from tlstudio.events import CancelToken, ignore_events


def scene(seed: int, size: tuple[int, int] = (240, 160)) -> Image.Image:
    rng = np.random.default_rng(seed)
    return Image.fromarray(rng.integers(0, 255, (8, 12, 3), dtype=np.uint8)).resize(size, Image.Resampling.BICUBIC)


def save(image: Image.Image, path: Path, taken: str = "", **options: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    exif = Image.Exif()
    if taken:
        exif[ExifTags.Base.Make] = "Camera"  # some of Pillow's writers take an Exif without it for empty
        exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = taken
    image.save(path, exif=exif, **options)


def index(root: Path) -> Dataset:
    return index_folder(root, emit=ignore_events, token=CancelToken())


def found(root: Path, kind: Kind) -> list[tuple[str, ...]]:
    """Names of the photos of each group."""
    dataset = index(root)
    return [tuple(dataset.samples[i].path for i in group.indices) for group in find_duplicates(dataset).of(kind)]


def drawn(photos: list[tuple[str, str, PhotoFacts | None]]) -> Dataset:
    """A data set of (path, digest, facts); the class is the top folder."""
    samples = tuple(Sample(path, path.split("/")[0], 10, 10, digest) for path, digest, _ in photos)
    classes = tuple(sorted({sample.class_name for sample in samples}))
    return Dataset("/photos", classes, samples, facts={digest: facts for _, digest, facts in photos if facts})


def looks(code: int, seed: int = 0) -> PhotoFacts:
    layout = np.random.default_rng(seed).integers(0, 256, 256, dtype=np.uint8).tobytes()
    return PhotoFacts(0.5, 0.2, 0.9, code, layout=layout)


def test_copies_are_identical_and_those_in_two_classes_come_first(tmp_path: Path) -> None:
    for name in ("a/1.png", "a/1 copy.png", "b/x.png", "c/y.png"):
        save(scene(1 if name.startswith("a") else 2), tmp_path / name)
    save(scene(3), tmp_path / "c/other.png")
    groups = find_duplicates(index(tmp_path)).groups
    assert [(group.kind, group.indices, group.classes, group.conflict) for group in groups] == [
        ("identical", (2, 4), ("b", "c"), True),
        ("identical", (0, 1), ("a",), False),
    ]


def test_photos_without_facts_are_still_compared_byte_by_byte() -> None:
    dataset = drawn([("a/1.jpg", "1" * 64, None), ("b/1.jpg", "1" * 64, None), ("b/2.jpg", "2" * 64, None)])
    assert find_duplicates(dataset) == Duplicates((Group("identical", (0, 1), ("a", "b")),))
    assert find_duplicates(drawn([])) == Duplicates(())


@pytest.mark.parametrize(
    "change",
    [
        lambda image: image.resize((120, 80), Image.Resampling.LANCZOS),
        lambda image: image.convert("L"),
        lambda image: ImageEnhance.Brightness(image).enhance(1.2),
        lambda image: ImageEnhance.Contrast(image).enhance(0.6),
        lambda image: image.rotate(1, Image.Resampling.BICUBIC),
        lambda image: image.crop((2, 2, 238, 158)),
    ],
)
def test_a_photo_that_was_changed_a_little_is_near(
    tmp_path: Path, change: Callable[[Image.Image], Image.Image]
) -> None:
    for seed in range(6):
        save(scene(seed), tmp_path / f"a/{seed}0.png")
    save(change(scene(2)), tmp_path / "b/other name.jpg", quality=50)
    assert found(tmp_path, "near") == [("a/20.png", "b/other name.jpg")]
    assert found(tmp_path, "identical") == []


def test_near_groups_hold_all_copies(tmp_path: Path) -> None:
    save(scene(1), tmp_path / "a/1.png")
    save(scene(1), tmp_path / "a/2.png")
    save(scene(1), tmp_path / "b/3.jpg", quality=40)
    assert found(tmp_path, "identical") == [("a/1.png", "a/2.png")]
    assert found(tmp_path, "near") == [("a/1.png", "a/2.png", "b/3.jpg")]


def sky(seed: int) -> Image.Image:
    """A smooth gradient with the noise of a sensor."""
    rng = np.random.default_rng(seed)
    gradient = np.linspace(150, 190, 160)[:, None] + rng.normal(0, 2, (160, 240))
    return Image.fromarray(gradient.astype(np.uint8))


def thing_on_white(seed: int) -> Image.Image:
    """One of many things, photographed in the middle of a white table."""
    rng = np.random.default_rng(seed)
    image = Image.new("L", (240, 160), 250)
    points = [
        (120 + 45 * np.cos(a) * r, 80 + 45 * np.sin(a) * r)
        for a, r in zip(np.linspace(0, 2 * np.pi, 9)[:-1], rng.uniform(0.2, 1.3, 8), strict=True)
    ]
    ImageDraw.Draw(image).polygon(points, fill=int(rng.integers(20, 120)))
    return image


def test_skies_are_not_taken_for_each_other(tmp_path: Path) -> None:
    for seed in range(60):
        save(sky(seed), tmp_path / f"a/{seed}.png")
    assert find_duplicates(index(tmp_path)).groups == ()


def test_things_on_white_are_hardly_ever_taken_for_each_other(tmp_path: Path) -> None:
    for seed in range(60):
        save(thing_on_white(seed), tmp_path / f"a/{seed}{'x' * seed}.png")
    pairs = [len(indices) * (len(indices) - 1) // 2 for indices in found(tmp_path, "near")]
    assert sum(pairs) <= 0.005 * 60 * 59 / 2


def test_bursts_by_capture_time(tmp_path: Path) -> None:
    moved = [scene(1).transform((240, 160), Image.Transform.AFFINE, (1, 0, shift, 0, 1, 0)) for shift in (0, 8, 16)]
    for name, image, second in zip(("q", "c", "x"), moved, (10, 18, 26), strict=True):
        save(image, tmp_path / f"a/{name}.png", f"2024:05:06 12:00:{second}")
    save(scene(2), tmp_path / "a/other.png", "2024:05:06 12:00:19")
    assert found(tmp_path, "burst") == [("a/c.png", "a/q.png", "a/x.png")]


def test_alike_photos_of_another_minute_are_no_burst_even_if_numbered_so(tmp_path: Path) -> None:
    moved = scene(1).transform((240, 160), Image.Transform.AFFINE, (1, 0, 8, 0, 1, 0))
    save(scene(1), tmp_path / "a/IMG_1.png", "2024:05:06 12:00:10")
    save(moved, tmp_path / "a/IMG_2.png", "2024:05:06 12:00:21")
    assert found(tmp_path, "burst") == []


@pytest.mark.parametrize(
    ("names", "burst"),
    [
        (("a/IMG_0009.png", "a/IMG_0010.png"), True),
        (("a/tree (1).png", "a/tree (2).png"), True),
        (("a/IMG_0009.png", "a/IMG_0011.png"), False),
        (("a/IMG_0009.png", "b/IMG_0010.png"), False),
        (("a/one.png", "a/two.png"), False),
    ],
)
def test_bursts_by_consecutive_names_where_no_clock_tells(tmp_path: Path, names: tuple[str, str], burst: bool) -> None:
    save(scene(1), tmp_path / names[0])
    save(scene(1).transform((240, 160), Image.Transform.AFFINE, (1, 0, 8, 0, 1, 0)), tmp_path / names[1])
    assert found(tmp_path, "near") == []
    assert found(tmp_path, "burst") == ([names] if burst else [])


def test_consecutive_photos_of_different_things_are_no_burst(tmp_path: Path) -> None:
    for seed in range(20):
        save(scene(seed), tmp_path / f"a/IMG_{seed}.png")
    assert find_duplicates(index(tmp_path)).groups == ()


def test_features_confirm_and_find_more() -> None:
    rng = np.random.default_rng(0)
    codes = [int(code) for code in rng.integers(0, 1 << 63, 40)]
    photos = [(f"a/{chr(65 + n)}.jpg", f"{n:064x}", looks(code, n)) for n, code in enumerate(codes)]
    dataset = drawn(photos)
    features = rng.normal(5, 1, (40, 128)).astype(np.float32)
    assert find_duplicates(dataset, features).groups == ()

    def rough(row: int, code: int) -> PhotoFacts:
        layout = np.frombuffer(looks(0, row).layout, np.uint8) + rng.normal(0, 40, 256)
        return PhotoFacts(0.5, 0.2, 0.9, code, layout=np.clip(layout, 0, 255).astype(np.uint8).tobytes())

    photos[9] = (*photos[9][:2], rough(3, codes[3]))
    photos[31] = (*photos[31][:2], rough(7, codes[31]))
    dataset = drawn(photos)
    assert find_duplicates(dataset, features).groups == (), "rough likeness alone doesn't do"
    features[[9, 31, 20]] = features[[3, 7, 5]] + rng.normal(0, 0.02, (3, 128))
    assert find_duplicates(dataset).groups == ()
    pairs = [group.indices for group in find_duplicates(dataset, features).groups]
    assert pairs == [(3, 9), (7, 31)], "close features alone don't do either"
    with pytest.raises(ValueError, match="39 rows of features for 40 samples"):
        find_duplicates(dataset, features[:39])


def vectors(cosines: list[float]) -> NDArray[np.float32]:
    """Pairs of vectors, each at its cosine and at right angles to all others, and their negatives: the mean is 0."""
    rows = np.zeros((2 * len(cosines), 2 * len(cosines)), dtype=np.float32)
    for number, cosine in enumerate(cosines):
        rows[2 * number, 2 * number] = 1
        rows[2 * number + 1, 2 * number : 2 * number + 2] = cosine, np.sqrt(1 - cosine**2)
    return np.concatenate([rows, -rows])


@pytest.mark.parametrize(
    ("bits", "noise", "cosine", "together"),
    [
        (8, 0, 0.0, True),  # the same to the eye
        (8, 400, 0.99, True),  # roughly alike, and a network says so
        (14, 400, 0.85, True),
        (14, 400, 0.75, False),
        (24, 25, 0.95, True),  # laid out alike, and a network is sure
        (24, 25, 0.88, False),
        (24, 400, 0.99, False),  # a network alone
    ],
)
def test_the_eye_and_a_network_decide_together(bits: int, noise: float, cosine: float, together: bool) -> None:
    rng = np.random.default_rng(1)
    flipped = int(sum(1 << int(bit) for bit in rng.choice(64, bits, replace=False)))
    base, code = looks(0, 1), int(rng.integers(0, 1 << 63))
    layout = np.frombuffer(base.layout, np.uint8) + rng.normal(0, noise, 256)
    other = replace(base, layout=np.clip(layout, 0, 255).astype(np.uint8).tobytes(), fingerprint=code ^ flipped)
    strangers = [
        (f"a/x{number}.jpg", f"x{number}", looks(int(rng.integers(0, 1 << 63)), 9 + number)) for number in range(2)
    ]
    dataset = drawn([("a/1.jpg", "1", replace(base, fingerprint=code)), ("b/2.jpg", "2", other), *strangers])
    groups = find_duplicates(dataset, vectors([cosine])).groups
    assert [entry.indices for entry in groups] == ([(0, 1)] if together else [])


def test_features_of_many_photos_are_read_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embeddings, "_AT_ONCE", 7)
    rng = np.random.default_rng(0)
    features = rng.normal(3, 1, (50, 16)).astype(np.float32)
    rows = rng.permutation(50)[:40]
    parts, whole = Embedding(features, rows), features[rows] - features[rows].mean(axis=0)
    lengths = np.linalg.norm(whole, axis=1)
    first, second = np.arange(39), np.arange(1, 40)
    assert np.allclose(
        parts.cosine(first, second), (whole[:-1] * whole[1:]).sum(axis=1) / (lengths[:-1] * lengths[1:]), atol=1e-5
    )
    monkeypatch.setattr(embeddings, "_AT_ONCE", 4096)
    for code, other in zip(parts.codes(3), Embedding(features, rows).codes(3), strict=True):
        assert code.shape == (40,)
        assert distance(code, other).max() <= 1  # where a plane is all but hit, rounding decides


def group(kind: Kind, *indices: int, classes: tuple[str, ...] = ("a",)) -> Group:
    return Group(kind, indices, classes)


def test_groups_that_share_a_photo_stay_together() -> None:
    groups = (group("identical", 1, 4), group("near", 4, 6, 9), group("burst", 2, 3), group("burst", 0, 9))
    assert together(Duplicates(groups)) == ((0, 1, 4, 6, 9), (2, 3))
    assert together(Duplicates(())) == ()
    assert duplicates_sentence(Duplicates(groups)).startswith("7 photos show the same as another one.")
    assert duplicates_sentence(Duplicates(())) == ""


def test_leaks_are_the_groups_in_more_than_one_part() -> None:
    dataset = drawn([(f"a/{n}.jpg", hashlib.sha256(bytes([n])).hexdigest(), None) for n in range(8)])
    groups = (group("near", 0, 1), group("near", 2, 5), group("burst", 3, 4, 7), group("identical", 6, 7))
    leaking = leaks(dataset, Split((0, 1, 2, 3, 4), (5,), (6, 7)), Duplicates(groups))
    assert leaking == (groups[1], groups[2])
    assert leaks_sentence(leaking).startswith("2 groups of photos that show the same lie in more than one part")
    assert leaks_sentence(()) == ""


def test_conflicts_in_words() -> None:
    assert conflicts_sentence(Duplicates((group("near", 0, 1),))) == ""
    one = Duplicates((group("near", 0, 1, classes=("a", "b")),))
    assert one.conflicts == one.groups
    assert conflicts_sentence(one).startswith("Photos that show the same lie in more than one class.")


def test_codes_that_differ_in_up_to_seven_bits_are_always_found() -> None:
    rng = np.random.default_rng(0)
    codes = rng.integers(0, 1 << 63, 4000, dtype=np.uint64)
    for row in range(2000):
        flipped = rng.choice(64, row % 8, replace=False)
        codes[row + 2000] = codes[row] ^ np.uint64(sum(1 << int(bit) for bit in flipped))
    labels = link(codes, 7, lambda first, _: np.ones(len(first), dtype=np.bool_))
    assert (labels[:2000] == labels[2000:]).all()
    assert len(set(labels.tolist())) == 2000


def test_all_frames_of_a_film_are_one_group() -> None:
    rng = np.random.default_rng(0)
    base = int(rng.integers(0, 1 << 63))
    flips = rng.integers(0, 64, (3000, 2))
    photos = [
        (f"a/{n}{'x' * (n % 2)}.jpg", f"{n:064x}", looks(base ^ (1 << int(one)) ^ (1 << int(other))))
        for n, (one, other) in enumerate(flips)
    ]
    assert [len(group.indices) for group in find_duplicates(drawn(photos)).of("near")] == [3000]


def test_the_grebe_that_lies_in_two_folders_is_found(shared: Path) -> None:
    dataset = index(shared / "data/birds10")
    first = find_duplicates(dataset).groups[0]
    assert (first.kind, first.conflict, first.classes) == ("identical", True, ("Eared_Grebe", "Green_Jay"))
    assert {dataset.samples[index].path for index in first.indices} == {
        "Eared_Grebe/Eared_Grebe_0007_2546851209.jpg",
        "Green_Jay/Eared_Grebe_0007_2546851209.jpg",
    }


def test_what_is_near_among_real_flowers_is_the_same_scene(shared: Path) -> None:
    """All three were looked at: an edited copy, and two pairs taken at the same place within moments."""
    assert found(shared / "data/flowers5", "near") == [
        ("daisy/10993710036_2033222c91.jpg", "daisy/10993818044_4c19b86c82.jpg"),
        ("sunflowers/17433282043_441b0a07f4_n.jpg", "sunflowers/22429946721_e17a12cb39_n.jpg"),
        ("tulips/10163955604_ae0b830975_n.jpg", "tulips/10164073235_f29931d91e.jpg"),
    ]
    assert found(shared / "data/leaves3", "near") == []
