"""What stands before the shop as CloudFront does: compressed files, the shop for the rest."""

import gzip
import mimetypes
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from shop.localaws.server import HOST
from storefront.assets import FOREVER
from storefront.places import A_MINUTE, Folder

COMPRESSED = ("text/", "application/json", "image/svg")
PASSED = ("Accept", "Accept-Language")
EMPTY = b'<!doctype html><html lang="en"><title>Empty</title><p>Empty</p>'


@dataclass(frozen=True)
class Answer:
    """As it is sent: compressed already, if it is of a kind that is."""

    kind: str
    body: bytes
    caching: str = "no-store"
    status: int = 200


Files = Mapping[str, Answer]


class Server(ThreadingHTTPServer):
    request_queue_size = 64  # a browser comes with more connections at once than Python's five


class Edge(BaseHTTPRequestHandler):
    """Answers a GET from `files`, or passes it to what its path begins with in `origins`."""

    files: Files
    origins: Mapping[str, str]
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # a body does not wait until its headers have arrived

    def do_GET(self) -> None:
        self.say(self.files.get(self.path.partition("?")[0]) or self.ask())

    def ask(self) -> Answer:
        found = next((each for each in self.origins if self.path.startswith(each)), None)
        if found is None:
            return Answer("text/plain", b"", status=404)
        given = {name: self.headers[name] for name in PASSED if name in self.headers}
        address = self.origins[found] + self.path.removeprefix(found)
        asked = urllib.request.Request(address, headers=given)  # noqa: S310  http, on this machine
        try:
            with urllib.request.urlopen(asked, timeout=30) as answer:  # noqa: S310  the same
                return passed_on(answer.status, answer.headers, answer.read())
        except urllib.error.HTTPError as error:
            return passed_on(error.code, error.headers, error.read())

    def say(self, answer: Answer) -> None:
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.kind)
        self.send_header("Cache-Control", answer.caching)
        if answer.kind.startswith(COMPRESSED):
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)

    def log_message(self, format: str, *args: Any) -> None:
        """Nobody wants to read it."""


def passed_on(status: int, headers: Message, body: bytes) -> Answer:
    kind = headers.get("Content-Type", "application/octet-stream")
    return Answer(kind, squeezed(kind, body), headers.get("Cache-Control", "no-store"), status)


def squeezed(kind: str, body: bytes) -> bytes:
    return gzip.compress(body, 6) if kind.startswith(COMPRESSED) else body


def files_in(folder: Path) -> dict[str, Answer]:
    """What `manage.py render_storefront --to` wrote, by path, as the bucket would answer."""
    place = Folder(folder)
    found = (path for path in folder.rglob("*") if path.is_file())
    return {path_of(place.key(path)): answer_of(path, place.key(path)) for path in found}


def path_of(key: str) -> str:
    return "/" if key == "index.html" else f"/{key}"


def answer_of(path: Path, key: str) -> Answer:
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    caching = FOREVER if key.startswith("assets/") else A_MINUTE
    return Answer(kind, squeezed(kind, path.read_bytes()), caching)


@contextmanager
def serve(files: Files, origins: Mapping[str, str], port: int = 0) -> Iterator[str]:
    """Where they are found."""
    handler = type("Handler", (Edge,), {"files": files, "origins": origins})
    server = Server((HOST, port), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://localhost:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def empty() -> Iterator[str]:
    """A page without anything: what a visit costs at least."""
    with serve({"/": Answer("text/html", squeezed("text/html", EMPTY))}, {}) as address:
        yield address
