"""The calculator's sums, and whether what it calculates with is still true."""

import math
import os

import pytest

from benchmarks.cost import prices
from benchmarks.cost.__main__ import (
    IDLE,
    NAMES,
    PAGE,
    bill,
    both,
    cheapest,
    page_row,
    report,
    step_row,
)
from benchmarks.cost.bill import (
    MINUTES,
    POLLS,
    Line,
    Month,
    billed,
    carries,
    list_price,
    make_bill,
    metric_events,
    steps_of,
)
from benchmarks.cost.figures import Figures, Step, load_figures, parse_figures
from benchmarks.cost.habits import HABITS, Habits, Machine
from benchmarks.cost.measuring import measure
from benchmarks.cost.stack import Stack
from infrastructure.targets import ROOT
from telemetry.metrics import IN_CLOUDWATCH
from tests.dynamodb.servers import Unavailable
from tests.local_aws import ENDPOINT

STACK = Stack(
    alarms=3,
    dashboards=1,
    firewalls=1,
    firewall_rules=4,
    secrets=2,
    queues=2,
    keys=1,
    edge_functions=frozenset({"images"}),
)
NOTHING = Month(orders=0.0, visits=0.0)
SHOP = Month(orders=1000.0, visits=50_000.0, edits=100.0)
DOCS = ROOT / "docs" / "cost.md"


def flat_figures() -> Figures:
    """Each step takes 10 ms of CPU, no calls, 2 reads, 3 writes, 100 bytes out, 500 logged."""
    units = {"table": {"reads": 2.0, "writes": 2.0}, "table/index": {"writes": 1.0}}
    names = steps_of(NOTHING)
    steps = {name: Step(name, 10.0, 100, 500, {}, units) for name in names}
    return Figures(conditions={}, start_cpu=0.0, bytes_of_an_order=1000, steps=steps)


def quantities(month: Month, stack: Stack = STACK, **habits: float) -> dict[tuple[str, str], float]:
    lines = make_bill(month, flat_figures(), stack, Habits(**habits), Machine(memory=1769.0))
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
    assert steps["mail the order"] == 10
    assert steps["sweep the outbox"] == 43_800.0
    assert (steps["open a product's form"], steps["save a product"]) == (7.0, 7.0)


def test_an_idle_shop_pays_for_what_stands_there() -> None:
    bought = quantities(NOTHING)
    assert bought["DynamoDB", "writes"] == 3 * MINUTES
    assert bought["Lambda", "requests"] == MINUTES
    assert bought["SQS", "Lambda's polling"] == 2 * POLLS == 1_314_000
    assert {what: sum_ for (_, what), sum_ in bought.items() if what.startswith("metric ")} == {
        "metric CostEstimate": 1.0,
        "metric OrdersPlaced": 0.0,
        "metric PaymentFailures": 0.0,
        "metric ConsumerLag": 0.0,
        "metric EventsDead": 0.0,
        "metric OrdersHeld": 0.0,
        "metric SignInFailures": 0.0,
        "metric SignInsBlocked": 0.0,
    }
    assert bought["CloudWatch", "logs"] == MINUTES * 1000 / 1e9
    assert bought["CloudWatch", "log queries"] == 30 * MINUTES * 1000 / 1e9
    assert bought["S3", "CloudFront's logs written"] == 0.0
    assert [bought["API Gateway", "requests"], bought["SES", "mails"]] == [0.0, 0.0]
    fixed = {
        ("CloudWatch", "alarms"): 3,
        ("CloudWatch", "dashboards"): 1,
        ("KMS", "key of the topics"): 1,
        ("Route 53", "zone of the domain"): 1,
        ("Secrets Manager", "secrets"): 2,
        ("WAF", "rules"): 4,
        ("WAF", "web ACLs"): 1,
    }
    assert {place: bought[place] for place in fixed} == fixed


def test_orders_and_visits_add_up() -> None:
    idle = quantities(NOTHING, abandoned=0.0, cached=0.5)
    bought = quantities(Month(orders=100.0, visits=1000.0), abandoned=0.0, cached=0.5)
    # Of an order a cart's 5 requests, its checkout, 3 looks at it; of a visit 3 of 6 answers.
    requests = 100 * (5 + 1 + 3) + 1000 * 3
    assert bought["API Gateway", "requests"] == requests
    invocations = requests + 2 * 100  # the order, and its mail
    assert bought["Lambda", "requests"] - idle["Lambda", "requests"] == invocations
    assert bought["DynamoDB", "reads"] - idle["DynamoDB", "reads"] == 2 * invocations
    seconds = bought["Lambda", "compute"] - idle["Lambda", "compute"]
    waits = 100 * (15 + 15 + 120) / 1000  # SQS at checkout and confirmation, SES for the mail
    assert seconds == pytest.approx((invocations * 0.010 + waits) * 1769 / 1024)
    at_the_edge = requests + 1000 * (3 + 20 + 5)
    assert bought["CloudFront", "requests"] == bought["WAF", "requests"] == at_the_edge
    assert bought["CloudFront", "functions"] == 1000 * 20  # one for pictures alone
    assert bought["CloudFront", "traffic"] == pytest.approx(
        (100 * (requests + 3000) + 1000 * (20 * 40_000 + 300_000)) / 1e9
    )
    assert bought["CloudWatch", "logs of the firewall"] == at_the_edge * 0.02 * 1500 / 1e9
    assert bought["S3", "CloudFront's logs kept"] == pytest.approx(at_the_edge * 100 * 3 / 1e9)
    assert bought["CloudWatch", "metric OrdersPlaced"] == 1 - math.exp(-100 / 730)
    assert bought["CloudWatch", "metric SignInFailures"] == 1 - math.exp(-20 / 730)
    assert bought["SQS", "orders"] == 600.0
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


