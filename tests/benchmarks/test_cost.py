"""The calculator's sums, and whether what it calculates with is still true."""

import os
from pathlib import Path

import pytest

from benchmarks.cost import prices
from benchmarks.cost.bill import MINUTES, POLLS, Line, Month, make_bill, steps_of
from benchmarks.cost.browser import fields_of
from benchmarks.cost.figures import Figures, Step, load_figures, parse_figures
from benchmarks.cost.habits import Habits, Machine
from benchmarks.cost.measuring import measure
from benchmarks.cost.sizes import item_size, stored_size
from benchmarks.cost.stack import Stack, count_stack
from tests.dynamodb.servers import Unavailable
from tests.local_aws import ENDPOINT

STACK = Stack(alarms=3, dashboards=1, firewalls=1, firewall_rules=4, secrets=2, queues=2)
NOTHING = Month(orders=0.0, visits=0.0)


def flat_figures() -> Figures:
    """Each step takes 10 ms of CPU, no calls, 2 reads, 3 writes, 100 bytes out, 500 logged."""
    units = {"table": {"reads": 2.0, "writes": 2.0}, "table/index": {"writes": 1.0}}
    names = steps_of(NOTHING)
    steps = {name: Step(name, 10.0, 100, 500, {}, units) for name in names}
    return Figures(conditions={}, start_cpu=0.0, bytes_of_an_order=1000, steps=steps)


def quantities(month: Month, **habits: float) -> dict[tuple[str, str], float]:
    lines = make_bill(month, flat_figures(), STACK, Habits(**habits), Machine(memory=1769.0))
    return {(line.service, line.what): line.quantity for line in lines}


def test_the_units_are_those_of_today() -> None:
    """One journey, measured now. Where it differs: `make cost ARGS=--measure`, and the docs."""
    try:
        measured = parse_figures(measure(os.environ[ENDPOINT], times=1))
    except Unavailable as reason:
        pytest.skip(str(reason))
    kept = load_figures().steps
    assert {name: (step.calls, step.units) for name, step in measured.steps.items()} == {
        name: (step.calls, step.units) for name, step in kept.items()
    }


def test_every_step_of_the_bill_is_measured() -> None:
    assert set(steps_of(NOTHING)) == set(load_figures().steps)


def test_a_month_in_steps() -> None:
    habits = Habits(lists=2.0, cached=0.75, abandoned=0.5, cart_views=3.0, status_views=4.0)
    steps = steps_of(Month(orders=10.0, visits=100.0, edits=7.0), habits)
    assert steps["list products"] == 50.0
    assert steps["product page"] == 75.0
    assert (steps["open a cart"], steps["show the cart"]) == (20.0, 60.0)
    assert (steps["checkout"], steps["process the order"], steps["order status"]) == (10, 10, 40)
    assert steps["sweep the outbox"] == 43_800.0
    assert (steps["open a product's form"], steps["save a product"]) == (7.0, 7.0)


def test_an_idle_shop_pays_for_what_stands_there() -> None:
    bought = quantities(NOTHING)
    assert bought["DynamoDB", "writes"] == 3 * MINUTES
    assert bought["Lambda", "requests"] == MINUTES
    assert bought["SQS", "Lambda's polling"] == 2 * POLLS == 1_314_000
    assert bought["CloudWatch", "metrics of the shop"] == 2 + 3 * 2
    assert bought["CloudWatch", "metrics of the API"] == 0
    assert bought["CloudWatch", "logs"] == MINUTES * 1000 / 1e9
    assert [bought["API Gateway", "requests"], bought["SES", "mails"]] == [0.0, 0.0]
    fixed = {("CloudWatch", "alarms"): 3, ("WAF", "rules"): 4, ("Secrets Manager", "secrets"): 2}
    assert {place: bought[place] for place in fixed} == fixed


def test_orders_and_visits_add_up() -> None:
    idle = quantities(NOTHING, abandoned=0.0, cached=0.5)
    bought = quantities(Month(orders=100.0, visits=1000.0), abandoned=0.0, cached=0.5)
    # Of an order a cart's 5 requests, its checkout, 3 looks at it; of a visit 3 of 6 answers.
    requests = 100 * (5 + 1 + 3) + 1000 * 3
    assert bought["API Gateway", "requests"] == requests
    invocations = requests + 100
    assert bought["Lambda", "requests"] - idle["Lambda", "requests"] == invocations
    assert bought["DynamoDB", "reads"] - idle["DynamoDB", "reads"] == 2 * invocations
    seconds = bought["Lambda", "compute"] - idle["Lambda", "compute"]
    waits = 100 * (15 + 120) / 1000  # SQS at checkout, SES for the mail
    assert seconds == pytest.approx((invocations * 0.010 + waits) * 1769 / 1024)
    assert bought["CloudFront", "requests"] == requests + 1000 * (3 + 20 + 5)
    assert bought["CloudFront", "traffic"] == pytest.approx(
        (100 * (requests + 3000) + 1000 * (20 * 40_000 + 300_000)) / 1e9
    )
    assert bought["CloudWatch", "metrics of the API"] == 5 * 10  # of 4 answers, cart and order
    assert bought["CloudWatch", "metrics of the shop"] == 12 + 3 * (10 + 3)
    assert bought["SQS", "orders"] == 300.0
    stored = bought["DynamoDB", "tables"] - idle["DynamoDB", "tables"]
    assert stored == pytest.approx(12 * 100 * 1000 / 1e9)


