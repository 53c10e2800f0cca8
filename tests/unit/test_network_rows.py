"""What the table of networks says."""

import pytest

from tlstudio.modeling.architectures import ARCHITECTURES
from tlstudio.modeling.backbones import BACKBONES
from tlstudio.modeling.spec import ModelSpec
from tlstudio.modeling.speeds import SpeedStore
from tlstudio.training.recipes import spec_for
from tlstudio.ui.tabs.model.network_rows import NetworkRow, network_rows

pytestmark = pytest.mark.usefixtures("home")  # an empty cache of Keras, no measured speeds


def rows(spec: ModelSpec | None = None) -> dict[str, NetworkRow]:
    return {row.name: row for row in network_rows(spec or spec_for("mobilenet_v2_1.0", "imagenet"))}


def test_every_network_has_a_row_and_one_is_chosen() -> None:
    found = rows()
    assert set(found) == {entry.name for entry in (*BACKBONES, *ARCHITECTURES)}
    (chosen,) = [row for row in found.values() if row.chosen]
    assert (chosen.name, chosen.here, chosen.ready) == ("mobilenet_v2_1.0", "Download 9.0 MB", False)
    assert found["small_cnn"].here == "Ready"


def test_knowledge_comes_with_its_source() -> None:
    found = rows()
    assert (found["vgg16"].knowledge, found["vgg16"].known) == (0.713, "71.3 %")
    assert "published in keras.io/api/applications" in found["vgg16"].known_at_length
    assert "tensorflow/models" in found["mobilenet_0.25"].known_at_length
    assert (found["starter"].knowledge, found["starter"].known) == (None, "small photos")
    assert found["small_cnn"].known == "none"


def test_own_weights_are_what_the_chosen_one_knows() -> None:
    chosen = rows(spec_for("mobilenet_v2_1.0", "/weights/mine.h5"))["mobilenet_v2_1.0"]
    assert (chosen.here, chosen.knowledge, chosen.known) == ("Your file", None, "your file")


def test_speeds_are_estimates_until_they_are_measured() -> None:
    SpeedStore().keep("vgg16", 224, 7.25)
    SpeedStore().keep("resnet50", 224, 31.4)
    found = rows()
    assert (found["vgg16"].speed_words, found["resnet50"].speed_words) == ("7.2", "31")
    assert found["vgg19"].speed_words.startswith("about ")
    assert found["small_cnn"].speed_words == "–"


def test_the_chosen_one_is_told_at_its_own_size() -> None:
    SpeedStore().keep("vgg16", 224, 8.0)
    chosen = rows(spec_for("vgg16", None, 112))["vgg16"]
    assert (chosen.size_words, chosen.speed_words) == ("112 px", "about 30")
    assert "14,714,688 parameters, 59 MB, photos of 112 × 112 pixels" in chosen.facts


def test_parameters_are_rounded_to_millions() -> None:
    found = rows()
    assert found["mobilenet_0.25"].parameters_words == "0.2 M"
    assert found["vgg16"].parameters_words == "14.7 M"
    assert found["efficientnet_v2_l"].parameters_words == "118 M"
    assert found["shallow_net"].parameters_words == "16.1 M"  # nearly all of it is its last layer, here for ten classes


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("resnet50", {"resnet50", "resnet50_v2"}),
        ("ResNet 50 v2", {"resnet50_v2"}),
        ("nas", {"nasnet_mobile", "nasnet_large"}),
        ("v3 small", {"mobilenet_v3_small"}),
        ("vgg_", {"vgg16", "vgg19", "mini_vggnet"}),
        ("nothing", set()),
    ],
)
def test_networks_are_found_by_words(words: str, names: set[str]) -> None:
    assert {row.name for row in rows().values() if row.fits(words)} == names


def test_nothing_typed_finds_all() -> None:
    assert all(row.fits(" ") for row in rows().values())
