import pytest

from tlstudio.datasets.dataset import Dataset, Sample
from tlstudio.datasets.split import SplitConfig, split
from tlstudio.errors import TLStudioError


def dataset_of(**classes: str) -> Dataset:
    """Each letter of a class is a photo; the same letter is the same photo."""
    samples = [
        Sample(f"{name}/{index}.jpg", name, 1, 1, digest)
        for name, digests in classes.items()
        for index, digest in enumerate(digests)
    ]
    return Dataset("/photos", tuple(sorted(classes)), tuple(samples))


def sizes(dataset: Dataset, config: SplitConfig) -> tuple[int, int, int]:
    parts = split(dataset, config)
    return len(parts.train), len(parts.validation), len(parts.test)


@pytest.mark.parametrize(
    ("photos", "shares", "expected"),
    [
        ("a", (70, 15, 15), (1, 0, 0)),
        ("ab", (70, 15, 15), (1, 0, 1)),
        ("abc", (70, 15, 15), (1, 1, 1)),
        ("abcde", (98, 1, 1), (3, 1, 1)),
        ("abcdefghij", (70, 15, 15), (7, 1, 2)),
        ("abcdefghij", (80, 20, 0), (8, 2, 0)),
        ("abcdefghij", (80, 0, 20), (8, 0, 2)),
        ("abcdefghij", (1, 0, 0), (10, 0, 0)),
        ("ab", (70, 30, 0), (1, 1, 0)),
        ("aaaaaaaa", (70, 15, 15), (8, 0, 0)),
        ("aaaaabbbbbcd", (70, 15, 15), (10, 1, 1)),
    ],
)
def test_sizes(photos: str, shares: tuple[float, float, float], expected: tuple[int, int, int]) -> None:
    for seed in range(5):
        assert sizes(dataset_of(cats=photos), SplitConfig(*shares, seed=seed)) == expected


def test_photos_that_two_classes_share_are_spread_too() -> None:
    parts = split(dataset_of(cats="xyz", dogs="xyz"), SplitConfig())
    assert (len(parts.train), len(parts.validation), len(parts.test)) == (2, 2, 2)


def test_the_seed_changes_who_is_where() -> None:
    dataset = dataset_of(cats="abcdefghijklmnopqrst")
    assert len({split(dataset, SplitConfig(seed=seed)).test for seed in range(10)}) > 5


def test_an_empty_dataset_is_three_empty_parts() -> None:
    assert sizes(Dataset("/photos", (), ()), SplitConfig()) == (0, 0, 0)


@pytest.mark.parametrize("text", ["70/15/15", "0.7/0.15/0.15", "14/3/3", " 70 / 15 / 15 "])
def test_shares_are_proportions(text: str) -> None:
    assert SplitConfig.parse(text, seed=3).shares == pytest.approx((0.7, 0.15, 0.15))
    assert SplitConfig.parse(text, seed=3).seed == 3


def test_shares_survive_being_written_and_read() -> None:
    once = SplitConfig(1, 1, 1)
    assert SplitConfig(*once.shares) == once
    assert SplitConfig().shares == (0.70, 0.15, 0.15)


@pytest.mark.parametrize("text", ["", "70/30", "70/15/15/0", "a/b/c", "0/50/50", "-1/1/1", "nan/1/1", "inf/1/1"])
def test_what_is_no_sharing_out_is_said(text: str) -> None:
    with pytest.raises(TLStudioError) as caught:
        SplitConfig.parse(text)
    assert "70/15/15" in caught.value.hint


def test_the_config_refuses_what_makes_no_sense() -> None:
    with pytest.raises(ValueError, match="shares"):
        SplitConfig(train=0)
