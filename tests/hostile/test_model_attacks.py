"""Models from elsewhere that would do harm: each is refused before Keras is there, within moments and in words."""

import json
import struct
import sys
import warnings
import zipfile
from pathlib import Path

import h5py
import numpy as np
import pytest
from foreign_models import Config, Fill, classifier, hdf5, keras_file, layer, members, sequential, write_archive

from tlstudio.foreign.archive import unpack
from tlstudio.foreign.layers import check_config
from tlstudio.foreign.process import open_model
from tlstudio.foreign.refusal import RefusedModelError
from tlstudio.foreign.weights import check_weights


def check(file: Path, folder: Path) -> None:
    """All that is checked before Keras is imported."""
    folder.mkdir()
    unpacked = unpack(file, folder)
    check_config(unpacked.config, file)
    check_weights(unpacked.weights, file)


def refused(file: Path) -> str:
    with pytest.raises(RefusedModelError) as caught:
        check(file, file.parent / "scratch")
    assert file.name in caught.value.message
    assert caught.value.hint
    return caught.value.message


def test_an_honest_file_passes(tmp_path: Path) -> None:
    check(
        keras_file(tmp_path / "model.keras", classifier(layer("Rescaling", scale=1 / 255, offset=0.0))), tmp_path / "s"
    )


# The archive.


def test_a_zip_bomb(tmp_path: Path) -> None:
    bomb = members(classifier(), b"\0" * (64 << 20))
    message = refused(write_archive(tmp_path / "bomb.keras", bomb, zipfile.ZIP_DEFLATED))
    assert "(a zip bomb)" in message


def test_more_than_it_says(tmp_path: Path) -> None:
    file = keras_file(tmp_path / "liar.keras", classifier())
    data = bytearray(file.read_bytes())
    at = data.rfind(b"model.weights.h5") - 46  # the entry in the list at the end (APPNOTE.TXT, 4.3.12)
    data[at + 24 : at + 28] = struct.pack("<I", 100)
    file.write_bytes(data)
    refused(file)


@pytest.mark.parametrize("name", ["../config.json", "/etc/passwd", "..\\x", "C:/x", "assets/words.txt", "model.pkl"])
def test_members_that_have_no_place(tmp_path: Path, name: str) -> None:
    refused(write_archive(tmp_path / "model.keras", members(classifier()) | {name: b"x"}))


def test_the_same_member_twice(tmp_path: Path) -> None:
    file = keras_file(tmp_path / "pair.keras", classifier())
    with warnings.catch_warnings(), zipfile.ZipFile(file, "a") as archive:
        warnings.simplefilter("ignore")
        archive.writestr("config.json", b"{}")
    assert "twice" in refused(file)


def test_a_link(tmp_path: Path) -> None:
    contents = members(classifier())
    file = tmp_path / "points.keras"
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in contents.items():
            entry = zipfile.ZipInfo(name)
            entry.external_attr = (0o120777 if name == "model.weights.h5" else 0o100644) << 16
            archive.writestr(entry, data)
    assert "link" in refused(file)


def test_a_password(tmp_path: Path) -> None:
    file = keras_file(tmp_path / "model.keras", classifier())
    data = bytearray(file.read_bytes())
    at = data.rfind(b"config.json") - 46
    data[at + 8] |= 1
    file.write_bytes(data)
    assert "password" in refused(file)


def test_a_million_members(tmp_path: Path) -> None:
    file = keras_file(tmp_path / "many.keras", classifier())
    data = bytearray(file.read_bytes())
    at = data.rfind(b"PK\x05\x06")
    data[at + 8 : at + 12] = struct.pack("<HH", 0xFFFF, 0xFFFF)
    file.write_bytes(data)
    assert "more files" in refused(file)


def test_a_long_list_of_members_behind_a_long_comment(tmp_path: Path) -> None:
    """What leads to a list with larger numbers lies before the end, and so outside of what a short look shows."""
    file = keras_file(tmp_path / "many.keras", classifier())
    data = file.read_bytes()
    at = data.rfind(b"PK\x05\x06")
    leads = struct.pack("<4sIQI", b"PK\x06\x07", 0, at, 1)
    end = data[at : at + 20] + struct.pack("<H", 0xFFFF)
    file.write_bytes(data[:at] + leads + end + b"." * 0xFFFF)
    assert "more files" in refused(file)


