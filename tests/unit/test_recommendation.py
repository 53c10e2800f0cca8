"""The recommendation: which network for which photos on which computer, and why."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tlstudio.datasets.dataset import Dataset, Sample
from tlstudio.errors import TLStudioError
from tlstudio.modeling.backbones import BACKBONES
from tlstudio.training.recipes import config_for
from tlstudio.training.recommendation import Facts, recommend, recommended_spec
from tlstudio.workflows.recommend import facts_of, facts_of_folder

ClassFolders = Callable[..., Path]

LARGE, SMALL, V2 = ("mobilenet_v3_large", 224), ("mobilenet_v3_small", 224), ("mobilenet_v2_1.0", 224)
QUICK = {"mobilenet_v3_large": 200.0, "mobilenet_v3_small": 400.0, "mobilenet_v2_1.0": 140.0, "starter": 900.0}
SLOW = {name: speed / 100 for name, speed in QUICK.items()}
EVERYTHING = frozenset((entry.name, entry.input_size) for entry in BACKBONES if entry.pretrained == "imagenet")


@dataclass(frozen=True)
class Case:
    what: str
    facts: Facts
    network: str
    input_size: int
    says: tuple[str, ...] = field(default=())


CASES = (
    Case("nothing known", Facts(at_hand=frozenset({V2})), "mobilenet_v2_1.0", 224, ("on this computer",)),
    Case("a handful", Facts(20, 5, 400, frozenset({LARGE}), QUICK), "mobilenet_v3_large", 224, ("about 4 photos a",)),
    Case(
        "usual",
        Facts(600, 5, 400, EVERYTHING, QUICK),
        "mobilenet_v3_large",
        224,
        ("600 photos in 5 classes", "MobileNet V3 Large", "quick on this computer", "no download"),
    ),
    Case("many", Facts(20_000, 10, 400, EVERYTHING, QUICK), "mobilenet_v3_large", 224, ("20,000", "about 2 min")),
    Case("many classes", Facts(6_270, 151, 224, EVERYTHING, QUICK), "mobilenet_v3_large", 224, ("151 classes",)),
    Case("only the starter", Facts(600, 5, 400, speeds=QUICK), "starter", 96, ("starter", "comes with TL Studio")),
    Case("slow", Facts(2_000, 5, 400, frozenset({LARGE, SMALL}), SLOW), "mobilenet_v3_small", 224, ("no download",)),
    Case("slowest", Facts(20_000, 5, 400, frozenset({LARGE, SMALL}), SLOW), "starter", 96, ("quickest",)),
    Case("tiny", Facts(600, 10, 28, frozenset({LARGE}), QUICK), "mobilenet_v3_large", 96, ("28 pixels", "96")),
    Case("tiny, other file", Facts(600, 10, 28, frozenset({V2}), QUICK), "mobilenet_v2_1.0", 224),
    Case("tiny, file here", Facts(600, 9, 28, frozenset({V2, (V2[0], 96)}), QUICK), "mobilenet_v2_1.0", 96),
    Case("one class", Facts(40, 1, 300, frozenset({LARGE}), QUICK), "mobilenet_v3_large", 224, ("1 class,",)),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.what)
def test_the_recommendation_suits_photos_and_computer(case: Case) -> None:
    found = recommend(case.facts)
    assert (found.spec.backbone, found.spec.input_size) == (case.network, case.input_size)
    assert found.config == config_for(found.spec)
    for words in case.says:
        assert words in found.why
    assert found.why.count(". ") <= 1, "two sentences"
    assert found.why.endswith(".")


def test_a_folder_tells_enough_before_its_photos_are_read(class_folders: ClassFolders, home: Path) -> None:
    del home
    folder = class_folders({"daisy": 30, "rose": 20}, size=(48, 36))
    (folder / "daisy" / "broken.jpg").write_bytes(b"")
    found = facts_of_folder(folder)
    assert (found.photos, found.classes, found.side) == (51, 2, 36)
    assert found.at_hand == frozenset()
    assert recommended_spec(facts=found)[0].backbone == "starter"
    samples = tuple(Sample(f"{number}.jpg", "rose", 28, 30, str(number)) for number in range(3))
    read = facts_of(Dataset(str(folder), ("rose",), samples))
    assert (read.photos, read.classes, read.side) == (3, 1, 28)
    assert facts_of(None).photos == 0


def test_of_an_archive_only_the_computer_is_known(tmp_path: Path, home: Path) -> None:
    del home
    (tmp_path / "photos.zip").touch()
    assert facts_of_folder(tmp_path / "photos.zip").photos == 0
    with pytest.raises(TLStudioError, match="no folder"):
        facts_of_folder(tmp_path / "nowhere")