# Plans and allowances ------------------------------------------------------------------------


def test_a_plan_is_paid_in_place_of_what_it_covers() -> None:
    month = Month(orders=100.0, visits=1000.0)
    by_use = quantities(month, cached=0.5)
    flat = quantities(month, Stack(**(vars(STACK) | {"plan": "BUSINESS"})), cached=0.5)
    assert flat["CloudFront", "plan BUSINESS"] == 1
    assert set(by_use) - set(flat) == {
        ("CloudFront", "requests"),
        ("CloudFront", "traffic"),
        ("CloudFront", "functions"),
        ("CloudWatch", "logs of the firewall"),  # a plan takes them in, and does not keep them
        ("WAF", "requests"),
        ("WAF", "rules"),
        ("WAF", "web ACLs"),
    }
    assert {name: flat[name] for name in set(flat) & set(by_use)} == {
        name: by_use[name] for name in set(flat) & set(by_use)
    }


def test_a_small_plan_keeps_no_catalogue() -> None:
    """It takes no cache policy of ours, so the function answers all; FREE keeps no logs either."""
    month = Month(orders=0.0, visits=1000.0)
    flat = quantities(month, Stack(**(vars(STACK) | {"plan": "FREE"})), cached=0.5)
    assert flat["API Gateway", "requests"] == 1000 * 6
    assert not [what for _, what in flat if "CloudFront's logs" in what or "firewall" in what]


@pytest.mark.parametrize(
    ("plan", "visits", "able"),
    [
        ("FREE", 32_258.0, True),  # of 31 requests each: a million
        ("FREE", 32_259.0, False),
        ("PRO", 322_580.0, True),
        ("PRO", 322_581.0, False),
        ("NONE", 1e9, True),
    ],
)
def test_what_a_plan_carries(plan: str, visits: float, able: bool) -> None:
    assert carries(plan, Month(0.0, visits), flat_figures(), Habits()) is able


def test_what_aws_takes_off() -> None:
    """Of all lines of one price together, once; and nothing of what has no allowance."""
    lines = [
        Line("SQS", "orders", 600_000.0, prices.QUEUES),
        Line("SQS", "polling", 900_000.0, prices.QUEUES),
        Line("CloudWatch", "metric one", 1.0, prices.METRICS),
        Line("WAF", "rules", 4.0, prices.FIREWALL_RULES),
    ]
    assert list_price(lines) == pytest.approx(0.60 + 0.30 + 4.00)
    assert billed(lines) == pytest.approx(0.20 + 4.00)


# This shop -----------------------------------------------------------------------------------


def test_ten_metrics_at_most() -> None:
    assert set(metric_events(SHOP, HABITS)) == IN_CLOUDWATCH
    assert len(IN_CLOUDWATCH) == 8


def test_the_bill_of_an_idle_shop() -> None:
    """Five dollars at most, firewall on, by the plan FREE: alarms, key, secrets, polling, zone."""
    assert cheapest(IDLE, HABITS) == "FREE"
    assert {plan: both(bill(IDLE, HABITS, plan)) for plan in ("FREE", "NONE", "PRO")} == {
        "FREE": ("3.73", "5.73"),
        "NONE": ("12.73", "14.73"),
        "PRO": ("18.73", "20.73"),
    }


def test_the_bill_of_a_thousand_orders() -> None:
    """Twenty dollars at most, firewall and all logs on, paid by use; the plan FREE is too small
    for 50,000 visits."""
    assert cheapest(SHOP, HABITS) == "NONE"
    assert not carries("FREE", SHOP, load_figures())
    assert {plan: both(bill(SHOP, HABITS, plan)) for plan in ("NONE", "PRO")} == {
        "NONE": ("15.26", "25.66"),
        "PRO": ("21.72", "25.39"),
    }


def test_every_line_has_a_name() -> None:
    text = report(SHOP, HABITS, "NONE")
    for line in bill(SHOP, HABITS, "NONE"):
        assert f"\n{line.service} " in text
        assert f"\n  {line.what} " in text
    assert [row.split()[0] for row in text.partition("plans\n")[2].splitlines()[:5]] == [*NAMES]


@pytest.mark.parametrize("name", steps_of(NOTHING))
def test_the_page_has_today_s_steps(name: str) -> None:
    """If not: `make cost ARGS=--page` has them."""
    assert step_row(load_figures().steps[name]) in DOCS.read_text().splitlines()


@pytest.mark.parametrize("month", PAGE, ids=str)
def test_the_page_has_today_s_figures(month: Month) -> None:
    """If not: `make cost ARGS=--page` has them."""
    assert page_row(month) in DOCS.read_text().splitlines()
