"""One run: who lives in it, how it ends, and what is said of it."""

import json
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

from tqdm import tqdm

from catalog.roles import CATALOG_MANAGERS
from orders.roles import ORDER_CLERKS
from tests.soak import audits
from tests.soak.buyers import Buyer, Customer, Reader
from tests.soak.clerk import Clerk
from tests.soak.journal import Journal
from tests.soak.managers import Manager
from tests.soak.people import Person, World
from tests.soak.shopfront import audit_pages
from tests.soak.stack import Stack

KINDS = (Buyer, Customer, Buyer, Customer, Reader)
HOT = 3  # products that all managers change
RENAMED = 3  # categories that both managers rename
PLENTY = 150  # pieces of every second SKU at first; of the others there are few
SETTLING = 120.0  # seconds until all orders must have ended
MOST_LISTED = 60  # faults in the report


class Soak:
    def __init__(
        self,
        stack: Stack,
        *,
        seconds: float,
        buyers: int,
        seed: int,
        processes: int = 3,
        pace: float = 1.0,
    ):
        self.stack, self.seconds, self.seed, self.pace = stack, seconds, seed, pace
        self.buyers, self.processes = buyers, processes
        self.journal, self.told = Journal(), 0

    def run(self) -> Journal:
        staff = {"manager-1": CATALOG_MANAGERS, "manager-2": CATALOG_MANAGERS}
        staff["clerk"] = ORDER_CLERKS
        names = [f"buyer-{number:02}" for number in range(self.buyers)]
        self.stack.prepare("tests.soak.prepare", json.dumps(staff | dict.fromkeys(names, "")))
        for number, sku in enumerate(sorted(audits.read_tables(self.stack).rows["catalog_stock"])):
            if number % 2:
                self.stack.set_stock(sku, PLENTY)
        before = audits.read_tables(self.stack)
        with self.stack.running(self.processes) as edge:
            until = time.monotonic() + self.seconds
            world = World(edge, self.journal, self.stack, self.seed, until, self.pace)
            people, self.clerk = self.people(world, names, before)
            try:
                self.live(people, until)
            finally:
                world.until = 0.0  # also when this is interrupted
            self.settle(world)
            self.audit(world, before)
            self.read_log()
        return self.journal

    def people(
        self, world: World, names: list[str], before: audits.Tables
    ) -> tuple[list[Person], Clerk]:
        ids = sorted(before.rows["catalog_product"])
        hot = ids[:: max(1, len(ids) // HOT)][:HOT]
        others = [each for each in ids if each not in hot]
        categories = sorted(before.rows["catalog_category"])[:RENAMED]
        clerk = Clerk(world, "clerk", 3)
        people: list[Person] = [clerk]
        known = {"hot": hot, "others": others, "categories": categories}
        people += [Manager(world, f"manager-{n}", n, **known) for n in (1, 2)]
        people += [
            KINDS[place % len(KINDS)](world, name, place + 10) for place, name in enumerate(names)
        ]
        return people, clerk

    def live(self, people: list[Person], until: float) -> None:
        threads = [threading.Thread(target=person.live, name=person.name) for person in people]
        for thread in threads:
            thread.start()
        with tqdm(total=round(self.seconds), unit="s", mininterval=5) as bar:
            while time.monotonic() < until:
                time.sleep(min(1.0, max(0.0, until - time.monotonic())))
                bar.update(round(self.seconds - (until - time.monotonic())) - bar.n)
                self.tell(bar)
        for thread in threads:
            thread.join()

    def tell(self, bar: Any) -> None:
        """The bar's figures, and faults as soon as there are some."""
        for fault in list(self.journal.faults)[self.told :]:
            bar.write(fault, file=sys.stderr)
            self.told += 1
        journal = self.journal
        bar.set_postfix(
            requests=journal.total, orders=len(journal.orders), faults=self.told, refresh=False
        )

    def settle(self, world: World) -> None:
        """Wait until orders have ended, the clerk ending those that are held."""
        world.until = time.monotonic() + SETTLING
        world.pace = 0.1
        while world.running and (under_way := self.under_way()):
            if "held" in under_way:
                self.clerk.end_held()
            time.sleep(1)
        with suppress(StopIteration):
            while world.running and next(audits.audit_queues(self.stack)):
                time.sleep(1)

    def under_way(self) -> set[str]:
        mails = self.stack.rows("mails_mail")
        told = {row["about"] for row in mails if row.get("sent_at") or row.get("problem")}
        orders = self.stack.rows("orders_order")
        return {row["status"] for row in orders if row["number"] not in told}

    def audit(self, world: World, before: audits.Tables) -> None:
        stack, journal = self.stack, self.journal
        after, orders = audits.read_tables(stack), stack.rows("orders_order")
        visitor = Person(world, "visitor", 9)
        checks: dict[str, Callable[[], Iterator[str]]] = {
            "saves": lambda: audits.audit_saves(journal, before, after),
            "history": lambda: audits.audit_history(journal, stack),
            "stock": lambda: audits.audit_stock(journal, before, after, orders),
            "orders": lambda: audits.audit_orders(journal, stack, orders),
            "queues": lambda: audits.audit_queues(stack),
            "pages": lambda: audit_pages(visitor, after),
        }
        self.ends: dict[str, int] = defaultdict(int)
        for order in orders:
            reason = str(order["reason"]).split(":")[0].split(" EUR")[0]
            self.ends[f"{order['status']} {reason}".strip()] += 1
        for name, check in checks.items():
            for fault in check():
                journal.fault(f"[{name}] {fault}")

    def read_log(self) -> None:
        """What the function logged as an error, but for held orders, which it must."""
        for line in self.stack.log().splitlines():
            wrong = " ERROR " in line or " CRITICAL " in line or line.startswith("Traceback")
            if wrong and " is held: " not in line:
                self.journal.fault(f"[log] {line[:300]}")


def report(soak: Soak) -> str:
    journal = soak.journal
    lines = [f"\n{journal.total} requests in {soak.seconds:.0f} s, seed {soak.seed}", ""]
    for (role, kind, status), number in sorted(journal.answers.items()):
        lines.append(f"  {role:9} {kind:60} {status} {number:7}")
    lines += ["", "Seconds of an answer, 50 % / 95 % / 99 % of them within"]
    lines += [f"  {role:9} {journal.latency(role)}" for role in sorted(journal.seconds)]
    lines += ["", "Links"]
    lines += [
        f"  {kind:70} {how} {number:7}" for (kind, how), number in sorted(journal.links.items())
    ]
    for title, counted in (
        ("Refused, for what others did", journal.refusals),
        ("What people did", journal.deeds),
        ("Orders", soak.ends),
        ("Told that it is saved", journal.written),
        ("Fields", tell_saves(journal)),
    ):
        lines += ["", title]
        lines += [f"  {what:70} {number:7}" for what, number in sorted(counted.items())]
    lines += ["", f"{len(journal.faults)} different faults"]
    lines += [f"  {n:4} × {fault}" for fault, n in journal.faults.most_common(MOST_LISTED)]
    return "\n".join(lines)


def tell_saves(journal: Journal) -> dict[str, int]:
    told: dict[str, int] = defaultdict(int)
    for save in journal.saves:
        told[f"{save.table} {save.field} {save.told}"] += 1
    return told
