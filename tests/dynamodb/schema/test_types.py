"""AlterField from every kind of column to every other: rows are read afterwards as SQLite has them.

Where SQLite keeps a value that its new column cannot be read with (NULL in place of it, an error, a
value of the old kind), the engine refuses the operation, and the rows are as before.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.db import models
from django.db.migrations import operations as ops

from tests.dynamodb.plain import empty_sqlite
from tests.dynamodb.schema.kinds import KINDS, NOON, Kind
from tests.dynamodb.schema.twins import Side, names, twins

pytestmark = pytest.mark.usefixtures("tables")

ROWS = int(os.environ.get("SHOP_TEST_ROWS", "4"))  # make migrations: 2,000


def texts(value: Callable[[int], str]) -> Kind:
    return Kind(models.TextField, value)


#: Besides the kinds: texts that say what other columns hold.
SAYING = {
    "text of dates": texts(lambda n: (NOON + dt.timedelta(n)).date().isoformat()),
    "text of moments": texts(lambda n: (NOON + dt.timedelta(n)).isoformat(" ")),
    "text of times": texts(lambda n: f"{n % 24:02}:30"),
    "text of numbers": texts(lambda n: f"{n}.25"),
    "text of UUIDs": texts(lambda n: f"00000000-0000-0000-0000-{n:012}"),
    "text of JSON": texts(lambda n: f'["{n}"]'),
    "text of JSON texts": texts(lambda n: f'"{n}"'),
    "zero and one": Kind(models.IntegerField, lambda n: n % 2),
}
SOURCES = {**KINDS, **SAYING}
NUMBERS = (int, float, Decimal)
TEXTS = ("char", "digits", "text", "address")
#: Of what type the values of each kind are.
TYPES: dict[str, Any] = {
    **{kind: type(KINDS[kind].value(0)) for kind in KINDS},
    **dict.fromkeys(("integer", "bigint", "positive"), NUMBERS),
    "json": object,
}
#: Where the engine deliberately has something else than SQLite, and why.
BYTES = "The text's bytes: SQLite leaves a text, which is no BinaryField's value."
EXACT = "All digits: SQLite has 15 of a decimal."
DATED = "The date, or the time of day, of the moment in UTC: SQLite's column reads NULL."
SPACES = "The engine's text of JSON has no spaces."
DECODED = "The text of these bytes: SQLite leaves bytes, which no CharField's value are."
DIFFERENT: dict[tuple[str, str], str] = {
    **{(source, "binary"): BYTES for source in SOURCES if source != "binary"},
    ("bigint", "wide"): EXACT,
    ("datetime", "date"): DATED,
    ("datetime", "time"): DATED,
    **{("json", text): SPACES for text in TEXTS},
}


#: What SQLite's column can be read with, and the engine refuses all the same.
LONG = "A number beyond 64 bits, of which SQLite keeps 15 digits."
REFUSED = dict.fromkeys([("uuid", "integer"), ("uuid", "bigint"), ("uuid", "positive")], LONG)


@pytest.fixture(scope="module")
def plain() -> Iterator[str]:
    with empty_sqlite() as alias:
        yield alias


def made(kind: Kind) -> ops.CreateModel:
    """A column to be altered to each kind."""
    fields = [(name_of(to), kind.field(null=True)) for to in KINDS]
    return ops.CreateModel("Row", [("id", models.BigIntegerField(primary_key=True)), *fields])


def name_of(kind: str) -> str:
    return f"to_{kind}"


def rows(kind: Kind) -> list[dict[str, Any]]:
    values = [*(kind.value(n) for n in range(ROWS)), None]
    return [{"id": n, **{name_of(to): v for to in KINDS}} for n, v in enumerate(values)]


def read(side: Side, column: str) -> Any:
    """The column's values in order; the class of the error if they cannot be read."""
    model: Any = side.model()
    assert column in names(model)
    try:
        return list(model.objects.using(side.alias).order_by("id").values_list(column, flat=True))
    except (ArithmeticError, TypeError, ValueError) as error:
        return type(error).__name__


def spoilt(found: Any, to: str) -> bool:
    """Whether SQLite's column has what is no value of its kind; the last row has none."""
    if isinstance(found, str):
        return True
    return not all(isinstance(value, TYPES[to]) for value in found[:-1])


def may_be_refused(source: str, to: str, theirs: Any) -> bool:
    """Also a number that is neither 0 nor 1 for a boolean: SQLite reads it as false."""
    if spoilt(theirs, to) or (source, to) in REFUSED:
        return True
    return to == "boolean" and any(SOURCES[source].value(n) not in (0, 1) for n in range(ROWS))


@pytest.mark.parametrize("source", SOURCES)
def test_from(plain: str, source: str) -> None:
    kind = SOURCES[source]
    wrong = []
    with twins(plain) as (sqlite, engine):
        for side in (sqlite, engine):
            side.run(made(kind))
            side.fill(rows(kind))
        for to in KINDS:
            column = name_of(to)
            before = read(engine, column)
            alter = ops.AlterField("Row", column, KINDS[to].field(null=True))
            there, here = sqlite.run(alter), engine.run(alter)
            theirs, ours = read(sqlite, column), read(engine, column)
            if here == "DataError":
                right = ours == before and may_be_refused(source, to, theirs)
            elif (source, to) in DIFFERENT:
                right = not spoilt(ours, to) and ours != theirs
            else:
                right = (there, theirs) == (here, ours) and not (
                    here == "done" and spoilt(ours, to)
                )
            if not right:
                wrong.append((source, to, there, here, theirs, ours))
    assert wrong == []
