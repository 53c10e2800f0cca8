"""One file from the network: bounded, gone on with where it broke off, and checked as a whole before it gets its name.

Only http and https are spoken, redirects included, through the proxies that the system names. What has arrived lies
beside its place under a name of its own, with a note of where it came from: a server is asked for the rest only if it
says that it still has the same file (RFC 9110, sections 13.1.5 and 14.2), and without such an answer it starts over.
Where size or digest of a file aren't published, those that the server states count.
"""

import base64
import errno
import hashlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from http.client import HTTPException
from pathlib import Path
from queue import Empty, Full, Queue
from typing import IO
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import (
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
    HTTPHandler,
    HTTPRedirectHandler,
    HTTPSHandler,
    OpenerDirector,
    ProxyHandler,
    Request,
    UnknownHandler,
)

from tlstudio import __version__
from tlstudio.datasets.sources.catalogue import RemoteFile
from tlstudio.datasets.sources.partial_files import Origin, PartialFile
from tlstudio.errors import TLStudioError
from tlstudio.events import CancelToken

_CHUNK = 1 << 18
_WAITING_CHUNKS = 32
_PATIENCE_SECONDS = 30.0  # of silence, before a server counts as gone
_POLL_SECONDS = 0.1
_PARTIAL_CONTENT = 206
_NO_NETWORK = frozenset((errno.ENETUNREACH, errno.ENETDOWN, errno.EHOSTUNREACH))


class NoNetworkError(TLStudioError):
    """This computer has no network now: a normal state, told in other words by whoever knows what the file is for."""


class _TransferError(Exception):
    """A place that doesn't give the file now.

    Attributes:
        offline: Whether this computer has no network.
    """

    def __init__(self, reason: str, *, offline: bool = False) -> None:
        super().__init__(reason)
        self.offline = offline


@dataclass(frozen=True, slots=True)
class _Answer:
    """What a server says before the bytes.

    Attributes:
        start: Place in the file of the first byte that follows.
        size: Of the whole file; None if it doesn't say.
        validator: As in ``Origin``.
        checksum: As in ``Origin``.
    """

    start: int
    size: int | None
    validator: str
    checksum: str = ""


def fetch_file(file: RemoteFile, target: Path, *, report: Callable[[int], None], token: CancelToken) -> None:
    """Download a file; what has arrived of it before is used.

    Args:
        file: What to fetch.
        target: Where it goes, in a folder that is there. It appears at once and whole.
        report: Told how many bytes of the file have arrived.
        token: Stops it within a moment, also while the network is silent; what has arrived is kept.

    Raises:
        NoNetworkError: If there is no network.
        TLStudioError: If no place gives the file, or what arrived isn't what was published.
        Cancelled: If a stop was asked for.
        OSError: If it can't be written.
    """
    partial = PartialFile(target)
    size = _as_stated(file, partial).size
    if size and partial.size > size:
        partial.discard()
    report(partial.size)
    if not size or partial.size < size:
        _receive(file, partial, report, token)
    if not _is_as_published(partial.path, _as_stated(file, partial).checksum, token):
        partial.discard()
        raise TLStudioError(
            f"What arrived as {file.name} is not what was published: its checksum is another. It is deleted.",
            "Try again. If it happens again, something on the way to this computer changes the file.",
        )
    partial.publish()


def _as_stated(file: RemoteFile, partial: PartialFile) -> RemoteFile:
    """The file, with what its server said of it where its publisher says nothing."""
    origin = partial.origin()
    if origin is None:
        return file
    return replace(file, size=file.size or origin.size, checksum=file.checksum or origin.checksum)


