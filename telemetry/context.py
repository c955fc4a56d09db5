"""What every log line of a piece of work carries: which request, which order, which trace."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

_fields: ContextVar[dict[str, Any] | None] = ContextVar("telemetry_fields", default=None)


@contextmanager
def log_fields(**fields: Any) -> Iterator[None]:
    """Every line that this thread logs inside the block carries these fields too."""
    token = _fields.set({**current_fields(), **fields})
    try:
        yield
    finally:
        _fields.reset(token)


def add_log_fields(**fields: Any) -> None:
    """The rest of the innermost `log_fields` block carries these too."""
    known = _fields.get()
    if known is not None:
        known |= fields


def current_fields() -> Mapping[str, Any]:
    return _fields.get() or {}