def test_less_memory_is_slower() -> None:
    step = Step("any", 10.0, 0, 0, {"GetItem": 2}, {})
    assert step.billed_ms(Machine(memory=1769.0)) == 10.0 + 2 * 4.0
    assert step.billed_ms(Machine(memory=884.5)) == 20.0 + 2 * 4.0
    assert step.billed_ms(Machine(memory=3538.0)) == 10.0 + 2 * 4.0


def test_a_line_in_dollars() -> None:
    assert Line("SES", "mails", 2500.0, prices.MAILS).usd == 0.25
    assert Line("WAF", "requests", 2_000_000.0, prices.FIREWALL_REQUESTS).usd == 1.20


def test_what_stands_there_is_counted(tmp_path: Path) -> None:
    (tmp_path / "one.yaml").write_text(
        "  A:\n    Type: AWS::CloudWatch::Alarm\n  B:\n    Type: AWS::CloudWatch::Alarm\n"
        "  Q:\n    Type: AWS::SQS::Queue\n    Properties:\n      RedrivePolicy:\n"
        "        deadLetterTargetArn: x\n"
    )
    (tmp_path / "two.yaml").write_text(
        "  W:\n    Type: AWS::WAFv2::WebACL\n    Properties:\n      Rules:\n        - Name: rate\n"
        "          Priority: 0\n        - Name: other\n          Priority: 1\n"
    )
    assert count_stack(tmp_path) == Stack(
        alarms=2, dashboards=0, firewalls=1, firewall_rules=2, secrets=0, queues=1
    )


def test_the_repository_s_templates_are_read() -> None:
    stack = count_stack()
    assert (stack.firewalls, stack.firewall_rules, stack.dashboards, stack.queues) == (1, 4, 1, 2)
    assert stack.alarms > 0
    assert stack.secrets > 0


def test_an_item_s_size() -> None:
    """Names and values: "ä" is two bytes, 12.50 three significant digits, a list 3 and 1 each."""
    assert item_size({"name": {"S": "ä"}}) == 4 + 2
    assert item_size({"n": {"N": "12.50"}}) == 1 + 3
    assert item_size({"n": {"N": "-7"}}) == 1 + 3
    assert item_size({"l": {"L": [{"BOOL": True}, {"S": "ab"}]}}) == 1 + 3 + 2 + 1 + 2
    assert item_size({"m": {"M": {"k": {"NULL": True}}}}) == 1 + 3 + 1 + 1 + 1


def test_an_index_holds_what_has_its_key() -> None:
    item = {"id": {"S": "12345678"}, "email": {"S": "a"}}
    indexes = [
        {"Projection": {"ProjectionType": "ALL"}, "KeySchema": [{"AttributeName": name}]}
        for name in ("email", "user_id")
    ]
    assert stored_size(item, ["id"], indexes) == 2 * (16 + 100)


def test_an_index_holds_what_it_projects() -> None:
    item = {"id": {"S": "12345678"}, "email": {"S": "a"}, "at": {"S": "12"}, "text": {"S": "x"}}
    index = {
        "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["at"]},
        "KeySchema": [{"AttributeName": "email"}],
    }
    assert stored_size(item, ["id"], [index]) == (10 + 6 + 4 + 5 + 100) + (10 + 6 + 4 + 100)


def test_what_a_browser_sends_of_a_form() -> None:
    page = (
        '<input name="a" value="1"><input type="checkbox" name="b"><input type="file" name="c">'
        '<input type="checkbox" name="d" value="on" checked><input type="submit" name="e">'
        '<select name="f"><option value="x">X<option value="y" selected>Y</select>'
        '<textarea name="g">\nText &amp; more</textarea><input value="nameless">'
    )
    assert fields_of(page) == [("a", "1"), ("d", "on"), ("f", "y"), ("g", "Text & more")]
