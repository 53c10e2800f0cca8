"""Files of weights against networks, in both of Keras's layouts, without Keras."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import h5py
import numpy as np
import pytest

from tlstudio.errors import TLStudioError
from tlstudio.modeling.weights_fit import FitReport, LayerArrays, fit, layer_arrays

LAYERS = {"stem": [(3, 3, 3, 8)], "stem_bn": [(8,), (8,)], "last": [(8, 4), (4,)]}
KINDS = {"stem": "conv2d", "stem_bn": "batch_normalization", "last": "dense"}


class Conv2D(SimpleNamespace):
    pass


class BatchNormalization(SimpleNamespace):
    pass


class Dense(SimpleNamespace):
    pass


class ReLU(SimpleNamespace):
    pass


def network(layers: dict[str, list[tuple[int, ...]]] = LAYERS) -> tuple[LayerArrays, ...]:
    """What a model with these layers wants; the layers stand in for Keras's."""
    types = {"stem": Conv2D, "stem_bn": BatchNormalization}
    made = [
        types.get(name, Dense)(name=name, weights=[SimpleNamespace(shape=s, dtype="float32") for s in shapes])
        for name, shapes in layers.items()
    ]
    seed = SimpleNamespace(shape=(2,), dtype="uint32")
    return layer_arrays([ReLU(name="relu", weights=[]), Dense(name="dropout", weights=[seed]), *made])


def newer(path: Path, layers: dict[str, list[tuple[int, ...]]], places: dict[str, str] | None = None) -> str:
    with h5py.File(path, "w") as file:
        for name, shapes in layers.items():
            group = file.create_group(f"layers/{(places or {}).get(name) or KINDS[name]}/vars")
            group.attrs["name"] = name
            for number, shape in enumerate(shapes):
                group[str(number)] = np.zeros(shape, np.float32)
        file["optimizer/vars/0"] = np.zeros(3, np.float32)
    return str(path)


def older(path: Path, layers: dict[str, list[tuple[int, ...]]], inside: str = "/", *, chunked: bool = False) -> str:
    names = [name.encode() for name in ["input", *layers]]
    with h5py.File(path, "w") as file:
        root = file.require_group(inside)
        if chunked:
            root.attrs["layer_names0"], root.attrs["layer_names1"] = names[:2], names[2:]
        else:
            root.attrs["layer_names"] = names
        for name, shapes in {"input": [], **layers}.items():
            group = root.create_group(name)
            group.attrs["weight_names"] = [f"{name}/w{number}:0".encode() for number in range(len(shapes))]
            for number, shape in enumerate(shapes):
                group[f"{name}/w{number}:0"] = np.zeros(shape, np.float32)
    return str(path)


def verdicts(report: FitReport) -> dict[str, str]:
    return {layer.layer: layer.verdict for layer in report.layers}


NUMBERED = {"last": "dense_1"}  # the dropout that the network has before it counts as a Dense here


def test_a_file_in_the_newer_layout_fits(tmp_path: Path) -> None:
    report = fit("Net", network(), newer(tmp_path / "a.weights.h5", LAYERS, NUMBERED))
    assert report.fits
    assert report.sentence == "a.weights.h5 fits Net: all of its 3 layers with weights are in it."
    assert report.hint == ""


@pytest.mark.parametrize("inside", ["/", "model_weights"])
def test_a_file_in_the_older_layout_fits_whatever_its_layers_are_called(tmp_path: Path, inside: str) -> None:
    renamed = {f"{name}_7": shapes for name, shapes in LAYERS.items()}
    report = fit("Net", network(), older(tmp_path / "a.h5", renamed, inside))
    assert report.fits
    assert [layer.layer for layer in report.layers] == list(LAYERS)


def test_names_too_long_for_one_attribute_are_read_on_from_the_next(tmp_path: Path) -> None:
    assert fit("Net", network(), older(tmp_path / "a.h5", LAYERS, chunked=True)).fits


def test_another_width_is_told_layer_by_layer(tmp_path: Path) -> None:
    wide = {"stem": [(3, 3, 3, 16)], "stem_bn": [(16,), (16,)], "last": LAYERS["last"]}
    for path in (newer(tmp_path / "a.weights.h5", wide, NUMBERED), older(tmp_path / "a.h5", wide)):
        report = fit("Net", network(), path)
        assert verdicts(report) == {"stem": "other shape", "stem_bn": "other shape", "last": "fits"}
        assert report.layers[0].words == "wanted: 3×3×3×8; in the file: 3×3×3×16"
        assert "1 of 3 layers fit, 2 of another shape" in report.sentence
        assert "another width" in report.hint


def test_what_is_missing_and_what_is_too_much_is_named(tmp_path: Path) -> None:
    other = {"stem": LAYERS["stem"], "last": LAYERS["last"], "more": [(5, 5)]}
    for path in (
        newer(tmp_path / "a.weights.h5", other, NUMBERED | {"more": "dense_2"}),
        older(tmp_path / "a.h5", other),
    ):
        report = fit("Net", network(), path)
        assert verdicts(report) == {"stem": "fits", "stem_bn": "missing", "last": "fits", "more": "extra"}
        assert "1 missing and 1 too many" in report.sentence


def test_the_answer_of_imagenet_is_recognised(tmp_path: Path) -> None:
    top = {"predictions": [(4, 1000), (1000,)]}
    with_top = older(tmp_path / "with.h5", LAYERS | top)
    report = fit("Net", network(), with_top)
    assert verdicts(report)["predictions"] == "extra"
    assert "no top" in report.hint
    report = fit("Net", network(LAYERS | top), older(tmp_path / "without.h5", LAYERS))
    assert verdicts(report)["predictions"] == "missing"
    assert "with top" in report.hint
    assert fit("Net", network(LAYERS | top), with_top).fits


@pytest.mark.parametrize(
    ("write", "name", "better"),
    [(newer, "net.h5", "net.weights.h5"), (newer, "net.hdf5", "net.weights.h5"), (older, "net.weights.h5", "net.h5")],
)
def test_a_file_whose_name_is_that_of_the_other_layout_is_refused(
    write: Callable[..., str], name: str, better: str, tmp_path: Path
) -> None:
    """Keras goes by the name alone, and says that there are no layers in it."""
    with pytest.raises(TLStudioError, match="of the other one") as raised:
        fit("Net", network(), write(tmp_path / name, LAYERS))
    assert f"Rename it to {better}," in raised.value.hint


def test_files_that_hold_no_weights_are_errors_for_people(tmp_path: Path) -> None:
    broken, empty = tmp_path / "broken.h5", tmp_path / "empty.h5"
    broken.write_bytes(b"no HDF5")
    with h5py.File(empty, "w"):
        pass
    with pytest.raises(TLStudioError, match=r"broken\.h5 can't be read as weights"):
        fit("Net", network(), str(broken))
    with pytest.raises(TLStudioError, match=r"no weights in empty\.h5"):
        fit("Net", network(), str(empty))
