"""Sample data sets by download, from a server on this computer."""

import gzip
import hashlib
import io
import os
import shutil
import socket
import struct
import subprocess
import sys
import tarfile
import threading
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote, unquote

import pytest
from PIL import Image

from tlstudio.datasets.sizes import size_in_words
from tlstudio.datasets.sources import catalogue, downloads, transfers
from tlstudio.datasets.sources.catalogue import DOWNLOADS, SAMPLE_DATASETS, Download, RemoteFile, find_sample
from tlstudio.datasets.sources.downloads import arrived, delete, fetch, is_here, place_of
from tlstudio.datasets.sources.meter import Meter
from tlstudio.datasets.sources.samples import sample_folder
from tlstudio.datasets.splits.split import SplitConfig
from tlstudio.errors import Cancelled, TLStudioError
from tlstudio.events import CancelToken, Emit, Event, Progress
from tlstudio.projects.library import Library
from tlstudio.workflows.open_sample import open_sample, unpacked_sample

CONTENT = os.urandom(1 << 21)
KILLED = """
import sys
from tlstudio.datasets.sources.downloads import fetch
from tlstudio.datasets.sources.catalogue import Download, RemoteFile
from tlstudio.events import CancelToken

file = RemoteFile("thing.bin", (sys.argv[1],), int(sys.argv[2]), sys.argv[3])
fetch(Download("thing", "Thing", "", 1, 1, (file,), ""),
      emit=lambda event: print(event.done, flush=True), token=CancelToken())
"""


@dataclass
class Server:
    """What the server on this computer gives, and how it behaves."""

    address: str = ""
    content: dict[str, bytes] = field(default_factory=dict)
    etag: str = '"one"'
    ranges: bool = True
    cut_after: int = 0
    silent: threading.Event | None = None
    elsewhere: dict[str, str] = field(default_factory=dict)
    asked: list[tuple[str, str | None]] = field(default_factory=list)
    sent: list[int] = field(default_factory=list)

    def url(self, name: str) -> str:
        return f"{self.address}/{quote(name)}"


class Handler(BaseHTTPRequestHandler):
    server_state: Server

    def log_message(self, *_arguments: object) -> None:
        """Tests are quiet."""

    def do_GET(self) -> None:
        state, name = self.server_state, unquote(self.path.lstrip("/"))
        asked = self.headers.get("Range")
        state.asked.append((name, asked))
        if name in state.elsewhere:
            self.send_response(302)
            self.send_header("Location", state.elsewhere[name])
            self.end_headers()
            return
        if name not in state.content:
            self.send_error(404, "Not Found")
            return
        content, start = state.content[name], 0
        if asked and state.ranges and self.headers.get("If-Range") == state.etag:
            start = int(asked.removeprefix("bytes=").rstrip("-"))
        self.send_response(206 if start else 200)
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
        if state.etag:
            self.send_header("ETag", state.etag)
        self.send_header("Content-Length", str(len(content) - start))
        self.end_headers()
        body = content[start:]
        body = body[: state.cut_after] if state.cut_after else body
        state.sent.append(len(body))
        self.wfile.write(body)
        if state.silent is not None:
            self.wfile.flush()
            state.silent.wait(20)
        self.close_connection = True


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    state = Server()
    listening = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (Handler,), {"server_state": state}))
    listening.daemon_threads = True
    state.address = f"http://127.0.0.1:{listening.server_address[1]}"
    thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield state
    if state.silent is not None:
        state.silent.set()
    listening.shutdown()
    thread.join()
    listening.server_close()


def remote(server: Server, name: str, content: bytes = CONTENT, *more: str) -> RemoteFile:
    """A file of the server, published with its true size and digest."""
    server.content[name] = content
    digest = hashlib.sha256(content).hexdigest()
    return RemoteFile(name, (server.url(name), *more), len(content), f"sha256:{digest}")


def download(*files: RemoteFile) -> Download:
    return Download("thing", "Thing", "A thing.", 1, 1, files, "Anything goes.")


def got(thing: Download, emit: Emit = lambda _event: None, token: CancelToken | None = None) -> Path:
    return fetch(thing, emit=emit, token=token or CancelToken())