def _receive(file: RemoteFile, partial: PartialFile, report: Callable[[int], None], token: CancelToken) -> None:
    """Ask one place after the other, each again as long as more arrives from it."""
    failures: list[_TransferError] = []
    for url in file.urls:
        before = -1
        while before < partial.size:
            before = partial.size
            try:
                _receive_from(url, file, partial, report, token)
            except _TransferError as error:
                failures.append(error)
            else:
                return
    if all(failure.offline for failure in failures):
        raise NoNetworkError(
            f"There is no network now. {file.name} can't be downloaded without one.",
            "Connect this computer to the network and try again, or take a sample that is here already.",
        )
    host = urlsplit(file.urls[-1]).hostname
    raise TLStudioError(
        f"{file.name} can't be downloaded from {host} now: {failures[-1]}.",
        "Try again later; what has arrived is kept.",
    )


def _receive_from(
    url: str, file: RemoteFile, partial: PartialFile, report: Callable[[int], None], token: CancelToken
) -> None:
    """Receive the file, or the rest of it, from one place; however it ends, what has arrived is on the disk."""
    request = Request(  # noqa: S310 - the opener knows http and https only
        url, headers={"User-Agent": f"TL-Studio/{__version__}", "Accept-Encoding": "identity"}
    )
    start = _ask_for_the_rest(request, partial)
    with _connected(request) as connection:
        answer = connection.answer(token)
        size = file.size or answer.size
        if not size:
            raise _TransferError("the server doesn't say how large it is")
        if answer.size not in (None, size) or answer.start not in (0, start):
            raise _TransferError("the server has another file in its place")
        done = answer.start
        with partial.open(answer.start, Origin(url, answer.validator, size, answer.checksum)) as out:
            for chunk in connection.chunks(token):
                done += len(chunk)
                if done > size:
                    break
                out.write(chunk)
                report(done)
    if done > size:
        partial.discard()
        raise _TransferError("more arrives than was published")
    if done < size:
        raise _TransferError("the connection broke off")


def _ask_for_the_rest(request: Request, partial: PartialFile) -> int:
    """Ask for what is missing, if the server has the same file as before; the place in it from which on, or 0."""
    start, origin = partial.size, partial.origin()
    if not start or origin is None or origin.url != request.full_url or not origin.validator:
        return 0
    request.add_header("Range", f"bytes={start}-")
    request.add_header("If-Range", origin.validator)
    return start


