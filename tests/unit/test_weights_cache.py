"""Published weights by download, from a server on this computer that plays the real one."""

import errno
import os
import socket
import threading
from collections import namedtuple
from collections.abc import Iterator
from pathlib import Path

import pytest
from weights_server import WeightsServer, weights_server

from tlstudio.datasets.sources.partial_files import PartialFile
from tlstudio.datasets.sources.transfers import NoNetworkError
from tlstudio.errors import Cancelled, TLStudioError
from tlstudio.events import CancelToken, Emit, Event, Progress
from tlstudio.modeling import weights_cache, weights_files
from tlstudio.modeling.backbones import get_backbone
from tlstudio.modeling.spec import ModelSpec
from tlstudio.modeling.weights import at_hand, resolve
from tlstudio.modeling.weights_cache import all_kept, delete, fetch, kept, place_of, written_directions
from tlstudio.modeling.weights_files import WeightsFile, published_files, weights_file

CONTENT = os.urandom(1 << 20)


@pytest.fixture
def server(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[WeightsServer]:  # noqa: ARG001
    with weights_server(monkeypatch, CONTENT) as made:
        yield made


def without_digest() -> WeightsFile:
    """Keras states neither size nor digest of MobileNet's files."""
    return weights_file("mobilenet_0.25", top=False, input_size=128)


def with_digest(patch: pytest.MonkeyPatch, digest: str) -> WeightsFile:
    patch.setitem(weights_files._TOP_HASHES, "vgg16", digest)
    return weights_file("vgg16", top=True)


def got(file: WeightsFile, emit: Emit = lambda _event: None, token: CancelToken | None = None) -> Path:
    return fetch(file, emit=emit, token=token or CancelToken())


def names(home: Path) -> list[str]:
    return sorted(path.name for path in (home / "keras" / "models").iterdir())


def stopping(token: CancelToken) -> Emit:
    """Asks for a stop as soon as something has arrived."""

    def emit(event: Event) -> None:
        if isinstance(event, Progress) and event.done:
            token.cancel()

    return emit


def test_a_download_ends_in_kerass_own_cache(server: WeightsServer, home: Path, silent: Emit) -> None:
    spec = ModelSpec("mobilenet_0.25", "imagenet", 128)
    path = resolve(spec, emit=silent, token=CancelToken())
    assert Path(path) == home / "keras" / "models" / "mobilenet_2_5_128_tf_no_top.h5"
    assert Path(path).read_bytes() == CONTENT
    assert names(home) == ["mobilenet_2_5_128_tf_no_top.h5"]
    assert at_hand(get_backbone("mobilenet_0.25"), 128)
    assert resolve(spec, emit=silent, token=CancelToken()) == path
    assert len(server.asked) == 1, "what is there isn't downloaded"
    assert server.asked[0][1].endswith("/mobilenet/mobilenet_2_5_128_tf_no_top.h5")


def test_progress_says_whose_weights_and_how_much(server: WeightsServer) -> None:  # noqa: ARG001
    seen: list[Progress] = []
    got(without_digest(), emit=lambda event: seen.append(event) if isinstance(event, Progress) else None)
    assert {event.stage for event in seen} == {"download"}
    assert seen[-1].done == seen[-1].total > 0
    assert all(event.note.startswith("Downloading MobileNet 0.25: ") for event in seen)


def test_what_is_cut_off_is_gone_on_with(server: WeightsServer, monkeypatch: pytest.MonkeyPatch) -> None:
    server.cut_after = 400_000
    path = got(with_digest(monkeypatch, server.digest))
    assert path.read_bytes() == CONTENT
    assert [asked for *_, asked in server.asked] == [None, "bytes=400000-", "bytes=800000-"]


def test_a_stop_keeps_what_has_arrived_for_the_next_time(server: WeightsServer, home: Path) -> None:
    server.silent = threading.Event()
    file, token = without_digest(), CancelToken()
    with pytest.raises(Cancelled):
        got(file, emit=stopping(token), token=token)
    state = kept(file)
    assert (state.place, at_hand(file.backbone, 128)) == ("partly", False)
    assert 0 < state.bytes < len(CONTENT)
    assert state in all_kept(), "a file for another size is listed once something of it is here"
    server.silent.set()
    assert got(file).read_bytes() == CONTENT
    assert server.asked[-1][2] == f"bytes={state.bytes}-"
    assert names(home) == [file.name]


def test_another_file_than_the_published_one_is_deleted(
    server: WeightsServer,  # noqa: ARG001
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with pytest.raises(TLStudioError, match="its checksum is another") as caught:
        got(with_digest(monkeypatch, "0" * 32))
    assert "or put the file vgg16_weights_tf_dim_ordering_tf_kernels.h5 into" in caught.value.hint
    assert names(home) == []


def test_where_none_is_published_the_digest_of_the_server_counts(server: WeightsServer, home: Path) -> None:
    server.md5 = "0" * 32
    with pytest.raises(TLStudioError, match="its checksum is another"):
        got(without_digest())
    assert names(home) == []
    server.md5 = None
    assert got(without_digest()).read_bytes() == CONTENT


def test_a_server_has_to_say_how_large_a_file_is(server: WeightsServer) -> None:
    server.says_size = False
    with pytest.raises(TLStudioError, match="doesn't say how large it is"):
        got(without_digest())


def test_no_network_is_a_normal_state_with_a_way_out(
    server: WeightsServer,  # noqa: ARG001
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def unknown(*_arguments: object, **_options: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    monkeypatch.setattr(weights_files, "_BUCKET", "http://weights.example")
    with pytest.raises(NoNetworkError, match="There is no network now") as caught:
        got(without_digest())
    assert "mobilenet_2_5_128_tf_no_top.h5" in caught.value.hint
    assert str(home / "keras" / "models") in caught.value.hint
    assert names(home) == []


def test_the_proxy_of_the_system_is_used(server: WeightsServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weights_files, "_BUCKET", "http://weights.example")
    monkeypatch.setenv("http_proxy", server.address)
    monkeypatch.setenv("no_proxy", "")
    assert got(without_digest()).read_bytes() == CONTENT
    assert server.asked[0][0] == "weights.example"


def test_too_little_room_is_said_before_anything_is_fetched(
    server: WeightsServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(weights_cache.shutil, "disk_usage", lambda _path: usage(1, 1, 1_000_000))
    with pytest.raises(TLStudioError, match="too little room") as caught:
        got(without_digest())
    assert "KERAS_HOME" in caught.value.hint
    assert server.asked == []


def test_a_disk_that_fills_up_is_told_plainly(
    server: WeightsServer,  # noqa: ARG001
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def full(*_arguments: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(PartialFile, "open", full)
    with pytest.raises(TLStudioError, match=r"can't be kept in .*No space left"):
        got(without_digest())


def test_a_cache_that_can_not_be_written_is_an_error_for_people(
    server: WeightsServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "file"))
    with pytest.raises(TLStudioError, match="can't be kept"):
        got(without_digest())
    assert server.asked == []


def test_deleting_frees_the_room_and_the_file_can_come_again(server: WeightsServer, home: Path) -> None:  # noqa: ARG001
    file = without_digest()
    got(file)
    assert delete(file) == len(CONTENT)
    assert names(home) == []
    assert kept(file).place == "away"
    assert delete(file) == 0
    assert got(file).is_file()


def test_every_network_has_two_files_with_names_of_their_own(home: Path) -> None:
    files = published_files()
    assert len({place_of(file) for file in files}) == len(files)
    assert all(place_of(file).parent == home / "keras" / "models" for file in files)
    assert {file.backbone.name for file in files if file.top} == {file.backbone.name for file in files if not file.top}
    assert [state.place for state in all_kept()] == ["away"] * len(files)


@pytest.mark.usefixtures("home")
def test_directions_name_file_address_digest_and_place() -> None:
    text = written_directions((weights_file("nasnet_mobile", top=True), without_digest()))
    assert "https://storage.googleapis.com/tensorflow/keras-applications/nasnet/NASNet-mobile.h5" in text
    assert "name  nasnet_mobile.h5" in text
    assert "MD5   020fb642bf7360b370c678b08e0adf61" in text
    assert "name  mobilenet_2_5_128_tf_no_top.h5" in text
    assert str(Path(os.environ["KERAS_HOME"]) / "models") in text
