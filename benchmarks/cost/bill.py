"""A month's bill: so often each step, so much of each unit, so many dollars."""

import math
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from benchmarks.cost import prices
from benchmarks.cost.figures import Figures
from benchmarks.cost.habits import HABITS, MACHINE, Habits, Machine
from benchmarks.cost.prices import Price
from benchmarks.cost.stack import Stack
from infrastructure.plans import PAY_AS_YOU_GO, PLANS
from telemetry.metrics import Metric

HOURS = 730  # of a month
MINUTES = 60 * HOURS
GB = 1e9
# AWS: five pollers to a queue, each waiting 20 seconds; with a MaximumConcurrency never fewer.
POLLS = 5 * 3 * MINUTES
KEPT = 12  # months of orders in the tables
LOG_FILES = 12.0 * HOURS  # CloudFront writes one in five minutes or so, if there is traffic
TRACES_A_SECOND, TRACED = 1.0, 0.05  # X-Ray's default: the first of a second, 5 % beyond
CATALOGUE = 0.1  # GB of tables and pictures for a few thousand products
ADMIN = ("open a product's form", "save a product")
BACKGROUND = {"process the order", "mail the order", "sweep the outbox"}  # not through API Gateway


@dataclass(frozen=True)
class Month:
    """What happens in a month. `edits` are products saved in the admin."""

    orders: float
    visits: float
    edits: float = 0.0


@dataclass(frozen=True)
class Line:
    """A line of the bill."""

    service: str
    what: str
    quantity: float
    price: Price

    @property
    def usd(self) -> float:
        return self.price.of(self.quantity)


def steps_of(month: Month, habits: Habits = HABITS) -> dict[str, float]:
    """How often each measured step is taken by the function."""
    asked = month.visits * (1 - habits.cached)
    carts = month.orders / (1 - habits.abandoned)
    return {
        "list products": asked * habits.lists,
        "list a category": asked * habits.shelves,
        "categories": asked * habits.trees,
        "product page": asked * habits.pages,
        "open a cart": carts,
        "add a line": carts,
        "add another line": carts,
        "show the cart": carts * habits.cart_views,
        "checkout": month.orders,
        "process the order": month.orders,
        "mail the order": month.orders,
        "order status": month.orders * habits.status_views,
        "sweep the outbox": MINUTES,
        **dict.fromkeys(ADMIN, month.edits),
    }


def make_bill(
    month: Month,
    figures: Figures,
    stack: Stack,
    habits: Habits = HABITS,
    machine: Machine = MACHINE,
) -> list[Line]:
    """Every line; those of an idle shop are what it costs when nobody comes."""
    habits = habits_under(stack.plan, habits)
    taken = steps_of(month, habits)
    return [
        *tables(taken, month, figures),
        *function(taken, figures, machine),
        *api(taken),
        *edge(traffic_of(taken, month, figures, habits), stack, habits, machine),
        *files(month, habits),
        *messages(month, stack),
        *watching(taken, figures, habits, machine),
        *metrics(month, habits),
        *fixed(stack),
    ]


def habits_under(plan: str, habits: Habits) -> Habits:
    """Where CloudFront takes no cache policy of our own, it keeps none of the catalogue."""
    flat = PLANS.get(plan)
    return habits if flat is None or flat.policies else replace(habits, cached=0.0)


def carries(plan: str, month: Month, figures: Figures, habits: Habits = HABITS) -> bool:
    """Whether the month's traffic is within the plan's allowance."""
    if plan == PAY_AS_YOU_GO:
        return True
    habits = habits_under(plan, habits)
    traffic = traffic_of(steps_of(month, habits), month, figures, habits)
    return PLANS[plan].carries(traffic.total, traffic.gigabytes)


def list_price(lines: Iterable[Line]) -> float:
    return sum(line.usd for line in lines)


