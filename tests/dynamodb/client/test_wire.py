"""Answers as they come off the wire: in pieces, chunked, cut short, or no HTTP at all."""

import gc
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest
from django.db.utils import OperationalError

from dynamodb.client import client as client_module
from dynamodb.client import retries
from dynamodb.client.client import Client
from dynamodb.client.retries import ATTEMPTS
from dynamodb.client.wire import LONGEST_HEAD, Answer, BrokenAnswer, Pool

BODY = b'{"Item":{}}'
OK = b"HTTP/1.1 200 OK\r\n"
PLAIN = OK + b"Content-Length: 11\r\n\r\n" + BODY
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
TIMEOUT = 0.5  # seconds


class Canned:
    """A server that reads one request and answers it with the next of `answers`: pieces,
    each sent by itself; None at the end closes the connection."""

    def __init__(self) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        self.answers: list[list[bytes | None]] = []
        self.connections = 0
        self.requests: list[bytes] = []
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self) -> None:
        while True:
            try:
                sock, _ = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self.serve, args=(sock,), daemon=True).start()

    def serve(self, sock: socket.socket) -> None:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with sock, suppress(OSError):  # the client may have hung up
            while self.read_request(sock) and self.answers:
                for piece in self.answers.pop(0):
                    if piece is None:
                        return
                    sock.sendall(piece)

    def read_request(self, sock: socket.socket) -> bool:
        data = b""
        while b"\r\n\r\n" not in data:
            received = sock.recv(1 << 16)
            if not received:
                return False
            data += received
        head, _, body = data.partition(b"\r\n\r\n")
        length = int(head.rpartition(b"content-length: ")[2])
        while len(body) < length:
            body += sock.recv(1 << 16)
        self.requests.append(head + b"\r\n\r\n" + body)
        return True


@pytest.fixture
def server() -> Iterator[Canned]:
    made = Canned()
    yield made
    made.listener.close()


@pytest.fixture
def pool(server: Canned) -> Iterator[Pool]:
    """Connections to the server."""
    made = Pool(server.url, TIMEOUT)
    yield made
    for idle in made.idle:
        idle.close()


@pytest.fixture
def post(pool: Pool) -> Callable[[], Answer]:
    """One POST over a pooled connection."""

    def run(body: bytes = b"{}") -> Answer:
        connection = pool.take()
        try:
            return connection.post({"host": "h"}, body)
        except OSError:
            connection.close()
            raise
        finally:
            pool.give_back(connection)

    return run


def single_bytes(data: bytes) -> list[bytes | None]:
    return [data[n : n + 1] for n in range(len(data))]


GOOD: dict[str, list[bytes | None]] = {
    "at once": [PLAIN],
    "byte by byte": single_bytes(PLAIN),
    "head and body": [PLAIN[:-11], BODY],
    "names in any case": [OK + b"cOnTeNt-LeNgTh:11\r\n\r\n" + BODY],
    "one chunk": [CHUNKED + b"b\r\n" + BODY + b"\r\n0\r\n\r\n"],
    "two chunks": [CHUNKED, b"5\r\n" + BODY[:5], b"\r\n6\r\n" + BODY[5:] + b"\r\n0\r\n", b"\r\n"],
    "chunks byte by byte": single_bytes(CHUNKED + b"0B\r\n" + BODY + b"\r\n0\r\n\r\n"),
    "a chunk's extension": [CHUNKED + b"b;x=y\r\n" + BODY + b"\r\n0\r\n\r\n"],
    "100-continue": [b"HTTP/1.1 100 Continue\r\n\r\n" + PLAIN],
    "100-continue twice": [b"HTTP/1.1 100 Continue\r\nx: y\r\n\r\n" * 2, PLAIN],
}  # fmt: skip


@pytest.mark.parametrize("case", GOOD)
def test_answers(server: Canned, post: Any, case: str) -> None:
    """And the next answer on the same connection begins where this one ended."""
    server.answers = [GOOD[case], [PLAIN]]

    assert [post(), post()] == [Answer(200, BODY)] * 2
    assert server.connections == 1


def test_the_request(server: Canned, post: Any) -> None:
    server.answers = [[PLAIN]]

    post(b'{"a":1}')

    assert server.requests == [b'POST / HTTP/1.1\r\nhost: h\r\ncontent-length: 7\r\n\r\n{"a":1}']


@pytest.mark.parametrize("size", [0, 1, 1 << 16, (1 << 16) + 1, 1 << 20])
@pytest.mark.parametrize("chunked", [False, True])
def test_sizes(server: Canned, post: Any, size: int, chunked: bool) -> None:
    body = b"x" * size
    plain = OK + f"content-length: {size}\r\n\r\n".encode() + body
    pieces = f"{size:x}\r\n".encode() + body + b"\r\n" if size else b""
    server.answers = [[CHUNKED + pieces + b"0\r\n\r\n" if chunked else plain], [PLAIN]]

    assert [post(), post()] == [Answer(200, body), Answer(200, BODY)]


def test_a_refusal_is_an_answer(server: Canned, post: Any) -> None:
    server.answers = [[b"HTTP/1.1 400 Bad Request\r\ncontent-length: 2\r\n\r\n{}"]]

    assert post() == Answer(400, b"{}")


