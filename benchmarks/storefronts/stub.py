"""`python -m benchmarks.storefronts.stub`: a stub of Shopify's Storefront API, until Ctrl-C.

It answers queries from the sample catalogue's 62 products and serves their pictures. Its port is
always the same, since a storefront may have written addresses of pictures into its pages.
"""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from http.server import BaseHTTPRequestHandler
from typing import Any

from benchmarks.storefronts.catalogue import PICTURES, Catalogue
from benchmarks.storefronts.edge import Server
from benchmarks.storefronts.selecting import answer
from shop.localaws.server import HOST, choose_port

PORT = 8790
ADDRESS = f"http://localhost:{PORT}"
BELOW = "/pictures/"


@cache
def catalogue() -> Catalogue:
    return Catalogue(ADDRESS + BELOW)


class Stub(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        if not self.path.endswith("/graphql.json"):
            return self.send_error(404)
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        said = answer(asked["query"], asked.get("variables") or {}, catalogue().roots())
        return self.say("application/json", json.dumps(said).encode())

    def do_GET(self) -> None:
        known = {BELOW + path.name: path for path in PICTURES.glob("*.webp")}
        if self.path not in known:
            return self.send_error(404)
        return self.say("image/webp", known[self.path].read_bytes())

    def say(self, kind: str, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Nobody wants to read it."""


@contextmanager
def stub() -> Iterator[None]:
    """The stub, answering. Raises LocalAWSError if its port is taken."""
    choose_port(PORT)
    server = Server((HOST, PORT), Stub)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()


if __name__ == "__main__":
    with stub(), suppress(KeyboardInterrupt):
        print(f"{ADDRESS} answers; Ctrl-C stops it.", flush=True)
        threading.Event().wait()
