"""Must a read see every write that came before it? As a rule; a block may do without."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_eventual: ContextVar[bool] = ContextVar("dynamodb_eventual", default=False)


@contextmanager
def eventually_consistent() -> Iterator[None]:
    """Reads in the block cost half, and may be a moment behind.

    For pages that are kept in caches anyway. Inside a transaction reads stay consistent,
    and those by an index are never more than eventually so.
    """
    token = _eventual.set(True)
    try:
        yield
    finally:
        _eventual.reset(token)


def eventual() -> bool:
    return _eventual.get()