def stop_after(size: int, token: CancelToken) -> Emit:
    """Asks for a stop once so many bytes have arrived."""

    def emit(event: Event) -> None:
        if isinstance(event, Progress) and event.done >= size:
            token.cancel()

    return emit


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def thing(server: Server, home: Path) -> Download:  # noqa: ARG001
    return download(remote(server, "thing.bin"))


def test_a_file_arrives_whole_and_is_not_fetched_twice(thing: Download, server: Server) -> None:
    events: list[Event] = []
    place = got(thing, events.append)
    assert place.read_bytes() == CONTENT
    assert is_here(thing)
    assert names(place.parent) == ["thing.bin"]
    assert events[-1] == Progress("fetch", len(CONTENT), len(CONTENT), "2.1 MB")
    assert got(thing) == place
    assert server.asked == [("thing.bin", None)]


def test_nothing_is_asked_for_until_a_person_does(thing: Download, server: Server) -> None:
    assert (is_here(thing), arrived(thing)) == (False, 0)
    assert server.asked == []


def test_a_stop_keeps_what_arrived_and_the_next_try_gets_only_the_rest(thing: Download, server: Server) -> None:
    server.silent = threading.Event()
    server.cut_after = 700_000
    token = CancelToken()
    with pytest.raises(Cancelled):
        got(thing, stop_after(500_000, token), token)
    kept = arrived(thing)
    assert 0 < kept <= 700_000
    assert not is_here(thing)
    server.silent.set()
    server.silent, server.cut_after = None, 0
    assert got(thing).read_bytes() == CONTENT
    assert server.asked[-1] == ("thing.bin", f"bytes={kept}-")
    assert server.sent[-1] == len(CONTENT) - kept


def test_a_stop_needn_t_wait_for_a_silent_server(thing: Download, server: Server) -> None:
    server.silent, server.cut_after = threading.Event(), 300_000
    token = CancelToken()
    with pytest.raises(Cancelled):
        got(thing, stop_after(1, token), token)
    assert not server.silent.is_set()


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
def test_a_kill_keeps_what_arrived(thing: Download, server: Server) -> None:
    server.silent, server.cut_after = threading.Event(), 700_000
    command = [sys.executable, "-c", KILLED, thing.files[0].urls[0], str(thing.size), thing.files[0].checksum]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        while int(process.stdout.readline()) < 500_000:
            pass
        process.kill()
    kept = arrived(thing)
    assert kept > 0
    server.silent.set()
    server.silent, server.cut_after = None, 0
    assert got(thing).read_bytes() == CONTENT
    assert server.asked[-1] == ("thing.bin", f"bytes={kept}-")


def test_a_connection_that_breaks_is_taken_up_again(thing: Download, server: Server) -> None:
    server.cut_after = 600_000
    assert got(thing).read_bytes() == CONTENT
    assert [asked for _, asked in server.asked] == [None, *(f"bytes={n * 600_000}-" for n in range(1, 4))]


@pytest.mark.parametrize("change", ["another file", "no ranges", "no tag"])
def test_what_can_t_be_gone_on_with_is_begun_again(thing: Download, server: Server, change: str) -> None:
    if change == "no tag":
        server.etag = ""
    server.silent, server.cut_after = threading.Event(), 300_000
    token = CancelToken()
    with pytest.raises(Cancelled):
        got(thing, stop_after(1, token), token)
    assert arrived(thing)
    server.silent.set()
    server.silent, server.cut_after = None, 0
    if change == "another file":
        server.etag = '"two"'
    server.ranges = change != "no ranges"
    assert got(thing).read_bytes() == CONTENT
    assert server.sent[-1] == len(CONTENT)


def test_a_part_that_is_whole_already_is_only_checked(thing: Download, server: Server) -> None:
    place = place_of(thing)
    place.parent.mkdir(parents=True)
    place.with_name("thing.bin.part").write_bytes(CONTENT)
    assert got(thing).read_bytes() == CONTENT
    assert server.asked == []
    assert names(place.parent) == ["thing.bin"]


