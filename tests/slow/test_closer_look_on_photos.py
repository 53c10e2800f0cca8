"""What looking closer finds in real photos, with the network that ships with the program."""

from pathlib import Path

import pytest

from tlstudio.datasets.looks.duplicates import find_alike
from tlstudio.events import CancelToken, Emit
from tlstudio.workflows.look_closer import closer_look
from tlstudio.workflows.scan import scan

pytestmark = pytest.mark.slow

# Looked at: all are cut, lit or turned otherwise, or taken of the same flower a moment later.
FOUND_IN_FLOWERS = [
    ("daisy/19177263840_6a316ea639.jpg", "daisy/19178753159_a471bf4b6b.jpg"),
    ("daisy/7630517248_98fb8bee1f_n.jpg", "daisy/9204730092_a7f2182347.jpg"),
    ("sunflowers/14741813110_94964c39e2_n.jpg", "sunflowers/14741907467_fab96f3b2b_n.jpg"),
    ("sunflowers/6606815161_3c4372760f.jpg", "sunflowers/6606817351_10f6e43a09.jpg"),
]


@pytest.mark.usefixtures("home")
def test_it_finds_the_same_flowers_and_takes_no_others_for_the_same(shared: Path, silent: Emit) -> None:
    for name, expected in (("leaves3", []), ("birds10", []), ("flowers5", FOUND_IN_FLOWERS)):
        dataset = scan(shared / "data" / name, emit=silent, token=CancelToken()).dataset
        plain = set(find_alike(dataset).near)
        look = closer_look(dataset, emit=silent, token=CancelToken())
        paths = {sample.digest: sample.path for sample in dataset.samples}
        assert sorted(tuple(paths[digest] for digest in found) for found in set(look.near) - plain) == expected
        assert plain <= set(look.near)
