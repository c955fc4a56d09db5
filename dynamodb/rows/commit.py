"""A transaction's buffered changes as one call: a single write, or TransactWriteItems."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db.utils import DatabaseError

from dynamodb.client.client import Client
from dynamodb.client.refusals import ServiceError, UnknownOutcome
from dynamodb.conflicts import note_commit
from dynamodb.errors import ConflictError, TransactionTooLarge
from dynamodb.rows.buffer import Buffer
from dynamodb.rows.changes import Address
from dynamodb.rows.guards import GUARD_OWNER, guard_writes
from dynamodb.rows.refusals import translate
from dynamodb.rows.writes import Guard, Write, row_writes
from dynamodb.tables.table import Key
from dynamodb.tables.values import AttributeValue, Item

MOST_WRITES = 100
_in_parts: ContextVar[bool] = ContextVar("dynamodb_commits_in_parts", default=False)


@contextmanager
def commits_in_parts() -> Iterator[None]:
    """Let a commit of over 100 writes go in parts, each atomic, the whole not; a row and its
    guards are always in one."""
    token = _in_parts.set(True)
    try:
        yield
    finally:
        _in_parts.reset(token)


@contextmanager
def commits_whole() -> Iterator[None]:
    """Inside `commits_in_parts`: not these."""
    token = _in_parts.set(False)
    try:
        yield
    finally:
        _in_parts.reset(token)


@contextmanager
def committing() -> Iterator[None]:
    """What is written inside is noted; so is what nobody knows to have been written or not."""
    try:
        yield
    except UnknownOutcome:
        note_commit()
        raise
    note_commit()


def commit(buffer: Buffer, client: Client, guard_table: str) -> None:
    """Write all changes or none.

    Raises Taken for a unique value that has a guard, IntegrityError for other duplicates,
    ConflictError where a row is no longer what the transaction read, TransactionTooLarge
    beyond 100 writes.
    """
    writes = [
        *row_writes(buffer.changes.values()),
        *guard_writes(buffer, guard_table),
        *buffer.companions,
    ]
    if all(write.kind == "ConditionCheck" for write in writes):
        return  # only locks: nothing depends on them
    if len(writes) > MOST_WRITES and (buffer.companions or not _in_parts.get()):
        raise TransactionTooLarge(
            f"This transaction holds {len(writes)} writes; DynamoDB commits at most "
            f"{MOST_WRITES} at once (unique values count as one each). Split it, or use "
            "dynamodb.bulk, which loads, updates and deletes in parts, and is not atomic."
        )
    for part in parts(writes):
        with committing():
            if len(part) == 1:  # half the price of a transaction of one
                write_one(part[0], client)
            else:
                write_together(part, client)
        buffer.settle(row for write in part for row in write.rows)


def parts(writes: list[Write]) -> Iterator[list[Write]]:
    """At most 100 writes each. What stands for one row is in one part: itself, and the guards that
    it takes and gives away; so are two rows of which one has taken what the other gave."""
    if len(writes) <= MOST_WRITES:
        yield writes
        return
    group_of: dict[Address, list[Write]] = {}
    for write in writes:
        group = [write]
        known = {id(group_of[row]): group_of[row] for row in write.rows if row in group_of}
        for other in known.values():
            group = other + group
        rows = {row for each in group for row in each.rows}
        group_of |= dict.fromkeys(rows, group)
    part: list[Write] = []
    for group in {id(group): group for group in group_of.values()}.values():
        if len(group) > MOST_WRITES:
            raise TransactionTooLarge(
                f"{len(group)} writes belong together, since their rows hand unique values to each "
                f"other; DynamoDB commits at most {MOST_WRITES} at once."
            )
        if len(part) + len(group) > MOST_WRITES:
            yield part
            part = []
        part = part + group
    yield part


def write_one(write: Write, client: Client) -> None:
    params = {**write.params, "ReturnValuesOnConditionCheckFailure": "ALL_OLD"}
    try:
        client.call(f"{write.kind}Item", params, repeatable=write.repeatable)
    except ServiceError as error:
        if error.code != "ConditionalCheckFailedException":
            raise translate(error) from error
        if error.uncertain and applied(write, error.item):
            return
        raise write.refused() from error


def applied(write: Write, item: Item | None) -> bool:
    """Whether a write whose answer was lost has been applied, by what is stored now.

    A single write has no token: its own condition refuses the second attempt, since the first has
    changed what it demands.
    """
    if write.intended is None or item is None:
        return write.intended is None and not item
    return all(stored_at(item, name) == value for name, value in write.intended.items())


def stored_at(item: Item, name: str | tuple[str, ...]) -> AttributeValue | None:
    """The value of a column, or at a path in one."""
    if isinstance(name, str):
        return item.get(name)
    found: AttributeValue | None = {"M": item}
    for key in name:
        found = (found or {}).get("M", {}).get(key)
    return found


def write_together(writes: list[Write], client: Client) -> None:
    # The token makes attempts after a lost answer the same transaction: done once, answered again.
    params = {
        "TransactItems": [{write.kind: write.params} for write in writes],
        "ClientRequestToken": str(uuid.uuid4()),
    }
    try:
        client.call("TransactWriteItems", params)
    except ServiceError as error:
        if error.code != "TransactionCanceledException":
            raise translate(error) from error
        raise cancelled(writes, error) from error


class Taken(Exception):
    """A unique value is another row's, as its guard says; `error` is what that means."""

    def __init__(self, error: DatabaseError, guard: Guard, owner: Key):
        super().__init__(str(error))
        self.error, self.guard, self.owner = error, guard, owner


def cancelled(writes: list[Write], error: ServiceError) -> Exception:
    """The error of the write that cancelled all; a conflict first, since it may pass."""
    failed = [
        (write, reason.get("Item"))
        for write, reason in zip(writes, error.reasons, strict=False)
        if reason.get("Code") == "ConditionalCheckFailed"
    ]
    if not failed:
        return translate(error)
    errors = [write.refused() for write, _ in failed]
    meant = next((e for e in errors if isinstance(e, ConflictError)), errors[0])
    write, found = failed[0]
    if write.guard and found and all(each.guard for each, _ in failed):
        return Taken(meant, write.guard, write.guard.table.key_of(found[GUARD_OWNER]["M"]))
    return meant
