"""Who is told of what: the table that the setting EVENT_SUBSCRIPTIONS names.

It lies above all apps, since it names functions of any of them; they are imported when first
called, so that nobody starts up with what they do not need.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import Model
from django.utils.module_loading import import_string

from outbox.events import Delivery, Event

Handler = Callable[[Delivery[Event]], None]
Reader = Callable[[Event], Mapping[type[Model], Iterable[Any]]]


class UnknownSubscriber(LookupError):
    """A name or an event that this code does not know: that of newer code, or of older."""


class Subscription(NamedTuple):
    """One subscriber: `handler`, a dotted path, is called with each Delivery of `events`.

    `name` stands in stored messages, so it stays. `queue` is a key of settings.QUEUES: a class of
    work, which many share. `before_events` is the key by which messages of before there were
    events are known; their content was that of the first of `events`. `reads`, a dotted path too,
    says which rows the handler reads first, by `get_one`: a batch's are read together.
    """

    name: str
    handler: str
    queue: str
    events: tuple[type[Event], ...]
    before_events: str = ""
    reads: str = ""

    def takes(self, type_: str, version: int) -> bool:
        return any((each.type, each.version) == (type_, version) for each in self.events)

    def event_class(self, type_: str, version: int) -> type[Event]:
        """Raises UnknownSubscriber."""
        for each in self.events:
            if (each.type, each.version) == (type_, version):
                return each
        raise UnknownSubscriber(f"{self.name} takes no {type_} {version}")


@cache
def subscriptions() -> dict[str, Subscription]:
    """All there are, by name."""
    table: Iterable[Subscription] = import_string(settings.EVENT_SUBSCRIPTIONS)
    return {each.name: each for each in table}


def subscription(name: str) -> Subscription:
    """Raises UnknownSubscriber."""
    try:
        return subscriptions()[name]
    except KeyError:
        raise UnknownSubscriber(name) from None


def subscribers_of(event: Event) -> list[Subscription]:
    """In the table's order."""
    return [each for each in subscriptions().values() if each.takes(event.type, event.version)]


@cache
def handler_of(name: str) -> Handler:
    """The function of a subscriber. Raises UnknownSubscriber."""
    found: Handler = import_string(subscription(name).handler)
    return found


@cache
def reader_of(name: str) -> Reader | None:
    """What says which rows a subscriber reads first, if it does. Raises UnknownSubscriber."""
    path = subscription(name).reads
    return import_string(path) if path else None


def before_events(body: dict[str, Any]) -> Subscription:
    """Whose message this is that names no event. Raises UnknownSubscriber."""
    for each in subscriptions().values():
        if each.before_events and each.before_events in body:
            return each
    raise UnknownSubscriber(f"{body}")