class _Connection:
    """A thread that asks a server and listens to it, so that a stop needn't wait for a silent network."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self._arrived: Queue[_Answer | bytes | _TransferError] = Queue(_WAITING_CHUNKS)
        self._left = threading.Event()
        # Nobody waits for it at the end of the program: it may sit in a look-up of the system for long.
        threading.Thread(target=self._listen, name="transfer", daemon=True).start()

    def answer(self, token: CancelToken) -> _Answer:
        """What the server says first.

        Raises:
            _TransferError: If nothing comes of it.
            Cancelled: If a stop was asked for.
        """
        first = self._next(token)
        if not isinstance(first, _Answer):
            raise _TransferError("the server says nothing")
        return first

    def chunks(self, token: CancelToken) -> Iterator[bytes]:
        """The bytes, as they come, to the end; raises as ``answer``."""
        while chunk := self._next(token):
            if isinstance(chunk, bytes):
                yield chunk

    def leave(self) -> None:
        """Listen no longer."""
        self._left.set()

    def _next(self, token: CancelToken) -> _Answer | bytes:
        while True:
            token.check()
            with suppress(Empty):
                item = self._arrived.get(timeout=_POLL_SECONDS)
                if isinstance(item, _TransferError):
                    raise item
                return item

    def _listen(self) -> None:
        try:
            with _opener().open(self._request, timeout=_PATIENCE_SECONDS) as response:
                self._put(_understood(response.status, response.headers.items()))
                while not self._left.is_set() and (chunk := response.read1(_CHUNK)):
                    self._put(chunk)
        except (OSError, HTTPException, ValueError) as error:
            self._put(_in_words(error))
        finally:
            self._put(b"")

    def _put(self, item: _Answer | bytes | _TransferError) -> None:
        while not self._left.is_set():
            with suppress(Full):
                self._arrived.put(item, timeout=_POLL_SECONDS)
                return


@contextmanager
def _connected(request: Request) -> Iterator[_Connection]:
    connection = _Connection(request)
    try:
        yield connection
    finally:
        connection.leave()


def _understood(status: int, headers: Iterable[tuple[str, str]]) -> _Answer:
    """Where the bytes begin, how many there are in all, and what else the server says of the file.

    Raises:
        ValueError: If the server speaks otherwise than it should.
    """
    fields: dict[str, str] = {}
    for name, value in headers:
        before = fields.get(name.lower())
        fields[name.lower()] = value.strip() if before is None else f"{before},{value.strip()}"
    tag = fields.get("etag", "")
    validator = tag if tag and not tag.startswith("W/") else fields.get("last-modified", "")
    checksum = _stated_checksum(fields.get("x-goog-hash", ""))
    if status != _PARTIAL_CONTENT:
        length = fields.get("content-length")
        return _Answer(0, None if length is None else int(length), validator, checksum)
    span, _, size = fields.get("content-range", "").removeprefix("bytes ").partition("/")
    return _Answer(int(span.partition("-")[0]), None if size == "*" else int(size), validator, checksum)


def _stated_checksum(hashes: str) -> str:
    """The MD5 in Google's header ``x-goog-hash``: "crc32c=…,md5=…", in base 64; "" if there is none.

    Raises:
        ValueError: If it is no base 64.
    """
    for entry in hashes.split(","):
        kind, _, digest = entry.strip().partition("=")
        if kind == "md5":
            return f"md5:{base64.b64decode(digest, validate=True).hex()}"
    return ""


class _Redirects(HTTPRedirectHandler):
    """Follows redirects, but not from an encrypted place to one that isn't."""

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: object, newurl: str
    ) -> Request | None:
        """The request to send instead.

        Raises:
            URLError: If it may not be sent.
        """
        if urlsplit(req.full_url).scheme == "https" and urlsplit(newurl).scheme != "https":
            raise URLError("it leads to a place without encryption")
        return super().redirect_request(req, fp, code, msg, headers, newurl)  # type: ignore[arg-type]


def _opener() -> OpenerDirector:
    """An opener without the handlers for files and ftp that ``build_opener`` adds."""
    opener = OpenerDirector()
    for handler in (
        ProxyHandler,
        HTTPHandler,
        HTTPSHandler,
        HTTPDefaultErrorHandler,
        _Redirects,
        HTTPErrorProcessor,
        UnknownHandler,
    ):
        opener.add_handler(handler())
    return opener


def _in_words(error: Exception) -> _TransferError:
    if isinstance(error, HTTPError):
        error.close()
        return _TransferError(f"the server answers {error.code} ({error.reason})")
    cause = error.reason if isinstance(error, URLError) else error
    if isinstance(cause, socket.gaierror) or (isinstance(cause, OSError) and cause.errno in _NO_NETWORK):
        return _TransferError("there is no network", offline=True)
    if isinstance(cause, ssl.SSLError):
        return _TransferError("the connection can't be trusted; a virus scanner or a proxy may sit in between")
    if isinstance(cause, TimeoutError):
        return _TransferError("the server doesn't answer")
    if isinstance(cause, ValueError | HTTPException):
        return _TransferError("the server's answer can't be understood")
    if isinstance(cause, ConnectionRefusedError):
        return _TransferError("the server takes no connections")
    return _TransferError(str(getattr(cause, "strerror", None) or cause) or "the connection broke off")


def _is_as_published(path: Path, checksum: str, token: CancelToken) -> bool:
    if not checksum:
        return True
    algorithm, _, wanted = checksum.partition(":")
    digest = hashlib.new(algorithm, usedforsecurity=False)
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            token.check()
            digest.update(chunk)
    return digest.hexdigest() == wanted
