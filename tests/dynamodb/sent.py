"""The requests that leave the engine."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.dynamodb.guards import Params, changed

Requests = list[tuple[str, Params]]


@contextmanager
def requests() -> Iterator[Requests]:
    """Operation and parameters of each request in the block, of all threads, in order."""
    seen: Requests = []

    def note(operation: str, params: Params) -> Params:
        seen.append((operation, dict(params)))  # the next page is asked for by the same ones
        return params

    with changed(note):
        yield seen


def read_by(run: Any) -> tuple[Any, list[tuple[str, str | None]]]:
    """What `run` gives, and its requests: operation and index."""
    with requests() as seen:
        result = run()
    return result, [(operation, params.get("IndexName")) for operation, params in seen]
