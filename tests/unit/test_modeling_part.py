from dataclasses import replace

import pytest

from tlstudio.modeling.layer_table import BatchNormalization, Conv2D, Dense, Dropout, LayerTable
from tlstudio.modeling.part import PHOTO, POOLING, SCORES, Part, TrainedTail
from tlstudio.modeling.spec import HeadSpec, ModelSpec

SPEC = ModelSpec("mobilenet_1.0", "imagenet", 224, head=HeadSpec.plain(units=(64,)))
POOLED = Part(SPEC, PHOTO, POOLING, "/here/weights.h5", "abc")
TRAINED = replace(POOLED, start=POOLING, stop=SCORES, tail=TrainedTail(POOLING, "/run/tail.h5", "def", 3))


def test_the_key_does_not_depend_on_where_files_lie() -> None:
    assert replace(POOLED, backbone_weights="/there/w.h5").key() == POOLED.key()
    moved = TrainedTail(POOLING, "/elsewhere/tail.h5", "def", 3)
    assert replace(TRAINED, tail=moved).key() == TRAINED.key()


def test_how_weights_were_named_does_not_matter() -> None:
    assert replace(POOLED, spec=replace(SPEC, weights="/here/weights.h5")).key() == POOLED.key()


@pytest.mark.parametrize(
    "other",
    [
        replace(POOLED, backbone_digest="abd"),
        replace(POOLED, stop="conv_pw_11_relu"),
        replace(POOLED, spec=replace(SPEC, backbone="mobilenet_0.5")),
        replace(POOLED, spec=replace(SPEC, input_size=192)),
        replace(POOLED, spec=replace(SPEC, cut_layer="conv_pw_11_relu")),
        replace(POOLED, spec=replace(SPEC, head=HeadSpec(pooling="max"))),
        replace(POOLED, spec=replace(SPEC, preprocessing="unit")),
        TRAINED,
    ],
)
def test_whatever_changes_the_result_changes_the_key(other: Part) -> None:
    assert other.key() != POOLED.key()


@pytest.mark.parametrize(
    "other",
    [
        replace(TRAINED, tail=TrainedTail(POOLING, "/run/tail.h5", "dee", 3)),
        replace(TRAINED, spec=replace(SPEC, head=HeadSpec.plain(units=(64,), activation="tanh"))),
        replace(TRAINED, spec=replace(SPEC, head=replace(SPEC.head, output="sigmoid"))),
        replace(TRAINED, spec=replace(SPEC, head=replace(SPEC.head, layers=(*SPEC.head.layers, BatchNormalization())))),
    ],
)
def test_another_trained_tail_has_another_key(other: Part) -> None:
    assert other.key() != TRAINED.key()


def test_what_matters_only_while_learning_does_not_matter_afterwards() -> None:
    head = HeadSpec(SPEC.head.pooling, (Dense(64), Dropout(0.9)), l1=0.1, l2=0.1, loss="binary")
    assert replace(TRAINED, spec=replace(SPEC, head=head)).key() == TRAINED.key()


def test_a_part_behind_the_pixels_does_not_depend_on_their_preprocessing() -> None:
    assert replace(TRAINED, spec=replace(SPEC, preprocessing="unit")).key() == TRAINED.key()


def test_own_layers_are_told_apart() -> None:
    def own(filters: int) -> Part:
        table = LayerTable(8, 8, 3, (Conv2D(filters),))
        return replace(POOLED, spec=ModelSpec("own", "none", 8, layers=table))

    assert own(4).key() == own(4).key() != own(5).key()


def test_the_keys_of_features_stay_what_they_were() -> None:
    """Features of a hundred thousand photos are found under it: they would be computed anew."""
    assert POOLED.key() == "616bf1753b99e9b4f4c530ee"


def test_the_head_does_not_matter_before_it() -> None:
    other_head = replace(SPEC, head=HeadSpec.plain(units=(8, 8), activation="tanh", dropout=0.1))
    assert replace(POOLED, spec=other_head).key() == POOLED.key()


def test_the_cut_does_not_matter_to_a_layer_of_the_backbone() -> None:
    layer = replace(POOLED, stop="conv_pw_5_relu")
    cut = replace(SPEC, cut_layer="conv_pw_11_relu", head=HeadSpec(pooling="max"))
    assert replace(layer, spec=cut).key() == layer.key()
