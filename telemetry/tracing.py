"""Subsegments for X-Ray: what a piece of work did, and each of its calls to DynamoDB.

A datagram each to the daemon that Lambda runs, and only for the requests that X-Ray samples.
Nobody waits for it and nothing depends on it. AWS's own SDK for this is in maintenance, and
importing it takes longer than a request.
https://docs.aws.amazon.com/xray/latest/devguide/xray-api-segmentdocuments.html
"""

import atexit
import os
import re
import socket
from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from typing import Any, NamedTuple

import orjson

from dynamodb.calls import Call

HEADER = b'{"format": "json", "version": 1}\n'
NOT_IN_NAMES = re.compile(r"[^\w .:/%&#=+\-@]")


class Trace(NamedTuple):
    """The trace that Lambda's invocation belongs to; `parent` is the function's own segment."""

    root: str
    parent: str
    sampled: bool


class Span(NamedTuple):
    """A piece of work in time; `started` and `ended` in epoch seconds."""

    name: str
    started: float
    ended: float
    failed: bool
    annotations: dict[str, str]


def current_trace() -> Trace | None:
    """From Lambda's `Root=1-…;Parent=…;Sampled=1`; None elsewhere."""
    header = os.environ.get("_X_AMZN_TRACE_ID")
    if not header:
        return None
    parts = dict(part.split("=", 1) for part in header.split(";") if "=" in part)
    if "Root" not in parts:
        return None
    return Trace(parts["Root"], parts.get("Parent", ""), parts.get("Sampled") == "1")


def trace_attributes() -> dict[str, Any]:
    """What takes the trace along in a message to SQS: its consumer's is linked to it."""
    trace = current_trace()
    if trace is None:
        return {}
    parent = f"Parent={trace.parent};" if trace.parent else ""
    header = f"Root={trace.root};{parent}Sampled={trace.sampled:d}"
    value = {"DataType": "String", "StringValue": header}
    return {"MessageSystemAttributes": {"AWSTraceHeader": value}}


def send_trace(trace: Trace, span: Span, calls: Iterable[Call]) -> None:
    """Tell the daemon, if there is one. Never raises, never waits."""
    with suppress(OSError, ValueError):
        host, port = os.environ.get("AWS_XRAY_DAEMON_ADDRESS", "").rsplit(":", 1)
        for document in documents(trace, span, calls):
            sender().sendto(HEADER + orjson.dumps(document), (host, int(port)))


@cache
def sender() -> socket.socket:
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.setblocking(False)
    atexit.register(sock.close)
    return sock


def documents(trace: Trace, span: Span, calls: Iterable[Call]) -> list[dict[str, Any]]:
    """The work's subsegment below the function's segment, and its calls' below that."""
    work = {
        **subsegment(trace.root, trace.parent, span.name, span.started, span.ended),
        "fault": span.failed,
        "annotations": span.annotations,
    }
    return [work, *(document_of(call, trace.root, work["id"]) for call in calls)]


def document_of(call: Call, root: str, parent: str) -> dict[str, Any]:
    return {
        **subsegment(root, parent, "DynamoDB", call.ended - call.ms / 1000, call.ended),
        "namespace": "aws",
        "aws": {
            "operation": call.operation,
            "table_name": call.table,
            "region": os.environ.get("AWS_REGION", ""),
        },
    }


def subsegment(root: str, parent: str, name: str, started: float, ended: float) -> dict[str, Any]:
    return {
        "type": "subsegment",
        "trace_id": root,
        "parent_id": parent,
        "id": os.urandom(8).hex(),
        "name": NOT_IN_NAMES.sub("", name),
        "start_time": started,
        "end_time": ended,
    }
