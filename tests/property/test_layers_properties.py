"""Whatever layers a person chooses: they are written and read back as they were, and shapes never fail."""

from hypothesis import given
from hypothesis import strategies as st

from tlstudio.modeling.head_text import parse_head, written_head
from tlstudio.modeling.layer_table import (
    Activation,
    BatchNormalization,
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    Layer,
    LayerTable,
    MaxPooling,
    layer_names,
    shapes,
)
from tlstudio.modeling.spec import HeadLayer, HeadSpec, ModelSpec
from tlstudio.serialization import from_json, to_json

SHARES = st.floats(0, 1, exclude_max=True)
FUNCTIONS = st.sampled_from(["relu", "leaky_relu", "elu", "selu", "gelu", "silu", "tanh", "sigmoid", "linear"])
HEAD_LAYERS: st.SearchStrategy[HeadLayer] = st.one_of(
    st.builds(Dense, st.integers(1, 9999), FUNCTIONS),
    st.builds(Dropout, SHARES),
    st.builds(BatchNormalization, SHARES),
    st.builds(Activation, FUNCTIONS),
)
HEADS = st.builds(
    HeadSpec,
    st.sampled_from(["avg", "max", "flatten"]),
    st.lists(HEAD_LAYERS, max_size=5).map(tuple),
    st.floats(0, 1),
    st.floats(0, 1),
    st.sampled_from(["softmax", "sigmoid"]),
    st.sampled_from(["auto", "binary"]),
)
LAYERS: st.SearchStrategy[Layer] = st.one_of(
    HEAD_LAYERS,
    st.builds(Flatten),
    st.builds(MaxPooling, st.integers(1, 4), padding=st.sampled_from(["same", "valid"])),
    st.builds(
        Conv2D,
        st.integers(1, 999),
        st.tuples(st.integers(1, 7), st.integers(1, 7)),
        st.integers(1, 4),
        st.sampled_from(["same", "valid"]),
        FUNCTIONS,
        st.booleans(),
    ),
)
TABLES = st.builds(
    LayerTable,
    st.integers(1, 300),
    st.integers(1, 300),
    st.sampled_from([1, 3]),
    st.lists(LAYERS, max_size=9).map(tuple),
)


@given(HEADS)
def test_a_head_is_read_as_it_was_written(head: HeadSpec) -> None:
    assert parse_head(written_head(head)) == head
    assert from_json(to_json(head), HeadSpec) == head


@given(TABLES)
def test_layers_are_read_as_they_were_written(table: LayerTable) -> None:
    spec = ModelSpec("own", "none", table.side, layers=table)
    assert from_json(to_json(spec), ModelSpec) == spec


@given(TABLES)
def test_shapes_end_where_the_problem_is(table: LayerTable) -> None:
    found = shapes(table)
    assert len(found.layers) == (found.problem.row if found.problem else len(table.rows))
    assert all(length >= 1 for layer in found.layers for length in layer.shape)
    assert all(0 <= layer.trainable <= layer.parameters for layer in found.layers)
    names = layer_names(table.rows)
    assert len(set(names)) == len(names)
