"""What is counted and measured, and the JSON by which CloudWatch takes some of it from a log line.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
"""

from collections.abc import Mapping
from contextvars import ContextVar
from enum import StrEnum
from functools import partial
from typing import Any

from django.db import transaction

from telemetry.context import Bound

NAMESPACE = "Shop"
MOST_VALUES = 100  # of one metric in one line, says the specification


class Metric(StrEnum):
    """All that is counted. Each is a field of the log's lines; few are CloudWatch's metrics."""

    CARTS_OPENED = "CartsOpened"
    ORDERS_PLACED = "OrdersPlaced"
    ORDERS_CONFIRMED = "OrdersConfirmed"
    ORDERS_CANCELLED = "OrdersCancelled"
    ORDERS_HELD = "OrdersHeld"
    STOCK_OUTS = "StockOuts"
    PAYMENTS_DECLINED = "PaymentsDeclined"
    PAYMENTS_UNAVAILABLE = "PaymentsUnavailable"
    PAYMENT_FAILURES = "PaymentFailures"  # of each try 0 or 1: the average is the share
    CONSUMER_LAG = "ConsumerLag"
    COLD_STARTS = "ColdStarts"
    COST_ESTIMATE = "CostEstimate"  # USD
    LATENCY = "Latency"
    DYNAMODB_CALLS = "DynamoDBCalls"
    CAPACITY_UNITS = "CapacityUnits"
    EVENTS_DEAD = "EventsDead"
    SIGN_IN_FAILURES = "SignInFailures"
    SIGN_INS_BLOCKED = "SignInsBlocked"


# What alarms watch, and sales. CloudWatch bills each;
# the saved queries of infrastructure/operations.yaml answer for the rest.
IN_CLOUDWATCH = {
    Metric.ORDERS_PLACED,
    Metric.ORDERS_HELD,
    Metric.PAYMENT_FAILURES,
    Metric.CONSUMER_LAG,
    Metric.COST_ESTIMATE,
    Metric.EVENTS_DEAD,
    Metric.SIGN_IN_FAILURES,
    Metric.SIGN_INS_BLOCKED,
}
UNITS = {Metric.CONSUMER_LAG: "Seconds", Metric.COST_ESTIMATE: "None"}  # the others: Count
# Several of these in one line stay apart; of the others the line has the sum.
DISTRIBUTIONS = {Metric.CONSUMER_LAG, Metric.PAYMENT_FAILURES}

Values = dict[Metric, list[float]]
_collected: ContextVar[Values] = ContextVar("telemetry_values")


def collect() -> Bound[Values]:
    """What this thread counts inside the block."""
    return Bound(_collected, {})


def count(metric: Metric, value: float = 1) -> None:
    """Count it once the transaction around has committed, or at once where there is none.

    A transaction that is rolled back counts nothing, so one that runs again counts once.
    Outside `collect()` nobody listens.
    """
    transaction.on_commit(partial(add, metric, value))


def add(metric: Metric, value: float) -> None:
    values = _collected.get({})
    values.setdefault(metric, []).append(value)


def embedded(values: Values, *, stage: str, at: float) -> dict[str, Any]:
    """The fields that make a log line a carrier of CloudWatch's metrics; `at` in epoch seconds.

    One dimension with one value: what is billed is a metric, whatever the endpoints.
    """
    metrics = [
        {"Name": metric.value, "Unit": UNITS.get(metric, "Count")}
        for metric in values
        if metric in IN_CLOUDWATCH
    ]
    directive = {"Namespace": NAMESPACE, "Dimensions": [["Stage"]], "Metrics": metrics}
    return {
        "_aws": {"Timestamp": round(1000 * at), "CloudWatchMetrics": [directive]},
        "Stage": stage,
    }


def numbers(values: Mapping[Metric, list[float]]) -> dict[str, float | list[float]]:
    """The metrics by name, as they stand in the line."""
    return {
        metric.value: measured[:MOST_VALUES]
        if metric in DISTRIBUTIONS
        else (measured[0] if len(measured) == 1 else sum(measured))
        for metric, measured in values.items()
    }
