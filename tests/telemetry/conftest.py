"""What the shop tells of itself, read back."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from orders.models import Order
from telemetry.logs import JSONFormatter
from telemetry.metrics import DISTRIBUTIONS, Metric
from tests.cart.conftest import shopper
from tests.orders.conftest import buyer, mug
from tests.orders.shopping import store_message
from tests.orders.shopping import told as message_of
from tests.outbox.queues import order_queue

__all__ = ["buyer", "mug", "order_queue", "shopper"]

WORK = "telemetry.work"
# What every line has, and what is several in one.
MEASURED = {metric.value for metric in DISTRIBUTIONS} | {
    "CapacityUnits",
    "ColdStarts",
    "CostEstimate",
    "DynamoDBCalls",
    "Latency",
}


class Log:
    """The lines logged so far, as they would stand in CloudWatch."""

    def __init__(self) -> None:
        self.stream = io.StringIO()

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.stream.getvalue().splitlines()]

    @property
    def works(self) -> list[dict[str, Any]]:
        """The lines that end a piece of work."""
        return [line for line in self.lines if line["logger"] == WORK]

    def counts(self) -> dict[str, float]:
        """The metrics that tell of buying, added up over all lines."""
        found: dict[str, float] = {}
        for line in self.works:
            for name in names_of(line) - MEASURED:
                found[name] = found.get(name, 0) + line[name]
        return found

    def values(self, name: str) -> list[float]:
        """All of a metric that is several in a line."""
        return [value for line in self.works for value in line.get(name, [])]


def names_of(line: dict[str, Any]) -> set[str]:
    """What is counted in the line, for whoever asks the log."""
    return {metric.value for metric in Metric} & set(line)


def billed(line: dict[str, Any]) -> set[tuple[str, ...]]:
    """The metrics that CloudWatch takes from the line, as it bills them: each name with each
    combination of dimensions' values."""
    return {
        (directive["Namespace"], metric["Name"], *(line[name] for name in dimensions))
        for directive in line["_aws"]["CloudWatchMetrics"]
        for metric in directive["Metrics"]
        for dimensions in directive["Dimensions"]
    }


def told(order: Order) -> str:
    """The message that tells of an order, its outbox entry stored."""
    return json.dumps(message_of(order, store_message(order)))


def batch(*bodies: str) -> dict[str, Any]:
    """These messages as Lambda delivers them, m-1 and on."""
    records = [{"messageId": f"m-{n}", "body": body} for n, body in enumerate(bodies, 1)]
    return {"Records": records}


@pytest.fixture
def log(settings: Any) -> Iterator[Log]:
    """The log of a stage `dev`, metrics on."""
    settings.METRICS, settings.STAGE = True, "dev"
    root, read = logging.getLogger(), Log()
    handler = logging.StreamHandler(read.stream)
    handler.setFormatter(JSONFormatter())
    root.addHandler(handler)
    yield read
    root.removeHandler(handler)
