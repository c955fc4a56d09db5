"""The clerk: finds orders by what customers say, opens them, ends the held ones."""

import re
import time

from tests.soak.journal import Placed
from tests.soak.pages import Reply, Staff

ORDERS = "/admin/orders/order/"
NUMBER = re.compile(r"/admin/orders/order/([0-9A-Z-]{14})/change/")
ENDED = re.compile(r"(\d+) orders? cancelled")
SETTLED = 20.0  # seconds after which an order is surely in all indexes


class Clerk(Staff):
    role = "clerk"

    def work(self) -> None:
        deeds = (self.search, self.look_through, self.end_held)
        self.rng.choices(deeds, (50, 30, 20))[0]()

    def known(self) -> list[Placed]:
        now = time.monotonic()
        return [each for each in list(self.journal.orders.values()) if now - each.at > SETTLED]

    def search(self) -> None:
        """By number, in the ways that it is said, or by the address: it must be found."""
        orders = self.known()
        if not orders:
            return
        order = self.rng.choice(orders)
        term = self.rng.choice(
            [order.number, order.number.replace("-", "").lower(), order.email, order.email[:-4]]
        )
        self.open(f"{ORDERS}?q={term}")
        found = self.numbers_shown
        self.journal.did("searched for an order")
        if order.number not in found:
            self.journal.fault(f"{order.number} is not found by {term!r}: {sorted(found)[:5]}")
            return
        self.think(2)
        self.open(f"{ORDERS}{order.number}/change/")

    def look_through(self) -> None:
        status = self.rng.choice(("open", "confirmed", "cancelled", "expired", "held"))
        self.open(f"{ORDERS}?status={status}")
        numbers = sorted(self.numbers_shown)
        if numbers:
            self.think(2)
            self.open(f"{ORDERS}{self.rng.choice(numbers)}/change/")

    def end_held(self) -> None:
        """Cancel what is held, as if its charge had been refunded, perhaps with two clicks."""
        address = f"{ORDERS}?status=held"
        self.open(address)
        numbers = sorted(self.numbers_shown)
        if not numbers:
            return
        chosen, times = numbers[:3], 2 if self.chance(0.4) else 1
        replies = self.act_on(address, "cancel_held_orders", chosen, times)
        done = sum(ended_by(reply) for reply in replies)  # two clicks may share the work
        self.journal.did("ended held orders")
        self.journal.wrote("held orders", done)
        if done != len(chosen):
            said = [reply.said for reply in replies]
            self.journal.fault(f"held {chosen} were ended {done} times: {said}"[:600])

    @property
    def numbers_shown(self) -> set[str]:
        return set(NUMBER.findall(self.shown))


def ended_by(reply: Reply) -> int:
    """How many orders this answer says to have ended."""
    found = ENDED.match(reply.says("cancelled, stock given back"))
    return int(found[1]) if found else 0
