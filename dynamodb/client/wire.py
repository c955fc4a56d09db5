"""HTTP/1.1 as far as one POST and its answer need it, over kept connections.

http.client and urllib3 parse an answer's head as e-mail and send a request in two
pieces; that is a third of the CPU of a GetItem.
"""

from __future__ import annotations

import os
import select
import socket
import ssl
import weakref
from collections import deque
from functools import cache
from typing import NamedTuple
from urllib.parse import urlsplit

from dynamodb.patience import time_left

CHUNK = 1 << 16
LONGEST_HEAD = 1 << 16  # bytes


class Answer(NamedTuple):
    status: int
    content: bytes


class BrokenAnswer(ConnectionError):
    """The connection ended early, or what came is not HTTP."""


class NotSent(ConnectionError):
    """There was no connection, or no time for one: surely nothing has been done."""


class Connection:
    """One connection; used by one thread at a time."""

    def __init__(self, sock: socket.socket):
        self.sock = sock
        self.reusable = True
        self.waiting = b""  # received, not yet read

    def post(self, headers: dict[str, str], body: bytes) -> Answer:
        """Send a request and read its answer. Raises OSError."""
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        head = f"POST / HTTP/1.1\r\n{lines}content-length: {len(body)}\r\n\r\n"
        self.sock.sendall(head.encode("latin-1") + body)
        status = 100
        while status == 100:
            status, fields = self.read_head()
        if b"close" in fields.get(b"connection", b""):
            self.reusable = False
        return Answer(status, self.read_body(fields))

    def receive(self) -> None:
        data = self.sock.recv(CHUNK)
        if not data:
            raise BrokenAnswer("the server closed the connection")
        self.waiting += data

    def read_head(self) -> tuple[int, dict[bytes, bytes]]:
        """The status and the header fields, names in lower case."""
        while (end := self.waiting.find(b"\r\n\r\n")) < 0:
            if len(self.waiting) > LONGEST_HEAD:
                raise BrokenAnswer("the answer's head does not end")
            self.receive()
        first, *lines = self.waiting[:end].split(b"\r\n")
        self.waiting = self.waiting[end + 4 :]
        version, _, rest = first.partition(b" ")
        if not version.startswith(b"HTTP/1.") or not rest[:3].isdigit():
            raise BrokenAnswer(f"not an HTTP answer: {first[:40]!r}")
        fields = {}
        for line in lines:
            name, _, value = line.partition(b":")
            fields[name.lower()] = value.strip().lower()
        return int(rest[:3]), fields

    def read_body(self, fields: dict[bytes, bytes]) -> bytes:
        if fields.get(b"transfer-encoding") == b"chunked":
            return b"".join(iter(self.read_chunk, b""))
        length = fields.get(b"content-length", b"")
        if not length.isdigit():
            raise BrokenAnswer("the answer does not say how long it is")
        return self.read_exactly(int(length))

    def read_exactly(self, size: int) -> bytes:
        pieces, have = [self.waiting], len(self.waiting)
        while have < size:
            data = self.sock.recv(max(CHUNK, size - have))
            if not data:
                raise BrokenAnswer("the answer ended early")
            pieces.append(data)
            have += len(data)
        content = b"".join(pieces)
        self.waiting = content[size:]
        return content[:size]

    def read_chunk(self) -> bytes:
        """One chunk of a chunked body; empty at its end."""
        while (end := self.waiting.find(b"\r\n")) < 0:
            self.receive()
        size = self.chunk_size(self.waiting[:end])
        self.waiting = self.waiting[end + 2 :]
        return self.read_exactly(size + 2)[:-2]

    @staticmethod
    def chunk_size(line: bytes) -> int:
        try:
            return int(line.partition(b";")[0], 16)
        except ValueError as error:
            raise BrokenAnswer(f"not the size of a chunk: {line[:40]!r}") from error

    def close(self) -> None:
        self.reusable = False
        self.sock.close()

    def closed_by_peer(self) -> bool:
        """An idle connection that has something to read has been closed."""
        poll = select.poll()
        poll.register(self.sock, select.POLLIN)
        return bool(poll.poll(0))


_pools: weakref.WeakSet[Pool] = weakref.WeakSet()


@cache
def tls_context(bundle: str | None) -> ssl.SSLContext:
    """Made once for all hosts: reading the certificates takes some milliseconds."""
    return ssl.create_default_context(cafile=bundle)


class Pool:
    """Kept connections to one host, the last used first; safe among threads."""

    def __init__(self, url: str, timeout: float):
        parts = urlsplit(url)
        self.host, self.timeout = parts.hostname or "", timeout
        self.port = parts.port or (443 if parts.scheme == "https" else 80)
        secure = parts.scheme == "https"
        self.tls = tls_context(os.environ.get("AWS_CA_BUNDLE")) if secure else None
        self.idle: deque[Connection] = deque()
        weakref.finalize(self, close_all, self.idle)  # at the latest when the process ends
        _pools.add(self)

    def take(self) -> Connection:
        """A connection that waits no longer than the pool does, or the deadline allows.

        Raises NotSent.
        """
        seconds = time_left(self.timeout)
        if seconds == 0:
            raise NotSent("the deadline has passed")
        while self.idle:
            try:
                connection = self.idle.pop()
            except IndexError:  # another thread took the last one
                break
            if not connection.closed_by_peer():
                connection.sock.settimeout(seconds)
                return connection
            connection.close()
        try:
            return self.connect(seconds)
        except OSError as error:
            raise NotSent(str(error)) from error

    def connect(self, seconds: float) -> Connection:
        sock = socket.create_connection((self.host, self.port), seconds)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self.tls is not None:
            sock = self.tls.wrap_socket(sock, server_hostname=self.host)
        return Connection(sock)

    def give_back(self, connection: Connection) -> None:
        """Keep a connection for the next call, unless more came over it than the answer:
        that must not be taken for the next call's."""
        if connection.reusable and not connection.waiting:
            self.idle.append(connection)
        else:
            connection.close()


def forget_connections() -> None:
    """Close what is idle, everywhere: the next calls connect anew. For a process whose memory
    is about to be copied: its copies must not speak over one connection."""
    for pool in list(_pools):
        close_all(pool.idle)


def close_all(connections: deque[Connection]) -> None:
    while connections:
        connections.pop().close()
