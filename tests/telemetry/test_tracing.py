"""The datagrams that X-Ray's daemon gets, received on a socket."""

import json
import socket
from collections.abc import Iterator
from typing import Any

import pytest
from rest_framework.test import APIClient

from dynamodb.calls import Call
from outbox.queues import Outgoing, send
from telemetry.tracing import Span, Trace, current_trace, send_trace
from tests.outbox.queues import TestQueue
from tests.telemetry.conftest import Log

ROOT = "1-5e66d96f-7491f09xmpl79d18acf3d050"
HEADER = f"Root={ROOT};Parent=53995c3f42cd8ad8;Sampled=1;Lineage=a:0"
TRACE = Trace(ROOT, "53995c3f42cd8ad8", sampled=True)
SPAN = Span("GET /api/v1/orders/:number/", 100.0, 100.5, failed=False, annotations={"a": "b"})


class Daemon:
    """The receiving end."""

    def __init__(self) -> None:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.socket.settimeout(5)
        self.address = f"127.0.0.1:{self.socket.getsockname()[1]}"

    def receive(self) -> dict[str, Any]:
        header, _, document = self.socket.recv(65_536).partition(b"\n")
        assert header == b'{"format": "json", "version": 1}'
        found: dict[str, Any] = json.loads(document)
        return found

    def is_silent(self) -> bool:
        """Nothing has come: loopback delivers before the sender goes on."""
        self.socket.setblocking(False)
        with pytest.raises(BlockingIOError):
            self.socket.recv(65_536)
        return True


@pytest.fixture
def daemon(monkeypatch: pytest.MonkeyPatch) -> Iterator[Daemon]:
    daemon = Daemon()
    monkeypatch.setenv("AWS_XRAY_DAEMON_ADDRESS", daemon.address)
    monkeypatch.setenv("AWS_REGION", "eu-central-1")
    yield daemon
    daemon.socket.close()


@pytest.mark.parametrize(
    ("header", "trace"),
    [
        (HEADER, TRACE),
        (f"Root={ROOT};Parent=53995c3f42cd8ad8;Sampled=0", Trace(ROOT, TRACE.parent, False)),
        (f"Root={ROOT}", Trace(ROOT, "", False)),
        ("", None),
        ("nonsense", None),
    ],
)
def test_lambda_s_header(monkeypatch: pytest.MonkeyPatch, header: str, trace: Trace) -> None:
    monkeypatch.setenv("_X_AMZN_TRACE_ID", header)
    assert current_trace() == trace


def test_the_documents(daemon: Daemon) -> None:
    send_trace(TRACE, SPAN, [Call("Query", "shop-dev-x", None, 1.0, 250.0, 100.375)])

    work, call = daemon.receive(), daemon.receive()

    assert {len(work["id"]), len(call["id"])} == {16}
    assert work.pop("id") == call["parent_id"] != call.pop("id")
    assert work == {
        "type": "subsegment",
        "trace_id": ROOT,
        "parent_id": "53995c3f42cd8ad8",
        "name": "GET /api/v1/orders/:number/",
        "start_time": 100.0,
        "end_time": 100.5,
        "fault": False,
        "annotations": {"a": "b"},
    }
    assert call == {
        "type": "subsegment",
        "trace_id": ROOT,
        "parent_id": call["parent_id"],
        "name": "DynamoDB",
        "start_time": 100.125,
        "end_time": 100.375,
        "namespace": "aws",
        "aws": {"operation": "Query", "table_name": "shop-dev-x", "region": "eu-central-1"},
    }


@pytest.mark.parametrize("address", ["", "nowhere", "127.0.0.1:port", "not-a-host:2000", ":1"])
def test_a_daemon_that_is_not_there(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("AWS_XRAY_DAEMON_ADDRESS", address)
    send_trace(TRACE, SPAN, [])


@pytest.mark.django_db(transaction=True)
def test_a_request_is_traced(
    guest: APIClient, log: Log, daemon: Daemon, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("_X_AMZN_TRACE_ID", HEADER)

    answer = guest.get("/api/v1/products/no-such-thing/")

    work, call = daemon.receive(), daemon.receive()
    assert (work["name"], work["fault"]) == ("GET /api/v1/products/:slug/", False)
    assert work["annotations"] == {"request_id": answer["X-Request-Id"]}
    assert work["start_time"] < call["start_time"] < call["end_time"] < work["end_time"]
    assert daemon.is_silent()
    assert {line["trace_id"] for line in log.lines} == {ROOT}


@pytest.mark.parametrize("header", [HEADER, ""])
def test_a_message_takes_the_trace_along(
    order_queue: TestQueue, monkeypatch: pytest.MonkeyPatch, header: str
) -> None:
    monkeypatch.setenv("_X_AMZN_TRACE_ID", header)
    send(order_queue.name, [Outgoing({"order": "HJJ3"}, "")])

    (message,) = order_queue.sqs.receive_message(
        QueueUrl=order_queue.url, MessageSystemAttributeNames=["AWSTraceHeader"]
    )["Messages"]

    sent = message.get("Attributes", {}).get("AWSTraceHeader", "")
    assert sent == header.removesuffix(";Lineage=a:0")


@pytest.mark.parametrize("header", [HEADER.replace("Sampled=1", "Sampled=0"), ""])
def test_what_is_not_sampled_is_not_sent(
    guest: APIClient, daemon: Daemon, monkeypatch: pytest.MonkeyPatch, header: str
) -> None:
    monkeypatch.setenv("_X_AMZN_TRACE_ID", header)
    guest.get("/api/v1/")
    assert daemon.is_silent()
