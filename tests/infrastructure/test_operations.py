"""Alarms, queries, budget and dashboard: what they name exists, and whoever is woken finds what
to do."""

import json
import re
from collections.abc import Iterator
from typing import Any

import boto3
import pytest

from infrastructure.resources import HERE
from infrastructure.stacks import Stack
from infrastructure.targets import ROOT
from infrastructure.templates import resources_of
from telemetry.metrics import IN_CLOUDWATCH, NAMESPACE, Metric
from tests.aws_lambda.stages import load_stage as zappa_settings

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
    "function-duration",
    "function-errors",
    "function-throttles",
    "dead-events",
    "held-orders",
    "jobs-duration",
    "jobs-errors",
    "jobs-throttles",
    "jobs-wait",
    "orders-wait",
    "payment-failures",
    "sign-in-failures",
    "sign-ins-blocked",
}


@pytest.fixture(scope="module")
def alarms(loopback_only: None) -> Iterator[list[dict[str, Any]]]:
    """The alarms of a stack that was deployed to the local AWS."""
    cfn = boto3.client("cloudformation", region_name="eu-central-1")
    stack = Stack(cfn, "shop-watched-operations", local=True)
    asked = {"Stage": "watched", "AlarmMail": "operations@example.org", "OnAws": "no"}
    stack.deploy(TEMPLATE, asked)
    yield boto3.client("cloudwatch", region_name="eu-central-1").describe_alarms(
        AlarmNamePrefix="shop-watched-"
    )["MetricAlarms"]
    stack.delete()


def dashboard() -> dict[str, Any]:
    text = TEMPLATE.read_text().partition("DashboardBody: !Sub |\n")[2]
    body: dict[str, Any] = json.loads(text.replace("${Stage}", "dev"))
    return body


def queries() -> dict[str, str]:
    """The saved queries, by their names."""
    return {
        each["Properties"]["Name"]["Fn::Sub"]: each["Properties"]["QueryString"]
        for each in resources_of(TEMPLATE, {}).values()
        if each["Type"] == "AWS::Logs::QueryDefinition"
    }


def asked(text: str) -> set[str]:
    """The shop's metrics that a query of the log adds up."""
    return {metric.value for metric in Metric} & set(re.findall(r"\w+", text))


def test_what_is_no_metric_is_a_query() -> None:
    """All that is counted can be had: from CloudWatch, or by a saved query of the log."""
    answered = {name for text in queries().values() for name in asked(text)}
    metrics = {metric.value for metric in IN_CLOUDWATCH}
    assert {metric.value for metric in Metric} - metrics == {
        "CapacityUnits",
        "CartsOpened",
        "ColdStarts",
        "DynamoDBCalls",
        "Latency",
        "OrdersCancelled",
        "OrdersConfirmed",
        "PaymentsDeclined",
        "PaymentsUnavailable",
        "StockOuts",
    }
    assert {metric.value for metric in Metric} - metrics - answered == set()


def test_queries_read_the_functions_logs() -> None:
    """Of both where both work; customers and their money are the first one's."""
    shop, jobs = ({"Fn::Sub": f"/aws/lambda/shop-${{Stage}}{end}"} for end in ("", "-jobs"))
    both = {f"shop-${{Stage}}/{name}" for name in ("cold-starts", "endpoints", "errors")}
    assert set(queries()) == {
        f"shop-${{Stage}}/{name}"
        for name in ("cold-starts", "endpoints", "errors", "payments", "sales", "sign-ins")
    }
    for each in resources_of(TEMPLATE, {}).values():
        if each["Type"] == "AWS::Logs::QueryDefinition":
            expected = [shop, jobs] if each["Properties"]["Name"]["Fn::Sub"] in both else [shop]
            assert each["Properties"]["LogGroupNames"] == expected


def test_a_dashboard_is_there_for_the_asking() -> None:
    assert "Dashboard" not in resources_of(TEMPLATE, {})
    assert "Dashboard" in resources_of(TEMPLATE, {"ShowDashboard": "yes"})


def test_the_dashboard_shows_every_metric_and_no_other() -> None:
    """CloudWatch's as curves, the rest by queries of the log."""
    curves, answered = set(), set()
    for widget in dashboard()["widgets"]:
        if widget["type"] == "log":
            answered |= asked(widget["properties"]["query"])
        for metric in widget["properties"].get("metrics", ()):
            if metric[0] == NAMESPACE:
                assert metric[2:4] == ["Stage", "dev"]
                curves.add(metric[1])
    assert curves == {metric.value for metric in IN_CLOUDWATCH}
    assert curves | answered == {metric.value for metric in Metric}


