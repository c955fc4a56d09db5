"""When a transaction learns that what it inserts is there already."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_deferred: ContextVar[bool] = ContextVar("dynamodb_deferred_duplicates", default=False)


@contextmanager
def deferred_duplicates() -> Iterator[None]:
    """Inside the block, inserts ask nothing; the commit raises IntegrityError.

    Saves a read for each primary key and unique value that the program chose itself. To be
    put around one insert: code that catches IntegrityError around its own (`get_or_create`)
    must not run inside.
    """
    token = _deferred.set(True)
    try:
        yield
    finally:
        _deferred.reset(token)


def duplicates_deferred() -> bool:
    return _deferred.get()
