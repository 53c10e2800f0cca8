import random
from collections import defaultdict

from hypothesis import given
from hypothesis import strategies as st

from tlstudio.datasets.dataset import Dataset, Sample
from tlstudio.datasets.split import SplitConfig, split

CLASSES = ("a", "b", "c")
shares = st.tuples(st.integers(1, 100), st.integers(0, 100), st.integers(0, 100))
photos = st.lists(st.tuples(st.sampled_from(CLASSES), st.integers(0, 40)), max_size=80)


def dataset_of(entries: list[tuple[str, str]]) -> Dataset:
    samples = tuple(Sample(f"{name}/{i}.jpg", name, 1, 1, digest) for i, (name, digest) in enumerate(entries))
    return Dataset("/photos", CLASSES, samples)


def names_by_part(dataset: Dataset, config: SplitConfig) -> list[set[str]]:
    parts = split(dataset, config)
    return [{dataset.samples[i].path for i in part} for part in (parts.train, parts.validation, parts.test)]


@given(photos, shares, st.integers(0, 3))
def test_every_photo_is_in_one_part_and_copies_stay_together(
    entries: list[tuple[str, int]], fractions: tuple[int, int, int], seed: int
) -> None:
    dataset = dataset_of([(name, str(number)) for name, number in entries])
    parts = split(dataset, SplitConfig(*fractions, seed=seed))
    every = (parts.train, parts.validation, parts.test)
    assert sorted(index for part in every for index in part) == list(range(len(entries)))
    assert all(list(part) == sorted(part) for part in every)
    digests = [{dataset.samples[index].digest for index in part} for part in every]
    assert len(set().union(*digests)) == sum(len(part) for part in digests)
    assert all(share > 0 or not part for share, part in zip(fractions, every, strict=True))


@given(photos, shares, st.integers(0, 3), st.randoms(use_true_random=False))
def test_the_order_of_the_files_does_not_matter(
    entries: list[tuple[str, int]], fractions: tuple[int, int, int], seed: int, shuffler: random.Random
) -> None:
    dataset = dataset_of([(name, str(number)) for name, number in entries])
    shuffled = list(dataset.samples)
    shuffler.shuffle(shuffled)
    config = SplitConfig(*fractions, seed=seed)
    other = Dataset(dataset.root, dataset.classes, tuple(shuffled))
    assert names_by_part(dataset, config) == names_by_part(other, config)


@given(photos, shares)
def test_no_part_lacks_a_class_that_has_enough_different_photos(
    entries: list[tuple[str, int]], fractions: tuple[int, int, int]
) -> None:
    # Digests that belong to one class only: where classes share photos it can be impossible.
    dataset = dataset_of([(name, f"{name}{number}") for name, number in entries])
    parts = split(dataset, SplitConfig(*fractions))
    different: dict[str, set[str]] = defaultdict(set)
    for sample in dataset.samples:
        different[sample.class_name].add(sample.digest)
    served = [part for share, part in zip(fractions, (parts.train, parts.validation, parts.test), strict=True) if share]
    for name, digests in different.items():
        holding = [any(dataset.samples[index].class_name == name for index in part) for part in served]
        assert sum(holding) == min(len(digests), len(served))
        assert holding[0]
        if fractions[2] and len(digests) == 2:
            assert holding[-1]


@given(st.lists(st.integers(0, 60), min_size=3, max_size=3), shares)
def test_each_class_misses_its_shares_by_less_than_one_photo(
    counts: list[int], fractions: tuple[int, int, int]
) -> None:
    dataset = dataset_of([(name, f"{name}{i}") for name, n in zip(CLASSES, counts, strict=True) for i in range(n)])
    config = SplitConfig(*fractions)
    parts = split(dataset, config)
    for name, count in zip(CLASSES, counts, strict=True):
        if any(0 < count * share < 1 for share in config.shares):
            continue  # such a part gets its one photo at the cost of the others
        for part, share in zip((parts.train, parts.validation, parts.test), config.shares, strict=True):
            got = sum(dataset.samples[index].class_name == name for index in part)
            assert abs(got - count * share) < 1 + 1e-6