def test_a_part_that_is_too_long_is_begun_again(thing: Download) -> None:
    place = place_of(thing)
    place.parent.mkdir(parents=True)
    place.with_name("thing.bin.part").write_bytes(CONTENT + b"more")
    assert got(thing).read_bytes() == CONTENT


def test_a_wrong_checksum_is_said_and_leaves_nothing(thing: Download, server: Server) -> None:
    server.content["thing.bin"] = bytes(len(CONTENT))
    with pytest.raises(TLStudioError, match="its checksum is another"):
        got(thing)
    assert names(place_of(thing).parent) == []


@pytest.mark.parametrize("content", [CONTENT[:-1], CONTENT + b"x"])
def test_a_file_of_another_size_is_refused_unread(thing: Download, server: Server, content: bytes) -> None:
    server.content["thing.bin"] = content
    with pytest.raises(TLStudioError, match="another file in its place"):
        got(thing)
    assert arrived(thing) == 0


def test_a_mirror_is_asked_where_the_first_place_fails(server: Server, home: Path) -> None:  # noqa: ARG001
    mirrored = remote(server, "thing.bin", CONTENT, server.url("mirror"))
    server.content = {"mirror": CONTENT}
    assert got(download(mirrored)).read_bytes() == CONTENT
    assert [name for name, _ in server.asked] == ["thing.bin", "mirror"]


def test_a_server_that_refuses_is_named_with_its_answer(thing: Download, server: Server) -> None:
    server.content.clear()
    with pytest.raises(TLStudioError, match=r"127\.0\.0\.1 now: the server answers 404") as caught:
        got(thing)
    assert "what has arrived is kept" in caught.value.hint


