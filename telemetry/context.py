"""What every log line of a piece of work carries: which request, which order, which trace."""

from collections.abc import Mapping
from contextvars import ContextVar, Token
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class Bound(Generic[T]):
    """Inside the block the variable has this value. A class, since each request pays for several,
    and `contextmanager` takes three times as long."""

    __slots__ = ("token", "value", "variable")

    def __init__(self, variable: ContextVar[T], value: T):
        self.variable, self.value = variable, value

    def __enter__(self) -> T:
        self.token: Token[T] = self.variable.set(self.value)
        return self.value

    def __exit__(self, *error: object) -> None:
        self.variable.reset(self.token)


_fields: ContextVar[dict[str, Any]] = ContextVar("telemetry_fields")


def log_fields(**fields: Any) -> Bound[dict[str, Any]]:
    """Every line that this thread logs inside the block carries these fields too."""
    return Bound(_fields, {**current_fields(), **fields})


def add_log_fields(**fields: Any) -> None:
    """The rest of the innermost `log_fields` block carries these too."""
    known = _fields.get({})
    known |= fields


def current_fields() -> Mapping[str, Any]:
    return _fields.get({})
