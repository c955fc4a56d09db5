"""A month's bill: so often each step, so much of each unit, so many dollars."""

from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.cost import prices
from benchmarks.cost.figures import Figures
from benchmarks.cost.habits import HABITS, MACHINE, Habits, Machine
from benchmarks.cost.prices import Price
from benchmarks.cost.stack import Stack

MINUTES = 60 * 730  # of a month
GB = 1e9
# AWS: five pollers to a queue, each waiting 20 seconds; with a MaximumConcurrency never fewer.
POLLS = 5 * 3 * MINUTES
KEPT = 12  # months of orders in the tables
STAGE_METRICS, IDLE_METRICS, ENDPOINT_METRICS = 12, 2, 3  # docs/operations.md
GATEWAY_METRICS = 5  # of each of the API's methods that is called, where they are switched on
TRACES_A_SECOND, TRACED = 1.0, 0.05  # X-Ray's default: the first of a second, 5 % beyond
CATALOGUE = 0.1  # GB of tables and pictures for a few thousand products
ADMIN = ("open a product's form", "save a product")
BACKGROUND = {"process the order", "sweep the outbox"}  # not through API Gateway


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
    taken = steps_of(month, habits)
    return [
        *tables(taken, month, figures),
        *function(taken, figures, machine),
        *edge(taken, month, figures, habits),
        *messages(month, stack),
        *watching(taken, figures, machine),
        *fixed(stack),
    ]


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


def edge(taken: dict[str, float], month: Month, figures: Figures, habits: Habits) -> Iterator[Line]:
    """API Gateway, CloudFront, the firewall and the buckets behind."""
    api = {name: count for name, count in taken.items() if name not in BACKGROUND}
    browsing = habits.lists + habits.shelves + habits.trees + habits.pages
    cached = month.visits * habits.cached * browsing
    pictures = month.visits * habits.pictures
    requests = sum(api.values()) + cached + pictures + month.visits * habits.site_requests
    answers = sum(count * figures.steps[name].answer_bytes for name, count in api.items())
    # What CloudFront answers itself weighs as much as what it asked for.
    again = habits.cached / (1 - habits.cached)
    for name in ("list products", "list a category", "categories", "product page"):
        answers += again * taken[name] * figures.steps[name].answer_bytes
    files = pictures * habits.picture_bytes + month.visits * habits.site_bytes
    yield Line("API Gateway", "requests", sum(api.values()), prices.API)
    yield Line("CloudFront", "requests", requests, prices.EDGE_REQUESTS)
    yield Line("CloudFront", "traffic", (answers + files) / GB, prices.EDGE_BYTES)
    yield Line("CloudFront", "function for pictures", pictures, prices.EDGE_FUNCTIONS)
    yield Line("WAF", "requests", requests, prices.FIREWALL_REQUESTS)
    yield Line("S3", "pictures, site, packages", CATALOGUE, prices.FILES)
    yield Line("S3", "requests", 0.1 * pictures, prices.FILE_READS)


def messages(month: Month, stack: Stack) -> Iterator[Line]:
    """A message is sent, received and deleted; and Lambda asks for messages all the time."""
    yield Line("SQS", "orders", 3 * month.orders, prices.QUEUES)
    yield Line("SQS", "Lambda's polling", POLLS * stack.queues, prices.QUEUES)
    yield Line("SES", "mails", month.orders, prices.MAILS)


def watching(taken: dict[str, float], figures: Figures, machine: Machine) -> Iterator[Line]:
    """Logs, metrics and traces. Two of the steps share a route with another: a little too dear."""
    invocations = sum(taken.values())
    own = sum(count * figures.steps[name].log_bytes for name, count in taken.items())
    asked = [count for name, count in taken.items() if name not in BACKGROUND and count]
    logs = (own + invocations * machine.log_bytes + sum(asked) * machine.access_bytes) / GB
    endpoints = 1 + sum(count > 0 for count in taken.values())  # and a process's own warm-up
    busy = endpoints > 2
    metrics = (STAGE_METRICS if busy else IDLE_METRICS) + ENDPOINT_METRICS * endpoints
    always = min(invocations, TRACES_A_SECOND * 60 * MINUTES)
    traces = always + TRACED * (invocations - always)
    yield Line("CloudWatch", "logs", logs, prices.LOGS)
    yield Line("CloudWatch", "logs kept", logs * machine.log_months, prices.LOG_STORAGE)
    yield Line("CloudWatch", "metrics of the shop", metrics, prices.METRICS)
    yield Line("CloudWatch", "metrics of the API", GATEWAY_METRICS * len(asked), prices.METRICS)
    yield Line("X-Ray", "traces", traces, prices.TRACES)


def fixed(stack: Stack) -> Iterator[Line]:
    """What costs the same whoever comes."""
    yield Line("CloudWatch", "alarms", stack.alarms, prices.ALARMS)
    yield Line("CloudWatch", "dashboards", stack.dashboards, prices.DASHBOARDS)
    yield Line("WAF", "web ACLs", stack.firewalls, prices.FIREWALLS)
    yield Line("WAF", "rules", stack.firewall_rules, prices.FIREWALL_RULES)
    yield Line("Secrets Manager", "secrets", stack.secrets, prices.SECRETS)
