"""A server between client and DynamoDB that answers as DynamoDB does on a bad day."""

from __future__ import annotations

import http.client
import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

TYPE = "com.amazonaws.dynamodb.v20120810#"


@dataclass
class Fault:
    """What happens to one request: where it goes, and what its sender hears."""

    forwarded: bool = False  # DynamoDB gets it
    status: int = 400
    body: dict[str, Any] | None = None  # None: the connection is cut
    edit: Callable[[dict[str, Any]], dict[str, Any]] | None = None  # of the request
    amend: Callable[[dict[str, Any], dict[str, Any]], dict[str, Any]] | None = None  # of the answer
    first: Callable[[], object] | None = None  # done before anything else


def refused(code: str, status: int = 400, **more: Any) -> Fault:
    """DynamoDB says no and does nothing."""
    return Fault(status=status, body={"__type": TYPE + code, "message": code, **more})


def cancelled(*codes: str) -> Fault:
    """A transaction refused for these reasons, one for each write."""
    reasons = [{"Code": code, "Message": code} for code in codes]
    return refused("TransactionCanceledException", CancellationReasons=reasons)


def cut_before() -> Fault:
    """The connection breaks before DynamoDB has seen the request."""
    return Fault()


def cut_after() -> Fault:
    """DynamoDB does it; its answer is lost."""
    return Fault(forwarded=True)


def failed_after() -> Fault:
    """DynamoDB does it, and says 500."""
    return Fault(True, 500, {"__type": TYPE + "InternalServerError", "message": "half-way"})


def half_done_writes() -> Fault:
    """A BatchWriteItem of which the second half is left undone."""
    rest: dict[str, Any] = {}

    def edit(request: dict[str, Any]) -> dict[str, Any]:
        (name, writes), *_ = request["RequestItems"].items()
        half = len(writes) // 2
        rest[name] = writes[half:]
        return {**request, "RequestItems": {name: writes[:half]}}

    return Fault(True, 200, {}, edit, lambda request, answer: {**answer, "UnprocessedItems": rest})


def half_done_reads() -> Fault:
    """A BatchGetItem of which the second half is left unread."""
    rest: dict[str, Any] = {}

    def edit(request: dict[str, Any]) -> dict[str, Any]:
        (name, wanted), *_ = request["RequestItems"].items()
        half = len(wanted["Keys"]) // 2
        rest[name] = {**wanted, "Keys": wanted["Keys"][half:]}
        return {**request, "RequestItems": {name: {**wanted, "Keys": wanted["Keys"][:half]}}}

    return Fault(True, 200, {}, edit, lambda request, answer: {**answer, "UnprocessedKeys": rest})


@dataclass
class Proxy:
    """`faults` are spent one a request, on requests of `operation` only; all are seen.

    `always` is what happens to every request, as long as it is set.
    """

    target: str
    always: Fault | None = None
    faults: list[Fault] = field(default_factory=list)
    operation: str = ""
    watched: str = ""
    seen: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    url: str = ""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def inject(self, operation: str, *faults: Fault) -> None:
        """From now on these faults, in this order, for requests of one operation."""
        self.seen.clear()
        self.operation = self.watched = operation
        self.faults = list(faults)

    @property
    def requests(self) -> list[dict[str, Any]]:
        """The requests of that operation since `inject`."""
        return [params for operation, params in self.seen if operation == self.watched]

    @property
    def attempts(self) -> int:
        return len(self.requests)

    def take(self, operation: str, body: bytes) -> Fault | None:
        with self.lock:
            self.seen.append((operation, json.loads(body)))
            if self.always:
                return self.always
            if self.faults and operation == self.operation:
                return self.faults.pop(0)
        return None

    def forward(self, headers: dict[str, str], body: bytes) -> tuple[int, bytes]:
        parts = urlsplit(self.target)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=30)
        connection.request("POST", "/", body, headers)
        response = connection.getresponse()
        content = response.read()
        connection.close()
        return response.status, content

    def answer(self, headers: dict[str, str], body: bytes) -> tuple[int, bytes] | None:
        """Status and body for one request; None: hang up."""
        fault = self.take(headers["x-amz-target"].rpartition(".")[2], body)
        if fault is None:
            return self.forward(headers, body)
        if fault.first:
            fault.first()
        request = json.loads(body)
        if fault.edit:
            body = json.dumps(fault.edit(request)).encode()
            headers["content-length"] = str(len(body))
        stored = self.forward(headers, body) if fault.forwarded else (200, b"{}")
        if fault.amend:
            return stored[0], json.dumps(fault.amend(request, json.loads(stored[1]))).encode()
        return None if fault.body is None else (fault.status, json.dumps(fault.body).encode())


@contextmanager
def fault_proxy(target: str) -> Iterator[Proxy]:
    """A proxy in front of `target` (a URL), as long as the block lasts."""
    proxy = Proxy(target)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            answer = proxy.answer({k.lower(): v for k, v in self.headers.items()}, body)
            if answer is None:
                self.close_connection = True
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            status, content = answer
            self.send_response(status)
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    proxy.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield proxy
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
