"""Guards taken out and timings forced, by changing what the client is asked to send."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Barrier, Semaphore
from typing import Any

from dynamodb.client.client import Client

PATIENCE = 20.0  # seconds
Params = dict[str, Any]


@contextmanager
def changed(change: Callable[[str, Params], Params]) -> Iterator[None]:
    """Every request goes through `change` first."""
    send = Client.call

    def call(self: Client, operation: str, params: Params, **options: Any) -> Any:
        return send(self, operation, change(operation, params), **options)

    Client.call = call  # type: ignore[method-assign]
    try:
        yield
    finally:
        Client.call = send  # type: ignore[method-assign]


@contextmanager
def without_conditions(table: str) -> Iterator[None]:
    """Guard out: writes of a table (the end of its name) carry no condition."""

    def change(operation: str, params: Params) -> Params:
        if "TransactItems" in params:
            writes = [
                {kind: bare(write)}
                for each in params["TransactItems"]
                for kind, write in each.items()
                if kind != "ConditionCheck" or not write["TableName"].endswith(table)
            ]
            return {**params, "TransactItems": writes}
        return bare(params)

    def bare(write: Params) -> Params:
        if "ConditionExpression" not in write or not write["TableName"].endswith(table):
            return write
        kept = {k: v for k, v in write.items() if k != "ConditionExpression"}
        return used_only(kept)

    with changed(change):
        yield


def used_only(write: Params) -> Params:
    """The write with no placeholders that nothing speaks of: DynamoDB refuses those."""
    used = write.get("UpdateExpression", "").replace(",", " ").split()
    for kind in ("ExpressionAttributeNames", "ExpressionAttributeValues"):
        known = {name: value for name, value in write.pop(kind, {}).items() if name in used}
        write |= {kind: known} if known else {}
    return write


@contextmanager
def crowd(operation: str, size: int) -> Iterator[None]:
    """The worst timing: the first `size` requests of an operation wait for one another."""
    meeting, places = Barrier(size), Semaphore(size)

    def change(asked: str, params: Params) -> Params:
        if asked == operation and places.acquire(blocking=False):
            meeting.wait(PATIENCE)
        return params

    with changed(change):
        yield
