"""A server on this computer that plays the one which publishes weights."""

import base64
import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import pytest

from tlstudio.modeling import weights_files

ETAG = '"one"'


@dataclass
class WeightsServer:
    """What it gives, and how it behaves.

    Attributes:
        content: The file that stands under every address.
        cut_after: Bytes after which it hangs up each time; 0 for never.
        says_size: Whether it states the size.
        md5: The digest that it states; None for the true one, "" for none.
        silent: Set to go on; while there is one that isn't set, it falls silent half way.
        asked: Host, path and range of every request.
    """

    content: bytes
    cut_after: int = 0
    says_size: bool = True
    md5: str | None = ""
    silent: threading.Event | None = None
    asked: list[tuple[str, str, str | None]] = field(default_factory=list)
    address: str = ""

    @property
    def digest(self) -> str:
        return hashlib.md5(self.content, usedforsecurity=False).hexdigest()


class _Handler(BaseHTTPRequestHandler):
    state: WeightsServer

    def log_message(self, *_arguments: object) -> None:
        """Tests are quiet."""

    def do_GET(self) -> None:
        state, asked, start = self.state, self.headers.get("Range"), 0
        state.asked.append((self.headers["Host"], urlsplit(self.path).path, asked))
        if asked and self.headers.get("If-Range") == ETAG:
            start = int(asked.removeprefix("bytes=").rstrip("-"))
        self.send_response(206 if start else 200)
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(state.content) - 1}/{len(state.content)}")
        self.send_header("ETag", ETAG)
        if state.says_size:
            self.send_header("Content-Length", str(len(state.content) - start))
        md5 = state.digest if state.md5 is None else state.md5
        self.send_header("x-goog-hash", "crc32c=AAAAAA==")
        if md5:
            self.send_header("x-goog-hash", f"md5={base64.b64encode(bytes.fromhex(md5)).decode()}")
        self.end_headers()
        body = state.content[start:]
        body = body[: state.cut_after] if state.cut_after else body
        if state.silent is None:
            self.wfile.write(body)
        else:
            self.wfile.write(body[: len(body) // 2])
            self.wfile.flush()
            if state.silent.wait(20):
                self.wfile.write(body[len(body) // 2 :])
        self.close_connection = True


@contextmanager
def weights_server(patch: pytest.MonkeyPatch, content: bytes) -> Iterator[WeightsServer]:
    """A server that all published weights come from while this lasts."""
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        patch.delenv(name, raising=False)
    state = WeightsServer(content)
    listening = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (_Handler,), {"state": state}))
    listening.daemon_threads = True
    state.address = f"http://127.0.0.1:{listening.server_address[1]}"
    patch.setattr(weights_files, "_BUCKET", state.address)
    thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield state
    finally:
        if state.silent is not None:
            state.silent.set()
        listening.shutdown()
        thread.join()
        listening.server_close()