def test_a_computer_without_network_is_told_so(thing: Download, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_name(*_arguments: object, **_options: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", no_name)
    with pytest.raises(TLStudioError, match="There is no network now"):
        got(thing)


def test_a_server_that_takes_no_connections_is_not_taken_for_no_network(home: Path) -> None:  # noqa: ARG001
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/thing.bin"
        with pytest.raises(TLStudioError, match="takes no connections"):
            got(download(RemoteFile("thing.bin", (url,), 1, "sha256:00")))


def test_redirects_are_followed_to_http_only(thing: Download, server: Server, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(CONTENT)
    for place in (secret.as_uri(), "ftp://127.0.0.1/thing.bin"):
        server.elsewhere = {"thing.bin": place}
        with pytest.raises(TLStudioError, match="can't be downloaded"):
            got(thing)
    server.content["moved"] = CONTENT
    server.elsewhere = {"thing.bin": server.url("moved")}
    assert got(thing).read_bytes() == CONTENT


def test_files_and_ftp_are_no_places_to_download_from(home: Path, tmp_path: Path) -> None:  # noqa: ARG001
    (tmp_path / "thing.bin").write_bytes(CONTENT)
    digest = hashlib.sha256(CONTENT).hexdigest()
    thing = RemoteFile("thing.bin", ((tmp_path / "thing.bin").as_uri(),), len(CONTENT), f"sha256:{digest}")
    with pytest.raises(TLStudioError, match="can't be downloaded"):
        got(download(thing))


def test_an_encrypted_place_may_not_lead_to_a_plain_one() -> None:
    request = transfers.Request("https://example.org/thing")
    with pytest.raises(transfers.URLError, match="without encryption"):
        transfers._Redirects().redirect_request(request, io.BytesIO(), 302, "Found", {}, "http://example.org/thing")


def test_a_proxy_of_the_system_is_asked(server: Server, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ARG001
    monkeypatch.setenv("http_proxy", server.address)
    monkeypatch.setenv("no_proxy", "")
    published = remote(server, "thing.bin")
    server.content = {"http://nowhere.invalid/thing.bin": CONTENT}
    got(download(replace(published, urls=("http://nowhere.invalid/thing.bin",))))
    assert server.asked == [("http://nowhere.invalid/thing.bin", None)]


def test_too_small_a_disk_is_said_before_anything_is_fetched(
    thing: Download, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: shutil._ntuple_diskusage(10, 10, 1 << 20))
    with pytest.raises(TLStudioError, match=r"Thing takes 4.2 MB with its photos, and 1.0 MB are free"):
        got(thing)
    assert server.asked == []


def test_a_place_that_can_t_be_written_is_said(thing: Download, home: Path) -> None:
    home.mkdir()
    (home / "cache").write_text("a file stands where the folder goes")
    with pytest.raises(TLStudioError, match="Thing can't be written"):
        got(thing)


def test_one_download_waits_for_another_and_may_be_stopped_meanwhile(thing: Download) -> None:
    token = CancelToken()
    with downloads._turn(CancelToken()):
        token.cancel()
        with pytest.raises(Cancelled):
            got(thing, token=token)


def test_progress_tells_amount_pace_and_time_left() -> None:
    times = iter((0.0, 1.0, 2.0))
    events: list[Event] = []
    report = Meter("fetch", 100_000_000, events.append, lambda: next(times)).add(2_000_000)
    for done in (0, 5_000_000, 10_000_000):
        report(done)
    assert [event.note for event in events if isinstance(event, Progress)] == [
        "2.0 MB of 100 MB",
        "7.0 MB of 100 MB, 5.0 MB a second, about 20 s left",
        "12.0 MB of 100 MB, 5.0 MB a second, about 20 s left",
    ]


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (0, "0 KB"),
        (1, "1 KB"),
        (4_542, "5 KB"),
        (11_594_722, "11.6 MB"),
        (341_663_724, "342 MB"),
        (2_500_000_000, "2.5 GB"),
    ],
)
def test_sizes_in_words(size: int, words: str) -> None:
    assert size_in_words(size) == words


# The table


def test_every_download_says_what_it_is() -> None:
    names = [sample.name for sample in (*SAMPLE_DATASETS, *DOWNLOADS)]
    assert len(set(names)) == len(names)
    assert [entry.size for entry in DOWNLOADS] == sorted(entry.size for entry in DOWNLOADS)
    for entry in DOWNLOADS:
        assert find_sample(entry.name) is entry
        assert entry.licence.endswith(".")
        for file in entry.files:
            algorithm, digits = file.checksum.split(":")
            assert len(bytes.fromhex(digits)) == hashlib.new(algorithm).digest_size
            assert all(url.startswith(("https://", "http://download.tensorflow.org/")) for url in file.urls)
    assert [size_in_words(entry.size) for entry in DOWNLOADS] == ["11.6 MB", "170 MB", "229 MB", "342 MB", "825 MB"]


# From the download to photos with classes


def photo(shade: int) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (24, 24), (shade, 255 - shade, shade * 7 % 256)).save(out, "PNG")
    return out.getvalue()


def zipped(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def tarred(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return out.getvalue()


def idx(*shape: int) -> bytes:
    values = bytes(range(shape[0])) if len(shape) == 1 else os.urandom(shape[0] * shape[1] * shape[2])
    return gzip.compress(struct.pack(f">I{len(shape)}I", 0x800 + len(shape), *shape) + values)


Publish = Callable[[str, dict[str, bytes]], Download]


@pytest.fixture
def publish(server: Server, home: Path, monkeypatch: pytest.MonkeyPatch) -> Publish:  # noqa: ARG001
    """``publish("mnist", {"file": content})``: the entry of the table, with files of the server on this computer."""

    def make(name: str, contents: dict[str, bytes]) -> Download:
        entry = next(entry for entry in DOWNLOADS if entry.name == name)
        files = tuple(remote(server, file, content) for file, content in contents.items())
        published = replace(entry, files=files)
        monkeypatch.setattr(catalogue, "DOWNLOADS", (published,))
        return published

    return make


def opened(name: str) -> tuple[dict[str, int], int, set[str]]:
    result = open_sample(name, Library(), SplitConfig(), emit=lambda _event: None, token=CancelToken())
    return result.dataset.counts(), len(result.dataset.rejected), set(result.dataset.given.values())


def test_mnist_is_four_files(publish: Publish, silent: Emit) -> None:
    contents = {
        "train-images-idx3-ubyte.gz": idx(10, 8, 8),
        "train-labels-idx1-ubyte.gz": idx(10),
        "t10k-images-idx3-ubyte.gz": idx(5, 8, 8),
        "t10k-labels-idx1-ubyte.gz": idx(5),
    }
    entry = publish("mnist", contents)
    assert sample_folder("mnist", emit=silent, token=CancelToken()).name == "MNIST"
    counts, _, parts = opened("mnist")
    assert counts == {str(digit): 1 + (digit < 5) for digit in range(10)}
    assert parts == {"train", "test"}
    assert [found.folder for found in Library().recent()] == [str(Path(Library().recent()[0].folder))]
    assert Path(Library().recent()[0].folder).name == "MNIST"
    delete(entry)
    assert arrived(entry) == 0
    assert not place_of(entry).exists()


def test_cats_and_dogs_are_read_one_folder_down_and_broken_photos_counted(publish: Publish) -> None:
    files = {f"PetImages/{name}/{n}.jpg": photo(40 * n + len(name)) for name in ("Cat", "Dogs") for n in range(3)}
    broken = {"PetImages/Cat/666.jpg": b"", "PetImages/Dogs/11702.jpg": b"no photo"}
    others = {"readme[1].txt": b"read me", "CDLA-Permissive-2.0.pdf": b"%PDF", "PetImages/Cat/Thumbs.db": b"x"}
    publish("cats_vs_dogs", {"Cats and dogs.zip": zipped(files | broken | others)})
    assert opened("cats_vs_dogs")[:2] == ({"Cat": 3, "Dogs": 3}, 2)
    assert opened("cats_vs_dogs")[:2] == ({"Cat": 3, "Dogs": 3}, 2)
    folder = unpacked_sample("cats_vs_dogs", emit=lambda _event: None, token=CancelToken())
    assert names(folder) == ["Cat", "Dogs"]


def test_flowers_come_with_a_licence_that_is_no_photo(publish: Publish) -> None:
    files = {
        f"flower_photos/{name}/{n}.jpg": photo(40 * n + len(name)) for name in ("daisy", "tulips") for n in range(3)
    }
    publish("tf_flowers", {"Flowers.tgz": tarred(files | {"flower_photos/LICENSE.txt": b"CC-BY"})})
    assert opened("tf_flowers") == ({"daisy": 3, "tulips": 3}, 0, set())


def test_imagenette_has_english_names_until_a_person_wants_it_otherwise(publish: Publish) -> None:
    files = {
        f"imagenette2-320/{part}/{name}/{n}.JPEG": photo(20 * n + len(part) + int(name[-1]))
        for part in ("train", "val")
        for name in ("n01440764", "n03445777")
        for n in range(3)
    }
    entry = publish("imagenette", {"Imagenette.tgz": tarred(files | {"imagenette2-320/noisy_imagenette.csv": b"a,b"})})
    assert opened("imagenette") == ({"golf ball": 6, "tench": 6}, 0, {"train", "validation"})
    project = Library().project_of(place_of(entry))
    assert project is not None
    assert project.steps().undo == "Call the classes of Imagenette by their English names"
    project.undo()
    assert opened("imagenette")[0] == {"n01440764": 6, "n03445777": 6}


def test_deleting_takes_the_photos_with_it_and_a_project_goes_on_with_the_next_download(
    publish: Publish, home: Path
) -> None:
    files = {
        f"flower_photos/{name}/{n}.jpg": photo(40 * n + len(name)) for name in ("daisy", "tulips") for n in range(3)
    }
    entry = publish("tf_flowers", {"Flowers.tgz": tarred(files)})
    opened("tf_flowers")
    (project,) = Library().recent()
    assert names(home / "cache" / "sources")
    delete(entry)
    assert not is_here(entry)
    assert names(home / "cache" / "sources") == []
    assert opened("tf_flowers")[0] == {"daisy": 3, "tulips": 3}
    assert [found.folder for found in Library().recent()] == [project.folder]


def test_deleting_what_was_begun_leaves_nothing(thing: Download, server: Server) -> None:
    server.silent, server.cut_after = threading.Event(), 300_000
    token = CancelToken()
    with pytest.raises(Cancelled):
        got(thing, stop_after(1, token), token)
    delete(thing)
    assert names(place_of(thing).parent) == []
