"""Whether each unique value has its guard, and each guard its row. Nothing but time to live, bulk
loading, hands and faults lets them part."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from dynamodb.errors import ConflictError
from dynamodb.rows.changes import Lapsed
from dynamodb.rows.commit import Taken, write_together
from dynamodb.rows.guards import GUARD_KEY, GUARD_OWNER, as_found, claim, guard_delete
from dynamodb.rows.store import Store
from dynamodb.rows.writes import Guard
from dynamodb.scans import scan_policy
from dynamodb.tables.table import Key, Table, Unique, plain_table
from dynamodb.tables.values import Item


@dataclass(frozen=True)
class Finding:
    """A guard and the row that it is, or should be, of."""

    kind: str  # "without its row", "without a guard", "of two rows"
    table: Table
    unique: Unique
    guard: str
    key: Key  # of the row

    def __str__(self) -> str:
        key = ", ".join(map(str, self.key))
        return f"{self.guard}: {self.kind} ({self.table.sql_name} {key})"


def audit(store: Store, tables: Iterable[Table]) -> Iterator[Finding]:
    """What is wrong, each looked at once more before it is told: the shop may go on meanwhile.

    Reads all guards, and all rows of tables that have unique values.
    """
    guards = read_guards(store)
    for table in tables:
        if not table.uniques:
            continue
        known = guards.pop(table.sql_name, {})
        for row in rows(store, table):
            for guard, unique in table.guards(row).items():
                key = table.key_of(row)
                owner = known.pop(guard, None)
                if owner is None or table.key_of(owner) != key:
                    finding = Finding("without a guard", table, unique, guard, key)
                    yield from looked_at(store, finding)
        by_label = {unique.label: unique for unique in table.uniques}
        for guard, owner in known.items():
            meant = by_label.get(guard.split("#", 2)[1])  # None: of a constraint that is no more
            if meant is not None:
                finding = Finding("without its row", table, meant, guard, table.key_of(owner))
                yield from looked_at(store, finding)


def looked_at(store: Store, finding: Finding) -> Iterator[Finding]:
    """The finding as it is now, if it still is one."""
    table, guard, key = finding.table, finding.guard, finding.key
    store.forget()
    row, owner = store.read(table, key), store.guard(guard)
    holds = guard in table.guards(row)
    is_owner = owner is not None and table.key_of(owner) == key
    if holds and owner is None:
        yield Finding("without a guard", table, finding.unique, guard, key)
    elif holds and not is_owner and owner is not None:
        other = store.read(table, table.key_of(owner))
        kind = "of two rows" if guard in table.guards(other) else "without a guard"
        yield Finding(kind, table, finding.unique, guard, key)
    elif is_owner and not holds:
        yield Finding("without its row", table, finding.unique, guard, key)


def mend(store: Store, finding: Finding) -> bool:
    """Give the row its guard, or take away the guard; whether it was done. Two rows that share a
    value are left to people, and so is what changes at this moment."""
    table, unique, guard, key = finding.table, finding.unique, finding.guard, finding.key
    row = store.read(table, key)
    lapsed = Lapsed(table, unique, key, row)
    if finding.kind == "without its row":
        writes = [guard_delete(guard, table, key, store.guard_table), as_found([lapsed])]
    elif finding.kind == "without a guard" and row is not None:
        owner = store.guard(guard)
        previous = table.key_of(owner) if owner else None
        writes = [
            claim(Guard(table, unique, guard), key, previous, store.guard_table),
            as_found([lapsed]),  # that it still has the value, this time
        ]
    else:
        return False
    try:
        write_together(writes, store.client)
    except (ConflictError, Taken):
        return False
    return True


def rows(store: Store, table: Table) -> Iterator[Item]:
    with scan_policy("allow"):
        store.forget()
        for page in store.scan(table):
            yield from page


def read_guards(store: Store) -> dict[str, dict[str, Item]]:
    """By SQL table name: the guards' keys, and the primary keys of their owners."""
    found: dict[str, dict[str, Item]] = {}
    for item in rows(store, plain_table(store.guard_table, GUARD_KEY)):
        guard = item[GUARD_KEY]["S"]
        found.setdefault(guard.partition("#")[0], {})[guard] = item[GUARD_OWNER]["M"]
    return found
