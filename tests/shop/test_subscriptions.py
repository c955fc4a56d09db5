"""The table of subscribers: it leads everywhere, and everything follows from it."""

import inspect
import json
import re
from collections import Counter
from dataclasses import fields

import pytest
from django.conf import settings
from django.utils.module_loading import import_string

from outbox.events import Event
from outbox.models import OutboxMessage
from shop.events import CONSUMERS
from shop.functions import FUNCTIONS, SWEEPER
from shop.localaws.install import ROOT
from shop.subscriptions import SUBSCRIPTIONS

MOST_QUEUES = 5  # each is polled all month
NAMED = re.compile(r"[a-z]+\.[a-z_]+")


def events() -> set[type[Event]]:
    return {event for each in SUBSCRIPTIONS for event in each.events}


def test_names() -> None:
    names = [each.name for each in SUBSCRIPTIONS]
    assert len(set(names)) == len(names)
    kinds = [(event.type, event.version) for event in events()]
    assert len(set(kinds)) == len(kinds)
    for name in (*names, *(kind for kind, _ in kinds)):
        assert NAMED.fullmatch(name), name


def test_they_fit_into_an_entry() -> None:
    """Also if one event were taken by all."""
    assert len(",".join(each.name for each in SUBSCRIPTIONS)) <= limit_of("open")
    assert max(len(event.type) for event in events()) <= limit_of("type")


def test_data_stands_beside_what_it_is_about() -> None:
    """A field of these names would be hidden by what `body_for` adds."""
    names = {field.name for event in events() for field in fields(event)}
    assert names.isdisjoint({"message", "event"})


def test_those_of_one_queue_go_in_one_call() -> None:
    """SQS takes ten messages at once."""
    told = Counter((event, each.queue) for each in SUBSCRIPTIONS for event in each.events)
    assert max(told.values()) <= 10


def limit_of(column: str) -> int:
    length: int = OutboxMessage._meta.get_field(column).max_length  # type: ignore[union-attr,assignment]
    return length


@pytest.mark.parametrize("subscription", SUBSCRIPTIONS, ids=lambda each: each.name)
def test_each_leads_to_a_function_of_its_app(subscription) -> None:
    handler = import_string(subscription.handler)
    assert list(inspect.signature(handler).parameters) == ["delivery"]
    assert subscription.handler.startswith(f"{subscription.name.partition('.')[0]}.consumers.")
    assert subscription.queue in settings.QUEUES
    before = subscription.before_events
    assert not before or before in {field.name for field in fields(subscription.events[0])}
    if subscription.reads:
        assert list(inspect.signature(import_string(subscription.reads)).parameters) == ["event"]
        assert subscription.reads.startswith(f"{subscription.name.partition('.')[0]}.consumers.")


def test_every_queue_has_its_consumer() -> None:
    assert CONSUMERS.keys() == settings.QUEUES.keys()
    assert len(settings.QUEUES) <= MOST_QUEUES


def test_no_queue_is_polled_in_vain() -> None:
    """SES tells of mails by one; each other has a subscriber."""
    assert {each.queue for each in SUBSCRIPTIONS} == settings.QUEUES.keys() - {"mail-events"}


@pytest.mark.parametrize(("function", "ending"), [("shop", ""), ("jobs", "_jobs")])
@pytest.mark.parametrize("stage", ["dev", "staging", "production"])
def test_zappa_s_settings_follow(stage: str, function: str, ending: str) -> None:
    """Which function polls which queue, and what it calls with what comes."""
    written = json.loads((ROOT / "zappa_settings.json").read_text())[f"{stage}{ending}"]["events"]
    sources = {
        each["event_source"]["arn"].rpartition(f":shop-{stage}-")[2]: each["function"]
        for each in written
        if "event_source" in each
    }
    assert sources == {
        kind: f"{CONSUMERS[kind].__module__}.{CONSUMERS[kind].__name__}"
        for kind in FUNCTIONS[function].queues
    }


def test_the_schedule_calls_the_sweeper() -> None:
    written = json.loads((ROOT / "zappa_settings.json").read_text())
    scheduled = [
        name
        for name in ("production", "production_jobs")
        if any("expression" in event for event in written[name]["events"])
    ]
    assert (scheduled, SWEEPER) == (["production"], "shop")


def test_events_are_documented() -> None:
    text = (ROOT / "docs" / "events.md").read_text()
    for event in events():
        row = f"| `{event.type}` | {event.version} |"
        assert row in text
        for field in fields(event):
            assert f"`{field.name}`" in text.partition(row)[2].splitlines()[0]
    for each in SUBSCRIPTIONS:
        assert f"`{each.name}`" in text
