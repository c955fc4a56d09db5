"""What customers do, and what Lambda waits for: assumed, not measured. Change them here."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Habits:
    """Of an average visit, cart and order; shares are of 1."""

    lists: float = 1.0  # first page of all products, a visit
    shelves: float = 1.0  # first page of a category, a visit
    trees: float = 1.0  # the categories, a visit
    pages: float = 3.0  # products looked at, a visit
    cached: float = 0.5  # share of these that CloudFront answers: each is kept a minute
    pictures: float = 20.0  # a visit
    picture_bytes: float = 40_000.0
    site_requests: float = 5.0  # a visit: page, script, style
    site_bytes: float = 300_000.0  # a visit
    abandoned: float = 0.7  # share of carts that nobody orders
    cart_views: float = 2.0  # of each cart
    status_views: float = 3.0  # of each order
    mistyped: float = 0.02  # wrong passwords, a visit
    blocked: float = 0.002  # attempts to sign in beyond the limit, a visit
    suspicious: float = 0.02  # share of requests that the firewall blocks or counts
    queries: float = 30.0  # a month, each over a month's log


@dataclass(frozen=True)
class Machine:
    """The function on Lambda. Its memory is that of zappa_settings.json."""

    memory: float = 1024.0  # MB
    full_core: float = 1769.0  # MB at which AWS gives one whole vCPU (its documentation)
    cold: float = 0.01  # share of invocations that start a process: assumed
    log_bytes: float = 500.0  # of Lambda's own three lines an invocation: assumed
    access_bytes: float = 350.0  # of API Gateway's line a request: assumed
    log_months: float = 3.0  # that they are kept: LogDays of production
    edge_log_bytes: float = 100.0  # of CloudFront's line a request, compressed: assumed
    firewall_log_bytes: float = 1500.0  # of a request that it logs: assumed

    def billed(self, cpu: float, waiting: float) -> float:
        """Milliseconds: CPU as of one core here, on the share of a core there; and waiting."""
        return cpu / min(1.0, self.memory / self.full_core) + waiting


# Milliseconds until AWS answers, within the region: assumed.
ANSWER = {
    "GetItem": 4.0,
    "BatchGetItem": 6.0,
    "Query": 5.0,
    "Scan": 6.0,  # of a table that is nearly empty
    "PutItem": 6.0,
    "UpdateItem": 6.0,
    "DeleteItem": 6.0,
    "TransactWriteItems": 20.0,
}
ALSO_WAITS = {  # SQS takes a message; SES a mail
    "checkout": 15.0,
    "process the order": 15.0,
    "mail the order": 120.0,
}

HABITS, MACHINE = Habits(), Machine()
