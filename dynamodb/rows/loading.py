"""Rows and their guards written in bulk, without a transaction: loaded, or moved by a migration."""

from __future__ import annotations

from collections.abc import Iterable

from dynamodb.rows.batches import write_batches
from dynamodb.rows.guards import GUARD_KEY, GUARD_OWNER, owner_of
from dynamodb.rows.store import Store
from dynamodb.tables.table import Table
from dynamodb.tables.values import Item


def put_rows(store: Store, table: Table, rows: Iterable[Item]) -> None:
    """Write rows and their guards, whatever was there; not atomic."""
    rows = list({table.key_of(row): row for row in rows}.values())
    puts = [{"PutRequest": {"Item": {**row, **table.derived(row)}}} for row in rows]
    write_batches(store.client, table.name, puts)
    for row in rows:
        put_guards(store, table, row, table.guards(row))
    store.forget()


def put_guards(store: Store, table: Table, row: Item, guards: Iterable[str]) -> None:
    """Claim unique values for a row, whoever had them."""
    owner = owner_of(table, table.key_of(row))
    items = [{GUARD_KEY: {"S": guard}, GUARD_OWNER: owner} for guard in guards]
    puts = [{"PutRequest": {"Item": item}} for item in items]
    write_batches(store.client, store.guard_table, puts)


def delete_guards(store: Store, guards: Iterable[str]) -> None:
    requests = [{"DeleteRequest": {"Key": {GUARD_KEY: {"S": guard}}}} for guard in guards]
    write_batches(store.client, store.guard_table, requests)
