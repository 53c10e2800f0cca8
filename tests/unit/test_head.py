"""Heads in numbers and as text, against the figures that the notebooks print."""

import pytest

from tlstudio.errors import TLStudioError
from tlstudio.modeling.head import head_layers, head_parameters, head_warning, memory_in_words, require_possible
from tlstudio.modeling.head_text import parse_head, written_head
from tlstudio.modeling.layer_table import Activation, BatchNormalization, Dense, Dropout, Shape
from tlstudio.modeling.spec import HeadSpec

# The notebooks' heads: pooling, layers, shape that they read, classes, weights.
NOTEBOOKS = [
    ("gap, dropout 0.2", (7, 7, 576), 10, 5_770),
    ("gap, dense 128 relu, dropout 0.2", (7, 7, 576), 10, 75_146),
    ("gap, dropout 0.2", (7, 7, 960), 10, 9_610),
    ("gap, dense 128 relu, dropout 0.2", (7, 7, 960), 10, 124_298),
    ("gap, dropout 0.2", (7, 7, 2048), 10, 20_490),
    ("gap, dense 1024 relu", (7, 7, 512), 10, 535_562),
    ("gap, dense 1024 relu", (8, 8, 2048), 10, 2_108_426),
    ("flatten, dense 1024 relu, dropout 0.2", (5, 5, 2048), 12, 52_442_124),
    ("flatten, dense 512 relu, dropout 0.2, sigmoid", (12, 12, 768), 2, 56_624_129),
    ("flatten, dense 1024 relu, dropout 0.2", (12, 12, 768), 3, 113_250_307),
    ("flatten, dense 100 relu, dropout 0.5, batchnorm", (7, 7, 512), 10, 2_510_310),
]


@pytest.mark.parametrize(("text", "shape", "n_classes", "parameters"), NOTEBOOKS)
def test_numbers_to_learn_are_those_of_the_notebooks(text: str, shape: Shape, n_classes: int, parameters: int) -> None:
    assert head_parameters(parse_head(text), shape, n_classes) == parameters


def test_every_layer_of_a_head_has_name_and_shape() -> None:
    head = HeadSpec("flatten", (Dropout(0.1), Dense(8), BatchNormalization(), Dense(4), Activation(), Dropout(0.5)))
    found = head_layers(head, (3, 2, 5), 6)
    assert [(layer.name, layer.shape) for layer in found] == [
        ("pooling", (30,)),
        ("head_dropout_1", (30,)),
        ("head_dense_1", (8,)),
        ("head_bn_1", (8,)),
        ("head_dense_2", (4,)),
        ("head_activation_1", (4,)),
        ("head_dropout_2", (4,)),
        ("scores", (6,)),
    ]
    assert sum(layer.parameters - layer.trainable for layer in found) == 16


@pytest.mark.parametrize("pooling", ["avg", "max", "flatten"])
def test_nothing_happens_to_what_is_a_vector_already(pooling: str) -> None:
    assert head_parameters(parse_head("gap"), (12,), 3) == 39
    assert head_layers(HeadSpec(pooling), (12,), 3)[0].shape == (12,)  # type: ignore[arg-type]


def test_a_plain_head_drops_before_each_dense_layer() -> None:
    assert HeadSpec.plain("max", (8, 4), "tanh", 0.25).layers == (
        Dropout(0.25),
        Dense(8, "tanh"),
        Dropout(0.25),
        Dense(4, "tanh"),
        Dropout(0.25),
    )
    assert HeadSpec.plain() == HeadSpec()
    assert HeadSpec.plain(dropout=0).layers == ()


def test_an_absurd_head_is_warned_of_with_numbers() -> None:
    head = parse_head("flatten, dense 1024 relu, dropout 0.2")
    warning = head_warning(head, (12, 12, 768), 3)
    assert warning.startswith(
        "There are 113,250,307 numbers to learn in the last layers, nearly all of them in “head_dense_1”"
    )
    assert "454 MB on disk, and 1.8 GB of memory" in warning
    assert "12 × 12 × 768" in warning
    assert "only 790,531" in warning
    assert head_warning(parse_head("gap, dense 1024"), (12, 12, 768), 3) == ""
    assert "every place" not in head_warning(parse_head("dense 5000, dense 5000"), (12, 12, 768), 3)
    assert (memory_in_words(1), memory_in_words(999_000_000), memory_in_words(10**9)) == ("1 MB", "999 MB", "1.0 GB")


def test_answers_for_two_classes_are_refused_for_more() -> None:
    for text, words in (("sigmoid", "sigmoid tells two classes apart, and there are 3"), ("binary", "two classes")):
        require_possible(parse_head(f"gap, {text}"), 2)
        with pytest.raises(TLStudioError, match=words):
            require_possible(parse_head(f"gap, {text}"), 3)


def test_a_head_that_no_computer_holds_is_refused() -> None:
    head = parse_head("flatten, dense 20000")
    require_possible(head, 3)
    with pytest.raises(TLStudioError, match="No computer holds that"):
        require_possible(head, 3, (12, 12, 768))


@pytest.mark.parametrize("strength", [-0.1, float("nan"), float("inf")])
def test_strengths_without_sense_are_refused(strength: float) -> None:
    with pytest.raises(ValueError, match="l2 must be"):
        HeadSpec(l2=strength)


def test_a_head_is_read_from_a_line() -> None:
    head = parse_head(
        " GMP, batchnorm, dense 64 , activation selu, dropout .25, dense 8 tanh, l1 1e-4, l2 0.01, binary"
    )
    assert head == HeadSpec(
        "max",
        (BatchNormalization(), Dense(64), Activation("selu"), Dropout(0.25), Dense(8, "tanh")),
        l1=1e-4,
        l2=0.01,
        loss="binary",
    )
    assert parse_head("dropout 0.5") == HeadSpec()
    assert parse_head("batchnorm 0.99").layers == (BatchNormalization(0.99),)
    assert parse_head(written_head(head)) == head
    assert written_head(parse_head("softmax")) == "gap"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "“” is nothing"),
        ("gap,", "“” is nothing"),
        ("dense 8, gap", "“gap” has to come first"),
        ("conv 8", "“conv 8” is nothing"),
        ("dense", "“dense” is nothing"),
        ("dense many", "“dense many” means nothing here"),
        ("dense 0", "units must be at least 1"),
        ("dense 8 rely", "there is no function rely"),
        ("dropout 1", "dropout must be"),
        ("l2 strong", "“l2 strong” needs a number"),
        ("l2 -1", "l2 must be at least 0"),
        ("gap 3", "“gap 3” has to come first"),
    ],
)
def test_what_is_no_head_is_an_error_for_people(text: str, words: str) -> None:
    with pytest.raises(TLStudioError, match=words) as caught:
        parse_head(text)
    assert "gap, dense 128 relu" in caught.value.hint
