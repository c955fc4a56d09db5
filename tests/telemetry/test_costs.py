"""The estimate, to the last digit."""

from typing import Any

import pytest

from dynamodb.calls import Call
from telemetry.costs import estimated_cost


def call(operation: str, units: float) -> Call:
    return Call(operation, "shop-x", None, units, 1.0, 0.0)


@pytest.mark.parametrize(
    ("calls", "options", "usd"),
    [
        ([], {}, 0.0000002),
        ([], {"requests": 1}, 0.0000039),
        ([], {"ms": 1000.0, "memory": 1024}, 0.0000168667),
        ([], {"ms": 100.0, "memory": 512}, 0.00000103333),
        ([call("Query", 2.0), call("GetItem", 0.5)], {}, 0.00000058125),
        ([call("BatchGetItem", 1.0), call("Scan", 1.0)], {}, 0.000000505),
        ([call("PutItem", 1.0), call("UpdateItem", 1.0)], {}, 0.000001725),
        ([call("TransactWriteItems", 8.0), call("BatchWriteItem", 2.0)], {}, 0.000007825),
    ],
)
def test_what_it_costs(calls: list[Call], options: dict[str, Any], usd: float) -> None:
    given = {"ms": 0.0, "memory": 0, "requests": 0, **options}
    assert estimated_cost(calls, **given) == pytest.approx(usd, rel=1e-5)