def test_connection_close(server: Canned, post: Any) -> None:
    closing = OK + b"Connection: Close\r\ncontent-length: 11\r\n\r\n" + BODY
    server.answers = [[closing], [PLAIN], [PLAIN]]

    assert [post(), post(), post()] == [Answer(200, BODY)] * 3
    assert server.connections == 2


def test_an_idle_connection_that_was_closed(server: Canned, pool: Pool, post: Any) -> None:
    server.answers = [[PLAIN, None], [PLAIN]]

    assert post() == Answer(200, BODY)
    deadline = time.monotonic() + 5
    while not pool.idle[0].closed_by_peer():
        assert time.monotonic() < deadline

    assert post() == Answer(200, BODY)
    assert server.connections == 2


BROKEN: dict[str, tuple[list[bytes | None], str]] = {
    "nothing": ([None], "closed the connection"),
    "half a head": ([OK, None], "closed the connection"),
    "half a body": ([PLAIN[:-1], None], "ended early"),
    "half a chunk": ([CHUNKED + b"b\r\n{", None], "ended early"),
    "no last chunk": ([CHUNKED + b"b\r\n" + BODY + b"\r\n", None], "closed the connection"),
    "no size of a chunk": ([CHUNKED + b"x\r\n"], "not the size of a chunk: b'x'"),
    "no length": ([OK + b"\r\n"], "does not say how long"),
    "no number": ([OK + b"content-length: 1x\r\n\r\n"], "does not say how long"),
    "a negative length": ([OK + b"content-length: -1\r\n\r\n"], "does not say how long"),
    "a head without end": ([OK + b"x" * (LONGEST_HEAD + 1)], "head does not end"),
    "no HTTP": ([b"SSH-2.0-OpenSSH_9.6\r\n\r\n"], "not an HTTP answer: b'SSH-2.0-OpenSSH_9.6'"),
    "HTTP/2": ([b"HTTP/2 200\r\n\r\n"], "not an HTTP answer"),
    "no status": ([b"HTTP/1.1 OK\r\n\r\n"], "not an HTTP answer"),
    "TLS": ([b"\x15\x03\x01\x00\x02\x02\x28\r\n\r\n"], "not an HTTP answer"),
}  # fmt: skip


@pytest.mark.parametrize("case", BROKEN)
def test_broken_answers(server: Canned, post: Any, case: str) -> None:
    """The connection is given up; the next call makes another."""
    answer, words = BROKEN[case]
    server.answers = [answer, [PLAIN]]

    with pytest.raises(BrokenAnswer, match=words):
        post()

    assert post() == Answer(200, BODY)
    assert server.connections == 2


def test_an_answer_that_does_not_come(server: Canned, post: Any) -> None:
    server.answers = [[OK], [PLAIN]]

    with pytest.raises(TimeoutError):
        post()
    assert post() == Answer(200, BODY)


def test_more_than_the_answer(server: Canned, post: Any) -> None:
    """Bytes that nobody asked for must not be taken for the next call's answer."""
    server.answers = [[PLAIN + OK + b"content-length: 3\r\n\r\nxyz"], [PLAIN]]

    assert [post(), post()] == [Answer(200, BODY)] * 2
    assert server.connections == 2


# The client over it -------------------------------------------------------------------


@pytest.fixture
def client(server: Canned, monkeypatch: pytest.MonkeyPatch) -> Iterator[Client]:
    monkeypatch.setattr(retries, "BASE_DELAY", 0.0001)
    made = Client(region="eu-central-1", endpoint=server.url)
    yield made
    made.close()


def test_the_client_tries_again(server: Canned, client: Client) -> None:
    server.answers = [[None], [b"nonsense\r\n\r\n"], [PLAIN[:-3], None], [PLAIN]]

    assert client.call("GetItem", {}) == {"Item": {}}
    assert len(server.requests) == 4


def test_the_client_gives_up(server: Canned, client: Client) -> None:
    server.answers = [[None]] * ATTEMPTS

    with pytest.raises(OperationalError, match=r"does not answer at http://127\.0\.0\.1"):
        client.call("GetItem", {})
    assert len(server.requests) == ATTEMPTS


def test_the_client_gives_up_when_its_patience_is_over(
    server: Canned, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client_module, "PATIENCE", 0.0)
    server.answers = [[None], [PLAIN]]

    with pytest.raises(OperationalError, match="does not answer"):
        client.call("GetItem", {})
    assert len(server.requests) == 1


def test_a_pool_that_is_gone_has_closed_its_connections(server: Canned) -> None:
    server.answers = [[PLAIN]]
    client = Client(region="eu-central-1", endpoint=server.url)
    client.call("GetItem", {})
    (idle,) = client.pool.idle

    del client
    gc.collect()

    assert idle.sock.fileno() == -1


def test_a_page_that_is_no_json(server: Canned, client: Client) -> None:
    """A proxy's page with status 200."""
    server.answers = [[OK + b"content-length: 6\r\n\r\n<html>"]] * ATTEMPTS

    with pytest.raises(OperationalError):
        client.call("GetItem", {})
