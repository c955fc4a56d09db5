"""What DynamoDB says that a step consumed, by table and by index."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any

from dynamodb.client.client import Client
from telemetry.costs import READS

Consumed = dict[str, dict[str, float]]  # place, then "reads" or "writes": units


class Meter:
    """The calls by operation, and the units by place: a table, or `table/index`."""

    def __init__(self, prefix: str):
        self.prefix = prefix
        self.calls: Counter[str] = Counter()
        self.units: defaultdict[str, defaultdict[str, float]] = defaultdict(
            partial(defaultdict, float)
        )

    def note(self, operation: str, answer: Mapping[str, Any]) -> None:
        self.calls[operation] += 1
        kind = "reads" if operation in READS else "writes"
        consumed = answer.get("ConsumedCapacity", ())
        for each in [consumed] if isinstance(consumed, dict) else consumed:
            table = each["TableName"].removeprefix(self.prefix)
            self.add(table, kind, each["Table"]["CapacityUnits"])
            for index, of_index in each.get("GlobalSecondaryIndexes", {}).items():
                self.add(f"{table}/{index}", kind, of_index["CapacityUnits"])

    def add(self, place: str, kind: str, units: float) -> None:
        if units:
            self.units[place][kind] += units

    def consumed(self) -> Consumed:
        return {place: dict(self.units[place]) for place in sorted(self.units)}


@contextmanager
def metered(prefix: str) -> Iterator[Meter]:
    """Count what the process asks of DynamoDB within, tables named without the prefix."""
    meter = Meter(prefix)
    attempt: Any = Client.attempt

    def noted(client: Client, operation: str, params: Any, repeatable: bool) -> dict[str, Any]:
        asked = {**params, "ReturnConsumedCapacity": "INDEXES"}
        answer = attempt(client, operation, asked, repeatable)
        meter.note(operation, answer)
        return answer

    Client.attempt = noted  # type: ignore[method-assign, assignment]
    try:
        yield meter
    finally:
        Client.attempt = attempt  # type: ignore[method-assign]
