"""Sample data sets by download, in the shell."""

import hashlib
import io
import json
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from PIL import Image

from tlstudio.__main__ import main
from tlstudio.cli.console import Console
from tlstudio.datasets.sources import catalogue
from tlstudio.datasets.sources.catalogue import DOWNLOADS, RemoteFile
from tlstudio.events import Progress


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_arguments: object) -> None:
        """Tests are quiet."""


@pytest.fixture
def published(tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:  # noqa: ARG001
    """The archive of Cats vs. Dogs that a server on this computer gives."""
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    archive = tmp_path / "server" / "pets.zip"
    archive.parent.mkdir()
    with zipfile.ZipFile(archive, "w") as file:
        for name in ("Cat", "Dog"):
            photo = io.BytesIO()
            Image.new("RGB", (32, 32), (len(name), 90, 200)).save(photo, "PNG")
            file.writestr(f"PetImages/{name}/1.png", photo.getvalue())
        file.writestr("readme[1].txt", b"read me")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=archive.parent))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    url = f"http://127.0.0.1:{server.server_address[1]}/pets.zip"
    checksum = f"sha256:{hashlib.sha256(archive.read_bytes()).hexdigest()}"
    remote = RemoteFile("Cats and dogs.zip", (url,), archive.stat().st_size, checksum)
    entry = next(entry for entry in DOWNLOADS if entry.name == "cats_vs_dogs")
    monkeypatch.setattr(catalogue, "DOWNLOADS", (replace(entry, files=(remote,)),))
    yield archive
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_sample_is_downloaded_named_and_deleted(
    published: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["download", "cats_vs_dogs", "--json", "-"]) == 0
    out, err = capsys.readouterr()
    folder = Path(json.loads(out)["folder"])
    assert sorted(path.name for path in folder.iterdir()) == ["Cat", "Dog"]
    assert "Community Data License Agreement" in err
    published.unlink()
    assert main(["download", "cats_vs_dogs"]) == 0  # it is here
    assert str(folder) in capsys.readouterr().out
    assert main(["download", "cats_vs_dogs", "--delete"]) == 0
    assert not folder.exists()
    assert list((home / "cache" / "downloads").iterdir()) == []
    assert main(["download", "cats_vs_dogs"]) == 2
    assert "the server answers 404" in capsys.readouterr().err


@pytest.mark.usefixtures("home")
def test_samples_without_download_are_written_and_can_t_be_deleted(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["download", "leaves"]) == 0
    assert "240 photos in 4 classes" in capsys.readouterr().out
    assert main(["download", "leaves", "--delete"]) == 2
    assert main(["download", "nothing"]) == 2
    assert "“imagenette”" in capsys.readouterr().err


def test_all_samples_are_listed_with_their_sizes(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", "samples"]) == 0
    out = capsys.readouterr().out
    assert "leaves" in out
    assert "70,000 photos, 10 classes, 11.6 MB to download" in out


def test_a_terminal_shows_amount_pace_and_time_left(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = io.StringIO()
    console = Console(None)
    monkeypatch.setattr(console, "_bar", drawn)
    console.emit(Progress("fetch", 5_000_000, 10_000_000, "120 MB of 229 MB, 5.2 MB a second, about 20 s left"))
    assert "120 MB of 229 MB, 5.2 MB a second, about 20 s left  [##########          ]" in drawn.getvalue()