def billed(lines: Iterable[Line]) -> float:
    """What is paid: less what AWS takes off each month, of all lines of a price together."""
    quantities: Counter[Price] = Counter()
    for line in lines:
        quantities[line.price] += line.quantity  # type: ignore[assignment]  # whole in typeshed
    return sum(
        price.of(max(0.0, quantity - prices.ALLOWANCES.get(price, 0.0)))
        for price, quantity in quantities.items()
    )


def tables(taken: dict[str, float], month: Month, figures: Figures) -> Iterator[Line]:
    steps = figures.steps
    writes = sum(count * steps[name].writes for name, count in taken.items())
    reads = sum(count * steps[name].reads for name, count in taken.items())
    stored = CATALOGUE + KEPT * month.orders * figures.bytes_of_an_order / GB
    yield Line("DynamoDB", "writes", writes, prices.WRITES)
    yield Line("DynamoDB", "reads", reads, prices.READS)
    yield Line("DynamoDB", "tables", stored, prices.TABLES)
    yield Line("DynamoDB", "point-in-time recovery", stored, prices.RECOVERY)


def function(taken: dict[str, float], figures: Figures, machine: Machine) -> Iterator[Line]:
    invocations = sum(taken.values())
    warm = sum(count * figures.steps[name].billed_ms(machine) for name, count in taken.items())
    cold = machine.cold * invocations * machine.billed(figures.start_cpu, 0.0)
    seconds = (warm + cold) / 1000
    yield Line("Lambda", "requests", invocations, prices.INVOCATIONS)
    yield Line("Lambda", "compute", seconds * machine.memory / 1024, prices.COMPUTE)


def api(taken: dict[str, float]) -> Iterator[Line]:
    asked = sum(count for name, count in taken.items() if name not in BACKGROUND)
    yield Line("API Gateway", "requests", asked, prices.API)


@dataclass(frozen=True)
class Traffic:
    """CloudFront's, in a month: requests by the origin that they are for, and gigabytes."""

    requests: dict[str, float]
    gigabytes: float

    @property
    def total(self) -> float:
        return sum(self.requests.values())


def traffic_of(taken: dict[str, float], month: Month, figures: Figures, habits: Habits) -> Traffic:
    """All that visitors ask for; what CloudFront answers itself weighs as much as the rest."""
    asked = {name: count for name, count in taken.items() if name not in BACKGROUND}
    answered = {
        name: month.visits * habits.cached * each
        for name, each in {
            "list products": habits.lists,
            "list a category": habits.shelves,
            "categories": habits.trees,
            "product page": habits.pages,
        }.items()
    }
    answers = sum(
        count * figures.steps[name].answer_bytes
        for counts in (asked, answered)
        for name, count in counts.items()
    )
    pictures = month.visits * habits.pictures
    files = pictures * habits.picture_bytes + month.visits * habits.site_bytes
    requests = {
        "api": sum(asked.values()) + sum(answered.values()),
        "images": pictures,
        "site": month.visits * habits.site_requests,
    }
    return Traffic(requests, (answers + files) / GB)


def edge(traffic: Traffic, stack: Stack, habits: Habits, machine: Machine) -> Iterator[Line]:
    """CloudFront and the firewall, by use or by plan, and their logs."""
    flat = PLANS.get(stack.plan)
    if flat:
        yield Line("CloudFront", f"plan {stack.plan}", 1, prices.plan_price(stack.plan))
    else:
        functions = sum(traffic.requests.get(origin, 0.0) for origin in stack.edge_functions)
        yield Line("CloudFront", "requests", traffic.total, prices.EDGE_REQUESTS)
        yield Line("CloudFront", "traffic", traffic.gigabytes, prices.EDGE_BYTES)
        yield Line("CloudFront", "functions", functions, prices.EDGE_FUNCTIONS)
        yield Line("WAF", "requests", traffic.total, prices.FIREWALL_REQUESTS)
        yield Line("WAF", "web ACLs", stack.firewalls, prices.FIREWALLS)
        yield Line("WAF", "rules", stack.firewall_rules, prices.FIREWALL_RULES)
    if flat and not flat.logs:
        return
    kept = traffic.total * machine.edge_log_bytes * machine.log_months / GB
    yield Line("S3", "CloudFront's logs kept", kept, prices.FILES)
    yield Line("S3", "CloudFront's logs written", min(traffic.total, LOG_FILES), prices.FILE_WRITES)
    logs = traffic.total * habits.suspicious * machine.firewall_log_bytes / GB
    if not flat:  # a plan includes it
        yield Line("CloudWatch", "logs of the firewall", logs, prices.LOGS)
    yield Line("CloudWatch", "the same, kept", logs * machine.log_months, prices.LOG_STORAGE)


