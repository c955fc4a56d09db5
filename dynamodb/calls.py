"""Every call to DynamoDB, counted: what budgets, logs and metrics are made of."""

from __future__ import annotations

import logging
import time
from collections import Counter
from contextvars import ContextVar
from typing import Any, NamedTuple

logger = logging.getLogger("dynamodb.calls")
SLOW = 250.0  # milliseconds
COUNTERS: Counter[str] = Counter()  # attempts of this process by operation, for metrics


class Call(NamedTuple):
    """One request that was answered: `units` of capacity consumed, `ms` until the answer,
    which `ended` it (epoch seconds)."""

    operation: str
    table: str
    index: str | None  # type: ignore[assignment]  # tuples have a method of this name
    units: float
    ms: float
    ended: float


_recorders: ContextVar[tuple[list[Call], ...]] = ContextVar("dynamodb_recorders", default=())


class record:
    """Collect the calls that this thread makes inside the block.

    >>> with record() as calls:
    ...     Product.objects.get(pk=1)
    >>> [(call.operation, call.table) for call in calls]
    [('GetItem', 'shop-catalog_product')]
    """

    def __enter__(self) -> list[Call]:
        calls: list[Call] = []
        self.token = _recorders.set((*_recorders.get(), calls))
        return calls

    def __exit__(self, *error: object) -> None:
        _recorders.reset(self.token)


def recording() -> bool:
    return bool(_recorders.get())


class noting:
    """Measure one attempt; tell the recorders, the counters and, if it was slow, the log. The
    attempt puts its `answer` here; it stays empty where it fails."""

    answer: dict[str, Any]

    def __init__(self, operation: str, params: dict[str, Any]):
        self.operation, self.params, self.answer = operation, params, {}

    def __enter__(self) -> noting:
        self.started = time.perf_counter()
        return self

    def __exit__(self, *error: object) -> None:
        ms = 1000 * (time.perf_counter() - self.started)
        note(self.operation, self.params, self.answer, ms)


def note(operation: str, params: dict[str, Any], answer: dict[str, Any], ms: float) -> None:
    COUNTERS[operation] += 1
    recorders = _recorders.get()
    if not recorders and ms < SLOW:
        return
    index, units = params.get("IndexName"), units_of(answer)
    call = Call(operation, tables_of(params), index, units, ms, time.time())
    for recorder in recorders:
        recorder.append(call)
    if ms >= SLOW:
        logger.info("slow: %s %s took %.0f ms", call.operation, call.table, ms)


def tables_of(params: dict[str, Any]) -> str:
    if "TableName" in params:
        return str(params["TableName"])
    if "RequestItems" in params:
        return "+".join(sorted(params["RequestItems"]))
    writes = params.get("TransactItems", ())
    return "+".join(sorted({op["TableName"] for write in writes for op in write.values()}))


def units_of(answer: dict[str, Any]) -> float:
    consumed = answer.get("ConsumedCapacity", ())
    if isinstance(consumed, dict):
        return float(consumed.get("CapacityUnits", 0.0))
    return float(sum(each.get("CapacityUnits", 0.0) for each in consumed))
