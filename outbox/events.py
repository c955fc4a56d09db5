"""What has happened, as subscribers are told of it.

An app declares its events as classes below `Event`, with `@event` where they have fields of their
own. The fields are the data: strings, whole numbers, and lists of either, not empty. It is stored
and sent as JSON, so a field is never renamed and never gets another meaning: that is a new
`version`, and the subscribers take both while events of both are under way. A new field has a
default; a field that this code does not know is passed over, since newer code may have sent it.
"""

from dataclasses import MISSING, asdict, dataclass, fields
from datetime import datetime
from functools import cache
from typing import (
    Any,
    ClassVar,
    Generic,
    NamedTuple,
    Self,
    TypeVar,
    dataclass_transform,
    get_args,
    get_origin,
    get_type_hints,
)

T = TypeVar("T")


class MalformedEvent(ValueError):
    """The data is not that of an event of this type and version; it never will be."""


@dataclass_transform(frozen_default=True)
def event(kind: type[T]) -> type[T]:
    """A dataclass. What all events share, `Event` has: every process would wait for each kind's own
    when it starts."""
    return dataclass(eq=False, repr=False)(kind)


@event
class Event:
    """Something that has happened, named in the past tense: `order.placed`."""

    type: ClassVar[str]
    version: ClassVar[int] = 1

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and vars(self) == vars(other)

    def __hash__(self) -> int:
        return hash((self.type, self.version, repr(vars(self))))

    def __repr__(self) -> str:
        said = ", ".join(f"{name}={value!r}" for name, value in vars(self).items())
        return f"{type(self).__name__}({said})"

    @property
    def key(self) -> str:
        """What it happened to, such as an order's number."""
        raise NotImplementedError

    @property
    def group(self) -> str:
        """Whose it is: a queue serves its groups in turn, so one that brings much holds up no
        other. By default each thing is a group of its own."""
        return self.key

    @property
    def data(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def of(cls, data: Any) -> Self:
        """From what was stored. Raises MalformedEvent."""
        if not isinstance(data, dict):
            raise MalformedEvent(f"{cls.type}: {data!r} is no JSON object")
        hints = hints_of(cls)  # type: ignore[arg-type]  # type[Self] is hashable as any class is
        known = {field.name: data[field.name] for field in fields(cls) if field.name in data}
        wrong = [name for name, value in known.items() if not is_of(value, hints[name])]
        lacking = [
            field.name
            for field in fields(cls)
            if field.name not in known and field.default is MISSING
        ]
        if wrong or lacking:
            raise MalformedEvent(f"{cls.type} {cls.version}: see {', '.join(wrong + lacking)}")
        return cls(**known)


@cache
def hints_of(kind: Any) -> dict[str, Any]:
    """Once for each kind of event: a checkout waits for it."""
    return get_type_hints(kind)


def is_of(value: Any, kind: Any) -> bool:
    """Whether JSON's value is a `str`, an `int`, or a list of some of them, as `kind` says."""
    if get_origin(kind) is list:
        (part,) = get_args(kind)
        return isinstance(value, list) and bool(value) and all(type(each) is part for each in value)
    return type(value) is kind


E = TypeVar("E", bound=Event, covariant=True)


class Delivery(NamedTuple, Generic[E]):
    """An event on its way to one of its subscribers.

    `id` is the event's, the same however often and from wherever it comes. `message` is the
    outbox's, for `outbox.services.acknowledge`.
    """

    event: E
    subscriber: str
    id: int
    at: datetime
    message: int