@pytest.mark.parametrize("packing", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_packing_that_takes_as_much_memory_as_it_likes(tmp_path: Path, packing: int) -> None:
    file = write_archive(tmp_path / "model.keras", members(classifier()), packing)
    assert "packed in a way of its own" in refused(file)


def test_a_list_of_members_that_begins_nowhere(tmp_path: Path) -> None:
    file = keras_file(tmp_path / "model.keras", classifier())
    data = bytearray(file.read_bytes())
    at = data.rfind(b"PK\x05\x06")
    data[at + 16 : at + 20] = struct.pack("<I", 0xFFFFFF00)
    file.write_bytes(data)
    assert "damaged" in refused(file)


@pytest.mark.parametrize("length", [0, 3, 30, 400])
def test_a_file_cut_short(tmp_path: Path, length: int) -> None:
    file = keras_file(tmp_path / "short.keras", classifier())
    file.write_bytes(file.read_bytes()[:length])
    refused(file)


def test_another_kind_of_file(tmp_path: Path) -> None:
    file = tmp_path / "model.keras"
    file.write_bytes(b"\x80\x04\x95" + b"x" * 500)
    assert "no Keras model" in refused(file)


def test_a_member_missing(tmp_path: Path) -> None:
    contents = members(classifier())
    del contents["model.weights.h5"]
    assert "lacks" in refused(write_archive(tmp_path / "half.keras", contents))


# The layers.

_LAMBDA = {"class_name": "__lambda__", "config": {"value": "4wEAAAA=", "defaults": None, "closure": None}}

HARMFUL: dict[str, Config] = {
    "Lambda": layer("Lambda", name="l", function=_LAMBDA),
    "a lambda as an activation": layer("Dense", units=1, activation=_LAMBDA),
    "a lambda in an initializer": layer("Dense", units=1, kernel_initializer=_LAMBDA),
    "a class of one's own": layer("Evil", "my_package.layers"),
    "a registered name": layer("Dense", units=1) | {"registered_name": "my_package>Dense"},
    "no module": layer("Dense", units=1) | {"module": None},
    "a module of Python": layer("system", "os"),
    "a function of Python": {"module": "os", "class_name": "function", "config": "system", "registered_name": "f"},
    "a function of Keras": {
        "module": "keras.utils", "class_name": "function", "config": "get_file", "registered_name": "function",
    },
    "another module of Keras": layer("Dense", "keras.src.saving.saving_lib"),
    "unsafe deserialization": layer("enable_unsafe_deserialization", "keras.config"),
    "words from a file": layer("StringLookup", vocabulary="/etc/passwd"),
    "text": layer("TextVectorization", vocabulary="/etc/passwd"),
    "a SavedModel beside it": layer("TFSMLayer", filepath="/tmp/model"),  # noqa: S108 - nobody opens it
    "a PyTorch module": layer("TorchModuleWrapper", module="x"),
    "a typespec": {"class_name": "__typespec__", "spec_name": "x", "module": "os", "config": []},
    "bytes": {"class_name": "__bytes__", "config": {"value": "x"}},
    "a wrapped Lambda": layer("TimeDistributed", layer=layer("Lambda", function=_LAMBDA)),
    "too many units": layer("Dense", units=10**6),
    "too large a kernel": layer("Conv2D", filters=8, kernel_size=[10**5, 10**5]),
    "an endless number of units": layer("Dense", units=10**400),
    "a class that is no name": layer("Dense", units=1) | {"class_name": ["Dense"]},
    "a module that is no name": layer("Dense", units=1) | {"module": {}},
    "a function that is no name": {"module": "builtins", "class_name": "function", "config": ["relu"]},
    "a registered name that is no name": layer("Dense", units=1) | {"registered_name": ["Dense"]},
    "built for terabytes": layer("Dense", units=60_000) | {"build_config": {"input_shape": [None, 10**9]}},
    "built for many terabytes": layer("Dense", units=9) | {"build_config": {"shapes_dict": {"x": [None, 10**12]}}},
    "a bidirectional Lambda": layer("Bidirectional", layer=layer("Lambda", function=_LAMBDA)),
    "too much padding": layer("ZeroPadding2D", padding=[[0, 10**6], [0, 10**6]]),
}  # fmt: skip


@pytest.mark.parametrize("harmful", HARMFUL.values(), ids=HARMFUL)
def test_layers_that_do_harm(tmp_path: Path, harmful: Config) -> None:
    nested = sequential(sequential(harmful))
    refused(keras_file(tmp_path / "model.keras", nested))


def test_a_network_of_fifty_gigabytes(tmp_path: Path) -> None:
    wide = sequential(layer("Flatten"), layer("Dense", units=90_000), shape=(224, 224, 3))
    assert "90,000" in refused(keras_file(tmp_path / "wide.keras", wide))


def test_ten_thousand_layers_within_each_other(tmp_path: Path) -> None:
    start, end = '{"module":"keras","class_name":"Sequential","registered_name":null,"config":{"layers":[', "]}}"
    text = (start * 10_000 + end * 10_000).encode()
    assert "without end" in refused(keras_file(tmp_path / "deep.keras", text))


def test_a_hundred_layers_within_each_other(tmp_path: Path) -> None:
    config = classifier()
    for _ in range(100):
        config = layer("Sequential", "keras", layers=[config])
    assert "without end" in refused(keras_file(tmp_path / "deep.keras", config))


def test_ten_thousand_layers_in_a_row(tmp_path: Path) -> None:
    many = sequential(*[layer("Dropout", name=f"d{number}", rate=0.1) for number in range(10_000)])
    assert "10,001 layers" in refused(keras_file(tmp_path / "long.keras", many))


@pytest.mark.parametrize(
    "text", [b"", b"[]", b"{", b'"x"', b"\xff\xfe", b'{"class_name": "Sequential"}', b'{"class_name": []}', b"NaN"]
)
def test_no_description_of_layers(tmp_path: Path, text: bytes) -> None:
    refused(keras_file(tmp_path / "model.keras", text))


def test_losses_and_metrics_are_dropped(tmp_path: Path) -> None:
    config = classifier() | {"compile_config": {"loss": layer("Evil", "os")}}
    checked = check_config(json.dumps(config).encode(), tmp_path / "model.keras")
    assert "compile_config" not in checked.config


# The weights.


def _external_link(file: h5py.File) -> None:
    file["layers"] = h5py.ExternalLink("/etc/passwd", "/")


def _soft_link(file: h5py.File) -> None:
    file["layers"] = h5py.SoftLink("/elsewhere")


def _endless(file: h5py.File) -> None:
    file.create_group("layers")["layers"] = file["/"]


def _external_storage(file: h5py.File) -> None:
    file.create_dataset("w", (4,), "f4", external=[("/etc/passwd", 0, 16)])


def _virtual(file: h5py.File) -> None:
    layout = h5py.VirtualLayout((4,), "f4")
    layout[:] = h5py.VirtualSource("/etc/passwd", "w", (4,))
    file.create_virtual_dataset("w", layout)


def _unwritten(file: h5py.File) -> None:
    file.create_dataset("w", (10**6, 10**6), "f4", chunks=(1000, 1000))


def _packed(file: h5py.File) -> None:
    file.create_dataset("w", data=np.zeros((4000, 4000), np.float32), compression="gzip")


def _text(file: h5py.File) -> None:
    file["w"] = "words"


def _named_type(file: h5py.File) -> None:
    file["w"] = np.dtype("f4")


def _deep(file: h5py.File) -> None:
    file.create_group("/".join("g" * 200))


WEIGHTS: dict[str, list[Fill]] = {
    "point to another place": [_external_link, _soft_link],
    "from another file": [_external_storage, _virtual],
    "aren't in it": [_unwritten, _packed],
    "other than numbers": [_text, _named_type],
    "without end": [_endless, _deep],
}


@pytest.mark.parametrize(("words", "fill"), [(words, fill) for words, fills in WEIGHTS.items() for fill in fills])
def test_weights_that_do_harm(tmp_path: Path, words: str, fill: Fill) -> None:
    assert words in refused(keras_file(tmp_path / "model.keras", classifier(), hdf5(fill)))


def test_more_weights_than_any_network_has(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def crowd(opened: h5py.File) -> None:
        for number in range(30):
            opened.create_group(str(number))

    monkeypatch.setattr("tlstudio.foreign.weights._MOST_OBJECTS", 20)
    monkeypatch.setattr(h5py.Group, "__getitem__", lambda *_: pytest.fail("they are counted before they are opened"))
    file = tmp_path / "crowd.h5"
    file.write_bytes(hdf5(crowd))
    with pytest.raises(RefusedModelError, match="without end"):
        check_weights(file, file)


@pytest.mark.parametrize("kept", [slice(0), slice(200), slice(-300), slice(4, None)])
def test_damaged_weights(tmp_path: Path, kept: slice) -> None:
    refused(keras_file(tmp_path / "model.keras", classifier(), hdf5()[kept]))


@pytest.mark.parametrize("fill", [_external_link, _soft_link, _external_storage, _virtual, _unwritten])
def test_an_old_file_that_does_harm(tmp_path: Path, fill: Fill) -> None:
    """Teachable Machine's kind of file goes through the same checks, before Keras is there."""
    file = tmp_path / "keras_model.h5"
    file.write_bytes(hdf5(fill))
    with pytest.raises(RefusedModelError):
        open_model(file, tmp_path)


def test_keras_is_not_there_meanwhile(tmp_path: Path) -> None:
    """The checks need neither Keras nor TensorFlow: what they refuse has never met them."""
    import subprocess

    code = (
        "import sys; from pathlib import Path; from tlstudio.foreign.archive import unpack; "
        "from tlstudio.foreign.layers import check_config; from tlstudio.foreign.weights import check_weights; "
        "import tlstudio.foreign.process; u = unpack(Path(sys.argv[1]), Path(sys.argv[2])); "
        "check_config(u.config, Path('m')); check_weights(u.weights, Path('m')); "
        "assert not {'keras', 'tensorflow'} & set(sys.modules)"
    )
    file = keras_file(tmp_path / "model.keras", classifier())
    subprocess.run([sys.executable, "-c", code, str(file), str(tmp_path)], check=True, timeout=60)