def test_the_budget() -> None:
    """GIVEN somebody to tell WHEN 80 % are spent or all is foreseen THEN a mail goes there."""
    told = {"AlarmMail": "operations@example.org", "BudgetPerMonth": "25"}
    budget = resources_of(TEMPLATE, told)["Budget"]["Properties"]
    limit = {"Amount": {"Ref": "BudgetPerMonth"}, "Unit": "USD"}
    assert budget["Budget"] == {"BudgetType": "COST", "TimeUnit": "MONTHLY", "BudgetLimit": limit}
    found = [
        (each["Notification"]["NotificationType"], each["Notification"]["Threshold"])
        for each in budget["NotificationsWithSubscribers"]
    ]
    assert found == [("ACTUAL", 80), ("FORECASTED", 100)]
    for each in budget["NotificationsWithSubscribers"]:
        assert each["Subscribers"] == [
            {"SubscriptionType": "EMAIL", "Address": {"Ref": "AlarmMail"}}
        ]


@pytest.mark.parametrize(
    "without", [{"AlarmMail": ""}, {"BudgetPerMonth": "0"}, {"OnAws": "no"}], ids=str
)
def test_no_budget(without: dict[str, str]) -> None:
    assert "Budget" not in resources_of(TEMPLATE, {"AlarmMail": "o@example.org"} | without)


def test_topics_are_encrypted() -> None:
    """All of them, with a key by which those may publish who do."""
    mail = {"MailDomain": "shop.example", "MailFrom": "orders@shop.example"}
    parts = resources_of(HERE / "template.yaml", mail), resources_of(TEMPLATE, {})
    topics = {
        name: each["Properties"]["KmsMasterKeyId"]
        for part in parts
        for name, each in part.items()
        if each["Type"] == "AWS::SNS::Topic"
    }
    key = {"Ref": "TopicKey"}
    alias = {"Fn::Sub": "alias/shop-${Stage}-topics"}
    assert topics == {
        **dict.fromkeys(("BounceTopic", "ComplaintTopic", "MailEventTopic"), key),
        "AlarmTopic": alias,
    }
    name = parts[0]["TopicKeyName"]["Properties"]
    assert (name["AliasName"], name["TargetKeyId"]) == (alias, key)
    publishers = {
        each["Principal"]["Service"]: each
        for each in parts[0]["TopicKey"]["Properties"]["KeyPolicy"]["Statement"]
        if "Service" in each["Principal"]
    }
    assert set(publishers) == {"cloudwatch.amazonaws.com", "ses.amazonaws.com"}
    for each in publishers.values():
        assert each["Action"] == ["kms:Decrypt", "kms:GenerateDataKey*"]
        assert each["Condition"]  # for this account, and for our topics


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
        "EventsDead",
        "OrdersHeld",
        "PaymentFailures",
        "SignInFailures",
        "SignInsBlocked",
    }
    assert {name for name, _ in watched} <= {metric.value for metric in IN_CLOUDWATCH}
    assert {dimensions for _, dimensions in watched} == {"{Name: Stage, Value: !Ref Stage}"}
    assert text.count("Namespace: Shop\n") == len(watched)


@pytest.mark.parametrize(("name", "alarm"), [("dev", "Function"), ("dev_jobs", "Jobs")])
def test_a_call_that_runs_out_of_time_is_seen(name: str, alarm: str) -> None:
    """At four fifths of it, for each of the two functions."""
    watched = resources_of(TEMPLATE, {})[f"{alarm}DurationAlarm"]["Properties"]
    limit = zappa_settings(name).timeout_seconds
    assert (watched["MetricName"], watched["Statistic"]) == ("Duration", "Maximum")
    assert watched["Threshold"] == 1000 * limit * 4 // 5


def test_every_alarm_says_where_to_read_on() -> None:
    text, guide = TEMPLATE.read_text(), RUNBOOK.read_text()
    named = dict(
        re.findall(
            r'AlarmName: !Sub "shop-\$\{Stage\}-(.*)"\n +AlarmDescription: .*\. (\S+)\n', text
        )
    )
    assert named == {name: f"docs/runbook.md#alarm-{name}" for name in NAMES}
    assert [name for name in NAMES if f'<a id="alarm-{name}">' not in guide] == []
