"""Random statements about single rows, in one transaction with savepoints, give what Django gives
on plain SQLite; whether rows are read before or not."""

import os
import random
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.db import Error, connections, transaction
from django.db.models import F

from dynamodb.conflicts import optimistic, retry_on_conflict
from dynamodb.errors import ConflictError
from tests.dynamodb.app.models import (
    Box,
    Entry,
    Item,
    Line,
    Maker,
    Member,
    Parcel,
    Seat,
    Tag,
    Ticket,
)
from tests.dynamodb.engine import connection
from tests.dynamodb.plain import empty_sqlite
from tests.dynamodb.query.singles import KEYS, VALUES, Step, steps_of

pytestmark = pytest.mark.usefixtures("tables")

ROUNDS = int(os.environ.get("ENGINE_EXAMPLES", "12"))
MODELS: list[Any] = [Box, Entry, Item, Line, Member, Parcel, Seat, Ticket]


class Undone(Exception):
    pass


@pytest.fixture
def plain(tables: None) -> Iterator[str]:
    with empty_sqlite() as alias:
        with connections[alias].schema_editor() as editor:
            for model in (Maker, Tag, *MODELS):
                editor.create_model(model)
        with connections[alias].cursor() as cursor:
            cursor.execute("PRAGMA foreign_keys = OFF")  # the engine has none
        yield alias


def outcome(alias: str, step: Step) -> Any:
    """What a statement answers, or the class of its error, which has changed nothing."""
    try:
        with transaction.atomic(using=alias):
            return answer(alias, step)
    except Undone:
        return "undone"
    except ConflictError:
        raise
    except (Error, ObjectDoesNotExist) as error:
        return type(error).__name__


def answer(alias: str, step: Step) -> Any:
    if step.kind == "block":
        answers = [outcome(alias, each) for each in step.steps]
        if step.undone:
            raise Undone
        return answers
    rows: Any = step.model.objects.using(alias)
    if step.kind == "create":
        rows.create(**step.key, **step.values)
        return "created"
    rows = rows.filter(**step.key)
    for condition in step.conditions:
        rows = rows.filter(**condition)
    if step.kind == "delete":
        return rows.delete()[0]
    if step.kind == "read":
        return sorted(map(shown, rows))
    if step.kind == "save":
        found = rows.get()
        for name, value in step.values.items():
            setattr(found, name, value)
        found.save(update_fields=list(step.values))
        return "saved"
    return rows.update(**{n: F(n) + v if n in step.added else v for n, v in step.values.items()})


def shown(row: Any) -> str:
    values = [getattr(row, field.attname) for field in row._meta.concrete_fields]
    return repr([bytes(v) if isinstance(v, memoryview) else v for v in values])


def stored(alias: str) -> list[Any]:
    return [sorted(map(shown, model.objects.using(alias).all())) for model in MODELS]


def empty(alias: str) -> None:
    for model in MODELS:
        if alias == connection.alias:
            connection.control.empty(model._meta.db_table)
        else:
            model.objects.using(alias).all()._raw_delete(alias)
    if alias == connection.alias:
        connection.control.empty(connection.guard_name)


def told(alias: str, steps: list[Step], *, unread: bool) -> list[Any]:
    """Rows first, each by itself; then the steps in one transaction; then what is stored."""
    empty(alias)
    first = [outcome(alias, step) for step in steps if step.kind == "create"]

    def run() -> list[Any]:
        with transaction.atomic(using=alias):
            if not unread:
                return [outcome(alias, step) for step in steps]
            with optimistic():
                return [outcome(alias, step) for step in steps]

    found = retry_on_conflict(run) if alias == connection.alias else run()
    return [first, found, stored(alias)]


@pytest.mark.parametrize("unread", [False, True])
@pytest.mark.parametrize("seed", range(ROUNDS))
def test_as_on_sqlite(plain: str, seed: int, unread: bool) -> None:
    assert set(KEYS) == set(VALUES) == set(MODELS)
    steps = steps_of(random.Random(seed), 30)
    assert told("default", steps, unread=unread) == told(plain, steps, unread=False)
