"""What comes between the calls of a request: a kill, or somebody else (see `elsewhere`)."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from dynamodb.client.client import Client

WRITES = {"TransactWriteItems", "PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem"}


class Killed(BaseException):
    """The process is gone: nothing after this runs."""


def kill() -> None:
    raise Killed


@contextmanager
def after_write(number: int, happens: Callable[[], Any]) -> Iterator[list[str]]:
    """Have it happen once, right after so many writes within the block; lists the writes."""
    writes: list[str] = []
    call = Client.call

    def counted(self: Client, operation: str, params: Any, **options: Any) -> Any:
        answer = call(self, operation, params, **options)
        if operation in WRITES:
            writes.append(operation)
            if len(writes) == number:
                happens()
        return answer

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Client, "call", counted)
        yield writes
