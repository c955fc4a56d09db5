"""What an order asks of each thing that can give way, from the measured steps."""

from dataclasses import dataclass

from benchmarks.cost.bill import BACKGROUND, Month, steps_of
from benchmarks.cost.figures import Figures
from benchmarks.scale.limits import (
    PARTITION_WRITES,
    Setup,
)

CHECKOUT, PROCESS, MAIL = "checkout", "process the order", "mail the order"
INDEX = "orders_order/order_standing"
# Units of one order at each status's key of the index `order_standing`: put there, and taken
# away. Checkout makes `open`; the process does the rest.
STATUSES = {
    "open": (1.0, 1.0),
    "confirmed": (0.0, 1.0),
}
GATEWAY_TABLE = "payments_testcharge"  # the test gateway's: a real one has none


@dataclass(frozen=True)
class Constraint:
    """Units a second that there are, and that a customer's part and the queue's part take."""

    name: str
    limit: float
    buying: float
    processing: float

    @property
    def orders(self) -> float:
        """Orders a second at which it gives way."""
        return self.limit / (self.buying + self.processing)


@dataclass(frozen=True)
class Demand:
    """Of one order, with the carts that nobody orders: API requests, and seconds of Lambda.

    `requests` are those beside the checkout itself.
    """

    requests: float
    buying_seconds: float
    processing_seconds: float
    constraints: list[Constraint]


def demand_of(figures: Figures, setup: Setup, *, hot: bool) -> Demand:
    """`hot`: every order has the same SKU in it."""
    counts = steps_of(Month(orders=1.0, visits=0.0))
    buying = {name: count for name, count in counts.items() if name not in BACKGROUND and count}
    steps = figures.steps
    return Demand(
        requests=sum(buying.values()) - buying[CHECKOUT],
        buying_seconds=sum(n * steps[name].billed_ms() for name, n in buying.items()) / 1000,
        processing_seconds=sum(steps[name].billed_ms() for name in (PROCESS, MAIL)) / 1000,
        constraints=[
            *tables(figures, setup, buying),
            *keys(figures, setup),
            *([stock(figures, setup), sales(setup)] if hot else []),
        ],
    )


def tables(figures: Figures, setup: Setup, buying: dict[str, float]) -> list[Constraint]:
    """Each table and index as a whole, however well its keys are spread."""
    steps = figures.steps
    places = {place for name in (*buying, PROCESS, MAIL) for place in steps[name].units}
    made = [
        Constraint(
            f"writes of {place}",
            setup.warm,
            sum(count * steps[name].writes_at(place) for name, count in buying.items()),
            sum(steps[name].writes_at(place) for name in (PROCESS, MAIL)),
        )
        for place in sorted(places - {GATEWAY_TABLE})
    ]
    return [each for each in made if each.buying + each.processing]


def keys(figures: Figures, setup: Setup) -> list[Constraint]:
    """Keys whose rows sort by time: a partition is never split for them."""
    return [
        *(
            Constraint(
                f"key {status} of {INDEX}", PARTITION_WRITES * setup.status_parts, made, moved
            )
            for status, (made, moved) in STATUSES.items()
        ),
    ]


def stock(figures: Figures, setup: Setup) -> Constraint:
    """The hot SKU's item: one of the two lines of the measured order."""
    units = figures.steps[PROCESS].writes_at("catalog_stock") / 2
    return Constraint("writes of one SKU's stock", PARTITION_WRITES * setup.stock_parts, 0.0, units)


def sales(setup: Setup) -> Constraint:
    """Transactions on one item come one after the other."""
    return Constraint("sales of one SKU in turn", setup.stock_parts / setup.sale, 0.0, 1.0)
