"""Alarms and dashboard: what they name exists, and whoever is woken finds what to do."""

import json
import re
from collections.abc import Iterator
from typing import Any

import boto3
import pytest

from infrastructure.deployment import HERE
from infrastructure.stacks import Stack
from infrastructure.targets import ROOT
from telemetry.metrics import BY_ENDPOINT, NAMESPACE, Metric

TEMPLATE = HERE / "operations.yaml"
RUNBOOK = ROOT / "docs" / "runbook.md"
NAMES = {
    "api-errors",
    "api-latency",
    "bounce-rate",
    "catalog-dead-letters",
    "consumer-lag",
    "cost",
    "dead-letters",
    "function-errors",
    "function-throttles",
    "held-orders",
    "orders-wait",
    "payment-failures",
}


@pytest.fixture(scope="module")
def alarms(loopback_only: None) -> Iterator[list[dict[str, Any]]]:
    """The alarms of a stack that was deployed to the local AWS."""
    cfn = boto3.client("cloudformation", region_name="eu-central-1")
    stack = Stack(cfn, "shop-watched-operations", local=True)
    stack.deploy(TEMPLATE, {"Stage": "watched", "AlarmMail": "operations@example.org"})
    yield boto3.client("cloudwatch", region_name="eu-central-1").describe_alarms(
        AlarmNamePrefix="shop-watched-"
    )["MetricAlarms"]
    stack.delete()


def dashboard() -> dict[str, Any]:
    text = TEMPLATE.read_text().partition("DashboardBody: !Sub |\n")[2]
    body: dict[str, Any] = json.loads(text.replace("${Stage}", "dev"))
    return body


def shown() -> dict[str, set[str]]:
    """The shop's metrics on the dashboard: those of the stage, and those by endpoint."""
    found: dict[str, set[str]] = {"Stage": set(), "Endpoint": set()}
    for widget in dashboard()["widgets"]:
        for metric in widget["properties"]["metrics"]:
            if metric[0] == NAMESPACE:
                assert metric[2:4] == ["Stage", "dev"]
                found["Stage"].add(metric[1])
            elif isinstance(metric[0], dict):
                found["Endpoint"] |= set(
                    re.findall(
                        r"{Shop,Stage,Endpoint} MetricName=\"(\w+)\" Stage=\"dev\"",
                        metric[0]["expression"],
                    )
                )
    return found


def test_the_dashboard_shows_every_metric_and_no_other() -> None:
    by_endpoint = {metric.value for metric in BY_ENDPOINT}
    assert shown() == {
        "Stage": {metric.value for metric in Metric} - by_endpoint,
        "Endpoint": by_endpoint,
    }


def test_every_alarm_is_made(alarms: list[dict[str, Any]]) -> None:
    assert {alarm["AlarmName"].removeprefix("shop-watched-") for alarm in alarms} == NAMES
    (topic,) = {action for alarm in alarms for action in alarm["AlarmActions"]}
    assert topic.endswith(":shop-watched-alarms")


def test_alarms_watch_metrics_that_there_are() -> None:
    """The shop's own by their stage alone: an alarm cannot watch all endpoints."""
    text = TEMPLATE.read_text().partition("  Dashboard:\n")[0]
    watched = re.findall(r"Namespace: Shop\n +MetricName: (\w+)\n +Dimensions: \[(.*)\]\n", text)
    assert {name for name, _ in watched} == {
        "ConsumerLag",
        "CostEstimate",
        "OrdersHeld",
        "PaymentFailures",
    }
    assert {name for name, _ in watched} <= {metric.value for metric in Metric}
    assert {dimensions for _, dimensions in watched} == {"{Name: Stage, Value: !Ref Stage}"}
    assert text.count("Namespace: Shop\n") == len(watched)


def test_every_alarm_says_where_to_read_on() -> None:
    text, guide = TEMPLATE.read_text(), RUNBOOK.read_text()
    named = dict(
        re.findall(
            r'AlarmName: !Sub "shop-\$\{Stage\}-(.*)"\n +AlarmDescription: .*\. (\S+)\n', text
        )
    )
    assert named == {name: f"docs/runbook.md#alarm-{name}" for name in NAMES}
    assert [name for name in NAMES if f'<a id="alarm-{name}">' not in guide] == []
