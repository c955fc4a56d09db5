"""What happened: every answer, link, order and save, written down as it happens."""

import re
import threading
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from itertools import count
from statistics import quantiles
from typing import Any

# What is one thing of many in an address, by the name that stands for it in the report.
PARTS = (
    (re.compile(r"^/images/.+"), "/images/…"),
    (re.compile(r"^/static/.+"), "/static/…"),
    (re.compile(r"/[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}/"), "/{number}/"),
    (re.compile(r"/\d+/"), "/{id}/"),
    (re.compile(r"(?<=/products/)[^/]+/"), "{slug}/"),
    (re.compile(r"(?<=/lines/)[^/]+/"), "{sku}/"),
)


@dataclass(frozen=True)
class Save:
    """A change that somebody asked for: of one field of one row, between two moments.

    `shown` is what the form had there, None where that is not known, and `opened` the two moments
    between which it was made; `told` is how the shop answered: saved, already, refused or unknown.
    """

    who: str
    table: str
    key: str
    field: str
    shown: Any
    typed: Any
    began: float
    ended: float
    told: str
    opened: tuple[float, float]


@dataclass
class Placed:
    """An order that a buyer was told of. `key` is the checkout's Idempotency-Key."""

    number: str
    key: str
    email: str
    method: str
    at: float
    overcharged: bool = False


@dataclass
class Journal:
    faults: Counter[str] = field(default_factory=Counter)
    answers: Counter[tuple[str, str, int]] = field(default_factory=Counter)
    refusals: Counter[str] = field(default_factory=Counter)
    links: Counter[tuple[str, str]] = field(default_factory=Counter)
    followed: Counter[str] = field(default_factory=Counter)
    deeds: Counter[str] = field(default_factory=Counter)
    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    orders: dict[str, Placed] = field(default_factory=dict)
    saves: list[Save] = field(default_factory=list)
    written: Counter[str] = field(default_factory=Counter)  # entries of the history that there are
    lock: threading.Lock = field(default_factory=threading.Lock)
    numbers: Any = field(default_factory=lambda: count(1))

    def fault(self, what: str) -> None:
        """Something is wrong, and the run has failed."""
        with self.lock:
            self.faults[what] += 1

    def answered(self, role: str, kind: str, status: int, seconds: float) -> None:
        with self.lock:
            self.answers[role, kind, status] += 1
            self.seconds[role].append(seconds)

    def refused(self, what: str) -> None:
        """An answer of 400 or above that has its reason in what others did."""
        with self.lock:
            self.refusals[what] += 1

    def did(self, what: str) -> None:
        with self.lock:
            self.deeds[what] += 1

    def first_time(self, address: str, most: int = 1) -> bool:
        """Whether this address is to be followed: the first `most` times."""
        with self.lock:
            self.followed[address] += 1
            return self.followed[address] <= most

    def led(self, address: str, how: str) -> None:
        with self.lock:
            self.links[kind_of(address), how] += 1

    def placed(self, order: Placed) -> None:
        """Note an order; a key that has another one already is a fault."""
        with self.lock:
            known = self.orders.setdefault(order.key, order)
        if known.number != order.number:
            self.fault(f"key {order.key} ordered {known.number} and {order.number}")

    def saved(self, *saves: Save) -> None:
        with self.lock:
            self.saves += saves

    def wrote(self, what: str, entries: int = 1) -> None:
        """The shop said that it saved so many things, each of which its history names."""
        with self.lock:
            self.written[what] += entries

    def unique(self) -> int:
        return int(next(self.numbers))

    @property
    def total(self) -> int:
        return self.answers.total()

    def latency(self, role: str) -> str:
        if len(self.seconds[role]) < 2:
            return "-"
        cuts = quantiles(self.seconds[role], n=100)
        return f"{cuts[49] * 1000:.0f} / {cuts[94] * 1000:.0f} / {cuts[98] * 1000:.0f} ms"


def kind_of(path: str) -> str:
    """The address without its query, its particular parts by name."""
    path = path.split("?")[0].removeprefix("https://shop.test")
    for pattern, name in PARTS:
        path = pattern.sub(name, path)
    return path
