"""Subscribers of a test's own, and what they were told."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar

import pytest

from outbox import subscriptions
from outbox.events import Delivery, Event, event
from outbox.subscriptions import Subscription


@event
class BellRung(Event):
    type: ClassVar[str] = "bell.rung"
    door: str

    @property
    def key(self) -> str:
        return self.door

    @property
    def group(self) -> str:
        return f"house of {self.door}"


@dataclass
class Household:
    """The dog and the cat are told of bells; `hears` says what each does with them."""

    told: list[tuple[str, str]] = field(default_factory=list)
    hears: dict[str, Callable[[Delivery[Any]], None]] = field(default_factory=dict)

    def handler(self, name: str) -> Callable[[Delivery[Any]], None]:
        def handle(delivery: Delivery[BellRung]) -> None:
            self.told.append((name, delivery.event.door))
            self.hears.get(name, lambda delivery: None)(delivery)

        return handle


@pytest.fixture
def household(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[Household]:
    found, settings.EVENT_SUBSCRIPTIONS = Household(), "tests.table"
    table = (
        Subscription("dog", "tests.dog", "orders", (BellRung,)),
        Subscription("cat", "tests.cat", "catalog", (BellRung,)),
    )
    handlers: dict[str, Any] = {each.handler: found.handler(each.name) for each in table}
    names = {"tests.table": table, **handlers}
    monkeypatch.setattr(subscriptions, "import_string", names.__getitem__)
    for cached in (subscriptions.subscriptions, subscriptions.handler_of):
        cached.cache_clear()
    yield found
    for cached in (subscriptions.subscriptions, subscriptions.handler_of):
        cached.cache_clear()
