"""Whether what is stored follows from what people were told. Each finding is a fault."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from tests.endtoend.deployment import states
from tests.soak.journal import Journal, Placed, Save
from tests.soak.stack import Stack

Row = dict[str, Any]
KEYS = {
    "catalog_category": "id",
    "catalog_product": "id",
    "catalog_variant": "sku",
    "catalog_stock": "sku",
}


@dataclass(frozen=True)
class Tables:
    """Rows of the catalogue by table and key, at one moment."""

    rows: dict[str, dict[str, Row]]

    def value(self, table: str, key: str, field: str) -> Any:
        return self.rows[table].get(key, {}).get(field)


def read_tables(stack: Stack) -> Tables:
    return Tables(
        {table: {str(row[key]): row for row in stack.rows(table)} for table, key in KEYS.items()}
    )


def plain(value: Any) -> str:
    """Numbers as they count, texts as they are."""
    if isinstance(value, Decimal | int):
        return str(Decimal(value).normalize())
    text = str(value)
    return str(Decimal(text).normalize()) if text.replace(".", "", 1).isdecimal() else text


# No save undone -------------------------------------------------------------------------------


def audit_saves(journal: Journal, before: Tables, after: Tables) -> Iterator[str]:
    by_field: dict[tuple[str, str, str], list[Save]] = defaultdict(list)
    for save in journal.saves:
        by_field[save.table, save.key, save.field].append(save)
    for (table, key, field), saves in by_field.items():
        first, last = before.value(table, key, field), after.value(table, key, field)
        if field == "available":
            continue  # sales change it, too: see `audit_stock`
        check = follows if field == "status" else is_chain
        for fault in check(saves, plain(first), plain(last)):
            yield f"{table} {key} {field}: {fault}"


def is_chain(saves: list[Save], first: str, last: str) -> Iterator[str]:
    """Each value that was saved was typed over the one before it: none was lost, none came back."""
    saved = [save for save in saves if save.told == "saved"]
    values = [first, *(plain(save.typed) for save in saved)]
    replaced = Counter(plain(save.shown) for save in saved if save.shown is not None)
    unknown = sum(save.shown is None for save in saved)
    for value, times in replaced.items():
        if times > 1:
            yield f"{times} saves were accepted over the same {value!r}"
        if value not in values:
            yield f"a save was accepted over {value!r}, which nobody saved"
    standing = [value for value in values if value not in replaced]
    if last not in standing or len(standing) != 1 + unknown:
        yield f"stored is {last!r}, but of what was saved {standing!r} was never replaced"


def follows(saves: list[Save], first: str, last: str) -> Iterator[str]:
    """The stored value is one that no later save can have replaced."""
    saved = [save for save in saves if save.told == "saved"]
    newest = [
        plain(save.typed) for save in saved if not any(other.began > save.ended for other in saved)
    ] or [first]
    if last not in newest:
        yield f"stored is {last!r}, but the last saves said {newest!r}"


def audit_history(journal: Journal, stack: Stack) -> Iterator[str]:
    """Each submission that was saved has one entry, and there are no others."""
    entries, told = stack.rows("django_admin_log"), journal.written.total()
    if len(entries) != told:
        yield f"the history has {len(entries)} entries, but {told} times it said that it saved"


# Stock ----------------------------------------------------------------------------------------


def audit_stock(
    journal: Journal, before: Tables, after: Tables, orders: Iterable[Row]
) -> Iterator[str]:
    """What was there and was counted, less what is sold, is what is there."""
    counts: dict[str, list[Save]] = defaultdict(list)
    for save in journal.saves:
        if save.field == "available" and save.told == "saved":
            counts[save.key].append(save)
    sold: Counter[str] = Counter()
    for order in orders:
        if order["status"] != "cancelled":
            for line in read_json(order["lines"]):
                sold[line["sku"]] += int(line["quantity"])
    for sku, row in after.rows["catalog_stock"].items():
        start = before.rows["catalog_stock"][sku]
        counted = possible_sums(counts[sku])
        there, promised = int(row["available"]), int(row["reserved"])
        found = there + sold[sku] - int(start["available"])
        if found not in counted or promised != int(start["reserved"]) + sold[sku]:
            yield (
                f"stock of {sku}: {there} there, {promised} promised, {sold[sku]} sold, "
                f"{start['available']} at first; {found:+} came in, of {sorted(counted)} "
                f"that was said: {counts[sku]}"
            )
        if there < 0 or promised < 0:
            yield f"stock of {sku} is below zero: {there}, {promised}"


def possible_sums(saves: list[Save]) -> set[int]:
    """What the counts of one SKU can come to.

    Who counts from a page that somebody else's count has made stale is refused, unless both
    found the same number: that is there already, and adds nothing.
    """
    overtaken = {id(save): overtaking(save, saves) for save in saves}
    sums = {0}
    for save in saves:
        sure = [other for other in overtaken[id(save)] if not overtaken[id(other)]]
        stale = any(o.began > save.opened[1] and o.ended < save.began for o in sure)
        adds = set() if stale else {save.typed - save.shown}
        adds |= {0} if overtaken[id(save)] else set()
        sums = {each + added for each in sums for added in adds}
    return sums


def overtaking(save: Save, saves: list[Save]) -> list[Save]:
    """Those that may have been made between the page of this one and the end of it."""
    others = [other for other in saves if other is not save]
    return [o for o in others if o.ended > save.opened[0] and o.began < save.ended]


# Orders ---------------------------------------------------------------------------------------


def audit_orders(journal: Journal, stack: Stack, orders: list[Row]) -> Iterator[str]:
    by_number = {row["number"]: row for row in orders}
    told = {order.number: order for order in journal.orders.values()}
    yield from (f"order {number} is lost" for number in told.keys() - by_number.keys())
    yield from (f"nobody was told of order {number}" for number in by_number.keys() - told.keys())
    for number in told.keys() & by_number.keys():
        row, order = by_number[number], told[number]
        path = states(row)
        if row["email"] != order.email:
            yield f"order {number} is of {row['email']}, not of {order.email}"
        if row["status"] not in {"confirmed", "cancelled"}:
            yield f"order {number} has not ended: {path}"
        elif order.method == "test-declined" and row["status"] != "cancelled":
            yield f"order {number} was declined, and went {path}"
        elif order.method == "test-ok" and row["status"] == "cancelled":
            known = row["reason"].startswith("sold out") or order.overcharged
            yield from () if known else (f"order {number} was cancelled for {row['reason']!r}",)
        if len(set(path)) != len(path):
            yield f"order {number} went {path}"
    yield from audit_charges(stack, by_number, told)
    yield from audit_mails(stack, by_number)


def audit_charges(
    stack: Stack, orders: dict[str, Row], told: Mapping[str, Placed]
) -> Iterator[str]:
    """One for each order that reached the gateway, of its total. Where a buyer of ours had put a
    wrong one there before, an order that was sold out has never asked for it."""
    charges = {row["reference"]: row for row in stack.rows("payments_testcharge")}
    yield from (f"charge {each} is of no order" for each in charges.keys() - orders.keys())
    for number, order in orders.items():
        sold_out = order["reason"].startswith("sold out")
        charge = charges.get(number)
        planted = number in told and told[number].overcharged
        if (charge is None) != sold_out and not (sold_out and planted):
            yield f"order {number} ({order['status']}, {order['reason']}) has charge {charge}"
        elif charge is not None and order["status"] == "confirmed":
            paid = charge["status"] == "charged" and charge["amount"] == order["total"]
            yield from () if paid else (f"order {number} of {order['total']} has charge {charge}",)


def audit_mails(stack: Stack, orders: dict[str, Row]) -> Iterator[str]:
    """One about each order: no process died."""
    emails = {row["email"]: number for number, row in orders.items()}
    buyers: Any = [type("Somebody", (), {"email": email}) for email in emails]
    sent = Counter(email for email, _ in stack.mails(buyers))
    for email, number in emails.items():
        if sent[email] != 1:
            yield f"{sent[email]} mails went out about order {number}"


def audit_queues(stack: Stack) -> Iterator[str]:
    yield from (f"{n} messages are left in {queue}" for queue, n in stack.left_in_queues().items())
    outbox = stack.rows("outbox_outboxmessage")
    if outbox:
        yield f"{len(outbox)} messages are left in the outbox"


def read_json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value