def files(month: Month, habits: Habits) -> Iterator[Line]:
    """CloudFront keeps nine pictures in ten."""
    yield Line("S3", "pictures, site, packages", CATALOGUE, prices.FILES)
    yield Line("S3", "requests", 0.1 * month.visits * habits.pictures, prices.FILE_READS)


def messages(month: Month, stack: Stack) -> Iterator[Line]:
    """A message is sent, received and deleted, of an order two; and Lambda asks for messages all
    the time."""
    yield Line("SQS", "orders", 2 * 3 * month.orders, prices.QUEUES)
    yield Line("SQS", "Lambda's polling", POLLS * stack.queues, prices.QUEUES)
    yield Line("SES", "mails", month.orders, prices.MAILS)


def watching(
    taken: dict[str, float], figures: Figures, habits: Habits, machine: Machine
) -> Iterator[Line]:
    """Logs of function and API, queries of them, and traces."""
    invocations = sum(taken.values())
    own = sum(count * figures.steps[name].log_bytes for name, count in taken.items())
    asked = sum(count for name, count in taken.items() if name not in BACKGROUND)
    logs = (own + invocations * machine.log_bytes + asked * machine.access_bytes) / GB
    always = min(invocations, TRACES_A_SECOND * 60 * MINUTES)
    traces = always + TRACED * (invocations - always)
    yield Line("CloudWatch", "logs", logs, prices.LOGS)
    yield Line("CloudWatch", "logs kept", logs * machine.log_months, prices.LOG_STORAGE)
    yield Line("CloudWatch", "log queries", logs * habits.queries, prices.LOG_QUERIES)
    yield Line("X-Ray", "traces", traces, prices.TRACES)


def metrics(month: Month, habits: Habits) -> Iterator[Line]:
    """A line each: CloudWatch bills a metric for the hours in which it moves.

    So many events, each in an hour of its own choosing, move it in the share of hours below. That
    is the upper figure: by day there are more of them to an hour.
    """
    for metric, events in metric_events(month, habits).items():
        moves = 1 - math.exp(-events / HOURS)
        yield Line("CloudWatch", f"metric {metric.value}", moves, prices.METRICS)


def metric_events(month: Month, habits: Habits) -> dict[Metric, float]:
    """How often each of telemetry.metrics.IN_CLOUDWATCH moves in a month."""
    return {
        Metric.COST_ESTIMATE: math.inf,  # with the sweep of each minute
        Metric.ORDERS_PLACED: month.orders,
        Metric.PAYMENT_FAILURES: month.orders,
        Metric.CONSUMER_LAG: month.orders,
        Metric.ORDERS_HELD: 0.0,
        Metric.EVENTS_DEAD: 0.0,
        Metric.SIGN_IN_FAILURES: month.visits * habits.mistyped,
        Metric.SIGN_INS_BLOCKED: month.visits * habits.blocked,
    }


def fixed(stack: Stack) -> Iterator[Line]:
    """What costs the same whoever comes."""
    yield Line("CloudWatch", "alarms", stack.alarms, prices.ALARMS)
    yield Line("CloudWatch", "dashboards", stack.dashboards, prices.DASHBOARDS)
    yield Line("Secrets Manager", "secrets", stack.secrets, prices.SECRETS)
    yield Line("KMS", "key of the topics", stack.keys, prices.KEYS)
    yield Line("Route 53", "zone of the domain", 1, prices.ZONES)
