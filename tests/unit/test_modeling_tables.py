import pytest

from tlstudio.errors import TLStudioError
from tlstudio.modeling.architectures import ARCHITECTURES, find_architecture, title_of
from tlstudio.modeling.backbones import BACKBONES, STARTER, Backbone, find_backbone, get_backbone
from tlstudio.modeling.spec import HeadSpec, ModelSpec
from tlstudio.modeling.starter import starter_figures
from tlstudio.modeling.weights import ready_made


def test_names_and_titles_are_unique() -> None:
    entries = (*BACKBONES, *ARCHITECTURES)
    assert len({entry.name for entry in entries}) == len(entries)
    assert len({entry.title for entry in entries}) == len(entries)


@pytest.mark.parametrize("backbone", BACKBONES, ids=lambda backbone: backbone.name)
def test_sizes_of_a_backbone_fit_each_other(backbone: Backbone) -> None:
    assert backbone.input_size in backbone.input_sizes
    assert backbone.pretrained == "bundled" or backbone.input_size in backbone.weights_sizes
    assert backbone.min_size <= min(backbone.input_sizes)
    assert list(backbone.input_sizes) == sorted(set(backbone.input_sizes))
    assert (backbone.top1 is None) == (backbone.pretrained == "bundled")
    assert backbone.top1 is None or (0.4 < backbone.top1 < 1 and backbone.top1_source)
    assert 0 < backbone.refined_blocks < backbone.blocks
    assert backbone.multiplications(2 * backbone.input_size) == 4e6 * backbone.multiply_adds
    assert bool(backbone.constructor) != bool(backbone.layers)


IMAGENET = [backbone for backbone in BACKBONES if backbone.pretrained == "imagenet"]


def test_one_backbone_comes_with_the_program() -> None:
    assert [backbone.name for backbone in BACKBONES if backbone not in IMAGENET] == [STARTER]
    starter = get_backbone(STARTER)
    file = ready_made(starter, starter.input_size)
    assert file.stat().st_size <= 8e6
    assert file.stat().st_size == pytest.approx(starter.weights_bytes, rel=0.1)
    card = (file.parent / "README.md").read_text(encoding="utf-8")
    figures = starter_figures()
    assert f"{figures.mean:.3f}" in card
    assert f"{figures.compared:.3f}" in card
    assert figures.mean < figures.compared, "the window says that the download is better"


@pytest.mark.parametrize("backbone", IMAGENET, ids=lambda backbone: backbone.name)
def test_imagenet_files_have_one_name_a_size(backbone: Backbone) -> None:
    files = {backbone.imagenet_file(size) for size in (*backbone.input_sizes, 100)}
    assert len(files) == (len(backbone.weights_sizes) if "{size}" in backbone.weights_file else 1)
    assert all(name.endswith(".h5") and "{" not in name for name in files)
    assert len(backbone.weights_hash) in ((0,) if "{size}" in backbone.weights_file else (32, 64)), "MD5 or SHA-256"


def test_the_backbones_asked_for_are_there() -> None:
    wanted = {"vgg16", "vgg19", "inception_v3", "xception", "resnet50_v2", "efficientnet_v2_b0"}
    wanted |= {f"mobilenet_{width}" for width in (0.25, 0.5, 0.75, 1.0)}
    wanted |= {f"mobilenet_v2_{width}" for width in (0.35, 0.5, 0.75, 1.0, 1.3, 1.4)}
    wanted |= {"mobilenet_v3_small", "mobilenet_v3_large", "nasnet_mobile", "convnext_tiny", "inception_resnet_v2"}
    wanted |= {f"densenet{layers}" for layers in (121, 169, 201)}
    wanted |= {f"resnet{layers}{version}" for layers in (50, 101, 152) for version in ("", "_v2")}
    wanted |= {f"efficientnet_b{number}" for number in range(8)}
    wanted |= {f"efficientnet_v2_{size}" for size in ("b0", "b1", "b2", "b3", "s", "m", "l")}
    assert {backbone.name for backbone in BACKBONES} >= wanted


def test_files_of_imagenet_weights_follow_the_input_size() -> None:
    mobilenet = get_backbone("mobilenet_0.25")
    assert mobilenet.imagenet_file(128) == "mobilenet_2_5_128_tf_no_top.h5"
    assert mobilenet.imagenet_file(96) == "mobilenet_2_5_224_tf_no_top.h5"
    wide = get_backbone("mobilenet_v2_1.4")
    assert wide.imagenet_file(96) == "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.4_224_no_top.h5"


def test_an_unknown_network_is_an_error_for_people() -> None:
    assert find_backbone("alexnet") is None
    assert find_architecture("alexnet") is None
    with pytest.raises(TLStudioError, match="alexnet"):
        get_backbone("alexnet")
    with pytest.raises(TLStudioError, match="alexnet"):
        title_of("alexnet")


def test_titles_are_for_both_tables() -> None:
    assert title_of("vgg16") == "VGG 16"
    assert title_of("small_cnn") == "Small network"


@pytest.mark.parametrize("dropout", [-0.1, 1.0, float("nan")])
def test_a_head_without_sense_is_refused(dropout: float) -> None:
    with pytest.raises(ValueError, match="dropout"):
        HeadSpec.plain(dropout=dropout)


def test_empty_layers_and_inputs_are_refused() -> None:
    with pytest.raises(ValueError, match="units must be at least 1"):
        HeadSpec.plain(units=(64, 0))
    with pytest.raises(ValueError, match="input size"):
        ModelSpec("vgg16", "imagenet", 0)
